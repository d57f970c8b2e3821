"""The end-to-end benchmark's tables: verdicts by what was planted, and the effect beside it."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from typing import Any, Final

from benchmarks.tables import table

Row = dict[str, Any]

BEGIN: Final = "<!-- end to end -->"
END: Final = "<!-- end of end to end -->"
GOOD: Final = "carrying over"
DIRECTIONS: Final = (GOOD, "getting worse", "shifted up", "shifted down")
KINDS: Final = (GOOD, "getting worse", "shifted up, shifted down", "no decay to repair",
                "ruled out, no worthwhile benefit", "not enough data")  # fmt: skip
VERDICTS: Final = ("planted, SD", "athletes", *KINDS)
EFFECTS: Final = (
    "planted, SD", "planted, ms", "athletes", "mean error, ms", "± SE", "interval holds it",
    "half-width, ms", "excludes 0", "shift p < .10", "leads p < .10", "is the primary",
)  # fmt: skip
OTHERS: Final = ("planted, SD", "answers", "with a direction", "athletes with one")
CHECK: Final = 0.10
ALLOWED: Final = 0.05
"""Of athletes without an effect so many may be told that it carries over."""


def report(rows: Sequence[Row]) -> str:
    """Return all three tables and whether the target is met; rows of `end_to_end_athlete`."""
    effects = sorted({row["effect_sd"] for row in rows})
    groups = [(e, [row for row in rows if row["effect_sd"] == e]) for e in effects]
    first = rows[0]
    nulls, false = false_ones(rows)
    head = (
        f"{len(rows)} athletes of {first['weeks']} weeks, blocks of {first['on_weeks']} weeks with "
        f"and {first['off_weeks']} without glute work, seeds {min(r['seed'] for r in rows)} to "
        f"{max(r['seed'] for r in rows)}; the same seed has the same runs but for the effect."
    )
    target = (
        f"Told that it carries over, with nothing planted: {false} of {nulls} (target: at most "
        f"1 of 20, {'met' if target_met(rows) else 'missed'})."
    )
    return "\n\n".join([
        head, "Verdicts of the primary outcome:",
        table(VERDICTS, [_verdicts(*group) for group in groups]), target,
        "The effect on the late-run drift of contact time beside what was planted:",
        table(EFFECTS, [_effects(*group) for group in groups]),
        "All other answers (exploratory outcomes, other τ):",
        table(OTHERS, [_others(*group) for group in groups]),
    ])  # fmt: skip


def false_ones(rows: Sequence[Row]) -> tuple[int, int]:
    """Return how many athletes have no effect, and how many of them "carry over"."""
    nulls = [row for row in rows if row["effect_sd"] == 0]
    return len(nulls), sum(row["primary"]["verdict"] == GOOD for row in nulls)


def target_met(rows: Sequence[Row]) -> bool:
    """Return whether at most one null athlete of twenty is told that it carries over."""
    nulls, false = false_ones(rows)
    return false <= ALLOWED * nulls


def page_with(page: str, told: str) -> str:
    """Return a page with the report between its markers; ValueError where it has none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n\n{told}\n\n{END}{after}"


def _verdicts(effect: float, rows: list[Row]) -> list[str]:
    said = [row["primary"]["verdict"] for row in rows]
    counts = [sum(verdict in kind.split(", ") for verdict in said) for kind in KINDS]
    return [_signed(effect), str(len(rows)), *map(str, counts)]


def _effects(effect: float, rows: list[Row]) -> list[str]:
    told = [row for row in rows if row["planted"] and row["planted"]["effect"] is not None]
    head = [_signed(effect), _signed(round(rows[0]["truth_ms"], 2)), str(len(told))]
    if not told:
        return [*head, *["–"] * (len(EFFECTS) - len(head))]
    errors = [row["planted"]["effect"] - row["truth_ms"] for row in told]
    error = statistics.fmean(errors)
    se = f"{statistics.stdev(errors) / math.sqrt(len(errors)):.2f}" if len(errors) > 1 else "–"
    half = statistics.median((r["planted"]["ci_high"] - r["planted"]["ci_low"]) / 2 for r in told)
    return [
        *head, f"{error:+.2f}".replace("-", "−"), se,
        _count(told, lambda r: r["planted"]["ci_low"] <= r["truth_ms"] <= r["planted"]["ci_high"]),
        f"{half:.2f}",
        _count(told, lambda r: r["planted"]["ci_low"] > 0 or r["planted"]["ci_high"] < 0),
        _count(told, lambda r: _below(r["planted"]["p_shift"])),
        _count(told, lambda r: _below(r["planted"]["lead_p"])),
        _count(told, lambda r: r["planted"]["role"] == "primary"),
    ]  # fmt: skip


def _others(effect: float, rows: list[Row]) -> list[str]:
    claims = [sum(o["verdict"] in DIRECTIONS for o in row["others"]) for row in rows]
    answers = sum(len(row["others"]) for row in rows)
    return [_signed(effect), str(answers), str(sum(claims)), str(sum(n > 0 for n in claims))]


def _count(rows: list[Row], holds: Callable[[Row], bool]) -> str:
    return f"{sum(map(holds, rows))} of {len(rows)}"


def _below(p: float | None) -> bool:
    return p is not None and p < CHECK


def _signed(value: float) -> str:
    return f"{value:+g}".replace("-", "−") if value else "0"
