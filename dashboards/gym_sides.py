"""Left and right in the gym beside left and right in running: association, and little of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from carryover.charts.base import Empty
from carryover.charts.words import day_text, number, plural
from dashboards.bodywork import score_words

if TYPE_CHECKING:
    from dashboards.model import View

SPAN: Final = timedelta(weeks=12)
EVEN_SHARE: Final = 0.05
"""Sides whose one-sided work differs by a smaller share are even."""
NO_TESTS: Final = Empty(
    "No strength test of both sides is known, and no exercise tells its sides.",
    "Test both legs on one day and log them with `carryover log single-leg`, and log one-sided "
    "sets with their side.",
)


def gym_sides(view: View, longer: str | None) -> dict[str, Any]:
    """Return tests and exercises by side, one-sided work, and how they stand to `longer`.

    `longer`: the side with the longer contact where it can be told.
    """
    tests = view.mine("side_tests").to_dicts()
    lifts = view.mine("exercise_bests").drop_nulls("side_symmetry_pct").to_dicts()
    rows = [*map(_test, tests), *map(_lift, lifts)]
    return {
        "rows": rows, "empty": NO_TESTS, "dose": _dose(view), "share": _share(view),
        "beside": _beside(longer, tests, lifts),
    }  # fmt: skip


def _test(row: dict[str, Any]) -> dict[str, str]:
    unit = row["unit"] or ""
    share = row["limb_symmetry_pct"]
    counted = [f"{side} {row[f'n_{side}']}" for side in ("left", "right") if row[f"n_{side}"]]
    return {
        "what": row["test"], "day": day_text(row["last_date"]),
        "left": score_words(row["left_score"], unit),
        "right": score_words(row["right_score"], unit),
        "symmetry": f"{number(share)} %" if share is not None else "–",
        "weaker": row["weaker_side"] or "", "days": number(row["n_days"]),
        "counted": ", ".join(counted) or "even",
    }  # fmt: skip


def _lift(row: dict[str, Any]) -> dict[str, str]:
    return {
        "what": row["exercise"], "day": day_text(row["last_date"]), "left": "–", "right": "–",
        "symmetry": f"{number(row['side_symmetry_pct'])} %", "weaker": row["weaker_side"] or "",
        "days": "", "counted": "",
    }  # fmt: skip


def _dose(view: View) -> str:
    """Say how much one-sided work each side had; empty without a session."""
    row = view.mine("sided_dose", since=view.today - SPAN).row(0, named=True)
    if not row["n_sessions"]:
        return ""
    if not row["n_told"]:
        return (
            f"None of {plural(row['n_sessions'], 'session')} of twelve weeks tells the sides of "
            "its one-sided sets."
        )
    left, right = row["left_dose"], row["right_dose"]
    more = "as much on the left as on the right"
    if abs(left - right) > EVEN_SHARE * max(left, right):
        more = f"more on the {'left' if left > right else 'right'}"
    return (
        f"One-sided glute work of twelve weeks: {number(left, 1)} left and {number(right, 1)} "
        f"right, {more} (1 is your median session; {row['n_told']} of "
        f"{plural(row['n_sessions'], 'session')} tell their sides)."
    )


def _share(view: View) -> str:
    shares = view.mine("dose_shares").drop_nulls("one_sided_share")
    if shares.is_empty():
        return ""
    row = shares.row(-1, named=True)
    return (
        f"{number(100 * row['one_sided_share'])} % of the glute work of {row['n_weeks']} weeks was "
        f"of one leg at a time ({plural(row['n_sets'], 'set')})."
    )


def _beside(longer: str | None, tests: list[dict[str, Any]], lifts: list[dict[str, Any]]) -> str:
    """Say whether the weaker side is the one with the longer contact, as far as that goes.

    Each day of a test counts once, and each exercise.
    """
    n = sum(row["n_days"] for row in tests) + len(lifts)
    weak = {
        side: sum(row[f"n_{side}"] for row in tests)
        + sum(row["weaker_side"] == side for row in lifts)
        for side in ("left", "right")
    }
    if not n:
        return ""
    text = (
        f"Of {plural(n, 'measure')} of both sides (days of a test, and exercises) the left was the "
        f"weaker in {weak['left']}, the right in {weak['right']}"
    )
    if longer is None:
        return f"{text}. No side with a longer contact can be told beside it."
    other = "right" if longer == "left" else "left"
    if weak[longer] == weak[other]:
        return f"{text}. Contact is longer on the {longer}; the gym has no weaker side."
    same = weak[longer] > weak[other]
    return (
        f"{text}. Contact is longer on the {longer}: "
        f"{'the side that is weaker more often' if same else 'not the side that is weaker'}."
    )
