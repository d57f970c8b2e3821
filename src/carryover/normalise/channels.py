"""Vendor records → canonical channels: units, missing values, strides or steps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import numpy as np
import polars as pl

from carryover.normalise.traces import UNIT, Floats, Ints, edges
from carryover.normalise.vendor import typed
from carryover.rawfile import Problem
from carryover.units import SEMICIRCLE_DEG, STEPS_PER_STRIDE

STRIDES: Final = (60.0, 110.0)
"""Running median of a cadence field that counts strides of one leg a minute."""
STEPS: Final = (120.0, 220.0)
"""Running median of a cadence field that counts steps a minute."""
RUNNING_MPS: Final = 1.8
CENTIMETRES: Final = (3.0, 20.0)
"""Median of an oscillation that can only be in cm."""
MM_PER_CM: Final = 10.0

CHANNELS: Final = (
    "distance_m", "speed_mps", "altitude_m", "heart_rate_bpm", "cadence_spm", "stance_time_ms",
    "stance_time_balance_pct", "stance_time_percent", "stance_time_left_ms",
    "stance_time_right_ms", "vertical_oscillation_mm", "vertical_ratio_pct", "step_length_mm",
    "power_w", "leg_spring_stiffness_knpm",
    "temperature_c", "latitude_deg", "longitude_deg",
)  # fmt: skip
NOTHING: Final = pl.lit(None, pl.Float64)
GPX: Final[Mapping[str, Sequence[str]]] = {
    "recorded_at": ("time",), "distance_m": ("distance",), "speed_mps": ("speed",),
    "altitude_m": ("ele",), "heart_rate_bpm": ("hr",), "cadence_spm": ("cad",),
    "power_w": ("power",), "temperature_c": ("atemp",), "latitude_deg": ("lat",),
    "longitude_deg": ("lon",),
}  # fmt: skip
TCX: Final[Mapping[str, Sequence[str]]] = {
    "recorded_at": ("Time",), "distance_m": ("DistanceMeters",), "speed_mps": ("Speed",),
    "altitude_m": ("AltitudeMeters",), "heart_rate_bpm": ("HeartRateBpm",),
    "cadence_spm": ("RunCadence", "Cadence"), "power_w": ("Watts",),
    "latitude_deg": ("LatitudeDegrees",), "longitude_deg": ("LongitudeDegrees",),
}  # fmt: skip
"""Channel → the vendor's columns for it, best first."""


@dataclass(frozen=True, slots=True)
class Channels:
    """Canonical channels of a batch: `unit`, `recorded_at` and CHANNELS, in the records' order.

    `problems` stand by unit.
    """

    frame: pl.DataFrame
    problems: Mapping[int, list[Problem]] = field(default_factory=dict)


def fit_channels(records: pl.DataFrame, n_units: int) -> Channels:
    """Return every channel of FIT records with a column `unit` (rising); absent ones null."""
    known = typed("record", records.schema)

    first = partial(_first, known)

    def positive(*names: str) -> pl.Expr:
        """Zero is these fields' word for "no value" (COROS, old Garmins, standing)."""
        return _positive(first(*names))

    cadence = first("cadence")
    if "fractional_cadence" in known:
        cadence += known["fractional_cadence"].fill_null(0.0)
    native = records.select(
        pl.col(UNIT),
        recorded_at=known["timestamp"],
        distance_m=first("distance"),
        speed_mps=first("enhanced_speed"),
        altitude_m=first("enhanced_altitude"),
        heart_rate_bpm=positive("heart_rate"),
        cadence_spm=cadence,
        stance_time_ms=positive("stance_time"),
        stance_time_balance_pct=_inside(positive("stance_time_balance"), 100.0),
        stance_time_percent=positive("stance_time_percent"),
        stance_time_left_ms=NOTHING,
        stance_time_right_ms=NOTHING,
        vertical_oscillation_mm=positive("vertical_oscillation"),
        vertical_ratio_pct=positive("vertical_ratio"),
        step_length_mm=positive("step_length"),
        power_w=first("power"),
        leg_spring_stiffness_knpm=NOTHING,
        temperature_c=first("temperature"),
        latitude_deg=first("position_lat") * SEMICIRCLE_DEG,
        longitude_deg=first("position_long") * SEMICIRCLE_DEG,
    )
    return _oscillation(_steps(_valid_positions(native), n_units), n_units)


def gpx_channels(points: pl.DataFrame, n_units: int) -> Channels:
    """Return the channels that GPX tracks with a column `unit` can carry, in canonical units."""
    return _point_channels(points, "trackpoint", GPX, n_units)


