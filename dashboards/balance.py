"""Contact balance of one sensor in words: level, symmetry index, contact times, drift, zone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.catalogue.thresholds import threshold
from carryover.charts.words import day_text, number, plural
from carryover.estimate.local_mean import mean_of
from carryover.units import duration_text, pace_text
from dashboards.left_right import ZONE_SHARES, side_words

if TYPE_CHECKING:
    from carryover.estimate.local_mean import Mean

SPAN: Final = timedelta(weeks=12)
EVEN: Final = 50.0
INDEX_PER_POINT: Final = 4.0
"""Symmetry index = 4·(balance − 50): a law of the tests."""
ZONES: Final = ("middle", "next", "outer")


def recent_of(runs: pl.DataFrame) -> pl.DataFrame:
    """Return the runs of the last twelve weeks that the sensor was worn in."""
    if runs.is_empty():
        return runs
    since = runs["local_date"].max() - SPAN  # type: ignore[operator]
    return runs.filter(pl.col("local_date") > since)


def longer_side(level: Mean | None) -> str | None:
    """Return the side with the longer contact where the interval of the mean leaves out even."""
    if level is None or level.ci_low <= EVEN <= level.ci_high:
        return None
    return "left" if level.mean > EVEN else "right"


def finding(level: Mean | None, n: int) -> str:
    """Say how balance stands in the newest weeks: the title of its figure."""
    if level is None:
        return f"Contact balance: {plural(n, 'run')} in the newest twelve weeks, too few for a mean"
    low, high = sorted(_share(level, end) for end in (level.ci_low, level.ci_high))
    side = longer_side(level)
    span = f"95 %: {number(low, 1)} to {number(high, 1)}"
    if side is None:
        return f"Contact balance cannot be told from even ({number(level.mean, 1)} % left, {span})"
    share = number(_share(level, level.mean), 1)
    return f"Contact is longer on the {side}: {share} % ({span}, {plural(level.n, 'run')})"


def _share(level: Mean, value: float) -> float:
    """Return a balance as the share of the side that is longer on the whole."""
    return value if level.mean >= EVEN else 100.0 - value


def facts(side: dict[str, Any], runs: pl.DataFrame) -> list[tuple[str, str, str, str]]:
    """Return term, label, value and note of each fact; `runs` of the last twelve weeks."""
    told = [("baseline_side", "Your side", *_side(side))]
    left, right = _mean(runs, "stance_time_left_ms"), _mean(runs, "stance_time_right_ms")
    if left is not None and right is not None:
        apart = number(left - right, 1, signed=True)
        value = f"{number(left)} ms left, {number(right)} ms right"
        told.append(
            ("stance_time_left_ms", "Contact time", value, f"left − right {apart} ms, as recorded")
        )
    index, angle = _mean(runs, "symmetry_index_pct"), _mean(runs, "symmetry_angle_pct")
    if index is not None:
        value = f"{number(index, 1, signed=True)} %"
        note = f"symmetry angle {number(angle, 1, signed=True)} %; + is longer on the left"
        told.append(("symmetry_index_pct", "Symmetry index", value, note))
    return told


def _mean(runs: pl.DataFrame, column: str) -> float | None:
    """Return the mean of runs, weighed by their valid seconds."""
    known = runs.drop_nulls(column)
    weights = known["valid_s"]
    total = float(weights.sum())
    return float((known[column] * weights).sum()) / total if total else None


def _side(row: dict[str, Any]) -> tuple[str, str]:
    value, _, note = side_words(row).partition(": ")
    return value, note


def drift_fact(runs: pl.DataFrame) -> tuple[str, str, str, str]:
    """Return the late-run drift of balance over all judged runs of the sensor."""
    told = mean_of(runs["drift_pct"])
    if told is None:
        n = runs["drift_pct"].count()
        return ("late_run_drift", "Drift in long runs", "not told yet",
                f"{plural(n, 'run')} judged; five are needed")  # fmt: skip
    low, high = (number(end, 2, signed=True) for end in (told.ci_low, told.ci_high))
    value = f"{number(told.mean, 2, signed=True)} points, + is towards the left"
    index = number(INDEX_PER_POINT * told.mean, 1, signed=True)
    note = f"95 %: {low} to {high}, {plural(told.n, 'run')}; {index} % of the symmetry index"
    outward = mean_of(runs["drift_outward_pct"])
    if outward is not None and outward.is_clear:
        note += f"; {'away from' if outward.mean > 0 else 'towards'} the middle"
    return ("late_run_drift", "Drift in long runs", value, note)


def zone_fact(runs: pl.DataFrame) -> tuple[str, str, str, str]:
    """Return in which of Garmin's zones the runs lie, in words."""
    inner, outer = (threshold(f"balance_zone_{name}_pct") for name in ("inner", "outer"))
    words = {"middle": f"within {inner:.1f} %", "next": f"{inner + 0.1:.1f} to {outer:.1f} %",
             "outer": f"beyond {outer:.1f} %"}  # fmt: skip
    n = {zone: runs.filter(zone=zone).height for zone in ZONES}
    value = ", ".join(f"{plural(n[zone], 'run')} {words[zone]}" for zone in ZONES if n[zone])
    shares = ", ".join(f"{ZONE_SHARES[zone]} %" for zone in ZONES)
    return ("balance_zone", "Garmin's zones", value or "–",
            f"of all runners {shares} are in the three; for orientation only")  # fmt: skip


def condition_lines(classes: pl.DataFrame) -> list[dict[str, str]]:
    """Return one line a class: what it is, runs, time, level and change within runs."""
    order = pl.col("kind").replace_strict({"grade": 0, "pace": 1, "tenth": 2}, default=3)
    return [_condition(row) for row in classes.sort(order, "class_rank").to_dicts()]


def _condition(row: dict[str, Any]) -> dict[str, str]:
    level, change = row["balance_pct"] is not None, row["change_pct"] is not None
    return {
        "condition": row["condition"], "what": _what(row), "n": number(row["n_runs"]),
        "time": duration_text(row["valid_s"]),
        "level": f"{number(row['balance_pct'], 1)} % left" if level else "fewer than five runs",
        "span": _span(row, "balance", 1) if level else "–",
        "change": "reference" if row["is_reference"]
        else number(row["change_pct"], 2, signed=True) if change else "–",
        "change_span": _span(row, "change", 2, signed=True) if change else "–",
        "paired": number(row["n_paired"]) if change else "",
    }  # fmt: skip


def _what(row: dict[str, Any]) -> str:
    if row["kind"] == "grade":
        return f"{number(row['grade_pct'], 1, signed=True)} % on average"
    if row["kind"] == "pace":
        return f"{pace_text(row['low_speed_mps'])} to {pace_text(row['high_speed_mps'])}"
    return ""


def _span(row: dict[str, Any], name: str, digits: int, *, signed: bool = False) -> str:
    ends = [number(row[f"{name}_{end}_pct"], digits, signed=signed) for end in ("low", "high")]
    return " to ".join(ends)


def worn_words(side: dict[str, Any]) -> str:
    """Say when the sensor that the page tells of was worn; empty where that is not known."""
    if side["from_date"] is None:
        return ""
    n = plural(side["n_runs_balance"], "run")
    return f"{day_text(side['from_date'])} to {day_text(side['to_date'])}, {n} with balance"
