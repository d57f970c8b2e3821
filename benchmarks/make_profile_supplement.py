"""Write what the FIT profile has gained since fitparse's tables: src/carryover/decode/fit/data.

Garmin's own package is read here and in tests only. Every row is what Garmin says and fitparse
does not; where the two contradict each other, DECIDED says which of them stands and why.
"""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TypeAlias

import garmin_fit_sdk
from garmin_fit_sdk import profile as garmin_profile

from carryover.decode.fit.fitparse_tables import Tables, fitparse_tables
from carryover.decode.fit.profile_types import Component, Field, SubField

GARMIN: Final = garmin_profile.Profile
DATA = Path(__file__).parents[1] / "src" / "carryover" / "decode" / "fit" / "data"
Row: TypeAlias = tuple[object, ...]

HEADS: Final = {
    "version": ("profile_version", "read_from"),
    "message": ("number", "name"),
    "type": ("name", "base_type", "reason"),
    "value": ("type", "value", "name"),
    "field": ("message", "number", "name", "type", "scale", "offset", "units"),
    "component": (
        "message", "field", "sub_field", "target", "bits", "scale", "offset", "accumulate",
    ),
    "sub_field": ("message", "field", "name", "type", "scale", "offset", "units", "references"),
    "array": ("message", "field"),
    "decision": ("kind", "of", "number", "fitparse", "garmin", "taken", "reason"),
}  # fmt: skip

FITPARSE, GARMINS = "fitparse", "garmin"
SPELLING = "one unit in two spellings; nothing depends on it"
NO_UNIT = "an instant; fitparse's unit is that of the stored count"
DECIDED: Final = {
    ("value", "segment_leaderboard_type", 9): (
        GARMINS, "renamed by Garmin, which gives the older name to value 11",
    ),
    ("name", "memo_glob", 1): (FITPARSE, "renamed by Garmin; the older name stays"),
    ("type", "memo_glob", 1): (GARMINS, "the number of a message has its name"),
    ("name", "memo_glob", 2): (GARMINS, "the older name is that of the common field 254"),
    ("type", "weight_scale", 0): (FITPARSE, "both are plain numbers of the same width"),
    ("units", "met_zone", 2): (FITPARSE, SPELLING),
    ("units", "met_zone", 3): (FITPARSE, SPELLING),
    ("units", "monitoring", 8): (FITPARSE, SPELLING),
    ("units", "monitoring", 9): (FITPARSE, SPELLING),
    ("units", "monitoring_info", 5): (FITPARSE, SPELLING),
}  # fmt: skip
"""Kind, message or type, number → whose word stands, and why."""

FLAGS = "a sum of flags, one bit each: the names are those of bits, not of values"
MASKS = "masks for parts of the number, not names of values"
AMOUNT = "an amount; the named value marks a limit or a special case of it"
NUMBERS: Final = {
    **dict.fromkeys((f"language_bits_{n}" for n in range(5)), FLAGS),
    **dict.fromkeys((f"sport_bits_{n}" for n in range(7)), FLAGS),
    **dict.fromkeys((
        "file_flags", "workout_capabilities", "course_capabilities", "connectivity_capabilities",
        "attitude_validity", "auto_activity_detect", "supported_exd_screen_layouts",
    ), FLAGS),
    **dict.fromkeys((
        "message_index", "left_right_balance", "left_right_balance_100", "ant_channel_id",
        "activity_class",
    ), MASKS),
    **dict.fromkeys((
        "date_time", "local_date_time", "weight", "workout_hr", "workout_power", "user_local_id",
        "backlight_timeout",
    ), AMOUNT),
}  # fmt: skip
"""Types that are numbers although some of their values have names."""

MARKERS: Final = ("mfg_range_min", "mfg_range_max")
RANGE = "an end of the range that manufacturers may use, no value of its own"

BASES: Final = {
    "ble_device_type": ("uint8", "that of the field of which it is a sub-field"),
    "favero_product": ("uint16", "that of the field of which it is a sub-field"),
    "dive_alert": ("enum", "no field has it alone; its numbers are those of an enum"),
}
"""Base types that Garmin's package does not name, since no field has the type for itself."""


