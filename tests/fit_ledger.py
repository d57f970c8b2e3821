"""Whole FIT files by chance, each with what must be read from it.

The writer keeps, beside the bytes, a row for every message: column → value, without what is
missing. Nothing of the reader is used; names and scales of a few known fields stand here.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

from hypothesis import strategies as st

from fit_bytes import (
    ACTIVITY,
    BASES,
    DEVELOPER_DATA_ID,
    DEVICE_INFO,
    EPOCH,
    FIELD_DESCRIPTION,
    RECORD,
    SESSION,
    SET,
    FitBytes,
)

FIRST_DATE: Final = 0x10000000
HRV, BIKE_PROFILE = 78, 6
UNKNOWN: Final = (0xFF01, 0xFF02)
UNTIMED: Final = (*UNKNOWN, SET)
"""Messages whose field 253 is not their time."""
NAMES: Final = {
    RECORD: "record", SESSION: "session", ACTIVITY: "activity", DEVICE_INFO: "device_info",
    SET: "set", HRV: "hrv", BIKE_PROFILE: "bike_profile", UNKNOWN[0]: "unknown_65281",
    UNKNOWN[1]: "unknown_65282",
}  # fmt: skip
SPORTS: Final = {0: "generic", 1: "running", 2: "cycling", 10: "training", 11: "walking"}
CATEGORIES: Final = {0: "bench_press", 8: "deadlift", 10: "hip_raise", 17: "lunge", 28: "squat"}

INTS: Final = ("enum", "sint8", "uint8", "sint16", "uint16", "sint32", "uint32", "uint8z",
               "uint16z", "uint32z")  # fmt: skip
FAMILIES: Final = {
    "int": INTS, "float": ("float32", "float64"), "long": ("sint64",), "ulong": ("uint64",),
    "ulongz": ("uint64z",), "text": ("string",), "byte": ("byte",),
}  # fmt: skip
"""Types whose values one column can hold without loss."""


@dataclass(frozen=True)
class Known:
    """A field of the profile, without components: what its numbers mean."""

    name: str
    family: str = "int"
    scale: float = 1
    offset: float = 0
    names: dict[int, str] | None = None
    kind: str = "number"
    is_array: bool = False


TIME: Final = Known("timestamp", kind="time")
KNOWN: Final[dict[tuple[int, int], Known]] = {
    (RECORD, 3): Known("heart_rate"),
    (RECORD, 5): Known("distance", scale=100),
    (RECORD, 13): Known("temperature"),
    (RECORD, 78): Known("enhanced_altitude", scale=5, offset=500),
    (RECORD, 84): Known("stance_time_balance", scale=100),
    (SESSION, 2): Known("start_time", kind="time"),
    (SESSION, 5): Known("sport", names=SPORTS),
    (SESSION, 7): Known("total_elapsed_time", scale=1000),
    (ACTIVITY, 5): Known("local_timestamp", kind="local"),
    (DEVICE_INFO, 3): Known("serial_number"),
    (DEVICE_INFO, 27): Known("product_name", "text"),
    (SET, 3): Known("repetitions"),
    (SET, 7): Known("category", names=CATEGORIES, is_array=True),
    (HRV, 0): Known("time", scale=1000, is_array=True),
    (BIKE_PROFILE, 15): Known("spd_enabled", kind="bool"),
}
UNKNOWN_FIELDS: Final = {240: "int", 241: "float", 242: "long", 243: "text", 244: "byte",
                         245: "ulong", 246: "ulongz"}  # fmt: skip
"""Numbers that no message of the profile has, and the family of each."""


def width(base: str) -> int:
    return struct.calcsize(BASES[base][1])


def numbers(base: str) -> st.SearchStrategy[Any]:
    """One value of a type as it goes into the file; None is the type's "no value"."""
    if base in {"float32", "float64"}:
        finite = st.floats(width=8 * width(base), allow_nan=False)
        return st.one_of(st.none(), st.just(0.0), finite)
    bits = 8 * width(base)
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if base[0] == "s" else (0, (1 << bits) - 1)
    dates = st.integers(FIRST_DATE, min(high, 0xFFFF0000)) if high > FIRST_DATE else st.nothing()
    return st.one_of(st.none(), st.just(0), st.integers(low, high), st.integers(0, 30), dates)


def is_missing(base: str, value: Any) -> bool:
    return value is None or (not base.startswith("float") and value == BASES[base][2])


def packed(base: str, values: list[Any], order: str) -> bytes:
    _, letter, invalid = BASES[base]
    told = [invalid if value is None else value for value in values]
    return struct.pack(f"{order}{len(told)}{letter}", *told)


def shown(base: str, values: list[Any], told: Known) -> Any:
    """What values mean; None where all are missing, one value bare unless it is an array."""
    if base == "byte" and len(values) > 1:
        missing = [all(is_missing(base, value) for value in values)] * len(values)
        values = [0xFF if value is None else value for value in values]
    else:
        missing = [is_missing(base, value) for value in values]
    cells = [
        None if gone else _meant(value, told) for value, gone in zip(values, missing, strict=True)
    ]
    if len(cells) == 1 and not told.is_array:
        return cells[0]
    return None if all(missing) else cells


