"""`registrations.csv`: the questions of a home, each fixed at a date; a file only ever added to.

A person can read it and keep it with their backups. Each row ends with a hash of its own cells: a
row that was edited by hand is told and not believed. That guards against slips and second
thoughts, not against somebody who makes the hash anew.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
from polars.exceptions import PolarsError

from carryover.columns import UTC_TIME

FILE_NAME: Final = "registrations.csv"
HASH: Final = "row_hash"
HASH_DIGITS: Final = 16

REGISTRATION: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "version": pl.Int32(),
    "frozen_at": UTC_TIME,
    "exposure": pl.String(),
    "metric": pl.String(),
    "outcome": pl.String(),
    "tau_d": pl.Float64(),
    "swc": pl.Float64(),
    "good_side": pl.String(),
    "drift_mean": pl.Float64(),
    "drift_ci_low": pl.Float64(),
    "drift_ci_high": pl.Float64(),
    "n_values_then": pl.Int32(),
    "n_runs_then": pl.Int32(),
    "n_weeks_then": pl.Float64(),
    "chosen_by": pl.String(),
    "config_hash": pl.String(),
    "saw_answer": pl.Boolean(),
    "reason": pl.String(),
}
"""Grain: athlete × version. `chosen_by` order or configuration; numbers in the metric's unit.

`saw_answer`: an estimate had been shown before this version was made.
"""
REQUIRED: Final = tuple(
    name
    for name in REGISTRATION
    if name not in {"swc", "drift_mean", "drift_ci_low", "drift_ci_high"}
)

FAULT: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "version": pl.Int32(),
    "what": pl.String(),
    "remedy": pl.String(),
}
"""Grain: one row of the file that is not believed; whose and which version, as far as it tells."""

NIGHT: Final[dict[str, pl.DataType]] = {"now": UTC_TIME}
"""Grain: the night that builds; no row where there is none, and then nothing is fixed."""

SHOWN: Final[dict[str, pl.DataType]] = {"athlete_id": pl.String()}
"""Grain: one athlete of whom an estimate has been published."""


@dataclass(frozen=True, slots=True)
class Registered:
    """What a file holds: REGISTRATION and FAULT."""

    rows: pl.DataFrame
    faults: pl.DataFrame


def nothing_registered() -> dict[str, pl.DataFrame]:
    """Return the tables of a home without registrations, outside any night."""
    return {
        "registration_held": pl.DataFrame(schema=REGISTRATION),
        "registration_fault": pl.DataFrame(schema=FAULT),
        "this_night": pl.DataFrame(schema=NIGHT),
        "answer_shown": pl.DataFrame(schema=SHOWN),
    }


def read_registrations(content: bytes) -> Registered:
    """Read the file; never raises: what is odd in it is a fault of its row."""
    rows: list[dict[str, Any]] = []
    faults: list[dict[str, Any]] = []
    seen: set[tuple[str, int]] = set()
    for number, line in enumerate(_lines(content), start=1):
        cells = _cells(line)
        if cells == [*REGISTRATION, HASH] or not line.strip():
            continue
        told = dict(zip([*REGISTRATION, HASH], cells, strict=False))
        row = _typed(told) if _hash(cells[:-1]) == cells[-1] else None
        key = (told.get("athlete_id", ""), _number(told.get("version", "")))
        if row is None or key in seen:
            faults.append(_fault(number, told, repeats=row is not None))
        else:
            seen.add(key)
            rows.append(row)
    return Registered(
        pl.DataFrame(rows, schema=REGISTRATION, orient="row"),
        pl.DataFrame(faults, schema=FAULT, orient="row"),
    )


def with_added(content: bytes, rows: pl.DataFrame) -> bytes:
    """Return the file's content with rows (REGISTRATION) at its end; what stands there stays."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    if not content.strip():
        content = b""
        writer.writerow([*REGISTRATION, HASH])
    elif not content.endswith(b"\n"):
        content += b"\n"
    for row in rows.select(list(REGISTRATION)).iter_rows(named=True):
        cells = [_cell(value) for value in row.values()]
        writer.writerow([*cells, _hash(cells)])
    return content + buffer.getvalue().encode("utf-8")


def without(content: bytes, athlete_id: str) -> bytes:
    """Return the file's content without the rows of one athlete; the others stay as they are."""
    kept = [line for line in _lines(content) if _cells(line)[:1] != [athlete_id]]
    return "".join(f"{line}\n" for line in kept).encode("utf-8")


def _lines(content: bytes) -> list[str]:
    """Return the file's lines; a row is one line, so that a stray quote costs no more than it."""
    return content.decode("utf-8-sig", errors="replace").splitlines()


def _cells(line: str) -> list[str]:
    try:
        return next(csv.reader([line]), [])
    except csv.Error:
        return [line]


def _typed(told: Mapping[str, str]) -> dict[str, Any] | None:
    """Return a row's values in their types; None where one is none or is missing."""
    texts = pl.DataFrame({name: [told.get(name) or None] for name in REGISTRATION})
    if any(texts[name][0] is None for name in REQUIRED):
        return None
    try:
        typed = texts.with_columns(
            pl.col("frozen_at").str.to_datetime("%Y-%m-%dT%H:%M:%S%:z", time_zone="UTC"),
            pl.col("saw_answer").replace_strict({"true": True, "false": False}),
        ).cast(dict(REGISTRATION))  # type: ignore[arg-type]
    except PolarsError:
        return None
    row: dict[str, Any] = typed.row(0, named=True)
    return row


def _fault(line: int, told: Mapping[str, str], *, repeats: bool) -> dict[str, Any]:
    version = _number(told.get("version", ""))
    what = (
        f"line {line} repeats version {version} of {told['athlete_id']}: the first one stands"
        if repeats
        else f"line {line} is not as it was written: it is not believed"
    )
    remedy = "Take it out." if repeats else "Put the line back as it was, from a backup."
    return {
        "athlete_id": told.get("athlete_id") or None,
        "version": version or None,
        "what": what,
        "remedy": remedy,
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0  # noqa: PLR2004


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _hash(cells: Iterable[str]) -> str:
    """Return a hash of a row's cells, whatever the quotes around them."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="").writerow(cells)
    return hashlib.sha256(buffer.getvalue().encode("utf-8")).hexdigest()[:HASH_DIGITS]
