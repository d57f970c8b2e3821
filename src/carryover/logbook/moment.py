"""When something was, as a person says it, and as the athlete's own clock shows it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from carryover.errors import UsageError

if TYPE_CHECKING:
    from carryover.settings import Athlete

When = dt.date | dt.datetime

DAYS_AGO: Final = {"today": 0, "yesterday": 1}


def moment(told: str | None, athlete: Athlete, now: dt.datetime) -> When:
    """Return when it was: a day, or an instant where a time is told; `now` (UTC) where nothing is.

    `today` and `yesterday` are days of the athlete's own calendar. Raises UsageError for a text
    that is no date.
    """
    if told is None:
        return now
    word = told.strip().casefold()
    if word in DAYS_AGO:
        today = now.astimezone(ZoneInfo(athlete.home_timezone)).date()
        return today - dt.timedelta(days=DAYS_AGO[word])
    try:
        return (
            dt.date.fromisoformat(told)
            if len(told) == len("2026-05-04")
            else dt.datetime.fromisoformat(told)
        )
    except ValueError as error:
        raise UsageError(
            f"{told!r} is no date",
            remedy="Write 2026-05-04, 2026-05-04T18:30, today or yesterday.",
        ) from error


def local_clock(when: When, athlete: Athlete) -> tuple[str, str | None]:
    """Return the athlete's date, and time of day where there is one."""
    if not isinstance(when, dt.datetime):
        return when.isoformat(), None
    local = when.astimezone(ZoneInfo(athlete.home_timezone)) if when.tzinfo else when
    return local.date().isoformat(), local.strftime("%H:%M")
