"""GraphQL over HTTP: media types, status codes, and an answer to whatever comes."""

from typing import Any

import httpx
import orjson
import pytest

from tests.server.site import Site
from tests.server.test_auth import signed, token_of
from tests.world import World

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"


@pytest.fixture
async def client(site: Site):
    """Return a client of the site."""
    async with httpx.AsyncClient(base_url=site.url, timeout=20) as opened:
        yield opened


async def send(client: httpx.AsyncClient, body: Any, accept: str = GRAPHQL, kind: str = JSON, **headers: str):
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return await client.post("/graphql", content=content, headers={"Accept": accept, "Content-Type": kind, **headers})


def code_of(response: httpx.Response) -> str:
    """Return the code of the only error; there is no data, not even null."""
    body = response.json()
    assert set(body) == {"errors"}, body
    (error,) = body["errors"]
    assert error["message"]
    return error["extensions"]["code"]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (GRAPHQL, GRAPHQL),
        (JSON, JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("", JSON),
        (f"{JSON}, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL}; charset=utf-8, {JSON}; charset=utf-8", GRAPHQL),
        (f"{GRAPHQL};q=0.5, {JSON}", JSON),
        (f"{GRAPHQL};q=0, */*;q=0.1", JSON),
        (f"text/event-stream, multipart/mixed, {JSON}", JSON),
        ("text/plain, */*;q=bad, application/json", JSON),
    ],
)
async def test_the_answer_is_of_the_type_that_the_client_prefers(client, accept: str, kind: str):
    response = await send(client, {"query": "{ __typename }"}, accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{kind}; charset=utf-8"
    assert response.json()["data"] == {"__typename": "Query"}


async def test_a_client_that_takes_no_json_is_told(client):
    response = await send(client, {"query": "{ __typename }"}, "text/plain")
    assert (response.status_code, code_of(response)) == (406, "BAD_REQUEST")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "{ nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query($x: Int!) { __typename @skip(if: $x) }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "query($id: ID!) { node(id: $id) { id } }"}, "BAD_USER_INPUT"),
        ({"query": "query($id: ID!) { node(id: $id) { id } }", "variables": {"id": {}}}, "BAD_USER_INPUT"),
        ({"query": "query A { __typename }", "operationName": "B"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "query A { __typename } query B { __typename }"}, "OPERATION_RESOLUTION_FAILURE"),
        ({"query": "{ a: viewer " * 20 + "}" * 20}, "GRAPHQL_PARSE_FAILED"),
    ],
)
async def test_a_request_at_fault_is_400_in_graphqls_own_type_and_200_in_plain_json(client, body: dict, code: str):
    if "viewer" in body["query"]:
        body = {"query": "{ nodes(ids: []) { id " + "... on Nation { id " * 20 + "} " * 20 + "} }" * 2}
    response = await send(client, body)
    assert response.status_code == 400
    assert code in {error["extensions"]["code"] for error in response.json()["errors"]}
    assert "data" not in response.json()
    assert (await send(client, body, JSON)).status_code == 200


