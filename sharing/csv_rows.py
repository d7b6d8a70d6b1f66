"""The rows of a CSV file, one after another, in little memory whatever the file holds."""

import csv
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sharing.csv_lines import CsvLines
from sharing.errors import InvalidFile

MAX_RECORD = 1 << 20
MAX_COLUMNS = 2_000
_DELIMITERS = ",;\t"


class Row(NamedTuple):
    """One row: the line it begins on, counted from 1, and as many cells as the header has."""

    line: int
    cells: list[str]


class RowError(NamedTuple):
    """One row that cannot be read: the line it begins on, and why, as a sentence."""

    line: int
    reason: str


class CsvRows:
    """Reads a file from its chunks: first its header, then row by row what follows.

    The cells are separated by commas, semicolons or tabs, whichever the header line has most of; quotes as in RFC 4180,
    with line breaks inside them; rows without any content are passed over. At most one row and one chunk are held.

    Attributes:
        header: the first row that is not blank.
        bytes_read: how much of the file has been read.

    Raises:
        InvalidFile: on making it, when the file is empty or holds a header alone; there and while iterating, when it
            cannot be read from some line on (see ``CsvLines``; a quote that is never closed).
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._source = CsvLines()
        self._record_size = 0
        lines = self._lines(chunks)
        self._skipped, first = _first_with_content(lines)
        delimiter = _delimiter(first)
        self._reader = csv.reader(self._bounded(first, lines), delimiter=delimiter, strict=True)
        self.header = self._header()
        self._width = len(self.header.cells)
        self._rows = self._read()
        self._next: Row | RowError | None = next(self._rows, None)
        if self._next is None:
            raise InvalidFile("The file holds a header and no rows; add a line for each person.")

    @property
    def bytes_read(self) -> int:
        """How many bytes of the file have been read."""
        return self._source.bytes_read

    def __iter__(self) -> Iterator[Row | RowError]:
        if self._next is not None:
            row, self._next = self._next, None
            yield row
        yield from self._rows

    def _lines(self, chunks: Iterable[bytes]) -> Iterator[str]:
        for chunk in chunks:
            yield from self._source.feed(chunk)
        yield from self._source.close()

    def _bounded(self, first: str, rest: Iterator[str]) -> Iterator[str]:
        yield first
        for line in rest:
            self._record_size += len(line)
            if self._record_size > MAX_RECORD:
                raise _unclosed(self._begin)
            yield line

    def _header(self) -> Row:
        self._begin = self._skipped + 1
        try:
            cells = next(self._reader)
        except csv.Error as error:
            raise InvalidFile(f"The header cannot be read: {_reason(error)}", self._begin) from None
        if len(cells) > MAX_COLUMNS:
            raise InvalidFile(f"The header has {len(cells):,} columns; keep at most {MAX_COLUMNS:,}.", self._begin)
        return Row(self._begin, cells)

    def _read(self) -> Iterator[Row | RowError]:
        reader, width, skipped = self._reader, self._width, self._skipped
        while True:
            self._begin = begin = reader.line_num + skipped + 1
            self._record_size = 0
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "expected after" not in str(error):
                    raise _unclosed(begin) from None
                yield RowError(begin, _reason(error))
                continue
            if len(cells) == width:
                if any(cells):
                    yield Row(begin, cells)
            elif any(cells):
                yield RowError(begin, f"The row has {_cells(len(cells))}, the header {width}; give it as many.")


def _first_with_content(lines: Iterator[str]) -> tuple[int, str]:
    for number, line in enumerate(lines):
        if line.strip(' \t\n,;"'):
            return number, line
    raise InvalidFile("The file is empty; send a header and a line for each person.")


def _delimiter(line: str) -> str:
    """The separator that the header line has most of, outside of quotes; the comma where it has none."""
    bare = "".join(line.split('"')[::2])
    return max(_DELIMITERS, key=bare.count)


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count:,} cells"


def _unclosed(line: int) -> InvalidFile:
    return InvalidFile(
        f"The row that begins on line {line} does not end: a quote is not closed there, or a cell is longer than "
        f"{csv.field_size_limit():,} characters; mend that row and send the file again.",
        line,
    )


def _reason(error: csv.Error) -> str:
    if "expected after" in str(error):
        return "A quote stands within a cell; put the cell in quotes and double the quote inside it."
    return "A quote is not closed, or a cell is too long; mend that."
