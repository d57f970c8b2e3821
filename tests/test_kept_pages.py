"""Pages that are kept: what a reader sees on them is what a page made anew would show."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.charts.roughly import about, steps_of
from carryover.site import Wishes, people_of, render
from dashboards.ledger import SLACK, Ledger
from dashboards.model import View, query
from dashboards.pages import run
from dashboards.run_shown import PARTS, shown, told_of
from dashboards.sheet import Sheets
from site_fixture import NOW, athlete_rows, newest_runs, write_warehouse
from test_site import reader_of

if TYPE_CHECKING:
    from pathlib import Path

ASKED = ("runs", "noise", "origins", *PARTS)
NAMES = {query(name): name for name in ASKED}
NUMBER = re.compile(r"(about )?([+−]?\d+(?:\.\d+)?)")
DRIFTS = st.lists(st.floats(-3.0, 3.0), min_size=3, max_size=3)


def shows(numbers: list[float | None], key: int = 1) -> pl.DataFrame:
    row = {"path": ["a.html"], "key": [key], "numbers": [numbers]}
    return pl.DataFrame(row, {k: Ledger().standing.schema[k] for k in row})


def stands(numbers: list[float | None], key: int = 1) -> Ledger:
    return Ledger("p", shows(numbers, key).with_columns(program=pl.lit("p")))


@given(st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=4), st.lists(DRIFTS, max_size=8))
def test_drift_never_adds_up(first: list[float], nights: list[list[float]]) -> None:
    """However many nights move a number a little, what is kept is one unit from the truth at most.

    And a page that is less than SLACK from the truth is not made anew.
    """
    numbers, page = first, first
    for moves in nights:
        numbers = [a + b for a, b in zip(numbers, moves, strict=False)] + numbers[len(moves) :]
        near = max(abs(a - b) for a, b in zip(page, numbers, strict=True)) < SLACK - 0.01
        kept = stands(page).settle(shows(numbers))
        assert kept or not near
        page = page if kept else numbers
        assert max(abs(round(a) - round(b)) for a, b in zip(page, numbers, strict=True)) <= 1


def test_what_is_told_exactly_is_never_kept_from_before() -> None:
    """Another key, more numbers, or a number in the place of none make a page anew."""
    assert stands([1.0, None]).settle(shows([1.2, None])) == {"a.html"}
    assert not stands([1.0]).settle(shows([1.0], key=2))
    assert not stands([1.0]).settle(shows([1.0, 2.0]))
    assert not Ledger("p").settle(shows([1.0]))


@given(st.integers(0, 30_000), st.integers(0, 30_000))
def test_a_rough_count_is_one_step_off_at_most(before: int, after: int) -> None:
    """Counts that are less than a step apart are told alike, or by neighbouring words."""
    told = [int(re.sub(r"\D", "", about(n, "run"))) for n in (before, after)]
    frame = pl.DataFrame({"n": [before, after, *told]})
    now, then, *steps = frame.select(steps_of(pl.col("n")))["n"]
    assert abs(steps[0] - now) <= 0.5
    if abs(now - then) <= SLACK:
        assert abs(steps[0] - steps[1]) <= 1


class Remembered:
    """A reader that asks nothing twice."""

    def __init__(self, reader: Any) -> None:
        self._reader, self._told = reader, {}

    def frame(self, sql: str, params: dict[str, Any] | None = None) -> pl.DataFrame:
        asked = sql, repr(params)
        if asked not in self._told:
            self._told[asked] = self._reader.frame(sql, params)
        return self._told[asked]


class Moved:
    """A reader whose numbers have drifted: `shifts` by query and column."""

    def __init__(self, reader: Any, shifts: dict[tuple[str, str], float]) -> None:
        self._reader, self._shifts = reader, shifts

    def frame(self, sql: str, params: dict[str, Any] | None = None) -> pl.DataFrame:
        rows = self._reader.frame(sql, params)
        return rows.with_columns(
            pl.col(column) * (1 + shift) + shift / 10
            for (name, column), shift in self._shifts.items()
            if name == NAMES.get(sql)
        )


@pytest.fixture(scope="module")
def stood(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path, list[tuple[str, str]]]:
    """A warehouse, its site, and the columns that may move without the page's key."""
    folder = tmp_path_factory.mktemp("stood")
    few = newest_runs(athlete_rows(samples=True), 10)
    with reader_of(write_warehouse(folder / "w.duckdb", few)) as opened:
        reader = Remembered(opened)
        render(reader, folder / "site", now=NOW, wishes=Wishes(program="p"))
        yield reader, folder / "site", loose(reader)


