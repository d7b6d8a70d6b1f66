"""The benchmark of one event to many subscribers: it runs, small, and everybody in it hears everything."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from benchmarks.fan_out import OURS, compare
from benchmarks.fan_out.rivals import install_node
from tests.services import PrivateRedis

RATE = re.compile(r"[\d,]+ deliveries a second")
DELAY = re.compile(r"99 of 100 within \d+ ms")


async def test_it_measures_comity_beside_others_in_one_run(
    fresh_database: Callable[[], Awaitable[str]], private_redis: PrivateRedis
):
    """Nothing is said of speed here: only that each side told each of its listeners, and what is said of that."""
    names = ("plain Strawberry", "raw websockets")
    figures = await compare(await fresh_database(), private_redis.url, [50], names, events=2)
    assert [figure.what for figure in figures] == [
        *(f"50 of one share, {name}" for name in (OURS, *names)),
        "50 subscribers, 50 documents, 10 nations",
    ]
    assert all(RATE.fullmatch(figure.value) for figure in figures)
    assert all(DELAY.search(figure.beside) for figure in figures)
    assert [("Comity x" in figure.beside) for figure in figures] == [False, True, True, False]


def test_where_node_is_missing_it_is_left_out_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert install_node(tmp_path) == "Node is not installed: graphql-ws was left out."
    assert list(tmp_path.iterdir()) == []
