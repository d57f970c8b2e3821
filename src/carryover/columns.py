"""The vocabulary of frames that cross doors: names, polars types, in order.

Units are in the names. A frame that leaves `normalise` has exactly these columns; a channel
that a file lacks is null, never 0.
"""

from __future__ import annotations

from typing import Final

import polars as pl

UTC_TIME: Final = pl.Datetime("us", "UTC")

SAMPLE: Final[dict[str, pl.DataType]] = {
    "activity_id": pl.String(),
    "recorded_at": UTC_TIME,
    "elapsed_s": pl.Float64(),
    "moving_s": pl.Float64(),
    "dt_s": pl.Float64(),
    "segment": pl.Int32(),
    "distance_m": pl.Float64(),
    "speed_mps": pl.Float64(),
    "altitude_m": pl.Float64(),
    "heart_rate_bpm": pl.Float64(),
    "cadence_spm": pl.Float64(),
    "stance_time_ms": pl.Float64(),
    "stance_time_balance_pct": pl.Float64(),
    "stance_time_percent": pl.Float64(),
    "stance_time_left_ms": pl.Float64(),
    "stance_time_right_ms": pl.Float64(),
    "vertical_oscillation_mm": pl.Float64(),
    "vertical_ratio_pct": pl.Float64(),
    "step_length_mm": pl.Float64(),
    "power_w": pl.Float64(),
    "leg_spring_stiffness_knpm": pl.Float64(),
    "temperature_c": pl.Float64(),
    "latitude_deg": pl.Float64(),
    "longitude_deg": pl.Float64(),
}
"""Grain: one instant of one running recording."""

ACTIVITY: Final[dict[str, pl.DataType]] = {
    "activity_id": pl.String(),
    "athlete_id": pl.String(),
    "source_sha256": pl.String(),
    "identity": pl.String(),
    "sport": pl.String(),
    "sub_sport": pl.String(),
    "name": pl.String(),
    "started_at": UTC_TIME,
    "ended_at": UTC_TIME,
    "local_date": pl.Date(),
    "tz": pl.String(),
    "tz_source": pl.String(),
    "utc_offset_s": pl.Float64(),
    "elapsed_s": pl.Float64(),
    "moving_s": pl.Float64(),
    "distance_m": pl.Float64(),
    "ascent_m": pl.Float64(),
    "avg_heart_rate_bpm": pl.Float64(),
    "avg_temperature_c": pl.Float64(),
    "n_records": pl.Int64(),
    "has_position": pl.Boolean(),
    "manufacturer": pl.String(),
    "device": pl.String(),
    "serial": pl.String(),
    "firmware": pl.String(),
    "dynamics_source": pl.String(),
    "session_stance_time_ms": pl.Float64(),
    "session_stance_time_balance_pct": pl.Float64(),
    "session_vertical_oscillation_mm": pl.Float64(),
    "session_vertical_ratio_pct": pl.Float64(),
    "session_step_length_mm": pl.Float64(),
    "session_cadence_spm": pl.Float64(),
}
"""Grain: one recording (one session of one file)."""

LAP: Final[dict[str, pl.DataType]] = {
    "activity_id": pl.String(),
    "lap_index": pl.Int32(),
    "started_at": UTC_TIME,
    "elapsed_s": pl.Float64(),
    "moving_s": pl.Float64(),
    "distance_m": pl.Float64(),
    "trigger": pl.String(),
    "intensity": pl.String(),
}
"""Grain: one lap of one recording; `intensity` is the watch's word (active, rest, warmup …)."""

STRENGTH_SESSION: Final[dict[str, pl.DataType]] = {
    "session_id": pl.String(),
    "athlete_id": pl.String(),
    "source_sha256": pl.String(),
    "origin": pl.String(),
    "started_at": UTC_TIME,
    "local_date": pl.Date(),
    "time_known": pl.Boolean(),
    "kind": pl.String(),
    "duration_s": pl.Float64(),
    "rpe": pl.Float64(),
    "note": pl.String(),
}
"""Grain: one gym session as one source tells it; kind is strength, activation or hill_strides.

`time_known` is false where only a date is known: `started_at` is then local noon.
"""

