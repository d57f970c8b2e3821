"""Hold another reader's answer against ours and sort what differs by kind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from carryover.compare.differences import Missing, pair
from carryover.compare.kinds import UNEXPLAINED, Kind, kind_of, kind_of_extra, kind_of_stop
from carryover.compare.names import said, where
from carryover.compare.readings import Reading
from carryover.compare.rules import Case, declared_types


@dataclass(slots=True)
class Tally:
    """How many values differ in one way, and the first of them in words."""

    kind: Kind
    n_values: int
    example: str


@dataclass(slots=True)
class Comparison:
    """Two readings of one file: how many values are equal, and the rest by kind.

    `n_equal` counts values; `unexplained` names each difference that no rule explains.
    """

    ours: Reading
    theirs: Reading
    n_equal: int = 0
    tallies: dict[Kind, Tally] = field(default_factory=dict)
    unexplained: list[str] = field(default_factory=list)

    @property
    def n_compared(self) -> int:
        """Values that at least one of both has."""
        return self.n_equal + sum(tally.n_values for tally in self.tallies.values())

    def add(self, kind: Kind, n_values: int, example: str) -> None:
        """Count values of a kind; the first example stands."""
        tally = self.tallies.setdefault(kind, Tally(kind, 0, example))
        tally.n_values += n_values
        if kind is UNEXPLAINED:
            self.unexplained.append(example)


def compare(ours: Reading, theirs: Reading) -> Comparison:
    """Compare two readings value by value; every difference gets its kind."""
    found = Comparison(ours, theirs)
    paired = pair(ours, theirs)
    found.n_equal = paired.n_equal
    declared = declared_types(ours)
    for told in paired.differences:
        case = Case(told, ours, theirs, declared)
        found.add(kind_of(case), 1, _example(case))
    for missing in sorted(paired.missing, key=lambda m: -m.n_values):
        found.add(_why_missing(missing, found), missing.n_values, _gap(missing, theirs.reader))
    return found


def tallies(found: Comparison) -> Iterator[Tally]:
    """Yield kinds with the most values first, the unexplained before all."""
    yield from sorted(
        found.tallies.values(), key=lambda t: (t.kind is not UNEXPLAINED, -t.n_values, t.kind.name)
    )


def _why_missing(missing: Missing, found: Comparison) -> Kind:
    if missing.only_ours:
        return kind_of_stop(found.theirs, found.ours)
    return kind_of_extra(found.ours, missing.n_messages)


def _example(case: Case) -> str:
    told = case.told
    place = where(told.message, told.ordinal, told.key)
    return f"{place}: {said(told.ours)} here, {said(told.theirs)} in {case.theirs.reader}"


def _gap(missing: Missing, reader: str) -> str:
    who = "here" if missing.only_ours else f"in {reader}"
    several = "" if missing.n_messages == 1 else "s"
    return f"{missing.n_messages:,} message{several} “{where(missing.message)}” only {who}"