def _meant(value: Any, told: Known) -> Any:
    if told.names is not None:
        return told.names.get(value, str(value))
    if told.kind == "bool":
        return value != 0
    if told.kind == "number":
        return value if told.scale == 1 else value / told.scale - told.offset
    if not FIRST_DATE <= value <= 0xFFFFFFFF:
        return None
    moment = EPOCH + dt.timedelta(seconds=value)
    return moment if told.kind == "time" else moment.replace(tzinfo=None)


@dataclass(frozen=True)
class Slot:
    """A field of a definition: `key` is its number, or (developer data index, number)."""

    key: int | tuple[int, int]
    base: str
    size: int


@dataclass
class Ledger:
    """A file in the making and what must be read from it: message → its rows in order."""

    parts: list[bytes] = field(default_factory=list)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    made: FitBytes = field(default_factory=FitBytes)
    defined: dict[int, tuple[int, str, list[Slot]]] = field(default_factory=dict)
    applications: dict[int, str] = field(default_factory=dict)
    described: dict[tuple[int, int], tuple[str, str, str]] = field(default_factory=dict)
    time: int | None = None

    def finish(self, **header: int) -> None:
        """Close a part of the chain; the next begins with nothing defined."""
        self.parts.append(self.made.file(**header))
        self.made, self.time = FitBytes(), None
        self.defined, self.applications, self.described = {}, {}, {}

    def define(self, local: int, message: int, slots: list[Slot], *, big: bool) -> None:
        order = ">" if big else "<"
        native = [slot for slot in slots if isinstance(slot.key, int)]
        developer = [slot for slot in slots if isinstance(slot.key, tuple)]
        flag = 0x40 | (0x20 if developer else 0) | local
        told = struct.pack(f"{order}BBBHB", flag, 0, big, message, len(native))
        told += b"".join(bytes([slot.key, slot.size, BASES[slot.base][0]]) for slot in native)
        if developer:
            told += bytes([len(developer)])
            told += b"".join(bytes([slot.key[1], slot.size, slot.key[0]]) for slot in developer)
        self.made.raw(told)
        self.defined[local] = message, order, native + developer

    def introduce(self, index: int, application: bytes) -> None:
        fresh = FitBytes().define(15, DEVELOPER_DATA_ID, [(1, "byte", 16), (3, "uint8", 1)])
        self.made.raw(bytes(fresh.data(15, tuple(application), index).body))
        self.defined.pop(15, None)
        for key, (owner, name, base) in list(self.described.items()):
            if key[0] == index and owner != application.hex():
                del self.described[key]
                if index not in self.applications:
                    self.described[key] = application.hex(), name, base
        self.applications[index] = application.hex()
        self.rows["developer_data_id"].append({
            "segment_index": len(self.parts), "developer_data_index": index,
            "application_id": list(application),
        })  # fmt: skip

    def describe(self, index: int, number: int, base: str, name: str, units: str) -> None:
        fields = [(0, "uint8", 1), (1, "uint8", 1), (2, "uint8", 1), (3, "string", 9),
                  (8, "string", 4)]  # fmt: skip
        fresh = FitBytes().define(15, FIELD_DESCRIPTION, fields)
        fresh.data(15, index, number, BASES[base][0], name, units)
        self.made.raw(bytes(fresh.body))
        self.defined.pop(15, None)
        owner = self.applications.get(index, str(index))
        self.described[index, number] = owner, name + (f" [{units}]" if units else ""), base

    def base_of(self, slot: Slot) -> str:
        """The type that a field's values are written in at this moment."""
        base = slot.base
        if isinstance(slot.key, tuple):
            base = self.described[slot.key][2] if slot.key in self.described else "byte"
        return "byte" if base != "string" and slot.size % width(base) else base

    def column(self, message: int, slot: Slot, base: str) -> tuple[str, Known]:
        """Where the values of a field go, and what they mean there."""
        count = slot.size // width(base)
        if isinstance(slot.key, tuple):
            index, number = slot.key
            bare = self.applications.get(index, str(index)), f"undeclared_{index}_{number}"
            owner, name = self.described.get(slot.key, (*bare, ""))[:2]
            ending = " (text)" if base == "string" else " (array)" if count > 1 else ""
            return f"dev/{owner}/{name}{ending}", Known("")
        told = TIME if slot.key == 253 else KNOWN.get((message, slot.key))
        ending = "_text" if base == "string" else "_array" if count > 1 else ""
        if told is None:
            return f"unknown_{slot.key}{ending}", Known("")
        if base == "byte" and slot.base != "byte" and count > 1:
            return f"{told.name}_bytes", Known("")
        return told.name + ("" if told.is_array or base == "string" else ending), told

    def write(self, local: int, values: list[list[Any] | bytes], packed_s: int | None) -> None:
        """Write a message: for each field its numbers, or the bytes of a text."""
        message, order, slots = self.defined[local]
        body, row, time = b"", {"segment_index": len(self.parts)}, None
        for slot, value in zip(slots, values, strict=True):
            base = self.base_of(slot)
            name, told = self.column(message, slot, base)
            if isinstance(value, bytes):
                body += value.ljust(slot.size, b"\0")
                row[name] = value.split(b"\0")[0].decode(errors="replace") or None
                continue
            body += packed(base, value, order)
            row[name] = shown(base, value, told)
            if slot.key == 253 and len(value) == 1 and not is_missing(base, value[0]):
                time = value[0]
        header = local if packed_s is None else 0x80 | local << 5 | packed_s
        self.made.raw(bytes([header]) + body)
        if time is None and packed_s is not None and self.time is not None:
            self.time += (packed_s - self.time) & 31
            row["timestamp"] = _meant(self.time, TIME)
        self.time = self.time if time is None else time
        held = {name: value for name, value in row.items() if value is not None}
        self.rows[NAMES[message]].append(held)


