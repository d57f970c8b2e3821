"""Exports of Hevy and Strong: rows of sets → sessions and sets.

Rows that start together under one title are one session; an app tells the clock on the wall of
the athlete's home zone. What apps write, and how it is taken:
- No weight, or in Strong 0, is body weight or nothing: null. So are 0 repetitions and 0 seconds.
- Strong lists rest timers and notes between sets: they are no sets, a note's words are kept.
- A weight without a unit is null until `[strength] weight_unit` names one.
- The effort (RPE) is a set's, never the session's. No side is told.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from carryover.catalogue.names import NO_NAMES, Own, identify
from carryover.normalise.strength_frames import (
    Row,
    StrengthFrames,
    Unit,
    bundle,
    instant,
    issue,
    kind_of,
    session_key,
    unknown_names,
)
from carryover.rawfile import FileKind, Problem
from carryover.units import KG_PER_LB

if TYPE_CHECKING:
    import polars as pl

    from carryover.settings import Athlete

MAX_SESSION_S: Final = 10 * 3600.0
"""Longer is a timer that nobody stopped (house rule, as in the own log)."""
WARM_UP: Final = frozenset({"warmup", "warm up", "w"})
HEVY_TYPES: Final = frozenset({"normal", "warmup", "failure", "dropset"})
STRONG_TYPES: Final = frozenset({"w", "d", "f"})
"""Warm-up, drop set, failure; a working set has a number."""


@dataclass(frozen=True, slots=True)
class Words:
    """Where an app's rows hold what, where the two differ; Strong writes 0 for no weight."""

    origin: str
    subject: str
    day: str
    clock: str
    title: str
    exercise: str
    seconds: str
    notes: tuple[str, ...]
    zero_is_a_weight: bool


APPS: Final = {
    FileKind.HEVY_CSV: Words(
        "hevy", "Hevy", "start_time_day", "start_time_clock", "title", "exercise_title",
        "duration_seconds", ("description", "exercise_notes"), zero_is_a_weight=True,
    ),
    FileKind.STRONG_CSV: Words(
        "strong", "Strong", "date_day", "date_clock", "workout_name", "exercise_name",
        "seconds", ("workout_notes", "notes"), zero_is_a_weight=False,
    ),
}  # fmt: skip
Start = tuple[dt.date, dt.time | None, str | None]


def from_app(
    kind: FileKind,
    rows: pl.DataFrame,
    athlete: Athlete,
    sha256: str,
    weight_unit: Unit | None = None,
    own: Own = NO_NAMES,
) -> StrengthFrames:
    """Return the sessions and sets of a decoded export.

    `weight_unit` is the unit of weights that have none of their own; while it is not known they
    are null, and one issue asks for it. `own` are the athlete's own names of exercises.
    """
    app = APPS[kind]
    held = rows.to_dicts()
    problems = [*_unit_missing(held, weight_unit), *_strange_types(held, kind)]
    work = [row for row in held if not _is_rest(row, kind)]
    problems += _rests(len(held) - len(work))
    problems += unknown_names((row[app.exercise] for row in work), own)
    sessions: list[Row] = []
    sets: list[Row] = []
    groups = _sessions(held, app)
    together = Counter(start[:2] for start in groups)
    for start in sorted(groups, key=lambda s: (s[0], s[1] or dt.time.min, s[2] or "")):
        group = groups[start]
        day, clock, title = start
        started_at, moved = instant(day, clock, ZoneInfo(athlete.home_timezone))
        told = (title or "",) if together[day, clock] > 1 else ()
        key = session_key(athlete.id, app.origin, started_at.isoformat(), *told)
        duration_s, odd = _duration_s(group, athlete)
        problems += [problem for problem in (moved, odd) if problem]
        done = [row for row in group if not _is_rest(row, kind)]
        numbered = [
            _set(row, app, weight_unit, own) | {"session_id": key, "set_index": index}
            for index, row in enumerate(done)
        ]
        sets += numbered
        sessions.append({
            "session_id": key, "athlete_id": athlete.id, "source_sha256": sha256,
            "origin": app.origin, "started_at": started_at, "local_date": day,
            "time_known": clock is not None, "kind": kind_of(numbered, duration_s),
            "duration_s": duration_s, "rpe": None, "note": _note(group, app),
        })  # fmt: skip
    return bundle(sessions, sets, [issue(sha256, f"{app.subject} export", p) for p in problems])


