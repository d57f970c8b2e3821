"""Changes in words: how much, beside which noise, from how many runs, and what it amounts to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carryover.charts.base import difference_unit
from carryover.charts.words import number

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carryover.metrics import Metric

WORD_CLASS = {"within noise": "word soft", "likely": "word", "beyond MDC": "word beyond"}
"""How loud a word looks, by the word."""


def with_noise(metric: Metric, row: dict[str, Any]) -> str:
    """Return a change with its noise, `−2.3 ± 2.7`; `–` where it cannot be told."""
    if row["word"] is None:
        return "–"
    digits = metric.decimals + 1
    change, noise = number(row["change"], digits, signed=True), number(row["noise"], digits)
    return f"{change} ± {noise}"


def change_line(metric: Metric, row: dict[str, Any]) -> dict[str, str]:
    """Return one change as texts: its metric, size, word, look, and the runs it rests on."""
    bare = with_noise(metric, row)
    unit = difference_unit(metric) if row["word"] else ""
    return {
        "metric": metric.name, "label": metric.label, "bare": bare,
        "change": f"{bare} {unit}".strip(),
        "word": row["word"] or "", "look": WORD_CLASS.get(row["word"] or "", "word"),
        "reference": number(row["reference"], metric.decimals),
        "n": number(row["n2"]) if row["word"] else "",
    }  # fmt: skip


def band(metric: Metric, row: dict[str, Any]) -> str:
    """Return where a value lies 19 times in 20 if nothing changed, `236–258`; `–` if unknown."""
    if row["word"] is None:
        return "–"
    low, high = row["reference"] - row["noise"], row["reference"] + row["noise"]
    return f"{number(low, metric.decimals)}–{number(high, metric.decimals)}"


def drift_text(metric: Metric, row: dict[str, Any]) -> str:
    """Return a usual drift, `+1.5`; `–` where it cannot be told."""
    if row["word"] is None:
        return "–"
    return number(row["reference"], metric.decimals + 1, signed=True)


def reasons(rows: Iterable[tuple[Metric, str | None]]) -> list[str]:
    """Return why metrics have no word, those with the same reason together."""
    grouped: dict[str, list[str]] = {}
    for metric, reason in rows:
        if reason:
            grouped.setdefault(reason, []).append(metric.label)
    return [f"{_listed(labels)}: {reason}" for reason, labels in grouped.items()]


def _listed(labels: list[str]) -> str:
    """Join names as one says them: the first as it stands, the others small."""
    small = [labels[0], *(label[:1].lower() + label[1:] for label in labels[1:])]
    return small[0] if len(small) == 1 else f"{', '.join(small[:-1])} and {small[-1]}"