STRENGTH_SET: Final[dict[str, pl.DataType]] = {
    "session_id": pl.String(),
    "set_index": pl.Int32(),
    "exercise_id": pl.String(),
    "exercise_raw": pl.String(),
    "side": pl.String(),
    "reps": pl.Float64(),
    "weight_kg": pl.Float64(),
    "duration_s": pl.Float64(),
    "is_warmup": pl.Boolean(),
    "rpe": pl.Float64(),
    "matched_by": pl.String(),
}
"""Grain: one active set; exercise_id is null where the catalogue has no match.

`matched_by` says how it was found: fit (the watch's number), name, fuzzy (a name that looks
alike) or override (the athlete's own list); override without an exercise is to be ignored.
"""

WELLNESS: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "source_sha256": pl.String(),
    "local_date": pl.Date(),
    "site": pl.String(),
    "side": pl.String(),
    "pain_0_10": pl.Float64(),
    "stiffness_0_10": pl.Float64(),
    "note": pl.String(),
}
"""Grain: athlete × date × site × side; site and side are null where they are not told."""

SCREENING: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "source_sha256": pl.String(),
    "local_date": pl.Date(),
    "test": pl.String(),
    "test_id": pl.String(),
    "side": pl.String(),
    "score": pl.Float64(),
    "unit": pl.String(),
    "note": pl.String(),
}
"""Grain: athlete × date × test × side.

`test` is as told, `test_id` null where the catalogue has no match; `unit` is null where it is not
told and the test knows several.
"""

STRAVA_ACTIVITY: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "source_sha256": pl.String(),
    "strava_id": pl.String(),
    "started_at": UTC_TIME,
    "name": pl.String(),
    "sport": pl.String(),
    "description": pl.String(),
    "gear": pl.String(),
    "is_race": pl.Boolean(),
    "is_long": pl.Boolean(),
    "filename": pl.String(),
    "elapsed_s": pl.Float64(),
    "moving_s": pl.Float64(),
    "distance_m": pl.Float64(),
}
"""Grain: one activity in a list of Strava's; `filename` is its file in the same export."""

ISSUE: Final[dict[str, pl.DataType]] = {
    "source_sha256": pl.String(),
    "severity": pl.String(),
    "subject": pl.String(),
    "what": pl.String(),
    "remedy": pl.String(),
}
"""Grain: one thing a person should know; severity is error, warning or info."""

PAIR_AGREEMENT: Final[dict[str, pl.DataType]] = {
    "one": pl.String(),
    "other": pl.String(),
    "shift_s": pl.Float64(),
    "lag_s": pl.Float64(),
    "agreement": pl.Float64(),
    "agreed_on": pl.String(),
    "one_m": pl.Float64(),
    "other_m": pl.Float64(),
    "apart_m": pl.Float64(),
    "heart_agreement": pl.Float64(),
}
"""Grain: one pair of recordings × shift of the other's clock.

`agreement` is the correlation of channel `agreed_on` once the other's clock is moved by shift and
lag; `one_m` and `other_m` are the distances that each tells over the time that both cover.
"""

RUN_GROUP: Final[dict[str, pl.DataType]] = {
    "activity_id": pl.String(),
    "keeper_id": pl.String(),
    "clock_shift_s": pl.Float64(),
    "matched_by": pl.String(),
}
"""Grain: one running recording; `keeper_id` keeps the time of its run.

`clock_shift_s` brings this recording's clock to the keeper's.
"""

GYM_GROUP: Final[dict[str, pl.DataType]] = {"session_id": pl.String(), "visit_id": pl.String()}
"""Grain: one gym session as one source tells it; `visit_id` is the key of one of its sessions."""

