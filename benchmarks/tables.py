"""What every benchmark here shares: a stopwatch for wall and CPU time, and Markdown tables."""

from __future__ import annotations

import datetime as dt
import gc
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final, TypeVar

T = TypeVar("T")
ROOT: Final = Path(__file__).parents[1]


class StepError(Exception):
    """A step of a benchmark that is a process of its own failed."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one piece of work took; CPU time is of all threads and ended child processes."""

    wall_s: float
    cpu_s: float


def measured(work: Callable[[], T]) -> tuple[Spent, T]:
    """Do a piece of work and return what it took; rubbish of the work before is not counted."""
    gc.collect()
    cpu, wall = cpu_s(), time.perf_counter()
    result = work()
    wall, cpu = time.perf_counter() - wall, cpu_s() - cpu
    return Spent(wall, cpu), result


def cpu_s() -> float:
    """Return the CPU seconds of this process and of its children that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def median_wall_s(laps: Sequence[Spent]) -> float:
    """Return the middle wall time."""
    return statistics.median(lap.wall_s for lap in laps)


def median_cpu_s(laps: Sequence[Spent]) -> float:
    """Return the middle CPU time."""
    return statistics.median(lap.cpu_s for lap in laps)


def spread(laps: Sequence[Spent], *, unit_s: float = 1e-3) -> str:
    """Return fastest and slowest wall time, as `3.1–3.9`; `unit_s`: what they are told in."""
    walls = [lap.wall_s / unit_s for lap in laps]
    return f"{number(min(walls))}–{number(max(walls))}"


def number(value: float) -> str:
    """Return a number with three digits that count: 0.952, 8.90, 71.0, 937, 4,276."""
    for bound, digits in ((1.0, 3), (10.0, 2), (100.0, 1)):
        if abs(value) < bound:
            return f"{value:.{digits}f}"
    return f"{value:,.0f}"


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, texts: int = 1) -> str:
    """Return a Markdown table; the first columns are texts, the others stand right."""
    lines = [header, ["---"] * texts + ["---:"] * (len(header) - texts), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def put_between(path: Path, name: str, text: str) -> None:
    """Put a text into a page, between `<!-- name -->` and `<!-- end of name -->`."""
    begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
    before, rest = path.read_text("utf-8").split(begin)
    after = rest.split(end)[1]
    path.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}", "utf-8")


def installed(package: str) -> str | None:
    """Return a package's version; None where it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def machine(packages: Iterable[str]) -> str:
    """Return on what and with what a run was measured."""
    found = [f"{name} {told}" for name in packages if (told := installed(name))]
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    day = f"{dt.datetime.now(dt.UTC):%Y-%m-%d}"
    return (
        f"{day}, {cores} cores ({platform.machine()}, {platform.system()}), "
        f"load {os.getloadavg()[0]:.1f} at the start, Python {platform.python_version()}, "
        f"{', '.join(found)}."
    )


def usual_env() -> dict[str, str]:
    """Return the environment as most people have it: what was compiled once is kept compiled."""
    return {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}


def in_fresh_process(module: str, *arguments: str) -> dict[str, Any]:
    """Run `python -m module` and return the JSON of its last line; StepError where it fails."""
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        capture_output=True, text=True, check=False,
        env={**usual_env(), "PYTHONPATH": os.pathsep.join(filter(None, paths))},
    )  # fmt: skip
    if done.returncode:
        raise StepError((done.stderr.strip().splitlines() or ["it failed"])[-1])
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told
