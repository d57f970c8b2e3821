"""What can go wrong, in words a runner understands.

Every error names its subject (a file, a key), the place in it and the remedy. Nothing else
may escape a public function for a user's mistake.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """How `carryover` leaves: part of the contract with shells and schedulers."""

    FINE = 0
    FAILED = 1
    WRONG_CALL = 2
    NIGHT_RUNNING = 3


class CarryoverError(Exception):
    """Root of all own errors: what happened, where, and what to do about it."""

    exit_code = ExitCode.FAILED

    def __init__(self, what: str, *, subject: str = "", place: str = "", remedy: str = "") -> None:
        self.what = what
        self.subject = subject
        self.place = place
        self.remedy = remedy
        super().__init__(str(self))

    def __str__(self) -> str:
        where = f"{self.subject}: " if self.subject else ""
        place = f" ({self.place})" if self.place else ""
        remedy = f" {self.remedy}" if self.remedy else ""
        return f"{where}{self.what}{place}.{remedy}" if remedy else f"{where}{self.what}{place}"


class UsageError(CarryoverError):
    """The call is wrong: an unknown option value, a home that is none."""

    exit_code = ExitCode.WRONG_CALL


class NoSuchTableError(UsageError):
    """A query names a table or a column that is not there."""


class SettingsError(UsageError):
    """The configuration is wrong; names the key and the nearest right one."""


class NightRunningError(CarryoverError):
    """Another night holds this home's lock."""

    exit_code = ExitCode.NIGHT_RUNNING


class DatabaseBusyError(CarryoverError):
    """Another program holds a database; trying again may help."""


class DamagedError(CarryoverError):
    """A database cannot be read any more; `subject` is its path."""


class DiskFullError(CarryoverError):
    """There is no room left to write; nothing that stood is lost."""


class DecodeError(CarryoverError):
    """A file cannot be read at all; `place` is a byte offset, a line or a member."""


class UnsupportedError(CarryoverError):
    """A sound file that carries nothing for us (settings, courses, monitoring)."""


class AuditError(CarryoverError):
    """The built tables contradict themselves; nothing is published."""
