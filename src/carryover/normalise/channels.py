"""Vendor records → canonical channels: units, missing values, and which field a channel is from."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

from carryover.rawfile import Problem
from carryover.units import SEMICIRCLE_DEG, STEPS_PER_STRIDE

STRIDES: Final = (60.0, 110.0)
"""Running median of a cadence field that counts strides of one leg a minute."""
STEPS: Final = (120.0, 220.0)
"""Running median of a cadence field that counts steps a minute."""
RUNNING_MPS: Final = 1.8

CHANNELS: Final = (
    "distance_m", "speed_mps", "altitude_m", "heart_rate_bpm", "cadence_spm", "stance_time_ms",
    "stance_time_balance_pct", "stance_time_percent", "vertical_oscillation_mm",
    "vertical_ratio_pct", "step_length_mm", "power_w", "leg_spring_stiffness_knpm",
    "temperature_c", "latitude_deg", "longitude_deg",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Channels:
    """Canonical channels of one recording.

    `makers` names who measured a channel that came from a developer field; `used` maps that
    field's column to its channel.
    """

    frame: pl.DataFrame
    problems: list[Problem]
    makers: dict[str, str] = field(default_factory=dict)
    used: dict[str, str] = field(default_factory=dict)


def fit_channels(records: pl.DataFrame, fields: pl.DataFrame) -> Channels:
    """Return `recorded_at`, `segment_hint` and every channel of FIT records; absent ones null."""
    present = records.columns

    def first(*names: str) -> pl.Expr:
        found = [_number(name) for name in names if name in present]
        return pl.coalesce(found) if found else pl.lit(None, pl.Float64)

    def positive(*names: str) -> pl.Expr:
        """Zero is these fields' word for "no value" (COROS, old Garmins, standing)."""
        return _positive(first(*names))

    native = records.select(
        recorded_at=pl.col("timestamp"),
        distance_m=first("distance"),
        speed_mps=first("enhanced_speed", "speed"),
        altitude_m=first("enhanced_altitude", "altitude"),
        heart_rate_bpm=positive("heart_rate"),
        cadence_spm=first("cadence") + first("fractional_cadence").fill_null(0.0),
        stance_time_ms=positive("stance_time"),
        stance_time_balance_pct=_inside(positive("stance_time_balance"), 100.0),
        stance_time_percent=positive("stance_time_percent"),
        vertical_oscillation_mm=positive("vertical_oscillation"),
        vertical_ratio_pct=positive("vertical_ratio"),
        step_length_mm=positive("step_length"),
        power_w=first("power"),
        leg_spring_stiffness_knpm=pl.lit(None, pl.Float64),
        temperature_c=first("temperature"),
        latitude_deg=first("position_lat") * SEMICIRCLE_DEG,
        longitude_deg=first("position_long") * SEMICIRCLE_DEG,
    )
    frame, problems = _steps(_valid_positions(native))
    return _with_developer_fields(frame, records, fields, problems)


def gpx_channels(points: pl.DataFrame) -> Channels:
    """Return the channels that a GPX track can carry, in canonical units."""
    present = points.columns

    def first(name: str) -> pl.Expr:
        return _number(name) if name in present else pl.lit(None, pl.Float64)

    native = points.select(
        recorded_at=pl.col("time"),
        distance_m=first("distance"),
        speed_mps=first("speed"),
        altitude_m=first("ele"),
        heart_rate_bpm=_positive(first("hr")),
        cadence_spm=first("cad"),
        power_w=first("power"),
        temperature_c=first("atemp"),
        latitude_deg=first("lat"),
        longitude_deg=first("lon"),
    )
    absent = [pl.lit(None, pl.Float64).alias(c) for c in CHANNELS if c not in native.columns]
    frame, problems = _steps(_valid_positions(native.with_columns(absent)))
    return Channels(frame, problems)


def _number(name: str) -> pl.Expr:
    number = pl.col(name).cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number)


def _positive(value: pl.Expr) -> pl.Expr:
    return pl.when(value > 0).then(value)


def _inside(value: pl.Expr, top: float) -> pl.Expr:
    return pl.when(value < top).then(value)


def _valid_positions(frame: pl.DataFrame) -> pl.DataFrame:
    lat, lon = pl.col("latitude_deg"), pl.col("longitude_deg")
    sound = lat.abs().le(90) & lon.abs().le(180) & ~(lat.eq(0) & lon.eq(0))
    return frame.with_columns(
        latitude_deg=pl.when(sound).then(lat), longitude_deg=pl.when(sound).then(lon)
    )


def _steps(frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Problem]]:
    """Decide by the running median whether this file's cadence counts strides or steps."""
    running = frame.filter(
        (pl.col("cadence_spm") > 0) & (pl.col("speed_mps").fill_null(RUNNING_MPS) >= RUNNING_MPS)
    )
    moving = running if running.height else frame.filter(pl.col("cadence_spm") > 0)
    middle = moving["cadence_spm"].median()
    if not isinstance(middle, float) or STEPS[0] <= middle <= STEPS[1]:
        return frame, []
    if middle <= STRIDES[1]:
        # A walk has fewer strides than any run; its unit is the same.
        return frame.with_columns(pl.col("cadence_spm") * STEPS_PER_STRIDE), []
    odd = Problem(
        "warning", f"cadence is neither strides nor steps (median {middle:.0f}): left out"
    )
    return frame.with_columns(cadence_spm=pl.lit(None, pl.Float64)), [odd]


@cache
def _developer_map() -> pl.DataFrame:
    text = files("carryover.normalise").joinpath("developer_field.csv").read_bytes()
    return pl.read_csv(text)


def _with_developer_fields(
    frame: pl.DataFrame, records: pl.DataFrame, fields: pl.DataFrame, problems: list[Problem]
) -> Channels:
    """Fill channels that the native fields leave wholly empty from known developer fields."""
    result = Channels(frame, problems)
    numeric = [c for c, dtype in records.schema.items() if dtype.is_numeric()]
    for column in [c for c in numeric if c.startswith("dev/")]:
        name = column.split("/", 2)[2]
        for known in _developer_map().filter(pl.col("name") == name).iter_rows(named=True):
            channel = known["channel"]
            empty = frame[channel].null_count() == frame.height
            if channel in result.makers or not empty or not _unit_is(fields, name, known["units"]):
                continue
            value = records.select(_number(column)).to_series()
            sound = value.is_between(known["valid_min"], known["valid_max"])
            if sound.any():
                filled = pl.Series(channel, value * known["factor"])
                frame = frame.with_columns(
                    pl.when(pl.lit(sound)).then(pl.lit(filled)).alias(channel)
                )
                result.makers[channel] = known["maker"]
                result.used[column] = channel
    return replace(result, frame=frame)


def _unit_is(fields: pl.DataFrame, name: str, units: str) -> bool:
    if not {"field_name", "units"} <= set(fields.columns):
        return False
    declared = fields.filter(pl.col("field_name") == name)["units"]
    return any(str(unit).lower() in units.split("|") for unit in declared)
