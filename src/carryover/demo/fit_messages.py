"""The one door to Garmin's encoder, and the messages that every kind of file begins and ends with.

The encoder is an extra: only the demo writes FIT files.
"""

from __future__ import annotations

import importlib
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from carryover.demo.athlete import HEART_RATE_DEVICE_TYPE, STRAP, WATCH, Device
from carryover.errors import UsageError

FIT_EPOCH: Final = datetime(1989, 12, 31, tzinfo=UTC)

FILE_ID: Final = 0
SESSION: Final = 18
LAP: Final = 19
RECORD: Final = 20
EVENT: Final = 21
DEVICE_INFO: Final = 23
ACTIVITY: Final = 34
FILE_CREATOR: Final = 49
SET: Final = 225


class Encoder(Protocol):
    """What we use of `garmin_fit_sdk.Encoder`."""

    def on_mesg(self, mesg_num: int, mesg: dict[str, Any]) -> object:
        """Append one message."""

    def close(self) -> bytes:
        """Return the whole file."""


def new_encoder() -> Encoder:
    """Return an encoder for one file; raises UsageError where the extra is not installed."""
    try:
        module = importlib.import_module("garmin_fit_sdk")
    except ImportError as error:
        raise UsageError(
            "the demo writes FIT files with the package garmin-fit-sdk, which is not installed",
            remedy="Install it with: pip install 'carryover[demo]'",
        ) from error
    encoder: Encoder = module.Encoder()
    return encoder


def fit_time(instant: datetime) -> int:
    """Return seconds since the FIT epoch for an aware instant."""
    return int((instant - FIT_EPOCH).total_seconds())


def write_head(encoder: Encoder, started: int) -> None:
    """Write what the file is, who made it, and that the timer runs."""
    encoder.on_mesg(
        FILE_ID,
        {
            "type": "activity",
            "manufacturer": "garmin",
            "product": WATCH.product,
            "serial_number": WATCH.serial,
            "time_created": started,
        },
    )
    encoder.on_mesg(FILE_CREATOR, {"software_version": round(100 * WATCH.software_version)})
    _write_device(encoder, started, 0, WATCH, source="local")
    write_timer(encoder, started, "start")


def write_strap(encoder: Encoder, started: int) -> None:
    """Write the strap twice, as watches do: as a heart-rate and as a dynamics sensor."""
    heart = Device(STRAP.product, STRAP.serial, STRAP.software_version, HEART_RATE_DEVICE_TYPE)
    _write_device(encoder, started, 1, heart, source="antplus")
    _write_device(encoder, started, 2, STRAP, source="antplus")


def _write_device(encoder: Encoder, when: int, index: int, device: Device, *, source: str) -> None:
    message: dict[str, Any] = {
        "timestamp": when,
        "device_index": index,
        "manufacturer": "garmin",
        "product": device.product,
        "serial_number": device.serial,
        "software_version": device.software_version,
        "source_type": source,
    }
    if device.device_type:
        message["device_type"] = device.device_type
    encoder.on_mesg(DEVICE_INFO, message)


def write_timer(encoder: Encoder, when: int, event_type: str) -> None:
    """Write a start or stop of the watch."""
    encoder.on_mesg(EVENT, {"timestamp": when, "event": "timer", "event_type": event_type})


def write_activity(encoder: Encoder, ended: int, timer_s: float, offset_s: int) -> None:
    """Write the closing message, whose local time tells the zone's offset."""
    encoder.on_mesg(
        ACTIVITY,
        {
            "timestamp": ended,
            "local_timestamp": ended + offset_s,
            "total_timer_time": timer_s,
            "num_sessions": 1,
            "type": "manual",
            "event": "activity",
            "event_type": "stop",
        },
    )


def later(started: datetime, seconds: float) -> int:
    """Return the FIT time that many seconds after an instant."""
    return fit_time(started + timedelta(seconds=seconds))
