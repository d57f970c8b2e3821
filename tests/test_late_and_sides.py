"""Late miles and symmetry: what is shown beside a verdict is told with its interval and no more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
import plotly.graph_objects as go
import polars as pl
import pytest
from scipy import stats

from carryover.charts.balance_condition import balance_condition, condition_finding
from carryover.charts.balance_history import balance_history
from carryover.charts.base import Empty, figure
from carryover.charts.contact_sides import contact_sides
from carryover.charts.dots import CROWD
from carryover.charts.drift_against import Along, drift_against
from carryover.charts.drift_history import Worth, drift_history
from carryover.charts.export import export
from carryover.charts.late_curves import late_curves
from carryover.charts.raw_adjusted import raw_adjusted, share_words
from carryover.charts.running_middle import MAX_POINTS
from carryover.charts.sensor_marks import add_sensor_marks
from carryover.estimate.local_mean import MAX_BINS, binned, mean_of
from carryover.metrics import metric
from dashboards.pages import late_miles, symmetry
from test_site import render_pages, state_rows, text_of

if TYPE_CHECKING:
    from pathlib import Path

FIRST = date(2020, 1, 6)
CONTACT = metric("stance_time_ms")
DOSE = pl.DataFrame({"week_start": [FIRST], "dose": [2.0], "n_sessions": [2]})
NO_SENSORS = pl.DataFrame(
    schema={"from_date": pl.Date, "to_date": pl.Date, "opened_by": pl.String,
            "firmware_family": pl.String, "dynamics_source": pl.String}
)  # fmt: skip
KM = Along("km", "around {} km", 0, "distance", "Record runs with GPS.")


def drifts(n: int, *, raw: float = 4.0, adjusted: float = 2.0) -> pl.DataFrame:
    """So many runs, one in four days; each second one has another sensor from the middle on."""
    wave = [float(np.sin(k)) for k in range(n)]
    return pl.DataFrame({
        "run_id": [f"r{k}" for k in range(n)],
        "local_date": [FIRST + timedelta(days=4 * k) for k in range(n)],
        "change": [raw + w for w in wave], "change_adj": [adjusted + w for w in wave],
        "ci_low": [adjusted + w - 2.5 for w in wave],
        "ci_high": [adjusted + w + 2.5 for w in wave], "x": [10.0 + k % 9 for k in range(n)],
        "sensor_epoch": ["a" if k < n // 2 else "b" for k in range(n)], "href": [None] * n,
    }, schema_overrides={"href": pl.String})  # fmt: skip


def history(n: int, worth: Worth | None = None):
    frame = drifts(n)
    return drift_history(
        CONTACT, frame, DOSE, since=FIRST, until=FIRST + timedelta(days=4 * n),
        sensors=NO_SENSORS, worth=worth,
    )  # fmt: skip


def test_a_mean_has_students_interval_and_needs_five_runs():
    """The interval of a mean is that of Student's t; four runs have none."""
    values = pl.Series([1.0, 2.0, 4.0, 8.0, 16.0, None])
    told = mean_of(values)
    low, high = stats.t.interval(0.95, 4, 6.2, stats.sem(values.drop_nulls().to_numpy()))
    assert told is not None
    assert (told.n, told.mean) == (5, pytest.approx(6.2))
    assert (told.ci_low, told.ci_high) == (pytest.approx(low), pytest.approx(high))
    assert not told.is_clear
    assert mean_of(values.head(4)) is None


def test_bins_hold_all_runs_and_never_part_equal_ones():
    """Bins share out all runs in order; runs without any work stay in one bin."""
    frame = pl.DataFrame({"x": [0.0] * 30 + [float(k) for k in range(1, 31)], "y": [1.0, 2.0] * 30})
    bins = binned(frame, "x", "y")
    assert bins["n"].sum() == 60
    assert 2 <= len(bins) <= MAX_BINS
    assert bins["x"].is_sorted()
    assert bins.filter(pl.col("x_low") == 0.0)["n"].to_list() == [30]
    assert binned(frame.head(12), "x", "y").is_empty()


def test_no_judged_run_says_what_to_do():
    """Every figure of drift has an empty state with a next step."""
    none = drifts(4).clear()
    bins = binned(none, "x", "change_adj")
    tenths = none.with_columns(
        tenth=pl.lit(1), distance_m=pl.lit(1.0), usual_low=pl.lit(0.0), usual_high=pl.lit(0.0)
    )
    for drawn in (
        drift_history(CONTACT, none, DOSE, since=FIRST, until=FIRST, sensors=NO_SENSORS),
        drift_against(CONTACT, none, bins, KM), late_curves(CONTACT, tenths),
        raw_adjusted(CONTACT, none, raw=None, adjusted=None),
    ):  # fmt: skip
        assert isinstance(drawn, Empty)
        assert drawn.next_step


