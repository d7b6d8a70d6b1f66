"""Field-change automations: from what to what a field must change for one to fire, and which changes of people do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sharing.customs import CustomKind
from sharing.errors import InvalidInput, InvalidValue
from sharing.fields import CUSTOM_PREFIX, FIELDS
from sharing.kinds import Kind
from sharing.records import Record, Value
from sharing.texts import quote
from sharing.values import parse, parse_custom, text

BLANK = ""
_WHOLE = {Kind.ADDRESS: "an address", Kind.EMAILS: "the set of emails"}


@dataclass(frozen=True, slots=True)
class Custom:
    """A custom field, as far as a value of it is concerned: what it holds, and what a choice may be."""

    kind: CustomKind
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Automation:
    """What makes an automation fire.

    Attributes:
        id: the automation.
        field: the catalogue key, or ``custom:slug``.
        before: what the field must hold before, as text; ``BLANK`` for nothing, None for whatever.
        after: what it must hold afterwards, likewise.
        has_webhook: whether somebody is told over HTTP.
    """

    id: UUID
    field: str
    before: str | None = None
    after: str | None = None
    has_webhook: bool = False

    def fires_on(self, before: Value, after: Value) -> bool:
        """Whether it fires where its field held one value and holds another now. What stays as it is fires nothing."""
        if _comparable(before) == _comparable(after):
            return False
        return _fits(self.before, before) and _fits(self.after, after)


@dataclass(frozen=True, slots=True)
class Firing:
    """One automation that fires for one profile: what the field held and holds, as text, None where it is blank."""

    automation: Automation
    profile_id: UUID
    before: str | None
    after: str | None


def _comparable(value: Value) -> str | None:
    """A value as text. Emails are a set: in another order they are the same."""
    return text(tuple(sorted(value)) if isinstance(value, tuple) else value)


def _fits(wanted: str | None, value: Value) -> bool:
    return wanted is None or (text(value) or BLANK) == wanted


def firings(
    automations: Sequence[Automation], before: Mapping[UUID, Record], after: Mapping[UUID, Record]
) -> Iterator[Firing]:
    """What fires, automation by automation.

    Args:
        automations: those of the nation that are on.
        before: the profiles as they were, those that changed among them, with every field that was written.
        after: those that were written, as they are now.
    """
    for automation in automations:
        for profile_id, record in after.items():
            old, new = before[profile_id].value(automation.field), record.value(automation.field)
            if automation.fires_on(old, new):
                yield Firing(automation, profile_id, text(old), text(new))


def read_value(key: str, custom: Custom | None, raw: str | None, path: str, *, country: str) -> str | None:
    """What a field must hold for an automation to fire, in the form in which values are compared.

    Args:
        key: the catalogue key, or ``custom:slug``.
        custom: the custom field, where it is one.
        raw: as the admin wrote it; blank for nothing, None for whatever.
        path: the input, for the error.
        country: the nation's country, by which phones and postcodes are read that name none.

    Returns:
        The value as text; ``BLANK`` for nothing, None for whatever.

    Raises:
        InvalidInput: the field cannot hold it, or is one that is never compared with a value.
    """
    if raw is None or not raw.strip():
        return None if raw is None else BLANK
    whole = None if custom else _WHOLE.get(FIELDS[key].kind)
    if whole is not None:
        how = "leave this out, or give an empty text for blank"
        raise InvalidInput(f"{FIELDS[key].label} is {whole}, which is not compared with a value: {how}.", path)
    try:
        if custom is not None:
            return text(parse_custom(custom.kind, custom.options, raw, key=key)) or BLANK
        return text(parse(key, raw, country=country)) or BLANK
    except InvalidValue as problem:
        raise InvalidInput(problem.message, path) from None


def check_change(before: str | None, after: str | None) -> None:
    """Make sure that there can be such a change.

    Raises:
        InvalidInput: both values are the same.
    """
    if before is not None and before == after:
        shown = quote(before) if before else "blank"
        raise InvalidInput(f"From {shown} to {shown} is no change: it would never fire. Choose another.", "toValue")


def field_key(field: str | None, custom_field: str | None) -> str:
    """The key of the field that an automation watches, from what the input names.

    Raises:
        InvalidInput: not exactly one is named, or the field is none of the catalogue's.
    """
    if (field is None) == (custom_field is None):
        raise InvalidInput("Give exactly one of field and customField.", "field")
    if custom_field is not None:
        return CUSTOM_PREFIX + custom_field
    if field not in FIELDS or field == "custom_fields":
        raise InvalidInput(f"There is no field {quote(str(field))}: custom fields go by customField.", "field")
    return str(field)
