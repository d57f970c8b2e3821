"""A store whose writer is killed, whose log is cut or flipped, whose new layout is interrupted."""

from __future__ import annotations

import random
import time
from multiprocessing.process import BaseProcess
from pathlib import Path

from benchmarks.trust.forks import fork, kill
from benchmarks.trust.trial import Trial
from benchmarks.trust.writer import KEY, N_SAMPLES, batch, hash_of, opened, write_for_ever
from carryover.errors import CarryoverError, DamagedError
from carryover.normalise import TABLES
from carryover.warehouse.connect import open_database, wal_of
from carryover.warehouse.store import Tables, open_store

LONGEST_S = 0.35
RECOVERY_S = 5.0
FRESH_EVERY = 25
"""After so many kills a writer begins with no store at all."""
PATIENCE_S = 60.0
UPGRADE_S = 0.3
N_LOGGED = 5


def killed_writers(folder: Path, n: int) -> Trial:
    """Kill a writer again and again: what it told is there, whole, and found by every way."""
    begun, chance = time.monotonic(), random.Random(7)
    path, told = folder / "store.duckdb", folder / "told"
    failures: list[str] = []
    lost = partial = 0
    slowest_s = 0.0
    for number in range(n):
        if number % FRESH_EVERY == 0:
            for file in (path, wal_of(path), told):
                file.unlink(missing_ok=True)
            told.touch()
        writer = fork(write_for_ever, str(path), str(told))
        wait_for_work(writer, path, told)
        time.sleep(chance.uniform(0, LONGEST_S))
        kill(writer)
        since = time.monotonic()
        try:
            with opened(path):
                pass
            slowest_s = max(slowest_s, time.monotonic() - since)
            n_lost, n_partial, odd = looked_at(path, [int(t) for t in told.read_text().split()])
        except CarryoverError as error:
            failures.append(f"kill {number}: {error}")
            continue
        lost, partial = lost + n_lost, partial + n_partial
        failures += [f"kill {number}: {what}" for what in odd]
    if slowest_s > RECOVERY_S:
        failures.append(f"opening took {slowest_s:.1f} s")
    return Trial(
        ("C1", "C4"), "the store's writer is killed; slowest: opening it again", n, lost, partial,
        0, tuple(failures), slowest_s, time.monotonic() - begun,
    )  # fmt: skip


def wait_for_work(writer: BaseProcess, path: Path, told: Path) -> None:
    """Wait until a new writer is at work: a fresh store is there, or a batch was told."""
    before, fresh, until = told.stat().st_size, not path.exists(), time.monotonic() + PATIENCE_S
    while time.monotonic() < until and writer.is_alive():
        if told.stat().st_size > before or (fresh and path.exists()):
            return
        time.sleep(0.002)
    raise RuntimeError("the writer does nothing")


def looked_at(path: Path, told: list[int]) -> tuple[int, int, list[str]]:
    """Return how many told batches are lost, how many are half there, and what look-ups miss.

    Every content is counted by a scan, then looked up by its hash and by its number.
    """
    with open_database(path) as connection:
        rows = connection.execute(
            "select c.sha256, c.content_id, count(s.activity_id) from content as c "
            "left join sample as s using (content_id) group by all"
        ).fetchall()
        activities = connection.execute("select count(*) from activity").fetchall()[0][0]
        odd = []
        for sha256, number, n_samples in rows:
            by_hash = connection.execute(
                "select count(*) from content where sha256 = $s", {"s": sha256}
            ).fetchall()[0][0]
            by_number = connection.execute(
                "select count(*) from sample where content_id = $n", {"n": number}
            ).fetchall()[0][0]
            if (by_hash, by_number) != (1, n_samples):
                odd.append(f"{sha256[-6:]}: {by_hash} found by hash, {by_number} of {n_samples}")
    held = {sha256 for sha256, _, _ in rows}
    lost = sum(hash_of(number) not in held for number in told)
    partial = sum(n != N_SAMPLES for _, _, n in rows) + int(activities != len(rows))
    return lost, partial, odd


def cut_and_flipped_logs(folder: Path, n: int) -> Trial:
    """Cut and flip a killed writer's log: what it lost is known to be missing and loaded again."""
    begun, chance = time.monotonic(), random.Random(11)
    path, told = folder / "store.duckdb", folder / "told"
    told.touch()
    writer = fork(write_for_ever, str(path), str(told))
    while len(told.read_text().split()) < N_LOGGED:
        time.sleep(0.01)
    kill(writer)
    store, log = path.read_bytes(), wal_of(path).read_bytes()
    failures: list[str] = []
    lost = partial = 0
    for number in range(n):
        path.write_bytes(store)
        place = chance.randrange(len(log))
        content = bytearray(log[:place] if number % 2 else log)
        if not number % 2:
            content[place] ^= 1 << chance.randrange(8)
        wal_of(path).write_bytes(content)
        try:
            _load_missing(path)
        except DamagedError:
            # Told as damage: set aside, and everything is loaded again.
            for file in (path, wal_of(path)):
                file.rename(file.with_name(f"aside-{file.name}"))
            _load_missing(path)
        n_lost, n_partial, odd = looked_at(path, list(range(N_LOGGED)))
        lost, partial = lost + n_lost, partial + n_partial
        failures += [f"at byte {place}: {what}" for what in odd]
    return Trial(
        ("C3", "C4"), "a log is cut short or one bit of it flips", n, lost, partial, 0,
        tuple(failures), None, time.monotonic() - begun,
    )  # fmt: skip


def _load_missing(path: Path) -> None:
    with opened(path) as store:
        known = store.known(KEY)
        for number in range(N_LOGGED):
            if hash_of(number) not in known:
                store.load([batch(number)])


def killed_upgrades(folder: Path, n: int) -> Trial:
    """Kill the change to another layout at any moment: the next opening completes it."""
    begun, chance = time.monotonic(), random.Random(13)
    failures: list[str] = []
    lost = partial = 0
    for number in range(n):
        path = folder / f"store-{number}.duckdb"
        with open_store(path, _older(), memory_limit="1GB") as store:
            store.replace_disk([("a.fit", hash_of(1))])
        upgrade = fork(upgrade_told, str(path))
        time.sleep(chance.uniform(0, UPGRADE_S))
        kill(upgrade)
        with opened(path) as store:
            lost += store.size() != 1
            store.load([batch(1)])
            if store.known(KEY) != {hash_of(1)}:
                failures.append(f"upgrade {number}: the batch is not known")
        with opened(path) as store:
            partial += store.known(KEY) != {hash_of(1)}
        _, n_partial, odd = looked_at(path, [1])
        partial += n_partial
        failures += odd
        path.unlink()
    return Trial(
        ("C5",), "the change to another layout of the store is killed", n, lost, partial, 0,
        tuple(failures), None, time.monotonic() - begun,
    )  # fmt: skip


def upgrade_told(path: str) -> None:
    """Open a store of an older layout as the program of today."""
    with opened(path):
        pass


def _older() -> Tables:
    return {name: dict(list(columns.items())[:-1]) for name, columns in TABLES.items()}