def test_one_run_is_drawn_alone():
    """A first judged run is a dot without a line and without means."""
    drawn = history(1)
    assert [t.mode for t in drawn.data if t.type == "scatter"] == ["markers", "markers"]
    one = drifts(1)
    against = drift_against(CONTACT, one, binned(one, "x", "change_adj"), KM)
    assert export(against).title == "Ground contact time: 1 run, too few to say more"


def test_ten_years_of_dots_give_way_to_their_line():
    """A thousand runs are a cloud without bars; the line is thinned and never joins two sensors."""
    drawn = go.Figure(history(CROWD + 600).to_plotly_json())
    adjusted, line = drawn.data[1], drawn.data[2]
    assert adjusted.error_y.visible is False
    assert adjusted.marker.opacity < 0.5
    assert line.mode == "lines"
    assert len(line.x) <= MAX_POINTS + 2
    assert None in line.y[1:-1], "the line breaks where the sensor changes"
    assert history(30).data[1].error_y.visible is True


def test_raw_and_adjusted_differ_by_shape():
    """What is recorded is a diamond, what is adjusted a circle, and the band says what it is."""
    drawn = history(20, Worth(1.5, "the smallest change that matters"))
    raw, adjusted = drawn.data[:2]
    assert raw.marker.symbol == "diamond-open"
    assert set(adjusted.marker.symbol) <= {"circle", "circle-open"}
    assert "Shaded: ± 1.5 ms, the smallest change that matters." in export(drawn).subtitle


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "Next to nothing"), (0.5, "Half"), (1.0, "Nearly all"), (-0.3, "hide"), (1.4, "more")],
)
def test_the_share_of_pace_and_hills_has_words(share, words):
    """Half of a raw change reads as half, and what overshoots is no share."""
    assert words in share_words(share)


def test_half_of_the_raw_change_is_pace():
    """The finding tells both means; without a raw change that is clear there is no share."""
    frame = drifts(20)
    title = export(raw_adjusted(CONTACT, frame, raw=4.0, adjusted=2.0)).title
    assert title.startswith("Half of the raw change is pace and hills: +4.0 ms as recorded")
    unclear = export(raw_adjusted(CONTACT, frame, raw=None, adjusted=None)).title
    assert unclear == "Pace and hills move the late change by 2.0 ms in the middle run"


def test_curves_share_one_scale():
    """Every panel has the same vertical axis, on a desktop and on a phone."""
    rows = [
        {"run_id": f"r{k}", "local_date": FIRST + timedelta(days=k), "distance_m": 15_000.0,
         "tenth": tenth, "change_adj": float(k * (tenth > 7)), "ci_low": k - 1.0,
         "ci_high": k + 1.0, "usual_low": -2.0, "usual_high": 2.0, "href": None}
        for k in range(5) for tenth in range(1, 11)
    ]  # fmt: skip
    drawn = late_curves(CONTACT, pl.DataFrame(rows, schema_overrides={"href": pl.String}))
    spans = {tuple(axis.range) for axis in drawn.select_yaxes()}
    assert len(spans) == 1
    told = "Ground contact time: 2 of the newest 5 long runs leave your usual band late"
    assert export(drawn).title == told
    phone = drawn.layout.meta["narrow"]
    assert phone["yaxis3.domain"][1] < phone["yaxis.domain"][0]
    assert [phone[f"yaxis{end}.showticklabels"] for end in ("", "2", "3")] == [True, False, True]


def balances(values: list[float]) -> pl.DataFrame:
    n = len(values)
    return pl.DataFrame({
        "local_date": [FIRST + timedelta(days=k) for k in range(n)], "value": values,
        "noise": [1.0] * n, "usual_low": [50.0] * n, "usual_high": [51.5] * n,
        "sensor_epoch": ["a"] * n, "href": [None] * n,
    }, schema_overrides={"href": pl.String})  # fmt: skip


def balance_figure(values: list[float], sided: list[float]):
    bands = pl.DataFrame({"from_date": [FIRST], "to_date": [FIRST], "mean": [50.8], "half": [1.0]})
    weeks = pl.DataFrame(
        {"week_start": [FIRST] * len(sided), "left_minus_right": sided},
        schema={"week_start": pl.Date, "left_minus_right": pl.Float64},
    )
    return balance_history(
        balances(values), DOSE, weeks, bands, since=FIRST, until=FIRST + timedelta(days=30),
        sensors=NO_SENSORS, finding="f",
    )  # fmt: skip


