"""Left and right in words and on the axis: signed, with what each number rests on."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carryover.charts.base import figure
from carryover.charts.middle import around_middle
from carryover.estimate.origin import FOLLOWS
from dashboards.form import BY_FORMULA, ORIGIN_WORDS, Computed
from dashboards.left_right import lines, side_words

ROW = {
    "sensor_epoch": "w", "stance_time_balance_pct": 50.8, "stance_time_left_ms": 254.6,
    "stance_time_right_ms": 246.4, "sides_from": "balance", "symmetry_index_pct": 3.2,
    "symmetry_angle_pct": -1.02, "zone": "next", "baseline_side": "left",
    "signed_score_pct": 0.84, "balance_se_pct": 0.052, "n_blocks": 13, "drift_pct": 0.31,
    "drift_se_pct": 0.1, "drift_outward_pct": 0.31, "drift_outward_low_pct": 0.1,
    "drift_outward_high_pct": 0.52, "drift_reason": None, "mean_pct": 50.9, "ci_low_pct": 50.7,
    "ci_high_pct": 51.1, "n_runs": 26, "period": "before the first strength session",
    "before_exposure": True, "side_reason": None,
}  # fmt: skip
NO_SIDE = {
    "baseline_side": None, "signed_score_pct": None, "drift_outward_pct": None,
    "side_reason": "50.10 ± 0.20 in 9 runs cannot be told from 50",
}  # fmt: skip
NOISE = pl.DataFrame(
    {"metric": ["stance_time_balance_pct", "cadence_spm"], "sensor_epoch": ["w", "w"],
     "mdc95": [1.1, 5.0]}
)  # fmt: skip


def told(**changes):
    frame = pl.DataFrame([ROW | changes], infer_schema_length=None)
    return {line.term: (line.value, line.note) for line in lines(frame, NOISE)}


def test_every_number_has_its_unit_and_what_it_rests_on():
    """Sides, score and drift are told with side, error, noise, number of runs and interval."""
    words = told()
    assert words["stance_time_left_ms"] == (
        "255 ms left, 246 ms right", "from contact time and balance",
    )  # fmt: skip
    assert words["baseline_side"] == (
        "left", "50.9 % left (95 %: 50.7 to 51.1) in 26 runs, before the first strength session",
    )  # fmt: skip
    assert words["signed_score"] == (
        "0.8 points on your side",
        "standard error 0.05, from 13 blocks of 4 minutes; noise of one run ± 1.1",
    )
    assert words["late_run_drift"] == (
        "0.31 points away from the middle", "95 %: +0.10 to +0.52, + is away",
    )  # fmt: skip


def test_a_score_on_the_other_side_is_not_folded():
    """A left-heavy athlete's right-heavy run lies on the other side, and says so."""
    assert told(signed_score_pct=-0.84)["signed_score"][0] == "0.8 points on the other side"


def test_a_drift_that_may_be_none_says_so():
    """An interval that holds 0 is told as such; the sign says towards or away."""
    inward = told(
        drift_outward_pct=-0.2, drift_outward_low_pct=-0.6, drift_outward_high_pct=0.2
    )  # fmt: skip
    assert inward["late_run_drift"][0] == "0.20 points towards the middle"
    assert inward["late_run_drift"][1].endswith("cannot be told from none")


def test_without_a_side_there_is_no_score_but_a_reason():
    """No side: why, no score, and a drift told towards the left alone."""
    words = told(**NO_SIDE)
    assert words["baseline_side"] == ("none", NO_SIDE["side_reason"])
    assert "signed_score" not in words
    assert words["late_run_drift"] == (
        "+0.31 points, + is towards the left", "standard error 0.10",
    )  # fmt: skip


def test_a_side_read_under_strength_work_says_so():
    """Where the first weeks were no weeks without strength work, the words tell it."""
    assert side_words(ROW | {"before_exposure": False}).endswith("strength work had begun by then")


def test_a_sensor_without_balance_has_no_lines():
    """Nothing is made up for a sensor that does not tell left from right."""
    assert lines(pl.DataFrame(), NOISE) == []


@pytest.mark.parametrize("origin", ORIGIN_WORDS)
def test_a_stiffness_is_no_better_than_its_contact_time(origin):
    """A formula's result says that it is one, and where the contact time in it is from."""
    origins = pl.DataFrame(
        {"sensor_epoch": "w", "metric": ["leg_stiffness_knpm", "stance_time_ms"], "origin": origin}
    )
    words = Computed(origins).label("w", "leg_stiffness_knpm")
    assert words == f"by formula; ground contact time {ORIGIN_WORDS[origin]}"
    assert Computed(origins).label("w", "stance_time_ms") == ORIGIN_WORDS[origin]
    assert set(FOLLOWS) >= BY_FORMULA


@given(
    values=st.lists(st.floats(36.0, 64.0), max_size=20),
    middle=st.sampled_from([50.0, 0.0]),
)
def test_the_axis_is_even_about_its_middle(values, middle):
    """Left and right have the same room, all values are inside, and ticks name their side."""
    values = [middle + value - 50.0 for value in values]
    fig = figure(300)
    fig.add_scatter(x=[0], y=[middle])
    around_middle(fig, values, middle)
    low, high = fig.layout.yaxis.range
    assert high - middle == pytest.approx(middle - low)
    assert all(low <= value <= high for value in values)
    ticks = dict(zip(fig.layout.yaxis.tickvals, fig.layout.yaxis.ticktext, strict=True))
    assert ticks[middle] == "even"
    assert 3 <= len(ticks) <= 7
    for value, text in ticks.items():
        assert text.endswith("left") == (value > middle)
        assert text.endswith("right") == (value < middle)
