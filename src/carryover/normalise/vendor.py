"""Vendor columns in the types we read them in: what has another type has no value.

A field's type stands in the file itself, so a damaged or careless writer can make a sport an
array and a time a text. Cleaned here once, nothing behind it meets an odd type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

TIME: Final = pl.Datetime("us", "UTC")
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

VENDOR: Final[Mapping[str, Mapping[str, pl.DataType]]] = {
    "file_id": _DEVICE,
    "device_info": _DEVICE,
    "sport": {"sport": TEXT},
    "activity": {"timestamp": TIME, "local_timestamp": TEXT},
    "session": _TOTALS | {"sport": TEXT, "sub_sport": TEXT} | dict.fromkeys((
        "segment_index", "avg_running_cadence", "avg_fractional_cadence", "avg_stance_time",
        "avg_stance_time_balance", "avg_vertical_oscillation", "avg_vertical_ratio",
        "avg_step_length", "unknown_193",
    ), NUMBER),
    "lap": _TOTALS | {"lap_trigger": TEXT},
    "event": {"timestamp": TIME, "event": TEXT, "event_type": TEXT},
    "field_description": {"field_name": TEXT, "units": TEXT},
    "set": {
        "start_time": TIME, "timestamp": TIME, "duration": NUMBER, "repetitions": NUMBER,
        "weight": NUMBER, "set_type": TEXT, "message_index": NUMBER,
    },
    "record": {"timestamp": TIME} | dict.fromkeys((
        "segment_index", "position_lat", "position_long", "altitude", "enhanced_altitude",
        "heart_rate", "cadence", "fractional_cadence", "distance", "speed", "enhanced_speed",
        "power", "temperature", "vertical_oscillation", "stance_time", "stance_time_percent",
        "stance_time_balance", "vertical_ratio", "step_length",
    ), NUMBER),
    "trackpoint": {"time": TIME} | dict.fromkeys((
        "lat", "lon", "ele", "hr", "cad", "atemp", "speed", "power", "distance",
    ), NUMBER),
    "track": {"name": TEXT, "type": TEXT},
}  # fmt: skip
"""Message → vendor's column → the type that we read; other columns are left as they are."""


def cleaned(messages: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return messages whose known columns have the types of VENDOR."""
    return {name: _clean(frame, VENDOR.get(name, {})) for name, frame in messages.items()}


def _clean(frame: pl.DataFrame, types: Mapping[str, pl.DataType]) -> pl.DataFrame:
    known = {name: dtype for name, dtype in types.items() if name in frame.columns}
    return frame.with_columns(_typed(name, frame.schema[name], known[name]) for name in known)


def _typed(name: str, held: pl.DataType, wanted: pl.DataType) -> pl.Expr:
    if wanted == NUMBER and held.is_numeric():
        number = pl.col(name).cast(wanted)
        return pl.when(number.is_finite()).then(number).alias(name)
    if held == wanted:
        return pl.col(name)
    if wanted == TEXT and held.is_numeric():
        return pl.col(name).cast(wanted)
    return pl.lit(None, wanted).alias(name)
