"""Too much, too often, too many at once: each attack is stopped by the limit that there is for it, and told why."""

import asyncio
from typing import Any

import asyncpg
import httpx
import orjson
import pytest

from models.profile import Profile
from server.quotas import BURST_SECONDS, Pace, Places, Rates
from server.reception import Unfit
from server.store import store_at
from tests.resolvers.asking import gid
from tests.server.site import Site
from tests.server.test_auth import token_of
from tests.server.test_streams import CHANGES, streaming
from tests.services import PrivateRedis
from tests.world import World

JSON = "application/json"
GRAPHQL = "application/graphql-response+json"
RATE = "{ rateLimit { limit remaining perSecond cost resetAt } }"
# With `$n` people this costs n points and a tenth for each, and two.
PEOPLE = "query($slug: String!, $n: Int) { nation(slug: $slug) { profiles(first: $n) { edges { node { id } } } } }"

NARROW = {
    "COMITY_MAX_BODY": "2000",
    "COMITY_MAX_COST": "101",
    "COMITY_MAX_LIST": "5",
    "COMITY_MAX_SECONDS": "3",
    "COMITY_RATE": "1",
    "COMITY_RATE_BURST": "303",
    "COMITY_MAX_CONNECTIONS": "2",
    "COMITY_MAX_SUBSCRIPTIONS": "3",
    "COMITY_MAX_MESSAGES": "2",
    "COMITY_INTROSPECTION": "off",
    "COMITY_GRAPHIQL": "off",
}


@pytest.fixture(scope="module")
def narrow(database_url: str, redis_url: str):
    """Return a site that allows little."""
    with Site(database_url, redis_url, NARROW).running() as running:
        yield running


async def ask(site: Site, query: str, token: str = "", accept: str = GRAPHQL, **variables: Any) -> httpx.Response:
    headers = {"Accept": accept, **({"Authorization": f"Bearer {token}"} if token else {})}
    async with httpx.AsyncClient(base_url=site.url, timeout=20, verify=False) as client:
        return await client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)


def code_of(response: httpx.Response) -> str:
    (error,) = response.json()["errors"]
    return error["extensions"]["code"]


async def test_what_costs_too_much_is_refused_with_the_figures_and_what_does_not_tells_them(narrow: Site, world: World):
    north = await world.nation("north")
    token = await token_of(north)
    dear = await ask(narrow, PEOPLE, token, slug=north.slug, n=100)
    assert (dear.status_code, code_of(dear)) == (400, "COST_EXCEEDED")
    assert dear.json()["errors"][0]["extensions"]["cost"] == {"requested": 112, "maximum": 101}
    fit = await ask(narrow, PEOPLE, token, slug=north.slug, n=90)
    assert fit.json()["data"] == {"nation": {"profiles": {"edges": []}}}
    assert fit.json()["extensions"] == {"cost": {"requested": 101, "maximum": 101}}
    async with narrow.line(token) as line:
        await line.subscribe(PEOPLE, slug=north.slug, n=100)
        assert (await line.receive())["payload"][0]["extensions"]["code"] == "COST_EXCEEDED"


