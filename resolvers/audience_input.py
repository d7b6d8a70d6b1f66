"""Rules as clients give them, read into what the actions take."""

from collections.abc import Sequence
from uuid import UUID

from models.nation import Nation
from resolvers.ids import uuid_of
from schema.audience_rules import AudienceRulesInput, AudienceTargetInput
from sharing.audiences.rules import AudienceRules, TargetRule
from sharing.errors import InvalidInput, InvalidInputs, NotFound
from sharing.slugs import as_slug
from sharing.texts import quote


async def rules_of(source_id: int, rules: AudienceRulesInput) -> AudienceRules:
    """The rules that an input asks for; what a target leaves out it gets as all do.

    Args:
        source_id: the source, in whose network the targets are looked for.
        rules: the input.

    Raises:
        InvalidInputs: slugs that no nation of the network has, ids that are none; each by its path.
    """
    slugs = [as_slug(target.nation) for target in rules.targets]
    network = await Nation.filter(id=source_id).values_list("network_id", flat=True)
    fellows = Nation.filter(slug__in=[slug for slug in slugs if slug], network_id__in=[n for n in network if n])
    numbers = {nation.slug: nation.id for nation in await fellows}
    problems: list[InvalidInput] = []
    common = _ids(rules.segments, ("rules", "segments"), problems)
    found = []
    for place, (target, slug) in enumerate(zip(rules.targets, slugs, strict=True)):
        path = ("rules", "targets", str(place))
        if slug not in numbers:
            message = f"There is no nation {quote(target.nation)} in the network of the source: check the slug."
            problems.append(InvalidInput(message, *path, "nation"))
            continue
        assert slug is not None
        found.append(_rule(numbers[slug], target, rules, common, path, problems))
    if problems:
        raise InvalidInputs(problems)
    return AudienceRules(rules.group_name, tuple(found), rules.fires_automations, rules.sync_every_hours)


def _rule(
    nation_id: int,
    target: AudienceTargetInput,
    rules: AudienceRulesInput,
    common: tuple[UUID, ...],
    path: tuple[str, ...],
    problems: list[InvalidInput],
) -> TargetRule:
    own = common if target.segments is None else _ids(target.segments, (*path, "segments"), problems)
    fields = rules.fields if target.fields is None else target.fields
    customs = rules.custom_fields if target.custom_fields is None else target.custom_fields
    return TargetRule(nation_id, own, tuple(field.value for field in fields), tuple(customs))


def _ids(given: Sequence[str], path: tuple[str, ...], problems: list[InvalidInput]) -> tuple[UUID, ...]:
    found = []
    for place, text in enumerate(given):
        try:
            found.append(uuid_of("Segment", text, *path, str(place)))
        except NotFound:
            problems.append(InvalidInput("There is no such segment in the source.", *path, str(place)))
    return tuple(found)
