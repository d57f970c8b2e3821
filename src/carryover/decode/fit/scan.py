"""Walk over a part's messages: the one step that must go message by message.

A data message says nothing of its length; its definition does. So a walk costs a few steps of
Python a message (look up, note, add), and everything else is done for all messages at once.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from carryover.decode.fit.developer import Declared, declares
from carryover.decode.fit.faults import Severity
from carryover.decode.fit.layout import FIELD_BYTES, HEAD_BYTES, Given, Layout, layout

DEFINITION: Final = 0x40
DEVELOPER: Final = 0x20
COMPRESSED: Final = 0x80
STEPS: Final = 8
"""Messages that the inner loop takes before it looks whether it has stalled."""
BYTE_IDS: Final = 250
"""Kinds of messages up to which one byte a message is noted."""
MAX_KINDS: Final = 4096
"""Distinct definitions in one part; real files have up to some hundred."""


class Damage(Exception):  # noqa: N818 - what it is, not an error that leaves the package
    """The walk cannot go on: nothing tells where the next message begins."""


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


@dataclass(slots=True)
class Walk:
    """The state of a walk over one part: which header byte means which kind of message.

    `table` maps a header byte to a local number, 0 where the step needs a closer look.
    """

    content: bytes
    end: int
    kinds: Kinds
    declared: Declared = field(default_factory=Declared)
    table: list[int] = field(default_factory=lambda: [0] * 256)
    sizes: list[int] = field(default_factory=lambda: [0])
    globally: list[int] = field(default_factory=lambda: [0])
    steps: bytearray | array[int] = field(default_factory=bytearray)
    largest: int = 1
    _local: dict[int, int] = field(default_factory=dict)
    _defined: dict[int, _Definition] = field(default_factory=dict)

    def step(self, position: int) -> int:
        """Take one step with care; return the next position.

        Raises EOFError where the message is not whole, Damage where it was never defined.
        """
        header = self.content[position]
        if number := self.table[header]:
            if position + self.sizes[number] > self.end:
                raise EOFError
            self._note(number)
            return position + self.sizes[number]
        if header & COMPRESSED:
            self._alias(header >> 5 & 3)
            return position
        if header & DEFINITION:
            return self._define(position, header)
        return self._describe(position, header & 15)

    def _alias(self, local_type: int) -> None:
        """Let all 32 headers with a packed time stand for their local type."""
        number = self.table[local_type] or self._slow(local_type)
        first = COMPRESSED | local_type << 5
        self.table[first : first + 32] = [number] * 32

    def _define(self, position: int, header: int) -> int:
        body, developer, following = _definition(self.content, position, self.end)
        made = _Definition(body, developer)
        self._bind(header & 15, made)
        self._note(self._number(self.kinds.of_definition(following - position)))
        return following

    def _bind(self, local_type: int, made: _Definition) -> None:
        """Let a local type mean a definition, by what is declared now."""
        given = tuple(self.declared.given(*told) for told in made.developer)
        number = self._number(self.kinds.of_layout(made.body, given))
        self._defined[local_type] = made
        if local_type < 4:  # noqa: PLR2004 - two bits of a compressed header
            first = COMPRESSED | local_type << 5
            self.table[first : first + 32] = [0] * 32
        # Messages that declare developer fields are looked at when they come.
        made.slow = number if declares(made.body) else 0
        self.table[local_type] = 0 if made.slow else number
        self.largest = max(self.largest, self.sizes[number])

    def _describe(self, position: int, local_type: int) -> int:
        number = self._slow(local_type)
        told = self.kinds.layouts[self.globally[number]]
        size = self.sizes[number]
        if told is None or position + size > self.end:
            raise EOFError
        self.declared.learn(self.content[position : position + size], told)
        self._note(number)
        for other, made in list(self._defined.items()):
            if made.developer:
                self._bind(other, made)
        return position + size

    def _slow(self, local_type: int) -> int:
        made = self._defined.get(local_type)
        if made is None or not made.slow:
            raise Damage(f"data of a message that was never defined (local type {local_type})")
        return made.slow

    def _number(self, kind: int) -> int:
        number = self._local.get(kind)
        if number is None:
            if len(self.sizes) > MAX_KINDS:
                raise Damage(f"more than {MAX_KINDS} kinds of messages")
            number = self._local[kind] = len(self.sizes)
            self.sizes.append(self.kinds.sizes[kind])
            self.globally.append(kind)
            if number == BYTE_IDS:
                self.steps = array("H", list(self.steps))
        return number

    def _note(self, number: int) -> None:
        self.steps.append(number)


@dataclass(slots=True)
class _Definition:
    """A definition as it lies in the file; `slow` is its number where it declares fields."""

    body: bytes
    developer: tuple[tuple[int, int, int], ...]
    slow: int = 0


def _definition(
    content: bytes, position: int, end: int
) -> tuple[bytes, tuple[tuple[int, int, int], ...], int]:
    """Return a definition's body, its developer fields (number, size, index), and what follows."""
    head = position + 1 + HEAD_BYTES
    if head > end:
        raise EOFError
    after = head + FIELD_BYTES * content[head - 1]
    # The first byte of the body is reserved: it must not make two kinds of one.
    body = b"\0" + content[position + 2 : after]
    developer: list[tuple[int, int, int]] = []
    if content[position] & DEVELOPER and after < end:
        begin = after + 1
        after = begin + FIELD_BYTES * content[after]
        developer = [
            (content[i], content[i + 1], content[i + 2])
            for i in range(begin, min(after, end - 2), FIELD_BYTES)
        ]
    elif content[position] & DEVELOPER:
        raise EOFError
    if after > end:
        raise EOFError
    return body, tuple(developer), after


