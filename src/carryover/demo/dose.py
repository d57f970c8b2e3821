"""The dose behind the truth: chronic and acute exposure of one run, from the gym calendar.

Kept apart from `estimate`, so that the truth does not rest on the code it is to check.
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SESSIONS_A_WEEK = 2.0
ACUTE_WINDOW = timedelta(hours=48)


def chronic(sessions: Iterable[tuple[date, float]], day: date, tau_d: float) -> float:
    """Return X on the morning of `day`: 1 is a steady two sessions of dose 1 a week.

    X = Σ over past days of dose·e^(−age/τ), over the same sum for 2/7 of a session every day.
    """
    rate = math.exp(-1.0 / tau_d)
    steady = SESSIONS_A_WEEK / 7.0 * rate / (1.0 - rate)
    past = sum(dose * math.exp(-(day - held).days / tau_d) for held, dose in sessions if held < day)
    return past / steady


def acute(sessions: Iterable[tuple[datetime, float]], instant: datetime) -> float:
    """Return the dose of the 48 hours before an instant."""
    return sum(dose for held, dose in sessions if timedelta(0) < instant - held <= ACUTE_WINDOW)
