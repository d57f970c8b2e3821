"""Carry-over: the answer, how it was reached, what it was tried against, and what it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.charts.base import Drawing, difference_unit
from carryover.charts.block_event import block_event
from carryover.charts.effect_forest import effect_forest
from carryover.charts.verdict_interval import outcome_words
from carryover.charts.words import number
from carryover.estimate.channels import channel
from carryover.metrics import metric
from dashboards.verdict import primary_of, verdict_figure, verdict_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.model import Page, View

CHECKS: Final = {
    "shift": "Moved calendar",
    "leads": "Work to come",
    "negative_control": "Upper-body work",
    "drop_one_block": "Without one block",
    "sensor_terms": "Change of sensor",
    "placebo_date": "Made-up block at a change of sensor",
    "first_half_second_half": "First half, second half",
}
"""What each check is called, in the order of telling."""


def pages(view: View) -> Iterator[Page]:
    """Yield the page of carry-over."""
    rows = view.mine("carry_over_rows")
    primary = primary_of(rows)
    yield view.page(
        "carry-over.html", "carry_over.html", "Carry-over", "Carry-over",
        verdict=verdict_words(rows), interval=verdict_figure(rows),
        sides=_sides(primary) if primary else [],
        checks=_checks(view.mine("carry_over_checks")),
        variants=[_variant(row) for row in view.mine("carry_over_variants").to_dicts()],
        families=[_family(row) for row in view.mine("carry_over_families").to_dicts()],
        forest=effect_forest(_asked(rows, primary), _works(rows)),
        unasked=_n_unasked(rows),
        event=_event(view, primary),
        acute=[_acute(row) for row in view.mine("acute_effects").to_dicts()],
        numbers=_numbers(primary) if primary else [],
    )  # fmt: skip


def _works(rows: pl.DataFrame) -> dict[str, str]:
    return {name: channel(name).work for name in rows["exposure"].unique()}


def _asked(rows: pl.DataFrame, primary: dict[str, Any] | None) -> pl.DataFrame:
    """Keep one row a question that the data can be asked at all.

    Other fading times of the primary are sensitivity; what the gate stops has no q.
    """
    able = rows.filter((pl.col("role") == "primary") | pl.col("q").is_not_null())
    return able.filter(pl.col("tau_d") == primary["tau_d"]) if primary else able


def _n_unasked(rows: pl.DataFrame) -> int:
    """Return how many exploratory questions the data are too few for."""
    return rows.filter(pl.col("role") != "primary", pl.col("q").is_null()).height


def _span(row: dict[str, Any], low: str, high: str, digits: int) -> str:
    ends = [number(row[k], digits, signed=True) for k in (low, high)]
    return " to ".join(ends) if row[low] is not None else "–"


def _sides(row: dict[str, Any]) -> list[dict[str, str]]:
    """Return the primary effect as adjusted, raw, and weighed against what trials find."""
    digits = metric(row["metric"]).decimals + 1
    told = (
        ("With all that else moves form taken out", "effect", "ci_low", "ci_high"),
        ("Raw: dose and form alone", "effect_raw", "ci_low_raw", "ci_high_raw"),
        ("Weighed with a sceptical prior", "posterior", "posterior_low", "posterior_high"),
    )
    return [
        {"label": label, "effect": f"{number(row[mid], digits, signed=True)} {row['effect_unit']}",
         "interval": _span(row, low, high, digits)}
        for label, mid, low, high in told if row[mid] is not None
    ]  # fmt: skip


def _numbers(row: dict[str, Any]) -> list[tuple[str, str]]:
    known = metric(row["metric"])
    digits, unit = known.decimals + 1, row["effect_unit"] or ""
    told = [
        ("runs", number(row["n_runs"])),
        ("weeks", number(row["n_weeks"])),
        ("smallest change that matters", f"± {number(row['swc'], digits)} {unit}"),
        ("one run tells (MDC95)", f"± {number(row['mdc95'], digits)} {unit}"),
        ("would be seen with 80 % chance", f"{number(row['mde80'], digits)} {unit}"),
        ("moved calendars that do as well", _percent(row["p_shift"])),
    ]
    return [(label, text) for label, text in told if "–" not in text]


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{number(100 * share, 1)} %"


def _checks(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return each check with what it says; its parts are folded beneath."""
    order = {name: place for place, name in enumerate(CHECKS)}
    told = sorted(rows.to_dicts(), key=lambda row: order.get(row["check_name"], len(order)))
    return [
        {"label": CHECKS.get(row["check_name"], row["check_name"]), "status": row["status"],
         "says": row["says"] or row["reason"] or "",
         "parts": [p for p in told if p["check_name"] == row["check_name"] and p["part"]]}
        for row in told if row["part"] is None
    ]  # fmt: skip


def _variant(row: dict[str, Any]) -> dict[str, str]:
    known = metric(row["metric"])
    digits = known.decimals + 1
    unit = difference_unit(known)
    return {
        "words": (row["says"] or row["variant"]).partition(":")[0], "n": number(row["n_runs"]),
        "effect": f"{number(row['effect'], digits, signed=True)} {unit}"
        if row["effect"] is not None else "–",
        "interval": _span(row, "ci_low", "ci_high", digits),
    }  # fmt: skip


def _family(row: dict[str, Any]) -> dict[str, str]:
    known = row["effect_sd"] is not None
    return {
        "family": row["family"],
        "says": row["sentence"] or "",
        "effect": f"{number(row['effect_sd'], 2, signed=True)} SD" if known else "–",
        "interval": _span(row, "ci_low_sd", "ci_high_sd", 2),
        "p": number(row["p_family"], 2),
    }  # fmt: skip


def _event(view: View, primary: dict[str, Any] | None) -> Drawing | None:
    """Return the primary outcome around the starts of blocks; None without a question."""
    if primary is None:
        return None
    own = view.mine("block_events").filter(metric=primary["metric"], outcome=primary["outcome"])
    return block_event(metric(primary["metric"]), primary["outcome"], own)


def _acute(row: dict[str, Any]) -> dict[str, str]:
    digits = metric(row["metric"]).decimals + 1
    known = row["effect"] is not None
    return {
        "label": outcome_words(row).capitalize(), "contrast": row["contrast"],
        "effect": f"{number(row['effect'], digits, signed=True)} {row['effect_unit'] or ''}".strip()
        if known else "–",
        "interval": _span(row, "ci_low", "ci_high", digits),
        "q": number(row["q"], 2), "n": f"{number(row['n_with'])} of {number(row['n_runs'])}",
        "reason": row["reason"] or "",
    }  # fmt: skip
