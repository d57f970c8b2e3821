"""What applications call their fields: `developer_field.csv` and the units' aliases, as data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, Protocol

import polars as pl

EITHER: Final = "|"
"""Between applications that write one field alike."""
POD: Final = 1
"""Priority of what is worn where the foot or the body moves; apps of a watch come after it."""


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


@dataclass(frozen=True, slots=True)
class Way:
    """One reading of a field: value · factor is the channel's, inside the valid range.

    `channel` is None for what is known and fits no channel; the range is in the field's unit.
    """

    units: str
    channel: str | None
    factor: float
    valid_min: float
    valid_max: float
    maker: str
    priority: int

    def holds(self, value: float) -> bool:
        """Return whether a value is possible."""
        return self.valid_min <= value <= self.valid_max


def plain(word: str | None) -> str:
    """Return a name as it is compared: trimmed, without capitals."""
    return (word or "").strip().casefold()


@dataclass(frozen=True, slots=True)
class Known:
    """What a field can be: ways in the unit that it declares, and ways in another unit."""

    declared: tuple[Way, ...]
    others: tuple[Way, ...]

    def alternatives(self, way: Way) -> list[Way]:
        """Return the same maker's readings of the same channel in another unit."""
        same = (way.maker, way.channel)
        return [other for other in self.others if (other.maker, other.channel) == same]


def known(field: DeveloperField) -> Known | None:
    """Return what a field can be, by application, name and unit; None for an unknown name.

    Rows that name the application come before those for any application.
    """
    return _known(field.application, plain(field.name), plain(field.units))


@cache
def _known(application: str, name: str, units: str) -> Known | None:
    rows = [row for row in _rows() if plain(row["name"]) == name]
    own = [row for row in rows if application in (row["application"] or "").split(EITHER)]
    chosen = own or [row for row in rows if not row["application"]]
    if not chosen:
        return None
    unit = _units().get(units, units)
    ways = [(row["units"] or "", _way(row)) for row in chosen]
    declared = tuple(way for told, way in ways if not told or plain(told) == plain(unit))
    return Known(declared, tuple(way for _, way in ways if way not in declared))


def _way(row: dict[str, Any]) -> Way:
    return Way(
        row["units"] or "", row["channel"], row["factor"], row["valid_min"], row["valid_max"],
        row["maker"], row["priority"],
    )  # fmt: skip


def _table(name: str, **types: pl.DataType) -> list[dict[str, Any]]:
    text = files("carryover.normalise").joinpath(name).read_bytes()
    return pl.read_csv(text, schema_overrides=types).to_dicts()


@cache
def _rows() -> Sequence[dict[str, Any]]:
    numbers = dict.fromkeys(("factor", "valid_min", "valid_max"), pl.Float64())
    return _table("developer_field.csv", application=pl.String(), units=pl.String(), **numbers)


@cache
def _units() -> dict[str, str]:
    return {row["alias"]: row["unit"] for row in _table("developer_unit.csv")}
