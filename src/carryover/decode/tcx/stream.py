"""TCX through lxml, in one pass: every wanted text, and the row that it belongs to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from lxml import etree

from carryover.decode.gpx.words import MAX_DEPTH
from carryover.errors import DecodeError
from carryover.rawfile import Problem

CHUNK_BYTES: Final = 1 << 16
AGAIN: Final = "Export the activity again."
ROOT: Final = "trainingcenterdatabase"
PLANS: Final = {"course": "a planned course", "workout": "a planned workout"}

ACTIVITY: Final = ("Sport", "Id", "Notes", "Name", "UnitId", "ProductID", "VersionMajor",
                   "VersionMinor")  # fmt: skip
CREATOR: Final = ACTIVITY[3:]
"""What the device tells of itself: columns of its activity."""
LAP_TEXTS: Final = ("TriggerMethod", "Intensity")
LAP_NUMBERS: Final = (
    "TotalTimeSeconds", "DistanceMeters", "MaximumSpeed", "Calories", "AverageHeartRateBpm",
    "MaximumHeartRateBpm", "Cadence", "AvgSpeed", "MaxBikeCadence", "AvgRunCadence",
    "MaxRunCadence", "Steps", "AvgWatts", "MaxWatts",
)  # fmt: skip
POINT: Final = (
    "LatitudeDegrees", "LongitudeDegrees", "AltitudeMeters", "DistanceMeters", "HeartRateBpm",
    "Cadence", "RunCadence", "Speed", "Watts",
)  # fmt: skip


class Column(NamedTuple):
    """Texts of one name in the file's order: text i stands in row `rows[i]`."""

    rows: list[int]
    texts: list[str]


def columns(*names: str) -> dict[str, Column]:
    """Return empty columns."""
    return {name: Column([], []) for name in names}


@dataclass(slots=True)
class Document:
    """Everything a file tells, as text; a row of a point counts where it is below `n_points`.

    `laps` holds each lap's activity; `lap` and `track` each point's lap (of all laps) and track
    (of its lap).
    """

    n_activities: int = 0
    laps: list[int] = field(default_factory=list)
    lap: list[int] = field(default_factory=list)
    track: list[int] = field(default_factory=list)
    of_activity: dict[str, Column] = field(default_factory=lambda: columns(*ACTIVITY))
    of_lap: dict[str, Column] = field(
        default_factory=lambda: columns("StartTime", *LAP_TEXTS, *LAP_NUMBERS)
    )
    of_point: dict[str, Column] = field(default_factory=lambda: columns("Time", *POINT))
    planned: Counter[str] = field(default_factory=Counter)
    outside: int = 0
    damage: Problem | None = None

    @property
    def n_points(self) -> int:
        """How many points are whole."""
        return len(self.lap)


NOTHING: Final[tuple[int, Column | None]] = (0, None)
"""How deep the last value's tag stood, and its column: none was opened."""


class TooDeepError(Exception):
    """Tags nest deeper than any file's."""


def read_streamed(text: bytes) -> Document:
    """Read a TCX text in UTF-8; a damaged one up to its damage.

    Raises DecodeError where the root is no TCX, for a DTD, and for tags that nest too deep.
    """
    body = text.lstrip()
    blank_lines = text.count(b"\n", 0, len(text) - len(body))
    target = _Target()
    parser = etree.XMLParser(
        target=target, encoding="utf-8", resolve_entities=False, no_network=True
    )
    fed = 0
    try:
        while fed < len(body):
            parser.feed(body[fed : fed + CHUNK_BYTES])
            fed += CHUNK_BYTES
        parser.close()
    except etree.XMLSyntaxError as error:
        # What is whole up to the last byte has only been cut.
        cut = fed >= len(body)
        target.document.damage = _damage(error, blank_lines, cut=cut)
    except TooDeepError as error:
        line = blank_lines + body.count(b"\n", 0, fed) + 1
        what = f"tags nest deeper than {MAX_DEPTH}"
        raise DecodeError(what, place=f"in or after line {line}") from error
    return target.document


def _damage(error: etree.XMLSyntaxError, blank_lines: int, *, cut: bool) -> Problem:
    what = "the file is cut off" if cut else "the file is damaged"
    why = error.msg.partition(", line ")[0].strip()
    where = f"line {(error.lineno or 1) + blank_lines}"
    return Problem("warning", f"{what}: {why} in {where}; whole points before it kept", AGAIN)


@dataclass(frozen=True, slots=True)
class _Scope:
    """What tags mean inside one kind of element: columns by lower local name, and inner scopes."""

    name: str
    columns: Mapping[str, Column] = field(default_factory=dict)
    inner: Mapping[str, _Scope] = field(default_factory=dict)
    known: dict[str, Column | _Scope | None] = field(default_factory=dict)
    """What each tag met so far opens, by its full name."""


