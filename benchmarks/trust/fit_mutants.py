"""FIT files spoilt at the level of their framing: messages, definitions, sizes, checksums.

A file is parsed into parts, a part into messages; what is spoilt is put together again, for half
of the mutants with right sizes and checksums, so that what lies behind those checks is reached.
"""

from __future__ import annotations

import copy
import random
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fastcrc import crc16

HEADER: Final = 14
KEPT: Final = 500
"""Messages of a seed's middle that stay: the mutants of a long file would only be slow."""
LARGEST_SEED: Final = 450_000
TIMES: Final = (253, 2, 4)
CHOSEN: Final = (253, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 39, 40, 41, 73, 78, 83, 84, 85)
"""Numbers of fields that are read: times, places, distance, speed, cadence, dynamics, sets."""
BASES: Final = (0, 1, 2, 7, 10, 13, 0x83, 0x84, 0x85, 0x86, 0x88, 0x89, 0x8B, 0x8C, 0x8E, 0x8F,
                0x90, 0x55, 0xFF)  # fmt: skip
MESSAGES: Final = (0, 18, 19, 20, 21, 23, 34, 132, 206, 207, 225, 264, 0xFF00, 0xFFFF)
NAN32, INF32 = struct.pack("<f", float("nan")), struct.pack("<f", float("inf"))
NAN64, INF64 = struct.pack("<d", float("nan")), struct.pack("<d", float("-inf"))


@dataclass(slots=True)
class Message:
    """One message as it lies in a file: its head byte and its body.

    Data carry the definition that they were written by; of a definition that is None.
    """

    head: int
    body: bytearray
    by: Message | None = None

    @property
    def fields(self) -> list[tuple[int, int, int]]:
        """The fields of a definition: number, size, base type (or developer index)."""
        end = 5 + 3 * self.body[4] if len(self.body) > 4 else 0
        if len(self.body) < 5:
            return []
        plain = bytes(self.body[5:end])
        extra = bytes(self.body[end + 1 :]) if self.head & 0x20 else b""
        both = plain + extra
        return [tuple(both[i : i + 3]) for i in range(0, len(both) - 2, 3)]  # type: ignore[misc]

    @property
    def number(self) -> int:
        """The message's number, of a definition."""
        return int(struct.unpack_from(">H" if self.body[1] else "<H", self.body, 2)[0])


@dataclass(slots=True)
class Part:
    """One FIT file of a chain; sizes and checksums are right where they are None."""

    messages: list[Message]
    header_size: int = HEADER
    data_size: int | None = None
    header_crc: int | None = None
    crc: int | None = None
    tail: bytes = b""

    def file(self) -> bytes:
        """Return the part's bytes."""
        body = b"".join(bytes([m.head]) + bytes(m.body) for m in self.messages) + self.tail
        size = len(body) if self.data_size is None else self.data_size
        head = struct.pack("<BBHI4s", self.header_size & 0xFF, 0x20, 2093, size, b".FIT")
        if self.header_size >= HEADER:
            told = crc16.arc(head) if self.header_crc is None else self.header_crc
            head += struct.pack("<H", told) + bytes(self.header_size - HEADER)
        whole = head + body
        return whole + struct.pack("<H", crc16.arc(whole) if self.crc is None else self.crc)


def parse(content: bytes) -> list[Part]:
    """Return the parts of a file as far as its framing can be followed."""
    found, offset = [], 0
    while content[offset + 8 : offset + 12] == b".FIT":
        size = struct.unpack_from("<I", content, offset + 4)[0]
        begin = offset + content[offset]
        found.append(Part(_messages(content[begin : begin + size])))
        offset = begin + size + 2
    return found


