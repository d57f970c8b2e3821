"""Cut a FIT file into its chained parts and check each one's frame and checksums."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fastcrc import crc16

from carryover.decode.fit.faults import FitError, Severity

MIN_HEADER: Final = 12
CRC_HEADER: Final = 14
"""A header of this size ends in a checksum of its own; 0 there means "not computed"."""
SIGNATURE: Final = b".FIT"
CRC_SIZE: Final = 2
MAX_BYTES: Final = 32 << 20
"""A watch that writes each second fills this in more than five days."""
MAX_PARTS: Final = 1000
"""Watches chain a handful; thousands of empty ones are an attack."""

Tell = Callable[[int, str, Severity], None]
"""Takes a fault's byte, what it is, and how much it takes away."""


@dataclass(frozen=True, slots=True)
class Part:
    """One FIT file of a chain: its messages lie in [begin, end); `whole`: none is missing."""

    index: int
    offset: int
    begin: int
    end: int
    whole: bool


def is_fit(content: bytes, offset: int = 0) -> bool:
    """Return whether the bytes from an offset on begin like a FIT file."""
    return content[offset + 8 : offset + MIN_HEADER] == SIGNATURE


def parts(content: bytes, tell: Tell) -> list[Part]:
    """Return every part of a file, telling what is wrong with the frames around them.

    Raises FitError where not even the first header can be read.
    """
    if not content:
        raise FitError("the file is empty", 0, "Copy it from the watch again.")
    if len(content) > MAX_BYTES and is_fit(content):
        raise FitError(f"a FIT file of {len(content):,} bytes; no watch fills {MAX_BYTES:,}", 0,
                       "Leave this file out.")  # fmt: skip
    found: list[Part] = []
    offset = 0
    while offset < len(content):
        sound = is_fit(content, offset) and MIN_HEADER <= content[offset] <= len(content) - offset
        if not sound and not found:
            raise FitError("this is not a FIT file", 0, "Copy it from the watch again.")
        if not sound or len(found) == MAX_PARTS:
            rest = content[offset:]
            if rest.strip(b"\0"):
                what = f"{len(rest)} bytes after byte {offset} are not FIT data"
                tell(offset, what, Severity.LOST)
            break
        part, offset = _part(content, offset, len(found), tell)
        found.append(part)
    return found


def _part(content: bytes, offset: int, index: int, tell: Tell) -> tuple[Part, int]:
    """Return the part at an offset and where the next one begins."""
    begin = offset + content[offset]
    (declared,) = struct.unpack_from("<I", content, offset + 4)
    available = len(content) - begin
    if declared == 0 and available > CRC_SIZE and not is_fit(content, begin + CRC_SIZE):
        # A watch that lost power never went back to write the size: read to the end.
        what = "the watch never finished this file (no size in its header)"
        tell(offset + 4, what, Severity.LOST)
        return Part(index, offset, begin, len(content), whole=False), len(content)
    end = begin + min(declared, available)
    whole = available >= declared + CRC_SIZE
    if whole:
        _check(content, offset, end, tell)
    else:
        what = f"the file is cut off: {available} of {declared + CRC_SIZE} bytes are there"
        tell(len(content), what, Severity.LOST)
    return Part(index, offset, begin, end, whole), begin + declared + CRC_SIZE


def _check(content: bytes, offset: int, end: int, tell: Tell) -> None:
    if content[offset] == CRC_HEADER:
        (written,) = struct.unpack_from("<H", content, offset + MIN_HEADER)
        if written and written != crc16.arc(content[offset : offset + MIN_HEADER]):
            at = offset + MIN_HEADER
            what = f"the header's checksum at byte {at} does not match"
            tell(at, what, Severity.INFO)
    (written,) = struct.unpack_from("<H", content, end)
    if written != crc16.arc(content[offset:end]):
        what = f"the checksum at byte {end} does not match; the file was changed or damaged"
        tell(end, what, Severity.CHANGED)
