"""Whoever names what is another nation's is answered as if it did not exist, at every place of the schema, and leaves no trace."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any

import orjson
import pytest

from sharing.errors import Unauthenticated
from sharing.visibility import Role
from tests.resolvers.asking import TOKENS, node_id_text
from tests.resolvers.neighbours import Asker, Camp, everything, made_up, neighbours
from tests.resolvers.walking import ANY, Place, arguments, document, led, places
from tests.resolvers.whole import NODES, ROOTS
from tests.server.test_auth import token_of
from tests.tables import events
from tests.world import World

PLACES = [place for place in places() if place.names]
# Where only the receiver of a share has anything to name.
FOR_RECEIVERS = {"Query.explainMatch.receiverProfile"}
FIELDS = [list(found) for _, found in groupby(PLACES, lambda place: (place.owner, place.field))]


def test_it_is_known_of_every_place_what_it_names():
    unknown = [str(place) for place in places() if place.names is None]
    assert not unknown, (
        f"Who knows what these name? {unknown}: add each to NAMES of tests/resolvers/walking.py, with an example in "
        "tests/resolvers/neighbours.py, or to PLAIN if it names nothing of a nation."
    )


class Prober:
    """Asks at places of the schema, on behalf of one caller."""

    def __init__(self, asker: Asker, token: str | None, camp: Camp, others: Iterable[Camp]) -> None:
        self.asker = asker
        self.token = token
        self.camp = camp
        self.others = list(others)
        self.nation = camp.own["Nation"]

    async def ask(self, place: Place, values: dict[tuple[str, ...], str]) -> str:
        """Return the answer at a place, what was asked for taken out of it."""
        own = dict(self.camp.own)
        if str(place).startswith("Mutation.updateTagShare.input.customFields"):
            own["TagShare"] = self.camp.stopped
        given = arguments(place, values, own)
        variables = {**given, "asking": self.nation}
        if place.owner not in ROOTS:
            variables["own"] = own[led(place.owner, "")[0]]
        answer = await self.asker.answer(document(place, given), self.token, variables)
        for value in values.values():
            answer = answer.replace(orjson.dumps(value).decode()[1:-1], "…")
        assert not {"GRAPHQL", "INTERNAL"} & set(answer.replace("_", '"').split('"')), f"{place}: {answer}"
        return answer

    async def foreign(self, place: Place) -> list[tuple[str, str]]:
        """Return what others name at a place, and what it is each time."""
        sort = place.names or ""
        if sort == "cursor":
            return [
                (sort, await self.cursor(place, camp))
                for camp in self.others
                if self._is_theirs(camp, led(place.owner, "")[0])
            ]
        sorts = sorted(NODES) if sort == ANY else [sort]
        found = [(one, value) for one in sorts for value in self._theirs(one)]
        assert {one for one, _ in found} == set(sorts), (
            f"Nobody has a {sorts}: add one to tests/resolvers/neighbours.py."
        )
        return found

    def _theirs(self, sort: str) -> list[str]:
        theirs = [value for camp in self.others for value in camp.private.get(sort, ())]
        theirs += [camp.own[sort] for camp in self.others if sort in camp.own and self._is_theirs(camp, sort)]
        return list(dict.fromkeys([*theirs, *self.camp.gone.get(sort, ())]))

    def _is_theirs(self, camp: Camp, sort: str) -> bool:
        return camp.own[sort] != self.camp.own[sort]

    async def cursor(self, place: Place, camp: Camp) -> str:
        """Return a cursor of the list of a camp."""
        owner, asked = led(place.owner, f"{place.field}(first: 1) {{ pageInfo {{ endCursor }} }}")
        text = f"query($id: ID!) {{ node(id: $id) {{ ... on {owner} {{ {asked} }} }} }}"
        answer = await self.asker.answer(text, camp.admin, {"id": camp.own[owner]})
        found = re.search(r'"endCursor":"([^"]+)"', answer)
        cursor = found[1] if found else None
        assert cursor, f"{place} has nothing to point at: add one to tests/resolvers/neighbours.py."
        return cursor


@pytest.fixture
async def camps(world: World) -> list[Camp]:
    """Return two nations, and two others, each two of which share."""
    return [*await neighbours(world, "north", "south"), *await neighbours(world, "east", "west")]


async def traces(camps: list[Camp]) -> Any:
    """Return all that might show that somebody asked."""
    post = camps[0].nation.world.post
    logs = {camp.nation.slug: await events(camp.nation.id) for camp in camps}
    return await everything(), logs, dict(post.jobs), set(post.woken)


def probers(world: World, camps: list[Camp], who: str) -> Prober:
    """Return whoever asks: an admin of the first or the second nation, a member, or a passer-by."""
    camp = camps[1] if "receiver" in who else camps[0]
    token = None if who == "passer-by" else camp.member if "member" in who else camp.admin
    return Prober(Asker(world), token, camp, [other for other in camps if other is not camp])


WHO = ["sender", "receiver", "member of the sender", "member of the receiver", "passer-by"]


@pytest.mark.parametrize("who", WHO)
async def test_what_is_anothers_answers_as_what_does_not_exist(world: World, camps: list[Camp], who: str):
    prober = probers(world, camps, who)
    before = await traces(camps)
    told_apart = []
    for place in PLACES:
        for sort, value in await prober.foreign(place):
            real = await prober.ask(place, {place.path: value})
            unreal = await prober.ask(place, {place.path: made_up(sort)})
            if (
                "nothing" in (real, unreal) and real != unreal
            ):  # a busy machine may not have told one in time: once more
                real = await prober.ask(place, {place.path: value})
                unreal = await prober.ask(place, {place.path: made_up(sort)})
            if real != unreal:
                told_apart.append(f"{place} of {value} ({_readable(value)}): {real[:400]} and not {unreal[:400]}")
    assert not told_apart, "\n".join(told_apart)
    assert await traces(camps) == before


@pytest.mark.parametrize("who", WHO)
async def test_nor_do_several_names_at_once_tell_more(world: World, camps: list[Camp], who: str):
    prober = probers(world, camps, who)
    before = await traces(camps)
    for found in FIELDS:
        for camp in prober.others:
            sorts = {place.path: place.names or "" for place in found if place.names in camp.private}
            if len(sorts) > 1 and not any("fields" in path for path in sorts):
                real = {path: camp.private[sort][0] for path, sort in sorts.items()}
                unreal = {path: made_up(sort) for path, sort in sorts.items()}
                assert await prober.ask(found[0], real) == await prober.ask(found[0], unreal), str(found[0])
    assert await traces(camps) == before


async def test_what_is_ones_own_answers_otherwise(world: World, camps: list[Camp]):
    """Or else the places would be asked in such a way that nobody ever gets anything."""
    sender, receiver = probers(world, camps, "sender"), probers(world, camps, "receiver")
    for place in PLACES:
        prober = receiver if str(place) in FOR_RECEIVERS else sender
        sort = place.names or ""
        unreal = await prober.ask(place, {place.path: made_up("Profile" if sort == ANY else sort)})
        if place.owner == "Mutation":
            (refusal,) = orjson.loads(unreal)["data"].values()
            paths = [value for key, value in _flat(refusal) if key.endswith("_path") and value]
            assert sort == "login" or any(set(place.path) & set(path) for path in paths), f"{place}: {unreal}"
            continue
        value = (
            await prober.cursor(place, prober.camp) if sort == "cursor" else prober.camp.own.get(sort, prober.nation)
        )
        assert await prober.ask(place, {place.path: value}) != unreal, str(place)


@pytest.mark.parametrize("role", list(Role))
async def test_a_token_that_has_expired_is_nobodys(camps: list[Camp], role: Role):
    token = await token_of(camps[0].nation, role, datetime.now(UTC) - timedelta(seconds=1))
    with pytest.raises(Unauthenticated):
        await TOKENS.caller_of(f"Bearer {token}")


def _readable(value: str) -> str:
    try:
        return node_id_text(value)
    except ValueError:
        return "a word"


def _flat(value: Any, key: str = "") -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [found for name, item in value.items() for found in _flat(item, name)]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [found for item in value for found in _flat(item, key)]
    return [(key, value)]
