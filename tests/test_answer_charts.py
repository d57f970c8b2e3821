"""The figures of the answer: what a reader must be able to rely on, whatever the data."""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go
import polars as pl
import pytest

from carryover.charts.asked_otherwise import asked_otherwise, label_of
from carryover.charts.base import Empty
from carryover.charts.belief import belief, percent, sides_of
from carryover.charts.dose_response import dose_response
from carryover.charts.effect_forest import effect_forest
from carryover.charts.export import export
from carryover.charts.interval_rows import Head, Row, draw_rows, height_px
from carryover.charts.usual_strip import Strip, usual_strip
from carryover.metrics import metric
from dashboards.answers import by_family
from dashboards.checks import CHECKS, SIGNS, check_lines, checks_in_short

CONTACT = metric("stance_time_ms")
CADENCE = metric("cadence_spm")


def answer(**changes: Any) -> dict[str, Any]:
    row = {
        "metric": "stance_time_ms", "outcome": "decay", "exposure": "strength", "tau_d": 28.0,
        "role": "primary", "effect": -4.0, "effect_unit": "ms", "ci_low": -7.0, "ci_high": -1.0,
        "swc": 1.5, "posterior": -2.0, "posterior_low": -4.0, "posterior_high": 0.0,
        "prior_sd": 1.5, "chance_above": 0.001, "chance_below": 0.7, "good_side": "down",
        "p_curve": 0.4, "q": None, "n_runs": 40, "verdict": "carrying over",
    }  # fmt: skip
    return row | changes


def points(*doses: float, **changes: Any) -> pl.DataFrame:
    rows = [
        {"run_id": f"r{k}", "local_date": None, "metric": "stance_time_ms", "outcome": "decay",
         "dose": dose, "value": 3.0, "partial_residual": 4.0 - 2.0 * dose, "fitted": 4.0 - dose,
         "fitted_low": 3.0 - dose, "fitted_high": 5.0 - dose, "weight": 0.5, "href": None}
        | changes
        for k, dose in enumerate(doses)
    ]  # fmt: skip
    kinds = {"local_date": pl.Date, "href": pl.String, "dose": pl.Float64}
    return pl.DataFrame(rows, schema_overrides=kinds)


def groups(*values: float) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"group_number": k + 1, "n_runs": 8, "dose": 0.2 * k, "dose_low": 0.2 * k - 0.1,
             "dose_high": 0.2 * k + 0.1, "value": v, "ci_low": v - 1, "ci_high": v + 2}
            for k, v in enumerate(values)
        ],
        schema_overrides={"value": pl.Float64},
    )  # fmt: skip


def variants(**effects: float) -> pl.DataFrame:
    return pl.DataFrame([
        {"variant": name.replace("_", " "), "effect": effect, "ci_low": effect - 2.0,
         "ci_high": effect + 2.0, "n_runs": 40}
        for name, effect in effects.items()
    ])  # fmt: skip


def frame(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), infer_schema_length=None)


def strip(place: float, label: str = "Cadence", word: str = "within noise") -> Strip:
    return Strip(label, "169 spm", "167", "173", word, place, 13)


WORKS = {"strength": "strength work", "activation": "activation work"}
DRAWN = {
    "response": lambda: dose_response(CONTACT, answer(), points(0.0, 0.4, 0.9), groups(4, 3, 2)),
    "response without groups": lambda: dose_response(
        CONTACT, answer(p_curve=None), points(0.0, 0.4, 1.9), groups(1.0).clear()
    ),
    "belief": lambda: belief(answer()),
    "belief without a smallest change": lambda: belief(
        answer(swc=None, chance_above=None, chance_below=None)
    ),
    "otherwise": lambda: asked_otherwise(
        CONTACT, "decay", variants(as_registered=-4.0, raw=-6.0, tau_14=-3.0), 1.5
    ),
    "otherwise without a smallest change": lambda: asked_otherwise(
        CONTACT, "decay", variants(as_registered=-4.0), None
    ),
    "forest": lambda: effect_forest(by_family(frame(answer()), None), WORKS),
    "strips": lambda: usual_strip([strip(0.3), strip(-7.0, word="beyond MDC")]),
}  # fmt: skip


