"""FIT through fitparse, made to read what real watches write.

fitparse stops at fields whose size is not a multiple of their type, at developer fields of
size 0 and at undeclared ones; each is legal or common in files of 2020–2026, so those
definitions are read as plain bytes instead. The rest of fitparse is untouched.
"""

from __future__ import annotations

import datetime as dt
import io
import struct
from collections import defaultdict
from collections.abc import Iterator
from typing import Any, Final

from fitparse import records
from fitparse.base import FitFile
from fitparse.profile import MESSAGE_TYPES
from fitparse.utils import FitEOFError, FitParseError

from carryover.decode.fit_segments import Segment, segments
from carryover.decode.recording import Recording, frame
from carryover.errors import UnsupportedError
from carryover.rawfile import FileKind, Problem

WANTED: Final = frozenset({
    "file_id", "activity", "session", "lap", "record", "event", "device_info", "set", "sport",
    "exercise_title", "developer_data_id", "field_description",
})  # fmt: skip
FIT_EPOCH: Final = dt.datetime(1989, 12, 31, tzinfo=dt.UTC)
FIRST_ABSOLUTE_TIME: Final = 0x10000000
"""Below this a date_time counts seconds since power-on, not since the epoch."""

LAST_TIME: Final = 2**32 - 1
"""FIT's clock ends in 2126."""

# fitparse lets these out of a damaged file beside its own FitParseError.
FOREIGN: Final = (
    FitParseError, struct.error, TypeError, ValueError, KeyError, IndexError, AttributeError,
    OverflowError, ZeroDivisionError,
)  # fmt: skip

FILE_TYPES: Final = {
    "settings": "watch settings", "workout": "a planned workout", "course": "a planned course",
    "schedules": "a schedule", "totals": "totals", "goals": "goals", "weight": "weigh-ins",
    "blood_pressure": "blood pressure", "monitoring_a": "all-day monitoring",
    "monitoring_b": "all-day monitoring", "monitoring_daily": "all-day monitoring",
    "segment": "a segment", "segment_list": "segments", "device": "a device description",
    "sport": "sport settings",
}  # fmt: skip


class _Times:
    """fitparse's value processor, reduced to what is lossless: absolute times become UTC."""

    def run_type_processor(self, field: Any) -> None:  # noqa: ANN401 - fitparse's own class
        name = field.type.name
        if name == "date_time":
            field.value = _time(field.value)
        elif name == "local_date_time":
            moment = _time(field.value)
            field.value = moment and moment.replace(tzinfo=None).isoformat()

    def run_field_processor(self, field: Any) -> None:  # noqa: ANN401
        """Leave fields as they are."""

    def run_unit_processor(self, field: Any) -> None:  # noqa: ANN401
        """Leave units as they are."""

    def run_message_processor(self, message: Any) -> None:  # noqa: ANN401
        """Leave messages as they are."""


def _time(value: Any) -> dt.datetime | None:  # noqa: ANN401 - vendor value
    if not isinstance(value, int) or not FIRST_ABSOLUTE_TIME <= value <= LAST_TIME:
        return None
    return FIT_EPOCH + dt.timedelta(seconds=value)


class _Reader(FitFile):  # type: ignore[misc] # fitparse has no types
    """fitparse's reader of one segment, tolerant of definitions that it refuses."""

    def _parse_definition_message(self, header: Any) -> Any:  # noqa: ANN401
        endian = ">" if self._read_struct("xB") else "<"
        number, n_fields = self._read_struct("HB", endian=endian)
        mesg_type = MESSAGE_TYPES.get(number)
        fields = [self._field_definition(mesg_type, number, endian) for _ in range(n_fields)]
        n_developer = self._read_struct("B", endian=endian) if header.is_developer_data else 0
        developer = [self._developer_definition(endian) for _ in range(n_developer)]
        definition = records.DefinitionMessage(
            header=header,
            endian=endian,
            mesg_type=mesg_type,
            mesg_num=number,
            field_defs=[f for f in fields if f.size],
            dev_field_defs=[f for f in developer if f.size],
        )
        self._local_mesgs[header.local_mesg_num] = definition
        return definition

    def _field_definition(self, mesg_type: Any, number: int, endian: str) -> Any:  # noqa: ANN401
        def_num, size, type_num = self._read_struct("3B", endian=endian)
        field = mesg_type.fields.get(def_num) if mesg_type else None
        base_type = records.BASE_TYPES.get(type_num, records.BASE_TYPE_BYTE)
        if size % base_type.size:
            base_type, field = records.BASE_TYPE_BYTE, None
        for component in (field.components or ()) if field else ():
            if component.accumulate:
                self._accumulators.setdefault(number, {})[component.def_num] = 0
        return records.FieldDefinition(field=field, def_num=def_num, base_type=base_type, size=size)

    def _parse_data_message(self, header: Any) -> Any:  # noqa: ANN401
        """Keep descriptions of developer fields that fitparse would stop at from it."""
        message = super()._parse_data_message(header)
        if message.name == "developer_data_id" and not _is_index(message):
            return _unknown(message)
        if message.name != "field_description":
            return message
        base = message.get_raw_value("fit_base_type_id")
        if not _is_index(message) or base not in records.BASE_TYPES:
            return _unknown(message)
        index = message.get_raw_value("developer_data_index")
        records.DEV_TYPES.setdefault(index, {"dev_data_index": index, "fields": {}})
        return message

    def _developer_definition(self, endian: str) -> Any:  # noqa: ANN401
        def_num, size, index = self._read_struct("3B", endian=endian)
        known = records.DEV_TYPES.get(index, {}).get("fields", {}).get(def_num)
        if known is None or size % known.type.size:
            known = records.DevField(
                dev_data_index=index,
                def_num=def_num,
                type=records.BASE_TYPE_BYTE,
                name=f"undeclared_{index}_{def_num}",
            )
        return records.DevFieldDefinition(
            field=known, dev_data_index=index, def_num=def_num, size=size
        )


