"""TCX activities → frames `activity`, `lap` and `trackpoint`."""

from carryover.decode.tcx.door import decode_tcx

__all__ = ["decode_tcx"]
