"""Heart rate against pace over the run: beats a metre in each tenth over beats a metre early."""

from __future__ import annotations

from typing import Final

import polars as pl

from carryover.catalogue.thresholds import threshold
from carryover.estimate.ratio import ratio

BEATS: Final = "metres_per_beat"
RATIO: Final = "hr_decoupling_ratio"
ONSET_RATIO: Final = threshold("decoupling_onset_ratio")


def decoupled(pattern: pl.DataFrame, decay: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of heart-rate decoupling, from those of metres a heartbeat.

    Beats a metre are 1 over metres a beat, so with early level E and change c the ratio is
    E ÷ (E + c); `value` from the values as recorded, `change_adj` (ratio − 1) at equal pace and
    grade, its error to the first order, the interval's ends by the same formula.
    """
    level = decay.filter(pl.col("metric") == BEATS).select("run_id", "early")
    rows = pattern.filter(pl.col("metric") == BEATS).join(
        level, on="run_id", how="inner", maintain_order="left"
    )
    early, later = pl.col("early"), pl.col("early") + pl.col("change_adj")
    return rows.with_columns(
        metric=pl.lit(RATIO),
        value=ratio(early, pl.col("value")),
        change_adj=ratio(early, later) - 1.0,
        se=ratio(pl.col("se") * early, later**2),
        ci_low=ratio(early, early + pl.col("ci_high")) - 1.0,
        ci_high=ratio(early, early + pl.col("ci_low")) - 1.0,
    ).select(pattern.columns)


def apart(pattern: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Return FORM_ONSET rows of decoupling: the tenth from which on it stays at 1.025 or more.

    `pattern` FORM_PATTERN; `told` the rows of other metrics: where metres a heartbeat cannot be
    told, neither can this, for the same reason. The place is the middle of that tenth; there is no
    interval and no test: it is the study's rule, carried over to tenths.
    """
    known = pattern.filter(pl.col("metric") == RATIO, pl.col("change_adj").is_not_null())
    high = pl.col("change_adj") >= ONSET_RATIO - 1.0
    stays = known.sort("run_id", "tenth", descending=[False, True]).with_columns(
        stays=high.cum_min().over("run_id")
    )
    first = (
        stays.filter("stays", pl.col("tenth") > EARLY_TENTHS)
        .group_by("run_id", maintain_order=True)
        .agg(pl.col("centre_moving_s").min().alias("onset_moving_s"))
    )
    every = told.filter(pl.col("metric") == BEATS).select("run_id", "reason")
    words = pl.format(
        "from about {} min", ratio(pl.col("onset_moving_s"), 60).round().cast(pl.Int64)
    )
    seen = known.select("run_id").unique(maintain_order=True).with_columns(seen=pl.lit(value=True))
    return (
        every.join(first, on="run_id", how="left", maintain_order="left")
        .join(seen, on="run_id", how="left", maintain_order="left")
        .with_columns(
            metric=pl.lit(RATIO),
            pattern=pl.when(pl.col("seen").is_null())
            .then(pl.lit("cannot be told"))
            .otherwise(words.fill_null("none seen")),
        )
    )


EARLY_TENTHS: Final = 3
"""The first three tenths make or hold the early level; nothing has come apart before them."""
