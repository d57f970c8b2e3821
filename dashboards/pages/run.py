"""One page a run, for the newest fifty: trace, values with coverage and origin, drift, laps."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.catalogue.thresholds import threshold
from carryover.charts.base import difference
from carryover.charts.over_the_run import over_the_run
from carryover.charts.run_trace import Window, run_trace
from carryover.charts.words import day_text, number
from carryover.estimate import windows
from carryover.metrics import metric, metrics
from carryover.units import duration_text, pace_text
from dashboards.form import metric_runs, origin_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carryover.charts.base import Drawing
    from dashboards.model import Page, View

NEWEST: Final = 50
BIN_S: Final = 10
MAX_BINS: Final = 1000
"""Longer runs get longer bins: five channels stay below 5,000 points a page."""

SOURCE_WORDS: Final = {
    "watch": "watch", "pod": "pod", "copy": "copy by an app", "track": "exported track",
}  # fmt: skip
CHANNEL_WORDS: Final = {"dynamics": "form", "heart_rate": "heart rate", "speed": "speed, distance"}
"""Groups of channels in a runner's words."""


def run_path(row: dict[str, Any]) -> str:
    """Return the place of a run's page: its date and a hash of its id, never the id itself."""
    digest = hashlib.sha256(str(row["run_id"]).encode()).hexdigest()[:8]
    return f"runs/{row['local_date'].isoformat()}-{digest}.html"


def run_paths(runs: pl.DataFrame) -> pl.DataFrame:
    """Return run_id and href of all runs, newest first; null where a run has no page."""
    hrefs = [
        run_path(row) if index < NEWEST else None
        for index, row in enumerate(runs.select("run_id", "local_date").iter_rows(named=True))
    ]
    return runs.select("run_id").with_columns(pl.Series("href", hrefs, pl.String))


def pages(view: View) -> Iterator[Page]:
    """Yield the pages of the newest runs."""
    runs, noise, origins = view.mine("runs"), view.mine("noise"), view.mine("origins")
    for index, row in enumerate(runs.head(NEWEST).iter_rows(named=True)):
        one = runs.slice(index, 1)
        drift = view.ask("run_drift", run_id=row["run_id"])
        yield view.page(
            run_path(row), "run.html", day_text(row["local_date"]), "Runs",
            facts=_facts(row), name=row["name"] or "",
            trace=_trace(view, row, judged=bool(drift["eligible"].any())),
            over=_over(view, row, drift, origins),
            values=_values(one, noise, origins),
            drifts=_drifts(drift),
            sources=_sources(view, row["run_id"]),
            laps=_laps(view, row["run_id"]),
            newer=_neighbour(runs, index - 1), older=_neighbour(runs, index + 1),
        )  # fmt: skip


def _laps(view: View, run_id: str) -> list[dict[str, str]]:
    laps = view.ask("run_laps", run_id=run_id)
    return [_lap(count, row) for count, row in enumerate(laps.iter_rows(named=True), start=1)]


def _sources(view: View, run_id: str) -> list[dict[str, str]]:
    """Return the recordings of a run of several, and what each gives; nothing for a lone one."""
    rows = view.ask("run_sources", run_id=run_id).to_dicts()
    return [_source(row) for row in rows] if len(rows) > 1 else []


def _source(row: dict[str, Any]) -> dict[str, str]:
    km = row["distance_m"] / 1000.0 if row["distance_m"] else None
    joined = row["matched_by"] or ""
    shift_s = row["clock_shift_s"] or 0.0
    if abs(shift_s) >= 1.0:
        moved = duration_text(abs(shift_s))
        joined += f", clock {'behind' if shift_s > 0 else 'ahead'} by {moved}"
    return {
        "device": row["device"] or "unknown device",
        "kind": SOURCE_WORDS.get(row["source_kind"], row["source_kind"]),
        "gives": ", ".join(CHANNEL_WORDS.get(g, g) for g in row["gives"] or []) or "nothing more",
        "km": f"{number(km, 2)} km" if km else "–",
        "joined": joined or "keeps the time",
    }


def _neighbour(runs: pl.DataFrame, index: int) -> str:
    if not 0 <= index < min(NEWEST, len(runs)):
        return ""
    return run_path(runs.row(index, named=True))


