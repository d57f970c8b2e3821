"""Components: the values of fields that lie packed in the bits of another field."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from carryover.decode.fit.base_types import BASE_TYPES, BY_NAME
from carryover.decode.fit.cells import Cells, Marks, Rows, Values, as_wide, lengths
from carryover.decode.fit.profile import Component, Field
from carryover.decode.fit.table import Column, Meaning, Table

Ints = npt.NDArray[np.int64]
MAX_PASSES: Final = 3
"""A packed field may hold one that packs others itself; the profile's deepest chain is two."""


def expand(table: Table, stretch: Rows) -> None:
    """Fill fields from the packed ones that hold them.

    A value that the message has of its own stands. `stretch` says which part of which file each
    row is of: counters begin anew with it.
    """
    if table.message is None:
        return
    packed = [f for f in table.message.fields.values() if f.components and f.name in table.columns]
    done: set[str] = set()
    for _ in range(MAX_PASSES):
        if not packed:
            break
        touched: set[str] = set()
        for source in packed:
            cells = table.columns[source.name].cells
            touched |= unpack(table, cells, source.components, stretch)
            done.add(source.name)
        packed = [
            f for f in table.message.fields.values()
            if f.components and f.name in touched and f.name in table.columns
        ]  # fmt: skip


def unpack(
    table: Table, source: Cells, components: tuple[Component, ...], stretch: Rows
) -> set[str]:
    """Put the components of one packed field into their fields; return the fields' names."""
    message = table.message
    if message is None:
        return set()
    if source.is_physical:
        return _pass_on(table, source, components)
    if source.values.dtype.kind not in "iu":
        return set()
    targets: dict[int, list[Component]] = {}
    for part in components:
        targets.setdefault(part.target, []).append(part)
    names = set()
    for number, listed in targets.items():
        target = message.fields.get(number)
        if target is not None:
            held = table.columns.get(target.name)
            cells = _extract(source, listed, target, held, stretch)
            if cells.valid.any():
                table.columns[target.name] = _filled(held, cells, target)
                names.add(target.name)
    return names


def _pass_on(table: Table, source: Cells, components: tuple[Component, ...]) -> set[str]:
    """Give values that were unpacked themselves to the one field that has them in the same unit."""
    fields = table.message.fields if table.message else {}
    target = fields.get(components[0].target) if len(components) == 1 else None
    if target is None:
        return set()
    table.columns[target.name] = _filled(table.columns.get(target.name), source, target)
    return {target.name}


def _extract(
    source: Cells, parts: list[Component], target: Field, held: Column | None, stretch: Rows
) -> Cells:
    """Return the components of one target: one value a row, or as many as there are parts."""
    bits = [_bits(source, part) for part in parts]
    if len(bits) == 1:
        values, valid = bits[0]
    else:
        values = np.stack([v for v, _ in bits], axis=1)
        valid = np.stack([v for _, v in bits], axis=1)
    first = parts[0]
    if first.accumulate:
        values = _accumulate(values, valid, first, stretch, held)
    same = (first.scale, first.offset) == (target.scale, target.offset)
    physical = values if same else values / first.scale - first.offset
    raw = values if same else (physical + target.offset) * target.scale
    base = BY_NAME.get(target.base_type, BASE_TYPES[13])
    valid = valid & (raw != base.invalid)
    # An array has as many elements as its source has room for.
    room = np.stack([_has_room(source, part) for part in parts])
    length = None if values.ndim == 1 else np.asarray(room.sum(axis=0))
    return Cells(physical, valid, length, is_physical=not same)


def _bits(source: Cells, part: Component) -> tuple[Ints, Marks]:
    """Return a run of bits as whole numbers; arrays count on from element to element."""
    width = source.values.dtype.itemsize * 8
    mask = (1 << part.bits) - 1
    valid = source.any_valid & (_has_room(source, part) > 0)
    if source.values.ndim == 1:
        values = (source.values.astype(np.int64) >> min(part.bit_offset, 63)) & mask
        return values, valid
    first, last = part.bit_offset // width, (part.bit_offset + part.bits - 1) // width
    held = source.values.shape[1]
    total = np.zeros(len(source.values), np.int64)
    for element in range(min(last, held - 1), first - 1, -1):
        # Elements are unsigned pieces of one long number.
        piece = source.values[:, element].astype(np.int64) & ((1 << width) - 1)
        total = (total << width) | piece
    values = (total >> (part.bit_offset - first * width)) & mask
    return values, valid


