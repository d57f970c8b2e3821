"""Texts of a TCX → the frames of its recording, and what a person should know of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from carryover.decode.gpx.texts import Flags, Floats, Ints, instants, joined, numbers
from carryover.decode.gpx.words import BLANK, offset_s
from carryover.decode.recording import Recording
from carryover.decode.tcx.stream import (
    AGAIN,
    LAP_NUMBERS,
    LAP_TEXTS,
    PLANS,
    POINT,
    Column,
    Document,
)  # fmt: skip
from carryover.errors import DecodeError, UnsupportedError
from carryover.rawfile import FileKind, Problem

TIME: Final = pl.Datetime("us", "UTC")
TOLD: Final = frozenset({"Time", "LatitudeDegrees", "LongitudeDegrees", "StartTime"})
"""Names whose unreadable texts are told; elsewhere apps write `-` and the like for no value."""


@dataclass(frozen=True, slots=True)
class _Unread:
    """Texts of one name that are neither blank nor readable; the first one's row, from 0."""

    name: str
    count: int
    row: int


def recording(document: Document) -> Recording:
    """Return the frames `activity`, `lap` and `trackpoint`.

    Raises DecodeError where damage leaves nothing, UnsupportedError where a sound file tells
    neither a point nor a lap with a time.
    """
    unread: list[_Unread] = []
    points, laps = _points(document, unread), _laps(document, unread)
    _refuse_empty(document, points, laps)
    frames = {"activity": _activities(document), "lap": laps, "trackpoint": points}
    told = _problems(document, points, unread)
    return Recording(FileKind.TCX, frames, told, document.damage is None)


def _points(document: Document, unread: list[_Unread]) -> pl.DataFrame:
    n = document.n_points
    lap = np.array(document.lap, np.int64)
    activity, number = _lap_indices(document)
    told = document.of_point
    return pl.DataFrame(
        [
            pl.Series("activity_index", activity[lap]),
            pl.Series("lap_index", number[lap]),
            pl.Series("track_index", np.array(document.track, np.int64)),
            _times("Time", told["Time"], n, unread),
            *_numbers(POINT, told, n, unread),
        ]
    )


def _laps(document: Document, unread: list[_Unread]) -> pl.DataFrame:
    n = len(document.laps)
    activity, number = _lap_indices(document)
    told = document.of_lap
    return pl.DataFrame(
        [
            pl.Series("activity_index", activity),
            pl.Series("lap_index", number),
            _times("StartTime", told["StartTime"], n, unread),
            *(_texts(name, told[name], n) for name in LAP_TEXTS),
            *_numbers(LAP_NUMBERS, told, n, unread),
        ]
    )


def _activities(document: Document) -> pl.DataFrame:
    n = document.n_activities
    return pl.DataFrame(
        [
            pl.Series("activity_index", np.arange(n)),
            pl.Series("utc_offset_s", _offsets(document), pl.Float64),
            *(_texts(name, column, n) for name, column in document.of_activity.items()),
        ]
    )


def _lap_indices(document: Document) -> tuple[Ints, Ints]:
    """Return each lap's activity, and its number in it from 0."""
    activity = np.array(document.laps, np.int64)
    return activity, np.arange(len(activity)) - np.searchsorted(activity, activity)


def _offsets(document: Document) -> list[float | None]:
    """Return the offset from UTC that each activity's first time tells, s."""
    found: list[float | None] = [None] * document.n_activities
    rows, texts = document.of_point["Time"]
    activity = _lap_indices(document)[0][np.array(document.lap, np.int64)]
    whole = np.array(rows, np.int64)
    owners = activity[whole[whole < len(activity)]]
    for first in np.unique(owners, return_index=True)[1].tolist():
        found[int(owners[first])] = offset_s(texts[first])
    return found


def _texts(name: str, column: Column, n: int) -> pl.Series:
    """The first text of each row that says anything."""
    values: list[str | None] = [None] * n
    for row, text in zip(*column, strict=True):
        values[row] = values[row] or text.strip(BLANK) or None
    return pl.Series(name, values, pl.String)


def _times(name: str, column: Column, n: int, unread: list[_Unread]) -> pl.Series:
    told, found = instants(joined(column.texts))
    rows, kept = _standing(name, column, found, n, unread)
    values, missing = np.zeros(n, np.int64), np.ones(n, np.bool_)
    values[rows], missing[rows] = told[kept], False
    return pl.Series(name, values).set(pl.Series(missing), None).cast(TIME)


def _numbers(
    names: tuple[str, ...], told: dict[str, Column], n: int, unread: list[_Unread]
) -> list[pl.Series]:
    """Columns of numbers; those that no row fills are left out."""
    filled = []
    for name in names:
        values, found = numbers(joined(told[name].texts))
        rows, kept = _standing(name, told[name], found, n, unread)
        if len(rows):
            filled.append(_scattered(name, values[kept], rows, n))
    return filled


def _scattered(name: str, told: Floats, rows: Ints, n: int) -> pl.Series:
    if len(rows) == n:
        return pl.Series(name, told)
    values, missing = np.zeros(n), np.ones(n, np.bool_)
    values[rows], missing[rows] = told, False
    return pl.Series(name, values).set(pl.Series(missing), None)


def _standing(
    name: str, column: Column, found: Flags, n: int, unread: list[_Unread]
) -> tuple[Ints, Ints]:
    """Return the rows that have a readable text, and which text stands: the first of each row.

    Counts texts that say something unreadable; a point that was never closed has no row.
    """
    rows = np.array(column.rows, np.int64)
    whole = rows < n
    if name in TOLD and not found.all():
        odd = [i for i in np.flatnonzero(whole & ~found).tolist() if column.texts[i].strip(BLANK)]
        if odd:
            unread.append(_Unread(name, len(odd), int(rows[odd[0]])))
    kept = np.flatnonzero(whole & found)
    kept = kept[np.diff(rows[kept], prepend=-1) > 0]
    return rows[kept], kept


def _problems(document: Document, points: pl.DataFrame, unread: list[_Unread]) -> list[Problem]:
    """Return what was left out, what could not be read, and where the file is damaged."""
    told = [document.damage] if document.damage else []
    untimed = points["Time"].null_count()
    if untimed:
        told.append(Problem("info", f"{untimed} of {points.height} points have no time: left out"))
    for odd in unread:
        where = f"{'lap' if odd.name == 'StartTime' else 'point'} {odd.row + 1}"
        what = f"{odd.count} × {odd.name} cannot be read (first in {where}): missing"
        told.append(Problem("warning", what))
    if document.outside:
        what = f"{document.outside} points stand outside an activity's laps: left out"
        told.append(Problem("warning", what))
    return told


def _refuse_empty(document: Document, points: pl.DataFrame, laps: pl.DataFrame) -> None:
    """Say of a file without any instant why there is none."""
    if points["Time"].null_count() < points.height:
        return
    if document.damage:
        what = document.damage.what.partition(";")[0]
        raise DecodeError(f"{what}, before its first timed point", remedy=AGAIN)
    if not document.n_activities and document.planned:
        plans = " and ".join(PLANS[name] for name in PLANS if name in document.planned)
        raise UnsupportedError(f"a TCX file, but not an activity: {plans}")
    if not document.n_activities:
        raise UnsupportedError("this TCX holds no activity: nothing to measure in it")
    if (
        "TotalTimeSeconds" not in laps.columns
        or laps.select(
            (pl.col("StartTime").is_null() | pl.col("TotalTimeSeconds").is_null()).all()
        ).item()
    ):
        raise UnsupportedError("this TCX holds no time: nothing to measure in it")
