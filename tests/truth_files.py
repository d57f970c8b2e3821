"""Planted runs as FIT files: stops, walks, a lost strap, smart recording, the fields' own rounding.

A file is made in arrays, so that a year of long runs is written in seconds. What is planted lies
on *timer* seconds: running ones hold a second of `TrueRun`, walking and standing ones do not.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fit_bytes import EVENT, RECORD, RECORD_FIELDS, activity, at, begin, session
from truth_gait import CHANNELS, gait, gait_drifts, metrics
from truth_runs import EPOCHS, TrueRun, windows

WALK, STAND = -1, -2
WALK_MPS, WALK_SPM, WALK_CONTACT_MS, WALK_BPM = 1.5, 112.0, 640.0, 118.0
WALK_OSCILLATION_MM = 45.0
SERIALS = dict(zip(EPOCHS, (3_900_001, 3_900_002), strict=True))
FIELDS = (
    "distance", "speed", "altitude", "heart_rate", "cadence", "fractional_cadence", "stance_time",
    "stance_time_balance", "vertical_oscillation",
)  # fmt: skip
DEVICE_FIELDS = ("stance_time_percent", "vertical_ratio", "step_length")
"""What only the first watch tells: ours are then the device's; of the second they are formulas."""
STRAP = ("stance_time", "stance_time_balance", "vertical_oscillation", *DEVICE_FIELDS)
WIDTHS = {"uint8": "u1", "uint16": "<u2", "uint32": "<u4", "sint32": "<i4"}
INVALID = {"uint8": 0xFF, "uint16": 0xFFFF, "uint32": 0xFFFFFFFF, "sint32": 0x7FFFFFFF}


@dataclass(frozen=True)
class Stop:
    """After so many running seconds: a walk, a stand (the timer runs), or a pause (it does not)."""

    after: int
    kind: str
    seconds: int


@dataclass(frozen=True)
class Habit:
    """How runs are recorded, and what happens in them."""

    stops: bool = True
    smart_share: float = 1 / 3
    """Share of runs that are recorded every 1–9 s only."""
    dropout_share: float = 1 / 5
    """Share of runs in which the strap is lost for some minutes."""


