"""Many short texts of one buffer → numbers and instants, all at once.

What the quick way is not sure of goes to `words` one by one, so its rules decide everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from carryover.decode.gpx.words import instant_us, number

Ints = np.ndarray[tuple[int], np.dtype[np.int64]]
Floats = np.ndarray[tuple[int], np.dtype[np.float64]]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
Bytes = np.ndarray[tuple[int, int], np.dtype[np.uint8]]
Digits = np.ndarray[tuple[int, int], np.dtype[np.int64]]

LONGEST_TIME: Final = 36
PLAIN_TIME: Final = 19
"""`2024-05-04T07:00:00`; decimals and zone follow."""
DIGITS: Final = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18)
SIGNS: Final = ((4, b"-"), (7, b"-"), (10, b"T"), (13, b":"), (16, b":"))
DECIMALS: Final = (20, 29)
"""Where decimals of a second stand; six of them count."""
MICRO_DIGITS: Final = 6
TEN: Final = 10
SECOND_US: Final = 1_000_000
HOURS, MINUTES, SECONDS, MONTHS = 24, 60, 60, 12
"""So many there are; the last has one less, months begin with 1."""
DAY_US: Final = HOURS * MINUTES * SECONDS * SECOND_US
FIRST_US, LAST_US = -62_135_596_800_000_000, 253_402_300_799_999_999
"""Years 1 to 9999."""


@dataclass(frozen=True, slots=True)
class Texts:
    """Text i is `buffer[start[i]:stop[i]]` in UTF-8; positions ascend and never overlap."""

    buffer: bytes
    start: Ints
    stop: Ints

    def __len__(self) -> int:
        return len(self.start)

    def text(self, i: int) -> str:
        """Return one text."""
        return self.buffer[int(self.start[i]) : int(self.stop[i])].decode("utf-8", "replace")

    def taken(self, rows: Ints) -> Texts:
        """Return some of the texts; rows ascend."""
        return Texts(self.buffer, self.start[rows], self.stop[rows])


def joined(texts: list[str]) -> Texts:
    """Return texts of Python as texts of one buffer."""
    whole = "".join(texts)
    if whole.isascii():
        buffer, lengths = whole.encode("ascii"), map(len, texts)
    else:
        encoded = [text.encode("utf-8", "replace") for text in texts]
        buffer, lengths = b"".join(encoded), map(len, encoded)
    ends = np.fromiter(accumulate(lengths, initial=0), np.int64, len(texts) + 1)
    return Texts(buffer, ends[:-1], ends[1:])


def windows(buffer: bytes, start: Ints, width: int) -> Bytes:
    """Return `width` bytes from each start on, shape (n, width); each must lie in the buffer."""
    if not len(start):
        return np.zeros((0, width), np.uint8)
    kind = np.dtype((np.void, width))
    steps = np.ndarray((len(buffer) - width + 1,), kind, buffer, strides=(1,))
    return steps[start].view(np.uint8).reshape(-1, width)


def numbers(texts: Texts) -> tuple[Floats, Flags]:
    """Return each text's number (bit for bit Python's `float`) and whether it is one."""
    if not len(texts):
        return np.zeros(0), np.zeros(0, np.bool_)
    cast = _strings(texts).cast(pl.Float64, strict=False)
    found = ~cast.is_null().to_numpy()
    if found.all():
        return cast.to_numpy(), found
    values, found = cast.fill_null(0.0).to_numpy().copy(), found.copy()
    for i in np.flatnonzero(~found).tolist():
        value = number(texts.text(i))
        if value is not None:
            values[i], found[i] = value, True
    return values, found


def instants(texts: Texts) -> tuple[Ints, Flags]:
    """Return each text's µs since 1970 UTC and whether it is a time."""
    values, found = np.zeros(len(texts), np.int64), np.zeros(len(texts), np.bool_)
    length = texts.stop - texts.start
    roomy = texts.start + LONGEST_TIME <= len(texts.buffer)
    usual = np.flatnonzero(roomy & (length >= PLAIN_TIME) & (length <= LONGEST_TIME))
    if len(usual):
        window = windows(texts.buffer, texts.start[usual], LONGEST_TIME)
        values[usual], found[usual] = _usual_instants(window, length[usual])
    for i in np.flatnonzero(~found).tolist():
        value = instant_us(texts.text(i))
        if value is not None:
            values[i], found[i] = value, True
    return values, found


