"""Which runs are workouts: hard and easy parts in the trace of effort, second by second.

Effort is speed adjusted for grade (`pace_part`), so that hills are no intervals; a part is hard
only if it is also harder than what is usual for the athlete, so that stops at lights are none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from carryover import columns
from carryover.estimate import run_frames

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Rules = Mapping[str, float]

MAX_HOLE: Final = 2
"""Parts without a record that smart recording leaves; a longer hole is a pause."""
SMOOTH: Final = 3
"""Parts in a running mean: 15 s."""
MAX_EFFORT_MPS: Final = 8.0
"""Faster is a fault of GPS."""
MIN_PARTS: Final = 60
"""A run of under five minutes has no structure."""
SPLITS: Final = (0.02, 0.98)
"""Shares of the running time between which hard and easy are told apart."""


class _Trace(NamedTuple):
    """One run, a value a part; `effort` is smoothed, 0 where nobody moves."""

    effort: Floats
    speed: Floats
    running: Flags


class _Effort(NamedTuple):
    """A hard stretch: parts from `begin` up to and without `end`."""

    begin: int
    end: int

    @property
    def n(self) -> int:
        return self.end - self.begin


def run_effort(parts: pl.DataFrame, usual: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return `run_frames.RUN_EFFORT`, one row a run of `usual` that has a structure.

    `parts` is `pace_part` (run_id, part, running_s, speed_mps, effort_mps), `usual` has run_id and
    usual_mps (null where unknown); `rules` are thresholds by name. Levels in m/s, lengths in s.
    """
    known = dict(usual.select("run_id", "usual_mps").iter_rows())
    rows = [
        {"run_id": key} | found
        for key, trace in _traces(parts)
        if (found := _structure(trace, known.get(key), rules))
    ]
    return columns.shaped(pl.DataFrame(rows, infer_schema_length=None), run_frames.RUN_EFFORT)


def _traces(parts: pl.DataFrame) -> Iterator[tuple[str, _Trace]]:
    """Yield each run with its trace, by key."""
    held = parts.select(
        "run_id",
        "part",
        pl.col("effort_mps", "speed_mps", "running_s").cast(pl.Float64).fill_null(0.0),
    ).sort("run_id", "part")
    starts = np.flatnonzero(np.diff(held["run_id"].rle_id().to_numpy().astype(int), prepend=-1))
    at, *told = (held[name].to_numpy() for name in held.columns[1:])
    ends = [*starts[1:].tolist(), held.height]
    for key, start, end in zip(held["run_id"][starts], starts.tolist(), ends, strict=False):
        yield str(key), _trace(at[start:end], [values[start:end] for values in told])


def _trace(at: npt.NDArray[np.int64], told: list[Floats]) -> _Trace:
    """Return the trace of parts `at` (n,); `told` are effort, speed and running time (n,)."""
    place = np.arange(at[0], at[-1] + 1)
    last = np.searchsorted(at, place, side="right") - 1
    there = place - at[last] <= MAX_HOLE
    effort, speed, running = (np.where(there, values[last], 0.0) for values in told)
    effort = np.clip(effort, 0.0, MAX_EFFORT_MPS)
    kernel = np.ones(SMOOTH)
    weight = np.convolve(np.ones(len(effort)), kernel, mode="same")
    smooth = np.convolve(effort, kernel, mode="same") / weight
    return _Trace(smooth, speed, running > 0)


def _structure(trace: _Trace, usual_mps: float | None, rules: Rules) -> dict[str, Any] | None:
    """Return what a run is made of: progression, intervals or tempo; None for none of them."""
    running = trace.running & (trace.effort > 0)
    if np.count_nonzero(running) < MIN_PARTS:
        return None
    rising = _progression(trace, running, usual_mps, rules)
    return rising or _hard_parts(trace, running, usual_mps, rules)


def _hard_parts(
    trace: _Trace, running: Flags, usual_mps: float | None, rules: Rules
) -> dict[str, Any] | None:
    """Return several efforts as intervals, one or two sustained ones as tempo."""
    level, has_easy = _level(trace.effort[running], usual_mps, rules)
    efforts = _efforts(trace.effort, level, rules) if level else []
    if not efforts:
        return None
    part_s = rules["kind_part_s"]
    work_s, longest_s = part_s * sum(e.n for e in efforts), part_s * max(e.n for e in efforts)
    enough_s = max(
        rules["effort_work_s"], rules["effort_work_share"] * part_s * np.count_nonzero(running)
    )
    over = _mean(trace.effort, efforts) / usual_mps if usual_mps else np.inf
    several = len(efforts) >= rules["effort_min_count"] and work_s >= enough_s
    if several and over >= rules["effort_mean_ratio"]:
        return _told("intervals", trace, efforts, rules)
    least_s = rules["tempo_min_s" if has_easy else "tempo_steady_s"]
    asked = rules["tempo_mean_ratio" if has_easy else "effort_steady_ratio"]
    if longest_s >= least_s and work_s >= rules["tempo_work_s"] and over >= asked:
        return _told("tempo", trace, efforts, rules)
    return None


