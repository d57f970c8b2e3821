"""fitparse's reading of a file, as a user of `get_values` gets it."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from typing import Any, Final

from fitparse import records
from fitparse.base import FitFile
from fitparse.profile import MESSAGE_TYPES
from fitparse.utils import FitParseError

from carryover.compare.readings import (
    Advance,
    Collector,
    DeveloperKey,
    Enough,
    Key,
    Known,
    Reading,
    SubFieldKey,
    Values,
    same,
    scaled,
    tidy,
)

NAME: Final = "fitparse"

# What fitparse lets out of a damaged file, beside its own FitParseError.
FOREIGN: Final = (
    FitParseError, struct.error, TypeError, ValueError, KeyError, IndexError, AttributeError,
    OverflowError, ZeroDivisionError,
)  # fmt: skip


class _AsIs:
    """fitparse's value processor, made to leave times and flags as numbers."""

    def run_type_processor(self, field: Any) -> None:  # noqa: ANN401 - fitparse's own class
        """Leave types as they are."""

    run_field_processor = run_unit_processor = run_message_processor = run_type_processor


def read_with_fitparse(
    content: bytes, limit: int | None = None, advance: Advance | None = None
) -> Reading:
    """Return fitparse's reading of a file, at most `limit` messages of it."""
    told = Reading(NAME, version("fitparse"), knows=known)
    collector = Collector(told, limit, advance)
    # Developer types are a module global there: nothing may leak between files.
    records.DEV_TYPES.clear()
    applications = Applications()
    with told.clock():
        try:
            for message in FitFile(io.BytesIO(content), data_processor=_AsIs()).get_messages():
                collector.add(message.mesg_num, *values_of(message.fields, applications))
        except Enough:
            pass
        except FOREIGN as error:
            told.stopped = str(error) or type(error).__name__
    return told


class Applications:
    """Which app a developer field belongs to, as told when the field was first seen."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Any, str]] = {}

    def of(self, field: Any) -> str:  # noqa: ANN401 - a DevField
        """Return an app's id as hex, or its index where it has none."""
        held = self._known.get(id(field))
        if held is None:
            index = field.dev_data_index
            told = self.told(index)
            name = bytes(cell or 0 for cell in told).hex() if told else str(index)
            # The field is kept, so that its id is not given to another one.
            held = self._known[id(field)] = (field, name)
        return held[1]

    def told(self, index: int) -> Any:  # noqa: ANN401
        """Return the bytes of the app's id that are in force for an index."""
        return records.DEV_TYPES.get(index, {}).get("application_id")


def values_of(fields: Iterable[Any], applications: Applications) -> tuple[Values, Values]:
    """Return a message's values, and those that a later one of the same name wrote over.

    Of fields with one name the last stands, empty or not, as in `get_values`.
    """
    values: Values = {}
    overwritten: Values = {}
    for data in fields:
        for key, value in _told(data, applications):
            before = values.pop(key, None)
            told = tidy(value)
            if before is not None and not same(before, told):
                overwritten.setdefault(key, before)
            if told is not None:
                values[key] = told
    return values, overwritten


def _told(data: Any, applications: Applications) -> Iterator[tuple[Key, Any]]:  # noqa: ANN401
    if data.field_type == "devfield":
        yield DeveloperKey(applications.of(data.field), app_field_name(data)), data.raw_value
        return
    yield data.def_num, _physical(data)
    if data.parent_field is not None:
        yield SubFieldKey(data.def_num, data.name), _own(data)


def app_field_name(data: Any) -> str:  # noqa: ANN401
    """Return a developer field's name, in the words used here where it has none."""
    name, number = data.field.name, data.field.def_num
    if name is None:
        return f"undeclared_{data.field.dev_data_index}_{number}"
    return f"unnamed_{number}" if name == f"unnamed_dev_field_{number}" else str(name).strip()


def _own(data: Any) -> Any:  # noqa: ANN401
    """Return the value as the reader gives it, but numbers for the profile's words."""
    return data.value if data.field is None or data.field.is_base_type else data.raw_value


def _physical(data: Any) -> Any:  # noqa: ANN401
    """Return the value of the main field, also where a sub-field took its place."""
    if data.parent_field is None or data.field_def is None:
        return _own(data)
    return scaled(data.raw_value, data.parent_field.scale, data.parent_field.offset)


def known(message: int, field: int) -> Known | None:
    """Return what fitparse's profile says of a field."""
    return known_of(MESSAGE_TYPES.get(message), field)


def known_of(message: Any, field: int) -> Known | None:  # noqa: ANN401 - a MessageType or None
    """Return what a profile of fitparse's make says of a field."""
    found = message.fields.get(field) if message else None
    if found is None:
        return None
    sub_fields = found.subfields or ()
    packed = [part for told in (found, *sub_fields) for part in told.components or ()]
    return Known(
        found.scale or 1, found.offset or 0,
        frozenset(part.def_num for part in packed),
        {sub.name: frozenset((r.def_num, r.raw_value) for r in sub.ref_fields)
         for sub in sub_fields},
    )  # fmt: skip
