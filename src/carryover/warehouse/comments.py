"""What a published table and its columns mean, said in the database as in the model's file."""

from __future__ import annotations

import duckdb

from carryover.warehouse.connect import quoted
from carryover.warehouse.models import SqlModel


def comment(
    connection: duckdb.DuckDBPyConnection, model: SqlModel, *, place: str = "main", beside: str = ""
) -> None:
    """Comment a table at `place` and its columns; `beside` follows the grain."""
    full = f"{place}.{model.name}"
    grain = f"Grain: {model.grain}{'; ' if beside else ''}{beside}"
    statements = [f"comment on table {full} is '{quoted(grain)}'"] + [
        f"comment on column {full}.{column} is '{quoted(meaning)}'"
        for column, meaning in model.comments.items()
    ]
    connection.execute("; ".join(statements))