def supplement() -> dict[str, str]:
    """Return every file by its name without ending."""
    known = fitparse_tables()
    bases = known.base_types | {name: base for name, base, _ in _types(known)}
    rows: dict[str, list[Row]] = {name: [] for name in HEADS}
    version = ".".join(str(GARMIN["version"][part]) for part in ("major", "minor"))
    rows["version"] = [(version, f"garmin-fit-sdk {garmin_fit_sdk.__version__}")]
    rows["message"] = [
        (number, message["name"]) for number, message in sorted(GARMIN["messages"].items())
        if number not in known.names
    ]  # fmt: skip
    rows["type"] = list(_types(known))
    rows["value"] = list(_values(known))
    rows["array"] = list(_arrays())
    rows["decision"] = [*_numbers(), *_markers(), *_renamed(known)]
    for number, message in sorted(GARMIN["messages"].items()):
        for _, raw in sorted(message["fields"].items()):
            _compare(known, number, _field(raw, message["fields"], bases), rows)
    return {name: _csv(HEADS[name], listed) for name, listed in rows.items()}


def main() -> None:
    """Write the files and say how large they are."""
    DATA.mkdir(exist_ok=True)
    for name, text in supplement().items():
        (DATA / f"{name}.csv").write_text(text, "utf-8", newline="")
        print(f"{name:10} {text.count(chr(10)) - 1:5} rows {len(text.encode()):7} bytes")


def _types(known: Tables) -> Iterator[Row]:
    stated = {
        field["type"]: field["base_type"]
        for message in GARMIN["messages"].values() for field in message["fields"].values()
    }  # fmt: skip
    for name in sorted(GARMIN["types"].keys() - known.base_types.keys()):
        if name in stated:
            yield name, stated[name], ""
        elif name in BASES:
            yield name, *BASES[name]
        elif name.endswith("_exercise_name"):
            yield name, "uint16", "no field has it alone; that of all older names of exercises"
        else:
            yield name, "enum", "no field has it; that of most types of its size"


def _arrays() -> Iterator[Row]:
    """Yield the fields that hold several values; fitparse's tables do not tell them apart."""
    for number, message in sorted(GARMIN["messages"].items()):
        for place, field in sorted(message["fields"].items()):
            if field["array"] != "false" and field["type"] != "string":
                yield number, place


def _values(known: Tables) -> Iterator[Row]:
    for kind, values in sorted(GARMIN["types"].items()):
        if kind in NUMBERS:
            continue
        for value, name in sorted(values.items()):
            held = known.enums.get(kind, {}).get(value)
            kept = held == name or (held and DECIDED["value", kind, value][0] == FITPARSE)
            if not kept and name not in MARKERS:
                yield kind, value, name


def _numbers() -> Iterator[Row]:
    for kind, reason in sorted(NUMBERS.items()):
        yield "number", kind, "", "", "", "", reason


def _markers() -> Iterator[Row]:
    for kind, values in sorted(GARMIN["types"].items()):
        for value, name in sorted(values.items()):
            if name in MARKERS:
                yield "marker", kind, value, name, name, "", RANGE


def _renamed(known: Tables) -> Iterator[Row]:
    for kind, values in sorted(GARMIN["types"].items()):
        for value, name in sorted(values.items()):
            held = known.enums.get(kind, {}).get(value, name)
            if held != name:
                yield _decision("value", kind, kind, value, held, name)


def _decision(kind: str, of: str, shown: object, number: int, held: str, said: str) -> Row:
    """Return the row of a contradiction; raises KeyError for one that nobody has judged."""
    whose, reason = DECIDED[kind, of, number]
    return kind, shown, number, held, said, held if whose == FITPARSE else said, reason


def _compare(known: Tables, message: int, said: Field, rows: dict[str, list[Row]]) -> None:
    """Add the rows of one field, as far as fitparse says less or something else."""
    held = known.fields[message].get(said.number)
    taken = _judged(known.names.get(message, ""), message, held, said, rows) if held else said
    if held is None or _plain(held) != _plain(taken):
        rows["field"].append((message, *_plain(taken)))
    if said.components != (held.components if held else ()):
        rows["component"].extend(_parts(message, said.number, "", said.components))
    older = {sub.name: sub for sub in held.sub_fields} if held else {}
    for sub in said.sub_fields:
        if sub != older.get(sub.name):
            rows["sub_field"].append(_sub_row(message, said.number, sub))
            rows["component"].extend(_parts(message, said.number, sub.name, sub.components))
    merged = list(older | {sub.name: sub for sub in said.sub_fields})
    if merged != [sub.name for sub in said.sub_fields] and _order_decides(said):
        rows["decision"].append(_order(message, said, merged))


