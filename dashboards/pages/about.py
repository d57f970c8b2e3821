"""About the numbers: every metric and every term, with anchors that the pages link to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carryover.metrics import metrics
from dashboards.glossary import words
from dashboards.model import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.model import View


def pages(view: View) -> Iterator[Page]:  # noqa: ARG001 - every page has the same door
    """Yield the glossary, shared by all athletes."""
    yield Page(
        "about.html", "about.html", "About the numbers",
        {"metrics": list(metrics().values()), "words": list(words().values())}, None,
        "About the numbers",
    )  # fmt: skip
