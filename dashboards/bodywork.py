"""What the page of strength tells beside the gym: drills, hill strides, soreness, screening."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from carryover.charts.base import Empty
from carryover.charts.words import day_text, number, plural
from carryover.units import duration_text, pace_text

if TYPE_CHECKING:
    import polars as pl

    from dashboards.model import View

SHOWN: Final = 10
"""So many newest drills, hill sessions and tests are listed."""
SORE_SPAN: Final = timedelta(weeks=12)

NO_DRILLS: Final = Empty(
    "No activation drills are known.",
    "Do ten minutes before a run and log them with `carryover log activation`.",
)
NO_HILLS: Final = Empty(
    "No hill strides are known.",
    "Run four or more of 10 to 20 s up a hill with the watch on, or log them with "
    '`carryover log strength "hill strides"`.',
)
NO_SORENESS: Final = Empty(
    "No pain and no stiffness was ever logged.",
    "Log how a site feels, also where it is 0: `carryover log pain knee 0 --side left`.",
)
NO_TESTS: Final = Empty(
    "No screening test is known.",
    "Test both legs on one day and log them with `carryover log single-leg`.",
)


def bodywork(view: View) -> dict[str, object]:
    """Return the sections by name: rows of a table, or an empty state."""
    hrefs = dict(view.links().iter_rows())
    drills, hills = view.mine("activations"), view.mine("hill_sessions")
    sites = view.mine("sore_sites", since=view.today - SORE_SPAN)
    return {
        "drills": _rows(drills, NO_DRILLS, lambda row: _drill(row, hrefs)),
        "hills": _rows(hills, NO_HILLS, lambda row: _hill(row, hrefs)),
        "sites": _rows(sites, NO_SORENESS, _site),
        "tests": tests(view),
    }


def tests(view: View) -> dict[str, Any]:
    """Return the newest day of each screening test, left beside right."""
    return _rows(view.mine("screenings"), NO_TESTS, _test)


def place_words(site: str | None, side: str | None) -> str:
    """Return a site with its side as one says it: `left knee`, `both knees` as `knee, both`."""
    if side == "both":
        return f"{site}, both"
    return " ".join(filter(None, (side, site)))


def _rows(frame: pl.DataFrame, empty: Empty, line: Any) -> dict[str, Any]:  # noqa: ANN401
    shown = [line(row) for row in frame.head(SHOWN).iter_rows(named=True)]
    more = len(frame) - len(shown)
    return {"rows": shown, "more": more, "empty": empty}


def _drill(row: dict[str, Any], hrefs: dict[str, str | None]) -> dict[str, str]:
    km = f"{number(row['distance_m'] / 1000.0, 1)} km" if row["distance_m"] else ""
    run = ", ".join(filter(None, (row["run_kind"], km)))
    return {
        "day": day_text(row["local_date"]), "minutes": duration_text(row["duration_s"]),
        "drills": plural(row["n_sets"], "set") if row["n_sets"] else "–",
        "run": run or ("a run" if row["run_id"] else "none within 90 minutes"),
        "href": hrefs.get(row["run_id"] or "") or "",
    }  # fmt: skip


def _hill(row: dict[str, Any], hrefs: dict[str, str | None]) -> dict[str, str]:
    told = {True: "in the run", False: "in a log"}[row["run_id"] is not None]
    return {
        "day": day_text(row["local_date"]), "n": number(row["n_sets"] or None),
        "seconds": _with(row["mean_s"], 0, "s"), "climb": _with(row["climb_m"], 1, "m"),
        "grade": _with(row["grade_pct"], 0, "%"), "pace": pace_text(row["flat_speed_mps"]),
        "source": "in the run and in a log" if row["n_sources"] > 1 and row["run_id"] else told,
        "href": hrefs.get(row["run_id"] or "") or "",
    }  # fmt: skip


def _site(row: dict[str, Any]) -> dict[str, str]:
    return {
        "site": place_words(row["site"], row["side"]) or "no site told",
        "day": day_text(row["last_date"]), "pain": number(row["pain_0_10"]),
        "stiffness": number(row["stiffness_0_10"]), "most_pain": number(row["most_pain"]),
        "most_stiffness": number(row["most_stiffness"]), "n": number(row["n_entries"]),
    }  # fmt: skip


def _test(row: dict[str, Any]) -> dict[str, str]:
    unit = row["unit"] or ""
    symmetry = row["limb_symmetry_pct"]
    return {
        "test": row["test"], "day": day_text(row["local_date"]),
        "left": score_words(row["left_score"], unit),
        "right": score_words(row["right_score"], unit),
        "both": score_words(row["score"], unit),
        "symmetry": f"{number(symmetry)} %" if symmetry is not None else "–",
        "weaker": f"{row['weaker_side']} weaker" if row["weaker_side"] else "",
    }  # fmt: skip


def score_words(value: float | None, unit: str) -> str:
    """Return a test's score with its unit: `21 reps`, `12.5°`; `–` where there is none."""
    if value is None:
        return "–"
    text = number(value, 0 if value == round(value) else 1)
    return f"{text}{unit}" if unit == "°" else f"{text} {unit}".strip()


def _with(value: float | None, decimals: int, unit: str) -> str:
    return f"{number(value, decimals)} {unit}" if value is not None else "–"
