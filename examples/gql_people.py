"""gql: a program in Python, asking over HTTP and listening over a websocket."""

import asyncio
import os
from typing import Any

from gql import Client, gql
from gql.transport.httpx import HTTPXAsyncTransport
from gql.transport.websockets import WebsocketsTransport

URL = os.environ.get("COMITY_URL", "http://127.0.0.1:8000/graphql")

SIGN_IN = gql("""
  mutation ($email: String!, $password: String!) {
    signIn(input: {email: $email, password: $password}) {
      ... on SignInPayload { token viewer { memberships { nation { id slug } } } }
      ... on UserError { code message }
    }
  }
""")
PEOPLE = gql("""
  query ($slug: String!, $after: String) {
    nation(slug: $slug) {
      profiles(first: 20, after: $after) {
        edges { node { id version employer } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
""")
RENAME = gql("""
  mutation ($id: ID!, $version: Int, $employer: String!) {
    updateProfile(input: {profileId: $id, expectedVersion: $version, fields: {employer: $employer}}) {
      ... on UpdateProfilePayload { cursor profile { id version employer } }
      ... on UserError { code message }
    }
  }
""")
CHANGES = gql("""
  subscription ($nation: ID!, $after: EventCursor) {
    changes(nation: $nation, after: $after, topics: [PROFILES]) {
      cursor
      change {
        ... on NodeChanged { node { id ... on Profile { version employer } } }
        ... on NodeDeleted { deletedId }
        ... on StreamReset { reason resumeFrom }
      }
    }
  }
""")


async def ask(document: Any, variables: dict[str, Any], token: str = "") -> dict[str, Any]:
    """Send one operation."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    document.variable_values = variables
    async with Client(transport=HTTPXAsyncTransport(url=URL, headers=headers)) as session:
        return dict(await session.execute(document))


async def hear(token: str, nation: str, after: str, employer: str) -> tuple[str, dict[str, Any]]:
    """Listen until somebody has an employer; gives the cursor from which to go on, and who it is."""
    transport = WebsocketsTransport(url=URL.replace("http", "ws", 1), init_payload={"authorization": f"Bearer {token}"})
    CHANGES.variable_values = {"nation": nation, "after": after}
    async with Client(transport=transport) as session:
        async for heard in session.subscribe(CHANGES):
            event = heard["changes"]
            node = event["change"].get("node") or {}
            if node.get("employer") == employer:
                return event["cursor"], node
    raise AssertionError("The stream came to an end.")


async def main() -> None:
    """Sign in, page, write, listen, break off, go on."""
    asked = {"email": os.environ["COMITY_EMAIL"], "password": os.environ["COMITY_PASSWORD"]}
    signed = (await ask(SIGN_IN, asked))["signIn"]
    token = signed["token"]
    (membership, *_) = signed["viewer"]["memberships"]
    nation = membership["nation"]

    people: list[dict[str, Any]] = []
    page = {"hasNextPage": True, "endCursor": None}
    while page["hasNextPage"]:
        asked = {"slug": nation["slug"], "after": page["endCursor"]}
        found = (await ask(PEOPLE, asked, token))["nation"]["profiles"]
        people += [edge["node"] for edge in found["edges"]]
        page = found["pageInfo"]
    assert len(people) > 20
    person = people[0]

    # A write on the version that one has seen: whoever wrote in between is not overwritten unseen.
    edit = {"id": person["id"], "version": person["version"], "employer": "Harbour"}
    written = (await ask(RENAME, edit, token))["updateProfile"]
    assert written["profile"]["employer"] == "Harbour", written
    refused = (await ask(RENAME, edit | {"employer": "Dock"}, token))["updateProfile"]
    assert refused["code"] == "STALE_VERSION", refused

    listening = asyncio.create_task(hear(token, nation["id"], written["cursor"], "Mill"))
    await ask(RENAME, {"id": person["id"], "employer": "Mill"}, token)
    cursor, node = await listening
    assert node["id"] == person["id"]
    await ask(RENAME, {"id": person["id"], "employer": "School"}, token)  # while nobody listens
    _, node = await hear(token, nation["id"], cursor, "School")
    assert node["id"] == person["id"]
    print(f"gql: {len(people)} people, and every change of {person['id']}")


asyncio.run(main())