@dataclass(frozen=True)
class Recorded:
    """One planted run and how it was recorded; arrays are by timer second."""

    true: TrueRun
    habit: Habit = Habit()
    sub_sport: int = 0
    change: Callable[[dict[str, np.ndarray]], dict[str, np.ndarray]] | None = None
    """What else becomes of the columns before they are written."""

    @cached_property
    def is_smart(self):
        """Whether the watch writes every 1–9 s."""
        return self.true.rng(20).random() < self.habit.smart_share

    @cached_property
    def stops(self):
        """Walks, stands and pauses, in order."""
        rng, n = self.true.rng(21), self.true.seconds
        if not self.habit.stops:
            return []
        kinds = [("pause", 30, 300, 1.0), ("walk", 30, 120, 0.7), ("stand", 20, 60, 1.5)]
        drawn = [
            Stop(int(rng.uniform(60, n - 120)), kind, int(rng.uniform(low, high)))
            for kind, low, high, mean in kinds
            for _ in range(rng.poisson(mean))
        ]
        return sorted(drawn, key=lambda stop: stop.after)

    @cached_property
    def second(self):
        """Running second that each timer second holds, or WALK or STAND."""
        parts, last = [], 0
        for stop in self.stops:
            parts.append(np.arange(last, stop.after))
            last = stop.after
            if stop.kind != "pause":
                parts.append(np.full(stop.seconds, WALK if stop.kind == "walk" else STAND))
        parts.append(np.arange(last, self.true.seconds))
        return np.concatenate(parts)

    @cached_property
    def running(self):
        """Whether the runner runs."""
        return self.second >= 0

    @cached_property
    def elapsed_s(self):
        """Time since the start, pauses counted."""
        late = np.zeros(self.second.size)
        for stop in self.stops:
            if stop.kind == "pause":
                late[np.flatnonzero(self.second == stop.after)[0] :] += stop.seconds
        return np.arange(self.second.size) + late

    @cached_property
    def lost(self):
        """Whether the strap is lost."""
        rng, n = self.true.rng(22), self.second.size
        if rng.random() >= self.habit.dropout_share:
            return np.zeros(n, dtype=bool)
        since, length = rng.uniform(0, n), rng.uniform(120, 360)
        clock = np.arange(n)
        return (clock >= since) & (clock < since + length)

    def means(self):
        """Return planted means over every running second, by metric."""
        held = metrics(gait(self.true))
        return {name: float(np.nanmean(held[name])) for name in CHANNELS}

    def decays(self):
        """Return planted late minus early of every metric that fatigue moves, by metric."""
        drifts = gait_drifts(self.true)
        return {name: self._late_less_early(values) for name, values in drifts.items()}

    def _late_less_early(self, values):
        """Return late minus early of a planted drift (by running second), standing not counted."""
        moving = self.second[self.second != STAND]
        early, late = (moving[window] for window in windows(moving.size))
        return float(values[late[late >= 0]].mean() - values[early[early >= 0]].mean())

    def adjusted_ms(self, reference_mps):
        """Return planted contact time at a speed on the level, after the first ten minutes."""
        true, warm = self.true, self.second[self.second != STAND][600:]
        drift = true.drift_ms[warm[warm >= 0]].mean()
        return true.level_ms + true.at_speed_ms(reference_mps) + float(drift)

    def _spread(self, values, walking, standing):
        """Return a channel by timer second from its running seconds."""
        spread = np.where(self.second == WALK, walking, float(standing))
        spread[self.running] = values
        return spread

    @cached_property
    def columns(self):
        """What the watch tells, by timer second, in FIT's names and units; NaN is no value."""
        return self.change(self._told()) if self.change else self._told()

    def _told(self):
        true, nan, held = self.true, np.nan, gait(self.true)
        speed = self._spread(true.speed_mps + true.speed_error_mps, WALK_MPS, 0.0)
        speed = np.maximum(speed, 0.0)
        first = true.epoch == EPOCHS[0]
        # The first watch goes on telling contact time while its runner walks, and 0 for a stand.
        walk_ms, walk_mm, none = (
            (WALK_CONTACT_MS, WALK_OSCILLATION_MM, 0.0) if first else (nan,) * 3
        )
        spm = self._spread(held["cadence_spm"], WALK_SPM, 0.0)
        strides = np.round(spm) / 2.0
        contact = self._spread(held["stance_time_ms"], walk_ms, none)
        bounce = self._spread(held["vertical_oscillation_mm"], walk_mm, none)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = np.where(self.running, 60_000.0 * speed / spm, nan)
        told = {
            "distance": np.concatenate([[0.0], np.cumsum(speed)[:-1]]),
            "speed": speed,
            "altitude": self._height(),
            "heart_rate": self._spread(held["heart_rate_bpm"], WALK_BPM, WALK_BPM),
            "cadence": np.floor(strides),
            "fractional_cadence": strides % 1.0,
            "stance_time": contact,
            "stance_time_balance": self._spread(held["stance_time_balance_pct"], nan, none),
            "vertical_oscillation": bounce,
        }
        if first:
            told["stance_time_percent"] = contact * spm / 1200.0
            told["vertical_ratio"] = 100.0 * bounce / step
            told["step_length"] = step
        for name in STRAP:
            if name in told:
                told[name] = np.where(self.lost, nan, told[name])
        return told

    def _height(self):
        """Return the barometer's height: it stays where the runner does."""
        true = self.true
        told = true.height_m + 0.3 * true.barometer_noise
        return told[np.maximum.accumulate(np.maximum(self.second, 0))]

    def rows(self):
        """Return which timer seconds are written."""
        n = self.second.size
        if not self.is_smart:
            return np.arange(n)
        gaps = self.true.rng(23).integers(1, 10, n)
        marks = np.cumsum(gaps) - gaps[0]
        breaks = np.flatnonzero(np.diff(self.elapsed_s) > 1)
        return np.union1d(marks[marks < n], [*breaks, *(breaks + 1), n - 1]).astype(int)

    def file(self, since_s):
        """Return the bytes of the run's file, begun so many seconds after START."""
        made = begin(serial=SERIALS[self.true.epoch])
        names = ["timestamp", *self.columns]
        made.define(1, RECORD, [(*RECORD_FIELDS[name][:2], 1) for name in names])
        made.define(3, EVENT, [(253, "uint32", 1), (0, "enum", 1), (1, "enum", 1)])
        made.data(3, at(since_s), 0, 0)
        rows = self.rows()
        elapsed = self.elapsed_s[rows]
        cells = self._cells(rows, since_s)
        cuts = [0, *(np.flatnonzero(self._pause_before(rows)) + 1), rows.size]
        for first, last in itertools.pairwise(cuts):
            if first:
                made.data(3, at(since_s + elapsed[first]), 0, 0)
            made.raw(cells[first:last].tobytes())
            made.data(3, at(since_s + elapsed[last - 1]), 0, 4)
        end_s = float(self.elapsed_s[-1])
        session(made, elapsed_s=end_s, start_s=since_s, sub_sport=self.sub_sport)
        return activity(made, end_s=since_s + end_s, offset_s=0).file()

    def _pause_before(self, rows):
        paused = self.elapsed_s - np.arange(self.second.size)
        return np.diff(paused[rows]) > 0

    def _cells(self, rows, since_s):
        """Return the records as one packed array, each cell rounded as its field is."""
        layout = [("head", "u1"), ("timestamp", "<u4")]
        layout += [(name, WIDTHS[RECORD_FIELDS[name][1]]) for name in self.columns]
        cells = np.zeros(rows.size, dtype=layout)
        cells["head"] = 1
        cells["timestamp"] = at(since_s) + self.elapsed_s[rows].astype(np.int64)
        for name, values in self.columns.items():
            _, base, scale, offset = RECORD_FIELDS[name]
            taken = values[rows]
            whole = np.round((np.nan_to_num(taken) + offset) * scale)
            cells[name] = np.where(np.isfinite(taken), whole, INVALID[base]).astype(np.int64)
        return cells
