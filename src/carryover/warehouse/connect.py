"""The only door to DuckDB: how a database is opened, and how its files are kept whole."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import duckdb

from carryover.errors import (
    CarryoverError,
    DamagedError,
    DatabaseBusyError,
    DiskFullError,
    UsageError,
)
from carryover.room import no_room

if TYPE_CHECKING:
    import polars as pl

STORAGE_VERSION: Final = "v1.4.0"
"""Older clients must be able to open what we write: 2.0's own format shuts them out."""

FULL: Final = re.compile(r"No space left|quota exceeded|max_temp_directory_size", re.IGNORECASE)
DAMAGED: Final = re.compile(
    r"Corrupt database file|Failure while replaying WAL|Could not read enough bytes"
    r"|not a valid DuckDB database|database file with version number"
)
"""How DuckDB calls a file that was cut, changed, or written by another program or version."""

LOCKED_DOWN: Final = ("SET enable_external_access = false", "SET lock_configuration = true")


@contextlib.contextmanager
def open_database(
    path: Path, *, read_only: bool = False, memory_limit: str = "4GB", temp_dir: Path | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a database and close it whatever happens; raises CarryoverError where it cannot be.

    A full disk raises DiskFullError, a file that was damaged DamagedError, also later on.
    """
    config: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "memory_limit": memory_limit,
        "preserve_insertion_order": True,
    }
    if not read_only:
        config["storage_compatibility_version"] = STORAGE_VERSION
    if temp_dir is not None:
        config["temp_directory"] = str(temp_dir)
    try:
        connection = duckdb.connect(str(path), read_only=read_only, config=config)
    except duckdb.Error as error:
        raise _cannot_open(path, error) from error
    try:
        connection.execute("SET TimeZone = 'UTC'")
        yield connection
    except duckdb.Error as error:
        fault = fault_of(path, error)
        if fault is None:
            raise
        raise fault from error
    finally:
        connection.close()


def fault_of(path: Path, error: duckdb.Error) -> DiskFullError | DamagedError | None:
    """Return what an error says of the disk or of the file; None where it is about neither."""
    text = str(error)
    if FULL.search(text):
        return no_room(path.parent)
    if DAMAGED.search(text):
        return DamagedError(
            f"this database was damaged: {text.splitlines()[0]}", subject=str(path),
            remedy="Run `carryover nightly`: what can be made again is made again.",
        )  # fmt: skip
    return None


def asked(
    connection: duckdb.DuckDBPyConnection, sql: str, params: Mapping[str, object] | None = None
) -> duckdb.DuckDBPyRelation:
    """Return what a query asks for; raises UsageError for a text that asks for nothing."""
    # DuckDB gives None for an empty text, whatever its annotation says.
    relation: duckdb.DuckDBPyRelation | None = connection.sql(
        sql, params=dict(params) if params else None
    )
    if relation is None:
        raise UsageError("the query failed: it asks for nothing", remedy='Try "select 1".')
    return relation


def frame_of(
    connection: duckdb.DuckDBPyConnection, sql: str, params: Mapping[str, object] | None = None
) -> pl.DataFrame:
    """Return a query's rows as a polars frame, instants in UTC."""
    frame: pl.DataFrame = asked(connection, sql, params).pl()
    return frame


def quoted(text: object) -> str:
    """Return a text as it stands between SQL's quotes."""
    return str(text).replace("'", "''")


def _cannot_open(path: Path, error: duckdb.Error) -> CarryoverError:
    text = str(error).splitlines()[0]
    fault = fault_of(path, error)
    if fault is not None:
        return fault
    if "lock on file" in text:
        return DatabaseBusyError(
            "another program is writing this database", subject=str(path),
            remedy="Close it and try again.",
        )  # fmt: skip
    return CarryoverError(f"this database cannot be opened: {text}", subject=str(path))


def drop_database(path: Path) -> None:
    """Remove a database file and its write-ahead log; no connection to it may be open."""
    for file in (path, wal_of(path)):
        file.unlink(missing_ok=True)


def wal_of(path: Path) -> Path:
    """Return where DuckDB keeps a database's write-ahead log."""
    return path.with_name(path.name + ".wal")


def sync(path: Path) -> None:
    """Flush a file's bytes to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
