"""Developer fields: what apps and pods wrote beside the watch's own fields.

A name alone proves nothing: a field is used where its name and unit are known, its value is
possible, and the watch's own field holds nothing in the whole activity.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Protocol

import numpy as np
import polars as pl

from carryover.normalise.channels import spread
from carryover.normalise.result import Row
from carryover.normalise.traces import Flags, Ints, counted, edges
from carryover.normalise.vendor import finite


class DeveloperField(Protocol):
    """What a file says of a developer field."""

    @property
    def application(self) -> str:
        """Who wrote it: the application's id as hex digits, or its index in the file."""

    @property
    def name(self) -> str:
        """The application's word for it."""

    @property
    def units(self) -> str | None:
        """The application's word for its unit."""


Developer = Mapping[str, DeveloperField]
"""Column of `record` → what it is."""


@dataclass(frozen=True, slots=True)
class Filled:
    """Channels with developer fields in them.

    `makers` names, by unit, who measured a channel that came from a developer field; `used`
    maps, by unit, that field's column to its channel.
    """

    frame: pl.DataFrame
    makers: Mapping[int, dict[str, str]]
    used: Mapping[int, dict[str, str]]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One way to fill a channel: a column in a unit that we know."""

    column: str
    known: Mapping[str, Any]
    sound: pl.Series
    """Its values by row, null where they are not possible."""
    counts: Ints
    """By unit, how many values of it are possible."""


def developer_counts(
    records: pl.DataFrame, fields: Developer, n_units: int
) -> dict[int, dict[str, int]]:
    """Return, by unit, how many values each developer field has; none is not listed."""
    bounds = edges(records, n_units)
    held: dict[int, dict[str, int]] = {}
    for column in (c for c in fields if c in records.columns):
        for unit, n in enumerate(counted(records[column], bounds).tolist()):
            if n:
                held.setdefault(unit, {})[column] = n
    return held


def developer_rows(
    counts: Mapping[str, int], used: Mapping[str, str], fields: Developer
) -> list[Row]:
    """List every developer field of a unit, also those that we do not use."""
    rows = [
        {
            "application_id": fields[column].application,
            "name": fields[column].name,
            "units": fields[column].units,
            "channel": used.get(column),
            "n_values": n,
        }
        for column, n in counts.items()
    ]
    return sorted(rows, key=lambda row: (row["application_id"], row["name"], row["units"] or ""))


def filled(frame: pl.DataFrame, records: pl.DataFrame, fields: Developer, n_units: int) -> Filled:
    """Fill channels that a unit's native fields leave wholly empty from developer fields.

    `frame` holds the channels of `records`, row by row. Of several fields that could fill one
    channel the one with the most possible values does, then the first by its column's name.
    """
    result = Filled(frame, {}, {})
    bounds = edges(frame, n_units)
    found = _candidates(records, fields, bounds)
    if not found:
        return result
    channels = {c.known["channel"] for c in found}
    native = {channel: counted(frame[channel], bounds) for channel in channels}
    chosen: dict[int, list[int]] = {}
    makers: dict[int, dict[str, str]] = {}
    used: dict[int, dict[str, str]] = {}
    for unit in range(n_units):
        for index in sorted(range(len(found)), key=lambda i: -found[i].counts[unit]):
            one = found[index]
            channel = one.known["channel"]
            taken = native[channel][unit] or channel in makers.get(unit, {})
            if taken or not one.counts[unit]:
                continue
            chosen.setdefault(index, []).append(unit)
            makers.setdefault(unit, {})[channel] = one.known["maker"]
            used.setdefault(unit, {})[one.column] = channel
    for index, units in chosen.items():
        frame = _fill(frame, found[index], units, n_units)
    return Filled(frame, makers, used)


def _fill(frame: pl.DataFrame, one: _Candidate, units: list[int], n_units: int) -> pl.DataFrame:
    chosen = np.zeros(n_units)
    chosen[units] = 1.0
    here: Flags = spread(chosen, frame) > 0
    channel = one.known["channel"]
    return frame.with_columns(
        pl.when(pl.Series(here)).then(one.sound).otherwise(pl.col(channel)).alias(channel)
    )


def _candidates(
    records: pl.DataFrame, fields: Developer, bounds: Sequence[int]
) -> list[_Candidate]:
    """Return every way to fill a channel, by the names of the columns."""
    ways = [
        (column, known)
        for column in sorted(fields)
        if column in records.columns and records.schema[column].is_numeric()
        for known in _known_fields()
        if known["name"] == fields[column].name
        and (fields[column].units or "").lower() in known["units"].split("|")
    ]
    sound = records.select(
        _possible(column, records.schema[column], known).alias(str(place))
        for place, (column, known) in enumerate(ways)
    )
    return [
        _Candidate(column, known, values, counted(values, bounds))
        for (column, known), values in zip(ways, sound, strict=True)
    ]


def _possible(column: str, held: pl.DataType, known: Mapping[str, Any]) -> pl.Expr:
    value = finite(column, held)
    possible = value.is_between(known["valid_min"], known["valid_max"])
    return pl.when(possible).then(value * known["factor"])


@cache
def _known_fields() -> list[dict[str, Any]]:
    text = files("carryover.normalise").joinpath("developer_field.csv").read_bytes()
    return pl.read_csv(text).to_dicts()
