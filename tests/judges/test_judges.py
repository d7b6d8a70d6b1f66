"""Public judges of GraphQL servers, and clients as people have them, against a site as users meet it."""

import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest

from tests.judges.packages import install, said
from tests.resolvers.asking import gid
from tests.resolvers.watching import cursor
from tests.server.site import Site
from tests.server.test_auth import token_of
from tests.services import Shared
from tests.world import World

HERE = Path(__file__).parent

pytestmark = pytest.mark.skipif(
    not (shutil.which("node") and shutil.which("npm")), reason="needs Node.js, which is not on this machine"
)


@pytest.fixture(scope="module", autouse=True)
def judges(shared: Shared) -> None:
    """Have what the lock names."""
    install(HERE, shared)


async def told(script: str, *arguments: object) -> list[Any]:
    """Run a script; return what it prints, line by line."""
    return [orjson.loads(line) for line in (await said("node", script, *arguments, folder=HERE)).splitlines()]


async def test_graphql_over_http_is_spoken_to_the_letter(site: Site):
    audits = await told("audits.js", f"{site.url}/graphql")
    assert len(audits) == 61
    assert [audit for audit in audits if audit["status"] != "ok"] == []


@pytest.mark.parametrize(("script", "answers"), [("sse.js", []), ("urql.js", [{"__typename": "Query"}])])
async def test_clients_hear_each_event_once_and_in_order(site: Site, world: World, script: str, answers: list[Any]):
    north = await world.nation("north")
    for _ in range(5):
        await north.person(first_name=uuid4().hex)
    events = 5
    start = cursor(north, 0)
    heard = await told(script, f"{site.url}/graphql", await token_of(north), gid("Nation", north.id), start, events)
    assert heard[: len(answers)] == answers
    found = [event["cursor"] for event in heard[len(answers) :]]
    assert found == [cursor(north, place) for place in range(1, events + 1)]