def _facts(row: dict[str, Any]) -> list[tuple[str, str]]:
    km = row["distance_m"] / 1000.0 if row["distance_m"] else None
    facts = [
        ("kind", row["kind"] or ""),
        ("distance", f"{number(km, 2)} km" if km else ""),
        ("moving time", duration_text(row["moving_s"])),
        ("pace", pace_text(row["avg_speed_mps"])),
        ("ascent", f"{number(row['ascent_m'])} m" if row["ascent_m"] is not None else ""),
        ("heart rate", f"{number(row['avg_heart_rate_bpm'])} bpm"
         if row["avg_heart_rate_bpm"] else ""),
        ("temperature", f"{number(row['temperature_c'])} °C"
         if row["temperature_c"] is not None else ""),
    ]  # fmt: skip
    return [(label, text) for label, text in facts if text]


def _trace(view: View, row: dict[str, Any], *, judged: bool) -> object:
    moving_s = row["moving_s"] or 0.0
    bin_s = BIN_S * max(1, -int(-moving_s // (BIN_S * MAX_BINS)))
    frame = view.ask("run_trace", run_id=row["run_id"], bin_s=bin_s)
    return run_trace(frame, _windows(moving_s) if judged else (), bin_s=bin_s)


def _over(view: View, row: dict[str, Any], drift: pl.DataFrame, origins: pl.DataFrame) -> Drawing:
    """Return the figure of the run's tenths, or why they cannot be told."""
    epoch = pl.col("sensor_epoch").eq_missing(pl.lit(row["sensor_epoch"]))
    computed = origins.filter(epoch, pl.col("origin") == "computed")["metric"]
    reasons = {r["metric"]: r["reason"] for r in drift.iter_rows(named=True) if r["reason"]}
    first = next((name for name in metrics() if name in reasons), "")
    return over_the_run(
        view.ask("run_pattern", run_id=row["run_id"]),
        view.ask("run_onset", run_id=row["run_id"]),
        computed=frozenset(computed),
        decoupled=threshold("decoupling_onset_ratio"),
        reason=reasons.get(first, ""),
    )


def _windows(moving_s: float) -> tuple[Window, Window]:
    start = max(windows.EARLY_FROM * moving_s, windows.EARLY_AFTER_S)
    return (
        Window("early", start, max(start, windows.EARLY_TO * moving_s)),
        Window("late", windows.LATE_FROM * moving_s, moving_s - windows.LATE_SPARE_S),
    )


def _values(one: pl.DataFrame, noise: pl.DataFrame, origins: pl.DataFrame) -> list[dict[str, str]]:
    epoch = one["sensor_epoch"][0]
    rows = []
    for known in metrics().values():
        plain = one[known.name][0] if known.name in one.columns else None
        told = metric_runs(one, noise, known.name).row(0, named=True)
        if plain is None:
            continue
        low, high = told["usual_low"], told["usual_high"]
        usual = f"{number(low, known.decimals)}–{number(high, known.decimals)}"
        adjusted = one[f"{known.name}_adj"][0] if f"{known.name}_adj" in one.columns else None
        rows.append({
            "metric": known.name, "label": known.label, "plain": known.text(plain),
            "adjusted": number(adjusted, known.decimals),
            "usual": usual if low is not None and high is not None else "–",
            "noise": f"± {number(told['noise'], known.decimals)}"
            if told["noise"] is not None else "–",
            "coverage": f"{number(told['coverage_pct'])} %"
            if told["coverage_pct"] is not None else "–",
            "origin": origin_of(origins, epoch, known.name),
        })  # fmt: skip
    return rows


def _drifts(drift: pl.DataFrame) -> list[dict[str, str]]:
    rows = {row["metric"]: row for row in drift.iter_rows(named=True)}
    return [_drift(rows[name]) for name in metrics() if name in rows]


def _drift(row: dict[str, Any]) -> dict[str, str]:
    known = metric(row["metric"])
    line = {"metric": known.name, "label": known.label}
    early, late = (number(row[k], known.decimals) for k in ("early", "late"))
    if not row["eligible"]:
        return line | {"early": early, "late": late, "reason": row["reason"] or "not judged"}
    low, high = (number(row[k], known.decimals + 1, signed=True) for k in ("ci_low", "ci_high"))
    return line | {
        "early": early, "late": late, "reason": "",
        "change": difference(known, row["change_adj"], known.decimals + 1),
        "interval": f"{low} to {high}",
        "per_hour": number(row["per_hour"], known.decimals + 1, signed=True),
    }  # fmt: skip


def _lap(count: int, row: dict[str, Any]) -> dict[str, str]:
    distance, moving = row["distance_m"], row["moving_s"] or row["elapsed_s"]
    speed = distance / moving if distance and moving else None
    return {
        "index": str(count), "moving": duration_text(moving),
        "km": number(distance / 1000.0 if distance else None, 2), "pace": pace_text(speed),
    }  # fmt: skip
