"""A small builder of FIT bytes, for files that no sound writer would write."""

from __future__ import annotations

import datetime as dt
import math
import struct
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from fastcrc import crc16

EPOCH: Final = dt.datetime(1989, 12, 31, tzinfo=dt.UTC)
START: Final = dt.datetime(2024, 5, 4, 7, 0, tzinfo=dt.UTC)

FILE_ID, SESSION, LAP, RECORD, EVENT, DEVICE_INFO, ACTIVITY = 0, 18, 19, 20, 21, 23, 34
FIELD_DESCRIPTION, DEVELOPER_DATA_ID, SET = 206, 207, 225

BASES: Final[dict[str, tuple[int, str, int]]] = {
    "enum": (0x00, "B", 0xFF), "sint8": (0x01, "b", 0x7F), "uint8": (0x02, "B", 0xFF),
    "sint16": (0x83, "h", 0x7FFF), "uint16": (0x84, "H", 0xFFFF),
    "sint32": (0x85, "i", 0x7FFFFFFF), "uint32": (0x86, "I", 0xFFFFFFFF),
    "string": (0x07, "s", 0), "float32": (0x88, "f", math.nan), "float64": (0x89, "d", math.nan),
    "uint8z": (0x0A, "B", 0), "uint16z": (0x8B, "H", 0), "uint32z": (0x8C, "I", 0),
    "byte": (0x0D, "B", 0xFF), "sint64": (0x8E, "q", 0x7FFFFFFFFFFFFFFF),
    "uint64": (0x8F, "Q", 0xFFFFFFFFFFFFFFFF), "uint64z": (0x90, "Q", 0),
}  # fmt: skip
"""Name → base type number, struct letter, invalid value."""

RECORD_FIELDS: Final[dict[str, tuple[int, str, float, float]]] = {
    "timestamp": (253, "uint32", 1, 0),
    "position_lat": (0, "sint32", 2**31 / 180, 0),
    "position_long": (1, "sint32", 2**31 / 180, 0),
    "altitude": (2, "uint16", 5, 500),
    "heart_rate": (3, "uint8", 1, 0),
    "cadence": (4, "uint8", 1, 0),
    "distance": (5, "uint32", 100, 0),
    "speed": (6, "uint16", 1000, 0),
    "power": (7, "uint16", 1, 0),
    "vertical_oscillation": (39, "uint16", 10, 0),
    "stance_time_percent": (40, "uint16", 100, 0),
    "stance_time": (41, "uint16", 10, 0),
    "fractional_cadence": (53, "uint8", 128, 0),
    "vertical_ratio": (83, "uint16", 100, 0),
    "stance_time_balance": (84, "uint16", 100, 0),
    "step_length": (85, "uint16", 10, 0),
}
"""Name → field number, base type, scale, offset of message `record`."""


def instant(moment: dt.datetime) -> int:
    """A moment as FIT counts it."""
    return round((moment - EPOCH).total_seconds())


def at(seconds: float) -> int:
    """A FIT time so long after START."""
    return instant(START) + round(seconds)


class FitBytes:
    """A FIT file in the making: definitions and data, in whatever order and however wrong."""

    def __init__(self) -> None:
        self.body = bytearray()
        self._layouts: dict[int, tuple[str, list[tuple[str, int]]]] = {}

    def define(
        self,
        local: int,
        number: int,
        fields: Sequence[tuple[int, str, int]],
        *,
        developer: Sequence[tuple[int, str, int, int]] | None = None,
        big: bool = False,
    ) -> FitBytes:
        """Add a definition; `fields` are (number, base type, count of values or bytes of a string).

        `developer` are (field number, base type, count, developer data index).
        """
        endian = ">" if big else "<"
        flag = 0x40 | (0x20 if developer is not None else 0)
        self.body += struct.pack(f"{endian}BBBHB", flag | local, 0, big, number, len(fields))
        layout: list[tuple[str, int]] = []
        for field, base, count in fields:
            self.body += bytes([field, count * _width(base), BASES[base][0]])
            layout.append((base, count))
        if developer is not None:
            self.body.append(len(developer))
            for field, base, count, index in developer:
                self.body += bytes([field, count * _width(base), index])
                layout.append((base, count))
        self._layouts[local] = (endian, layout)
        return self

    def data(self, local: int, *values: Any) -> FitBytes:
        """Add a data message; None is the type's invalid value, a tuple fills an array."""
        self.body.append(local)
        return self._pack(local, values)

    def compressed(self, local: int, offset_s: int, *values: Any) -> FitBytes:
        """Add a data message with a compressed time (its last five bits)."""
        self.body.append(0x80 | (local << 5) | (offset_s & 0x1F))
        return self._pack(local, values)

    def raw(self, content: bytes) -> FitBytes:
        """Add bytes as they are."""
        self.body += content
        return self

    def _pack(self, local: int, values: Sequence[Any]) -> FitBytes:
        endian, layout = self._layouts[local]
        for (base, count), value in zip(layout, values, strict=True):
            _, letter, invalid = BASES[base]
            if base == "string":
                text = value if isinstance(value, bytes) else str(value or "").encode()
                self.body += text[:count].ljust(count, b"\0")
                continue
            cells = value if isinstance(value, tuple) else (value,) * count
            told = [invalid if cell is None else cell for cell in cells]
            self.body += struct.pack(f"{endian}{count}{letter}", *told)
        return self

    def file(
        self,
        *,
        header_size: int = 14,
        data_size: int | None = None,
        header_crc: int | None = None,
        crc: int | None = None,
    ) -> bytes:
        """Return the file; sizes and checksums are right unless given."""
        size = len(self.body) if data_size is None else data_size
        head = struct.pack("<BBHI4s", header_size, 0x20, 2093, size, b".FIT")
        if header_size > 12:
            told = crc16.arc(head) if header_crc is None else header_crc
            head += struct.pack("<H", told) + bytes(header_size - 14)
        whole = head + bytes(self.body)
        return whole + struct.pack("<H", crc16.arc(whole) if crc is None else crc)


