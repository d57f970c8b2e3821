"""Data health: what came in, what was set aside and why, sensors and what they measure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carryover.charts.words import day_text, grouped, number, plural
from carryover.metrics import metrics
from dashboards.form import ORIGIN_WORDS
from dashboards.model import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.model import View

STATUS_WORDS = {
    "loaded": "loaded",
    "duplicate": "already known",
    "unsupported": "nothing for us in it",
    "rejected": "not readable",
    "partial": "partly read",
}
"""`source_file.status` in a runner's words."""
SOURCE_WORDS = {"none": "no dynamics", None: "no dynamics"}
"""`sensor_epoch.dynamics_source` in a runner's words; any other is one."""
KIND_WORDS = {
    "fit": "FIT", "gpx": "GPX", "tcx": "TCX", "zip": "zip archive", "gz": "packed file",
    "strava_csv": "list of activities", "unknown": "other",
}  # fmt: skip
"""`source_file.kind` in a runner's words; other kinds are theirs already."""


def pages(view: View) -> Iterator[Page]:
    """Yield the page of data health, shared by all athletes."""
    names = {person.athlete_id: person.name for person in view.people}
    set_aside = view.ask("set_aside").to_dicts()
    told = {row["path"] for row in set_aside}
    yield Page(
        "health.html", "health.html", "Data health",
        {
            "files": [_files(row) for row in view.ask("files_by_status").iter_rows(named=True)],
            "set_aside": [{**row, "words": STATUS_WORDS.get(row["status"], "")}
                          for row in set_aside],
            "issues": [{**row, "who": names.get(row["athlete_id"], "")}
                       for row in view.ask("issues").iter_rows(named=True)
                       if row["subject"] not in told],
            "epochs": _epochs(view, names), "several": len(view.people) > 1,
        },
        None, "Data health",
    )  # fmt: skip


def _files(row: dict[str, Any]) -> dict[str, str]:
    return {
        "kind": _kind(row["kind"] or "unknown"),
        "status": STATUS_WORDS.get(row["status"], row["status"]),
        "n": grouped(row["n_files"]), "mb": number((row["size_bytes"] or 0) / 1e6, 1),
    }  # fmt: skip


def _kind(kind: str) -> str:
    return KIND_WORDS.get(kind, kind.removesuffix("_csv").replace("_", " "))


def _epochs(view: View, names: dict[str, str]) -> list[dict[str, Any]]:
    origins = view.ask("all_origins").to_dicts()
    return [
        {
            "who": names.get(row["athlete_id"], ""), "devices": row["devices"] or "unknown device",
            "firmware": row["firmware_family"] or "–", "opened_by": row["opened_by"],
            "source": SOURCE_WORDS.get(row["dynamics_source"], row["dynamics_source"]),
            "since": day_text(row["from_date"]),
            "span": f"{day_text(row['from_date'])} to {day_text(row['to_date'])}",
            "n": plural(row["n_runs"], "run"), "metrics": _origins(row, origins),
        }
        for row in view.ask("epochs").iter_rows(named=True)
    ]  # fmt: skip


def _origins(epoch: dict[str, Any], origins: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Return the metrics of one epoch with their origin and how well pace foretells them."""
    key = (epoch["athlete_id"], epoch["sensor_epoch"])
    mine = {o["metric"]: o for o in origins if (o["athlete_id"], o["sensor_epoch"]) == key}
    return [
        {
            "metric": name, "label": known.label,
            "origin": ORIGIN_WORDS.get(mine[name]["origin"], ""),
            "r2": number(mine[name]["r2_speed_cadence"], 3), "n": number(mine[name]["n_bins"]),
        }
        for name, known in metrics().items() if name in mine
    ]  # fmt: skip
