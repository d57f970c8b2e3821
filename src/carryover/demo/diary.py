"""Which day what: glute blocks, gym sessions and runs of the synthetic year.

Blocks are drawn, or planned beforehand, without a look at the running load, so nothing but the
planted effect ties dose and form together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import numpy as np

ON_WEEKS: Final = (6, 10)
OFF_WEEKS: Final = (6, 8)
GYM_HOUR: Final = 17
FIRST_DAYS: Final = (0, 1)
SECOND_DAYS: Final = (3, 3, 4, 5)
"""Weekdays of the week's two sessions, 0 = Monday, drawn with equal chances: sometimes within 48
hours of the next long or medium run and sometimes not, so that acute and chronic can be told
apart."""

MISSED_SESSION: Final = 0.06
SHORT_SESSION: Final = 0.1
SHORT_DOSE: Final = 2.0 / 3.0
MISSED_RUN: Final = 0.06
RACE_EVERY_WEEKS: Final = 9
DELOAD_EVERY_WEEKS: Final = 4
N_ROUTES: Final = 5

Clock = tuple[int, int]
OnOff = tuple[int, int]
"""Planned blocks: so many weeks with glute work, so many without."""


class RunKind(StrEnum):
    """What a run is for."""

    EASY = "easy"
    MEDIUM = "medium"
    WORKOUT = "workout"
    LONG = "long"
    RACE = "race"
    TREADMILL = "treadmill"


MINUTES: Final = {
    RunKind.EASY: (33, 44),
    RunKind.MEDIUM: (56, 66),
    RunKind.WORKOUT: (44, 54),
    RunKind.LONG: (75, 104),
    RunKind.RACE: (41, 44),
    RunKind.TREADMILL: (32, 42),
}

Slot = tuple[RunKind, date, Clock]
"""A run's place in the week: kind, day, hour and minute."""


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of weeks with or without glute work; `until` is the day after its last."""

    since: date
    until: date
    on: bool


@dataclass(frozen=True, slots=True)
class GymSession:
    """One gym session; `dose` is in sessions (1 = a whole one), 0 for activation drills."""

    started_at: datetime
    local_date: date
    kind: str
    dose: float
    programme: int
    progress: float


@dataclass(frozen=True, slots=True)
class PlannedRun:
    """One run to come: instants are UTC, `offset_s` is local time less UTC."""

    index: int
    kind: RunKind
    started_at: datetime
    local_date: date
    offset_s: int
    duration_s: int
    route: int
    temperature_c: float


@dataclass(frozen=True, slots=True)
class Diary:
    """The whole plan, in order of time."""

    blocks: tuple[Block, ...]
    sessions: tuple[GymSession, ...]
    runs: tuple[PlannedRun, ...]

    def doses(self) -> list[tuple[datetime, date, float]]:
        """Return instant, local date and dose of each session that counts as strength."""
        return [(s.started_at, s.local_date, s.dose) for s in self.sessions if s.dose > 0]


def plan(
    first: date, weeks: int, zone: ZoneInfo, rng: np.random.Generator, on_off: OnOff | None = None
) -> Diary:
    """Return a diary of that many weeks from `first`, a Monday; without `on_off` blocks are drawn.

    The first block is one without glute work.
    """
    blocks = _blocks(first, weeks, rng, on_off)
    sessions = [s for week in range(weeks) for s in _gym_week(first, week, blocks, zone, rng)]
    ill_week = int(rng.integers(2, 50)) if weeks > 2 else -1  # noqa: PLR2004
    runs: list[PlannedRun] = []
    for week in range(weeks):
        for slot in _run_week(week, first, rng):
            missed = rng.random() < MISSED_RUN
            if week != ill_week and not missed:
                runs.append(_run(len(runs), slot, zone, rng))
    return Diary(tuple(blocks), tuple(sorted(sessions, key=_instant)), tuple(runs))


def _instant(session: GymSession) -> datetime:
    return session.started_at


def _blocks(first: date, weeks: int, rng: np.random.Generator, on_off: OnOff | None) -> list[Block]:
    blocks: list[Block] = []
    since, last, on = first, first + timedelta(weeks=weeks), False
    while since < last:
        if on_off:
            long = on_off[0] if on else on_off[1]
        else:
            low, high = ON_WEEKS if on else OFF_WEEKS
            long = int(rng.integers(low, high + 1))
        until = min(since + timedelta(weeks=long), last)
        blocks.append(Block(since, until, on))
        since, on = until, not on
    return blocks


def _gym_week(
    first: date, week: int, blocks: list[Block], zone: ZoneInfo, rng: np.random.Generator
) -> list[GymSession]:
    monday = first + timedelta(weeks=week)
    on = any(b.on and b.since <= monday < b.until for b in blocks)
    days = (int(rng.choice(FIRST_DAYS)), int(rng.choice(SECOND_DAYS)))
    held = rng.random(2) >= MISSED_SESSION
    short = rng.random(2) < SHORT_SESSION
    drills = rng.random() < (0.5 if on else 0.15)
    minute = rng.integers(0, 40, size=3)
    sessions = []
    for i, day in enumerate(days):
        if on and held[i]:
            when = _local(monday + timedelta(days=day), GYM_HOUR, int(minute[i]), zone)
            dose = SHORT_DOSE if short[i] else 1.0
            sessions.append(_session(when, "strength", dose, i, week))
    if drills:
        when = _local(monday + timedelta(days=1), 6, int(minute[2]), zone)
        sessions.append(_session(when, "activation", 0.0, 0, week))
    return sessions


def _session(when: datetime, kind: str, dose: float, programme: int, week: int) -> GymSession:
    return GymSession(
        started_at=when.astimezone(ZoneInfo("UTC")),
        local_date=when.date(),
        kind=kind,
        dose=dose,
        programme=programme,
        progress=1.0 + 0.002 * week,
    )


def _local(day: date, hour: int, minute: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=zone)


def _run_week(week: int, first: date, rng: np.random.Generator) -> list[Slot]:
    monday = first + timedelta(weeks=week)
    cold = _season(monday) < -0.5  # noqa: PLR2004
    indoors = rng.random() < (0.3 if cold else 0.05)
    race = week % RACE_EVERY_WEEKS == RACE_EVERY_WEEKS - 1
    kinds = (
        (RunKind.TREADMILL if indoors else RunKind.EASY, 1, 7),
        (RunKind.MEDIUM, 2, 18),
        (RunKind.WORKOUT, 4, 12),
        (RunKind.RACE if race else RunKind.LONG, 6, 9),
    )
    return [
        (kind, monday + timedelta(days=day), (hour, int(rng.integers(0, 50))))
        for kind, day, hour in kinds
    ]


def _run(index: int, slot: Slot, zone: ZoneInfo, rng: np.random.Generator) -> PlannedRun:
    kind, day, clock = slot
    when = _local(day, *clock, zone) + timedelta(seconds=int(rng.integers(0, 60)))
    low, high = MINUTES[kind]
    deload = kind is RunKind.LONG and day.isocalendar().week % DELOAD_EVERY_WEEKS == 0
    minutes = low if deload else rng.uniform(low, high)
    offset = when.utcoffset() or timedelta(0)
    indoors = kind is RunKind.TREADMILL
    outside = 10.0 + 9.0 * _season(day) + float(rng.normal(0.0, 3.0))
    return PlannedRun(
        index=index,
        kind=kind,
        started_at=when.astimezone(ZoneInfo("UTC")),
        local_date=day,
        offset_s=int(offset.total_seconds()),
        duration_s=int(minutes * 60),
        route=int(rng.integers(0, N_ROUTES)),
        temperature_c=20.0 if indoors else outside,
    )


def _season(day: date) -> float:
    """Return −1 in mid-January, +1 in mid-July (Berlin's rhythm)."""
    return -math.cos(2.0 * math.pi * (day.timetuple().tm_yday - 15) / 365.25)
