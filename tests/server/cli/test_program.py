"""The command line, as people type it: what it prints, what it refuses and how it ends."""

import csv
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from graphql import build_schema

from actions.accounts import authenticate
from models.custom_field import CustomField
from models.nation import Nation
from models.network import Network
from models.profile import Profile
from models.user import NetworkMembership
from server.auth import Tokens
from sharing.visibility import NetworkRole, Plan, Role
from tests.server.site import ROOT, SECRET

PASSWORD = "correct horse battery staple"


@dataclass
class Comity:
    """The command, on the database and the Redis of this test process."""

    environment: dict[str, str]

    def run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command."""
        return subprocess.run(
            [sys.executable, "-m", "server.cli", *words],
            env=self.environment,
            cwd=ROOT,
            input=given,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def does(self, *words: str, given: str = "") -> str:
        """Run a command that succeeds, and return what it prints."""
        ran = self.run(*words, given=given)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def refuses(self, *words: str, given: str = "", status: int = 1) -> str:
        """Run a command that is refused, and return why, which is told in some sentences."""
        ran = self.run(*words, given=given)
        assert ran.returncode == status, ran.stdout + ran.stderr
        assert "Traceback" not in ran.stderr
        return ran.stderr


@pytest.fixture
def comity(database: None, database_url: str, redis_url: str) -> Comity:
    """Return the command."""
    settings = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "COMITY_SECRET": SECRET}
    return Comity({**os.environ, **settings, "PYTHONWARNINGS": "error", "COLUMNS": "200", "NO_COLOR": "1"})


@pytest.fixture
def slug(comity: Comity) -> str:
    """Return a nation made on the command line."""
    slug = f"n-{uuid4().hex}"
    comity.does("nation", "create", slug, "--name", "North", "--plan", "enterprise")
    return slug


async def test_networks_and_nations_are_founded(comity: Comity):
    network, nation = f"w-{uuid4().hex}", f"n-{uuid4().hex}"
    comity.does("network", "create", network, "--name", "A network")
    options = ("--plan", "NETWORK", "--network", network, "--voters", "--country", "ca")
    assert nation in comity.does("nation", "create", nation, "--name", "North", *options)
    row = await Nation.get(slug=nation)
    assert (row.name, row.plan, row.voters_enabled, row.country) == ("North", Plan.NETWORK, True, "CA")
    assert row.network_id == (await Network.get(slug=network)).id


async def test_a_nation_joins_a_network_and_leaves_it(comity: Comity, slug: str):
    network = f"w-{uuid4().hex}"
    comity.does("network", "create", network, "--name", "A network")
    assert network in comity.does("network", "join", network, "--nation", slug)
    row = await Nation.get(slug=slug)
    assert row.network_id == (await Network.get(slug=network, hq_id=row.id)).id
    assert "leave that first" in comity.refuses("network", "join", network, "--nation", slug)
    comity.does("network", "leave", "--nation", slug)
    assert (await Nation.get(slug=slug)).network_id is None
    assert "no network" in comity.refuses("network", "leave", "--nation", slug)


async def test_a_network_gets_a_manager_and_loses_it(comity: Comity, slug: str):
    network, email = f"w-{uuid4().hex}", f"{uuid4().hex}@example.org"
    comity.does("network", "create", network, "--name", "A network")
    comity.does("user", "create", email, "--nation", slug, "--role", "member", given=PASSWORD)
    add, remove = ("network", "manager", "add"), ("network", "manager", "remove")
    assert "Nobody in the nations" in comity.refuses(*add, network, email)
    comity.does("network", "join", network, "--nation", slug)
    assert email in comity.does(*add, network, email)
    managed = {"network__slug": network, "user__email": email}
    assert await NetworkMembership.filter(**managed).values_list("role", flat=True) == [NetworkRole.MANAGER]
    assert email in comity.does(*remove, network, email)
    assert not await NetworkMembership.exists(**managed)
    assert "There is no network" in comity.refuses(*add, "nowhere", email)


async def test_a_nation_is_deleted_once_somebody_says_that_it_is_meant(comity: Comity, slug: str):
    comity.does("token", "create", "--nation", slug, "--role", "ADMIN")
    assert "Aborted" in comity.refuses("nation", "delete", slug, given="n\n")
    assert await Nation.exists(slug=slug)
    assert "Deleted" in comity.does("nation", "delete", slug, given="y\n")
    assert not await Nation.exists(slug=slug)
    assert "There is no nation" in comity.refuses("nation", "delete", slug, "--yes")


async def test_a_user_is_made_with_a_password_from_standard_input(comity: Comity, slug: str):
    email = f"{uuid4().hex}@example.org"
    comity.does("user", "create", email, "--nation", slug, "--role", "admin", given=f"{PASSWORD}\n")
    user = await authenticate(email, PASSWORD)
    caller = await Tokens(SECRET).caller_of(f"Bearer {Tokens(SECRET).issue(user.id).token}")
    assert list(caller.roles.values()) == [Role.ADMIN]
    assert "already" in comity.refuses("user", "create", email, "--nation", slug, "--role", "admin", given=PASSWORD)


async def test_a_token_stands_alone_on_the_last_line(comity: Comity, slug: str):
    printed = comity.does("token", "create", "--nation", slug, "--role", "MEMBER")
    token = printed.splitlines()[-1]
    caller = await Tokens(SECRET).caller_of(f"Bearer {token}")
    assert list(caller.roles.values()) == [Role.MEMBER]


def test_what_cannot_be_is_told_in_a_sentence(comity: Comity, slug: str):
    nation = ("nation", "create")
    assert "slug" in comity.refuses(*nation, "No Slug", "--name", "North", "--plan", "LEADER")
    assert "already" in comity.refuses(*nation, slug, "--name", "North", "--plan", "LEADER")
    assert "There is no nation" in comity.refuses("token", "create", "--nation", "nowhere", "--role", "ADMIN")
    user = ("user", "create", "a@example.org", "--nation", slug, "--role", "MEMBER")
    assert "12 characters" in comity.refuses(*user, given="short\n")
    for words in (("nation", "create"), ("nation", "create", "x", "--plan", "GOLD"), ("nothing",), ("run", "x")):
        comity.refuses(*words, status=2)


@pytest.mark.parametrize(
    "words",
    ["", "run", "serve", "worker", "migrate", "demo", "schema", "nation create", "network create", "user create", "nation delete",
     "network join", "network leave", "network manager add", "network manager remove",
     "token create", "import"],
)  # fmt: skip
def test_every_command_tells_how_it_is_used(comity: Comity, words: str):
    assert "Usage" in comity.does(*words.split(), "--help")


def test_the_schema_is_printed_and_nothing_else(comity: Comity):
    printed = comity.does("schema")
    assert printed == comity.does("schema")
    assert build_schema(printed).query_type is not None


def test_migrating_twice_is_told(comity: Comity):
    assert "nothing to do" in comity.does("migrate")


def test_a_setting_that_cannot_be_is_named(comity: Comity):
    broken = Comity({**comity.environment, "COMITY_PORT": "http"})
    assert "COMITY_PORT" in broken.refuses("migrate")


async def test_a_file_is_taken_in_and_the_lines_that_cannot_be_are_listed(comity: Comity, slug: str, tmp_path: Path):
    file = tmp_path / "people.csv"
    rows = [["first_name", "email1", "favourite"], ["Ada", "ada@example.org", "x"], ["Bob", "no address", ""]]
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows(rows)
    nation = await Nation.get(slug=slug)
    await CustomField.filter(nation_id=nation.id).delete()
    printed = comity.does("import", slug, str(file))
    assert "Created 1, updated 0, rejected 1." in printed
    assert "favourite" in printed
    assert "line 3: " in printed
    assert await Profile.filter(nation_id=nation.id).values_list("first_name", flat=True) == ["Ada"]
    report = tmp_path / "report.csv"
    printed = comity.does("import", slug, str(file), "--report", str(report))
    assert "Created 0, updated 1, rejected 1." in printed
    with report.open(newline="") as opened:
        assert [row[0] for row in csv.reader(opened)] == ["line", "3"]


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"", "empty"), (b"first_name\n", "no rows"), (b"first_name\nA\0da\n", "NUL"), (b"\xff\xfe\xff", "")],
)
async def test_a_file_that_cannot_be_read_is_refused_and_changes_nothing(
    comity: Comity, slug: str, tmp_path: Path, content: bytes, says: str
):
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    assert says in comity.refuses("import", slug, str(file))
    assert not await Profile.filter(nation_id=(await Nation.get(slug=slug)).id).exists()


def test_a_file_that_is_not_there_is_told(comity: Comity, slug: str, tmp_path: Path):
    assert "cannot be read" in comity.refuses("import", slug, str(tmp_path / "nothing.csv"))
    assert "cannot be read" in comity.refuses("import", slug, str(tmp_path))
