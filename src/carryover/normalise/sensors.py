"""Which watch, strap or pod a recording is from: what opens a new sensor epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import polars as pl

EXTERNAL_TYPES: Final = {
    "heart_rate": "strap", "stride_speed_distance": "pod", "30": "running dynamics",
    "running_dynamics": "running dynamics",
}  # fmt: skip
"""device_info.antplus_device_type of devices that can measure running dynamics."""
NO_VALUE: Final = frozenset({"", "0", "0.0", "65535", "2147483647", "4294967295"})
"""How makers write "none" where a number or a name should stand."""
DYNAMICS: Final = ("stance_time_ms", "stance_time_balance_pct", "vertical_oscillation_mm")


@dataclass(frozen=True, slots=True)
class Sensors:
    """The watch and where its running dynamics come from."""

    manufacturer: str | None
    device: str | None
    serial: str | None
    firmware: str | None
    dynamics_source: str


def sensors(
    file_id: pl.DataFrame,
    devices: pl.DataFrame,
    channels: pl.DataFrame,
    developers: dict[str, str],
) -> Sensors:
    """Return the sensors of one FIT recording.

    Watches alone give contact time without balance and without field 40, so either of those
    says that a strap or pod measured; without them the source is called "watch".
    """
    creator = _creator(devices)
    head = file_id.row(0, named=True) if file_id.height else {}
    return Sensors(
        manufacturer=_text(head.get("manufacturer")) or _text(creator.get("manufacturer")),
        device=_product(head) or _product(creator),
        serial=_text(head.get("serial_number")) or _text(creator.get("serial_number")),
        firmware=_text(creator.get("software_version")),
        dynamics_source=_dynamics(devices, channels, developers),
    )


def device_rows(devices: pl.DataFrame) -> pl.DataFrame:
    """Return each device a file names once, with text in every column."""
    rows = [
        {
            "device_index": _text(row.get("device_index")),
            "device_type": _text(row.get("antplus_device_type")) or _text(row.get("device_type")),
            "manufacturer": _text(row.get("manufacturer")),
            "product": _product(row),
            "serial": _text(row.get("serial_number")),
            "firmware": _text(row.get("software_version")),
        }
        for row in devices.iter_rows(named=True)
    ]
    frame = pl.DataFrame(rows, schema_overrides=dict.fromkeys(rows[0] if rows else (), pl.String))
    return frame.unique(maintain_order=True)


def _dynamics(devices: pl.DataFrame, channels: pl.DataFrame, developers: dict[str, str]) -> str:
    present = [c for c in DYNAMICS if channels[c].null_count() < channels.height]
    if not present:
        return "none"
    makers = {developers[c] for c in present if c in developers}
    if makers:
        return f"{'+'.join(sorted(makers))} app"
    external = any(
        channels[c].null_count() < channels.height
        for c in ("stance_time_balance_pct", "stance_time_percent")
    )
    return _external_name(devices) if external else "watch"


def _external_name(devices: pl.DataFrame) -> str:
    """The strap or pod by its serial; the same whatever order the watch lists them in."""
    if "antplus_device_type" not in devices.columns:
        return "strap or pod"
    named = {
        (EXTERNAL_TYPES[kind], serial)
        for row in devices.iter_rows(named=True)
        if (kind := str(row["antplus_device_type"])) in EXTERNAL_TYPES
        and (serial := _text(row.get("serial_number")))
    }
    dynamics = sorted(serial for kind, serial in named if kind == "running dynamics")
    chosen = dynamics or sorted({serial for _, serial in named})
    return f"strap or pod {chosen[0]}" if chosen else "strap or pod"


def _creator(devices: pl.DataFrame) -> dict[str, Any]:
    if "device_index" not in devices.columns:
        return {}
    own = devices.filter(pl.col("device_index").cast(pl.String).is_in(["creator", "0"]))
    return own.row(0, named=True) if own.height else {}


def _product(row: dict[str, Any]) -> str | None:
    return (
        _text(row.get("product_name"))
        or _text(row.get("garmin_product"))
        or _text(row.get("product"))
    )


def _text(value: object) -> str | None:
    """A vendor's name or number as text."""
    text = "" if value is None else str(value).strip().replace("\0", "")
    return None if text in NO_VALUE else text
