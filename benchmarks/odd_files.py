"""Which of the corpus' unusual files each reader reads: speed is worth little without it.

The files are whole but out of the ordinary: several sports, chained files, checksums of 0,
compressed times, fields of odd sizes. Where readers differ in the number of records, the number
that most of them read is held to be right.
"""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.readers import READERS, REFUSALS, Reader
from benchmarks.tables import table

GROUPS: Final = ("multisport", "odd")
HEADER: Final = ("reader", "reads", "refuses", "reads other records")
REASON_LENGTH: Final = 80


def odd_files(corpus: Path, *, readers: Sequence[Reader] = READERS) -> str:
    """Return the table of what each reader makes of the unusual files."""
    paths = sorted(path for group in GROUPS for path in (corpus / group).rglob("*.fit"))
    there = [reader for reader in readers if reader.version]
    told = [{path.name: _count(reader, path) for path in paths} for reader in there]
    right = {path.name: _usual([one[path.name] for one in told]) for path in paths}
    rows = [_row(reader, one, right) for reader, one in zip(there, told, strict=True)]
    head = (
        f"{len(paths)} whole but unusual files: several sports, chained files, checksums of 0, "
        f"compressed times, fields of odd sizes."
    )
    return f"{head}\n\n{table(HEADER, rows, texts=4)}"


def _row(reader: Reader, mine: dict[str, int | str], right: dict[str, int | None]) -> list[str]:
    refused = Counter(count for count in mine.values() if isinstance(count, str))
    other = [
        f"`{name}`: {count:,} instead of {right[name]:,}"
        for name, count in mine.items()
        if isinstance(count, int) and count != right[name]
    ]
    n_read = len(mine) - refused.total() - len(other)
    reasons = "; ".join(f"{n} × {reason}" for reason, n in refused.most_common())
    return [f"{reader.name} {reader.version}", f"{n_read} of {len(mine)}", reasons,
            "; ".join(other)]  # fmt: skip


def _usual(counts: Sequence[int | str]) -> int | None:
    read = Counter(count for count in counts if isinstance(count, int))
    return read.most_common(1)[0][0] if read else None


def _count(reader: Reader, path: Path) -> int | str:
    """Return how many records a reader finds in a file, or why it refuses it, without numbers."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return len(reader.open_it()(path.read_bytes())["timestamp"])
    except REFUSALS as error:
        reason = re.split(r"\n|\. ", str(error) or type(error).__name__)[0]
        reason = re.sub(r"\b\d+\b", "…", reason)
        return reason if len(reason) <= REASON_LENGTH else f"{reason[:REASON_LENGTH]}…"
