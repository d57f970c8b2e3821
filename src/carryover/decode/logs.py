"""The three logs that a person keeps by hand: strength, wellness, screening (CSV).

A header names the columns, in any order and case; `,`, `;` or a tab parts them, and a file
without commas between cells may write 12,5 for 12.5. Each line stands for itself: what cannot
be read is named with its number, its text and the remedy, and the lines around it are read.
An empty cell is null.
"""

from __future__ import annotations

import difflib
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import polars as pl

from carryover.csv_text import (
    Fault,
    Header,
    cells_of,
    check_names,
    few,
    head_text,
    read_header,
    table_lines,
    text_of,
)
from carryover.decode.log_cells import LOGS, Cell
from carryover.decode.recording import Recording
from carryover.errors import DecodeError
from carryover.rawfile import FileKind, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

ROW: Final = "row"
"""The name of a log's only message in its Recording."""

HALF: Final = 0.5
MOST: Final = 0.75
"""Shares of columns that must be a log's own, written as it writes them or in another case."""


def sniff(head: bytes) -> str | None:
    """Return which log begins like this (a FileKind's value), or None.

    At least half of the columns must be a log's own, one of them peculiar to it: a header with
    one slip of the pen is still recognised, so that the slip can be named. In another case it
    takes more of them: other makers' tables have Date and Reps, too.
    """
    try:
        header = read_header(head_text(head))
    except DecodeError:
        return None
    plain = header.columns, HALF
    folded = [_folded(name) for name in header.columns], MOST
    return _best(*plain) or _best(*folded)


def _best(columns: list[str], least: float) -> str | None:
    names = set(columns)
    shares = {
        kind: len(names & set(log.cells)) / len(columns)
        for kind, log in LOGS.items()
        if "date" in names and names & log.marks
    }
    best = max(shares, key=lambda kind: shares[kind], default=None)
    return str(best) if best and shares[best] >= least else None


def decode_log(content: bytes, kind: FileKind, place: str = "") -> Recording:
    """Decode a log; its frame is the message `row`, one row a line, with the line's number.

    Columns and types are those of the log's cells, absent ones null. Raises DecodeError for
    bytes that are no text and for a header with unknown, missing or repeated columns.
    """
    text, problems = text_of(content, place)
    header, lines = log_header(text, kind, place), table_lines(text, place)
    faults: list[Problem] = []
    rows: list[dict[str, object]] = []
    for number, line in enumerate(lines[header.n_lines :], start=header.n_lines + 1):
        try:
            row = read_row(line, header, kind)
        except Fault as fault:
            faults.append(fault.told(number, line))
            continue
        if row:
            rows.append({"line": number, **row})
    schema = {"line": pl.Int64(), **{name: cell.dtype for name, cell in LOGS[kind].cells.items()}}
    check_names((row.get("exercise") for row in rows), place)
    frame = pl.DataFrame(rows, schema=schema)
    return Recording(kind, {ROW: frame}, problems + few(faults), complete=not faults)


def log_header(text: str, kind: FileKind, place: str = "") -> Header:
    """Read the header of a log; raises DecodeError for columns it must not or cannot do without."""
    log = LOGS[kind]
    read = read_header(text, place)
    header = replace(read, columns=[_known(column, log.cells) for column in read.columns])
    where = f"line {header.n_lines}"
    for column in header.columns:
        if column not in log.cells:
            near = difflib.get_close_matches(column.casefold(), log.cells, n=1, cutoff=0.4)
            known = ", ".join(log.cells)
            raise DecodeError(
                f"unknown column {column!r}", subject=place, place=where,
                remedy=f"Did you mean {near[0]!r}?" if near else f"Known are: {known}.",
            )  # fmt: skip
        if header.columns.count(column) > 1:
            raise DecodeError(
                f"the column {column!r} stands there twice", subject=place, place=where,
                remedy="Keep one of them.",
            )  # fmt: skip
    for column in log.needed:
        if column not in header.columns:
            raise DecodeError(
                f"the column {column!r} is missing", subject=place, place=where,
                remedy="Add it to the first line.",
            )  # fmt: skip
    return header


def _folded(column: str) -> str:
    return "_".join(column.casefold().replace("-", " ").split())


def _known(column: str, known: Mapping[str, Cell]) -> str:
    """Return a column's own name where only its case or a space differs."""
    return column if column in known or _folded(column) not in known else _folded(column)


def read_row(line: str, header: Header, kind: FileKind) -> dict[str, object]:
    """Read one line; a short one ends in empty cells, a blank one gives nothing.

    Raises Fault for what is no such row.
    """
    log = LOGS[kind]
    cells = [cell.strip() for cell in cells_of(line, header.delimiter)]
    if not any(cells):
        return {}
    if len(cells) > header.width or any(cells[len(header.columns) :]):
        hint = " or write 12.5 for 12,5" if header.delimiter == "," else ""
        mark = "a tab" if header.delimiter == "\t" else f'"{header.delimiter}"'
        raise Fault(
            f"it has {len(cells)} cells under {len(header.columns)} columns",
            f"Put a text with {mark} in double quotes{hint}.",
        )
    comma = header.delimiter != ","
    texts = dict(zip(header.columns, cells, strict=False))
    row = {name: _read(name, text, log.cells[name], comma=comma) for name, text in texts.items()}
    log.check(row)
    return row


def _read(name: str, text: str, cell: Cell, *, comma: bool) -> object:
    return cell.read(name, text.replace(",", ".") if comma and cell.is_number else text)
