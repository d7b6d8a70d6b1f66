"""A nation's log: whoever replays it onto what they had sees what whoever reads everything anew sees."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from actions.nations import update_nation
from actions.tags import rename_tag
from actions.terms import load_terms
from actions.unit import BOXES
from models.conflict import Conflict
from models.match import Match
from models.profile import Profile
from models.run import SyncRun
from models.share import Share, ShareStats
from models.tag import Tag
from sharing.events import EventKind, Noun
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import MatchState
from tests.couples import ANN, BEN, CLEO
from tests.tables import events, position
from tests.world import Nation, SharedTag, World

# By noun and id, or "STATS" and the share's id: what a subscriber shows of it, and the share that it belongs to.
View = dict[tuple[str, UUID], tuple[Any, UUID | None]]


async def read(nation: Nation) -> View:
    """Read everything anew."""
    view: View = {}
    for profile in await Profile.of(nation.admin):
        view[Noun.PROFILE, profile.id] = (profile.version, None)
    for tag in await Tag.of(nation.admin):
        view[Noun.TAG, tag.id] = ((tag.name, tag.taggings), None)
    for share in await Share.of(nation.admin):
        async with nation.world.unit(nation.admin) as unit:
            terms = await load_terms(unit.pg, share.id)
        carried = terms and (terms.fields, terms.overwrite_districts)
        view[Noun.TAG_SHARE, share.id] = ((share.status, share.version, share.last_sync_at, carried), share.id)
    for match in await Match.of(nation.admin).exclude(state=MatchState.ENDED):
        shown = (match.state, match.receiver_profile_id, match.ambiguity, match.out_of_step, match.notes)
        view[Noun.MATCH, match.id] = (shown, match.share_id)
    for conflict in await Conflict.of(nation.admin):
        shown = (conflict.state, conflict.sender_value, conflict.receiver_value)
        view[Noun.CONFLICT, conflict.id] = (shown, conflict.share_id)
    for run in await SyncRun.of(nation.admin):
        view[Noun.SYNC_RUN, run.id] = ((run.state, run.phase, run.done), run.share_id)
    shares = [share_id for noun, share_id in view if noun == Noun.TAG_SHARE]
    for stats in await ShareStats.filter(share_id__in=shares):
        view["STATS", stats.share_id] = ({box: getattr(stats, box) for box in BOXES}, stats.share_id)
    return view


def replay(view: View, log: list[dict[str, Any]], fresh: View) -> View:
    """Apply a log to a stale view: a client reads again what it is told of, and forgets what it is told is gone."""
    view = dict(view)
    for row in log:
        for subject in row["subjects"]:
            node = (row["noun"], subject)
            if row["kind"] == EventKind.STATS:
                view["STATS", subject] = (row["detail"], subject)
            elif row["kind"] != EventKind.DELETED and node in fresh:
                view[node] = fresh[node]
            else:
                view.pop(node, None)
            over = row["noun"] == Noun.TAG_SHARE and row["kind"] == EventKind.DELETED
            stopped = row["kind"] == EventKind.STATUS and row["detail"]["to"] == "STOPPED"
            parts = (Noun.MATCH, Noun.CONFLICT) if stopped else tuple({noun for noun, _ in view})
            if over or stopped:
                view = {node: seen for node, seen in view.items() if seen[1] != subject or node[0] not in parts}
            new = row["kind"] == EventKind.STATUS and row["detail"]["from"] in (None, "STOPPED")
            if new and ("STATS", subject) in fresh:
                view |= {node: seen for node, seen in fresh.items() if seen[1] == subject}
    return view


class Story:
    """Two nations, some people, and what happens to them."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def begin(self) -> None:
        """Make the nations and their people."""
        self.north, self.south = await self.world.nations("north", "south", voters=True)
        self.people = [await self.north.person(**who, employer="Mill") for who in (ANN, BEN)]
        self.theirs = await self.south.person(**ANN, church="St Ann", employer="Shop")
        self.tag = await self.north.tag("board", self.people)

    async def asked(self) -> None:
        """North asks South."""
        self.share: SharedTag = await self.north.share(self.tag, self.south, Group.DISTRICTS, offer_new_profiles=True)

    async def settled(self) -> None:
        """Each changes what it works with."""
        for nation, settings in ((self.south, {"auto_districting": True}), (self.north, {"voters": False})):
            async with self.world.unit(nation.admin) as unit:
                await update_nation(unit, nation.id, **settings)

    async def accepted(self) -> None:
        """South accepts, and is synced."""
        await self.share.accept(SyncMode.ALWAYS_REVIEW, create=True)
        await self.world.work()

    async def edited(self) -> None:
        """Both edit, and somebody comes."""
        await self.south.edit(self.theirs, employer="School", sex="F", is_supporter=True)
        self.cleo = await self.north.person(**CLEO)
        await self.north.put_on(self.tag, self.cleo)
        await self.north.person(first_name="Dora")
        await self.world.work()

    async def reviewed(self) -> None:
        """South takes one value, and the tag gets another name."""
        await self.south.apply((await self.share.conflict("employer")).id)
        async with self.world.unit(self.north.admin) as unit:
            await rename_tag(unit, self.tag, "Board")
        await self.north.edit(self.people[0], employer="Hospital")
        await self.world.work()
        await self.north.skip((await self.share.conflict("employer")).id)

    async def restored(self) -> None:
        """North works with voters again, on a live share."""
        async with self.world.unit(self.north.admin) as unit:
            await update_nation(unit, self.north.id, voters=True)
        await self.world.work()

    async def doubted(self) -> None:
        """An equal comes, and the link with its conflict goes."""
        self.equal = await self.north.person(**ANN)
        await self.north.put_on(self.tag, self.equal)
        await self.world.work()

    async def chosen(self) -> None:
        """South says who of the two it is."""
        await self.share.choose(self.people[0], self.theirs)

    async def merged(self) -> None:
        """Both merge their duplicates."""
        left = await self.south.person(first_name="Ann", religion="None")
        await self.south.tag("label", [self.theirs])
        await self.south.merge(left, self.theirs)
        self.theirs = left
        await self.north.merge(self.people[0], self.equal)
        await self.world.work()

    async def parted(self) -> None:
        """Some are untagged, some deleted, on both sides."""
        await self.north.take_off(self.tag, self.people[0])
        await self.south.delete(self.theirs)
        await self.north.delete(self.people[1])
        await self.world.work()

    async def corrected(self) -> None:
        """One link was wrong, and so are all who may be somebody."""
        await self.share.unlink(self.cleo, self.north)
        dora = {"first_name": "Dora", "last_name": "Zhou", "birthdate": "1990-05-06"}
        for _ in range(2):
            await self.south.person(**dora)
        found = await self.north.person(**dora)
        await self.north.put_on(self.tag, found)
        await self.world.work()
        await self.share.turn_down(found)

    async def synced(self) -> None:
        """A whole run."""
        await self.share.sync()

    async def stopped(self) -> None:
        """South has enough, while a run waits."""
        await self.share.stop(self.south)

    async def again(self) -> None:
        """North asks again, on other settings."""
        await self.share.update(offer_new_profiles=False)
        await self.share.request()
        await self.share.reject()


CHAPTERS = [
    *("asked", "settled", "accepted", "edited", "reviewed", "restored", "doubted", "chosen", "merged", "parted"),
    *("corrected", "synced", "stopped", "settled", "again"),
]


@pytest.mark.parametrize("readers", ["each chapter", "the whole story"])
async def test_replaying_the_log_onto_a_stale_view_equals_reading_anew(world: World, readers: str) -> None:
    """Every status, count, progress and conflict change reaches subscribers, whenever they left off."""
    story = Story(world)
    await story.begin()
    nations = (story.north, story.south)
    seen = {nation.id: (await position(nation.id), await read(nation)) for nation in nations}
    for chapter in CHAPTERS:
        await getattr(story, chapter)()
        if readers == "the whole story" and chapter != CHAPTERS[-1]:
            continue
        for nation in nations:
            after, stale = seen[nation.id]
            fresh = await read(nation)
            assert replay(stale, await events(nation.id, after), fresh) == fresh, f"{nation.slug}: {chapter}"
            seen[nation.id] = (await position(nation.id), fresh)
