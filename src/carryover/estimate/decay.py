"""Late-run form decay: how a metric moves from early to late in one run, at equal pace and grade.

D = weighted mean of r late − weighted mean of r early, where r = value − effect of pace and grade
(`effect`), learnt from all *other* runs of the sensor epoch. Windows (by a bin's midpoint):
early 10–35 % of moving time and after minute 8, late 75–100 % less the last 60 s; weights are
valid seconds. The variance comes from means of 4-minute blocks in each window (a lone bin is a
half block and weighs half) and from how much blocks remember each other (`memory`), plus that of
the effects over the change of pace and grade between the windows; the interval from t with
Welch's degrees of freedom. The sign is a drift: up is neither good nor bad here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from carryover import columns, units
from carryover.catalogue.thresholds import threshold
from carryover.estimate import effect, huber, windows
from carryover.estimate.baseline import KEY
from carryover.estimate.distance import distance_at
from carryover.estimate.memory import (
    BLOCK_BINS,
    block_memory,
    run_blocks,
    seen_scatter,
    spread_of_mean,
)
from carryover.estimate.ratio import ratio
from carryover.estimate.tails import t_reaches
from carryover.estimate.windows import RUN_METRIC

if TYPE_CHECKING:
    from typing import Any

PRIOR_DF: Final = threshold("drift_prior_df")
HUBER_STEPS: Final = 25
M_PER_10KM: Final = 10_000.0
FIT: Final = (*KEY, "knots", "covariance")
"""What of a baseline its effects' own error follows from: not what it is without each run."""


