"""Documents that are named: those that clients sent before, and those of a list, which may be all there are."""

import json
from hashlib import sha256
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis

from server.persisted import INDEX, KEPT, KEPT_HERE, PREFIX, ManifestError, Persisted, read_manifest
from server.reception import Asked, Unfit
from server.store import store_at
from tests.server.site import Site
from tests.server.test_auth import token_of
from tests.services import PrivateRedis
from tests.world import World

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
EVENTS = "text/event-stream"
VIEWER = "query Viewer { viewer { memberships { nation { slug } } } }"
LIST = {
    "typename": "{ __typename }",
    "sign-in": 'mutation { signIn(input: {email: "a", password: "b"}) { __typename } }',
}


def named(text: str, **more: Any) -> dict[str, Any]:
    """Return the parameters of a request as Apollo's clients name a document."""
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha256(text.encode()).hexdigest()}}, **more}


async def ask(site: Site, body: dict[str, Any], accept: str = GRAPHQL, method: str = "POST", **headers: str):
    async with httpx.AsyncClient(base_url=site.url, verify=False) as client:
        if method == "POST":
            return await client.post("/graphql", json=body, headers={"Accept": accept, **headers})
        params = {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
        return await client.get("/graphql", params=params, headers={"Accept": accept, **headers})


def code_of(response: httpx.Response) -> str:
    (error,) = response.json()["errors"]
    return error["extensions"]["code"]


@pytest.fixture(scope="module")
def strict(database_url: str, redis_url: str, tmp_path_factory: pytest.TempPathFactory):
    """Return a site that takes documents of a list only."""
    path = tmp_path_factory.mktemp("documents") / "list.json"
    path.write_text(json.dumps(LIST))
    options = {"COMITY_DOCUMENTS": "only", "COMITY_DOCUMENTS_FILE": str(path)}
    with Site(database_url, redis_url, options).running() as running:
        yield running


async def test_a_document_sent_once_is_known_by_its_hash_to_every_process(site: Site, redis_url: str):
    text = "query Once { __typename } # of this test"
    for accept in (GRAPHQL, JSON):
        unknown = await ask(site, named(text), accept)
        assert (unknown.status_code, code_of(unknown)) == (200, "PERSISTED_QUERY_NOT_FOUND")
        assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"  # clients go by this text
    assert (await ask(site, named(text, query=text))).json()["data"] == {"__typename": "Query"}
    assert (await ask(site, named(text))).json()["data"] == {"__typename": "Query"}
    digest = named(text)["extensions"]["persistedQuery"]["sha256Hash"]
    for name in (digest, f"sha256:{digest}", f"SHA256:{digest}".lower()):
        assert (await ask(site, {"documentId": name})).json()["data"] == {"__typename": "Query"}
    store = store_at(redis_url)
    assert (await Persisted("prefer", {}, store).found(Asked("", named=digest))).query == text
    await store.close()


async def test_the_hash_is_the_hash_of_the_text(site: Site):
    response = await ask(site, named("{ __typename }", query="{ viewer { __typename } }"))
    assert (response.status_code, code_of(response)) == (400, "PERSISTED_QUERY_HASH_MISMATCH")
    for name in ("another", "0" * 64):
        response = await ask(site, {"documentId": name, "query": "{ __typename }"})
        assert (response.status_code, code_of(response)) == (400, "PERSISTED_QUERY_HASH_MISMATCH")


@pytest.mark.parametrize(
    "text", ["{", "{ nothing }", "{ __typename } " + "#" * 20_000], ids=["unread", "unfit", "long"]
)
async def test_what_is_not_fit_to_run_or_too_long_is_not_kept(site: Site, text: str):
    await ask(site, named(text, query=text))
    assert code_of(await ask(site, named(text))) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": ""},
        {"documentId": 7},
        {"documentId": "x" * 201},
        {"documentId": {}, "query": "{ __typename }"},
        {"extensions": {"persistedQuery": "x"}},
        {"extensions": {"persistedQuery": []}},
        {"extensions": {"persistedQuery": {}}},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": 7}}},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": ""}}},
        {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "0" * 64}}},
        {"extensions": {"persistedQuery": {"sha256Hash": "0" * 64}}},
        named("{ __typename }", documentId="x"),
        {"extensions": {}},
    ],
)
async def test_a_name_of_another_shape_is_refused(site: Site, body: dict[str, Any]):
    response = await ask(site, body)
    assert (response.status_code, code_of(response)) == (400, "BAD_REQUEST")


