"""One run in words: its facts, values, drifts, laps, what counts, and where it comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from carryover.charts.base import difference
from carryover.charts.words import number
from carryover.metrics import metric, metrics
from carryover.units import duration_text, pace_text
from dashboards.changes import WORD_CLASS, change_line, drift_text, reasons
from dashboards.form import Computed, changes_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from carryover.metrics import Metric

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


def facts_of(row: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what a run was, as pairs of a label and a text; what is not known is left out."""
    km = row["distance_m"] / 1000.0 if row["distance_m"] else None
    told = [
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
    return [(label, text) for label, text in told if text]


def steady_words(told: pl.DataFrame) -> str:
    """Return how much of a run its values at reference speed rest on, in a sentence."""
    row = told.row(0, named=True) if len(told) else {"running_s": 0.0, "steady_s": 0.0}
    running, steady = (duration_text(row[k]) for k in ("running_s", "steady_s"))
    if not row["steady_s"]:
        return "Nothing of this run counts at reference speed."
    return f"{steady} of {running} running count at reference speed."


def excluded(rows: pl.DataFrame) -> list[dict[str, str]]:
    """Return why the rest does not count, and what is wrong with the heart rate."""
    return [
        {
            "reason": row["reason"],
            "time": duration_text(row["excluded_s"]),
            "share": f"{number(100 * row['moving_share'])} %"
            if row["moving_share"] is not None else "–",
        }
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip


def laps_of(laps: pl.DataFrame) -> list[dict[str, str]]:
    """Return the laps of a run, counted from 1."""
    return [_lap(count, row) for count, row in enumerate(laps.iter_rows(named=True), start=1)]


def sources_of(rows: pl.DataFrame) -> list[dict[str, str]]:
    """Return the recordings of a run: device, file, and of several what each gives."""
    alone = len(rows) == 1
    return [_source(row, alone=alone) for row in rows.iter_rows(named=True)]


def _source(row: dict[str, Any], *, alone: bool) -> dict[str, str]:
    km = row["distance_m"] / 1000.0 if row["distance_m"] else None
    joined = row["matched_by"] or ""
    shift_s = row["clock_shift_s"] or 0.0
    if abs(shift_s) >= 1.0:
        moved = duration_text(abs(shift_s))
        joined += f", clock {'behind' if shift_s > 0 else 'ahead'} by {moved}"
    gives = ", ".join(CHANNEL_WORDS.get(g, g) for g in row["gives"] or []) or "nothing more"
    return {
        "device": row["device"] or "unknown device",
        "kind": SOURCE_WORDS.get(row["source_kind"], row["source_kind"]),
        "gives": "everything" if alone else gives,
        "km": f"{number(km, 2)} km" if km else "–",
        "joined": "the only recording" if alone else joined or "keeps the time",
        "path": row["path"] or "",
    }


def values_of(
    row: dict[str, Any], told: Mapping[str, dict[str, Any]], computed: Computed
) -> list[dict[str, Any]]:
    """Return each metric of a run against the athlete's usual.

    `row`: of the query runs; `told`: by metric, the run's row of `form.metric_runs`.
    """
    epoch = row["sensor_epoch"]
    return [
        change_line(known, told[known.name]) | {
            "plain": known.text(row[known.name]),
            "adjusted": number(row.get(f"{known.name}_adj"), known.decimals),
            "coverage": f"{number(told[known.name]['coverage_pct'])} %"
            if told[known.name]["coverage_pct"] is not None else "–",
            "origin": computed.label(epoch, known.name),
            "computed": computed.has(epoch, known.name),
        }
        for known in _carried(row)
    ]  # fmt: skip


def untold(row: dict[str, Any], told: Mapping[str, dict[str, Any]]) -> list[str]:
    """Return why metrics of this run are not held against the usual."""
    return reasons((m, told[m.name]["reason"]) for m in _carried(row))


def _carried(row: dict[str, Any]) -> list[Metric]:
    """Return the metrics that this run has a mean of."""
    return [m for m in metrics().values() if row.get(m.name) is not None]


def drifts_of(
    drift: pl.DataFrame, moved: pl.DataFrame, epoch: str | None, computed: Computed
) -> list[dict[str, Any]]:
    """Return each metric's drift with its words, or why it is not judged."""
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
