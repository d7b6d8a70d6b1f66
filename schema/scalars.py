"""Scalars: moments, days, and the cursors of a nation's log."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import NewType

import strawberry
from graphql import GraphQLError
from strawberry.types.scalar import ScalarDefinition

# Where one stands in a nation's log of events. Opaque to clients; resolvers seal and open it.
EventCursor = NewType("EventCursor", str)


def _moment(value: datetime) -> str:
    """A moment in UTC, as RFC 3339 writes it."""
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.isoformat().replace("+00:00", "Z")


def _parse_moment(raw: object) -> datetime:
    try:
        moment = datetime.fromisoformat(raw) if isinstance(raw, str) else None
    except ValueError:
        moment = None
    if moment is None:
        raise GraphQLError(f"{raw!r:.80} is not a moment: write it as 2026-11-21T08:30:00Z.")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _parse_text(raw: object) -> str:
    """Take text as it is: what takes the value says what is wrong with it, among the other problems of the input."""
    if not isinstance(raw, str):
        raise GraphQLError(f"{raw!r:.80} is not text: write it in quotes.")
    return raw


SCALARS: Mapping[object, ScalarDefinition] = {
    EventCursor: strawberry.scalar(
        name="EventCursor",
        description="A place in a nation's log of events. Opaque: keep it, and give it back to go on from there.",
        serialize=str,
        parse_value=_parse_text,
    ),
    datetime: strawberry.scalar(
        name="DateTime",
        description="A moment in UTC, as RFC 3339 writes it: `2026-11-21T08:30:00.123456Z`.",
        specified_by_url="https://scalars.graphql.org/andimarek/date-time.html",
        serialize=_moment,
        parse_value=_parse_moment,
    ),
    date: strawberry.scalar(
        name="Date",
        description="A day, as ISO 8601 writes it: `1980-12-31`. Inputs take `12/31/1980` besides.",
        specified_by_url="https://scalars.graphql.org/andimarek/local-date.html",
        serialize=date.isoformat,
        parse_value=_parse_text,
    ),
}
