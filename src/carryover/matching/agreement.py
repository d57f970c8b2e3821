"""How well two recordings agree over the time that both cover, once their clocks are set.

Two files of one run rise and fall together: in speed, cadence or heart rate. Two different runs
do not, even where they are equally long and far. A pod's clock may also be some seconds off; the
lag at which the traces agree best tells by how much. And nobody is at two places at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from carryover import columns
from carryover.units import METRES_PER_DEGREE

Floats = npt.NDArray[np.float64]

COMPARED: Final = ("speed_mps", "cadence_spm", "heart_rate_bpm")
HEART: Final = "heart_rate_bpm"
PLACE: Final = ("latitude_deg", "longitude_deg")
MAX_LAG_S: Final = 60
"""A pod or a phone that is farther off was never set."""
HOLD_S: Final = 10.0
"""Smart recording writes every 1–9 s; a longer silence is a gap."""
MIN_COMMON_S: Final = 120
SURE: Final = 0.95
"""Traces that agree so well need no search for a lag: a copy, or two good clocks."""
MIN_LAG_AGREEMENT: Final = 0.6
DRIFT_S: Final = 120
"""The hearts of any two runs rise alike: of a heart rate only what is quicker than this tells."""
MIN_LAG_GAIN: Final = 0.1
"""A lag is believed where it makes this much of a difference; otherwise clocks are right."""


class _Agreement(NamedTuple):
    """Correlation of one channel at a lag in seconds."""

    r: float
    lag_s: int


def pair_agreement(pairs: pl.DataFrame, traces: pl.DataFrame) -> pl.DataFrame:
    """Return `columns.PAIR_AGREEMENT`, a row for each row of `pairs`.

    `pairs` has one, other, shift_s (added to the other's clock) and from_s, to_s (the time that
    both cover on the clock of `one`, seconds since 1970); `traces` has activity_id, at_s,
    distance_m, the compared channels and places in degrees, rising in time within an activity.
    """
    held = {
        str(key): _Trace(part)
        for (key,), part in traces.partition_by(
            "activity_id", as_dict=True, maintain_order=True
        ).items()
    }
    rows = [_compared(pair, held) for pair in pairs.iter_rows(named=True)]
    return pl.DataFrame(rows, schema=columns.PAIR_AGREEMENT)


class _Trace:
    """One recording's channels as arrays."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.at_s: Floats = frame["at_s"].to_numpy()
        self._values = {
            name: frame[name].cast(pl.Float64).to_numpy()
            for name in (*COMPARED, "distance_m", *PLACE)
        }

    def every_second(self, channel: str, grid: Floats, shift_s: float) -> Floats:
        """Return a channel at each second of `grid`, NaN where nothing is known near it."""
        values = self._values[channel]
        known = np.isfinite(values)
        if np.count_nonzero(known) < 2:  # noqa: PLR2004 - a line needs two points
            return np.full(len(grid), np.nan)
        at, told = self.at_s[known] + shift_s, values[known]
        line = np.interp(grid, at, told, left=np.nan, right=np.nan)
        after = np.searchsorted(at, grid, side="left").clip(0, len(at) - 1)
        gap = at[after] - at[(after - 1).clip(0)]
        exact = at[after] == grid
        return np.where(exact | (gap <= HOLD_S), line, np.nan)

    def covered_m(self, from_s: float, to_s: float) -> float | None:
        """Return the distance between two instants of this recording's own clock."""
        values = self._values["distance_m"]
        known = np.isfinite(values)
        if not known.any():
            return None
        ends = np.interp([from_s, to_s], self.at_s[known], values[known])
        return float(ends[1] - ends[0])


def _compared(pair: Mapping[str, Any], traces: Mapping[str, _Trace]) -> dict[str, object]:
    one, other = traces.get(pair["one"]), traces.get(pair["other"])
    row: dict[str, object] = {name: pair[name] for name in ("one", "other", "shift_s")}
    if one is None or other is None:
        return row | {"lag_s": 0.0}
    from_s, to_s, shift_s = pair["from_s"], pair["to_s"], pair["shift_s"]
    grid = np.arange(np.ceil(from_s), to_s + 1)
    best, channel = _best(one, other, grid, shift_s)
    lag_s = float(best.lag_s) if best else 0.0
    return row | {
        "lag_s": lag_s,
        "agreement": best.r if best else None,
        "agreed_on": channel,
        "one_m": one.covered_m(from_s, to_s),
        "other_m": other.covered_m(from_s - shift_s, to_s - shift_s),
        "apart_m": _apart_m(one, other, grid, shift_s + lag_s),
        "heart_agreement": _hearts(one, other, grid, shift_s + lag_s),
    }