def described(
    made: FitBytes, number: int, base: str | int, name: str, units: str = "", *,
    index: int = 0, native: tuple[int, int] | None = None,
) -> FitBytes:  # fmt: skip
    """Declare a developer field; `base` may be a number that is no type; `native` what it is like.

    Uses local type 15.
    """
    fields = [
        (0, "uint8", 1),
        (1, "uint8", 1),
        (2, "uint8", 1),
        (3, "string", 24),
        (8, "string", 16),
    ]
    code = BASES[base][0] if isinstance(base, str) else base
    values: list[Any] = [index, number, code, name, units]
    if native is not None:
        fields += [(14, "uint16", 1), (15, "uint8", 1)]
        values += native
    return made.define(15, FIELD_DESCRIPTION, fields).data(15, *values)


def introduced(made: FitBytes, application: bytes, *, index: int = 0) -> FitBytes:
    """Let an application (16 bytes) take a developer data index. Uses local type 15."""
    made.define(15, DEVELOPER_DATA_ID, [(1, "byte", 16), (3, "uint8", 1)])
    return made.data(15, tuple(application), index)


def _width(base: str) -> int:
    return struct.calcsize(BASES[base][1])


def begin(*, serial: int | None = 390_077, kind: int = 4, manufacturer: int = 1) -> FitBytes:
    """A file with its file_id: type (4 activity), manufacturer (1 Garmin), serial number, time."""
    fields = [
        (0, "enum", 1),
        (1, "uint16", 1),
        (2, "uint16", 1),
        (3, "uint32z", 1),
        (4, "uint32", 1),
    ]
    return FitBytes().define(0, FILE_ID, fields).data(0, kind, manufacturer, 2697, serial, at(0))


def records(
    made: FitBytes, rows: Iterable[Mapping[str, float | None]], *, local: int = 1, big: bool = False
) -> FitBytes:
    """Add records in vendor units; `timestamp` is seconds after START."""
    held = list(rows)
    names = list(dict.fromkeys(name for row in held for name in row))
    made.define(local, RECORD, [(*RECORD_FIELDS[n][:2], 1) for n in names], big=big)
    for row in held:
        made.data(local, *(_cell(name, row.get(name)) for name in names))
    return made


def _cell(name: str, value: float | None) -> int | None:
    if value is None:
        return None
    _, _, scale, offset = RECORD_FIELDS[name]
    return at(value) if name == "timestamp" else round((value + offset) * scale)


def session(
    made: FitBytes, *, elapsed_s: float, sport: int = 1, sub_sport: int = 0, start_s: float = 0,
    local: int = 2,
) -> FitBytes:  # fmt: skip
    """Add a session: sport 1 is running, 10 training; sub_sport 20 strength_training."""
    fields = [
        (253, "uint32", 1), (2, "uint32", 1), (7, "uint32", 1), (8, "uint32", 1),
        (5, "enum", 1), (6, "enum", 1),
    ]  # fmt: skip
    length = round(elapsed_s * 1000)
    end = at(start_s + elapsed_s)
    made.define(local, SESSION, fields)
    return made.data(local, end, at(start_s), length, length, sport, sub_sport)


def timer(made: FitBytes, marks: Iterable[tuple[float, str]], *, local: int = 3) -> FitBytes:
    """Add timer events: (seconds after START, "start" or "stop")."""
    made.define(local, EVENT, [(253, "uint32", 1), (0, "enum", 1), (1, "enum", 1)])
    for second, what in marks:
        made.data(local, at(second), 0, 0 if what == "start" else 4)
    return made


def activity(made: FitBytes, *, end_s: float, offset_s: int, local: int = 4) -> FitBytes:
    """Add the activity message that tells the runner's clock."""
    made.define(local, ACTIVITY, [(253, "uint32", 1), (5, "uint32", 1)])
    return made.data(local, at(end_s), at(end_s) + offset_s)


def steady(seconds: int, step_s: int = 1, **extra: float) -> list[dict[str, float | None]]:
    """Rows of an even run: 3 m/s, 85 strides a minute, 250 ms, 51 % left."""
    return [
        {
            "timestamp": second, "distance": 3.0 * second, "speed": 3.0, "heart_rate": 150,
            "cadence": 85, "stance_time": 250.0, "stance_time_balance": 51.0,
            "vertical_oscillation": 90.0, **extra,
        }
        for second in range(0, seconds + 1, step_s)
    ]  # fmt: skip


def run(seconds: int = 30, **extra: float) -> bytes:
    """A sound run."""
    made = records(begin(), steady(seconds, **extra))
    return session(made, elapsed_s=seconds).file()
