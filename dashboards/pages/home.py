"""Home: the verdict, this week, the newest run, twelve weeks of drift over dose."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts.base import Empty, difference
from carryover.charts.decay_over_dose import decay_over_dose
from carryover.charts.usual_strip import usual_strip
from carryover.charts.words import DAYS, day_text, number, plural, short_day
from carryover.metrics import metric
from dashboards.answers import answer_line, both_since
from dashboards.bodywork import place_words
from dashboards.by_when import by_when
from dashboards.changes import band, change_line, drift_text, reasons
from dashboards.form import (
    DRIFT_ORDER,
    ORIGIN_WORDS,
    Computed,
    changes_of,
    drift_metric,
    metric_runs,
)
from dashboards.newest import strips
from dashboards.verdict import primary_of, question_words, verdict_figure, verdict_words

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from carryover.metrics import Metric
    from dashboards.model import Page, View

STRIP_WEEKS: Final = 12
EDGE: Final = timedelta(days=3)
"""Room after today, so that the newest dot stands clear of the edge."""
NIGHT: Final = timedelta(hours=24)
NEWEST_METRICS: Final = ("stance_time_ms", "cadence_spm", "stance_time_balance_pct")
MAX_ISSUES: Final = 3
LOOK_BACK: Final = timedelta(weeks=1)
"""Where this week tells no placement or pain, the newest of the week before is told."""


def pages(view: View) -> Iterator[Page]:
    """Yield the one home page of an athlete."""
    runs, verdicts = view.mine("runs"), view.mine("verdicts")
    since = _monday(view.today) - timedelta(weeks=STRIP_WEEKS - 1)
    drifts = view.mine("drifts", since=since)
    shown = drift_metric(verdicts, drifts)
    computed = Computed(view.mine("origins"))
    yield view.page(
        "index.html", "home.html", view.person.name or "Home", "Home",
        night=view.mine("night", since=view.now - NIGHT).row(0, named=True),
        day=day_text(view.today),
        verdict=verdict_words(verdicts), by_when=_by_when(view, verdicts),
        question=question_words(view.mine("registration")),
        interval=verdict_figure(verdicts),
        others=_others(verdicts),
        week=_this_week(view, runs),
        newest=_newest(view, runs, shown, computed),
        strip=_strip(view, drifts, runs, shown, since),
        strip_origin=_strip_origin(drifts, runs, shown, computed),
        issues=_issues(view),
    )  # fmt: skip


def _by_when(view: View, verdicts: pl.DataFrame) -> str:
    since = both_since(view.mine("log_since").row(0, named=True))
    return by_when(primary_of(verdicts), view.today, since=since)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _others(verdicts: pl.DataFrame) -> list[dict[str, Any]]:
    rows = verdicts.filter(pl.col("role") != "primary").drop_nulls("effect")
    return [answer_line(row) for row in rows.iter_rows(named=True)]


def _this_week(view: View, runs: pl.DataFrame) -> dict[str, Any]:
    monday = _monday(view.today)
    week = runs.filter(pl.col("local_date").is_between(monday, view.today))
    sessions = view.mine("sessions").filter(pl.col("local_date").is_between(monday, view.today))
    notes = view.mine("wellness", since=monday).filter(_worth_telling(view.today))
    weeks = view.mine("coach_weeks")
    return {
        "span": f"{short_day(monday)} to {short_day(view.today)}",
        "n_runs": len(week), "km": number(float(week["distance_m"].sum() or 0) / 1000.0, 1),
        "moving_s": float(week["moving_s"].sum() or 0),
        "strength": _kept(weeks, monday), "dose": _dose(weeks, monday),
        "n_other": len(sessions.filter(pl.col("kind") != "strength")),
        "misplaced": _misplaced(view, monday), "n_sessions": len(sessions),
        "notes": [_note(row, monday) for row in notes.iter_rows(named=True)]
        or _last_pain(view, monday),
    }  # fmt: skip


def _worth_telling(today: date) -> pl.Expr:
    """Keep the notes up to today that tell of a pain, a stiffness or something in words."""
    felt = (pl.col("pain_0_10") > 0) | (pl.col("stiffness_0_10") > 0)
    said = pl.col("note").fill_null("").str.len_chars() > 0
    return (pl.col("local_date") <= today) & (felt.fill_null(value=False) | said)


def _kept(weeks: pl.DataFrame, monday: date) -> str:
    """Return the sessions of this week that count, of how many: `1 of 2 sessions`."""
    if weeks.is_empty():
        return "no session is known yet"
    mine = weeks.filter(pl.col("week_start") == monday)
    done = mine["glute_sessions"][0] if len(mine) else 0
    if len(mine) and mine["sessions_target"][0] == 0:
        return f"{plural(done, 'session')}, an off week of the plan"
    return f"{done} of {plural(weeks['sessions_target'].max(), 'session')}"  # type: ignore[arg-type]


def _dose(weeks: pl.DataFrame, monday: date) -> str:
    """Return the dose of this week beside its target: `1.1 of 2`; empty without a strength log.

    A usual session is 1, so a week's target is as many as its sessions.
    """
    mine = weeks.filter(pl.col("week_start") == monday)
    if weeks.is_empty() or not weeks["dose"].fill_null(0.0).sum():
        return ""
    known = mine["dose"][0] if len(mine) else 0.0
    if known is None:
        return ""
    dose = number(known, 1) if known else "0"
    if len(mine) and mine["sessions_target"][0] == 0:
        return dose
    return f"{dose} of {number(weeks['sessions_target'].max())}"  # type: ignore[arg-type]


def _misplaced(view: View, monday: date) -> list[str]:
    """Tell what speaks against the days of this week's sessions, else of the newest before."""
    placed = view.mine("placements", since=monday - LOOK_BACK).drop_nulls("flag")
    recent = placed.filter(pl.col("local_date") >= monday).sort("local_date")
    shown = recent if len(recent) else placed.head(1)
    return [
        f"{_day(row['local_date'], monday)} session {row['flag']}"
        for row in shown.iter_rows(named=True)
        if row["local_date"] <= view.today
    ]


