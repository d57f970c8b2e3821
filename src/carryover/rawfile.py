"""What comes in: a file's content, what kind it is and where it was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class FileKind(StrEnum):
    """What a content is, read from its bytes and never from its name alone."""

    FIT = "fit"
    GPX = "gpx"
    TCX = "tcx"
    GZIP = "gz"
    ZIP = "zip"
    STRENGTH_CSV = "strength_csv"
    WELLNESS_CSV = "wellness_csv"
    SCREENING_CSV = "screening_csv"
    STRAVA_CSV = "strava_csv"
    HEVY_CSV = "hevy_csv"
    STRONG_CSV = "strong_csv"
    UNKNOWN = "unknown"


CONTAINERS = frozenset({FileKind.GZIP, FileKind.ZIP})
LOGS = frozenset({FileKind.STRENGTH_CSV, FileKind.WELLNESS_CSV, FileKind.SCREENING_CSV})
STRENGTH_APPS = frozenset({FileKind.HEVY_CSV, FileKind.STRONG_CSV})


class Status(StrEnum):
    """What became of a content; `duplicate` is found out later, among all that is loaded."""

    LOADED = "loaded"
    PARTIAL = "partial"
    UNSUPPORTED = "unsupported"
    REJECTED = "rejected"


class Stage(StrEnum):
    """How far a content came that was not simply loaded."""

    OPEN = "open"
    DECODE = "decode"
    NORMALISE = "normalise"


@dataclass(frozen=True, slots=True)
class RawFile:
    """One content: `place` is its path under `data/raw/`, `outer.zip!inner.fit` inside archives."""

    place: str
    sha256: str
    kind: FileKind
    content: bytes = field(repr=False)

    @property
    def size_bytes(self) -> int:
        """Length of the content."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing a person should know about a file."""

    severity: str
    what: str
    remedy: str = ""
