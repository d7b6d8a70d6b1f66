"""The page of rules: every rule on it is held by tests that are there, and every test of a rule stands on it."""

import ast
import re
from functools import cache

import pytest

from tests.house.sources import ROOT

PAGE = "docs/rules.md"

# Where the rules of sharing are tested: what is tested here is a rule, and has its row on the page.
HOLD_RULES = (
    "tests/sharing/test_audiences*.py",
    "tests/sharing/test_brakes.py",
    "tests/sharing/test_conflicts.py",
    "tests/sharing/test_coverage.py",
    "tests/sharing/test_fields.py",
    "tests/sharing/test_lifecycle.py",
    "tests/sharing/test_mailboxes.py",
    "tests/sharing/test_merge_laws.py",
    "tests/sharing/test_merging.py",
    "tests/sharing/test_modes.py",
    "tests/sharing/test_rulings.py",
    "tests/sharing/test_support.py",
    "tests/sharing/test_syncing*.py",
    "tests/sharing/matching/test_accounts.py",
    "tests/sharing/matching/test_contest.py",
    "tests/sharing/matching/test_decide.py",
    "tests/sharing/matching/test_identifiers.py",
    "tests/sharing/matching/test_likeness.py",
    "tests/actions/test_advance.py",
    "tests/actions/test_audiences*.py",
    "tests/actions/test_brakes.py",
    "tests/actions/test_cancelling.py",
    "tests/actions/test_conflicts.py",
    "tests/actions/test_found_by_model.py",
    "tests/actions/test_holding.py",
    "tests/actions/test_network_managers.py",
    "tests/actions/test_matching*.py",
    "tests/actions/test_merging*.py",
    "tests/actions/test_newcomers.py",
    "tests/actions/test_ownership.py",
    "tests/actions/test_races_resolving.py",
    "tests/actions/test_resolving*.py",
    "tests/actions/test_review*.py",
    "tests/actions/test_rights.py",
    "tests/actions/test_running.py",
    "tests/actions/test_shares*.py",
    "tests/actions/test_syncing*.py",
    "tests/actions/test_tags.py",
    "tests/actions/test_unlinking.py",
    "tests/resolvers/test_asking_for_shares.py",
    "tests/resolvers/test_audiences.py",
    "tests/resolvers/test_bad_values.py",
    "tests/resolvers/test_brakes.py",
    "tests/resolvers/test_conflicts.py",
    "tests/resolvers/test_explaining.py",
    "tests/resolvers/test_resolving.py",
    "tests/resolvers/test_review_of_people.py",
    "tests/resolvers/test_rights.py",
    "tests/resolvers/test_share*.py",
    "tests/resolvers/test_tags.py",
    "tests/workers/test_fairness.py",
)

# Tests in these files that hold no rule of tag sharing, and why.
NO_RULES = {
    "tests/sharing/test_audiences_oneway.py::test_what_is_filled_and_what_is_overwritten_are_counted_apart": "how a "
    "plan is counted",
    "tests/resolvers/test_review_of_people.py::test_a_list_by_person_takes_as_many_queries_however_long_it_is": "how "
    "fast a list is read",
    "tests/resolvers/test_tags.py::test_a_list_takes_as_many_queries_however_long_it_is": "how fast a list is read",
    "tests/resolvers/test_tags.py::test_a_cursor_of_another_list_is_refused": "how lists are paged",
    "tests/sharing/matching/test_accounts.py::test_every_ruling_has_its_sentence": "how the table of rulings is built",
    "tests/resolvers/test_explaining.py::test_explaining_changes_nothing": "how a query is answered",
    "tests/sharing/test_brakes.py::test_each_brake_is_of_one_side_and_one_limit": "how the table of brakes is built",
    "tests/sharing/test_brakes.py::test_limits_and_holds_are_stored_and_read_alike": "how limits are stored",
    "tests/sharing/test_modes.py::test_every_mode_has_its_place": "how the table of modes is built",
    "tests/sharing/test_modes.py::test_modes_keep_the_order_of_the_fields": "how the table of modes is built",
    "tests/sharing/test_modes.py::test_no_modes_have_no_strictest": "what no caller may do",
    "tests/sharing/test_rulings.py::test_an_unknown_field_has_no_rule": "what no caller may do",
    "tests/sharing/test_rulings.py::test_what_is_no_single_value_has_no_rule": "what no caller may do",
    "tests/sharing/test_syncing.py::test_a_planner_for_the_same_terms_is_made_once": "how fast a sync is planned",
    "tests/sharing/test_syncing.py::test_a_planner_refuses_what_is_no_field": "what no caller may do",
}

