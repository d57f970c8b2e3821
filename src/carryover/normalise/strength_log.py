"""The own strength log: rows a person wrote → sessions and sets.

Rows of one date and time are one session; where two kinds are named under one date and time
they are two, and rows without a kind go with `strength`, or with the only kind there is.
A row without an exercise speaks of the session. `duration_min` is the session's length,
whether it stands on one row or the same on all; where rows differ, each has its own and the
session lasts their sum. The session's rpe is that of its own row, else the mean over its sets.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from statistics import fmean
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from carryover.catalogue.names import NO_NAMES, Own, identify
from carryover.normalise.strength_frames import (
    NOON,
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
from carryover.rawfile import Problem
from carryover.units import KG_PER_LB, S_PER_MIN

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl

    from carryover.settings import Athlete

SLOTS: Final = {"strength": 0, None: 0, "activation": 1, "hill_strides": 2}
"""Which of the sessions under one date and time this is: part of the key, so that an edit of
one kind leaves the others' keys alone."""


def from_log(
    rows: pl.DataFrame,
    athlete: Athlete,
    sha256: str,
    weight_unit: Unit | None = None,
    own: Own = NO_NAMES,
) -> StrengthFrames:
    """Return the sessions and sets of a decoded strength log.

    Times are the clock of `athlete.home_timezone`; without one a session stands at local noon.
    `weight_unit` is the unit of a column `weight` (`[strength] weight_unit`); while it is not
    known such weights are null, and an issue asks for it. `own` are the athlete's own names.
    """
    held = rows.to_dicts()
    sessions: list[Row] = []
    sets: list[Row] = []
    problems = unknown_names((row["exercise"] for row in held), own) + _unit_missing(
        held, weight_unit
    )
    for (day, time, kind), group in sorted(_sessions(held).items(), key=_order):
        started_at, problem = instant(day, time, ZoneInfo(athlete.home_timezone))
        problems += [problem] if problem else []
        key = session_key(athlete.id, "log", day, time or "", SLOTS[kind])
        done = [
            {**row, "session_id": key, "set_index": index}
            for index, row in enumerate(_sets(group, weight_unit, own))
        ]
        duration_s = _duration_s(group)
        sets += done
        sessions.append(
            {
                "session_id": key,
                "athlete_id": athlete.id,
                "source_sha256": sha256,
                "origin": "log",
                "started_at": started_at,
                "local_date": day,
                "time_known": time is not None,
                "kind": kind or kind_of(done, duration_s),
                "duration_s": duration_s,
                "rpe": _rpe(group),
                "note": "; ".join(dict.fromkeys(r["notes"] for r in group if r["notes"])) or None,
            }
        )
    return bundle(sessions, sets, [issue(sha256, "strength log", p) for p in problems])


Key = tuple[dt.date, dt.time | None, str | None]


def _order(item: tuple[Key, list[Row]]) -> tuple[dt.date, dt.time, int]:
    day, time, kind = item[0]
    return day, time or NOON, SLOTS[kind]


def _sessions(rows: Iterable[Row]) -> dict[Key, list[Row]]:
    """Group rows by date, time and kind, in the order of the file within a group."""
    visits: dict[tuple[dt.date, dt.time | None], list[Row]] = defaultdict(list)
    for row in rows:
        visits[row["date"], row["time"]].append(row)
    groups: dict[Key, list[Row]] = defaultdict(list)
    for (day, time), visit in visits.items():
        kinds = {row["kind"] for row in visit} - {None}
        rest = "strength" if "strength" in kinds else None
        rest = next(iter(kinds)) if len(kinds) == 1 else rest
        for row in visit:
            groups[day, time, row["kind"] or rest].append(row)
    return groups


def _sets(group: list[Row], weight_unit: Unit | None, own: Own) -> Iterable[Row]:
    """Yield the sets of a session: a row with `sets` 3 stands for three."""
    whole = _is_whole(group)
    for row in group:
        if not _has_sets(row):
            continue
        count = row["sets"] or 1
        name = row["exercise"]
        match = identify(name, own)
        held = row["reps"] is None and row["duration_min"] is not None and not whole
        one = {
            "exercise_id": match.exercise_id,
            "exercise_raw": name,
            "matched_by": match.by,
            "side": row["side"],
            "reps": row["reps"],
            "weight_kg": _weight_kg(row, weight_unit),
            "duration_s": row["duration_min"] * S_PER_MIN / count if held else None,
            "rpe": row["rpe"],
        }
        yield from (dict(one) for _ in range(count))


def _has_sets(row: Row) -> bool:
    return any(row[name] is not None for name in ("exercise", "sets", "reps"))


def _is_whole(group: list[Row]) -> bool:
    """Whether the minutes on exercise rows are the session's: one value, on several rows."""
    minutes = [r["duration_min"] for r in group if _has_sets(r) and r["duration_min"] is not None]
    return len(minutes) > 1 and len(set(minutes)) == 1


def _duration_s(group: list[Row]) -> float | None:
    timed = [row for row in group if row["duration_min"] is not None]
    own = [row["duration_min"] for row in timed if not _has_sets(row)]
    minutes = own or [row["duration_min"] for row in timed]
    if not minutes:
        return None
    same = not own and len(set(minutes)) == 1
    return float(minutes[0] if same else sum(minutes)) * S_PER_MIN


def _rpe(group: list[Row]) -> float | None:
    rated = [row for row in group if row["rpe"] is not None]
    own = [row["rpe"] for row in rated if not _has_sets(row)]
    by_set = [row["rpe"] for row in rated for _ in range(row["sets"] or 1)]
    return fmean(own or by_set) if rated else None


def _weight_kg(row: Row, unit: Unit | None) -> float | None:
    if row["weight_kg"] is not None:
        return float(row["weight_kg"])
    if row["weight_lb"] is not None:
        return float(row["weight_lb"]) * KG_PER_LB
    if row["weight"] is None or unit is None:
        return None
    return float(row["weight"]) * (KG_PER_LB if unit == "lb" else 1.0)


def _unit_missing(rows: list[Row], unit: Unit | None) -> list[Problem]:
    n = sum(row["weight"] is not None for row in rows)
    if not n or unit:
        return []
    return [
        Problem(
            "warning",
            f"{n} weights stand in a column without a unit and are left out",
            "Name the column weight_kg or weight_lb, or set weight_unit under [strength].",
        )
    ]
