"""Random small worlds come to rest, and then every count, link and value is as the rules have it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from models.ledger import LedgerEntry
from models.match import Match
from models.profile import Profile
from models.tag import Tag, Tagging
from sharing.errors import InvalidInput
from sharing.fields import ALWAYS, OPT_OUTS
from sharing.kinds import Group
from sharing.lifecycle import ShareStatus
from sharing.modes import SyncMode
from sharing.states import LINKED, MatchStage, MatchState
from tests.couples import ANN, BEN, CLEO
from tests.tables import differences, holdings
from tests.world import Nation, SharedTag, World

KINDRED = (ANN, BEN, CLEO)
NATIONS, PEOPLE = st.integers(0, 2), st.integers(0, 5)
EDITS = st.one_of(
    st.tuples(st.sampled_from(["employer", "religion", "occupation"]), st.sampled_from(["one", "two", None])),
    st.tuples(st.just("emails"), st.lists(st.sampled_from([f"{name}@example.org" for name in "abcdef"]), max_size=4)),
    st.tuples(st.just("home_address"), st.sampled_from([{"city": "Troy"}, {"city": "Rome", "zip5": "10001"}, None])),
    st.tuples(st.just("do_not_call"), st.sampled_from([True, False])),
    st.tuples(st.just("phone"), st.sampled_from([ANN["phone"], BEN["phone"], None])),
    st.tuples(st.just("twitter_id"), st.sampled_from(["1", "2", None])),
    st.tuples(st.just("suffix"), st.sampled_from(["Jr", "Sr", None])),
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), NATIONS, PEOPLE, EDITS, st.booleans()),
        st.tuples(st.just("edit"), NATIONS, PEOPLE, EDITS, st.booleans()),
        st.tuples(st.just("person"), NATIONS, st.integers(0, 2), st.booleans()),
        st.tuples(st.just("toggle"), NATIONS, PEOPLE),
        st.tuples(st.just("delete"), NATIONS, PEOPLE),
        st.tuples(st.just("stop"), PEOPLE, st.booleans()),
        st.tuples(st.just("again"), PEOPLE, st.sampled_from(SyncMode), st.booleans()),
        st.just(("work",)),
    ),
    max_size=14,
)
PAIRS = [(sender, receiver) for sender in range(3) for receiver in range(3) if sender != receiver]
SHARES = st.lists(
    st.tuples(st.sampled_from(PAIRS), st.sampled_from(SyncMode), st.booleans()), min_size=1, max_size=4, unique_by=lambda s: s[0]
)  # fmt: skip


@dataclass
class Play:
    """A world in which random things happen, and what its people wrote by themselves."""

    world: World
    nations: list[Nation] = field(default_factory=list)
    tags: list[UUID] = field(default_factory=list)
    shares: list[SharedTag] = field(default_factory=list)
    written: dict[UUID, dict[str, Any]] = field(default_factory=dict)

    async def begin(self, crowd: list[tuple[int, int, bool]], shares: list[Any]) -> None:
        """Found three nations with their people, and share among them."""
        self.nations = await self.world.nations(*"abc")
        self.tags = [await nation.tag("board") for nation in self.nations]
        for nation, kin, tagged in crowd:
            await self.person(nation, kin, tagged)
        for (sender, receiver), mode, create in shares:
            share = await self.nations[sender].share(
                self.tags[sender], self.nations[receiver], Group.EMAILS, Group.NATION_SPECIFIC, offer_new_profiles=True
            )
            self.shares.append(await share.accept(mode, create=create))

    async def person(self, place: int, kin: int, tagged: bool) -> None:
        """Somebody comes, who may bear the tag that is shared."""
        person = await self.nations[place].person(**KINDRED[kin])
        self.written[person] = dict(await self.nations[place].values(person))
        if tagged:
            await self.nations[place].put_on(self.tags[place], person)

    async def somebody(self, place: int, number: int) -> UUID | None:
        """Return one of a nation's people."""
        people = await self.nations[place].people()
        return people[number % len(people)].id if people else None

    async def edit(self, place: int, number: int, change: tuple[str, Any], clearing: bool) -> None:
        """Somebody is edited by hand."""
        person, (key, value) = await self.somebody(place, number), change
        if person is None:
            return
        try:
            if value is None and clearing:
                await self.nations[place].edit(person, clear=[key])
            else:
                await self.nations[place].edit(person, **{key: value})
        except InvalidInput:  # an email that somebody else has
            return
        if person in self.written:
            self.written[person][key] = await self.nations[place].value(person, key)

    async def toggle(self, place: int, number: int) -> None:
        """Somebody is tagged, or untagged."""
        if person := await self.somebody(place, number):
            borne = await Tagging.filter(tag_id=self.tags[place], profile_id=person).exists()
            nation = self.nations[place]
            await (nation.take_off if borne else nation.put_on)(self.tags[place], person)

    async def delete(self, place: int, number: int) -> None:
        """Somebody is deleted."""
        if person := await self.somebody(place, number):
            await self.nations[place].delete(person)

    async def stop(self, number: int, by_sender: bool) -> None:
        """A share is stopped by one side."""
        share = self.shares[number % len(self.shares)]
        if (await share.row()).status is ShareStatus.APPROVED:
            await share.stop(share.sender if by_sender else share.receiver)

    async def again(self, number: int, mode: SyncMode, create: bool) -> None:
        """A stopped share is asked for and accepted again."""
        share = self.shares[number % len(self.shares)]
        if (await share.row()).status is ShareStatus.STOPPED:
            await share.request()
            await share.accept(mode, create=create)

    async def work(self) -> None:
        """The workers do what waits."""
        await self.world.work()

    async def live(self) -> list[SharedTag]:
        """Return the shares under way."""
        return [share for share in self.shares if (await share.row()).status is ShareStatus.APPROVED]


