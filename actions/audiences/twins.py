"""What stands in a target for what its source shares: locked segments and field definitions."""

from collections.abc import Collection, Sequence
from uuid import UUID

from uuid_utils.compat import uuid7

from actions.new_ids import given_once
from actions.terms import ShareTerms
from actions.unit import Unit
from models.audience import AudienceSegment
from models.custom_field import CustomField
from models.queries import query
from models.segment import Segment
from models.share import Share
from models.tag import Tag, TagKind
from sharing.audiences.fields import REFERENCE_LABEL, REFERENCE_SLUG
from sharing.audiences.names import renames
from sharing.customs import CustomKind
from sharing.errors import InvalidInput
from sharing.events import Noun
from sharing.segments.criteria import Attribute, Operator
from sharing.texts import quote


async def add_segments(unit: Unit, share: Share, segment_ids: Sequence[UUID]) -> None:
    """Make a locked segment in the target for each of the source's, which holds nobody until the next sync."""
    now = await unit.now()
    rows = await unit.pg.fetch(query("hold_segments"), list(segment_ids))
    if archived := [row["name"] for row in rows if row["archived"]]:
        message = f"The segment {quote(archived[0])} was archived just now: restore it first, or leave it out."
        raise InvalidInput(message, "rules")
    await _rename_segments(unit, share.id, share.receiver_id)
    names = {row["id"]: row["name"] for row in rows}
    for segment_id in segment_ids:
        name = names[segment_id]
        tag = Tag(id=uuid7(), nation_id=share.receiver_id, kind=TagKind.AUDIENCE, name=name)
        await tag.save(force_create=True)
        twin = Segment(
            id=uuid7(),
            nation_id=share.receiver_id,
            name=name,
            criteria=members_of_tag(tag.id),
            created_at=now,
            updated_at=now,
            locked_by_id=share.id,
        )
        with given_once(_taken(name)):
            await twin.save(force_create=True)
        await AudienceSegment.create(share_id=share.id, segment_id=segment_id, twin_id=twin.id, tag_id=tag.id)
        unit.changed(share.receiver_id, Noun.SEGMENT, [twin.id])


def members_of_tag(tag_id: UUID) -> dict[str, object]:
    """Criteria that exactly the bearers of a tag meet."""
    clause = {"attribute": Attribute.TAG.value, "operator": Operator.EQUALS.value, "values": [str(tag_id)]}
    return {"clause": clause}


async def remove_segments(unit: Unit, share: Share, segment_ids: Collection[UUID]) -> None:
    """Archive the target's segments for some of the source's; they are locked no longer, and keep who is in them."""
    rows = await AudienceSegment.filter(share_id=share.id, segment_id__in=list(segment_ids))
    twins = [row.twin_id for row in rows]
    await Segment.filter(id__in=twins).update(archived_at=await unit.now(), locked_by_id=None)
    await AudienceSegment.filter(id__in=[row.id for row in rows]).delete()
    unit.changed(share.receiver_id, Noun.SEGMENT, twins)


async def add_fields(unit: Unit, share: Share, slugs: Collection[str]) -> None:
    """Make and lock the definitions of custom fields in the target, as the source has them; what is there is locked."""
    theirs = {field.slug: field for field in await CustomField.filter(nation_id=share.sender_id, slug__in=list(slugs))}
    wanted = [(slug, theirs[slug].label, CustomKind(theirs[slug].kind), list(theirs[slug].options)) for slug in slugs]
    held = {field.slug: field for field in await CustomField.filter(nation_id=share.receiver_id, slug__in=list(slugs))}
    for slug, label, kind, options in wanted:
        await _define(unit, share, held.get(slug), slug, label, kind, options)


async def add_reference(unit: Unit, share: Share) -> None:
    """Make and lock the field by which the target knows whom it was given."""
    held = await CustomField.get_or_none(nation_id=share.receiver_id, slug=REFERENCE_SLUG)
    await _define(unit, share, held, REFERENCE_SLUG, REFERENCE_LABEL, CustomKind.TEXT, [])


