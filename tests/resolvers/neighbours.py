"""Nations that share with one another, and all that can be named of each: what isolation is tested on."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import orjson
from tortoise.connection import get_connection
from uuid_utils.compat import uuid7

from actions.accounts import create_api_token, create_user
from actions.segments import create_segment
from models.custom_field import CustomField
from models.network import Network
from models.run import ImportRejection, ImportRun, SyncRun
from resolvers.context import Context
from resolvers.log import Log
from resolvers.positions import cursor_at
from resolvers.roots import Reads
from resolvers.seal import Seal
from sharing.modes import SyncMode
from sharing.states import RunState
from sharing.visibility import ANONYMOUS, Caller, Role
from tests.resolvers.asking import PASSWORD, SEAL, TOKENS, gid, uuid_in
from tests.resolvers.audiences import audience_between, carried_by, draft_of
from tests.resolvers.automated import automated
from tests.resolvers.whole import NODES, SCHEMA
from tests.world import Nation, SharedTag, World

QUIET_SECONDS = 0.3
FORGED = Seal(b"somebody else's")


class HandBells:
    """Bells that ring when a test rings them."""

    def __init__(self) -> None:
        self.rings_so_far = 0
        self._rung = asyncio.Event()

    @contextmanager
    def watching(self, nation_id: int) -> Iterator[None]:
        """Watch a nation."""
        yield

    def rung(self, nation_id: int) -> int:
        """Return how often the bells have rung."""
        return self.rings_so_far

    async def rings(self, nation_id: int, rung: int) -> None:
        """Return once the bells have rung more often."""
        while self.rings_so_far <= rung:
            await self._rung.wait()

    def ring(self) -> None:
        """Ring all bells."""
        self.rings_so_far += 1
        self._rung.set()
        self._rung = asyncio.Event()


@dataclass
class Camp:
    """A nation, with those who act for it and what there is to name of it.

    Attributes:
        nation: the nation.
        admin: a token of it.
        member: a token of one of its users.
        own: what it may name, an example of each sort.
        private: what nobody else may name.
        gone: what was its own, and is now its sender's alone.
        stopped: the share that was stopped.
    """

    nation: Nation
    admin: str
    member: str
    own: dict[str, str]
    private: dict[str, list[str]] = field(default_factory=dict)
    gone: dict[str, list[str]] = field(default_factory=dict)
    stopped: str = ""


async def _segment(nation: Nation) -> UUID:
    """Save a segment of everybody in a nation who has a last name that tells nothing."""
    async with nation.world.unit(nation.member) as unit:
        criteria = {"clause": {"field": "last_name", "operator": "NOT_EQUALS", "values": ["nobody"]}}
        return await create_segment(unit, nation.id, f"everybody in {nation.slug}", criteria)


async def settle(world: World, name: str, network: str) -> Camp:
    """Found a nation with people, a user and an import of its own, in a network."""
    nation = await world.nation(name, network_slug=network)
    await nation.define(f"secret_{name}")
    solo = await nation.person(
        first_name="Solo", last_name=f"Zz{name}", external_id=f"X-{name}", emails=[f"solo@{nation.slug}.example"]
    )
    tag = await nation.tag("alone", [solo])
    run = await ImportRun.create(id=uuid7(), nation_id=nation.id, state=RunState.QUEUED, phase="UPLOADING")
    await ImportRejection.create(run_id=run.id, line=2, reason="No.")
    login = f"{uuid4().hex}@example.org"
    async with world.unit(Caller()) as unit:
        user = await create_user(unit, login, PASSWORD, "Somebody", nation.id, Role.MEMBER)
        admin = await create_api_token(unit, nation.id, Role.ADMIN, "a program", None)
    own = {
        "Nation": gid("Nation", nation.id),
        "Profile": gid("Profile", solo),
        "Tag": gid("Tag", tag),
        "ImportRun": gid("ImportRun", run.id),
        "User": gid("User", user),
        "CustomField": gid("CustomField", (await CustomField.get(nation_id=nation.id)).id),
        "Segment": gid("Segment", await _segment(nation)),
        **await automated(nation, solo),
        "Group": gid("Group", await nation.group("choir", [solo])),
        "slug": nation.slug,
        "login": login,
        "email": f"solo@{nation.slug}.example",
        "external id": f"X-{name}",
        "search": f"Zz{name}",
        "custom field": f"secret_{name}",
        "event cursor": cursor_at(SEAL, nation.id, 1),
    }
    return Camp(nation, admin, TOKENS.issue(user).token, own, {name: [value] for name, value in own.items()})


async def neighbours(world: World, one: str, other: str) -> tuple[Camp, Camp]:
    """Return two nations of which the first shares one tag with the second, and has stopped sharing another."""
    network = await world.network()
    sender, receiver = await settle(world, one, network), await settle(world, other, network)
    same = {"first_name": "Ada", "last_name": "King", "twitter_id": "1"}
    ours = await sender.nation.person(**same, employer=f"Works of {one}")
    theirs = await receiver.nation.person(**same, employer=f"Works of {other}")
    live, past = [
        await (await sender.nation.share(await sender.nation.tag(name, [ours]), receiver.nation)).accept(
            SyncMode.ALWAYS_REVIEW
        )
        for name in ("live", "past")
    ]
    await world.work()
    shared, ended = await _named(live), await _named(past)
    twins = [gid("Tag", (await share.twin()).id) for share in (live, past)]
    await past.stop(sender.nation)
    await world.work()
    audience = await audience_between(sender.nation, receiver.nation, uuid_in(sender.own["Segment"]))
    sender.own["Audience"] = gid("Audience", audience.id)
    receiver.own["Audience"] = gid("Audience", (await draft_of(receiver.nation)).id)
    for camp in (sender, receiver):
        camp.private["Audience"] = [camp.own["Audience"]]
    shared |= await carried_by(audience, receiver.nation)
    family = {"Network": gid("Network", (await Network.get(slug=network)).id), "network slug": network}
    family["network login"] = receiver.own["login"]
    sender.private["Profile"].append(gid("Profile", ours))
    receiver.private["Profile"].append(gid("Profile", theirs))
    receiver.private["Tag"] += twins
    for camp, another in ((sender, receiver), (receiver, sender)):
        camp.own |= shared | family | {"receiverSlugs": another.nation.slug, "nation": another.nation.slug}
        camp.own["sourceSlug"] = sender.nation.slug
        camp.stopped = ended["TagShare"]
    receiver.gone = {name: [value] for name, value in ended.items()}
    return sender, receiver


async def _named(share: SharedTag) -> dict[str, str]:
    (match,), (conflict,) = await share.matches(), await share.conflicts()
    run = await SyncRun.filter(share_id=share.id).first()
    assert run is not None
    rows = {"TagShare": share, "Match": match, "Conflict": conflict, "SyncRun": run}
    return {name: gid(name, row.id) for name, row in rows.items()}


def made_up(sort: str) -> str:
    """Return a name of some sort that nothing has."""
    if sort in ("Nation", "Network"):
        return gid(sort, 999_999_937)
    if sort in NODES:
        return gid(sort, uuid7())
    if sort == "event cursor":
        return cursor_at(FORGED, 1, 1)
    if sort == "cursor":
        return FORGED.close("profiles 1", b'["0"]')
    words = {"email": "@example.net", "login": "@example.net", "network login": "@example.net", "search": "Zz"}
    assert sort in {"slug", "network slug", "external id", "custom field", *words}, (
        f"Say in {__name__} how to make up a name of: {sort}."
    )
    return "nobody" + uuid4().hex[:6] + words.get(sort, "")


@dataclass
class Asker:
    """The API, asked on real credentials."""

    world: World
    bells: HandBells = field(default_factory=HandBells)

    async def answer(self, text: str, token: str | None, variables: dict[str, Any]) -> str:
        """Return the whole outcome of an operation as text; of a subscription, the first thing that it tells, if any."""
        context = await self.context(token)
        if not text.startswith("subscription"):
            return told(await SCHEMA.execute(text, variable_values=variables, context_value=context))
        heard = await self.hear(text, token, variables, most=1)
        return heard[0] if heard else "nothing"

    async def context(self, token: str | None) -> Context:
        """Return what an operation of whoever has a token carries with it."""
        caller = await TOKENS.caller_of(f"Bearer {token}") if token else ANONYMOUS
        return Context(caller, self.world.post, TOKENS, SEAL, Log(self.bells), Reads)

    async def hear(self, text: str, token: str | None, variables: dict[str, Any], most: int = 1_000) -> list[str]:
        """Return what a subscription tells until it is quiet."""
        async with self.listening(text, token, variables) as listening:
            return await listening.quiet(most)

    @asynccontextmanager
    async def listening(self, text: str, token: str | None, variables: dict[str, Any]) -> AsyncIterator[Listening]:
        """Subscribe until the block ends."""
        context = await self.context(token)
        listening = Listening(await SCHEMA.subscribe(text, variable_values=variables, context_value=context))
        try:
            yield listening
        finally:
            await listening.end()


@dataclass
class Listening:
    """A subscription that is listened to."""

    answers: Any
    _next: asyncio.Task[Any] | None = None

    async def quiet(self, most: int = 1_000) -> list[str]:
        """Return what it tells until it is quiet."""
        heard: list[str] = []
        with suppress(StopAsyncIteration):
            while len(heard) < most:
                self._next = self._next or asyncio.ensure_future(anext(self.answers))
                done, _ = await asyncio.wait({self._next}, timeout=QUIET_SECONDS)
                if not done:
                    break
                task, self._next = self._next, None
                heard.append(told(task.result()))
        return heard

    async def end(self) -> None:
        """Listen no more."""
        if self._next is not None:
            self._next.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration):
                await self._next
        await self.answers.aclose()


def told(result: Any) -> str:
    """Return an outcome as text: data, and errors as clients get them."""
    errors = [(error.message, error.path, error.extensions) for error in result.errors or ()]
    return orjson.dumps({"data": result.data, "errors": errors}, default=str).decode()


def ids_in(value: Any) -> set[str]:
    """Return every global id in an answer."""
    if isinstance(value, dict):
        return set().union(*map(ids_in, value.values()))
    if isinstance(value, list):
        return set().union(*map(ids_in, value))
    with suppress(ValueError):
        if isinstance(value, str) and b64decode(value, validate=True).decode().partition(":")[0] in NODES:
            return {value}
    return set()


async def everything() -> dict[str, tuple[int, str]]:
    """Return how many rows each table of the database has, and a digest of them all."""
    rows = get_connection("default").execute_query_dict
    tables = await rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    counted = " UNION ALL ".join(
        f"SELECT '{table}' AS name, count(*) AS rows, md5(coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '')) AS "
        f'digest FROM "{table}" t'
        for table in sorted(row["tablename"] for row in tables)
    )
    return {row["name"]: (row["rows"], row["digest"]) for row in await rows(counted)}
