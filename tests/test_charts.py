"""Figures: what a reader must be able to rely on, whatever the data."""

from __future__ import annotations

import base64
import json
import struct
from datetime import date, timedelta
from itertools import pairwise

import plotly.graph_objects as go
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.charts import palette
from carryover.charts.base import LONG, Empty, Sketch, figure, with_breaks
from carryover.charts.block_event import block_event
from carryover.charts.decay_over_dose import decay_over_dose
from carryover.charts.dose_line import dose_line
from carryover.charts.export import export
from carryover.charts.finding import trend_finding
from carryover.charts.ground import ground
from carryover.charts.kinds_strip import kinds_strip
from carryover.charts.over_the_run import finding, over_the_run
from carryover.charts.run_trace import Window, run_trace
from carryover.charts.seconds import NULL, STEPS, packed
from carryover.charts.strength_calendar import strength_calendar
from carryover.charts.template import in_dark, themes
from carryover.charts.trend import Told, shared_runs, trend
from carryover.charts.verdict_interval import verdict_interval
from carryover.charts.words import number
from carryover.metrics import metric

MONDAY = date(2026, 1, 5)
CONTACT = metric("stance_time_ms")
BALANCE = metric("stance_time_balance_pct")
DOSE = pl.DataFrame({"week_start": [MONDAY], "dose": [2.1], "n_sessions": [2]})
NO_DOSE = DOSE.clear()
NO_SENSORS = pl.DataFrame(schema={"sensor_epoch": pl.String})
WEEK_TYPES = {
    "week_start": pl.Date, "n_runs": pl.Int64, "sensor_epoch": pl.String,
    **dict.fromkeys(("value", "plain", "ci_low", "ci_high", "mdc95"), pl.Float64),
}  # fmt: skip
RUN_TYPES = {
    "local_date": pl.Date, "href": pl.String, "name": pl.String, "kind": pl.String,
    "sensor_epoch": pl.String, "plain": pl.Float64,
    **dict.fromkeys(("value", "coverage_pct", "noise", "usual_low", "usual_high"), pl.Float64),
}  # fmt: skip


def weeks(
    values: list[float | None], *, gaps: tuple[int, ...] = (), epochs: str = ""
) -> pl.DataFrame:
    """Weekly values; a gap of five weeks before each index of `gaps`, one epoch letter a week."""
    starts, day = [], MONDAY
    for k in range(len(values)):
        day += timedelta(weeks=6 if k in gaps else 1)
        starts.append(day)
    return pl.DataFrame(
        {
            "week_start": starts, "value": values, "plain": values, "n_runs": [3] * len(values),
            "ci_low": [None if v is None else v - 2 for v in values],
            "ci_high": [None if v is None else v + 2 for v in values],
            "mdc95": [4.0] * len(values),
            "sensor_epoch": list(epochs or "a" * len(values)),
        },
        schema_overrides=WEEK_TYPES,
    )  # fmt: skip


def runs(values: list[float]) -> pl.DataFrame:
    return pl.DataFrame({
        "local_date": [MONDAY + timedelta(days=2 * k) for k in range(len(values))],
        "value": values, "coverage_pct": [100.0 - k for k in range(len(values))],
        "noise": [8.0] * len(values), "usual_low": [243.0] * len(values),
        "usual_high": [251.0] * len(values), "href": [None] * len(values), "plain": values,
        "name": ["<b>Ü"] * len(values), "kind": ["easy"] * len(values),
        "sensor_epoch": ["a"] * len(values),
    }, schema_overrides=RUN_TYPES)  # fmt: skip


def verdict_row(**changes: object) -> pl.DataFrame:
    row = {
        "metric": "stance_time_ms", "outcome": "decay", "effect": -0.8, "effect_unit": "ms",
        "ci_low": -3.1, "ci_high": 1.5, "swc": 1.5, "n_runs": 46,
    }  # fmt: skip
    return pl.DataFrame([row | changes], infer_schema_length=None)


def tenths(**changes: object) -> pl.DataFrame:
    """Ten tenths of contact time that rise from the seventh on, ± 2 ms, over a usual pattern."""
    rows = [
        {
            "metric": "stance_time_ms", "tenth": k, "centre_moving_s": 480.0 * k - 240.0,
            "centre_distance_m": 1500.0 * k, "change_adj": float(max(k - 6, 0)),
            "ci_low": max(k - 6, 0) - 2.0, "ci_high": max(k - 6, 0) + 2.0, "usual": 0.1 * k,
            "usual_low": 0.1 * k - 1.0, "usual_high": 0.1 * k + 1.0, "n_runs": 12,
        } | changes
        for k in range(1, 11)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema_overrides={"usual": pl.Float64, "change_adj": pl.Float64})


