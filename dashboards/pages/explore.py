"""Explore: how to open the warehouse, questions with their queries, every table and column."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from dashboards.cookbook import GROUPS, Recipe, recipes
from dashboards.model import Page
from dashboards.table_reference import reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from dashboards.model import View

FIRST_ROWS: Final = 5
LONGEST: Final = 160
"""A longer text of an answer is cut: the query gives it whole."""


def pages(view: View) -> Iterator[Page]:
    """Yield the page for those who ask the warehouse themselves."""
    tables = reference(view.ask("columns"))
    told = [table for group in tables for table in group["tables"]]
    yield Page(
        "explore.html", "explore.html", "Explore",
        {
            "groups": [
                {"title": title,
                 "recipes": [_recipe(view, r) for r in recipes() if r.group == group]}
                for group, title in GROUPS.items()
            ],
            "n_recipes": len(recipes()), "tables": tables, "n_tables": len(told),
            "n_columns": sum(len(table["columns"]) for table in told),
        },
        None, "Explore",
    )  # fmt: skip


def _recipe(view: View, recipe: Recipe) -> dict[str, Any]:
    shown = {"question": recipe.question, "returns": recipe.returns, "text": recipe.text,
             "is_asked": recipe.is_cheap}  # fmt: skip
    if not recipe.is_cheap:
        return shown
    answer = view.reader.frame(recipe.bare)
    first = answer.head(FIRST_ROWS)
    return shown | {
        "columns": [
            {"name": name, "look": _look(kind)}
            for name, kind in answer.schema.items()
        ],
        "rows": [[_cell(value) for value in row] for row in first.iter_rows()],
        "n_rows": len(answer),
    }  # fmt: skip


def _look(kind: pl.DataType) -> str:
    return "num" if kind.is_numeric() else "whole" if kind.is_temporal() else ""


def _cell(value: object) -> str:
    """Return a value as a terminal shows it; null stays a word of its own."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