def keys_of(reader: Any) -> pl.DataFrame:
    view = view_of(reader, Ledger())
    told = told_of(view)
    return shown(told, run.links_of(view, told.runs), "")


def view_of(reader: Any, ledger: Ledger) -> View:
    people = people_of(reader, NOW)
    return View(reader, NOW, people, people[0], ledger)


def loose(reader: Any) -> list[tuple[str, str]]:
    """Return the columns of decimals of the queries whose values are in no page's key."""
    view, firm = view_of(reader, Ledger()), keys_of(reader)["key"]
    columns = [
        (name, column)
        for name in ASKED
        for column, values in view.mine(name, **PARTS.get(name, {})).to_dict().items()
        if values.dtype.is_float() and values.count()
    ]
    return [c for c in columns if keys_of(Moved(reader, {c: 1e-3}))["key"].equals(firm)]


def seen(html: str) -> str:
    """Return what a reader sees on a page: its text, and every text of its figures."""
    figures = re.findall(r'<script type="application/json"[^>]*>(.*?)</script>', html, re.DOTALL)
    text = re.sub(r"<script.*?</script>|<[^>]*>", " ", html, flags=re.DOTALL)
    return "\n".join([text, *(t for f in figures for t in texts(json.loads(f)))])


def texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [t for key, inner in value.items() if key != "bytes" for t in texts(inner)]
    if isinstance(value, list):
        return [t for inner in value for t in texts(inner)]
    return [value] if isinstance(value, str) else []


def unit(number: tuple[str, str]) -> float:
    rough, digits = number
    whole, _, decimals = digits.lstrip("+−").partition(".")
    return 10.0 ** (len(whole) - 1) if rough else 10.0 ** -len(decimals)


@settings(max_examples=6, deadline=None)
@given(st.data())
def test_no_number_on_a_kept_page_is_off_by_more_than_one_unit(
    stood: tuple[Any, Path, list[tuple[str, str]]], data: st.DataObject
) -> None:
    """On a kept page each word is that of a new one, each number within one of its last digit."""
    reader, site, columns = stood
    size = data.draw(st.sampled_from([1e-6, 1e-4, 3e-4, 1e-3]))
    shares = data.draw(st.lists(st.floats(-1, 1), min_size=len(columns), max_size=len(columns)))
    moved = Moved(reader, {c: size * k for c, k in zip(columns, shares, strict=True)})
    ledger = Ledger.read(site / "assets" / "pages.parquet", site, "p")
    kept = {p.path for p in run.pages(view_of(moved, ledger)) if p.data is None}
    if size < 1e-5:
        assert len(kept) == 10
    view = view_of(moved, Ledger())
    sheets = Sheets(view.people, NOW)
    for page in run.pages(view):
        if page.path in kept:
            old = seen((site / page.path).read_text("utf-8"))
            new = seen(sheets.html(page))
            assert NUMBER.sub("#", old) == NUMBER.sub("#", new)
            for a, b in zip(NUMBER.findall(old), NUMBER.findall(new), strict=True):
                off = abs(float(a[1].replace("−", "-")) - float(b[1].replace("−", "-")))
                assert off <= max(unit(a), unit(b)) * (1 + 1e-9), (a, b)


def test_the_numbers_that_drift_are_those_of_the_baseline(
    stood: tuple[Any, Path, list[tuple[str, str]]],
) -> None:
    """What may move on a kept page is named here; any other column makes the page anew."""
    found = {f"{name}.{column}" for name, column in stood[2]}
    assert {"run_drift.change_adj", "run_pattern.usual", "run_changes.noise"} <= found
    assert not {c for c in found if c.startswith("runs.") and not c.endswith("_adj")}
    assert not {c for c in found if c.split(".")[0] in {"run_laps", "run_sources", "run_steady"}}
