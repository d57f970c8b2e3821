"""Dates, clocks and lengths of time as strength apps write them, months in the app's language."""

from __future__ import annotations

import datetime as dt
import re
from typing import Final, NamedTuple

from carryover.catalogue.months import month_number, plain
from carryover.csv_text import Fault

FIRST_YEAR: Final = 2000
LAST_YEAR: Final = 2099
"""No app is older; beyond these a date is a fault, and one would stretch every calendar."""

_CLOCK: Final = (
    r"(?:[,\s]+|T)(?:at |um |à )?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
    r"\s*(?P<half>[ap]\.?\s?m\.?)?"
)
_MONTH: Final = r"(?P<word>[^\W\d_]+)\.?"
_DATES: Final = tuple(
    re.compile(f"{date}(?:{_CLOCK})?", re.IGNORECASE)
    for date in (
        r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})",
        r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})",
        rf"(?P<day>\d{{1,2}})\.?[\s-](?:de )?{_MONTH}(?: de)?[\s-](?P<year>\d{{4}})(?: г\.?)?",
        rf"{_MONTH} (?P<day>\d{{1,2}}),? (?P<year>\d{{4}})",
    )
)
_UNITS: Final = {
    "h": 3600, "hr": 3600, "hrs": 3600, "hour": 3600, "hours": 3600, "std": 3600, "u": 3600,
    "m": 60, "min": 60, "mins": 60, "minute": 60, "minutes": 60,
    "s": 1, "sec": 1, "secs": 1, "second": 1, "seconds": 1, "sek": 1,
}  # fmt: skip
NOON: Final = 12


class Clock(NamedTuple):
    """A date and, where one is told, a time of day: the clock on the athlete's wall."""

    day: dt.date
    time: dt.time | None


def read_clock(name: str, text: str) -> Clock:
    """Return the date and time of `22 Dec 2025, 08:00`, `2025-12-22 8:00:00 PM` and the like.

    Raises Fault for a text that is none, and for 05/06/2024, which can be read two ways.
    """
    for pattern in _DATES:
        if found := pattern.fullmatch(text.strip()):
            return Clock(_day(name, text, found.groupdict()), _time(name, text, found.groupdict()))
    if re.match(r"\d{1,2}/\d{1,2}/\d{4}", text):
        raise Fault(
            f"{name} {text!r} may begin with the day or with the month",
            "Export with another language or region, or write 2024-06-05 18:30.",
        )
    raise Fault(f"{name} {text!r} is no date and time", "Write it as 2024-06-05 18:30.")


def _day(name: str, text: str, found: dict[str, str | None]) -> dt.date:
    word = found.get("word")
    month = month_number(word) or 0 if word else int(found["month"] or 0)
    if word and not month:
        raise Fault(
            f"{name} {text!r} has a month in a language that is not known",
            "Set the app to English and export again, or write 2024-06-05 18:30.",
        )
    try:
        day = dt.date(int(found["year"] or 0), month, int(found["day"] or 0))
    except ValueError as error:
        raise Fault(f"{name} {text!r} is no day of the calendar", "Mend the date.") from error
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Fault(f"{name} {text!r} lies outside {FIRST_YEAR}–{LAST_YEAR}", "Mend the year.")
    return day


def _time(name: str, text: str, found: dict[str, str | None]) -> dt.time | None:
    if found["hour"] is None:
        return None
    hour, half = int(found["hour"]), (found["half"] or "")[:1].lower()
    if half and not 1 <= hour <= NOON:
        raise Fault(f"{name} {text!r} is no time of day", "Write it as 2024-06-05 18:30.")
    if half:
        hour = hour % NOON + (NOON if half == "p" else 0)
    try:
        return dt.time(hour, int(found["minute"] or 0), int(found["second"] or 0))
    except ValueError as error:
        raise Fault(
            f"{name} {text!r} is no time of day", "Write it as 2024-06-05 18:30."
        ) from error


def read_length(name: str, text: str) -> float:
    """Return the seconds of `1h 5m`, `45m`, `1:05:00` or `3900`; raises Fault for no length."""
    if re.fullmatch(r"\d+([.,]\d+)?", text, re.ASCII):
        return float(text.replace(",", "."))
    if re.fullmatch(r"\d{1,3}(:\d{2}){1,2}", text, re.ASCII):
        # With one colon apps mean hours and minutes: no session is counted in minutes and seconds.
        told = zip(text.split(":"), (3600, 60, 1), strict=False)
        return float(sum(int(count) * seconds for count, seconds in told))
    parts = re.findall(r"(\d+)\s*([^\W\d_]+)\.?", plain(text))
    rest = re.sub(r"(\d+)\s*([^\W\d_]+)\.?", "", plain(text)).strip(" ,")
    if not parts or rest or any(unit not in _UNITS for _, unit in parts):
        raise Fault(f"{name} {text!r} is no length of time", "Write it as 1h 5m.")
    return float(sum(int(count) * _UNITS[unit] for count, unit in parts))
