"""People whom the receiver lacks, made from the sender's data."""

from collections.abc import Sequence
from uuid import UUID

from uuid_utils.compat import uuid7

from actions.brakes import Meter
from actions.people import KEY_FIELDS, NewProfile, insert_profiles
from actions.terms import ShareTerms
from actions.unit import Unit
from models.queries import query
from models.records import load_records
from sharing.brakes import Brake
from sharing.mailboxes import emails_of
from sharing.records import Record, Value
from sharing.support import SupportStatus, starting_values, support_status


async def create_people(
    unit: Unit, terms: ShareTerms, profile_ids: Sequence[UUID], meter: Meter
) -> dict[UUID, tuple[Record, Record]]:
    """Make a profile in the receiver for each of the sender's, with the fields that the share covers.

    An address that somebody in the receiver's nation holds is left out: syncing the new pair reports it.

    Returns:
        For each of the sender's profiles that still exists, its record and that of the receiver's new one.

    Raises:
        LimitReached: there would be more of them than may be made; none is.
    """
    records = await load_records(unit.pg, profile_ids, {*terms.fields, *KEY_FIELDS}, lock=True)
    await meter.take({Brake.RECEIVER_CREATED: len(records)})
    addresses = list({address for record in records.values() for address in emails_of(record)})
    held = await unit.pg.fetch(query("holders_of_emails"), terms.receiver_id, addresses) if addresses else []
    taken = {row["address"] for row in held}
    new = {profile_id: _newcomer(uuid7(), record, terms, taken) for profile_id, record in records.items()}
    await insert_profiles(unit, terms.receiver_id, list(new.values()), share_id=terms.id)
    if terms.one_way:
        made = [(profile.record.id, terms.id) for profile in new.values()]
        await unit.pg.copy_records_to_table("audience_made", records=made, columns=["profile_id", "share_id"])
    return {profile_id: (records[profile_id], made.record) for profile_id, made in new.items()}


def _newcomer(new_id: UUID, record: Record, terms: ShareTerms, taken: set[str]) -> NewProfile:
    values: dict[str, Value] = {key: value for key in terms.fields if (value := record.value(key)) is not None}
    emails = tuple(address for address in emails_of(record) if address not in taken)
    values.pop("emails", None)
    if emails and "emails" in terms.fields:
        values["emails"] = emails
        taken.update(emails)
    times = {key: record.time(key) for key in values}
    values |= starting_values(terms.fields)
    status = support_status(record.values, terms.fields, terms.import_as_prospects)
    return NewProfile(
        Record(new_id, values, 0, times),
        is_supporter=status is SupportStatus.SUPPORTER,
        is_prospect=status is SupportStatus.PROSPECT,
    )
