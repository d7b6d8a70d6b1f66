"""Chains, rings and stars of shares among three to five nations, in one mode and in mixed modes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from models.ledger import LedgerEntry
from sharing.modes import SyncMode
from sharing.states import ConflictState
from tests.couples import ANN
from tests.tables import differences, holdings
from tests.world import Nation, SharedTag, World

ALL, REVIEW, BLANK_ONLY = SyncMode.ACCEPT_ALL, SyncMode.ALWAYS_REVIEW, SyncMode.ACCEPT_BLANK_ONLY

CHAIN_OF_THREE = [(0, 1), (1, 2)]
CHAIN_OF_FIVE = [(0, 1), (1, 2), (2, 3), (3, 4)]
CHAIN_BOTH_WAYS = [(1, 0), (1, 2), (3, 2), (3, 4)]
RING_OF_THREE = [(0, 1), (1, 2), (2, 0)]
RING_OF_FOUR = [(0, 1), (1, 2), (2, 3), (3, 0)]
STAR_OF_FIVE = [(0, 1), (0, 2), (0, 3), (0, 4)]
STAR_INWARDS = [(1, 0), (2, 0), (3, 0), (4, 0)]
SHAPES = [
    pytest.param(CHAIN_OF_THREE, id="a chain of three"),
    pytest.param(CHAIN_OF_FIVE, id="a chain of five"),
    pytest.param(CHAIN_BOTH_WAYS, id="a chain of shares in both directions"),
    pytest.param(RING_OF_THREE, id="a ring of three"),
    pytest.param(RING_OF_FOUR, id="a ring of four"),
    pytest.param(STAR_OF_FIVE, id="a star of five"),
    pytest.param(STAR_INWARDS, id="a star whose middle receives"),
]


@dataclass
class Ring:
    """Nations that all know Ann, and the shares between them."""

    world: World
    nations: list[Nation]
    people: list[UUID]
    shares: list[SharedTag]

    async def edit(self, place: int, **fields: Any) -> None:
        """Edit her in one nation, and let all shares work."""
        await self.nations[place].edit(self.people[place], **fields)
        await self.world.work()

    async def held(self, key: str) -> list[Any]:
        """Return what each nation holds in a field."""
        return [await n.value(p, key) for n, p in zip(self.nations, self.people, strict=True)]

    async def times(self, key: str) -> set[int]:
        """Return when the field changed, as the nations have it."""
        return {(await n.record(p)).time(key) for n, p in zip(self.nations, self.people, strict=True)}

    async def written(self, since: int) -> list[tuple[int, list[str]]]:
        """Return what shares wrote past a row of the ledger, by nation."""
        ids = [nation.id for nation in self.nations]
        rows = await LedgerEntry.filter(nation_id__in=ids).order_by("id")
        return sorted((ids.index(row.nation_id), sorted(row.writes)) for row in rows[since:])

    async def at_rest(self) -> None:
        """Assert that nothing waits, and that another run of every share changes nothing."""
        await self.world.work()
        ids = [nation.id for nation in self.nations]
        before = await holdings(ids)
        assert before["changes"] == []
        for share in self.shares:
            await share.sync()
        assert differences(before, await holdings(ids)) == []


async def linked(
    world: World, links: Sequence[tuple[int, int]], modes: Sequence[SyncMode], **known: Sequence[Any]
) -> Ring:
    """Share Ann along links, each in a mode; what each nation knows of her besides is given in the order of the nations."""
    nations = await world.nations(*"abcde"[: max(map(max, links)) + 1])
    people = [
        await nation.person(**ANN, **{key: values[place] for key, values in known.items()})
        for place, nation in enumerate(nations)
    ]
    shares = []
    for (sender, receiver), mode in zip(links, modes, strict=True):
        tag = await nations[sender].tag(f"to {receiver}", [people[sender]])
        shares.append(await (await nations[sender].share(tag, nations[receiver])).accept(mode))
    await world.work()
    return Ring(world, nations, people, shares)


@pytest.mark.parametrize("links", SHAPES)
async def test_an_edit_anywhere_reaches_everybody_with_the_time_it_was_made(world: World, links) -> None:
    """Along as many shares as there are between, against their direction too."""
    ring = await linked(world, links, [ALL] * len(links))
    for place in range(len(ring.nations)):
        await ring.edit(place, employer=f"Mill {place}")
        assert await ring.held("employer") == [f"Mill {place}"] * len(ring.nations)
        assert len(await ring.times("employer")) == 1
    await ring.at_rest()


@pytest.mark.parametrize("links", SHAPES)
async def test_nothing_echoes(world: World, links) -> None:
    """One edit is written once in every other nation, and never back to where it came from."""
    ring = await linked(world, links, [ALL] * len(links))
    for place in (0, len(ring.nations) - 1):
        before = len(await ring.written(0))
        await ring.edit(place, employer=f"Mill {place}")
        others = [number for number in range(len(ring.nations)) if number != place]
        assert await ring.written(before) == [(number, ["employer"]) for number in others]


async def test_an_older_value_that_arrives_late_overwrites_no_newer_one(world: World) -> None:
    """Origin times travel: the first edit comes through the chain when the other end has been edited since."""
    ring = await linked(world, CHAIN_OF_FIVE, [ALL] * 4)
    await ring.nations[0].edit(ring.people[0], employer="older")
    await ring.nations[4].edit(ring.people[4], employer="newer")
    await world.work()
    assert await ring.held("employer") == ["newer"] * 5
    assert await ring.times("employer") == {(await ring.nations[4].record(ring.people[4])).time("employer")}
    await ring.at_rest()


async def test_a_clearing_passes_along_a_chain_where_all_is_accepted(world: World) -> None:
    ring = await linked(world, CHAIN_OF_FIVE, [ALL] * 4, employer=["Mill", None, None, None, None])
    assert await ring.held("employer") == ["Mill"] * 5
    await ring.edit(4, clear=["employer"])
    assert await ring.held("employer") == [None] * 5
    await ring.at_rest()


async def test_a_link_under_review_holds_an_edit_up_until_somebody_takes_it(world: World) -> None:
    """What is accepted in the middle goes on from there; nothing passes around the review."""
    ring = await linked(world, CHAIN_OF_FIVE, [ALL, REVIEW, ALL, ALL], employer=["Mill"] * 5)
    await ring.edit(0, employer="Shop")
    assert await ring.held("employer") == ["Shop", "Shop", "Mill", "Mill", "Mill"]
    (conflict,) = await ring.shares[1].conflicts()
    assert (conflict.state, conflict.sender_value, conflict.receiver_value) == (ConflictState.OPEN, "Shop", "Mill")
    await ring.nations[2].apply(conflict.id)
    await world.work()
    assert await ring.held("employer") == ["Shop"] * 5
    assert [c.state for c in await ring.shares[1].conflicts()] == [ConflictState.RESOLVED]
    await ring.at_rest()


async def test_a_link_of_blanks_only_lets_through_what_was_in_step_and_nothing_else(world: World) -> None:
    ring = await linked(
        world, CHAIN_OF_FIVE, [ALL, ALL, BLANK_ONLY, ALL],
        employer=["Mill", "Mill", "Mill", "Shop", "Shop"], church=["St Ann", None, None, None, None],
    )  # fmt: skip
    assert await ring.held("church") == ["St Ann"] * 5
    await ring.edit(0, employer="Works", church="St Ben")
    assert await ring.held("employer") == ["Works"] * 3 + ["Shop"] * 2
    assert await ring.held("church") == ["St Ben"] * 5
    await ring.edit(4, employer="School")
    assert await ring.held("employer") == ["Works"] * 3 + ["School"] * 2
    await ring.at_rest()


async def test_an_address_goes_along_every_link_whatever_its_mode(world: World) -> None:
    ring = await linked(world, CHAIN_OF_FIVE, [REVIEW, BLANK_ONLY, ALL, REVIEW])
    await ring.edit(2, home_address={"address1": "1 Mill Lane", "city": "Troy", "zip5": "12180"})
    await ring.edit(4, home_address={"city": "Rome"})
    assert await ring.held("home_address") == [{"city": "Rome"}] * 5
    await ring.at_rest()


@pytest.mark.parametrize("links", [pytest.param(CHAIN_OF_FIVE, id="chain"), pytest.param(STAR_OF_FIVE, id="star")])
async def test_a_blank_is_filled_along_every_link_whatever_its_mode(world: World, links) -> None:
    ring = await linked(world, links, [REVIEW, BLANK_ONLY, ALL, REVIEW], church=[None, None, None, None, "St Ann"])
    assert await ring.held("church") == ["St Ann"] * 5
    await ring.at_rest()


@pytest.mark.parametrize(
    ("links", "modes"),
    [
        pytest.param(RING_OF_THREE, [ALL, REVIEW, BLANK_ONLY], id="a ring of three"),
        pytest.param(RING_OF_FOUR, [ALL, REVIEW, BLANK_ONLY, ALL], id="a ring of four"),
        pytest.param(RING_OF_FOUR, [BLANK_ONLY, ALL, ALL, REVIEW], id="another ring of four"),
        pytest.param(STAR_OF_FIVE, [ALL, REVIEW, BLANK_ONLY, ALL], id="a star of five"),
        pytest.param(STAR_INWARDS, [BLANK_ONLY, ALL, REVIEW, ALL], id="a star whose middle receives"),
        pytest.param(CHAIN_BOTH_WAYS, [ALL, BLANK_ONLY, REVIEW, ALL], id="a chain in both directions"),
    ],
)
async def test_mixed_modes_come_to_rest_whoever_edits(world: World, links, modes) -> None:
    """Edits of everybody at once, clearings and addresses among them: nothing goes round for ever."""
    size = max(map(max, links)) + 1
    ring = await linked(world, links, modes, religion=[f"faith {n}" for n in range(size)])
    for place, (nation, person) in enumerate(zip(ring.nations, ring.people, strict=True)):
        await nation.edit(
            person, employer=f"Mill {place}", religion=f"other {place}", home_address={"city": f"C{place}"}
        )
    await ring.at_rest()
    assert await ring.held("home_address") == [{"city": f"C{size - 1}"}] * size
    await ring.nations[0].edit(ring.people[0], clear=["employer", "religion"])
    await ring.nations[size - 1].edit(ring.people[size - 1], do_not_call=True, church="St Ann")
    await ring.at_rest()
    assert await ring.held("church") == ["St Ann"] * size
