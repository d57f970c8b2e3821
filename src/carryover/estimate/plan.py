"""The block planner: the calendar of on- and off-blocks that narrows the interval soonest.

Random jittered calendars are judged exactly (`outlook`), the best are altered a little and judged
again. A randomised plan is drawn from those that are nearly as quick.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.errors import UsageError
from carryover.estimate.calendars import USUAL_LENGTHS, State, altered, drawn, fixed, usual
from carryover.estimate.outlook import doses_of, halves, lacking, soonest
from carryover.plan.model import (
    MAX_BLOCK_WEEKS,
    MIN_BLOCK_WEEKS,
    WEEK,
    Calendar,
    Limits,
    days_of_week,
)

if TYPE_CHECKING:
    import polars as pl
    from numpy.random import Generator

    from carryover.estimate.outlook import Outlook
    from carryover.estimate.slopes import Floats

HORIZON_WEEKS: Final = 260
"""No plan looks further ahead than five years."""
FALLBACK_WEEKS: Final = 104
"""No plan is written for longer, unless asked: by then much is known that no plan can know."""
POOL: Final = 160
KEPT: Final = 10
NEIGHBOURS: Final = 14
ROUNDS: Final = 2
GATED: Final = 8
"""So many of the best calendars are held against the gate."""
LOT_POOL: Final = 600
LOT: Final = 200
"""Calendars that a randomised plan is drawn from: the smallest p is one in so many."""
LEAST_LOT: Final = 20
LADDER: Final = (0, 13, 26, 39, 52, 78, 104, 156, 208, 260)
HARD_KINDS: Final = ("workout", "race", "long")
REST_BETWEEN: Final = 2
"""Days from one session to the next, where the week has room."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: half-width, the last week that may be used, dates, and a seed."""

    half: float
    limits: Limits
    seed: int
    last_week: int | None = None
    randomise: bool = False


@dataclass(frozen=True, slots=True)
class Proposal:
    """A calendar and what it is worth.

    `weeks` until the wanted half-width and the gate are reached, `weeks_as_now` and `weeks_fixed`
    (8 on, 8 off) the same without it; null where they are not within the weeks that were looked
    at. `ladder` has a row a week looked at: week, half-widths going on as now, fixed, planned;
    `far` is the half-width at the horizon, were the plan to go on.
    """

    calendar: Calendar
    weeks: int | None
    weeks_as_now: int | None
    weeks_fixed: int | None
    ladder: tuple[tuple[int, float, float, float], ...]
    far: float
    candidates: tuple[Calendar, ...] = ()


def propose(view: Outlook, state: State, wish: Wish) -> Proposal:
    """Return the calendar that reaches the wanted half-width in the fewest weeks.

    Where none does within the weeks allowed, it is the one with the narrowest interval then.
    Raises UsageError where hardly any calendar keeps the dates that are asked for.
    """
    limit = min(wish.last_week or view.n_weeks, view.n_weeks)
    rng = np.random.default_rng(wish.seed)
    search = _Search(view, state, wish.limits, rng)
    best = search.best(wish.half, limit)
    far = float(halves(view, search.doses([_longer(best, view.n_weeks)]), [view.n_weeks])[0, 0])
    weeks = search.ready(best, wish.half, limit)
    candidates: tuple[Calendar, ...] = ()
    if wish.randomise:
        length, candidates = search.lot(wish.half, limit, weeks, is_given=bool(wish.last_week))
        best = candidates[int(rng.integers(len(candidates)))]
        weeks = search.ready(best, wish.half, length)
    elif weeks is None:
        best = best.cut(limit if wish.last_week else min(limit, FALLBACK_WEEKS))
    else:
        best = best.cut(wish.last_week or _block_end(best, min(weeks, FALLBACK_WEEKS)))
    return _told(search, best, weeks, far, candidates, wish.half)


