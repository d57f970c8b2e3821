"""Sub-fields: what a field means where another one has a certain value."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from carryover.decode.fit.cells import Cells, Marks, Rows
from carryover.decode.fit.expand import unpack
from carryover.decode.fit.profile import Field, SubField
from carryover.decode.fit.table import Column, Meaning, Table


def add_sub_fields(table: Table, stretch: Rows) -> None:
    """Add a column for each sub-field that some row selects; the main field stays as it is."""
    if table.message is None:
        return
    for told in table.message.fields.values():
        main = table.columns.get(told.name)
        if told.sub_fields and main is not None and main.cells.values.ndim == 1:
            _specialise(table, told, main, stretch)


def _specialise(table: Table, told: Field, main: Column, stretch: Rows) -> None:
    left = main.cells.valid
    for sub in told.sub_fields:
        selected = _selected(table, sub) & left
        if not selected.any():
            continue
        left = left & ~selected
        cells = replace(main.cells, valid=selected)
        if sub.components:
            unpack(table, cells, sub.components, stretch)
        meaning = Meaning(sub.type_name, sub.scale, sub.offset)
        table.columns[sub.name] = _either(table.columns.get(sub.name), Column(cells, meaning))


def _selected(table: Table, sub: SubField) -> Marks:
    """Return the rows where any one of a sub-field's references holds; the first sub-field wins."""
    chosen = np.zeros(len(table), np.bool_)
    for number, value in sub.references:
        told = table.message.fields.get(number) if table.message else None
        held = table.columns.get(told.name) if told else None
        if held is not None and held.cells.values.ndim == 1:
            chosen |= held.cells.valid & (held.cells.values == value)
    return chosen


def _either(held: Column | None, new: Column) -> Column:
    """A native field of the same name and meaning keeps its own values."""
    if held is None or held.meaning != new.meaning or held.cells.values.ndim > 1:
        return new if held is None else held
    own = held.cells
    values = np.where(own.valid, own.values, new.cells.values)
    return Column(Cells(values, own.valid | new.cells.valid), held.meaning)
