"""CSV as people and apps write it: its text, what parts its cells, and its records.

Texts come in UTF-8, in UTF-16 (Excel's "Unicode text") or in Windows-1252; cells are parted by
commas, semicolons or tabs; Excel may begin with a line `sep=;`.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from carryover.errors import DecodeError
from carryover.rawfile import Problem

DELIMITERS: Final = ",;\t"
LINE_END: Final = r"\r\n|\n|\r"
MAX_RECORD_LINES: Final = 200
"""No note has more line breaks: an unpaired quote must not swallow a file."""
MAX_TRIES: Final = 1_000_000
"""Lines that are read again, to see where a quote ends, before a file is taken line by line."""
MAX_LINES: Final = 100_000
"""Five sessions a week of twenty sets fill this in twenty years."""
MAX_NAMES: Final = 2000
"""Different names of exercises; each is held against all of the catalogue."""
MAX_TOLD: Final = 200
"""So many faults of a file are told one by one; more are counted."""
SHOWN: Final = 80
"""Characters of a faulty line that a message repeats."""
SAVE_AS: Final = "Save it as CSV in UTF-8."
HEAD_PAIRS: Final = 32
"""UTF-16 without its mark is told from that many pairs of bytes."""

INVISIBLE: Final = {ord(c): " " for c in "\u00a0\u202f\u2007\u2009"} | dict.fromkeys(
    (0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF)
)
"""Spaces that do not break become plain ones; marks without a width go."""


class Fault(Exception):  # noqa: N818 - it is a finding, caught where the line is known
    """One line that cannot be read: what is wrong with it, and the remedy."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy

    def told(self, number: int, line: str) -> Problem:
        """Return it as what a person should know about line `number`."""
        shown = line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
        return Problem("warning", f"line {number} is left out, {self.what}: {shown!r}", self.remedy)


@dataclass(frozen=True, slots=True)
class Header:
    """The line that names the columns, what parts them, and all its cells.

    `width` counts the empty cells too that a spreadsheet leaves behind the last column;
    `n_lines` are the lines up to it and with it.
    """

    columns: list[str]
    delimiter: str
    width: int
    n_lines: int = 1


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the number and text of its first line, and its cells or what is wrong."""

    number: int
    line: str
    cells: list[str] | Fault
    is_cut: bool
    """Whether the file ends in it without a line end and before its last cell."""


def text_of(content: bytes, place: str = "") -> tuple[str, list[Problem]]:
    """Return a CSV's text, and what to know about how it was read.

    Raises DecodeError for bytes that are no text.
    """
    if encoding := _utf16(content):
        return _clean(content.decode(encoding, errors="replace")), []
    try:
        return _clean(content.decode("utf-8-sig")), []
    except UnicodeDecodeError as error:
        fault = error
    if fault.end == len(content) and fault.reason == "unexpected end of data":
        return _clean(content[: fault.start].decode("utf-8-sig")), []
    if content[: fault.start].removeprefix(codecs.BOM_UTF8).isascii():
        try:
            text = content.decode("cp1252")
        except UnicodeDecodeError as error:
            fault = error
        else:
            what = "the text is read as Windows-1252, since it is not UTF-8"
            return _clean(text), [Problem("info", what, f"If letters look wrong: {SAVE_AS}")]
    raise DecodeError(
        "the text is not UTF-8", subject=place, place=f"byte {fault.start}", remedy=SAVE_AS
    ) from fault


def head_text(head: bytes) -> str:
    """Return the text that a file begins with; never raises, also where a letter is cut."""
    try:
        return text_of(head)[0]
    except DecodeError:
        return _clean(head.decode("utf-8-sig", errors="replace"))


def lines_of(text: str) -> list[str]:
    """Split a text at every kind of line end."""
    return re.split(LINE_END, text)


def table_lines(text: str, place: str = "") -> list[str]:
    """Return the lines of a table; raises DecodeError for more than any has."""
    lines = lines_of(text)
    check_lines(len(lines), place)
    return lines


def check_lines(n: int, place: str = "") -> None:
    """Raise DecodeError for a table of more lines than any has."""
    if n > MAX_LINES:
        what = f"a table of {n:,} lines; at most {MAX_LINES:,} are read"
        raise DecodeError(what, subject=place, remedy="Split it.")


def check_names(names: Iterable[object], place: str = "") -> None:
    """Raise DecodeError where a table names more exercises than anybody does."""
    n = len(set(names))
    if n > MAX_NAMES:
        raise DecodeError(
            f"a table of {n:,} different exercises; at most {MAX_NAMES:,} are read", subject=place,
            remedy="Look whether a column is shifted.",
        )  # fmt: skip


def few(faults: list[Problem]) -> list[Problem]:
    """Return faults of lines, those beyond MAX_TOLD counted."""
    if len(faults) <= MAX_TOLD:
        return faults
    rest = len(faults) - MAX_TOLD
    more = Problem("warning", f"{rest} more lines are left out", "Mend the others first.")
    return [*faults[:MAX_TOLD], more]


def read_header(text: str, place: str = "") -> Header:
    """Read the header of a CSV, past Excel's `sep=;`; raises DecodeError for none."""
    first, *rest = re.split(LINE_END, text.removeprefix("\ufeff"), maxsplit=2)
    told = re.fullmatch(r'"?sep=(.)"?[,;\t]*', first, re.IGNORECASE)
    line = rest[0] if told and rest else first
    delimiter = told[1] if told else max(DELIMITERS, key=line.count)
    n_lines = 2 if told else 1
    try:
        columns = [cell.strip() for cell in cells_of(line, delimiter)]
    except Fault as fault:
        raise DecodeError(
            fault.what, subject=place, place=f"line {n_lines}", remedy=fault.remedy
        ) from fault
    width = len(columns)
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise DecodeError(
            "the first line names no columns", subject=place, place=f"line {n_lines}",
            remedy="Begin with a line such as date,exercise,sets,reps,weight_kg.",
        )  # fmt: skip
    return Header(columns, delimiter, width, n_lines)


