"""`carryover export`: the published warehouse as a folder of Parquet files that explains itself."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Final

from carryover.errors import UsageError
from carryover.home import Home
from carryover.replaced import replaced
from carryover.room import full_disk_told, require_room, size_of
from carryover.warehouse.connect import wal_of
from carryover.warehouse.export import Written, write_tables

MARK: Final = "_tables.json"
"""A folder that holds this file is an export and may be replaced."""
README: Final = """\
Tables of a carryover home as Parquet. _tables.json names each table with its grain, rows, columns,
their types, meanings and units, and a hash of what it holds.

Tables are parted by athlete and year of the local date where they have such:
sample/athlete_id=me/year=2026/part-0.parquet. Both columns are in the folder's names; where a table
has an athlete_id of its own it is the same. Read a table with all its parts:

DuckDB   from read_parquet('sample/**/*.parquet', hive_partitioning = true,
                           hive_types = {'athlete_id': varchar})
polars   pl.scan_parquet("sample/**/*.parquet", hive_partitioning=True,
                         hive_schema={"athlete_id": pl.String, "year": pl.Int64})
pandas   pd.read_parquet("sample")

Missing is null. Positions that [privacy] hides are null here, too.
"""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export came to."""

    folder: Path
    tables: tuple[Written, ...]
    n_files: int
    size_bytes: int


def export(home: Home, out_dir: Path, names: Collection[str] = ()) -> Exported:
    """Write published tables (all, or those of `names`) to a folder, whole or not at all.

    Raises UsageError where nothing is published, a name is none of a table, or the folder holds
    other files; DiskFullError where there is too little room.
    """
    if not home.published.exists():
        raise UsageError(
            "there is no warehouse yet", subject=str(home.published),
            remedy="Run `carryover nightly` first.",
        )  # fmt: skip
    wal_of(home.published).unlink(missing_ok=True)
    with full_disk_told(out_dir.parent), replaced(out_dir, MARK, "an export") as fresh:
        require_room(fresh, size_of(home.published), "export the tables")
        tables = tuple(write_tables(home.published, fresh, names))
        files = list(fresh.rglob("*.parquet"))
        size_bytes = sum(path.stat().st_size for path in files)
        (fresh / "README.txt").write_text(README, "utf-8")
        told = {"carryover": version("carryover"), "tables": {t.name: t.as_dict() for t in tables}}
        (fresh / MARK).write_text(json.dumps(told, ensure_ascii=False, indent=1), "utf-8")
    return Exported(out_dir, tables, len(files), size_bytes)
