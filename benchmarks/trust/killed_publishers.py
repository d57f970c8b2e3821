"""A warehouse that is published over and over, killed at it, while others read."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmarks.trust.forks import code_of, fork, kill
from benchmarks.trust.publisher import (
    KEPT,
    publish_for_ever,
    read_for_ever,
    seen,
    two_versions,
)
from benchmarks.trust.small_home import leftovers
from benchmarks.trust.trial import Trial
from carryover.errors import CarryoverError
from carryover.home import Home
from carryover.warehouse.connect import open_database
from carryover.warehouse.publish import publish, verify
from carryover.warehouse.snapshots import Snapshots

LONGEST_S = 0.5
PATIENCE_S = 60.0
BIG_BYTES = 116_000_000
PUBLISH_S = 2.0


def killed_publishers(folder: Path, n: int) -> Trial:
    """Kill a publisher again and again while two readers read: all that is seen is whole."""
    begun, chance = time.monotonic(), random.Random(17)
    home = Home(folder / "home")
    two_versions(home)
    stop, told = folder / "stop", folder / "told"
    told.touch()
    readers = _readers(home, folder, stop)
    failures: list[str] = []
    for number in range(n):
        before = told.stat().st_size
        publisher = fork(publish_for_ever, str(home.root), str(told), "100000")
        _wait(lambda: told.stat().st_size > before)  # noqa: B023 - called before the next turn
        time.sleep(chance.uniform(0, LONGEST_S))
        kill(publisher)
        state = seen(home.published)
        if state != "whole":
            failures.append(f"kill {number}: {state}")
        failures += [f"kill {number}: {what}" for what in _bad_snapshots(home)]
    stop.touch()
    n_read, wrong = _told(readers, folder)
    code_of(fork(publish_for_ever, str(home.root), str(told), "1"))
    failures += wrong + [f"left: {name}" for name in leftovers(home)]
    return Trial(
        ("C2", "K3"), "the publisher is killed while two read", n, failures=tuple(failures),
        took_s=time.monotonic() - begun, note=f"{n_read:,} readings, each of one whole version",
    )  # fmt: skip


def readers_while_publishing(folder: Path, n: int) -> Trial:
    """Publish n times while two readers read: each reading is of one whole version."""
    begun = time.monotonic()
    home = Home(folder / "home")
    two_versions(home)
    stop, told = folder / "stop", folder / "told"
    readers = _readers(home, folder, stop)
    code = code_of(fork(publish_for_ever, str(home.root), str(told), str(n)))
    stop.touch()
    n_read, wrong = _told(readers, folder)
    failures = wrong + [f"the publisher left with {code}"] * (code != 0)
    failures += [f"left: {name}" for name in leftovers(home)] + _bad_snapshots(home)
    return Trial(
        ("K3",), "published over and over while two read", n, failures=tuple(failures),
        took_s=time.monotonic() - begun, note=f"{n_read:,} readings, each of one whole version",
    )  # fmt: skip


def publishing_takes(folder: Path, n: int, size_bytes: int = BIG_BYTES) -> Trial:
    """Time the publication of a warehouse of some size, n times."""
    begun = time.monotonic()
    home = Home(folder / "home")
    version = two_versions(home)[0]
    with open_database(version) as connection:
        while version.stat().st_size < size_bytes:
            connection.execute(
                f"create or replace table filler_{version.stat().st_size} as "
                "select random() as a, random() as b from range(1_000_000)"
            )
            connection.execute("checkpoint")
    slowest_s = 0.0
    for _ in range(n):
        shutil.copy(version, home.build)
        since = time.monotonic()
        publish(home.build, home.published, snapshots=Snapshots(home.snapshots, 1))
        slowest_s = max(slowest_s, time.monotonic() - since)
    size_mb = home.published.stat().st_size / 1e6
    late = slowest_s > PUBLISH_S
    return Trial(
        ("K7",), f"publishing {size_mb:.0f} MB; slowest: one publication", n, hung=int(late),
        slowest_s=slowest_s, took_s=time.monotonic() - begun,
    )  # fmt: skip


def _readers(home: Home, folder: Path, stop: Path) -> list[BaseProcess]:
    readers = [
        fork(read_for_ever, str(home.root), str(folder / f"seen-{number}"), str(stop))
        for number in range(2)
    ]
    for number in range(2):
        file = folder / f"seen-{number}"
        _wait(lambda: file.exists() and file.stat().st_size > 0)  # noqa: B023 - called here
    return readers


def _told(readers: list[BaseProcess], folder: Path) -> tuple[int, list[str]]:
    """Return how often two readers have read, and what else than a whole version they saw."""
    for reader in readers:
        reader.join(PATIENCE_S)
    lines = [
        line for number in range(2) for line in (folder / f"seen-{number}").read_text().splitlines()
    ]
    return len(lines), [line for line in lines if line != "whole"]


def _bad_snapshots(home: Home) -> list[str]:
    bad = []
    for path in Snapshots(home.snapshots, KEPT).held():
        try:
            verify(path)
        except CarryoverError as error:
            bad.append(str(error))
    return bad


def _wait(look: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if look():
            return
        time.sleep(0.01)
    raise RuntimeError("waited in vain")
