"""What one reader makes of one FIT file, in a form that every reader's answer fits into."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple, TypeAlias

RECORD: Final = 20
"""Number of the message that holds a run's samples."""

ADVANCE_EVERY: Final = 500


class SubFieldKey(NamedTuple):
    """A second name and unit of a field, chosen by the value of another one."""

    field: int
    name: str


class DeveloperKey(NamedTuple):
    """A field that an app defined in the file itself."""

    application: str
    name: str


Key: TypeAlias = int | SubFieldKey | DeveloperKey
"""An int is a field of the profile, by its number."""

Value: TypeAlias = int | float | str | list[Any]
Values: TypeAlias = dict[Key, Value]
"""Physical values of one message; what is empty is not there."""

Advance: TypeAlias = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Known:
    """What a reader's profile says of a field: value = raw / scale − offset.

    `targets` are fields that lie packed in it; `sub_fields` says which (field, raw value) choose
    a sub-field.
    """

    scale: float = 1.0
    offset: float = 0.0
    targets: frozenset[int] = frozenset()
    sub_fields: Mapping[str, frozenset[tuple[int, int]]] = field(default_factory=dict)


Knows: TypeAlias = Callable[[int, int], Known | None]
"""Answers for a message's and a field's number; None where the profile has no such field."""


class Enough(Exception):  # noqa: N818 - no error, but the way out of foreign loops
    """The number of messages that was asked for has been read."""


@dataclass(slots=True)
class Reading:
    """What a reader made of a file.

    `messages` holds, by message number, the messages in file order. `stopped` is the reader's
    own word for why it did not come to the end, empty where it did; `remarks` are all that it
    says about the file. `limited` says that it was told to stop after some messages.
    `overwritten` holds values that it had read and then wrote over, by message number, ordinal
    and key. `seconds` is the reading alone, without what a process does once.
    """

    reader: str
    version: str
    messages: dict[int, list[Values]] = field(default_factory=dict)
    stopped: str = ""
    remarks: tuple[str, ...] = ()
    limited: bool = False
    seconds: float = 0.0
    overwritten: dict[tuple[int, int, Key], Value] = field(default_factory=dict)
    knows: Knows = field(default=lambda _message, _field: None)

    @property
    def n_messages(self) -> int:
        """How many messages it read."""
        return sum(map(len, self.messages.values()))

    @property
    def n_records(self) -> int:
        """How many samples it read."""
        return len(self.messages.get(RECORD, []))

    @property
    def n_values(self) -> int:
        """How many values it read."""
        return sum(len(values) for held in self.messages.values() for values in held)

    @contextmanager
    def clock(self) -> Iterator[None]:
        """Measure what is done inside."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.seconds = time.perf_counter() - begun


@dataclass(slots=True)
class Collector:
    """Takes a reader's messages one by one; raises Enough at the limit."""

    reading: Reading
    limit: int | None = None
    advance: Advance | None = None
    n: int = 0

    def add(self, number: int, values: Values, overwritten: Values | None = None) -> None:
        """Take the next message, and what its reader read of it and then wrote over."""
        held = self.reading.messages.setdefault(number, [])
        for key, value in (overwritten or {}).items():
            self.reading.overwritten[number, len(held), key] = value
        held.append(values)
        self.n += 1
        if self.advance is not None and self.n % ADVANCE_EVERY == 0:
            self.advance(ADVANCE_EVERY)
        if self.n == self.limit:
            self.reading.limited = True
            raise Enough


def tidy(value: Any) -> Value | None:  # noqa: ANN401 - a vendor's value
    """Return a value in the common form: lists for arrays, one cell as itself, None for empty."""
    if isinstance(value, tuple | list | bytes):
        cells = list(value)
        if not cells or all(cell is None for cell in cells):
            return None
        return cells[0] if len(cells) == 1 else cells
    if isinstance(value, bool):
        return int(value)
    return value  # type: ignore[no-any-return] # numbers and strings


def scaled(value: Any, scale: float | None, offset: float | None) -> Any:  # noqa: ANN401
    """Return the physical value of a raw one; what is no number stays as it is."""
    if isinstance(value, tuple | list):
        return [scaled(cell, scale, offset) for cell in value]
    if not isinstance(value, int | float) or not ((scale or 1) != 1 or offset):
        return value
    return value / (scale or 1) - (offset or 0)


def same(left: Value | None, right: Value | None) -> bool:
    """Return whether two values are equal but for rounding."""
    if isinstance(left, list) or isinstance(right, list):
        return (
            isinstance(left, list) and isinstance(right, list) and len(left) == len(right)
            and all(same(a, b) for a, b in zip(left, right, strict=True))
        )  # fmt: skip
    if left is None or right is None or isinstance(left, str) or isinstance(right, str):
        return left == right
    return left == right or math.isclose(left, right, rel_tol=1e-12, abs_tol=1e-9) or (
        math.isnan(left) and math.isnan(right)
    )  # fmt: skip
