"""Data health: the nights, what came in, what was set aside and why, sensors and coverage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from carryover.charts.words import day_text, grouped, number, plural
from carryover.metrics import metrics
from dashboards.coverage import coverage
from dashboards.form import ORIGIN_WORDS
from dashboards.model import Page
from dashboards.nights import told_nights
from dashboards.unmapped import unmapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from dashboards.model import View

NAMED: Final = 3
"""So many subjects of one issue are named, more are counted."""
STATUS_WORDS = {
    "loaded": "loaded",
    "duplicate": "already known",
    "partial": "partly read",
    "rejected": "not readable",
    "unsupported": "nothing for us in it",
}
"""`source_file.status` in a runner's words."""
SUM_WORDS = {"unsupported": "with nothing for us"}
"""… where a number stands before them."""
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
    issues = [r for r in view.ask("issues").iter_rows(named=True) if r["subject"] not in told]
    epochs = view.ask("epochs")
    yield Page(
        "health.html", "health.html", "Data health",
        {
            "nights": told_nights(view),
            "files": _files(view.ask("files_by_status").to_dicts()),
            "set_aside": [{**row, "words": STATUS_WORDS.get(row["status"], "")}
                          for row in set_aside],
            "unmapped": unmapped(view, names), "issues": _grouped(issues, names),
            "coverage": coverage(view, epochs, names),
            "epochs": _epochs(view, epochs, names), "several": len(view.people) > 1,
        },
        None, "Data health",
    )  # fmt: skip


def _files(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the files on disk, and those in archives, by kind and status, with their sums."""
    parts = ((False, "on disk"), (True, "in archives"))
    told = [(title, [row for row in rows if row["is_inside"] == inside]) for inside, title in parts]
    return [
        {
            "title": title, "sum": _sum(mine),
            "rows": [
                {"kind": _kind(row["kind"] or "unknown"),
                 "status": STATUS_WORDS.get(row["status"], row["status"]),
                 "n": grouped(row["n_files"]), "mb": number((row["size_bytes"] or 0) / 1e6, 1)}
                for row in mine
            ],
        }
        for title, mine in told if mine
    ]  # fmt: skip


def _sum(rows: list[dict[str, Any]]) -> str:
    """Return the files as a sum that can be checked, each status in a runner's words."""
    counts = {
        SUM_WORDS.get(status, words): sum(r["n_files"] for r in rows if r["status"] == status)
        for status, words in STATUS_WORDS.items()
    }
    parts = " + ".join(f"{grouped(n)} {words}" for words, n in counts.items())
    return f"{grouped(sum(row['n_files'] for row in rows))} found = {parts}"


def _grouped(issues: list[dict[str, Any]], names: dict[str, str]) -> list[dict[str, Any]]:
    """Return issues with those that say the same told once, with their subjects."""
    same: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in issues:
        same.setdefault((row["severity"], row["what"], row["remedy"]), []).append(row)
    return [
        {"severity": severity, "what": what, "remedy": remedy, "n": len(rows),
         "subjects": [_subject(row, names) for row in rows[:NAMED]],
         "more": max(0, len(rows) - NAMED)}
        for (severity, what, remedy), rows in same.items()
    ]  # fmt: skip


def _subject(row: dict[str, Any], names: dict[str, str]) -> str:
    who = names.get(row["athlete_id"], "") if len(names) > 1 else ""
    return ", ".join(part for part in (row["subject"], who) if part)


def _kind(kind: str) -> str:
    return KIND_WORDS.get(kind, kind.removesuffix("_csv").replace("_", " "))


def _epochs(view: View, epochs: pl.DataFrame, names: dict[str, str]) -> list[dict[str, Any]]:
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
        for row in epochs.iter_rows(named=True)
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
