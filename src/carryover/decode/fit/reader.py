"""`read_fit`: many FIT files at once → a frame for each type of message."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from carryover.decode.fit.developer import Declared
from carryover.decode.fit.expand import expand
from carryover.decode.fit.faults import Fault, FitError, Severity, Strictness
from carryover.decode.fit.framing import parts
from carryover.decode.fit.index import Index, Stretch
from carryover.decode.fit.kinds import Kinds, Room
from carryover.decode.fit.layout import DeveloperField
from carryover.decode.fit.limits import check_cost
from carryover.decode.fit.profile import Profile, profile
from carryover.decode.fit.scan import walk
from carryover.decode.fit.series import to_series
from carryover.decode.fit.sub_fields import add_sub_fields
from carryover.decode.fit.table import read_table


class Declaration(NamedTuple):
    """A part of a file declares a developer field."""

    file: int
    part: int
    told: DeveloperField


@dataclass(slots=True)
class _Told:
    """Collects the faults of one file."""

    file: int
    faults: list[Fault] = field(default_factory=list)

    def __call__(self, offset: int, what: str, severity: Severity) -> None:
        self.faults.append(Fault(self.file, offset, what, severity))


class Decoded:
    """The messages of a batch of files, cut into columns when they are asked for."""

    def __init__(
        self,
        index: Index,
        n_files: int,
        faults: Sequence[Fault],
        refused: dict[int, FitError],
        declared: Sequence[Declaration] = (),
    ) -> None:
        self.n_files = n_files
        self.faults = tuple(faults)
        """What is wrong with files of which something could be read."""
        self.refused = refused
        """Files of which nothing could be read, and why."""
        self.developer: dict[str, DeveloperField] = {}
        """Columns of developer fields in the frames so far → what the files say of them."""
        self.declared = declared
        """Every developer field that a file declares, with values or without."""
        self._index = index
        self._profile: Profile = profile()

    def names(self) -> dict[str, int]:
        """Return how many messages of each type there are."""
        return {
            self._name(number): sum(len(group.places) for group in groups)
            for number, groups in sorted(self._index.groups.items())
        }

    def cells(self, name: str) -> int:
        """Return how many cells the whole frame of a type has: what it costs in memory."""
        groups = self._index.groups.get(self._number(name), [])
        widths: dict[int | DeveloperField, int] = {}
        for slot in (slot for group in groups for slot in group.layout.slots):
            widths[slot.key] = max(slot.width, widths.get(slot.key, 0))
        return sum(len(group.places) for group in groups) * sum(widths.values())

    def frame(
        self, name: str, columns: Collection[str] | None = None, *, raw: bool = False
    ) -> pl.DataFrame:
        """Return all messages of one type, in the order of files and in the files' order.

        `file` and `segment_index` come first, then native fields by number, sub-fields, and
        developer fields by name. `columns` chooses among the native ones (those that no file
        has are absent). `raw` leaves named values as numbers and times as FIT seconds.
        """
        number = self._number(name)
        if number not in self._index.groups:
            return pl.DataFrame()
        message = self._profile.message(number)
        wanted = None if columns is None else _wanted(number, frozenset(columns))
        table = read_table(self._index, number, message, wanted)
        stretch = self._index.stretch_of(table.places)
        expand(table, stretch)
        add_sub_fields(table, stretch)
        self.developer |= table.developer
        held = self._index.stretches
        owner = np.array([s.file for s in held], np.uint32)[stretch]
        part = np.array([s.part for s in held], np.uint32)[stretch]
        shown = [
            to_series(title, column, self._profile, raw=raw)
            for title, column in table.columns.items()
            if columns is None or title in columns or title in table.developer
        ]
        return pl.DataFrame([pl.Series("file", owner), pl.Series("segment_index", part), *shown])

    def _name(self, number: int) -> str:
        message = self._profile.message(number)
        return message.name if message else f"unknown_{number}"

    def _number(self, name: str) -> int:
        number = self._profile.number_of(name)
        if number is None and name.startswith("unknown_"):
            ending = name.removeprefix("unknown_")
            number = int(ending) if ending.isdecimal() else None
        return -1 if number is None else number


def read_fit(contents: Sequence[bytes], *, strictness: Strictness = Strictness.TOLERANT) -> Decoded:
    """Read FIT files together; nothing that they hold can raise.

    A file of which nothing can be read is in `refused`; what is wrong with the others is in
    `faults`. Reading a batch gives the same as reading each file alone.

    However a file is built, reading it takes at most 48 times its size in memory and 16 MB, and
    its frames 160 times and 32 MB: one whose columns, as they lie in the file, would be more
    than 8 times its size and 1 MB, or 128 MB, is refused.
    """
    kinds = Kinds()
    stretches: list[Stretch] = []
    faults: list[Fault] = []
    refused: dict[int, FitError] = {}
    declared: list[Declaration] = []
    base = 0
    for file, content in enumerate(contents):
        told = _Told(file)
        try:
            found, fields = _read(content, file, base, kinds, told, strictness)
        except FitError as error:
            refused[file] = error
        else:
            stretches += found
            declared += fields
            faults += told.faults
        base += len(content)
    raw = contents[0] if len(contents) == 1 else b"".join(contents)
    return Decoded(Index(raw, stretches, kinds), len(contents), faults, refused, declared)


def _read(
    content: bytes, file: int, base: int, kinds: Kinds, told: _Told, strictness: Strictness
) -> tuple[list[Stretch], list[Declaration]]:
    found: list[Stretch] = []
    declared: list[Declaration] = []
    room = Room()
    for part in parts(content, told):
        # Where the frame says already that bytes are missing, a half message is no news.
        severity = Severity.LOST if part.whole else None
        fields = Declared()
        runs = walk(
            content, part.begin, part.end, kinds, told,
            cut_off=severity, room=room, declared=fields,
        )  # fmt: skip
        found += [Stretch(file, part.index, base + begin, messages) for begin, messages in runs]
        declared += [Declaration(file, part.index, one) for one in fields.told()]
    check_cost(kinds, [stretch.kinds for stretch in found], len(content))
    worst = next((f for f in told.faults if f.severity.refuses(strictness)), None)
    if worst is not None:
        raise FitError(worst.what, worst.offset, "Copy the file from the watch again.")
    return found, declared


ENDINGS: Final = ("_array", "_bytes", "_number", "_text", "_field")
"""What follows a field's name where its values are not of the profile's kind (`table.py`)."""


@lru_cache(maxsize=64)
def _wanted(number: int, columns: frozenset[str]) -> frozenset[int]:
    """Return the numbers of the fields that columns need: their own, packed and deciding ones."""
    message = profile().message(number)
    names = set(columns)
    for ending in ENDINGS:
        names |= {name.removesuffix(ending) for name in names}
    unknown = (name.removeprefix("unknown_") for name in names if name.startswith("unknown_"))
    wanted = {int(ending) for ending in unknown if ending.isdecimal()}
    if message is None:
        return frozenset(wanted)
    wanted |= {told.number for told in message.fields.values() if told.name in names}
    for told in message.fields.values():
        for sub in told.sub_fields:
            if sub.name in columns:
                wanted |= {told.number, *(number for number, _ in sub.references)}
    before = -1
    while len(wanted) > before:
        before = len(wanted)
        for told in message.fields.values():
            subs = [part for sub in told.sub_fields for part in sub.components]
            if any(part.target in wanted for part in (*told.components, *subs)):
                wanted.add(told.number)
    return frozenset(wanted)
