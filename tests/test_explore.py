"""The page for those who ask themselves: every query runs, tells its units, and finds its rows."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from carryover import app, tally
from carryover.home import Home
from dashboards.cookbook import GROUPS, Recipe, recipes
from dashboards.model import query
from dashboards.pages.explore import FIRST_ROWS, LONGEST, _cell
from dashboards.table_reference import GROUPS as TABLE_GROUPS
from test_contract import PROMISED, UNITLESS

ROOT = Path(__file__).parents[1]
SHOWN = ("_km", "_min", "_min_per_km", "_mb")
"""Units that people read and no column is kept in."""
UNITS = (
    *re.findall(r"^\| `(_\w+)` \|", (ROOT / "docs" / "units.md").read_text("utf-8"), re.MULTILINE),
    *SHOWN,
)
BARE = frozenset(UNITLESS.split())
WITHOUT_ROWS = {
    "unmapped": "the demo's names are all known",
    "all_outcomes": "twelve weeks are too short for any effect",
    "hours_after": "twelve weeks are too short for any effect",
}
"""Recipes that the demo of twelve weeks has no rows for, each with why."""
PLAIN = re.compile(r"(?<!:):\w|\$\w|\{\{|::|%")
"""What some notebook would take for a parameter of its own."""


def named(recipe: Recipe) -> str:
    return f"{recipe.group}/{recipe.slug}"


@pytest.mark.parametrize("recipe", recipes(), ids=named)
def test_a_recipe_answers(twelve_weeks: Home, recipe):
    """Each query runs as it stands, by DuckDB and by `carryover sql`, and has rows and units."""
    with duckdb.connect(str(twelve_weeks.published), read_only=True) as warehouse:
        answer = warehouse.sql(recipe.text)
        told = dict(zip(answer.columns, map(str, answer.types), strict=True))
        rows = answer.fetchall()
    assert bool(rows) != (recipe.slug in WITHOUT_ROWS)
    assert app.ask(twelve_weeks, recipe.text).height == len(rows)
    bare = [name for name, kind in told.items() if kind in {"DOUBLE", "DATE"}
            and not name.removesuffix("_adj").endswith(UNITS) and name not in BARE]  # fmt: skip
    assert bare == []
    whole = [name for name, kind in told.items() if kind in {"BIGINT", "INTEGER", "HUGEINT"}]
    assert [name for name in whole if not name.startswith("n") and name != "tenth"] == []


@pytest.mark.parametrize("recipe", recipes(), ids=named)
def test_a_recipe_is_plain(recipe):
    """A query says what it answers, is one statement, and holds nothing that a notebook reads."""
    assert recipe.question.endswith("?")
    assert recipe.returns.startswith("One row ")
    assert recipe.returns.endswith(".")
    assert recipe.text.rstrip().endswith(";")
    bare = re.sub(r"--.*", "", recipe.text)
    assert bare.count(";") == 1
    assert not PLAIN.search(bare)
    assert "latitude" not in recipe.text
    assert max(map(len, recipe.text.splitlines())) <= 90
    assert "ORDER BY" in recipe.text or recipe.returns.startswith("One row for ")


@pytest.mark.parametrize("recipe", [r for r in recipes() if r.is_cheap], ids=named)
def test_an_answer_of_the_page_is_cheap(recipe):
    """What a page asks never reads the seconds of all runs."""
    for table in ("sample", "recording_sample", "developer_series", "form_pattern"):
        assert not re.search(rf"(FROM|JOIN) {table}\b", recipe.text)


def test_every_group_has_recipes():
    """No heading stands alone, and no name of a file is there twice."""
    told = recipes()
    assert {r.group for r in told} == set(GROUPS)
    assert len({(r.group, r.slug) for r in told}) == len({r.question for r in told}) == len(told)


def test_every_table_has_its_place():
    """The promised tables come first, and each published table stands in one group."""
    placed = [name for names in TABLE_GROUPS.values() for name in names.split()]
    assert len(placed) == len(set(placed))
    assert set(PROMISED) <= set(placed)


def test_cells_are_short_and_tell_null():
    """Null is a word, a whole number has no point, a long text is cut."""
    assert [_cell(v) for v in (None, True, 3.0, 0.5)] == ["null", "true", "3", "0.5"]
    assert len(_cell("x" * 999)) == LONGEST + 1
    assert FIRST_ROWS == 5


def test_coverage_is_weighted_by_running_time(twelve_weeks: Home):
    """The page's shares are those of the runs, weighted by their running seconds."""
    told = app.ask(twelve_weeks, query("coverage"))
    whole = app.ask(twelve_weeks, "select sum(running_s) from run_bin").item()
    of_cadence = told.filter(told["metric"] == "cadence_spm")
    assert of_cadence["running_s"].sum() == pytest.approx(whole)
    assert told["coverage_pct"].is_between(0, 100).all()
    by_hand = app.ask(
        twelve_weeks,
        "with s as (select run_id, sum(running_s) as s from run_bin group by 1) "
        "select run.sensor_epoch as sensor_epoch, "
        "sum(coalesce(stance_time_ms_coverage_pct, 0) * s) / sum(s) as pct "
        "from run join run_form using (run_id) join s using (run_id) group by 1",
    )
    held = dict(told.filter(told["metric"] == "stance_time_ms")
                .select("sensor_epoch", "coverage_pct").iter_rows())  # fmt: skip
    assert held == pytest.approx(dict(by_hand.iter_rows()))


def test_files_add_up_to_what_lies_on_disk(twelve_weeks: Home):
    """Found is loaded + duplicate + partial + rejected + unsupported, and what the disk holds."""
    counts = tally.files_on_disk(twelve_weeks)
    on_disk = [path for path in twelve_weeks.raw.rglob("*") if path.is_file()]
    assert sum(counts.values()) == len(on_disk)
    page = app.ask(twelve_weeks, query("files_by_status"))
    assert page.filter(~page["is_inside"])["n_files"].sum() == len(on_disk)
