"""The kinds of messages that the files of a batch define, numbered once for all of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from carryover.decode.fit.layout import Given, Layout, layout

MAX_FIELDS: Final = 1 << 15
"""Fields of all distinct definitions of a file; the most seen in a real file is 1,277."""

MAX_MESSAGES: Final = 1 << 20
"""Messages of a file, definitions counted: twelve days of one a second."""

MAX_DEFINITIONS: Final = 1 << 18
"""Definitions of a file, repeated ones counted; each takes as long as ten other messages."""


@dataclass(slots=True)
class Room:
    """What one file may still hold: fields of its definitions, messages, definitions."""

    fields: int = MAX_FIELDS
    messages: int = MAX_MESSAGES
    definitions: int = MAX_DEFINITIONS


@dataclass(slots=True)
class Kinds:
    """The kinds of messages of a batch, numbered; shared by its files.

    Definitions are steps of the walk, too: they are kinds without a layout, one a length.
    """

    layouts: list[Layout | None] = field(default_factory=lambda: [None])
    sizes: list[int] = field(default_factory=lambda: [0])
    _numbers: dict[tuple[bytes, tuple[Given, ...]] | int, int] = field(default_factory=dict)

    def of_layout(self, body: bytes, developer: tuple[Given, ...]) -> int:
        """Return the number of the messages that a definition describes."""
        key = body, developer
        return self._numbers.get(key) or self._enter(key, layout(body, developer))

    def of_definition(self, size_bytes: int) -> int:
        """Return the number of definitions of so many bytes."""
        return self._numbers.get(size_bytes) or self._enter(size_bytes, None, size_bytes)

    def _enter(
        self,
        key: tuple[bytes, tuple[Given, ...]] | int,
        told: Layout | None,
        size_bytes: int = 0,
    ) -> int:
        self._numbers[key] = len(self.sizes)
        self.layouts.append(told)
        self.sizes.append(told.size_bytes if told else size_bytes)
        return self._numbers[key]
