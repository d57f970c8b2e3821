"""Gym sessions as sources tell them → visits: one for all that tell of the same hour.

Sources take turns: watch, apps, own log, Strava, then whoever knows no time. In its turn a source's
session joins the nearest visit that has none of that source yet, nearest pairs first, measured
from the visit's first session; what finds none is a visit of its own. So the answer hangs on what
the sources say, never on which file came first.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

import polars as pl

from carryover import columns

DAY = dt.timedelta(days=1)


class Tolerance(NamedTuple):
    """When two sessions may be one visit.

    `start_s`: of one kind, if they start so near to each other (or overlap); `same_share`: of two
    kinds, if they overlap for this share of the longer one, since nobody trains twice at once.
    """

    start_s: float
    same_share: float


class _Told(NamedTuple):
    """A session as one source tells it; `from_s` and `to_s` are seconds since 1970."""

    session_id: str
    athlete_id: str
    origin_rank: int
    time_known: bool
    local_date: dt.date
    kind: str
    from_s: float
    to_s: float

    @property
    def turn(self) -> tuple[bool, int]:
        """When this session is asked."""
        return not self.time_known, self.origin_rank

    def overlap_s(self, other: _Told) -> float:
        """How long both last at once."""
        return min(self.to_s, other.to_s) - max(self.from_s, other.from_s)


@dataclass(slots=True)
class _Visit:
    """A visit: its first session, and all members by their source."""

    first: _Told
    members: dict[int, _Told]

    @property
    def key(self) -> str:
        """The key of the source believed first, which a log without a time may be."""
        return self.members[min(self.members)].session_id


Calendar = dict[tuple[str, dt.date], list[_Visit]]


def gym_group(sources: pl.DataFrame, tolerance: Tolerance) -> pl.DataFrame:
    """Return `columns.GYM_GROUP` of the sessions of `gym_source`, copies of one recording aside."""
    alone = sources.filter(pl.col("recording_id") == pl.col("session_id"))
    told = [_Told(*row) for row in alone.select(_Told._fields).iter_rows()]
    calendar: Calendar = defaultdict(list)
    for _, turn in groupby(sorted(told, key=attrgetter("turn")), key=attrgetter("turn")):
        _take_turn(list(turn), calendar, tolerance)
    visits = [visit for held in calendar.values() for visit in held]
    rows = [(m.session_id, visit.key) for visit in visits for m in visit.members.values()]
    return pl.DataFrame(rows, schema=columns.GYM_GROUP, orient="row").sort("session_id")


def _take_turn(told: Sequence[_Told], calendar: Calendar, tolerance: Tolerance) -> None:
    """Let one source's sessions join visits; begin a visit for each that finds none."""
    pairs = [
        (_apart(session, visit.first), visit.first.session_id, session.session_id, session, visit)
        for session in told
        for visit in _near(session, calendar)
        if _may_join(session, visit.first, tolerance)
    ]
    joined: set[str] = set()
    for *_, session, visit in sorted(pairs, key=lambda pair: pair[:3]):
        if session.session_id not in joined and session.origin_rank not in visit.members:
            visit.members[session.origin_rank] = session
            joined.add(session.session_id)
    for session in told:
        if session.session_id not in joined:
            visit = _Visit(session, {session.origin_rank: session})
            calendar[session.athlete_id, session.local_date].append(visit)


def _near(session: _Told, calendar: Calendar) -> Iterator[_Visit]:
    """Yield visits of that day and its neighbours: a start a day off may be near, over midnight."""
    for day in (session.local_date - DAY, session.local_date, session.local_date + DAY):
        yield from calendar.get((session.athlete_id, day), [])


def _may_join(session: _Told, first: _Told, tolerance: Tolerance) -> bool:
    same_kind = session.kind == first.kind
    if not (session.time_known and first.time_known):
        return same_kind and session.local_date == first.local_date
    overlap_s = session.overlap_s(first)
    if same_kind:
        return abs(session.from_s - first.from_s) <= tolerance.start_s or overlap_s > 0
    longer_s = max(session.to_s - session.from_s, first.to_s - first.from_s)
    return overlap_s > 0 and overlap_s >= tolerance.same_share * longer_s


def _apart(session: _Told, first: _Told) -> tuple[bool, float, float, float]:
    """Return how far a session is from a visit, nearest first; the earlier of two equal ones."""
    timed = session.time_known and first.time_known
    apart_s = abs(session.from_s - first.from_s) if timed else 0.0
    return session.kind != first.kind, apart_s, first.from_s, session.from_s