def _has_room(source: Cells, part: Component) -> Rows:
    """Return 1 for each row whose packed field is long enough to hold the component, else 0."""
    bits = lengths(source) * (source.values.dtype.itemsize * 8)
    # A number that a file declares narrower than the profile lacks only leading zeros.
    needed = part.bit_offset + (1 if source.length is None else part.bits)
    return (bits >= needed).astype(np.intp)


def _accumulate(
    values: Ints, valid: Marks, part: Component, stretch: Rows, held: Column | None
) -> Ints:
    """Carry a counter of so many bits on beyond its overflow, within each stretch.

    A row that has the target's own value, and no packed one, sets the counter.
    """
    width = values.shape[1] if values.ndim > 1 else 1
    flat, marked = values.reshape(-1).copy(), valid.reshape(-1)
    sets = np.zeros(len(flat), np.bool_)
    if held is not None and not held.cells.is_physical:
        own = as_wide(held.cells)
        rows = np.flatnonzero(own.any_valid & ~marked.reshape(-1, width)[:, 0])
        last = own.valid.shape[1] - 1 - np.argmax(own.valid[rows, ::-1], axis=1)
        sets[rows * width] = True
        flat[rows * width] = _counted(own.values[rows, last], held.meaning, part)
    events = np.flatnonzero(marked | sets)
    if not len(events):
        return values
    told, parts = flat[events], np.repeat(stretch, width)[events]
    begins = (np.diff(parts, prepend=-1) != 0) | sets[events]
    step = np.where(begins, told, np.diff(told, prepend=0) & ((1 << part.bits) - 1))
    run = np.cumsum(step)
    anchor = np.maximum.accumulate(np.where(begins, np.arange(len(events)), 0))
    total = np.zeros_like(flat)
    total[events] = run - (run - step)[anchor]
    return np.asarray(total.reshape(values.shape))


def _counted(own: Values, meaning: Meaning, part: Component) -> Values:
    """Return a field's own numbers in the units of the counter that goes on from them."""
    if (meaning.scale, meaning.offset) == (part.scale, part.offset):
        return own
    return np.rint((own / meaning.scale - meaning.offset + part.offset) * part.scale)


def _filled(held: Column | None, new: Cells, target: Field) -> Column:
    """Return a target's column: its own values, and the unpacked ones where it has none."""
    meaning = Meaning(target.type_name, target.scale, target.offset)
    if held is None:
        return Column(new, meaning)
    own = held.cells
    if own.is_physical != new.is_physical:
        own, new = _physical(own, held.meaning), _physical(new, meaning)
    length: Rows | None = None
    if own.values.ndim > 1 or new.values.ndim > 1:
        own, new = _same_width(as_wide(own), as_wide(new))
        length = np.where(own.any_valid, lengths(own), lengths(new))
    pick = own.any_valid if own.values.ndim == 1 else own.any_valid[:, None]
    values = np.where(pick, own.values, new.values)
    valid = np.where(pick, own.valid, new.valid)
    return Column(Cells(values, valid, length, new.is_physical), meaning)


def _physical(cells: Cells, meaning: Meaning) -> Cells:
    if cells.is_physical:
        return cells
    values = cells.values / meaning.scale - meaning.offset
    return replace(cells, values=values, is_physical=True)


def _same_width(one: Cells, other: Cells) -> tuple[Cells, Cells]:
    width = max(one.values.shape[1], other.values.shape[1])
    return _padded(one, width), _padded(other, width)


def _padded(cells: Cells, width: int) -> Cells:
    missing = ((0, 0), (0, width - cells.values.shape[1]))
    return replace(cells, values=np.pad(cells.values, missing), valid=np.pad(cells.valid, missing))
