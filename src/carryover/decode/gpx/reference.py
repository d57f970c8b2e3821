"""GPX through gpxpy on lxml: the witness of our own reader, and slow.

gpxpy takes no undeclared prefix, wrong encoding or byte order mark, so these are mended first.
It is told to read every file as version 1.1: as 1.0 it drops extensions and a track's type.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import gpxpy
import gpxpy.gpx
import numpy as np
from gpxpy.parser import GPXParser
from lxml import etree

from carryover.decode.gpx.text import utf8
from carryover.decode.gpx.track import AGAIN, PLACE, Tracks, Values, recording
from carryover.decode.gpx.words import EPOCH, MAX_DEPTH, MICROSECOND, extension, number
from carryover.decode.recording import Recording
from carryover.errors import DecodeError

Point = tuple[int, int, int | None, dict[str, float]]
"""Track, segment, µs since 1970 UTC, values."""


def read_with_gpxpy(content: bytes) -> Recording:
    """Read a GPX file as `decode_gpx` does, by gpxpy's rules: all or nothing.

    Raises DecodeError for whatever gpxpy or lxml refuses, a cut file included, and
    UnsupportedError as `decode_gpx` does.
    """
    text = re.sub(r"^\s*<\?xml[^>]*\?>", "", utf8(content).decode("utf-8"), count=1)
    _refuse_hostile(text)
    try:
        document = GPXParser(_declare_prefixes(text)).parse(version="1.1")
        points = list(_points(document))
    except (gpxpy.gpx.GPXException, ValueError, TypeError, KeyError, OverflowError) as error:
        raise DecodeError(f"gpxpy cannot read this: {_short(error)}", remedy=AGAIN) from error
    return recording(_tracks(document, points))


def _refuse_hostile(text: str) -> None:
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise DecodeError("this GPX declares a DTD, which no watch writes", place="its head")
    depth = 0
    for tag in re.finditer(r"<(/?)[A-Za-z_][^<>]*?(/?)>", text):
        depth += -1 if tag.group(1) else (0 if tag.group(2) else 1)
        if depth > MAX_DEPTH:
            line = text.count("\n", 0, tag.start()) + 1
            raise DecodeError(f"tags nest deeper than {MAX_DEPTH}", place=f"line {line}")


def _declare_prefixes(text: str) -> str:
    """Declare namespace prefixes that are used but never declared (some Strava exports)."""
    used = set(re.findall(r"<([A-Za-z_][\w.-]*):", text))
    used |= set(re.findall(r"\s([A-Za-z_][\w.-]*):[\w.-]+\s*=\s*[\"']", text))
    declared = set(re.findall(r"xmlns:([\w.-]+)\s*=", text)) | {"xml", "xmlns"}
    missing = "".join(f' xmlns:{p}="urn:undeclared:{p}"' for p in sorted(used - declared))
    return re.sub(r"<(?:[\w.-]+:)?gpx(?=[\s>/])", lambda m: m.group(0) + missing, text, count=1)


def _points(document: gpxpy.gpx.GPX) -> Iterator[Point]:
    for t, track in enumerate(document.tracks):
        for s, segment in enumerate(track.segments):
            for point in segment.points:
                place = {"lat": point.latitude, "lon": point.longitude, "ele": point.elevation}
                known = {name: value for name, value in place.items() if value is not None}
                yield t, s, _utc_us(point.time), known | _extensions(point.extensions)


def _utc_us(time: dt.datetime | None) -> int | None:
    """A time without a zone is UTC, as the schema says."""
    if time is None:
        return None
    told = time.replace(tzinfo=dt.UTC) if time.tzinfo is None else time.astimezone(dt.UTC)
    return (told - EPOCH) // MICROSECOND


def _extensions(nodes: list[Any]) -> dict[str, float]:
    values: dict[str, float] = {}
    for node in nodes:
        for element in node.iter(etree.Element):
            name = extension(etree.QName(element).localname)
            if name and (value := number(element.text or "")) is not None:
                values.setdefault(name, value)
    return values


def _tracks(document: gpxpy.gpx.GPX, points: list[Point]) -> Tracks:
    names = dict.fromkeys(name for *_, values in points for name in values)
    times = [time for _, _, time, _ in points]
    return Tracks(
        tracks=[(track.name, track.type) for track in document.tracks],
        track_index=np.array([t for t, *_ in points], np.int64),
        segment_index=np.array([s for _, s, *_ in points], np.int64),
        time_us=np.array([time or 0 for time in times], np.int64),
        timed=np.array([time is not None for time in times], np.bool_),
        values={name: _values(name, points) for name in dict.fromkeys((*PLACE, *names))},
        offset_s=_offsets(document),
    )


def _offsets(document: gpxpy.gpx.GPX) -> dict[int, float]:
    """Return how far ahead of UTC each track's first time is, where it is not 0."""
    found: dict[int, float] = {}
    for index, track in enumerate(document.tracks):
        times = (p.time for segment in track.segments for p in segment.points if p.time)
        offset = next((time.utcoffset() for time in times), None)
        if offset:
            found[index] = offset.total_seconds()
    return found


def _values(name: str, points: list[Point]) -> Values:
    held = [(row, values[name]) for row, (*_, values) in enumerate(points) if name in values]
    rows, told = [row for row, _ in held], [value for _, value in held]
    return Values(np.array(rows, np.int64), np.array(told, np.float64))


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:160]
