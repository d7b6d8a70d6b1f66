"""Limits of a share: set by either side for what is written into it, and kept by whatever writes."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from uuid import UUID

import orjson

from actions.holding import recheck_hold
from actions.rights import require_in
from actions.terms import ShareTerms
from actions.unit import Unit
from models.queries import query
from models.share import Share
from sharing.brakes import Amounts, Brake, Limit, LimitReached, amounts_from_json, holds, with_limits
from sharing.errors import Forbidden, NotFound
from sharing.events import Noun
from sharing.lifecycle import RECEIVER_SEES, ShareStatus
from sharing.states import RunState
from sharing.visibility import Deed, ShareKind
from sharing.writes import Side

NO_SHARE = "There is no such share."
NOT_THE_TARGET = "Only admins of the target set limits on what is written into it."
NO_SIDE = "No nation of yours with this id sends or receives the share: give one that does."


class Meter:
    """Measures what a share is about to write against its limits; where none is set it measures nothing.

    Args:
        unit: the open transaction.
        terms: the share, held.
        run_id: the run that writes; None for what is written between runs.
    """

    def __init__(self, unit: Unit, terms: ShareTerms, run_id: UUID | None) -> None:
        self._unit = unit
        self._terms = terms
        self._run_id = run_id
        self._taken: Counter[Brake] = Counter()

    async def take(self, wanted: Amounts) -> None:
        """Say what is written next, before it is.

        Raises:
            LimitReached: it would go past a limit, or the run is held already; nothing more may be written.
        """
        if not self._terms.limits or not any(wanted.values()):
            return
        if self._run_id is None:
            before, lifted = await self._before_change(wanted), frozenset[Brake]()
        else:
            before, lifted = await self._before_run(self._run_id)
        if found := holds(self._terms.limits, lifted, before, wanted):
            raise LimitReached(found)
        self._taken.update(wanted)

    async def _before_run(self, run_id: UUID) -> tuple[Amounts, frozenset[Brake]]:
        """What a run has written so far, this transaction included; others that write for it wait."""
        row = await self._unit.pg.fetchrow(query("weigh_run"), run_id)
        if row is None or row["state"] != RunState.RUNNING:
            raise LimitReached(())
        written = Counter(amounts_from_json(orjson.loads(row["written"]) if row["written"] else None))
        written.update(self._taken)
        return written, frozenset(Brake(name) for name in orjson.loads(row["lifted"] or "[]"))

    async def _before_change(self, wanted: Amounts) -> Amounts:
        """What was written since the last run began. What comes next is counted along, and that is undone with it."""
        amounts = [wanted.get(brake, 0) for brake in _WEIGHED]
        after = orjson.loads(await self._unit.pg.fetchval(query("weigh_share"), self._terms.id, *amounts))
        return {brake: number - wanted.get(brake, 0) for brake, number in amounts_from_json(after).items()}


_WEIGHED = (Brake.RECEIVER_CREATED, Brake.RECEIVER_OVERWRITTEN, Brake.SENDER_OVERWRITTEN)


@asynccontextmanager
async def braked(unit: Unit, terms: ShareTerms, run_id: UUID | None = None) -> AsyncIterator[Meter]:
    """Write for a share within its limits: where they would be passed, all that the block wrote is undone.

    Args:
        unit: the open transaction, which holds the share.
        terms: the share.
        run_id: the run that writes; None for what is written between runs.

    Raises:
        LimitReached: from the meter. Nothing of the block is written, and the unit goes on.
    """
    meter = Meter(unit, terms, run_id)
    if not terms.limits:
        yield meter
        return
    async with unit.attempt():
        yield meter


async def set_share_limits(unit: Unit, share_id: UUID, nation_id: int, asked: Mapping[Limit, int | None]) -> None:
    """Set limits of a nation on what a share writes into it, whatever the share's status; a held run may go on by it.

    Args:
        unit: the open transaction.
        share_id: the share.
        nation_id: the nation, which sends or receives it.
        asked: the limits to be set; None clears one.

    Raises:
        NotFound: there is no such share or nation, or the caller may not know of it.
        Forbidden: only an admin of the nation sets its limits.
        InvalidInput: a limit that cannot be.
    """
    share = await _locked(unit, share_id, ShareKind.TAG)
    if nation_id not in (share.sender_id, share.receiver_id) or nation_id not in unit.caller.nations:
        raise NotFound(NO_SIDE, "nationId")
    await require_in(unit.caller, nation_id, Deed.SET_LIMITS)
    side = Side.SENDER if nation_id == share.sender_id else Side.RECEIVER
    await _limit(unit, share, side, asked)


async def set_audience_limits(unit: Unit, share_id: UUID, asked: Mapping[Limit, int | None]) -> None:
    """Set limits of a target on what an audience share writes into it; a held run may go on by it.

    Args:
        unit: the open transaction.
        share_id: the audience share.
        asked: the limits to be set; None clears one.

    Raises:
        NotFound: there is no such share, or the caller may not know of it.
        Forbidden: only an admin of the target sets its limits.
        InvalidInput: a limit that cannot be.
    """
    share = await _locked(unit, share_id, ShareKind.AUDIENCE)
    if share.receiver_id not in unit.caller.nations:
        raise Forbidden(NOT_THE_TARGET)
    await require_in(unit.caller, share.receiver_id, Deed.SET_LIMITS)
    await _limit(unit, share, Side.RECEIVER, asked)


async def _locked(unit: Unit, share_id: UUID, kind: ShareKind) -> Share:
    """A share that the caller may see, kept as it is until the transaction ends.

    Raises:
        NotFound: there is none.
    """
    if not await Share.of(unit.caller, kind).filter(id=share_id).exists():
        raise NotFound(NO_SHARE, "shareId")
    await unit.pg.fetchval("SELECT true FROM shares WHERE id = $1 FOR UPDATE", share_id)
    share = await Share.of(unit.caller, kind).get_or_none(id=share_id)
    if share is None:
        raise NotFound(NO_SHARE, "shareId")
    return share


async def _limit(unit: Unit, share: Share, side: Side, asked: Mapping[Limit, int | None]) -> None:
    before = amounts_from_json(share.limits)
    limits = with_limits(before, side, asked)
    if limits == before:
        return
    share.limits = {brake.value: number for brake, number in limits.items()} or None
    share.version += 1
    await share.save()
    await recheck_hold(unit, share, limits)
    unit.changed(share.sender_id, Noun.TAG_SHARE, [share.id], share.id)
    if ShareStatus(share.status) in RECEIVER_SEES:
        unit.changed(share.receiver_id, Noun.TAG_SHARE, [share.id], share.id)
