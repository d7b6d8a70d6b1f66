"""The rules of an audience: what its source shares, with whom; read, checked, and kept as a document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sharing.audiences.fields import refusal_of
from sharing.errors import InvalidInput, InvalidInputs, Refused
from sharing.texts import line

MAX_NAME = 255
MAX_TARGETS = 500
MAX_SEGMENTS = 100
MAX_FIELDS = 200
MAX_HOURS = 168
EVERY_HOURS = 6
# The terms under which contacts are shared; whoever activates accepts the version that stands.
TERMS_VERSION = "2026-11"


@dataclass(frozen=True, slots=True)
class TargetRule:
    """What one target gets.

    Attributes:
        nation_id: the target.
        segments: the source's segments, in the order in which they were named.
        fields: the fields that travel, by catalogue key.
        customs: the custom fields that travel, by slug.
    """

    nation_id: int
    segments: tuple[UUID, ...]
    fields: tuple[str, ...] = ()
    customs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AudienceRules:
    """What a source shares.

    Attributes:
        group_name: what the group is called that holds everybody shared to a target.
        targets: one rule for each target.
        fires_automations: whether a sync may fire the field-change automations of targets.
        every_hours: how long after a sync the next one is due.
    """

    group_name: str
    targets: tuple[TargetRule, ...] = ()
    fires_automations: bool = False
    every_hours: int = EVERY_HOURS

    def of(self, nation_id: int) -> TargetRule | None:
        """The rule of one target."""
        return next((rule for rule in self.targets if rule.nation_id == nation_id), None)

    def without_target(self, nation_id: int) -> "AudienceRules":
        """The same rules, one target removed."""
        return replace(self, targets=tuple(rule for rule in self.targets if rule.nation_id != nation_id))

    def as_json(self) -> dict[str, Any]:
        """The document that ``rules_from_json`` reads."""
        return {
            "groupName": self.group_name,
            "firesAutomations": self.fires_automations,
            "everyHours": self.every_hours,
            "targets": [
                {
                    "nation": rule.nation_id,
                    "segments": [str(segment) for segment in rule.segments],
                    "fields": list(rule.fields),
                    "customs": list(rule.customs),
                }
                for rule in self.targets
            ],
        }


def rules_from_json(document: Mapping[str, Any]) -> AudienceRules:
    """The rules that ``as_json`` made a document of."""
    return AudienceRules(
        document["groupName"],
        tuple(
            TargetRule(
                rule["nation"],
                tuple(UUID(segment) for segment in rule["segments"]),
                tuple(rule["fields"]),
                tuple(rule["customs"]),
            )
            for rule in document["targets"]
        ),
        document["firesAutomations"],
        document["everyHours"],
    )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the rules of a source are checked against.

    Attributes:
        source_id: the source.
        targets: the other nations of its network, by number, with their slugs.
        segments: the source's segments that can be shared: whether each is archived.
        customs: the source's custom fields that are not archived, by slug.
        voters: the nations that have voters enabled.
    """

    source_id: int
    targets: Mapping[int, str]
    segments: Mapping[UUID, bool]
    customs: frozenset[str]
    voters: frozenset[int]


def check_rules(rules: AudienceRules, known: Surroundings) -> AudienceRules:
    """Rules as they can be kept: names trimmed, what is named twice once.

    Raises:
        InvalidInputs: rules that cannot be; every fault is named by its place in the input.
    """
    problems: list[InvalidInput] = []
    name = _group_name(rules.group_name, problems)
    if not 1 <= rules.every_hours <= MAX_HOURS:
        problems.append(InvalidInput(f"A sync is due every 1 to {MAX_HOURS} hours: choose as many.", "syncEveryHours"))
    if len(rules.targets) > MAX_TARGETS:
        problems.append(InvalidInput(f"At most {MAX_TARGETS} targets: {len(rules.targets):,} are named.", "targets"))
    targets = []
    for place, rule in enumerate(rules.targets[:MAX_TARGETS]):
        path = ("targets", str(place))
        if rule.nation_id in {other.nation_id for other in rules.targets[:place]}:
            problems.append(InvalidInput("This target is named twice: remove one.", *path, "nation"))
        problems += _check_target(rule, known, path)
        targets.append(
            TargetRule(
                rule.nation_id,
                tuple(dict.fromkeys(rule.segments)),
                tuple(dict.fromkeys(rule.fields)),
                tuple(dict.fromkeys(rule.customs)),
            )
        )
    if problems:
        raise InvalidInputs(problems)
    return replace(rules, group_name=name, targets=tuple(targets))


def _group_name(raw: str, problems: list[InvalidInput]) -> str:
    try:
        name = line(raw, MAX_NAME)
    except Refused as refused:
        problems.append(InvalidInput(f"The group's name: {refused}.", "groupName"))
        return ""
    if name is None:
        problems.append(InvalidInput("The group needs a name.", "groupName"))
    return name or ""


def _check_target(rule: TargetRule, known: Surroundings, path: tuple[str, ...]) -> list[InvalidInput]:
    problems: list[InvalidInput] = []
    if rule.nation_id == known.source_id:
        problems.append(InvalidInput("The source is no target of its own: name another nation.", *path, "nation"))
    elif rule.nation_id not in known.targets:
        problems.append(InvalidInput("There is no such nation in the network of the source.", *path, "nation"))
    if not rule.segments:
        problems.append(InvalidInput("Name at least one segment, or leave the target out.", *path, "segments"))
    problems += _too_many(rule.segments, MAX_SEGMENTS, "segments", path)
    problems += _too_many(rule.fields, MAX_FIELDS, "fields", path)
    problems += _too_many(rule.customs, MAX_FIELDS, "customFields", path)
    for place, segment in enumerate(rule.segments):
        archived = known.segments.get(segment)
        if archived is None:
            problem = "There is no such segment in the source."
        elif archived:
            problem = "The segment is archived: restore it first, or leave it out."
        else:
            continue
        problems.append(InvalidInput(problem, *path, "segments", str(place)))
    both_voters = {known.source_id, rule.nation_id} <= known.voters
    for place, key in enumerate(rule.fields):
        if refusal := refusal_of(key, both_voters=both_voters):
            problems.append(InvalidInput(refusal, *path, "fields", str(place)))
    for place, slug in enumerate(rule.customs):
        if slug not in known.customs:
            problem = "There is no such custom field in the source, or it is archived: leave it out."
            problems.append(InvalidInput(problem, *path, "customFields", str(place)))
    return problems[:100]


def _too_many(given: Sequence[object], most: int, name: str, path: tuple[str, ...]) -> list[InvalidInput]:
    if len(given) <= most:
        return []
    return [InvalidInput(f"{len(given):,} are too many for one target: name at most {most}.", *path, name)]
