"""The shapes of the FIT profile: what messages, fields and named values are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Component:
    """A run of bits in a packed field that is the value of another field.

    `bits` are counted from `bit_offset`, least significant first; value = raw / scale − offset.
    `accumulate` says that the bits are the low end of a counter that never runs backwards.
    """

    target: int
    bits: int
    bit_offset: int
    scale: float
    offset: float
    accumulate: bool


@dataclass(frozen=True, slots=True)
class SubField:
    """What a field means where another field of the message has a certain value.

    `references` are pairs of field number and raw value; any one that matches selects it.
    """

    name: str
    type_name: str
    base_type: str
    scale: float
    offset: float
    units: str | None
    components: tuple[Component, ...]
    references: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a message; value = raw / scale − offset.

    Where several sub-fields match, the first one is meant. A field that packs several components
    has scale 1; one that has a single component is that value itself, in the same scale.
    """

    number: int
    name: str
    type_name: str
    base_type: str
    scale: float = 1.0
    offset: float = 0.0
    units: str | None = None
    components: tuple[Component, ...] = ()
    sub_fields: tuple[SubField, ...] = ()
    is_array: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One kind of message, with its fields by number."""

    number: int
    name: str
    fields: Mapping[int, Field]

    def by_name(self, name: str) -> Field | None:
        """Return the field of a name, or None."""
        return next((field for field in self.fields.values() if field.name == name), None)


@dataclass(frozen=True, slots=True)
class Profile:
    """The whole profile: messages by number, named values by type.

    `version` is that of the newest part; `common_fields` belong to every message, known or not.
    """

    version: str
    messages: Mapping[int, Message]
    numbers: Mapping[str, int]
    enums: Mapping[str, Mapping[int, str]]
    common_fields: Mapping[int, Field]

    def message(self, number: int) -> Message | None:
        """Return the message of a number, or None where the profile has none."""
        return self.messages.get(number)

    def number_of(self, name: str) -> int | None:
        """Return the number of a message's name, or None."""
        return self.numbers.get(name)

    def enum(self, type_name: str) -> Mapping[int, str] | None:
        """Return raw value → name of a type; None for numbers, times, texts and booleans."""
        return self.enums.get(type_name)
