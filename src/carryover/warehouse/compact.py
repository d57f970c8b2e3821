"""A database without what was deleted from it: DuckDB leaves deleted rows in free blocks."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from carryover.warehouse.connect import (
    STORAGE_VERSION,
    drop_database,
    open_database,
    quoted,
    sync,
    wal_of,
)

FRESH: Final = ".compact"


def compact(path: Path, *, memory_limit: str = "4GB") -> None:
    """Copy what a database holds into a new file and put that in its place by one rename.

    No connection to it may be open. Killed at any moment it leaves the old file or the new one.
    Raises CarryoverError where it cannot be opened.
    """
    fresh = path.with_name(path.name + FRESH)
    drop_database(fresh)
    if not path.exists():
        return
    spill = path.with_name(path.name + FRESH + ".spill")
    with open_database(path, memory_limit=memory_limit, temp_dir=spill) as connection:
        # All is in the one file then: a log beside the new file would be of the old one.
        connection.execute("checkpoint")
        row = connection.execute("select current_database()").fetchone()
        name = str(row[0]) if row else ""
        connection.execute(
            f"attach '{quoted(fresh)}' as fresh (storage_version '{STORAGE_VERSION}')"
        )
        connection.execute(f'copy from database "{name}" to fresh')
        connection.execute("detach fresh")
    sync(fresh)
    wal_of(fresh).unlink(missing_ok=True)
    wal_of(path).unlink(missing_ok=True)
    fresh.replace(path)
    sync(path.parent)
