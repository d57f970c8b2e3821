"""Build every published table afresh from the store, and audit it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from carryover import columns
from carryover.errors import AuditError, DamagedError
from carryover.warehouse.connect import drop_database, frame_of, open_database
from carryover.warehouse.models import (
    PUBLISHED,
    Audit,
    AuditModel,
    Model,
    PythonModel,
    SqlModel,
    audits,
    in_order,
    macros,
    spent,
    sql_models,
)
from carryover.warehouse.publish import rows_of

AUDIT_TABLE: Final = "audit_result"
AUDIT_SCHEMA: Final[dict[str, pl.DataType]] = {
    "severity": pl.String(),
    "subject": pl.String(),
    "what": pl.String(),
    "remedy": pl.String(),
}
MAX_OFFENDERS: Final = 20
"""One audit never floods the page with more."""

Progress = Callable[[int, int, str], None]


def build(
    store: Path,
    target: Path,
    *,
    given: Mapping[str, pl.DataFrame],
    estimates: Iterable[PythonModel],
    memory_limit: str = "4GB",
    progress: Progress | None = None,
) -> dict[str, int]:
    """Build all tables into `target`, a private file; return how many rows each has.

    `given` frames are tables to start from. Raises AuditError where the tables contradict
    themselves, DamagedError where the store cannot be read; `target` is then of no use.
    """
    drop_database(target)
    spill = target.with_suffix(".spill")
    shutil.rmtree(spill, ignore_errors=True)
    try:
        with open_database(target, memory_limit=memory_limit, temp_dir=spill) as connection:
            return _built(connection, store, given, estimates, progress)
    except DamagedError as fault:
        # The target was made a moment ago: what cannot be read is the store.
        raise DamagedError(fault.what, subject=str(store), remedy=fault.remedy) from fault


def _built(
    connection: duckdb.DuckDBPyConnection,
    store: Path,
    given: Mapping[str, pl.DataFrame],
    estimates: Iterable[PythonModel],
    progress: Progress | None,
) -> dict[str, int]:
    """Make every table in its order; return how many rows each has that is published."""
    connection.execute(f"attach '{_quoted(store)}' as store (read_only)")
    connection.execute(macros())
    for name, frame in given.items():
        _temp_table(connection, name, frame)
    audit_model = AuditModel(AUDIT_TABLE, tuple(audits(connection)))
    every: list[Model] = [*sql_models(connection), *estimates, audit_model]
    ordered = in_order(every, frozenset(given))
    for number, (model, done) in enumerate(zip(ordered, spent(ordered), strict=True), start=1):
        _make(connection, model)
        # Every instant of every run stands in some of them: they would fill the memory.
        for name in done:
            connection.execute(f"drop table temp.{name}")
        if progress:
            progress(number, len(ordered), model.name)
    _refuse_contradictions(connection)
    connection.execute("detach store")
    connection.execute("checkpoint")
    return rows_of(connection)


def _make(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    if isinstance(model, PythonModel):
        frames = {
            name: frame_of(connection, f"select * from {name}")  # noqa: S608 - own names
            for name in model.reads
        }
        _temp_table(connection, model.name, model.make(frames))
    elif isinstance(model, AuditModel):
        found = [offenders(connection, check) for check in model.checks]
        _temp_table(connection, model.name, pl.concat([columns.empty(AUDIT_SCHEMA), *found]))
    elif model.layer == PUBLISHED:
        connection.execute(f"create table main.{model.name} as {model.sql}")
        comment(connection, model)
    else:
        connection.execute(f"create temp table {model.name} as {model.sql}")


def comment(connection: duckdb.DuckDBPyConnection, model: SqlModel, beside: str = "") -> None:
    """Say in the database what a published table and its columns mean; `beside` follows it."""
    grain = f"Grain: {model.grain}{'; ' if beside else ''}{beside}"
    connection.execute(f"comment on table main.{model.name} is '{_quoted(grain)}'")
    for column, meaning in model.comments.items():
        connection.execute(f"comment on column main.{model.name}.{column} is '{_quoted(meaning)}'")


def offenders(connection: duckdb.DuckDBPyConnection, check: Audit) -> pl.DataFrame:
    """Return what breaks a law, at most 20 rows and a count of the rest."""
    found = frame_of(connection, check.sql).select(
        pl.col("subject").cast(pl.String), pl.col("what").cast(pl.String)
    )
    shown = found.head(MAX_OFFENDERS)
    if found.height > shown.height:
        rest = {"subject": check.name, "what": f"and {found.height - shown.height} more"}
        shown = pl.concat([shown, pl.DataFrame([rest])])
    return shown.select(
        pl.lit(check.severity).alias("severity"),
        "subject",
        "what",
        pl.lit(f"Law: {check.law}.").alias("remedy"),
    )


def _refuse_contradictions(connection: duckdb.DuckDBPyConnection) -> None:
    rows = connection.execute(
        f"select subject, what, remedy from {AUDIT_TABLE} where severity = 'error' limit 1"  # noqa: S608
    ).fetchall()
    for subject, what, remedy in rows:
        raise AuditError(
            f"the tables contradict themselves: {what}", subject=str(subject),
            remedy=f"{remedy} The published warehouse is unchanged.",
        )  # fmt: skip


def _temp_table(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    connection.register("incoming", frame)
    connection.execute(f"create temp table {name} as select * from incoming")  # noqa: S608
    connection.unregister("incoming")


def _quoted(text: object) -> str:
    return str(text).replace("'", "''")