BIN: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "sensor_epoch": pl.String(),
    "run_id": pl.String(),
    "bin_index": pl.Int32(),
    "mid_moving_s": pl.Float64(),
    "metric": pl.String(),
    "value": pl.Float64(),
    "valid_s": pl.Float64(),
    "running_s": pl.Float64(),
    "speed_mps": pl.Float64(),
    "speed_sd_mps": pl.Float64(),
    "grade_pct": pl.Float64(),
    "cadence_spm": pl.Float64(),
    "is_baseline": pl.Boolean(),
}
"""Grain: run × 2-minute bin of moving time × metric; value is null where nothing is valid.

`is_baseline`: steady, |grade| ≤ 3 %, after the first 10 minutes.
"""

BASELINE: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "sensor_epoch": pl.String(),
    "metric": pl.String(),
    "knots": pl.List(pl.Float64()),
    "effects": pl.List(pl.Float64()),
    "covariance": pl.List(pl.Float64()),
    "without": pl.List(
        pl.Struct({"run_id": pl.String(), "effects": pl.List(pl.Float64()), "reason": pl.String()})
    ),
    "speed_low_mps": pl.Float64(),
    "speed_high_mps": pl.Float64(),
    "speed_slope": pl.Float64(),
    "speed_slope_se": pl.Float64(),
    "slow_slope": pl.Float64(),
    "quick_slope": pl.Float64(),
    "reliability": pl.Float64(),
    "up_slope": pl.Float64(),
    "down_slope": pl.Float64(),
    "hours_slope": pl.Float64(),
    "n_bins": pl.Int32(),
    "n_runs": pl.Int32(),
    "residual_sd": pl.Float64(),
    "run_sd": pl.Float64(),
    "r2_within": pl.Float64(),
    "usable": pl.Boolean(),
    "reason": pl.String(),
}
"""Grain: athlete × sensor epoch × metric; slopes a m/s, a % of grade up or down, an hour.

`effects` belong to the columns of `slopes.effect_terms(…, knots)`, `covariance` is theirs, row by
row; `without` has the effects with each run of the fit left out, or why there are none.
"""

BIN_EFFECT: Final[dict[str, pl.DataType]] = {
    "run_id": pl.String(),
    "bin_index": pl.Int32(),
    "metric": pl.String(),
    "effect": pl.Float64(),
    "effect_without": pl.Float64(),
    "reason_without": pl.String(),
}
"""Grain: run × bin × metric of a usable baseline: what pace and grade add over level running at
the athlete's reference speed, by all runs and by all but this one."""

FORM_DECAY: Final[dict[str, pl.DataType]] = {
    "run_id": pl.String(),
    "metric": pl.String(),
    "early": pl.Float64(),
    "late": pl.Float64(),
    "change": pl.Float64(),
    "change_adj": pl.Float64(),
    "change_adj_huber": pl.Float64(),
    "se": pl.Float64(),
    "ci_low": pl.Float64(),
    "ci_high": pl.Float64(),
    "per_hour": pl.Float64(),
    "per_10km": pl.Float64(),
    "eligible": pl.Boolean(),
    "reason": pl.String(),
}
"""Grain: run × metric; a run that is not eligible has a reason and null numbers for the change."""

SENSOR_METRIC: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "sensor_epoch": pl.String(),
    "metric": pl.String(),
    "origin": pl.String(),
    "r2_speed_cadence": pl.Float64(),
    "residual_sd": pl.Float64(),
    "n_bins": pl.Int32(),
}
"""Grain: athlete × sensor epoch × metric; origin is measured, computed or unknown."""

SESSION_DOSE: Final[dict[str, pl.DataType]] = {
    "session_id": pl.String(),
    "athlete_id": pl.String(),
    "exposure": pl.String(),
    "started_at": UTC_TIME,
    "time_known": pl.Boolean(),
    "local_date": pl.Date(),
    "dose": pl.Float64(),
}
"""Grain: session × exposure that it doses; dose 1 is the athlete's median session of that exposure.

0 is a session known to hold none of it; what cannot be known has no row. `started_at` is local
noon where `time_known` is false. left, right and left_minus_right are in the unit of strength.
"""

