"""Nights over histories of several lengths, with nothing, one run and three runs that are new.

The made athlete of the demo, cut to its newest years; each night is a process of its own that
reads, builds and draws, without Prefect. Nights with little new are run in turns, a few times
each, and the cheapest is told: a machine that is slow for a minute must not tell of one history
alone. `python -m benchmarks.nights [RAW] [--write]`; RAW: a
folder of ten made years (data/raw of `carryover demo --weeks 520`), made where it is left out.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.peak_memory import held_mb
from benchmarks.tables import cpu_s, in_fresh_process, machine, number, put_between, table

DOCS: Final = Path(__file__).parents[1] / "docs" / "incremental.md"
YEARS: Final = (0.1, 1.0, 3.0, 10.0)
NEW: Final = (0, 1, 3)
TURNS: Final = 3
DATED: Final = re.compile(r"^(\d{4}-\d{2}-\d{2})")
PACKAGES: Final = ("duckdb", "polars", "numpy", "carryover")


@dataclass(frozen=True, slots=True)
class Made:
    """One night: history in years, runs in it, new runs, and what it took."""

    years: float
    runs: int
    new: int
    told: dict[str, Any]


def nights(raw: Path) -> list[Made]:
    """Return every night: each history is read and built once, then goes on with new runs."""
    with tempfile.TemporaryDirectory(prefix="carryover-nights-") as folder:
        found, late = [], {}
        for years in YEARS:
            base = Path(folder) / f"base-{years:g}"
            late[years], made = _begun(raw, base, years)
            found.append(made)
        best: dict[tuple[float, int], Made] = {}
        for _ in range(TURNS):
            for first in found:
                for new in NEW:
                    base = Path(folder) / f"base-{first.years:g}"
                    told = _with_new(raw, base, late[first.years][:new])
                    made = Made(first.years, first.runs, new, told)
                    key = (made.years, new)
                    best[key] = min(best.get(key, made), made, key=lambda m: float(m.told["cpu_s"]))
    every = [*found, *best.values()]
    return sorted(every, key=lambda m: (m.years, m.new != m.runs, m.new))


def _begun(raw: Path, base: Path, years: float) -> tuple[list[Path], Made]:
    """Read and build a history but for its newest runs; return these, and what it took."""
    files = _newest(raw, years)
    runs = sorted(p for p in files if p.parent.name == "watch" and _is_run(p))
    late = runs[-max(NEW) :]
    _lay(raw, base, [p for p in files if p not in late])
    n = len(runs) - len(late)
    return late, Made(years, n, n, in_fresh_process("benchmarks.nights", "night", str(base)))


def _with_new(raw: Path, base: Path, files: list[Path]) -> dict[str, Any]:
    """Return what a night upon a copy of a home takes, to which some files have come."""
    home = base.with_name("home")
    shutil.copytree(base, home, symlinks=True)
    _looked_at(home)
    _lay(raw, home, files)
    told = in_fresh_process("benchmarks.nights", "night", str(home))
    shutil.rmtree(home)
    return told


def _looked_at(home: Path) -> None:
    """Have the night before know how the files look: those of a copy look new."""
    from carryover import app  # noqa: PLC0415 - a night counts its imports
    from carryover.home import Home  # noqa: PLC0415
    from carryover.intake.glances import SETTLED_NS  # noqa: PLC0415
    from carryover.progress import unshown  # noqa: PLC0415
    from carryover.settings import load_settings  # noqa: PLC0415

    time.sleep(1.1 * SETTLED_NS / 1e9)
    with unshown():
        app.find(Home(home), load_settings(home))


def _newest(raw: Path, years: float) -> list[Path]:
    files = sorted(p for p in raw.rglob("*") if p.is_file())
    dated = {p: DATED.match(p.name) for p in files}
    last = max(match[1] for match in dated.values() if match)
    since = dt.date.fromisoformat(last) - dt.timedelta(days=round(365.25 * years))
    return [p for p, match in dated.items() if match is None or match[1] >= str(since)]


def _is_run(path: Path) -> bool:
    return DATED.match(path.name) is not None and "strength" not in path.name


def _lay(raw: Path, home: Path, files: list[Path]) -> None:
    for path in files:
        place = home / "data" / "raw" / path.relative_to(raw)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)


def _night(root: Path) -> dict[str, Any]:
    """Run one night; imports of its steps are counted, the interpreter's start is not."""
    begun, cpu = time.perf_counter(), cpu_s()
    from carryover import app  # noqa: PLC0415
    from carryover.home import Home  # noqa: PLC0415
    from carryover.settings import load_settings  # noqa: PLC0415

    home, settings = Home(root), load_settings(root)
    now = dt.datetime.now(dt.UTC)
    home.prepare()
    steps: dict[str, float] = {}
    quiet = app.nothing_new(home, settings, now=now)
    todo: dict[str, Callable[[], object]] = {
        "ingest": lambda: app.ingest(home, settings),
        "build": lambda: app.build_and_publish(home, settings, now=now),
        "render": lambda: app.render(home, settings, now=now),
    }
    for name, step in todo.items() if quiet is None else ():
        at = cpu_s()
        step()
        steps[name] = cpu_s() - at
    wall, spent = time.perf_counter() - begun, cpu_s() - cpu
    size = home.published.stat().st_size / 1e6
    return {"wall_s": wall, "cpu_s": spent, "peak_mb": held_mb("VmHWM"), "mb": size} | steps


def page(found: list[Made]) -> str:
    """Return the table and the slope over the history."""
    rows = []
    for made in found:
        told = made.told
        steps = [number(told[n]) if n in told else "" for n in ("ingest", "build", "render")]
        what = "all" if made.new == made.runs else str(made.new)
        rows.append([f"{made.years:g}", f"{made.runs:,}", what, number(told["wall_s"]),
                     number(told["cpu_s"]), *steps, number(told["peak_mb"])])  # fmt: skip
    cpu = {(m.years, m.new): m.told["cpu_s"] for m in found}
    wall = {(m.years, m.new): m.told["wall_s"] for m in found}
    told = [
        f"{new} new: {number(cpu[10.0, new] / cpu[1.0, new])} (CPU), "
        f"{number(wall[10.0, new] / wall[1.0, new])} (wall)"
        for new in NEW
    ]
    head = ("years", "runs", "new", "wall s", "CPU s", "read", "build", "draw", "peak MB")
    return (
        f"{machine(PACKAGES)}\n\n{table(head, rows)}\n\nTen years against one: {'; '.join(told)}."
    )


def main() -> None:
    """Run every night and tell, or write, what they took."""
    if sys.argv[1:2] == ["night"]:
        print(json.dumps(_night(Path(sys.argv[2]))))
        return
    named = [Path(a) for a in sys.argv[1:] if not a.startswith("--")]
    with tempfile.TemporaryDirectory(prefix="carryover-years-") as folder:
        raw = named[0] if named else _made(Path(folder))
        text = page(nights(raw))
    if "--write" in sys.argv:
        put_between(DOCS, "nights", text)
    else:
        print(text)


def _made(folder: Path) -> Path:
    from carryover.demo.write import write_demo  # noqa: PLC0415 - needs Garmin's encoder

    write_demo(folder / "demo", weeks=520, seed=1, end_date=dt.date(2026, 5, 29))
    return folder / "demo" / "data" / "raw"


if __name__ == "__main__":
    main()
