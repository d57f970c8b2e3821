"""Put a built warehouse in the published one's place: looked at first, then by one rename."""

from __future__ import annotations

import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb

from carryover.errors import CarryoverError
from carryover.warehouse.connect import open_database, sync, wal_of
from carryover.warehouse.models import published_names
from carryover.warehouse.snapshots import Snapshots

READABLE: Final = 0o444
"""Nobody writes to a published file; who may read it is for the owner's umask to say."""


def publish(
    built: Path,
    published: Path,
    *,
    rows: Mapping[str, int] | None = None,
    snapshots: Snapshots | None = None,
) -> None:
    """Put a built file in the published one's place: readers see the old or the new, whole.

    No connection to `built` may be open. `rows`: see `verify`. The one that stood goes to the
    snapshots. Raises CarryoverError, the published one unchanged, where `built` is not whole.
    """
    sync(built)
    verify(built, rows)
    built.chmod(stat.S_IMODE(built.stat().st_mode) & READABLE)
    if snapshots is not None:
        snapshots.take(published)
    wal_of(published).unlink(missing_ok=True)
    built.replace(published)
    sync(published.parent)
    if snapshots is not None:
        snapshots.prune()


def verify(built: Path, rows: Mapping[str, int] | None = None) -> None:
    """Open a closed file as readers will, and see that all is there.

    `rows`: how many each table had when it was built; without it every published table must
    be there. Raises CarryoverError where something is missing.
    """
    if wal_of(built).exists():
        raise _not_whole(built, "its log was not written into it")
    with open_database(built, read_only=True) as connection:
        held = rows_of(connection)
    wanted = published_names() if rows is None else rows.keys()
    missing = sorted(wanted - held.keys())
    if missing:
        raise _not_whole(built, f"it has no table {missing[0]}")
    for name, n in (rows or {}).items():
        if held[name] != n:
            raise _not_whole(built, f"{name} has {held[name]} rows and had {n}")


def stands(published: Path) -> bool:
    """Return whether a published warehouse is there, opens and has its tables."""
    if not published.exists():
        return False
    wal_of(published).unlink(missing_ok=True)
    try:
        verify(published)
    except CarryoverError:
        return False
    return True


def rows_of(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Return how many rows each table of an open warehouse has."""
    names = connection.execute(
        "select table_name from duckdb_tables() "
        "where not internal and not temporary and database_name = current_database()"
    ).fetchall()
    counts = [
        connection.execute(f'select count(*) from main."{name}"').fetchall()[0][0]
        for (name,) in names
    ]
    return {name: int(n) for (name,), n in zip(names, counts, strict=True)}


def _not_whole(built: Path, what: str) -> CarryoverError:
    return CarryoverError(
        f"this warehouse is not whole and is not published: {what}", subject=str(built),
        remedy="The published one is unchanged; run `carryover build`.",
    )  # fmt: skip
