"""Late-run form decay: how a metric moves from early to late in one run, at equal pace and grade.

D = weighted mean of r late − weighted mean of r early, where r = value − slopes·(speed, grade)
and the slopes come from all *other* runs of the sensor epoch. Windows (by a bin's midpoint):
early 10–35 % of moving time and after minute 8, late 75–100 % less the last 60 s; weights are
valid seconds. The standard error comes from means of 4-minute blocks in each window (a lone bin
is a half block and weighs half), the interval from t with Welch's degrees of freedom; the
uncertainty of the slopes is not in it, the pace rule keeps it small. The sign is a drift: up is
neither good nor bad here.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from scipy import stats

from carryover import columns, units
from carryover.estimate import slopes, windows
from carryover.estimate.baseline import KEY, baseline_fits
from carryover.estimate.windows import RUN_METRIC

BLOCK_BINS: Final = 2
HUBER_K: Final = 1.345
"""Tuning of Huber's location: 95 % efficient for normal data."""
HUBER_STEPS: Final = 25
CONFIDENCE: Final = 0.95
M_PER_10KM: Final = 10_000.0


def form_decay(bins: pl.DataFrame, runs: pl.DataFrame, baseline: pl.DataFrame) -> pl.DataFrame:
    """Return FORM_DECAY, one row a run × metric that has any value in the run.

    `bins` BIN; `runs`: run_id, athlete_id, sensor_epoch, moving_s, distance_m; `baseline`
    BASELINE of the same bins: it says which metrics are usable and why not. A run that is not
    eligible has a reason, null numbers for the adjusted change and, where both windows hold
    values, the raw means.
    """
    known = bins.filter(pl.col("value").is_not_null()).select(*RUN_METRIC).unique()
    inside = windows.placed(bins, runs)
    rows = (
        known.join(runs, on="run_id", how="inner")
        .rename({"moving_s": "run_moving_s"})
        .join(windows.facts(inside), on=RUN_METRIC, how="left")
        .join(baseline.select(*KEY, "usable", "reason"), on=KEY, how="left")
        .rename({"reason": "baseline_reason"})
        .join(_own_slopes(bins), on=RUN_METRIC, how="left")
    )
    judged = rows.with_columns(_reason().alias("reason")).with_columns(
        pl.col("reason").is_null().alias("eligible")
    )
    if judged.is_empty():
        return columns.empty(columns.FORM_DECAY)
    changes = _changes(inside, judged.filter("eligible"))
    full = judged.join(changes, on=RUN_METRIC, how="left").sort("run_id", "metric")
    return columns.shaped(_finished(full), columns.FORM_DECAY)


def _reason() -> pl.Expr:
    no_baseline = pl.coalesce("baseline_reason", pl.lit("no steady running with this sensor yet"))
    return pl.coalesce(
        windows.reason(),
        pl.when(~pl.col("usable").fill_null(value=False)).then(no_baseline),
        pl.col("leave_out_reason"),
    )


def _own_slopes(bins: pl.DataFrame) -> pl.DataFrame:
    """Return speed, up and down slopes for each run × metric, that run left out of the fit."""
    frames = []
    everyone = bins.select(*KEY, "run_id").unique().partition_by(KEY, as_dict=True)
    for key, run_ids, fit in baseline_fits(bins):
        metric = key[-1]
        without, reasons = slopes.slopes_without_each_run(fit)
        others = sorted(set(everyone[key]["run_id"].to_list()) - set(run_ids))
        ids = [*run_ids, *others]
        table = np.vstack([without, np.tile(fit.slopes, (len(others), 1))])
        frames.append(
            pl.DataFrame(
                {
                    "run_id": ids,
                    "metric": [metric] * len(ids),
                    "b_speed": table[:, slopes.SPEED],
                    "b_up": table[:, slopes.UP],
                    "b_down": table[:, slopes.DOWN],
                    "leave_out_reason": [r or None for r in reasons] + [None] * len(others),
                },
                schema_overrides=_SLOPES_SCHEMA,
            )
        )
    return pl.concat(frames) if frames else pl.DataFrame(schema=_SLOPES_SCHEMA)


_SLOPES_SCHEMA: Final[dict[str, pl.DataType]] = {
    "run_id": pl.String(),
    "metric": pl.String(),
    "b_speed": pl.Float64(),
    "b_up": pl.Float64(),
    "b_down": pl.Float64(),
    "leave_out_reason": pl.String(),
}


