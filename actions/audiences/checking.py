"""Whether rules can be, as the source, its network and the targets stand now."""

from dataclasses import dataclass

from actions.audiences.twins import check_names, check_segment_names
from models.custom_field import CustomField
from models.nation import Nation
from models.segment import Segment
from models.share import Share
from models.tag import Tag, TagKind
from sharing.audiences.fields import REFERENCE_SLUG
from sharing.audiences.rules import AudienceRules, Surroundings, check_rules
from sharing.errors import InvalidInput, InvalidInputs
from sharing.lifecycle import ShareStatus
from sharing.texts import quote


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a target stands in the input, and what it is called."""

    place: int
    slug: str


async def checked(nation_id: int, rules: AudienceRules) -> AudienceRules:
    """Rules as they can be kept now, where the targets can take them.

    Args:
        nation_id: the source.
        rules: what is asked for.

    Raises:
        InvalidInputs: rules that cannot be; every fault is named by its place in the input.
    """
    nation = await Nation.get(id=nation_id)
    fellows = await Nation.filter(network_id=nation.network_id).exclude(id=nation_id) if nation.network_id else []
    segments = await Segment.filter(nation_id=nation_id, locked_by_id=None)
    customs = await CustomField.filter(nation_id=nation_id, archived_at=None).values_list("slug", flat=True)
    known = Surroundings(
        source_id=nation_id,
        targets={fellow.id: fellow.slug for fellow in fellows},
        segments={segment.id: segment.archived_at is not None for segment in segments},
        customs=frozenset(str(slug) for slug in customs) - {REFERENCE_SLUG},
        voters=frozenset(fellow.id for fellow in [nation, *fellows] if fellow.voters_enabled),
    )
    try:
        rules = check_rules(rules, known)
    except InvalidInputs as wrong:
        raise InvalidInputs([InvalidInput(fault.message, "rules", *fault.path) for fault in wrong.problems]) from None
    names = {segment.id: segment.name for segment in segments}
    problems: list[InvalidInput] = []
    for place, rule in enumerate(rules.targets):
        slug = known.targets[rule.nation_id]
        path = ("rules", "targets", str(place))
        try:
            await check_names(rule.nation_id, nation_id, slug, rule.customs, path)
            called = [(number, names[segment]) for number, segment in enumerate(rule.segments)]
            await check_segment_names(rule.nation_id, slug, called, path)
            await _check_target(nation_id, rule.nation_id, _Place(place, slug), rules.group_name)
        except InvalidInput as problem:
            problems.append(problem)
    if problems:
        raise InvalidInputs(problems)
    return rules


async def _check_target(source_id: int, nation_id: int, target: _Place, group_name: str) -> None:
    """Make sure that a target has no group of that name, and no other source."""
    taken = await Tag.filter(nation_id=nation_id, kind=TagKind.GROUP, archived_at=None, share_id=None)
    if group_name.lower() in {group.name.lower() for group in taken}:
        message = f"{quote(target.slug)} has a group {quote(group_name)} already: choose another name."
        raise InvalidInput(message, "rules", "groupName")
    others = Share.filter(kind="AUDIENCE", receiver_id=nation_id, status=ShareStatus.APPROVED)
    if await others.exclude(sender_id=source_id).exists():
        message = f"{quote(target.slug)} is given the audience of another source: a target has one."
        raise InvalidInput(message, "rules", "targets", str(target.place), "nation")