def _mean(values: Floats, efforts: list[_Effort]) -> float:
    return float(np.concatenate([values[e.begin : e.end] for e in efforts]).mean())


def _level(effort: Floats, usual_mps: float | None, rules: Rules) -> tuple[float | None, bool]:
    """Return the effort above which a part is hard, and whether the run also has easy parts."""
    asked = rules["effort_contrast" if usual_mps else "effort_contrast_alone"]
    floor = rules["effort_over_usual"] * (usual_mps or 0.0)
    # Slow jogs between efforts are a class of their own: first without them.
    awake = effort[effort >= rules["effort_slow_ratio"] * (usual_mps or 0.0)]
    for held in (awake, effort) if len(awake) >= MIN_PARTS else (effort,):
        easy, hard = _two_means(held)
        if easy > 0 and hard / easy >= asked and hard >= floor:
            return max((easy + hard) / 2, floor), True
    return (rules["effort_steady_ratio"] * usual_mps if usual_mps else None), False


def _two_means(effort: Floats) -> tuple[float, float]:
    """Return the means of the two classes that part the values best (Otsu 1979)."""
    ordered = np.sort(effort)
    n = len(ordered)
    cut = np.arange(max(1, int(SPLITS[0] * n)), min(n, int(SPLITS[1] * n)))
    below = np.cumsum(ordered)[cut - 1]
    low, high = below / cut, (ordered.sum() - below) / (n - cut)
    best = int(np.argmax(cut * (n - cut) * (high - low) ** 2))
    return float(low[best]), float(high[best])


def _efforts(effort: Floats, level: float, rules: Rules) -> list[_Effort]:
    """Return hard stretches: those without a real dip between them are one, short ones none."""
    shortest = int(rules["effort_min_s"] / rules["kind_part_s"])
    hard = np.concatenate([[False], effort > level, [False]]).astype(np.int8)
    joined: list[_Effort] = []
    for begin, end in np.flatnonzero(np.diff(hard)).reshape(-1, 2).tolist():
        if joined and not _dips(effort, joined[-1], begin, end, rules):
            joined[-1] = _Effort(joined[-1].begin, end)
        elif end - begin >= shortest:
            joined.append(_Effort(begin, end))
    return joined


def _dips(effort: Floats, before: _Effort, begin: int, end: int, rules: Rules) -> bool:
    """Return whether the effort falls between two hard stretches."""
    level = (effort[before.begin : before.end].mean() + effort[begin:end].mean()) / 2
    return bool(effort[before.end : begin].mean() <= rules["effort_dip"] * level)


def _told(structure: str, trace: _Trace, efforts: list[_Effort], rules: Rules) -> dict[str, Any]:
    lengths = [rules["kind_part_s"] * e.n for e in efforts]
    return {
        "structure": structure, "n_efforts": len(efforts), "work_s": sum(lengths),
        "shortest_s": min(lengths), "longest_s": max(lengths),
        "effort_speed_mps": _mean(trace.speed, efforts),
    }  # fmt: skip


def _progression(
    trace: _Trace, running: Flags, usual_mps: float | None, rules: Rules
) -> dict[str, Any] | None:
    """Return a run whose blocks get harder and harder to the end, each even in itself."""
    effort, speed = trace.effort[running], trace.speed[running]
    size = int(rules["progression_block_s"] / rules["kind_part_s"])
    n = len(effort) // size
    if n < rules["progression_min_blocks"]:
        return None
    blocks = effort[: n * size].reshape(n, size)
    means = blocks.mean(axis=1)
    spread = float(np.median(blocks.std(axis=1) / np.maximum(means, 0.1)))
    rank = float(np.corrcoef(np.argsort(np.argsort(means)), np.arange(n))[0, 1])
    hard = means[-1] >= rules["effort_over_usual"] * (usual_mps or 0.0)
    rises = means[-1] / max(means[0], 0.1) >= rules["progression_ratio"]
    steps = sum(b > a for a, b in pairwise(means))
    if not (hard and rises and rank >= rules["progression_rank"] and 2 * steps > n - 1):
        return None
    if spread > rules["progression_spread"]:
        return None
    return {
        "structure": "progression", "n_efforts": 1,
        "first_speed_mps": float(speed[:size].mean()),
        "effort_speed_mps": float(speed[(n - 1) * size : n * size].mean()),
    }  # fmt: skip
