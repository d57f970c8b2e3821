"""Strength dose as an exposure: a fading sum of past days, and the last 48 hours by the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl
from scipy.linalg import lapack

from carryover import columns

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray

    from carryover.estimate.slopes import Floats

    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Times = NDArray[np.datetime64]

DAYS_PER_WEEK: Final = 7
SESSIONS_PER_WEEK: Final = 2
"""X = 1 is this steady habit, with the athlete's median session (dose 1) each time."""
CHRONIC_TAU_D: Final = 28.0
ACUTE_D: Final = 2.0
ACUTE: Final = np.timedelta64(48 * 3600 * 1_000_000, "us")
DAY: Final = np.timedelta64(24 * 3600 * 1_000_000, "us")
CALENDAR: Final = {
    "chronic_14": ("strength", 14.0),
    "chronic_28": ("strength", CHRONIC_TAU_D),
    "chronic_42": ("strength", 42.0),
    "activation_28": ("activation", CHRONIC_TAU_D),
    "strides_28": ("hill_strides", CHRONIC_TAU_D),
    "left_28": ("left", CHRONIC_TAU_D),
    "right_28": ("right", CHRONIC_TAU_D),
}
"""Columns of DOSE_DAY that fade, each with its exposure and τ in days."""
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


def acute_48(
    session_times: Times, doses: Floats, at_times: Times, timed: Bools | None = None
) -> Floats:
    """Return the dose in the 48 h before each instant, the instant itself excluded.

    Times are UTC; a session exactly 48 h before still counts. One that is not `timed` stands at
    its day's noon and may have been at any hour: it is spread evenly over that day, and counts by
    the share that lies in the 48 h. That is its expected dose, so the effect stays unbiased
    (Berkson 1950); a run of the next day has it whole.
    """
    if timed is None or timed.all():
        return _within(session_times, doses, at_times, at_times - ACUTE)
    return acute_48(session_times[timed], doses[timed], at_times) + _spread(
        _in_days(session_times[~timed]), doses[~timed], _in_days(at_times)
    )


def acute_within(
    session_days: Floats, doses: Floats, at_days: Floats, timed: Bools | None = None
) -> Floats:
    """Return the same for instants told in days after any zero."""
    if timed is None or timed.all():
        return _within(session_days, doses, at_days, at_days - ACUTE_D)
    return acute_within(session_days[timed], doses[timed], at_days) + _spread(
        session_days[~timed], doses[~timed], at_days
    )


def acute_turned(
    session_days: Floats, doses: Floats, at_days: Floats, timed: Bools, days: int, shifts: Ints
) -> Floats:
    """Return `acute_within` (n, K) for a calendar of `days` days turned by each of the shifts."""
    turned = np.mod(session_days[:, None] + shifts, days)
    found = _within_each(turned[timed], doses[timed], at_days)
    if not timed.all():
        noons = turned[~timed]
        found += np.column_stack([_spread(noon, doses[~timed], at_days) for noon in noons.T])
    return found


def _within_each(turned: Floats, doses: Floats, at_days: Floats) -> Floats:
    """Return `_within` (n, K) of sessions (m, K) that stand elsewhere in each column."""
    order = np.argsort(turned, axis=0, kind="stable")
    times = np.take_along_axis(turned, order, axis=0).T.copy()
    sums = np.zeros((order.shape[0] + 1, order.shape[1]))
    np.cumsum(doses[order], axis=0, out=sums[1:])
    since = at_days - ACUTE_D
    found = np.empty((at_days.size, order.shape[1]))
    for column, (own, so_far) in enumerate(zip(times, sums.T, strict=True)):
        first, last = own.searchsorted(since), own.searchsorted(at_days)
        found[:, column] = np.where(last > first, so_far[last] - so_far[first], 0.0)
    return found


def _in_days(times: Times) -> Floats:
    days: Floats = (times - np.datetime64(0, "us")) / DAY
    return days


