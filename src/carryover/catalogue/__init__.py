"""The exercise catalogue: data with provenance, and the names that lead to it."""

from __future__ import annotations

from carryover.catalogue.exercises import exercises, fit_name, match_fit
from carryover.catalogue.names import identify, match_name, nearest, nearest_names

__all__ = [
    "exercises",
    "fit_name",
    "identify",
    "match_fit",
    "match_name",
    "nearest",
    "nearest_names",
]
