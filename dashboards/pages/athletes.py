"""The front page where several athletes share one home: each with the own verdict."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from carryover.charts.words import day_text, number
from dashboards.model import Page
from dashboards.verdict import verdict_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dashboards.model import Person, View


def pages(view: View) -> Iterator[Page]:
    """Yield the list of athletes."""
    rows = [_row(replace(view, person=person), person) for person in view.people]
    yield Page("index.html", "athletes.html", "Athletes", {"rows": rows}, None, "Athletes")


def _row(view: View, person: Person) -> dict[str, Any]:
    runs = view.mine("runs")
    return {
        "person": person, "verdict": verdict_words(view.mine("verdicts"))["heading"],
        "n_runs": number(len(runs)),
        "newest": day_text(runs["local_date"][0]) if len(runs) else "no run yet",
    }  # fmt: skip
