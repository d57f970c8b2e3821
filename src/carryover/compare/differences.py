"""Two readings of one file side by side: which values agree, which do not, which are not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from carryover.compare.readings import Key, Reading, Value, Values, same


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that two readers do not agree on; None where a reader has none.

    `ordinal` counts messages of the same number from 0.
    """

    message: int
    ordinal: int
    key: Key
    ours: Value | None
    theirs: Value | None
    our_message: Values = field(repr=False)
    their_message: Values = field(repr=False)


@dataclass(frozen=True, slots=True)
class Missing:
    """Messages of one number that only one of two readers has."""

    message: int
    n_messages: int
    n_values: int
    only_ours: bool


@dataclass(slots=True)
class Pairing:
    """Counts of what was compared, and everything that differs."""

    n_equal: int = 0
    differences: list[Difference] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)

    @property
    def n_compared(self) -> int:
        """How many values at least one of both has, in messages that both have."""
        return self.n_equal + len(self.differences)


def pair(ours: Reading, theirs: Reading) -> Pairing:
    """Hold two readings against one another, message by message, value by value."""
    found = Pairing()
    for number in sorted(ours.messages.keys() | theirs.messages.keys()):
        left, right = ours.messages.get(number, []), theirs.messages.get(number, [])
        for ordinal, (mine, other) in enumerate(zip(left, right, strict=False)):
            if mine == other:
                found.n_equal += len(mine)
                continue
            told = list(_differences(number, ordinal, mine, other))
            found.differences += told
            found.n_equal += len(mine.keys() | other.keys()) - len(told)
        found.missing += _missing(number, left[len(right) :], only_ours=True, by=theirs)
        found.missing += _missing(number, right[len(left) :], only_ours=False, by=ours)
    return found


def _differences(number: int, ordinal: int, mine: Values, other: Values) -> Iterator[Difference]:
    for key in {**mine, **other}:  # in our order, so that the first example is always the same
        left, right = mine.get(key), other.get(key)
        if not same(left, right):
            yield Difference(number, ordinal, key, left, right, mine, other)


def _missing(number: int, rest: list[Values], *, only_ours: bool, by: Reading) -> Iterator[Missing]:
    """Yield messages that one reader lacks, unless it was told to stop before them."""
    if rest and not by.limited:
        yield Missing(number, len(rest), sum(map(len, rest)), only_ours)
