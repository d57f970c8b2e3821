"""Tests of movement, strength and range: their names, units and what their scores can be."""

from __future__ import annotations

import difflib
from functools import cache
from typing import Final

import polars as pl

from carryover.catalogue.spelling import plain_name, spellings, table

SCREENING_TEST: Final[dict[str, pl.DataType]] = {
    "test_id": pl.String(),
    "name": pl.String(),
    "aliases": pl.String(),
    "kind": pl.String(),
    "better": pl.String(),
    "per_side": pl.Boolean(),
    "source": pl.String(),
}
"""Grain: one test; kind is movement, strength or range; better is up or down."""

SCREENING_UNIT: Final[dict[str, pl.DataType]] = {
    "test_id": pl.String(),
    "unit": pl.String(),
    "plausible_min": pl.Float64(),
    "plausible_max": pl.Float64(),
}
"""Grain: test × unit that it is told in, with what a score can be (house rule)."""

Range = tuple[float, float]


@cache
def screening_tests() -> pl.DataFrame:
    """Return every test, shaped as `SCREENING_TEST`."""
    return table("screening_test.csv", SCREENING_TEST)


@cache
def screening_units() -> pl.DataFrame:
    """Return the units of every test, shaped as `SCREENING_UNIT`."""
    return table("screening_unit.csv", SCREENING_UNIT)


def match_test(raw: str) -> str | None:
    """Return the test that goes by this name, else None; case, accents and signs do not matter."""
    return _names().get(plain_name(raw))


def name_of(test_id: str) -> str:
    """Return a test's own name."""
    return _labels()[test_id]


def nearest_tests(raw: str, n: int = 3) -> list[str]:
    """Return up to n names of tests that look like this one."""
    near = difflib.get_close_matches(plain_name(raw), _names(), n=4 * n, cutoff=0.6)
    ids = list(dict.fromkeys(_names()[name] for name in near))[:n]
    return [_labels()[test_id] for test_id in ids]


def ranges_of(test_id: str) -> dict[str, Range]:
    """Return the units that a test is told in, each with the least and greatest score."""
    return _ranges()[test_id]


def unit_of(test_id: str | None, told: str | None) -> str | None:
    """Return the unit of a score: the one told, else the test's only one, else None."""
    if told is not None or test_id is None:
        return told
    units = list(_ranges()[test_id])
    return units[0] if len(units) == 1 else None


@cache
def _labels() -> dict[str, str]:
    return dict(screening_tests().select("test_id", "name").iter_rows())


@cache
def _names() -> dict[str, str]:
    rows = screening_tests().select("test_id", "name", "aliases").iter_rows()
    return {form: row[0] for row in rows for form in spellings(*row)}


@cache
def _ranges() -> dict[str, dict[str, Range]]:
    found: dict[str, dict[str, Range]] = {test_id: {} for test_id in _labels()}
    for test_id, unit, low, high in screening_units().iter_rows():
        found[test_id][unit] = (low, high)
    return found
