"""Figures of strength work: what they find is what their rows say, and names stay text."""

from __future__ import annotations

import json
from datetime import date, timedelta

import plotly.graph_objects as go
import polars as pl
import pytest

from carryover.charts.base import Empty
from carryover.charts.dose_kinds import dose_kinds
from carryover.charts.exercise_rows import SHOWN, exercise_rows
from carryover.charts.export import export
from carryover.charts.placement_strip import placement_strip
from carryover.charts.side_doses import side_doses

MONDAY = date(2026, 1, 5)
SPAN = {"since": MONDAY, "until": MONDAY + timedelta(weeks=8)}
PLACED = {"local_date": pl.Date, "flag": pl.String, "rule": pl.String}
RUNS = {"local_date": pl.Date, "kind": pl.String, "distance_m": pl.Float64, "href": pl.String}
WEEKS = {
    "exercise_id": pl.String, "exercise": pl.String, "measure": pl.String, "unit": pl.String,
    "best": pl.Float64, "now_value": pl.Float64, "word_four": pl.String, "n_weeks": pl.Int32,
    "week_start": pl.Date, "value": pl.Float64,
}  # fmt: skip
MONTHS = {"month_date": pl.Date, "left_dose": pl.Float64, "right_dose": pl.Float64,
          "n_sessions": pl.Int64}  # fmt: skip
KINDS = {"week_start": pl.Date, "strength": pl.Float64, "activation": pl.Float64,
         "hill_strides": pl.Float64}  # fmt: skip


def frame(schema: dict, *rows: tuple) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def exercise(name: str, values: list[float], word: str | None = None, *, gap: int = 1) -> list:
    best = max(values)
    return [
        (name, name, "weight", "kg", best, values[-1], word, len(values),
         MONDAY + timedelta(weeks=gap * k), value)
        for k, value in enumerate(values)
    ]  # fmt: skip


def placed(*rows: tuple, runs: tuple = ()) -> go.Figure | Empty:
    return placement_strip(frame(PLACED, *rows), frame(RUNS, *runs), **SPAN)


EMPTY = {
    "kinds": lambda: dose_kinds(frame(KINDS), **SPAN),
    "kinds that are not known": lambda: dose_kinds(frame(KINDS, (MONDAY, None, 0.0, None)), **SPAN),
    "exercises": lambda: exercise_rows(frame(WEEKS)),
    "sides": lambda: side_doses(frame(MONTHS)),
    "sides without dose": lambda: side_doses(frame(MONTHS, (MONDAY, 0.0, None, 1))),
    "placement": placed,
    "placement among easy runs": lambda: placed(runs=((MONDAY, "easy", 5e3, None),)),
}


@pytest.mark.parametrize("case", EMPTY)
def test_no_work_gives_words_and_a_next_step(case: str) -> None:
    """Without work there is no empty plane: what is missing is said, with one command."""
    drawn = EMPTY[case]()
    assert isinstance(drawn, Empty)
    assert "`" in drawn.next_step


def test_flagged_sessions_differ_by_shape_and_words() -> None:
    """A session beside a hard run is a cross with its rule in words; the title counts it."""
    fig = placed(
        (MONDAY, None, None), (MONDAY + timedelta(days=2), "the day after intervals", "hard day"),
        runs=((MONDAY + timedelta(days=1), "workout", 9e3, "runs/x.html"),
              (MONDAY + timedelta(days=6), "long", None, None)),
    )  # fmt: skip
    assert fig.layout.title.text == "Beside a hard or a long run: 1 of 2 sessions"
    shapes = {trace.marker.symbol: trace for trace in fig.data}
    assert set(shapes) == {"diamond", "line-ew", "square", "x"}
    assert shapes["x"].text == ("hard day",)
    assert shapes["diamond"].customdata == ("runs/x.html",)
    assert "km" not in shapes["line-ew"].hovertext[0]


def test_hard_runs_are_drawn_without_sessions() -> None:
    """In weeks off strength the strip still shows where a session would lie well."""
    fig = placed(runs=((MONDAY, "race", 1e4, None),))
    assert fig.layout.title.text.startswith("No strength session among")


def test_sessions_outside_the_weeks_are_left_out() -> None:
    """Only the weeks that the strip shows are counted."""
    fig = placed((MONDAY - timedelta(days=1), None, None), (MONDAY, None, None))
    assert fig.layout.title.text == "All clear of hard and long runs: 1 session"


def test_the_main_exercises_have_a_row_each() -> None:
    """The first eight are drawn in their order, the title counts their words."""
    rows = [r for k in range(SHOWN + 2) for r in exercise(f"e{k}", [50.0 + k, 52.5], "rising")]
    fig = exercise_rows(frame(WEEKS, *rows))
    assert len(fig.data) == 2 * SHOWN
    assert fig.layout.title.text.startswith(f"{SHOWN} rising of {SHOWN} exercises")
    assert [a.text.split("</b>")[0] for a in fig.layout.annotations] == [
        f"<b>e{k}" for k in range(SHOWN)
    ]


def test_a_row_breaks_at_gaps_and_rings_the_best_once() -> None:
    """No line joins two blocks; the highest value is ringed where it was first reached."""
    fig = exercise_rows(frame(WEEKS, *exercise("squat", [40.0, 45.0, 45.0], gap=5)))
    line, dots = fig.data
    assert list(line.y) == [40.0, None, 45.0, None, 45.0]
    assert list(dots.marker.symbol) == ["circle", "circle-open", "circle"]


def test_names_of_exercises_are_text() -> None:
    """A name with markup is shown as it stands, cut where it is long."""
    name = "<b onclick=x>squat</b> & " + "long " * 20
    fig = exercise_rows(frame(WEEKS, *exercise(name, [40.0])))
    text = export(fig).json
    assert "<b onclick" not in text
    told = json.loads(text)["layout"]["annotations"][0]["text"]
    assert "&lt;b onclick=x&gt;" in told
    assert "…" in told


def test_sides_are_told_by_shape_and_share() -> None:
    """Left is a circle, right a square; the title says which has more."""
    even = side_doses(frame(MONTHS, (MONDAY, 1.0, 1.0, 2)))
    assert even.layout.title.text == "One-sided work is even: as much on the left as on the right"
    assert [trace.marker.symbol for trace in even.data] == ["circle", "square"]
    more = side_doses(frame(MONTHS, (MONDAY, 1.0, 3.0, 2)))
    assert (
        more.layout.title.text == "75 % of the one-sided work is on the right, the rest on the left"
    )


def test_kinds_have_their_own_rows() -> None:
    """Kinds that were never done have no row; weeks in which nothing is known are no bar."""
    weeks = frame(KINDS, (MONDAY, 2.0, None, None), (MONDAY + timedelta(weeks=1), None, 1.0, 0.0))
    fig = dose_kinds(weeks, **SPAN)
    assert [list(trace.y) for trace in fig.data] == [[2.0, None], [None, 1.0]]
    assert fig.layout.title.text == "Strength in 1, activation drills in 1 of 2 weeks"