@st.composite
def slots(draw: st.DrawFn, message: int, *, timed: bool) -> list[Slot]:
    """Fields of a definition: known ones, unknown ones, developer fields."""
    known = [number for of, number in KNOWN if of == message]
    native = draw(st.lists(st.sampled_from([*known, *UNKNOWN_FIELDS]), max_size=5, unique=True))
    found = [Slot(253, "uint32", 4)] if timed else []
    for number in native:
        told = KNOWN.get((message, number))
        family = told.family if told else UNKNOWN_FIELDS[number]
        bases = FAMILIES[family]
        base = draw(st.sampled_from(bases))
        size = draw(st.integers(1, 3)) * width(base)
        if family in {"int", "long"} and draw(st.integers(0, 9)) == 0:
            base, size = draw(st.sampled_from([b for b in bases if width(b) > 1])), 1
        found.append(Slot(number, base, size))
    keys = st.tuples(st.integers(0, 1), st.integers(0, 2))
    developer = draw(st.lists(keys, max_size=2, unique=True))
    return found + [Slot(key, "", draw(st.integers(0, 9))) for key in developer]


def contents(base: str, size: int, told: Known) -> st.SearchStrategy[Any]:
    """Numbers or the bytes of a text; named values are of the short lists, or have no name."""
    if base == "string":
        return st.one_of(st.binary(max_size=size), st.text(max_size=size).map(
            lambda text: text.encode()[:size]))  # fmt: skip
    count, cells = size // width(base), numbers(base)
    if told.names is not None:
        cells = st.sampled_from([None, *told.names, 120, -3 if base[0] == "s" else 250])
    return st.lists(cells, min_size=count, max_size=count)


@st.composite
def files(draw: st.DrawFn, max_steps: int = 25) -> Ledger:
    """A whole file: definitions, data and declarations in any order, in one part or several."""
    ledger = Ledger()
    for _ in range(draw(st.integers(1, max_steps))):
        step = draw(st.integers(0, 19))
        if step < 4 or not ledger.defined:
            message = draw(st.sampled_from(list(NAMES)))
            timed = message not in UNTIMED and draw(st.booleans())
            found = draw(slots(message, timed=timed))
            local = draw(st.integers(0, 14))
            ledger.define(local, message, found, big=draw(st.booleans()))
        elif step == 4:
            named = draw(st.integers(0, 3))
            index = draw(st.integers(0, 1))
            ledger.introduce(index, bytes([index, named]) * 8)
        elif step in {5, 6}:
            family = draw(st.sampled_from(list(FAMILIES)))
            base = draw(st.sampled_from(FAMILIES[family]))
            index, number = draw(st.integers(0, 1)), draw(st.integers(0, 2))
            ledger.describe(index, number, base, f"{family}{number}", draw(st.sampled_from(UNITS)))
        elif step == 7 and draw(st.booleans()):
            ledger.finish(header_size=draw(st.sampled_from([12, 14, 17])))
        else:
            _write(draw, ledger)
    header_crc = draw(st.sampled_from([None, 0]))
    ledger.finish(header_size=draw(st.sampled_from([12, 14])), header_crc=header_crc)
    return ledger


UNITS: Final = ("", "ms", "W")


def _write(draw: st.DrawFn, ledger: Ledger) -> None:
    local = draw(st.sampled_from(sorted(ledger.defined)))
    seconds = draw(st.one_of(st.none(), st.integers(0, 31))) if local < 4 else None
    message, _, slots_ = ledger.defined[local]
    values = []
    for slot in slots_:
        base = ledger.base_of(slot)
        values.append(draw(contents(base, slot.size, ledger.column(message, slot, base)[1])))
    ledger.write(local, values, seconds)
