"""fitparse's tables of the FIT profile, in our own shapes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from carryover.decode.fit.profile_types import Component, Field, SubField

Enums: TypeAlias = dict[str, dict[int, str]]
Fields: TypeAlias = dict[int, Field]


@dataclass(frozen=True, slots=True)
class Tables:
    """Tables that can still be added to: messages' names and fields, types and their values."""

    names: dict[int, str]
    fields: dict[int, Fields]
    base_types: dict[str, str]
    enums: Enums


def fitparse_tables() -> Tables:
    """Return a fresh copy of what fitparse knows."""
    # Half a megabyte of Python: only who reads a FIT file pays for it.
    from fitparse.profile import FIELD_TYPES, MESSAGE_TYPES  # noqa: PLC0415

    enums: Enums = defaultdict(dict)
    for name, kind in FIELD_TYPES.items():
        enums[name] = dict(kind.values or {})
    fields: dict[int, Fields] = defaultdict(dict)
    for number, message in MESSAGE_TYPES.items():
        fields[number] = {field.def_num: _field(field) for field in message.fields.values()}
    return Tables(
        names={number: message.name for number, message in MESSAGE_TYPES.items()},
        fields=fields,
        base_types={name: kind.base_type.name for name, kind in FIELD_TYPES.items()},
        enums=enums,
    )


def _field(field: Any) -> Field:  # noqa: ANN401 - fitparse has no types
    return Field(
        field.def_num, field.name, field.type.name, field.base_type.name,
        float(field.scale or 1), float(field.offset or 0), field.units or None,
        _components(field.components or ()), tuple(map(_sub_field, field.subfields or ())),
    )  # fmt: skip


def _sub_field(field: Any) -> SubField:  # noqa: ANN401 - fitparse has no types
    return SubField(
        field.name, field.type.name, field.base_type.name,
        float(field.scale or 1), float(field.offset or 0), field.units or None,
        _components(field.components or ()),
        tuple((reference.def_num, reference.raw_value) for reference in field.ref_fields),
    )  # fmt: skip


def _components(parts: Iterable[Any]) -> tuple[Component, ...]:
    return tuple(
        Component(
            part.def_num, part.bits, part.bit_offset or 0,
            float(part.scale or 1), float(part.offset or 0), bool(part.accumulate),
        )
        for part in parts
    )  # fmt: skip