def _changes(inside: pl.DataFrame, eligible: pl.DataFrame) -> pl.DataFrame:
    """Return change_adj, change_adj_huber, se and df of the eligible run × metric rows."""
    grade, window = pl.col("grade_pct").fill_null(0.0), (*RUN_METRIC, "window")
    residual = (
        inside.filter(pl.col("w_s") > 0)
        .join(eligible.select(*RUN_METRIC, "b_speed", "b_up", "b_down"), on=RUN_METRIC)
        .with_columns(
            r=pl.col("value")
            - pl.col("b_speed") * pl.col("speed_mps")
            - pl.col("b_up") * grade.clip(lower_bound=0.0)
            - pl.col("b_down") * (-grade).clip(lower_bound=0.0),
            block=(pl.col("bin_index") - pl.col("bin_index").min().over(window)) // BLOCK_BINS,
        )
    )
    means = _window_means(residual).join(_huber_means(residual), on=window)
    late, early = (means.filter(pl.col("window") == w) for w in ("late", "early"))
    pairs = late.join(early, on=RUN_METRIC, suffix="_e")
    variance = pl.col("var") + pl.col("var_e")
    welch = variance**2 / (
        pl.col("var") ** 2 / (pl.col("blocks") - 1)
        + pl.col("var_e") ** 2 / (pl.col("blocks_e") - 1)
    )
    return pairs.select(
        *RUN_METRIC,
        (pl.col("m") - pl.col("m_e")).alias("change_adj"),
        (pl.col("huber") - pl.col("huber_e")).alias("change_adj_huber"),
        variance.sqrt().alias("se"),
        pl.when(variance > 0).then(welch).otherwise(1.0).alias("df"),
    )


def _window_means(residual: pl.DataFrame) -> pl.DataFrame:
    """Return weighted mean m, its variance from block means, and the number of blocks.

    With block weights p (summing to 1) and deviations d from m the variance is
    Σ p²·d² / (1 − p): unbiased when a block's variance is inverse to its weight, and the usual
    s²/K for equal blocks.
    """
    window = (*RUN_METRIC, "window")
    weight = pl.col("w_s")
    blocks = residual.group_by(*window, "block").agg(
        ((pl.col("r") * weight).sum() / weight.sum()).alias("b"), weight.sum().alias("w")
    )
    shares = blocks.with_columns(p=pl.col("w") / pl.col("w").sum().over(window))
    centred = shares.with_columns(m=(pl.col("p") * pl.col("b")).sum().over(window))
    share = pl.col("p")
    spread = share**2 * (pl.col("b") - pl.col("m")) ** 2 / (1.0 - share)
    return centred.group_by(window).agg(
        pl.col("m").first(), spread.sum().alias("var"), pl.len().cast(pl.Float64).alias("blocks")
    )


def _huber_means(residual: pl.DataFrame) -> pl.DataFrame:
    """Return Huber's location of r in each window; scale fixed at the median deviation."""
    window = (*RUN_METRIC, "window")
    frame = residual.with_columns(huber=pl.col("r").median().over(window)).with_columns(
        s=(pl.col("r") - pl.col("huber")).abs().median().over(window) / slopes.MAD_TO_SD
    )
    distance = (pl.col("r") - pl.col("huber")).abs()
    bound = HUBER_K * pl.col("s")
    weight = pl.col("w_s") * pl.when(distance <= bound).then(1.0).otherwise(bound / distance)
    step = ((weight * pl.col("r")).sum() / weight.sum()).over(window)
    for _ in range(HUBER_STEPS):
        frame = frame.with_columns(huber=pl.when(pl.col("s") > 0).then(step).otherwise("huber"))
    return frame.group_by(window).agg(pl.col("huber").first())


def _finished(rows: pl.DataFrame) -> pl.DataFrame:
    df = rows["df"].fill_null(1.0).to_numpy()
    half = pl.Series("t", np.asarray(stats.t.ppf(0.5 + CONFIDENCE / 2, df))) * rows["se"]
    gap_s = pl.col("centre_s_late") - pl.col("centre_s_early")
    gap_m = gap_s * pl.col("distance_m") / pl.col("run_moving_s")
    both = pl.col("mean_early").is_not_null() & pl.col("mean_late").is_not_null()
    return rows.with_columns(
        pl.when(both).then("mean_early").alias("early"),
        pl.when(both).then("mean_late").alias("late"),
        (pl.col("mean_late") - pl.col("mean_early")).alias("change"),
        (pl.col("change_adj") - half).alias("ci_low"),
        (pl.col("change_adj") + half).alias("ci_high"),
        (pl.col("change_adj") * units.S_PER_HOUR / gap_s).alias("per_hour"),
        pl.when(gap_m > 0).then(pl.col("change_adj") * M_PER_10KM / gap_m).alias("per_10km"),
    )
