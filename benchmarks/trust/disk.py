"""Starve it: nights on a disk with too little room, from none to what a clean night takes."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.trust.killed_nights import Undisturbed, undisturbed, wrong_in
from benchmarks.trust.nights_run import night_filled, night_told, night_unasked
from benchmarks.trust.processes import Process, Starter, starter
from benchmarks.trust.small_home import home_of
from benchmarks.trust.trial import Trial
from carryover.home import Home
from carryover.warehouse.publish import stands

DISK_MB: Final = 160
FULL: Final = ("the disk is full", "too little room")
USUAL_BYTES: Final = 22_000_000
"""What a night of the small home takes, about."""
SHARES: Final = (0, 0.002, 0.01, 0.03, 0.06, 0.1, 0.15, 0.25, 0.4, 0.55, 0.7, 0.8, 0.87, 0.93, 0.97,
                 1.0)  # fmt: skip
"""Close together where the first steps take little, and where the pages are drawn."""
STEPS: Final = ("read", "ledger", "build", "publish", "render")
AFTER: Final = {"publish", "render"}
"""Where these end for want of room, the night's own warehouse may stand, whole like the old one."""
LOOK_S: Final = 0.02


def trials(full: bool) -> list[Trial]:  # noqa: FBT001 - the door of every part
    """Run all trials; without the right to mount a disk there are none."""
    if not can_mount():
        return []
    with tempfile.TemporaryDirectory() as folder, starter() as begin:
        calm = undisturbed(Path(folder), lambda root: begin.run(night_told, root))
        return [
            starved_nights(Path(folder), begin, calm, SHARES if full else SHARES[::5]),
            filled_nights(Path(folder), begin, calm, STEPS if full else STEPS[-2:]),
            asked_nights(Path(folder), begin, calm, 14 if full else 3),
        ]


def can_mount() -> bool:
    """Return whether this process may mount a disk in memory."""
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(OSError):
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "none", folder],
            capture_output=True, check=False,
        )  # fmt: skip
        if done.returncode == 0:
            subprocess.run(["umount", folder], check=True)
            return True
    return False


@contextlib.contextmanager
def disk(folder: Path, size_mb: int = DISK_MB) -> Iterator[Path]:
    """Lend a small disk in memory."""
    place = folder / "disk"
    place.mkdir(exist_ok=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m", "none", str(place)], check=True
    )
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@contextlib.contextmanager
def room(place: Path, free_bytes: int) -> Iterator[None]:
    """Leave so much of a disk free, as nearly as its pages allow."""
    filler = place / "filler"
    size = shutil.disk_usage(place).free - free_bytes
    with filler.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, max(size, 1))
    try:
        yield
    finally:
        filler.unlink()


@dataclass(slots=True)
class _Starved:
    """What is tried on one disk, and what was seen."""

    folder: Path
    starter: Starter
    calm: Undisturbed
    place: Path
    where: dict[str, int]
    failures: list[str]

    def home(self) -> Home:
        """Return a home after its first night, with new files."""
        root = self.place / "home"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.calm.after_first, root)
        return home_of(root, self.calm.first | self.calm.later)

    def night(self, home: Home, work: Callable[..., None], free_bytes: int, *args: str) -> int:
        """Run a night with so much room; note what is wrong with how it ends; return its code."""
        told = self.folder / "told"
        before = home.published.read_bytes()
        with room(self.place, free_bytes):
            code = self.starter.run(work, str(home.root), str(told), *args)
            text = told.read_text()
            step = [line[5:] for line in text.splitlines() if line.startswith("step ")][-1]
            at = f"with {free_bytes / 1e6:.1f} MB, in {step}"
            self.where[step if code else "none"] = self.where.get(step if code else "none", 0) + 1
            if code and step not in AFTER and home.published.read_bytes() != before:
                self.failures.append(f"{at}: the published file has changed")
            if code not in {0, 1} or "Traceback" in text:
                self.failures.append(f"{at}: left with {code}: {text[-300:]}")
            if code and not any(word in text for word in FULL):
                self.failures.append(f"{at}: said {text.splitlines()[-1]}")
        if not stands(home.published):
            self.failures.append(f"{at}: the published file does not open")
        return code

    def heal(self, home: Home) -> None:
        """Run a night with room enough: all must be as in an undisturbed home."""
        code = self.starter.run(night_told, str(home.root), str(self.folder / "told"))
        self.failures += [f"healing: {what}" for what in wrong_in(home, self.calm, code)]