DOSE_DAY: Final[dict[str, pl.DataType]] = {
    "athlete_id": pl.String(),
    "local_date": pl.Date(),
    "chronic_14": pl.Float64(),
    "chronic_28": pl.Float64(),
    "chronic_42": pl.Float64(),
    "acute_48": pl.Float64(),
    "activation_28": pl.Float64(),
    "strides_28": pl.Float64(),
    "left_28": pl.Float64(),
    "right_28": pl.Float64(),
}
"""Grain: athlete × local date, unbroken from the first run or session to the last."""

DOSE_POINT: Final[dict[str, pl.DataType]] = {
    "run_id": pl.String(),
    **dict.fromkeys(("dose", "value", "partial_residual", "fitted"), pl.Float64()),
    **dict.fromkeys(("fitted_low", "fitted_high", "weight"), pl.Float64()),
}
DOSE_GROUP: Final[dict[str, pl.DataType]] = {
    **dict.fromkeys(("group_number", "n_runs"), pl.Int32()),
    **dict.fromkeys(("dose", "dose_low", "dose_high", "value", "ci_low", "ci_high"), pl.Float64()),
}
CARRY_OVER: Final[dict[str, pl.DataType]] = {
    **dict.fromkeys(("athlete_id", "metric", "outcome", "exposure"), pl.String()),
    "tau_d": pl.Float64(),
    "role": pl.String(),
    "effect": pl.Float64(),
    "effect_unit": pl.String(),
    **dict.fromkeys(("ci_low", "ci_high"), pl.Float64()),
    **dict.fromkeys(("effect_raw", "ci_low_raw", "ci_high_raw"), pl.Float64()),
    **dict.fromkeys(("acute_effect", "acute_low", "acute_high", "acute_p"), pl.Float64()),
    "n_acute": pl.Int32(),
    **dict.fromkeys(("se", "df", "p", "p_shift"), pl.Float64()),
    "shift_t": pl.List(pl.Float64()),
    "q": pl.Float64(),
    **dict.fromkeys(("posterior", "posterior_low", "posterior_high"), pl.Float64()),
    **dict.fromkeys(("prior_sd", "chance_good", "chance_above", "chance_below"), pl.Float64()),
    **dict.fromkeys(("swc", "mdc95"), pl.Float64()),
    "n_runs": pl.Int32(),
    "n_weeks": pl.Float64(),
    "n_switches": pl.Int32(),
    **dict.fromkeys(("sd_exposure", "mde80", "lead_p"), pl.Float64()),
    **dict.fromkeys(("good_side", "verdict", "missing", "sentence"), pl.String()),
    "registered_version": pl.Int32(),
    **dict.fromkeys(("residual_sd", "memory_d", "nugget_share"), pl.Float64()),
    **dict.fromkeys(("weeks_as_now", "plan_weeks"), pl.Int32()),
    "p_random": pl.Float64(),
    "is_randomised": pl.Boolean(),
    "p_curve": pl.Float64(),
    "points": pl.List(pl.Struct(DOSE_POINT)),
    "dose_groups": pl.List(pl.Struct(DOSE_GROUP)),
}
"""Grain: athlete × metric × outcome × exposure × tau_d.

`shift_t` is not published: the t of the calendar as it was, then of each of its rotations. The
primary's `points` and `dose_groups` are tables of their own, carry_over_point and carry_over_group.
"""


def empty(schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """Return a frame of that shape with no rows."""
    return pl.DataFrame(schema=schema)


def shaped(frame: pl.DataFrame, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """Return the frame with exactly the schema's columns, absent ones null, types cast."""
    absent = [pl.lit(None, dtype).alias(n) for n, dtype in schema.items() if n not in frame.columns]
    return frame.with_columns(absent).select(
        pl.col(name).cast(dtype) for name, dtype in schema.items()
    )
