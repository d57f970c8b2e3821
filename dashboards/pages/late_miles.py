"""Late miles: all of late-run drift, first of the metric that the verdict asks about."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts.drift_against import Along, drift_against
from carryover.charts.drift_history import NO_RUN, Worth, drift_history
from carryover.charts.late_curves import late_curves
from carryover.charts.raw_adjusted import raw_adjusted
from carryover.charts.words import day_text, number
from carryover.estimate.dose import CHRONIC_TAU_D
from carryover.estimate.local_mean import binned, mean_of
from carryover.metrics import metric
from dashboards.form import drift_metric, origins_of
from dashboards.late import (
    judged_rows,
    lead_words,
    onset_lines,
    onset_words,
    other_metrics,
    ways_words,
)
from dashboards.verdict import primary_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from carryover.charts.base import Drawing
    from carryover.metrics import Metric
    from dashboards.model import Page, View

EDGE: Final = timedelta(days=5)
"""Room around the first and the last dot."""
NEWEST: Final = 12
LISTED: Final = 30
DISTANCE: Final = Along(
    "distance of the run, km", "around {} km", 0, "distance",
    "Record runs with GPS or a pod, so that they have a distance.",
)  # fmt: skip


def pages(view: View) -> Iterator[Page]:
    """Yield the page of late-run drift."""
    verdicts = view.mine("verdicts")
    tau_d = (primary_of(verdicts) or {}).get("tau_d") or CHRONIC_TAU_D
    drifts = view.mine("late_drifts", tau_d=round(tau_d)).join(
        view.links(), on="run_id", how="left", maintain_order="left"
    )
    known = metric(drift_metric(verdicts, drifts))
    judged = drifts.filter(pl.col("eligible") & pl.col("change_adj").is_not_null())
    own = judged.filter(metric=known.name)
    noise, origins = view.mine("late_noise"), view.mine("origins")
    moved = view.mine("run_changes").filter(outcome="decay", compared="early part")
    onsets = view.mine("late_onsets")
    yield view.page(
        "late-miles.html", "late_miles.html", "Late miles", "Late miles",
        metric=known, lead=lead_words(known, own), ways=ways_words(own), n=len(own), nothing=NO_RUN,
        origin=origins_of(origins, own["sensor_epoch"], known.name),
        history=_history(view, known, own, _worth(known, own, verdicts, noise)),
        distance=_against(known, own, pl.col("distance_m") / 1000.0, DISTANCE),
        dose=_against(known, own, pl.col("chronic_dose"), _along_dose(tau_d)),
        curves=_curves(view, known),
        raw=_raw(known, own),
        onset=onset_words(known, onsets), onsets=onset_lines(onsets),
        listed=judged_rows(known, own.head(LISTED), moved.filter(metric=known.name)),
        others=other_metrics(judged, noise, origins, known.name),
        reasons=[_reason(row) for row in view.mine("late_reasons", metric=known.name).to_dicts()],
    )  # fmt: skip


def _worth(
    known: Metric, own: pl.DataFrame, verdicts: pl.DataFrame, noise: pl.DataFrame
) -> Worth | None:
    """Return the band around zero: the smallest change that matters, else the noise of one run."""
    asked = verdicts.filter(metric=known.name, outcome="decay").drop_nulls("swc")
    if len(asked):
        return Worth(float(asked["swc"][0]), "the smallest change that matters")
    if own.is_empty():
        return None
    mine = noise.filter(
        pl.col("metric") == known.name,
        pl.col("sensor_epoch").eq_missing(pl.lit(own["sensor_epoch"][0])),
    ).drop_nulls("decay_mdc95")
    words = "by which two runs must differ to be told apart"
    return Worth(float(mine["decay_mdc95"][0]), words) if len(mine) else None


def _history(view: View, known: Metric, own: pl.DataFrame, worth: Worth | None) -> Drawing:
    if own.is_empty():
        return NO_RUN
    since: date = own.sort("local_date")["local_date"][0] - EDGE
    return drift_history(
        known, own, view.mine("dose_weeks", since=since), since=since, until=view.today + EDGE,
        sensors=view.mine("sensors"), worth=worth,
    )  # fmt: skip


def _against(known: Metric, own: pl.DataFrame, along: pl.Expr, axis: Along) -> Drawing:
    placed = own.with_columns(along.alias("x"))
    return drift_against(known, placed, binned(placed, "x", "change_adj"), axis)


def _along_dose(tau_d: float) -> Along:
    return Along(
        f"glute dose over {number(tau_d)} days, 1 = two a week",
        "at a dose of {}", 1, "glute dose before it",
        "Log each strength session, or drop its file into data/raw.",
    )  # fmt: skip


def _curves(view: View, known: Metric) -> Drawing:
    tenths = view.mine("late_tenths", metric=known.name, n_runs=NEWEST)
    linked = tenths.join(view.links(), on="run_id", how="left", maintain_order="left")
    return late_curves(known, linked)


def _raw(known: Metric, own: pl.DataFrame) -> Drawing:
    """Draw raw against adjusted; a share is only told of a raw change that is clear of zero."""
    both = own.drop_nulls(["change", "change_adj"])
    raw, adjusted = mean_of(both["change"]), mean_of(both["change_adj"])
    told = raw is not None and adjusted is not None and raw.is_clear
    return raw_adjusted(
        known, own,
        raw=raw.mean if told and raw else None,
        adjusted=adjusted.mean if told and adjusted else None,
    )  # fmt: skip


def _reason(row: dict[str, Any]) -> dict[str, str]:
    return {
        "reason": row["reason"], "n": number(row["n_runs"]), "day": day_text(row["last_date"]),
    }  # fmt: skip
