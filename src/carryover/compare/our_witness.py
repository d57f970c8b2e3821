"""This project's own reading of a file, in the form of the others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import polars as pl

from carryover import __version__
from carryover.compare.readings import (
    DeveloperKey,
    Key,
    Known,
    Reading,
    SubFieldKey,
    Values,
    tidy,
)
from carryover.decode.fit import Decoded, DeveloperField, Fault, Severity, read_fit
from carryover.decode.fit.profile import profile

NAME: Final = "carryover"
PLACE: Final = ("file", "segment_index")
UNKNOWN: Final = "unknown_"
OTHER_KINDS: Final = ("_array", "_bytes", "_text", "_number", "_field")
"""Endings of columns whose field's plain name is taken, or not of the profile's kind."""


def read_with_ours(content: bytes) -> Reading:
    """Return our own reading of a file: numbers for named values and times, nothing merged."""
    told = Reading(NAME, __version__, knows=known)
    for _ in range(2):  # the first time a process also pays for its libraries' start
        with told.clock():
            decoded = read_fit([content])
            frames = {name: decoded.frame(name, raw=True) for name in decoded.names()}
    for name, frame in frames.items():
        number = _message_number(name)
        told.messages[number] = _rows(frame, number, decoded.developer)
    told.remarks = tuple(map(_said, decoded.faults))
    told.stopped = next(_stops(decoded), "")
    return told


def _stops(decoded: Decoded) -> Iterator[str]:
    yield from (str(error) for error in decoded.refused.values())
    for fault in decoded.faults:
        if fault.severity is Severity.LOST:
            yield _said(fault)


def _said(fault: Fault) -> str:
    return fault.what if "byte" in fault.what else f"{fault.what} (byte {fault.offset})"


def _rows(
    frame: pl.DataFrame, message: int, developer: Mapping[str, DeveloperField]
) -> list[Values]:
    rows: list[Values] = [{} for _ in range(frame.height)]
    for name in frame.columns:
        if name in PLACE:
            continue
        key = _key(message, name, developer)
        for row, value in zip(rows, frame[name].to_list(), strict=True):
            told = None if value is None else tidy(value)
            if told is not None:
                row[key] = told
    return rows


def _message_number(name: str) -> int:
    number = profile().number_of(name)
    return int(name.removeprefix(UNKNOWN)) if number is None else number


def _key(message: int, column: str, developer: Mapping[str, DeveloperField]) -> Key:
    told = developer.get(column)
    if told is not None:
        return DeveloperKey(told.application, told.name)
    found = _native(message, column)
    if found is None:
        ending = next(ending for ending in OTHER_KINDS if column.endswith(ending))
        found = _native(message, column.removesuffix(ending))
    if found is None:
        raise KeyError(column)
    return found


def _native(message: int, column: str) -> Key | None:
    if column.startswith(UNKNOWN) and column.removeprefix(UNKNOWN).isdecimal():
        return int(column.removeprefix(UNKNOWN))
    held = profile().message(message)
    fields = held.fields if held else profile().common_fields
    for number, field in fields.items():
        if field.name == column:
            return number
    for number, field in fields.items():
        if any(sub_field.name == column for sub_field in field.sub_fields):
            return SubFieldKey(number, column)
    return None


def known(message: int, field: int) -> Known | None:
    """Return what our profile says of a field."""
    held = profile().message(message)
    found = (held.fields if held else profile().common_fields).get(field)
    if found is None:
        return None
    packed = [*found.components, *(part for sub in found.sub_fields for part in sub.components)]
    return Known(
        found.scale, found.offset,
        frozenset(part.target for part in packed),
        {sub.name: frozenset(sub.references) for sub in found.sub_fields},
    )  # fmt: skip
