"""Which sessions a FIT file holds, and which instants belong to each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Any, Final

import polars as pl

from carryover.normalise.result import Normalised
from carryover.rawfile import Problem

RUNNING: Final = "running"
SESSION_SLACK: Final = dt.timedelta(seconds=2)
RESOLUTION: Final = dt.timedelta(microseconds=1)
MAX_SESSION_S: Final = 30 * 86_400.0
"""A longer session is a damaged number."""

Messages = dict[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Session:
    """One session message, or what stands in for it in a file cut off before it."""

    index: int
    row: dict[str, Any]
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


def parts(messages: Messages) -> list[Messages]:
    """Cut a chain of several whole activities into them; other chains are one activity.

    A chain's further segments often only carry messages of the first (heart-rate straps).
    """
    places = [
        set(held["segment_index"].drop_nulls()) if "segment_index" in held.columns else set()
        for held in (messages.get(name, pl.DataFrame()) for name in ("session", "record"))
    ]
    whole = sorted(places[0] & places[1])
    if len(whole) < 2:  # noqa: PLR2004 - several
        return [messages]
    return [
        {
            name: held.filter(pl.col("segment_index") == index)
            for name, held in messages.items()
            if "segment_index" in held.columns
        }
        for index in whole
    ]


def sessions(messages: Messages, channels: pl.DataFrame, result: Normalised) -> list[Session]:
    """Return the sessions of a file by their start; a file cut off before them has one."""
    rows = messages.get("session", pl.DataFrame()).iter_rows(named=True)
    found = [s for i, row in enumerate(rows) if (s := _session(i, row)) is not None]
    if found:
        return sorted(found, key=lambda s: (s.started_at, s.index))
    if channels.is_empty():
        return []
    sport, how = _guess_sport(messages, channels)
    result.partial = True
    result.problems.append(
        Problem("warning", f"the file has no summary (cut off?): taken as {sport}, {how}")
    )
    first, last = channels["recorded_at"][0], channels["recorded_at"][-1]
    return [Session(0, {"sport": sport}, first, last)]


def shares(
    found: list[Session], channels: pl.DataFrame, result: Normalised
) -> Iterator[tuple[Session, pl.DataFrame]]:
    """Yield each session with its instants; an instant belongs to one session at most."""
    taken = dt.datetime.min.replace(tzinfo=dt.UTC)
    for session, following in zip_longest(found, found[1:]):
        begin = max(session.started_at - SESSION_SLACK, taken)
        end = session.ended_at + SESSION_SLACK
        if following is not None:
            end = min(end, following.started_at - RESOLUTION)
        taken = max(taken, end + RESOLUTION)
        after = channels.filter(pl.col("recorded_at") >= begin)
        inside = after.filter(pl.col("recorded_at") <= end)
        if len(found) == 1 and 2 * inside.height < after.height:
            result.problems.append(
                Problem("info", "the summary ends long before the last record: all records count")
            )
            yield replace(session, ended_at=after["recorded_at"][-1]), after
        else:
            yield session, inside


def _session(index: int, row: dict[str, Any]) -> Session | None:
    length_s = row.get("total_elapsed_time") or 0.0
    elapsed = dt.timedelta(seconds=length_s if 0 <= length_s <= MAX_SESSION_S else 0.0)
    end = row.get("timestamp")
    start = row.get("start_time") or (end - elapsed if end else None)
    if start is None:
        return None
    return Session(index, row, start, start + elapsed if elapsed else (end or start))


def _guess_sport(messages: dict[str, pl.DataFrame], channels: pl.DataFrame) -> tuple[str, str]:
    sport = messages.get("sport", pl.DataFrame())
    if "sport" in sport.columns and sport.height and sport["sport"][0] is not None:
        return str(sport["sport"][0]), "as the watch was set"
    if channels["stance_time_ms"].null_count() < channels.height:
        return RUNNING, "since it has ground contact times"
    return "unknown", "since nothing says which sport"