def cells_of(line: str, delimiter: str) -> list[str]:
    """Return the cells of one record; raises Fault where quotes do not pair up."""
    try:
        lines = io.StringIO(line, newline="")
        return next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise Fault(
            "its quotes do not pair up", "Put a text with quotes or line breaks on one line."
        ) from error


def records(lines: Sequence[str], header: Header) -> Iterator[Record]:
    """Yield the records below a header; a quoted cell may hold line breaks.

    Lines that a quote ties together count as one record only where they have exactly a record's
    cells: else the first of them is at fault, and the next is read on its own.
    """
    at, tries = header.n_lines, MAX_TRIES
    while at < len(lines):
        cells, n, tried = _record(lines, at, header, tries)
        tries -= tried
        short = isinstance(cells, Fault) or len(cells) < len(header.columns)
        yield Record(at + 1, lines[at], cells, is_cut=short and at + n == len(lines))
        at += n


def _record(
    lines: Sequence[str], at: int, header: Header, tries: int
) -> tuple[list[str] | Fault, int, int]:
    """Return a record's cells or fault, its lines, and how many lines were tried for it."""
    try:
        return cells_of(lines[at], header.delimiter), 1, 0
    except Fault as found:
        fault = found
    quotes, tried = lines[at].count('"'), 0
    for n in range(2, min(MAX_RECORD_LINES, len(lines) - at) + 1):
        quotes += lines[at + n - 1].count('"')
        if quotes % 2:
            continue
        tried += n
        if tried > tries:
            break
        try:
            cells = cells_of("\n".join(lines[at : at + n]), header.delimiter)
        except Fault:
            continue
        if len(cells) == header.width:
            return cells, n, 0
    return fault, 1, tried


def _utf16(content: bytes) -> str | None:
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    head = content[: 2 * HEAD_PAIRS]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = head[first::2], head[1 - first :: 2]
        if len(zeros) > 4 and not any(zeros) and all(others):  # noqa: PLR2004 - a word's length
            return encoding
    return None


def _clean(text: str) -> str:
    return text.translate(INVISIBLE)