def _last_pain(view: View, monday: date) -> list[dict[str, str]]:
    """Return the newest pain of the week before, where this week has none."""
    known = view.mine("pain_reviews", since=monday - LOOK_BACK)
    felt = known.filter((pl.col("pain_0_10") > 0) & (pl.col("local_date") <= view.today))
    return [_note(row | {"note": None}, monday) for row in felt.head(1).iter_rows(named=True)]


def _day(day: date, monday: date) -> str:
    """Name a day of this week by its name, one before by its date."""
    return DAYS[day.weekday()] if day >= monday else short_day(day)


def _note(row: dict[str, Any], monday: date) -> dict[str, str]:
    pain, stiff = row["pain_0_10"], row["stiffness_0_10"]
    parts = [f"pain {number(pain)}/10"] if pain else []
    parts += [f"stiffness {number(stiff)}/10"] if stiff else []
    return {
        "day": _day(row["local_date"], monday),
        "site": place_words(row["site"], row["side"]), "levels": ", ".join(parts),
        "note": row["note"] or "",
    }  # fmt: skip


def _newest(
    view: View, runs: pl.DataFrame, shown: str, computed: Computed
) -> dict[str, Any] | None:
    if runs.is_empty():
        return None
    row = runs.row(0, named=True)
    moved = view.mine("run_changes").filter(pl.col("run_id") == row["run_id"])
    told = {n: metric_runs(runs.head(1), moved, n).row(0, named=True) for n in NEWEST_METRICS}
    known = [(metric(n), line) for n, line in told.items() if line["value"] is not None]
    epoch = row["sensor_epoch"]
    bands = strips(known, moved, shown)
    drift = view.mine("run_drift").filter(run_id=row["run_id"], metric=shown)
    return {
        "href": row["href"], "day": day_text(row["local_date"]), "name": row["name"] or "",
        "km": number(row["distance_m"] / 1000.0 if row["distance_m"] else None, 1),
        "kind": row["kind"] or "",
        "strip": usual_strip(bands) if bands else None,
        "lines": [
            _against_usual(m, line) | {"origin": computed.words(epoch, m.name)}
            for m, line in known
        ],
        "untold": reasons((m, line["reason"]) for m, line in known),
        "drift": _drift_line(drift, moved, shown), "drift_origin": computed.words(epoch, shown),
    }  # fmt: skip


