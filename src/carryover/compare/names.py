"""Messages, fields and values in words a person can look up."""

from __future__ import annotations

from typing import Final

from carryover.compare.readings import DeveloperKey, Key, SubFieldKey, Value
from carryover.decode.fit.profile import profile

MAX_CELLS: Final = 3
MAX_LETTERS: Final = 40


def where(message: int, ordinal: int | None = None, key: Key | None = None) -> str:
    """Return "record 12, heart_rate": the 12th message of that name, and its field."""
    held = profile().message(message)
    name = held.name if held else f"unknown_{message}"
    place = name if ordinal is None else f"{name} {ordinal + 1:,}"
    return place if key is None else f"{place}, {_field(message, key)}"


def _field(message: int, key: Key) -> str:
    if isinstance(key, DeveloperKey):
        return f"{key.name} (app field)"
    if isinstance(key, SubFieldKey):
        return key.name
    held = profile().message(message)
    told = (held.fields if held else profile().common_fields).get(key)
    return told.name if told else f"unknown_{key}"


def said(value: Value | None) -> str:
    """Return a value in short."""
    if value is None:
        return "nothing"
    if isinstance(value, list):
        more = ", …" if len(value) > MAX_CELLS else ""
        return f"[{', '.join(said(cell) for cell in value[:MAX_CELLS])}{more}]"
    if isinstance(value, str):
        shown = value if len(value) <= MAX_LETTERS else f"{value[:MAX_LETTERS]}…"
        return repr(shown)
    return f"{value:.10g}" if isinstance(value, float) else str(value)
