"""Which sport a track is: by the word that it says, else by speed and cadence."""

from __future__ import annotations

from typing import Final

import numpy as np

from carryover.normalise.result import Told
from carryover.normalise.samples import Marks, measure
from carryover.normalise.traces import Span, Traces
from carryover.rawfile import Problem

RUNNING: Final = "running"
UNKNOWN: Final = "unknown"
RUN_TYPES: Final = {
    "running": None, "run": None, "9": None,
    "trail_running": "trail", "trailrun": "trail", "trail run": "trail",
    "treadmill": "treadmill", "treadmill_running": "treadmill",
    "indoor_running": "indoor_running", "track_running": "track", "street_running": "street",
    "ultra_run": "ultra", "virtual_run": "virtual_activity", "virtualrun": "virtual_activity",
}  # fmt: skip
"""Words (and Strava's number) for running → FIT's word for the kind of it."""
RUN_SPEED_MPS: Final = (1.8, 6.5)
RUN_CADENCE_SPM: Final = 140.0


def told_sport(word: str | None) -> str | None:
    """Return the sport that a file says, in small letters; None where it says none."""
    told = (word or "").strip().lower()
    return RUNNING if told in RUN_TYPES else told or None


def told_sub_sport(word: str | None) -> str | None:
    """Return FIT's word for the kind of running that a track says; None where it says none."""
    return RUN_TYPES.get((word or "").strip().lower())


def guessed_sport(
    traces: Traces,
    span: Span,
    marks: Marks,
    told: Told,
    *,
    otherwise: str = UNKNOWN,
    needs_cadence: bool = False,
) -> str:
    """Return running where a track moves at a runner's speed and with a runner's steps, and say so.

    Without any cadence speed is enough, unless `needs_cadence`.
    """
    speed_mps = measure(traces, span, marks).speed_mps
    moving = speed_mps > RUN_SPEED_MPS[0] / 2
    cadence_spm = traces.values("cadence_spm")[span.begin : span.end][moving]
    counted = cadence_spm[np.isfinite(cadence_spm)]
    quick = moving.any() and RUN_SPEED_MPS[0] <= np.median(speed_mps[moving]) <= RUN_SPEED_MPS[1]
    stepped = np.median(counted) >= RUN_CADENCE_SPM if len(counted) else not needs_cadence
    if not quick or not stepped:
        return otherwise
    how = "speed and cadence" if needs_cadence else "speed"
    told.problems.append(Problem("info", f"no sport is named: taken as a run by its {how}"))
    return RUNNING
