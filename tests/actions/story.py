"""One story, told to the database and to the model at once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

from actions.advance import advance_share
from actions.linked import advance_linked
from actions.nations import update_nation
from actions.running import step_run
from actions.shares import sync_share_now
from actions.unit import Unit
from models.conflict import Conflict
from models.run import SyncRun
from sharing.errors import InvalidInput, StaleVersion
from sharing.kinds import Group
from sharing.modes import SyncMode
from sharing.states import UNFINISHED
from sharing.visibility import Caller
from tests.actions.model import OPTIONAL, Model, Person, Share
from tests.actions.stage import KINDRED, Stage
from tests.world import SharedTag

MOST_SHARES = 6
MOST_PEOPLE = 12
WORDS, FLAGS = ("one", "two", "three", None), (True, False, None)
EDITS: dict[str, tuple[Any, ...]] = {
    "employer": WORDS,
    "church": WORDS,
    "precinct_name": WORDS,
    "home_address": ("Troy", "Rome", None),
    "is_deceased": FLAGS,
    "do_not_call": FLAGS,
    "email_opt_in": FLAGS,
    "mobile_opt_in": FLAGS,
    "is_volunteer": FLAGS,
    "support_level": (1, 2, 3, 5, None),
    "twitter_id": ("1", "2", None, None),
    "emails": ((), (0,), (1, 2), (2, 3, 4), (0, 3, 5), (5, 4, 3, 2), (0, 1, 2, 3)),
}


class Killed(BaseException):
    """As a worker ends that is killed."""


class Story(Stage):
    """What happens, each thing in the database and in the model."""

    async def begin(self, dice: Random) -> None:
        """Found the nations, each with two tags and some people, and share among them."""
        self.model = Model([dice.random() < 0.6 for _ in range(dice.randint(3, 5))])
        for place, has in enumerate(self.model.voters):
            nation = await self.world.nation("abcde"[place], voters=has)
            self.nations.append(nation)
            self.tags.append([await nation.tag("board"), await nation.tag("donor")])
        for kin in range(len(KINDRED)):
            for place in range(len(self.nations)):
                if dice.random() < 0.75:
                    await self.come(dice, place, kin)
        for _ in range(dice.randint(2, 4)):
            await self.share(dice)

    async def rarity(self, dice: Random) -> None:
        """Something happens that does not happen every day."""
        what = dice.choice(["come", "go", "share", "stop", "again", "again", "voters", "ask", "quiet", "quiet"])
        if what == "come":
            await self.come(dice, dice.randrange(len(self.nations)), dice.randrange(len(KINDRED)))
        elif what == "quiet":
            await self.quiet()
        else:
            await getattr(self, what)(dice)

    async def come(self, dice: Random, place: int, kin: int) -> None:
        """Somebody comes, of whom something is known, and who may bear tags."""
        if len(self.model.people) >= MOST_PEOPLE:
            return
        person = Person(place, kin, next(self.model.clock))
        values = {key: raw(person, key, dice.choice(EDITS[key])) for key in EDITS if dice.random() < 0.5}
        if any(self.model.taken(person, address) for address in values.get("emails", ())):
            del values["emails"]
        person.values = {key: value for key, value in values.items() if value not in (None, ())}
        self.model.people.append(person)
        self.ids[person] = await self.nations[place].person(**KINDRED[kin], **values)
        self.moments[person.born] = (await self.record(person)).created
        self.tell("come", self.name(person), person.values)
        for tag in (0, 1):
            if dice.random() < 0.6:
                await self.tagging(person, tag)

    async def edit(self, dice: Random, key: str | None = None) -> None:
        """Somebody is edited."""
        person = self.somebody(dice)
        if person is None:
            return
        key = key or dice.choice(list(EDITS))
        value, clearing = dice.choice(EDITS[key]), dice.random() < 0.5
        value = raw(person, key, value)
        nation, wanted = self.nations[person.nation], value if value != () else None
        taken = key == "emails" and any(self.model.taken(person, address) for address in value)
        try:
            if wanted is None and clearing:
                await nation.edit(self.ids[person], clear=[key])
            else:
                await nation.edit(self.ids[person], **{key: value})
        except InvalidInput:
            assert taken
            return
        assert not taken
        self.tell("edit", self.name(person), key, wanted, "clearing" if clearing and wanted is None else "")
        self.model.edit(person, key, wanted, clearing=clearing)
        self.moments.setdefault(person.time(key), (await self.record(person)).time(key))

    async def toggle(self, dice: Random) -> None:
        """Somebody is tagged, or untagged."""
        if person := self.somebody(dice):
            await self.tagging(person, dice.randrange(2))

    async def tagging(self, person: Person, tag: int) -> None:
        """A tag is put on a person, or taken off."""
        nation, tag_id = self.nations[person.nation], self.tags[person.nation][tag]
        await (nation.take_off if tag in person.tags else nation.put_on)(tag_id, self.ids[person])
        person.tags ^= {tag}
        self.tell("tag" if tag in person.tags else "untag", self.name(person), tag)

    async def go(self, dice: Random) -> None:
        """Somebody is deleted."""
        if person := self.somebody(dice):
            await self.nations[person.nation].delete(self.ids[person])
            self.model.people.remove(person)
            self.tell("delete", self.name(person))

    async def share(self, dice: Random) -> None:
        """A tag is shared, and accepted."""
        sender, receiver = dice.sample(range(len(self.nations)), 2)
        tag = dice.randrange(2)
        known = {(share.sender, share.receiver, share.tag) for share in self.model.shares}
        if len(known) >= MOST_SHARES or (sender, receiver, tag) in known:
            return
        share = Share(sender, receiver, tag, *_settings(dice))
        shared = await self.nations[sender].share(
            self.tags[sender][tag],
            self.nations[receiver],
            *(Group(group) for group in share.groups),
            sync_profiles=share.syncs,
            offer_new_profiles=share.offers,
        )
        self.model.shares.append(share)
        self.shares[share] = shared
        await self.accept(share, dice)

    async def accept(self, share: Share, dice: Random) -> None:
        """A share is accepted."""
        mode = dice.choice(list(SyncMode)) if share.syncs else None
        share.creates = share.offers and dice.random() < 0.6
        share.prospects = share.creates and dice.random() < 0.3
        share.mode = mode and mode.value
        await self.shares[share].accept(mode, create=share.creates, prospects=share.prospects)
        share.status = "APPROVED"
        self.tell("accept", self.label(share), *sorted(share.groups), share.mode, "creates" if share.creates else "")

    async def stop(self, dice: Random) -> None:
        """A share is stopped by one side."""
        if share := self.some(dice, "APPROVED"):
            shared = self.shares[share]
            await shared.stop(dice.choice([shared.sender, shared.receiver]))
            share.status = "STOPPED"
            share.links.clear()
            self.tell("stop", self.label(share))

    async def again(self, dice: Random) -> None:
        """A stopped share gets other settings, and is asked for and accepted again."""
        if share := self.some(dice, "STOPPED"):
            share.syncs, share.groups, share.offers = _settings(dice)
            await self.shares[share].update(
                *(Group(group) for group in share.groups), sync_profiles=share.syncs, offer_new_profiles=share.offers
            )
            await self.shares[share].request()
            await self.accept(share, dice)

    async def voters(self, dice: Random) -> None:
        """A nation turns voters on, or off."""
        place = dice.randrange(len(self.nations))
        self.model.voters[place] ^= True
        self.tell("voters", "abcde"[place], self.model.voters[place])
        async with self.world.unit(self.nations[place].admin) as unit:
            await update_nation(unit, self.nations[place].id, voters=self.model.voters[place])

    async def decide(self, dice: Random) -> None:
        """One side applies or skips a conflict."""
        share, person, link, key = dice.choice(self.conflicts())
        by_sender, skipping = dice.random() < 0.5, dice.random() < 0.4
        self.tell(
            "skip" if skipping else "apply", self.label(share), self.name(person), key, "by sender" if by_sender else ""
        )
        shared = self.shares[share]
        match = await shared.match_of(self.ids[person])
        row = await Conflict.get(match_id=match.id, field=key)
        nation = shared.sender if by_sender else shared.receiver
        try:
            await (nation.skip if skipping else nation.apply)(row.id)
        except StaleVersion:
            done = False
        else:
            done = True
        taker = None if skipping else person if by_sender else link.to
        assert self.model.decide(share, person, key, taker) is done
        if done and taker is not None:
            self.moments[taker.time(key)] = (await self.record(taker)).time(key)

    async def work(self, dice: Random) -> None:
        """The workers do what one share has to do, killed at some steps."""
        if share := self.some(dice, "APPROVED"):
            await self.bring_up_to_date(share, frozenset(dice.sample(range(1, 9), dice.randrange(4))))

    async def ask(self, dice: Random) -> None:
        """Somebody asks for a sync."""
        if share := self.some(dice, "APPROVED"):
            self.tell("sync", self.label(share))
            await self.begin_run(share)

    async def begin_run(self, share: Share) -> None:
        """A run of a share is asked for."""
        async with self.world.unit(self.shares[share].sender.admin) as unit:
            await sync_share_now(unit, self.shares[share].id)

    async def bring_up_to_date(self, share: Share, kills: frozenset[int] = frozenset()) -> None:
        """Work off a share in the database and in the model."""
        self.tell("work", self.label(share))
        shared = self.shares[share]
        if any(link.notes for link in share.links.values()):
            # An address that somebody else gives up follows with the next run.
            await self.begin_run(share)
        await self.work_off(shared, kills)
        self.model.work(share)
        before = self.digest()
        self.model.work(share)
        while before != self.digest():
            # What a share has written itself concerns those who wait for a match in it, but from its next run on.
            await self.begin_run(share)
            await self.work_off(shared)
            before = self.digest()
            self.model.work(share)
        for person, link in share.links.items():
            if link.to is not None and link.to not in self.ids:
                match = await shared.match_of(self.ids[person])
                assert match.stage == "CREATED", (self.label(share), self.name(person), match.state, match.ambiguity)
                self.ids[link.to] = match.receiver_profile_id
                self.moments[link.to.born] = (await self.record(link.to)).created

    async def work_off(self, shared: SharedTag, kills: frozenset[int] = frozenset()) -> None:
        """Do in the database what a share has to do: the runs asked for, then what changed."""
        for run in await SyncRun.filter(share_id=shared.id, state__in=list(UNFINISHED)):
            await self.to_the_end(lambda unit, run=run: step_run(unit, run.id), kills)
        await self.to_the_end(lambda unit: advance_linked(unit, shared.id), kills)
        await self.to_the_end(lambda unit: advance_share(unit, shared.id), kills)

    async def to_the_end(self, step: Callable[[Unit], Awaitable[Any]], kills: frozenset[int]) -> None:
        """Take steps until there is nothing left to do; a killed one leaves nothing."""
        number, more = 0, True
        while more:
            number += 1
            try:
                async with self.world.unit(Caller()) as unit:
                    more = await step(unit)
                    if number in kills:
                        raise Killed
            except Killed:
                more = True

    async def quiet(self) -> None:
        """Let all shares work until none has anything to do; then both must hold the same."""
        for _ in range(10):
            before = self.digest()
            for share in self.model.shares:
                if share.status == "APPROVED":
                    await self.bring_up_to_date(share)
            if self.digest() == before:
                break
        else:
            raise AssertionError("the nations do not come to rest")
        await self.compare()


def raw(person: Person, key: str, value: Any) -> Any:
    """Return a value as somebody types it in."""
    if key == "emails":
        return tuple(f"{'abc'[person.kin]}{number}@example.org" for number in value)
    return {"city": value, "country_code": "US"} if key == "home_address" and value else value


def _settings(dice: Random) -> tuple[bool, frozenset[str], bool]:
    """Return settings that may be asked for: a tag alone carries only what to match on."""
    syncs, groups = dice.random() < 0.85, frozenset(group for group in OPTIONAL if dice.random() < 0.5)
    return syncs, groups if syncs else groups & {"EMAILS"}, syncs and dice.random() < 0.6
