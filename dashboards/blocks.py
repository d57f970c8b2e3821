"""The block plan: what was laid out, what was done, and where the athlete stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from carryover.charts.base import Empty
from carryover.charts.words import number, plural, short_day

if TYPE_CHECKING:
    from dashboards.model import View

NO_PLAN: Final = Empty(
    "No block plan has been made.",
    "Lay out weeks with and without gym work, so that your question is settled sooner: "
    "`carryover plan`.",
)
STATES: Final = {"on": "on-block", "off": "off-block"}


def block_plan(view: View) -> dict[str, Any]:
    """Return the plan's blocks as rows, where the athlete stands, and how it was made."""
    blocks = view.mine("plan_blocks")
    told = view.mine("plans").to_dicts()
    if blocks.is_empty() or not told:
        return {"rows": [], "empty": NO_PLAN}
    now = view.mine("plan_weeks").to_dicts()
    return {
        "rows": [_row(row) for row in blocks.iter_rows(named=True)],
        "now": _now(now[0]) if now else "",
        "made": _made(told[0]),
    }


def _row(row: dict[str, Any]) -> dict[str, Any]:
    kept = row["kept_share"]
    return {
        "name": f"{STATES.get(row['state'], row['state'])} {row['block']}",
        "is_now": row["status"] == "now",
        "span": f"{short_day(row['from_date'])} to {short_day(row['to_date'])} "
                f"{row['to_date'].year}",
        "weeks": number(row["n_weeks"]), "done": _done(row),
        "kept": "–" if kept is None else f"{number(100 * kept)} %",
    }  # fmt: skip


def _done(row: dict[str, Any]) -> str:
    if row["status"] == "ahead":
        return "–"
    if not row["planned_sessions"]:
        return number(row["sessions_done"]) if row["sessions_done"] else "none"
    return f"{row['sessions_done']} of {row['planned_sessions']}"


def _now(week: dict[str, Any]) -> str:
    """Return `on-block, week 3 of 8, 2 of 2 sessions`."""
    place = f"{STATES.get(week['state'], '')}, week {week['week_of_block']} of {week['n_weeks']}"
    if week["planned_sessions"]:
        return f"{place}, {week['sessions_done']} of {plural(week['planned_sessions'], 'session')}"
    done = plural(week["sessions_done"], "session") if week["sessions_done"] else "no session"
    return f"{place}, {done}; none is planned"


def _made(plan: dict[str, Any]) -> str:
    made = f"Made on {short_day(plan['made_on_date'])} {plan['made_on_date'].year}"
    if plan["is_drawn"]:
        return f"{made}, drawn by lot and sealed."
    if plan["is_randomised"]:
        return f"{made}; it was changed after it was sealed and no longer counts as drawn by lot."
    return f"{made}." if plan["is_intact"] else f"{made}, and changed since."
