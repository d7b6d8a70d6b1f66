"""Looking ahead: what an operation selects, however it is written, and at no great cost."""

from time import perf_counter

from graphql import FieldNode, FragmentDefinitionNode, OperationDefinitionNode, parse

from resolvers.selection import Selection


def selection_of(document: str) -> Selection:
    """Return what is selected below the one field of a query."""
    definitions = parse(document).definitions
    fragments = {found.name.value: found for found in definitions if isinstance(found, FragmentDefinitionNode)}
    (operation,) = (found for found in definitions if isinstance(found, OperationDefinitionNode))
    fields = [field for field in operation.selection_set.selections if isinstance(field, FieldNode)]
    return Selection(fields, fragments)


def test_fields_are_found_behind_aliases_fragments_and_directives():
    selection = selection_of("""
      { it { a b: c @skip(if: true) ... on X { d } ... { e } ...F } }
      fragment F on X { f ...G }
      fragment G on Y { g ...F }
    """)
    assert set(selection.fields) == {"a", "c", "d", "e", "f", "g"}
    assert "c" in selection
    assert "b" not in selection
    assert selection.any_of({"z", "g"})
    assert not selection.any_of({"z", "b"})


def test_what_is_selected_twice_is_selected_once_with_all_of_it():
    selection = selection_of("{ it { edges { node { a } } again: edges { cursor node { b } } } }")
    assert set(selection.under("edges").fields) == {"node", "cursor"}
    assert set(selection.under("edges", "node").fields) == {"a", "b"}
    assert set(selection.merged(("edges",), ("edges", "node")).fields) == {"node", "cursor", "a", "b"}
    assert not selection.under("edges", "nothing", "more").fields


def test_a_fragment_that_is_missing_selects_nothing():
    assert not selection_of("{ it { ...Missing } }").fields


def test_nested_fragments_are_gone_through_once():
    """Sixty of them, each spreading the next twice, would take for ever if every path were followed."""
    bomb = "".join(f"fragment F{n} on X {{ ...F{n + 1} ...F{n + 1} a{n} }} " for n in range(60))
    start = perf_counter()
    assert len(selection_of("{ it { ...F0 } } " + bomb + "fragment F60 on X { end }").fields) == 61
    assert perf_counter() - start < 0.5
