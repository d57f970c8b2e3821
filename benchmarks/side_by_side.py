"""Does it pay to decode beside the writer? One thread, a thread ahead, and processes.

A thread ahead is `benchmarks.ahead`. Each way is a process of its own that reads
the same files into a fresh store; its imports are not counted, its child processes are.
"""

from __future__ import annotations

import json
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, Final

from benchmarks.ahead import ahead
from benchmarks.peak_memory import held_mb
from benchmarks.runs import Run, variations
from benchmarks.tables import cpu_s, in_fresh_process, number, table
from carryover.intake import Found, identify, walk
from carryover.normalise import TABLES
from carryover.reading import read_files
from carryover.settings import Settings
from carryover.warehouse.content import Reading
from carryover.warehouse.store import open_store

HEADER: Final = ("way", "wall s", "CPU s", "memory of the writer, MB")
WAYS: Final = {
    "one": "one thread: read, write, read, write",
    "ahead": "a thread reads ahead of the writer (as the night does)",
    "processes": "a process a core reads, one writes",
}
ROUNDS: Final = 5


def side_by_side(runs: list[Run], n_runs: int, rounds: int = ROUNDS) -> str:
    """Return the table of the three ways, rounds interleaved; temporary files are removed."""
    with tempfile.TemporaryDirectory(prefix="carryover-side-") as folder:
        for i, content in enumerate(variations(runs, n_runs)):
            (Path(folder) / f"run-{i:05d}.fit").write_bytes(content)
        laps: dict[str, list[dict[str, Any]]] = {way: [] for way in WAYS}
        for _ in range(rounds):
            for way, told in laps.items():
                told.append(in_fresh_process("benchmarks.side_by_side", way, folder))
    rows = [
        [WAYS[way], *(number(statistics.median(lap[key] for lap in told)) for key in told[0])]
        for way, told in laps.items()
    ]
    head = f"{n_runs} runs into a fresh store; medians of {rounds} rounds."
    return f"{head}\n\n{table(HEADER, rows)}"


def _readings(way: str, found: list[Found], settings: Settings) -> Iterator[Reading]:
    if way == "processes":
        return _from_processes(found, settings)
    readings = read_files(found, settings, frozenset())
    return ahead(readings) if way == "ahead" else readings


def _from_processes(found: list[Found], settings: Settings) -> Iterator[Reading]:
    # A forked child would inherit locks that polars' and DuckDB's threads may hold.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(mp_context=context) as pool:
        chunks = list(_chunks(found, settings.machine.batch_mb * 1_000_000))
        for told in pool.map(_read, chunks, [settings] * len(chunks)):
            yield from told


def _chunks(found: Iterable[Found], size_bytes: int) -> Iterator[list[Found]]:
    chunk: list[Found] = []
    for one in found:
        chunk.append(one)
        if sum(f.size_bytes for f in chunk) >= size_bytes:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _read(found: list[Found], settings: Settings) -> list[Reading]:
    return list(read_files(found, settings, frozenset()))


def _measure(way: str, folder: Path) -> dict[str, float]:
    settings = Settings()
    found = [identify(folder, path) for path in walk(folder)]
    with tempfile.TemporaryDirectory(prefix="carryover-store-") as target:
        cpu, wall = cpu_s(), time.perf_counter()
        with open_store(Path(target) / "s.duckdb", TABLES, memory_limit="4GB") as store:
            store.load(_readings(way, found, settings))
        wall, cpu = time.perf_counter() - wall, cpu_s() - cpu
    return {"wall_s": wall, "cpu_s": cpu, "peak_mb": held_mb("VmHWM")}


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1], Path(sys.argv[2]))))
