"""All messages of one type in a batch → columns of raw cells, each with what it means."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Final

import numpy as np

from carryover.decode.fit.base_types import BY_NAME, BYTE, BaseType
from carryover.decode.fit.cells import Cells, Lying, Places, Rows, gather
from carryover.decode.fit.index import Group, Index
from carryover.decode.fit.layout import DeveloperField, Slot
from carryover.decode.fit.profile import Field, Message

TEXT: Final = "string"
LAST: Final = 256
"""Developer fields stand behind all numbers that a field can have."""
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
    parts: dict[str, list[Lying]] = defaultdict(list)
    order: dict[str, tuple[int, str]] = {}
    for group, rank in zip(groups, ranks, strict=True):
        raw = index.bytes_of(group)
        for slot in group.layout.slots:
            if isinstance(slot.key, DeveloperField):
                name, wide = _developer_name(slot.key, slot), False
                table.developer[name] = slot.key
                order[name] = (LAST, name)
            elif wanted is None or slot.key in wanted:
                name, wide = _native_name(slot.key, slot, message)
                order[name] = (slot.key, name)
            else:
                continue
            parts[name].append(Lying(rank, raw, slot, group.layout.big_endian, wide))
    for name, (key, _) in sorted(order.items(), key=itemgetter(1)):
        told = message.fields.get(key) if message else None
        matches = told is not None and name.removeprefix(told.name) in OF_ITS_KIND
        meaning = _meaning(told) if told and matches else PLAIN
        table.columns[name] = Column(gather(parts[name], len(table)), meaning)
    _add_packed_times(index, table)
    return table


def _meaning(told: Field) -> Meaning:
    return Meaning(told.type_name, told.scale, told.offset)


def _in_order(groups: list[Group]) -> tuple[Rows, list[Places | None]]:
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
    return places[order], [Places.of(rows) for rows in np.split(rank, cuts)]


def _developer_name(key: DeveloperField, slot: Slot) -> str:
    """Return a column's name, so that what cannot stand in one column has two names."""
    ending = " (text)" if slot.base.is_text else " (array)" if slot.count > 1 else ""
    return key.column + ending


def _native_name(number: int, slot: Slot, message: Message | None) -> tuple[str, bool]:
    """Return a column's name, and whether it holds arrays.

    A field whose values are not of the profile's kind keeps them under a name of their own.
    """
    told = message.fields.get(number) if message else None
    if told is None:
        ending = "_text" if slot.base.is_text else "_array" if slot.count > 1 else ""
        return f"unknown_{number}{ending}", False
    name = f"{told.name}_field" if told.name in OF_THE_READER else told.name
    if slot.base.is_text:
        return (name if told.base_type == TEXT else f"{name}_text"), False
    if told.base_type == TEXT or not _fits(slot.base, BY_NAME.get(told.base_type, BYTE)):
        return f"{name}_number", False
    if slot.misaligned and slot.count > 1:
        return f"{name}_bytes", False
    return (name, True) if told.is_array else (name + ("_array" if slot.count > 1 else ""), False)


def _fits(base: BaseType, told: BaseType) -> bool:
    """Return whether values of a type are at home in a column of the profile's type.

    Only a common type of whole numbers can hold names and times; one odd file of a batch must
    not turn those of the others into floats.
    """
    if told.is_float:
        return True
    return not base.is_float and base.size_bytes <= max(told.size_bytes, 4)


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
