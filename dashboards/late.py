"""Late-run drift in words and rows: the lead, the runs, the other metrics, where changes begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from carryover.charts.base import difference, difference_unit
from carryover.charts.dots import clear_of_zero
from carryover.charts.words import day_text, number, plural
from carryover.estimate.local_mean import mean_of
from carryover.metrics import metric, metrics
from carryover.units import duration_text
from dashboards.changes import WORD_CLASS
from dashboards.form import Computed

if TYPE_CHECKING:
    from carryover.estimate.local_mean import Mean
    from carryover.metrics import Metric


def lead_words(known: Metric, own: pl.DataFrame) -> str:
    """Say how a metric moves late in the athlete's long runs; empty without a judged run."""
    if own.is_empty():
        return ""
    told = mean_of(own["change_adj"])
    if told is None:
        return (
            f"{known.label} was judged in {plural(len(own), 'long run')} so far; from five on "
            "there is a mean."
        )
    low, high = (
        number(end, known.decimals + 1, signed=True) for end in (told.ci_low, told.ci_high)
    )
    size = difference(known, told.mean, known.decimals + 1)
    return (
        f"Late in a long run {known.label.lower()} differs by {size} from early, at equal pace and "
        f"grade (mean of {plural(told.n, 'run')}, 95 %: {low} to {high})."
    )


def ways_words(own: pl.DataFrame) -> str:
    """Say in how many runs the drift clears zero to which side; empty without a judged run."""
    if own.is_empty():
        return ""
    ways = [way for row in own.to_dicts() if (way := _way(row))]
    up, down = ways.count("up"), ways.count("down")
    return (
        f"By the interval of the run itself it rises in {up}, falls in {down}, and cannot be told "
        f"from no drift in {len(own) - up - down}."
    )


def _way(row: dict[str, Any]) -> str:
    if row["ci_low"] is None or row["ci_high"] is None:
        return ""
    return "up" if row["ci_low"] > 0 else "down" if row["ci_high"] < 0 else ""


def judged_rows(
    known: Metric, own: pl.DataFrame, moved: pl.DataFrame
) -> list[dict[str, str | None]]:
    """Return runs as lines of a table; `moved` holds their drifts against none."""
    words = dict(zip(moved["run_id"], moved["word"], strict=True))
    return [_judged(known, row, words.get(row["run_id"]) or "") for row in own.to_dicts()]


def _judged(known: Metric, row: dict[str, Any], word: str) -> dict[str, str | None]:
    digits = known.decimals
    low, high = (number(row[k], digits, signed=True) for k in ("ci_low", "ci_high"))
    km = row["distance_m"] / 1000.0 if row["distance_m"] is not None else None
    return {
        "day": day_text(row["local_date"]), "href": row["href"], "km": number(km, 1),
        "moving": duration_text(row["moving_s"]),
        "early": number(row["early"], digits), "late": number(row["late"], digits),
        "raw": number(row["change"], digits, signed=True),
        "adjusted": number(row["change_adj"], digits, signed=True),
        "interval": f"{low} to {high}" if row["ci_low"] is not None else "–",
        "word": word, "look": WORD_CLASS.get(word, "word"),
    }  # fmt: skip


def other_metrics(
    judged: pl.DataFrame, noise: pl.DataFrame, origins: pl.DataFrame, lead: str
) -> list[dict[str, Any]]:
    """Return one line for each other metric whose drift was judged, in the metrics' own order."""
    computed = Computed(origins)
    lines = []
    for name, known in metrics().items():
        own = judged.filter(metric=name)
        if name == lead or own.is_empty():
            continue
        epoch = own["sensor_epoch"][0]
        mine = noise.filter(
            pl.col("metric") == name, pl.col("sensor_epoch").eq_missing(pl.lit(epoch))
        ).drop_nulls("decay_mdc95")
        lines.append(
            _other(known, own, mean_of(own["change_adj"]))
            | {
                "computed": computed.has(epoch, name),
                "mdc": f"± {number(mine['decay_mdc95'][0], known.decimals + 1)}"
                if len(mine) else "–",
            }
        )  # fmt: skip
    return lines


def _other(known: Metric, own: pl.DataFrame, told: Mean | None) -> dict[str, Any]:
    digits = known.decimals + 1
    span = [number(end, digits, signed=True) for end in (told.ci_low, told.ci_high)] if told else []
    return {
        "metric": known.name, "label": known.label, "n": number(len(own)),
        "mean": difference(known, told.mean, digits) if told else "–",
        "interval": " to ".join(span) or "–", "n_clear": number(sum(clear_of_zero(own))),
        "unit": difference_unit(known),
    }  # fmt: skip


def onset_words(known: Metric, onsets: pl.DataFrame) -> str:
    """Say how often and from when a metric begins to change; empty where no run tells."""
    own = onsets.filter(metric=known.name)
    if own.is_empty():
        return ""
    row = own.row(0, named=True)
    parts = [f"no change was seen in {row['n_none']}"]
    if row["n_placed"]:
        where = f"it begins at a place that can be told in {row['n_placed']}"
        parts.append(f"{where} ({_from(row)})")
    if row["n_steady"]:
        parts.append(f"it moves from the start in {row['n_steady']}")
    if unplaced := _unplaced(row):
        parts.append(f"it changes, but from where cannot be told, in {unplaced}")
    return (
        f"Of {plural(row['n_runs'], 'long run')} that tell where {known.label.lower()} begins to "
        f"change, {'; '.join(parts)}. Chance alone shows a change in 1 unchanged run of 25."
    )


def _unplaced(row: dict[str, Any]) -> int:
    return int(row["n_runs"] - row["n_none"] - row["n_steady"] - row["n_placed"])


def _from(row: dict[str, Any]) -> str:
    mid, first, last = (number(row[k] / 60.0) for k in ("onset_s", "first_s", "last_s"))
    if row["n_placed"] == 1:
        return f"after {mid} min"
    return f"after {mid} min in the middle run, {first} to {last}"


def onset_lines(onsets: pl.DataFrame) -> list[dict[str, str]]:
    """Return one line a metric: runs that tell, and what they tell."""
    known = {row["metric"]: row for row in onsets.to_dicts()}
    return [
        {
            "metric": name, "label": metric(name).label, "n": number(row["n_runs"]),
            "none": number(row["n_none"]), "steady": number(row["n_steady"]),
            "placed": number(row["n_placed"]), "unplaced": number(_unplaced(row)),
            "from": _from(row).removeprefix("after ") if row["n_placed"] else "–",
        }
        for name in metrics() if (row := known.get(name))
    ]  # fmt: skip