def _against_usual(known: Metric, row: dict[str, Any]) -> dict[str, str]:
    return change_line(known, row) | {
        "value": known.text(row["value"]), "usual": band(known, row),
    }  # fmt: skip


def _drift_line(drift: pl.DataFrame, moved: pl.DataFrame, name: str) -> dict[str, str] | None:
    if drift.is_empty():
        return None
    known, row = metric(name), drift.row(0, named=True)
    line = {"metric": name, "label": known.label.lower()}
    if not row["eligible"] or row["change_adj"] is None:
        return line | {"value": "", "reason": row["reason"] or "not judged"}
    low, high = (number(row[k], known.decimals, signed=True) for k in ("ci_low", "ci_high"))
    mine = moved.filter(pl.col("metric") == name)
    early, usual = (
        changes_of(mine, "decay", compared).to_dicts()
        for compared in ("early part", "usual before")
    )
    return line | {
        "value": difference(known, row["change_adj"], known.decimals),
        "interval": f"{low} to {high}",
        "word": (early[0]["word"] or "") if early else "",
        "usual": drift_text(known, usual[0]) if usual and usual[0]["word"] else "",
        "usual_word": (usual[0]["word"] or "") if usual else "",
        "n": plural(usual[0]["n2"], "drift") if usual and usual[0]["word"] else "",
    }  # fmt: skip


def _strip(view: View, drifts: pl.DataFrame, runs: pl.DataFrame, shown: str, since: date) -> object:
    if runs.is_empty():
        return Empty(
            "No run is known yet.",
            "Drop FIT or GPX files into data/raw, then run `carryover nightly`.",
        )
    name = shown if shown in DRIFT_ORDER or len(drifts) else DRIFT_ORDER[0]
    judged = drifts.filter(pl.col("eligible") & (pl.col("metric") == name))
    linked = judged.join(view.links(), on="run_id", how="left", maintain_order="left")
    until = view.today + EDGE
    dose = view.mine("dose_weeks", since=since)
    return decay_over_dose(
        metric(name), linked, dose, since=since, until=until, sensors=view.mine("sensors")
    )


def _strip_origin(drifts: pl.DataFrame, runs: pl.DataFrame, shown: str, computed: Computed) -> str:
    """Say how many of the dots are no measurement; empty where none is."""
    judged = drifts.filter(pl.col("eligible") & (pl.col("metric") == shown))
    epochs = judged.join(runs.select("run_id", "sensor_epoch"), on="run_id")["sensor_epoch"]
    n = sum(computed.has(epoch, shown) for epoch in epochs)
    if not n:
        return ""
    which = metric(shown).label if n == len(epochs) else f"{n} of {len(epochs)} dots"
    return f"{which}: {ORIGIN_WORDS['computed']}."


def _issues(view: View) -> dict[str, Any]:
    """Return what is missing, the gravest first: errors and warnings of this athlete."""
    everyone = view.ask("issues").filter(pl.col("severity").is_in(["error", "warning"]))
    mine = everyone.filter(
        pl.col("athlete_id").is_null() | (pl.col("athlete_id") == view.person.athlete_id)
    )
    shown = mine.head(MAX_ISSUES).to_dicts()
    return {"shown": shown, "more": len(mine) - len(shown)}
