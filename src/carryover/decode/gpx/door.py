"""The door of the GPX reader."""

from __future__ import annotations

from carryover.decode.gpx.plain import read_plain
from carryover.decode.gpx.stream import read_streamed
from carryover.decode.gpx.text import utf8
from carryover.decode.gpx.track import recording
from carryover.decode.recording import Recording


def decode_gpx(content: bytes) -> Recording:
    """Decode the tracks of a GPX file: frames `track` and `trackpoint`, GPX units (m, °, UTC).

    `trackpoint` has track_index, segment_index, time, lat, lon, ele and the extensions that
    occur (hr, cad, atemp, speed, power, distance), all Float64 but the indices and the time.
    A file that is cut off or damaged gives its whole points up to there (`complete` is False).

    Raises DecodeError for text that is no GPX, that declares a DTD or nests too deep, and
    UnsupportedError where no point has a time.
    """
    text = utf8(content)
    return recording(read_plain(text) or read_streamed(text))
