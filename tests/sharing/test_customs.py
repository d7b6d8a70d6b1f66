"""What a custom field may be called, and what a choice may be."""

import pytest

from sharing import customs
from sharing.customs import MAX_LABEL, MAX_OPTIONS, CustomKind
from sharing.errors import InvalidInput

OTHERS = [kind for kind in CustomKind if kind is not CustomKind.CHOICE]


@pytest.mark.parametrize("slug", ["a", "0", "_", "shirt_size", "a" * 63])
def test_a_slug_is_lower_case_letters_digits_and_underscores(slug: str):
    assert customs.slug(slug) == slug


@pytest.mark.parametrize("slug", ["", " ", "A", "a-b", "a b", "é", "a" * 64, "a\n", "a\0", "custom:a", "٣"])
def test_any_other_slug_is_refused(slug: str):
    with pytest.raises(InvalidInput, match="no slug") as caught:
        customs.slug(slug)
    assert caught.value.path == ("slug",)


def test_a_label_is_one_trimmed_line():
    assert customs.label("  Shirt   size ") == "Shirt size"


@pytest.mark.parametrize("label", ["", " \n ", "x" * (MAX_LABEL + 1), "a\0b", "\ud800"])
def test_a_label_that_cannot_be_is_refused(label: str):
    with pytest.raises(InvalidInput, match="The label") as caught:
        customs.label(label)
    assert caught.value.path == ("label",)


def test_options_are_trimmed_and_keep_their_order():
    assert customs.options(CustomKind.CHOICE, [" XL ", "S", "m"]) == ["XL", "S", "m"]
    assert len(customs.options(CustomKind.CHOICE, [str(number) for number in range(MAX_OPTIONS)])) == MAX_OPTIONS


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ([], ("options",)),
        (["S", ""], ("options", "1")),
        (["S", "M", " s"], ("options", "2")),
        (["a\0"], ("options", "0")),
        (["x" * 256], ("options", "0")),
        ([str(number) for number in range(MAX_OPTIONS + 1)], ("options",)),
    ],
)
def test_options_that_cannot_be_are_named(options: list[str], path: tuple[str, ...]):
    with pytest.raises(InvalidInput) as caught:
        customs.options(CustomKind.CHOICE, options)
    assert caught.value.path == path


@pytest.mark.parametrize("kind", OTHERS)
def test_only_a_choice_has_options(kind: CustomKind):
    assert customs.options(kind, []) == []
    with pytest.raises(InvalidInput, match="Only a choice"):
        customs.options(kind, ["S"])
