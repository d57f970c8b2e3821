"""The attempts to prove the answer wrong, as lines: result, what it says, what a failure means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from carryover.charts.words import plural

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class Known:
    """A check in words; `decides`: no benefit is claimed where it fails."""

    label: str
    if_failed: str
    decides: bool = False


CHECKS: Final = {
    "shift": Known(
        "Moved calendar",
        "the same sessions on other days fit as well, so the timing of yours says nothing",
        decides=True,
    ),
    "leads": Known(
        "Work to come",
        "sessions after a run predict it, so something else moves both: a season, a coach, a pain",
        decides=True,
    ),
    "negative_control": Known(
        "Upper-body work",
        "work that cannot move your legs goes with form as well, so it may be training as such",
    ),
    "drop_one_block": Known(
        "Without one block", "the answer rests on one stretch of weeks and what else was in it"
    ),
    "sensor_terms": Known(
        "Change of sensor", "the answer hangs on how a change of watch or strap is taken out"
    ),
    "placebo_date": Known(
        "Made-up block at a change of sensor",
        "a new sensor looks like strength work, so part of the effect may be the sensor",
    ),
    "first_half_second_half": Known(
        "First half, second half", "the two halves of your record tell different stories"
    ),
}
"""Each check by its name, in the order of telling."""
SIGNS: Final = {"passed": "●", "failed": "▲", "informative": "○", "not run": "–"}
"""The shape of each result, so that none is told by a colour."""


def check_lines(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """Return each check with what it says; its parts are folded beneath."""
    order = {name: place for place, name in enumerate(CHECKS)}
    told = sorted(rows.to_dicts(), key=lambda row: order.get(row["check_name"], len(order)))
    return [
        _line(row, [p for p in told if p["check_name"] == row["check_name"] and p["part"]])
        for row in told
        if row["part"] is None
    ]


def checks_in_short(lines: list[dict[str, Any]]) -> str:
    """Return how many passed and failed, the two that decide first; empty without checks."""
    if not lines:
        return ""
    deciding = [f"{line['label'].lower()} {line['status']}" for line in lines if line["decides"]]
    others = [line for line in lines if not line["decides"]]
    counted = [
        f"{sum(line['status'] == word for line in others)} {word}"
        for word in SIGNS
        if any(line["status"] == word for line in others)
    ]
    head = f"The two that decide: {', '.join(deciding)}. " if deciding else ""
    tail = f"Of {plural(len(others), 'other')}: {', '.join(counted)}." if others else ""
    return (head + tail).strip()


def _line(row: dict[str, Any], parts: list[dict[str, Any]]) -> dict[str, Any]:
    name = row["check_name"]
    known = CHECKS.get(name, Known(name, ""))
    return {
        "label": known.label, "decides": known.decides, "if_failed": known.if_failed,
        "status": row["status"], "sign": SIGNS.get(row["status"], "–"),
        "says": row["says"] or row["reason"] or "", "reason": row["reason"] or "",
        "parts": [
            {"part": p["part"], "says": p["says"] or p["reason"] or ""} for p in parts
        ],
    }  # fmt: skip
