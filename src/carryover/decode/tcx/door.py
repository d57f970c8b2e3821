"""The door of the TCX reader, and what it takes for what.

One pass of lxml over the text (`stream`), then texts become columns all at once (`frames`).
Letters, numbers and times are read as those of a GPX are. Decisions, where files leave a choice:

- Tags are known by their local names in any case; prefixes need no declaration, since apps write
  `ns3:TPX`, `TPX` with a namespace of its own, or `tpx`.
- A value counts wherever it stands inside its point, lap or activity, whatever is around it; a
  number may stand in `<Value>` or in its tag itself. Of each name the first readable value stands.
- Points count inside activity/lap/track. Those elsewhere (between the sports of a multisport
  session, in a history of 2006) are left out and counted.
- Points without a time are left out and counted. Points without a place are told of no file:
  a treadmill has none.
- A cut or damaged file keeps its whole points before the damage, and the laps that had begun.
  What stands behind (the watch's name, as a rule) is not known then.
- An activity without points is a summary, as long as a lap says when it began and how long it took.
- Courses and workouts are plans: a file with nothing else is refused, as one for us not to read.
- A DTD, or tags deeper than 64, refuse a file.
"""

from __future__ import annotations

from carryover.decode.gpx.text import check_size, utf8
from carryover.decode.recording import Recording
from carryover.decode.tcx.frames import recording
from carryover.decode.tcx.stream import read_streamed


def decode_tcx(content: bytes) -> Recording:
    """Decode the activities of a TCX file in the vendor's names and units (m, °, s, UTC).

    Frames: `activity` (`activity_index`, `utc_offset_s` where times tell an offset, texts), `lap`
    (`activity_index`, `lap_index`, `StartTime`, texts and Float64) and `trackpoint` (those two
    indices, `track_index`, `Time`, all else Float64). Columns that no row fills are absent.

    Raises DecodeError for text that is no TCX, that declares a DTD or nests too deep, and
    UnsupportedError where nothing was recorded: plans, activities without times.
    """
    return recording(read_streamed(check_size(utf8(content))))