def test_left_and_right_differ_by_shape_and_colour():
    """A run longer on the left is a circle, one longer on the right a square, of another hue."""
    drawn = balance_figure([50.8, 49.2, 52.0], [])
    left, right = drawn.data[:2]
    assert list(left.marker.symbol) == ["circle-open", "circle"]
    assert list(right.marker.symbol) == ["square"]
    assert left.marker.color != right.marker.color
    assert "yaxis3" not in drawn.layout.to_plotly_json()


def test_one_sided_work_has_a_strip_where_sides_differ():
    """Work that is even on both sides adds no strip; work that is not does."""
    assert "yaxis3" not in balance_figure([50.8], [0.0, 0.01]).layout.to_plotly_json()
    drawn = balance_figure([50.8], [0.4, -0.2])
    assert [list(t.y) for t in drawn.data if t.yaxis == "y3"] == [[0.4], [-0.2]]


def test_contact_of_both_feet_needs_both():
    """One foot alone is no comparison."""
    weeks = pl.DataFrame({"week_start": [FIRST], "value": [250.0], "n_runs": [3],
                          "sensor_epoch": ["a"]})  # fmt: skip
    assert isinstance(contact_sides({"left": weeks, "right": weeks.clear()}), Empty)
    drawn = contact_sides({"left": weeks.with_columns(value=255.0), "right": weeks})
    assert export(drawn).title == "The left foot stays 5 ms longer, mean of the newest 1 week"


def condition(**changes):
    row = {
        "kind": "grade", "class_rank": 3, "condition": "uphill", "n_runs": 20,
        "balance_pct": 51.0, "balance_low_pct": 50.8, "balance_high_pct": 51.2,
        "change_pct": 0.4, "change_low_pct": 0.1, "change_high_pct": 0.7,
    }  # fmt: skip
    return row | changes


def test_a_condition_is_told_only_where_it_clears_its_reference():
    """The finding names the largest clear change, and says where it is too small to matter."""
    assert condition_finding([condition()], 0.3) == (
        "Balance: 0.40 points further left uphill than on the level"
    )
    assert condition_finding([condition()], 0.5).endswith("less than matters")
    unclear = condition(change_low_pct=-0.1)
    assert "the same uphill and down" in condition_finding([unclear], 0.3)


def test_conditions_without_five_runs_are_empty():
    """Classes that tell no number draw nothing."""
    few = pl.DataFrame([condition(balance_pct=None)], infer_schema_length=None)
    assert isinstance(balance_condition(few, 0.3), Empty)


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("late")
    return {
        state: render_pages(folder / state, state_rows(state), late_miles.pages, symmetry.pages)
        for state in ("full", "one-sided", "no strength", "empty")
    }


def test_late_miles_lead_with_the_metric_of_the_verdict(sites):
    """The metric that is asked about comes first, with its mean; others follow in a table."""
    text = text_of(sites["full"] / "late-miles.html")
    assert "Late in a long run ground contact time differs by +" in text
    assert text.index("Every other metric") < text.index("Judged runs")
    assert "The newest 30 of 47." in text
    assert "shorter than 50 min of moving time" in text
    assert "Shown, not judged" in text


def test_drift_without_strength_work_has_no_dose_to_stand_against(sites):
    """Without a session every run stands at a dose of 0, and the page says what would help."""
    text = text_of(sites["no strength"] / "late-miles.html")
    assert "All judged runs have the same glute dose before it." in text
    assert "at a dose of" not in text


def test_symmetry_tells_level_sides_and_gym(sites):
    """Level with interval, both feet, conditions, tests of both sides and one-sided work."""
    text = text_of(sites["full"] / "symmetry.html")
    for words in (
        "Contact is longer on the left: 5", "ms left, ", "s zones",
        "Balance: 0.25 points further left in tenth 10 than early in the same runs",
        "SL bridge 21 reps 24 reps 88 % left", "more on the left",
        "Contact is longer on the left: the side that is weaker more often.",
    ):  # fmt: skip
        assert words in text, words


def test_a_sensor_that_knows_no_sides_names_those_that_do(sites):
    """Without balance the page says which sensors tell left from right, and keeps the gym."""
    text = text_of(sites["one-sided"] / "symmetry.html")
    assert "No recording of yours tells left from right." in text
    assert "two pods (Stryd Duo, RunScribe)" in text
    assert "In the gym" in text
    assert "Hills, pace" not in text


def test_words_of_a_late_change_stay_inside_the_figure():
    """Near the end of the figure a sensor's words stand left of its line, else right of it."""
    sensors = pl.DataFrame({"day": [date(2026, 1, 5), date(2026, 12, 1)], "words": ["a", "b"]})
    fig = figure(300)
    add_sensor_marks(fig, sensors, bottom=0.2, span=(date(2026, 1, 1), date(2026, 12, 31)))
    assert [note.xanchor for note in fig.layout.annotations] == ["left", "right"]
