"""The bytes of a CSV file as lines of text, piece by piece, in little memory whatever the file holds."""

import codecs
import io

from sharing.errors import InvalidFile

MAX_LINE = 1 << 20
_PIECE = 1 << 16
_LONGEST_MARK = 4
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


class CsvLines:
    r"""Takes the chunks of a file as they arrive, gives its lines: decoded, each ending in ``\n`` but perhaps the last.

    UTF-8 with or without a byte order mark, UTF-16 with one. Whatever is wrong is wrong with the file: encoding, a NUL
    byte, a line of more than 1 MiB. At most one line and one chunk are held.

    Attributes:
        done: lines given out so far.
        bytes_read: bytes taken in so far.
    """

    def __init__(self) -> None:
        self.done = 0
        self.bytes_read = 0
        self._start: bytes | None = b""
        self._decoder: codecs.IncrementalDecoder = codecs.getincrementaldecoder("utf-8")()
        self._newlines = io.IncrementalNewlineDecoder(None, translate=True)
        self._held: list[str] = []
        self._held_size = 0

    def feed(self, chunk: bytes) -> list[str]:
        """The lines that are complete with this chunk.

        Raises:
            InvalidFile: the file cannot be read from here on; the error names the line.
        """
        lines: list[str] = []
        for begin in range(0, len(chunk), _PIECE):
            piece = chunk[begin : begin + _PIECE]
            if self._start is not None:
                self._start += piece
                if len(self._start) < _LONGEST_MARK:
                    continue
                piece = self._without_mark(self._start)
            lines += self._split(self._decoded(piece))
        return lines

    def close(self) -> list[str]:
        """The last lines, once no chunk follows.

        Raises:
            InvalidFile: the file ends within a character.
        """
        rest = self._without_mark(self._start) if self._start is not None else b""
        lines = self._split(self._decoded(rest, final=True))
        if self._held_size:
            lines.append("".join(self._held))
            self._held, self._held_size = [], 0
            self.done += 1
        return lines

    def _without_mark(self, start: bytes) -> bytes:
        """What follows the byte order mark, by which the encoding is chosen."""
        self._start = None
        if start.startswith(_WORKBOOKS):
            raise InvalidFile("This is a workbook or an archive, not CSV; save the sheet as CSV (UTF-8) and send that.")
        for mark, encoding in _MARKS.items():
            if start.startswith(mark):
                self._decoder = codecs.getincrementaldecoder(encoding)()
                self.bytes_read = len(mark)
                return start[len(mark) :]
        return start

    def _decoded(self, piece: bytes, final: bool = False) -> str:
        pending, _ = self._decoder.getstate()
        try:
            text = self._decoder.decode(piece, final)
        except UnicodeDecodeError as error:
            before = (pending + piece)[: error.start].decode(error.encoding)
            line = self.done + 1 + self._newlines.decode(before, final=True).count("\n")
            byte = self.bytes_read - len(pending) + error.start + 1
            name = "UTF-8" if error.encoding == "utf-8" else "UTF-16"
            raise InvalidFile(
                f"Line {line} is not {name} (byte {byte:,} of the file); save the file as UTF-8 and send it again.",
                line,
            ) from None
        self.bytes_read += len(piece)
        return self._newlines.decode(text, final=final)

    def _split(self, text: str) -> list[str]:
        first, *others = text.split("\n")
        self._held.append(first)
        self._held_size += len(first)
        # Pieces are shorter than a line may be, so that only the one begun before this piece can be too long.
        if self._held_size > MAX_LINE:
            line = self.done + 1
            raise InvalidFile(f"Line {line} is longer than {MAX_LINE:,} characters; is this a CSV file?", line)
        if "\0" in text:
            line = self.done + 1 + text.count("\n", 0, text.index("\0"))
            raise InvalidFile(f"Line {line} holds a NUL byte; export the file again as plain text in UTF-8.", line)
        if not others:
            return []
        *complete, rest = "".join(self._held), *others
        self._held, self._held_size = [rest], len(rest)
        self.done += len(complete)
        return [line + "\n" for line in complete]