CHAPTER = re.compile(r"^## +(.+)$", re.MULTILINE)
ROW = re.compile(r"^\| (?!rule \||---)(.+?) \|(?: (.+?))? \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


@cache
def defined_in(name):
    """Return the names of the tests of a file; none where there is no such file."""
    path = ROOT / name
    tree = ast.parse(path.read_text()) if path.is_file() else ast.Module([], [])
    return [
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
    ]


def rows(page):
    """Return the rules of a page, each with what stands beside it."""
    return [(match[1], match[2] or "") for match in ROW.finditer(page)]


def named(page):
    """Return the tests that the rules of a page name."""
    return {f"{file}::{test}" for _, cell in rows(page) for file, test in TEST.findall(cell)}


def faults(page):
    """Return what is wrong with a page: tables that are none, rules without tests, tests that are not there, repetitions."""
    found, known = [], set()
    found += [line for line in page.splitlines() if line.startswith("|") and not _is_of_a_table(line)]
    chapters = CHAPTER.split(page)[1:]
    found += [f"{title} is empty" for title, text in zip(chapters[::2], chapters[1::2], strict=True) if not rows(text)]
    for rule, cell in rows(page):
        tests = TEST.findall(cell)
        if not tests or "<br>".join(f"`{file}::{test}`" for file, test in tests) != cell:
            found.append(f"{rule} names no tests")
        found += [
            f"{rule} names {test}, which is not in {file}" for file, test in tests if test not in defined_in(file)
        ]
        found += [f"{rule} names a test twice"] if len(tests) != len(set(tests)) else []
        plain = re.sub(r"\W+", " ", rule).strip().lower()
        found += [f"{rule} stands twice"] if plain in known else []
        known.add(plain)
    return found


def _is_of_a_table(line):
    return line in ("| rule | tests |", "| --- | --- |") or bool(ROW.fullmatch(line))


@cache
def page():
    return (ROOT / PAGE).read_text()


def test_every_rule_is_held_by_tests_that_are_there():
    assert faults(page()) == []
    assert len(rows(page())) > 250


def test_every_test_of_a_rule_stands_on_the_page():
    """Whoever adds a test of sharing, matching or syncing writes its rule, or says why it is none."""
    silent = [
        test
        for pattern in HOLD_RULES
        for path in sorted(ROOT.glob(pattern))
        for name in defined_in(path.relative_to(ROOT).as_posix())
        if (test := f"{path.relative_to(ROOT).as_posix()}::{name}") not in named(page()) and test not in NO_RULES
    ]
    assert silent == [], f"write their rules in {PAGE}"


def test_every_file_and_every_exemption_is_needed():
    assert [pattern for pattern in HOLD_RULES if not list(ROOT.glob(pattern))] == []
    for test, reason in NO_RULES.items():
        file, _, name = test.partition("::")
        assert name in defined_in(file), test
        assert test not in named(page()), test
        assert reason


def test_the_page_is_found_from_where_people_begin():
    assert "](docs/rules.md)" in (ROOT / "README.md").read_text()
    assert "](rules.md)" in (ROOT / "docs" / "sharing.md").read_text()


HELD = "`tests/house/test_rules.py::test_every_rule_is_held_by_tests_that_are_there`"
TABLE = f"## Figures\n\n| rule | tests |\n| --- | --- |\n| One is one. | {HELD} |\n"


def test_a_whole_page_has_no_faults():
    assert faults(TABLE) == []
    assert rows(TABLE) == [("One is one.", HELD)]


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ("| Two is two. | |", "Two is two. names no tests"),
        ("| Two is two. | soon |", "Two is two. names no tests"),
        (f"| Two is two. | {HELD} and more |", "Two is two. names no tests"),
        (f"| Two is two. | {HELD}<br>{HELD} |", "Two is two. names a test twice"),
        ("| Two is two. | `tests/house/test_rules.py::test_none` |", "names test_none, which is not in"),
        ("| Two is two. | `tests/house/test_nothing.py::test_none` |", "which is not in tests/house/test_nothing.py"),
        ("| Two is two. | `tests/house/test_rules.py::test_no` |", "names test_no, which is not in"),
        (f"| ONE is one! | {HELD} |", "ONE is one! stands twice"),
        ("| Two is two. |", "| Two is two. |"),
        ("\n## Lists\n\nNothing.", "Lists is empty"),
    ],
)
def test_a_broken_page_is_told(broken, fault):
    (found,) = faults(f"{TABLE}{broken}\n")
    assert fault in found
