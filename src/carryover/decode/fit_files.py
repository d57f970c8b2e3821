"""FIT files for the house: the messages that it uses, faults in its own words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from carryover.decode.fit import (
    Declaration,
    DeveloperField,
    Fault,
    FitError,
    Severity,
    read_fit,
)
from carryover.decode.recording import Recording
from carryover.errors import CarryoverError, DecodeError, UnsupportedError
from carryover.rawfile import FileKind, Problem

WANTED: Final = (
    "file_id", "activity", "session", "lap", "record", "event", "device_info", "set", "sport",
    "exercise_title", "developer_data_id", "field_description",
)  # fmt: skip
DECLARED: Final = "declared_field"
"""Beside the messages: every developer field that a file declares, with values or without."""
ACTIVITY: Final = "activity"
FILE_TYPES: Final = {
    "settings": "watch settings", "workout": "a planned workout", "course": "a planned course",
    "schedules": "a schedule", "totals": "totals", "goals": "goals", "weight": "weigh-ins",
    "blood_pressure": "blood pressure", "monitoring_a": "all-day monitoring",
    "monitoring_b": "all-day monitoring", "monitoring_daily": "all-day monitoring",
    "segment": "a segment", "segment_list": "segments", "device": "a device description",
    "sport": "sport settings",
}  # fmt: skip
NO_ACTIVITY: Final = "a FIT file, but not an activity: "
MAX_CELLS: Final = 64 << 20
"""Cells of `record` that a batch may have; above it, odd files are decoded apart: in one frame
each would have the columns of all."""

Columns = Mapping[str, Collection[str]]
"""Message → the fields to cut out of it."""


@dataclass(slots=True)
class FitBatch:
    """Messages of many files by type, each with `file` and `segment_index` in front.

    `refused` says why nothing of a file can be used; `partial` are files that lost a part.
    """

    messages: dict[str, pl.DataFrame]
    developer: dict[str, DeveloperField]
    refused: dict[int, CarryoverError] = field(default_factory=dict)
    problems: dict[int, list[Problem]] = field(default_factory=lambda: defaultdict(list))
    partial: set[int] = field(default_factory=set)


def decode_fit_batch(contents: Sequence[bytes], columns: Columns | None = None) -> FitBatch:
    """Decode the wanted messages of FIT files together; `columns` chooses messages and fields.

    Raises nothing for what a file holds. Files that are no activities are refused.
    """
    decoded = read_fit(contents)
    if len(contents) > 1 and decoded.cells("record") > MAX_CELLS:
        half = len(contents) // 2
        first = decode_fit_batch(contents[:half], columns)
        return _joined(first, decode_fit_batch(contents[half:], columns), half)
    messages = {name: decoded.frame(name, _fields(name, columns)) for name in WANTED}
    messages[DECLARED] = _declared(decoded.declared)
    batch = FitBatch(messages, decoded.developer)
    for index, error in decoded.refused.items():
        batch.refused[index] = _refusal(error)
    for index, what in _foreign(messages["file_id"], messages["session"]).items():
        refusal = UnsupportedError(f"{NO_ACTIVITY}{what}")
        batch.refused.setdefault(index, refusal)
    if batch.refused:
        # A planned course has records, too.
        refused = list(batch.refused)
        batch.messages = {
            name: held.filter(~pl.col("file").is_in(refused)) if held.height else held
            for name, held in messages.items()
        }
    for fault in decoded.faults:
        batch.problems[fault.file].append(_problem(fault))
        if fault.severity is not Severity.INFO:
            batch.partial.add(fault.file)
    return batch


def _declared(declared: Sequence[Declaration]) -> pl.DataFrame:
    """Return one row a part of a file × declared field; empty where nothing is declared."""
    if not declared:
        return pl.DataFrame()
    rows = [(d.file, d.part, d.told.application, d.told.name, d.told.units) for d in declared]
    shape = {
        "file": pl.UInt32, "segment_index": pl.UInt32,
        "application": pl.String, "name": pl.String, "units": pl.String,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=shape, orient="row").unique(maintain_order=True)


def _fields(message: str, columns: Columns | None) -> Collection[str] | None:
    """Return the fields of a message to cut out; None is all."""
    if columns is None:
        return None
    told = frozenset(columns.get(message, ()))
    return told | {"type"} if message == "file_id" else told


def _joined(first: FitBatch, second: FitBatch, shift: int) -> FitBatch:
    """Return two batches as one; the files of the second count on from `shift`."""
    messages = dict(first.messages)
    for name, held in second.messages.items():
        if held.height:
            moved = held.with_columns(pl.col("file") + pl.lit(shift, pl.UInt32))
            parts = [messages[name], moved] if messages[name].height else [moved]
            messages[name] = pl.concat(parts, how="diagonal_relaxed")
    joined = FitBatch(messages, first.developer | second.developer, first.refused, first.problems)
    joined.refused |= {index + shift: error for index, error in second.refused.items()}
    joined.problems |= {index + shift: told for index, told in second.problems.items()}
    joined.partial = first.partial | {index + shift for index in second.partial}
    return joined


def decode_fit(content: bytes) -> Recording:
    """Decode one FIT file: a batch of one.

    Developer fields are columns `dev/<application>/<name> [<units>]`. Raises DecodeError where
    there is no FIT header, UnsupportedError where `file_id` says that this is no activity.
    """
    batch = decode_fit_batch([content])
    if batch.refused:
        raise batch.refused[0]
    return Recording(
        FileKind.FIT,
        {name: held for name, held in batch.messages.items() if held.height},
        batch.problems[0],
        complete=not batch.partial,
        developer=batch.developer,
    )


def other_fit(content: bytes) -> str | None:
    """Return what a FIT file is that says it is no activity ("all-day monitoring"); else None."""
    batch = decode_fit_batch([content], {"file_id": ("type",), "session": ("sport",)})
    refusal = batch.refused.get(0)
    if not isinstance(refusal, UnsupportedError):
        return None
    return refusal.what.removeprefix(NO_ACTIVITY)


def _refusal(error: FitError) -> DecodeError:
    return DecodeError(error.what, place=f"byte {error.offset}", remedy=error.remedy)


def _problem(fault: Fault) -> Problem:
    severity = "info" if fault.severity is Severity.INFO else "warning"
    return Problem(severity, fault.what, fault.remedy)


def _foreign(file_ids: pl.DataFrame, sessions: pl.DataFrame) -> dict[int, str]:
    """Return files that say they are something else and hold no session, and what they are."""
    if "type" not in file_ids.columns:
        return {}
    told = file_ids.drop_nulls("type").group_by("file", maintain_order=True).agg(pl.col("type"))
    with_session = set(sessions["file"]) if sessions.height else set()
    return {
        index: FILE_TYPES.get(types[0], f"of type {types[0]}")
        for index, types in told.iter_rows()
        if ACTIVITY not in types and index not in with_session
    }
