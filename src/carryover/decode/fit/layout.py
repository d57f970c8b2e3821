"""Definition messages, parsed once: where each field of a message lies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from carryover.decode.fit.base_types import BYTE, BaseType, base_type

FIELD_BYTES: Final = 3
HEAD_BYTES: Final = 5
"""Reserved, byte order, message number (2), number of fields: then the fields follow."""


@dataclass(frozen=True, slots=True)
class DeveloperField:
    """What a file says of a field that an application added.

    `application` is its id as hex, or the bare index where the file names none; `base_type`,
    `native_message` and `native_field` are FIT's numbers.
    """

    application: str
    name: str
    units: str | None
    base_type: int | None
    native_message: int | None = None
    native_field: int | None = None

    @property
    def column(self) -> str:
        """Name of the column: the same in every file that declares the field alike."""
        return f"dev/{self.application}/{self.name}" + (f" [{self.units}]" if self.units else "")


@dataclass(frozen=True, slots=True)
class Slot:
    """Where one field lies in a message: `count` values of a base type from byte `offset`.

    `key` is the field's number in the profile, or what a file says of a developer field.
    """

    key: int | DeveloperField
    offset: int
    size_bytes: int
    base: BaseType
    misaligned: bool

    @property
    def count(self) -> int:
        """Number of values."""
        return 1 if self.base.is_text else self.size_bytes // self.base.size_bytes

    @property
    def width(self) -> int:
        """Cells that a row has for it: numbers, or bytes of text."""
        return self.size_bytes // self.base.size_bytes


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of message as a file defines it; `size_bytes` includes the header byte."""

    message: int
    big_endian: bool
    size_bytes: int
    slots: tuple[Slot, ...]


Given = tuple[int, DeveloperField]
"""Size of a developer field, and what the file says of it."""


@lru_cache(maxsize=4096)
def layout(body: bytes, developer: tuple[Given, ...]) -> Layout:
    """Return the layout of a definition: its bytes after the header byte, and its developer part.

    Fields of size 0 hold nothing and are left out. A size that is no multiple of the base type's
    (COROS declares `event.data` so) is read as bytes.
    """
    big = body[1] != 0
    offset = 1
    slots: list[Slot] = []
    for i in range(HEAD_BYTES, HEAD_BYTES + FIELD_BYTES * body[4], FIELD_BYTES):
        number, size, code = body[i : i + FIELD_BYTES]
        if size:
            slots.append(_slot(number, offset, size, base_type(code)))
        offset += size
    for size, told in developer:
        if size:
            base = BYTE if told.base_type is None else base_type(told.base_type)
            slots.append(_slot(told, offset, size, base))
        offset += size
    return Layout(message_number(body), big, offset, tuple(slots))


def message_number(body: bytes) -> int:
    """Return which message a definition is of."""
    return int.from_bytes(body[2:4], "big" if body[1] != 0 else "little")


def _slot(key: int | DeveloperField, offset: int, size: int, base: BaseType) -> Slot:
    misaligned = size % base.size_bytes != 0
    return Slot(key, offset, size, BYTE if misaligned else base, misaligned)
