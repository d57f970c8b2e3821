"""Which sessions a FIT file holds, and which instants belong to each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Final

from carryover.normalise.plausible import MAX_LENGTH_S
from carryover.normalise.result import Row, Told
from carryover.normalise.traces import Span, Traces
from carryover.rawfile import Problem

RUNNING: Final = "running"
SESSION_SLACK: Final = dt.timedelta(seconds=2)
RESOLUTION: Final = dt.timedelta(microseconds=1)
MAX_SESSION_S: Final = MAX_LENGTH_S


@dataclass(frozen=True, slots=True)
class Session:
    """One session message, or what stands in for it in a file cut off before it."""

    index: int
    row: Row
    started_at: dt.datetime
    ended_at: dt.datetime

    @property
    def sport(self) -> str:
        """The vendor's word, `unknown` where there is none."""
        return str(self.row.get("sport") or "unknown")

    @property
    def sub_sport(self) -> str | None:
        """The vendor's word."""
        value = self.row.get("sub_sport")
        return None if value is None else str(value)


def sessions(
    rows: Sequence[Row], sports: Sequence[Row], traces: Traces, unit: Span, told: Told
) -> list[Session]:
    """Return the sessions of a unit by their start; one cut off before them has one.

    `rows` are its messages `session`, `sports` its messages `sport`.
    """
    found = [s for i, row in enumerate(rows) if (s := _session(i, row)) is not None]
    if found:
        return sorted(found, key=lambda s: (s.started_at, s.index))
    if not unit.n:
        return []
    sport, how = _guess_sport(sports, traces, unit)
    told.partial = True
    told.problems.append(
        Problem("warning", f"the file has no summary (cut off?): taken as {sport}, {how}")
    )
    first, last = traces.instant(unit.begin), traces.instant(unit.end - 1)
    return [Session(0, {"sport": sport}, first, last)]


def shares(
    found: Sequence[Session], traces: Traces, unit: Span, told: Told
) -> Iterator[tuple[Session, Span]]:
    """Yield each session with its instants; an instant belongs to one session at most."""
    taken = dt.datetime.min.replace(tzinfo=dt.UTC)
    for session, following in zip_longest(found, found[1:]):
        begin = max(session.started_at - SESSION_SLACK, taken)
        end = session.ended_at + SESSION_SLACK
        if following is not None:
            end = min(end, following.started_at - RESOLUTION)
        taken = max(taken, end + RESOLUTION)
        inside = traces.between(unit, begin, end)
        after = Span(inside.begin, unit.end)
        if len(found) == 1 and 2 * inside.n < after.n:
            told.problems.append(
                Problem("info", "the summary ends long before the last record: all records count")
            )
            yield replace(session, ended_at=traces.instant(after.end - 1)), after
        else:
            yield session, inside


def _session(index: int, row: Row) -> Session | None:
    length_s = row.get("total_elapsed_time") or 0.0
    elapsed = dt.timedelta(seconds=length_s if 0 <= length_s <= MAX_SESSION_S else 0.0)
    end = row.get("timestamp")
    start = row.get("start_time") or (end - elapsed if end else None)
    if start is None:
        return None
    if elapsed or end is None or abs(end - start) > dt.timedelta(seconds=MAX_SESSION_S):
        return Session(index, row, start, start + elapsed)
    return Session(index, row, start, end)


def _guess_sport(sports: Sequence[Row], traces: Traces, unit: Span) -> tuple[str, str]:
    told = sports[0].get("sport") if sports else None
    if told is not None:
        return str(told), "as the watch was set"
    if traces.has("stance_time_ms", unit):
        return RUNNING, "since it has ground contact times"
    return "unknown", "since nothing says which sport"
