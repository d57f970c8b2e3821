"""One writer and many readers: who may be in a home at once, and what each sees."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import duckdb

from benchmarks.trust.forks import fork, kill
from benchmarks.trust.killed_nights import Undisturbed, wrong_in
from benchmarks.trust.nights_run import night, night_told
from benchmarks.trust.processes import Starter
from benchmarks.trust.small_home import home_of
from benchmarks.trust.trial import Trial
from carryover.errors import ExitCode
from carryover.home import Home
from carryover.warehouse.connect import wal_of

TWO_NIGHTS_S: Final = 2.0
PATIENCE_S: Final = 120.0
OLD_CLIENT: Final = "duckdb==1.4.*"


def watched_beside_a_reader(folder: Path, starter: Starter, calm: Undisturbed) -> list[Trial]:
    """Run a night whose every opening of a file is watched, while another process reads.

    That one holds the published warehouse open, in the midst of a query. The night opens no
    database that it is connected to as plain bytes.
    """
    begun = time.monotonic()
    home, told = standing(folder / "home", calm), folder / "told"
    failures: list[str] = []
    with beside(home, folder / "read", failures):
        code = starter.run(watched_night, str(home.root), str(told))
    failures += wrong_in(home, calm, code)
    opened = json.loads(told.read_text()) if told.exists() else ["the night was not watched"]
    took_s = time.monotonic() - begun
    return [
        Trial(("K1",), "a reader holds the warehouse open all night", 1,
              failures=tuple(failures), took_s=took_s),
        Trial(("K5",), "every file that a night opens is watched", 1, failures=tuple(opened),
              took_s=took_s),
    ]  # fmt: skip


@contextmanager
def beside(home: Home, told: Path, failures: list[str]) -> Iterator[None]:
    """Have another process read what is published all the while; add what it saw change."""
    stop = told.with_name(f"{told.name}-stop")
    reader = fork(hold_open, str(home.published), str(told), str(stop))
    wait_for(told)
    yield
    stop.touch()
    reader.join(PATIENCE_S)
    before, after = [*told.read_text().split(), "", ""][:2]
    if before != after:
        failures.append(f"the reader saw {before} rows, then {after}")


def hold_open(published: str, told: str, stop: str) -> None:
    """Begin a query, wait, end it and ask again: all on the file that was opened."""
    with duckdb.connect(published, read_only=True) as connection:
        asked = "select count(*) from source_place"
        cursor = connection.cursor().execute("select * from sample")
        cursor.fetchone()
        rows = [connection.execute(asked).fetchall()[0][0]]
        Path(told).write_text(f"{rows[0]}\n")
        while not Path(stop).exists():
            time.sleep(0.02)
        cursor.fetchall()
        rows.append(connection.execute(asked).fetchall()[0][0])
        Path(told).write_text(f"{rows[0]}\n{rows[1]}\n")


def two_nights(folder: Path, n: int) -> Trial:
    """Start the program in a home where a night runs: it leaves at once, with its own exit code."""
    begun, failures, slowest_s = time.monotonic(), [], 0.0
    home = home_of(folder / "home", {})
    told = folder / "told"
    other = fork(hold_lock, str(home.root), str(told))
    wait_for(told)
    for _ in range(n):
        since = time.monotonic()
        done = subprocess.run(
            [sys.executable, "-m", "carryover", "nightly", "--home", str(home.root)],
            capture_output=True, text=True, check=False, timeout=PATIENCE_S,
        )  # fmt: skip
        slowest_s = max(slowest_s, time.monotonic() - since)
        if done.returncode != ExitCode.NIGHT_RUNNING or "another night" not in done.stderr:
            failures.append(f"left with {done.returncode}: {done.stderr[-200:]}")
    kill(other)
    return Trial(
        ("K2",), "a second night in one home; slowest: until it has left", n,
        hung=int(slowest_s > TWO_NIGHTS_S), failures=tuple(failures), slowest_s=slowest_s,
        took_s=time.monotonic() - begun,
    )  # fmt: skip


def hold_lock(root: str, told: str) -> None:
    """Hold a home for a night that does nothing."""
    with Home(Path(root)).night_lock():
        Path(told).touch()
        time.sleep(600)


def strange_logs(folder: Path, starter: Starter, calm: Undisturbed) -> Trial:
    """Leave a stranger's log beside the published file: a night heals it."""
    begun = time.monotonic()
    home = standing(folder / "home", calm)
    wal_of(home.published).write_bytes(os.urandom(4096))
    failures = wrong_in(home, calm, starter.run(night_told, str(home.root)))
    failures += ["the log is still there"] * wal_of(home.published).exists()
    return Trial(
        ("K4",), "a stale log lies beside the published file", 1, failures=tuple(failures),
        took_s=time.monotonic() - begun,
    )  # fmt: skip


def watched_night(root: str, told: str) -> None:
    """Run a night and tell each plain opening of a database that this process has open."""
    home = Home(Path(root))
    seen = watch([home.store, home.published, home.build])
    night(home)
    Path(told).write_text(json.dumps(seen))


def watch(databases: list[Path]) -> list[str]:
    """Watch this process from now on; return the list that such openings are written to.

    DuckDB opens files itself, unseen by Python; what it holds open stands in /proc.
    """
    seen: list[str] = []
    names = {os.fspath(p.resolve()) for path in databases for p in (path, wal_of(path))}

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(args[0], str | os.PathLike):
            path = os.path.realpath(os.fspath(args[0]))
            if path in names and path in _held():
                seen.append(f"{path} is opened while connected")

    sys.addaudithook(hook)
    return seen


def _held() -> set[str]:
    held = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            held.add(os.fspath(descriptor.readlink()))
    return held


def older_client(folder: Path, calm: Undisturbed) -> Trial:
    """Open what is published with the oldest client that is supported, installed for this."""
    begun = time.monotonic()
    where = folder / "client"
    got = subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--target", str(where), OLD_CLIENT],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if got.returncode:
        return Trial(("K6",), "an older client opens it", 1, failures=(got.stderr[-200:],))
    published = calm.after_first / "data/warehouse/carryover.duckdb"
    ask = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True); "
        "print(duckdb.__version__, c.execute('select count(*) from run').fetchall()[0][0])"
    )
    done = subprocess.run(
        [sys.executable, "-c", ask, str(published)], capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": str(where)},
    )  # fmt: skip
    told = done.stdout.split()
    failures = () if len(told) == 2 and int(told[1]) else (done.stderr[-200:] or done.stdout,)
    return Trial(
        ("K6",), "an older client opens the published file", 1, failures=failures,
        took_s=time.monotonic() - begun, note=f"duckdb {told[0]}" if told else "",
    )  # fmt: skip


def standing(root: Path, calm: Undisturbed) -> Home:
    """Return a home after its first night, with new files."""
    shutil.copytree(calm.after_first, root)
    return home_of(root, calm.first | calm.later)


def wait_for(file: Path) -> None:
    """Wait until a file is there."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if file.exists():
            return
        time.sleep(0.01)
    raise RuntimeError(f"{file} does not come")