def form_decay(
    bins: pl.DataFrame,
    runs: pl.DataFrame,
    baseline: pl.DataFrame,
    effects: pl.DataFrame,
    noise: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Return FORM_DECAY, one row a run × metric that has any value in the run.

    `bins` BIN; `runs`: run_id, athlete_id, sensor_epoch, moving_s, distance_m; `baseline`
    BASELINE: it says which metrics are usable and why not; `effects` BIN_EFFECT; `noise`
    DRIFT_NOISE, by default that of these very bins. Runs are worked out each by itself.
    A run that is not eligible has a reason, null numbers for the adjusted change and, where both
    windows hold values, the raw means.
    """
    known = (
        bins.filter(pl.col("value").is_not_null()).select(*RUN_METRIC).unique(maintain_order=True)
    )
    told = effect.with_residual(bins, effects)
    if noise is None:
        noise = block_memory(run_blocks(told))
    inside = windows.placed(told, runs)
    alone = effects.filter(pl.col("reason_without").is_not_null())
    rows = (
        known.join(runs, on="run_id", how="inner", maintain_order="left")
        .rename({"moving_s": "run_moving_s"})
        .join(windows.facts(inside), on=RUN_METRIC, how="left", maintain_order="left")
        .join(baseline.select(*KEY, "usable", "reason"), on=KEY, how="left", maintain_order="left")
        .rename({"reason": "baseline_reason"})
        .join(
            alone.select(*RUN_METRIC, "reason_without").unique(maintain_order=True),
            on=RUN_METRIC,
            how="left",
            maintain_order="left",
        )
    )
    judged = rows.with_columns(_reason().alias("reason")).with_columns(
        pl.col("reason").is_null().alias("eligible")
    )
    if judged.is_empty():
        return columns.empty(columns.FORM_DECAY)
    fair = (
        inside.filter(pl.col("w_s") > 0)
        .join(judged.filter("eligible").select(RUN_METRIC), on=RUN_METRIC, how="semi")
        .join(noise, on=KEY, how="left", maintain_order="left")
        .with_columns(pl.col("memory", "fade").fill_null(0.0))
    )
    changes = _changes(fair, _effect_variance(fair, baseline))
    full = judged.join(changes, on=RUN_METRIC, how="left", maintain_order="left").sort(
        "run_id", "metric"
    )
    return columns.shaped(_finished(_with_way(full, bins, runs)), columns.FORM_DECAY)


def _reason() -> pl.Expr:
    no_baseline = pl.coalesce("baseline_reason", pl.lit("no steady running with this sensor yet"))
    return pl.coalesce(
        windows.reason(),
        pl.when(~pl.col("usable").fill_null(value=False)).then(no_baseline),
        pl.col("reason_without"),
    )


def _effect_variance(fair: pl.DataFrame, baseline: pl.DataFrame) -> pl.DataFrame:
    """Return per run × metric the variance that the effects' own error gives to the change."""
    schema = {"run_id": pl.String(), "metric": pl.String(), "var_effect": pl.Float64()}
    groups = fair.partition_by(KEY, as_dict=True)
    frames = [
        _variance_of_one_fit(groups[key], fit)
        for fit in baseline.filter("usable").select(FIT).iter_rows(named=True)
        if (key := tuple(fit[name] for name in KEY)) in groups
    ]
    return pl.concat([pl.DataFrame(schema=schema), *frames])


def _variance_of_one_fit(fair: pl.DataFrame, fit: dict[str, Any]) -> pl.DataFrame:
    terms = effect.terms_of(fair, np.array(fit["knots"]))
    size = terms.shape[1]
    names = [f"term_{i}" for i in range(size)]
    moved = (
        fair.select(*RUN_METRIC, "window", "w_s")
        .with_columns(pl.DataFrame(terms, schema=names))
        .group_by(*RUN_METRIC, "window", maintain_order=True)
        .agg(ratio((pl.col(names) * pl.col("w_s")).sum(), pl.col("w_s").sum()))
        .with_columns(pl.when(pl.col("window") == "late").then(1.0).otherwise(-1.0).alias("sign"))
        .group_by(*RUN_METRIC, maintain_order=True)
        .agg((pl.col(names) * pl.col("sign")).sum())
    )
    step = moved.select(names).to_numpy()
    covariance = np.array(fit["covariance"]).reshape(size, size)
    variance = effect.row_products(effect.turned(step, covariance), step)
    return moved.select(*RUN_METRIC).with_columns(var_effect=pl.Series(np.maximum(variance, 0.0)))


def _changes(fair: pl.DataFrame, var_effect: pl.DataFrame) -> pl.DataFrame:
    """Return change_adj, change_adj_huber, se and df of the eligible run × metric rows."""
    window = (*RUN_METRIC, "window")
    residual = fair.with_columns(
        block=(pl.col("bin_index") - pl.col("bin_index").min().over(window)) // BLOCK_BINS
    )
    means = _window_means(residual).join(_huber_means(residual), on=window, maintain_order="left")
    late, early = (means.filter(pl.col("window") == w) for w in ("late", "early"))
    pairs = late.join(early, on=RUN_METRIC, suffix="_e", maintain_order="left").join(
        var_effect, on=RUN_METRIC, maintain_order="left"
    )
    variance = pl.col("var") + pl.col("var_e") + pl.col("var_effect")
    parts = ratio(pl.col("var") ** 2, pl.col("var_df")) + ratio(
        pl.col("var_e") ** 2, pl.col("var_df_e")
    )
    welch = ratio(variance**2, parts)
    return pairs.select(
        *RUN_METRIC,
        (pl.col("m") - pl.col("m_e")).alias("change_adj"),
        (pl.col("huber") - pl.col("huber_e")).alias("change_adj_huber"),
        variance.sqrt().alias("se"),
        pl.when(variance > 0).then(welch).otherwise(1.0).alias("df"),
    )


def _window_means(residual: pl.DataFrame) -> pl.DataFrame:
    """Return weighted mean m, its variance from block means, and the variance's degrees of freedom.

    With block weights p (summing to 1) and deviations d from m the run's own variance is
    Σ p²·d² / (1 − p): unbiased when a block's variance is inverse to its weight, and the usual
    s²/K for equal blocks; then by what the blocks' memory hides of it. It is held against that of
    all runs (`block_var`), which counts as PRIOR_DF degrees of freedom (Smyth 2004: moderated
    variances).
    """
    window = (*RUN_METRIC, "window")
    weight = pl.col("w_s")
    blocks = residual.group_by(*window, "block", maintain_order=True).agg(
        ratio((pl.col("r") * weight).sum(), weight.sum()).alias("b"),
        weight.sum().alias("w"),
        pl.col("memory", "fade", "block_var").first(),
    )
    shares = blocks.with_columns(p=ratio(pl.col("w"), pl.col("w").sum().over(window)))
    centred = shares.with_columns(m=(pl.col("p") * pl.col("b")).sum().over(window))
    share = pl.col("p")
    own = ratio(share**2 * (pl.col("b") - pl.col("m")) ** 2, 1.0 - share)
    told = centred.group_by(window, maintain_order=True).agg(
        pl.col("m", "memory", "fade", "block_var").first(),
        own.sum().alias("own"),
        (share**2).sum().alias("share"),
        pl.len().cast(pl.Float64).alias("n"),
    )
    n, prior = pl.col("n"), pl.col("block_var") * pl.col("share")
    own_df, prior_df = n - 1.0, pl.when(prior.is_null()).then(0.0).otherwise(PRIOR_DF)
    pooled = ratio(own_df * pl.col("own"), seen_scatter(n)) + prior_df * prior.fill_null(0.0)
    return told.select(
        *window,
        "m",
        var=ratio(spread_of_mean(n) * pooled, own_df + prior_df),
        var_df=own_df + prior_df,
    )


def _huber_means(residual: pl.DataFrame) -> pl.DataFrame:
    """Return Huber's location of r in each window; scale fixed at the median deviation."""
    window = (*RUN_METRIC, "window")
    # Windows are numbered once: names would be compared again at every step.
    places = residual.select(window).unique(maintain_order=True).with_row_index("place")
    told = residual.select(*window, "r", "w_s").join(places, on=window, maintain_order="left")
    frame = (
        told.select("place", "r", "w_s")
        .with_columns(huber=pl.col("r").median().over("place"))
        .with_columns(
            s=ratio((pl.col("r") - pl.col("huber")).abs().median(), huber.MAD_TO_SD).over("place")
        )
    )
    distance = (pl.col("r") - pl.col("huber")).abs()
    bound = huber.K * pl.col("s")
    weight = pl.col("w_s") * pl.when(distance <= bound).then(1.0).otherwise(ratio(bound, distance))
    step = ratio((weight * pl.col("r")).sum(), weight.sum()).over("place")
    for _ in range(HUBER_STEPS):
        frame = frame.with_columns(huber=pl.when(pl.col("s") > 0).then(step).otherwise("huber"))
    found = frame.group_by("place", maintain_order=True).agg(pl.col("huber").first())
    return places.join(found, on="place", maintain_order="left").drop("place")


def _with_way(rows: pl.DataFrame, bins: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Add `early_distance_m` and `late_distance_m`: how far a run was in each middle."""
    placed = rows.with_columns(early_moving_s="centre_s_early", late_moving_s="centre_s_late")
    for window in ("early", "late"):
        placed = distance_at(placed, window, bins, runs)
    return placed


def _finished(rows: pl.DataFrame) -> pl.DataFrame:
    df = rows["df"].fill_null(1.0).to_numpy()
    half = pl.Series("t", t_reaches(df)) * rows["se"]
    gap_s = pl.col("centre_s_late") - pl.col("centre_s_early")
    gap_m = pl.col("late_distance_m") - pl.col("early_distance_m")
    both = pl.col("mean_early").is_not_null() & pl.col("mean_late").is_not_null()
    return rows.with_columns(
        pl.when(both).then("mean_early").alias("early"),
        pl.when(both).then("mean_late").alias("late"),
        (pl.col("mean_late") - pl.col("mean_early")).alias("change"),
        (pl.col("change_adj") - half).alias("ci_low"),
        (pl.col("change_adj") + half).alias("ci_high"),
        ratio(pl.col("change_adj") * units.S_PER_HOUR, gap_s).alias("per_hour"),
        pl.when(gap_m > 0).then(ratio(pl.col("change_adj") * M_PER_10KM, gap_m)).alias("per_10km"),
    )
