"""Garmin's own package's reading of a file; it is optional."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

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
    tidy,
)

NAME: Final = "Garmin's SDK"
PACKAGE: Final = "garmin-fit-sdk"
FIELD_DESCRIPTION: Final = 206
DEVELOPER_DATA_ID: Final = 207


def is_installed() -> bool:
    """Return whether Garmin's package is there."""
    try:
        version(PACKAGE)
    except PackageNotFoundError:
        return False
    return True


def read_with_garmin(
    content: bytes, limit: int | None = None, advance: Advance | None = None
) -> Reading:
    """Return Garmin's reading of a file, at most `limit` messages of it."""
    from garmin_fit_sdk import Decoder, Stream  # noqa: PLC0415 - optional

    told = Reading(NAME, version(PACKAGE), knows=known)
    listener = _Listener(Collector(told, limit, advance))
    with told.clock():
        _, errors = Decoder(Stream.from_byte_array(bytearray(content))).read(
            convert_datetimes_to_dates=False,
            convert_types_to_strings=False,
            merge_heart_rates=False,
            mesg_listener=listener,
        )
    errors = [error for error in errors if not isinstance(error, Enough)]
    told.stopped = str(errors[0]) if errors else ""
    return told


class _Listener:
    """Takes messages in file order and puts names back to numbers."""

    def __init__(self, collector: Collector) -> None:
        self._collector = collector
        self._applications: dict[int, str] = {}
        self._developer: list[DeveloperKey] = []
        self._keys: dict[int, dict[str, Key]] = {}

    def __call__(self, number: int, message: dict[Any, Any]) -> None:
        """Take a message as Garmin's decoder hands it over."""
        if number == FIELD_DESCRIPTION:
            self._describe(message)
        elif number == DEVELOPER_DATA_ID:
            index = message.get("developer_data_index", 0)
            told = message.get("application_id")
            self._applications[index] = bytes(told).hex() if told else str(index)
        self._collector.add(number, self._values(number, message))

    def _describe(self, message: dict[Any, Any]) -> None:
        name = message.get("field_name")
        index = message.get("developer_data_index", 0)
        first = (name[0] if isinstance(name, list) else name or "").strip()
        application = self._applications.get(index, str(index))
        fallback = f"unnamed_{message.get('field_definition_number')}"
        self._developer.append(DeveloperKey(application, first or fallback))

    def _values(self, number: int, message: dict[Any, Any]) -> Values:
        keys = self._keys.get(number)
        if keys is None:
            keys = self._keys[number] = keys_of(number)
        values: dict[Key, Any] = {}
        for name, value in message.items():
            if name == "developer_fields":
                values |= {self._developer[index]: cell for index, cell in value.items()}
            elif not (name == "key" and number == FIELD_DESCRIPTION):
                values[keys[name] if isinstance(name, str) else name] = value
        return {key: told for key, value in values.items() if (told := tidy(value)) is not None}


def keys_of(message: int) -> dict[str, Key]:
    """Return field and sub-field names of a message with the keys they stand for."""
    keys: dict[str, Key] = {}
    for number, field in _fields(message).items():
        for sub_field in field["sub_fields"]:
            keys[sub_field["name"]] = SubFieldKey(number, sub_field["name"])
    return keys | {field["name"]: number for number, field in _fields(message).items()}


def known(message: int, field: int) -> Known | None:
    """Return what Garmin's profile says of a field."""
    found = _fields(message).get(field)
    if found is None:
        return None
    plain = len(found["scale"]) == 1
    packed = [*found["components"], *(c for sub in found["sub_fields"] for c in sub["components"])]
    return Known(
        found["scale"][0] if plain else 1, found["offset"][0] if plain else 0,
        frozenset(packed),
        {sub["name"]: frozenset((told["num"], told["raw_value"]) for told in sub["map"])
         for sub in found["sub_fields"]},
    )  # fmt: skip


def _fields(message: int) -> dict[int, Any]:
    from garmin_fit_sdk.profile import Profile  # noqa: PLC0415 - optional

    fields: dict[int, Any] = Profile["messages"].get(message, {}).get("fields", {})
    return fields