async def test_points_run_out_for_one_and_not_for_another_however_they_are_spent(narrow: Site, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    token, other = await token_of(north), await token_of(south)
    for left in (202, 101, 0):
        response = await ask(narrow, PEOPLE, token, slug=north.slug, n=90)
        assert response.status_code == 200
        assert response.headers["ratelimit-limit"] == "303"
        assert left <= int(response.headers["ratelimit-remaining"]) < left + 50  # some come back meanwhile
        assert 0 < int(response.headers["ratelimit-reset"]) <= 303
    for accept in (GRAPHQL, JSON, "text/event-stream"):
        refused = await ask(narrow, PEOPLE, token, accept, slug=north.slug, n=90)
        assert (refused.status_code, code_of(refused)) == (429, "RATE_LIMITED")
        seconds = refused.json()["errors"][0]["extensions"]["retryAfter"]
        assert 50 < seconds <= 101
        assert refused.headers["retry-after"] == str(seconds)
    async with narrow.line(token) as line:
        await line.subscribe(PEOPLE, slug=north.slug, n=90)
        assert (await line.receive())["payload"][0]["extensions"]["code"] == "RATE_LIMITED"
    assert (await ask(narrow, PEOPLE, other, slug=south.slug, n=90)).status_code == 200


async def test_the_points_that_are_left_can_be_asked_for(narrow: Site, site: Site, world: World):
    north = await world.nation("north")
    found = (await ask(narrow, RATE, await token_of(north))).json()["data"]["rateLimit"]
    assert found.pop("resetAt").endswith("Z")
    assert found == {"limit": 303, "remaining": 301, "perSecond": 1, "cost": 2}
    assert (await ask(site, RATE)).json()["data"]["rateLimit"]["limit"] == 60_000


async def test_what_cannot_be_read_costs_as_well(narrow: Site, world: World):
    north = await world.nation("north")
    token = await token_of(north)
    codes = [code_of(await ask(narrow, "{", token)) for _ in range(40)]
    assert set(codes[:30]) == {"GRAPHQL_PARSE_FAILED"}
    assert codes[-1] == "RATE_LIMITED"


async def test_lists_and_bodies_are_bounded(narrow: Site):
    for items, code in ((5, "BAD_USER_INPUT"), (6, "BAD_USER_INPUT")):
        response = await ask(narrow, "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["x"] * items)
        assert code_of(response) == code
        assert ("allowed" in response.text) == (items == 6)
    deep = await ask(narrow, "query($id: ID!) { node(id: $id) { id } }", id={"a": [{"b": [1, 2, 3, 4, 5, 6]}]})
    assert "6 items, of 5 allowed" in deep.text
    for size, status in ((1_500, 200), (2_500, 413)):
        assert (await ask(narrow, "{ __typename }", x="y" * size)).status_code == status


async def test_a_token_has_so_many_connections_of_both_kinds(narrow: Site, world: World):
    north, south = await world.nation("north"), await world.nation("south")
    token, nation = await token_of(north), gid("Nation", north.id)
    async with narrow.line(token):
        async with streaming(narrow, CHANGES, token, nation=nation) as stream:
            assert stream.response.status_code == 200
            async with narrow.line("") as line:
                await line.send({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
                code, reason = await line.closed()
                assert (code, reason[:9]) == (1013, "There are")
            async with streaming(narrow, CHANGES, token, nation=nation) as refused:
                assert refused.response.status_code == 429
                error = orjson.loads(await refused.response.aread())["errors"][0]
                assert error["extensions"] == {"code": "TOO_MANY_CONNECTIONS"}
            async with narrow.line(await token_of(south)):
                pass
        await connected(narrow, token)


async def connected(site: Site, token: str) -> None:
    """Return once there is a place for one more connection."""
    while True:
        async with site.line("") as line:
            await line.send({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}})
            try:
                assert await line.receive() == {"type": "connection_ack"}
            except Exception:
                assert (await line.closed())[0] == 1013
            else:
                return


async def test_a_token_has_so_many_subscriptions(narrow: Site, world: World):
    north = await world.nation("north")
    async with narrow.line(await token_of(north)) as line:
        begun = {await line.subscribe(CHANGES, nation=gid("Nation", north.id)) for _ in range(4)}
        message = await line.receive()
        assert message["type"] == "error"
        assert message["id"] in begun  # whichever came last to the place
        assert message["payload"][0]["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"
        await line.subscribe("{ __typename }")
        assert await line.next() == {"__typename": "Query"}


async def test_whoever_sends_faster_than_it_may_is_put_out_and_others_stay(narrow: Site):
    async with narrow.line() as other, narrow.line() as line:
        for _ in range(400):
            await line.send({"type": "ping"})
        code, reason = await line.closed()
        assert (code, reason[:17]) == (4429, "Too many messages")
        await other.send({"type": "ping"})
        assert await other.receive() == {"type": "pong"}


async def test_an_operation_ends_in_time_though_what_it_waits_for_does_not(
    narrow: Site, world: World, database_url: str
):
    north = await world.nation("north")
    token = await token_of(north)
    connection = await asyncpg.connect(database_url)
    try:
        async with connection.transaction():
            await connection.execute(f"LOCK TABLE {Profile._meta.db_table} IN ACCESS EXCLUSIVE MODE")
            async with narrow.line(token) as line:
                await line.subscribe(PEOPLE, slug=north.slug, n=1)
                response, message = await asyncio.gather(
                    ask(narrow, PEOPLE, token, slug=north.slug, n=1), line.receive(30)
                )
            assert [error["extensions"]["code"] for error in message["payload"]["errors"]] == ["TIMEOUT"]
            assert (response.status_code, code_of(response)) == (200, "TIMEOUT")
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            assert await connection.fetchval(waiting) == 0  # it was ended in the database, not only given up here
    finally:
        await connection.close()


async def test_introspection_and_graphiql_can_be_turned_off(narrow: Site):
    for query in ("{ __schema { types { name } } }", '{ __type(name: "Query") { name } }'):
        response = await ask(narrow, query)
        assert response.status_code == 400
        codes = {error["extensions"]["code"] for error in response.json()["errors"]}
        assert codes == {"GRAPHQL_VALIDATION_FAILED"}
    assert (await ask(narrow, "{ __typename }")).json()["data"] == {"__typename": "Query"}
    async with httpx.AsyncClient(base_url=narrow.url) as client:
        page = await client.get("/graphql", headers={"Accept": "text/html, */*"})
        assert (page.status_code, page.headers["content-type"]) == (400, f"{JSON}; charset=utf-8")
        assert (await client.get("/graphiql/assets/index.js")).status_code == 404


async def test_points_come_back_with_time_and_never_more_than_there_can_be(private_redis: PrivateRedis):
    """A second at a million points a second is a moment at a point a second: nothing here waits."""
    store = store_at(private_redis.url)
    slow, fast = Rates(store, 1, 100), Rates(store, 1_000_000, 100)
    assert (await slow.charge("a", 100)).remaining == 0
    with pytest.raises(Unfit):
        await slow.charge("a", 50)
    while (found := await fast.charge("a", 1)).remaining < 99:
        pass
    assert (found.limit, found.remaining) == (100, 99)
    assert (await slow.charge("b", 10**9)).remaining == 0  # whatever costs more than there can be takes all
    assert await Rates(store, 0, 100).charge("a", 10**9) is None
    private_redis.kill()
    assert await slow.charge("a", 100) is None  # nobody is kept out because Redis is
    crowd = (slow.charge(str(number), 100) for number in range(200))
    assert await asyncio.gather(*crowd) == [None] * 200
    await store.close()


def test_places_are_free_again_when_whoever_has_them_leaves():
    places = Places(2, "chairs", "FULL")
    with places.taken("a"), places.taken("b"):
        with places.taken("a"), pytest.raises(Unfit, match="2 chairs"), places.taken("a"):
            pass
        with places.taken("a"):
            pass
    assert not places._taken


def test_messages_may_come_so_fast_and_a_while_of_them_at_once():
    now = [0.0]
    pace = Pace(5, lambda: now[0])
    assert [pace.allows() for _ in range(5 * BURST_SECONDS + 1)] == [True] * 5 * BURST_SECONDS + [False]
    now[0] += 1.0
    assert [pace.allows() for _ in range(6)] == [True] * 5 + [False]
    now[0] += 1e6
    assert sum(pace.allows() for _ in range(1_000)) == 5 * BURST_SECONDS
