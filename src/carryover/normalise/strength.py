"""Strength sessions, from a watch's file, an app's export and the own log."""

from __future__ import annotations

from carryover.normalise.strength_apps import from_app
from carryover.normalise.strength_fit import Visit, from_fit_sets
from carryover.normalise.strength_frames import StrengthFrames
from carryover.normalise.strength_log import from_log

__all__ = ["StrengthFrames", "Visit", "from_app", "from_fit_sets", "from_log"]
