"""Left and right of one run in words: contact of each side, the athlete's own side, the drift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from carryover.catalogue.thresholds import threshold
from carryover.charts.words import number, plural
from carryover.metrics import metric

if TYPE_CHECKING:
    import polars as pl

BALANCE: Final = "stance_time_balance_pct"
SOURCES: Final = {
    "pods": "measured on each foot",
    "balance": "from contact time and balance",
}
"""Where the two contact times come from, by `run_symmetry.sides_from`."""

ZONE_SHARES: Final = {"middle": 40, "next": 50, "outer": 10}
"""Share of runners in each of Garmin's zones, %, as its manuals tell."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `term` is its entry in the glossary; `note` says what the value rests on."""

    term: str
    label: str
    value: str
    note: str


def lines(told: pl.DataFrame, noise: pl.DataFrame) -> list[Line]:
    """Return the lines of one run; none where its sensor does not tell left from right.

    `told`: the row of the query run_symmetry, if any; `noise`: of the athlete, by sensor epoch.
    """
    if told.is_empty():
        return []
    row = told.row(0, named=True)
    mine = noise.filter(metric=BALANCE, sensor_epoch=row["sensor_epoch"])
    mdc95 = mine["mdc95"][0] if len(mine) else None
    return [_contact(row), _balance(row), _side(row), *_score(row, mdc95), _drift(row), _zone(row)]


def side_words(row: dict[str, Any]) -> str:
    """Say which side an athlete's balance is told from, on what runs it rests, or why none."""
    if row["baseline_side"] is None:
        return f"none: {row['side_reason'] or 'not known yet'}"
    low, high = (_left(row[end]) for end in ("ci_low_pct", "ci_high_pct"))
    known = "" if row["before_exposure"] else "; strength work had begun by then"
    return (
        f"{row['baseline_side']}: {_left(row['mean_pct'])} % left (95 %: {low} to {high}) in "
        f"{plural(row['n_runs'], 'run')}, {row['period']}{known}"
    )


def _left(value: float | None) -> str:
    return number(value, metric(BALANCE).decimals)


def _contact(row: dict[str, Any]) -> Line:
    left, right = (number(row[f"stance_time_{side}_ms"]) for side in ("left", "right"))
    value = f"{left} ms left, {right} ms right"
    return Line("stance_time_left_ms", "Contact time", value, SOURCES[row["sides_from"]])


def _balance(row: dict[str, Any]) -> Line:
    note = (
        f"symmetry index {number(row['symmetry_index_pct'], 1, signed=True)} %, "
        f"symmetry angle {number(row['symmetry_angle_pct'], 1, signed=True)} %"
    )
    return Line(BALANCE, "Contact balance", f"{_left(row[BALANCE])} % left", note)


def _side(row: dict[str, Any]) -> Line:
    side, _, note = side_words(row).partition(": ")
    return Line("baseline_side", "Your side", side, note)


def _score(row: dict[str, Any], mdc95: float | None) -> list[Line]:
    score = row["signed_score_pct"]
    if score is None:
        return []
    where = "on your side" if score >= 0 else "on the other side"
    error = row["balance_se_pct"]
    parts = [
        f"standard error {number(error, 2)}, from {plural(row['n_blocks'], 'block')} of 4 minutes"
        if error is not None else "",
        f"noise of one run ± {number(mdc95, 1)}" if mdc95 is not None else "",
    ]  # fmt: skip
    value = f"{number(abs(score), 1)} points {where}"
    return [Line("signed_score", "At reference speed", value, "; ".join(p for p in parts if p))]


def _drift(row: dict[str, Any]) -> Line:
    label, term = "Drift in the run", "late_run_drift"
    if row["drift_pct"] is None:
        return Line(term, label, "not judged", row["drift_reason"] or "")
    if row["drift_outward_pct"] is None:
        error = number(row["drift_se_pct"], 2)
        value = f"{number(row['drift_pct'], 2, signed=True)} points, + is towards the left"
        return Line(term, label, value, f"standard error {error}")
    drift = row["drift_outward_pct"]
    way = "away from the middle" if drift >= 0 else "towards the middle"
    low, high = (number(row[f"drift_outward_{end}_pct"], 2, signed=True) for end in ("low", "high"))
    crosses = row["drift_outward_low_pct"] < 0 < row["drift_outward_high_pct"]
    note = f"95 %: {low} to {high}, + is away" + ("; cannot be told from none" if crosses else "")
    return Line(term, label, f"{number(abs(drift), 2)} points {way}", note)


def _zone(row: dict[str, Any]) -> Line:
    inner, outer = (threshold(f"balance_zone_{name}_pct") for name in ("inner", "outer"))
    value = {
        "middle": f"within {inner:.1f} %",
        "next": f"{inner + 0.1:.1f} to {outer:.1f} %",
        "outer": f"beyond {outer:.1f} %",
    }[row["zone"]]
    note = f"{ZONE_SHARES[row['zone']]} % of runners are here; for orientation only"
    return Line("balance_zone", "Garmin's zone", value, note)