@pytest.mark.parametrize("case", DRAWN)
def test_every_figure_has_a_finding_a_subtitle_and_plain_traces(case: str) -> None:
    """Each figure states a finding with a subtitle, stands twice the same and is scatter alone."""
    fig = DRAWN[case]()
    spec = export(fig)
    assert spec.title
    assert spec.subtitle.endswith(".")
    assert spec == export(DRAWN[case]())
    assert {trace.type for trace in fig.data} == {"scatter"}


EMPTY = {
    "response": lambda: dose_response(CONTACT, answer(), points(), groups(1.0).clear()),
    "response without an effect": lambda: dose_response(
        CONTACT, answer(effect=None), points(0.1), groups(1.0)
    ),
    "belief": lambda: belief(answer(posterior=None)),
    "otherwise": lambda: asked_otherwise(
        CONTACT, "decay", variants(as_registered=1.0).with_columns(effect=None), 1.5
    ),
    "forest": lambda: effect_forest(
        by_family(frame(answer(effect=None, ci_low=None, ci_high=None)), None), WORKS
    ),
    "strips": lambda: usual_strip([]),
}  # fmt: skip


@pytest.mark.parametrize("case", EMPTY)
def test_no_data_gives_words_and_a_next_step(case: str) -> None:
    """A figure without data is none: it says what is missing and one next step."""
    drawn = EMPTY[case]()
    assert isinstance(drawn, Empty)
    assert drawn.what.endswith(".")
    assert drawn.next_step.endswith(".")


def words(fig: go.Figure) -> str:
    return f"{fig.layout.title.text} {fig.layout.title.subtitle.text}"


@pytest.mark.parametrize(
    ("changes", "doses", "told"),
    [
        ({}, (0.0, 1.2), "no bend is seen (p = 0.40)"),
        ({"p_curve": 0.003}, (0.0, 1.2), "the means bend away from it (p < 0.01)"),
        ({"p_curve": 0.02}, (0.0, 1.2), "(95 %: −7.0 to −1.0), and the line bends"),
        ({"p_curve": None}, (0.0, 1.2), "A straight line is assumed."),
        ({"ci_high": 1.0}, (0.0, 1.2), "No slope can be told: −4.0 ms"),
        ({}, (0.0, 0.8), "No run had seen a steady two sessions a week (most: 0.80)"),
    ],
)
def test_the_line_says_what_it_assumes(changes: dict, doses: tuple, told: str) -> None:
    """A straight line is assumed: a bend, an open slope and a dose never seen are all said."""
    assert told in words(dose_response(CONTACT, answer(**changes), points(*doses), groups(4, 3, 2)))


def test_every_run_is_a_dot_and_the_line_ends_where_the_runs_end() -> None:
    """No run is left out of the figure, and the line is not drawn beyond the doses seen."""
    doses = [k / 400 for k in range(300)]
    fig = dose_response(CONTACT, answer(), points(*doses), groups(4, 3, 2))
    band, dots, rug, line, means = go.Figure(fig.to_plotly_json()).data
    assert len(dots.x) == len(rug.x) == 300
    assert (min(line.x), max(line.x)) == (0.0, round(299 / 400, 3))
    assert len(line.x) < 60
    assert len(band.x) == 2 * len(line.x)
    assert list(means.y) == [4, 3, 2]
    assert means.marker.symbol != dots.marker.symbol


def test_chances_are_named_by_the_good_side() -> None:
    """Down is the benefit where down is good; without a good side there is only more and less."""
    assert dict(sides_of(answer()))["worthwhile benefit"] == 0.7
    assert dict(sides_of(answer(good_side="up")))["worthwhile harm"] == 0.7
    assert dict(sides_of(answer(good_side="none")))["less"] == 0.7
    assert sum(share for _, share in sides_of(answer())) == pytest.approx(1.0)
    assert sides_of(answer(chance_above=None)) == ()
    assert "worthwhile benefit 70 %, worthwhile harm < 1 %, too small to matter 30 %" in words(
        belief(answer())
    )


@pytest.mark.parametrize(
    ("share", "told"), [(None, "–"), (0.0, "< 1 %"), (0.014, "1 %"), (0.995, "> 99 %")]
)
def test_no_chance_is_told_as_none_or_as_certain(share: float | None, told: str) -> None:
    """Nothing from so few runs is told as impossible, or as sure."""
    assert percent(share) == told


