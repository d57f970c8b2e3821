"""What a calendar of strength work would tell: the interval of an effect, before the runs are run.

The width of an interval does not need the outcome: it follows from the design and the covariance.
So an athlete's own past runs, and their running of the last year once more, make the design that
the estimator will meet; a calendar gives exposure and acute dose; the athlete's own noise gives
the covariance. Half-widths are those of `covariance.fit_at`, slow time's growing degrees of
freedom included, made wider as the athlete's own fit is, which is not sure of its covariance.
Assumed are one median session on each planned day and running that goes on.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from carryover.estimate import covariance, dose, gate, panel
from carryover.estimate.basis import spanned
from carryover.estimate.design import (
    DEPENDENT,
    MIN_FREE,
    design_of,
    natural_spline,
    spline_df,
)
from carryover.estimate.own_noise import Noise
from carryover.estimate.question import days_of, own_variance
from carryover.estimate.tails import t_reach

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from carryover.estimate.candidates import Outcome
    from carryover.estimate.question import Question
    from carryover.estimate.slopes import Floats

    Ints = NDArray[np.int64]

HABIT_WEEKS: Final = 52
"""Running to come is that of so many weeks once more, season by season."""
SESSION_HOUR: Final = 18
"""Planned sessions are taken to be in the evening."""
LONGEST_GAP: Final = dt.timedelta(weeks=3)
"""Days without data before a plan are thought to hold runs up to here; beyond, none."""
DAY: Final = dt.timedelta(days=1)
LOOKS_AT_ONCE: Final = 4
"""Weeks whose slow time is whitened in one pass."""
SLOW: Final = "time_"
ROUNDING: Final = 1e-11
"""Directions of less than this share of the largest variance are said by others already."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """An athlete's runs so far and to come (rows of `frame`, by time), whatever the calendar.

    `n_at[w]` rows lie before the end of week w of the plan; `past`, `as_now` (days,) are daily
    doses until the plan starts, and of a life that goes on as it was; `a48` is the acute dose of
    the sessions that are known; `base` (n, k) are whitened covariates beside slow time.
    """

    outcome: Outcome
    tau_d: float
    start: dt.date
    log: panel.Log
    frame: pl.DataFrame
    n_at: Ints
    past: Floats
    as_now: Floats
    a48: Floats
    series: covariance.Series
    noise: Noise
    base: Floats
    spanned: dict[int, Floats] = field(default_factory=dict)
    """By number of rows: a basis of what covariates and slow time explain, made when asked."""

    @property
    def first_day(self) -> int:
        """Day of the plan's first Monday on the log's calendar."""
        return (self.start - self.log.first).days

    @property
    def n_weeks(self) -> int:
        """Weeks that can be looked ahead."""
        return self.n_at.size - 1


def outlook(
    log: panel.Log, question: Question, frame: pl.DataFrame, noise: Noise, *,
    start: dt.date, made_on: dt.date, n_weeks: int,
) -> Outlook | None:  # fmt: skip
    """Lay out the runs to come; None where no run yields the outcome.

    `frame` holds the runs that yield it (run_id, se), also those whose exposure is not known;
    the question may lack a fit. `start` is a Monday after `made_on`.
    """
    end = start + dt.timedelta(weeks=n_weeks)
    habit = _Habit.of(log, start, made_on, end)
    so_far = _plain(log.runs, frame)
    runs = pl.concat([so_far, habit.runs(so_far)])
    whole = panel.log_of(
        runs, log.sessions, past_is_empty=log.past_is_empty, exposure=log.exposure
    )  # fmt: skip
    if whole is None:
        return None
    # A log that nobody calls complete begins with the plan's first session, if not before.
    begun = replace(whole, started_on=whole.started_on or start)
    told = panel.exposed(whole, question.tau_d).filter("yields")
    rows = told.filter(panel.exposure_known(begun, question.tau_d))
    if rows.height < MIN_FREE:
        return None
    days = days_of(rows)
    series = covariance.Series(days - days[0], np.zeros(days.size), own_variance(rows["se"]))
    design = design_of(rows, days, within_run=gate.within_run(*question.outcome))
    kept = [
        place for place, name in enumerate(design.names)
        if name not in ("x", "a48") and not name.startswith(SLOW)
    ]  # fmt: skip
    base = covariance.whitened(series, design.columns[:, kept], noise.point)
    borders = [start + dt.timedelta(weeks=week) for week in range(n_weeks + 1)]
    n_at = np.searchsorted(rows["local_date"].to_numpy(), np.array(borders, "datetime64[D]"))
    past = _past_doses(log, whole.first, start, (end - whole.first).days)
    return Outlook(
        question.outcome, question.tau_d, start, whole, rows, n_at, past,
        habit.doses(past, whole.first), rows["a48"].to_numpy(), series, noise, base,
    )  # fmt: skip


def doses_of(view: Outlook, session_days: list[list[dt.date]]) -> Floats:
    """Return daily doses (days, C): the past, then each calendar's sessions."""
    doses = np.tile(view.past[:, None], (1, len(session_days)))
    for column, dates in enumerate(session_days):
        index = np.array([(day - view.log.first).days for day in dates], dtype=np.int64)
        doses[index[index < doses.shape[0]], column] += 1.0
    return doses


