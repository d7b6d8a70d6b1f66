"""Taking rows in: who each row means, and what it changes. Sets of rows at a time."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

from uuid_utils.compat import uuid7

from actions.archiving import archived_among
from actions.people import KEY_FIELDS, Edit, NewProfile, insert_profiles, write_flags, write_profiles
from actions.taggings import put_on
from actions.tags import named_tags
from actions.unit import Unit
from models.nation import Nation
from models.queries import query
from models.records import load_records, microseconds
from sharing.csv_rows import Row
from sharing.errors import Refused
from sharing.fields import FIELDS, MAX_EMAILS
from sharing.headers import HeaderPlan, RowValues
from sharing.mailboxes import emails_of
from sharing.matching.identifiers import IDS, SCOPE_ADDRESS, SCOPES, identifier
from sharing.matching.keys import KeyKind, keys_of
from sharing.records import Record, Value
from sharing.support import SupportStatus, support_status
from sharing.writes import Write

Key = tuple[int, int]


@dataclass(slots=True)
class Taken:
    """What became of some rows: people made, people changed, and rows refused, each with its line and the reason."""

    created: int = 0
    updated: int = 0
    rejected: list[tuple[int, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Draft:
    """A person as the rows so far leave them."""

    record: Record
    is_new: bool
    writes: dict[str, Write] = field(default_factory=dict)
    emails: Write | None = None
    flags: dict[str, bool] = field(default_factory=dict)


class _Intake:
    """Rows of one piece, one after the other, over what the database holds."""

    def __init__(self, time: int, owners: dict[Key, set[UUID]], records: Mapping[UUID, Record]) -> None:
        self.time = time
        self.owners = owners
        self.drafts = {profile_id: _Draft(record, is_new=False) for profile_id, record in records.items()}
        self.tags: dict[str, dict[UUID, None]] = defaultdict(dict)
        self.touched: dict[UUID, None] = {}

    def take(self, row: RowValues, keys: Sequence[Key]) -> None:
        """Take one row in.

        Raises:
            Refused: the row means two people, or one who holds another value in an id, or has too many emails.
        """
        found = {profile_id for key in keys for profile_id in self.owners.get(key, ())}
        if len(found) > 1:
            raise Refused(
                f"Its ids and emails belong to {len(found)} different people of the nation: merge or mend them."
            )
        draft = self._update(self.drafts[found.pop()], row) if found else self._create(row)
        for key in keys:
            self.owners.setdefault(key, set()).add(draft.record.id)
        for name in row.tags:
            self.tags[name][draft.record.id] = None
        self.touched[draft.record.id] = None

    def _create(self, row: RowValues) -> _Draft:
        record = Record(uuid7(), dict(row.values))
        draft = _Draft(record, is_new=True, flags=dict(row.flags))
        self.drafts[record.id] = draft
        return draft

    def _update(self, draft: _Draft, row: RowValues) -> _Draft:
        record = draft.record
        for key in IDS:
            given, held = row.values.get(key), record.value(key)
            if given is not None and held is not None and _is_another(key, given, held):
                raise Refused(f"The person it means holds another {FIELDS[key].label}: correct one of the two.")
        values: dict[str, Value] = {key: value for key, value in row.values.items() if key != "emails"}
        emails = tuple(dict.fromkeys([*emails_of(record), *(row.values.get("emails") or ())]))  # type: ignore[misc]
        if len(emails) > MAX_EMAILS:
            raise Refused(f"The person would have {len(emails)} emails: a profile has room for {MAX_EMAILS}.")
        changed = {key: value for key, value in values.items() if value != record.value(key)}
        if not draft.is_new:
            draft.writes.update({key: Write(value, self.time) for key, value in changed.items()})
            if emails != emails_of(record):
                draft.emails = Write(emails, self.time)
        merged = {**record.values, **changed, **({"emails": emails} if emails else {})}
        draft.record = replace(record, values=merged)
        draft.flags.update(row.flags)
        return draft


def _is_another(key: str, given: Value, held: Value) -> bool:
    """Whether two values are other ids as matching compares them, of one place where the id is unique within one."""
    place = {SCOPE_ADDRESS: dict.fromkeys(SCOPES.get(key, ()), "one")}
    return identifier({key: given, **place}, key) != identifier({key: held, **place}, key)


async def take_rows(unit: Unit, nation: Nation, plan: HeaderPlan, rows: Sequence[Row]) -> Taken:
    """Take rows into a nation: each makes a person, or changes the one that its unique ids and emails find.

    A row that cannot be taken is refused with the reason, and the others go in all the same.
    """
    taken = Taken()
    parsed: list[tuple[int, RowValues, list[Key]]] = []
    for row in rows:
        said = plan.row_to_values(row.cells)
        if said.errors:
            taken.rejected.append((row.line, " ".join(error.message for error in said.errors)))
        elif not said.values:
            taken.rejected.append((row.line, "The row says nothing about a person."))
        else:
            parsed.append((row.line, said, _identity_keys(said.values)))
    intake = await _open(unit, nation, parsed)
    emails = {address for _, said, _ in parsed for address in _emails(said)}
    away = await archived_among(unit, nation.id, emails)
    for line, said, keys in parsed:
        try:
            _check_owners(said, away)
            intake.take(said, keys)
        except Refused as refused:
            taken.rejected.append((line, str(refused)))
    await _write(unit, nation, intake, taken)
    return taken


def _emails(said: RowValues) -> tuple[str, ...]:
    return emails_of(Record(UUID(int=0), said.values))


def _check_owners(said: RowValues, away: frozenset[str]) -> None:
    """Make sure that no address of a row is that of an archived person.

    Raises:
        Refused: one is.
    """
    for address in _emails(said):
        if address in away:
            raise Refused(f"{address} belongs to an archived person of the nation: restore that one, or delete it.")


def _identity_keys(values: Mapping[str, Value]) -> list[Key]:
    """The keys by which a row finds its person: unique ids and emails, nothing that is only likely."""
    return [(int(kind), key) for kind, key in keys_of(Record(UUID(int=0), values)) if kind <= KeyKind.EMAIL]


async def _open(unit: Unit, nation: Nation, parsed: Sequence[tuple[int, RowValues, list[Key]]]) -> _Intake:
    keys = list({key for _, _, keys in parsed for key in keys})
    kinds, hashes = [kind for kind, _ in keys], [key for _, key in keys]
    owners: dict[Key, set[UUID]] = defaultdict(set)
    for row in await unit.pg.fetch(query("holders_of_keys"), nation.id, kinds, hashes):
        owners[row["kind"], row["key"]].add(row["profile_id"])
    ids = {profile_id for found in owners.values() for profile_id in found}
    fields = {*KEY_FIELDS, *IDS, *(key for _, said, _ in parsed for key in said.values)}
    records = await load_records(unit.pg, ids, sorted(fields), lock=True)
    there = {key: {pid for pid in found if pid in records} for key, found in owners.items()}
    return _Intake(microseconds(await unit.now()), there, records)


async def _write(unit: Unit, nation: Nation, intake: _Intake, taken: Taken) -> None:
    drafts = [intake.drafts[profile_id] for profile_id in intake.touched]
    await insert_profiles(unit, nation.id, [_newcomer(draft) for draft in drafts if draft.is_new])
    old = [draft for draft in drafts if not draft.is_new]
    before = await load_records(unit.pg, [d.record.id for d in old], sorted({*KEY_FIELDS, *_written(old)}))
    edits = {draft.record.id: Edit(draft.writes, draft.emails) for draft in old}
    await write_profiles(unit, nation.id, before, edits)
    await write_flags(unit, nation.id, {draft.record.id: draft.flags for draft in old if draft.flags})
    tags = await named_tags(unit, nation.id, list(intake.tags))
    for name in sorted(intake.tags, key=lambda name: tags[name.casefold()]):
        await put_on(unit, nation.id, tags[name.casefold()], list(intake.tags[name]))
    taken.created += len(drafts) - len(old)
    taken.updated += len(old)


def _written(drafts: Sequence[_Draft]) -> set[str]:
    emails = {"emails"} if any(draft.emails for draft in drafts) else set()
    return {key for draft in drafts for key in draft.writes} | emails


def _newcomer(draft: _Draft) -> NewProfile:
    values = draft.record.values
    supports = support_status(values, values.keys(), as_prospect=False) is SupportStatus.SUPPORTER
    return NewProfile(
        draft.record,
        is_supporter=draft.flags.get("is_supporter", supports),
        is_prospect=draft.flags.get("is_prospect", False),
    )
