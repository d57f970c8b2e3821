"""The readers of FIT that are compared: each one opened as its own documentation shows.

Every reader gives the record columns of one file in the form that is natural to it (lists,
numpy, Arrow, polars); nothing is charged for changing that form.
"""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from benchmarks.tables import installed

COLUMNS: Final = (
    "timestamp", "position_lat", "position_long", "distance", "enhanced_altitude",
    "enhanced_speed", "heart_rate", "cadence", "fractional_cadence", "power", "temperature",
    "activity_type", "vertical_oscillation", "stance_time", "stance_time_percent",
    "stance_time_balance", "vertical_ratio", "step_length",
)  # fmt: skip
"""The 18 columns of a run's records, in the profile's names."""

REFUSALS: Final = (
    ValueError, AssertionError, LookupError, TypeError, AttributeError, ArithmeticError,
    ImportError, struct.error,
)  # fmt: skip
"""What readers raise at a file that they do not read; errors of their own become ValueError."""

Columns = Any
"""Columns by name: `columns["heart_rate"]` can become an array; None where it has none."""
Decode = Callable[[bytes], Columns]
DecodeMany = Callable[[list[bytes]], Columns]


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader; `open_it` imports the package and returns its way to read one file."""

    name: str
    package: str
    open_it: Callable[[], Decode]
    gives: str
    open_together: Callable[[], DecodeMany] | None = None
    """Its way to read many files together, where it has one."""

    @property
    def version(self) -> str | None:
        """Its version; None where it is not installed."""
        return installed(self.package)


@dataclass(frozen=True, slots=True)
class Totals:
    """What must agree before a reader is timed."""

    n_records: float
    heart_rate: float
    distance: float

    @classmethod
    def of(cls, read: Sequence[Columns]) -> Totals:
        """Return how many records were read, and the sums of heart rate and distance."""
        return cls(
            sum(len(columns["timestamp"]) for columns in read),
            math.fsum(_sum(columns, "heart_rate") for columns in read),
            math.fsum(_sum(columns, "distance") for columns in read),
        )

    @classmethod
    def most(cls, told: Sequence[Totals]) -> Totals | None:
        """Return what most readers agree on, of equals the first; None of none."""
        return max(told, key=lambda one: sum(map(one.agrees, told)), default=None)

    def scaled(self, share: float) -> Totals:
        """Return the totals of a share of the files."""
        return Totals(self.n_records * share, self.heart_rate * share, self.distance * share)

    def agrees(self, other: Totals) -> bool:
        """Return whether another reader read the same, up to the rounding of sums."""
        return all(
            math.isclose(mine, its, rel_tol=1e-9, abs_tol=1e-6)
            for mine, its in (
                (self.n_records, other.n_records),
                (self.heart_rate, other.heart_rate),
                (self.distance, other.distance),
            )
        )

    def __str__(self) -> str:
        return (
            f"{self.n_records:,.0f} records, sum of heart rates {self.heart_rate:,.0f}, "
            f"of distances {self.distance:,.0f}"
        )


def _sum(columns: Columns, name: str) -> float:
    try:
        values = columns[name]
    except KeyError:
        return 0.0
    return math.fsum(v for v in np.asarray(values, dtype=float).tolist() if v == v)  # noqa: PLR0124 - NaN


def _listed(rows: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Return rows of dictionaries as columns."""
    columns: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    held = list(columns.items())
    for row in rows:
        for name, values in held:
            values.append(row.get(name))
    return columns


def _ours() -> Decode:
    many = _ours_together()
    return lambda content: many([content])


def _ours_together() -> DecodeMany:
    from carryover.decode.fit import read_fit  # noqa: PLC0415 - each reader's imports are its own

    def decode(contents: list[bytes]) -> Columns:
        decoded = read_fit(contents)
        if decoded.refused:
            raise ValueError(str(next(iter(decoded.refused.values()))))
        return decoded.frame("record", columns=COLUMNS)

    return decode


def _fitparse() -> Decode:
    from fitparse import FitFile  # noqa: PLC0415

    def decode(content: bytes) -> Columns:
        messages = FitFile(io.BytesIO(content)).get_messages("record")
        return _listed(message.get_values() for message in messages)

    return decode


def _fitdecode() -> Decode:
    from fitdecode import FitDataMessage, FitError, FitReader  # noqa: PLC0415

    def decode(content: bytes) -> Columns:
        try:
            with FitReader(io.BytesIO(content)) as frames:
                return _listed(
                    {field.name: field.value for field in frame.fields}
                    for frame in frames
                    if isinstance(frame, FitDataMessage) and frame.name == "record"
                )
        except FitError as error:
            raise ValueError(str(error)) from error

    return decode


def _garmin() -> Decode:
    from garmin_fit_sdk import Decoder, Stream  # noqa: PLC0415

    def decode(content: bytes) -> Columns:
        messages, errors = Decoder(Stream.from_byte_array(bytearray(content))).read()
        if errors:
            raise ValueError(str(errors[0]))
        return _listed(messages["record_mesgs"])

    return decode


def _native() -> Decode:
    from pyfitparsernative import parse_fit_bytes  # noqa: PLC0415

    def decode(content: bytes) -> Columns:
        messages = parse_fit_bytes(content)
        return _listed(message for message in messages if message["message_type"] == "record")

    return decode


def _fitfast() -> Decode:
    from fitfast import records  # noqa: PLC0415

    decode: Decode = records
    return decode


PYROPARSE_NAMES: Final = {
    "position_lat": "latitude", "position_long": "longitude", "enhanced_altitude": "altitude",
    "enhanced_speed": "speed",
}  # fmt: skip


def _pyroparse() -> Decode:
    import pyroparse  # noqa: PLC0415

    wanted = [PYROPARSE_NAMES.get(name, name) for name in COLUMNS]

    def decode(content: bytes) -> Columns:
        try:
            return pyroparse.read_fit(content, columns=wanted, missing="ignore", deduplicate=False)
        except (pyroparse.MultipleActivitiesError, pyroparse.FileTypeMismatchError) as error:
            raise ValueError(str(error)) from error

    return decode


READERS: Final = (
    Reader("carryover", "carryover", _ours, "polars", _ours_together),
    Reader("pyroparse", "pyroparse", _pyroparse, "Arrow"),
    Reader("fitfast `.records`", "fitfast", _fitfast, "numpy"),
    Reader("pyfitparsernative", "pyfitparsernative", _native, "dictionaries"),
    Reader("garmin-fit-sdk", "garmin-fit-sdk", _garmin, "dictionaries"),
    Reader("fitdecode", "fitdecode", _fitdecode, "objects"),
    Reader("fitparse", "fitparse", _fitparse, "objects"),
)
REFERENCE: Final = "fitparse"
"""What the others are held against, since it is what most programs use."""
