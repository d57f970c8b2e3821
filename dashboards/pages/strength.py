"""Strength: the coach's rules, a year's calendar, the dose that fades, the body, every set."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts.dose_kinds import dose_kinds
from carryover.charts.dose_line import dose_line
from carryover.charts.exercise_rows import exercise_rows
from carryover.charts.placement_strip import placement_strip
from carryover.charts.side_doses import side_doses
from carryover.charts.strength_calendar import KIND_WORDS, strength_calendar
from carryover.charts.words import day_text, number
from carryover.units import duration_text
from dashboards.blocks import block_plan
from dashboards.bodywork import bodywork
from dashboards.coach import coach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.model import Page, View

CALENDAR: Final = timedelta(weeks=52)
WITH_SETS: Final = 20
"""So many newest sessions are shown set by set."""
STRIP: Final = timedelta(weeks=8)
"""So many weeks of sessions are shown among the runs."""
LISTED: Final = 500
"""So many newest sessions are listed."""


def pages(view: View) -> Iterator[Page]:
    """Yield the page of strength work."""
    sessions = view.mine("sessions")
    newest = sessions.head(WITH_SETS)
    since = newest["local_date"].min() if len(newest) else view.today
    sets = view.mine("sets", since=since)
    listed = sessions.head(LISTED)
    start = _start(view, sessions)
    strip = view.today - STRIP
    yield view.page(
        "strength.html", "strength.html", "Strength", "Strength",
        calendar=strength_calendar(sessions, since=start, until=view.today),
        dose=dose_line(view.mine("dose_days")),
        kinds=dose_kinds(view.mine("dose_kinds", since=start), since=start, until=view.today),
        strip=placement_strip(
            view.mine("placements", since=strip), view.mine("runs"),
            since=strip, until=view.today,
        ),
        progress=exercise_rows(view.mine("exercise_weeks")),
        sides=side_doses(view.mine("side_doses", since=start)),
        plan=block_plan(view), body=bodywork(view), coach=coach(view),
        newest=[_session(row, sets) for row in newest.iter_rows(named=True)],
        listed=[_line(row) for row in listed.iter_rows(named=True)], n_sessions=len(sessions),
        unmapped=[{**row, "day": day_text(row["last_date"])}
                  for row in view.mine("unmapped").iter_rows(named=True)],
    )  # fmt: skip


def _start(view: View, sessions: pl.DataFrame) -> Any:  # noqa: ANN401 - a date of a column
    year_ago = view.today - CALENDAR
    known = sessions.filter(pl.col("local_date") >= year_ago)["local_date"]
    shortest = view.today - CALENDAR / 2
    return min([shortest, *known]) if len(known) else year_ago


def _line(row: dict[str, Any]) -> dict[str, str]:
    return {
        "day": day_text(row["local_date"]), "kind": KIND_WORDS.get(row["kind"], row["kind"] or ""),
        "minutes": duration_text(row["duration_s"]), "rpe": number(row["rpe"]),
        "sets": number(row["n_sets"]), "dose": number(row["dose"], 1),
    }  # fmt: skip


def _session(row: dict[str, Any], sets: pl.DataFrame) -> dict[str, Any]:
    mine = sets.filter(pl.col("session_id") == row["session_id"])
    return {**_line(row), "rows": [_set(r) for r in mine.iter_rows(named=True)]}


def _set(row: dict[str, Any]) -> dict[str, str]:
    weight = row["weight_kg"]
    return {
        "exercise": row["exercise"] or row["exercise_raw"] or "without a name",
        "unknown": "" if row["exercise"] else "not in the catalogue",
        "side": row["side"] or "", "reps": number(row["reps"]),
        "weight": f"{number(weight, 1)} kg" if weight is not None else "–",
        "seconds": f"{number(row['duration_s'])} s" if row["duration_s"] is not None else "–",
        "warmup": "warm-up" if row["is_warmup"] else "",
    }  # fmt: skip
