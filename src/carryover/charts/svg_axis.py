"""Axes of a drawing: where a value lies in px, and which ticks are written."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from carryover.charts.words import MONTHS, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - dates of figures have no zone
DAY_STEPS: Final = (1, 2, 7, 14)
MONTH_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120)
YEAR: Final = 12
ROOM: Final = 0.06
"""Share of an axis that is left free at either end where a figure names no range."""
AXIS_KEYS: Final = frozenset(
    {"type", "range", "domain", "title", "nticks", "dtick", "tickformatstops", "visible",
     "anchor", "rangemode", "zeroline", "showgrid", "tickmode", "tickvals", "ticktext",
     "automargin", "fixedrange"}
)  # fmt: skip
"""What a figure may say of an axis; a word beyond these is refused, not forgotten."""


class UntranslatedError(ValueError):
    """A figure uses something of Plotly that is not drawn here: a fault of ours, never of data."""


def refuse_unknown(what: str, held: Iterable[str], known: frozenset[str]) -> None:
    """Raise UntranslatedError where something says more than is known here."""
    beyond = sorted(set(held) - known)
    if beyond:
        raise UntranslatedError(f"{what}: {', '.join(beyond)}")


def place_of(value: object) -> float | None:
    """Return a value of an axis as a number: dates in days, gaps and NaN as None."""
    if value is None:
        return None
    if isinstance(value, str):
        return (datetime.fromisoformat(value) - EPOCH) / timedelta(days=1)
    if isinstance(value, date):
        return float((value - EPOCH.date()).days)
    place = float(value)  # type: ignore[arg-type]
    return place if math.isfinite(place) else None


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis: from `low` to `high` in values, from `start` to `end` in px."""

    spec: dict[str, Any]
    low: float
    high: float
    start: float
    end: float

    @property
    def visible(self) -> bool:
        """Whether ticks and title are written."""
        return bool(self.spec.get("visible", True))

    @property
    def title(self) -> str:
        """The words beside the axis; empty where there are none."""
        return str((self.spec.get("title") or {}).get("text") or "")

    def at(self, value: object) -> float | None:
        """Return where a value lies in px; None for a gap."""
        place = place_of(value)
        if place is None:
            return None
        return self.start + (place - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self) -> list[tuple[float, str]]:
        """Return place in px and words of each tick."""
        if not self.visible:
            return []
        if self.spec.get("tickmode") == "array":
            pairs = zip(self.spec["tickvals"], self.spec["ticktext"], strict=True)
            told = [(place_of(value), str(words)) for value, words in pairs]
        elif self.spec.get("type") == "date":
            told = _date_ticks(self.low, self.high, self._most())
        else:
            told = _number_ticks(self.low, self.high, self._step())
        share = (self.end - self.start) / (self.high - self.low)
        return [
            (self.start + (value - self.low) * share, words)
            for value, words in told if value is not None and self.low <= value <= self.high
        ]  # fmt: skip

    def _most(self) -> int:
        px = abs(self.end - self.start)
        across = self.start < self.end
        return int(self.spec.get("nticks") or max(2.0, px / (76.0 if across else 44.0)))

    def _step(self) -> float:
        if self.spec.get("dtick"):
            return float(self.spec["dtick"])
        rough = (self.high - self.low) / self._most()
        power = 10.0 ** math.floor(math.log10(rough))
        return next(step * power for step in (1, 2, 5, 10) if step * power >= rough * 0.999)


def axis_of(spec: dict[str, Any], values: list[float], start: float, end: float) -> Axis:
    """Return an axis; without a range of its own it spans the values and a little more."""
    refuse_unknown("axis", spec, AXIS_KEYS)
    if spec.get("range"):
        ends = [place_of(value) for value in spec["range"]]
        low, high = (0.0 if value is None else value for value in ends)
    else:
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        room = ROOM * (high - low) or 0.5
        low, high = low - room, high + room
        if spec.get("rangemode") == "tozero":
            low, high = (0.0 if values and min(values) >= 0 else low), max(high, 0.0)
    return Axis(spec, low, high, start, end)


def _number_ticks(low: float, high: float, step: float) -> list[tuple[float | None, str]]:
    decimals = max(0, -math.floor(math.log10(step) + 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [(k * step, number(k * step, decimals)) for k in range(first, last + 1)]


def _date_ticks(low: float, high: float, most: int) -> list[tuple[float | None, str]]:
    """Return ticks at days, Mondays or firsts of months; the year beneath where it changes."""
    days: list[date] = []
    steps = [*((_days, n) for n in DAY_STEPS), *((_months, n) for n in MONTH_STEPS)]
    by_months = False
    yearly = False
    for make, step in steps:
        days = list(make(low, high, step))
        by_months, yearly = make is _months, make is _months and step >= YEAR
        if len(days) <= most:
            break
    told: list[tuple[float | None, str]] = []
    before = 0
    for day in days:
        words = MONTHS[day.month - 1] if by_months else f"{day.day} {MONTHS[day.month - 1]}"
        if yearly:
            words = str(day.year)
        elif day.year != before:
            words += f"<br>{day.year}"
        before = day.year
        told.append((place_of(day), words))
    return told


def _days(low: float, high: float, step: int) -> Iterator[date]:
    """Yield days in steps; whole weeks begin on Mondays."""
    first = EPOCH.date() + timedelta(days=math.ceil(low))
    if step % 7 == 0:
        first += timedelta(days=-first.weekday() % 7)
    last = EPOCH.date() + timedelta(days=math.floor(high))
    for k in range(0, (last - first).days + 1, step):
        yield first + timedelta(days=k)


def _months(low: float, high: float, step: int) -> Iterator[date]:
    """Yield firsts of months in steps that the years are parted by."""
    begin = EPOCH.date() + timedelta(days=math.floor(low))
    last = EPOCH.date() + timedelta(days=math.floor(high))
    month = begin.year * YEAR + begin.month - 1
    for count in range(month - month % step, last.year * YEAR + last.month, step):
        day = date(count // YEAR, count % YEAR + 1, 1)
        if low <= (day - EPOCH.date()).days <= high:
            yield day