def tcx_channels(points: pl.DataFrame, n_units: int) -> Channels:
    """Return the channels that TCX points with a column `unit` can carry, in canonical units."""
    return _point_channels(points, "tcx_trackpoint", TCX, n_units)


def _point_channels(
    points: pl.DataFrame, message: str, names: Mapping[str, Sequence[str]], n_units: int
) -> Channels:
    """Return channels by the vendor's columns for each; of several the first value stands."""
    known = typed(message, points.schema)
    told = {channel: _first(known, *names.get(channel, ())) for channel in CHANNELS}
    told["heart_rate_bpm"] = _positive(told["heart_rate_bpm"])
    (time,) = names["recorded_at"]
    native = points.select(pl.col(UNIT), recorded_at=known[time], **told)
    return _steps(_valid_positions(native), n_units)


def _first(known: Mapping[str, pl.Expr], *names: str) -> pl.Expr:
    found = [known[name] for name in names if name in known]
    return pl.coalesce(found) if found else NOTHING


def _positive(value: pl.Expr) -> pl.Expr:
    return pl.when(value > 0).then(value)


def _inside(value: pl.Expr, top: float) -> pl.Expr:
    return pl.when(value < top).then(value)


def _valid_positions(frame: pl.DataFrame) -> pl.DataFrame:
    if frame["latitude_deg"].null_count() == frame.height:
        return frame.with_columns(longitude_deg=NOTHING)
    lat, lon = pl.col("latitude_deg"), pl.col("longitude_deg")
    sound = lat.abs().le(90) & lon.abs().le(180) & ~(lat.eq(0) & lon.eq(0))
    return frame.with_columns(
        latitude_deg=pl.when(sound).then(lat), longitude_deg=pl.when(sound).then(lon)
    )


def _steps(frame: pl.DataFrame, n_units: int) -> Channels:
    """Decide by each unit's running median whether its cadence counts strides or steps."""
    middles = _middles(frame)
    factors, problems = np.ones(n_units), defaultdict[int, list[Problem]](list)
    for unit, middle in middles.items():
        # A walk has fewer strides than any run; its unit is the same.
        if middle <= STRIDES[1]:
            factors[unit] = STEPS_PER_STRIDE
        elif not STEPS[0] <= middle <= STEPS[1]:
            factors[unit] = np.nan
            what = f"cadence is neither strides nor steps (median {middle:.0f}): left out"
            problems[unit].append(Problem("warning", what))
    if not middles:
        return Channels(frame)
    by_row = pl.Series(spread(factors, frame), nan_to_null=True)
    return Channels(frame.with_columns(pl.col("cadence_spm") * by_row), problems)


def _oscillation(told: Channels, n_units: int) -> Channels:
    """Take oscillation for centimetres where its median could be nothing else.

    A runner's body rises 40 to 150 mm; the field is in mm by the profile, yet Wahoo's writers
    put a strap's centimetres into it.
    """
    if told.frame["vertical_oscillation_mm"].null_count() == told.frame.height:
        return told
    held = told.frame.lazy().drop_nulls("vertical_oscillation_mm").group_by(UNIT)
    middles = held.agg(pl.col("vertical_oscillation_mm").median()).collect()
    factors, problems = np.ones(n_units), defaultdict(list, told.problems)
    for unit, middle in middles.iter_rows():
        if CENTIMETRES[0] <= middle <= CENTIMETRES[1]:
            factors[unit] = MM_PER_CM
            what = f"vertical oscillation is told in centimetres (median {middle:.1f})"
            problems[unit].append(Problem("info", what))
    if (factors == 1.0).all():
        return told
    by_row = pl.Series(spread(factors, told.frame))
    return Channels(
        told.frame.with_columns(pl.col("vertical_oscillation_mm") * by_row), dict(problems)
    )


def spread(values: Floats, frame: pl.DataFrame) -> Floats:
    """Return one value a unit as one value a row."""
    sizes: Ints = np.diff(edges(frame, len(values)))
    return np.repeat(values, sizes)


def _middles(frame: pl.DataFrame) -> dict[int, float]:
    """Return each unit's median cadence while it runs, else while it moves at all."""
    held = frame.lazy().select(UNIT, "cadence_spm", "speed_mps")
    turning = held.filter(pl.col("cadence_spm") > 0)
    running = pl.col("speed_mps").fill_null(RUNNING_MPS) >= RUNNING_MPS
    found = _medians(turning.filter(running))
    if len(found) == frame[UNIT].n_unique():
        return found
    return found | _medians(turning.filter(pl.col(UNIT).is_in(list(found)).not_()))


def _medians(cadence: pl.LazyFrame) -> dict[int, float]:
    grouped = cadence.group_by(UNIT).agg(pl.col("cadence_spm").median())
    return dict(grouped.collect().iter_rows())