@pytest.mark.parametrize("name", ["\0", "../etc/passwd", "0" * 63, "0" * 64, "*", "é", "sha256:", "sha256:zz"])
async def test_a_name_of_nothing_is_not_found(site: Site, name: str):
    assert code_of(await ask(site, {"documentId": name})) == "PERSISTED_QUERY_NOT_FOUND"


async def test_a_named_query_by_get_is_not_sent_again_while_it_is_the_same(site: Site, world: World):
    north = await world.nation("north")
    headers = {"Authorization": f"Bearer {await token_of(north)}"}
    await ask(site, named(VIEWER, query=VIEWER))
    first = await ask(site, named(VIEWER), method="GET", **headers)
    assert first.json()["data"]["viewer"]["memberships"] == [{"nation": {"slug": north.slug}}]
    assert first.headers["cache-control"] == "private, max-age=0, must-revalidate"
    assert first.headers["vary"] == "Accept, Authorization, Origin"
    tag = first.headers["etag"]
    for known in (tag, f'"x", {tag}'):
        same = await ask(site, named(VIEWER), method="GET", **headers, **{"If-None-Match": known})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    other = await ask(site, named(VIEWER), method="GET", **{"If-None-Match": tag})
    assert (other.status_code, other.json()["data"]) == (200, {"viewer": None})
    assert other.headers["etag"] != tag
    sent = await ask(site, {"query": VIEWER}, method="GET")
    assert "etag" not in sent.headers
    failed = await ask(site, {"documentId": "nothing"}, method="GET")
    assert failed.headers["cache-control"] == "no-store"


async def test_a_mutation_is_not_run_by_get_however_it_is_named(site: Site, strict: Site):
    text = LIST["sign-in"]
    await ask(site, named(text, query=text))
    for response in (
        await ask(site, named(text), method="GET"),
        await ask(strict, {"documentId": "sign-in"}, method="GET"),
    ):
        assert (response.status_code, response.headers["allow"]) == (405, "POST")


async def test_of_a_list_all_may_be_named_and_nothing_else_is_taken(strict: Site):
    text = LIST["typename"]
    bodies = (
        {"documentId": "typename"},
        named(text),
        named(text, query=text),
        {"documentId": "typename", "query": text},
    )
    for body in bodies:
        assert (await ask(strict, body)).json()["data"] == {"__typename": "Query"}
    for accept, status in ((GRAPHQL, 400), (JSON, 200)):
        response = await ask(strict, {"query": text}, accept)
        assert (response.status_code, code_of(response)) == (status, "PERSISTED_QUERY_ID_REQUIRED")
        for body in (
            named(VIEWER),
            named(VIEWER, query=VIEWER),
            {"documentId": "no"},
            {"documentId": "no", "query": text},
        ):
            response = await ask(strict, body, accept)
            assert (response.status_code, code_of(response)) == (status, "PERSISTED_QUERY_NOT_IN_LIST")
    response = await ask(strict, {"documentId": "typename", "query": VIEWER})
    assert code_of(response) == "PERSISTED_QUERY_HASH_MISMATCH"


async def test_sockets_and_streams_take_names_as_well(site: Site, strict: Site):
    text = "query Socket { __typename }"
    async with site.line() as line:
        for body, code in (
            (named(text), "PERSISTED_QUERY_NOT_FOUND"),
            (named(text, query=text), None),
            (named(text), None),
        ):
            await line.send({"id": "1", "type": "subscribe", "payload": body})
            message = await line.receive()
            if code is None:
                assert message["payload"]["data"] == {"__typename": "Query"}
                message = await line.receive()
            else:
                assert message["payload"][0]["extensions"]["code"] == code
    async with strict.line() as line:
        await line.send({"id": "1", "type": "subscribe", "payload": {"documentId": "typename"}})
        assert (await line.next()) == {"__typename": "Query"}
        await line.receive()
        await line.subscribe(text)
        assert (await line.receive())["payload"][0]["extensions"]["code"] == "PERSISTED_QUERY_ID_REQUIRED"
        await line.send({"id": "2", "type": "subscribe", "payload": {"documentId": 7}})
        assert (await line.closed())[0] == 4400
    for method in ("GET", "POST"):
        response = await ask(strict, {"documentId": "typename"}, EVENTS, method)
        assert response.text.startswith(':\n\nevent: next\ndata: {"data":{"__typename":"Query"}')
        refused = await ask(strict, {"documentId": "no"}, EVENTS, method)
        assert refused.headers["content-type"].startswith(EVENTS)
        assert "PERSISTED_QUERY_NOT_IN_LIST" in refused.text


