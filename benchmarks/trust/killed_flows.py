"""Nights of the real program, with Prefect, that are killed and run again."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.trust.killed_nights import Undisturbed, died_in
from benchmarks.trust.processes import kill
from benchmarks.trust.side_by_side import standing
from benchmarks.trust.small_home import broken_pages, differences, hashes, leftovers
from benchmarks.trust.trial import Trial
from carryover.home import Home
from carryover.nights import nights
from carryover.warehouse.publish import stands

PATIENCE_S = 600.0
DATED = {"registration"}
"""Tables that bear the instant of the night, which here is the clock's."""


def killed_flows(folder: Path, calm: Undisturbed, n: int) -> Trial:
    """Kill `carryover nightly` and all that it started, n times; each time run it again."""
    from prefect.settings import PREFECT_API_URL  # noqa: PLC0415
    from prefect.testing.utilities import prefect_test_harness  # noqa: PLC0415

    import pipelines  # noqa: F401, PLC0415 - its settings come before Prefect's import

    begun, chance = time.monotonic(), random.Random(29)
    failures: list[str] = []
    where: list[str] = []
    with prefect_test_harness(server_startup_timeout=180):
        api = str(PREFECT_API_URL.value())
        model = standing(folder / "model", calm)
        code, _ = _to_the_end(model, api)
        night_s = float(nights(model)["wall_s"][-1])
        failures += [f"the undisturbed night left with {code}"] * (code != 0)
        wanted = _tables(model)
        for number in range(n):
            home = standing(folder / str(number), calm)
            before = nights(home).height
            process = _begun(home, api)
            _wait_for_night(home, before)
            time.sleep((number + chance.random()) / n * night_s)
            kill(process)
            where.append(died_in(home))
            if not stands(home.published):
                failures.append(f"{number}: the published file does not open")
            code, told = _to_the_end(home, api)
            if code:
                failures.append(f"{number}: left with {code}: {told[-200:]}")
                continue
            wrong = differences(_tables(home), wanted) + leftovers(home)
            failures += [f"{number}: {what}" for what in wrong + broken_pages(home, calm.pages)]
    return Trial(
        ("S3", "I3"),
        "`carryover nightly` is killed with all it started, then run again",
        n,
        failures=tuple(failures), took_s=time.monotonic() - begun,
        note=f"died in {', '.join(where)}",
    )  # fmt: skip


def _begun(home: Home, api: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "carryover", "nightly", "--home", str(home.root)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        env=os.environ | {"PREFECT_API_URL": api},
    )  # fmt: skip


def _wait_for_night(home: Home, before: int) -> None:
    """Wait until the flow itself is at work: Prefect takes its time before."""
    until = time.monotonic() + PATIENCE_S
    while nights(home).height == before:
        if time.monotonic() > until:
            raise RuntimeError("no night begins")
        time.sleep(0.02)


def _to_the_end(home: Home, api: str) -> tuple[int, str]:
    process = _begun(home, api)
    try:
        told, _ = process.communicate(timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        kill(process)
        return -1, "it hangs"
    return process.returncode, told


def _tables(home: Home) -> dict[str, str]:
    return {name: told for name, told in hashes(home.published).items() if name not in DATED}
