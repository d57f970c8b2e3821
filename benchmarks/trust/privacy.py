"""Trials of privacy: zones, the network, who may read, and forgetting."""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.trust import privacy_homes as homes
from benchmarks.trust import privacy_network as network
from benchmarks.trust.privacy_attack import attacked
from benchmarks.trust.privacy_search import (
    Needles,
    found_in_files,
    found_in_tables,
    stored_places,
)
from benchmarks.trust.trial import Trial
from carryover.home import Home

RADIUS_M: Final = 300.0
SHARE: Final = 0.45
"""No attacker by circles may come nearer to the door than this share of its radius."""


def trials(full: bool) -> list[Trial]:  # noqa: FBT001 - every part's door
    """Return every trial: 20 homes with zones, 20 doors, 4 runs forgotten, two nights watched."""
    with tempfile.TemporaryDirectory(prefix="carryover-privacy-") as name:
        scratch = Path(name)
        return [
            zones(scratch, 20 if full else 1, n_made=3 if full else 0),
            doors(20 if full else 3, 200),
            *nights(scratch, alone=(False, True) if full else (True,)),
            forgetting(scratch, 4 if full else 1, is_made=full),
        ]


def zones(scratch: Path, n_homes: int, *, n_made: int, say: homes.Say = homes.carryover) -> Trial:
    """Try that no place in a zone is in any table, page, log or export of a home.

    `n_made` homes hold a made athlete's week with all that they log, the others four GPX runs;
    exports are what `say` makes commands say.
    """
    began, failures, n_places, slowest = time.monotonic(), [], 0, 0.0
    for seed in range(n_homes):
        root = scratch / f"zones{seed}"
        home = (
            homes.made_home(root, seed=seed + 1, weeks=1, privacy="")
            if seed < n_made
            else homes.gpx_home(root, 4)
        )
        homes.read(home)
        drawn = homes.zones_of(home, 1 + seed % 3, seed)
        homes.configure(home, homes.as_toml(drawn))
        start = time.monotonic()
        homes.night(home)
        slowest = max(slowest, time.monotonic() - start)
        needles = homes.within(home, drawn)
        n_places += len(needles.places)
        out = scratch / f"out{seed}" if seed % 10 == 0 else None
        failures += [f"home {seed}: {where}" for where in homes.leaks(home, needles, out, say)]
        if not needles.places:
            failures.append(f"home {seed}: no place lies in its zones, so nothing was tried")
        shutil.rmtree(home.root)
    return Trial(
        ("P1",), "homes with zones at random: any place within in tables, pages, logs, exports",
        n_homes, failures=tuple(failures), slowest_s=slowest, took_s=time.monotonic() - began,
        note=f"{n_places:,} places looked for",
    )  # fmt: skip


def doors(n_doors: int, n_runs: int) -> Trial:
    """Try to find doors from where runs become visible."""
    began = time.monotonic()
    found = [attacked(seed, RADIUS_M, n_runs) for seed in range(n_doors)]
    near = [f"door {k}: {f.ours_m:.0f} m" for k, f in enumerate(found)
            if f.ours_m < SHARE * RADIUS_M]  # fmt: skip
    naive, ours, ways = (
        statistics.median(values)
        for values in zip(*((f.naive_m, f.ours_m, f.by_distance_m) for f in found), strict=True)
    )
    return Trial(
        ("P1",), f"doors sought by the circle through the cut ends of {n_runs} runs, zone of 300 m",
        n_doors, failures=tuple(near), took_s=time.monotonic() - began,
        note=f"median miss {naive:.1f} m with a naive circle, {ours:.0f} m with ours; "
        f"{ways:.0f} m by the metres run, where all streets are straight",
    )  # fmt: skip


def nights(scratch: Path, alone: Sequence[bool]) -> list[Trial]:
    """Watch nights: the command in an ordinary network, the imported flow in none at all."""
    why = network.missing() or (network.no_namespace() if any(alone) else "")
    if why:
        return [Trial(("P3", "P4", "P5"), f"nights watched: {why}", 0)]
    return [night_watched(scratch, is_alone=is_alone) for is_alone in alone]


def night_watched(scratch: Path, *, is_alone: bool) -> Trial:
    """Run one night under strace, among files that anybody may write, and judge it."""
    began = time.monotonic()
    top = scratch / f"night{is_alone:d}"
    home = homes.gpx_home(top / "home", 2)
    before = frozenset(home.root.rglob("*"))
    told = network.watched(home.root, top, alone=is_alone, imported=is_alone)
    failures = [f"called {call}" for call in sorted(set(told.abroad()))]
    failures += [f"others may use {path}" for path in network.open_to_others(home.root, before)]
    if told.code or not home.published.exists():
        failures.append(f"the night failed: {told.told[-300:]}")
    if not told.calls:
        failures.append("strace saw no call at all, so nothing was tried")
    where = "without any network" if is_alone else "in an ordinary network"
    return Trial(
        ("P3", "P4", "P5"), f"nights with Prefect's server under strace, {where}", 1,
        failures=tuple(failures), took_s=time.monotonic() - began,
        note=f"{len(told.calls):,} calls to addresses and ports, all of this machine",
    )  # fmt: skip


def forgetting(scratch: Path, n_runs: int, *, is_made: bool) -> Trial:
    """Forget runs of a home, one after another, and look for what is left of each.

    `is_made`: a made athlete's FIT files and logs; else GPX runs.
    """
    began, failures, slowest = time.monotonic(), [], 0.0
    maps = "[privacy]\nmaps = true"
    home = (
        homes.made_home(scratch / "forget", seed=6, weeks=2, privacy=maps)
        if is_made
        else homes.gpx_home(scratch / "forget", 3, maps)
    )
    raw = sorted([*home.raw.rglob("*.fit"), *home.raw.rglob("*.gpx")])
    homes.packed(home, [path.relative_to(home.raw).as_posix() for path in raw])
    homes.night(home)
    runs = [str(run) for (run,) in homes.asked(home, "select run_id from run order by started_at")]
    for run_id in runs[:n_runs]:
        needles = of_run(home, run_id)
        if not left_of(home, needles):
            failures.append(f"run {run_id} is not found before either, so nothing was tried")
        start = time.monotonic()
        homes.forgotten(home, run_id)
        slowest = max(slowest, time.monotonic() - start)
        failures += [f"run {run_id}: {where}" for where in left_of(home, needles)]
    return Trial(
        ("P6",), "runs forgotten: any trace left in files, archives, databases, pages",
        min(n_runs, len(runs)), failures=tuple(failures), slowest_s=slowest,
        took_s=time.monotonic() - began,
    )  # fmt: skip


def of_run(home: Home, run_id: str) -> Needles:
    """Return what may not be left of a run: its places, its names, its recordings' keys."""
    query = f"select activity_id from activity where run_id = '{run_id}'"
    own = {str(key) for (key,) in homes.asked(home, query)}
    every = stored_places(home)
    mine = {place for key in own for place in every.get(key, [])}
    others = {place for key, places in every.items() if key not in own for place in places}
    return Needles(tuple(sorted(mine - others)), (run_id, *sorted(own)), tuple(sorted(others)))


def left_of(home: Home, needles: Needles) -> list[str]:
    """Return where it is found: every file of the home, and every cell of both databases."""
    files = sorted(path for path in home.root.rglob("*") if path.is_file())
    return [
        *found_in_files(files, needles),
        *found_in_tables(home.store, needles),
        *found_in_tables(home.published, needles),
    ]
