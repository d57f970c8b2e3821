"""Channels + clock → the samples of runs, and what each whole run sums up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
import polars as pl

from carryover.normalise.plausible import (
    MAX_RUN_SPEED_MPS,
    metres_between,
    run_distance,
    run_speed,
)
from carryover.normalise.times import MAX_GAP_S, Clock, clock
from carryover.normalise.traces import UNIT, Flags, Floats, Span, Traces, joined
from carryover.rawfile import Problem

SPEED_HALF_WINDOW_S: Final = 5.0
"""Positions of one second are too noisy for a speed; ten seconds are not."""
ASCENT_SMOOTH: Final = 15
ASCENT_STEP_M: Final = 3.0


@dataclass(frozen=True, slots=True)
class Marks:
    """Timer stop and start marks, seconds since 1970."""

    stops_s: Floats
    starts_s: Floats


NO_MARKS: Final = Marks(np.array([]), np.array([]))


class Measured(NamedTuple):
    """One recording's distance and speed, NaN where unknown, its clock, and what was odd."""

    distance_m: Floats
    speed_mps: Floats
    clock: Clock
    problems: list[Problem]


def measure(traces: Traces, span: Span, marks: Marks) -> Measured:
    """Return how far and fast a recording went and how its instants weigh; not empty."""
    times_s = traces.times_s[span.begin : span.end]
    distance_m, far = run_distance(times_s, _distance(traces, span, times_s))
    speed_mps, fast = run_speed(_speed(traces, span, times_s, distance_m))
    held = clock(times_s, marks.stops_s, marks.starts_s, speed_mps)
    return Measured(distance_m, speed_mps, held, [*far, *fast])


class Sampler:
    """The samples of several recordings, written side by side into arrays of the whole batch."""

    def __init__(self, traces: Traces) -> None:
        n = traces.frame.height
        self._traces = traces
        self._elapsed_s, self._moving_s, self._dt_s = (np.zeros(n) for _ in range(3))
        self._segment = np.zeros(n, dtype=np.int32)
        self._changed: dict[str, Floats] = {}
        self._spans: list[Span] = []

    def keep(self, span: Span, measured: Measured) -> dict[str, Any]:
        """Take a recording's samples; return the sums that they alone can tell.

        Spans are kept in rising order and share no row.
        """
        place = slice(span.begin, span.end)
        held = measured.clock
        self._elapsed_s[place] = held.elapsed_s
        self._moving_s[place] = held.moving_s
        self._dt_s[place] = held.dt_s
        self._segment[place] = held.segment
        self._put("distance_m", place, measured.distance_m)
        self._put("speed_mps", place, measured.speed_mps)
        self._spans.append(span)
        return {
            "elapsed_s": float(held.elapsed_s[-1]),
            "moving_s": float(held.moving_s[-1]),
            "distance_m": _range(measured.distance_m),
            "avg_heart_rate_bpm": self._mean("heart_rate_bpm", span),
            "avg_temperature_c": self._mean("temperature_c", span),
            "n_records": span.n,
            "has_position": self._traces.has("latitude_deg", span),
        }

    def ascent(self, span: Span) -> float | None:
        """Return metres climbed in a recording, by its altitude."""
        return ascent(self._traces.frame["altitude_m"][span.begin : span.end])

    def frame(self) -> pl.DataFrame:
        """Return the samples of every recording kept, one after the other."""
        whole = self._traces.frame.drop(UNIT).with_columns(
            elapsed_s=pl.Series(self._elapsed_s),
            moving_s=pl.Series(self._moving_s),
            dt_s=pl.Series(self._dt_s),
            segment=pl.Series(self._segment),
            **{name: pl.Series(held, nan_to_null=True) for name, held in self._changed.items()},
        )
        return joined(whole, self._spans)

    def _put(self, channel: str, place: slice, values: Floats) -> None:
        """Write a channel that was worked out; one that the file told stands as it is."""
        own = self._traces.values(channel)
        if np.may_share_memory(own, values):
            return
        self._changed.setdefault(channel, own.copy())[place] = values

    def _mean(self, channel: str, span: Span) -> float | None:
        """Return a channel's mean over the time that has a value."""
        if not self._traces.has(channel, span):
            return None
        place = slice(span.begin, span.end)
        values, weight = self._traces.values(channel)[place], self._dt_s[place]
        known = self._traces.known(channel)[place]
        if not known.all():
            values, weight = values[known], weight[known]
        total = float(weight.sum())
        return float((values * weight).sum()) / total if total > 0 else None


def ascent(altitude_m: pl.Series) -> float | None:
    """Return metres climbed from an altitude trace: smoothed, counted in steps of 3 m."""
    smooth = altitude_m.drop_nulls().rolling_mean(ASCENT_SMOOTH, min_samples=1, center=True)
    if smooth.is_empty():
        return None
    heights = smooth.to_list()
    total, base = 0.0, heights[0]
    for height in heights:
        climbed = height - base
        if climbed >= ASCENT_STEP_M:
            total, base = total + climbed, height
        elif climbed <= -ASCENT_STEP_M:
            base = height
    return float(total)


def _distance(traces: Traces, span: Span, times_s: Floats) -> Floats:
    """The file's own distance, else along the positions, else from speed; NaN where unknown."""
    place = slice(span.begin, span.end)
    own = traces.values("distance_m")[place]
    if traces.has("distance_m", span):
        return own
    sound = traces.known("latitude_deg")[place]
    if np.count_nonzero(sound) > 1:
        lat = np.radians(traces.values("latitude_deg")[place])
        lon = np.radians(traces.values("longitude_deg")[place])
        return _along(lat, lon, sound)
    if traces.has("speed_mps", span):
        speed = traces.values("speed_mps")[place]
        steps = np.nan_to_num(speed[:-1]) * np.minimum(np.diff(times_s), MAX_GAP_S)
        return np.concatenate([[0.0], np.cumsum(steps)])
    return own


def _along(lat: Floats, lon: Floats, sound: Flags) -> Floats:
    la, lo = lat[sound], lon[sound]
    steps = metres_between(la[:-1], lo[:-1], la[1:], lo[1:])
    distance = np.full(len(lat), np.nan)
    distance[sound] = np.concatenate([[0.0], np.cumsum(steps)])
    return distance


def _speed(traces: Traces, span: Span, times_s: Floats, distance_m: Floats) -> Floats:
    """The file's own speed, else distance over a centred ten-second window."""
    own = traces.values("speed_mps")[span.begin : span.end]
    if traces.has("speed_mps", span):
        return own
    sound = np.isfinite(distance_m)
    if not sound.any():
        return own
    known_t, known_d = times_s[sound], distance_m[sound]
    before = np.maximum(times_s - SPEED_HALF_WINDOW_S, known_t[0])
    after = np.minimum(times_s + SPEED_HALF_WINDOW_S, known_t[-1])
    span_s = after - before
    run = np.interp(after, known_t, known_d) - np.interp(before, known_t, known_d)
    with np.errstate(invalid="ignore", divide="ignore"):
        speed = np.where(span_s > 0, run / span_s, np.nan)
    return np.where(speed <= MAX_RUN_SPEED_MPS, speed, np.nan)


def _range(values: Floats) -> float | None:
    """Return how far apart the greatest and least value are, None without any."""
    least, greatest = np.fmin.reduce(values), np.fmax.reduce(values)
    return None if np.isnan(least) else float(greatest - least)
