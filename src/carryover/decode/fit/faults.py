"""What can be wrong with a FIT file, and how strictly it is taken."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum


class Strictness(Enum):
    """How much may be wrong with a file that is still read."""

    TOLERANT = 0
    """What is whole is read; every fault is told."""
    WHOLE = 1
    """A file that is cut off or damaged inside is refused; a wrong checksum is told."""
    STRICT = 2
    """Any fault refuses the file."""


class Severity(StrEnum):
    """How much a fault takes away: nothing, trust in the values, or a part of the file."""

    INFO = "info"
    CHANGED = "changed"
    LOST = "lost"

    def refuses(self, strictness: Strictness) -> bool:
        """Return whether a file with such a fault is refused."""
        if strictness is Strictness.STRICT:
            return self is not Severity.INFO
        return strictness is Strictness.WHOLE and self is Severity.LOST


KEEP: str = "What can be read is used; copy the file again if you can."


class FitError(Exception):
    """Nothing of a file can be read: what is wrong, at which byte, what to do."""

    def __init__(self, what: str, offset: int, remedy: str) -> None:
        self.what = what
        self.offset = offset
        self.remedy = remedy
        super().__init__(f"{what} (byte {offset}). {remedy}")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with file `file` of a batch at byte `offset`; the rest was read."""

    file: int
    offset: int
    what: str
    severity: Severity = Severity.LOST
    remedy: str = KEEP
