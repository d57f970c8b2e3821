"""A reader of FIT files: many at once, vectorised, with everything that real files do.

    decoded = read_fit(contents)
    decoded.frame("record")

It stands alone: nothing of the rest of the project is used here.
"""

from carryover.decode.fit.faults import Fault, FitError, Severity, Strictness
from carryover.decode.fit.framing import is_fit
from carryover.decode.fit.layout import DeveloperField
from carryover.decode.fit.reader import Declaration, Decoded, read_fit

__all__ = [
    "Declaration",
    "Decoded",
    "DeveloperField",
    "Fault",
    "FitError",
    "Severity",
    "Strictness",
    "is_fit",
    "read_fit",
]
