"""The slope of the ground about each instant: altitude as a line over distance, by least squares.

Windows of many instants overlap almost wholly, so sums over them are differences of running sums.
These are whole millimetres: nothing is lost by taking differences, and the slope is the same number
however many runs are worked out together.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from carryover import columns
from carryover.estimate import run_frames

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Rules = Mapping[str, float]

MM_PER_M: Final = 1000.0
FARTHEST_M: Final = 5_000.0
"""A window over more ground is a leap of the recording: its sums of squares would not fit."""


def ground(points: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return GROUND, a row an instant: slopes and ground covered in two windows about it.

    `points`: run_id, elapsed_s, distance_m, altitude_m (nullable); `rules` are thresholds by name.
    A slope (m/m) is null where fewer than two instants of the window tell both, or stand apart.
    """
    held = points.sort("run_id", "elapsed_s", maintain_order=True)
    if held.is_empty():
        return columns.empty(run_frames.GROUND)
    codes = held["run_id"].rle_id().to_numpy()
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    times, ways, heights = (
        np.split(held[name].cast(pl.Float64).fill_null(np.nan).to_numpy(), starts[1:])
        for name in ("elapsed_s", "distance_m", "altitude_m")
    )
    each = [_of_run(*run, rules) for run in zip(times, ways, heights, strict=True)]
    table = np.concatenate(each)
    names = ("slope", "ground_m", "near_slope", "near_ground_m")
    told = held.select("run_id", "elapsed_s").with_columns(
        pl.Series(name, table[:, k]).fill_nan(None) for k, name in enumerate(names)
    )
    # Instants of one time have one window: a row tells it for all.
    return columns.shaped(
        told.unique(["run_id", "elapsed_s"], keep="first", maintain_order=True), run_frames.GROUND
    )


def _of_run(at_s: Floats, distance_m: Floats, altitude_m: Floats, rules: Rules) -> Floats:
    """Return slope and ground (n, 4) of a run's instants, of the wide window and the near one."""
    told = ~(np.isnan(distance_m) | np.isnan(altitude_m))
    x, y = _whole_mm(distance_m, told), _whole_mm(altitude_m, told)
    running = [_running(column) for column in (told.astype(np.int64), x, y, x * x, x * y)]
    near = _last_told(told)
    found = []
    for name in ("grade_half_window_s", "stride_half_window_s"):
        half_s = float(rules[name])
        first = np.searchsorted(at_s, at_s - half_s, side="left")
        after = np.searchsorted(at_s, at_s + half_s, side="right")
        ground_m = _covered(distance_m, first, after)
        sums = [total[after] - total[first] for total in running]
        found += [_slope(sums, x[near], y[near], ~(ground_m > FARTHEST_M)), ground_m]
    return np.column_stack(found)


def _whole_mm(metres: Floats, told: npt.NDArray[np.bool_]) -> Ints:
    """Return whole millimetres, halves away from nought, as SQL rounds; 0 where not told."""
    scaled = MM_PER_M * np.where(told, metres, 0.0)
    return np.trunc(scaled + np.copysign(0.5, scaled)).astype(np.int64)


def _last_told(told: npt.NDArray[np.bool_]) -> Ints:
    """Return for each instant the last one so far that tells both, at the start the first."""
    place = np.maximum.accumulate(np.where(told, np.arange(told.size), -1))
    return np.where(place < 0, int(np.argmax(told)), place)


def _running(values: Ints) -> Ints:
    # Sums of squares may run over: differences of what has run over are still right.
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(values)])


def _slope(sums: list[Ints], x: Ints, y: Ints, fits: npt.NDArray[np.bool_]) -> Floats:
    """Return Σ(x − x̄)(y − ȳ) ÷ Σ(x − x̄)² of windows; `x`, `y` (n,) of an instant near each."""
    n, sum_x, sum_y, sum_xx, sum_xy = sums
    # About an instant nearby numbers are small; products of the sums then fit, too.
    sum_xx = sum_xx - 2 * x * sum_x + n * x * x
    sum_xy = sum_xy - x * sum_y - y * sum_x + n * x * y
    sum_x, sum_y = sum_x - n * x, sum_y - n * y
    spread = n * sum_xx - sum_x * sum_x
    both = n * sum_xy - sum_x * sum_y
    able = fits & (spread > 0)
    slope: Floats = np.divide(both, spread, out=np.full(n.size, np.nan), where=able)
    return slope


def _covered(distance_m: Floats, first: Ints, after: Ints) -> Floats:
    """Return how far apart the least and greatest distance of each window are; NaN for none."""
    known = ~np.isnan(distance_m)
    if not known.any():
        return np.full(first.size, np.nan)
    told = distance_m[known]
    count = _running(known.astype(np.int64))
    begin, end = count[first], count[after]
    if (np.diff(told) >= 0).all():
        ends = told[np.maximum(end - 1, 0)] - told[np.minimum(begin, told.size - 1)]
        covered: Floats = np.where(end > begin, ends, np.nan)
        return covered
    return np.array([np.ptp(told[b:e]) if e > b else np.nan
                     for b, e in zip(begin, end, strict=True)])  # fmt: skip
