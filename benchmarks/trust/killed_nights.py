"""Whole nights that are killed at any moment, and run again to their end."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.trust.nights_run import night_told
from benchmarks.trust.processes import Starter, kill
from benchmarks.trust.small_home import (
    broken_pages,
    differences,
    hashes,
    home_of,
    leftovers,
    made_files,
    page_names,
)
from benchmarks.trust.trial import Trial
from carryover.home import Home
from carryover.nights import nights
from carryover.warehouse.publish import stands
from carryover.warehouse.snapshots import Snapshots

MOST_IN_A_ROW = 3
OVER = "none: it was over"
EARLY = 0.2
"""Half of the kills fall into this first part of a night, where files are read."""


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """What homes come to where nothing happens: after a first night, and after a second one."""

    first: dict[str, bytes]
    later: dict[str, bytes]
    after_first: Path
    """A home after its first night, to be copied."""
    tables: dict[str, str]
    pages: list[str]
    night_s: float


def undisturbed(folder: Path, run: Callable[[str], int]) -> Undisturbed:
    """Run two nights as they should be, each by `run(root)`; return what they come to."""
    first, later = made_files(folder)
    one, both = home_of(folder / "one", first), home_of(folder / "both", first | later)
    _must(run(str(one.root)))
    begun = time.monotonic()
    _must(run(str(both.root)))
    took_s = time.monotonic() - begun
    return Undisturbed(
        first, later, one.root, hashes(both.published), page_names(both), took_s
    )  # fmt: skip


def killed_nights(folder: Path, starter: Starter, calm: Undisturbed, n: int) -> Trial:
    """Kill nights of fresh and of standing homes, some several times; then let one come through.

    A kill leaves the published warehouse whole; the night that comes through gives the tables and
    pages of an undisturbed home, and clears what was left.
    """
    begun, chance = time.monotonic(), random.Random(19)
    failures: list[str] = []
    where: dict[str, int] = {}
    n_kills = n_homes = partial = 0
    while n_kills < n:
        home = _home(folder / str(n_homes), calm, standing=bool(n_homes % 2))
        for _ in range(min(chance.randint(1, MOST_IN_A_ROW), n - n_kills)):
            process = starter.start(night_told, str(home.root))
            share = chance.uniform(0, EARLY if chance.random() < 0.5 else 1.1)
            time.sleep(share * calm.night_s)
            kill(process)
            step = died_in(home)
            where[step] = where.get(step, 0) + 1
            n_kills += step != OVER  # One that came too late is tried, but counts for nothing.
            if home.published.exists() and not stands(home.published):
                partial += 1
        code = starter.run(night_told, str(home.root))
        failures += [f"home {n_homes}: {what}" for what in wrong_in(home, calm, code)]
        n_homes += 1
        shutil.rmtree(home.root)
    steps = ", ".join(f"{n} in {step}" for step, n in sorted(where.items()))
    return Trial(
        ("I3", "C2"), "a whole night is killed, then run again", n_kills, partial=partial,
        failures=tuple(failures), took_s=time.monotonic() - begun,
        note=f"{n_homes} homes, up to {MOST_IN_A_ROW} kills in a row; died {steps}",
    )  # fmt: skip


def rebuilt_from_raw(folder: Path, starter: Starter, calm: Undisturbed) -> Trial:
    """Delete everything but the raw files: a night gives the same tables."""
    begun = time.monotonic()
    home = _home(folder / "raw", calm, standing=True)
    shutil.rmtree(home.warehouse_dir)
    code = starter.run(night_told, str(home.root))
    failures = wrong_in(home, calm, code)
    return Trial(
        ("C7", "I8"), "the warehouse is deleted and made again from data/raw/", 1,
        failures=tuple(failures), took_s=time.monotonic() - begun,
    )  # fmt: skip


def wrong_in(home: Home, calm: Undisturbed, code: int) -> list[str]:
    """Return what is not as in an undisturbed home after a night that should have ended well."""
    if code:
        return [f"the night left with {code}: {_last_reason(home)}"]
    wrong = [f"table {name}" for name in differences(hashes(home.published), calm.tables)]
    wrong += [f"left: {name}" for name in leftovers(home)]
    wrong += [f"page {name}" for name in broken_pages(home, calm.pages)]
    bad = [path.name for path in Snapshots(home.snapshots, 0).held() if not stands(path)]
    return wrong + [f"snapshot {name}" for name in bad]


def died_in(home: Home) -> str:
    """Return the step in which the newest night of a home was cut off."""
    rows = nights(home).to_dicts()
    if not rows:
        return "beginning"
    if rows[-1]["state"] != "cut off":
        return OVER
    steps = ("find", "read", "ledger", "build", "render")
    return next((step for step in steps if rows[-1][f"{step}_s"] is None), "ending")


def _home(root: Path, calm: Undisturbed, *, standing: bool) -> Home:
    """Return a home with all files; `standing`: some came last night, the others are new."""
    if standing:
        shutil.copytree(calm.after_first, root)
    return home_of(root, calm.first | calm.later)


def _last_reason(home: Home) -> str:
    rows = nights(home).to_dicts()
    return str(rows[-1]["reason"]) if rows else "no night"


def _must(code: int) -> None:
    if code:
        raise RuntimeError(f"an undisturbed night left with {code}")
