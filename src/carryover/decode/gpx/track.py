"""What both of our readers hand on, and the recording that is made of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from carryover.decode.recording import Recording
from carryover.errors import DecodeError, UnsupportedError
from carryover.rawfile import FileKind, Problem

PLACE: Final = ("lat", "lon", "ele")
TIME: Final = pl.Datetime("us", "UTC")
AGAIN: Final = "Export the run again."

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True)
class Values:
    """Values of one name: `value[i]` belongs to point `point[i]` (from 0); points ascend."""

    point: Ints
    value: Floats


@dataclass(frozen=True, slots=True)
class Unread:
    """How many texts of one name are neither blank nor readable, and the first one's point.

    Points count from 1. The texts are not told: they may be places of a private life.
    """

    count: int
    point: int


@dataclass(frozen=True, slots=True)
class Tracks:
    """All points of a file in its order.

    `time_us` is µs since 1970 UTC and counts where `timed`; `values` holds lat, lon, ele and
    then extensions in the order in which the file first tells them.
    """

    tracks: list[tuple[str | None, str | None]]
    track_index: Ints
    segment_index: Ints
    time_us: Ints
    timed: np.ndarray[tuple[int], np.dtype[np.bool_]]
    values: dict[str, Values]
    unread: dict[str, Unread] = field(default_factory=dict)
    outside: int = 0
    damage: Problem | None = None
    offset_s: dict[int, float] = field(default_factory=dict)
    """Track → how far its first time is ahead of UTC, where that is told and not 0."""


def recording(tracks: Tracks) -> Recording:
    """Return the frames `track` and `trackpoint` and what a person should know of them.

    Raises DecodeError where damage or unreadable places leave nothing, UnsupportedError where
    a sound file has no point with a time.
    """
    points = _points(tracks)
    _refuse_empty(tracks, points)
    named = pl.DataFrame(
        [(i, name, kind, tracks.offset_s.get(i)) for i, (name, kind) in enumerate(tracks.tracks)],
        schema={
            "track_index": pl.Int64,
            "name": pl.String,
            "type": pl.String,
            "utc_offset_s": pl.Float64,
        },
        orient="row",
    )
    frames = {"trackpoint": points, "track": named}
    return Recording(FileKind.GPX, frames, problems(tracks, points), tracks.damage is None)


def problems(tracks: Tracks, points: pl.DataFrame) -> list[Problem]:
    """Return what was left out, what could not be read, and where the file is damaged."""
    told = [tracks.damage] if tracks.damage else []
    untimed = points["time"].null_count()
    if untimed:
        told.append(Problem("info", f"{untimed} of {points.height} points have no time: left out"))
    placeless = points.select((pl.col("lat").is_null() | pl.col("lon").is_null()).sum()).item()
    if placeless:
        told.append(Problem("warning", f"{placeless} of {points.height} points have no place"))
    for name, unread in tracks.unread.items():
        what = f"{unread.count} × {name} cannot be read (first in point {unread.point}): missing"
        told.append(Problem("warning", what))
    if tracks.outside:
        what = f"{tracks.outside} points stand outside a track's segments: left out"
        told.append(Problem("warning", what))
    return told


def _points(tracks: Tracks) -> pl.DataFrame:
    n_points = len(tracks.track_index)
    time = pl.Series("time", tracks.time_us).set(pl.Series(~tracks.timed), None)
    columns = [
        pl.Series("track_index", tracks.track_index),
        pl.Series("segment_index", tracks.segment_index),
        time.cast(TIME),
    ]
    columns += [_scattered(name, values, n_points) for name, values in tracks.values.items()]
    return pl.DataFrame(columns)


def _scattered(name: str, told: Values, n_points: int) -> pl.Series:
    if len(told.point) == n_points:
        return pl.Series(name, told.value)
    values = np.zeros(n_points)
    missing = np.ones(n_points, dtype=np.bool_)
    values[told.point] = told.value
    missing[told.point] = False
    return pl.Series(name, values).set(pl.Series(missing), None)


def _refuse_empty(tracks: Tracks, points: pl.DataFrame) -> None:
    """Say of a file without any instant or place why there is none."""
    timeless = points["time"].null_count() == points.height
    if tracks.damage and timeless:
        what = tracks.damage.what.partition(":")[0]
        raise DecodeError(f"{what}, before its first timed point", remedy=AGAIN)
    if points.is_empty():
        raise UnsupportedError("this GPX holds places but no track: nothing to measure in it")
    if points.select((pl.col("lat").is_null() | pl.col("lon").is_null()).all()).item():
        raise DecodeError("no point of this GPX has a place", place="point 1", remedy=AGAIN)
    if timeless:
        raise UnsupportedError("this GPX holds a route without times: nothing to measure in it")
