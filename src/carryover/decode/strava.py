"""Strava's list of activities (`activities.csv` in its bulk export): one row an activity.

The header is in the account's language and names columns twice: elapsed time in seconds, and
distance first in the account's unit, later in metres. Known titles are found by name; where a
language is not known, the first columns and those around the file's name have their places.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from carryover.catalogue.strava import header_field
from carryover.csv_text import check_lines
from carryover.decode.recording import Recording
from carryover.errors import DecodeError, UnsupportedError
from carryover.rawfile import FileKind, Problem

ROW: Final = "row"
FIELDS: Final = (
    "strava_id", "date", "name", "sport", "description", "gear", "filename", "elapsed", "moving",
    "distance", "race", "long_run",
)  # fmt: skip
FIRST: Final = ("strava_id", "date", "name", "sport", "description")
"""Columns that stand first in every language; elapsed time and distance follow."""
ELAPSED, DISTANCE = 5, 6
MIN_COLUMNS: Final = 5
NAMED: Final = re.compile(r"activities/[^/]+\.(fit|gpx|tcx)(\.gz)?", re.IGNORECASE)
MAX_TOLD: Final = 10
"""Odd rows that are named one by one; more are counted."""
OLD: Final = "elapsed_time"
"""A title of lists of 2018 and before: their only distance is in metres."""


def sniff(head: bytes) -> bool:
    """Return whether a text begins like Strava's list: a known header, or its shape."""
    if b"," not in head[:200] and b";" not in head[:200]:
        return False
    rows = _rows(head.decode("utf-8-sig", errors="replace"))
    try:
        header = next(rows, (0, []))[1]
        if len(header) < MIN_COLUMNS:
            return False
        known = [header_field(title) for title in header[:4]]
        # Other programs' lists have a date and a name, too: the id and the file are Strava's.
        if known[0] == "strava_id" and "date" in known and "name" in known:
            return known[1] == "date" and {"sport", "filename"} <= set(map(header_field, header))
        return any(_is_shaped(row, header) for _, row in rows)
    except csv.Error:
        return False


def decode_strava(content: bytes, place: str = "") -> Recording:
    """Decode a list; its frame is the message `row`: line, and FIELDS as texts, absent ones null.

    Raises DecodeError for a text that is not UTF-8 and one whose columns cannot be told,
    UnsupportedError for a list without rows.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DecodeError(
            "the text is not UTF-8", subject=place, place=f"byte {error.start}",
            remedy="Take activities.csv as it lies in Strava's export.",
        ) from error  # fmt: skip
    lines, fault = _all_rows(text)
    check_lines(len(lines), place)
    header = lines[0][1] if lines else []
    columns = _columns(header, [row for _, row in lines[1:]])
    if "strava_id" not in columns or "date" not in columns:
        raise DecodeError(
            "its columns cannot be told", subject=place, place="line 1",
            remedy="Take activities.csv as it lies in Strava's export.",
        )  # fmt: skip
    odd: list[int] = []
    held: list[list[object]] = []
    for line, row in lines[1:]:
        if not any(row):
            continue
        if len(row) < len(header) or not row[columns["strava_id"]].strip().isdecimal():
            odd.append(line)
            continue
        held.append([line, *(_cell(row, columns.get(name)) for name in FIELDS)])
    schema = {"line": pl.Int64(), **dict.fromkeys(FIELDS, pl.String())}
    frame = pl.DataFrame(held, schema=schema, orient="row")
    problems = _told(odd, fault)
    if not held and not problems:
        raise UnsupportedError("a list of activities that names none", subject=place)
    return Recording(FileKind.STRAVA_CSV, {ROW: frame}, problems, complete=not problems)


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield rows with the line each begins on; a row may span several."""
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    for row in reader:
        yield line, row
        line = reader.line_num + 1


def _all_rows(text: str) -> tuple[list[tuple[int, list[str]]], int | None]:
    """Return all rows, and the line where reading had to stop."""
    rows: list[tuple[int, list[str]]] = []
    try:
        for numbered in _rows(text):
            rows.append(numbered)  # noqa: PERF402 - what came before a fault stays
    except csv.Error:
        return rows, rows[-1][0] + 1 if rows else 1
    return rows, None


def _is_shaped(row: Sequence[str], header: Sequence[str]) -> bool:
    return (
        len(row) == len(header)
        and row[0].strip().isdecimal()
        and any(NAMED.fullmatch(cell.strip()) for cell in row)
    )


def _columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return where each field stands: by its title, else by its place."""
    named: dict[str, int] = {}
    times = dict.fromkeys(FIELDS, 0)
    for index, title in enumerate(header):
        field = header_field(title)
        if field is None:
            continue
        times[field] += 1
        # Of a repeated title the last is the precise one: seconds, metres.
        if field not in named or field in {"elapsed", "distance"}:
            named[field] = index
    if times["distance"] == 1 and OLD not in header:
        # Only the account's own unit is there, and nothing says which.
        del named["distance"]
    return _placed(header, rows) | named


def _placed(header: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return where the fields of an export of any language stand, from the shape of its rows."""
    shaped = next((row for row in rows if _is_shaped(row, header)), None)
    if shaped is None:
        return {}
    at = next(index for index, cell in enumerate(shaped) if NAMED.fullmatch(cell.strip()))
    found = {name: index for index, name in enumerate(FIRST)} | {"filename": at, "gear": at - 1}
    elapsed, distance = (_again(header, index, at) for index in (ELAPSED, DISTANCE))
    if elapsed and distance:
        found |= {"elapsed": elapsed, "distance": distance}
        if distance == elapsed + 2:
            found["moving"] = elapsed + 1
    return found


def _again(header: Sequence[str], index: int, after: int) -> int | None:
    """Return where the title of a column stands again, behind the file's name."""
    return next((i for i in range(after + 1, len(header)) if header[i] == header[index]), None)


def _cell(row: Sequence[str], index: int | None) -> str | None:
    text = row[index].strip() if index is not None and index < len(row) else ""
    return text or None


def _told(odd: Sequence[int], fault: int | None) -> list[Problem]:
    remedy = "Take activities.csv as it lies in Strava's export."
    problems = [
        Problem("warning", f"the row at line {line} is left out: cut off, or no activity", remedy)
        for line in odd[:MAX_TOLD]
    ]
    if len(odd) > MAX_TOLD:
        problems.append(Problem("warning", f"{len(odd) - MAX_TOLD} more rows are left out", remedy))
    if fault:
        what = f"from line {fault} on nothing can be read: its quotes do not pair up"
        problems.append(Problem("warning", what, remedy))
    return problems