def _hearts(one: _Trace, other: _Trace, grid: Floats, shift_s: float) -> float | None:
    """Return how well the quick changes of both heart rates agree; None where one is not told."""
    held = one.every_second(HEART, grid, 0.0), other.every_second(HEART, grid, shift_s)
    return _correlation(*map(_quick, held))


def _apart_m(one: _Trace, other: _Trace, grid: Floats, shift_s: float) -> float | None:
    """Return the median distance between both places at one time, in metres; None if unknown."""
    north, east = (
        one.every_second(name, grid, 0.0) - other.every_second(name, grid, shift_s)
        for name in PLACE
    )
    narrowed = np.cos(np.radians(one.every_second("latitude_deg", grid, 0.0)))
    apart_m = METRES_PER_DEGREE * np.hypot(north, east * narrowed)
    known = np.isfinite(apart_m)
    return float(np.median(apart_m[known])) if np.count_nonzero(known) >= MIN_COMMON_S else None


def _best(
    one: _Trace, other: _Trace, grid: Floats, shift_s: float
) -> tuple[_Agreement | None, str | None]:
    """Return the channel that agrees best, and how well and at which lag it does."""
    found: dict[str, _Agreement] = {}
    for channel in COMPARED:
        ours = one.every_second(channel, grid, 0.0)
        theirs = other.every_second(channel, grid, shift_s)
        if channel == HEART:
            ours, theirs = _quick(ours), _quick(theirs)
        agreed = _agreement(ours, theirs)
        if agreed:
            found[channel] = agreed
        if agreed and agreed.r >= SURE:
            break
    if not found:
        return None, None
    channel = max(found, key=lambda name: found[name].r)
    return found[channel], channel


def _quick(values: Floats) -> Floats:
    """Return what is left of values once their mean over `DRIFT_S` around each is off."""
    known = np.isfinite(values)
    edges = np.arange(len(values))
    first = (edges - DRIFT_S // 2).clip(0)
    last = (edges + DRIFT_S // 2 + 1).clip(None, len(values))
    sums = np.concatenate([[0.0], np.cumsum(np.where(known, values, 0.0))])
    counts = np.concatenate([[0], np.cumsum(known)])
    n = counts[last] - counts[first]
    quick: Floats = values - (sums[last] - sums[first]) / np.maximum(n, 1)
    return quick


def _agreement(ours: Floats, theirs: Floats) -> _Agreement | None:
    """Return the correlation at lag 0, or at a better lag where one is believable."""
    plain = _correlation(ours, theirs)
    if plain is not None and plain >= SURE:
        return _Agreement(plain, 0)
    tried = {lag: _correlation(*_moved(ours, theirs, lag)) for lag in _lags(len(ours))}
    told = {lag: r for lag, r in tried.items() if r is not None}
    if told:
        lag = max(told, key=lambda lag: (told[lag], -abs(lag)))
        gain = told[lag] - (plain if plain is not None else -1.0)
        if told[lag] >= MIN_LAG_AGREEMENT and gain >= MIN_LAG_GAIN:
            return _Agreement(told[lag], lag)
    return None if plain is None else _Agreement(plain, 0)


def _lags(n: int) -> range:
    most = min(MAX_LAG_S, n // 4)
    return range(-most, most + 1)


def _moved(ours: Floats, theirs: Floats, lag: int) -> tuple[Floats, Floats]:
    """Cut both so that theirs stands `lag` seconds later."""
    if lag >= 0:
        return ours[lag:], theirs[: len(theirs) - lag]
    return ours[:lag], theirs[-lag:]


def _correlation(ours: Floats, theirs: Floats) -> float | None:
    """Return Pearson's r over the seconds that both know; None for too few or a flat line."""
    both = np.isfinite(ours) & np.isfinite(theirs)
    if np.count_nonzero(both) < MIN_COMMON_S:
        return None
    a, b = ours[both] - ours[both].mean(), theirs[both] - theirs[both].mean()
    norm = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / norm if norm > 0 else None
