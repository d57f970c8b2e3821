"""FIT's base types: how a value lies in a file, and which bit pattern says "none"."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MASK: Final = 0x1F
"""The number of a base type; the other bits only say that it has a byte order."""


@dataclass(frozen=True, slots=True)
class BaseType:
    """`code` is numpy's, without byte order; `invalid` the bit pattern for "no value"."""

    name: str
    code: str
    size_bytes: int
    invalid: int

    @property
    def is_text(self) -> bool:
        """Whether the slot holds characters."""
        return self.name == "string"

    @property
    def is_float(self) -> bool:
        """Whether the slot holds IEEE numbers."""
        return self.code.startswith("f")


BYTE: Final = BaseType("byte", "u1", 1, 0xFF)
"""An array of these is invalid only where each of them is."""

BASE_TYPES: Final = {
    0: BaseType("enum", "u1", 1, 0xFF),
    1: BaseType("sint8", "i1", 1, 0x7F),
    2: BaseType("uint8", "u1", 1, 0xFF),
    3: BaseType("sint16", "i2", 2, 0x7FFF),
    4: BaseType("uint16", "u2", 2, 0xFFFF),
    5: BaseType("sint32", "i4", 4, 0x7FFFFFFF),
    6: BaseType("uint32", "u4", 4, 0xFFFFFFFF),
    7: BaseType("string", "S", 1, 0),
    8: BaseType("float32", "f4", 4, 0xFFFFFFFF),
    9: BaseType("float64", "f8", 8, 0xFFFFFFFFFFFFFFFF),
    10: BaseType("uint8z", "u1", 1, 0),
    11: BaseType("uint16z", "u2", 2, 0),
    12: BaseType("uint32z", "u4", 4, 0),
    13: BYTE,
    14: BaseType("sint64", "i8", 8, 0x7FFFFFFFFFFFFFFF),
    15: BaseType("uint64", "u8", 8, 0xFFFFFFFFFFFFFFFF),
    16: BaseType("uint64z", "u8", 8, 0),
}
"""Number of a base type → how it lies in the file (FIT protocol, table "base types")."""

BY_NAME: Final = {base.name: base for base in BASE_TYPES.values()}


def base_type(number: int) -> BaseType:
    """Return the base type of a definition's byte; one that does not exist is read as bytes."""
    return BASE_TYPES.get(number & MASK, BYTE)
