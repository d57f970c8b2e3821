"""Which outcomes belong together: four families, each a question of its own."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib.resources import files


@cache
def outcome_families() -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the families in their order: name → outcomes (metric, `level` or `decay`)."""
    text = files("carryover.catalogue").joinpath("outcome_family.csv").read_text("utf-8")
    found: dict[str, list[tuple[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        found.setdefault(row["family"], []).append((row["metric"], row["outcome"]))
    return {family: tuple(outcomes) for family, outcomes in found.items()}