async def _define(
    unit: Unit, share: Share, held: CustomField | None, slug: str, label: str, kind: CustomKind, options: list[str]
) -> None:
    if held is None:
        held = CustomField(
            id=uuid7(),
            nation_id=share.receiver_id,
            slug=slug,
            label=label,
            kind=kind,
            options=options,
            locked_by_id=share.id,
        )
        await held.save(force_create=True)
        made = True
    else:
        made = held.archived_at is not None
        held.archived_at = None
        held.locked_by_id = share.id
        if made:
            held.label, held.options = label, options
        await held.save(update_fields=["archived_at", "locked_by_id", "label", "options"])
    await unit.pg.execute(query("note_field"), share.id, held.id, made)
    unit.changed(share.receiver_id, Noun.CUSTOM_FIELD, [held.id])


async def remove_fields(unit: Unit, share: Share, slugs: Collection[str] | None = None) -> None:
    """Unlock definitions in the target (all of the share's where ``slugs`` is None), and archive those that it made."""
    rows = await unit.pg.fetch(query("release_fields"), share.id, None if slugs is None else list(slugs))
    unit.changed(share.receiver_id, Noun.CUSTOM_FIELD, [row["id"] for row in rows])


async def check_names(target_id: int, source_id: int, slug: str, customs: Sequence[str], path: Sequence[str]) -> None:
    """Make sure that a target can have the definitions of some custom fields of the source.

    Args:
        target_id: the target.
        source_id: the source.
        slug: what the target is called by, for the message.
        customs: the slugs.
        path: where the target stands in the input.

    Raises:
        InvalidInput: the target has a field of a slug and another kind, which never changes.
    """
    wanted = [*customs, REFERENCE_SLUG]
    held = {field.slug: field for field in await CustomField.filter(nation_id=target_id, slug__in=wanted)}
    kinds = {field.slug: field.kind for field in await CustomField.filter(nation_id=source_id, slug__in=list(customs))}
    kinds[REFERENCE_SLUG] = CustomKind.TEXT
    for name in wanted:
        if name in held and held[name].kind != kinds.get(name, held[name].kind):
            raise InvalidInput(
                f"{quote(slug)} has a custom field {quote(name)} of another kind, which never changes: share one of "
                "another slug.",
                *path,
                "customFields",
            )


async def check_segment_names(nation_id: int, slug: str, names: Sequence[tuple[int, str]], path: Sequence[str]) -> None:
    """Make sure that a target has no segments of its own that are called like those it is to get.

    Args:
        nation_id: the target.
        slug: what it is called by, for the message.
        names: the segments' names, each with its place in the input.
        path: where the target stands in the input.

    Raises:
        InvalidInput: it has one.
    """
    live = await Segment.filter(nation_id=nation_id, archived_at=None, locked_by_id=None).values_list("name", flat=True)
    held = {str(name).lower() for name in live}
    for place, name in names:
        if name.lower() in held:
            message = f"{quote(slug)} has a segment {quote(name)} already: rename one of the two."
            raise InvalidInput(message, *path, "segments", str(place))


async def keep_definitions(unit: Unit, terms: ShareTerms) -> None:
    """Have the target's segments and fields called as the source calls its own now, where that name is free."""
    await _rename_segments(unit, terms.id, terms.receiver_id)
    for row in await unit.pg.fetch(query("redefine_fields"), terms.id):
        unit.changed(terms.receiver_id, Noun.CUSTOM_FIELD, [row["id"]])


async def _rename_segments(unit: Unit, share_id: UUID, nation_id: int) -> None:
    """Call the target's segments as the source's are called now, as far as those names are or become free."""
    rows = await unit.pg.fetch(query("segments_called_otherwise"), share_id)
    found = renames({row["id"]: (row["wanted"], row["holder"]) for row in rows})
    if not found:
        return
    ids = list(found)
    for names in ([str(one) for one in ids], list(found.values())):  # no two have one name at any time
        await unit.pg.execute(query("call_segments"), ids, names)
    unit.changed(nation_id, Noun.SEGMENT, ids)


def _taken(name: str) -> InvalidInput:
    return InvalidInput(f"A target has a segment {quote(name)} already: rename one of the two.", "rules", "targets")
