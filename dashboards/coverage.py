"""How much of the running carries each channel, by sensor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from carryover.charts.words import number

if TYPE_CHECKING:
    import polars as pl

    from dashboards.model import View

CHANNELS: Final = {
    "cadence_spm": "cadence", "stance_time_ms": "contact time",
    "stance_time_balance_pct": "balance", "stance_time_left_ms": "left, right contact",
    "vertical_oscillation_mm": "oscillation", "vertical_ratio_pct": "vertical ratio",
    "step_length_mm": "step length", "metres_per_beat": "heart rate",
}  # fmt: skip
"""A metric whose coverage stands for a channel → what the channel is called here."""
HOUR_S: Final = 3600


def coverage(view: View, epochs: pl.DataFrame, names: dict[str, str]) -> dict[str, Any]:
    """Return a row a sensor epoch, with what every channel that any sensor knows covers."""
    rows = view.ask("coverage").to_dicts()
    told = {(r["athlete_id"], r["sensor_epoch"], r["metric"]): r for r in rows}
    known = [name for name in CHANNELS if any(r["metric"] == name and r["n_with"] for r in rows)]
    pages = _pages(view)
    return {
        "channels": [{"metric": name, "label": CHANNELS[name]} for name in known],
        "rows": [
            _row(epoch, told, known, names, pages)
            for epoch in epochs.iter_rows(named=True)
            if (epoch["athlete_id"], epoch["sensor_epoch"], "cadence_spm") in told
        ],
    }


def _pages(view: View) -> dict[str, str]:
    """Return where the page of a run is, by its id, of all runs that have one."""
    return {
        run_id: person.folder + href
        for person in view.people
        for run_id, href in replace(view, person=person).links().iter_rows()
    }


def _row(
    epoch: dict[str, Any], told: dict[Any, dict[str, Any]], known: list[str],
    names: dict[str, str], pages: dict[str, str],
) -> dict[str, Any]:  # fmt: skip
    key = (epoch["athlete_id"], epoch["sensor_epoch"])
    any_one = told[(*key, "cadence_spm")]
    return {
        "who": names.get(epoch["athlete_id"], ""), "devices": epoch["devices"] or "unknown device",
        "n_runs": number(any_one["n_runs"]),
        "hours": number((any_one["running_s"] or 0) / HOUR_S, 1),
        "cells": [_cell(told[(*key, name)]) for name in known],
        "newest": pages.get(any_one["newest_run_id"], ""),
    }  # fmt: skip


def _cell(row: dict[str, Any]) -> dict[str, str]:
    """Return a share in whole per cent; a channel that the sensor never told is a dash."""
    share = row["coverage_pct"]
    if not row["n_with"] or share is None:
        return {"text": "–", "n": "never"}
    missing = row["n_runs"] - row["n_with"]
    return {"text": f"{number(share)} %", "n": f"{missing} runs without" if missing else ""}
