"""The header of an import: which column holds what, worked out once, then applied to row after row."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sharing.addresses import address
from sharing.customs import CustomKind
from sharing.emails import emails
from sharing.errors import InvalidFile, InvalidValue, Refused
from sharing.fields import ADDRESSES, CUSTOM_PREFIX
from sharing.header_names import HEADERS, PRIMARY, TAG_LIST, Target, TargetKind, normalised
from sharing.records import Value
from sharing.texts import MAX_IDENTIFIER, line, quote
from sharing.values import PARSERS, Parser, boolean, invalid, parse_custom

_HOME = "home_address"
_NAMED = 5


class CustomColumn(NamedTuple):
    """A custom field of the nation that imports."""

    slug: str
    kind: CustomKind
    options: Sequence[str] = ()
    label: str = ""


class RowValues(NamedTuple):
    """What one row says.

    Attributes:
        values: catalogue key or ``custom:slug`` to value; a blank cell says nothing, so no value here is None.
        tags: names of tags, each once.
        flags: is_supporter and is_prospect, as far as given.
        errors: what is wrong with the row; unless this is empty, it is not to be taken.
    """

    values: dict[str, Value]
    tags: tuple[str, ...]
    flags: dict[str, bool]
    errors: list[InvalidValue]


class HeaderPlan:
    """How the rows under one header become values.

    Where several columns stand for one thing (``birthdate`` and ``born_at``), the catalogue's own name takes precedence
    and the others fill in where it is blank. A primary address becomes the home address where the row names neither a
    home address nor another that equals it.

    Attributes:
        targets: for each column in turn what it stands for, None where it is not known.
        unknown: the headers that are not known, as given; their columns are passed over.

    Raises:
        InvalidFile: on making it, when two columns bear one name, or when no column says anything about a person.
    """

    def __init__(
        self, header: Sequence[str], *, country: str = "US", customs: Iterable[CustomColumn] = (), at: int = 1
    ) -> None:
        columns = {normalised(CUSTOM_PREFIX + custom.slug): custom for custom in customs}
        known = {normalised(custom.slug): _target(custom) for custom in columns.values()}
        known |= HEADERS
        known |= {name: _target(custom) for name, custom in columns.items()}
        names = [normalised(cell) for cell in header]
        _refuse_repeated(names, at)
        self.targets: tuple[Target | None, ...] = tuple(known.get(name) for name in names)
        self.unknown = tuple(
            cell for cell, name, target in zip(header, names, self.targets, strict=True) if name and target is None
        )
        if all(target is None or target.kind in (TargetKind.TAGS, TargetKind.FLAG) for target in self.targets):
            raise InvalidFile(
                "No column of the header is known; name columns after fields, such as first_name, last_name, email1, "
                f"home_address1 or external_id. It has: {_listed(header)}.",
                at,
            )
        self._country = country
        self._customs = {CUSTOM_PREFIX + custom.slug: custom for custom in columns.values()}
        self._arrange(names, list(known))

    def _arrange(self, names: Sequence[str], precedence: Sequence[str]) -> None:
        """Sorts the columns by what they feed, those that take precedence first."""
        ranks = {name: rank for rank, name in enumerate(precedence)}
        found = sorted((ranks[name], index) for index, name in enumerate(names) if self.targets[index] is not None)
        placed = [(index, target) for _, index in found if (target := self.targets[index]) is not None]

        def of(kind: TargetKind) -> list[tuple[int, str]]:
            return [(index, target.key) for index, target in placed if target.kind is kind]

        self._fields: list[tuple[int, str, Parser]] = [
            (index, key, PARSERS[key]) for index, key in of(TargetKind.FIELD)
        ]
        self._emails = [index for index, _ in of(TargetKind.EMAIL)]
        self._tags = [index for index, _ in of(TargetKind.TAGS)]
        self._flags = of(TargetKind.FLAG)
        self._custom = [(index, key, self._customs[key]) for index, key in of(TargetKind.CUSTOM)]
        self._addresses: list[tuple[str, list[int], list[tuple[int, str]]]] = []
        for key in (*ADDRESSES, PRIMARY):
            whole = [index for index, other in of(TargetKind.WHOLE) if other == key]
            # Of two columns for one component the first takes precedence: it comes last, over the other.
            parts = [(index, target.component) for index, target in reversed(placed) if target.key == key]
            parts = [(index, component) for index, component in parts if component]
            if whole or parts:
                self._addresses.append((key, whole, parts))

    def row_to_values(self, cells: Sequence[str]) -> RowValues:
        """What a row says, given as many cells as the header has columns."""
        values: dict[str, Value] = {}
        errors: list[InvalidValue] = []
        country = self._country
        for index, key, parser in self._fields:
            if raw := cells[index]:
                try:
                    value = parser(raw, country)
                except Refused as refused:
                    errors.append(invalid(key, refused))
                    continue
                if value is not None and key not in values:
                    values[key] = value
        if self._addresses:
            self._put_addresses(cells, values, errors)
        if self._emails and (raw := ",".join([cells[index] for index in self._emails])):
            try:
                if found := emails(raw):
                    values["emails"] = found
            except Refused as refused:
                errors.append(invalid("emails", refused))
        if self._custom:
            self._put_customs(cells, values, errors)
        return RowValues(values, self._tags_of(cells, errors), self._flags_of(cells, errors), errors)

    def _put_addresses(self, cells: Sequence[str], values: dict[str, Value], errors: list[InvalidValue]) -> None:
        for key, whole, parts in self._addresses:
            given = {component: raw for index, component in parts if (raw := cells[index])}
            document = ""
            for index in whole:
                if (raw := cells[index].strip()).startswith("{"):
                    document = raw
                elif raw:
                    given.setdefault("address1", raw)
            if not (given or document):
                continue
            try:
                value = address(given or document, self._country)
            except Refused as refused:
                errors.append(invalid(_HOME if key == PRIMARY else key, refused))
                continue
            if value is None:
                continue
            if key != PRIMARY:
                values[key] = value
            elif _HOME not in values and all(value != values.get(other) for other in ADDRESSES):
                values[_HOME] = value

    def _put_customs(self, cells: Sequence[str], values: dict[str, Value], errors: list[InvalidValue]) -> None:
        for index, key, custom in self._custom:
            try:
                value = parse_custom(
                    custom.kind, custom.options, cells[index], key=key, label=custom.label or custom.slug
                )
            except InvalidValue as error:
                errors.append(error)
                continue
            if value is not None and key not in values:
                values[key] = value

    def _tags_of(self, cells: Sequence[str], errors: list[InvalidValue]) -> tuple[str, ...]:
        tags: dict[str, str] = {}
        for index in self._tags:
            for raw in cells[index].split(","):
                try:
                    tag = line(raw, MAX_IDENTIFIER)
                except Refused as refused:
                    errors.append(InvalidValue(TAG_LIST, f"Tags: {refused}."))
                    continue
                if tag is not None:
                    tags.setdefault(tag.casefold(), tag)
        return tuple(tags.values())

    def _flags_of(self, cells: Sequence[str], errors: list[InvalidValue]) -> dict[str, bool]:
        flags: dict[str, bool] = {}
        for index, flag in self._flags:
            try:
                value = boolean(cells[index])
            except Refused as refused:
                errors.append(InvalidValue(flag, f"{flag.replace('_', ' ').capitalize()}: {refused}."))
                continue
            if value is not None:
                flags[flag] = value
        return flags


def _target(custom: CustomColumn) -> Target:
    return Target(TargetKind.CUSTOM, CUSTOM_PREFIX + custom.slug)


def _refuse_repeated(names: Sequence[str], at: int) -> None:
    seen: dict[str, int] = {}
    for column, name in enumerate(names, 1):
        if name and name in seen:
            raise InvalidFile(
                f"The header {quote(name)} stands over columns {seen[name]} and {column}; rename or remove one.", at
            )
        seen[name] = column


def _listed(header: Sequence[str]) -> str:
    shown = ", ".join(quote(cell) for cell in header[:_NAMED])
    return f"{shown} and {len(header) - _NAMED:,} more" if len(header) > _NAMED else shown
