"""Early and late windows of a run, and whether their comparison is fair.

The thresholds are chosen so that easy and long runs on rolling ground pass, and interval sessions,
progressions and finish sprints do not; each has its source in the catalogue.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from carryover.catalogue.thresholds import threshold
from carryover.estimate.ratio import ratio

EARLY_FROM: Final = threshold("early_from_share")
EARLY_TO: Final = threshold("early_to_share")
EARLY_AFTER_S: Final = threshold("early_min_s")
LATE_FROM: Final = threshold("late_from_share")
LATE_SPARE_S: Final = threshold("late_trim_s")
MIN_MOVING_S: Final = threshold("decay_min_moving_s")
MIN_VALID_S: Final = threshold("window_min_valid_s")
MIN_VALID_SHARE: Final = threshold("window_min_valid_share")
SPEED_TOLERANCE_MPS: Final = threshold("window_speed_tolerance_mps")
MAX_GRADE_PCT: Final = threshold("hill_grade_pct")
"""Bins steeper than this are left out: the slopes were learnt on |grade| ≤ 3 %."""
INTERVAL_BIN_SD_MPS: Final = threshold("interval_bin_sd_mps")
INTERVAL_BIN_SHARE: Final = threshold("interval_bin_share")
INTERVAL_SPREAD_MPS: Final = threshold("interval_spread_mps")
SPRINT_MPS: Final = threshold("sprint_mps")

_NEEDS_MOVING: Final = f"; {MIN_MOVING_S / 60:g} are needed"
_NEEDS_VALID: Final = f"; {MIN_VALID_S / 60:g} are needed"
_PART: Final = f"only {{{{}}}} % of the {{}} running is valid; {100 * MIN_VALID_SHARE:g} are needed"

RUN_METRIC: Final = ("run_id", "metric")


def placed(bins: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Return the bins that lie in a window, with `window` (early, late) and usable seconds `w_s`.

    A bin belongs to a window by its midpoint. `w_s` is `valid_s`, or 0 where the value or the
    speed is missing or the ground is steeper than 6 %.
    """
    mid, moving = pl.col("mid_moving_s"), pl.col("run_moving_s")
    early = mid.is_between(EARLY_FROM * moving, EARLY_TO * moving) & (mid >= EARLY_AFTER_S)
    late = mid.is_between(LATE_FROM * moving, moving - LATE_SPARE_S)
    usable = (
        pl.col("value").is_not_null()
        & pl.col("speed_mps").is_not_null()
        & (pl.col("grade_pct").abs() <= MAX_GRADE_PCT).fill_null(value=True)
    )
    lengths = runs.select("run_id", pl.col("moving_s").alias("run_moving_s"))
    return (
        bins.join(lengths, on="run_id", how="inner", maintain_order="left")
        .with_columns(
            pl.when(early).then(pl.lit("early")).when(late).then(pl.lit("late")).alias("window"),
            pl.when(usable).then(pl.col("valid_s").fill_null(0.0)).otherwise(0.0).alias("w_s"),
        )
        .filter(pl.col("window").is_not_null())
    )


def facts(bins_placed: pl.DataFrame) -> pl.DataFrame:
    """Return per run × metric what fairness is judged by, and the raw weighted means.

    Columns `<fact>_early` and `<fact>_late`: mean (metric's unit), valid_s, running_s, centre_s,
    speed_min, speed_max, speed_median, speed_sd, sprint (m/s above the median), restless (share).
    """
    weight, speed, running = pl.col("w_s"), pl.col("speed_mps"), pl.col("running_s") > 0
    total = weight.sum()
    weighted = {"mean": pl.col("value"), "centre_s": pl.col("mid_moving_s")}
    per_window = bins_placed.group_by(*RUN_METRIC, "window", maintain_order=True).agg(
        *(
            pl.when(total > 0).then(ratio((column * weight).sum(), total)).alias(name)
            for name, column in weighted.items()
        ),
        total.alias("valid_s"),
        pl.col("running_s").sum().alias("running_s"),
        speed.filter(running).min().alias("speed_min"),
        speed.filter(running).max().alias("speed_max"),
        speed.filter(running).median().alias("speed_median"),
        speed.filter(running).std().fill_null(0.0).alias("speed_sd"),
        (speed.filter(running).max() - speed.filter(running).median()).alias("sprint"),
        (pl.col("speed_sd_mps").filter(running) > INTERVAL_BIN_SD_MPS).mean().alias("restless"),
    )
    early, late = _named(per_window, "early"), _named(per_window, "late")
    return early.join(late, on=RUN_METRIC, how="full", coalesce=True, maintain_order="left_right")


def _named(per_window: pl.DataFrame, window: str) -> pl.DataFrame:
    one = per_window.filter(pl.col("window") == window).drop("window")
    return one.rename({n: f"{n}_{window}" for n in one.columns if n not in RUN_METRIC})


def reason() -> pl.Expr:
    """Return why a row of `facts` (with run_moving_s) may not be judged, in order; null if fair."""
    return (
        pl.when(~(pl.col("run_moving_s") >= MIN_MOVING_S).fill_null(value=False))
        .then(_text("{} min moving" + _NEEDS_MOVING, ratio(pl.col("run_moving_s"), 60)))
        .when(_less("valid_s_early", MIN_VALID_S))
        .then(_text("{} valid min early in the run" + _NEEDS_VALID, _minutes("valid_s_early")))
        .when(_less("valid_s_late", MIN_VALID_S))
        .then(_text("{} valid min late in the run" + _NEEDS_VALID, _minutes("valid_s_late")))
        .when(_share("early") < MIN_VALID_SHARE)
        .then(_text(_PART.format("early"), _share("early", 100)))
        .when(_share("late") < MIN_VALID_SHARE)
        .then(_text(_PART.format("late"), _share("late", 100)))
        .when(pl.col("speed_median_late") > pl.col("speed_max_early") + SPEED_TOLERANCE_MPS)
        .then(pl.lit("the late part was faster than anything early, so the two do not compare"))
        .when(pl.col("speed_median_late") < pl.col("speed_min_early") - SPEED_TOLERANCE_MPS)
        .then(pl.lit("the late part was slower than anything early, so the two do not compare"))
        .when(_intervals("early"))
        .then(pl.lit("interval work early in the run"))
        .when(_intervals("late"))
        .then(pl.lit("interval work late in the run"))
        .when(pl.col("sprint_late") > SPRINT_MPS)
        .then(pl.lit("a finish sprint late in the run"))
    )


def _less(name: str, bound: float) -> pl.Expr:
    return pl.col(name).fill_null(0.0) < bound


def _minutes(name: str) -> pl.Expr:
    return ratio(pl.col(name).fill_null(0.0), 60)


def _share(window: str, factor: float = 1.0) -> pl.Expr:
    return ratio(factor * pl.col(f"valid_s_{window}"), pl.col(f"running_s_{window}"))


def _text(template: str, number: pl.Expr) -> pl.Expr:
    return pl.format(template, number.fill_null(0.0).floor().cast(pl.Int64))


def _intervals(window: str) -> pl.Expr:
    restless = pl.col(f"restless_{window}") >= INTERVAL_BIN_SHARE
    alternating = pl.col(f"speed_sd_{window}") > INTERVAL_SPREAD_MPS
    return restless.fill_null(value=False) | alternating.fill_null(value=False)