def _strings(texts: Texts) -> pl.Series:
    """A column over the buffer itself: every second string is the gap between two texts."""
    offsets = np.stack((texts.start, texts.stop), axis=1).ravel()
    column = pa.LargeStringArray.from_buffers(
        len(offsets) - 1, pa.py_buffer(offsets), pa.py_buffer(texts.buffer)
    )
    return pl.Series(values=column, dtype=pl.String).gather_every(2)


def _usual_instants(window: Bytes, length: Ints) -> tuple[Ints, Flags]:
    """Times of 19 signs, up to nine decimals, and Z, ±hh:mm or nothing."""
    cell = window.astype(np.int64) - ord("0")
    row = np.arange(len(window))
    zulu = window[row, length - 1] == ord("Z")
    sign = window[row, length - 6]
    shifted = ((sign == ord("+")) | (sign == ord("-"))) & (window[row, length - 3] == ord(":"))
    shifted &= length > PLAIN_TIME
    end = length - zulu - 6 * shifted
    hours, minutes = _shift(cell, row, length)
    micro, plain = _decimals(window, cell, end)
    day_us, sound = _clock(window, cell)
    offset = np.where(shifted, np.where(sign == ord("-"), -60, 60) * (hours * 60 + minutes), 0)
    value = day_us + micro - offset * SECOND_US
    sound &= plain & (value >= FIRST_US) & (value <= LAST_US)
    return value, sound & (~shifted | _is_shift(cell, row, length, hours, minutes))


def _shift(cell: Digits, row: Ints, length: Ints) -> tuple[Ints, Ints]:
    two = [cell[row, length - k] for k in (5, 4, 2, 1)]
    return two[0] * 10 + two[1], two[2] * 10 + two[3]


def _is_shift(cell: Digits, row: Ints, length: Ints, hours: Ints, minutes: Ints) -> Flags:
    digits = np.stack([cell[row, length - k] for k in (5, 4, 2, 1)])
    return _all_digits(digits.T) & (hours < HOURS) & (minutes < MINUTES)


def _decimals(window: Bytes, cell: Digits, end: Ints) -> tuple[Ints, Flags]:
    """Microseconds, and whether there is nothing else before `end`."""
    first, last = DECIMALS
    micro = np.zeros(len(window), np.int64)
    plain = (end == PLAIN_TIME) | ((window[:, PLAIN_TIME] == ord(".")) & (end > first))
    plain &= end <= last
    if (end == PLAIN_TIME).all():
        return micro, plain
    for place in range(first, last):
        here = place < end
        digit = cell[:, place]
        plain &= ~here | ((digit >= 0) & (digit < TEN))
        if place < first + MICRO_DIGITS:
            micro = micro * 10 + np.where(here, digit, 0)
    return micro, plain


def _clock(window: Bytes, cell: Digits) -> tuple[Ints, Flags]:
    """Date and time of day in µs since 1970, and whether a calendar has them."""
    digits = cell[:, DIGITS]
    sound = _all_digits(digits)
    for place, letter in SIGNS:
        sound &= window[:, place] == ord(letter)
    year = cell[:, 0] * 1000 + cell[:, 1] * 100 + cell[:, 2] * 10 + cell[:, 3]
    month, day, hour, minute, second = (
        cell[:, place] * 10 + cell[:, place + 1] for place in (5, 8, 11, 14, 17)
    )
    sound &= (year >= 1) & (month >= 1) & (month <= MONTHS) & (day >= 1)
    sound &= (hour < HOURS) & (minute < MINUTES) & (second < SECONDS)
    months = np.where(sound, (year - 1970) * 12 + month - 1, 0)
    first, following = _first_day(months), _first_day(months + 1)
    sound &= day <= following - first
    day_us = (first + day - 1) * DAY_US
    return day_us + ((hour * 60 + minute) * 60 + second) * SECOND_US, sound


def _all_digits(cell: Digits) -> Flags:
    """Whether each row holds digits only."""
    sound: Flags = np.logical_and.reduce((cell >= 0) & (cell < TEN), axis=1)
    return sound


def _first_day(months: Ints) -> Ints:
    """Days since 1970 of the first of a month, counted in months since 1970."""
    return months.astype("M8[M]").astype("M8[D]").astype(np.int64)
