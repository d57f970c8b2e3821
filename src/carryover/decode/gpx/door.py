"""The door of the GPX reader, and what it takes for what.

A text goes to `read_plain` (arrays of bytes); where that has any doubt, to `read_streamed`
(expat). Both give the same. `read_with_gpxpy` is the witness: it reads nothing that these do
not. Decisions, where gpxpy or careless files leave a choice:

- Valid UTF-8 is UTF-8, whatever is declared; then the declared alphabet; a byte order mark wins.
- Prefixes need no declaration. GPX's own tags have the root's prefix; extensions any or none.
- A value counts wherever it stands inside its point: in the first or second `<extensions>`, or
  bare, as GPX 1.0 has it. The file's version does not matter (gpxpy drops values by it).
- Of each name a point's first readable value stands; an element's text ends at its first child.
- Numbers are Python's, without `1_0` and foreign digits; nan and inf are told as such. An
  unreadable number, height or place is missing and counted; gpxpy refuses the whole file.
- Times may have blanks around, small letters, any number of decimals (cut to µs), ±hh, ±hhmm,
  ±hh:mm or no zone (UTC). What no calendar has (30 February, second 60) is missing and counted.
  The offset of a track's first time is the runner's clock, if it is not 0.
- Points outside gpx/trk/trkseg belong to no track: left out and counted.
- A cut or damaged file keeps its whole points before the damage. A DTD, or tags deeper than 64,
  refuse it.
- A file without any place that can be read is refused: it is no track.
"""

from __future__ import annotations

from carryover.decode.gpx.plain import read_plain
from carryover.decode.gpx.stream import read_streamed
from carryover.decode.gpx.text import check_size, utf8
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
    text = check_size(utf8(content))
    return recording(read_plain(text) or read_streamed(text))