async def counts_are_right(play: Play) -> None:
    """Every kept count equals a recount."""
    for share in play.shares:
        await share.boxes()
        await share.tagged()
    for tag in await Tag.filter(nation_id__in=[nation.id for nation in play.nations]):
        assert tag.taggings == await Tagging.filter(tag_id=tag.id).count(), tag.name


async def links_are_right(play: Play) -> None:
    """Whoever bears a shared tag has one match and no other has; the receiver's tag is on those linked, on no other."""
    for share in await play.live():
        borne = {row.profile_id for row in await Tagging.filter(tag_id=(await share.row()).tag_id)}
        matches = await share.matches()
        assert sorted(borne) == sorted(match.sender_profile_id for match in matches)
        linked = [match.receiver_profile_id for match in matches if match.state in LINKED]
        assert None not in linked
        assert await share.tagged() == set(linked)
        assert len(linked) == len(set(linked))
        assert not [match for match in matches if match.state is MatchState.MATCHED]


async def pairs_are_in_step(play: Play) -> None:
    """What all shares of a pair accept wholly is equal on both sides, save opt-outs and emails that could not go."""
    modes: dict[frozenset[UUID], set[SyncMode]] = {}
    noted: set[frozenset[UUID]] = set()
    linked = [(share, match) for share in await play.live() for match in await share.matches() if match.state in LINKED]
    for share, match in linked:
        pair = frozenset((match.sender_profile_id, match.receiver_profile_id))
        modes.setdefault(pair, set()).add((await share.row()).sync_mode)
        noted |= {pair} if match.notes else set()
    for share, match in linked:
        pair = frozenset((match.sender_profile_id, match.receiver_profile_id))
        if modes[pair] != {SyncMode.ACCEPT_ALL}:
            continue
        ours = await share.sender.record(match.sender_profile_id)
        theirs = await share.receiver.record(match.receiver_profile_id)
        for key in {*ALWAYS, "priority_level"} - OPT_OUTS.keys():
            assert ours.value(key) == theirs.value(key), key
        if pair not in noted:
            assert set(ours.value("emails") or ()) == set(theirs.value("emails") or ())


async def nobody_else_was_written(play: Play) -> None:
    """A profile that no share wrote or made is as its own nation left it; a stopped share has written nothing since."""
    ids = [nation.id for nation in play.nations]
    touched = {row.profile_id for row in await LedgerEntry.filter(nation_id__in=ids)}
    made = {
        m.receiver_profile_id
        for m in await Match.filter(share_id__in=[s.id for s in play.shares], stage=MatchStage.CREATED)
    }
    for nation in play.nations:
        for person in await Profile.filter(nation_id=nation.id):
            if person.id not in touched | made:
                expected = {key: value for key, value in play.written[person.id].items() if value not in (None, ())}
                assert await nation.values(person.id) == expected
    for share in play.shares:
        row = await share.row()
        if row.status is ShareStatus.STOPPED:
            assert not await LedgerEntry.filter(share_id=share.id, at__gt=row.stopped_at).exists()


async def all_is_right(play: Play) -> None:
    """What must hold of a world at rest."""
    await counts_are_right(play)
    await links_are_right(play)
    await pairs_are_in_step(play)
    await nobody_else_was_written(play)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(crowd=st.lists(st.tuples(NATIONS, st.integers(0, 2), st.booleans()), max_size=6), shares=SHARES, steps=STEPS)
async def test_whatever_happens_a_world_comes_to_rest(world: World, crowd, shares, steps) -> None:
    """The workers leave nothing to do; whole runs find everybody in step; another run of everything changes nothing."""
    play = Play(World())
    await play.begin(crowd, shares)
    for name, *arguments in steps:
        await getattr(play, name)(*arguments)
        await counts_are_right(play)
    await play.work()
    await all_is_right(play)
    ids = [nation.id for nation in play.nations]
    written = {"profiles", "profile_emails", "ledger"}
    before = await holdings(ids)
    assert before["changes"] == []
    for share in await play.live():
        await share.sync()
        note(f"{share.sender.slug} to {share.receiver.slug}: {await share.boxes()}")
    after = await holdings(ids)
    assert [row for row in differences(before, after) if row[0] in written] == []
    await all_is_right(play)
    for share in await play.live():
        await share.sync()
    assert differences(after, await holdings(ids)) == []
