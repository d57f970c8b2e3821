"""Prefect's share of a night: import, start of its temporary server, a flow, a task, the end.

Each turn is a fresh process on a database of Prefect's own that the first turn has made. A night
with a server that runs already (`carryover serve`) pays all rows but the two of the server.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks.tables import StepError, number, table

ROUNDS: Final = 5
TASKS: Final = 20
HEADER: Final = ("what", "wall s", "CPU s, own", "CPU s, server")
OFF: Final = {
    "as it is": {},
    "no migration at the start": {"PREFECT_SERVER_DATABASE_MIGRATE_ON_START": "false"},
    "logs not sent to the server": {"PREFECT_LOGGING_TO_API_ENABLED": "false"},
    "no service that a night can spare": dict.fromkeys(
        (
            f"PREFECT_SERVER_SERVICES_{name}_ENABLED"
            for name in ("TRIGGERS", "EVENT_PERSISTER", "EVENT_LOGGER", "SCHEDULER", "LATE_RUNS",
                         "FOREMAN", "CANCELLATION_CLEANUP", "PAUSE_EXPIRATIONS")
        ),
        "false",
    ),
}  # fmt: skip
"""Settings of the temporary server that might make it start sooner."""
Laps = dict[str, tuple[float, float, float]]


def one_turn() -> Laps:
    """Import Prefect, start its server, run flows, end; wall, own CPU and the server's CPU."""
    laps: Laps = {}
    server_pid = 0

    def lap(name: str, work: Callable[[], object], times: int = 1) -> None:
        wall, own, server = time.perf_counter(), time.process_time(), _cpu_s(server_pid)
        work()
        told = (time.perf_counter() - wall, time.process_time() - own, _cpu_s(server_pid) - server)
        laps[name] = (told[0] / times, told[1] / times, told[2] / times)

    # What a night needs without Prefect is there before.
    import carryover.app  # noqa: F401, PLC0415

    lap("import", _imported)
    # What follows can only be imported then: the settings of a night come before Prefect's.
    from prefect import flow, task  # noqa: PLC0415
    from prefect.server.api.server import SubprocessASGIServer  # noqa: PLC0415

    server = SubprocessASGIServer()
    began = time.perf_counter(), time.process_time()
    server.start(180)
    process = server.server_process
    if process is None:
        raise StepError("no server")
    server_pid = process.pid
    laps["start of the temporary server"] = (
        time.perf_counter() - began[0], time.process_time() - began[1], _cpu_s(server_pid),
    )  # fmt: skip
    nothing = task(lambda: None, name="nothing", persist_result=False)
    none = flow(lambda: None, name="none", persist_result=False)
    many = flow(lambda: [nothing() for _ in range(TASKS)], name="many", persist_result=False)
    lap("first flow", none)
    lap("a flow more", none)
    lap("a task", many, TASKS)
    ended = time.perf_counter(), time.process_time()
    server.stop()
    laps["end of the server"] = (
        time.perf_counter() - ended[0], time.process_time() - ended[1], 0.0,
    )  # fmt: skip
    return laps


def _imported() -> None:
    import pipelines.nightly  # noqa: F401, PLC0415 - this is what is measured


def _cpu_s(pid: int) -> float:
    """Return the CPU seconds that a process has used; 0 of none."""
    try:
        told = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def prefect_share(rounds: int = ROUNDS) -> str:
    """Return Prefect's share as a table, and the server's start under other settings."""
    with tempfile.TemporaryDirectory(prefix="carryover-prefect-") as folder:
        _turn(Path(folder), {})
        held: dict[str, list[Laps]] = {name: [] for name in OFF}
        for _ in range(rounds):
            for name, own in OFF.items():
                held[name].append(_turn(Path(folder), own))
    usual = held["as it is"]
    rows = [[name, *_medians(usual, name)] for name in usual[0]]
    start = "start of the temporary server"
    tried = [[name, *_medians(laps, start)] for name, laps in held.items()]
    return (
        f"{table(HEADER, rows)}\n\nThe server's start:\n\n{table(('settings', *HEADER[1:]), tried)}"
    )


def _turn(folder: Path, own: dict[str, str]) -> Laps:
    env = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT")}
    env |= {"PREFECT_HOME": str(folder), "PREFECT_LOGGING_LEVEL": "CRITICAL"} | own
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.prefect_share", "turn"], env=env, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    if done.returncode:
        raise StepError(done.stderr[-500:])
    told: Laps = json.loads(done.stdout.splitlines()[-1])
    return told


def _medians(laps: list[Laps], name: str) -> list[str]:
    return [number(statistics.median(lap[name][k] for lap in laps)) for k in range(3)]


if __name__ == "__main__":
    if sys.argv[1:] == ["turn"]:
        print(json.dumps(one_turn()))
    else:
        print(prefect_share(int(sys.argv[1]) if sys.argv[1:] else ROUNDS))