def _messages(body: bytes) -> list[Message]:
    found: list[Message] = []
    local: dict[int, tuple[Message, int]] = {}
    place = 0
    while place < len(body):
        head = body[place]
        if head & 0xC0 == 0x40:
            end = place + 6 + 3 * body[place + 5] if place + 5 < len(body) else len(body) + 1
            if head & 0x20 and end < len(body):
                end += 1 + 3 * body[end]
            if end > len(body):
                break
            made = Message(head, bytearray(body[place + 1 : end]))
            local[head & 15] = made, sum(size for _, size, _ in made.fields)
        else:
            by, size = local.get(head >> 5 & 3 if head & 0x80 else head & 15, (None, 0))
            end = place + 1 + size
            if by is None or end > len(body):
                break
            made = Message(head, bytearray(body[place + 1 : end]), by)
        found.append(made)
        place = end
    return found


def seeds(corpus: Path, made: Sequence[bytes], largest: int = LARGEST_SEED) -> list[list[Part]]:
    """Return parsed files to spoil: `made` ones, and the real ones of a folder, cut to a size."""
    real = [
        path.read_bytes()
        for path in sorted(corpus.rglob("*"))
        if path.suffix.lower() == ".fit" and path.stat().st_size <= largest
    ]
    parsed = [parse(content) for content in (*made, *real)]
    return [[_shortened(part) for part in parts] for parts in parsed if any(map(_any, parts))]


def _any(part: Part) -> bool:
    return bool(part.messages)


def _shortened(part: Part) -> Part:
    """Leave out data from a part's middle; definitions stay, so that the rest can be read."""
    held = part.messages
    first, last = KEPT, len(held) - KEPT // 4
    kept = [m for i, m in enumerate(held) if m.by is None or i < first or i >= last]
    return Part(kept)


# Ways to spoil: each changes a list of parts. `rng` decides where; `others` are further seeds.
Spoil = Callable[[list[Part], random.Random, Sequence[list[Part]]], None]


def mutant(number: int, held: Sequence[list[Part]], seed: int = 0) -> tuple[bytes, list[str]]:
    """Return mutant `number` and what was done to it; the same for the same number and seed."""
    rng = random.Random(seed * 1_000_003 + number)
    parts = copy.deepcopy(rng.choice(held))
    done = []
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        way = rng.choice(WAYS)
        way(parts, rng, held)
        done.append(way.__name__.strip("_"))
    content = b"".join(part.file() for part in parts)
    if rng.random() < 0.5:
        # The other half is damaged behind its checksums, too.
        content = _bytes_spoilt(content, rng)
        done.append("bytes")
    return content, done


def _bytes_spoilt(content: bytes, rng: random.Random) -> bytes:
    spoilt = bytearray(content)
    for _ in range(rng.choice((1, 2, 5))):
        if len(spoilt) < 16:
            break
        place, way = rng.randrange(len(spoilt)), rng.random()
        if way < 0.4:
            spoilt[place] = rng.randrange(256)
        elif way < 0.6:
            spoilt[place] ^= 1 << rng.randrange(8)
        elif way < 0.75:
            del spoilt[place : place + rng.randint(1, 12)]
        elif way < 0.9:
            spoilt[place:place] = rng.randbytes(rng.randint(1, 12))
        else:
            del spoilt[max(place, 13) :]
    return bytes(spoilt)


def _pick(parts: list[Part], rng: random.Random) -> tuple[list[Message], int] | None:
    held = [part.messages for part in parts if part.messages]
    if not held:
        return None
    messages = rng.choice(held)
    return messages, rng.randrange(len(messages))


def _definition(parts: list[Part], rng: random.Random) -> Message | None:
    held = [m for part in parts for m in part.messages if m.by is None and len(m.body) > 4]
    return rng.choice(held) if held else None


def _dropped(parts: list[Part], rng: random.Random, _: object) -> None:
    if found := _pick(parts, rng):
        messages, at = found
        del messages[at : at + rng.choice((1, 1, 3, 20))]


def _doubled(parts: list[Part], rng: random.Random, _: object) -> None:
    if found := _pick(parts, rng):
        messages, at = found
        twice = messages[at : at + rng.choice((1, 3, 40))]
        messages[at:at] = copy.deepcopy(twice) * rng.choice((1, 1, 2, 10))


