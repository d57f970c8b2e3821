"""The verdict of one athlete as the pages tell it: headline, sentence, what is missing, figure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from carryover.charts.base import Empty
from carryover.charts.verdict_interval import outcome_words, verdict_interval
from carryover.charts.words import long_day, plural

if TYPE_CHECKING:
    import polars as pl

HEADING_CHARS: Final = 40
"""A first sentence up to this long stands as the headline."""


def primary_of(verdicts: pl.DataFrame) -> dict[str, Any] | None:
    """Return the primary row of an athlete's verdicts, which comes first; None without one."""
    has = len(verdicts) and verdicts["role"][0] == "primary"
    return verdicts.row(0, named=True) if has else None


def verdict_words(verdicts: pl.DataFrame) -> dict[str, str]:
    """Split the primary sentence into a headline and the rest."""
    row = primary_of(verdicts)
    if row is None:
        return {
            "heading": "Not enough data yet.",
            "lead": "There is no estimate: it needs runs and strength sessions over half a year.",
            "missing": "Keep recording runs, and log each strength session",
        }
    text = (row["sentence"] or "").replace("**", "").strip()
    first, _, rest = text.partition(". ")
    if not rest or len(first) > HEADING_CHARS:
        first, rest = str(row["verdict"]).capitalize(), text
    lead, missing = _without_missing(rest, row["missing"] or "")
    return {"heading": first.rstrip(".") + ".", "lead": lead, "missing": missing.rstrip(".")}


def _without_missing(text: str, missing: str) -> tuple[str, str]:
    """Take the sentence about what is missing out of the text, unless it is all of it."""
    found = text.find(missing) if missing else -1
    if found < 0:
        return text, missing
    start = text.rfind(". ", 0, found) + 1
    return (text[:start], missing) if start else (text, "")


def verdict_figure(verdicts: pl.DataFrame) -> object | None:
    """Return the primary effect's figure; where there is none the verdict's words say why."""
    drawn = verdict_interval(verdicts.head(1 if primary_of(verdicts) else 0))
    return None if isinstance(drawn, Empty) else drawn


def question_words(registered: pl.DataFrame) -> str:
    """Say since when the question has been fixed, and who chose it; empty before it is."""
    if registered.is_empty():
        return ""
    row = registered.row(0, named=True)
    day = long_day(row["registered_on"])
    changed = f", after {plural(round(row['n_weeks_then']), 'week')} had been seen"
    head = (
        f"Question changed on {day}{changed}" if row["is_changed"] else f"Question fixed on {day}"
    )
    by_order = row["chosen_by"] == "order"
    who = "the first that your sensors measure" if by_order else "as carryover.toml asks"
    return f"{head}: {outcome_words(row)}, {who}."
