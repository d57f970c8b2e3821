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

from carryover.decode.fit.definition import Definition, read_definition
from carryover.decode.fit.developer import Declared, declares
from carryover.decode.fit.faults import Severity
from carryover.decode.fit.framing import CRC_SIZE
from carryover.decode.fit.kinds import MAX_DEFINITIONS, MAX_FIELDS, MAX_MESSAGES, Kinds, Room
from carryover.decode.fit.resume import DEFINITION, resume

COMPRESSED: Final = 0x80
LOCAL_TYPE: Final = 0x0F
RESERVED: Final = 0x30
"""Bits that headers of data should not have."""
ODD_BITS: Final = (0x10, 0x20, 0x30)
PACKED_TYPES: Final = 4
"""Local types that a header with a packed time can name: it has two bits for it."""
STEPS: Final = 8
"""Messages that the inner loop takes before it looks whether it has stalled."""
BYTE_IDS: Final = 250
"""Kinds of messages up to which one byte a message is noted."""
MAX_KINDS: Final = 4096
"""Distinct definitions in one part; real files have up to some hundred."""
MAX_DAMAGES: Final = 100
"""Places in one part after which the way back is searched."""
MAX_DECLARATIONS: Final = 1 << 14
"""Messages in one part that declare developer fields; each takes as long as hundreds of others."""


class Damage(Exception):  # noqa: N818 - what it is, not an error that leaves the package
    """The walk cannot go on: nothing tells where the next message begins."""


@dataclass(slots=True)
class Walk:
    """The state of a walk over one part: which header byte means which kind of message.

    `table` maps a header byte to a local number, 0 where the step needs a closer look.
    """

    content: bytes
    end: int
    kinds: Kinds
    room: Room = field(default_factory=Room)
    declared: Declared = field(default_factory=Declared)
    table: list[int] = field(default_factory=lambda: [0] * 256)
    sizes: list[int] = field(default_factory=lambda: [0])
    globally: list[int] = field(default_factory=lambda: [0])
    steps: bytearray | array[int] = field(default_factory=bytearray)
    largest: int = 1
    declarations: int = 0
    _local: dict[int, int] = field(default_factory=dict)
    _defined: dict[int, Definition] = field(default_factory=dict)

    def taken(self) -> npt.NDArray[np.uint32]:
        """Return the kinds of the messages so far, and begin anew."""
        width = np.uint8 if isinstance(self.steps, bytearray) else np.uint16
        globally: npt.NDArray[np.uint32] = np.array(self.globally, np.uint32)
        kinds = globally[np.frombuffer(bytes(self.steps), width)]
        self.room.messages -= len(self.steps)
        self.steps = self.steps[:0]
        return np.asarray(kinds)

    def left(self) -> int:
        """Return how many messages the file may still hold."""
        return self.room.messages - len(self.steps)

    def drop_last(self) -> int:
        """Forget the last message; return its size in bytes (0: there was none)."""
        return self.sizes[self.steps.pop()] if self.steps else 0

    def step(self, position: int) -> int:
        """Take one step with care; return the next position.

        Raises EOFError where the message is not whole, Damage where it was never defined.
        """
        if self.left() <= 0:
            raise Damage(f"more than {MAX_MESSAGES} messages")
        header = self.content[position]
        if number := self.table[header]:
            if position + self.sizes[number] > self.end:
                raise EOFError
            self._note(number)
            return position + self.sizes[number]
        if header & COMPRESSED:
            return self._look(position, header >> 5 & 3)
        if header & DEFINITION:
            return self._define(position, header)
        return self._odd(position, header) if header & RESERVED else self._look(position, header)

    def _look(self, position: int, local_type: int) -> int:
        """Look closer at data: what they declare is learned, else the local type is settled."""
        made = self._defined.get(local_type)
        if made is None:
            raise Damage(f"data of a message that was never defined (local type {local_type})")
        if not made.number:
            self._bind(local_type, made)
        if made.declares:
            return self._describe(position, made.number)
        self._settle(local_type, made.number)
        return position

    def _odd(self, position: int, header: int) -> int:
        """Take a data header with reserved bits set, as other readers do, if a message follows."""
        made = self._defined.get(header & LOCAL_TYPE)
        if made is None or made.declares:
            raise Damage(f"no message begins with {header:#04x}")
        if not made.number:
            self._bind(header & LOCAL_TYPE, made)
        after = position + self.sizes[made.number]
        if after < self.end and not self._can_begin(self.content[after]):
            raise Damage(f"no message begins with {header:#04x}")
        self.table[header] = made.number
        return position

    def _can_begin(self, header: int) -> bool:
        if header & COMPRESSED:
            return header >> 5 & 3 in self._defined
        return bool(header & DEFINITION) or header & LOCAL_TYPE in self._defined

    def _settle(self, local_type: int, number: int) -> None:
        """Let a local type, with a packed time or without, mean a kind of message (0: ask)."""
        self.table[local_type] = number
        for bits in ODD_BITS:
            self.table[bits | local_type] = 0
        if local_type < PACKED_TYPES:
            first = COMPRESSED | local_type << 5
            self.table[first : first + 32] = [number] * 32

    def _define(self, position: int, header: int) -> int:
        self.room.definitions -= 1
        if self.room.definitions < 0:
            raise Damage(f"more than {MAX_DEFINITIONS} definitions")
        body, developer, following = read_definition(self.content, position, self.end)
        made = Definition(body, developer)
        self._bind(header & LOCAL_TYPE, made)
        self._note(self._number(self.kinds.of_definition(following - position)))
        return following

    def _bind(self, local_type: int, made: Definition) -> None:
        """Let a local type mean a definition, by what is declared now."""
        given = tuple(self.declared.given(*told) for told in made.developer)
        kind = self.kinds.of_layout(made.body, given)
        made.number = self._number(kind)
        made.declares = declares(self.kinds.layouts[kind])
        self._defined[local_type] = made
        # Messages that declare developer fields are looked at when they come.
        self._settle(local_type, 0 if made.declares else made.number)
        self.largest = max(self.largest, self.sizes[made.number])

    def _describe(self, position: int, number: int) -> int:
        told = self.kinds.layouts[self.globally[number]]
        size = self.sizes[number]
        if told is None or position + size > self.end:
            raise EOFError
        self.declarations += 1
        if self.declarations > MAX_DECLARATIONS:
            raise Damage(f"more than {MAX_DECLARATIONS} declarations of fields")
        self._note(number)
        if self.declared.learn(self.content[position : position + size], told):
            # Bound again when they come: a file of declarations alone must not cost more.
            for local_type, made in self._defined.items():
                if made.developer and made.number:
                    made.number = 0
                    self._settle(local_type, 0)
        return position + size

    def _number(self, kind: int) -> int:
        number = self._local.get(kind)
        if number is None:
            if len(self.sizes) > MAX_KINDS:
                raise Damage(f"more than {MAX_KINDS} kinds of messages")
            told = self.kinds.layouts[kind]
            self.room.fields -= len(told.slots) if told else 0
            if self.room.fields < 0:
                raise Damage(f"more than {MAX_FIELDS} fields are defined")
            number = self._local[kind] = len(self.sizes)
            self.sizes.append(self.kinds.sizes[kind])
            self.globally.append(kind)
            if number == BYTE_IDS:
                self.steps = array("H", list(self.steps))
        return number

    def _note(self, number: int) -> None:
        self.steps.append(number)