def _swapped(parts: list[Part], rng: random.Random, _: object) -> None:
    if found := _pick(parts, rng):
        messages, at = found
        other = rng.randrange(len(messages))
        messages[at], messages[other] = messages[other], messages[at]


def _spliced(parts: list[Part], rng: random.Random, others: Sequence[list[Part]]) -> None:
    """Messages of another file, with their definition or without."""
    found, source = _pick(parts, rng), _pick(list(rng.choice(others)), rng)
    if found and source:
        messages, at = found
        theirs, first = source
        taken = copy.deepcopy(theirs[first : first + rng.choice((1, 5, 50))])
        if taken[0].by is not None and rng.random() < 0.5:
            taken.insert(0, copy.deepcopy(taken[0].by))
        messages[at:at] = taken


def _orphaned(parts: list[Part], rng: random.Random, _: object) -> None:
    """A definition goes, its data stay."""
    if (made := _definition(parts, rng)) is not None:
        for part in parts:
            part.messages = [m for m in part.messages if m is not made]


def _unused(parts: list[Part], rng: random.Random, _: object) -> None:
    """The data of a definition go; it stays."""
    if (made := _definition(parts, rng)) is not None:
        for part in parts:
            part.messages = [m for m in part.messages if m.by is not made]


def _retyped(parts: list[Part], rng: random.Random, _: object) -> None:
    """A field's number, size, base type or count; sometimes the data grow with it."""
    made = _definition(parts, rng)
    if made is None or not made.body[4] or len(made.body) < 8:
        return
    which = rng.randrange(made.body[4])
    at = 5 + 3 * which
    if at + 2 >= len(made.body):
        return
    way = rng.random()
    if way < 0.35:
        made.body[at + 2] = rng.choice(BASES)
    elif way < 0.6:
        made.body[at] = rng.choice(CHOSEN)
    elif way < 0.9:
        old, new = made.body[at + 1], rng.choice((0, 1, 2, 3, 4, 5, 7, 8, 16, 255))
        offset = sum(size for _, size, _ in made.fields[:which])
        made.body[at + 1] = new
        if rng.random() < 0.8:
            for message in (m for part in parts for m in part.messages if m.by is made):
                value = bytes(message.body[offset : offset + old])
                message.body[offset : offset + old] = (value * 256)[:new] if value else bytes(new)
    else:
        made.body[4] = rng.choice((0, 1, made.body[4] + 1 & 0xFF, 255))


def _renumbered(parts: list[Part], rng: random.Random, _: object) -> None:
    """Another architecture, another message, or another local number."""
    made = _definition(parts, rng)
    if made is None:
        return
    way = rng.random()
    if way < 0.35:
        made.body[1] = rng.choice((0, 1, 2, 255)) if made.body[1] == 0 else 0
    elif way < 0.75:
        made.body[2:4] = struct.pack("<H", rng.choice(MESSAGES))
    else:
        made.head = made.head & 0xF0 | rng.randrange(16)


def _widened(parts: list[Part], rng: random.Random, _: object) -> None:
    """Developer fields that nobody has described."""
    made = _definition(parts, rng)
    if made is None or made.head & 0x20:
        return
    extra = [(rng.randrange(256), rng.choice((0, 1, 4, 255)), rng.randrange(4)) for _ in range(3)]
    made.head |= 0x20
    made.body += bytes([len(extra)]) + b"".join(map(bytes, extra))
    room = sum(size for _, size, _ in extra)
    for message in (m for part in parts for m in part.messages if m.by is made):
        message.body += rng.randbytes(room)


def _undescribed(parts: list[Part], rng: random.Random, _: object) -> None:
    """Descriptions of developer fields go, or say something else."""
    for part in parts:
        told = [
            m for m in part.messages if m.by and len(m.by.body) > 4 and m.by.number in (206, 207)
        ]
        if not told:
            continue
        chosen = rng.choice(told)
        if rng.random() < 0.5:
            part.messages = [m for m in part.messages if m is not chosen]
        elif chosen.body:
            place = rng.randrange(len(chosen.body))
            chosen.body[place] = rng.choice((0, 1, 7, 13, 0x84, 0x88, 0x89, 255))


