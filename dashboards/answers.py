"""The answers of one athlete as tables: the primary's sides, all others, families, days after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.catalogue.outcome_families import outcome_families
from carryover.charts.base import difference_unit
from carryover.charts.verdict_interval import outcome_words
from carryover.charts.words import number
from carryover.estimate.channels import channel
from carryover.estimate.dose import STRENGTH
from carryover.metrics import metric

if TYPE_CHECKING:
    from datetime import date

DRIFT: Final = "Late-run drift"
LEVEL: Final = "Level"
ORDER: Final = (DRIFT, LEVEL, "Symmetry", "Economy and durability")


def sides(row: dict[str, Any]) -> list[dict[str, str]]:
    """Return the primary effect as adjusted, raw, and weighed against what trials find."""
    digits = metric(row["metric"]).decimals + 1
    told = (
        ("With all that else moves form taken out", "effect", "ci_low", "ci_high"),
        ("Raw: dose and form alone", "effect_raw", "ci_low_raw", "ci_high_raw"),
        ("Weighed with a sceptical prior", "posterior", "posterior_low", "posterior_high"),
    )
    return [
        {"label": label, "effect": f"{number(row[mid], digits, signed=True)} {row['effect_unit']}",
         "interval": span(row, low, high, digits)}
        for label, mid, low, high in told if row[mid] is not None
    ]  # fmt: skip


def facts(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the numbers that the primary answer rests on; what is not known is left out."""
    known = metric(row["metric"])
    digits, unit = known.decimals + 1, row["effect_unit"] or ""
    told = [
        ("runs", number(row["n_runs"])),
        ("weeks", number(row["n_weeks"])),
        ("smallest change that matters", f"± {number(row['swc'], digits)} {unit}"),
        ("one run tells (MDC95)", f"± {number(row['mdc95'], digits)} {unit}"),
        ("would be seen with 80 % chance", f"{number(row['mde80'], digits)} {unit}"),
        ("moved calendars that do as well", percent(row["p_shift"])),
    ]
    return [(label, text) for label, text in told if "–" not in text]


def by_family(rows: pl.DataFrame, primary: dict[str, Any] | None) -> pl.DataFrame:
    """Return one row a question that can be asked, with its `family`, families in their order.

    Other fading times of the primary are sensitivity; what the gate stops has no q.
    """
    able = rows.filter((pl.col("role") == "primary") | pl.col("q").is_not_null())
    if primary:
        able = able.filter(pl.col("tau_d") == primary["tau_d"])
    named = able.with_columns(
        family=pl.struct("metric", "outcome").map_elements(_family, return_dtype=pl.String)
    )
    place = pl.col("family").replace_strict({f: k for k, f in enumerate(ORDER)}, default=len(ORDER))
    first = (pl.col("role") != "primary").cast(pl.Int32)
    beside = (pl.col("exposure") != STRENGTH).cast(pl.Int32)
    return named.sort(place, first, "metric", beside, "exposure", maintain_order=True)


def _family(row: dict[str, Any]) -> str:
    if row["outcome"] == "decay":
        return DRIFT
    key = (row["metric"], row["outcome"])
    found = (name for name, members in outcome_families().items() if key in members)
    return next(found, LEVEL).capitalize()


def answer_line(row: dict[str, Any]) -> dict[str, Any]:
    """Return one answer as texts, with what is missing where it could not be asked."""
    digits = metric(row["metric"]).decimals + 1
    known = row["effect"] is not None
    beside = "" if row["exposure"] == STRENGTH else f", by {channel(row['exposure']).work}"
    unit = (row["effect_unit"] or "").replace("ratio", "")
    return {
        "metric": row["metric"], "label": outcome_words(row).capitalize() + beside,
        "primary": row["role"] == "primary", "tau": f"{number(row['tau_d'])} d",
        "effect": f"{number(row['effect'], digits, signed=True)} {unit}".strip() if known else "–",
        "interval": span(row, "ci_low", "ci_high", digits), "n": number(row["n_runs"]),
        "q": number(row["q"], 2), "verdict": row["verdict"] or "",
        "missing": row["missing"] or "",
    }  # fmt: skip


def variant_line(row: dict[str, Any]) -> dict[str, str]:
    """Return another way to ask as texts."""
    known = metric(row["metric"])
    digits, unit = known.decimals + 1, difference_unit(known)
    return {
        "words": (row["says"] or row["variant"]).partition(":")[0], "n": number(row["n_runs"]),
        "effect": f"{number(row['effect'], digits, signed=True)} {unit}".strip()
        if row["effect"] is not None else "–",
        "interval": span(row, "ci_low", "ci_high", digits),
    }  # fmt: skip


def family_line(row: dict[str, Any]) -> dict[str, str]:
    """Return the summary of a family as texts."""
    known = row["effect_sd"] is not None
    return {
        "family": row["family"], "says": row["sentence"] or "",
        "effect": f"{number(row['effect_sd'], 2, signed=True)} SD" if known else "–",
        "interval": span(row, "ci_low_sd", "ci_high_sd", 2), "p": number(row["p_family"], 2),
    }  # fmt: skip


def acute_line(row: dict[str, Any]) -> dict[str, str]:
    """Return what goes with a session in the days before a run as texts."""
    digits = metric(row["metric"]).decimals + 1
    known = row["effect"] is not None
    return {
        "label": outcome_words(row).capitalize(), "contrast": row["contrast"],
        "effect": f"{number(row['effect'], digits, signed=True)} {row['effect_unit'] or ''}".strip()
        if known else "–",
        "interval": span(row, "ci_low", "ci_high", digits),
        "q": number(row["q"], 2), "n": f"{number(row['n_with'])} of {number(row['n_runs'])}",
        "reason": row["reason"] or "",
    }  # fmt: skip


def both_since(first: dict[str, Any]) -> date | None:
    """Return the day from which both runs and a strength log are there; None while one is not."""
    days: list[date] = [day for day in first.values() if day is not None]
    return max(days) if len(days) == len(first) else None


def span(row: dict[str, Any], low: str, high: str, digits: int) -> str:
    """Return an interval, `−3.1 to +1.5`; `–` where there is none."""
    ends = [number(row[k], digits, signed=True) for k in (low, high)]
    return " to ".join(ends) if row[low] is not None else "–"


def percent(share: float | None) -> str:
    """Return a share in percent; `–` where there is none."""
    return "–" if share is None else f"{number(100 * share, 1)} %"
