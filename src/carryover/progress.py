"""Progress on standard error: a bar for a person, two lines for a log."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

Advance = Callable[[float], None]


@contextlib.contextmanager
def bar(label: str, total: float, unit: str) -> Iterator[Advance]:
    """Show progress towards `total`; call what is yielded with how much was done."""
    if not sys.stderr.isatty():
        begun = time.monotonic()
        yield lambda _: None
        sys.stderr.write(f"{label}: {total:g} {unit}, {time.monotonic() - begun:.1f} s\n")
        return
    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(unit),
        TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(label, total=total)
        yield lambda amount: progress.advance(task, amount)
