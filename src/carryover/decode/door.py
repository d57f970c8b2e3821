"""One door for every kind of file: `decode_file`."""

from __future__ import annotations

import re
from typing import Final

from carryover.csv_text import head_text, read_header
from carryover.decode import logs, strava
from carryover.decode.fit import is_fit
from carryover.decode.fit_files import decode_fit
from carryover.decode.gpx import decode_gpx
from carryover.decode.recording import Recording
from carryover.decode.strength_apps import decode_app, sniff_app
from carryover.decode.tcx import decode_tcx
from carryover.errors import CarryoverError, DecodeError, UnsupportedError
from carryover.rawfile import LOGS, STRENGTH_APPS, FileKind, RawFile

DECODER_VERSION: Final = 5
"""Raised when files should be read again: what an older reader set aside gets a new chance."""

HEAD: Final = 4096
STRAVA_HEAD: Final = 1 << 16
"""A header of a hundred columns, and rows whose descriptions are long."""
FEWEST: Final = 3
MOST: Final = 20
"""Columns that make a table, and those that a message lists."""
NAMED: Final = {
    "fit": "Copy it from the watch again.", "gpx": "Export the run again.",
    "tcx": "Export the activity again.",
}  # fmt: skip
"""Endings that promise a format, and what to do where the content does not keep it."""


def sniff(content: bytes) -> FileKind:
    """Return what a content is, by its first bytes."""
    if is_fit(content):
        return FileKind.FIT
    if content[:2] == b"\x1f\x8b":
        return FileKind.GZIP
    if content[:4] in (b"PK\x03\x04", b"PK\x05\x06"):
        return FileKind.ZIP
    head = head_text(content[:HEAD])
    if match := re.search(r"<(?:[\w.-]+:)?(gpx|TrainingCenterDatabase)[\s>]", head):
        return FileKind.GPX if match.group(1) == "gpx" else FileKind.TCX
    return _sniff_table(content)


def _sniff_table(content: bytes) -> FileKind:
    """Return whose table a text is: an app's, a person's own log, Strava's list, or nobody's."""
    if app := sniff_app(content[:HEAD]):
        return app
    if log := logs.sniff(content[:HEAD]):
        return FileKind(log)
    return FileKind.STRAVA_CSV if strava.sniff(content[:STRAVA_HEAD]) else FileKind.UNKNOWN


def decode_file(raw: RawFile) -> Recording:
    """Decode one content by its kind.

    Raises DecodeError (nothing of it can be read) or UnsupportedError (sound, but nothing for
    us); both carry the place of the file.
    """
    if not raw.content:
        raise DecodeError("the file is empty", subject=raw.place, remedy="Copy or export it again.")
    try:
        if raw.kind is FileKind.FIT:
            return decode_fit(raw.content)
        if raw.kind is FileKind.GPX:
            return decode_gpx(raw.content)
        if raw.kind is FileKind.TCX:
            return decode_tcx(raw.content)
        if raw.kind in LOGS:
            return logs.decode_log(raw.content, raw.kind, raw.place)
        if raw.kind is FileKind.STRAVA_CSV:
            return strava.decode_strava(raw.content, raw.place)
        if raw.kind in STRENGTH_APPS:
            return decode_app(raw.content, raw.kind, raw.place)
    except CarryoverError as error:
        error.subject = raw.place
        raise
    raise not_ours(raw.place, raw.content)


def not_ours(place: str, head: bytes = b"") -> CarryoverError:
    """Return what to say of a content of no kind that is read: broken where its name promises."""
    ending = place.lower().rpartition(".")[2]
    if ending in NAMED:
        return DecodeError(
            f"this is not a {ending.upper()} file", subject=place, place="byte 0",
            remedy=NAMED[ending],
        )  # fmt: skip
    return _unknown(place, head)


def _unknown(place: str, head: bytes) -> UnsupportedError:
    """Say what a content is not; of a table, which columns it has."""
    what = "neither FIT, GPX, TCX nor one of the logs"
    try:
        columns = read_header(head_text(head[:HEAD])).columns
    except DecodeError:
        columns = []
    if len(columns) < FEWEST or not all(name.isprintable() for name in columns):
        return UnsupportedError(what, subject=place)
    return UnsupportedError(
        f"{what}, but a table with the columns {', '.join(columns[:MOST])}", subject=place,
        remedy="Read are the own logs and exports of Hevy and Strong: of Strong, date, exercise "
        "name, set order and reps are needed. In another language, set the app to English.",
    )  # fmt: skip
