"""Many athletes' published tables as one warehouse, from their Parquet files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from carryover.errors import CarryoverError
from carryover.warehouse.comments import comment
from carryover.warehouse.connect import drop_database, open_database, quoted
from carryover.warehouse.models import PUBLISHED, SqlModel, sql_models
from carryover.warehouse.publish import rows_of

BIG: Final = frozenset({"sample", "recording_sample", "developer_series"})
"""Tables with every second of every run: they stay in their Parquet files, empty here."""
ELSEWHERE: Final = "empty in a cohort: its rows lie in the store, marts/{}/"
MARK: Final = "provenance"
"""One row in every warehouse: here of what all athletes' bear."""
KEYS: Final = frozenset({"athlete_id", "run_id", "activity_id", "session_id", "path"})
"""A table without any of these is nobody's: a catalogue, or the same words to many."""


def gather(
    parts: Mapping[str, Sequence[Path]], target: Path, own: Mapping[str, pl.DataFrame], *,
    memory_limit: str = "4GB",
) -> dict[str, int]:  # fmt: skip
    """Make a warehouse at `target` of the Parquet files of each table; return each one's rows.

    Rows stand file by file in the order given; what several athletes' catalogues say alike stands
    once. `own` frames take the place of a table of that name. Raises CarryoverError for a table
    that no file has.
    """
    drop_database(target)
    spill = target.with_suffix(".spill")
    with open_database(target, memory_limit=memory_limit, temp_dir=spill) as connection:
        for model in sql_models(connection):
            if model.layer == PUBLISHED:
                _make(connection, model, parts.get(model.name, ()), own.get(model.name))
        connection.execute("checkpoint")
        return rows_of(connection)


def _make(
    connection: duckdb.DuckDBPyConnection, model: SqlModel, files: Sequence[Path],
    own: pl.DataFrame | None,
) -> None:  # fmt: skip
    name = model.name
    if own is not None:
        connection.register("incoming", own)
        connection.execute(f"create table main.{name} as select * from incoming")
        connection.unregister("incoming")
    elif not files:
        raise CarryoverError(f"no athlete's results have the table {name}",
                             remedy="Run `carryover cohort --again`.")  # fmt: skip
    else:
        listed = ", ".join(f"'{quoted(file)}'" for file in files)
        source = f"read_parquet([{listed}], union_by_name = true, hive_partitioning = false)"
        columns = {row[0] for row in connection.execute(f"describe from {source}").fetchall()}
        if name == MARK:
            told = "md5(string_agg(made_from, ',' order by made_from))"
            query = f"select {told} as made_from from {source}"
        elif name in BIG:
            query = f"from {source} limit 0"
        elif columns & KEYS:
            query = f"from {source}"
        else:
            query = f"select distinct * from {source} order by all"
        connection.execute(f"create table main.{name} as {query}")
    comment(connection, model, beside=ELSEWHERE.format(name) if name in BIG else "")
