"""What one nation holds never shows in what another is answered, wherever a share stands and whichever way one looks.

All that is left is what two people who are one hold in the fields that a live share covers, where these are in conflict.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import orjson
import pytest

from actions.tags import delete_tag
from resolvers.positions import cursor_at, position_of
from sharing.states import MatchState
from tests.resolvers.asking import SEAL, gid, node_id_text
from tests.resolvers.neighbours import Asker, ids_in, settle
from tests.resolvers.scene import Scene, allowed, asked_for, held, leaks, teller, walk
from tests.resolvers.walking import arguments, document, places
from tests.tables import events, position
from tests.world import World


@pytest.fixture
async def scene(world: World) -> Scene:
    """Return a share that is asked for."""
    return await asked_for(world)


async def check(scene: Scene) -> dict[str, set[str]]:
    """Make sure that neither side sees anything of the other's; return which fields each is shown in conflicts."""
    await scene.look()
    shown: dict[str, set[str]] = {"north": set(), "south": set()}
    for camp, foe, side in (
        (scene.north, scene.south, "Conflict_receiverValue"),
        (scene.south, scene.north, "Conflict_senderValue"),
    ):
        own, fine = camp.nation.slug.partition("-")[0], await allowed(scene, foe.nation)
        secrets = (await held(foe.nation)) - (await held(camp.nation))
        secrets |= {foe.own[sort] for sort in ("login", "email", "custom field", "Nation", "User")}
        secrets |= {
            f"hush of {foe.nation.slug}",
            *(value for sort in ("Profile", "Tag", "ImportRun") for value in foe.private[sort]),
        }
        tells = teller(secrets)
        for token in (camp.admin, camp.member):
            answers = await walk(Asker(scene.world), token, camp, scene.ids)
            found = [leak for where, answer in answers for leak in leaks(answer, tells, fine, side, shown[own], where)]
            assert not found, "\n".join(found)
    return shown


async def untag(scene: Scene) -> None:
    await scene.accept()
    await scene.north.nation.take_off(scene.tag, scene.ada)
    await scene.world.work()


async def delete(scene: Scene) -> None:
    await scene.accept()
    await scene.south.nation.delete(scene.hers)
    await scene.world.work()


async def without_voters(scene: Scene) -> None:
    await scene.accept()
    await scene.south.nation.become(voters_enabled=False)


async def stop(scene: Scene) -> None:
    await scene.accept()
    await scene.share.stop(scene.north.nation)
    await scene.world.work()


async def ask_again(scene: Scene) -> None:
    await stop(scene)
    await scene.share.request()


async def resolve(scene: Scene) -> None:
    """Have Bo chosen, Ada unlinked and the receiver's duplicates merged."""
    await scene.accept()
    ambiguous = [match for match in await scene.share.matches() if match.state is MatchState.AMBIGUOUS]
    (bo,) = ambiguous
    one, two = [UUID(candidate["profile"]) for candidate in bo.candidates]
    await scene.share.choose(bo.sender_profile_id, one)
    await scene.share.unlink(scene.ada, scene.north.nation)
    await scene.south.nation.merge(two, one)
    await scene.world.work()


async def nothing(scene: Scene) -> None:
    """Leave it asked for."""


async def reject(scene: Scene) -> None:
    await scene.share.reject()


@pytest.mark.parametrize("to_do", [nothing, reject, untag, delete, without_voters, stop, ask_again, resolve])
async def test_neither_side_sees_the_others_people(scene: Scene, to_do: Callable[[Scene], Awaitable[None]]):
    await to_do(scene)
    shown = await check(scene)
    assert all("PRECINCT_NAME" not in fields for fields in shown.values())


async def test_of_a_live_share_both_sides_see_what_is_in_conflict_and_no_more(scene: Scene):
    await scene.accept()
    shown = await check(scene)
    assert shown["north"] == shown["south"]
    assert {"EMPLOYER", "FAX", "PRECINCT_NAME"} <= shown["north"]
    assert not {"EXTERNAL_ID", "EMAILS", "HOME_ADDRESS", "FEDERAL_DISTRICT"} & shown["north"]


async def test_a_third_nation_and_a_passer_by_see_nothing_of_either(scene: Scene):
    await scene.accept()
    east = await settle(scene.world, "east", await scene.world.network())
    secrets = (await held(scene.north.nation)) | (await held(scene.south.nation)) - {"Solo"}
    secrets |= {scene.north.nation.slug, scene.south.nation.slug, "board"}
    tells = teller(secrets)
    for token in (east.admin, east.member, None):
        answers = await walk(Asker(scene.world), token, east, scene.ids)
        assert not [leak for where, answer in answers for leak in leaks(answer, tells, set(), "", set(), where)]
        seen = set().union(*(ids_in(answer) for _, answer in answers))
        assert not seen & scene.ids, map(node_id_text, seen & scene.ids)


@pytest.mark.parametrize("by", ["sender", "receiver"])
async def test_a_stopped_share_is_gone_for_its_receiver(scene: Scene, by: str):
    await scene.accept()
    mine = {one for one in scene.ids if node_id_text(one).split(":")[0] in ("TagShare", "Match", "Conflict", "SyncRun")}
    south, asker = scene.south, Asker(scene.world)
    await scene.share.stop(scene.north.nation if by == "sender" else south.nation)
    await scene.world.work()
    for token in (south.admin, south.member):
        for where, answer in await walk(asker, token, south, scene.ids):
            assert not ids_in(_but_deleted(answer)) & mine, where
            assert not leaks(answer, teller({scene.north.nation.slug, "board"}), set(), "", set(), where)


async def test_what_the_sender_does_to_a_stopped_share_is_not_told_to_its_receiver(scene: Scene):
    await stop(scene)
    before = await events(scene.south.nation.id)
    await scene.share.update(offer_new_profiles=True)
    await scene.north.nation.edit(scene.ada, employer="arctic ice")
    await scene.north.nation.take_off(scene.tag, scene.ada)
    async with scene.world.unit(scene.north.nation.admin) as unit:
        await delete_tag(unit, scene.tag)
    await scene.world.work()
    assert await events(scene.south.nation.id) == before


async def test_who_listens_to_a_share_that_is_stopped_hears_that_it_is_gone_and_no_more(scene: Scene):
    await scene.accept()
    asker, south = Asker(scene.world), scene.south
    start = cursor_at(SEAL, south.nation.id, 0)
    (place,) = [one for one in places() if str(one) == "Subscription.share.after"]
    given = arguments(place, {place.path: start}, {"TagShare": gid("TagShare", scene.share.id)})
    asked = document(place, given)
    given["asking"] = south.own["Nation"]
    async with asker.listening(asked, south.admin, given) as listening:
        assert await listening.quiet()
        before = await position(south.nation.id)
        await scene.share.stop(scene.north.nation)
        await scene.share.update(offer_new_profiles=True)
        asker.bells.ring()
        heard = [orjson.loads(one) for one in await listening.quiet()]
    told = [one["data"]["share"] for one in heard]
    since = [one for one in told if position_of(SEAL, south.nation.id, one["ChangeEvent_cursor"], "after") > before]
    assert since
    for one in since:
        assert one["ChangeEvent_change"]["__typename"] == "NodeDeleted", one


def _but_deleted(value: Any) -> Any:
    """Return an answer without the ids of what is told to be gone."""
    if isinstance(value, dict):
        return {key: _but_deleted(item) for key, item in value.items() if key != "NodeDeleted_deletedId"}
    return [_but_deleted(item) for item in value] if isinstance(value, list) else value
