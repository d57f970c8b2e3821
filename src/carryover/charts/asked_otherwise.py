"""The primary question asked in other ways, each answer beneath the registered one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from carryover.charts import palette
from carryover.charts.base import (
    Drawing,
    Empty,
    difference,
    difference_unit,
    figure,
    narrow,
    titled,
)
from carryover.charts.interval_rows import Row, draw_rows, height_px
from carryover.charts.words import number, plain, plural

if TYPE_CHECKING:
    import polars as pl

    from carryover.metrics import Metric

REGISTERED: Final = "as registered"
UNEQUAL: Final = ("without acute term", "raw")
"""Shown because a plain correlation sees them; they are no equal alternatives."""
LABELS: Final = {
    REGISTERED: "As registered", "without acute term": "Blind to the last 48 hours †",
    "without heat": "Without heat", "without load": "Without training load",
    "without slow time": "Without slow change over the months", "raw": "Without any other term †",
    "sessions counted": "Every session counts the same",
    "without workouts and races": "Without workouts and races",
    "Huber drift": "Odd stretches of a run pull less",
}  # fmt: skip
LEAST_REACH: Final = 1.5


def asked_otherwise(metric: Metric, outcome: str, rows: pl.DataFrame, swc: float | None) -> Drawing:
    """Draw rows of `carry_over_sensitivity`, the registered answer first, then the others.

    `rows`: variant, effect, ci_low, ci_high, n_runs, all in the metric's unit, as is `swc`.
    """
    known = rows.drop_nulls(["effect", "ci_low", "ci_high"]).to_dicts()
    if not known:
        return Empty(
            "There is no answer to ask otherwise yet.",
            "Keep logging runs and strength sessions; the home page says what is missing.",
        )
    known.sort(key=lambda row: (row["variant"] != REGISTERED, row["variant"] in UNEQUAL))
    tone = palette.DRIFT if outcome == "decay" else palette.METRIC
    lines = [_line(metric, row, tone) for row in known]
    fig = figure(height_px(lines))
    widest = max(max(abs(line.low), abs(line.high)) for line in lines)
    draw_rows(fig, lines, reach=1.1 * max(widest, LEAST_REACH * (swc or 0.0)), band=swc or 0.0)
    fig.update_xaxes(title={"text": difference_unit(metric) or "ratio"})
    band = f" Grey band: too small to matter (± {_size(metric, swc)})." if swc else ""
    subtitle = (
        "The same question with one thing changed each, with 95 % intervals. Filled and bold: the "
        f"registered one, on which the verdict rests.{band} † no equal alternative: tired legs of "
        "the day after, or the season, count as carry-over."
    )
    return narrow(titled(fig, _finding(metric, known), subtitle), {"xaxis.nticks": 5})


def label_of(variant: str) -> str:
    """Return what a variant is called in the figure."""
    if variant.startswith("tau "):
        return f"A session fades over {variant.removeprefix('tau ')} days"
    return LABELS.get(variant, variant)


def _size(metric: Metric, size: float | None) -> str:
    return f"{number(size, metric.decimals + 1)} {difference_unit(metric)}".strip()


def _line(metric: Metric, row: dict[str, Any], tone: str) -> Row:
    digits, label = metric.decimals + 1, label_of(row["variant"])
    low, high = (number(row[k], digits, signed=True) for k in ("ci_low", "ci_high"))
    words = difference(metric, row["effect"], digits)
    hover = f"{plain(label)}<br>{plain(words)}<br>95 %: {low} to {high}<br>n {row['n_runs']} runs"
    return Row(
        label, row["effect"], row["ci_low"], row["ci_high"], words, hover, tone,
        strong=row["variant"] == REGISTERED,
    )  # fmt: skip


def _finding(metric: Metric, rows: list[dict[str, Any]]) -> str:
    """Say whether the equal alternatives tell the same story, and how far apart they are."""
    equal = [row for row in rows if row["variant"] not in UNEQUAL]
    others = [row for row in equal if row["variant"] != REGISTERED]
    if not others:
        size = difference(metric, equal[0]["effect"], metric.decimals + 1) if equal else "not told"
        return f"As registered: {size}; no equal other way to ask"
    least, most = (end(row["effect"] for row in equal) for end in (min, max))
    span = (
        f"{number(least, metric.decimals + 1, signed=True)} to "
        f"{difference(metric, most, metric.decimals + 1)}"
    )
    same = (least > 0) == (most > 0)
    side = "all to one side" if same else "to both sides of zero"
    return f"{plural(len(others), 'other way')} to ask: effects {span}, {side}"
