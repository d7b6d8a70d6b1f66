"""recordlinkage linking one or two files of people, in a process of its own, as its documentation shows.

It blocks on any of first name, last name and birthday, compares names and streets by Jaro-Winkler with the threshold of
its examples, and lets its classifier that needs no labels (expectation maximisation) decide.

``python -m benchmarks.recordlinkage_link FOLDER`` reads and writes what ``splink_link`` does, with a probability of 1
for each link, since the classifier gives none.
"""

import json
import sys
import time
import warnings
from pathlib import Path

import pandas as pd
import recordlinkage

SIMILAR = 0.85
_STRINGS = ("first_name", "last_name", "middle_name", "street", "city")
_EXACT = ("birthdate", "postcode", "sex")
_BLOCKS = ("first_name", "last_name", "birthdate")


def main(folder: Path) -> None:
    """Link, and tell how long that took."""
    names = [name for name in ("ours", "theirs") if (folder / f"{name}.csv").exists()]
    frames = [pd.read_csv(folder / f"{name}.csv", dtype=str, index_col="unique_id") for name in names]
    start = time.perf_counter()
    indexer = recordlinkage.Index()
    for column in _BLOCKS:
        indexer.block(column)
    pairs = indexer.index(*frames)
    compare = recordlinkage.Compare()
    known = [column for column in frames[0].columns if frames[0][column].notna().any()]
    for column in known:
        if column in _STRINGS:
            compare.string(column, column, method="jarowinkler", threshold=SIMILAR, label=column)
        elif column in _EXACT:
            compare.exact(column, column, label=column)
    links = recordlinkage.ECMClassifier().fit_predict(compare.compute(pairs, *frames))
    seconds = time.perf_counter() - start
    rows = [(left, right, "ours", 1.0) for left, right in links]
    columns = ["unique_id_l", "unique_id_r", "source_dataset_l", "match_probability"]
    pd.DataFrame(rows, columns=columns).to_csv(folder / "links.csv", index=False)
    print(json.dumps({"seconds": seconds}))


warnings.filterwarnings("ignore")
main(Path(sys.argv[1]))