def _judged(name: str, message: int, held: Field, said: Field, rows: dict[str, list[Row]]) -> Field:
    """Return the field as it was decided, with a row for each contradiction."""
    kept = {"name": held.name, "type": held.type_name, "units": held.units or ""}
    new = {"name": said.name, "type": said.type_name, "units": said.units or ""}
    for kind, older in kept.items():
        if not older or older == new[kind]:
            continue  # what fitparse does not say is no contradiction
        if kind == "units" and said.type_name == "date_time":
            row: Row = (kind, message, said.number, older, new[kind], older, NO_UNIT)
        else:
            row = _decision(kind, name, message, said.number, older, new[kind])
        rows["decision"].append(row)
        new[kind] = str(row[5])
    return Field(
        said.number, new["name"], new["type"], said.base_type, said.scale, said.offset,
        new["units"] or None,
    )  # fmt: skip


def _order(message: int, said: Field, merged: list[str]) -> Row:
    names = " ".join(sub.name for sub in said.sub_fields)
    reason = "the first that matches is meant, and several can match at once"
    return "order", message, said.number, " ".join(merged), names, names, reason


def _order_decides(field: Field) -> bool:
    """Return whether two different sub-fields can match one message."""
    return any(
        {number for number, _ in one.references} != {number for number, _ in other.references}
        or set(one.references) & set(other.references)
        for one, other in itertools.combinations(field.sub_fields, 2)
    )


def _field(raw: dict[str, Any], fields: dict[int, Any], bases: dict[str, Any]) -> Field:
    scale, offset, units = _own(raw)
    return Field(
        raw["num"], raw["name"], raw["type"], raw["base_type"], scale, offset, units,
        _components(raw, fields),
        tuple(_sub_field(sub, fields, bases) for sub in raw["sub_fields"]),
    )  # fmt: skip


def _sub_field(raw: dict[str, Any], fields: dict[int, Any], bases: dict[str, Any]) -> SubField:
    scale, offset, units = _own(raw)
    references = tuple((entry["num"], entry["raw_value"]) for entry in raw["map"])
    base = bases.get(raw["type"], raw["type"])
    return SubField(
        raw["name"], raw["type"], base, scale, offset, units, _components(raw, fields), references
    )


def _own(raw: dict[str, Any]) -> tuple[float, float, str | None]:
    """Return scale, offset and units of a field itself; several components have their own."""
    if len(raw["components"]) > 1:
        return 1.0, 0.0, None
    units = raw["units"] if isinstance(raw["units"], str) else raw["units"][0]
    return float(raw["scale"][0]), float(raw["offset"][0]), units or None


def _components(raw: dict[str, Any], fields: dict[int, Any]) -> tuple[Component, ...]:
    """Return the components; Garmin's package keeps the accumulate flag with their target."""
    ends = itertools.accumulate(raw["bits"])
    parts = zip(
        raw["components"], raw["bits"], ends, raw["scale"], raw["offset"], strict=False
    )  # fmt: skip
    return tuple(
        Component(
            target, bits, end - bits, float(scale), float(offset),
            fields[target]["is_accumulated"],
        )
        for target, bits, end, scale, offset in parts
    )  # fmt: skip


def _plain(field: Field) -> Row:
    return (
        field.number, field.name, field.type_name, _number(field.scale), _number(field.offset),
        field.units or "",
    )  # fmt: skip


def _parts(message: int, number: int, sub: str, parts: tuple[Component, ...]) -> Iterator[Row]:
    for part in parts:
        scale, offset = _number(part.scale), _number(part.offset)
        yield message, number, sub, part.target, part.bits, scale, offset, int(part.accumulate)


def _sub_row(message: int, number: int, sub: SubField) -> Row:
    references = " ".join(f"{field}={value}" for field, value in sub.references)
    scale, offset = _number(sub.scale), _number(sub.offset)
    return message, number, sub.name, sub.type_name, scale, offset, sub.units or "", references


def _number(value: float) -> str:
    return f"{value:.15g}"


def _csv(head: tuple[str, ...], rows: list[Row]) -> str:
    page = io.StringIO()
    csv.writer(page, lineterminator="\n").writerows([head, *rows])
    return page.getvalue()


if __name__ == "__main__":
    main()
