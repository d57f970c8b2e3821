"""The FIT profile: fitparse's tables, and over them what came after them, as data.

fitparse carries the profile of March 2019. The CSV files in `data/` hold what the profile has
gained or corrected since then, each row whole: it is added, or stands in the place of fitparse's
row of the same number (a sub-field: of the same name). `decision.csv` says what was decided
where the two disagree, and which types are numbers although some of their values have names.
`benchmarks/make_profile_supplement.py` writes these files.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from itertools import accumulate
from types import MappingProxyType
from typing import Final, TypeAlias

from carryover.decode.fit.fitparse_tables import Enums, Fields, Tables, fitparse_tables
from carryover.decode.fit.profile_types import Component, Field, Message, Profile, SubField

__all__ = ["Component", "Field", "Message", "Profile", "SubField", "profile"]

Parts: TypeAlias = dict[tuple[int, int, str], list[Component]]
SubFields: TypeAlias = dict[tuple[int, int], dict[str, SubField]]

_MARKER: Final = "marker"
_NUMBER: Final = "number"
_ORDER: Final = "order"

COMMON: Final = (
    Field(253, "timestamp", "date_time", "uint32", units="s"),
    Field(254, "message_index", "message_index", "uint16"),
    Field(250, "part_index", "uint32", "uint32"),
)
"""Fields that any message may hold, unless it has its own of the number or the name."""


@cache
def profile() -> Profile:
    """Return the profile, read once; nothing in it can be changed."""
    tables = fitparse_tables()
    _supplement(tables)
    messages = {
        number: Message(number, name, MappingProxyType(_with_common(tables.fields[number])))
        for number, name in tables.names.items()
    }
    return Profile(
        version=next(_rows("version"))[0],
        messages=MappingProxyType(messages),
        numbers=MappingProxyType({name: number for number, name in tables.names.items()}),
        enums=MappingProxyType({n: MappingProxyType(v) for n, v in tables.enums.items() if v}),
        common_fields=MappingProxyType({field.number: field for field in COMMON}),
    )


def _with_common(fields: Fields) -> Fields:
    names = {field.name for field in fields.values()}
    own = (f for f in COMMON if f.number not in fields and f.name not in names)
    return fields | {field.number: field for field in own}


def _supplement(tables: Tables) -> None:
    """Add to fitparse's tables what the files of `data/` hold."""
    tables.names.update((int(number), name) for number, name in _rows("message"))
    tables.base_types.update((name, base) for name, base, _ in _rows("type"))
    _values(tables.enums)
    packed = _components()
    for message, number, name, kind, scale, offset, units in _rows("field"):
        fields, base = tables.fields[int(message)], tables.base_types.get(kind, kind)
        known = fields.get(int(number)) or Field(int(number), name, kind, base)
        fields[int(number)] = replace(
            known, name=name, type_name=kind, base_type=base,
            scale=float(scale), offset=float(offset), units=units or None,
        )  # fmt: skip
    _unpack(tables, packed)
    _specialise(tables, packed)
    for message, number in _rows("array"):
        fields = tables.fields[int(message)]
        fields[int(number)] = replace(fields[int(number)], is_array=True)


def _values(enums: Enums) -> None:
    for kind, value, name in _rows("value"):
        enums[kind][int(value)] = name
    for decided, kind, value, *_ in _rows("decision"):
        if decided == _NUMBER:
            enums.pop(kind, None)
        elif decided == _MARKER:
            enums[kind].pop(int(value), None)


def _components() -> Parts:
    parts: Parts = defaultdict(list)
    for message, field, sub_field, target, bits, scale, offset, accumulated in _rows("component"):
        part = Component(
            int(target), int(bits), 0, float(scale), float(offset), accumulated == "1"
        )  # fmt: skip
        parts[int(message), int(field), sub_field].append(part)
    return {key: _placed(listed) for key, listed in parts.items()}


def _placed(parts: list[Component]) -> list[Component]:
    """Return components one behind the other."""
    ends = accumulate(part.bits for part in parts)
    return [
        replace(part, bit_offset=end - part.bits)
        for part, end in zip(parts, ends, strict=True)
    ]  # fmt: skip


def _unpack(tables: Tables, packed: Parts) -> None:
    for (message, number, sub_field), parts in packed.items():
        if not sub_field:
            fields = tables.fields[message]
            fields[number] = replace(fields[number], components=tuple(parts))


def _specialise(tables: Tables, packed: Parts) -> None:
    """Put sub-fields beside or in the place of those of their field."""
    found: SubFields = defaultdict(dict)
    for message, field, name, kind, scale, offset, units, references in _rows("sub_field"):
        key = int(message), int(field)
        found[key][name] = SubField(
            name, kind, tables.base_types.get(kind, kind), float(scale), float(offset),
            units or None, tuple(packed.get((*key, name), ())), _pairs(references),
        )  # fmt: skip
    orders = _orders()
    for key in found.keys() | orders.keys():
        fields, held = tables.fields[key[0]], tables.fields[key[0]][key[1]]
        subs = {sub.name: sub for sub in held.sub_fields} | found.get(key, {})
        ordered = tuple(subs[name] for name in orders.get(key, list(subs)))
        fields[key[1]] = replace(held, sub_fields=ordered)


def _pairs(text: str) -> tuple[tuple[int, int], ...]:
    """Return the references in "1=89 1=15": field number, raw value."""
    pairs = (pair.split("=") for pair in text.split())
    return tuple((int(field), int(value)) for field, value in pairs)


def _orders() -> Mapping[tuple[int, int], list[str]]:
    """Return the names of sub-fields in their order, where the order decides."""
    decided = (row for row in _rows("decision") if row[0] == _ORDER)
    return {
        (int(message), int(field)): taken.split()
        for _, message, field, _, _, taken, _ in decided
    }  # fmt: skip


def _rows(name: str) -> Iterator[list[str]]:
    """Yield the rows of one file of the supplement, without its head."""
    text = files("carryover.decode.fit").joinpath("data", f"{name}.csv").read_text("utf-8")
    rows = csv.reader(text.splitlines())
    next(rows)
    return rows
