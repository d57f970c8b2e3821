"""Vendor values → canonical samples, sessions and sets."""

from carryover.normalise.door import normalise
from carryover.normalise.result import TABLES, Normalised

__all__ = ["TABLES", "Normalised", "normalise"]