def _sessions(rows: Iterable[Row], app: Words) -> dict[Start, list[Row]]:
    """Group rows by start and title, in the order of the file within a group."""
    groups: dict[Start, list[Row]] = defaultdict(list)
    for row in rows:
        groups[row[app.day], row[app.clock], row[app.title]].append(row)
    return groups


def _set(row: Row, app: Words, unit: Unit | None, own: Own) -> Row:
    match = identify(row[app.exercise], own)
    return {
        "exercise_id": match.exercise_id,
        "exercise_raw": row[app.exercise],
        "matched_by": match.by,
        "reps": row["reps"] or None,
        "weight_kg": _weight_kg(row, app, unit),
        "duration_s": row[app.seconds] or None,
        "is_warmup": _type(row) in WARM_UP,
        "rpe": row["rpe"] or None,
    }


def _type(row: Row) -> str:
    return (row.get("set_type") or row.get("set_order") or "").casefold()


def _is_rest(row: Row, kind: FileKind) -> bool:
    """Whether a row is no set: where a set has its number, Strong names rest timers and notes."""
    order = _type(row)
    return kind is FileKind.STRONG_CSV and len(order) > 1 and not _is_number(order)


def _is_number(text: str) -> bool:
    return text.replace(".0", "").isdecimal()


def _weight_kg(row: Row, app: Words, unit: Unit | None) -> float | None:
    """Return a weight in kg; what a row says of its unit goes before the configuration."""
    pounds = row.get("weight_lbs", row.get("weight_lb"))
    told = row.get("weight_unit") or unit
    bare = row.get("weight") if told else None
    factor = KG_PER_LB if told == "lb" else 1.0
    for value, kg in ((row["weight_kg"], 1.0), (pounds, KG_PER_LB), (bare, factor)):
        if value is not None:
            return value * kg if value or app.zero_is_a_weight else None
    return None


def _unit_missing(rows: Sequence[Row], unit: Unit | None) -> list[Problem]:
    bare = [row for row in rows if row.get("weight") and not row["weight_unit"]]
    if not bare or unit:
        return []
    what = f"{len(bare)} weights of this file have no unit and are left out"
    remedy = 'Set weight_unit = "kg" or "lb" under [strength] in carryover.toml.'
    return [Problem("warning", what, remedy)]


def _rests(n: int) -> list[Problem]:
    return [Problem("info", f"{n} rows are rest timers or notes, no sets", "")] if n else []


def _strange_types(rows: Sequence[Row], kind: FileKind) -> list[Problem]:
    hevy = kind is FileKind.HEVY_CSV
    known = HEVY_TYPES if hevy else STRONG_TYPES
    types = (_type(row) for row in rows if not _is_rest(row, kind))
    strange = Counter(t for t in types if t and t not in known and (hevy or not _is_number(t)))
    return [
        Problem("info", f"{n} sets of a kind {name!r} that is not known count as working sets", "")
        for name, n in sorted(strange.items())
    ]


def _duration_s(group: Sequence[Row], athlete: Athlete) -> tuple[float | None, Problem | None]:
    """Return how long a session lasted: told by Strong, from start to end in Hevy."""
    lengths = [row["duration"] for row in group if row.get("duration")]
    if not lengths and "end_time_day" in group[0]:
        lengths = [s for row in group if (s := _lasted_s(row, athlete)) is not None]
    longest = max(lengths, default=None)
    if longest is None or 0 < longest <= MAX_SESSION_S:
        return longest, None
    hours = f"{longest / 3600:.1f} h"
    what = f"a session is said to last {hours}: its length is left out"
    return None, Problem("info", what, "Mend its start and end in the app.")


def _lasted_s(row: Row, athlete: Athlete) -> float | None:
    clocks = row["start_time_clock"], row["end_time_clock"]
    if row["end_time_day"] is None or None in clocks:
        return None
    zone = ZoneInfo(athlete.home_timezone)
    start, _ = instant(row["start_time_day"], clocks[0], zone)
    end, _ = instant(row["end_time_day"], clocks[1], zone)
    return (end - start).total_seconds() or None


def _note(group: Sequence[Row], app: Words) -> str | None:
    words = [row[name] for name in app.notes for row in group if row[name]]
    return "; ".join(dict.fromkeys(" ".join(text.split()) for text in words)) or None
