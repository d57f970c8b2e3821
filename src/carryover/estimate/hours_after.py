"""Form by the hours since the last gym session, in steps: no dose and no 48 hours assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import polars as pl

from carryover import columns
from carryover.estimate import covariance, dose, gate, panel
from carryover.estimate.candidates import testifying
from carryover.estimate.carry_over import by_outcome
from carryover.estimate.design import FIRMWARE, MIN_FREE, independent, natural_spline, spline_df
from carryover.estimate.matched import like_columns
from carryover.estimate.question import days_of, series_of
from carryover.estimate.run_frames import ACUTE_HOURS
from carryover.estimate.sentence import difference_unit
from carryover.estimate.verdict import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from carryover.estimate.candidates import Outcome
    from carryover.estimate.finding import Spec

SPANS_H: Final = ((0.0, 24.0), (24.0, 48.0), (48.0, 72.0))
"""Hours since the last session, the end counted; later runs are what they are held against."""


def acute_hours(
    outcomes: pl.DataFrame,
    runs: pl.DataFrame,
    sessions: pl.DataFrame,
    after: pl.DataFrame,
    sensors: pl.DataFrame,
    spec: Spec,
) -> pl.DataFrame:
    """Return ACUTE_HOURS: runs by hours since the last session, beside those later than 72.

    Means of the same kind and sensor, beside the slow dose and slow time. `runs` also kind;
    `after`: run_id, hours_since_strength (null before the first session: such runs are left
    out); other arguments as `carry_over` has them.
    """
    allowed = testifying(outcomes, runs, sensors, spec.primary_metric)
    hours = after.select("run_id", "hours_since_strength")
    rows = []
    for athlete in sorted(runs["athlete_id"].drop_nulls().unique()):
        own, gym, held = (
            f.filter(pl.col("athlete_id") == athlete) for f in (runs, sessions, allowed)
        )
        log = panel.log_of(own, gym, past_is_empty=athlete in spec.complete_logs)
        if log is None:
            continue
        known = panel.exposed(log, spec.tau_d).filter(panel.exposure_known(log, spec.tau_d))
        panels = by_outcome(held, known.join(hours, on="run_id", how="left", maintain_order="left"))
        for outcome, frame in panels.items():
            rows += [{"athlete_id": athlete} | row for row in _spans(outcome, frame)]
    if not rows:
        return columns.empty(ACUTE_HOURS)
    return columns.shaped(pl.DataFrame(rows, infer_schema_length=None), ACUTE_HOURS)


def _spans(outcome: Outcome, frame: pl.DataFrame) -> Iterator[dict[str, Any]]:
    known = frame.drop_nulls("hours_since_strength")
    if gate.within_run(*outcome):
        known = known.with_columns(pl.col("sensor_epoch").str.replace(FIRMWARE, ""))
    hours = known["hours_since_strength"].to_numpy()
    inside = [(hours > low) & (hours <= high) for low, high in SPANS_H]
    n_later = int(np.count_nonzero(hours > SPANS_H[-1][1]))
    found = _steps(known, inside) if n_later else [None] * len(SPANS_H)
    for (low, high), mask, estimate in zip(SPANS_H, inside, found, strict=True):
        ends = estimate.interval() if estimate else (None, None)
        yield {
            "metric": outcome[0], "outcome": outcome[1], "from_h": low, "to_h": high,
            "difference": estimate.effect if estimate else None,
            "effect_unit": difference_unit(outcome[0]), "ci_low": ends[0], "ci_high": ends[1],
            "n_runs": int(np.count_nonzero(mask)), "n_later": n_later,
        }  # fmt: skip


def _steps(frame: pl.DataFrame, inside: list[NDArray[np.bool_]]) -> list[Estimate | None]:
    """Return the estimate of each span; null where no column of its own tells it."""
    days = days_of(frame)
    slow = spline_df(float(np.ptp(days)) / dose.DAYS_PER_WEEK)
    spans = {f"span_{i}": mask.astype(float) for i, mask in enumerate(inside)}
    told = pd.concat(
        [
            like_columns(frame, ["kind", "sensor_epoch"]),
            pd.DataFrame({"x": frame["x"].to_numpy()}),
            pd.DataFrame(natural_spline(days, slow)).add_prefix("time_"),
            pd.DataFrame(spans),
        ],
        axis="columns",
    )
    kept = independent(told)
    matrix = np.column_stack([np.ones(days.size), kept.to_numpy()])
    if matrix.shape[0] - matrix.shape[1] < MIN_FREE:
        return [None] * len(spans)
    series = series_of(frame, days)
    fit = covariance.fit_reml(series, matrix)
    place = {name: 1 + i for i, name in enumerate(map(str, kept))}
    return [
        Estimate(
            # The columns are scaled to SD 1; a step is told in its own size.
            float(fit.beta[place[name]] / step.std()),
            fit.se(place[name]) / float(step.std()),
            fit.df,
        )
        if name in place
        else None
        for name, step in spans.items()
    ]
