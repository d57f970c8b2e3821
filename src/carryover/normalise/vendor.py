"""Vendor columns in the types we read them in: what has another type has no value.

A field's type stands in the file itself, so a damaged or careless writer can make a sport an
array and a time a text. Cleaned here once, nothing behind it meets an odd type.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl

TIME: Final = pl.Datetime("us", "UTC")
CLOCK: Final = pl.Datetime("us")
NUMBER: Final = pl.Float64()
TEXT: Final = pl.String()

_TOTALS: Final = {
    "start_time": TIME, "timestamp": TIME, "total_elapsed_time": NUMBER,
    "total_timer_time": NUMBER, "total_distance": NUMBER, "total_ascent": NUMBER,
}  # fmt: skip
_DEVICE: Final = dict.fromkeys((
    "device_index", "antplus_device_type", "device_type", "manufacturer", "product",
    "product_name", "garmin_product", "serial_number", "software_version",
), TEXT)  # fmt: skip

VENDOR: Final[Mapping[str, Mapping[str, pl.DataType | None]]] = {
    "file_id": _DEVICE,
    "device_info": _DEVICE,
    "sport": {"sport": TEXT},
    "declared_field": dict.fromkeys(("application", "name", "units"), TEXT),
    "activity": {"timestamp": TIME, "local_timestamp": CLOCK},
    "session": _TOTALS | dict.fromkeys(("sport", "sub_sport", "sport_profile_name"), TEXT)
    | dict.fromkeys((
        "avg_running_cadence", "avg_fractional_cadence", "avg_stance_time",
        "avg_stance_time_balance", "avg_vertical_oscillation", "avg_vertical_ratio",
        "avg_step_length", "workout_rpe",
    ), NUMBER),
    "lap": _TOTALS | {"lap_trigger": TEXT, "intensity": TEXT},
    "event": {"timestamp": TIME, "event": TEXT, "event_type": TEXT},
    "set": {
        "start_time": TIME, "timestamp": TIME, "duration": NUMBER, "repetitions": NUMBER,
        "weight": NUMBER, "set_type": TEXT, "message_index": NUMBER,
        "category": None, "category_subtype": None,
    },
    "exercise_title": dict.fromkeys(("exercise_category", "exercise_name", "wkt_step_name")),
    "record": {"timestamp": TIME} | dict.fromkeys((
        "position_lat", "position_long", "enhanced_altitude",
        "heart_rate", "cadence", "fractional_cadence", "distance", "enhanced_speed",
        "power", "temperature", "vertical_oscillation", "stance_time", "stance_time_percent",
        "stance_time_balance", "vertical_ratio", "step_length",
    ), NUMBER),
    "trackpoint": {"time": TIME} | dict.fromkeys((
        "lat", "lon", "ele", "hr", "cad", "atemp", "speed", "power", "distance",
    ), NUMBER),
    "track": {"name": TEXT, "type": TEXT, "utc_offset_s": NUMBER},
    "tcx_activity": {"utc_offset_s": NUMBER} | dict.fromkeys((
        "Sport", "Name", "UnitId", "VersionMajor", "VersionMinor",
    ), TEXT),
    "tcx_lap": {
        "StartTime": TIME, "TriggerMethod": TEXT, "Intensity": TEXT, "TotalTimeSeconds": NUMBER,
        "DistanceMeters": NUMBER,
    },
    "tcx_trackpoint": {"Time": TIME} | dict.fromkeys((
        "LatitudeDegrees", "LongitudeDegrees", "AltitudeMeters", "DistanceMeters", "HeartRateBpm",
        "Cadence", "RunCadence", "Speed", "Watts",
    ), NUMBER),
}  # fmt: skip
"""Message → vendor's column → the type that we read; None is any, for lists of guesses.

FIT and GPX have their own words; TCX calls its messages as FIT does, so ours are `tcx_…`.
"""


def typed(message: str, schema: Mapping[str, pl.DataType]) -> dict[str, pl.Expr]:
    """Return the columns of a message that we know and a frame has, each in its type."""
    return {
        name: (pl.col(name) if dtype is None else _typed(name, schema[name], dtype)).alias(name)
        for name, dtype in VENDOR[message].items()
        if name in schema
    }


def cleaned(message: str, frame: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Return a message's keys and known columns, these in the types of VENDOR."""
    held = [key for key in keys if key in frame.columns]
    return frame.select(*held, *typed(message, frame.schema).values())


def _typed(name: str, held: pl.DataType, wanted: pl.DataType) -> pl.Expr:
    if wanted == NUMBER and held.is_numeric():
        return finite(name, held)
    if held == wanted:
        return pl.col(name)
    if wanted == TEXT and held.is_numeric():
        return pl.col(name).cast(wanted)
    return pl.lit(None, wanted)


def finite(name: str, held: pl.DataType) -> pl.Expr:
    """Return a numeric column as Float64; what is not finite has no value."""
    number = pl.col(name).cast(NUMBER)
    return number if held.is_integer() else pl.when(number.is_finite()).then(number)
