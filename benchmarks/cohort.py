"""A made cohort on Dask with a worker killed: what an athlete costs, and whether numbers stay.

`python -m benchmarks.cohort --athletes 200 --workers 2 [--write]`; docs/scale.md holds the table.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.tables import ROOT, machine, number, put_between, table

DOCS: Final = ROOT / "docs" / "scale.md"
NOW: Final = datetime(2026, 7, 1, 3, tzinfo=UTC)
END: Final = date(2026, 6, 28)
PATIENCE_S: Final = 600.0
THREADS: Final = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")


def main() -> None:
    """Make the cohort, run it on both engines, print what came out."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--athletes", type=int, default=200)
    ask.add_argument("--weeks", type=int, default=2, help="of running, each athlete")
    ask.add_argument("--made", type=int, default=10, help="different ones; others repeat these")
    ask.add_argument("--workers", type=int, default=2)
    ask.add_argument("--write", action="store_true", help="put the table into docs/scale.md")
    ask.add_argument("--keep", type=Path, help="a folder to work in, kept")
    told = ask.parse_args()
    os.environ.update(dict.fromkeys(THREADS, "1"))
    os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
    with tempfile.TemporaryDirectory(prefix="cohort-") as temporary:
        text = measured(told, told.keep or Path(temporary))
    if told.write:
        put_between(DOCS, "cohort", text)
    print(text)


def measured(told: argparse.Namespace, folder: Path) -> str:
    """Return the table of one cohort on both engines."""
    head = machine(("carryover", "prefect", "distributed", "duckdb", "polars"))
    home = made(folder, told.athletes, told.weeks, min(told.made, told.athletes))
    local, local_s, _ = on_engine(home, folder / "local", "local", "")
    scheduler, address = started_scheduler(folder)
    workers = [started_worker(folder, address, k) for k in range(told.workers)]
    killer = threading.Thread(target=kill_one, args=(workers,), daemon=True)
    try:
        killer.start()
        dask, dask_s, failed = on_engine(home, folder / "dask", "dask", address)
    finally:
        for process, _ in [*workers, (scheduler, folder)]:
            process.kill()
            process.wait()
    killed = int((folder / "killed").exists())
    differ = [(who, name) for who, held in local.items() for name, value in held.tables.items()
              if who not in dask or dask[who].tables[name] != value]  # fmt: skip
    n_tables = sum(len(held.tables) for held in local.values())
    rows = [
        row("local", local, local_s, ""),
        row(f"dask, {told.workers} workers, {killed} killed", dask, dask_s, failed),
    ]
    return "\n".join([
        head, "",
        table(("engine", "athletes", "wall s", "wall s an athlete", "unit's wall s",
               "unit's CPU s", "failed"), rows),
        "", f"Tables that differ: {len(differ)} of {n_tables:,}.",
        *(f"- {who}: {name}" for who, name in differ[:20]),
    ])  # fmt: skip


def row(name: str, done: dict[str, Any], wall_s: float, failed: str) -> list[str]:
    """Return one engine's line."""
    n = max(len(done), 1)
    return [
        name, str(len(done)), number(wall_s), number(wall_s / n),
        number(sum(d.wall_s for d in done.values()) / n),
        number(sum(d.cpu_s for d in done.values()) / n), failed or "0",
    ]  # fmt: skip


def made(folder: Path, n: int, weeks: int, n_made: int) -> Path:
    """Write a home with so many athletes, of `n_made` different ones; return its folder."""
    from carryover.demo import write_demo  # noqa: PLC0415 - threads are set first

    home, people = folder / "home", []
    for k in range(n):
        name = f"a{k:04d}"
        source = folder / "made" / f"{k % n_made}"
        if not source.exists():
            write_demo(source, weeks=weeks, seed=k + 1, end_date=END)
        target = home / "data" / "raw" / name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(source / "data" / "raw", target_is_directory=True)
        people.append(f'[[athletes]]\nid = "{name}"\nname = "{name}"\nfolder = "{name}"\n')
    (home / "carryover.toml").write_text("".join(people), "utf-8")
    return home


def on_engine(
    home: Path, store: Path, engine: str, address: str
) -> tuple[dict[str, Any], float, str]:
    """Run the cohort; return manifests by athlete, wall seconds, and how many failed."""
    from carryover import app  # noqa: PLC0415 - as above
    from carryover.cohort import coordinator  # noqa: PLC0415
    from carryover.cohort.order import Done  # noqa: PLC0415
    from carryover.cohort.store import open_store  # noqa: PLC0415
    from pipelines.cohort import run_units  # noqa: PLC0415

    where, settings = app.open_home(home)
    scale = settings.scale.model_copy(update={"engine": engine, "address": address})
    group = coordinator.Cohort(where, settings, str(store), str(where.raw))
    failed: list[str] = []

    def ended(athlete: str, result: object) -> None:
        if isinstance(result, BaseException):
            failed.append(f"{athlete}: {result}")

    orders = coordinator.orders(group, NOW)
    begun = time.perf_counter()
    run_units(scale, orders, ended)
    wall_s = time.perf_counter() - begun
    shared = open_store(str(store))
    done = {a.id: Done.read(shared, a.id) for a in group.people}
    held = {who: one for who, one in done.items() if one is not None}
    return held, wall_s, "; ".join(failed)


def started_scheduler(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start Dask's scheduler on loopback; return it with its address."""
    known = folder / "scheduler.json"
    process = started(folder, "dask_scheduler", "--host", "127.0.0.1", "--port", "0",
                      "--no-dashboard", "--scheduler-file", str(known))  # fmt: skip
    end = time.monotonic() + PATIENCE_S
    while not known.exists() and time.monotonic() < end:
        time.sleep(0.1)
    time.sleep(0.2)
    return process, str(json.loads(known.read_text("utf-8"))["address"])


def started_worker(
    folder: Path, address: str, number_of: int
) -> tuple[subprocess.Popen[bytes], Path]:
    """Start one worker of one thread; return it with the folder that it works in."""
    scratch = folder / f"worker-{number_of}"
    scratch.mkdir(exist_ok=True)
    process = started(scratch, "dask_worker", address, "--host", "127.0.0.1", "--nthreads", "1",
                      "--no-nanny", "--no-dashboard")  # fmt: skip
    return process, scratch


def started(folder: Path, command: str, *arguments: str) -> subprocess.Popen[bytes]:
    """Start a command of Dask's, its words in a file beside it."""
    with (folder / f"{command}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{command}", *arguments],
            cwd=folder, env=os.environ | {"TMPDIR": str(folder)}, stdout=log, stderr=log,
        )  # fmt: skip


def kill_one(workers: list[tuple[subprocess.Popen[bytes], Path]]) -> None:
    """Kill the first worker in the middle of an athlete, and leave a note of it."""
    process, scratch = workers[0]
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if any(scratch.glob("carryover-*/home/data/warehouse/store.duckdb")):
            process.kill()
            process.wait()
            (scratch.parent / "killed").touch()
            return
        time.sleep(0.02)


if __name__ == "__main__":
    main()
