"""GPX tracks → frames `track` and `trackpoint`: quick where the text is plain, right everywhere."""

from carryover.decode.gpx.door import decode_gpx

__all__ = ["decode_gpx"]
