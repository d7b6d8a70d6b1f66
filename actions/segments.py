"""Segments: made, changed, archived and restored; and who meets criteria, as the database answers it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from actions.locks import require_unlocked
from actions.new_ids import given_once, new_id
from actions.rights import require_in
from actions.unit import Unit
from models.custom_field import CustomField
from models.nation import Nation
from models.queries import query
from models.segment import Segment
from models.tag import Tag, TagKind
from sharing.errors import Archived, InvalidInput, NotFound, Refused, StaleVersion
from sharing.events import Noun
from sharing.segments.asking import Condition
from sharing.segments.clauses import Known, KnownCustom
from sharing.segments.criteria import Criterion
from sharing.segments.reading import customs_named, groups_named, read_criteria, tags_named
from sharing.texts import line, quote
from sharing.visibility import Deed

MAX_NAME = 255
MAX_SEGMENTS = 1_000
_OF_NATION = "p.nation_id = $1 AND p.archived_at IS NULL"

Criteria = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Members:
    """Who meets criteria.

    Attributes:
        sql: a condition on a row ``p`` of profiles, whose parameters begin with the second.
        parameters: those.
        nation_id: the first parameter: the nation whose profiles are meant.
    """

    sql: str
    parameters: tuple[Any, ...]
    nation_id: int

    def counting(self) -> tuple[str, list[Any]]:
        """The statement that counts them, and its arguments."""
        text = (
            f"SELECT count(*) AS number FROM profiles p WHERE p.nation_id = $1 AND p.archived_at IS NULL AND {self.sql}"  # noqa: S608 (values are parameters)
        )
        return text, [self.nation_id, *self.parameters]

    def paging(self, after: UUID | None, before: UUID | None, limit: int, *, backwards: bool) -> tuple[str, list[Any]]:
        """The statement that gives the ids of some, ascending, or from the end descending; and its arguments."""
        place = len(self.parameters) + 2
        order = "DESC" if backwards else "ASC"
        text = (
            f"SELECT p.id FROM profiles p WHERE {_OF_NATION} AND {self.sql} "  # noqa: S608 (values are parameters)
            f"AND (${place}::uuid IS NULL OR p.id > ${place}) AND (${place + 1}::uuid IS NULL OR p.id < ${place + 1}) "
            f"ORDER BY p.id {order} LIMIT ${place + 2}"
        )
        return text, [self.nation_id, *self.parameters, after, before, limit]


async def members_of(nation: Nation, criteria: Criteria, now: datetime) -> Members:
    """Who meets criteria.

    Args:
        nation: whose profiles are meant.
        criteria: as ``read_criteria`` takes them.
        now: this moment by the database's clock.

    Raises:
        InvalidInputs: the criteria cannot be taken; each fault is named by its place.
    """
    condition = Condition(2, now)
    criterion = await check_criteria(nation, criteria, TagKind.TAG, TagKind.AUDIENCE)
    return Members(condition.of(criterion), tuple(condition.parameters), nation.id)


async def check_criteria(nation: Nation, criteria: Criteria, *tags: TagKind) -> Criterion:
    """Read criteria against what a nation has.

    Args:
        nation: the nation.
        criteria: as ``read_criteria`` takes them.
        tags: what may be named as a tag: none for tags alone. The segment that an audience share makes names what the
            share keeps for itself.

    Raises:
        InvalidInputs: as for ``members_of``.
    """
    fields = await CustomField.filter(nation_id=nation.id, slug__in=[s for s in customs_named(criteria) if len(s) < 64])
    customs = {f.slug: KnownCustom(f.kind, tuple(f.options), f.archived_at is not None) for f in fields}
    kinds = [*(tags or (TagKind.TAG,)), TagKind.GROUP]
    named = list(tags_named(criteria) | groups_named(criteria))
    rows = await Tag.filter(nation_id=nation.id, kind__in=kinds, id__in=named)
    groups = {row.id: row.archived_at is not None for row in rows if row.kind is TagKind.GROUP}
    borne = frozenset(row.id for row in rows if row.kind is not TagKind.GROUP)
    return read_criteria(criteria, Known(nation.country, customs, borne, groups))


async def create_segment(
    unit: Unit, nation_id: int, name: str, criteria: Criteria, *, segment_id: UUID | None = None
) -> UUID:
    """Make a segment.

    Args:
        unit: the open transaction.
        nation_id: the nation whose people it filters.
        name: what it is called; no other live segment of the nation is called so, in whatever case.
        criteria: whom it holds, as ``read_criteria`` takes it.
        segment_id: an id that the client made; None makes one.

    Raises:
        NotFound: the caller does not belong to the nation.
        InvalidInput: a name that cannot be or is taken, criteria that cannot be taken, a taken id, or too many.
    """
    nation = await require_in(unit.caller, nation_id, Deed.EDIT_SEGMENTS)
    new = await new_id(Segment, segment_id)
    if await Segment.filter(nation_id=nation.id).count() >= MAX_SEGMENTS:
        raise InvalidInput(f"A nation has at most {MAX_SEGMENTS:,} segments, archived ones included.", "nationId")
    await check_criteria(nation, criteria)
    now = await unit.now()
    segment = Segment(
        id=new,
        nation_id=nation.id,
        name=_name(name),
        criteria=dict(criteria),
        created_at=now,
        updated_at=now,
    )
    with given_once(_taken(segment.name)):
        await segment.save(force_create=True)
    unit.changed(nation.id, Noun.SEGMENT, [segment.id])
    return segment.id


async def update_segment(
    unit: Unit,
    segment_id: UUID,
    *,
    name: str | None = None,
    criteria: Criteria | None = None,
    expected_version: int | None = None,
) -> UUID:
    """Change the name or the criteria of a segment; what is None stays.

    Raises:
        NotFound: there is no such segment, or the caller may not know of it.
        Locked: an audience share holds it.
        StaleVersion: somebody changed it since the caller read it.
        InvalidInput: as for ``create_segment``, or the segment is archived.
    """
    segment, nation = await _own_segment(unit, segment_id)
    if expected_version is not None and expected_version != segment.version:
        message = "The segment has changed since you read it: read it again and repeat the edit."
        raise StaleVersion(message, "expectedVersion", current=segment.version)
    if segment.archived_at is not None:
        raise Archived("segment", "segmentId")
    before = segment.name, segment.criteria
    if name is not None:
        segment.name = _name(name)
    if criteria is not None:
        await check_criteria(nation, criteria)
        segment.criteria = dict(criteria)
    if (segment.name, segment.criteria) != before:
        await _save(unit, segment, "name", "criteria")
    return segment.id


async def archive_segment(unit: Unit, segment_id: UUID) -> UUID:
    """Put a segment away. Its name is free; it can be restored for eighteen months.

    Raises:
        NotFound, Locked: as for ``update_segment``.
        InvalidInput: an audience shares it.
    """
    segment, _ = await _own_segment(unit, segment_id)
    if targets := await unit.pg.fetch(query("targets_of_segment"), segment.id):
        to = ", ".join(row["slug"] for row in targets[:3]) + (" and others" if len(targets) > 3 else "")
        message = f"The segment is shared with {to}: take it out of the rules of the audience first."
        raise InvalidInput(message, "segmentId")
    if segment.archived_at is None:
        segment.archived_at = await unit.now()
        await _save(unit, segment, "archived_at")
    return segment.id


async def restore_segment(unit: Unit, segment_id: UUID) -> UUID:
    """Bring an archived segment back.

    Raises:
        NotFound, Locked: as for ``update_segment``.
        InvalidInput: another has its name by now.
    """
    segment, _ = await _own_segment(unit, segment_id)
    if segment.archived_at is not None:
        segment.archived_at = None
        await _save(unit, segment, "archived_at")
    return segment.id


async def _own_segment(unit: Unit, segment_id: UUID) -> tuple[Segment, Nation]:
    """A segment that the caller may change, locked, and its nation."""
    segment = await Segment.of(unit.caller).select_for_update().get_or_none(id=segment_id)
    if segment is None:
        raise NotFound("There is no such segment.", "segmentId")
    nation = await require_in(unit.caller, segment.nation_id, Deed.EDIT_SEGMENTS)
    await require_unlocked(unit, "This segment", segment, "segmentId")
    return segment, nation


async def _save(unit: Unit, segment: Segment, *columns: str) -> None:
    segment.version += 1
    segment.updated_at = await unit.now()
    with given_once(_taken(segment.name)):
        await segment.save(update_fields=[*columns, "version", "updated_at"])
    unit.changed(segment.nation_id, Noun.SEGMENT, [segment.id])


def _name(raw: str) -> str:
    try:
        name = line(raw, MAX_NAME)
    except Refused as refused:
        raise InvalidInput(f"The segment's name: {refused}.", "name") from None
    if name is None:
        raise InvalidInput("A segment needs a name.", "name")
    return name


def _taken(name: str) -> InvalidInput:
    return InvalidInput(f"There is a segment {quote(name)} already: choose another name.", "name")