def _within(sessions: Any, doses: Floats, until: Any, since: Any) -> Floats:  # noqa: ANN401
    order = np.argsort(sessions, kind="stable")
    times = sessions[order]
    first = np.searchsorted(times, since, side="left")
    last = np.searchsorted(times, until, side="left")
    sums: Floats = np.r_[0.0, np.cumsum(doses[order])]
    taken: Floats = sums[last] - sums[first]
    return np.where(last > first, taken, 0.0)


def _spread(noons: Floats, doses: Floats, until: Floats) -> Floats:
    """Return what of doses that are spread over the days around `noons` lies in the 48 h."""
    order = np.argsort(noons, kind="stable")
    begin, zero = noons[order] - 0.5, float(noons.min())
    sums: Floats = np.r_[0.0, np.cumsum(doses[order])]
    moments: Floats = np.r_[0.0, np.cumsum(doses[order] * (begin - zero))]

    def begun(at: Floats) -> Floats:
        """Return Σ dose·(at − begin) over what began before."""
        n = np.searchsorted(begin, at, side="left")
        total: Floats = (at - zero) * sums[n] - moments[n]
        return total

    since = until - ACUTE_D
    taken = begun(until) - begun(until - 1.0) - begun(since) + begun(since - 1.0)
    touched = np.searchsorted(begin, until) > np.searchsorted(begin, since - 1.0, side="right")
    return np.where(touched, taken, 0.0)


def counted(sessions: pl.DataFrame, exposure: str = STRENGTH) -> pl.DataFrame:
    """Return the sessions that dose one exposure, of SESSION_DOSE.

    Where `time_known` is not told the instants are known.
    """
    told = columns.shaped(sessions.filter(pl.col("exposure") == exposure), columns.SESSION_DOSE)
    return told.with_columns(pl.col("time_known").fill_null(value=True))


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
    What fades stands at the start of the day; null where no session of the athlete tells that
    exposure, strength alone is then 0. `acute_48` is the strength dose of the 48 h before the end
    of the local day, which are this day and the one before.
    """
    dates = pl.concat([frame.select("athlete_id", "local_date") for frame in (sessions, runs)])
    spans = dates.drop_nulls().group_by("athlete_id", maintain_order=True).agg(
        first=pl.col("local_date").min(), last=pl.col("local_date").max()
    )  # fmt: skip
    calendars = [
        _calendar(athlete, sessions.filter(pl.col("athlete_id") == athlete), first, last)
        for athlete, first, last in spans.sort("athlete_id").iter_rows()
    ]
    return pl.concat(calendars) if calendars else columns.empty(columns.DOSE_DAY)


def _calendar(athlete: str, sessions: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    doses = {}
    for exposure in {exposure for exposure, _ in CALENDAR.values()}:
        taken = counted(sessions, exposure)
        if taken.height or exposure == STRENGTH:
            doses[exposure] = by_day(taken["local_date"], taken["dose"], first, last)
    faded = {
        name: chronic(doses[exposure], tau_d)
        for name, (exposure, tau_d) in CALENDAR.items()
        if exposure in doses
    }
    strength = doses[STRENGTH]
    frame = pl.DataFrame(
        {
            "local_date": pl.date_range(first, last, timedelta(days=1), eager=True),
            "acute_48": strength + np.r_[0.0, strength[:-1]],
            **faded,
        }
    )
    return columns.shaped(frame.with_columns(athlete_id=pl.lit(athlete)), columns.DOSE_DAY)


def _faded(values: Floats, fade: float) -> Floats:
    """Return Σ_{s<t} values(s)·fade^{t−s}."""
    # y(t) = fade·(y(t − 1) + values(t − 1)): two diagonals, solved from the top.
    bands = np.empty((2, values.shape[0]), order="F")
    bands[0], bands[1] = 1.0, -fade
    before = np.zeros_like(values)
    before[1:] = fade * values[:-1]
    solved, _ = lapack.dtbtrs(bands, before.reshape(before.shape[0], -1), uplo="L")
    return np.asarray(solved, dtype=np.float64).reshape(values.shape)
