"""Cut a FIT file into its chained segments and check each one's frame and checksum."""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Final

from fastcrc import crc16

from carryover.errors import DecodeError
from carryover.rawfile import Problem

MIN_HEADER: Final = 12
SIGNATURE: Final = b".FIT"
CRC_SIZE: Final = 2
MAX_SEGMENTS: Final = 1000
"""Watches chain a handful; thousands of empty ones are an attack."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One FIT file of a chain: `payload` is a whole header and the messages that are there."""

    offset: int
    header_size: int
    payload: bytes = field(repr=False)
    whole: bool


def is_fit(content: bytes, offset: int = 0) -> bool:
    """Return whether the bytes from an offset on begin like a FIT file."""
    return content[offset + 8 : offset + MIN_HEADER] == SIGNATURE


def segments(content: bytes) -> tuple[list[Segment], list[Problem]]:
    """Return every segment and what is wrong with the frame around them.

    Raises DecodeError where not even the first header can be read.
    """
    found: list[Segment] = []
    problems: list[Problem] = []
    offset = 0
    while offset < len(content):
        sound = is_fit(content, offset) and MIN_HEADER <= content[offset] <= len(content) - offset
        if not sound and not found:
            raise DecodeError(
                "this is not a FIT file", place="byte 0", remedy="Copy it from the watch again."
            )
        if not sound or len(found) == MAX_SEGMENTS:
            rest = content[offset:]
            if rest.strip(b"\0"):
                problems.append(_problem(f"{len(rest)} bytes after byte {offset} are not FIT data"))
            break
        segment, size = _segment(content, offset, problems)
        found.append(segment)
        offset += size
    return found, problems


def _segment(content: bytes, offset: int, problems: list[Problem]) -> tuple[Segment, int]:
    header_size = content[offset]
    (declared,) = struct.unpack_from("<I", content, offset + 4)
    begin = offset + header_size
    available = len(content) - begin
    if declared == 0 and available > CRC_SIZE and not is_fit(content, begin + CRC_SIZE):
        # A watch that lost power never went back to write the size: read to the end.
        problems.append(_problem("the watch never finished this file (no size in its header)"))
        declared = available
    end = begin + min(declared, available)
    whole = available >= declared + CRC_SIZE
    if not whole:
        problems.append(
            _problem(f"the file is cut off: {available} of {declared + CRC_SIZE} bytes are there")
        )
    else:
        (written,) = struct.unpack_from("<H", content, end)
        computed = crc16.arc(content[offset:end])
        if written != computed:
            problems.append(
                _problem(
                    f"the checksum at byte {end} does not match; the file was changed or damaged"
                )
            )
    segment = Segment(offset, header_size, content[offset:end], whole)
    return segment, header_size + declared + CRC_SIZE


def _problem(what: str) -> Problem:
    return Problem("warning", what, "What can be read is used; copy the file again if you can.")
