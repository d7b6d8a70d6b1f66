"""Deleting a nation: what it shared is stopped first, then all that is its own goes; the others keep their people."""

import asyncpg
from tortoise.expressions import Q

from actions.audiences.networks import leave_audience
from actions.audiences.targets import archive_contacts
from actions.headquarters import HeldNetwork, hold_network_of, lose_hq
from actions.rights import require_in
from actions.shares import stop_tag_share
from actions.unit import Unit
from models.queries import query
from models.share import Share
from sharing.events import Noun
from sharing.lifecycle import RECEIVER_SEES, ShareStatus
from sharing.visibility import Deed, ShareKind

_LIVE = (ShareStatus.PENDING, ShareStatus.APPROVED)


async def delete_nation(unit: Unit, nation_id: int) -> None:
    """Delete a nation with its people, tags, shares, imports, tokens and memberships. For whoever runs Comity.

    Users stay, without a place in it. Nations that it shared with keep their people and what was synced; they are told
    that the shares were stopped and are gone. A network whose HQ it was has none, and shares no custom fields, until
    another joins it.

    Args:
        unit: the open transaction, on behalf of an admin of the nation.
        nation_id: the nation.

    Raises:
        NotFound: there is no such nation.
    """
    await require_in(unit.caller, nation_id, Deed.EDIT_NATION)
    network = await hold_network_of(unit, nation_id)
    await _end_audiences(unit, network, nation_id)
    await _stop_shares(unit, nation_id)
    # From here on nothing new can refer to the nation; what came meanwhile is stopped as well.
    await unit.pg.fetchval("SELECT true FROM nations WHERE id = $1 FOR UPDATE", nation_id)
    await _end_audiences(unit, network, nation_id)
    await _stop_shares(unit, nation_id)
    await _drop_shares(unit, nation_id)
    await unit.pg.execute(query("drop_people_of_nation"), nation_id)
    await unit.pg.execute("DELETE FROM tags WHERE nation_id = $1", nation_id)
    if network is not None and network.hq_id == nation_id:
        await lose_hq(unit, network)
    await unit.pg.execute("DELETE FROM nations WHERE id = $1", nation_id)
    unit.forget(nation_id)


async def _end_audiences(unit: Unit, network: HeldNetwork | None, nation_id: int) -> None:
    """End what the nation shares as a source, or is given as a target, to the last contact that it made elsewhere."""
    if network is not None:
        await leave_audience(unit, nation_id, network.id)
    for share in await Share.filter(sender_id=nation_id, kind=ShareKind.AUDIENCE).order_by("id"):
        while await archive_contacts(unit, share.id):  # nobody is left to do it once the share is gone
            pass
    await unit.note_audiences()


async def _stop_shares(unit: Unit, nation_id: int) -> None:
    sides = Q(sender_id=nation_id) | Q(receiver_id=nation_id)
    for share in await Share.filter(sides, status__in=_LIVE, kind=ShareKind.TAG).order_by("id"):
        await stop_tag_share(unit, share.id)


async def _drop_shares(unit: Unit, nation_id: int) -> None:
    for row in await unit.pg.fetch(query("drop_shares_of_nation"), nation_id):
        if row["kind"] == ShareKind.AUDIENCE:
            await _drop_audience(unit, row, nation_id)
        elif row["sender_id"] != nation_id:
            unit.deleted(row["sender_id"], Noun.TAG_SHARE, [row["id"]], row["id"])
            unit.changed(row["sender_id"], Noun.TAG, [row["tag_id"]] if row["tag_id"] else [])
        elif ShareStatus(row["status"]) in RECEIVER_SEES:
            unit.deleted(row["receiver_id"], Noun.TAG_SHARE, [row["id"]], row["id"])


async def _drop_audience(unit: Unit, row: asyncpg.Record, nation_id: int) -> None:
    """Tell the other side that the share is gone, and forget what the source kept of who is shared."""
    other = row["receiver_id"] if row["sender_id"] == nation_id else row["sender_id"]
    unit.deleted(other, Noun.AUDIENCE_SHARE, [row["id"]], row["id"])
    await unit.pg.execute("DELETE FROM tags WHERE id = $1", row["tag_id"])
