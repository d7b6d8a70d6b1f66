"""Everything in the schema says what it is, and fits together as clients need it."""

import re
from itertools import combinations

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLScalarType,
    build_schema,
    get_named_type,
    is_leaf_type,
    specified_scalar_types,
)

from resolvers.roots import print_sdl

SDL = print_sdl()
SCHEMA = build_schema(SDL)
OURS = {
    name: kind
    for name, kind in SCHEMA.type_map.items()
    if not name.startswith("__") and name not in specified_scalar_types
}

# Fields of one name that two nodes have, each of its own type, as clients know them; and the same field by a name of its own,
# for whoever selects both under one `node`.
ALIASED = {
    ("customFields", "Nation", "TagShare"): ("TagShare", "customFieldSlugs"),
    ("customFields", "Profile", "TagShare"): ("TagShare", "customFieldSlugs"),
    ("state", "Conflict", "Match"): ("Match", "matchState"),
}


def described():
    """Yield everything that needs a description, with it."""
    for name, kind in OURS.items():
        yield name, kind.description
        if isinstance(kind, GraphQLEnumType):
            yield from ((f"{name}.{value}", found.description) for value, found in kind.values.items())
        elif isinstance(kind, GraphQLInputObjectType):
            yield from ((f"{name}.{field}", found.description) for field, found in kind.fields.items())
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for field, found in kind.fields.items():
                yield f"{name}.{field}", found.description
                yield from ((f"{name}.{field}({arg})", given.description) for arg, given in found.args.items())


def test_everything_is_described():
    assert [name for name, description in described() if not description] == []


def test_descriptions_are_sentences():
    assert [name for name, description in described() if not (description or "").rstrip("`").endswith(".")] == []


def test_everything_with_an_id_is_a_node():
    objects = {name: kind for name, kind in OURS.items() if isinstance(kind, GraphQLObjectType)}
    with_id = {name for name, kind in objects.items() if "id" in kind.fields}
    nodes = {name for name, kind in objects.items() if "Node" in {found.name for found in kind.interfaces}}
    assert with_id == nodes
    assert nodes == {
        "Nation", "Profile", "Tag", "TagShare", "Match", "Conflict", "SyncRun", "ImportRun", "User",
        "Network", "CustomField", "Segment", "Audience", "AudienceShare", "AudienceMatch", "AudienceRun", "Group",
        "Automation", "WebhookDelivery",
    }  # fmt: skip


def test_nodes_that_meet_agree_on_what_a_field_is():
    """Two members of one selection cannot answer one name with two types, unless the client gives an alias."""
    interface = SCHEMA.type_map["Node"]
    assert isinstance(interface, GraphQLInterfaceType)
    clashes = set()
    for one, other in combinations(sorted(SCHEMA.get_possible_types(interface), key=lambda kind: kind.name), 2):
        for name in one.fields.keys() & other.fields.keys():
            types = one.fields[name].type, other.fields[name].type
            leaves = all(is_leaf_type(get_named_type(kind)) for kind in types)
            shapes = {
                str(kind).replace(get_named_type(kind).name, "" if not leaves else str(get_named_type(kind)))
                for kind in types
            }
            if len(shapes) > 1 or len({is_leaf_type(get_named_type(kind)) for kind in types}) > 1:
                clashes.add((name, one.name, other.name))
    assert clashes == ALIASED.keys()
    for (name, *_), (owner, own_name) in ALIASED.items():
        fields = {kind.name: kind.fields for kind in SCHEMA.get_possible_types(interface)}
        assert str(fields[owner][own_name].type) == str(fields[owner][name].type)
        assert {str(found[own_name].type) for found in fields.values() if own_name in found} == {
            str(fields[owner][name].type)
        }


def test_lists_are_paged_or_short():
    """A list that may be long is a connection; plain lists are of values, or bounded by what they belong to."""
    plain = {
        f"{name}.{field}"
        for name, kind in OURS.items()
        if isinstance(kind, GraphQLObjectType)
        for field, found in kind.fields.items()
        if "[" in str(found.type) and isinstance(get_named_type(found.type), GraphQLObjectType | GraphQLInterfaceType)
        if not name.endswith("Connection")
    }
    assert plain == {
        "AudienceDifference.changes",
        "AudienceShare.sharedSegments",
        "AudienceTarget.sharedSegments",
        "AudienceTargetChange.addedSegments",
        "AudienceTargetChange.removedSegments",
        "AudienceRun.heldBy",
        "Candidate.evidence",
        "ChangeBatch.events",
        "ConflictsPayload.conflicts",
        "CreateTagSharesPayload.shares",
        "InvalidInputError.problems",
        "MatchExplanation.steps",
        "PairAccount.evidence",
        "PairAccount.features",
        "PairAccount.keys",
        "Match.candidates",
        "MergeProfilesPayload.dropped",
        "Match.fieldConflicts",
        "Match.emailNotes",
        "Match.evidence",
        "MatchesPayload.conflicts",
        "MatchesPayload.matches",
        "Nation.customFields",
        "Network.managers",
        "Profile.customFields",
        "Segment.criteria",
        "Profile.emails",
        "Query.nodes",
        "SyncRun.heldBy",
        "Viewer.managedNetworks",
        "Viewer.memberships",
    }


def test_connections_are_what_relay_wants():
    connections = {name: kind for name, kind in OURS.items() if name.endswith("Connection")}
    assert len(connections) == 17
    for name, kind in connections.items():
        assert isinstance(kind, GraphQLObjectType)
        node = name.removesuffix("Connection")
        assert {field: str(found.type) for field, found in kind.fields.items()} == {
            "edges": f"[{node}Edge!]!",
            "pageInfo": "PageInfo!",
            "totalCount": "Int",
        }


def test_only_scalars_that_say_what_they_are():
    scalars = {name: kind for name, kind in OURS.items() if isinstance(kind, GraphQLScalarType)}
    assert set(scalars) == {"Date", "DateTime", "EventCursor"}


def test_the_sdl_is_sorted():
    names = [
        line.split()[1] for line in SDL.splitlines() if line.startswith(("type ", "enum ", "input ", "interface "))
    ]
    assert names == sorted(names)


def deprecated(schema):
    """Yield whatever a schema deprecates, with the reason."""
    for name, kind in schema.type_map.items():
        members = kind.values if isinstance(kind, GraphQLEnumType) else getattr(kind, "fields", {})
        for member, found in members.items():
            given = {f"{name}.{member}": found}
            given |= {f"{name}.{member}({arg})": value for arg, value in getattr(found, "args", {}).items()}
            yield from ((place, one.deprecation_reason) for place, one in given.items() if one.deprecation_reason)


def undated(schema):
    """What a schema deprecates without a word of when it goes, as `… until 2027-01-31`."""
    return [place for place, reason in deprecated(schema) if not re.search(r"\buntil \d{4}-\d\d-\d\d\b", reason)]


def test_whatever_is_deprecated_says_until_when_it_stays():
    assert undated(SCHEMA) == []


def test_a_deprecation_without_a_date_is_found_wherever_it_stands():
    schema = build_schema(
        """
        type Query {
          old: Int @deprecated(reason: "Ask for `fresh`.")
          fresh(size: Int @deprecated(reason: "Stays until 2027-01-31: give `width`."), width: Int): Shape
        }
        input Box { deep: Int @deprecated, wide: Int }
        enum Shape { ROUND SQUARE @deprecated(reason: "soon") }
        """
    )
    assert undated(schema) == ["Query.old", "Box.deep", "Shape.SQUARE"]