def halves(view: Outlook, doses: Floats, weeks: list[int]) -> Floats:
    """Return the half-width (W, C) that each calendar has at the end of some weeks.

    Infinite where the exposure cannot be told from the covariates, or with too few runs.
    """
    x, a48 = _exposures(view, doses)
    n_max = int(view.n_at[max(weeks)])
    part = view.series.part(slice(n_max))
    white = covariance.whitened(part, np.column_stack([x[:n_max], a48[:n_max]]), view.noise.point)
    return np.array([_half(view, white, int(view.n_at[week])) for week in weeks])


def soonest(
    view: Outlook, doses: Floats, wanted: float, *, limit: int, rank: int = 1
) -> tuple[int | None, Floats]:
    """Return the first week in which `rank` calendars reach a half-width, and the halves then (C,).

    Where they never do the week is null and the halves are those at the limit.
    """
    x, a48 = _exposures(view, doses)
    n_max = int(view.n_at[limit])
    part = view.series.part(slice(n_max))
    white = covariance.whitened(part, np.column_stack([x[:n_max], a48[:n_max]]), view.noise.point)

    def at(week: int) -> Floats:
        return _half(view, white, int(view.n_at[week]))

    def reached(found: Floats) -> bool:
        return bool(np.partition(found, rank - 1)[rank - 1] <= wanted)

    found = at(limit)
    if not reached(found):
        return None, found
    low, high = -1, limit
    looks = _looks(limit)
    for place, look in enumerate(looks):
        if place % LOOKS_AT_ONCE == 0:
            _ready(view, [int(view.n_at[week]) for week in looks[place : place + LOOKS_AT_ONCE]])
        between = at(look)
        if reached(between):
            high, found = look, between
            break
        low = look
    while high - low > 1:
        middle = (low + high) // 2
        between = at(middle)
        if reached(between):
            high, found = middle, between
        else:
            low = middle
    return high, found


def lacking(view: Outlook, doses: Floats, week: int) -> list[str]:
    """Return what the gate would still miss at the end of a week, for one calendar (days,)."""
    rows = int(view.n_at[week])
    x, a48 = _exposures(view, doses[:, None])
    frame = view.frame.head(rows).with_columns(
        pl.Series("x", x[:rows, 0]), pl.Series("a48", a48[:rows, 0])
    )
    days = days_of(frame)
    if days.size < MIN_FREE:
        return ["runs"]
    within = gate.within_run(*view.outcome)
    design = design_of(frame, days, within_run=within)
    log = replace(view.log, doses=doses)
    amount = gate.Amount(
        rows, panel.weeks(frame["day"]), int(np.count_nonzero(doses)),
        panel.n_switches(log, frame["day"]), design.sd_exposure, design.sd_without_epochs,
    )  # fmt: skip
    return gate.missing(*view.outcome, amount)


def _looks(limit: int) -> list[int]:
    """Return weeks to look at in turn, further and further apart."""
    weeks: list[int] = []
    week, step = 0.0, 6.0
    while week < limit:
        weeks.append(int(week))
        week += step
        step *= 1.25
    return [*weeks, limit]


def _half(view: Outlook, white: Floats, rows: int) -> Floats:
    """Return half-widths (C,) after so many rows; `white` holds exposures, then acute doses."""
    n_calendars = white.shape[1] // 2
    never = np.full(n_calendars, np.inf)
    if rows < MIN_FREE:
        return never
    basis = _span(view, rows)
    own = white[:rows] - basis @ (basis.T @ white[:rows])
    moved, acute = own[:, :n_calendars], own[:, n_calendars:]
    squares = np.einsum("nc,nc->c", moved, moved)
    weight = np.einsum("nc,nc->c", acute, acute)
    whole = np.einsum("nc,nc->c", white[:rows, n_calendars:], white[:rows, n_calendars:])
    has_acute = weight > DEPENDENT * np.maximum(whole, DEPENDENT)
    shared = np.einsum("nc,nc->c", acute, moved)
    squares = squares - np.where(has_acute, shared**2 / np.where(has_acute, weight, 1.0), 0.0)
    part = view.series.part(slice(rows))
    df = covariance.degrees_of_freedom(part, view.noise.point, basis.shape[1] + 1)
    if rows - basis.shape[1] - 1 < MIN_FREE:
        return never
    quantile = view.noise.wider * t_reach(df)
    lives = squares > DEPENDENT
    found: Floats = np.where(lives, quantile / np.sqrt(np.where(lives, squares, 1.0)), np.inf)
    return found


