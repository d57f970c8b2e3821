"""Warehouses that were published before, each a file under its instant, for a way back."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from carryover.warehouse.connect import sync

NAME: Final = re.compile(r"carryover-(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3})Z\.duckdb")
FORM: Final = "%Y-%m-%dT%H-%M-%S.%f"
PART: Final = ".part"
STEP_NS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Snapshots:
    """The folder of what was published before; the oldest beyond `n_kept` leave it."""

    folder: Path
    n_kept: int

    def take(self, published: Path) -> None:
        """Keep the file that stands, under the instant at which it was made.

        A second name of the file where the disk knows such, else a copy; never half of one.
        """
        if not self.n_kept or not published.exists():
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        at_ns = published.stat().st_mtime_ns
        while (target := self.folder / name_at(at_ns)).exists():
            if target.samefile(published):
                return
            at_ns += STEP_NS
        second_name(published, target)
        sync(self.folder)

    def prune(self) -> None:
        """Drop the oldest beyond `n_kept`, and what an interrupted copy has left."""
        for path in self.folder.glob(f"*{PART}"):
            path.unlink(missing_ok=True)
        for path in self.held()[: -self.n_kept or None]:
            path.unlink(missing_ok=True)

    def held(self) -> list[Path]:
        """Return the files, oldest first."""
        return sorted(_named(self.folder))


def second_name(source: Path, target: Path) -> None:
    """Give a file that is never written to a second name, or copy it; whole or not at all."""
    try:
        os.link(source, target)
    except OSError:
        # Some disks know no second names.
        part = target.with_name(target.name + PART)
        try:
            shutil.copy2(source, part)
            sync(part)
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)


def name_at(at_ns: int) -> str:
    """Return the name of a snapshot of an instant (nanoseconds since 1970)."""
    seconds, rest = divmod(at_ns, 1_000_000_000)
    at = dt.datetime.fromtimestamp(seconds, dt.UTC).replace(microsecond=rest // 1000)
    return f"carryover-{at.strftime(FORM)[:-3]}Z.duckdb"


def instant_of(path: Path) -> dt.datetime:
    """Return the instant that a snapshot's name tells."""
    match = NAME.fullmatch(path.name)
    if match is None:
        raise ValueError(f"{path.name} is no snapshot's name")
    return dt.datetime.strptime(match[1], FORM).replace(tzinfo=dt.UTC)


def _named(folder: Path) -> Iterator[Path]:
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        yield from (Path(entry) for entry in entries if NAME.fullmatch(entry.name))
