"""Stores that were cut, flipped or replaced: set aside, and read anew in the same night."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import polars as pl

from benchmarks.trust.killed_nights import Undisturbed, wrong_in
from benchmarks.trust.nights_run import night_told
from benchmarks.trust.processes import Starter
from benchmarks.trust.side_by_side import standing
from benchmarks.trust.trial import Trial
from carryover.mending import asides
from carryover.nights import nights
from carryover.registrations import FILE_NAME, REGISTRATION, with_added
from carryover.warehouse.connect import wal_of

Damage = Callable[[Path, random.Random], None]


def flip(file: Path, chance: random.Random) -> None:
    """Flip one bit anywhere."""
    content = bytearray(file.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    file.write_bytes(content)


def flip_head(file: Path, chance: random.Random) -> None:
    """Flip one bit of the first kilobytes, which tell where all else is."""
    content = bytearray(file.read_bytes())
    content[chance.randrange(16384)] ^= 1 << chance.randrange(8)
    file.write_bytes(content)


def cut(file: Path, chance: random.Random) -> None:
    """Lose the end of the file."""
    content = file.read_bytes()
    file.write_bytes(content[: chance.randrange(len(content))])


def strange(file: Path, _chance: random.Random) -> None:
    """Put another file in its place."""
    file.write_bytes(b"this is no database\n" * 1000)


def empty(file: Path, _chance: random.Random) -> None:
    """Leave nothing of it."""
    file.write_bytes(b"")


def strange_log(file: Path, chance: random.Random) -> None:
    """Put a log beside it that is of another database."""
    log = file.with_name("other.duckdb")
    shutil.copy(file, log)
    wal_of(file).write_bytes(log.read_bytes()[: 4096 + chance.randrange(8192)])
    log.unlink()


DAMAGES: Final[tuple[Damage, ...]] = (flip, cut, flip_head, strange, empty, strange_log)


def damaged_stores(folder: Path, starter: Starter, calm: Undisturbed, n: int) -> Trial:
    """Damage the store n times, each in its way: one night gives an undisturbed home's tables.

    What was damaged lies aside; the record of nights and the questions stay.
    """
    begun, chance = time.monotonic(), random.Random(23)
    failures: list[str] = []
    n_aside = lost = 0
    for number in range(n):
        damage = DAMAGES[number % len(DAMAGES)]
        home = standing(folder / str(number), calm)
        n_nights = nights(home).height
        kept = home.root / FILE_NAME
        kept.write_bytes(with_added(b"", pl.DataFrame(schema=REGISTRATION)))
        questions = kept.read_bytes()
        damage(home.store, chance)
        code = starter.run(night_told, str(home.root))
        at = f"{number}, {damage.__name__}"
        failures += [f"{at}: {what}" for what in wrong_in(home, calm, code)]
        lost += not kept.read_bytes().startswith(questions)
        lost += nights(home).height != n_nights + 1
        aside = asides(home)["path"].to_list()
        n_aside += len(aside)
        lost += sum(not (home.root / path).exists() for path in aside)
        shutil.rmtree(home.root)
    return Trial(
        ("C3", "C7"), "a store is damaged before the night", n, lost, failures=tuple(failures),
        took_s=time.monotonic() - begun, note=f"{n_aside} set aside, the others sound as they were",
    )  # fmt: skip
