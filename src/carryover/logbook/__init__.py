"""Quick entry by hand: checked rows at the end of the athlete's own logs."""

from __future__ import annotations

from carryover.logbook.entries import (
    DRILL_MINUTES,
    Drills,
    log_activation,
    log_pain,
    log_screening,
    log_single_leg,
    log_strength,
)
from carryover.logbook.moment import When, local_clock, moment

__all__ = [
    "DRILL_MINUTES",
    "Drills",
    "When",
    "local_clock",
    "log_activation",
    "log_pain",
    "log_screening",
    "log_single_leg",
    "log_strength",
    "moment",
]
