"""Find the way back into a damaged file: the byte where messages begin again.

A file that lost some bytes on its way (a text-mode copy drops every 0D before 0A) is sound again
a few bytes later. By chance alone, bytes hardly ever look like a dozen messages in a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from carryover.decode.fit.layout import FIELD_BYTES, HEAD_BYTES

DEFINITION: Final = 0x40
DEVELOPER: Final = 0x20
RESERVED: Final = 0x90
"""Bits that a definition's header never has."""
CHAIN: Final = 12
"""Messages in a row that prove that they are messages."""
CHAIN_AT_END: Final = 3
"""As many do where the last one ends with the file."""
MAX_SEARCH: Final = 1 << 16
"""Bytes looked at; a longer gap is the end."""


def resume(
    content: bytes, position: int, end: int, table: Sequence[int], sizes: Sequence[int]
) -> int | None:
    """Return a byte from `position` on where known messages follow one another, or None.

    `table` maps a header byte to the number of a kind of message (0: none), `sizes` that to its
    size in bytes. The first message found is left out: anything may lead into the right track.
    """
    for start in range(position, min(position + MAX_SEARCH, end)):
        number = table[content[start]]
        if number and _leads_on(content, start, end, table, sizes):
            return start + sizes[number]
    return None


def _leads_on(
    content: bytes, position: int, end: int, table: Sequence[int], sizes: Sequence[int]
) -> bool:
    for taken in range(CHAIN):
        if position == end:
            return taken >= CHAIN_AT_END
        if position > end:
            return False
        number = table[content[position]]
        step = sizes[number] if number else _definition_size(content, position, end)
        if not step:
            return False
        position += step
    return position <= end


def _definition_size(content: bytes, position: int, end: int) -> int:
    """Return how long the definition at a byte is; 0 where none can be."""
    header, fields = content[position], position + HEAD_BYTES
    if not header & DEFINITION or header & RESERVED or fields >= end:
        return 0
    if content[position + 1] or content[position + 2] > 1:
        return 0
    size = 1 + HEAD_BYTES + FIELD_BYTES * content[fields]
    if header & DEVELOPER:
        if position + size >= end:
            return 0
        size += 1 + FIELD_BYTES * content[position + size]
    return size
