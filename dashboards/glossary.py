"""The words that need a line: every metric, and the terms of the pages."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from carryover.metrics import metrics


@dataclass(frozen=True, slots=True)
class Term:
    """One term: `key` is its anchor on the page about the numbers, `line` its hover text."""

    key: str
    label: str
    line: str
    more: str = ""


@cache
def words() -> dict[str, Term]:
    """Return the terms that are no metric, by key."""
    text = files("dashboards").joinpath("glossary.toml").read_text("utf-8")
    return {key: Term(key, **fields) for key, fields in tomllib.loads(text).items()}


@cache
def terms() -> dict[str, Term]:
    """Return every term by key: the metrics and the words."""
    own = {m.name: Term(m.name, m.label, m.meaning) for m in metrics().values()}
    return own | words()
