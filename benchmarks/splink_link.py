"""Splink linking two files of people, in a process of its own: ``python -m benchmarks.splink_link FOLDER``.

It is set up as its documentation advises for linking people: its comparisons made for names, dates of birth and emails,
term frequencies where values differ in how common they are, u estimated from random pairs, m by expectation
maximisation in several sessions whose blocking rules let every comparison be estimated, and predictions over rules of
which each is tight. Phones, emails are lists, any of one against any of the other.

Reads ours.csv and theirs.csv in the folder, or ours.csv alone, in which it then finds duplicates; the columns that are
there are what it is given. Writes links.csv, every pair that it holds for possible with its probability, and tells on
its last line, as JSON, the seconds it took.
"""

import json
import os
import sys
import time
from pathlib import Path

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.blocking_rule_creator import BlockingRuleCreator
from splink.internals.comparison_creator import ComparisonCreator

LISTS = ("phones", "emails")
PAIRS = 1e8  # for u: its documentation says 1e7 "whilst testing", "maybe 1e8" for the final run, and 1e9 for the best
LEAST = 0.01  # pairs less likely than this are not kept
ONE_TO_ONE = 0.9
_COMPARISONS: dict[str, ComparisonCreator] = {
    "first_name": cl.NameComparison("first_name").configure(term_frequency_adjustments=True),
    "last_name": cl.NameComparison("last_name").configure(term_frequency_adjustments=True),
    "middle_name": cl.NameComparison("middle_name"),
    "birthdate": cl.DateOfBirthComparison("birthdate", input_is_string=True),
    "sex": cl.ExactMatch("sex"),
    "suffix": cl.ExactMatch("suffix"),
    "phones": cl.ArrayIntersectAtSizes("phones", [1]),
    "emails": cl.ArrayIntersectAtSizes("emails", [1]),
    "street": cl.CustomComparison(
        output_column_name="street",
        comparison_levels=[
            cll.NullLevel("street"),
            cll.And(cll.ExactMatchLevel("street"), cll.ExactMatchLevel("city")),
            cll.And(cll.JaroWinklerLevel("street", 0.9), cll.ExactMatchLevel("city")),
            cll.ExactMatchLevel("postcode"),
            cll.ExactMatchLevel("city"),
            cll.ElseLevel(),
        ],
    ),
    "van_id": cl.ExactMatch("van_id"),
    "external_id": cl.ExactMatch("external_id"),
}
_BLOCKS: tuple[tuple[str, ...], ...] = (
    ("phones",),
    ("emails",),
    ("van_id",),
    ("external_id",),
    ("first_name", "last_name"),
    ("last_name", "birthdate"),
    ("first_name", "birthdate"),
    ("last_name", "postcode"),
    ("first_name", "postcode"),
    ("birthdate", "postcode"),
    ("street", "city"),
)
_SURE: tuple[tuple[str, ...], ...] = (("first_name", "last_name", "birthdate"), ("van_id",), ("emails",))
_TRAINING: tuple[tuple[str, ...], ...] = (("birthdate",), ("first_name", "last_name"))


def main(folder: Path) -> None:
    """Link, and tell how long that took."""
    names = [name for name in ("ours", "theirs") if (folder / f"{name}.csv").exists()]
    # Others have work on the machine too: beyond half of its memory DuckDB writes to disk.
    half = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    connection = duckdb.connect(config={"memory_limit": f"{half >> 20}MB", "temp_directory": str(folder / "spilt")})
    columns = _loaded(connection, folder, names)
    start = time.perf_counter()
    db = DuckDBAPI(connection=connection)
    sides = [db.register(name, dataset_display_name=f"{name}_people") for name in names]
    settings = SettingsCreator(
        link_type="link_only" if len(names) > 1 else "dedupe_only",
        comparisons=[comparison for name, comparison in _COMPARISONS.items() if name in columns],
        blocking_rules_to_generate_predictions=[_block(rule) for rule in _BLOCKS if columns.issuperset(rule)],
        retain_intermediate_calculation_columns=False,
    )
    linker = Linker(sides, settings, log_level="ERROR")
    _train(linker, columns)
    found = linker.inference.predict(threshold_match_probability=LEAST)
    if len(names) > 1:
        linker.clustering.cluster_using_single_best_links(
            found, [f"{name}_people" for name in names], threshold_match_probability=ONE_TO_ONE
        )
    seconds = time.perf_counter() - start
    source = "source_dataset_l" if len(names) > 1 else "'ours'"
    connection.execute(
        f"COPY (SELECT unique_id_l, unique_id_r, {source} AS source_dataset_l, match_probability "  # noqa: S608
        f"FROM {found.physical_name}) TO '{folder / 'links.csv'}' (HEADER)"
    )
    print(json.dumps({"seconds": seconds}))


def _train(linker: Linker, columns: set[str]) -> None:
    sure = [_block(rule) for rule in _SURE if columns.issuperset(rule)]
    linker.training.estimate_probability_two_random_records_match(sure, recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS)
    for rule in _TRAINING:
        if columns.issuperset(rule):
            linker.training.estimate_parameters_using_expectation_maximisation(_block(rule))


def _loaded(connection: duckdb.DuckDBPyConnection, folder: Path, names: list[str]) -> set[str]:
    """Make tables of the files; gives the columns that hold anything."""
    for name in names:
        path = folder / f"{name}.csv"
        columns = path.open().readline().strip().split(",")
        picked = ", ".join(f"string_split({c}, '|') AS {c}" if c in LISTS else c for c in columns)
        connection.execute(f"CREATE TABLE {name} AS SELECT {picked} FROM read_csv('{path}', all_varchar = true)")  # noqa: S608
    counts = connection.execute(f"SELECT {', '.join(f'count({c})' for c in columns)} FROM ours").fetchall()[0]  # noqa: S608
    return {column for column, count in zip(columns, counts, strict=True) if count}


def _block(rule: tuple[str, ...]) -> BlockingRuleCreator:
    return block_on(*rule, arrays_to_explode=[column for column in rule if column in LISTS])


main(Path(sys.argv[1]))
