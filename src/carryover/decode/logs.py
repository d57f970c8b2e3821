"""The three logs that a person keeps by hand: strength, wellness, screening (CSV).

A header names the columns, in any order; `,` or `;` parts them, and a `;` file may write 12,5
for 12.5. Each line stands for itself: what cannot be read is named with its number, its text
and the remedy, and the lines around it are read. An empty cell is null.
"""

from __future__ import annotations

import csv
import difflib
import re
from dataclasses import dataclass
from typing import Final

import polars as pl

from carryover.decode.log_cells import LOGS, Cell, Fault
from carryover.decode.recording import Recording
from carryover.errors import DecodeError
from carryover.rawfile import FileKind, Problem

ROW: Final = "row"
"""The name of a log's only message in its Recording."""

SHOWN: Final = 80
"""Characters of a faulty line that a message repeats."""


@dataclass(frozen=True, slots=True)
class Header:
    """The first line of a log: its columns as written, what parts them, and all its cells.

    `width` counts the empty cells too that a spreadsheet leaves behind the last column.
    """

    columns: list[str]
    delimiter: str
    width: int


def sniff(head: bytes) -> str | None:
    """Return which log begins like this (a FileKind's value), or None.

    At least half of the columns must be a log's own, one of them peculiar to it: a header with
    one slip of the pen is still recognised, so that the slip can be named.
    """
    try:
        header = read_header(head.decode("utf-8-sig", errors="replace"))
    except DecodeError:
        return None
    names = set(header.columns)
    shares = {
        kind: len(names & set(log.cells)) / len(header.columns)
        for kind, log in LOGS.items()
        if "date" in names and names & log.marks
    }
    best = max(shares, key=lambda kind: shares[kind], default=None)
    return str(best) if best and shares[best] >= 0.5 else None  # noqa: PLR2004 - half


def decode_log(content: bytes, kind: FileKind, place: str = "") -> Recording:
    """Decode a log; its frame is the message `row`, one row a line, with the line's number.

    Columns and types are those of the log's cells, absent ones null. Raises DecodeError for a
    text that is not UTF-8 and for a header with unknown, missing or repeated columns.
    """
    lines = _lines(content, place)
    header = log_header(lines[0], kind, place)
    rows: list[dict[str, object]] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines[1:], start=2):
        try:
            row = read_row(line, header, kind)
        except Fault as fault:
            shown = line if len(line) <= SHOWN else line[: SHOWN - 1] + "…"
            what = f"line {number} is left out, {fault.what}: {shown!r}"
            problems.append(Problem("warning", what, fault.remedy))
            continue
        if row:
            rows.append({"line": number, **row})
    schema = {"line": pl.Int64(), **{name: cell.dtype for name, cell in LOGS[kind].cells.items()}}
    frame = pl.DataFrame(rows, schema=schema)
    return Recording(kind, {ROW: frame}, problems, complete=not problems)


def read_header(text: str, place: str = "") -> Header:
    """Read the header line; raises DecodeError for one that is empty or no CSV."""
    line = re.split(r"\r\n|\n|\r", text.removeprefix("\ufeff"), maxsplit=1)[0]
    delimiter = ";" if line.count(";") > line.count(",") else ","
    try:
        columns = [cell.strip() for cell in _cells(line, delimiter)]
    except Fault as fault:
        raise DecodeError(fault.what, subject=place, place="line 1", remedy=fault.remedy) from fault
    width = len(columns)
    while columns and not columns[-1]:
        columns.pop()
    if not columns:
        raise DecodeError(
            "the first line names no columns", subject=place, place="line 1",
            remedy="Begin with a line such as date,exercise,sets,reps,weight_kg.",
        )  # fmt: skip
    return Header(columns, delimiter, width)


def _lines(content: bytes, place: str) -> list[str]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DecodeError("the text is UTF-16", subject=place, remedy="Save it as CSV in UTF-8.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DecodeError(
            "the text is not UTF-8", subject=place, place=f"byte {error.start}",
            remedy="Save it as CSV in UTF-8.",
        ) from error  # fmt: skip
    return re.split(r"\r\n|\n|\r", text)


def log_header(text: str, kind: FileKind, place: str = "") -> Header:
    """Read the header of a log; raises DecodeError for columns it must not or cannot do without."""
    log = LOGS[kind]
    header = read_header(text, place)
    for column in header.columns:
        if column not in log.cells:
            near = difflib.get_close_matches(column.casefold(), log.cells, n=1, cutoff=0.4)
            known = ", ".join(log.cells)
            raise DecodeError(
                f"unknown column {column!r}", subject=place, place="line 1",
                remedy=f"Did you mean {near[0]!r}?" if near else f"Known are: {known}.",
            )  # fmt: skip
        if header.columns.count(column) > 1:
            raise DecodeError(
                f"the column {column!r} stands there twice", subject=place, place="line 1",
                remedy="Keep one of them.",
            )  # fmt: skip
    for column in log.needed:
        if column not in header.columns:
            raise DecodeError(
                f"the column {column!r} is missing", subject=place, place="line 1",
                remedy="Add it to the first line.",
            )  # fmt: skip
    return header


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error as error:
        raise Fault(
            "its quotes do not pair up", "Put a text with quotes or line breaks on one line."
        ) from error


def read_row(line: str, header: Header, kind: FileKind) -> dict[str, object]:
    """Read one line; a short one ends in empty cells, a blank one gives nothing.

    Raises Fault for what is no such row.
    """
    log = LOGS[kind]
    cells = [cell.strip() for cell in _cells(line, header.delimiter)]
    if not any(cells):
        return {}
    if len(cells) > header.width or any(cells[len(header.columns) :]):
        hint = " or write 12.5 for 12,5" if header.delimiter == "," else ""
        raise Fault(
            f"it has {len(cells)} cells under {len(header.columns)} columns",
            f'Put a text with "{header.delimiter}" in double quotes{hint}.',
        )
    comma = header.delimiter == ";"
    texts = dict(zip(header.columns, cells, strict=False))
    row = {name: _read(name, text, log.cells[name], comma=comma) for name, text in texts.items()}
    log.check(row)
    return row


def _read(name: str, text: str, cell: Cell, *, comma: bool) -> object:
    return cell.read(name, text.replace(",", ".") if comma and cell.is_number else text)
