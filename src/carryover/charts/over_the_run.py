"""Form over the run: each tenth against the early part, over the athlete's usual pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts import palette
from carryover.charts.base import Drawing, Empty, Sketch, difference_unit, narrow, titled
from carryover.charts.dots import clear_of_zero
from carryover.charts.roughly import about
from carryover.charts.words import number
from carryover.metrics import metric
from carryover.units import S_PER_MIN

if TYPE_CHECKING:
    from collections.abc import Mapping

SHOWN: Final = (
    "stance_time_ms", "cadence_spm", "stance_time_balance_pct", "hr_decoupling_ratio",
)  # fmt: skip
"""Top to bottom: what a runner asks of a long run; the table of late-run drift has the rest."""
BALANCE: Final = "stance_time_balance_pct"
RATIO: Final = "hr_decoupling_ratio"
SOMEWHERE: Final = "changes, from where cannot be told"
PANEL_PX: Final = 164
FOOT_PX: Final = 62
TOP_PX: Final = 8
LINE_PX: Final = 17
LABEL_PX: Final = 42
"""Two lines above each panel: the metric with its unit, and what is seen."""
ROOM_SHARE: Final = 0.06
PCT: Final = 100.0


def over_the_run(
    pattern: pl.DataFrame,
    onsets: pl.DataFrame,
    *,
    computed: frozenset[str] = frozenset(),
    decoupled: float,
    reason: str = "",
) -> Drawing:
    """Draw one run's tenths of moving time.

    `pattern`: metric, tenth, centre_moving_s, centre_distance_m, change_adj, ci_low, ci_high,
    usual, usual_low, usual_high, n_runs. `onsets`: metric, pattern, onset_moving_s,
    onset_ci_low_s, onset_ci_high_s, reason. `computed`: metrics that the watch computes.
    `decoupled`: the ratio from which heart rate has come apart from pace. `reason`: why nothing
    can be told, for the empty state.
    """
    told = {
        name: rows.sort("tenth")
        for name in SHOWN
        if len(rows := pattern.filter(pl.col("metric") == name, pl.col("change_adj").is_not_null()))
    }
    if not told:
        return Empty(
            f"Form over the run cannot be told: {reason or 'no form metric in this run'}.",
            "Run 50 minutes or more at an even pace, wearing the same sensor.",
        )
    seen = {row["metric"]: row for row in onsets.iter_rows(named=True)}
    height = PANEL_PX * len(told) + FOOT_PX
    fig = Sketch(
        [],
        {
            "height": height, "margin": {"t": TOP_PX, "b": FOOT_PX - TOP_PX},
            "xaxis": {"title": {"text": "moving time, min"}, "rangemode": "tozero",
                      "anchor": _axis("y", len(told) - 1)},
        },
    )  # fmt: skip
    for index, (name, rows) in enumerate(told.items()):
        top = _panel(fig, name, rows, seen.get(name), index, len(told))
        for label in _labels(name, seen.get(name), top, is_computed=name in computed):
            fig.add_annotation(label)
        if name == RATIO:
            _threshold(fig, PCT * (decoupled - 1.0), index)
    subtitle = _subtitle(told, seen)
    return narrow(titled(fig, finding(list(told), seen), subtitle), {"xaxis.nticks": 5})


def finding(names: list[str], seen: Mapping[str, dict[str, Any]]) -> str:
    """Say where each form metric begins to change; heart rate, which mostly does, if alone."""
    words: dict[str, list[str]] = {}
    for name in [n for n in names if n != RATIO] or names:
        if name in seen:
            words.setdefault(seen[name]["pattern"], []).append(metric(name).label.lower())
    quiet = words.pop("none seen", [])
    parts = [f"{_listed(labels)}: {said}" for said, labels in words.items()]
    if quiet:
        parts.append(f"no change seen in {_listed(quiet)}")
    text = "; ".join(parts) or "Form over the run"
    return text[:1].upper() + text[1:]


def _listed(labels: list[str]) -> str:
    return " and ".join([", ".join(labels[:-1]), labels[-1]] if len(labels) > 1 else labels)


def _axis(kind: str, index: int) -> str:
    return kind if index == 0 else f"{kind}{index + 1}"


def _scale(name: str) -> float:
    return PCT if name == RATIO else 1.0


def _decimals(name: str) -> int:
    return 1 if name == RATIO else metric(name).decimals + 1


def digits_of(name: str) -> int:
    """Return how many decimals of a metric's own unit are told."""
    return _decimals(name) + (2 if name == RATIO else 0)


