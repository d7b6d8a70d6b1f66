"""The demonstration: three nations that partly know the same people, and a share that waits for an answer."""

import asyncio
import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar
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
from actions.unit import unit_of_work
from models.nation import Nation
from server.demo.people import Person, by_nation
from server.settings import Settings
from sharing.coverage import Settings as ShareSettings
from sharing.kinds import Group
from sharing.records import Record
from sharing.visibility import Caller, Plan, Role

PEOPLE = 3_000
SEED = 2026
AT_ONCE = 1_000
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

Item = TypeVar("Item")

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
    # Passwords are noted before anything is written, so that nobody is locked out of a demonstration half noted.
    logins = [_login(slug, role) for slug, _, _ in NATIONS for role in Role]
    _note(folder, logins)
    people = await asyncio.to_thread(by_nation, PEOPLE, len(NATIONS), SEED)
    async with unit_of_work(post) as unit:
        await create_network(unit, NETWORK, "Riverside network")
        numbers = [await create_nation(unit, slug, name, plan, NETWORK) for slug, name, plan in NATIONS]
        for number, (slug, _, _) in zip(numbers, NATIONS, strict=True):
            for login in logins:
                if login.nation == slug:
                    name = f"{login.role.title()} of {slug}"
                    await create_user(unit, login.email, login.password, name, number, Role(login.role))
    profiles = [await _put_in(post, number, group) for number, group in zip(numbers, people, strict=True)]
    await _share(post, numbers[0], profiles[0][::EVERY])
    return True


def _login(slug: str, role: Role) -> Login:
    return Login(slug, role.value, f"{role.value.lower()}@{slug}.example", secrets.token_urlsafe(12))


def _note(folder: Path, logins: Sequence[Login]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / NOTES, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump([asdict(login) for login in logins], file, indent=1)


async def _put_in(post: Post, nation_id: int, people: Sequence[Person]) -> list[UUID]:
    profiles = [NewProfile(Record(uuid7(), person.values), is_supporter=True) for person in people]
    for start in range(0, len(profiles), AT_ONCE):
        async with unit_of_work(post) as unit:
            await insert_profiles(unit, nation_id, list(islice(profiles, start, start + AT_ONCE)))
    return [profile.record.id for profile in profiles]


async def _share(post: Post, nation_id: int, tagged: Sequence[UUID]) -> None:
    settings = ShareSettings(sync_profiles=True, groups=(Group.EMAILS, Group.NATION_SPECIFIC), offer_new_profiles=True)
    async with unit_of_work(post, Caller(roles={nation_id: Role.ADMIN})) as unit:
        tag_id = await create_tag(unit, nation_id, SHARED_TAG)
        await add_taggings(unit, tag_id, tagged)
        await create_tag_shares(unit, tag_id, [NATIONS[1][0]], settings)


def announce(settings: Settings) -> None:
    """Say where to look, whom to sign in as, and what to ask first."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    say = Console(highlight=False, soft_wrap=True).print
    say(f"\n[bold]Comity runs.[/bold] Open http://{host}:{settings.port}/graphql")
    notes = settings.data / NOTES
    if not notes.exists():
        say()
        return
    logins = [Login(**row) for row in json.loads(notes.read_text())]
    for login in logins:
        say(f"  {login.role.lower():6} of {login.nation:9} {login.email:24} {escape(login.password)}")
    admin = next(login for login in logins if login.nation == NATIONS[1][0] and login.role == Role.ADMIN)
    say("\nSign in there with this:\n")
    say(escape(sign_in(admin)))
    say('\nthen put {"Authorization": "Bearer TOKEN"}, with the token that it gives, under Headers, and ask:\n')
    say(escape(FIRST_QUERY) + "\n")


def sign_in(login: Login) -> str:
    """The mutation that signs somebody in."""
    given = f'email: "{login.email}", password: "{login.password}"'
    return f"mutation {{\n  signIn(input: {{{given}}}) {{\n    ... on SignInPayload {{ token expiresAt }}\n  }}\n}}"
