"""What a night or an ingest did, in numbers and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Final

from carryover.rawfile import FileKind

RECORDINGS: Final = frozenset({FileKind.FIT, FileKind.GPX, FileKind.TCX})
READ: Final = frozenset({"loaded", "partial"})
MOST_ARCHIVES: Final = 20
"""More archives than that are told in one line: some people's every run is a zip."""
WORDS: Final = {
    "activities": ("activity", "activities"),
    "lists": ("list of activities", "lists of activities"),
    "logs": ("log", "logs"),
    "other_fit": ("other FIT file", "other FIT files"),
    "other": ("other file", "other files"),
    "empty": ("empty file", "empty files"),
    "unreadable": ("file that cannot be read", "files that cannot be read"),
}
"""What members of an archive are → how one and many are called, in the order of telling."""

Member = tuple[str, str, str, bool, int]
"""An archive's place; kind, status and emptiness of contents in it, and how many there are."""


@dataclass(slots=True)
class Report:
    """What a night did, in numbers that a person asked for."""

    found: int = 0
    read: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    inside: Counter[str] = field(default_factory=Counter)
    """What new archives hold."""
    archives: dict[str, dict[str, int]] = field(default_factory=dict)
    """New archives: how many members of each kind (see WORDS)."""
    forgotten: int = 0
    built: bool = False
    pages: int = 0
    unreadable: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What else happened that a person should know."""

    def lines(self) -> list[str]:
        """Return the report as plain lines."""
        found = "1 file" if self.found == 1 else f"{self.found:,} files"
        new = f": {_listed(self.statuses)}" if self.statuses else ""
        lines = [f"{found} found, {self.read:,} new{new}"]
        shown = sorted(self.archives)[:MOST_ARCHIVES]
        lines += [f"{place}: {in_words(self.archives[place])}" for place in shown]
        rest = [held for place, held in self.archives.items() if place not in shown]
        if rest:
            together: Counter[str] = Counter()
            for held in rest:
                together.update(held)
            lines.append(f"{len(rest):,} more archives: {in_words(together)}")
        if self.forgotten:
            lines.append(f"{self.forgotten} contents are no longer in data/raw/ and were dropped")
        return lines + self.unreadable + self.notes

    def as_dict(self) -> dict[str, object]:
        """Return the report for a machine."""
        counts = {"statuses": dict(self.statuses), "inside": dict(self.inside)}
        return asdict(self) | counts


def archives(members: Iterable[Member]) -> dict[str, dict[str, int]]:
    """Return how many members of each kind archives hold."""
    told: dict[str, dict[str, int]] = {}
    for place, kind, status, empty, n in members:
        held = told.setdefault(place, {})
        word = _word(kind, status, empty=empty)
        held[word] = held.get(word, 0) + n
    return told


def _word(kind: str, status: str, *, empty: bool) -> str:
    if empty:
        return "empty"
    if status not in READ:
        if status == "unsupported":
            return "other_fit" if kind == FileKind.FIT else "other"
        return "unreadable"
    if kind in RECORDINGS:
        return "activities"
    return "lists" if kind == FileKind.STRAVA_CSV else "logs"


def in_words(held: Mapping[str, int]) -> str:
    """Return what an archive holds: "354 activities, 7,425 other FIT files"."""
    told = [f"{held[w]:,} {WORDS[w][held[w] != 1]}" for w in WORDS if held.get(w)]
    return ", ".join(told) or "nothing"


def _listed(statuses: Mapping[str, int]) -> str:
    return ", ".join(f"{n:,} {status}" for status, n in sorted(statuses.items()))