def weekdays_for(runs: pl.DataFrame, n_weekdays: int) -> tuple[int, ...]:
    """Return the weekdays that suit gym work, the best first; `runs`: local_date, kind, moving_s.

    Easy days and days of rest suit it; the day after a hard one does not, nor, a little, the day
    before. Sessions are kept apart where the week has room.
    """
    day = runs["local_date"].dt.weekday().to_numpy() - 1
    hours = np.nan_to_num(runs["moving_s"].cast(float).to_numpy().astype(float)) / 3600.0
    hard = hours * (2.0 * runs["kind"].is_in(HARD_KINDS).fill_null(value=False).to_numpy())
    weeks = max((runs["local_date"].n_unique()) / 7.0, 1.0)
    tired = np.bincount(day, weights=hard, minlength=7) / weeks
    load = np.bincount(day, weights=hours, minlength=7) / weeks
    cost = load + tired + np.roll(tired, 1) + 0.5 * np.roll(tired, -1)
    chosen: list[int] = []
    for gap in range(min(REST_BETWEEN, 7 // n_weekdays), 0, -1):
        for weekday in map(int, np.argsort(cost, kind="stable")):
            apart = all(min((weekday - c) % 7, (c - weekday) % 7) >= gap for c in chosen)
            if len(chosen) < n_weekdays and weekday not in chosen and apart:
                chosen.append(weekday)
    return tuple(sorted(chosen))


def sessions_of(calendar: Calendar, limits: Limits, start: dt.date, n_weeks: int) -> list[dt.date]:
    """Return the days of a calendar's sessions."""
    found: list[dt.date] = []
    for week, is_on in enumerate(calendar.weekly(n_weeks)):
        monday = start + week * WEEK
        n = limits.sessions_in(monday, is_on=is_on)
        found += days_of_week(monday, n, limits.weekdays)
    return found


@dataclass(frozen=True, slots=True)
class _Search:
    view: Outlook
    state: State
    limits: Limits
    rng: Generator

    def doses(self, calendars: list[Calendar]) -> Floats:
        view = self.view
        return doses_of(
            view, [sessions_of(c, self.limits, view.start, view.n_weeks) for c in calendars]
        )

    def best(self, half: float, limit: int) -> Calendar:
        """Return the calendar that is ready first, of many."""
        view, rng = self.view, self.rng
        pool = usual(limit, self.state)
        week, _ = soonest(view, self.doses(pool), half, limit=limit)
        far = min(limit, FALLBACK_WEEKS) if week is None and limit == view.n_weeks else limit
        pool += drawn(rng, limit, POOL, self.state, self.limits, view.start)
        ranked = self._ranked(pool, half, far if week is None else week)
        for _ in range(ROUNDS):
            near = [
                other for calendar in ranked[:KEPT]
                for other in altered(rng, calendar, NEIGHBOURS, self.state, self.limits, view.start)
            ]  # fmt: skip
            ranked = self._ranked([*ranked[:KEPT], *near], half, far if week is None else week)
        told = [(self.ready(c, half, limit), place) for place, c in enumerate(ranked[:GATED])]
        within = [(weeks, place) for weeks, place in told if weeks is not None]
        return ranked[min(within)[1] if within else 0]

    def _ranked(self, pool: list[Calendar], half: float, limit: int) -> list[Calendar]:
        """Return calendars, the quickest first; limits may leave out what is not drawn."""
        fit = list(dict.fromkeys(c for c in pool if self._fits(c)))
        if not fit:
            raise _too_narrow()
        doses = self.doses(fit)
        week, found = soonest(self.view, doses, half, limit=limit)
        if week is not None and week < LADDER[2]:
            # All are quick: what the gate asks for takes half a year, so narrowness counts then.
            found = halves(self.view, doses, [min(LADDER[2], self.view.n_weeks)])[0]
        return [fit[place] for place in np.argsort(found, kind="stable")]

    def _fits(self, calendar: Calendar) -> bool:
        goes_on = calendar.first_on and self.state.is_on
        return self.limits.allows(calendar, self.view.start, goes_on=goes_on)

    def ready(self, calendar: Calendar, half: float, limit: int) -> int | None:
        """Return the week in which the interval is narrow enough and the gate is passed."""
        doses = self.doses([calendar])
        week, _ = soonest(self.view, doses, half, limit=limit)
        return None if week is None else passed(self.view, doses[:, 0], week, limit)

    def lot(
        self, half: float, limit: int, weeks: int | None, *, is_given: bool
    ) -> tuple[int, tuple[Calendar, ...]]:
        """Return a length in weeks and the calendars of it that a plan may be drawn from."""
        pool = drawn(self.rng, limit, LOT_POOL, self.state, self.limits, self.view.start)
        rank = min(LOT, len(pool) // 3)
        if rank < LEAST_LOT:
            raise _too_narrow()
        doses = self.doses(pool)
        week, found = soonest(self.view, doses, half, limit=limit, rank=rank)
        length = limit if is_given else min(limit, FALLBACK_WEEKS)
        if week is not None and not is_given:
            length = min(max(week, weeks or 0), limit)
        if week is None:
            found = halves(self.view, doses, [length])[0]
        order = [pool[place].cut(length) for place in np.argsort(found, kind="stable")]
        return length, tuple(dict.fromkeys(order))[:rank]


def passed(view: Outlook, doses: Floats, week: int, limit: int) -> int | None:
    """Return the first week from one on in which the gate asks for nothing more."""
    weeks = range(week, limit + 1)
    return next((w for w in weeks if not lacking(view, doses, w)), None)


def _too_narrow() -> UsageError:
    return UsageError(
        f"hardly any blocks of {MIN_BLOCK_WEEKS} to {MAX_BLOCK_WEEKS} weeks keep these dates",
        subject="--race", remedy="Name fewer races.",
    )  # fmt: skip


def _block_end(calendar: Calendar, week: int) -> int:
    """Return the week in which the block ends that week `week` is the last of, or falls into."""
    ends = np.cumsum(calendar.lengths)
    return int(ends[np.searchsorted(ends, max(week, 1))])


def _longer(calendar: Calendar, n_weeks: int) -> Calendar:
    """Return a calendar that goes on with its own blocks until so many weeks."""
    lengths = list(calendar.lengths)
    while sum(lengths) < n_weeks:
        lengths.append(USUAL_LENGTHS[len(lengths) % len(USUAL_LENGTHS)])
    return Calendar(calendar.first_on, tuple(lengths))


def _told(
    search: _Search, calendar: Calendar, weeks: int | None, far: float,
    lot: tuple[Calendar, ...], half: float,
) -> Proposal:  # fmt: skip
    view = search.view
    start_on = not search.state.is_on or not search.state.may_rest
    equal = fixed(view.n_weeks, first_on=start_on)
    planned = search.doses([equal, calendar])
    every = np.column_stack([view.as_now, planned])
    ladder_weeks = [w for w in LADDER if w <= min(max(calendar.n_weeks, 52), view.n_weeks)]
    ladder_weeks = sorted({*ladder_weeks, min(calendar.n_weeks, view.n_weeks)})
    found = halves(view, every, ladder_weeks)
    rows = tuple(
        (week, *(float(v) for v in row)) for week, row in zip(ladder_weeks, found, strict=True)
    )
    as_now, equal_weeks = (_weeks(view, every[:, [column]], half) for column in (0, 1))
    return Proposal(calendar, weeks, as_now, equal_weeks, rows, far, lot)  # type: ignore[arg-type]


def _weeks(view: Outlook, doses: Floats, half: float) -> int | None:
    """Return the week in which one calendar is ready, the gate passed; null for never."""
    week, _ = soonest(view, doses, half, limit=view.n_weeks)
    return None if week is None else passed(view, doses[:, 0], week, view.n_weeks)