Tell = Callable[[int, str, Severity], None]


def walk(
    content: bytes, begin: int, end: int, kinds: Kinds, tell: Tell, *, cut_off: Severity | None
) -> npt.NDArray[np.uint32]:
    """Return the number of each message's kind in [begin, end), in order.

    A message that is not whole ends the walk, which is told as `cut_off` (None: not at all); so
    does one that was never defined.
    """
    state = Walk(content, end, kinds)
    position = begin
    try:
        while position < end:
            position = _stride(state, position)
            if position >= end:
                break
            position = state.step(position)
    except EOFError:
        if cut_off:
            what = f"the file ends in the middle of a message (after byte {position})"
            tell(position, what, cut_off)
    except Damage as damage:
        tell(position, f"damaged after byte {position}: {damage}", Severity.LOST)
    steps = np.frombuffer(
        state.steps, np.uint8 if isinstance(state.steps, bytearray) else np.uint16
    )
    globally: npt.NDArray[np.uint32] = np.array(state.globally, np.uint32)
    return np.asarray(globally[steps])


def _stride(state: Walk, position: int) -> int:
    """Step over messages while none needs a closer look and none can reach the end."""
    content, table, sizes, steps = state.content, state.table, state.sizes, state.steps
    note = steps.append
    stop = state.end - STEPS * state.largest
    number = 1
    while position < stop and number:
        number = table[content[position]]
        note(number)
        position += sizes[number]
        number = table[content[position]]
        note(number)
        position += sizes[number]
        number = table[content[position]]
        note(number)
        position += sizes[number]
        number = table[content[position]]
        note(number)
        position += sizes[number]
        number = table[content[position]]
        note(number)
        position += sizes[number]
        number = table[content[position]]
        note(number)
        position += sizes[number]
        number = table[content[position]]
        note(number)
        position += sizes[number]
        number = table[content[position]]
        note(number)
        position += sizes[number]
    # A step of number 0 goes nowhere: what stands at the end was noted while standing.
    while steps and not steps[-1]:
        steps.pop()
    return position
