"""About the numbers: every metric and every term, with anchors that the pages link to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carryover.metrics import metrics
from dashboards.glossary import words
from dashboards.model import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carryover.metrics import Metric
    from dashboards.model import View


def pages(view: View) -> Iterator[Page]:  # noqa: ARG001 - every page has the same door
    """Yield the glossary, shared by all athletes."""
    told = [{"metric": m, "smallest": _smallest(m)} for m in metrics().values()]
    yield Page(
        "about.html", "about.html", "About the numbers",
        {"metrics": told, "words": list(words().values())}, None, "About the numbers",
    )  # fmt: skip


def _smallest(metric: Metric) -> str:
    if metric.swc is None:
        return f"{metric.swc_pct:g} % of your mean"
    return f"{metric.swc:g}" if metric.unit == "ratio" else f"{metric.swc:g} {metric.unit}"