async def test_named_documents_can_be_turned_off(redis_url: str):
    store = store_at(redis_url)
    off = Persisted("off", LIST, store)
    with pytest.raises(Unfit) as refused:
        await off.found(Asked("", named="typename"))
    assert refused.value.code == "PERSISTED_QUERY_NOT_SUPPORTED"
    assert await off.found(Asked("{ a }", named="0" * 64)) == Asked("{ a }")
    await store.close()


async def test_so_many_documents_are_kept_and_no_more_those_that_are_used_longest(private_redis: PrivateRedis):
    redis, store = Redis.from_url(private_redis.url), store_at(private_redis.url)
    flood = Persisted("prefer", {}, store)
    texts = [f"query Q{number} {{ __typename }}" for number in range(KEPT + 20)]
    names = [sha256(text.encode()).hexdigest() for text in texts]
    for number, (text, name) in enumerate(zip(texts, names, strict=True)):
        if number == KEPT - 10:
            assert (await Persisted("prefer", {}, store).found(Asked("", named=names[0]))).query == texts[0]
        await flood.keep(Asked(text, named=name))
    assert await redis.zcard(INDEX) == KEPT
    assert len(await redis.keys(f"{PREFIX}*")) == KEPT
    assert len(flood._here) == KEPT_HERE
    fresh = Persisted("prefer", {}, store)
    assert (await fresh.found(Asked("", named=names[0]))).query == texts[0]
    with pytest.raises(Unfit):
        await fresh.found(Asked("", named=names[1]))
    await redis.set(PREFIX + names[2], "{ another }")
    with pytest.raises(Unfit):  # what Redis holds is believed by its hash only
        await fresh.found(Asked("", named=names[2]))
    assert await redis.ttl(PREFIX + names[3000 % KEPT]) > 0
    await redis.aclose()
    private_redis.kill()
    await flood.keep(Asked("{ late }", named="f" * 64))  # not kept anywhere else, and nobody is bothered
    with pytest.raises(Unfit):
        await fresh.found(Asked("", named=names[-1]))
    await store.close()


@pytest.mark.parametrize(
    ("manifest", "documents"),
    [
        (LIST, LIST),
        (
            {"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "a", "body": "{ b }"}]},
            {"a": "{ b }"},
        ),
        ({f"sha256:{sha256(b'{ b }').hexdigest()}": "{ b }"}, {sha256(b"{ b }").hexdigest(): "{ b }"}),
    ],
)
def test_a_list_is_read_as_the_tools_of_clients_write_it(tmp_path, manifest: Any, documents: dict[str, str]):
    (tmp_path / "list.json").write_text(json.dumps(manifest))
    assert read_manifest("prefer", tmp_path / "list.json") == documents
    assert read_manifest("prefer", None) == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "7",
        '{"a": 7}',
        '{"a": ""}',
        '{"": "{ b }"}',
        '{"operations": [{"id": "a"}]}',
        '{"operations": [7]}',
        f'{{"{"0" * 64}": "{{ b }}"}}',
    ],
)
def test_a_list_that_is_none_is_refused(tmp_path, text: str):
    (tmp_path / "list.json").write_text(text)
    with pytest.raises(ManifestError, match="COMITY_DOCUMENTS_FILE"):
        read_manifest("only", tmp_path / "list.json")


def test_a_list_must_be_there_where_nothing_else_is_taken(tmp_path):
    for path in (None, tmp_path / "nothing.json"):
        with pytest.raises(ManifestError, match="COMITY_DOCUMENTS_FILE"):
            read_manifest("only", path)
