"""CSV files, whole and broken, in chunks of any size."""

import codecs
import csv
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharing.csv_lines import MAX_LINE, CsvLines
from sharing.csv_rows import CsvRows, Row, RowError
from sharing.errors import InvalidFile

READ = [
    ("LF", b"a,b\n1,2\n3,4\n", [Row(2, ["1", "2"]), Row(3, ["3", "4"])]),
    ("CRLF", b"a,b\r\n1,2\r\n3,4", [Row(2, ["1", "2"]), Row(3, ["3", "4"])]),
    ("CR", b"a,b\r1,2\r3,4\r", [Row(2, ["1", "2"]), Row(3, ["3", "4"])]),
    ("UTF-8 with a mark", codecs.BOM_UTF8 + "a,b\né,2".encode(), [Row(2, ["é", "2"])]),
    ("UTF-16 LE", codecs.BOM_UTF16_LE + "a,b\né,2".encode("utf-16-le"), [Row(2, ["é", "2"])]),
    ("UTF-16 BE", codecs.BOM_UTF16_BE + "a,b\né,𝒳".encode("utf-16-be"), [Row(2, ["é", "𝒳"])]),
    ("semicolons", b"a;b\n1,5;2\n", [Row(2, ["1,5", "2"])]),
    ("tabs", b"a\tb\n1,5\t2;3\n", [Row(2, ["1,5", "2;3"])]),
    ("separators in a quoted header", b'"a;b;c",d\n1,2\n', [Row(2, ["1", "2"])]),
    ("one column", b"a\n1\n", [Row(2, ["1"])]),
    ("quotes", b'a,b\n"1,""x""",2\n', [Row(2, ['1,"x"', "2"])]),
    ("line breaks in quotes", b'a,b\n"1\r\nx\n\ny",2\n3,4\n', [Row(2, ["1\nx\n\ny", "2"]), Row(6, ["3", "4"])]),
    ("other breaks are text", "a,b\n1\u2028\x85\x0b,2\n".encode(), [Row(2, ["1\u2028\x85\x0b", "2"])]),
    ("blank rows", b"\n,,\n \na,b\n\n,\n1,2\n\n", [Row(7, ["1", "2"])]),
    ("too few cells", b"a,b\n1\n3,4\n", [RowError(2, "The row has 1 cell, the header 2; give it as many."), Row(3, ["3", "4"])]),
    ("too many cells", b"a,b\n1,2,\n", [RowError(2, "The row has 3 cells, the header 2; give it as many.")]),
    (
        "a quote within a cell",
        b'a,b\n"1"x,2\n3,4\n',
        [RowError(2, "A quote stands within a cell; put the cell in quotes and double the quote inside it."), Row(3, ["3", "4"])],
    ),
    ("a quote in a cell without quotes", b'a,b\n6" nail,2\n', [Row(2, ['6" nail', "2"])]),
]  # fmt: skip

_UNCLOSED = (
    "The row that begins on line {} does not end: a quote is not closed there, or a cell is longer than 131,072 characters; "
    "mend that row and send the file again."
)
BROKEN = [
    ("empty", b"", "The file is empty; send a header and a line for each person.", None),
    ("a mark alone", codecs.BOM_UTF8, "The file is empty; send a header and a line for each person.", None),
    ("blank lines", b"\n\r\n ,\n", "The file is empty; send a header and a line for each person.", None),
    ("a header alone", b"a,b\n\n,\n", "The file holds a header and no rows; add a line for each person.", None),
    ("Latin-1", b"a,b\n1,2\n\xe9,3\n", "Line 3 is not UTF-8 (byte 9 of the file); save the file as UTF-8 and send it again.", 3),
    ("Latin-1 behind a mark", codecs.BOM_UTF8 + b"a\r\n\xe9,3\n", "Line 2 is not UTF-8 (byte 7 of the file); save the file as UTF-8 and send it again.", 2),
    ("half a character", b"a,b\n1,\xc3", "Line 2 is not UTF-8 (byte 7 of the file); save the file as UTF-8 and send it again.", 2),
    ("half of UTF-16", codecs.BOM_UTF16_LE + b"a\0\n\0\0", "Line 2 is not UTF-16 (byte 7 of the file); save the file as UTF-8 and send it again.", 2),
    ("a surrogate", "a,b\n1,\ud800\n".encode(errors="surrogatepass"), "Line 2 is not UTF-8 (byte 7 of the file); save the file as UTF-8 and send it again.", 2),
    ("NUL", b"a,b\r\n1,2\r\n3,\0\r\n", "Line 3 holds a NUL byte; export the file again as plain text in UTF-8.", 3),
    ("UTF-16 without a mark", "a,b\n1,2".encode("utf-16-le"), "Line 1 holds a NUL byte; export the file again as plain text in UTF-8.", 1),
    ("a workbook", b"PK\x03\x04\x14\0", "This is a workbook or an archive, not CSV; save the sheet as CSV (UTF-8) and send that.", None),
    ("an open quote", b'a,b\n1,2\n3,"4\n5,6\n', _UNCLOSED.format(3), 3),
    ("an open quote before much", b'a,b\n1,2\n3,"4\n' + b"5,6\n" * 50_000, _UNCLOSED.format(3), 3),
    ("quotes that open and close for ever", b'a,b\n1,2\n"' + b'","\n' * 300_000, _UNCLOSED.format(3), 3),
    ("an open quote in the header", b'a,"b\n1,2\n', "The header cannot be read: A quote is not closed, or a cell is too long; mend that.", 1),
    ("a thousand columns too many", b"a" + b"," * 3_000 + b"\n1", "The header has 3,001 columns; keep at most 2,000.", 1),
    ("a long line", b"a,b\n1,2\n" + b"x" * (MAX_LINE + 1), "Line 3 is longer than 1,048,576 characters; is this a CSV file?", 3),
]  # fmt: skip


