"""The runs that are read: real ones of the corpus, or made ones, each varied into many.

A variation is the same run on another day: every time in it is moved by whole days and the
checksum is made anew, so that contents, times and hashes differ and the work stays the same.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from fastcrc import crc16

RUNS: Final = (
    "run/diegoscarabelli__openetl/12345678_ACTIVITY_19983039914_2025-08-07T12_00_00Z.fit",
    "run/MaksVasilev__fit2gpx/Fenix3-Run-1321421020.fit",
    "run/roznet__connectstats/track_cs_544406.fit",
    "run/roznet__connectstats/activity_2477200414.fit",
    "run/jimmykane__fit-parser/garmin-stamina.fit",
    "run/roznet__FitFileParser/running.fit",
)  # fmt: skip
"""Runs of 50 to 115 minutes at one record a second; the first stands for one run."""
LARGE: Final = "perf/roznet__fit-benchmarks/large.fit"

DAY_S: Final = 86_400
"""A multiple of 32 s, so that compressed timestamps stay right as well."""
LAST_DAY: Final = dt.date(2026, 6, 30)
EPOCH_DAY: Final = dt.date(1989, 12, 31)
FIRST_DATE: Final = 0x10000000
"""Below it a time counts from power-on."""
INVALID: Final = 0xFFFFFFFF

TIMESTAMP: Final = 253
TIMES: Final = frozenset({(0, 4), (18, 2), (19, 2), (34, 5)})
"""(message, field) that hold times beside `timestamp`: created, started, local."""


@dataclass(frozen=True)
class Run:
    """One FIT file of one segment and what is known of it."""

    name: str
    content: bytes

    @cached_property
    def times(self) -> dict[str, np.ndarray[Any, np.dtype[np.int64]]]:
        """Return where its times stand, by byte order (`<`, `>`)."""
        return _times(self.content)

    @cached_property
    def first_s(self) -> int:
        """Return its earliest date, in seconds of the FIT epoch."""
        held = [
            value
            for order, places in self.times.items()
            for value in _view(np.frombuffer(self.content, np.uint8), places, order).tolist()
            if FIRST_DATE <= value < INVALID
        ]
        return min(held)

    def on_day(self, day: dt.date) -> bytes:
        """Return the bytes of the same run on another day."""
        moved = ((day - EPOCH_DAY).days - self.first_s // DAY_S) * DAY_S
        changed = np.frombuffer(self.content, np.uint8).copy()
        for order, places in self.times.items():
            values = _view(changed, places, order).astype(np.int64)
            dated = (values >= FIRST_DATE) & (values < INVALID)
            values[dated] += moved
            fresh = values.astype(f"{order}u4").view(np.uint8).reshape(-1, 4)
            changed[places[:, None] + np.arange(4)] = fresh
        body = changed[:-2].tobytes()
        return body + struct.pack("<H", crc16.arc(body))


def variations(runs: list[Run], n: int) -> Iterator[bytes]:
    """Yield n different files, one a day up to LAST_DAY, taking the runs in turn."""
    for i in range(n):
        yield runs[i % len(runs)].on_day(LAST_DAY - dt.timedelta(days=n - 1 - i))


def chosen_runs(corpus: Path | None) -> list[Run]:
    """Return the runs to read: the corpus' where there is one, else made ones."""
    if corpus is None:
        return made_runs(len(RUNS))
    return [Run(Path(place).name, (corpus / place).read_bytes()) for place in RUNS]


def large_run(corpus: Path | None) -> Run | None:
    """Return the twelve-hour run of 2.8 MB; None without a corpus."""
    return None if corpus is None else Run(Path(LARGE).name, (corpus / LARGE).read_bytes())


def made_runs(n: int, *, duration_s: int = 3600) -> list[Run]:
    """Return one-hour runs as the demo's watch records them, every second; needs `demo`."""
    from zoneinfo import ZoneInfo  # noqa: PLC0415 - the demo's own

    from carryover.demo.athlete import Runner  # noqa: PLC0415 - only without a corpus
    from carryover.demo.diary import plan  # noqa: PLC0415
    from carryover.demo.fit_writer import run_fit  # noqa: PLC0415
    from carryover.demo.latent import latent_runs  # noqa: PLC0415
    from carryover.demo.simulate import simulate  # noqa: PLC0415

    runner = Runner()
    diary = plan(dt.date(2025, 1, 6), 8, ZoneInfo("UTC"), np.random.default_rng(0))
    latent = latent_runs(diary, runner, 0.0, np.random.default_rng(1))
    made = []
    for planned in diary.runs[:n]:
        run = replace(planned, duration_s=duration_s)
        signal = simulate(run, latent[run.index], runner, np.random.default_rng(run.index))
        made.append(Run(f"made-{run.index}.fit", run_fit(run, signal)))
    return made


def _view(
    content: np.ndarray[Any, np.dtype[np.uint8]],
    places: np.ndarray[Any, np.dtype[np.int64]],
    order: str,
) -> np.ndarray[Any, np.dtype[np.uint32]]:
    return content[places[:, None] + np.arange(4)].view(f"{order}u4").ravel()


@dataclass(frozen=True, slots=True)
class _Layout:
    """How long a message is, and where its times stand in it."""

    order: str
    size: int
    times: tuple[int, ...]


def _times(content: bytes) -> dict[str, np.ndarray[Any, np.dtype[np.int64]]]:
    """Walk over a sound file of one segment; raises ValueError where it is not one."""
    at, end = content[0], content[0] + int.from_bytes(content[4:8], "little")
    if end + 2 != len(content):
        raise ValueError("not one whole FIT segment")
    layouts: dict[int, _Layout] = {}
    places: dict[str, list[int]] = {"<": [], ">": []}
    while at < end:
        head = content[at]
        at += 1
        if head & 0xC0 == 0x40:
            layouts[head & 15], at = _definition(content, at, developer=bool(head & 0x20))
            continue
        layout = layouts[(head >> 5) & 3 if head & 0x80 else head & 15]
        places[layout.order] += [at + offset for offset in layout.times]
        at += layout.size
    return {order: np.array(held, np.int64) for order, held in places.items() if held}


def _definition(content: bytes, at: int, *, developer: bool) -> tuple[_Layout, int]:
    order = ">" if content[at + 1] else "<"
    number, n_fields = struct.unpack_from(f"{order}HB", content, at + 2)
    at += 5
    size, times = 0, []
    for field in range(at, at + 3 * n_fields, 3):
        if content[field + 1] == 4 and (
            content[field] == TIMESTAMP or (number, content[field]) in TIMES
        ):
            times.append(size)
        size += content[field + 1]
    at += 3 * n_fields
    if developer:
        n_developer = content[at]
        size += sum(content[at + 2 : at + 1 + 3 * n_developer : 3])
        at += 1 + 3 * n_developer
    return _Layout(order, size, tuple(times)), at
