"""A Dask scheduler and its workers on loopback, each a process that a test may kill."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PATIENCE_S = 300


@dataclass(frozen=True)
class Worker:
    """One worker and the folder that it works in."""

    process: subprocess.Popen[bytes]
    scratch: Path

    def is_at_work(self) -> bool:
        """Tell whether it is in the middle of an athlete."""
        return any(self.scratch.glob("carryover-*/home/data/warehouse/store.duckdb"))


@dataclass(frozen=True)
class Cluster:
    """A scheduler's address, and its workers."""

    address: str
    workers: list[Worker]

    def one_at_work(self) -> Worker:
        """Return a worker as soon as one is in the middle of an athlete."""
        return wait_for(lambda: next((w for w in self.workers if w.is_at_work()), None))


@contextlib.contextmanager
def cluster(folder: Path, n_workers: int) -> Iterator[Cluster]:
    """Run a scheduler and workers of one thread each; all end with the context."""
    known = folder / "scheduler.json"
    begun: list[subprocess.Popen[bytes]] = []
    try:
        begun.append(_started(
            folder, "dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
            "--scheduler-file", str(known),
        ))  # fmt: skip
        address = str(json.loads(wait_for(lambda: known.exists() and known.read_text()))["address"])
        workers = []
        for number in range(n_workers):
            scratch = folder / f"worker-{number}"
            scratch.mkdir()
            begun.append(_started(
                scratch, "dask_worker", address, "--host", "127.0.0.1", "--nthreads", "1",
                "--no-nanny", "--no-dashboard",
            ))  # fmt: skip
            workers.append(Worker(begun[-1], scratch))
        yield Cluster(address, workers)
    finally:
        for process in begun:
            process.kill()
            process.wait()


def _started(folder: Path, command: str, *arguments: str) -> subprocess.Popen[bytes]:
    # A worker that is not handed the Prefect server would start one of its own: none is told here.
    kept = {name: value for name, value in os.environ.items() if name != "PREFECT_API_URL"}
    with (folder / f"{command}.log").open("wb") as log:
        return subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{command}", *arguments],
            cwd=folder, env=kept | {"TMPDIR": str(folder)}, stdout=log, stderr=log,
        )  # fmt: skip


def wait_for(look, patience_s: float = PATIENCE_S):
    """Return what a look finds as soon as it finds something."""
    end = time.monotonic() + patience_s
    while not (found := look()):
        if time.monotonic() > end:
            raise TimeoutError(f"nothing came in {patience_s:.0f} s")
        time.sleep(0.02)
    return found