def _unit(name: str) -> str:
    if name == BALANCE:
        return "points, up is more left"
    return "% more beats a metre" if name == RATIO else difference_unit(metric(name))


def _labels(
    name: str, onset: dict[str, Any] | None, top: float, *, is_computed: bool
) -> list[dict[str, object]]:
    """Return two lines above a panel: the metric with its unit, and what is seen."""
    source = " (computed by the watch)" if is_computed else ""
    title = "Heart rate" if name == RATIO else metric(name).label
    said = onset["pattern"] if onset else ""
    if onset and onset["onset_ci_low_s"] is not None:
        low, high = (number(onset[k] / S_PER_MIN) for k in ("onset_ci_low_s", "onset_ci_high_s"))
        said += f" ({low} to {high})"
    place = {"x": 0, "xref": "paper", "xanchor": "left", "y": top, "yref": "paper",
             "yanchor": "bottom"}  # fmt: skip
    ink = {"color": palette.INK}
    return [
        {**place, "text": f"{title}{source}, {_unit(name)}", "yshift": LINE_PX, "font": ink},
        {**place, "text": said},
    ]


def _panel(
    fig: Sketch, name: str, rows: pl.DataFrame, onset: dict[str, Any] | None,
    index: int, count: int,
) -> float:  # fmt: skip
    """Draw one metric's usual pattern, band, line and onset; returns the panel's upper edge."""
    axis, share = _axis("y", index), 1.0 / count
    top = 1.0 - index * share - share * LABEL_PX / PANEL_PX
    minutes = [round(s / S_PER_MIN, 2) for s in rows["centre_moving_s"]]
    columns = ("change_adj", "ci_low", "ci_high", "usual", "usual_low", "usual_high")
    values = {k: _scaled(rows[k], name) for k in columns}
    _usual(fig, minutes, values, axis)
    _own(fig, name, rows, minutes, values, axis)
    fig.update_layout({
        _axis("yaxis", index): {
            "domain": [1.0 - (index + 1) * share + share * ROOM_SHARE, top], "nticks": 5,
            "anchor": "x", "zeroline": True, "zerolinecolor": palette.SOFT, "zerolinewidth": 1,
        }
    })  # fmt: skip
    if onset and onset["onset_moving_s"] is not None:
        _mark(fig, onset, axis)
    return top


def _scaled(values: pl.Series, name: str) -> list[float | None]:
    return (values.cast(pl.Float64) * _scale(name)).round(_decimals(name) + 1).to_list()


def _usual(
    fig: Sketch, minutes: list[float], values: dict[str, list[float | None]], axis: str
) -> None:
    known = [k for k, v in enumerate(values["usual"]) if v is not None]
    if not known:
        return
    there = [minutes[k] for k in known]
    low, high = ([values[n][k] for k in known] for n in ("usual_low", "usual_high"))
    fig.add_scatter(
        x=[*there, *reversed(there)], y=[*low, *reversed(high)], mode="lines", fill="toself",
        fillcolor=palette.SHADE, line={"width": 0, "color": palette.SHADE}, hoverinfo="skip",
        yaxis=axis,
    )  # fmt: skip
    fig.add_scatter(
        x=there, y=[values["usual"][k] for k in known], mode="lines", yaxis=axis, hoverinfo="skip",
        line={"width": 1.4, "color": palette.SOFT, "dash": "dot"},
    )  # fmt: skip


