"""Light processes: writers, publishers and readers of databases, started without imports.

What is imported before they are forked starts no threads; whole nights need more and are started
by `processes`.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.process import BaseProcess

LIGHT = ["carryover.normalise", "carryover.warehouse.store", "carryover.warehouse.publish",
         "carryover.warehouse.read"]  # fmt: skip


def fork(work: Callable[..., object], *args: str) -> BaseProcess:
    """Call a function in a process that shares no connection with this one."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(LIGHT)
    process = context.Process(target=work, args=args)
    process.start()
    return process


def kill(process: BaseProcess) -> None:
    """Kill -9 it; it has started no other."""
    process.kill()
    process.join()


def code_of(process: BaseProcess, patience_s: float = 120.0) -> int:
    """Return the exit code of a process that ends by itself; −1 where it does not."""
    process.join(patience_s)
    if process.exitcode is None:
        kill(process)
        return -1
    return process.exitcode