def _scopes(document: Document) -> _Scope:
    def lowered(held: Mapping[str, Column], *names: str) -> dict[str, Column]:
        return {name.lower(): held[name] for name in names or held}

    point = _Scope("point", lowered(document.of_point))
    track = _Scope("track", inner={"trackpoint": point})
    lap = _Scope("lap", lowered(document.of_lap, *LAP_TEXTS, *LAP_NUMBERS), {"track": track})
    creator = _Scope("creator", lowered(document.of_activity, *CREATOR))
    told = lowered(document.of_activity, "Id", "Notes")
    activity = _Scope("activity", told, {"lap": lap, "creator": creator})
    plans = {name: _Scope(name) for name in PLANS}
    return _Scope("file", inner={ROOT: _Scope("root", inner={"activity": activity} | plans)})


class _Target:
    """What lxml calls at each tag: where in the tree we are, and who listens to the text."""

    def __init__(self) -> None:
        self.document = Document()
        self._scope = _scopes(self.document)
        self._around: list[tuple[int, _Scope]] = []
        self._depth = 0
        self._floor = 0  # how deep the scope's own tag stands
        self._row = 0
        self._track = -1
        self._wanted: Column | None = None
        self._opened = NOTHING
        self._heard: list[str] = []
        self.data = self._heard.append

    def doctype(self, *_: object) -> None:
        """Refuse a DTD."""
        raise DecodeError("this TCX declares a DTD, which no watch writes", place="its head")

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Enter a tag: a value's text ends where another begins."""
        if self._wanted is not None:
            self._close_value()
        self._heard.clear()
        depth = self._depth = self._depth + 1
        if depth > MAX_DEPTH:
            raise TooDeepError
        known = self._scope.known
        role = known[tag] if tag in known else self._learned(tag)
        if role is None:
            self._opened = NOTHING
        elif isinstance(role, Column):
            self._wanted = role
            self._opened = depth, role
        else:
            self._enter(role, attributes)

    def end(self, _: str) -> None:
        """Leave a tag; a point counts when it is whole."""
        if self._wanted is not None:
            self._close_value()
        depth = self._depth
        if depth == self._floor:
            self._leave()
        self._depth = depth - 1

    def close(self) -> None:
        """Come to the end: lxml asks for it, after an error too."""

    def _learned(self, tag: str) -> Column | _Scope | None:
        """Return what a tag opens, and keep it where it always opens the same."""
        name = tag.rpartition("}")[2].rpartition(":")[2].lower()
        scope = self._scope
        if scope.name == "file" and name != ROOT:
            raise DecodeError("this is XML, but no TCX", place=f"root <{name[:40]}>")
        if name == "value":
            depth, column = self._opened
            return column if depth == self._depth - 1 else None
        if name == "trackpoint" and scope.name not in {"track", *PLANS}:
            self.document.outside += 1
            return None
        role = scope.columns.get(name) or scope.inner.get(name)
        scope.known[tag] = role
        return role

    def _close_value(self) -> None:
        """Keep the text of the tag that ends, or at whose first child we are."""
        if self._wanted is not None:
            self._wanted.rows.append(self._row)
            self._wanted.texts.append("".join(self._heard))
            self._wanted = None

    def _enter(self, scope: _Scope, attributes: Mapping[str, str]) -> None:
        document = self.document
        self._around.append((self._floor, self._scope))
        self._floor, self._scope, self._opened = self._depth, scope, NOTHING
        if scope.name == "point":
            self._row = document.n_points
        elif scope.name == "track":
            self._track += 1
        elif scope.name == "lap":
            self._row, self._track = len(document.laps), -1
            document.laps.append(document.n_activities - 1)
            self._tell(document.of_lap["StartTime"], attributes, "starttime")
        elif scope.name == "activity":
            self._row = document.n_activities
            document.n_activities += 1
            self._tell(document.of_activity["Sport"], attributes, "sport")
        elif scope.name in PLANS:
            document.planned[scope.name] += 1

    def _tell(self, column: Column, attributes: Mapping[str, str], name: str) -> None:
        for told, text in attributes.items():
            if told.rpartition("}")[2].lower() == name:
                column.rows.append(self._row)
                column.texts.append(text)

    def _leave(self) -> None:
        document = self.document
        if self._scope.name == "point":
            document.lap.append(len(document.laps) - 1)
            document.track.append(self._track)
            self._row = len(document.laps) - 1
        elif self._scope.name == "lap":
            self._row = document.n_activities - 1
        self._floor, self._scope = self._around.pop()