def _chunks(data, size):
    return [data[begin : begin + size] for begin in range(0, len(data), size)]


@pytest.mark.parametrize(("data", "rows"), [case[1:] for case in READ], ids=[case[0] for case in READ])
@pytest.mark.parametrize("size", [1, 3, 1 << 16])
def test_a_file_is_read(data, rows, size):
    """What a spreadsheet or a database writes is read, in chunks of any size, with the line that each row begins on."""
    assert list(CsvRows(_chunks(data, size))) == rows


@pytest.mark.parametrize(("data", "message", "line"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
@pytest.mark.parametrize("size", [1, 1 << 16])
def test_a_broken_file_is_refused(data, message, line, size):
    """A file that cannot be read says so, on which line, and what to do."""
    if size == 1 and len(data) > 100_000:
        size = 1_000
    with pytest.raises(InvalidFile) as refusal:
        list(CsvRows(_chunks(data, size)))
    assert (str(refusal.value), refusal.value.line) == (message, line)


def test_what_stands_before_the_break_is_read():
    """Rows before a line that cannot be read have been given out by then."""
    rows = iter(CsvRows([b"a,b\n1,2\n3,4\n\xe9,5\n"[:12], b"\xe9,5\n"]))
    assert next(rows) == Row(2, ["1", "2"])
    assert next(rows) == Row(3, ["3", "4"])
    with pytest.raises(InvalidFile):
        next(rows)


def test_a_hundred_megabytes_in_one_line_take_no_memory():
    """A line without end is refused once it is longer than a line may be, having read little more than that."""
    given_out = 0

    def endless():
        nonlocal given_out
        yield b"first_name,last_name\nAnn,Lee\n"
        for _ in range(1_600):
            given_out += 1
            yield b"x" * (1 << 16)

    tracemalloc.start()
    try:
        with pytest.raises(InvalidFile, match="Line 3 is longer"):
            list(CsvRows(endless()))
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
    assert given_out == MAX_LINE // (1 << 16) + 1


def test_lines_count_themselves_and_their_bytes():
    """Progress is known while a file is read."""
    lines = CsvLines()
    assert lines.feed(b"a,b\r") == []
    assert lines.feed(b"\n1,2") == ["a,b\n"]
    assert (lines.done, lines.bytes_read) == (1, 8)
    assert lines.close() == ["1,2"]
    assert (lines.done, lines.bytes_read) == (2, 8)


_cell = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
_tables = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(_cell, min_size=width, max_size=width), min_size=1, max_size=6)
)


@given(
    table=_tables,
    delimiter=st.sampled_from(",;\t"),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    size=st.integers(1, 40),
)
def test_any_chunking_reads_what_the_csv_module_reads(table, delimiter, quoting, end, encoding, size):
    """However the bytes are cut, the rows are those that the csv module finds in the whole text."""
    file = io.StringIO(newline="")
    names = [f"column {column}" for column in range(len(table[0]))]
    csv.writer(file, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows([names, *table, names])
    text = file.getvalue()
    expected = list(csv.reader(io.StringIO(text, newline=None), delimiter=delimiter, strict=True))

    rows = CsvRows(_chunks(text.encode(encoding), size))

    assert rows.header == Row(1, expected[0])
    read = [row.cells if isinstance(row, Row) else None for row in rows]
    assert read == [row if len(row) == len(names) else None for row in expected[1:] if any(row)]
    assert rows.bytes_read == len(text.encode(encoding))
