"""Bytes a sample: every column of `sample`, published and in the store, stored in several ways.

Made by `python -m benchmarks.storage --write`. A way is a table of one column in a file of its own,
rows in the order that they have. Blocks are DuckDB's own of 256 kB, so that what a column takes is
rounded up to the next; smaller ones would be no measure, since they switch compression off.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb

from benchmarks.profiled import build_home, read_home
from benchmarks.runs import chosen_runs
from benchmarks.speed import CORPUS
from benchmarks.tables import ROOT, machine, number, table
from benchmarks.whole_way import write_runs
from carryover.home import Home
from carryover.warehouse.connect import STORAGE_VERSION

TARGET: Final = ROOT / "docs" / "storage.md"
SCANS: Final = 5
WAYS: Final[Mapping[str, str]] = {
    "as it is": "{}", "float": "{}::float", "7 decimals": "round({}, 7)",
    "3 decimals": "round({}, 3)", "2 decimals": "round({}, 2)", "1 decimal": "round({}, 1)",
}  # fmt: skip
ORDERS: Final = ("run_id, recorded_at", "recorded_at")
GROUPS: Final = (30_720, 61_440, 122_880, 245_760, 491_520)
HEAD: Final = """# Bytes a sample

What each column of `sample` costs on the disk, and what it would cost otherwise. Real runs, moved
to other days; made by `python -m benchmarks.storage --write`. DuckDB stores a column's numbers as
decimals where they are some (ALP); a number that fills its mantissa costs up to eight bytes. So
places (7 decimals, a centimetre), heights and slopes (2 decimals) are published as decimals, far
below what any sensor means by them; the store keeps them as they were worked out, and its table
tells what that costs. FLOAT saves nothing where decimals do, and gives other numbers."""


class Disk:
    """Tables written to files of their own, so that their size can be told."""

    def __init__(self, source: Path, folder: Path) -> None:
        self._connection = duckdb.connect()
        self._connection.execute("set TimeZone = 'UTC'")
        self._connection.execute(f"attach '{source}' as source (read_only)")
        self._folder = folder
        self._n = 0

    def rows(self, relation: str) -> int:
        """Return how many rows a table has."""
        told = self._connection.execute(f"select count(*) from {relation}").fetchone()
        return int(told[0]) if told else 0

    def columns(self, relation: str) -> dict[str, str]:
        """Return a table's columns and their types."""
        told = self._connection.execute(f"describe {relation}").fetchall()
        return {name: kind for name, kind, *_ in told}

    def size_bytes(
        self, query: str, group_rows: int = 122_880, *, scans: int = 0
    ) -> tuple[int, float]:
        """Return how many bytes a query's rows take, and the middle time of scans of them, s."""
        self._n += 1
        path = self._folder / f"way-{self._n}.duckdb"
        options = f"row_group_size {group_rows}, storage_version '{STORAGE_VERSION}'"
        run = self._connection.execute
        run(f"attach '{path}' as target ({options})")
        run("create table target.held as select 1 as nothing where false")
        run("checkpoint target")
        empty_bytes = self._used_bytes()
        run(f"create or replace table target.held as {query}")
        run("checkpoint target")
        laps = [self._scan() for _ in range(scans)] or [0.0]
        size_bytes = self._used_bytes() - empty_bytes
        run("detach target")
        path.unlink()
        return size_bytes, statistics.median(laps)

    def _used_bytes(self) -> int:
        told = self._connection.execute(
            "select used_blocks * block_size from pragma_database_size() "
            "where database_name = 'target'"
        ).fetchone()
        return int(told[0]) if told else 0

    def _scan(self) -> float:
        began = time.perf_counter()
        names = ", ".join(f"max({name})" for name in self.columns("target.held"))
        self._connection.execute(f"select {names} from target.held").fetchall()
        return time.perf_counter() - began


def by_column(disk: Disk, relation: str) -> str:
    """Return the table of a relation's columns and ways to store them."""
    n_rows = disk.rows(relation)
    rows, total = [], 0.0
    for name, kind in disk.columns(relation).items():
        told = [name, kind.lower()]
        for way, template in WAYS.items():
            if way != "as it is" and kind != "DOUBLE":
                told.append("")
                continue
            query = f"select {template.format(name)} as held from {relation}"
            each = disk.size_bytes(query)[0] / n_rows
            total += each if way == "as it is" else 0.0
            told.append(f"{each:.2f}")
        rows.append(told)
    rows.append(["**all**", "", f"**{total:.1f}**", *[""] * (len(WAYS) - 1)])
    return table(("column", "type", *WAYS), rows, texts=2)


def by_order(disk: Disk, relation: str) -> str:
    """Return the table of orders and row groups."""
    n_rows = disk.rows(relation)
    rows = []
    for order in ORDERS:
        for group_rows in GROUPS:
            query = f"select * from {relation} order by {order}"
            size_bytes, scan_s = disk.size_bytes(query, group_rows, scans=SCANS)
            rows.append([order, f"{group_rows:,}", f"{size_bytes / n_rows:.1f}", number(scan_s)])
    return table(("order", "rows a group", "bytes a sample", "scan of all columns, s"), rows)


def storage(home: Home, folder: Path) -> str:
    """Return the sections on the published warehouse and on the store."""
    published = Disk(home.build, folder)
    n_rows = published.rows("source.sample")
    store = Disk(home.store, folder)
    whole = [
        [name, number(path.stat().st_size / 1e6), f"{path.stat().st_size / n_rows:.1f}"]
        for name, path in (("`carryover.duckdb`", home.build), ("`store.duckdb`", home.store))
    ]
    return "\n\n".join([
        f"{n_rows:,} rows of `sample`.",
        table(("file", "MB", "bytes a sample"), whole),
        "## `sample`, published", by_column(published, "source.sample"),
        "## Order and row groups", by_order(published, "source.sample"),
        "## `sample`, in the store",
        by_column(store, "source.sample"),
    ])  # fmt: skip


def main() -> None:
    """Print the tables, and write docs/storage.md where that is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=300, help="how many runs (300)")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder of real files")
    parser.add_argument("--home", type=Path, help="a home that was read and built before")
    parser.add_argument("--write", action="store_true", help="write docs/storage.md")
    given = parser.parse_args()
    told = machine(("duckdb", "carryover"))
    with tempfile.TemporaryDirectory(prefix="carryover-storage-") as folder:
        home = Home(given.home or Path(folder) / "home")
        if given.home is None:
            corpus = given.corpus if (given.corpus / "MANIFEST.csv").exists() else None
            home.prepare()
            write_runs(home.raw, chosen_runs(corpus), given.runs)
            read_home(home.root)
            build_home(home.root)
        text = "\n\n".join([HEAD, told, storage(home, Path(folder))]) + "\n"
    print(text)
    if given.write:
        TARGET.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
