"""What a reader tells while it works, and what it is told of contents that ended one before it.

A reader may work in a process of its own that is ended where a content hangs it, fills the memory
or breaks it. Whoever watches it has to know what it is at; the next one has to know what to avoid.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from carryover.rawfile import Stage


class Tell(Protocol):
    """Called before something is done with contents."""

    def __call__(
        self, stage: Stage | None, hashes: Sequence[str], size_bytes: int, step: int = 0, /
    ) -> None:
        """Take note; without a stage, what contents became is put together.

        While a file is opened, `step` counts the contents that have come out of it.
        """


def tell_nobody(
    _stage: Stage | None, _hashes: Sequence[str], _size_bytes: int, _step: int = 0, /
) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Care:
    """How to read where contents may end the reader, all of them known by their hash.

    `condemned` are not read: the stage and the reason why. `shut` are files that are opened only
    until so many contents came out of them, and why. `alone` are decoded one by one, and before
    one of `struck` all that was read is handed over. `most_bytes`: contents read together.
    """

    condemned: Mapping[str, tuple[Stage, str]] = field(default_factory=dict)
    shut: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    alone: frozenset[str] = frozenset()
    struck: frozenset[str] = frozenset()
    most_bytes: int | None = None
    tell: Tell = tell_nobody