def _own(
    fig: Sketch, name: str, rows: pl.DataFrame, minutes: list[float],
    values: dict[str, list[float | None]], axis: str,
) -> None:  # fmt: skip
    low, high = values["ci_low"], values["ci_high"]
    fig.add_scatter(
        x=[*minutes, *reversed(minutes)], y=[*low, *reversed(high)], mode="lines", fill="toself",
        fillcolor=palette.BAND, line={"width": 0, "color": palette.BAND}, hoverinfo="skip",
        yaxis=axis,
    )  # fmt: skip
    fig.add_scatter(
        x=minutes, y=values["change_adj"], mode="lines+markers", yaxis=axis,
        line={"color": palette.METRIC, "width": 2},
        marker={"size": 7, "color": palette.METRIC, "line": {"width": 1.4, "color": palette.METRIC},
                "symbol": ["circle" if c else "circle-open" for c in clear_of_zero(rows)]},
        hovertext=[_hover(name, row) for row in rows.iter_rows(named=True)], hoverinfo="text",
    )  # fmt: skip


def _hover(name: str, row: dict[str, Any]) -> str:
    def said(key: str) -> str:
        return number(row[key] * _scale(name), _decimals(name), signed=True)

    km = row["centre_distance_m"]
    where = f"{number(row['centre_moving_s'] / S_PER_MIN)} min" + (
        f", {number(km / 1000.0, 1)} km" if km is not None else ""
    )
    text = f"{where}<br>{said('change_adj')} {_unit(name)}"
    if row["ci_low"] is not None:
        text += f"<br>95 %: {said('ci_low')} to {said('ci_high')}"
    if row["usual"] is not None:
        text += f"<br>usually {said('usual')}, {about(row['n_runs'], 'run')}"
    return text


def _mark(fig: Sketch, onset: dict[str, Any], axis: str) -> None:
    """Draw the onset and its interval; the interval alone where the place cannot be told."""
    at = round(onset["onset_moving_s"] / S_PER_MIN, 2)
    if onset["pattern"] != SOMEWHERE:
        fig.add_shape(
            type="line", x0=at, x1=at, y0=0, y1=1, yref=f"{axis} domain",
            line={"color": palette.DRIFT, "width": 1.6, "dash": "dash"},
        )  # fmt: skip
    if onset["onset_ci_low_s"] is None:
        return
    low, high = (round(onset[key] / S_PER_MIN, 2) for key in ("onset_ci_low_s", "onset_ci_high_s"))
    fig.add_shape(
        type="line", x0=low, x1=high, y0=0, y1=0, yref=f"{axis} domain",
        line={"color": palette.DRIFT, "width": 5},
    )  # fmt: skip


def _threshold(fig: Sketch, level: float, index: int) -> None:
    fig.add_shape(
        type="line", x0=0, x1=1, xref="paper", y0=level, y1=level, yref=_axis("y", index),
        line={"color": palette.SOFT, "width": 1, "dash": "dot"},
    )  # fmt: skip


def _subtitle(told: dict[str, pl.DataFrame], seen: Mapping[str, dict[str, Any]]) -> str:
    text = (
        "Each tenth of the run less its early part (10 to 35 %), at equal pace and grade, with "
        "95 % band; solid where it clears zero. The first tenth is the warm-up."
    )
    counts = [n for rows in told.values() for n in rows.drop_nulls("usual")["n_runs"]]
    if counts:
        runs = about(max(counts), "run")
        text += f" Dotted, shaded: your usual pattern with this sensor ({runs}) and its range."
    if any(name in seen and seen[name]["onset_moving_s"] is not None for name in told):
        text += " Dashed, bar: where a change begins, 95 %; 1 unchanged run in 25 shows one."
    if RATIO in told:
        text += " Heart rate counts as apart from pace above the dotted level."
    missing = [
        f"{metric(name).label.lower()} ({seen[name]['reason']})"
        for name in SHOWN
        if name not in told and name in seen and seen[name]["reason"]
    ]
    return f"{text} Not told: {'; '.join(missing)}." if missing else text
