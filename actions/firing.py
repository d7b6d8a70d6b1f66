"""Firing automations: told in the nation's log, and owed as webhooks, by the transaction that writes the change."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from uuid_utils.compat import uuid7

from actions.unit import Unit
from models.queries import query
from sharing.automations import Automation, Firing, firings
from sharing.events import Event, EventKind, Noun
from sharing.records import Record

# The one job that delivers what is owed, whoever owes it.
DELIVER = "deliver_webhooks"
EVERYBODY = UUID(int=0)


async def fire_automations(
    unit: Unit, nation_id: int, fields: Collection[str], before: Mapping[UUID, Record], after: Mapping[UUID, Record]
) -> None:
    """Fire the automations of a nation that watch for what was just written. One look-up where there are none.

    Args:
        unit: the open transaction, in which the profiles were written.
        nation_id: the nation.
        fields: what was written of any of them.
        before: the profiles as they were.
        after: those that were written, as they are.
    """
    rows = await unit.pg.fetch(query("automations_on"), nation_id, list(fields))
    if not rows:
        return
    watching = [Automation(*row.values()) for row in rows]
    fired: dict[Automation, list[Firing]] = defaultdict(list)
    for firing in firings(watching, before, after):
        fired[firing.automation].append(firing)
    for automation, found in fired.items():
        detail = {"automation": str(automation.id), "field": automation.field}
        told = tuple(firing.profile_id for firing in found)
        unit.emit(nation_id, Event(EventKind.FIRED, Noun.PROFILE, told, None, detail))
    owed = [firing for automation, found in fired.items() if automation.has_webhook for firing in found]
    if owed:
        await _owe(unit, nation_id, owed)


async def _owe(unit: Unit, nation_id: int, owed: list[Firing]) -> None:
    await unit.pg.execute(
        query("owe_webhooks"),
        nation_id,
        [uuid7() for _ in owed],
        [firing.automation.id for firing in owed],
        [firing.profile_id for firing in owed],
        [firing.automation.field for firing in owed],
        [firing.before for firing in owed],
        [firing.after for firing in owed],
    )
    unit.enqueue(DELIVER, EVERYBODY)
