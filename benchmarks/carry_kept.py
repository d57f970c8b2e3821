"""Records of made athletes, kept as lines of JSON: a broken run goes on where it stopped."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing.pool import Pool
from pathlib import Path
from typing import Any, Final

from benchmarks.tables import ROOT
from carryover.progress import bar

PROGRAM: Final = (
    "src/carryover/estimate/*.py", "src/carryover/catalogue/*.csv", "src/carryover/metrics.*",
    "benchmarks/carry_judged.py", "benchmarks/carry_peers.py", "benchmarks/carry_worlds.py",
    "tests/estimate_worlds.py",
)  # fmt: skip
"""What a record depends on: when any of it changes, records are made anew."""
MOST_DRAWS: Final = 10
"""A scenario that the gate stops this much more often than not is none."""
LEAST_BATCH: Final = 2
BATCH: Final = 100

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Wanted:
    """How many athletes past the gate, from which seed on."""

    scenario: str
    athletes: int
    first_seed: int


@cache
def program_hash() -> str:
    """Return the fingerprint of all that a record depends on, as it is at the start."""
    told = hashlib.sha256()
    for pattern in PROGRAM:
        for path in sorted(ROOT.glob(pattern)):
            told.update(path.name.encode() + path.read_bytes())
    return told.hexdigest()[:12]


def records(
    wanted: Wanted, work: Callable[[tuple[str, int]], Record], pool: Pool, folder: Path
) -> list[Record]:
    """Return the records of the first seeds that hold enough athletes past the gate.

    Those that the gate stops are among them. What is missing in `folder` is made and added.
    """
    path = folder / f"{wanted.scenario}-{program_hash()}.jsonl"
    found = _read(path)
    label = f"{wanted.scenario}, seeds {wanted.first_seed}…"
    with (
        bar(label, wanted.athletes, "athletes") as advance,
        path.open("a", encoding="utf-8") as out,
    ):
        out.write("\n")  # after a line that was cut off
        passed = len(_first(found, wanted)[1])
        advance(passed)
        while passed < wanted.athletes:
            for record in pool.imap_unordered(work, _next(found, wanted, passed)):
                found[record["seed"]] = record
                out.write(json.dumps(record) + "\n")
                out.flush()
            now = len(_first(found, wanted)[1])
            advance(now - passed)
            passed = now
    return _first(found, wanted)[0]


@contextmanager
def workers(jobs: int) -> Iterator[Pool]:
    """Open processes of their own; forked ones would inherit locks of frames at work."""
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        yield pool


def _next(found: dict[int, Record], wanted: Wanted, passed: int) -> list[tuple[str, int]]:
    """Return the next seeds to draw: hardly more than it takes."""
    most = wanted.first_seed + MOST_DRAWS * max(wanted.athletes, BATCH)
    new = [seed for seed in range(wanted.first_seed, most) if seed not in found]
    if not new:
        raise RuntimeError(f"{wanted.scenario}: the gate stops nearly everybody")
    size = min(BATCH, LEAST_BATCH + wanted.athletes - passed)
    return [(wanted.scenario, seed) for seed in new[:size]]


def _first(found: dict[int, Record], wanted: Wanted) -> tuple[list[Record], list[Record]]:
    """Return the records of unbroken seeds up to the last athlete wanted, and who passed."""
    taken: list[Record] = []
    passed: list[Record] = []
    seed = wanted.first_seed
    while seed in found and len(passed) < wanted.athletes:
        taken.append(found[seed])
        passed += [found[seed]] if found[seed]["stopped"] is None else []
        seed += 1
    return taken, passed


def _read(path: Path) -> dict[int, Record]:
    """Return kept records by seed; a line that was cut off is made anew."""
    found: dict[int, Record] = {}
    if path.exists():
        for line in path.read_text("utf-8").splitlines():
            try:
                record = json.loads(line)
            except json.JSONDecodeError:
                continue
            found[record["seed"]] = record
    return found
