"""The end of a run of an audience share: who is in which segment of the target, and whom the sharing gives up."""

from uuid import UUID

from actions.archiving import put_away
from actions.audiences.gathering import carried_by
from actions.audiences.members import diff_members
from actions.audiences.twins import keep_definitions
from actions.terms import ShareTerms
from actions.unit import Unit
from models.nation import Nation
from models.queries import query
from sharing.events import Noun
from sharing.fields import OPT_OUTS

LEAVERS = 5_000


async def place(unit: Unit, terms: ShareTerms, run_id: UUID) -> bool:
    """Bring up to date who is in the target's segments; then archive those whom the sharing made and shares no more.

    Returns:
        Whether there may be more to do: then it has to be called again, in another transaction.
    """
    if await give_up(unit, terms):
        return True
    nation = await Nation.get(id=terms.sender_id)
    for row, criteria in await carried_by(nation, terms.id):
        came, gone = await diff_members(
            unit, nation.id, criteria, row.tag_id, source="place_members", share_id=terms.id
        )
        if came or gone:
            unit.count_taggings(row.tag_id, came - gone)
            unit.changed(terms.receiver_id, Noun.SEGMENT, [row.twin_id])
    await keep_definitions(unit, terms)
    await unit.pg.execute(query("note_opted_out"), run_id, await _opted_out(unit, terms))
    return False


async def _opted_out(unit: Unit, terms: ShareTerms) -> int:
    """How many contacts opted out in the target of what the source says they want: no sync takes that back."""
    shared = [(key, "true" if out else "false") for key, out in OPT_OUTS.items() if key in terms.fields]
    if not shared:
        return 0
    kept = " OR ".join(f"(t.{key} IS {out} AND s.{key} IS DISTINCT FROM {out})" for key, out in shared)
    number: int = await unit.pg.fetchval(query("opted_out").replace("/* kept */ true", f"({kept})"), terms.id)
    return number


async def give_up(unit: Unit, terms: ShareTerms) -> bool:
    """Archive some of the contacts that the sharing made in the target and that it holds no more; whether it did."""
    rows = await unit.pg.fetch(query("leavers"), terms.id, terms.receiver_tag_id, LEAVERS)
    if rows:
        await put_away(unit, terms.receiver_id, [row["profile_id"] for row in rows])
    return bool(rows)
