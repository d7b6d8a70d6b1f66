"""Which names of shared segments can be given, whatever is wanted of whom."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from sharing.audiences.names import renames


@st.composite
def namings(draw: st.DrawFn) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """Return segments with their names, and new names, no two of them alike, for some of those."""
    names = draw(st.lists(st.sampled_from("abcdefghij"), unique=True, min_size=1))
    called = {UUID(int=number): name for number, name in enumerate(names, 1)}
    some = draw(st.lists(st.sampled_from(sorted(called)), unique=True))
    wanted = draw(st.lists(st.sampled_from("abcdefghijkl"), unique=True, min_size=len(some), max_size=len(some)))
    return called, {one: name for one, name in zip(some, wanted, strict=True) if name != called[one]}


@given(namings())
def test_names_are_passed_on_in_rows_and_circles_and_nobody_takes_one_that_is_kept(naming):
    called, wanted = naming
    holders = {name: one for one, name in called.items()}
    found = renames({one: (name, holders.get(name)) for one, name in wanted.items()})
    assert found.items() <= wanted.items()
    after = called | found
    assert len(set(after.values())) == len(after)
    for one in wanted.keys() - found.keys():
        assert holders[wanted[one]] not in found, "it could have had the name"
