"""Made-up criteria of segments, and people who may meet them."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from sharing.customs import CustomKind
from sharing.segments.clauses import KnownCustom

TEXTS = ("Ann", "ann", "ANNA", "Änn", "ÄNN", "a%b", "a_b", "a\\b", "aXb", "Straße", "ΣΑΣ", "x")
PARTS = ("a", "A", "nn", "%", "_", "\\", "ä", "Σ", "a*b", "?nn", "*", "ss", " ")
DATES = (
    date(1980, 2, 29),
    date(1981, 2, 28),
    date(1990, 3, 1),
    date(2027, 2, 28),
    date(2027, 2, 20),
    date(1970, 12, 31),
)
TAGS = (UUID(int=1), UUID(int=2))
GROUPS = (UUID(int=3), UUID(int=4))
CUSTOMS = {
    "note": KnownCustom(CustomKind.TEXT),
    "shoe": KnownCustom(CustomKind.NUMBER),
    "paid": KnownCustom(CustomKind.CHECKBOX),
    "size": KnownCustom(CustomKind.CHOICE, ("S", "M")),
}
NUMBERS = ("-1.5", "0", "2", "10", "9.25")

PERSON = st.fixed_dictionaries(
    {},
    optional={
        "first_name": st.sampled_from(TEXTS),
        "bio": st.sampled_from(TEXTS),
        "birthdate": st.sampled_from(DATES),
        "is_deceased": st.booleans(),
        "support_level": st.integers(1, 5),
        "home_address": st.fixed_dictionaries({"city": st.sampled_from(TEXTS)}),
        "emails": st.lists(
            st.sampled_from(["ann@example.org", "bo@example.org", "a_b@example.org"]), max_size=2, unique=True
        ),
        "custom:note": st.sampled_from(TEXTS),
        "custom:shoe": st.sampled_from(NUMBERS),
        "custom:paid": st.booleans(),
        "custom:size": st.sampled_from(["S", "M"]),
        "is_supporter": st.booleans(),
        "tags": st.sets(st.sampled_from(TAGS)),
        "groups": st.sets(st.sampled_from(GROUPS)),
        "put_away": st.booleans(),
    },
)


def _clause(about: dict[str, Any], operators: list[str], value: st.SearchStrategy[str], **more: Any) -> Any:
    """Clauses about one thing, whose values any of the operators can take."""
    many = {"IN": st.lists(value, min_size=1, max_size=3), "BETWEEN": st.lists(value, min_size=2, max_size=2)}
    fixed = []
    for operator in operators:
        values = many.get(operator, st.lists(value, min_size=1, max_size=1))
        if operator == "BETWEEN":
            values = values.map(lambda pair: sorted(pair, key=more.get("key", str)))
        if operator == "IS_BLANK" or operator in DAYS:
            values = st.just([])
        days = st.sampled_from([0, 1, 3, 60, 400]) if operator in DAYS else st.none()
        fixed.append(
            st.fixed_dictionaries(
                {**{k: st.just(v) for k, v in about.items()}, "operator": st.just(operator), "values": values, "days": days,
                 "caseSensitive": st.booleans()}
            )
        )  # fmt: skip
    return st.one_of(fixed)


DAYS = ("IN_LAST_DAYS", "IN_NEXT_DAYS", "ANNIVERSARY")
WHOLE = ["EQUALS", "NOT_EQUALS", "IN", "IS_BLANK"]
LIKE = ["CONTAINS", "STARTS_WITH", "GLOB"]
SCALE = [*WHOLE, "LESS", "GREATER", "BETWEEN"]
texts, parts = st.sampled_from(TEXTS), st.sampled_from(PARTS)
dates = st.sampled_from([day.isoformat() for day in DATES])
moments = st.sampled_from(["2020-01-01T00:00:00Z", "2027-02-28T15:30:00+02:00", "2026-12-31T23:59:59.5-05:00"])
flags = st.sampled_from(["true", "false"])
addresses = st.sampled_from(["Ann@example.org", "bo@example.org"])
CLAUSES = st.one_of(
    _clause({"field": "first_name"}, WHOLE, texts),
    _clause({"field": "bio"}, LIKE, parts),
    _clause({"field": "home_address", "component": "city"}, WHOLE, texts),
    _clause({"field": "home_address", "component": "city"}, LIKE, parts),
    _clause({"field": "home_address"}, ["IS_BLANK"], texts),
    _clause({"field": "emails"}, WHOLE, addresses),
    _clause({"field": "emails"}, LIKE, parts),
    _clause({"field": "birthdate"}, [*SCALE, *DAYS], dates),
    _clause({"field": "is_deceased"}, ["EQUALS", "NOT_EQUALS", "IS_BLANK"], flags),
    _clause({"field": "support_level"}, SCALE, st.sampled_from(["1", "3", "5"])),
    _clause({"customField": "note"}, WHOLE, texts),
    _clause({"customField": "shoe"}, SCALE, st.sampled_from(NUMBERS), key=float),
    _clause({"customField": "paid"}, ["EQUALS", "NOT_EQUALS", "IS_BLANK"], flags),
    _clause({"customField": "size"}, [*WHOLE, "CONTAINS"], st.sampled_from(["S", "M"])),
    _clause({"attribute": "TAG"}, WHOLE, st.sampled_from([str(tag) for tag in TAGS])),
    _clause({"attribute": "GROUP"}, WHOLE, st.sampled_from([str(group) for group in GROUPS])),
    _clause({"attribute": "CREATED_AT"}, ["LESS", "GREATER", "IN_LAST_DAYS"], moments),
    _clause({"attribute": "UPDATED_AT"}, ["LESS", "GREATER", "IN_LAST_DAYS"], moments),
    _clause({"attribute": "IS_SUPPORTER"}, ["EQUALS", "NOT_EQUALS", "IS_BLANK"], flags),
)
CRITERIA = st.recursive(
    st.builds(lambda clause: {"clause": clause}, CLAUSES),
    lambda inner: st.one_of(
        st.builds(lambda some: {"all": some}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda some: {"any": some}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda one: {"not": one}, inner),
    ),
    max_leaves=5,
)
