"""GPX tracks → frames `track` and `trackpoint`: quick where the text is plain, right everywhere."""

from carryover.decode.gpx.door import decode_gpx
from carryover.decode.gpx.reference import read_with_gpxpy

__all__ = ["decode_gpx", "read_with_gpxpy"]
