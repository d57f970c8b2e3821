"""Vendor values → canonical samples, sessions and sets."""

from carryover.normalise.door import normalise
from carryover.normalise.fit import normalise_fit
from carryover.normalise.recordings import Owner
from carryover.normalise.result import TABLES, Batched, Normalised, Told
from carryover.normalise.vendor import VENDOR

__all__ = [
    "TABLES",
    "VENDOR",
    "Batched",
    "Normalised",
    "Owner",
    "Told",
    "normalise",
    "normalise_fit",
]
