"""The demonstration: three nations that partly know the same people, and a share that waits for an answer."""

import asyncio
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

import structlog
from rich.console import Console
from rich.markup import escape
from uuid_utils.compat import uuid7

from actions.accounts import create_user
from actions.nations import create_nation, create_network
from actions.people import NewProfile, insert_profiles
from actions.post import Post
from actions.shares import create_tag_shares
from actions.tags import add_taggings, create_tag
from actions.unit import Unit, unit_of_work
from models.nation import Nation
from server.demo.people import Person, by_nation
from server.settings import Settings
from sharing.coverage import Settings as ShareSettings
from sharing.kinds import Group
from sharing.records import Record
from sharing.visibility import Caller, Plan, Role

PEOPLE = 3_000
SEED = 2026
NETWORK = "riverside"
SHARED_TAG = "Volunteers"
# Every so manieth of the first nation's people bears the tag.
EVERY = 3
NOTES = "demo.json"

# slug, name, plan
NATIONS = (
    ("harbor", "Harbor Alliance", Plan.NETWORK),
    ("lakeside", "Lakeside Together", Plan.ENTERPRISE),
    ("summit", "Summit Forward", Plan.ORGANIZATION),
)

FIRST_QUERY = """\
{
  nation(slug: "lakeside") {
    name
    profiles(first: 3) { totalCount edges { node { firstName lastName birthdate homeAddress { city state } } } }
    shares(direction: RECEIVED) { edges { node { id status sender { name } } } }
  }
}"""

logger = structlog.get_logger("comity.demo")


@dataclass(frozen=True, slots=True)
class Login:
    """Whom to sign in as."""

    nation: str
    role: str
    email: str
    password: str


async def seed_first(post: Post, folder: Path) -> bool:
    """Put the demonstration in, unless there is a nation already.

    Args:
        post: carries what follows from it.
        folder: where it is noted whom to sign in as.

    Returns:
        Whether it was put in.
    """
    if await Nation.exists():
        return False
    logger.info("putting in a demonstration, once")
    logins = [_login(slug, role) for slug, _, _ in NATIONS for role in Role]
    _note(folder, logins)  # first: whatever is put in, somebody can sign in
    people = await asyncio.to_thread(by_nation, PEOPLE, len(NATIONS), SEED)
    async with unit_of_work(post) as unit:  # one for all: interrupted, it is put in at the next start
        numbers = await _found(unit, logins)
        unit.caller = Caller(roles=dict.fromkeys(numbers, Role.ADMIN))
        profiles = [await _put_in(unit, number, group) for number, group in zip(numbers, people, strict=True)]
        await _share(unit, numbers[0], profiles[0][::EVERY])
    return True


async def _found(unit: Unit, logins: Sequence[Login]) -> list[int]:
    """Found the network and its nations, with their users; give the nations' numbers."""
    await create_network(unit, NETWORK, "Riverside network")
    numbers = {slug: await create_nation(unit, slug, name, plan, NETWORK) for slug, name, plan in NATIONS}
    for login in logins:
        name = f"{login.role.title()} of {login.nation}"
        await create_user(unit, login.email, login.password, name, numbers[login.nation], Role(login.role))
    return list(numbers.values())


def _login(slug: str, role: Role) -> Login:
    return Login(slug, role.value, f"{role.value.lower()}@{slug}.example", secrets.token_urlsafe(12))


def _note(folder: Path, logins: Sequence[Login]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / NOTES, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump([asdict(login) for login in logins], file, indent=1)


async def _put_in(unit: Unit, nation_id: int, people: Sequence[Person]) -> list[UUID]:
    profiles = [NewProfile(Record(uuid7(), person.values), is_supporter=True) for person in people]
    await insert_profiles(unit, nation_id, profiles)
    return [profile.record.id for profile in profiles]


async def _share(unit: Unit, nation_id: int, tagged: Sequence[UUID]) -> None:
    settings = ShareSettings(sync_profiles=True, groups=(Group.EMAILS, Group.NATION_SPECIFIC), offer_new_profiles=True)
    tag_id = await create_tag(unit, nation_id, SHARED_TAG)
    await add_taggings(unit, tag_id, tagged)
    await create_tag_shares(unit, tag_id, [NATIONS[1][0]], settings)


def announce(settings: Settings) -> None:
    """Say that Comity runs, where to look, whom to sign in as, and what to ask first."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    _say(f"\n[bold]Comity runs.[/bold] Open http://{host}:{settings.port}/graphql")
    tell(settings)


def tell(settings: Settings) -> None:
    """Say whom to sign in as, and what to ask first; nothing where no demonstration was put in."""
    notes = settings.data / NOTES
    if not notes.exists():
        return
    logins = [Login(**row) for row in json.loads(notes.read_text())]
    for login in logins:
        _say(f"  {login.role.lower():6} of {login.nation:9} {login.email:24} {escape(login.password)}")
    admin = next(login for login in logins if login.nation == NATIONS[1][0] and login.role == Role.ADMIN)
    _say("\nSign in there with this:\n")
    _say(escape(sign_in(admin)))
    _say('\nthen put {"Authorization": "Bearer TOKEN"}, with the token that it gives, under Headers, and ask:\n')
    _say(escape(FIRST_QUERY) + "\n")


def _say(text: str) -> None:
    Console(highlight=False, soft_wrap=True).print(text)


def sign_in(login: Login) -> str:
    """The mutation that signs somebody in."""
    given = f'email: "{login.email}", password: "{login.password}"'
    return f"mutation {{\n  signIn(input: {{{given}}}) {{\n    ... on SignInPayload {{ token expiresAt }}\n  }}\n}}"
