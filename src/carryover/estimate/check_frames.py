"""The frames of what is said about an answer, as `carryover.columns` has them: names, types."""

from __future__ import annotations

from typing import Final

import polars as pl

CHECK: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "metric": pl.String(),
    "outcome": pl.String(),
    "exposure": pl.String(),
    "tau_d": pl.Float64(),
    "check_name": pl.String(),
    "part": pl.String(),
    "status": pl.String(),
    "effect": pl.Float64(),
    "ci_low": pl.Float64(),
    "ci_high": pl.Float64(),
    "p": pl.Float64(),
    "n_runs": pl.Int32(),
    "says": pl.String(),
    "reason": pl.String(),
}
"""Grain: athlete × check × part (null: the check as a whole), of the primary question."""

FAMILY: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "exposure": pl.String(),
    "family": pl.String(),
    "tau_d": pl.Float64(),
    "n_metrics": pl.Int32(),
    "metrics": pl.String(),
    "p_family": pl.Float64(),
    "largest_metric": pl.String(),
    "n_oriented": pl.Int32(),
    "effect_sd": pl.Float64(),
    "ci_low_sd": pl.Float64(),
    "ci_high_sd": pl.Float64(),
    "n_runs": pl.Int32(),
    "sentence": pl.String(),
}
"""Grain: athlete × exposure × family of outcomes."""

SENSITIVITY: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "metric": pl.String(),
    "outcome": pl.String(),
    "exposure": pl.String(),
    "variant": pl.String(),
    "effect": pl.Float64(),
    "ci_low": pl.Float64(),
    "ci_high": pl.Float64(),
    "p": pl.Float64(),
    "n_runs": pl.Int32(),
    "says": pl.String(),
}
"""Grain: athlete × variant of the primary question."""
