"""The small messages of a batch of FIT files, by unit: rows, timer marks, laps, devices."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np
import polars as pl

from carryover import columns
from carryover.normalise.plausible import SUMMED
from carryover.normalise.result import FILE, TABLES, Row
from carryover.normalise.samples import NO_MARKS, Marks
from carryover.normalise.traces import UNIT, Ints, Span, edges, epoch_us, microseconds

LAP_NAMES: Final = {
    "start_time": "started_at", "total_elapsed_time": "elapsed_s", "total_timer_time": "moving_s",
    "total_distance": "distance_m", "lap_trigger": "trigger", "intensity": "intensity",
}  # fmt: skip
"""The vendor's column → ours."""


MAX_ROWS: Final = 10_000
"""Messages of one small type that are read of an activity; no gym visit has as many sets."""


def rows_by_unit(frame: pl.DataFrame) -> dict[int, list[Row]]:
    """Return a message's first rows by unit, in the order of the file (see MAX_ROWS)."""
    if frame.height > MAX_ROWS:
        frame = frame.group_by(UNIT, maintain_order=True).head(MAX_ROWS)
    found: dict[int, list[Row]] = {}
    for row in frame.iter_rows(named=True):
        found.setdefault(row.pop(UNIT), []).append(row)
    return found


class TimerMarks:
    """When the timer stopped and started, by unit."""

    def __init__(self, events: pl.DataFrame, n_units: int) -> None:
        self._held = {"event", "event_type", "timestamp"} <= set(events.columns)
        if not self._held:
            return
        timer = events.filter(pl.col("event") == "timer").drop_nulls("timestamp")
        stops = timer.filter(pl.col("event_type").str.starts_with("stop"))
        starts = timer.filter(pl.col("event_type") == "start")
        self._stops_s, self._starts_s = (epoch_us(f["timestamp"]) / 1e6 for f in (stops, starts))
        self._stops, self._starts = edges(stops, n_units), edges(starts, n_units)

    def of(self, unit: int) -> Marks:
        """Return the marks of one unit."""
        if not self._held:
            return NO_MARKS
        return Marks(
            self._stops_s[self._stops[unit] : self._stops[unit + 1]],
            self._starts_s[self._starts[unit] : self._starts[unit + 1]],
        )


class Listing:
    """Rows of a whole batch's frame that recordings choose: gathered once, each under its key."""

    def __init__(self, table: str, frame: pl.DataFrame) -> None:
        self._table = table
        self._frame = frame
        self._rows: list[Ints] = []
        self._keys: list[tuple[int, str]] = []

    def choose(self, rows: Ints, file: int, activity_id: str) -> int:
        """Give rows of the frame, by number, to a recording; return how many."""
        self._rows.append(rows)
        self._keys.append((file, activity_id))
        return len(rows)

    def frame(self) -> pl.DataFrame:
        """Return what was chosen: `file`, then the columns of the table."""
        sizes = [len(rows) for rows in self._rows]
        if not any(sizes):
            return pl.DataFrame()
        chosen = np.concatenate(self._rows)
        files = np.array([file for file, _ in self._keys], dtype=np.uint32)
        keys = pl.Series([key for _, key in self._keys], dtype=pl.String)
        numbers = [np.arange(n, dtype=np.int32) for n in sizes]
        named = self._frame[chosen].with_columns(
            pl.Series(FILE, np.repeat(files, sizes)),
            keys.gather(np.repeat(np.arange(len(sizes)), sizes)).alias("activity_id"),
            lap_index=np.concatenate(numbers),
        )
        return columns.shaped(named, {FILE: pl.UInt32()} | TABLES[self._table])


class Laps:
    """The laps of a batch, chosen by the time that a recording lasted."""

    def __init__(self, laps: pl.DataFrame, n_units: int) -> None:
        held = laps if "start_time" in laps.columns else pl.DataFrame()
        known = {old: new for old, new in LAP_NAMES.items() if old in held.columns}
        renamed = held.select(list(known)).rename(known)
        limited = [name for name in SUMMED if name in renamed.columns]
        renamed = renamed.with_columns(
            pl.when(pl.col(name).is_between(0, SUMMED[name])).then(pl.col(name)).alias(name)
            for name in limited
        )
        self.listing = Listing("lap", renamed)
        self._edges = edges(held, n_units)
        self._started_us = epoch_us(renamed["started_at"]) if renamed.width else np.array([], int)

    def choose(
        self, unit: int, started_at: dt.datetime, ended_at: dt.datetime, file: int, activity_id: str
    ) -> int:
        """Give a recording the laps that started while it lasted, by their start."""
        span = Span(self._edges[unit], self._edges[unit + 1])
        started = self._started_us[span.begin : span.end]
        inside = (started >= microseconds(started_at)) & (started <= microseconds(ended_at))
        rows = np.flatnonzero(inside)
        order = np.argsort(started[rows], kind="stable")
        return self.listing.choose(rows[order] + span.begin, file, activity_id)
