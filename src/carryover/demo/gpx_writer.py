"""A run as a phone's GPX file: position, height, heart rate, cadence; never contact time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover import units

if TYPE_CHECKING:
    from carryover.demo.diary import PlannedRun
    from carryover.demo.simulate import Signal

HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<gpx version="1.1" creator="Phone Tracker" xmlns="http://www.topografix.com/GPX/1/1"'
    ' xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">\n'
    "<metadata><time>{start}</time></metadata>\n"
    "<trk><name>{name}</name><type>running</type>\n<trkseg>\n"
)
PHONE_LATE_S: Final = 4
PHONE_ERROR_M: Final = 0.5
TAIL: Final = "</trkseg>\n</trk>\n</gpx>\n"
NEW_SEGMENT: Final = "</trkseg>\n<trkseg>\n"


class CadenceUnit(StrEnum):
    """Apps differ: the schema means revolutions of one leg, many write steps."""

    STRIDES = "strides"
    STEPS = "steps"


def run_gpx(run: PlannedRun, signal: Signal, cadence: CadenceUnit, name: str) -> bytes:
    """Return the bytes of one run's GPX 1.1 file; pauses begin a new segment, times end in Z."""
    start = f"{run.started_at:%Y-%m-%dT%H:%M:%SZ}"
    parts = [HEAD.format(start=start, name=name)]
    restarts = [restart for _, restart in signal.pauses]
    for i, elapsed in enumerate(signal.elapsed_s.tolist()):
        if restarts and elapsed >= restarts[0]:
            parts.append(NEW_SEGMENT)
            restarts.pop(0)
        parts.append(_point(run, signal, i, cadence))
    return "".join([*parts, TAIL]).encode()


def seen_by_phone(signal: Signal, rng: np.random.Generator) -> Signal:
    """Return what a phone beside the watch keeps: started seconds later, GPS errors of its own."""
    late = signal.taken(np.flatnonzero(signal.elapsed_s >= PHONE_LATE_S))
    own = {
        name: values + PHONE_ERROR_M / units.METRES_PER_DEGREE * rng.normal(0.0, 1.0, len(values))
        for name, values in late.channels.items()
        if name in {"latitude_deg", "longitude_deg"}
    }
    return replace(late, channels=late.channels | own)


def _point(run: PlannedRun, signal: Signal, i: int, cadence: CadenceUnit) -> str:
    channels = signal.channels
    when = run.started_at + timedelta(seconds=float(signal.elapsed_s[i]))
    steps = channels["cadence_spm"][i]
    shown = steps if cadence is CadenceUnit.STEPS else steps / units.STEPS_PER_STRIDE
    return (
        f'<trkpt lat="{channels["latitude_deg"][i]:.7f}" lon="{channels["longitude_deg"][i]:.7f}">'
        f"<ele>{channels['altitude_m'][i]:.1f}</ele><time>{when:%Y-%m-%dT%H:%M:%SZ}</time>"
        "<extensions><gpxtpx:TrackPointExtension>"
        f"<gpxtpx:hr>{channels['heart_rate_bpm'][i]:.0f}</gpxtpx:hr>"
        f"<gpxtpx:cad>{shown:.0f}</gpxtpx:cad>"
        "</gpxtpx:TrackPointExtension></extensions></trkpt>\n"
    )