def _extreme(parts: list[Part], rng: random.Random, _: object) -> None:
    """Extreme values in one field that is read, of one message or of many."""
    held = [m for part in parts for m in part.messages if m.by is not None]
    usable = [m for m in held if any(n in CHOSEN for n, _, _ in m.by.fields)]  # type: ignore[union-attr]
    if not usable:
        return
    first = rng.choice(usable)
    made = first.by
    assert made is not None
    places = [i for i, (n, size, _) in enumerate(made.fields) if n in CHOSEN and size]
    if not places:
        return
    which = rng.choice(places)
    number, size, _ = made.fields[which]
    offset = sum(s for _, s, _ in made.fields[:which])
    same = [m for m in held if m.by is made]
    begin = rng.randrange(len(same))
    for message in same[begin : begin + rng.choice((1, 1, 10, len(same)))]:
        value = _value(number, size, bytes(message.body[offset : offset + size]), rng)
        message.body[offset : offset + size] = value


def _value(number: int, size: int, held: bytes, rng: random.Random) -> bytes:
    if number in TIMES and size == 4 and len(held) == 4 and rng.random() < 0.7:
        told = struct.unpack("<I", held)[0]
        shift = rng.choice(
            (-1, 0, 7 * 3600, -7 * 3600, 86_400, -86_400, 400 * 86_400, 20 * 31_557_600)
        )
        return struct.pack("<I", (told + shift) % 2**32)
    ways = (
        b"\xff" * size, bytes(size), b"\x7f" * size, b"\xff" * (size - 1) + b"\x7f",
        b"\xfe" * size, bytes(size - 1) + b"\x80", rng.randbytes(size),
        (NAN32 * 64)[:size], (INF32 * 64)[:size], (NAN64 * 32)[:size], (INF64 * 32)[:size],
    )  # fmt: skip
    return rng.choice(ways)[:size].ljust(size, b"\0")


def _packed(parts: list[Part], rng: random.Random, _: object) -> None:
    """Headers of data that say they carry a packed time."""
    if found := _pick(parts, rng):
        messages, at = found
        for message in messages[at : at + rng.choice((1, 30))]:
            if message.by is not None:
                message.head = 0x80 | rng.randrange(128)


def _inserted(parts: list[Part], rng: random.Random, _: object) -> None:
    """Bytes that are no message."""
    if found := _pick(parts, rng):
        messages, at = found
        messages.insert(
            at, Message(rng.randrange(256), bytearray(rng.randbytes(rng.randint(0, 9))))
        )


def _lied(parts: list[Part], rng: random.Random, _: object) -> None:
    """A header or a checksum that is wrong."""
    part = rng.choice(parts)
    way = rng.randrange(5)
    if way == 0:
        part.header_size = rng.choice((0, 1, 11, 12, 13, 15, 40, 255))
    elif way == 1:
        size = len(part.file())
        part.data_size = rng.choice((0, 1, size - 20, size + 100, 2**31, 2**32 - 1)) % 2**32
    elif way == 2:
        part.header_crc = rng.choice((0, 1, 0xFFFF))
    elif way == 3:
        part.crc = rng.choice((0, 1, 0xFFFF))
    else:
        part.tail = rng.randbytes(rng.choice((1, 2, 14, 300)))


def _chained(parts: list[Part], rng: random.Random, others: Sequence[list[Part]]) -> None:
    """Another file, or the same one, behind it."""
    parts += copy.deepcopy(list(rng.choice((parts, list(rng.choice(others)))))[:3])


WAYS: Final[tuple[Spoil, ...]] = (
    _dropped, _doubled, _swapped, _spliced, _orphaned, _unused, _retyped, _retyped, _renumbered,
    _widened, _undescribed, _extreme, _extreme, _extreme, _packed, _inserted, _lied, _chained,
)  # fmt: skip
