"""What the words of a GPX file mean: names of extensions, numbers, instants."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

MAX_DEPTH: Final = 64
"""Tags within tags; a watch's file has eight."""

STRUCTURE: Final = ("trk", "trkseg", "trkpt", "ele", "time", "name", "type")
"""Tags of GPX itself that we read; they have the root's prefix."""
TRACK, SEGMENT, POINT = 2, 3, 4
"""Depths at which tracks, their segments and their points stand; the root is 1."""

EXTENSIONS: Final = {
    "hr": "hr", "heartrate": "hr", "cad": "cad", "cadence": "cad", "runcadence": "cad",
    "atemp": "atemp", "temp": "atemp", "temperature": "atemp", "speed": "speed",
    "power": "power", "powerinwatts": "power", "watts": "power", "distance": "distance",
}  # fmt: skip
"""Local names of values inside a track point, lower case, whatever their namespace."""

BLANK: Final = " \t\r\n"
"""White space in XML's sense."""

EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
INSTANT: Final = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})[Tt ]([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})"
    r"(?:\.([0-9]+))?(?:[Zz]|([+−-])([0-9]{2}):?([0-9]{2})?)?"
)
"""What gpxpy reads as a time, with any number of decimals and letters of either case."""
MICROSECOND: Final = dt.timedelta(microseconds=1)


def local_name(name: str) -> str:
    """Return a tag's name without its prefix."""
    return name.rpartition(":")[2]


def extension(name: str) -> str | None:
    """Return the column of a tag inside a point by its local name, None for a stranger."""
    return EXTENSIONS.get(local_name(name).lower())


def number(text: str) -> float | None:
    """Return the number that a text is, as Python reads it; nan and inf are told as such.

    Digits of other alphabets and Python's own `1_000` are no numbers.
    """
    if not text.isascii() or "_" in text:
        return None
    try:
        return float(text)
    except ValueError:
        return None


def instant_us(text: str) -> int | None:
    """Return a time in µs since 1970 UTC, None where it is none; without a zone it is UTC.

    Decimals beyond microseconds are cut, offsets of a day or more and days that no calendar
    has are no time.
    """
    match = INSTANT.fullmatch(text.strip(BLANK))
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    decimals, sign, hours, minutes = match.groups()[6:]
    micro = int((decimals or "")[:6].ljust(6, "0"))
    shift = dt.timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    try:
        zone = dt.timezone(shift if sign == "+" else -shift)
        told = dt.datetime(year, month, day, hour, minute, second, micro, tzinfo=zone)
        return (told.astimezone(dt.UTC) - EPOCH) // MICROSECOND
    except (ValueError, OverflowError):
        return None


def offset_s(text: str) -> float | None:
    """Return how far ahead of UTC the clock of a time is, s; None where it says Z or nothing."""
    match = INSTANT.fullmatch(text.strip(BLANK))
    if match is None or match.group(8) is None:
        return None
    sign, hours, minutes = match.groups()[7:]
    shift = dt.timedelta(hours=int(hours or 0), minutes=int(minutes or 0)).total_seconds()
    return shift if sign == "+" else -shift
