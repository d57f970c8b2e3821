"""Which fields applications declare in a file, as they stand at the moment."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from carryover.decode.fit.base_types import BASE_TYPES, MASK
from carryover.decode.fit.layout import DeveloperField, Given, Layout, Slot

Key = TypeVar("Key")
Value = TypeVar("Value")

FIELD_DESCRIPTION: Final = 206
DEVELOPER_DATA_ID: Final = 207
APPLICATION_ID: Final = 1
DATA_INDEX_OF_ID: Final = 3
DATA_INDEX, NUMBER, BASE_TYPE, NAME, UNITS = 0, 1, 2, 3, 8
NATIVE_MESSAGE, NATIVE_FIELD = 14, 15
"""Numbers of the fields of both messages that matter here (FIT profile)."""
NEEDED: Final = {
    FIELD_DESCRIPTION: {DATA_INDEX, NUMBER, BASE_TYPE},
    DEVELOPER_DATA_ID: {APPLICATION_ID, DATA_INDEX_OF_ID},
}
"""Message → fields without which it declares nothing."""
MAX_DECLARED: Final = 256
"""Applications and fields that count in one part; watches have up to some thirty."""
MAX_TOLD: Final = 1024
"""Descriptions that are remembered of one part, those that were replaced among them."""


def declares(told: Layout | None) -> bool:
    """Return whether messages of a layout can declare something: they say what and where."""
    needed = NEEDED.get(told.message) if told else None
    return bool(told and needed and needed <= {slot.key for slot in told.slots})


@dataclass(slots=True)
class Declared:
    """Applications by index, and their fields by index and number; a later one replaces."""

    _applications: dict[int, str] = field(default_factory=dict)
    _fields: dict[tuple[int, int], DeveloperField] = field(default_factory=dict)
    _told: dict[DeveloperField, None] = field(default_factory=dict)

    def told(self) -> list[DeveloperField]:
        """Return every field that was ever declared, each once, in the order of the file."""
        return list(self._told)

    def given(self, number: int, size: int, index: int) -> Given:
        """Return size and description of a developer field of a definition."""
        known = self._fields.get((index, number))
        if known is None:
            name = f"undeclared_{index}_{number}"
            known = DeveloperField(self._application(index), name, None, None)
        return size, known

    def learn(self, message: bytes, told: Layout) -> bool:
        """Take over what one message declares; return whether that is anything new."""
        values = {
            slot.key: _value(message, slot, big_endian=told.big_endian)
            for slot in told.slots
            if isinstance(slot.key, int)
        }
        if told.message == DEVELOPER_DATA_ID:
            return self._introduce(values.get(DATA_INDEX_OF_ID), values.get(APPLICATION_ID))
        index, number = values.get(DATA_INDEX), values.get(NUMBER)
        base = values.get(BASE_TYPE)
        if not (isinstance(index, int) and isinstance(number, int) and isinstance(base, int)):
            return False
        known = base & MASK in BASE_TYPES
        described = DeveloperField(
            application=self._application(index),
            name=_text(values.get(NAME)) or f"unnamed_{number}",
            units=_text(values.get(UNITS)),
            base_type=base & MASK if known else None,
            native_message=_number(values.get(NATIVE_MESSAGE)),
            native_field=_number(values.get(NATIVE_FIELD)),
        )
        if len(self._told) < MAX_TOLD:
            self._told[described] = None
        return known and _put(self._fields, (index, number), described)

    def _introduce(self, index: object, named: object) -> bool:
        """Let an application take an index; the fields of one before it are no more."""
        if not (isinstance(index, int) and isinstance(named, bytes)):
            return False
        application = named.hex()
        for (of, number), told in list(self._fields.items()):
            if of != index or told.application == application:
                continue
            # What was described before the first introduction is its; a successor's is not.
            if index not in self._applications:
                named_so = replace(told, application=application)
                self._fields[of, number] = named_so
                self._told = {named_so if t == told else t: None for t in self._told}
            else:
                del self._fields[of, number]
        return _put(self._applications, index, application)

    def _application(self, index: int) -> str:
        return self._applications.get(index, str(index))


def _value(message: bytes, slot: Slot, *, big_endian: bool) -> int | bytes | str | None:
    """Return a single number, the text, or the bytes of an array; None where it is invalid."""
    raw = message[slot.offset : slot.offset + slot.size_bytes]
    if slot.base.is_text:
        return raw.split(b"\0", 1)[0].decode("utf-8", errors="replace").strip() or None
    if slot.size_bytes > slot.base.size_bytes or slot.base.is_float:
        return None if raw == b"\xff" * len(raw) else raw
    number = int.from_bytes(raw, "big" if big_endian else "little")
    return None if number == slot.base.invalid else number


def _put(held: dict[Key, Value], key: Key, value: Value) -> bool:
    """Enter a value where there is room; return whether it is new."""
    if held.get(key) == value or (key not in held and len(held) >= MAX_DECLARED):
        return False
    held[key] = value
    return True


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
