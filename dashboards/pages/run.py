"""One page a run, for the newest fifty: trace, values with coverage and origin, drift, laps."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover.catalogue.thresholds import threshold
from carryover.charts.base import difference
from carryover.charts.over_the_run import over_the_run
from carryover.charts.run_trace import Window, panels, run_trace
from carryover.charts.words import day_text, number
from carryover.estimate import windows
from carryover.metrics import metric, metrics
from carryover.units import duration_text, pace_text
from dashboards.changes import WORD_CLASS, change_line, drift_text, reasons
from dashboards.form import ORIGIN_WORDS, Computed, changes_of, metric_runs, origin_of
from dashboards.left_right import lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carryover.charts.base import Drawing
    from carryover.metrics import Metric
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


BY_WORDS: Final = {"file": "by its file", "data": "by its data"}
"""Who says which kind a run is; a person's own word needs no more."""
WAY_WORDS: Final = {"both": "both ways", "anticlockwise": "anticlockwise", "clockwise": "clockwise"}


def kind_words(row: dict[str, Any]) -> str:
    """Return why a run is of its kind, and who says so."""
    by = BY_WORDS.get(row["kind_by"], "")
    return ", ".join(words for words in (row["kind_reason"], by) if words)


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
    computed, told = Computed(origins), view.mine("run_changes")
    changes = told.partition_by("run_id", as_dict=True)
    for index, row in enumerate(runs.head(NEWEST).iter_rows(named=True)):
        one, epoch = runs.slice(index, 1), row["sensor_epoch"]
        drift = view.ask("run_drift", run_id=row["run_id"])
        moved = changes.get((row["run_id"],), told.clear())
        yield view.page(
            run_path(row), "run.html", day_text(row["local_date"]), "Runs",
            facts=_facts(row), name=row["name"] or "", kind=kind_words(row),
            trace=_trace(view, row, judged=bool(drift["eligible"].any())),
            traced=_traced(row, computed),
            over=_over(view, row, drift, origins),
            values=_values(one, moved, origins, computed), untold=_untold(one, moved),
            drifts=_drifts(drift, moved, epoch, computed),
            steady=_steady(view, row["run_id"]), excluded=_excluded(view, row["run_id"]),
            sides=lines(view.ask("run_symmetry", run_id=row["run_id"]), noise),
            has_contact=row.get("stance_time_ms") is not None,
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


def _steady(view: View, run_id: str) -> str:
    """Return how much of a run its values at reference speed rest on, in a sentence."""
    told = view.ask("run_steady", run_id=run_id).row(0, named=True)
    running, steady = (duration_text(told[k]) for k in ("running_s", "steady_s"))
    if not told["steady_s"]:
        return "Nothing of this run counts at reference speed."
    return f"{steady} of {running} running count at reference speed."


def _excluded(view: View, run_id: str) -> list[dict[str, str]]:
    """Return why the rest does not count, and what is wrong with the heart rate."""
    return [
        {
            "reason": row["reason"],
            "time": duration_text(row["excluded_s"]),
            "share": f"{number(100 * row['moving_share'])} %"
            if row["moving_share"] is not None else "–",
        }
        for row in view.ask("run_exclusions", run_id=run_id).iter_rows(named=True)
    ]  # fmt: skip


def _neighbour(runs: pl.DataFrame, index: int) -> str:
    if not 0 <= index < min(NEWEST, len(runs)):
        return ""
    return run_path(runs.row(index, named=True))


def _facts(row: dict[str, Any]) -> list[tuple[str, str]]:
    km = row["distance_m"] / 1000.0 if row["distance_m"] else None
    facts = [
        ("kind", row["kind"] or ""),
        ("way round the track", WAY_WORDS.get(row["track_direction"], "")),
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


def _traced(row: dict[str, Any], computed: Computed) -> str:
    """Say which lines of the trace are no measurement; empty where all are."""
    names = [
        panel.label for panel in panels()
        if computed.has(row["sensor_epoch"], panel.column) and row.get(panel.column) is not None
    ]  # fmt: skip
    return f"{', '.join(names)}: {ORIGIN_WORDS['computed']}." if names else ""


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


def _values(
    one: pl.DataFrame, moved: pl.DataFrame, origins: pl.DataFrame, computed: Computed
) -> list[dict[str, Any]]:
    epoch = one["sensor_epoch"][0]
    rows = []
    for known in _carried(one):
        told = metric_runs(one, moved, known.name).row(0, named=True)
        adjusted = one[f"{known.name}_adj"][0] if f"{known.name}_adj" in one.columns else None
        rows.append(change_line(known, told) | {
            "plain": known.text(one[known.name][0]),
            "adjusted": number(adjusted, known.decimals),
            "coverage": f"{number(told['coverage_pct'])} %"
            if told["coverage_pct"] is not None else "–",
            "origin": origin_of(origins, epoch, known.name),
            "computed": computed.has(epoch, known.name),
        })  # fmt: skip
    return rows


def _carried(one: pl.DataFrame) -> list[Metric]:
    """Return the metrics that this run has a mean of."""
    return [m for m in metrics().values() if m.name in one.columns and one[m.name][0] is not None]


def _untold(one: pl.DataFrame, moved: pl.DataFrame) -> list[str]:
    """Return why metrics of this run are not held against the usual."""
    known = dict(changes_of(moved, "level", "usual before").select("metric", "reason").iter_rows())
    return reasons((m, known.get(m.name)) for m in _carried(one))


def _drifts(
    drift: pl.DataFrame, moved: pl.DataFrame, epoch: str | None, computed: Computed
) -> list[dict[str, Any]]:
    rows = {row["metric"]: row for row in drift.iter_rows(named=True)}
    early, usual = (_by_metric(moved, "decay", c) for c in ("early part", "usual before"))
    return [
        _drift(rows[n], early.get(n), usual.get(n)) | {"computed": computed.has(epoch, n)}
        for n in metrics() if n in rows
    ]  # fmt: skip


def _by_metric(moved: pl.DataFrame, outcome: str, compared: str) -> dict[str, dict[str, Any]]:
    told = changes_of(moved, outcome, compared)
    return {row["metric"]: row for row in told.iter_rows(named=True)}


def _drift(
    row: dict[str, Any], early: dict[str, Any] | None, usual: dict[str, Any] | None
) -> dict[str, str]:
    known = metric(row["metric"])
    line = {"metric": known.name, "label": known.label}
    first, last = (number(row[k], known.decimals) for k in ("early", "late"))
    if not row["eligible"]:
        return line | {"early": first, "late": last, "reason": row["reason"] or "not judged"}
    low, high = (number(row[k], known.decimals + 1, signed=True) for k in ("ci_low", "ci_high"))
    own, against = (word["word"] if word else None for word in (early, usual))
    return line | {
        "early": first, "late": last, "reason": "",
        "change": difference(known, row["change_adj"], known.decimals + 1),
        "interval": f"{low} to {high}",
        "word": own or "", "look": WORD_CLASS.get(own or "", "word"),
        "per_hour": number(row["per_hour"], known.decimals + 1, signed=True),
        "usual": drift_text(known, usual) if usual else "–",
        "n": str(usual["n2"]) if usual and against else "",
        "usual_word": against or "", "usual_look": WORD_CLASS.get(against or "", "word"),
    }  # fmt: skip


def _lap(count: int, row: dict[str, Any]) -> dict[str, str]:
    distance, moving = row["distance_m"], row["moving_s"] or row["elapsed_s"]
    speed = distance / moving if distance and moving else None
    return {
        "index": str(count), "moving": duration_text(moving),
        "km": number(distance / 1000.0 if distance else None, 2), "pace": pace_text(speed),
    }  # fmt: skip
