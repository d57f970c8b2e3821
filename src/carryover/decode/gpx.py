"""GPX through gpxpy on lxml, with the few repairs that real exports need."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any, Final

import gpxpy
import gpxpy.gpx
from lxml import etree

from carryover.decode.recording import Recording, frame
from carryover.errors import DecodeError, UnsupportedError
from carryover.rawfile import FileKind, Problem

MAX_DEPTH: Final = 64
EXTENSIONS: Final = {
    "hr": "hr", "heartrate": "hr", "cad": "cad", "cadence": "cad", "runcadence": "cad",
    "atemp": "atemp", "temp": "atemp", "temperature": "atemp", "speed": "speed",
    "power": "power", "powerinwatts": "power", "watts": "power", "distance": "distance",
}  # fmt: skip
"""Local names of track point extensions, lower case, whatever their namespace."""


def decode_gpx(content: bytes) -> Recording:
    """Decode tracks of a GPX file: frames `track` and `trackpoint`, GPX units (m, °, UTC).

    Raises DecodeError for text that is no GPX, that declares a DTD or nests too deep, and
    UnsupportedError where no point has a time.
    """
    text = _text(content)
    _refuse_hostile(text)
    try:
        document = gpxpy.parse(_declare_prefixes(text))
        points = frame(_points(document))
    except (gpxpy.gpx.GPXException, ValueError, TypeError, KeyError, OverflowError) as error:
        raise DecodeError(
            f"this GPX cannot be read: {_short(error)}", remedy="Export the run again."
        ) from error
    tracks = frame(
        {"track_index": i, "name": t.name, "type": t.type} for i, t in enumerate(document.tracks)
    )
    if points.is_empty() or points["time"].is_null().all():
        what = "places but no track" if points.is_empty() else "a route without times"
        raise UnsupportedError(f"this GPX holds {what}: nothing to measure in it")
    problems = _problems(points)
    return Recording(FileKind.GPX, {"trackpoint": points, "track": tracks}, problems)


def _text(content: bytes) -> str:
    """Return the text in whatever encoding it is, without a declaration that may be wrong."""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", _decode(content), count=1)


def _decode(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace")
    declared = re.match(rb'\s*<\?xml[^>]*encoding=["\']([A-Za-z0-9_-]+)', content[:200])
    name = declared.group(1).decode("ascii") if declared else "utf-8"
    try:
        return content.decode("utf-8-sig" if name.lower() == "utf-8" else name)
    except (UnicodeError, LookupError):
        return content.decode("utf-8-sig", errors="replace")


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
    return re.sub(r"<gpx\b", lambda m: m.group(0) + missing, text, count=1)


def _points(document: gpxpy.gpx.GPX) -> Iterator[dict[str, Any]]:
    for t, track in enumerate(document.tracks):
        for s, segment in enumerate(track.segments):
            for point in segment.points:
                yield {
                    "track_index": t,
                    "segment_index": s,
                    "time": _utc(point.time),
                    "lat": point.latitude,
                    "lon": point.longitude,
                    "ele": point.elevation,
                    **_extensions(point.extensions),
                }


def _utc(time: dt.datetime | None) -> dt.datetime | None:
    """A time without a zone is UTC, as the schema says."""
    if time is None:
        return None
    return time.replace(tzinfo=dt.UTC) if time.tzinfo is None else time.astimezone(dt.UTC)


def _extensions(nodes: list[Any]) -> dict[str, float]:
    values: dict[str, float] = {}
    for node in nodes:
        for element in node.iter(etree.Element):
            local = etree.QName(element).localname.lower()
            name = EXTENSIONS.get(local)
            if name and (number := _number(element.text)) is not None:
                values.setdefault(name, number)
    return values


def _number(text: str | None) -> float | None:
    try:
        return float((text or "").strip())
    except ValueError:
        return None


def _problems(points: Any) -> list[Problem]:  # noqa: ANN401 - a frame of any width
    missing = int(points["time"].null_count())
    if 0 < missing < points.height:
        return [Problem("info", f"{missing} of {points.height} points have no time: left out")]
    return []


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:160]
