"""GPX through expat, in one pass: every file that is XML, and the sound part of one that is not."""

from __future__ import annotations

from typing import Final
from xml.parsers import expat

import numpy as np

from carryover.decode.gpx.cells import Cells, Skeleton, tracks_of
from carryover.decode.gpx.texts import joined
from carryover.decode.gpx.track import AGAIN, PLACE, Tracks
from carryover.decode.gpx.words import (
    EXTENSIONS,
    MAX_DEPTH,
    POINT,
    SEGMENT,
    STRUCTURE,
    TRACK,
    extension,
)  # fmt: skip
from carryover.errors import DecodeError
from carryover.rawfile import Problem

CHUNK_BYTES: Final = 1 << 20
MAX_TOKEN_BYTES: Final = 8 << 20
"""A single tag or comment may be so long; expat reads an unfinished one again with each chunk."""

CUT: Final = frozenset(
    expat.errors.codes[word]
    for word in (
        expat.errors.XML_ERROR_NO_ELEMENTS,
        expat.errors.XML_ERROR_UNCLOSED_TOKEN,
        expat.errors.XML_ERROR_PARTIAL_CHAR,
        expat.errors.XML_ERROR_UNCLOSED_CDATA_SECTION,
    )
)
"""What expat says of a text that only ends too early."""

COLUMNS: Final = (*PLACE, "time", *dict.fromkeys(EXTENSIONS.values()))


def read_streamed(text: bytes) -> Tracks:
    """Read a GPX text in UTF-8; a damaged one up to its damage.

    Raises DecodeError where the root is no `gpx`, for a DTD, and for tags that nest too deep
    or never end.
    """
    body = text.lstrip()
    blank_lines = text.count(b"\n", 0, len(text) - len(body))
    reader = _Reader(blank_lines)
    damage = _parse(reader.parser, body, blank_lines)
    return reader.finished(damage)


def _parse(parser: expat.XMLParserType, body: bytes, blank_lines: int) -> Problem | None:
    """Feed the parser; return what is wrong with the XML, if anything."""
    try:
        for end in range(CHUNK_BYTES, len(body) + CHUNK_BYTES, CHUNK_BYTES):
            parser.Parse(body[end - CHUNK_BYTES : end], False)
            if min(end, len(body)) - parser.CurrentByteIndex > MAX_TOKEN_BYTES:
                line = parser.CurrentLineNumber + blank_lines
                raise DecodeError(
                    f"a tag is longer than {MAX_TOKEN_BYTES >> 20} MB", place=f"line {line}"
                )
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        what = "the file is cut off" if error.code in CUT else "the file is damaged"
        where = f"line {error.lineno + blank_lines}"
        why = expat.ErrorString(error.code)
        return Problem("warning", f"{what}: {why} in {where}; whole points before it kept", AGAIN)
    return None