SHAPES = [
    b"",
    b"{",
    b'"x"',
    b"null",
    b"[]",
    b"[{}]",
    b"7",
    b"true",
    b"{}",
    b'{"query": null}',
    b'{"query": ""}',
    b'{"query": 7}',
    b'{"query": ["{ __typename }"]}',
    b'{"query": "{ __typename }", "variables": []}',
    b'{"query": "{ __typename }", "variables": "{}"}',
    b'{"query": "{ __typename }", "operationName": {}}',
    b'{"query": "{ __typename }", "extensions": 7}',
    b'{"query": "{ __typename }", "variables": NaN}',
    b'\xff\xfe{"query": "{ __typename }"}',
    b'{"query": "{ __typename \\ud800 }"}',
    b'{"query": "{ __typename }", "variables": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    b'{"query": "{ __typename }", "variables": ' + b'{"a":' * 1_500 + b"1" + b"}" * 1_500 + b"}",
]


@pytest.mark.parametrize("body", SHAPES, ids=lambda body: repr(body[:40]))
async def test_a_body_of_any_other_shape_is_refused(client, body: bytes):
    response = await send(client, body)
    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")


async def test_variables_nested_deeply_are_refused_where_they_are_used_and_ignored_where_not(client):
    deep = b'"variables": {"id": ' + b'{"a":' * 900 + b"1" + b"}" * 901
    used = await send(client, b'{"query": "query($id: ID!) { node(id: $id) { id } }", ' + deep + b"}")
    assert (used.status_code, code_of(used)) == (400, "BAD_USER_INPUT")
    assert (await send(client, b'{"query": "{ __typename }", ' + deep + b"}")).status_code == 200


async def test_a_body_beyond_a_mebibyte_is_refused(client):
    response = await send(client, {"query": "{ __typename }", "extensions": {"x": "y" * 1_100_000}})
    assert (response.status_code, code_of(response)) == (413, "BAD_REQUEST")


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/graphql"])
async def test_a_body_that_is_not_declared_as_json_is_refused_so_that_no_page_can_send_it_unasked(client, kind: str):
    response = await send(client, {"query": "{ __typename }"}, kind=kind)
    assert (response.status_code, code_of(response)) == (415, "BAD_REQUEST")
    assert response.headers["accept-post"] == JSON


@pytest.mark.parametrize("kind", [f"{JSON};charset=utf-8", f'{JSON}; charset="UTF-8"', "Application/JSON"])
async def test_json_may_be_declared_in_any_way(client, kind: str):
    assert (await send(client, {"query": "{ __typename }"}, kind=kind)).status_code == 200


async def test_another_encoding_is_refused(client):
    assert (await send(client, {"query": "{ __typename }"}, kind=f"{JSON}; charset=utf-16")).status_code == 415


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
async def test_other_methods_are_refused_with_those_that_there_are(client, method: str):
    response = await client.request(method, "/graphql")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, POST"


async def test_a_query_may_come_by_get_and_a_mutation_may_not(client):
    params = {"query": "query($id: ID!) { node(id: $id) { id } }", "variables": '{"id": "VGFnOjE="}'}
    response = await client.get("/graphql", params=params, headers={"Accept": GRAPHQL})
    assert (response.status_code, response.json()["data"]) == (200, {"node": None})
    response = await client.get("/graphql", params={**params, "variables": "{"}, headers={"Accept": GRAPHQL})
    assert response.status_code == 400
    mutation = 'mutation { signIn(input: {email: "a", password: "b"}) { __typename } }'
    response = await client.get("/graphql", params={"query": mutation}, headers={"Accept": GRAPHQL})
    assert (response.status_code, response.headers["allow"]) == (405, "POST")


async def test_a_subscription_by_http_is_told_where_to_go(client):
    response = await send(client, {"query": 'subscription { changes(nation: "x") { cursor } }'})
    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")
    assert "websocket" in response.text


@pytest.mark.parametrize("header", ["Bearer x.y.z", "Basic abc", "Bearer", f"Bearer {signed({})}"])
async def test_a_token_that_is_not_right_is_401_whatever_is_asked(client, header: str):
    response = await send(client, {"query": "{ __typename }"}, Authorization=header)
    assert (response.status_code, code_of(response)) == (401, "UNAUTHENTICATED")
    assert response.headers["www-authenticate"] == "Bearer"


async def test_a_nation_is_found_by_its_members_only(client, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    token = await token_of(north)
    query = "query($slug: String!) { nation(slug: $slug) { slug } viewer { memberships { role nation { slug } } } }"
    for slug, found in ((north.slug, {"slug": north.slug}), (south.slug, None), ("nowhere", None)):
        response = await send(client, {"query": query, "variables": {"slug": slug}}, Authorization=f"Bearer {token}")
        assert response.json()["data"]["nation"] == found
        assert response.json()["data"]["viewer"]["memberships"] == [{"role": "ADMIN", "nation": {"slug": north.slug}}]


@pytest.mark.parametrize(
    "variables",
    [
        {"nation": "", "after": None},
        {"nation": "nonsense", "after": None},
        {"nation": "TmF0aW9uOjA=", "after": None},
        {"nation": "TmF0aW9uOjk5OTk5OTk5OTk5OTk5OTk5OTk5", "after": None},
        {"nation": "TmF0aW9uOi0x", "after": "x"},
        {"nation": "VGFnOjE=", "after": "\0"},
    ],
)
async def test_nonsense_gets_a_code_and_never_our_own_words(client, variables: dict):
    query = "query($nation: ID!, $after: EventCursor) { changes(nation: $nation, after: $after) { cursor } }"
    response = await send(client, {"query": query, "variables": variables})
    assert response.status_code == 200
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] in {"BAD_USER_INPUT", "NOT_FOUND"}


async def test_a_nul_character_is_the_clients_fault(client, world: World):
    north = await world.nation("north")
    token = await token_of(north)
    query = "query($slug: String!) { nation(slug: $slug) { profile(email: $slug) { id } } }"
    for slug in (north.slug, "\0", "n\0"):
        body = {"query": query, "variables": {"slug": slug}}
        response = await send(client, body, Authorization=f"Bearer {token}")
        assert "INTERNAL_SERVER_ERROR" not in response.text


async def test_a_browser_gets_graphiql_and_other_paths_and_origins_get_what_they_may(client):
    page = await client.get("/graphql", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.headers["content-type"].startswith("text/html")
    assert (await client.get("/")).headers["location"] == "/graphql"
    assert (await client.get("/nothing")).status_code == 404
    answer = await send(client, {"query": "{ __typename }"}, Origin="https://evil.example")
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