def test_ways_to_ask_that_are_no_alternatives_stand_last_and_count_for_nothing() -> None:
    """The span in the title is that of the equal ways; the others are marked and come last."""
    fig = asked_otherwise(CONTACT, "decay", variants(raw=9.0, tau_14=-3.0, as_registered=-4.0), 1.5)
    assert fig.layout.title.text == "1 other way to ask: effects −4.0 to −3.0 ms, all to one side"
    labels = [a.text for a in fig.layout.annotations if a.x == 0 and a.xref == "paper"]
    assert labels == ["<b>As registered</b>", "A session fades over 14 days",
                      "Without any other term †"]  # fmt: skip
    assert "†" in fig.layout.title.subtitle.text
    assert label_of("something new") == "something new"


def test_answers_stand_by_family_with_the_fixed_one_first_and_marked() -> None:
    """Families in their order; the one fixed beforehand is filled and bold, not coloured alone."""
    other = {"role": "exploratory", "q": 0.4}
    rows = frame(
        answer(), answer(metric="cadence_spm", **other),
        answer(metric="cadence_spm", outcome="level", **other),
        answer(metric="stance_time_balance_pct", outcome="level", **other),
        answer(metric="metres_per_beat", outcome="level", **other),
        answer(metric="cadence_spm", exposure="activation", **other),
        answer(metric="vertical_oscillation_mm", role="exploratory"), answer(tau_d=14.0, **other),
    )  # fmt: skip
    told = by_family(rows, answer())
    assert told["family"].unique(maintain_order=True).to_list() == [
        "Late-run drift", "Level", "Symmetry", "Economy and durability"
    ]  # fmt: skip
    assert told["role"][0] == "primary"
    assert told.height == 6, "neither what the gate stops nor another fading time"
    fig = effect_forest(told, WORKS)
    bold = [a.text for a in fig.layout.annotations if a.text.startswith("<b>Ground")]
    assert bold == ["<b>Ground contact time</b>"]
    dots = [t for t in fig.data if t.mode == "markers"]
    assert [dot.marker.symbol for dot in dots] == ["circle", *["circle-open"] * 5]
    assert "exploratory, q 0.40" in dots[1].hovertext[0]


def test_a_long_interval_ends_in_an_arrow_and_text_is_only_text() -> None:
    """What does not fit is cut visibly, and a label's markup is shown as it stands."""
    fig = go.Figure()
    lines = [Head("<i>"), Row("<b>x</b>", 9.0, -20.0, 20.0, "9", "hover", "#000")]
    draw_rows(fig, lines, reach=8.0, band=1.0)
    assert [t.marker.symbol for t in fig.data if t.mode == "markers"] == [
        "triangle-left", "triangle-right"
    ]  # fmt: skip
    texts = [a.text for a in fig.layout.annotations]
    assert "<b>&lt;i&gt;</b>" in texts
    assert "&lt;b&gt;x&lt;/b&gt;" in texts
    assert height_px(lines) > height_px(lines[1:])


def test_a_run_outside_its_band_is_told_by_shape_and_word() -> None:
    """Inside is open, outside filled, far outside an arrow at the edge; the word stands beside."""
    fig = usual_strip([strip(0.5), strip(1.2, word="beyond MDC"), strip(-9.0, word="beyond MDC")])
    assert {t.y[0]: t.marker.symbol for t in fig.data} == {
        2.0: "circle-open", 1.0: "circle", 0.0: "triangle-left"
    }  # fmt: skip
    assert [a.text for a in fig.layout.annotations].count("beyond MDC") == 2
    assert fig.layout.title.text == "2 of 3 values outside your usual range"


def test_checks_that_decide_come_first_in_short() -> None:
    """Shift and leads are named with their results, the others counted; each has its shape."""
    rows = pl.DataFrame({
        "check_name": ["negative_control", "leads", "shift", "drop_one_block", "drop_one_block"],
        "part": [None, None, None, None, "block 1"],
        "status": ["failed", "passed", "informative", "passed", "passed"],
        "says": ["It fails."] * 5, "reason": [None] * 5,
    }, schema_overrides={"reason": pl.String})  # fmt: skip
    lines = check_lines(rows)
    assert [line["label"] for line in lines if line["decides"]] == [
        "Moved calendar",
        "Work to come",
    ]
    assert [line["sign"] for line in lines] == ["○", "●", "▲", "●"]
    assert checks_in_short(lines) == (
        "The two that decide: moved calendar informative, work to come passed. "
        "Of 2 others: 1 passed, 1 failed."
    )
    assert checks_in_short([]) == ""
    assert len(set(SIGNS.values())) == len(SIGNS)
    assert all(known.if_failed for known in CHECKS.values())
