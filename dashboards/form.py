"""Form values in long shape: one metric at a time, with change, noise, word and origin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from carryover.estimate.origin import FOLLOWS
from carryover.metrics import metric, metrics

if TYPE_CHECKING:
    from carryover.metrics import Metric

ORIGIN_WORDS = {
    "measured": "measured by the sensor",
    "computed": "computed by the watch from pace and cadence",
    "unknown": "measured or computed: not known yet",
}
"""How a metric came about, by `sensor_metric.origin`."""
BY_FORMULA = frozenset(
    {"duty_factor_pct", "flight_time_ms", "leg_stiffness_knpm", "symmetry_index_pct",
     "vertical_stiffness_knpm"}
)  # fmt: skip
"""Never told by a sensor itself: as good as the metric that they are made from, and no better."""
DRIFT_ORDER = ("stance_time_ms", "cadence_spm", "stance_time_balance_pct")
"""Whose drift the home page shows when no decay verdict names one [METHODS: outcome families]."""


def known_metrics(runs: pl.DataFrame) -> list[Metric]:
    """Return the metrics that at least one run carries, in their own order."""
    return [m for m in metrics().values() if _count(runs, m.name) or _count(runs, f"{m.name}_adj")]


def _count(frame: pl.DataFrame, column: str) -> int:
    return frame[column].count() if column in frame.columns else 0


def is_adjusted(runs: pl.DataFrame, name: str) -> bool:
    """Tell whether a metric has values at reference speed for some sensor."""
    return _count(runs, f"{name}_adj") > 0


def metric_runs(runs: pl.DataFrame, changes: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return one metric of all runs: value, coverage, and how it stands to the six weeks before.

    `value` is the adjusted one for a sensor epoch that has any, else the mean of the run, which is
    `plain`: within one epoch the two are never mixed. `usual_low` to `usual_high` is the reference
    ± noise: a value outside is beyond MDC.
    """
    long = runs.select(
        "run_id",
        "local_date",
        "sensor_epoch",
        _one_kind(_column(runs, f"{name}_adj"), _column(runs, name)).alias("value"),
        _column(runs, name).alias("plain"),
        _column(runs, f"{name}_coverage_pct").alias("coverage_pct"),
    )
    told = changes_of(changes, "level", "usual before").filter(pl.col("metric") == name)
    usual = told.select(
        "run_id", "reference", "change", "noise", "word", "n2", "reason",
        usual_low=pl.col("reference") - pl.col("noise"),
        usual_high=pl.col("reference") + pl.col("noise"),
    )  # fmt: skip
    return long.join(usual, on="run_id", how="left", maintain_order="left")


def changes_of(changes: pl.DataFrame, outcome: str, compared: str) -> pl.DataFrame:
    """Return the changes of one outcome in one comparison."""
    return changes.filter((pl.col("outcome") == outcome) & (pl.col("compared") == compared))


def _one_kind(adjusted: pl.Expr, plain: pl.Expr) -> pl.Expr:
    some = adjusted.is_not_null().any().over("sensor_epoch")
    return pl.when(some).then(adjusted).otherwise(plain)


def _column(frame: pl.DataFrame, name: str) -> pl.Expr:
    source = pl.col(name) if name in frame.columns else pl.lit(None)
    return source.cast(pl.Float64)


def weekly(weeks: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return one metric's weeks: `value` chosen for each sensor epoch as for the runs, `plain`."""
    mine = weeks.filter(pl.col("metric") == name)
    chosen = _one_kind(pl.col("value_adj"), pl.col("value"))
    return mine.with_columns(chosen.alias("value"), plain=pl.col("value"))


def origins_of(origins: pl.DataFrame, epochs: pl.Series, name: str) -> str:
    """Return the same for the sensors of several runs, newest first: the newest's, then others'."""
    known = Computed(origins)
    told = [known.label(epoch, name) for epoch in epochs.unique(maintain_order=True)]
    words = list(dict.fromkeys(word for word in told if word))
    return "; with other sensors ".join([words[0], " or ".join(words[1:])] if words[1:] else words)


class Computed:
    """How the metrics of each sensor epoch came about; what a watch computes carries a label."""

    def __init__(self, origins: pl.DataFrame) -> None:
        told = origins.select("sensor_epoch", "metric", "origin").iter_rows()
        self._origin = {(epoch, name): origin or "" for epoch, name, origin in told}

    def has(self, epoch: str | None, name: str) -> bool:
        """Tell whether a metric of a sensor epoch is computed."""
        return self._origin.get((epoch, name)) == "computed"

    def names(self, epoch: str | None) -> frozenset[str]:
        """Return the computed metrics of a sensor epoch."""
        return frozenset(name for (e, name) in self._origin if e == epoch and self.has(e, name))

    def words(self, epoch: str | None, name: str) -> str:
        """Return the label of a computed metric; empty for any other."""
        return ORIGIN_WORDS["computed"] if self.has(epoch, name) else ""

    def label(self, epoch: str | None, name: str) -> str:
        """Return how a metric came about, in words; empty where it is not told."""
        words = ORIGIN_WORDS.get(self._origin.get((epoch, name), ""), "")
        if words and name in BY_FORMULA:
            return f"by formula; {metric(FOLLOWS[name]).label.lower()} {words}"
        return words


def drift_metric(verdicts: pl.DataFrame, drifts: pl.DataFrame) -> str:
    """Return the metric whose late-run drift the home page shows."""
    primary = verdicts.filter((pl.col("role") == "primary") & (pl.col("outcome") == "decay"))
    if len(primary):
        return str(primary["metric"][0])
    seen = set(drifts.filter(pl.col("eligible"))["metric"])
    return next((name for name in DRIFT_ORDER if name in seen), DRIFT_ORDER[0])
