"""Read-only access to the published warehouse, for pages, estimates and people."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import duckdb

from carryover.errors import CarryoverError, NoSuchTableError, UsageError
from carryover.warehouse.connect import (
    LOCKED_DOWN,
    asked,
    fault_of,
    frame_of,
    open_database,
    wal_of,
)

if TYPE_CHECKING:
    import polars as pl

PLAIN: Final = frozenset({
    "boolean", "tinyint", "smallint", "integer", "bigint", "hugeint", "utinyint", "usmallint",
    "uinteger", "ubigint", "float", "double", "decimal", "varchar", "enum", "uuid", "date", "time",
    "timestamp", "timestamp_s", "timestamp_ms", "null",
})  # fmt: skip
"""Types whose values DuckDB and polars give to Python alike."""


class Reader:
    """Queries on one snapshot of the published warehouse."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def frame(self, sql: str, params: Mapping[str, object] | None = None) -> pl.DataFrame:
        """Return a query's rows; `$name` parameters. Raises UsageError for SQL that is wrong."""
        with self._faults():
            return frame_of(self._connection, sql, params)

    def rows(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Return the names of a query's columns, and its rows as `frame(sql).rows()` has them.

        Where all columns are plain polars is not loaded for it: it takes longer than most queries.
        Raises UsageError for SQL that is wrong.
        """
        with self._faults():
            relation = asked(self._connection, sql)
            if all(kind.id in PLAIN for kind in relation.types):
                return relation.columns, relation.fetchall()
            frame: pl.DataFrame = relation.pl()
            return frame.columns, frame.rows()

    @contextlib.contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (duckdb.BinderException, duckdb.CatalogException) as error:
            raise NoSuchTableError(f"the query failed: {str(error).strip()}") from error
        except duckdb.Error as error:
            fault = fault_of(self._path, error)
            if fault is not None:
                raise fault from error
            raise UsageError(f"the query failed: {str(error).strip()}") from error


@contextlib.contextmanager
def open_published(path: Path, lent: Mapping[str, pl.DataFrame] | None = None) -> Iterator[Reader]:
    """Open the published warehouse locked down: no other files, no network, no changes.

    A frame that is lent stands, for this reader alone, in the place of the table of that name.
    Raises UsageError where nothing has been published yet.
    """
    if not path.exists():
        raise UsageError(
            "there is no warehouse yet", subject=str(path), remedy="Run `carryover nightly` first."
        )
    # The published file is never written to, so a log beside it is a stranger's leftover
    # that would make it unopenable for everyone.
    wal_of(path).unlink(missing_ok=True)
    with open_database(path, read_only=True) as connection:
        for name, frame in (lent or {}).items():
            connection.register("incoming", frame)
            connection.execute(f"create temp table {name} as from incoming")
            connection.unregister("incoming")
        for statement in LOCKED_DOWN:
            connection.execute(statement)
        yield Reader(connection, path)


@contextlib.contextmanager
def open_own(path: Path, lent: Mapping[str, pl.DataFrame] | None = None) -> Iterator[Reader]:
    """Open the published warehouse as `open_published` does, for queries of this program alone.

    Raises CarryoverError where one of them names what is not there: the tables are then those of
    another version.
    """
    try:
        with open_published(path, lent) as reader:
            yield reader
    except NoSuchTableError as error:
        raise CarryoverError(
            "this warehouse was built by another version of carryover", subject=str(path),
            remedy="Run `carryover build`, then the same again.",
        ) from error  # fmt: skip
