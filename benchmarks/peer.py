"""Peers that link the same people, each in a process of its own."""

import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.memory import MEGABYTE, watched
from sharing.records import Value

python = sys.executable  # the interpreter that has the peers
_PHONES, _IDS = ("phone", "mobile"), ("van_id", "external_id")


class PeerFailed(Exception):
    """A peer did not come to an end, or there is none."""


class Linked(NamedTuple):
    """What a peer made of it: pairs with probabilities, seconds by the clock and of the processors, and megabytes."""

    pairs: list[tuple[float, int, int]]
    seconds: float
    cpu_seconds: float
    megabytes: int


def splink(ours: Sequence[Mapping[str, str]], theirs: Sequence[Mapping[str, str]] = ()) -> Linked:
    """Have Splink link two lists of rows, or find the duplicates in one."""
    return _linked("splink_link.py", ours, theirs)


def recordlinkage(ours: Sequence[Mapping[str, str]], theirs: Sequence[Mapping[str, str]] = ()) -> Linked:
    """Have recordlinkage do the same."""
    return _linked("recordlinkage_link.py", ours, theirs)


def check() -> None:
    """Look that there are peers, before minutes go into what is to stand beside them.

    Raises:
        PeerFailed: the interpreter has none.
    """
    done = subprocess.run(
        [python, "-c", "import splink, recordlinkage, sling_linux_amd64"], capture_output=True, check=False
    )
    if done.returncode:
        raise PeerFailed(f"{python} has no peers: run `make bench-matching`, or name one that has (--peers).")


def sling(database_url: str, source: str, target: str) -> float:
    """Have sling copy the rows of a table that changed since it did so last; gives the seconds.

    Args:
        database_url: where both tables are.
        source: a table with ``id`` and ``updated_at``.
        target: the table that sling makes the first time.

    Raises:
        PeerFailed: it met an error.
    """
    where = "import sling_linux_amd64 as s, pathlib; print(pathlib.Path(s.__file__).parent)"
    folder = subprocess.run([python, "-c", where], capture_output=True, text=True, check=True).stdout.strip()
    program = str(Path(folder) / "bin" / "sling-linux-amd64")
    ends = ("--src-conn", database_url, "--src-stream", source, "--tgt-conn", database_url, "--tgt-object", target)
    how = ("--mode", "incremental", "--primary-key", "id", "--update-key", "updated_at")
    quiet = os.environ | {"SLING_DISABLE_TELEMETRY": "TRUE"}
    start = time.perf_counter()
    done = subprocess.run([program, "run", *ends, *how], capture_output=True, text=True, check=False, env=quiet)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise PeerFailed(f"sling failed: {done.stdout[-1_000:]}{done.stderr[-1_000:]}")
    return seconds


def _linked(program: str, ours: Sequence[Mapping[str, str]], theirs: Sequence[Mapping[str, str]]) -> Linked:
    with tempfile.TemporaryDirectory(prefix="comity-peer-") as name:
        folder = Path(name)
        for side, rows in (("ours", ours), ("theirs", theirs)):
            if not rows:
                continue
            with (folder / f"{side}.csv").open("w", newline="") as file:
                writer = csv.DictWriter(file, ["unique_id", *rows[0]])
                writer.writeheader()
                writer.writerows({"unique_id": str(place), **row} for place, row in enumerate(rows))
        with watched() as peaks:
            done = subprocess.run(
                [python, str(Path(__file__).with_name(program)), str(folder)],
                capture_output=True,
                text=True,
                check=False,
            )
        if done.returncode:
            raise PeerFailed(f"{program} ended with {done.returncode}: {done.stderr[-2_000:]}")
        seconds = json.loads(done.stdout.strip().splitlines()[-1])["seconds"]
        with (folder / "links.csv").open() as file:
            pairs = [_pair(row) for row in csv.DictReader(file)]
    return Linked(pairs, seconds, peaks.cpu_seconds, max(peaks.resident.values(), default=0) // MEGABYTE)


def _pair(row: Mapping[str, str]) -> tuple[float, int, int]:
    sides = [int(row["unique_id_l"]), int(row["unique_id_r"])]
    if row["source_dataset_l"].startswith("theirs"):
        sides.reverse()
    return float(row["match_probability"]), sides[0], sides[1]


def as_row(values: Mapping[str, Value], *, identities: bool) -> dict[str, str]:
    """A profile as a peer is given it: cleaned as its documentation advises, lower case, one text a field.

    Args:
        values: the profile's.
        identities: whether ids and emails are among it.
    """
    address = values.get("home_address")
    home = address if isinstance(address, Mapping) else {}
    names = {key: str(values.get(key) or "").lower() for key in ("first_name", "last_name", "middle_name")}
    row = {
        **names,
        "birthdate": str(values.get("birthdate") or ""),
        "sex": str(values.get("sex") or ""),
        "suffix": str(values.get("suffix") or ""),
        "phones": "|".join(str(values[key]) for key in _PHONES if key in values),
        "street": " ".join(filter(None, (home.get("address1"), home.get("address2")))).lower(),
        "city": home.get("city", "").lower(),
        "postcode": home.get("zip5", ""),
    }
    if identities:
        emails = values.get("emails")
        row |= {"emails": "|".join(emails) if isinstance(emails, tuple) else ""}
        row |= {key: str(values.get(key) or "") for key in _IDS}
    return row
