"""Every answer beside every other: effects and intervals, in smallest worthwhile changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from carryover.charts import palette
from carryover.charts.base import Drawing, Empty, figure, narrow, titled
from carryover.charts.interval_rows import Head, Row, draw_rows, height_px
from carryover.charts.verdict_interval import effect_unit, outcome_words
from carryover.charts.words import number, plain, plural
from carryover.metrics import metric

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

MOST_REACH: Final = 8.0
"""So many worthwhile changes are drawn to each side; a longer bar is cut and ends in an arrow."""
STRENGTH: Final = "strength"


def effect_forest(rows: pl.DataFrame, works: Mapping[str, str]) -> Drawing:
    """Draw rows of `carry_over` that have an effect and a smallest worthwhile change.

    `rows` in the order of drawing, from the top, each with its `family`, whose name stands over
    the first of it and says drift or level; `works` names each exposure in words. Effects are
    divided by their own smallest worthwhile change, so that ms and % share an axis.
    """
    known = rows.drop_nulls(["effect", "ci_low", "ci_high", "swc"])
    if known.is_empty():
        return Empty(
            "No effect can be drawn yet.",
            "Keep logging runs and strength sessions; the home page says what is missing.",
        )
    lines: list[Row | Head] = []
    for part in known.partition_by("family", maintain_order=True):
        lines.append(Head(str(part["family"][0])))
        lines += [_told(row, works) for row in part.iter_rows(named=True)]
    told = [line for line in lines if isinstance(line, Row)]
    fig = figure(height_px(lines))
    reach = min(MOST_REACH, max(1.5, *(1.1 * max(abs(t.low), abs(t.high)) for t in told)))
    draw_rows(fig, lines, reach=reach, band=1.0)
    fig.update_xaxes(title={"text": "smallest changes that matter"})
    away = sum(line.low > 0 or line.high < 0 for line in told)
    return narrow(
        titled(
            fig,
            f"{away} of {plural(len(told), 'interval')} clear of zero",
            "Effect of two usual sessions a week with its 95 % interval, in smallest changes that "
            "matter (grey band: too small to matter). Filled and bold: the one question fixed "
            "beforehand; open: exploratory, where one interval in twenty is clear of zero by "
            "chance alone.",
        ),
        {"xaxis.nticks": 5},
    )


def _told(row: dict[str, Any], works: Mapping[str, str]) -> Row:
    swc, digits = row["swc"], metric(row["metric"]).decimals + 1
    low, mid, high = (number(row[k], digits, signed=True) for k in ("ci_low", "effect", "ci_high"))
    dosed, primary = row["exposure"], row["role"] == "primary"
    by = "" if dosed == STRENGTH else f", by {works[dosed]}"
    unit = effect_unit(row).replace("ratio", "")
    chance = "fixed beforehand" if primary else f"exploratory, q {number(row['q'], 2)}"
    hover = (
        f"{plain(outcome_words(row).capitalize() + by)}<br>{mid} {plain(unit)}<br>"
        f"95 %: {low} to {high}<br>"
        f"matters from ± {number(swc, digits)} {plain(unit)}<br>n {row['n_runs']} runs<br>"
        f"{chance}<br>{plain(row['verdict'] or '')}"
    )
    effect, start, end = (row[k] / swc for k in ("effect", "ci_low", "ci_high"))
    return Row(
        metric(row["metric"]).label + by, effect, start, end, f"{mid} {unit}".strip(), hover,
        palette.DRIFT if row["outcome"] == "decay" else palette.METRIC, strong=primary,
    )  # fmt: skip
