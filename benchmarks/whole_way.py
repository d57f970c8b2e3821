"""The whole way: a thousand runs from files to the warehouse, against what bounds it.

Below it lies DuckDB's bare insert of the very rows; above it the ordinary script, fitparse and
pandas and one insert a file, measured on some files and extrapolated. Every measurement is a
process of its own; its imports are not counted, its child processes are.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.peak_memory import forget_peak, held_mb
from benchmarks.runs import Run, variations
from benchmarks.tables import StepError, cpu_s, in_fresh_process, number, table

SCRIPT_FILES: Final = 24
INSERTS: Final = 3
HEADER: Final = ("way", "wall s", "CPU s", "× insert (CPU)", "× faster (wall)")


@dataclass(frozen=True, slots=True)
class Way:
    """One way to the warehouse and what it took."""

    name: str
    wall_s: float
    cpu_s: float


def whole_way(
    runs: list[Run], *, n_runs: int, repeats: int, script_files: int = SCRIPT_FILES
) -> str:
    """Return the table of n different runs, from files to tables; temporary files are removed."""
    with tempfile.TemporaryDirectory(prefix="carryover-speed-") as folder:
        files = Path(folder) / "files"
        size_bytes = write_runs(files, runs, n_runs)
        ours = [_ingested(Path(folder), files, n_runs, turn) for turn in range(repeats)]
        store = Path(folder) / "home-0" / "data" / "warehouse" / "store.duckdb"
        inserted = [_child("insert", store, Path(folder) / f"bare-{i}") for i in range(INSERTS)]
        # Slow and long, so it comes last and once; a mix of all runs.
        script = _child("script", files, Path(folder) / "script.duckdb", script_files)
    share = n_runs / script_files
    bare, ingest, build = map(
        _middle, (inserted, [o["ingest"] for o in ours], [o["build"] for o in ours])
    )
    ways = [
        Way("DuckDB's bare insert of the same rows", *bare),
        Way("`carryover ingest`", *ingest),
        Way("`carryover ingest` and `build`", ingest[0] + build[0], ingest[1] + build[1]),
        Way(f"fitparse, pandas, an insert a file (from {script_files} files × {share:.1f})",
            script["wall_s"] * share, script["cpu_s"] * share),
    ]  # fmt: skip
    head = (
        f"{n_runs:,} different runs ({number(size_bytes / 1e6)} MB, {inserted[0]['rows']:,} rows "
        f"of `sample`), one a day: variations of {len(runs)} runs. {_told(ours)}"
    )
    return f"{head}\n\n{table(HEADER, [_row(way, ways[0], ways[-1]) for way in ways])}"


def _told(ours: list[dict[str, Any]]) -> str:
    walls = [one["ingest"]["wall_s"] for one in ours]
    peaks = [number(max(one[step]["peak_mb"] for one in ours)) for step in ("ingest", "build")]
    return (
        f"Medians: `ingest` of {len(ours)} ({number(min(walls))} to {number(max(walls))} s), "
        f"insert of {INSERTS}. Peak memory of the largest process, imports counted: {peaks[0]} MB "
        f"in `ingest`, {peaks[1]} MB in `build`."
    )


def _row(way: Way, bare: Way, script: Way) -> list[str]:
    return [way.name, number(way.wall_s), number(way.cpu_s), number(way.cpu_s / bare.cpu_s),
            number(script.wall_s / way.wall_s)]  # fmt: skip


def _middle(laps: list[dict[str, Any]]) -> tuple[float, float]:
    return (
        statistics.median(lap["wall_s"] for lap in laps),
        statistics.median(lap["cpu_s"] for lap in laps),
    )


def write_runs(folder: Path, runs: list[Run], n_runs: int) -> int:
    """Write n different runs as files; return how many bytes."""
    folder.mkdir(exist_ok=True)
    size_bytes = 0
    for i, content in enumerate(variations(runs, n_runs)):
        size_bytes += (folder / f"run-{i:05d}.fit").write_bytes(content)
    return size_bytes


def _ingested(folder: Path, files: Path, n_runs: int, turn: int) -> dict[str, Any]:
    """Ingest and build in a fresh home that holds the files; every run must be loaded."""
    home = folder / f"home-{turn}"
    raw = home / "data" / "raw"
    raw.mkdir(parents=True)
    for file in files.iterdir():
        os.link(file, raw / file.name)
    told = _child("ingest", home)
    if told["statuses"] != {"loaded": n_runs}:
        raise StepError(f"not every run was loaded: {told['statuses']}")
    return told


def _child(step: str, *arguments: object) -> dict[str, Any]:
    return in_fresh_process("benchmarks.whole_way", step, *map(str, arguments))


def _spent(work: Callable[[], object]) -> dict[str, float]:
    cpu, wall = cpu_s(), time.perf_counter()
    work()
    return {"wall_s": time.perf_counter() - wall, "cpu_s": cpu_s() - cpu}


def _ingest(root: Path) -> dict[str, Any]:
    from carryover import app  # noqa: PLC0415 - each step pays for its own imports
    from carryover.home import Home  # noqa: PLC0415
    from carryover.settings import Settings  # noqa: PLC0415

    home, settings = Home(root), Settings()
    reports: list[app.Report] = []
    ingest = _spent(lambda: reports.append(app.ingest(home, settings)))
    ingest["peak_mb"] = _peak_mb()
    forget_peak()
    build = _spent(lambda: app.build_and_publish(home, settings))
    build["peak_mb"] = _peak_mb()
    return {"ingest": ingest, "build": build, "statuses": dict(reports[0].statuses)}


def _peak_mb() -> float:
    """Return what this process, or the largest of its children that ended, held at most."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 / 1e6
    return max(held_mb("VmHWM"), ended)


def _insert(store: Path, target: Path) -> dict[str, Any]:
    """Insert the store's rows, already in memory, into a fresh file: open, one statement, close."""
    from carryover.warehouse.connect import open_database  # noqa: PLC0415

    with open_database(store, read_only=True) as connection:
        rows = connection.execute("select * from sample").to_arrow_table()

    def insert() -> None:
        with open_database(target) as connection:
            connection.register("incoming", rows)
            connection.execute("create table sample as select * from incoming limit 0")
            connection.execute("insert into sample select * from incoming")

    return {**_spent(insert), "rows": rows.num_rows}


def _script(folder: Path, target: Path, n_files: int) -> dict[str, Any]:
    """What one would write first: fitparse's rows → a frame → a table, file by file."""
    import duckdb  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415
    from fitparse import FitFile  # noqa: PLC0415

    from benchmarks.readers import COLUMNS  # noqa: PLC0415

    kinds = {"timestamp": "timestamp", "activity_type": "varchar"}
    declared = ", ".join(f"{name} {kinds.get(name, 'double')}" for name in COLUMNS)

    def script() -> None:
        with duckdb.connect(str(target)) as connection:
            connection.execute(f"create table sample ({declared})")
            for path in sorted(folder.iterdir())[:n_files]:
                messages = FitFile(str(path)).get_messages("record")
                rows = pd.DataFrame([message.get_values() for message in messages])
                frame = rows.reindex(columns=list(COLUMNS))
                connection.register("incoming", frame)
                connection.execute("insert into sample select * from incoming")

    return _spent(script)


if __name__ == "__main__":
    step, *given = sys.argv[1:]
    if step == "ingest":
        print(json.dumps(_ingest(Path(given[0]))))
    elif step == "insert":
        print(json.dumps(_insert(Path(given[0]), Path(given[1]))))
    else:
        print(json.dumps(_script(Path(given[0]), Path(given[1]), int(given[2]))))
