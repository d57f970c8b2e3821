"""Strength dose as an exposure: a fading sum of past days, and the last 48 hours by the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl
from scipy.signal import lfilter

from carryover import columns

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from carryover.estimate.slopes import Floats

    Ints = NDArray[np.int64]
    Times = NDArray[np.datetime64]

DAYS_PER_WEEK: Final = 7
SESSIONS_PER_WEEK: Final = 2
"""X = 1 is this steady habit, with the athlete's median session (dose 1) each time."""
CHRONIC_TAU_D: Final = 28.0
ACUTE_D: Final = 2.0
ACUTE: Final = np.timedelta64(48 * 3600 * 1_000_000, "us")
STRENGTH: Final = "strength"
"""The exposure that the primary asks about; others are channels of their own."""


def chronic(dose_by_day: Floats, tau_d: float) -> Floats:
    """Return X_τ at the start of each day, from strictly earlier days; (n, …) → (n, …).

    X(t) = Σ_{s<t} d(s)·e^{−(t−s)/τ} ÷ [(2/7)·e^{−1/τ} / (1 − e^{−1/τ})]: the divisor is the sum
    that two doses of 1 a week, spread evenly, settle at, so that habit gives X = 1.
    """
    fade = float(np.exp(-1.0 / tau_d))
    steady = SESSIONS_PER_WEEK / DAYS_PER_WEEK * fade / (1.0 - fade)
    return _faded(dose_by_day, fade) / steady


def chronic_turned(dose_by_day: Floats, tau_d: float, at: Ints, shifts: Ints) -> Floats:
    """Return X_τ on days `at` (n,) of a calendar turned by each of the shifts, as (n, K).

    Turned by k, day s holds the dose of day s − k, and what falls off the end begins anew. As
    fading is exponential, that X is made of X as it was: what stands k days before, less what
    was there at the cut, plus, after the cut, what the whole calendar left.
    """
    days = dose_by_day.size
    whole = chronic(np.r_[dose_by_day, 0.0], tau_d)
    fades = np.exp(-np.arange(days) / tau_d)
    before_cut, after_cut = whole[:days], whole[:days] + fades * whole[days]
    standing = np.r_[before_cut, after_cut][at[:, None] - shifts + days]
    turned: Floats = standing - fades[at, None] * whole[days - shifts]
    return turned


def ewma_load(load_by_day: Floats, tau_d: float, start: float = 0.0) -> Floats:
    """Return the exponentially weighted mean load of strictly earlier days; (n,) → (n,).

    `start` is the mean that stood before the first day; a steady load L from start L stays L.
    """
    fade = float(np.exp(-1.0 / tau_d))
    days = np.arange(load_by_day.size)
    mean: Floats = start * fade**days + _faded(load_by_day, fade) * (1.0 - fade) / fade
    return mean


def acute_48(session_times: Times, doses: Floats, at_times: Times) -> Floats:
    """Return the dose in the 48 h before each instant, the instant itself excluded.

    Times are UTC; a session exactly 48 h before still counts.
    """
    return _within(session_times, doses, at_times, at_times - ACUTE)


def acute_within(session_days: Floats, doses: Floats, at_days: Floats) -> Floats:
    """Return the same for instants told in days after any zero."""
    return _within(session_days, doses, at_days, at_days - ACUTE_D)


def _within(sessions: Any, doses: Floats, until: Any, since: Any) -> Floats:  # noqa: ANN401
    order = np.argsort(sessions, kind="stable")
    times = sessions[order]
    first = np.searchsorted(times, since, side="left")
    last = np.searchsorted(times, until, side="left")
    sums: Floats = np.r_[0.0, np.cumsum(doses[order])]
    taken: Floats = sums[last] - sums[first]
    return np.where(last > first, taken, 0.0)


def counted(sessions: pl.DataFrame, exposure: str = STRENGTH) -> pl.DataFrame:
    """Return the sessions that dose one exposure, of SESSION_DOSE."""
    return sessions.filter(pl.col("exposure") == exposure)


def by_day(dates: pl.Series, amounts: pl.Series, first: date, last: date) -> Floats:
    """Return daily sums on the unbroken calendar first…last; days outside are left out."""
    days = (last - first).days + 1
    index = (dates - first).dt.total_days().to_numpy()
    inside = (index >= 0) & (index < days)
    weights = amounts.fill_null(0.0).to_numpy()[inside]
    return np.bincount(index[inside], weights=weights, minlength=days).astype(np.float64)


def dose_day(sessions: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Return DOSE_DAY: an unbroken calendar per athlete, first run or session to the last.

    `sessions` SESSION_DOSE; `runs`: athlete_id, local_date.
    `chronic_28` stands at the start of the day. `acute_48` is the dose of the 48 h before the
    end of the local day, which are this day and the one before.
    """
    dates = pl.concat([frame.select("athlete_id", "local_date") for frame in (sessions, runs)])
    spans = dates.drop_nulls().group_by("athlete_id").agg(
        first=pl.col("local_date").min(), last=pl.col("local_date").max()
    )  # fmt: skip
    taken = counted(sessions)
    calendars = [
        _calendar(athlete, taken.filter(pl.col("athlete_id") == athlete), first, last)
        for athlete, first, last in spans.sort("athlete_id").iter_rows()
    ]
    return pl.concat(calendars) if calendars else columns.empty(columns.DOSE_DAY)


def _calendar(athlete: str, taken: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    dose = by_day(taken["local_date"], taken["dose"], first, last)
    frame = pl.DataFrame(
        {
            "local_date": pl.date_range(first, last, timedelta(days=1), eager=True),
            "chronic_28": chronic(dose, CHRONIC_TAU_D),
            "acute_48": dose + np.r_[0.0, dose[:-1]],
        }
    )
    return columns.shaped(frame.with_columns(athlete_id=pl.lit(athlete)), columns.DOSE_DAY)


def _faded(values: Floats, fade: float) -> Floats:
    """Return Σ_{s<t} values(s)·fade^{t−s}."""
    return np.asarray(lfilter([0.0, fade], [1.0, -fade], values, axis=0), dtype=np.float64)