class _Reader:
    """State of one pass: where in the tree it is, and every wanted text with its point."""

    def __init__(self, blank_lines: int) -> None:
        self.blank_lines = blank_lines
        self.depth = 0
        self.inside = 0  # how deep in gpx/trk/trkseg/trkpt
        self.structure: dict[str, str] = {}
        self.extensions: dict[str, str | None] = {}
        self.wanted: str | None = None
        self.heard: list[str] = []
        self.tracks: list[dict[str, str]] = []
        self.segment = -1
        self.track_index: list[int] = []
        self.segment_index: list[int] = []
        self.names: list[str] = []
        self.points: list[int] = []
        self.texts: list[str] = []
        self.outside = 0
        self.parser = expat.ParserCreate("utf-8")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = _refuse_dtd
        self.parser.StartElementHandler = self.start_root
        self.parser.EndElementHandler = self.end

    def start_root(self, name: str, _: dict[str, str]) -> None:
        """Learn from the root which prefix the track's own tags have."""
        prefix, colon, local = name.rpartition(":")
        if local != "gpx":
            raise DecodeError("this is XML, but no GPX", place=f"root <{name[:40]}>")
        self.structure = {f"{prefix}{colon}{word}": word for word in STRUCTURE}
        self.depth = self.inside = 1
        self.parser.StartElementHandler = self.start

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Enter a tag: a value's text ends where another begins."""
        if self.wanted:
            self.close_value()
        depth = self.depth = self.depth + 1
        if depth > POINT:
            if self.inside == POINT:
                self.start_value(name)
            elif self.structure.get(name) == "trkpt":
                self.outside += 1
            if depth > MAX_DEPTH:
                line = self.parser.CurrentLineNumber + self.blank_lines
                raise DecodeError(f"tags nest deeper than {MAX_DEPTH}", place=f"line {line}")
        elif role := self.structure.get(name):
            self.start_part(role, attributes)

    def start_part(self, role: str, attributes: dict[str, str]) -> None:
        """Enter a track, one of its words, a segment or a point, each in its own place."""
        at = self.depth if self.inside == self.depth - 1 else 0
        if role == "trkpt":
            if at == POINT:
                self.inside = POINT
                for name in PLACE[:2]:
                    if name in attributes:
                        self.keep(name, attributes[name])
            else:
                self.outside += 1
        elif at == SEGMENT and role == "trkseg":
            self.inside = SEGMENT
            self.segment += 1
        elif at == SEGMENT and role in {"name", "type"}:
            self.listen(role)
        elif at == TRACK and role == "trk":
            self.inside = TRACK
            self.segment = -1
            self.tracks.append({})

    def start_value(self, name: str) -> None:
        """Listen where a value of a point begins."""
        role = self.structure.get(name)
        if role is None:
            if name not in self.extensions:
                self.extensions[name] = extension(name)
            if wanted := self.extensions[name]:
                self.listen(wanted)
        elif role == "trkpt":
            self.outside += 1
        elif self.depth == POINT + 1 and role in {"ele", "time"}:
            self.listen(role)

    def listen(self, name: str) -> None:
        """Collect text from here on; elsewhere nobody listens, which is quick."""
        self.wanted = name
        self.parser.CharacterDataHandler = self.heard.append

    def keep(self, name: str, text: str) -> None:
        """Keep a text of the point that is open."""
        self.names.append(name)
        self.points.append(len(self.track_index))
        self.texts.append(text)

    def end(self, _: str) -> None:
        """Leave a tag; a point counts when it is whole."""
        if self.wanted:
            self.close_value()
        if self.depth == self.inside:
            if self.inside == POINT:
                self.track_index.append(len(self.tracks) - 1)
                self.segment_index.append(self.segment)
            self.inside -= 1
        self.depth -= 1

    def close_value(self) -> None:
        """Keep the text of the tag that ends, or at whose first child we are."""
        self.parser.CharacterDataHandler = None
        name, self.wanted = self.wanted, None
        text = "".join(self.heard)
        self.heard.clear()
        if self.inside == POINT:
            self.keep(str(name), text)
        elif text:
            self.tracks[-1].setdefault(str(name), text)

    def finished(self, damage: Problem | None) -> Tracks:
        """Return the columns; texts of a point that was never closed are left out."""
        skeleton = Skeleton(
            tracks=[(track.get("name"), track.get("type")) for track in self.tracks],
            track_index=np.array(self.track_index, np.int64),
            segment_index=np.array(self.segment_index, np.int64),
            outside=self.outside,
            damage=damage,
        )
        texts, point = joined(self.texts), np.array(self.points, np.int64)
        whole = point < len(self.track_index)
        order = {name: i for i, name in enumerate(COLUMNS)}
        column = np.fromiter((order[name] for name in self.names), np.int8, len(self.names))
        rows = {name: np.flatnonzero(whole & (column == i)) for name, i in order.items()}
        return tracks_of(
            skeleton, {name: Cells(point[held], texts.taken(held)) for name, held in rows.items()}
        )


def _refuse_dtd(*_: object) -> None:
    raise DecodeError("this GPX declares a DTD, which no watch writes", place="its head")