Tell = Callable[[int, str, Severity], None]
Run = tuple[int, npt.NDArray[np.uint32]]
"""The byte of a first message, and the kinds of the messages that follow without a gap."""


def walk(
    content: bytes,
    begin: int,
    end: int,
    kinds: Kinds,
    tell: Tell,
    *,
    cut_off: Severity | None,
    room: Room,
    declared: Declared,
) -> list[Run]:
    """Return the messages in [begin, end): one run, or several where damage lies between.

    `room` is what the definitions of the file may still add up to; it shrinks. `declared` learns
    which fields applications declare.
    A message that is not whole ends the walk, which is told as `cut_off` (None: not at all).
    Where bytes are missing or wrong, what follows is found again, if it can be.
    """
    state = Walk(content, end, kinds, room, declared)
    runs: list[Run] = []
    damages: list[tuple[int, str]] = []
    first: int | None = begin
    skipped = 0
    while first is not None:
        position, damage = _run(state, first)
        # Where the size is not to be trusted, the last two bytes may be the file's checksum.
        if damage is None or (cut_off is None and end - position <= CRC_SIZE):
            runs.append((first, state.taken()))
            if position < end and cut_off:
                what = f"the file ends in the middle of a message (after byte {position})"
                tell(position, what, cut_off)
            break
        # Whatever went wrong, went wrong in the last message that still looked sound.
        sound = position - state.drop_last()
        runs.append((first, state.taken()))
        damages.append((position, damage))
        more = len(damages) < MAX_DAMAGES and room.messages > 1 and room.definitions >= 0
        first = resume(content, sound + 1, end, state.table, state.sizes) if more else None
        skipped += (end if first is None else first) - sound
    if damages:
        tell(damages[0][0], _told(damages, skipped), Severity.LOST)
    return runs


def _told(damages: list[tuple[int, str]], skipped: int) -> str:
    position, what = damages[0]
    places = "" if len(damages) == 1 else f" and in {len(damages) - 1} more places"
    return f"damaged after byte {position}{places}: {what}; {skipped} bytes are left out"


def _run(state: Walk, position: int) -> tuple[int, str | None]:
    """Walk on from a byte; return where it ended, and the damage that ended it."""
    try:
        while position < state.end:
            position = _stride(state, position)
            if position >= state.end:
                break
            position = state.step(position)
    except EOFError:
        return position, None
    except Damage as damage:
        return position, str(damage)
    return position, None


def _stride(state: Walk, position: int) -> int:
    """Step over messages while none needs a closer look and none can reach the end."""
    content, table, sizes, steps = state.content, state.table, state.sizes, state.steps
    note = steps.append
    # No message is shorter than a byte: the walk looks again before there can be too many.
    stop = min(state.end - STEPS * state.largest, position + state.left() - STEPS)
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
