"""When the nights ran, how long their steps took and what they found, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from carryover.charts.words import day_text, grouped, number, plural
from carryover.nights import CUT_OFF, FAILED, OK, QUIET, RUNNING, STATUSES, STEPS, standing

if TYPE_CHECKING:
    from datetime import datetime

    from dashboards.model import View

LISTED: Final = 30
STEP_WORDS: Final = {
    "find": "looking at the files", "read": "reading new ones", "ledger": "ledger against disk",
    "build": "tables and estimates", "render": "drawing pages",
}  # fmt: skip
STATE_WORDS: Final = {
    OK: "ended well", QUIET: "nothing new", FAILED: "failed", CUT_OFF: "cut off",
    RUNNING: "running",
}  # fmt: skip
MINUTE: Final = 60
HOUR: Final = 3600


def told_nights(view: View) -> dict[str, Any] | None:
    """Return the alarm, the newest night and the one before it step by step, and the list."""
    frame = view.ask("nights")
    stand = standing(frame, view.now)
    if stand is None:
        return None
    rows = frame.sort("started_at", descending=True).to_dicts()
    before = next((row for row in rows[1:] if row["state"] == OK), None)
    return {
        "alarm": _alarm(stand.last_good, view.now) if stand.is_late else "",
        "lead": _lead(stand.newest, view.now),
        "steps": _steps(stand.newest, before),
        "before": _when(before["started_at"], view.now) if before else "",
        "listed": [_line(row, view.now) for row in rows[:LISTED]],
    }


def took(seconds: float | None) -> str:
    """Format how long something took: `0.3 s`, `36 s`, `2 min 5 s`, `1 h 4 min`."""
    if seconds is None:
        return "–"
    if seconds < MINUTE:
        return f"{number(seconds, 1 if seconds < MINUTE / 6 else 0)} s"
    whole = round(seconds)
    if whole < HOUR:
        return f"{whole // MINUTE} min {whole % MINUTE} s"
    return f"{whole // HOUR} h {whole % HOUR // MINUTE} min"


def _alarm(good: Any, now: datetime) -> str:  # noqa: ANN401 - a row
    if good is None:
        return "No night has ended well yet."
    hours = (now - (good["ended_at"] or good["started_at"])).total_seconds() / HOUR
    since = plural(int(hours // 24), "day") if hours >= 48 else f"{int(hours)} hours"  # noqa: PLR2004
    return f"No night has ended well for {since}: the last was {_when(good['started_at'], now)}."


def _lead(row: Any, now: datetime) -> str:  # noqa: ANN401 - a row
    day = _when(row["started_at"], now)
    if row["state"] == RUNNING:
        return f"The night of {day} drew this page: its steps so far."
    found = f" {grouped(row['n_found'])} files found, {row['n_new']} new." if row["n_found"] else ""
    words = {
        OK: f"The night of {day} ended well after {took(row['wall_s'])}.{found}",
        QUIET: f"The night of {day} found nothing new, in {took(row['wall_s'])}.{found}",
        FAILED: f"The night of {day} failed after {took(row['wall_s'])}: {row['reason']}.",
        CUT_OFF: f"The night of {day} was cut off: no end of it is known.{found}",
    }
    return words[row["state"]]


def _steps(newest: Any, before: dict[str, Any] | None) -> list[dict[str, str]]:  # noqa: ANN401
    return [
        {"step": STEP_WORDS[step], "now": took(newest[f"{step}_s"]),
         "before": took(before[f"{step}_s"]) if before else ""}
        for step in STEPS
    ]  # fmt: skip


def _line(row: dict[str, Any], now: datetime) -> dict[str, str]:
    known = {status: row[f"n_{status}"] for status in STATUSES if row[f"n_{status}"]}
    return {
        "when": _when(row["started_at"], now), "state": STATE_WORDS[row["state"]],
        "look": "word beyond" if row["state"] in {FAILED, CUT_OFF} else "", "took":
        took(row["wall_s"]), "found": number(row["n_found"]), "new": number(row["n_new"]),
        "files": " + ".join(f"{grouped(n)} {status}" for status, n in known.items()),
        "reason": row["reason"] or "",
    }  # fmt: skip


def _when(moment: datetime, now: datetime) -> str:
    """Return an instant on the reader's clock: `Sun 22 Nov 2026, 03:00 UTC`."""
    local = moment.astimezone(now.tzinfo)
    return f"{day_text(local.date())}, {local:%H:%M %Z}"
