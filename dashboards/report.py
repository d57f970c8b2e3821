"""The report for a coach or physio: what one athlete's data say, without where and by whom.

It leaves the house, so it is told from its own queries where a page shows more than others need:
no place, no serial number, no file, no name of a run, no note in the athlete's own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts.balance_weeks import balance_weeks
from carryover.charts.base import Drawing
from carryover.charts.decay_over_dose import decay_over_dose
from carryover.charts.dose_line import dose_line
from carryover.charts.words import day_text, plural
from carryover.metrics import metric, metrics
from dashboards.blocks import block_plan
from dashboards.bodywork import tests
from dashboards.checks import check_lines
from dashboards.coach import coach
from dashboards.form import drift_metric, weekly
from dashboards.glossary import terms
from dashboards.left_right import BALANCE, side_words
from dashboards.moved import moved
from dashboards.verdict import question_words, verdict_figure, verdict_words

if TYPE_CHECKING:
    from datetime import date

    from dashboards.model import Person, View

YEAR: Final = timedelta(weeks=52)
LEAST: Final = timedelta(weeks=12)
EDGE: Final = timedelta(days=3)
"""Room beside the first and the newest dot."""
MAX_SENSORS: Final = 4
MAX_FLAGS: Final = 6
WORDS: Final = (
    "late_run_drift", "interval", "smallest_change", "change_word", "dose", "chronic_dose",
    "placement", "limb_symmetry",
)  # fmt: skip
"""The terms of the glossary that a reader outside the house needs."""
DYNAMICS: Final = {
    "watch": "form from the watch itself", "strap or pod": "form from a strap or pod",
    "app": "form from an app", "none": "no form metric",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One athlete's part of a report: what the template reads."""

    person: Person
    data: dict[str, Any]


def part(view: View) -> Part:
    """Return the part of the view's athlete."""
    verdicts = view.mine("verdicts")
    span = view.mine("report_span").row(0, named=True)
    as_of = min(view.today, span["last_date"] or view.today)
    told = coach(view)
    return Part(view.person, {
        "span": _span(span, view.today),
        "verdict": verdict_words(verdicts), "interval": verdict_figure(verdicts),
        "question": question_words(view.mine("registration")),
        **_checks(view.mine("carry_over_checks")),
        "drift": _drift(view, verdicts, as_of),
        "moved": moved(view.mine("weeks_changes")),
        **_sides(view, as_of),
        "dose": dose_line(view.mine("dose_days").filter(pl.col("local_date") > as_of - YEAR)),
        "coach": told, "reviews": told["reviews"], "flagged": _flagged(told["flagged"]),
        "plan": block_plan(view), "tests": tests(view),
        "sensors": _sensors(view.mine("report_sensors")),
        "n_problems": _problems(view),
    })  # fmt: skip


def glossary() -> list[tuple[str, str]]:
    """Return the terms of a report with their line."""
    return [(terms()[key].label, terms()[key].line) for key in WORDS]


def _span(span: dict[str, Any], today: date) -> dict[str, str]:
    if not span["n_runs"]:
        return {"runs": "no run yet", "days": "", "age": ""}
    age = (today - span["last_date"]).days
    return {
        "runs": plural(span["n_runs"], "run"),
        "days": f"{day_text(span['first_date'])} to {day_text(span['last_date'])}",
        "age": f"the newest run is {plural(age, 'day')} old" if age > LEAST.days / 4 else "",
    }


def _checks(rows: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Return the checks that were run, one line each, and those that were not with their reason.

    In the order of telling; parts of a check stay on the page.
    """
    lines = check_lines(rows)
    return {
        "checks": [line for line in lines if line["status"] != "not run"],
        "unrun": [line for line in lines if line["status"] == "not run"],
    }


def _drift(view: View, verdicts: pl.DataFrame, as_of: date) -> Drawing:
    """Draw the drift of up to a year over dose, of twelve weeks at least."""
    drifts = view.mine("drifts", since=as_of - YEAR).filter(pl.col("eligible"))
    shown = drift_metric(verdicts, drifts)
    judged = drifts.filter(pl.col("metric") == shown).drop_nulls("change_adj")
    first = judged["local_date"].to_list()[:1]
    since = min([as_of - LEAST, *(day - EDGE for day in first)])
    # A report leads to no page of a run.
    unlinked = judged.with_columns(href=pl.lit(None, dtype=pl.String))
    return decay_over_dose(
        metric(shown), unlinked, view.mine("dose_weeks", since=since), since=since,
        until=as_of + EDGE, sensors=view.mine("sensors"),
    )  # fmt: skip


def _sides(view: View, as_of: date) -> dict[str, Any]:
    """Return the weekly balance of a year, and the side of the sensor that was worn last."""
    weeks = weekly(view.mine("form_weeks"), BALANCE)
    weeks = weeks.filter(pl.col("week_start") > as_of - YEAR).drop_nulls("value")
    newest = weeks.sort("week_start")["sensor_epoch"].to_list()[-1:]
    own = view.mine("sides").filter(pl.col("sensor_epoch").is_in(newest))
    return {
        "balance": balance_weeks(metric(BALANCE), weeks),
        "side": side_words(own.row(0, named=True)) if len(own) else "",
    }


def _flagged(rows: object) -> dict[str, Any]:
    held = list(rows) if isinstance(rows, list) else []
    return {"rows": held[:MAX_FLAGS], "more": max(0, len(held) - MAX_FLAGS)}


def _sensors(rows: pl.DataFrame) -> dict[str, Any]:
    told = [_sensor(row) for row in rows.head(MAX_SENSORS).iter_rows(named=True)]
    return {"rows": told, "more": len(rows) - len(told)}


def _sensor(row: dict[str, Any]) -> dict[str, str]:
    known = {name: m.label.lower() for name, m in metrics().items()}
    told = [] if row["dynamics"] == "none" else row["computed"] or []
    made = [known[name] for name in told if name in known]
    return {
        "model": row["model"] or "A watch or app",
        "span": f"{day_text(row['from_date'])} to {day_text(row['to_date'])}",
        "n": plural(row["n_runs"], "run"), "dynamics": DYNAMICS[row["dynamics"]],
        "computed": f"computed, not measured, and no evidence: {', '.join(made)}" if made else "",
    }  # fmt: skip


def _problems(view: View) -> int:
    """Count what is amiss in the athlete's files; what they are called stays at home."""
    grave = view.ask("issues").filter(pl.col("severity").is_in(["error", "warning"]))
    mine = pl.col("athlete_id").is_null() | (pl.col("athlete_id") == view.person.athlete_id)
    return grave.filter(mine).height
