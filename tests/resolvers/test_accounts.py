"""Accounts through the API: who is asking, and signing in."""

from datetime import UTC, datetime

import pytest

from sharing.visibility import Caller, Role
from tests.resolvers.asking import PASSWORD, TOKENS, Api, gid
from tests.world import World

VIEWER = "user { id email name } memberships { role nation { slug } }"
SIGN_IN = f"""
mutation ($input: SignInInput!) {{
  signIn(input: $input) {{
    __typename
    ... on SignInPayload {{ token expiresAt viewer {{ {VIEWER} }} }}
    ... on UserError {{ message code path }}
  }}
}}
"""


async def test_a_password_signs_in(api: Api, world: World):
    north = await world.nation("north")
    user_id = await api.user("ada@accounts.example", north.id, Role.MEMBER)
    data = await api.ask(SIGN_IN, input={"email": "Ada@Accounts.example", "password": PASSWORD})
    answer = data["signIn"]
    assert answer["viewer"] == {
        "user": {"id": gid("User", user_id), "email": "ada@accounts.example", "name": "Somebody"},
        "memberships": [{"role": "MEMBER", "nation": {"slug": north.slug}}],
    }
    assert datetime.fromisoformat(answer["expiresAt"]) > datetime.now(UTC)
    caller = await TOKENS.caller_of(f"Bearer {answer['token']}")
    assert (caller.user_id, dict(caller.roles)) == (user_id, {north.id: Role.MEMBER})


@pytest.mark.parametrize(
    ("email", "password"),
    [("ada@wrong.example", "not the password"), ("nobody@wrong.example", PASSWORD), ("", ""), ("\0", "\ud800" * 9)],
)
async def test_wrong_credentials_all_answer_alike(api: Api, world: World, email: str, password: str):
    north = await world.nation("north")
    if not (await api.ask(SIGN_IN, input={"email": "ada@wrong.example", "password": PASSWORD}))["signIn"].get("token"):
        await api.user("ada@wrong.example", north.id)
    data = await api.ask(SIGN_IN, input={"email": email, "password": password})
    assert data["signIn"] == {
        "__typename": "ForbiddenError",
        "message": "The email address or the password is wrong.",
        "code": "UNAUTHENTICATED",
        "path": None,
    }


async def test_what_follows_in_the_same_operation_is_answered_to_the_user(api: Api, world: World):
    north = await world.nation("north")
    await api.user("bo@accounts.example", north.id)
    document = """
    mutation ($input: SignInInput!, $tag: CreateTagInput!) {
      before: createTag(input: $tag) { __typename }
      signIn(input: $input) { ... on SignInPayload { viewer { memberships { nation { tags { edges { node { name } } } } } } } }
      after: createTag(input: $tag) { __typename }
    }"""
    given = {"email": "bo@accounts.example", "password": PASSWORD}
    data = await api.ask(document, input=given, tag={"nationId": gid("Nation", north.id), "name": "members"})
    assert data["before"] == {"__typename": "NotFoundError"}
    assert data["after"] == {"__typename": "CreateTagPayload"}


async def test_nobody_is_no_viewer(api: Api):
    assert await api.ask("{ viewer { memberships { role } } }") == {"viewer": None}


async def test_a_token_of_a_nation_has_no_user(api: Api, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    query = f"{{ viewer {{ {VIEWER} }} }}"
    data = await api.ask(query, north.member)
    assert data["viewer"] == {"user": None, "memberships": [{"role": "MEMBER", "nation": {"slug": north.slug}}]}
    both = Caller(token_id=north.admin.token_id, roles={south.id: Role.ADMIN, north.id: Role.MEMBER})
    data = await api.ask(query, both)
    assert [place["nation"]["slug"] for place in data["viewer"]["memberships"]] == sorted([north.slug, south.slug])
