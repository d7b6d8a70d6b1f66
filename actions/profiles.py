"""Profiles by hand: made, edited and deleted by a person of the nation."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from uuid import UUID

import asyncpg

from actions.archiving import archived_among
from actions.locks import require_free
from actions.new_ids import new_id
from actions.people import KEY_FIELDS, Edit, NewProfile, insert_profiles, wake_hopefuls, write_flags, write_profiles
from actions.rights import require_in
from actions.taggings import tell_count
from actions.unit import Unit
from models.custom_field import CustomField
from models.nation import Nation
from models.profile import Profile
from models.queries import query
from models.records import load_records, microseconds
from models.tag import TagKind
from sharing.audiences.fields import REFERENCE_SLUG
from sharing.customs import CustomKind
from sharing.errors import Archived, IdTaken, InvalidInput, InvalidInputs, InvalidValue, NotFound, StaleVersion
from sharing.events import Noun
from sharing.fields import CUSTOM_PREFIX, FIELDS
from sharing.records import Record, Value
from sharing.values import parse, parse_custom
from sharing.visibility import Deed
from sharing.writes import Write

FLAGS = ("is_supporter", "is_prospect")
NO_PROFILE = "There is no such profile."


async def create_profile(
    unit: Unit, nation_id: int, fields: Mapping[str, object], *, profile_id: UUID | None = None
) -> UUID:
    """Make a profile.

    Args:
        unit: the open transaction.
        nation_id: the nation it is made in.
        fields: raw values by catalogue key, ``custom:slug``, ``emails``, ``is_supporter`` or ``is_prospect``.
        profile_id: an id that the client made; None makes one.

    Raises:
        NotFound: the caller does not belong to the nation.
        InvalidInput: a value cannot be taken, an email belongs to somebody, or the id is taken.
    """
    nation = await require_in(unit.caller, nation_id, Deed.EDIT_PROFILES)
    values = await parse_fields(nation, {key: raw for key, raw in fields.items() if key not in FLAGS})
    present = {key: value for key, value in values.items() if value is not None}
    if not present:
        raise InvalidInput("A profile needs at least one field: give a name, an email or a phone number.", "fields")
    await _check_emails(unit, nation_id, present, None)
    made = await new_id(Profile, profile_id)
    flags = {flag: bool(fields.get(flag, False)) for flag in FLAGS}
    with _taken_meanwhile():
        await insert_profiles(unit, nation_id, [NewProfile(Record(made, present), **flags)])
    return made


async def parse_fields(nation: Nation, fields: Mapping[str, object]) -> dict[str, Value]:
    """Check raw values as a nation takes them.

    Raises:
        InvalidInputs: some values cannot be taken; each is named.
    """
    customs = {}
    if any(key.startswith(CUSTOM_PREFIX) for key in fields):
        customs = {field.slug: field for field in await CustomField.filter(nation_id=nation.id, archived_at=None)}
    values: dict[str, Value] = {}
    problems: list[InvalidInput] = []
    for key, raw in fields.items():
        try:
            values[key] = _parse(key, raw, nation.country, customs)
        except InvalidValue as problem:
            problems.append(problem)
    if problems:
        raise InvalidInputs(problems)
    return values


def _parse(key: str, raw: object, country: str, customs: Mapping[str, CustomField]) -> Value:
    if not key.startswith(CUSTOM_PREFIX):
        if key not in FIELDS or key == "custom_fields":
            raise InvalidValue(key, f"There is no field “{key}”: see ProfileField for those there are.")
        return parse(key, raw, country=country)
    field = customs.get(key.removeprefix(CUSTOM_PREFIX))
    if field is None:
        raise InvalidValue(key, f"The nation has no custom field “{key.removeprefix(CUSTOM_PREFIX)}”.")
    if field.slug == REFERENCE_SLUG and field.locked_by_id is not None:
        raise InvalidValue(key, f"{field.label} is kept by the audience share that made it: leave it out.")
    return parse_custom(CustomKind(field.kind), field.options, raw, key=key, label=field.label)


async def _check_emails(unit: Unit, nation_id: int, values: Mapping[str, Value], owner: UUID | None) -> None:
    addresses = values.get("emails")
    if not isinstance(addresses, tuple):
        return
    holders = await unit.pg.fetch(query("holders_of_emails"), nation_id, list(addresses))
    taken = sorted(row["address"] for row in holders if row["profile_id"] != owner)
    if taken:
        away = await archived_among(unit, nation_id, taken)
        raise InvalidInputs([InvalidInput(_whose(address, address in away), "emails") for address in taken])


def _whose(address: str, archived: bool) -> str:
    if archived:
        return f"{address} belongs to an archived profile of this nation: restore that one, or delete it."
    return f"{address} belongs to another profile of this nation."


@contextmanager
def _taken_meanwhile() -> Iterator[None]:
    """Say so where somebody has taken the id or an address since it was looked up."""
    try:
        yield
    except asyncpg.UniqueViolationError as taken:
        if taken.table_name == "profiles":
            raise IdTaken from None
        raise InvalidInput("An address belongs to another profile of this nation since just now.", "emails") from None


async def update_profile(
    unit: Unit,
    profile_id: UUID,
    fields: Mapping[str, object],
    *,
    clear: Sequence[str] = (),
    expected_version: int | None = None,
) -> UUID:
    """Edit a profile. Only fields whose value really changes get a new time of change.

    Args:
        unit: the open transaction.
        profile_id: the profile.
        fields: raw values as for ``create_profile``; None blanks the field.
        clear: fields blanked on purpose, which a share may carry as a change of its own.
        expected_version: the version that the caller saw; None takes whatever stands.

    Raises:
        NotFound: there is no such profile, or the caller may not know of it.
        InvalidInput: a value cannot be taken, or an email belongs to somebody.
        Archived: the profile is archived.
        StaleVersion: the profile has changed since the caller saw it.
    """
    profile = await Profile.of(unit.caller).get_or_none(id=profile_id)
    if profile is None:
        raise NotFound(NO_PROFILE, "profileId")
    nation = await require_in(unit.caller, profile.nation_id, Deed.EDIT_PROFILES)
    if profile.archived_at is not None:
        raise Archived("profile", "profileId")
    wanted = {key: raw for key, raw in fields.items() if key not in FLAGS}
    values = await parse_fields(nation, {**wanted, **dict.fromkeys(clear)})
    await _check_emails(unit, nation.id, values, profile_id)
    before = (await load_records(unit.pg, [profile_id], {*KEY_FIELDS, *values}, lock=True)).get(profile_id)
    if before is None:
        raise NotFound(NO_PROFILE, "profileId")
    await check_version(unit, profile_id, expected_version)
    edit = _edit(before, values, frozenset(clear), microseconds(await unit.now()))
    await write_flags(unit, nation.id, {profile_id: {flag: bool(fields[flag]) for flag in FLAGS if flag in fields}})
    with _taken_meanwhile():
        await write_profiles(unit, nation.id, {profile_id: before}, {profile_id: edit})
    return profile_id


async def check_version(unit: Unit, profile_id: UUID, expected: int | None) -> None:
    """Make sure that a profile, which is locked, is as the caller saw it.

    Raises:
        StaleVersion: it has changed since.
    """
    version: int = await unit.pg.fetchval("SELECT version FROM profiles WHERE id = $1", profile_id)
    if expected is not None and expected != version:
        raise StaleVersion(
            "The profile has changed since you read it: read it again and repeat the edit.",
            "expectedVersion",
            current=version,
        )


def _edit(before: Record, values: Mapping[str, Value], cleared: frozenset[str], time: int) -> Edit:
    writes: dict[str, Write] = {}
    blanked: set[str] = set()
    for key, value in values.items():
        marks = key in cleared - before.cleared and key != "emails"  # a set of emails is empty, never cleared
        if value == before.value(key) and not marks:
            continue
        writes[key] = Write(value, time)
        if value is None and key not in cleared:
            blanked.add(key)
    emails = writes.pop("emails", None)
    return Edit(writes, Write(emails.value or (), time) if emails else None, frozenset(blanked))


async def delete_profile(unit: Unit, profile_id: UUID) -> None:
    """Delete a profile. The shares that carried it end its match, or make it anew where they create people.

    Raises:
        NotFound: there is no such profile, or the caller may not know of it.
        Locked: the profile is in a group that an audience share made.
    """
    profile = await Profile.of(unit.caller).get_or_none(id=profile_id)
    if profile is None:
        raise NotFound(NO_PROFILE, "profileId")
    await require_in(unit.caller, profile.nation_id, Deed.EDIT_PROFILES)
    await require_free(unit, [profile_id], "profileId", numbered=False)
    await remove_profiles(unit, profile.nation_id, [profile_id])


async def remove_profiles(unit: Unit, nation_id: int, ids: Sequence[UUID]) -> None:
    """Delete profiles with all that hangs on them, and have the shares that carried them look again."""
    await unit.pg.fetch(query("hold_tags_of"), list(ids))
    await unit.pg.fetch("SELECT id FROM profiles WHERE id = ANY($1) ORDER BY id FOR UPDATE", list(ids))
    for row in await unit.pg.fetch(query("enqueue_changes"), list(ids), None):
        unit.enqueue("advance_share", row["share_id"])
    keys = {(row["kind"], row["key"]) for row in await unit.pg.fetch(query("keys_of_profiles"), list(ids))}
    await wake_hopefuls(unit, nation_id, keys)
    for row in await unit.pg.fetch(query("tags_of"), list(ids)):
        unit.count_taggings(row["tag_id"], -row["profiles"])
        tell_count(unit, nation_id, row["tag_id"], TagKind(row["kind"]))
    gone = await unit.pg.fetch(query("delete_profiles"), list(ids), nation_id)
    unit.deleted(nation_id, Noun.PROFILE, [row["id"] for row in gone])
