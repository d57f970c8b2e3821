"""The frames of estimates of runs, as `carryover.columns` has them: names, polars types."""

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

GROUND: Final[dict[str, pl.DataType]] = {
    "run_id": pl.String(),
    "elapsed_s": pl.Float64(),
    "slope": pl.Float64(),
    "ground_m": pl.Float64(),
    "near_slope": pl.Float64(),
    "near_ground_m": pl.Float64(),
}
"""Grain: run × instant: slope (m/m) and ground covered in the window of a grade, and in that of a
stride."""

SPELL: Final[dict[str, pl.DataType]] = {
    "run_id": pl.String(),
    "elapsed_s": pl.Float64(),
    "since_s": pl.Float64(),
    "gap_s": pl.Float64(),
    "heart_rate_step_bpm": pl.Float64(),
    "segment_start_s": pl.Float64(),
    "contact_still_s": pl.Float64(),
    "balance_still_s": pl.Float64(),
    "oscillation_still_s": pl.Float64(),
}
"""Grain: run × instant: time since the one before and to the next, how long values stand still."""

RUN_BLOCK: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "sensor_epoch": pl.String(),
    "metric": pl.String(),
    "run_id": pl.String(),
    "n_blocks": pl.Int32(),
    "square": pl.Float64(),
    "n_pairs": pl.Int32(),
    "product": pl.Float64(),
}
"""Grain: run × metric with enough 4-minute blocks: sums over blocks, the run's own drift off."""

DRIFT_NOISE: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "sensor_epoch": pl.String(),
    "metric": pl.String(),
    "memory": pl.Float64(),
    "fade": pl.Float64(),
    "block_var": pl.Float64(),
}
"""Grain: athlete × sensor epoch × metric: how large 4-minute blocks are, and how alike."""

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

TEMPERATURE_EFFECT: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "sensor_epoch": pl.String(),
    "metric": pl.String(),
    "slope_per_c": pl.Float64(),
    "slope_se_per_c": pl.Float64(),
    "reference_temperature_c": pl.Float64(),
    "temperature_sd_c": pl.Float64(),
    "n_runs": pl.Int32(),
    "usable": pl.Boolean(),
    "reason": pl.String(),
}
"""Grain: athlete × sensor epoch; slopes in the metric's unit a °C, null where not usable.

`reference_temperature_c` is the athlete's median over all runs; `temperature_sd_c` the spread of
temperature about its season.
"""

BASELINE_SIDE: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "sensor_epoch": pl.String(),
    "baseline_side": pl.String(),
    "period": pl.String(),
    "from_date": pl.Date(),
    "to_date": pl.Date(),
    "n_runs": pl.Int32(),
    "before_exposure": pl.Boolean(),
    "mean_pct": pl.Float64(),
    "se_pct": pl.Float64(),
    "ci_low_pct": pl.Float64(),
    "ci_high_pct": pl.Float64(),
    "reason": pl.String(),
}
"""Grain: athlete × sensor epoch with contact balance; baseline_side is left, right or null."""

RUN_EFFORT: Final[dict[str, pl.DataType]] = {
    "run_id": pl.String(),
    "structure": pl.String(),
    "n_efforts": pl.Int32(),
    "work_s": pl.Float64(),
    "shortest_s": pl.Float64(),
    "longest_s": pl.Float64(),
    "first_speed_mps": pl.Float64(),
    "effort_speed_mps": pl.Float64(),
}
"""Grain: one run that is a workout by its trace; structure is intervals, tempo or progression.

`first_speed_mps` is the first block of a progression, `effort_speed_mps` its last one, else the
mean speed of the efforts.
"""

RUN_TRACK: Final[dict[str, pl.DataType]] = {
    "run_id": pl.String(),
    "anticlockwise_laps": pl.Float64(),
    "clockwise_laps": pl.Float64(),
    "way_m": pl.Float64(),
}
"""Grain: one run with laps of a standard track; `way_m` is the way along it."""

STRENGTH_BLOCK: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "block_number": pl.Int32(),
    "is_on": pl.Boolean(),
    "from_date": pl.Date(),
    "to_date": pl.Date(),
    "n_weeks": pl.Float64(),
    "n_sessions": pl.Int32(),
    "sessions_per_week": pl.Float64(),
    "dose": pl.Float64(),
    "start_known": pl.Boolean(),
    "end_known": pl.Boolean(),
}
"""Grain: athlete × block: a stretch of days with the strength habit, or one without it."""

BLOCK_EVENT: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "metric": pl.String(),
    "outcome": pl.String(),
    "block_number": pl.Int32(),
    "week_offset": pl.Int32(),
    "value": pl.Float64(),
    "effect_unit": pl.String(),
    "ci_low": pl.Float64(),
    "ci_high": pl.Float64(),
    "n_runs": pl.Int32(),
    "n_blocks": pl.Int32(),
}
"""Grain: athlete × metric × outcome × on-block (null: all) × week from its start."""

ACUTE_EFFECT: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "contrast": pl.String(),
    "metric": pl.String(),
    "outcome": pl.String(),
    "effect": pl.Float64(),
    "effect_unit": pl.String(),
    "ci_low": pl.Float64(),
    "ci_high": pl.Float64(),
    "p": pl.Float64(),
    "q": pl.Float64(),
    "n_runs": pl.Int32(),
    "n_with": pl.Int32(),
    "n_matched": pl.Int32(),
    "n_controls": pl.Int32(),
    "says": pl.String(),
    "reason": pl.String(),
}
"""Grain: athlete × contrast × metric × outcome; a row without a number has a reason."""

ACUTE_HOURS: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "metric": pl.String(),
    "outcome": pl.String(),
    "from_h": pl.Float64(),
    "to_h": pl.Float64(),
    "difference": pl.Float64(),
    "effect_unit": pl.String(),
    "ci_low": pl.Float64(),
    "ci_high": pl.Float64(),
    "n_runs": pl.Int32(),
    "n_later": pl.Int32(),
}
"""Grain: athlete × metric × outcome × span of hours since the last strength session."""
