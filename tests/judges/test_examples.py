"""The example programs, each with its client, against a site as users meet it; and the page that tells of them."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path
from uuid import uuid4

import pytest

from actions.accounts import create_user
from sharing.visibility import Caller, Role
from tests.judges.packages import install, said
from tests.server.site import Site
from tests.services import Shared
from tests.world import World

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PASSWORD = "a long enough password"
PEOPLE = 45  # three pages
PROGRAMS = ("apollo.js", "gql_people.py", "graphql-sse.js", "graphql-ws.js", "relay.js", "urql.js")
BLOCK = re.compile(r"<!-- (\S+) -->\n```\w+\n(.*?)\n```", re.DOTALL)

needs_node = pytest.mark.skipif(
    not (shutil.which("node") and shutil.which("npm")), reason="needs Node.js, which is not on this machine"
)


async def inhabited(world: World) -> dict[str, str]:
    """Found a nation with some people; return what tells an example who signs in."""
    north = await world.nation("north")
    for number in range(PEOPLE):
        await north.person(first_name=f"Person {number}")
    email = f"{uuid4().hex}@example.org"
    async with world.unit(Caller()) as unit:
        await create_user(unit, email, PASSWORD, "Somebody", north.id, Role.ADMIN)
    return {"COMITY_EMAIL": email, "COMITY_PASSWORD": PASSWORD}


@needs_node
@pytest.mark.parametrize("program", [program for program in PROGRAMS if program.endswith(".js")])
async def test_an_example_pages_writes_and_hears_all_though_it_was_cut_off(
    site: Site, world: World, shared: Shared, program: str
):
    install(EXAMPLES, shared)
    if program == "relay.js":
        await said("npx", "relay-compiler", folder=EXAMPLES)
    environment = {"COMITY_URL": f"{site.url}/graphql", **await inhabited(world)}
    printed = await said("node", program, folder=EXAMPLES, environment=environment)
    assert f": {PEOPLE} people, and every change of " in printed.decode()


async def test_the_example_in_python_does_too(site: Site, world: World):
    environment = {"COMITY_URL": f"{site.url}/graphql", **await inhabited(world)}
    printed = await said(sys.executable, "gql_people.py", folder=EXAMPLES, environment=environment)
    assert f": {PEOPLE} people, and every change of " in printed.decode()


@needs_node
async def test_an_example_that_may_not_sign_in_fails_and_says_why(site: Site, shared: Shared):
    install(EXAMPLES, shared)
    environment = {"COMITY_URL": f"{site.url}/graphql", "COMITY_EMAIL": "nobody@example.org", "COMITY_PASSWORD": "x"}
    with pytest.raises(AssertionError, match=r"(?s)AssertionError.*password"):
        await said("node", "graphql-ws.js", folder=EXAMPLES, environment=environment)


def test_what_the_page_shows_stands_so_in_the_examples():
    shown = BLOCK.findall((ROOT / "docs" / "clients.md").read_text())
    assert {name for name, _ in shown} >= {f"examples/{program}" for program in PROGRAMS}
    for name, text in shown:
        assert text in (ROOT / name).read_text(), f"docs/clients.md shows what {name} does not say:\n{text}"


def test_every_program_among_the_examples_is_run():
    files = {path.name for path in EXAMPLES.iterdir() if path.suffix in (".js", ".py")}
    assert files - {"session.js"} == set(PROGRAMS)
