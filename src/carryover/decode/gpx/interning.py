"""Equal byte strings get equal small numbers, many at a time."""

from __future__ import annotations

from typing import Final

import numpy as np

from carryover.decode.gpx.texts import Flags, Ints, windows

WIDTHS: Final = (16, 32)
"""Strings up to these lengths are compared as so many bytes; longer ones one by one."""
MAX_DISTINCT: Final = 256
TABLE_BITS: Final = 16
TRIES: Final = 8
ODD: Final = 0x9E3779B97F4A7C15
"""2⁶⁴ over the golden ratio: multiplying by it mixes low bits into high ones (Knuth, TAOCP 6.4)."""
WRAP: Final = (1 << 64) - 1

Words = np.ndarray[tuple[int, int], np.dtype[np.uint64]]


def interned(buffer: bytes, start: Ints, stop: Ints) -> tuple[Ints, list[bytes]] | None:
    """Return each string's number and the distinct strings; None where these are too many."""
    number = np.empty(len(start), np.int64)
    length = stop - start
    distinct: list[bytes] = []
    left = np.ones(len(start), np.bool_)
    for width in WIDTHS:
        rows = np.flatnonzero(left & (length <= width) & (start + width <= len(buffer)))
        known = _short(_words(buffer, start[rows], length[rows], width))
        if known is None:
            return None
        number[rows] = known[0] + len(distinct)
        distinct += [buffer[start[row] : stop[row]] for row in rows[known[1]].tolist()]
        left[rows] = False
    if not _long(buffer, start, stop, left, number, distinct):
        return None
    return number, distinct


def _words(buffer: bytes, start: Ints, length: Ints, width: int) -> Words:
    """Each string as words of eight bytes, zeros after its end."""
    words = windows(buffer, start, width).view(np.uint64)
    kept = (np.arange(width) < np.arange(width + 1)[:, None]) * np.uint8(0xFF)
    words &= kept.view(np.uint64)[length]
    return words


def _short(words: Words) -> tuple[Ints, Ints] | None:
    """Number rows by a small table; a clash of two different rows is seen, and tried anew."""
    for trial in range(TRIES):
        slot = _slots(words, trial)
        last = np.full(1 << TABLE_BITS, -1, np.int32)
        last[slot] = np.arange(len(slot), dtype=np.int32)
        used = np.flatnonzero(last >= 0)
        if len(used) > MAX_DISTINCT:
            return None
        first = last[used].astype(np.int64)
        last[used] = np.arange(len(used))
        number = last[slot].astype(np.int64)
        if (words == words[first][number]).all():
            return number, first
    return None


def _slots(words: Words, trial: int) -> Ints:
    mixed = words[:, 0] * np.uint64(ODD)
    for k in range(1, words.shape[1]):
        factor = np.uint64(pow(ODD, 2 * k + 2 * trial * words.shape[1] + 1, 1 << 64))
        mixed = (mixed ^ words[:, k]) * factor
    return (mixed >> np.uint64(64 - TABLE_BITS)).astype(np.int64)


def _long(
    buffer: bytes, start: Ints, stop: Ints, rows: Flags, number: Ints, distinct: list[bytes]
) -> bool:
    """Number the long strings after the short ones; False where these are too many."""
    seen: dict[bytes, int] = {text: i for i, text in enumerate(distinct)}
    for row in np.flatnonzero(rows).tolist():
        text = buffer[start[row] : stop[row]]
        number[row] = seen.setdefault(text, len(seen))
        if len(seen) > MAX_DISTINCT:
            return False
    distinct[:] = seen
    return True
