"""The front page where several athletes share one home: a squad, who needs a look first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboards.model import Page
from dashboards.squad import squad

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.model import View


def pages(view: View) -> Iterator[Page]:
    """Yield the list of athletes."""
    yield Page("index.html", "athletes.html", "Athletes", squad(view), None, "Athletes")