def onsets(**changes: object) -> pl.DataFrame:
    row = {
        "metric": "stance_time_ms", "pattern": "from about 48 min", "onset_moving_s": 2880.0,
        "onset_ci_low_s": 2400.0, "onset_ci_high_s": 3360.0, "reason": None,
    }  # fmt: skip
    return pl.DataFrame([row | changes])


def event_weeks(*values: float | None, first: int = -6, **changes: object) -> pl.DataFrame:
    """Weeks around the starts of two blocks, ± 1, from `first` on."""
    rows = [
        {
            "week_offset": first + k, "value": v, "ci_low": None if v is None else v - 1,
            "ci_high": None if v is None else v + 1, "n_runs": 0 if v is None else 7,
            "n_blocks": 0 if v is None else 2,
        } | changes
        for k, v in enumerate(values)
    ]  # fmt: skip
    kinds = dict.fromkeys(("value", "ci_low", "ci_high"), pl.Float64)
    return pl.DataFrame(rows, schema_overrides=kinds)


def drawn_trend(
    of_runs: pl.DataFrame, of_weeks: pl.DataFrame, metric=CONTACT, *, view="adjusted",
    sensors=NO_SENSORS, **more: object,
) -> go.Figure:  # fmt: skip
    """A metric's trend as the page joins it with what all metrics share."""
    part = trend(Told(metric, of_runs, of_weeks, sensors, adjusted=True, **more))
    columns = shared_runs(of_runs) | part["columns"]
    chosen = part["views"][view]
    words = {"title": {"text": chosen["title"], "subtitle": {"text": chosen["subtitle"]}}}
    layout = {**chosen["layout"], **words, "height": 460}
    return go.Figure([resolved(t, columns) for t in chosen["data"]], layout)


def resolved(value, columns):
    if isinstance(value, str) and value.startswith("$"):
        return columns[value[1:]]
    if isinstance(value, dict) and set(value) == {"words", "at"}:
        return [value["words"][k] for k in value["at"]]
    if isinstance(value, dict):
        return {key: resolved(inner, columns) for key, inner in value.items()}
    return value


def drawn_strip(blocks=((MONDAY, None),)) -> go.Figure:
    week = {"week_start": [MONDAY], "strength": [2.0], "activation": [1.0], "hill_strides": [None]}
    weeks = pl.DataFrame(week, schema_overrides={"hill_strides": pl.Float64})
    spans = pl.DataFrame(
        {"from_date": [b[0] for b in blocks], "to_date": [b[1] for b in blocks]},
        schema={"from_date": pl.Date, "to_date": pl.Date},
    )
    told = kinds_strip(weeks, spans, until=MONDAY + timedelta(days=30))
    words = {"title": {"text": "Dose", "subtitle": {"text": told["subtitle"]}}}
    return go.Figure(told["data"], told["layout"] | words | {"height": 100})


def checked(drawing) -> go.Figure:
    """The figure as Plotly checks it: pages draw sketches, which nothing has checked."""
    if not isinstance(drawing, Sketch):
        return drawing
    layout = {k: v for k, v in drawing.layout.items() if k != "title"}
    fig = go.Figure([t | {"x": t["x"]} for t in drawing.data], layout)
    return fig.update_layout(title=drawing.layout.get("title"))


def test_long_columns_are_written_as_plotly_writes_them() -> None:
    """A figure's JSON is Plotly's own, whatever is too long to be checked value by value."""
    many = list(range(LONG))
    trace = {
        "x": many, "y": [None, *many[1:]], "mode": "markers", "customdata": [f"r{n}" for n in many],
        "marker": {"size": many, "color": "#123", "line": {"width": 1}},
        "error_y": {"type": "data", "array": many, "arrayminus": [1.0, 2.0]},
    }  # fmt: skip
    ours, plain = figure(300), go.Figure(layout={"template": None, "height": 300})
    for fig in (ours, plain):
        fig.add_scatter(x=[1], y=[2])
        fig.add_scatter(**trace)
    assert export(ours) == export(plain)
    with pytest.raises(ValueError, match="Invalid property"):
        figure(300).add_scatter(x=many, colour="red")


