"""Dates and numbers in words, the same in figures and on pages."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip


def plain(text: str) -> str:
    """Return text that Plotly shows as it stands: its markup characters are escaped."""
    return escape(text, quote=False)


def day_text(day: date) -> str:
    """Format a date as `Sun 22 Nov 2026`."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def short_day(day: date) -> str:
    """Format a date as `22 Nov`."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def long_day(day: date) -> str:
    """Format a date as `22 November 2026`."""
    return f"{day.day} {LONG_MONTHS[day.month - 1]} {day.year}"


def month_text(day: date, now: date) -> str:
    """Format a date's month as seen from `now`: `July`, or `July 2025` in another year."""
    month = LONG_MONTHS[day.month - 1]
    return month if day.year == now.year else f"{month} {day.year}"


def number(value: float | None, decimals: int = 0, *, signed: bool = False) -> str:
    """Format a number with a true minus sign; `–` where there is none."""
    if value is None:
        return "–"
    sign = "+" if signed else ""
    text = f"{value:{sign}.{decimals}f}"
    zero = f"{0:.{decimals}f}"
    return zero if text.strip("+-") == zero else text.replace("-", "−")


def grouped(count: int) -> str:
    """Format a count, thousands apart: `7 425`."""
    return f"{count:,}".replace(",", " ")


def plural(count: int, one: str, many: str = "") -> str:
    """Format a count with its noun: `1 run`, `4 runs`."""
    return f"{grouped(count)} {one if count == 1 else many or one + 's'}"
