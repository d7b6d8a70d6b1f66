"""A process of its own that calculates: it holds the people of a run in memory, and keeps the event loop of nobody.

It takes requests on its standard input and answers each on its standard output: frames of a length and that many bytes,
which hold a pickle. It ends when its input does, so that it never outlives whoever started it.
"""

import gc
import pickle
import signal
import sys
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from sharing.matching.bulk.meeting import Meeting
from sharing.matching.bulk.reading import Slice, read
from sharing.matching.bulk.writing import Written
from sharing.matching.frequencies import Frequencies
from sharing.matching.quality import Quality
from sharing.matching.rules import MatchRules

LENGTH_BYTES = 8
SENDER, RECEIVER = 0, 1

Counts = tuple[Mapping[str, int], Mapping[str, int], int, int]


class Desk:
    """What the process holds, and what it can be asked for."""

    def __init__(self) -> None:
        self._slices: dict[tuple[int, int], Slice] = {}
        self._meeting: Meeting | None = None

    def read(self, rows: bytes, rules: MatchRules) -> bytes:
        """People, read from what PostgreSQL gives, as ``keep`` takes them."""
        return pickle.dumps(read(rows, rules), pickle.HIGHEST_PROTOCOL)

    def keep(self, side: int, number: int, piece: bytes) -> None:
        """Keep people that were read, here or elsewhere; the number tells their place on their side."""
        self._slices[side, number] = pickle.loads(piece)  # noqa: S301  # made by ``read``

    def take(self, side: int, number: int, rows: bytes, rules: MatchRules) -> None:
        """Read people and keep them."""
        self._slices[side, number] = read(rows, rules)

    def meet(self, rules: MatchRules, counts: Counts, vetoed: list[tuple[bytes, bytes]]) -> None:
        """Make ready for matching all that are kept; the counts are those of ``Frequencies``."""
        senders, receivers = (
            [self._slices[key] for key in sorted(self._slices) if key[0] == side] for side in (SENDER, RECEIVER)
        )
        self._slices.clear()
        self._meeting = Meeting(senders, receivers, rules, Frequencies(*counts), vetoed)

    def learn(self, sample: list[bytes]) -> dict[str, list[float]]:
        """As ``Meeting.learnt``; the quality as JSON has it."""
        assert self._meeting is not None
        return self._meeting.learnt(sample).as_json()

    def outcomes(self, first: bytes, last: bytes, quality: dict[str, list[float]]) -> list[Written]:
        """As ``Meeting.outcomes``."""
        assert self._meeting is not None
        return list(self._meeting.outcomes(first, last, Quality.from_json(quality)))


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Answer requests until there are no more.

    Args:
        source: requests: the name of a method of ``Desk``, and its arguments.
        sink: answers: whether it went well, and what came of it or what went wrong.
    """
    desk = Desk()
    methods: Mapping[str, Callable[..., Any]] = {
        method.__name__: method for method in (desk.read, desk.keep, desk.take, desk.meet, desk.learn, desk.outcomes)
    }
    while len(head := source.read(LENGTH_BYTES)) == LENGTH_BYTES:
        name, arguments = pickle.loads(source.read(int.from_bytes(head)))  # noqa: S301  # from whoever started this process
        try:
            answer = (True, methods[name](*arguments))
        except Exception as fault:
            answer = (False, f"{type(fault).__name__}: {fault}")
        body = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
        sink.write(len(body).to_bytes(LENGTH_BYTES))
        sink.write(body)
        sink.flush()


def main() -> None:
    """What the process runs.

    It makes millions of small objects and no rings of them: looking for rings would take longer than all the reading.
    Whoever interrupts a terminal interrupts the process that started this one, which then ends it.
    """
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    serve(sys.stdin.buffer, sys.stdout.buffer)
