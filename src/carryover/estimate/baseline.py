"""What pace, grade and time on feet do to each form metric of an athlete, a sensor epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from carryover import columns, units
from carryover.catalogue.thresholds import threshold
from carryover.estimate import slopes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carryover.estimate.slopes import Floats, Rows, SlopeFit

KEY: Final = ("athlete_id", "sensor_epoch", "metric")
BIN_S: Final = threshold("bin_s")
MIN_VALID_S: Final = threshold("bin_min_valid_s")
"""House rule: a bin testifies when the metric is valid for at least half of it."""
MADE_WITH_SPEED: Final = frozenset(
    {"step_length_mm", "vertical_ratio_pct", "leg_stiffness_knpm", "metres_per_beat"}
)
"""Metrics that an error of speed goes into."""

WITHOUT: Final = ("run_id", "effects", "reason")

Key = tuple[str, str, str]


def fit_baseline(bins: pl.DataFrame) -> pl.DataFrame:
    """Return the fit of every athlete × sensor epoch × metric, from BIN to BASELINE.

    `speed_slope` is the mean slope of the pace effect over the usual paces (`speed_low_mps` to
    `speed_high_mps`), `slow_slope` that of lasting changes of speed, `quick_slope` that of quick
    ones: smaller in size where the speed is noisy; `reliability` is the share of quick changes that
    is the runner's own. `down_slope` is the coefficient of
    max(−g, 0): positive means that the metric rises downhill. `hours_slope` only keeps fatigue
    out of the other effects; it is not taken off. `usable` is false, with a `reason`, where the
    bins cannot carry the fit.
    """
    rows = [_row(key, run_ids, rows) for key, run_ids, rows in baseline_rows(bins)]
    if not rows:
        return columns.empty(columns.BASELINE)
    # What runs leave behind stays in frames: as dictionaries it would take most of the time.
    parts = [
        part.with_columns(row=pl.lit(number, pl.UInt32()))
        for number, row in enumerate(rows)
        if isinstance(part := row.pop("without", None), pl.DataFrame)
    ]
    told = {name: kind for name, kind in columns.BASELINE.items() if name != "without"}
    known = pl.DataFrame(rows, schema_overrides=told, infer_schema_length=None)
    if parts:
        nested = pl.struct(WITHOUT).alias("without")
        lists = pl.concat(parts).group_by("row", maintain_order=True).agg(nested)
        known = known.with_row_index("row").join(lists, on="row", how="left", maintain_order="left")
    return columns.shaped(known, columns.BASELINE)


def baseline_rows(bins: pl.DataFrame) -> Iterator[tuple[Key, list[str], Rows]]:
    """Yield key, run ids and the baseline rows of each group that has any value at all."""
    known = bins.filter(pl.col("value").is_not_null()).sort(*KEY, "run_id", "bin_index")
    for key, group in known.group_by(*KEY, maintain_order=True):
        steady = group.filter(
            pl.col("is_baseline"),
            pl.col("speed_mps").is_not_null(),
            pl.col("valid_s") >= MIN_VALID_S,
        )
        codes = steady["run_id"].rle_id().to_numpy().astype(np.int64)
        made = slopes.Rows(
            steady["value"].to_numpy(),
            _terms(steady),
            codes,
            steady["bin_index"].to_numpy().astype(np.int64),
        )
        yield (
            (str(key[0]), str(key[1]), str(key[2])),
            steady["run_id"].unique(maintain_order=True).to_list(),
            made,
        )


def _terms(steady: pl.DataFrame) -> Floats:
    grade = steady["grade_pct"].fill_null(0.0).to_numpy()
    hours = steady["mid_moving_s"].to_numpy() / units.S_PER_HOUR
    return slopes.terms(steady["speed_mps"].to_numpy(), grade, hours)


def _row(key: Key, run_ids: list[str], rows: Rows) -> dict[str, object]:
    reason = slopes.check(rows)
    common: dict[str, object] = dict(zip(KEY, key, strict=True)) | {
        "n_bins": rows.value.size, "n_runs": rows.n_runs, "usable": not reason, "reason": reason,
    }  # fmt: skip
    if reason:
        return common
    fit = slopes.fit_slopes(rows, has_speed=key[-1] in MADE_WITH_SPEED)
    low, high = np.quantile(rows.terms[:, slopes.SPEED], slopes.MIDDLE)
    slope, slope_se = _slope(fit, low, high)
    return common | {
        "reason": None,
        "knots": fit.knots.tolist(),
        "effects": fit.effects.tolist(),
        "covariance": fit.covariance.ravel().tolist(),
        "without": _without(fit, run_ids),
        "speed_low_mps": low,
        "speed_high_mps": high,
        "speed_slope": slope,
        "speed_slope_se": slope_se,
        "slow_slope": fit.slow_slope,
        "quick_slope": _known(fit.quick_slope),
        "reliability": _known(fit.reliability),
        "up_slope": float(fit.effects[-2]),
        "down_slope": float(fit.effects[-1]),
        "hours_slope": fit.hours_slope,
        "residual_sd": fit.residual_sd,
        "run_sd": fit.run_sd,
        "r2_within": _known(fit.r2_within),
    }


def _slope(fit: SlopeFit, low_mps: float, high_mps: float) -> tuple[float, float]:
    """Return the mean slope of the pace effect between two speeds, and its standard error."""
    ends = slopes.effect_terms(np.array([low_mps, high_mps]), np.zeros(2), fit.knots)
    step = (ends[1] - ends[0]) / (high_mps - low_mps)
    return float(step @ fit.effects), float(np.sqrt(max(step @ fit.covariance @ step, 0.0)))


def _without(fit: SlopeFit, run_ids: list[str]) -> pl.DataFrame:
    """Return run_id, effects (null where there is a reason) and reason of each run."""
    table, reasons = slopes.effects_without_each_run(fit)
    told = pl.DataFrame(
        {"run_id": run_ids, "reason": [reason or None for reason in reasons]},
        schema={"run_id": pl.String(), "reason": pl.String()},
    )
    effects = pl.Series("effects", table).cast(pl.List(pl.Float64()))
    known = pl.when(pl.col("reason").is_null()).then("effects").alias("effects")
    return told.with_columns(effects).with_columns(known)


def _known(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None
