"""FIT → record columns: every reader on one run, and on a batch of 48 different ones.

Readers take turns, so that what else the machine does hits all of them alike; each must first
give the same number of records and the same sums as most others, or it is not timed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from benchmarks.readers import COLUMNS, READERS, REFERENCE, REFUSALS, Columns, Reader, Totals
from benchmarks.runs import Run, variations
from benchmarks.tables import (
    Spent,
    measured,
    median_cpu_s,
    median_wall_s,
    number,
    spread,
    table,
)

SLOW_S: Final = 0.1
"""A reader that takes longer a file is asked in every third round only."""
EVERY: Final = 3
BATCH: Final = 48
HEADER: Final = (
    "reader", "gives", "ms a file", "fastest–slowest", "CPU ms", f"× {REFERENCE}", "× by CPU",
)  # fmt: skip
"""Where the machine is shared, the ratio by CPU time is the steadier one."""


@dataclass(slots=True)
class Entry:
    """One way to read the files of one comparison: what it took, or why it is not timed."""

    name: str
    reader: Reader
    work: Callable[[], list[Columns]] | None = None
    n_files: int = 1
    told: Totals | None = None
    fault: str = ""
    slow: bool = False
    laps: list[Spent] = field(default_factory=list)


def one_run(run: Run, *, rounds: int, readers: Sequence[Reader] = READERS) -> str:
    """Return the table of one run, read alone."""
    entries = [_entered(reader, [run.content], n_slow=1) for reader in readers]
    _compare(entries, rounds)
    told = next((str(e.told) for e in entries if e.told and not e.fault), "read by none")
    head = (
        f"`{run.name}`, {len(run.content):,} bytes → {len(COLUMNS)} columns ({told}). Medians of "
        f"{rounds} rounds in which the readers take turns; those above {SLOW_S * 1e3:.0f} ms take "
        f"part in every third. CPU time is that of all threads."
    )
    return f"{head}\n\n{_told(entries)}"


def batch(
    runs: Sequence[Run], *, rounds: int, files: int = BATCH, readers: Sequence[Reader] = READERS
) -> str:
    """Return the table of many different files: together where a reader can, else in turn.

    `files` is a multiple of the number of runs, so that slow readers, which read one variation
    of each run, read the same mix.
    """
    contents = list(variations(list(runs), files))
    entries = [_together(r, contents) for r in readers if r.open_together and r.version]
    entries += [_entered(reader, contents, n_slow=len(runs)) for reader in readers]
    _compare(entries, rounds)
    megabytes = sum(map(len, contents)) / 1e6
    head = (
        f"{files} different files, {megabytes:,.1f} MB: variations of {len(runs)} runs. Where "
        f"nothing else is said, one after another; readers above {SLOW_S * 1e3:.0f} ms a file read "
        f"{len(runs)} of the files, one of each run."
    )
    return f"{head}\n\n{_told(entries)}"


def _entered(reader: Reader, contents: list[bytes], n_slow: int) -> Entry:
    """Open a reader and let it read the first files, to see what it gives and how slow it is."""
    entry = Entry(reader.name, reader)
    if reader.version is None:
        entry.fault = "not installed"
        return entry
    try:
        decode = reader.open_it()
        decode(contents[0])
        spent, _ = measured(lambda: [decode(content) for content in contents[:n_slow]])
        entry.slow = spent.wall_s > SLOW_S * n_slow
        some = contents[:n_slow] if entry.slow else contents
        entry.work = lambda: [decode(content) for content in some]
        entry.n_files = len(some)
        entry.told = Totals.of(entry.work())
    except REFUSALS as error:
        entry.fault = f"refused: {str(error) or type(error).__name__}"
    return entry


def _together(reader: Reader, contents: list[bytes]) -> Entry:
    entry = Entry(f"{reader.name}, {len(contents)} together", reader, n_files=len(contents))
    if reader.open_together is None:
        return entry
    try:
        many = reader.open_together()
        entry.work = lambda: [many(contents)]
        entry.told = Totals.of(entry.work())
    except REFUSALS as error:
        entry.fault = f"refused: {str(error) or type(error).__name__}"
    return entry


def _compare(entries: list[Entry], rounds: int) -> None:
    """Set aside those that read otherwise than most, and time the rest in turn."""
    told = {e.name: e.told.scaled(1 / e.n_files) for e in entries if e.told and not e.fault}
    right = Totals.most(list(told.values()))
    for entry in entries:
        if right and entry.name in told and not told[entry.name].agrees(right):
            entry.fault = f"wrong: {told[entry.name]} instead of {right}"
    for turn in range(rounds):
        first = turn % len(entries)
        for entry in entries[first:] + entries[:first]:
            due = not entry.slow or turn % EVERY == 0
            if due and entry.work is not None and not entry.fault:
                entry.laps.append(measured(entry.work)[0])


def _told(entries: list[Entry]) -> str:
    reference = next((e for e in entries if e.name == REFERENCE and e.laps), None)
    return table(HEADER, [_row(entry, reference) for entry in entries], texts=2)


def _row(entry: Entry, reference: Entry | None) -> list[str]:
    name, _, how = entry.name.partition(",")
    name = f"{name} {entry.reader.version or ''}".strip() + (f",{how}" if how else "")
    if not entry.laps:
        return [name, entry.fault, *[""] * (len(HEADER) - 2)]
    wall, cpu = _a_file(entry)
    base = _a_file(reference) if reference else None
    ratios = (number(base[0] / wall), number(base[1] / cpu)) if base else ("–", "–")
    extremes = spread(entry.laps, unit_s=1e-3 * entry.n_files)
    return [name, entry.reader.gives, number(wall * 1e3), extremes, number(cpu * 1e3), *ratios]


def _a_file(entry: Entry) -> tuple[float, float]:
    """Return the middle wall and CPU seconds of one file."""
    return median_wall_s(entry.laps) / entry.n_files, median_cpu_s(entry.laps) / entry.n_files
