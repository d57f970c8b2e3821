"""Processes that are killed: warm when they are needed, ended with all that they started.

`python -m benchmarks.trust.processes` imports what a night needs, waits for one line that says
which function to call, and calls it.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

NEEDED: Final = ("carryover.app", "carryover.estimates", "carryover.site", "carryover.tally",
                 "statsmodels.api")  # fmt: skip
AHEAD: Final = 2
Process = subprocess.Popen[str]


class Starter:
    """Starts processes; some are kept ready, for imports take longer than what is tried."""

    def __init__(self, ahead: int = AHEAD) -> None:
        self._ahead = ahead
        self._ready: deque[Process] = deque()

    def start(self, work: Callable[..., object], *args: str) -> Process:
        """Call a module's function in a process of its own, the leader of its group."""
        while len(self._ready) <= self._ahead:
            self._ready.append(_fresh())
        process = self._ready.popleft()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a process without pipes")
        process.stdout.readline()
        process.stdin.write(json.dumps([work.__module__, work.__name__, list(args)]) + "\n")
        process.stdin.flush()
        return process

    def run(self, work: Callable[..., object], *args: str) -> int:
        """Call a function in a process of its own and return its exit code."""
        process = self.start(work, *args)
        try:
            return process.wait()
        finally:
            _shut(process)

    def close(self) -> None:
        """End those that wait."""
        while self._ready:
            kill(self._ready.popleft())


@contextlib.contextmanager
def starter(ahead: int = AHEAD) -> Iterator[Starter]:
    """Lend a starter; no process that waits outlives it."""
    held = Starter(ahead)
    try:
        yield held
    finally:
        held.close()


def kill(process: Process) -> None:
    """Kill -9 a process and all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    _shut(process)


def _shut(process: Process) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _fresh() -> Process:
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.trust.processes"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def _wait_for_work() -> None:
    os.umask(0o077)
    for name in NEEDED:
        importlib.import_module(name)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    line = sys.stdin.readline()
    if line:
        module, name, args = json.loads(line)
        getattr(importlib.import_module(module), name)(*args)


if __name__ == "__main__":
    _wait_for_work()