def _span(view: Outlook, rows: int) -> Floats:
    """Return an orthonormal basis of the whitened covariates and slow time of the first rows."""
    if rows not in view.spanned:
        _ready(view, [rows])
    return view.spanned[rows]


def _ready(view: Outlook, numbers: list[int]) -> None:
    """Make the bases of several numbers of rows: one pass over time whitens slow time for all."""
    wanted = [rows for rows in sorted(set(numbers) - view.spanned.keys()) if rows >= MIN_FREE]
    if not wanted:
        return
    slow = []
    for rows in wanted:
        days = view.series.days[:rows]
        part = natural_spline(days, spline_df(float(np.ptp(days)) / 7.0))
        slow.append(np.pad(part, ((0, wanted[-1] - rows), (0, 0))))
    white = covariance.whitened(
        view.series.part(slice(wanted[-1])), np.hstack(slow), view.noise.point
    )
    ends = np.cumsum([part.shape[1] for part in slow])
    for rows, part in zip(wanted, np.split(white, ends[:-1], axis=1), strict=True):
        view.spanned[rows] = spanned(np.column_stack([view.base[:rows], part[:rows]]), ROUNDING)


def _exposures(view: Outlook, doses: Floats) -> tuple[Floats, Floats]:
    """Return X and A48 of every row (n, C); planned sessions are in the evening."""
    index = view.frame["day"].to_numpy()
    x = dose.chronic(doses, view.tau_d)[index]
    planned = doses - view.past[:, None]
    zero = (view.log.first - dt.date(1970, 1, 1)).days + SESSION_HOUR / 24
    last = np.ceil(days_of(view.frame) - zero).astype(np.int64) - 1
    recent = sum(
        np.where((last - back >= 0)[:, None], planned[np.maximum(last - back, 0)], 0.0)
        for back in range(int(dose.ACUTE_D))
    )
    return x, view.a48[:, None] + recent


def _plain(runs: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return runs as `panel.log_of` takes them, and which of them yield the outcome."""
    own = known.select("run_id", "se", yields=pl.lit(value=True))
    return runs.select(
        "run_id", "started_at", "local_date", "moving_s", "load", "temperature_c", "sensor_epoch"
    ).join(own, on="run_id", how="left", maintain_order="left").with_columns(
        pl.col("yields").fill_null(value=False), pl.col("se").cast(pl.Float64)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Habit:
    """The last weeks of a log, lived again: day `first + k` is like day `source + k mod period`."""

    source: dt.date
    period: int
    first: dt.date
    end: dt.date

    @classmethod
    def of(cls, log: panel.Log, start: dt.date, made_on: dt.date, end: dt.date) -> _Habit:
        last = log.first + dt.timedelta(days=log.doses.size - 1)
        weeks = int(np.clip(log.doses.size // 7, 1, HABIT_WEEKS))
        is_old = made_on - last > LONGEST_GAP
        first = start if is_old else last + DAY
        back = _whole((first - last - DAY).days, 7 * weeks)
        return cls(first - back * DAY, 7 * weeks, first, end)

    def runs(self, runs: pl.DataFrame) -> pl.DataFrame:
        """Return the runs to come; with the newest sensor."""
        held = runs.filter(
            pl.col("local_date").is_between(self.source, self.source + (self.period - 1) * DAY)
        )
        newest = runs.sort("started_at")["sensor_epoch"].tail(1).to_list()[0]
        first = (self.first - self.source).days
        times = -(-(self.end - self.first).days // self.period)
        turns = [
            held.with_columns(
                pl.concat_str(pl.lit(f"ahead {turn} "), "run_id").alias("run_id"),
                pl.col("started_at", "local_date").dt.offset_by(f"{first + turn * self.period}d"),
            )
            for turn in range(times)
        ]
        ahead = pl.concat([held.clear(), *turns])
        return ahead.with_columns(sensor_epoch=pl.lit(newest, pl.String)).filter(
            pl.col("local_date") < self.end
        )

    def doses(self, past: Floats, zero: dt.date) -> Floats:
        """Return daily doses with the sessions of those weeks once more; `zero` is day 0."""
        first, source = ((day - zero).days for day in (self.first, self.source))
        days = np.arange(past.size)
        like = source + np.mod(days - first, self.period)
        again = np.where(like >= 0, past[np.maximum(like, 0)], 0.0)
        doses: Floats = np.where(days < first, past, again)
        return doses


def _whole(gap: int, period: int) -> int:
    """Return whole weeks that go back by the period from the last known day, `gap` days ago."""
    return period + -(-gap // 7) * 7


def _past_doses(log: panel.Log, zero: dt.date, start: dt.date, n_days: int) -> Floats:
    doses = np.zeros(n_days)
    offset = (log.first - zero).days
    kept = min(log.doses.size, max((start - log.first).days, 0))
    doses[offset : offset + kept] = log.doses[:kept]
    return doses
