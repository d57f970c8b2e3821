"""A figure on paper says what it says on the screen, or it is refused: nothing is left out."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree as ET

import plotly.graph_objects as go
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carryover.charts.balance_weeks import balance_weeks
from carryover.charts.base import Empty, figure, titled
from carryover.charts.decay_over_dose import decay_over_dose
from carryover.charts.dose_line import dose_line
from carryover.charts.squad_forest import squad_forest
from carryover.charts.svg import svg
from carryover.charts.svg_axis import UntranslatedError, axis_of
from carryover.charts.svg_text import lines_of, text_element, width_px
from carryover.charts.verdict_interval import verdict_interval
from carryover.metrics import metric

SVG = "{http://www.w3.org/2000/svg}"
DAY = date(2026, 1, 5)
EVIL = "<script>window.hacked=1</script>&\"'<a href='javascript:x'>x</a>"
ANSWER = {
    "metric": "stance_time_ms", "outcome": "decay", "effect": -0.8, "effect_unit": "ms",
    "ci_low": -3.1, "ci_high": 1.5, "swc": 1.5, "n_runs": 46,
}  # fmt: skip


def days(n: int, step: int = 7) -> list[date]:
    return [DAY + timedelta(days=step * k) for k in range(n)]


def interval() -> go.Figure:
    return verdict_interval(pl.DataFrame([ANSWER]))


def drift() -> go.Figure:
    runs = pl.DataFrame({
        "local_date": days(20), "change_adj": [float(k % 7) - 2 for k in range(20)],
        "ci_low": [float(k % 7) - 4 for k in range(20)],
        "ci_high": [float(k % 7) + 1 for k in range(20)],
        "href": pl.Series([None] * 20, dtype=pl.String),
    })  # fmt: skip
    dose = pl.DataFrame({"week_start": days(20), "dose": [2.0] * 20, "n_sessions": [2] * 20})
    sensors = pl.DataFrame({
        "from_date": [DAY, DAY + timedelta(days=60)], "to_date": [DAY + timedelta(days=59)] * 2,
        "opened_by": ["first", "firmware"], "firmware_family": ["1", EVIL],
        "dynamics_source": ["watch", "watch"],
    }).with_columns(to_date=pl.col("from_date").dt.offset_by("60d"))  # fmt: skip
    return decay_over_dose(
        metric("stance_time_ms"), runs, dose, since=DAY, until=DAY + timedelta(days=140),
        sensors=sensors,
    )  # fmt: skip


def balance() -> go.Figure:
    weeks = pl.DataFrame({
        "week_start": days(12), "value": [50.8 + 0.05 * k for k in range(12)],
        "ci_low": [50.5] * 12, "ci_high": [51.6] * 12, "n_runs": [4] * 12,
        "sensor_epoch": ["a"] * 5 + ["b"] * 7,
    })  # fmt: skip
    return balance_weeks(metric("stance_time_balance_pct"), weeks)


def dose() -> go.Figure:
    frame = {"local_date": days(60, 1), "chronic_28": [0.01 * k for k in range(60)]}
    return dose_line(pl.DataFrame(frame))


def forest() -> go.Figure:
    wide = ANSWER | {"ci_low": -90.0, "ci_high": 90.0, "outcome": "level"}
    clear = ANSWER | {"ci_low": -3.1, "ci_high": -0.2}
    return squad_forest([("Anna", clear), (EVIL, wide)])


FIGURES = {"interval": interval, "drift": drift, "balance": balance, "dose": dose,
           "forest": forest}  # fmt: skip


def shapes(text: str, tag: str) -> list[ET.Element]:
    return list(ET.fromstring(text).iter(f"{SVG}{tag}"))


def words(text: str) -> list[str]:
    return ["".join(element.itertext()) for element in shapes(text, "text")]


@pytest.mark.parametrize("name", FIGURES)
@pytest.mark.parametrize(("width", "narrow"), [(688, False), (356, True)])
def test_every_figure_of_a_report_is_translated(name: str, width: int, narrow: bool) -> None:
    """All that a report draws is known, well formed, without an id, a link or a script."""
    text = svg(FIGURES[name](), width, narrow=narrow)
    tags = {element.tag.removeprefix(SVG) for element in ET.fromstring(text).iter()}
    assert tags <= {"svg", "g", "path", "circle", "rect", "text", "tspan"}
    assert not re.search(r"\b(id|href|onload|onclick|style)=", re.sub(r">[^<]*<", "><", text))
    assert "hacked" not in re.sub(r">[^<]*<", "><", text)
    assert len(text) < 20_000


def test_every_dot_error_bar_and_bar_is_there() -> None:
    """Nothing that the figure holds is lost: 20 dots, 20 intervals, 20 weeks of dose."""
    text = svg(drift(), 688)
    assert len(shapes(text, "circle")) == 20
    paths = [element.get("d") or "" for element in shapes(text, "path")]
    assert sum(path.count("M") == 20 and "V" in path and "Z" not in path for path in paths) == 1
    assert sum(path.count("Z") == 20 for path in paths) == 1
    assert "Feb2026" in words(text)
    assert "late − early, ms" in words(text)


def test_an_open_dot_stays_open_and_words_stay() -> None:
    """Solid and open are told apart without colour, and words beside the axis stay."""
    text = svg(interval(), 688)
    assert {"less", "more", "no change", "ms"} <= set(words(text))
    drawn = svg(drift(), 688)
    assert 'fill="none" stroke="#D55E00"' in drawn
    assert 'fill="#D55E00" stroke="#D55E00"' in drawn


def test_a_gap_is_a_gap() -> None:
    """A line breaks where a value is missing, and where the sensor changes."""
    text = svg(balance(), 688)
    line = next(e for e in shapes(text, "path") if e.get("stroke") == "#0072B2"
                and e.get("fill") == "none")  # fmt: skip
    assert (line.get("d") or "").count("M") == 2


def test_text_is_only_text() -> None:
    """A name that is markup is shown as it stands; bold and line breaks are ours."""
    text = svg(forest(), 688)
    assert EVIL[:25] in "".join(words(text))
    told = text_element("<b>a</b><br>b &lt;i&gt; <i>c</i>", 1, 2, anchor="start", fill="#000")
    spans = list(ET.fromstring(told))
    assert [s.text for s in spans] == ["a", "b <i> <i>c</i>"]
    assert (spans[0].get("font-weight"), spans[1].get("dy")) == ("600", "15.6")
    assert lines_of("<b>a</b><br>b") == ["a", "b"]
    assert width_px("iii") < width_px("MMM")


def bare(**trace: object) -> go.Figure:
    fig = figure(200)
    fig.add_trace({"x": [1, 2], "y": [1, 2], "type": "scatter", "mode": "lines"} | trace)
    return titled(fig, "a", "b")


REFUSED = [
    lambda: figure(200).add_heatmap(z=[[1, 2]]),
    lambda: bare(mode="lines+text", text=["a", "b"]),
    lambda: bare(mode="text"),
    lambda: bare(mode="markers", marker={"symbol": "star"}),
    lambda: bare(mode="markers", marker={"colorscale": "Viridis"}),
    lambda: bare(line={"dash": "longdash"}),
    lambda: bare(line={"shape": "spline"}),
    lambda: bare(fill="tozeroy"),
    lambda: bare(error_x={"array": [1, 1]}),
    lambda: bare(error_y={"array": [1, 1], "width": 4}),
    lambda: bare(yaxis="y3"),
    lambda: bare().add_shape(type="circle", x0=0, x1=1, y0=0, y1=1),
    lambda: bare().add_shape(type="line", x0=0, x1=1, y0=0, y1=1, opacity=0.5),
    lambda: bare().add_annotation(x=1, y=1, text="a", showarrow=True),
    lambda: bare().add_annotation(x=1, y=1, text="a", showarrow=False, textangle=45),
    lambda: bare().update_xaxes(type="log", ticksuffix=" ms"),
    lambda: bare().update_layout(barmode="stack"),
    lambda: bare().update_layout(images=[{"source": "x"}]),
]


@pytest.mark.parametrize("make", REFUSED)
def test_what_is_not_known_is_refused(make: object) -> None:
    """A trace, a mark or a word of Plotly that is not drawn here raises, never vanishes."""
    with pytest.raises(UntranslatedError):
        svg(make(), 400)  # type: ignore[operator]


@given(
    low=st.floats(-1e4, 1e4), span=st.floats(0.01, 1e4), share=st.floats(0, 1),
    nticks=st.integers(2, 12),
)  # fmt: skip
def test_an_axis_is_straight_and_its_ticks_lie_on_it(
    low: float, span: float, share: float, nticks: int
) -> None:
    """A value lies where its share of the range is; ticks lie within, in order, not too many."""
    axis = axis_of({"range": [low, low + span], "nticks": nticks}, [], 200.0, 20.0)
    place = axis.at(low + share * span)
    assert place is not None
    assert place == pytest.approx(200.0 - share * 180.0, abs=1e-3)
    ticks = axis.ticks()
    assert [at for at, _ in ticks] == sorted((at for at, _ in ticks), reverse=True)
    assert len(ticks) <= nticks + 1
    assert all(20.0 - 1e-6 <= at <= 200.0 + 1e-6 for at, _ in ticks)
    assert len({words for _, words in ticks}) == len(ticks)


SPANS = [
    ("2026-03-02", "2026-03-09", 8, "2 Mar<br>2026"),
    ("2026-03-01", "2026-04-20", 8, "2 Mar<br>2026"),
    ("2025-11-25", "2026-11-22", 8, "Jan<br>2026"),
    ("2018-01-01", "2026-11-22", 6, "2018"),
]


@pytest.mark.parametrize(("first", "last", "most", "begins"), SPANS)
def test_dates_are_written_as_the_pages_write_them(
    first: str, last: str, most: int, begins: str
) -> None:
    """Days, Mondays, months or years, as the span asks; the year where it changes."""
    axis = axis_of({"type": "date", "range": [first, last], "nticks": most}, [], 0.0, 600.0)
    ticks = axis.ticks()
    assert 2 <= len(ticks) <= most
    assert ticks[0][1] == begins


def test_a_figure_without_data_is_a_reason() -> None:
    """No effect, no balance: a reason, not an empty picture."""
    assert isinstance(squad_forest([("Anna", ANSWER | {"effect": None})]), Empty)
    none = {"week_start": pl.Date, "value": pl.Float64}
    assert isinstance(
        balance_weeks(metric("stance_time_balance_pct"), pl.DataFrame(schema=none)), Empty
    )
