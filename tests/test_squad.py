"""A squad's page: one row an athlete, who needs a look first, asked of all at once."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from carryover.site import Wishes, people_of, render
from dashboards.model import View
from dashboards.squad import order_words, squad
from site_fixture import (
    HOSTILE,
    NOW,
    FileReader,
    athlete_rows,
    hostile,
    merged,
    newest_runs,
    write_warehouse,
)
from test_site import Links, text_of
from test_site_browser import SIZES, check, visit


@dataclass
class Counting:
    """A reader that counts what it is asked."""

    reader: FileReader
    asked: list[str] = field(default_factory=list)

    def frame(self, sql: str, params: dict[str, Any] | None = None) -> pl.DataFrame:
        self.asked.append(sql)
        return self.reader.frame(sql, params)


BASE = athlete_rows(samples=False)


def rows_of(athlete_id: str, name: str, **answers: Any) -> dict:
    """Return one athlete's rows: calm, unless told otherwise."""
    rows = copy.deepcopy(BASE)
    for row in (row for part in rows.values() for row in part):
        if row.get("athlete_id"):
            row["athlete_id"] = athlete_id
    rows["athlete"][0]["name"] = name
    rows["dose_advice"][0]["answer"] = answers.get("advice", "hold")
    rows["pain_review"] = [rows["pain_review"][0] | {"pain_0_10": answers.get("pain", 0.0)}]
    for row in rows["form_change"]:
        row["word"] = "within noise"
        if row["metric"] in answers.get("moved", ()):
            row["word"] = "beyond MDC"
    if not answers.get("flagged"):
        rows["session_placement"] = []
    if answers.get("silent"):
        rows["run"] = [r for r in rows["run"] if r["local_date"] < NOW.date() - timedelta(weeks=3)]
    if not answers.get("problems"):
        rows["data_issue"] = []
    return rows


TEAM = {
    "a": rows_of("a", "Ada"),
    "b": rows_of("b", "Bo", problems=True),
    "c": rows_of("c", "Cleo", silent=True),
    "d": rows_of("d", "Dan", flagged=True),
    "e": rows_of("e", "Eve", moved=("cadence_spm",)),
    "f": rows_of("f", "Finn", pain=3.0),
    "g": rows_of("g", "Gus", pain=4.0),
    "h": rows_of("h", "Hana", advice="scale back"),
    "i": rows_of("i", "Ida", pain=2.0),
}


def told(folder: Path, parts: dict[str, dict]) -> tuple[dict[str, Any], Counting]:
    path = write_warehouse(folder / "w.duckdb", merged(*parts.values()))
    with duckdb.connect(str(path), read_only=True) as connection:
        reader = Counting(FileReader(connection))
        people = people_of(reader, NOW)
        reader.asked.clear()
        return squad(View(reader, NOW, people, people[0])), reader


def test_who_needs_a_look_stands_first(tmp_path: Path) -> None:
    """Scale back, pain, beyond MDC, misplaced, silent, problems; then by name: as the page says."""
    found, reader = told(tmp_path, TEAM)
    names = [row["person"].name for row in found["rows"]]
    assert names == ["Hana", "Gus", "Finn", "Eve", "Dan", "Cleo", "Bo", "Ada", "Ida"]
    why = {row["person"].name: row["why"] for row in found["rows"]}
    assert why["Hana"] == "scale back"
    assert why["Gus"] == "pain 4"
    assert why["Eve"] == "1 beyond MDC"
    assert why["Dan"].endswith("misplaced")
    assert why["Cleo"] == "no run for two weeks"
    assert why["Ada"] == why["Ida"] == ""
    assert len(reader.asked) == 2, "the same two questions, however many athletes there are"


