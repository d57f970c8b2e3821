"""What a first night costs by how many runs there are, and what it costs to publish much.

Real runs moved to other days, one a day; each size is a home of its own, read, built and drawn in
one fresh process without Prefect, beside DuckDB's bare insert of the same rows.
`python -m benchmarks.backfill [--runs 10 100 1000 3000] [--samples 36] [--write]`.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from benchmarks.runs import Run, chosen_runs
from benchmarks.speed import CORPUS
from benchmarks.tables import ROOT, in_fresh_process, machine, number, put_between, table
from benchmarks.whole_way import write_runs

DOCS: Final = ROOT / "docs" / "scale.md"
SIZES: Final = (10, 100, 1_000, 3_000)
PACKAGES: Final = ("duckdb", "polars", "numpy", "carryover")
HEADER: Final = (
    "runs", "hours", "wall s", "CPU s", "read", "build", "draw", "ms a run",
    "read + build, × insert", "peak MB", "store MB", "published MB", "bytes a sample", "pages MB",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class First:
    """One first night: how many runs, its rows of samples, and what it took."""

    runs: int
    rows: int
    told: dict[str, Any]
    insert_cpu_s: float
    sizes_mb: dict[str, float]


def first_nights(runs: list[Run], sizes: list[int], folder: Path) -> list[First]:
    """Return the first night of a home of each size; the last home stays."""
    found = []
    for n_runs in sizes:
        root = folder / f"home-{n_runs}"
        raw = root / "data" / "raw"
        raw.parent.mkdir(parents=True)
        write_runs(raw, runs, n_runs)
        told = in_fresh_process("benchmarks.nights", "night", str(root))
        held = root / "data" / "warehouse"
        bare = folder / "bare.duckdb"
        inserted = in_fresh_process(
            "benchmarks.whole_way", "insert", str(held / "store.duckdb"), str(bare)
        )
        bare.unlink()
        sizes_mb = {
            "store": _mb(held / "store.duckdb"),
            "published": _mb(held / "carryover.duckdb"),
            "pages": sum(_mb(p) for p in (root / "dashboards" / "site").rglob("*") if p.is_file()),
        }
        found.append(First(n_runs, inserted["rows"], told, inserted["cpu_s"], sizes_mb))
        if n_runs != sizes[-1]:
            shutil.rmtree(root)
    return found


def _mb(path: Path) -> float:
    return path.stat().st_size / 1e6


def page(found: list[First]) -> str:
    """Return the table of first nights, and how the cost of a run grows by the decade."""
    rows = []
    for first in found:
        told, both = first.told, first.told["ingest"] + first.told["build"]
        rows.append([
            f"{first.runs:,}", number(first.rows / 3600), number(told["wall_s"]),
            number(told["cpu_s"]), *(number(told[n]) for n in ("ingest", "build", "render")),
            number(told["cpu_s"] / first.runs * 1e3), number(both / first.insert_cpu_s),
            number(told["peak_mb"]), *(number(first.sizes_mb[n]) for n in ("store", "published")),
            number(first.sizes_mb["published"] * 1e6 / first.rows), number(first.sizes_mb["pages"]),
        ])  # fmt: skip
    slopes = [
        f"{later.runs:,} runs against {first.runs:,}: "
        f"{number(later.told['cpu_s'] / later.runs * first.runs / first.told['cpu_s'])}"
        for first, later in pairwise(found)
    ]
    return (
        f"{machine(PACKAGES)}\n\n{table(HEADER, rows)}\n\n"
        f"CPU seconds a run, each size against the one before: {'; '.join(slopes)}."
    )


def published(root: Path, millions: float) -> str:
    """Return what publishing takes where the table of samples is repeated up to so many rows."""
    told = in_fresh_process("benchmarks.backfill", "publish", str(root), str(millions))
    return (
        f"{machine(PACKAGES)}\n\n"
        f"{told['rows'] / 1e6:.1f} million samples, {number(told['mb'])} MB: "
        f"{number(told['wall_s'])} s from the closed file to the published one "
        f"({number(told['cpu_s'])} s CPU): written to the disk, opened again, every table counted, "
        "the last one kept aside, renamed."
    )


def _published(root: Path, millions: float) -> dict[str, float]:
    from benchmarks.tables import cpu_s  # noqa: PLC0415 - as the steps of other benchmarks
    from carryover.home import Home  # noqa: PLC0415
    from carryover.warehouse.connect import open_database  # noqa: PLC0415
    from carryover.warehouse.publish import publish, rows_of  # noqa: PLC0415
    from carryover.warehouse.snapshots import Snapshots  # noqa: PLC0415

    home = Home(root)
    shutil.copyfile(home.published, home.build)
    home.build.chmod(0o600)
    with open_database(home.build) as connection:
        [(n_rows,)] = connection.execute("select count(*) from sample").fetchall()
        while n_rows < millions * 1e6:
            more = min(n_rows, round(millions * 1e6) - n_rows)
            connection.execute(f"insert into sample select * from sample limit {more}")
            n_rows += more
        rows = rows_of(connection)
        connection.execute("checkpoint")
    size_mb, cpu, wall = _mb(home.build), cpu_s(), time.perf_counter()
    publish(home.build, home.published, rows=rows, snapshots=Snapshots(home.snapshots, 1))
    return {"rows": n_rows, "mb": size_mb, "wall_s": time.perf_counter() - wall,
            "cpu_s": cpu_s() - cpu}  # fmt: skip


def main() -> None:
    """Run the first nights, then publish, and tell or write what they took."""
    if sys.argv[1:2] == ["publish"]:
        print(json.dumps(_published(Path(sys.argv[2]), float(sys.argv[3]))))
        return
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--runs", type=int, nargs="+", default=list(SIZES))
    ask.add_argument("--samples", type=float, default=36.0, help="millions that are published")
    ask.add_argument("--write", action="store_true", help="put the tables into docs/scale.md")
    told = ask.parse_args()
    runs = chosen_runs(CORPUS)
    with tempfile.TemporaryDirectory(prefix="carryover-backfill-") as folder:
        first = page(first_nights(runs, told.runs, Path(folder)))
        at_once = published(Path(folder) / f"home-{told.runs[-1]}", told.samples)
    for name, text in (("backfill", first), ("publish", at_once)):
        if told.write:
            put_between(DOCS, name, text)
        print(text)


if __name__ == "__main__":
    main()