def lines(fig: go.Figure) -> list[go.Scatter]:
    return [t for t in fig.data if t.type == "scatter" and "lines" in (t.mode or "")]


def places(lat: float = 47.0, lon: float = 8.0, n: int = 40) -> pl.DataFrame:
    """A way north-east from a corner, with a hole of a minute in the middle."""
    steps = [k for k in range(n) if not n // 2 <= k < n // 2 + 12]
    return pl.DataFrame({
        "elapsed_s": [5.0 * k for k in steps], "latitude_deg": [lat + 1e-4 * k for k in steps],
        "longitude_deg": [(lon + 1e-4 * k + 180) % 360 - 180 for k in steps],
        "n_hidden": [0] * len(steps),
    })  # fmt: skip


EMPTY_CASES = {
    "event": lambda: block_event(CONTACT, "decay", event_weeks(None, None)),
    "event without a block": lambda: block_event(CONTACT, "level", event_weeks(0.1, -0.1)),
    "verdict": lambda: verdict_interval(verdict_row().clear()),
    "verdict without effect": lambda: verdict_interval(verdict_row(effect=None)),
    "drift": lambda: decay_over_dose(
        CONTACT,
        pl.DataFrame(schema={"local_date": pl.Date, "change_adj": pl.Float64}),
        NO_DOSE, since=MONDAY, until=MONDAY,
    ),
    "tenths": lambda: over_the_run(tenths().clear(), onsets().clear(), decoupled=1.025),
    "tenths without a change": lambda: over_the_run(
        tenths(change_adj=None), onsets(), decoupled=1.025, reason="37 min moving; 50 are needed"
    ),
    "run": lambda: run_trace(pl.DataFrame(schema={"moving_s": pl.Float64}), ()),
    "calendar": lambda: strength_calendar(
        pl.DataFrame(schema={"local_date": pl.Date, "kind": pl.String}),
        since=MONDAY, until=MONDAY,
    ),
    "dose": lambda: dose_line(
        pl.DataFrame(schema={"local_date": pl.Date, "chronic_28": pl.Float64})
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", EMPTY_CASES)
def test_no_data_gives_words_and_a_next_step(case: str) -> None:
    """A figure without data is none: it says what is missing and one next step."""
    drawn = EMPTY_CASES[case]()
    assert isinstance(drawn, Empty)
    assert drawn.what.endswith(".")
    assert drawn.next_step.endswith(".")


def drawn_cases() -> dict[str, go.Figure]:
    drift = pl.DataFrame({
        "local_date": [MONDAY, MONDAY + timedelta(days=7)], "change_adj": [4.0, -1.0],
        "ci_low": [1.0, -4.0], "ci_high": [7.0, 2.0], "href": [None, None],
    }, schema_overrides={"href": pl.String})  # fmt: skip
    trace = pl.DataFrame({"moving_s": [0.0, 10.0, 20.0], "speed_mps": [3.0, None, 3.2],
                          "stance_time_ms": [247.0, 250.0, None], "bin_s": [10.0] * 3,
                          "counts_not": ["walking", None, None]})  # fmt: skip
    sessions = pl.DataFrame({"local_date": [MONDAY, MONDAY], "kind": ["strength", "activation"],
                             "dose": [1.1, None], "n_sets": [12, 3]})  # fmt: skip
    dose = pl.DataFrame({"local_date": [MONDAY], "chronic_28": [0.7]})
    return {
        "event": block_event(CONTACT, "decay", event_weeks(0.2, None, -0.3, first=-2)),
        "verdict": verdict_interval(verdict_row()),
        "trend": drawn_trend(runs([247.0, 260.0]), weeks([247.0, 248.0])),
        "as run": drawn_trend(runs([247.0, 260.0]), weeks([247.0, 248.0]), view="plain"),
        "balance": drawn_trend(runs([50.8, 49.7]), weeks([50.8, 50.6]), BALANCE, middle=50.0),
        "strip": drawn_strip(),
        "drift": decay_over_dose(CONTACT, drift, DOSE, since=MONDAY, until=date(2026, 2, 1)),
        "tenths": checked(over_the_run(tenths(), onsets(), decoupled=1.025)),
        "run": checked(run_trace(trace, (Window("early", 5, 9),))),
        "ground": checked(ground(places())),
        "calendar": strength_calendar(sessions, since=MONDAY, until=date(2026, 2, 1)),
        "dose": dose_line(dose),
    }


@pytest.mark.parametrize("case", drawn_cases())
def test_every_figure_has_a_finding_a_subtitle_and_units(case: str) -> None:
    """Each figure states a finding with a subtitle, and each visible value axis its unit."""
    fig = drawn_cases()[case]
    spec = export(fig)
    assert spec.title
    assert spec.subtitle.endswith(".")
    if case not in {"calendar", "run", "tenths", "strip"}:
        shown = [a for a in fig.select_yaxes() if a.visible is not False]
        shown += [fig.layout.xaxis] if case == "verdict" else []
        assert shown
        assert all(axis.title.text for axis in shown)


@pytest.mark.parametrize("case", drawn_cases())
def test_figures_draw_with_plain_traces_only(case: str) -> None:
    """Only scatter, bar and heatmap are used: nothing that could call for tiles or fonts."""
    assert {t.type for t in drawn_cases()[case].data} <= {"scatter", "bar", "heatmap"}


@pytest.mark.parametrize("case", drawn_cases())
def test_export_is_byte_stable(case: str) -> None:
    """The same frames give the same bytes, so that an unchanged night gives an unchanged site."""
    assert export(drawn_cases()[case]) == export(drawn_cases()[case])


@given(st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_exported_json_cannot_leave_its_script(text: str) -> None:
    """No text inside a figure can close the script element, and it reads back unchanged."""
    fig = go.Figure(layout={"height": 100}).add_scatter(
        x=[1], y=[1], hovertext=[f"</script>{text}"]
    )
    spec = export(fig).json
    assert not set(spec) & set("<>&\u2028\u2029")
    assert json.loads(spec)["data"][0]["hovertext"] == [f"</script>{text}"]


@given(st.lists(st.integers(1, 10), min_size=1, max_size=30))
def test_a_line_breaks_exactly_at_long_gaps(gap_weeks: list[int]) -> None:
    """Two weekly values are joined if and only if at most three weeks lie between them."""
    starts = [MONDAY]
    for gap in gap_weeks:
        starts.append(starts[-1] + timedelta(weeks=gap))
    frame = pl.DataFrame({"week_start": starts, "sensor_epoch": ["a"] * len(starts)})
    segment = with_breaks(frame, "week_start")["segment"].to_list()
    joined = [a == b for a, b in pairwise(segment)]
    assert joined == [gap <= 3 for gap in gap_weeks]


def test_a_line_breaks_at_a_sensor_change() -> None:
    """No line joins the values of two sensors, and the change is marked."""
    fig = drawn_trend(runs([]), weeks([247.0] * 2 + [255.0] * 4, epochs="aabbbb"))
    weekly = lines(fig)[-1]
    assert [v is None for v in weekly.y] == [False, False, True, *[False] * 4, True]
    assert [a.text for a in fig.layout.annotations] == ["new sensor"]


SENSORS = [
    # opened by, firmware family, dynamics source, what a mark says
    ("watch", "20", "watch", "new watch"),
    ("firmware", "20", "strap or pod 9", "firmware 20"),
    ("strap or pod", None, "Stryd app", "new pod"),
    ("strap or pod", None, "strap or pod 9", "new strap or pod"),
    ("strap or pod and firmware", "3", "watch", "watch alone, firmware 3"),
    ("watch and strap or pod", "3", "Stryd app", "new watch, new pod"),
]


@pytest.mark.parametrize(("opened_by", "family", "source", "words"), SENSORS)
def test_a_mark_says_what_changed(opened_by: str, family: str, source: str, words: str) -> None:
    """The mark of a sensor change names watch, pod or firmware, on trends and on drift."""
    opened = {"opened_by": opened_by, "firmware_family": family, "dynamics_source": source}
    sensors = pl.DataFrame([{"sensor_epoch": "b", **opened}])
    values = weeks([247.0] * 2 + [255.0] * 4, epochs="aabbbb")
    fig = drawn_trend(runs([]), values, sensors=sensors)
    assert [a.text for a in fig.layout.annotations] == [words]


def test_a_sensor_that_left_soon_is_no_mark_on_drift() -> None:
    """Only what stays three weeks is marked, at most four of them, and the first is no change."""
    first = date(2026, 1, 5)
    spans = [(0, 90, "first"), (10, 15, "watch"), *((20 + n, 90, "firmware") for n in range(5))]
    sensors = pl.DataFrame([
        {"from_date": first + timedelta(days=a), "to_date": first + timedelta(days=b),
         "opened_by": opened, "firmware_family": str(a), "dynamics_source": "watch"}
        for a, b, opened in spans
    ])  # fmt: skip
    drift = pl.DataFrame([
        {"local_date": first, "change_adj": 1.0, "ci_low": 0.5, "ci_high": 1.5, "href": ""}
    ])  # fmt: skip
    until = first + timedelta(days=90)
    fig = decay_over_dose(CONTACT, drift, NO_DOSE, since=first, until=until, sensors=sensors)
    assert [a.text for a in fig.layout.annotations] == [f"firmware {n}" for n in (21, 22, 23, 24)]


def test_every_week_is_drawn_once() -> None:
    """Breaking a line loses no value and adds none."""
    values = [247.0, 248.0, 249.0, 250.0]
    fig = drawn_trend(runs([]), weeks(values, gaps=(2,)))
    assert [v for v in lines(fig)[-1].y if v is not None] == values


def test_dots_are_solid_exactly_outside_the_usual_range() -> None:
    """Solid means outside the athlete's own range; open means within it, bounds included."""
    fig = drawn_trend(runs([242.9, 243.0, 251.0, 251.1]), weeks([]))
    dots = next(t for t in fig.data if t.mode == "markers")
    assert list(dots.marker.symbol) == [0, 100, 100, 0]


def test_dots_grow_with_coverage() -> None:
    """A run with more valid seconds never has the smaller dot."""
    sizes = next(
        t for t in drawn_trend(runs([247.0] * 5), weeks([])).data if t.mode == "markers"
    ).marker.size
    assert list(sizes) == sorted(sizes, reverse=True)


def test_zero_and_the_worthwhile_band_are_in_view() -> None:
    """The question of an effect always shows zero and the band that matters."""
    fig = verdict_interval(verdict_row(effect=9.0, ci_low=8.0, ci_high=10.0))
    low, high = fig.layout.xaxis.range
    assert low < -1.5
    assert high > 10.0
    assert {(s.x0, s.x1) for s in fig.layout.shapes} == {(-1.5, 1.5), (0, 0)}


def test_drift_dots_are_solid_only_when_the_interval_clears_zero() -> None:
    """A drift whose interval holds zero is drawn open."""
    dots = next(t for t in drawn_cases()["drift"].data if t.mode == "markers")
    assert list(dots.marker.symbol) == ["circle", "circle-open"]


def test_a_channel_without_values_has_no_panel() -> None:
    """An absent sensor leaves no empty panel."""
    fig = drawn_cases()["run"]
    assert [t.type for t in fig.data] == ["scatter", "scatter", "bar", "bar"]
    assert {a.text for a in fig.layout.annotations} == {
        "Pace, min/km", "Ground contact time, ms", "What counts: solid; hatched does not", "early",
    }  # fmt: skip


def test_missing_values_stay_gaps() -> None:
    """A null is never drawn as 0 and never bridged."""
    pace, contact = drawn_cases()["run"].data[:2]
    assert (pace.y[1], contact.y[2]) == (None, None)
    assert not pace.connectgaps


def test_calendar_tells_kinds_apart_without_colour() -> None:
    """Activation carries a mark of its own; an unknown dose still shows that work was done."""
    fig = drawn_cases()["calendar"]
    heat, marks = fig.data
    assert list(marks.marker.symbol) == ["diamond"]
    assert heat.z[0][0] >= 1
    assert "dose unknown" in heat.hovertext[0][0]


@pytest.mark.parametrize(
    ("values", "epochs", "expected"),
    [
        ([247.0] * 12, "", "Ground contact time: within noise since January"),
        ([247.0] * 12, "a" * 6 + "b" * 6, "Ground contact time: within noise since February"),
        ([260.0] * 8 + [247.0] * 2, "", "Ground contact time: 247 ms, 10 weeks so far"),
        ([247.0, 248.0], "", "Ground contact time: 248 ms, 2 weeks so far"),
        ([None], "", "Ground contact time: no weekly value yet"),
    ],
)
def test_the_title_says_the_finding(values: list, epochs: str, expected: str) -> None:
    """Without a comparison the title says since when all is noise, or where it stands."""
    assert trend_finding(CONTACT, weeks(values, epochs=epochs)).startswith(expected)


WORDS = st.sampled_from(["within noise", "likely", "beyond MDC"])


@given(WORDS, st.floats(0.1, 30), st.booleans(), st.integers(1, 20))
@settings(deadline=None)
def test_the_title_has_the_word_of_the_last_weeks(word: str, size: float, up: bool, n: int) -> None:
    """A trend's title never says another word than the comparison of the last four weeks."""
    moved = {"change": size if up else -size, "noise": 4.0, "word": word}
    said = trend_finding(CONTACT, weeks([250.0] * n + [250.0 + size] * 2), moved)
    assert word in said
    others = {"within noise", "likely", "beyond MDC"} - {word}
    assert not any(other in said for other in others)
    assert (("higher" if up else "lower") in said) == (word != "within noise")


@given(st.floats(-1e4, 1e4), st.integers(0, 3))
def test_numbers_never_show_a_signed_zero(value: float, decimals: int) -> None:
    """A rounded zero has no sign, and a minus is a true minus."""
    text = number(value, decimals, signed=True)
    assert "-" not in text
    if round(value, decimals) == 0:
        assert text[0] not in "+−"


def luminance(tone: str) -> float:
    parts = [int(tone[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("dark", [False, True])
def test_tones_have_contrast_on_their_page(dark: bool) -> None:
    """Text has at least 4.5 : 1 on its page, marks that carry a value at least 2 : 1."""
    tone = in_dark if dark else lambda t: t
    page = tone(palette.PAPER)
    assert min(contrast(tone(t), page) for t in (palette.INK, palette.SOFT)) >= 4.5
    assert min(contrast(tone(t), page) for t in (palette.METRIC, palette.DRIFT)) >= 3.0
    assert contrast(tone(palette.DOSE), page) >= 2.0


def test_the_dark_theme_differs_in_tones_alone() -> None:
    """Both themes have the same shape: a figure is laid out alike by day and by night."""
    both = themes()

    def shape(value: object) -> object:
        if isinstance(value, dict):
            return {k: shape(v) for k, v in value.items()}
        return type(value).__name__

    assert shape(both["light"]) == shape(both["dark"])
    assert both["light"] != both["dark"]


def test_two_sensors_worn_in_turn_are_two_lines() -> None:
    """Sensors that take turns make one unbroken line each, not a line broken every week."""
    fig = drawn_trend(runs([]), weeks([247.0, 260.0] * 4, epochs="ab" * 4))
    assert [v is None for v in lines(fig)[-1].y] == ([False] * 4 + [True]) * 2


def test_over_the_run_marks_where_a_change_begins() -> None:
    """The onset is a line at its minute, its interval a bar; the words stand above the panel."""
    fig = checked(over_the_run(tenths(), onsets(), decoupled=1.025))
    spots = sorted((s.x0, s.x1) for s in fig.layout.shapes)
    assert spots == [(40.0, 56.0), (48.0, 48.0)]
    texts = [a.text for a in fig.layout.annotations]
    assert texts == ["Ground contact time, ms", "from about 48 min (40 to 56)"]
    assert fig.layout.title.text == "Ground contact time: from about 48 min"
    assert "(12 runs)" in fig.layout.title.subtitle.text


def test_over_the_run_claims_no_place_that_is_not_told() -> None:
    """Where the start cannot be told there is an interval and no line; where none is seen, none."""
    somewhere = onsets(pattern="changes, from where cannot be told")
    [bar] = checked(over_the_run(tenths(), somewhere, decoupled=1.025)).layout.shapes
    assert (bar.x0, bar.x1) == (40.0, 56.0)
    none = onsets(
        pattern="none seen", onset_moving_s=None, onset_ci_low_s=None, onset_ci_high_s=None
    )
    quiet = checked(over_the_run(tenths(), none, decoupled=1.025))
    assert not quiet.layout.shapes
    assert quiet.layout.title.text == "No change seen in ground contact time"


def test_over_the_run_says_computed_and_what_is_missing() -> None:
    """A computed metric is labelled; one that cannot be told is named with its reason."""
    missing = onsets(metric="cadence_spm", pattern="cannot be told", reason="slow late")
    fig = checked(over_the_run(
        tenths(), pl.concat([onsets(), missing], how="vertical_relaxed"),
        computed=frozenset({"stance_time_ms"}), decoupled=1.025,
    ))  # fmt: skip
    assert fig.layout.annotations[0].text == "Ground contact time (computed by the watch), ms"
    assert fig.layout.title.subtitle.text.endswith("Not told: cadence (slow late).")


def test_heart_rate_is_told_in_per_cent_and_last() -> None:
    """Decoupling of .03 is 3 % more beats a metre, the threshold a line; the title is of form."""
    beats = tenths(metric="hr_decoupling_ratio", change_adj=0.03)
    both = pl.concat([tenths(), beats])
    told = pl.concat([onsets(), onsets(metric="hr_decoupling_ratio", pattern="from about 20 min")])
    fig = checked(over_the_run(both, told, decoupled=1.025))
    drawn = [t for t in fig.data if t.mode == "lines+markers"]
    assert list(drawn[-1].y) == [3.0] * 10
    assert any(s.y0 == s.y1 == pytest.approx(2.5) for s in fig.layout.shapes)
    assert "eart" not in fig.layout.title.text
    seen = {"hr_decoupling_ratio": {"pattern": "from about 20 min"}}
    assert finding(["hr_decoupling_ratio"], seen) == "Heart-rate decoupling: from about 20 min"


def test_a_run_without_a_usual_pattern_is_drawn_alone() -> None:
    """With too few runs for a usual pattern the run's own tenths stand alone, and nothing lies."""
    fig = checked(
        over_the_run(
            tenths(usual=None, usual_low=None, usual_high=None, n_runs=3), onsets(), decoupled=1.025
        )
    )
    assert len(fig.data) == 2
    assert "usual" not in fig.layout.title.subtitle.text


def test_an_event_breaks_where_a_week_tells_nothing() -> None:
    """A week without a value breaks line and band; all else is drawn in the middle of its week."""
    fig = block_event(CONTACT, "level", event_weeks(0.1, None, 0.3, 0.4, first=-1))
    band, line = fig.data
    assert list(line.x) == [-0.5, 0.5, 1.5, 2.5]
    assert list(line.y) == [0.1, None, 0.3, 0.4]
    assert line.connectgaps is False
    assert list(band.x) == [-0.5, -0.5, None, 1.5, 2.5, 2.5, 1.5, None]
    assert list(band.y) == [-0.9, 1.1, None, -0.7, -0.6, 1.4, 1.3, None]
    assert all("None" not in text for text in line.hovertext)
    assert any(s.y0 == s.y1 == 0 for s in fig.layout.shapes)


def test_an_event_tells_the_last_week_that_most_blocks_reach() -> None:
    """The title takes one week, chosen by its blocks and not by its size, and says its doubt."""
    few = event_weeks(9.0, first=8, n_blocks=1)
    clear = pl.concat([event_weeks(0.0, 0.0, 2.0, -1.5, first=-2), few])
    title = block_event(CONTACT, "decay", clear).layout.title.text
    assert title == (
        "Week 2 of a block: late-run drift of ground contact time −1.5 ms beside the weeks before "
        "(95 %: −2.5 to −0.5)"
    )
    quiet = block_event(CONTACT, "level", event_weeks(0.0, 0.4, first=-1)).layout.title.text
    assert quiet.endswith("ground contact time cannot be told from the weeks before (+0.4 ms)")
    assert "2 blocks" in block_event(CONTACT, "level", clear).layout.title.subtitle.text


def unpacked(column: dict, n: int) -> list[float | None]:
    """Read a packed column as static/seconds.js does."""
    raw, at, last, out = base64.b64decode(column["bytes"]), 0, 0, []
    while at < len(raw):
        (change,) = struct.unpack_from("b", raw, at)
        if change == -128:
            (change,) = struct.unpack_from("<i", raw, at + 1)
            at += 4
        elif change == NULL:
            out.append(None)
            at += 1
            continue
        last += change
        out.append(last * column["step"])
        at += 1
    assert len(out) == n
    return out


@given(st.lists(st.none() | st.floats(-3e5, 3e5), min_size=1, max_size=80))
@settings(max_examples=150, deadline=None)
def test_packed_seconds_read_back(values: list[float | None]) -> None:
    """A packed column gives each value back to half a step, and each null as null."""
    rows = pl.DataFrame({"altitude_m": values}, schema={"altitude_m": pl.Float64})
    told = packed(rows)
    if all(v is None for v in values):
        assert told == {}
        return
    step = STEPS["altitude_m"]
    back = unpacked(told["altitude_m"], len(values))
    for value, read in zip(values, back, strict=True):
        assert (value is None) == (read is None)
        assert value is None or abs(value - read) <= step / 2 + 1e-6


def test_a_run_at_one_hertz_takes_about_a_byte_a_value() -> None:
    """Seconds that change little are small: a page of a run may hold each of them."""
    n = 3600
    rows = pl.DataFrame({
        "moving_s": [float(k) for k in range(n)],
        "heart_rate_bpm": [140.0 + k % 3 for k in range(n)],
    })  # fmt: skip
    assert sum(len(c["bytes"]) for c in packed(rows).values()) < 2 * n * 1.4


@given(st.floats(-85, 85), st.floats(-180, 180))
@settings(max_examples=60, deadline=None)
def test_the_way_of_a_run_holds_no_coordinate(lat: float, lon: float) -> None:
    """Wherever on earth a run was, its figure is the same shape about its middle, in km."""
    fig = ground(places(lat, lon))
    line = fig.data[0]
    north = [v for v in line["y"] if v is not None]
    east = [v for v in line["x"] if v is not None]
    assert max(map(abs, [*north, *east])) < 0.3
    assert max(north) - min(north) == pytest.approx(39e-4 * 111.32, abs=0.002)
    assert None in line["y"]


def test_a_way_breaks_where_it_passes_a_zone_however_shortly() -> None:
    """No line is drawn across hidden ground, be it a second of it."""
    way = places().with_columns(n_hidden=pl.when(pl.col("elapsed_s") < 50).then(0).otherwise(1))
    whole, cut = (ground(frame).data[0]["x"] for frame in (places(), way))
    assert (list(whole).count(None), list(cut).count(None)) == (1, 2)


def test_as_run_a_trend_claims_no_change() -> None:
    """Values that pace and hills move have no band, no noise and no word."""
    fig = drawn_trend(runs([247.0, 290.0]), weeks([247.0, 290.0]), view="plain")
    assert "not compared" in fig.layout.title.text
    assert not [t for t in fig.data if t.fill]
    assert {t.marker.symbol for t in fig.data if t.mode == "markers"} == {100}


def test_names_in_a_trend_are_text() -> None:
    """What a run is called cannot be markup of a figure."""
    labels = shared_runs(runs([247.0]))["labels"]
    assert labels == ["Mon 5 Jan 2026 · &lt;b&gt;Ü · easy"]


def test_kinds_of_dose_differ_in_more_than_colour() -> None:
    """Strength is solid, drills and strides are patterned; the words say which."""
    fig = drawn_strip()
    assert [bar.marker.pattern.shape for bar in fig.data] == [None, "/", "x"]
    assert "strength solid, activation striped" in fig.layout.title.subtitle.text
    assert "strides" not in fig.layout.title.subtitle.text


def test_a_block_that_goes_on_ends_today() -> None:
    """A stretch with the habit that has no end is tinted up to the edge of the figure."""
    (block,) = drawn_strip().layout.shapes
    assert (block.x0, block.x1) == ("2026-01-05", "2026-02-04")


def test_what_does_not_count_says_why() -> None:
    """The strip beneath a run is solid where it counts; elsewhere the pointer tells the reason."""
    solid, hatched = drawn_cases()["run"].data[2:]
    assert [list(solid.hovertext), list(hatched.hovertext)] == [
        ["0.2 to 0.5 min<br>counts"], ["0.0 to 0.2 min<br>does not count: walking"],
    ]  # fmt: skip
    assert hatched.marker.pattern.shape == "/"


def test_a_shared_axis_is_written_once() -> None:
    """Traces over the same instants share one list of them."""
    told = json.loads(export(run_trace(
        pl.DataFrame({"moving_s": [0.0, 10.0], "speed_mps": [3.0, 3.1], "bin_s": [10.0] * 2,
                      "stance_time_ms": [247.0, 250.0]}), (),
    )).json)  # fmt: skip
    assert [t["x"] for t in told["data"][:2]] == [[0.0, 0.17], "=0"]
