"""The frames of a run's pattern: names, polars types, in order, as `carryover.columns` has them."""

from __future__ import annotations

from typing import Final

import polars as pl

RESIDUAL: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "sensor_epoch": pl.String(),
    "run_id": pl.String(),
    "metric": pl.String(),
    "bin_index": pl.Int32(),
    "mid_moving_s": pl.Float64(),
    "run_moving_s": pl.Float64(),
    "residual": pl.Float64(),
    "valid_s": pl.Float64(),
    "early": pl.Boolean(),
    "settled": pl.Boolean(),
}
"""Grain: run × metric × 2-minute bin of eligible runs; residual at equal pace and grade."""

WANDER: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "sensor_epoch": pl.String(),
    "metric": pl.String(),
    "carried_share": pl.Float64(),
    "white_share": pl.Float64(),
    "n_runs": pl.Int32(),
    "n_bins": pl.Int32(),
}
"""Grain: athlete × sensor epoch × metric: how its bins hang together without any drift.

Correlation of bins d apart: (1 − white_share)·carried_share^d.
"""

FORM_PATTERN: Final[dict[str, pl.DataType]] = {
    "run_id": pl.String(),
    "metric": pl.String(),
    "tenth": pl.Int32(),
    "centre_moving_s": pl.Float64(),
    "centre_distance_m": pl.Float64(),
    "value": pl.Float64(),
    "change_adj": pl.Float64(),
    "se": pl.Float64(),
    "ci_low": pl.Float64(),
    "ci_high": pl.Float64(),
    "valid_s": pl.Float64(),
}
"""Grain: run × metric × tenth of moving time (1 to 10)."""

FORM_PATTERN_USUAL: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "sensor_epoch": pl.String(),
    "metric": pl.String(),
    "tenth": pl.Int32(),
    "change_adj": pl.Float64(),
    "se": pl.Float64(),
    "ci_low": pl.Float64(),
    "ci_high": pl.Float64(),
    "run_sd": pl.Float64(),
    "usual_low": pl.Float64(),
    "usual_high": pl.Float64(),
    "n_runs": pl.Int32(),
}
"""Grain: athlete × sensor epoch × metric × tenth of moving time, over eligible runs."""

FORM_ONSET: Final[dict[str, pl.DataType]] = {
    "run_id": pl.String(),
    "metric": pl.String(),
    "pattern": pl.String(),
    "onset_moving_s": pl.Float64(),
    "onset_distance_m": pl.Float64(),
    "onset_ci_low_s": pl.Float64(),
    "onset_ci_high_s": pl.Float64(),
    "onset_p": pl.Float64(),
    "after_per_hour": pl.Float64(),
    "n_bins": pl.Int32(),
    "reason": pl.String(),
}
"""Grain: run × metric; `pattern` in words, with a reason where it cannot be told."""
