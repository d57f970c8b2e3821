"""Strava's list of activities → its rows in our units, and the gym sessions among them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import polars as pl

from carryover import columns
from carryover.catalogue.months import month_number
from carryover.catalogue.strava import is_gym_work
from carryover.normalise.strength_frames import Row, frame, session_key
from carryover.rawfile import Problem

if TYPE_CHECKING:
    from carryover.settings import Athlete

CLOCK: Final = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?\s*(?P<half>[ap]\.?\s?m\.?)?",
    re.IGNORECASE,
)
WORDED: Final = re.compile(
    r"(?:(?P<before>[^\W\d_]+)\.?\s+)?(?P<day>\d{1,2})(?:\.|st|nd|rd|th)?,?\s+"
    r"(?:de\s+)?(?:(?P<after>[^\W\d_]+)\.?,?\s+)?(?:de\s+)?(?P<year>\d{4})"
)
"""May 29, 2022 or 29 mai 2022, 29. Mai 2022, 29 de mayo de 2022."""
DOTTED: Final = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})")
CJK: Final = re.compile(r"(?P<year>\d{4})年\s*(?P<month>\d{1,2})月\s*(?P<day>\d{1,2})日")
ISO: Final = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})")
NUMBER: Final = re.compile(r"\d+(\.\d+)?")
NOON: Final = 12
MARKED: Final = frozenset({"1", "1.0", "true"})
MAX_TOLD: Final = 5


def from_strava(
    rows: pl.DataFrame, athlete: Athlete, sha256: str
) -> tuple[pl.DataFrame, pl.DataFrame, list[Problem]]:
    """Return STRAVA_ACTIVITY, STRENGTH_SESSION, and what could not be read.

    Times are UTC whatever the language. A row whose sport is gym work is a session of that
    length, with the row's name as its note; its key rests on Strava's id alone.
    """
    listed: list[Row] = []
    undated: list[tuple[int, str | None]] = []
    for row in rows.iter_rows(named=True):
        started_at = read_instant(row["date"] or "")
        if started_at is None:
            undated.append((row["line"], row["date"]))
        listed.append(
            {name: row[name] for name in ("strava_id", "sport", "description", "gear", "filename")}
            | {
                "name": " ".join((row["name"] or "").split()) or None,
                "athlete_id": athlete.id, "source_sha256": sha256, "started_at": started_at,
                "elapsed_s": _number(row["elapsed"]),
                "moving_s": _number(row["moving"]), "distance_m": _number(row["distance"]),
                "is_race": _marked(row["race"]), "is_long": _marked(row["long_run"]),
            }
        )  # fmt: skip
    zone = ZoneInfo(athlete.home_timezone)
    sessions = [_session(row, zone) for row in listed if is_gym_work(row["sport"])]
    return (
        frame(listed, columns.STRAVA_ACTIVITY),
        frame([s for s in sessions if s["started_at"]], columns.STRENGTH_SESSION),
        _undated(undated),
    )


def _session(row: Row, zone: ZoneInfo) -> Row:
    started_at = row["started_at"]
    return {
        "session_id": session_key(row["athlete_id"], "strava", row["strava_id"]),
        "athlete_id": row["athlete_id"], "source_sha256": row["source_sha256"],
        "origin": "strava", "started_at": started_at,
        "local_date": started_at.astimezone(zone).date() if started_at else None,
        "time_known": True, "kind": "strength", "duration_s": row["elapsed_s"],
        "note": row["name"],
    }  # fmt: skip


def read_instant(text: str) -> dt.datetime | None:
    """Return the instant (UTC) that a list writes, in any of its languages; None for none."""
    clock = CLOCK.search(text)
    if clock is None:
        return None
    date = _date(text[: clock.start()])
    hour = int(clock["hour"])
    half = (clock["half"] or "").lower()[:1]
    if half:
        hour = hour % NOON + (NOON if half == "p" else 0)
    try:
        time = dt.time(hour, int(clock["minute"]), int(clock["second"] or 0), tzinfo=dt.UTC)
    except ValueError:
        return None
    return dt.datetime.combine(date, time) if date else None


def _date(text: str) -> dt.date | None:
    told = ISO.search(text) or DOTTED.search(text) or CJK.search(text)
    if told:
        month: int | None = int(told["month"])
    else:
        told = WORDED.search(text)
        if told is None:
            return None
        month = month_number(told["after"] or "") or month_number(told["before"] or "")
    try:
        return dt.date(int(told["year"]), month or 0, int(told["day"]))
    except ValueError:
        return None


def _number(text: str | None) -> float | None:
    """Return a number of the precise columns, which have a point in every language."""
    return float(text) if text and NUMBER.fullmatch(text) else None


def _marked(text: str | None) -> bool | None:
    """Return whether a row is marked: 1.0 or true; None where the list does not say."""
    if text is None:
        return None
    return text.strip().lower() in MARKED


def _undated(lines: Sequence[tuple[int, str | None]]) -> list[Problem]:
    if not lines:
        return []
    shown = ", ".join(f"line {line}: {text or 'nothing'!r}" for line, text in lines[:MAX_TOLD])
    more = " …" if len(lines) > MAX_TOLD else ""
    what = f"the date of {len(lines)} rows cannot be read ({shown}{more})"
    return [Problem("warning", what, "Set Strava's language to English and export again.")]
