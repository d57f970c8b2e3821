"""All messages of one type in a batch → columns of raw cells, each with what it means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from carryover.decode.fit.base_types import BY_NAME, BYTE, BaseType
from carryover.decode.fit.cells import Cells, Rows, as_wide, cut, merge
from carryover.decode.fit.index import Group, Index
from carryover.decode.fit.layout import DeveloperField, Slot
from carryover.decode.fit.profile import Field, Message

TEXT: Final = "string"
OF_THE_READER: Final = ("file", "segment_index")
"""Columns that say where a message is from; a field of such a name has another."""
OF_ITS_KIND: Final = ("", "_array", "_field", "_field_array")
"""What a column's name adds to its field's where its numbers mean what the profile says."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the numbers of a column stand for: value = raw / scale − offset."""

    type_name: str | None = None
    scale: float = 1.0
    offset: float = 0.0

    @property
    def is_scaled(self) -> bool:
        """Whether raw numbers differ from values."""
        return self.scale != 1.0 or self.offset != 0.0


PLAIN = Meaning()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its cells and their meaning."""

    cells: Cells
    meaning: Meaning = PLAIN


@dataclass(slots=True)
class Table:
    """The messages of one type: `places` in the batch's order, columns by name."""

    message: Message | None
    places: Rows
    columns: dict[str, Column] = field(default_factory=dict)
    developer: dict[str, DeveloperField] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.places)


def read_table(
    index: Index, number: int, message: Message | None, wanted: Collection[int] | None
) -> Table:
    """Read a message type's native fields (those wanted; None: all) and all developer fields."""
    groups = index.groups.get(number, [])
    places, ranks = _in_order(groups)
    table = Table(message, places)
    parts: dict[str, list[tuple[Rows | None, Cells]]] = defaultdict(list)
    meanings: dict[str, Meaning] = {}
    order: dict[str, tuple[int, str]] = {}
    for group, rank in zip(groups, ranks, strict=True):
        for name, (slot, cells) in _cut_all(index, group, message, wanted).items():
            parts[name].append((rank, cells))
            if isinstance(slot.key, DeveloperField):
                table.developer[name] = slot.key
                order[name] = (256, name)
            else:
                order[name] = (slot.key, name)
                told = message.fields.get(slot.key) if message else None
                matches = told is not None and name.removeprefix(told.name) in OF_ITS_KIND
                meanings[name] = _meaning(told) if told and matches else PLAIN
    for name in sorted(parts, key=order.__getitem__):
        cells = merge(parts[name], len(table))
        table.columns[name] = Column(cells, meanings.get(name, PLAIN))
    _add_packed_times(index, table)
    return table


def _meaning(told: Field) -> Meaning:
    return Meaning(told.type_name, told.scale, told.offset)


def _in_order(groups: list[Group]) -> tuple[Rows, list[Rows | None]]:
    """Return all places in rising order, and for each group the rows that its messages take."""
    if len(groups) == 1:
        return groups[0].places, [None]
    if not groups:
        return np.zeros(0, np.intp), []
    places = np.concatenate([group.places for group in groups])
    order = np.argsort(places, kind="stable")
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    cuts = np.cumsum([len(group.places) for group in groups])[:-1]
    return places[order], list(np.split(rank, cuts))


def _cut_all(
    index: Index, group: Group, message: Message | None, wanted: Collection[int] | None
) -> dict[str, tuple[Slot, Cells]]:
    rows = index.bytes_of(group)
    found: dict[str, tuple[Slot, Cells]] = {}
    for slot in group.layout.slots:
        native = not isinstance(slot.key, DeveloperField)
        if native and wanted is not None and slot.key not in wanted:
            continue
        cells = cut(rows, slot, big_endian=group.layout.big_endian)
        name, cells = _named(slot, cells, message)
        if name in found:
            # One application may declare two fields alike; a field may be listed twice.
            cells = _either(found[name][1], cells)
        found[name] = slot, cells
    return found


def _named(slot: Slot, cells: Cells, message: Message | None) -> tuple[str, Cells]:
    """Return a column's name, so that what cannot stand in one column has two names.

    A field whose values are not of the profile's kind keeps them under a name of their own.
    """
    if isinstance(slot.key, DeveloperField):
        ending = " (text)" if slot.base.is_text else " (array)" if slot.count > 1 else ""
        return slot.key.column + ending, cells
    told = message.fields.get(slot.key) if message else None
    if told is None:
        ending = "_text" if slot.base.is_text else "_array" if slot.count > 1 else ""
        return f"unknown_{slot.key}{ending}", cells
    return _known(slot, cells, told)


def _known(slot: Slot, cells: Cells, told: Field) -> tuple[str, Cells]:
    name = f"{told.name}_field" if told.name in OF_THE_READER else told.name
    if slot.base.is_text != (told.base_type == TEXT):
        return f"{name}_{'text' if slot.base.is_text else 'number'}", cells
    if slot.base.is_text:
        return name, cells
    if not _fits(slot.base, BY_NAME.get(told.base_type, BYTE)):
        return f"{name}_number", cells
    if slot.misaligned and slot.count > 1:
        return f"{name}_bytes", cells
    if told.is_array:
        return name, as_wide(cells)
    return name + ("_array" if slot.count > 1 else ""), cells


def _fits(base: BaseType, told: BaseType) -> bool:
    """Return whether values of a type are at home in a column of the profile's type.

    Only a common type of whole numbers can hold names and times; one odd file of a batch must
    not turn those of the others into floats.
    """
    if told.is_float:
        return True
    return not base.is_float and base.size_bytes <= max(told.size_bytes, 4)


def _either(first: Cells, second: Cells) -> Cells:
    if first.values.shape != second.values.shape or first.values.dtype != second.values.dtype:
        return second
    values = np.where(second.valid, second.values, first.values)
    return replace(second, values=values, valid=first.valid | second.valid)


def _add_packed_times(index: Index, table: Table) -> None:
    """Fill the timestamps that stand in the messages' headers."""
    held = table.columns.get("timestamp")
    if not len(table) or (held is not None and held.cells.valid.all()):
        return
    places, times = index.packed_times
    here = np.isin(table.places, places, assume_unique=True)
    if not here.any():
        return
    values, valid = np.zeros(len(table), np.uint32), np.zeros(len(table), np.bool_)
    if held is not None and held.cells.values.ndim == 1:
        # A negative one is far beyond the dates either way.
        values, valid = held.cells.values.astype(np.uint32), held.cells.valid.copy()
    missing = here & ~valid
    values[missing] = times[np.searchsorted(places, table.places[missing])]
    valid[missing] = True
    told = {"timestamp": Column(Cells(values, valid), Meaning("date_time"))}
    table.columns = told | {n: c for n, c in table.columns.items() if n != "timestamp"}