def starved_nights(
    folder: Path, begin: Starter, calm: Undisturbed, shares: Sequence[float]
) -> Trial:
    """Run nights that do not ask for room into the full disk, at shares of what a night takes.

    The published file stands as it was (or as the night's own, if only pages had no room); the
    next night with room gives the tables and pages of an undisturbed home.
    """
    begun = time.monotonic()
    with disk(folder) as place:
        tried = _Starved(folder, begin, calm, place, {}, [])
        takes = taken_by(tried) if len(shares) > 1 else USUAL_BYTES
        for share in shares:
            home = tried.home()
            tried.night(home, night_unasked, int(takes * share))
            tried.heal(home)
    return Trial(
        ("C6", "D5"), f"a night runs into a full disk; a clean one takes {takes / 1e6:.0f} MB",
        len(shares),
        failures=tuple(tried.failures), took_s=time.monotonic() - begun, note=_steps(tried.where),
    )  # fmt: skip


def filled_nights(folder: Path, begin: Starter, calm: Undisturbed, steps: Sequence[str]) -> Trial:
    """Run nights during which somebody else fills the disk, just as a step begins."""
    begun = time.monotonic()
    with disk(folder) as place:
        tried = _Starved(folder, begin, calm, place, {}, [])
        for step in steps:
            home = tried.home()
            tried.night(home, night_filled, 4 * USUAL_BYTES, step)
            (place / "others").unlink()
            tried.heal(home)
    return Trial(
        ("C6", "D5"), "the disk is filled by others as a step begins", len(steps),
        failures=tuple(tried.failures), took_s=time.monotonic() - begun, note=_steps(tried.where),
    )  # fmt: skip


def asked_nights(folder: Path, begin: Starter, calm: Undisturbed, n: int) -> Trial:
    """Run nights one after the other with more room each: they ask first, and nothing changes."""
    begun = time.monotonic()
    with disk(folder) as place:
        tried = _Starved(folder, begin, calm, place, {}, [])
        home = tried.home()
        for number in range(n):
            free = int(taken_mb(calm) * 1e6 * number / max(n - 1, 1))
            if tried.night(home, night_told, free) == 0:
                break
        tried.heal(home)
    return Trial(
        ("C6",), "a night asks for room before it begins a step", n,
        failures=tuple(tried.failures), took_s=time.monotonic() - begun, note=_steps(tried.where),
    )  # fmt: skip


def taken_by(tried: _Starved) -> int:
    """Return how many bytes a night takes at most while it runs, beside what stood before."""
    home = tried.home()
    process = tried.starter.start(night_told, str(home.root), str(tried.folder / "told"))
    return _peak(tried.place, process)


def taken_mb(calm: Undisturbed) -> float:
    """Return more than what a night asks for."""
    return 8 + 2.2 * (calm.after_first / "data/warehouse/carryover.duckdb").stat().st_size / 1e6


def _peak(place: Path, process: Process) -> int:
    before = most = shutil.disk_usage(place).used
    while process.poll() is None:
        most = max(most, shutil.disk_usage(place).used)
        time.sleep(LOOK_S)
    return most - before


def _steps(where: dict[str, int]) -> str:
    told = [f"{n} in {step}" for step, n in where.items() if step != "none"]
    return f"stopped {', '.join(told)}; {where.get('none', 0)} came through"
