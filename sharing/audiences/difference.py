"""What changing the rules of an audience changes in its targets, told before it is done."""

from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from sharing.audiences.rules import AudienceRules, TargetRule

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class TargetChange:
    """What changes for one target.

    Attributes:
        nation_id: the target.
        is_new: it had no rule before.
        is_removed: it has none afterwards: all that the sharing made there is archived.
        added_segments: segments that come.
        removed_segments: segments that go: they are archived, with those who are in no other.
        added_fields: fields that begin to travel, custom ones as ``custom:slug``.
        removed_fields: fields that travel no longer; the definitions of custom ones that the sharing made are archived.
    """

    nation_id: int
    is_new: bool
    is_removed: bool
    added_segments: tuple[UUID, ...]
    removed_segments: tuple[UUID, ...]
    added_fields: tuple[str, ...]
    removed_fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What changes from some rules to others.

    Attributes:
        old_group_name: what the group was called; None where that stays, or there was none.
        fires_automations: whether syncs may fire automations from now on; None where that stays.
        targets: what changes, by target; those for whom nothing does are left out.
    """

    old_group_name: str | None
    fires_automations: bool | None
    targets: tuple[TargetChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes in any target."""
        return not self.targets and self.old_group_name is None and self.fires_automations is None


def difference(before: AudienceRules | None, after: AudienceRules | None) -> Difference:
    """What changes from some rules, or none, to others, or none.

    Args:
        before: the rules that are applied.
        after: the rules that are to be.
    """
    old = {rule.nation_id: rule for rule in before.targets} if before else {}
    new = {rule.nation_id: rule for rule in after.targets} if after else {}
    changes = (_change(nation_id, old.get(nation_id), new.get(nation_id)) for nation_id in dict.fromkeys((*old, *new)))
    renamed = before is not None and after is not None and before.group_name != after.group_name
    fires = after is not None and (before is None or before.fires_automations != after.fires_automations)
    return Difference(
        before.group_name if before is not None and renamed else None,
        after.fires_automations if after is not None and fires and (before or after.fires_automations) else None,
        tuple(change for change in changes if change),
    )


def _change(nation_id: int, old: TargetRule | None, new: TargetRule | None) -> TargetChange | None:
    segments = _apart(old.segments if old else (), new.segments if new else ())
    fields = _apart(_fields(old), _fields(new))
    if not any((*segments, *fields)) and old and new:
        return None
    return TargetChange(nation_id, old is None, new is None, *segments, *fields)


def _fields(rule: TargetRule | None) -> tuple[str, ...]:
    return (*rule.fields, *(f"custom:{slug}" for slug in rule.customs)) if rule else ()


def _apart(old: tuple[Item, ...], new: tuple[Item, ...]) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    return tuple(item for item in new if item not in old), tuple(item for item in old if item not in new)