def _is_index(message: Any) -> bool:  # noqa: ANN401
    return isinstance(message.get_raw_value("developer_data_index"), int)


def _unknown(message: Any) -> Any:  # noqa: ANN401
    """Return a message as one whose type the profile does not have."""
    told = message.def_mesg
    plain = records.DefinitionMessage(
        header=told.header, endian=told.endian, mesg_type=None, mesg_num=told.mesg_num,
        field_defs=told.field_defs, dev_field_defs=told.dev_field_defs,
    )  # fmt: skip
    return records.DataMessage(header=message.header, def_mesg=plain, fields=message.fields)


def decode_fit(content: bytes) -> Recording:
    """Decode every wanted message of a FIT file, all chained segments together.

    Developer fields are columns `dev/<application>/<name>`; the frames `developer_data_id`
    and `field_description` say what they are. Raises DecodeError where there is no FIT header,
    UnsupportedError where `file_id` says that this is no activity.
    """
    parts, problems = segments(content)
    rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for index, part in enumerate(parts):
        # fitparse keeps developer types in a module global: nothing may leak between files.
        records.DEV_TYPES.clear()
        fault = _read_segment(part, index, rows)
        if fault:
            problems.append(fault)
    _refuse_foreign_type(rows)
    messages = {name: frame(held) for name, held in rows.items()}
    return Recording(FileKind.FIT, messages, problems, complete=not problems)


def _read_segment(
    part: Segment, index: int, rows: dict[str, list[dict[str, Any]]]
) -> Problem | None:
    """Read messages until the end or the first fault; what came before stays."""
    size = len(part.payload) - part.header_size
    header = bytearray(part.payload[: part.header_size])
    header[4:8] = struct.pack("<I", size)
    header[12:14] = b"\0\0"[: max(0, part.header_size - 12)]
    body = io.BytesIO(bytes(header) + part.payload[part.header_size :] + b"\0\0")
    applications: dict[int, str] = {}
    place = part.offset
    try:
        reader = _Reader(body, check_crc=False, data_processor=_Times())
        for message in _messages(reader):
            place = part.offset + len(part.payload) - reader._bytes_left  # noqa: SLF001 - for place
            name = message.name
            if name not in WANTED:
                continue
            values = _values(message, applications)
            values["segment_index"] = index
            if name == "developer_data_id":
                applications[values.get("developer_data_index", 0)] = _application(values)
            rows[name].append(values)
    except FitEOFError:
        # Where the frame says that the file is cut off, this is no news.
        told = f"the file ends in the middle of a message (after byte {place})"
        return Problem("warning", told) if part.whole else None
    except FOREIGN as error:
        reason = str(error) or type(error).__name__
        return Problem(
            "warning",
            f"damaged after byte {place}: {reason[:120]}",
            "What stands before it is used.",
        )
    return None


def _messages(reader: _Reader) -> Iterator[Any]:
    """Yield data messages without keeping them (fitparse's own iterator hoards each one)."""
    while not reader._complete:  # noqa: SLF001 - fitparse's only streaming state
        message = reader._parse_message()  # noqa: SLF001
        reader._messages.clear()  # noqa: SLF001
        if message is not None and message.type == "data":
            yield message


def _values(message: Any, applications: dict[int, str]) -> dict[str, Any]:  # noqa: ANN401
    values: dict[str, Any] = {}
    for field in message.fields:
        name = field.name
        if field.field is not None and field.field.field_type == "devfield":
            name = f"dev/{applications.get(field.field.dev_data_index, '?')}/{name}"
        # A component of a packed field must not wipe out the native value of the same name.
        if field.value is not None or name not in values:
            values[name] = field.value
    return values


def _application(values: dict[str, Any]) -> str:
    raw = values.get("application_id")
    if isinstance(raw, tuple | list):
        return bytes(b or 0 for b in raw).hex()
    return str(values.get("developer_data_index", "?"))


def _refuse_foreign_type(rows: dict[str, list[dict[str, Any]]]) -> None:
    types = [row["type"] for row in rows.get("file_id", []) if row.get("type") is not None]
    if types and "activity" not in types and "session" not in rows:
        what = FILE_TYPES.get(str(types[0]), f"of type {types[0]}")
        raise UnsupportedError(f"a FIT file, but not an activity: {what}")
