"""What hangs, swells or breaks while it is read costs itself alone: faults among good files.

The faults are real ones (a loop, native code that keeps the lock, a wrong address, memory without
end, the system's own kill), brought about in the process that reads when it comes to a content.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import duckdb

from benchmarks.trust.trial import Trial
from benchmarks.trust.worker_files import Planted, bad, planted, track, watch_files
from benchmarks.trust.worker_planted import REASONS
from carryover import app
from carryover.apart.reader import Apart
from carryover.home import Home
from carryover.intake import Found, identify, walk
from carryover.reading import read_files
from carryover.settings import Machine, Settings
from carryover.warehouse.content import Reading

PLANTED: Final = "benchmarks.trust.worker_planted"
SETTINGS: Final = Settings(machine=Machine(read_timeout_s=2, read_memory_mb=512, batch_mb=4))
PATIENCE_S: Final = 90.0
"""A planted content that costs more has hung; three starts and three limits of 2 s are in it."""
MEMORY_MB: Final = 512.0
"""What reading one real file may take."""
LAST_S: Final = 5.0
"""So soon a reader ends behind whoever started it."""
TOGETHER: Final = 6
"""So many faults are planted in one home."""
KEPT: Final = frozenset({"kept", "night.lock", "store.duckdb"})
Told = dict[str, tuple[str, str | None, str | None]]
"""Hash of a content → status, stage, reason."""


def trials(full: bool) -> list[Trial]:  # noqa: FBT001 - the door of every part
    """Return the trials of the process that reads."""
    return [
        plantings(117 if full else 9),
        night_of_bad_files(1000 if full else 60),
        parents_killed(24 if full else 3),
        *memory_of_real_files(),
    ]


def plantings(count: int, *, seed: int = 11) -> Trial:
    """Plant faults, TOGETHER at a time, at random places among good files, and read them all."""
    began = time.monotonic()
    rng = random.Random(seed)
    whats = [planted(number, rng) for number in range(count)]
    groups = [whats[first : first + TOGETHER] for first in range(0, count, TOGETHER)]
    lost, failures, each_s = 0, [], []
    for group in groups:
        with tempfile.TemporaryDirectory() as folder:
            n_lost, wrong, took_s = _planting(Path(folder), group, rng)
        lost, failures = lost + n_lost, failures + wrong
        each_s.append(took_s / len(group))
    return Trial(
        ("Q1", "Q3"),
        "contents that hang, swell or break the reader, among good files; slowest: what one of "
        f"{TOGETHER} cost, limits of {SETTINGS.machine.read_timeout_s:.0f} s included",
        count, lost=lost, hung=sum(s > PATIENCE_S for s in each_s), failures=tuple(failures),
        slowest_s=max(each_s), took_s=time.monotonic() - began,
        note=f"{sum(each_s) / len(each_s):.1f} s each on the average",
    )  # fmt: skip


def _planting(
    raw: Path, whats: Sequence[Planted], rng: random.Random
) -> tuple[int, list[str], float]:
    """Read good files and planted ones; return how many were lost, what was wrong, the cost."""
    files = [(f"{n}.fit", content) for n, content in enumerate(rng.sample(watch_files(), 12))]
    files += [(f"{number}.gpx", track(number)) for number in range(4)]
    for name, content in files + [(what.name, what.content) for what in whats]:
        (raw / f"{rng.randrange(1000):03}-{name}").write_bytes(content)
    found = [identify(raw, path) for path in walk(raw)]
    clean = _told(read_files(found, SETTINGS, frozenset()))
    begun = time.monotonic()
    with _own_temp() as temp, Apart(SETTINGS, None, PLANTED) as reader:
        told = _told(reader.read(found, frozenset()))
        failures = [f"left: {left}" for left in _names(temp)]
    took_s = time.monotonic() - begun
    failures += [wrong for what in whats if (wrong := _misjudged(what, told.get(what.sha256)))]
    ill = {what.sha256 for what in whats}
    # An archive inside of one that is shut is not seen to its end.
    good = {s for s in clean if s not in ill and not (clean[s][2] or "").startswith("archive")}
    return sum(told.get(s) != clean[s] for s in good), failures, took_s


def _misjudged(what: Planted, told: tuple[str, str | None, str | None] | None) -> str:
    """Say what is wrong with what is told of a planted content; empty where nothing is."""
    name = f"{what.name} ({what.fault} at {what.stage}, {what.way})"
    if told is None or told[:2] != ("rejected", what.stage):
        return f"{name}: {told}"
    return "" if re.fullmatch(REASONS[what.fault], told[2] or "") else f"{name}: {told[2]}"


def night_of_bad_files(count: int, *, seed: int = 12) -> Trial:
    """Read a home in which one file of twenty is bad, some of them planted; then read it again."""
    began = time.monotonic()
    rng = random.Random(seed)
    n_bad = count // 20
    n_planted = max(2, n_bad // 5)
    told = [planted(number, rng) for number in rng.sample(range(9), min(n_planted, 9))]
    files = {f"{rng.randrange(1000):03}/{what.name}": what.content for what in told}
    files |= dict(bad(number) for number in range(n_bad - len(told)))
    good = dict(_good(count - len(files), rng))
    with tempfile.TemporaryDirectory() as folder, _own_temp() as temp:
        home = Home(Path(folder))
        home.prepare()
        for place, content in (files | good).items():
            path = home.raw / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        with patch.object(app, "Apart", partial(Apart, main=PLANTED)):
            begun = time.monotonic()
            app.ingest(home, SETTINGS)
            took_s = time.monotonic() - begun
            again = app.ingest(home, SETTINGS).read
        ledger = _ledger(home)
        left = [*_names(temp), *(_names(home.warehouse_dir) - KEPT)]
    lost = [place for place in good if ledger.get(place, ("",))[0] != "loaded"]
    failures = [f"{place}: {ledger.get(place)}" for place in files if not _is_listed(place, ledger)]
    failures += [f"{again} files are read again"] * bool(again) + [f"left: {f}" for f in left]
    return Trial(
        ("Q1", "Q2", "Q3", "Q10"),
        f"files read in one night, {len(files)} of them bad ({len(told)} planted faults); "
        "slowest: the whole night's reading",
        count, lost=len(lost), failures=tuple(failures), slowest_s=took_s,
        took_s=time.monotonic() - began,
    )  # fmt: skip


def _good(count: int, rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield places and sound files, each of its own content: a fifth FIT as far as there are."""
    fits = watch_files()[: count // 5]
    yield from ((f"{rng.randrange(1000):03}/{n}.fit", content) for n, content in enumerate(fits))
    for number in range(count - len(fits)):
        yield f"{rng.randrange(1000):03}/{number}.gpx", track(number, n_points=120)


def _is_listed(place: str, ledger: dict[str, tuple[str, str | None, str | None]]) -> bool:
    """Whether a bad file, or one thing in it, stands in the ledger with its stage and reason."""
    told = [row for where, row in ledger.items() if where == place or where.startswith(f"{place}!")]
    return any(status != "loaded" and stage and reason for status, stage, reason in told)


def _ledger(home: Home) -> dict[str, tuple[str, str | None, str | None]]:
    """Return status, stage and reason by place, of files and of what they hold."""
    with duckdb.connect(str(home.store), read_only=True) as store:
        rows = store.execute(
            """
            with place as (
              select place, sha256 from disk
              union all
              select place || inner_place, member.sha256
              from member join disk on disk.sha256 = outer_sha256
            )
            select place, status, stage, reason from place join content using (sha256)
            """
        ).fetchall()
    return {place: (status, stage, reason) for place, status, stage, reason in rows}


def parents_killed(count: int) -> Trial:
    """Kill whoever started a reader, whatever that is at; it must be gone soon afterwards."""
    began = time.monotonic()
    waits = [_parent_killed(("sleep", "turn", "match")[n % 3]) for n in range(count)]
    return Trial(
        ("Q3", "C1"), "the program is killed while its reader hangs; slowest: until that is gone",
        count, hung=sum(wait > LAST_S for wait in waits), slowest_s=max(waits),
        took_s=time.monotonic() - began,
    )  # fmt: skip


def _parent_killed(fault: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "planted.gpx"
        path.write_bytes(track(1) + f"<!-- PLANT:{fault}:decode; -->".encode())
        command = [sys.executable, "-m", "benchmarks.trust.worker_parent", str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
            reader = int(parent.stdout.readline())
            parent.stdout.readline()
            time.sleep(2.0)
            if not _is_alive(reader):
                raise RuntimeError("the reader ended before its parent did")
            parent.send_signal(signal.SIGKILL)
            begun = time.monotonic()
            while _is_alive(reader) and time.monotonic() - begun < 2 * LAST_S:
                time.sleep(0.01)
            return time.monotonic() - begun


def _is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def memory_of_real_files() -> list[Trial]:
    """Read each file of the corpus alone and note what its reader held; without one, no trial."""
    corpus = Path(os.environ.get("CARRYOVER_CORPUS", ""))
    if not (corpus / "MANIFEST.csv").exists():
        return []
    began = time.monotonic()
    held = {}
    with Apart(Settings()) as reader:
        for found in (identify(corpus, path) for path in walk(corpus)):
            held[found.place] = _peak_mb(reader, found)
    most = max(held, key=lambda place: held[place])
    over = tuple(f"{place}: {mb:.0f} MB" for place, mb in held.items() if mb > MEMORY_MB)
    note = f"at most {held[most]:.0f} MB, at {Path(most).name}"
    return [
        Trial(
            ("Q7",), f"real files, each read alone in at most {MEMORY_MB:.0f} MB", len(held),
            failures=over, took_s=time.monotonic() - began, note=note,
        )
    ]  # fmt: skip


def _peak_mb(reader: Apart, found: Found) -> float:
    """Return the most memory that a reader held while it read a file, itself included."""
    pid = reader.pid
    Path(f"/proc/{pid}/clear_refs").write_text("5", "ascii")
    list(reader.read([found], frozenset()))
    if reader.pid != pid:
        raise RuntimeError(f"{found.place} ended its reader")
    told = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text("ascii"))
    return int(told[1]) * 1024 / 1e6 if told else float("inf")


def _told(readings: Iterator[Reading]) -> Told:
    """Return what readings say of each content."""
    rows: list[dict[str, Any]] = [row for r in readings for row in r.content.to_dicts()]
    return {row["sha256"]: (row["status"], row["stage"], row["reason"]) for row in rows}


@contextmanager
def _own_temp() -> Iterator[Path]:
    """Give every process a folder for temporary files of its own, to see what is left in it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.dict(os.environ, {"TMPDIR": folder}),
        patch.object(tempfile, "tempdir", None),
    ):
        yield Path(folder)


def _names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}
