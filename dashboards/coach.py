"""The coach's rules on the page of strength: what to do, the weeks, placement, progress, pain."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from carryover.charts.base import Empty
from carryover.charts.words import day_text, number, short_day
from dashboards.bodywork import place_words, score_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    import polars as pl

    from dashboards.model import View

SPAN: Final = timedelta(weeks=12)
"""Placements and pain are shown of this long before the newest known day."""
SHOWN: Final = 10
"""So many newest rows of a table are listed."""

NO_WEEKS: Final = Empty(
    "No run, session or log is known yet.",
    "Log a strength session with `carryover log strength`, or drop files into data/raw.",
)
NO_PROGRESS: Final = Empty(
    "No exercise with its sets is known.",
    "Log one with its weight: "
    '`carryover log strength "hip thrust" --sets 3 --reps 8 --weight-kg 60`.',
)
NO_REVIEW: Final = Empty(
    "Two full weeks make the first review.", "Keep recording runs, and log each strength session."
)


def coach(view: View) -> dict[str, object]:
    """Return the parts of the coach's sections by name: texts, rows of tables, or empty states."""
    advice, weeks = view.mine("advice"), view.mine("coach_weeks")
    as_of = advice["as_of_date"][0] if len(advice) else view.today
    reviews = view.mine("reviews")
    placed = view.mine("placements", since=as_of - SPAN)
    flagged = [row for row in placed.iter_rows(named=True) if row["flag"] is not None]
    return {
        "advice": _advice(advice, view.today),
        "week": weeks["says"][0] if len(weeks) else "",
        "week_span": _week_span(weeks),
        "no_weeks": NO_WEEKS, "no_review": NO_REVIEW, "no_progress": NO_PROGRESS,
        "reviews": [_review(r) for r in reviews.iter_rows(named=True) if r["review"] != CYCLE],
        "cycles": _rows(reviews.filter(reviews["review"] == CYCLE), _cycle),
        "n_placed": len(placed), "n_by_dates": int((placed["judged_by"] == "dates").sum()),
        "flagged": [{"day": day_text(r["local_date"]), "flag": r["flag"]} for r in flagged],
        "shares": [_share(r) for r in view.mine("dose_shares").iter_rows(named=True)],
        "exercises": [_exercise(r) for r in view.mine("exercise_bests").iter_rows(named=True)],
        "pains": _rows(view.mine("pain_reviews", since=as_of - SPAN), _pain),
        "due": [_due(r) for r in view.mine("screenings_due").iter_rows(named=True)],
    }  # fmt: skip


CYCLE: Final = "microcycle"


def _rows(frame: pl.DataFrame, line: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    shown = [line(row) for row in frame.head(SHOWN).iter_rows(named=True)]
    return {"rows": shown, "more": len(frame) - len(shown)}


def _advice(advice: pl.DataFrame, today: date) -> dict[str, str] | None:
    if advice.is_empty():
        return None
    row = advice.row(0, named=True)
    age = (today - row["as_of_date"]).days
    told = f"As of {day_text(row['as_of_date'])}"
    behind = f", the newest day in your files, {age} days ago" if age > 1 else ""
    answer = row["answer"] or "no answer yet"
    return {"answer": answer[:1].upper() + answer[1:], "reason": row["reason"] or "",
            "as_of": told + behind, "by": row["judged_by"] or ""}  # fmt: skip


def _week_span(weeks: pl.DataFrame) -> str:
    if weeks.is_empty():
        return ""
    start = weeks["week_start"][0]
    return f"{short_day(start)} to {short_day(start + timedelta(days=6))}"


def _review(row: dict[str, Any]) -> dict[str, str]:
    name = row["review"] or ""
    return {"name": name[:1].upper() + name[1:], "says": row["says"] or ""}


def _cycle(row: dict[str, Any]) -> dict[str, Any]:
    planned = row["sessions_planned"]
    return {
        "span": f"{short_day(row['from_date'])} to {day_text(row['to_date'])[4:]}",
        "kept": f"{row['sessions_kept']} of {planned}" if planned else "–",
        "dose": number(row["dose"], 1), "change": number(row["dose_change"], 1, signed=True),
        "flags": number(row["placement_flags"]),
        "hip": _percent(row["hip_share"]), "one_sided": _percent(row["one_sided_share"]),
        "pain": number(row["worst_pain_0_10"]),
        "beyond": ", ".join(row["beyond_mdc"] or []), "likely": ", ".join(row["likely"] or []),
    }  # fmt: skip


def _share(row: dict[str, Any]) -> dict[str, str]:
    return {
        "span": f"{row['n_weeks']} weeks", "sets": number(row["n_sets"]),
        "hip": _percent(row["hip_share"]), "knee": _percent(row["knee_share"]),
        "one_sided": _percent(row["one_sided_share"]), "of": row["share_of"] or "",
    }  # fmt: skip


def _percent(share: float | None) -> str:
    return f"{number(100 * share)} %" if share is not None else "–"


def _exercise(row: dict[str, Any]) -> dict[str, str]:
    unit = row["unit"] or ""
    digits = 1 if unit == "kg" else 0
    symmetry = row["side_symmetry_pct"]
    return {
        "exercise": row["exercise"], "measure": row["measure"] or "",
        "now": _with(row["now_value"], digits, unit), "best": _with(row["best"], digits, unit),
        "four": number(row["change_four"], digits, signed=True),
        "word_four": row["word_four"] or "",
        "twelve": number(row["change_twelve"], digits, signed=True),
        "word_twelve": row["word_twelve"] or "",
        "symmetry": f"{number(symmetry)} %" if symmetry is not None else "–",
        "weaker": f"{row['weaker_side']} weaker" if row["weaker_side"] else "",
        "reason": row["reason"] or "", "day": day_text(row["last_date"]),
    }  # fmt: skip


def _with(value: float | None, digits: int, unit: str) -> str:
    return f"{number(value, digits)} {unit}" if value is not None else "–"


def _pain(row: dict[str, Any]) -> dict[str, str]:
    km, moved = row["distance_m"], row["distance_change_m"]
    noise, word = row["cadence_noise_spm"], row["cadence_word"]
    change = number(row["cadence_change_spm"], 1, signed=True)
    return {
        "day": short_day(row["local_date"]), "site": place_words(row["site"], row["side"]),
        "pain": number(row["pain_0_10"]), "stiffness": number(row["stiffness_0_10"]),
        "sessions": number(row["sessions"]), "dose": number(row["dose"], 1),
        "dose_change": number(row["dose_change"], 1, signed=True),
        "km": number(km / 1000.0 if km is not None else None),
        "km_change": number(moved / 1000.0 if moved is not None else None, signed=True),
        "cadence": number(row["cadence_spm"]),
        "cadence_change": f"{change} ± {number(noise, 1)}" if word else "",
        "word": word or "", "answer": row["answer"] or "", "reason": row["reason"] or "",
    }  # fmt: skip


def _due(row: dict[str, Any]) -> dict[str, Any]:
    symmetry = row["limb_symmetry_pct"]
    return {
        "test": row["test"], "side": row["side"] or "", "day": day_text(row["last_date"]),
        "score": score_words(row["score"], row["unit"] or ""), "is_due": row["is_due"],
        "due": day_text(row["due_date"]),
        "symmetry": f"{number(symmetry)} %" if symmetry is not None else "–",
        "weaker": f"{row['weaker_side']} weaker" if row["weaker_side"] else "",
    }  # fmt: skip
