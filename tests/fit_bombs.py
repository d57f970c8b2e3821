"""FIT files built to cost much more than they weigh."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Final

from fit_bytes import FIELD_DESCRIPTION, RECORD, SESSION, FitBytes

FIELDS: Final = 255


def definition(
    local: int, message: int, fields: list[tuple[int, int, int]],
    developer: list[tuple[int, int, int]] | None = None,
) -> bytes:  # fmt: skip
    """A definition as bytes: fields are (number, size, base type), or (number, size, index)."""
    flag = 0x40 | (0x20 if developer else 0) | local
    told = struct.pack("<BBBHB", flag, 0, 0, message, len(fields))
    told += b"".join(map(bytes, fields))
    return told + (bytes([len(developer)]) + b"".join(map(bytes, developer)) if developer else b"")


def _file(*pieces: bytes) -> bytes:
    made = FitBytes()
    for piece in pieces:
        made.raw(piece)
    return made.file()


def tiny_messages(size_bytes: int) -> bytes:
    """Records of one byte, nothing else."""
    return _file(definition(0, RECORD, []), bytes(size_bytes))


def wide_once(size_bytes: int) -> bytes:
    """One record of 255 numbers, then records of two bytes: rows × columns far exceed bytes."""
    wide = definition(0, RECORD, [(n, 1, 2) for n in range(FIELDS)])
    return _file(wide, bytes(1 + FIELDS), definition(0, RECORD, [(3, 1, 2)]), bytes(size_bytes))


def wide_enough(size_bytes: int) -> bytes:
    """One session of 255 numbers, then ones so long that the cost is just within the limit."""
    wide = definition(0, SESSION, [(n, 1, 2) for n in range(FIELDS)]) + bytes(1 + FIELDS)
    row = b"\0" + bytes(range(FIELDS // 6))
    later = definition(0, SESSION, [(n, 1, 2) for n in range(FIELDS // 6)])
    return _file(wide, later, row * (size_bytes // len(row)))


def wide_arrays(size_bytes: int) -> bytes:
    """One record of 255 arrays of 255 bytes, then records of two bytes."""
    wide = definition(0, RECORD, [(n, 255, 13) for n in range(FIELDS)])
    body = bytes(1 + FIELDS * 255)
    return _file(wide, body, definition(0, RECORD, [(3, 1, 2)]), bytes(size_bytes))


def long_arrays(size_bytes: int) -> bytes:
    """Records of 255 arrays of 255 bytes each."""
    body = b"\0" + bytes(range(1, 256)) * FIELDS
    wide = definition(0, RECORD, [(n, 255, 13) for n in range(FIELDS)])
    return _file(wide, body * (size_bytes // len(body)))


def narrow_fields(size_bytes: int) -> bytes:
    """Records of 255 fields of one byte: as many cells as bytes."""
    body = b"\0" + bytes(range(1, 256))
    wide = definition(0, RECORD, [(n, 1, 2) for n in range(FIELDS)])
    return _file(wide, body * (size_bytes // len(body)))


def texts(size_bytes: int) -> bytes:
    """One record with a text of 255 bytes, then records with one of one byte."""
    long = definition(0, RECORD, [(200, 255, 7)]) + b"\0" + b"a" * 255
    return _file(long, definition(0, RECORD, [(200, 1, 7)]), b"\0b" * (size_bytes // 2))


def definitions(size_bytes: int) -> bytes:
    """Definitions alone, each with other fields."""
    pieces, held = [], 0
    while held < size_bytes:
        number = len(pieces)
        fields = [(n, 1 + (number + n) % 7, 13) for n in range(number % FIELDS)]
        pieces.append(definition(number % 16, number % 60000, fields) + bytes([number % 16]) * 0)
        held += len(pieces[-1])
    return _file(*pieces)


def empty_definitions(size_bytes: int) -> bytes:
    """The same definition without fields, again and again."""
    told = definition(0, RECORD, [])
    return _file(told * (size_bytes // len(told)))


def toggled(size_bytes: int) -> bytes:
    """A definition before each message of one byte."""
    pair = definition(0, RECORD, []) + b"\0"
    return _file(pair * (size_bytes // len(pair)))


def empty_fields(size_bytes: int) -> bytes:
    """Definitions of 255 fields of size 0, each with a message of one byte."""
    pair = definition(0, RECORD, [(n, 0, 2) for n in range(FIELDS)]) + b"\0"
    return _file(pair * (size_bytes // len(pair)))


def declarations(size_bytes: int) -> bytes:
    """Sixteen definitions full of developer fields, then declarations that change them."""
    fields = [(number, 1, 0) for number in range(FIELDS)]
    wide = b"".join(definition(n, RECORD, [], fields) for n in range(1, 16))
    told = definition(0, FIELD_DESCRIPTION, [(0, 1, 2), (1, 1, 2), (2, 1, 2), (3, 2, 7)])
    bodies = b"".join(bytes([0, 0, n % 255, 2, 97 + n // 255 % 26, 0]) for n in range(255 * 26))
    return _file(wide, told, bodies * (size_bytes // len(bodies) + 1))


def redeclared(size_bytes: int) -> bytes:
    """A developer field that is declared anew before each message of 256 fields."""
    fields = [(number, 1, 2) for number in range(FIELDS)]
    pieces = [definition(1, RECORD, fields, [(0, 1, 0)])]
    pieces.append(definition(0, FIELD_DESCRIPTION, [(0, 1, 2), (1, 1, 2), (2, 1, 2), (3, 3, 7)]))
    held = 0
    for number in range(size_bytes):
        name = bytes([97 + number % 26, 97 + number // 26 % 26, 97 + number // 676 % 26])
        pieces.append(bytes([0, 0, 0, 2]) + name + b"\1" + bytes(FIELDS + 1))
        held += len(pieces[-1])
        if held >= size_bytes:
            break
    return _file(*pieces)


def empty_declarations(size_bytes: int) -> bytes:
    """Declarations of one byte, which declare nothing."""
    return _file(definition(0, FIELD_DESCRIPTION, []), bytes(size_bytes))


def chain(size_bytes: int) -> bytes:
    """Empty files, one behind the other."""
    empty = FitBytes().file()
    return empty * (size_bytes // len(empty))


def chained_definitions(size_bytes: int) -> bytes:
    """A chain whose every part defines other fields, and uses them."""
    parts, held = [], 0
    while held < size_bytes:
        number = len(parts)
        fields = [(n, 1 + (number >> n % 10) % 2, 13) for n in range(FIELDS)]
        body = bytes(1 + sum(size for _, size, _ in fields))
        parts.append(_file(definition(0, RECORD, fields), body))
        held += len(parts[-1])
    return b"".join(parts)


def lost(size_bytes: int) -> bytes:
    """Damage whose way back looks near at each byte: chains of messages that lead nowhere."""
    good = definition(0, RECORD, [(3, 1, 2)]) + b"\0\1" * 20
    return _file(good, (b"\0\1" * 11 + b"\x0e") * (size_bytes // 23))


def packed_times(size_bytes: int) -> bytes:
    """A time, then messages of one byte with a packed time."""
    start = definition(0, RECORD, [(253, 4, 0x86)]) + b"\0" + (10**9).to_bytes(4, "little")
    return _file(start, definition(1, RECORD, []), bytes([0xA0 | n % 32 for n in range(256)])
                 * (size_bytes // 256))  # fmt: skip


def heart_beats(size_bytes: int) -> bytes:
    """Messages that are unpacked into ten times each."""
    body = b"\0" + bytes(range(15))
    return _file(definition(0, 132, [(10, 15, 13)]), body * (size_bytes // 16))


BOMBS: Final[tuple[Callable[[int], bytes], ...]] = (
    tiny_messages, wide_once, wide_enough, wide_arrays, long_arrays, narrow_fields, texts,
    definitions, empty_definitions, toggled, empty_fields, declarations, redeclared,
    empty_declarations, chain, chained_definitions, lost, packed_times, heart_beats,
)  # fmt: skip
"""Each makes a file of about so many bytes."""
