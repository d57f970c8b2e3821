"""The channels of several recordings as arrays, rows of one activity together, time rising."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

UNIT: Final = "unit"
"""Column: which activity of the batch a row belongs to, counted from 0."""
EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND: Final = dt.timedelta(microseconds=1)


class Span(NamedTuple):
    """Rows [begin, end) of a frame."""

    begin: int
    end: int

    @property
    def n(self) -> int:
        """How many rows."""
        return self.end - self.begin


def edges(frame: pl.DataFrame, n_units: int) -> list[int]:
    """Return n_units + 1 row numbers: the rows of unit u are [edges[u], edges[u + 1])."""
    if UNIT not in frame.columns:
        return [0] * (n_units + 1)
    held = frame[UNIT].to_numpy()
    places: list[int] = np.searchsorted(held, np.arange(n_units + 1, dtype=held.dtype)).tolist()
    return places


def middle_of(values: Floats) -> float:
    """Return the median of values, one at least and none NaN; numpy's own takes twice as long."""
    half = len(values) // 2
    if len(values) % 2:
        return float(np.partition(values, half)[half])
    low, high = np.partition(values, (half - 1, half))[half - 1 : half + 1]
    return float((low + high) / 2)


def microseconds(moment: dt.datetime) -> int:
    """Return an instant as microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def epoch_us(times: pl.Series) -> Ints:
    """Return instants (Datetime, µs) as µs since 1970; the least number where there is none."""
    held = times.cast(pl.Int64)
    return (held.fill_null(np.iinfo(np.int64).min) if held.null_count() else held).to_numpy()


class Traces:
    """Channels in order (see `order.in_order`), read as arrays where arithmetic needs them."""

    def __init__(self, frame: pl.DataFrame, n_units: int) -> None:
        self.frame = frame
        self.edges = edges(frame, n_units)
        self.times_us = epoch_us(frame["recorded_at"])
        self.times_s: Floats = self.times_us / 1e6
        self._values: dict[str, Floats] = {}
        self._known: dict[str, Flags] = {}

    def unit(self, number: int) -> Span:
        """Return the rows of one activity."""
        return Span(self.edges[number], self.edges[number + 1])

    def values(self, channel: str) -> Floats:
        """Return a whole channel, NaN where it has no value; not to be written to."""
        if channel not in self._values:
            self._values[channel] = self.frame[channel].to_numpy()
        return self._values[channel]

    def known(self, channel: str) -> Flags:
        """Return where a channel has a value."""
        if channel not in self._known:
            self._known[channel] = self.frame[channel].is_not_null().to_numpy()
        return self._known[channel]

    def has(self, channel: str, span: Span) -> bool:
        """Return whether a channel has any value there."""
        return bool(self.known(channel)[span.begin : span.end].any())

    def instant(self, row: int) -> dt.datetime:
        """Return when a row was recorded, UTC."""
        return EPOCH + dt.timedelta(microseconds=int(self.times_us[row]))

    def between(self, unit: Span, first: dt.datetime, last: dt.datetime) -> Span:
        """Return the rows of a unit from one instant to another, both included."""
        times = self.times_us[unit.begin : unit.end]
        begin = int(np.searchsorted(times, microseconds(first), side="left"))
        end = int(np.searchsorted(times, microseconds(last), side="right"))
        return Span(unit.begin + begin, unit.begin + max(begin, end))

    def position(self, span: Span) -> tuple[float, float] | None:
        """Return the first place there, latitude and longitude in degrees."""
        both = self.known("latitude_deg")[span.begin : span.end]
        at = int(both.argmax()) if span.n else 0
        if not span.n or not both[at]:
            return None
        row = span.begin + at
        return float(self.values("latitude_deg")[row]), float(self.values("longitude_deg")[row])


def joined(frame: pl.DataFrame, spans: Sequence[Span]) -> pl.DataFrame:
    """Return those rows of a frame, span by span; nothing is copied where all are wanted."""
    merged: list[list[int]] = []
    for begin, end in spans:
        if merged and merged[-1][1] == begin:
            merged[-1][1] = end
        else:
            merged.append([begin, end])
    parts = [frame.slice(begin, end - begin) for begin, end in merged]
    return pl.concat(parts) if parts else frame.clear()
