"""What a plan is: blocks of weeks with and without gym work, and the sessions that follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

WEEK: Final = dt.timedelta(days=7)
ON, OFF = "on", "off"
MIN_BLOCK_WEEKS: Final = 6
"""Strength moves within 3 to 6 weeks: a shorter block has hardly begun."""
MAX_BLOCK_WEEKS: Final = 10
"""Nobody is asked to stay away from the gym for longer."""
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
BEFORE_RACE_D: Final = 14
"""No block of gym work begins within so many days before a race."""

Span = tuple[dt.date, dt.date]
"""First and last date of a stretch of days."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which state comes first, and the weeks of each block in turn."""

    first_on: bool
    lengths: tuple[int, ...]

    @property
    def n_weeks(self) -> int:
        """Weeks from the first to the last."""
        return sum(self.lengths)

    def weekly(self, n_weeks: int) -> list[bool]:
        """Return for each of the first weeks whether it is on; past the last block none is."""
        told = [
            self.first_on ^ bool(place % 2)
            for place, length in enumerate(self.lengths)
            for _ in range(length)
        ]
        return (told + [False] * n_weeks)[:n_weeks]

    def cut(self, n_weeks: int) -> Calendar:
        """Return the first weeks alone; the last block may be a short one."""
        kept: list[int] = []
        for length in self.lengths:
            left = n_weeks - sum(kept)
            if left <= 0:
                break
            kept.append(min(length, left))
        return Calendar(self.first_on, tuple(kept))


@dataclass(frozen=True, slots=True)
class Limits:
    """What a calendar must respect: sessions a week and their weekdays (0 is Monday), and dates.

    No session is planned in a week that `busy` touches nor in the week of a race, one at most in
    the week before a race.
    """

    sessions: int = 2
    weekdays: tuple[int, ...] = (1, 3)
    busy: tuple[Span, ...] = ()
    races: tuple[dt.date, ...] = ()

    def sessions_in(self, monday: dt.date, *, is_on: bool) -> int:
        """Return how many sessions a week holds."""
        sunday = monday + WEEK - dt.timedelta(days=1)
        if not is_on or any(first <= sunday and last >= monday for first, last in self.busy):
            return 0
        if any(monday <= race <= sunday for race in self.races):
            return 0
        if any(monday <= race - WEEK <= sunday for race in self.races):
            return min(self.sessions, 1)
        return self.sessions

    def allows(self, calendar: Calendar, start: dt.date, *, goes_on: bool = False) -> bool:
        """Return whether no block of gym work begins just before a race.

        `goes_on`: the first block only goes on with what is done already.
        """
        begins = start
        for place, length in enumerate(calendar.lengths):
            is_on = calendar.first_on ^ bool(place % 2)
            days = [(race - begins).days for race in self.races]
            is_new = place > 0 or not goes_on
            if is_on and is_new and any(0 <= n <= BEFORE_RACE_D for n in days):
                return False
            begins += length * WEEK
        return True


@dataclass(frozen=True, slots=True)
class Block:
    """Some weeks of one state, Monday to Sunday."""

    number: int
    state: str
    from_date: dt.date
    to_date: dt.date
    sessions: int

    @property
    def n_weeks(self) -> int:
        """Weeks from its Monday to its Sunday."""
        return ((self.to_date - self.from_date).days + 1) // WEEK.days


@dataclass(frozen=True, slots=True)
class Week:
    """One week of a plan."""

    monday: dt.date
    block: int
    state: str
    sessions: int


@dataclass(frozen=True, slots=True)
class Plan:
    """One athlete's plan, with all that it was made from.

    `half` is the wanted half-width of the 95 % interval in the metric's unit; `weeks` until it
    is expected and `weeks_as_now` without a plan, null where five years do not reach it.
    `candidates` are the calendars that a randomised plan was drawn from, itself among them.
    `intact` says whether the seal of the file that it was read from is unbroken.
    """

    athlete_id: str
    made_on: dt.date
    start: dt.date
    calendar: Calendar
    limits: Limits
    metric: str
    outcome: str
    tau_d: float
    half: float
    weeks: int | None
    weeks_as_now: int | None
    seed: int
    randomised: bool = False
    candidates: tuple[Calendar, ...] = ()
    noise: str = ""
    replaces: str = ""
    intact: bool = True

    @property
    def end(self) -> dt.date:
        """The last Sunday."""
        return self.start + self.calendar.n_weeks * WEEK - dt.timedelta(days=1)

    @property
    def is_drawn(self) -> bool:
        """Whether it counts as drawn by lot: sealed, and made before its first block began."""
        drawn = self.randomised and self.intact and self.made_on < self.start
        return drawn and self.calendar in self.candidates

    def weeks_of(self) -> Iterator[Week]:
        """Yield its weeks in order."""
        monday = self.start
        for number, length in enumerate(self.calendar.lengths, start=1):
            is_on = self.calendar.first_on ^ bool((number - 1) % 2)
            for _ in range(length):
                planned = self.limits.sessions_in(monday, is_on=is_on)
                yield Week(monday, number, ON if is_on else OFF, planned)
                monday += WEEK

    def blocks(self) -> list[Block]:
        """Return its blocks in order."""
        weeks = list(self.weeks_of())
        held = [[w for w in weeks if w.block == n + 1] for n in range(len(self.calendar.lengths))]
        return [
            Block(
                mine[0].block, mine[0].state, mine[0].monday,
                mine[-1].monday + WEEK - dt.timedelta(days=1), sum(w.sessions for w in mine),
            )
            for mine in held
        ]  # fmt: skip

    def session_dates(self) -> list[dt.date]:
        """Return the suggested days of all sessions."""
        return [
            day for week in self.weeks_of()
            for day in days_of_week(week.monday, week.sessions, self.limits.weekdays)
        ]  # fmt: skip


def days_of_week(monday: dt.date, sessions: int, weekdays: Sequence[int]) -> list[dt.date]:
    """Return the dates of a week's sessions: the first so many of the usual weekdays."""
    return [monday + dt.timedelta(days=day) for day in weekdays[:sessions]]


def next_monday(day: dt.date) -> dt.date:
    """Return the first Monday after a date."""
    return day + dt.timedelta(days=WEEK.days - day.weekday())
