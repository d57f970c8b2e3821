"""A cron line taken apart: the times that it means, and how systemd's calendar writes them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from carryover.errors import SettingsError

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS: Final = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
FIELDS: Final = (
    ("minute", 0, 59, ()), ("hour", 0, 23, ()), ("day of the month", 1, 31, ()),
    ("month", 1, 12, MONTHS), ("day of the week", 0, 7, WEEKDAYS),
)  # fmt: skip
A_YEAR: Final = 400
"""Days that are looked at for an hour that the clocks leave out."""
SUNDAY: Final = 7


@dataclass(frozen=True, slots=True)
class Clock:
    """What a cron line means: each field's values; None: all of them."""

    minutes: tuple[int, ...] | None
    hours: tuple[int, ...] | None
    days: tuple[int, ...] | None
    months: tuple[int, ...] | None
    weekdays: tuple[int, ...] | None
    """0 is Sunday."""

    def on_calendar(self, zone: str) -> list[str]:
        """Return systemd's expressions; where day and weekday are both given, either counts."""
        days = ["*" if self.days is None else _listed(self.days)]
        weekdays = [""]
        if self.weekdays is not None:
            names = [WEEKDAYS[day].capitalize() for day in self.weekdays]
            weekdays = [f"{','.join(names)} "]
            if self.days is not None:
                days, weekdays = [*days, "*"], ["", *weekdays]
        month, hour, minute = (
            "*" if held is None else _listed(held)
            for held in (self.months, self.hours, self.minutes)
        )
        return [
            f"{weekday}*-{month}-{day} {hour}:{minute}:00 {zone}"
            for weekday, day in zip(weekdays, days, strict=True)
        ]

    def left_out(self, zone: str, since: dt.date) -> dt.datetime | None:
        """Return the next time within 400 days that the clocks of a zone leave out; else None."""
        where = ZoneInfo(zone)
        times = [dt.time(h, m) for h in self.hours or range(24) for m in self.minutes or range(60)]
        for number in range(A_YEAR):
            day = since + dt.timedelta(days=number)
            midnight = dt.datetime.combine(day, dt.time(), where)
            if midnight.utcoffset() == (midnight + dt.timedelta(days=1)).utcoffset():
                continue
            for time in times:
                told = dt.datetime.combine(day, time, where)
                if told.astimezone(dt.UTC).astimezone(where).time() != time:
                    return told.replace(tzinfo=None)
        return None


def clock_of(cron: str) -> Clock:
    """Return what a line of five fields means; raises SettingsError for one that is none."""
    words = cron.split()
    if len(words) != len(FIELDS):
        raise SettingsError(f"{cron!r} is no cron line; five fields such as 0 3 * * *")
    if "*" not in words[2::2] and "*" in {words[2][:1], words[4][:1]}:
        raise SettingsError(
            f"clocks do not agree on what {cron!r} means: day and weekday, one of them in steps",
            remedy="Give one of the two, or list its days.",
        )  # fmt: skip
    held = [_field(word, *field) for word, field in zip(words, FIELDS, strict=True)]
    if held[4] is not None:
        held[4] = tuple(sorted({day % SUNDAY for day in held[4]}))
    return Clock(*held)


def _field(
    text: str, name: str, low: int, high: int, names: tuple[str, ...]
) -> tuple[int, ...] | None:
    if text == "*":
        return None
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        try:
            begin = low if span == "*" else _number(first, low, names)
            end = _number(last, low, names) if dash else high if step or span == "*" else begin
            every = int(step) if "/" in part else 1
        except ValueError as error:
            raise _wrong(part, name) from error
        if not (low <= begin <= end <= high and every > 0):
            raise _wrong(part, name)
        found |= set(range(begin, end + 1, every))
    return tuple(sorted(found))


def _number(text: str, low: int, names: tuple[str, ...]) -> int:
    word = text.lower()
    return names.index(word) + low if word in names else int(text)


def _wrong(part: str, name: str) -> SettingsError:
    return SettingsError(
        f"{part!r} is no {name} that every clock knows",
        remedy="Numbers, lists (1,15), ranges (1-5) and steps (*/2) are; so are jan and mon.",
    )


def _listed(values: Iterable[int]) -> str:
    return ",".join(f"{value:02d}" for value in values)