def test_a_row_says_what_is_known_and_leaves_open_what_is_not(tmp_path: Path) -> None:
    """Effect with its interval, sessions of target, kilometres of the usual; unknown is no 0."""
    bare = {name: [] for name in BASE} | {"athlete": [{"athlete_id": "z", "name": "Zoë"}]}
    found, _ = told(tmp_path, {"a": TEAM["a"], "e": TEAM["e"], "z": bare})
    rows = {row["person"].name: row for row in found["rows"]}
    ada, zoe = rows["Ada"], rows["Zoë"]
    assert (ada["verdict"], ada["effect"]) == ("Not enough data", "−0.8 ms (−3.1 to +1.5)")
    assert ada["about"] == "late-run drift of ground contact time, 46 runs"
    assert ada["missing"] == "Six more weeks with one break of two weeks."
    assert (ada["sessions"], ada["km"], ada["usual_km"]) == ("2 of 2", "43", "43")
    assert (ada["pain"], ada["newest"], ada["problems"]) == ("0/10", "22 Nov", "0")
    assert rows["Eve"]["moved"] == ["Cadence +0.5 spm"] or rows["Eve"]["moved"][0].startswith(
        "Cadence "
    )
    assert (zoe["sessions"], zoe["km"], zoe["pain"], zoe["newest"], zoe["effect"]) == (
        "no log", "–", "", "none yet", "",
    )  # fmt: skip
    assert zoe["missing"] == "runs and strength sessions over half a year"
    assert zoe["flags"] == "–"


def test_old_words_are_no_news(tmp_path: Path) -> None:
    """Pain of three weeks ago, advice and changes of last month put nobody first."""
    old = rows_of("o", "Olaf", pain=6.0, moved=("cadence_spm",), advice="scale back")
    past = NOW.date() - timedelta(days=40)
    for name in ("pain_review", "form_change"):
        for row in old[name]:
            row["local_date"] = past
    old["dose_advice"][0]["as_of_date"] = past
    found, _ = told(tmp_path, {"a": TEAM["a"], "o": old})
    row = next(r for r in found["rows"] if r["person"].name == "Olaf")
    assert (row["why"], row["pain"], row["moved"]) == ("", "", [])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a squad, one of them hostile from name to note."""
    folder = tmp_path_factory.mktemp("squad")
    evil = hostile(rows_of("x", "Xenia", pain=5.0))
    parts = [newest_runs(rows, 12) for rows in (TEAM["a"], TEAM["e"], TEAM["h"], evil)]
    path = write_warehouse(folder / "w.duckdb", merged(*parts))
    with duckdb.connect(str(path), read_only=True) as connection:
        render(FileReader(connection), folder / "site", now=NOW)
    return folder / "site"


def test_the_page_states_its_order_and_links_to_each(site: Path) -> None:
    """The rule of the order stands on the page; every name leads to the athlete's own pages."""
    page = site / "index.html"
    assert order_words() in text_of(page)
    targets = Links(page.read_text("utf-8")).targets
    assert {"a/index.html", "e/index.html", "h/index.html", "x/index.html"} <= set(targets)
    assert "intervals clear of zero" in text_of(page)


def test_hostile_names_are_text(site: Path) -> None:
    """A hostile name in a squad is shown and does nothing."""
    links = Links((site / "index.html").read_text("utf-8"))
    assert not links.handlers
    assert not {"img", "svg"} & set(links.tags)
    assert HOSTILE not in (site / "index.html").read_text("utf-8")
    assert not any("evil" in t or "javascript" in t for t in links.targets)


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
def test_the_page_draws_and_fits(tab: Any, site: Path, size: str) -> None:
    """In a browser the forest is drawn, nothing runs and no page scrolls sideways."""
    seen = visit(tab, site / "index.html", size=size, scheme="dark")
    check(seen, size)
    assert seen.figures == 1


def test_the_order_is_the_same_each_night(tmp_path: Path) -> None:
    """Equal needs stand by name, whatever order the warehouse tells them in."""
    same = {k: rows_of(k, n) for k, n in (("z", "Ada"), ("y", "Bo"), ("x", "ada"))}
    found, _ = told(tmp_path, same)
    assert [r["person"].athlete_id for r in found["rows"]] == ["x", "z", "y"]


def test_who_has_no_pages_is_a_name_without_a_link(tmp_path: Path) -> None:
    """A link leads to pages that are there: of a cohort without pages there are names alone."""
    parts = [newest_runs(rows, 3) for rows in (TEAM["a"], TEAM["e"])]
    path = write_warehouse(tmp_path / "w.duckdb", merged(*parts))
    with duckdb.connect(str(path), read_only=True) as connection:
        wishes = Wishes(bring=lambda athlete, _: athlete == "a")
        render(FileReader(connection), tmp_path / "site", now=NOW, wishes=wishes)
    front = (tmp_path / "site" / "index.html").read_text("utf-8")
    heads = re.findall(r'<th scope="row" class="name">(<a href="[^"]*">)?', front)
    assert sorted(heads) == ["", '<a href="a/index.html">']
