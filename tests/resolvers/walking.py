"""Walking the schema by introspection: every place where a client names something, and operations that ask there.

A field that names things by an argument not known here fails the isolation tests, which say what to add.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    get_named_type,
    is_required_argument,
    is_required_input_field,
)

from tests.resolvers.whole import ANYBODY, ASKING, GRAPH, NODES, ROOTS, UnknownError, selected

ANY = "any node"
# What an argument or input field names, by its place or, failing that, by its own name: a type of the API, or a word of
# which the isolation tests have examples.
NAMES = {
    "Query.node.id": ANY,
    "Query.nodes.ids": ANY,
    "Subscription.share.id": "TagShare",
    "Subscription.shareStats.id": "TagShare",
    "Nation.profile.id": "Profile",
    "Query.explainMatch.match": "Match",
    "Query.explainMatch.receiverProfile": "Profile",
    "Query.nation.slug": "slug",
    "Query.network.slug": "network slug",
    "Mutation.signIn.input.email": "login",
    "NetworkManagerInput.email": "network login",
    "nation": "Nation",
    "nationId": "Nation",
    "profileId": "Profile",
    "profileIds": "Profile",
    "duplicateIds": "Profile",
    "matchId": "Match",
    "tag": "Tag",
    "tagId": "Tag",
    "networkId": "Network",
    "customFieldId": "CustomField",
    "segmentId": "Segment",
    "segments": "Segment",
    "audienceId": "Audience",
    "groupId": "Group",
    "automationId": "Automation",
    "deliveryId": "WebhookDelivery",
    "customField": "custom field",
    "shareId": "TagShare",
    "runId": "SyncRun",
    "matchIds": "Match",
    "conflictIds": "Conflict",
    "conflictId": "Conflict",
    "email": "email",
    "externalId": "external id",
    "search": "search",
    "CustomValueInput.slug": "custom field",
    "customFields": "custom field",
}
# What names nothing, by name or by the input type that holds it, and what names what everybody may know of.
PLAIN = frozenset(
    {
        *("name", "password", "country", "label", "options", "ProfileInput", "AddressInput", "idempotencyKey"),
        *("SegmentClauseInput.component", "SegmentClauseInput.values"),
        *("CustomValueInput.value", "CreateCustomFieldInput.slug"),
        *("groupName", "acceptedTerms", "fromValue", "toValue", "webhookUrl"),
        *("SeenConflictInput.senderValue", "SeenConflictInput.receiverValue"),
    }
)
# Ids that clients make up for what is not there yet: whoever knows another's can find out that it is taken, and no more.
NEW = frozenset(
    f"Mutation.create{kind}.input.id" for kind in ("Automation", "CustomField", "Group", "Profile", "Segment", "Tag")
)
# A share begins with another nation's slug: there each bad one has to be named; so has a nation of the same network.
PUBLIC = frozenset({"receiverSlugs", "sourceSlug", "AudienceTargetInput.nation"})
CURSORS = frozenset({"after", "before"})
# What is required besides.
FILL: Mapping[str, Any] = {
    "name": "A name",
    "password": "not the password of anybody",
    "label": "A label",
    "slug": "a_slug",
    "groupName": "A group",
    "acceptedTerms": "some",
    "criteria": {"clause": {"field": "LAST_NAME", "operator": "IS_BLANK"}},
}
# Types that are no nodes and take arguments all the same: the node that leads to them, and how.
WAYS = {"SegmentPreview": ("Nation", f"segmentPreview(criteria: {ANYBODY})")}

Argument = GraphQLArgument | GraphQLInputField


@dataclass(frozen=True)
class Place:
    """A place where a client names something.

    Attributes:
        owner: the type whose field it is.
        field: the field.
        path: the argument, and the input fields within it.
        holder: the input type that holds it, the owner for an argument.
        type: what it takes.
    """

    owner: str
    field: str
    path: tuple[str, ...]
    holder: str
    type: Any

    def __str__(self) -> str:
        return ".".join((self.owner, self.field, *self.path))

    @property
    def names(self) -> str | None:
        """What it names; empty for nothing, None where nobody said."""
        scalar, name = get_named_type(self.type).name, self.path[-1]
        if str(self) in NEW:
            return ""
        if scalar == "EventCursor":
            return "event cursor"
        if name in CURSORS:
            return "cursor"
        for known in (str(self), f"{self.holder}.{name}", name):
            if known in NAMES and not (scalar != "ID" and {self.holder, f"{self.holder}.{name}"} & (PLAIN | PUBLIC)):
                return NAMES[known]
        if scalar != "ID" and {name, self.holder, f"{self.holder}.{name}"} & (PLAIN | PUBLIC):
            return ""
        return None

    @property
    def is_list(self) -> bool:
        """Whether it takes several."""
        kind = self.type.of_type if isinstance(self.type, GraphQLNonNull) else self.type
        return isinstance(kind, GraphQLList)


def places() -> list[Place]:
    """Return every place of the schema that takes text."""
    return [
        place
        for kind in GRAPH.type_map.values()
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__")
        for name, field in kind.fields.items()
        for place in places_of(kind.name, name, field)
    ]


def places_of(owner: str, name: str, field: GraphQLField) -> Iterator[Place]:
    """Give the places of a field that take text: numbers, moments and choices name nothing."""

    def within(
        holder: str, path: tuple[str, ...], items: Mapping[str, Any], around: tuple[str, ...] = ()
    ) -> Iterator[Place]:
        for key, item in items.items():
            inner = get_named_type(item.type)
            if isinstance(inner, GraphQLInputObjectType):
                if inner.name not in around:  # what holds itself has no more places further in
                    yield from within(inner.name, (*path, key), inner.fields, (*around, inner.name))
            elif isinstance(inner, GraphQLScalarType) and inner.name not in NO_NAMES:
                yield Place(owner, name, (*path, key), holder, item.type)

    yield from within(owner, (), field.args)


NO_NAMES = frozenset({"Int", "Float", "Boolean", "Date", "DateTime"})


def arguments(place: Place, values: Mapping[tuple[str, ...], str], own: Mapping[str, str]) -> dict[str, Any]:
    """Return the arguments of a place's field: these values, by path, and whatever else it requires.

    Args:
        place: any place of the field.
        values: what to give, by path.
        own: what the caller may name besides, by what it is.

    Raises:
        UnknownError: the field requires something of which nobody said what to give.
    """

    def made(holder: str, path: tuple[str, ...], item: Argument) -> Any:
        kind = item.type.of_type if isinstance(item.type, GraphQLNonNull) else item.type
        inner = get_named_type(kind)
        if isinstance(inner, GraphQLInputObjectType):
            found: Any = within(inner.name, path, inner.fields) or FILL.get(path[-1], {})
        elif path in values:
            found = values[path]
        else:
            names = Place(place.owner, place.field, path, holder, item.type).names
            found = own.get(names or path[-1], FILL.get(path[-1]))
        if found is None and isinstance(inner, GraphQLEnumType):
            found = next(iter(inner.values))
        if found is None:
            where = ".".join((place.owner, place.field, *path))
            raise UnknownError(
                f"{where} is required: say what it names in NAMES of {__name__}, or what to give in FILL."
            )
        return [found] if isinstance(kind, GraphQLList) else found

    def within(holder: str, path: tuple[str, ...], items: Mapping[str, Any]) -> dict[str, Any]:
        wanted = {key for key, item in items.items() if _is_required(item)}
        wanted |= {given[len(path)] for given in values if given[: len(path)] == path and len(given) > len(path)}
        return {key: made(holder, (*path, key), items[key]) for key in sorted(wanted)}

    return within(place.owner, (), _field(place).args)


def document(place: Place, given: Mapping[str, Any]) -> str:
    """Return an operation that asks for a place's field with these arguments, of the node ``$own`` unless of a root.

    Its variables are the arguments, ``$own``, and ``$asking``, which is the nation that asks.

    Raises:
        UnknownError: nothing leads to the field's type.
    """
    field = _field(place)
    declared = "".join(f" ${name}: {field.args[name].type}" for name in given)
    passed = "(" + ", ".join(f"{name}: ${name}" for name in given) + ")"
    asked = f"{place.field}{passed} {selected(field.type)}"
    if place.owner in ROOTS:
        return f"{ROOTS[place.owner]}({ASKING}{declared}) {{ {asked} }}"
    owner, asked = led(place.owner, asked)
    if owner not in NODES:
        raise UnknownError(f"{place} is on no node: say in {__name__} how to get there.")
    return f"query({ASKING} $own: ID!{declared}) {{ node(id: $own) {{ ... on {owner} {{ {asked} }} }} }}"


def led(owner: str, asked: str) -> tuple[str, str]:
    """Return the node on which to ask for something of a type, and how."""
    if owner not in WAYS:
        return owner, asked
    node, way = WAYS[owner]
    return node, f"{way} {{ {asked} }}"


def _field(place: Place) -> GraphQLField:
    field: GraphQLField = GRAPH.type_map[place.owner].fields[place.field]  # type: ignore[attr-defined]
    return field


def _is_required(item: Argument) -> bool:
    return is_required_argument(item) if isinstance(item, GraphQLArgument) else is_required_input_field(item)
