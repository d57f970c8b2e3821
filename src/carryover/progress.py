"""Progress on standard error: a bar for a person, two lines for a log."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Final, Protocol

from carryover.harmless import harmless

UNSHOWN: Final = ContextVar("unshown", default=False)


@contextlib.contextmanager
def unshown() -> Iterator[None]:
    """Show no progress of what this thread does: it is a piece of work whose whole has a bar."""
    before = UNSHOWN.set(True)
    try:
        yield
    finally:
        UNSHOWN.reset(before)


class Advance(Protocol):
    """Called with how much was done, and what to show beside the bar."""

    def __call__(self, amount: float, note: str = "", /) -> None:
        """Move on."""


@contextlib.contextmanager
def bar(label: str, total: float, unit: str, noted: str = "") -> Iterator[Advance]:
    """Show progress towards `total`; call what is yielded with how much was done.

    `noted` follows each note: "57" and "of 219 files".
    """
    if UNSHOWN.get():
        yield lambda _amount, _note="", /: None
        return
    if not sys.stderr.isatty():
        begun = time.monotonic()
        yield lambda _amount, _note="", /: None
        beside = f" {noted}" if noted else ""
        sys.stderr.write(f"{label}: {total:g} {unit}{beside}, {time.monotonic() - begun:.1f} s\n")
        return
    # Only a person's terminal draws: a night on a timer need not wait for what does.
    from rich.console import Console  # noqa: PLC0415 - as said
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn(unit),
        TextColumn("{task.fields[note]}", markup=False), TimeElapsedColumn(), TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(label, total=total, note="")

        def advance(amount: float, note: str = "", /) -> None:
            progress.update(task, advance=amount, note=harmless(f"{note} {noted}") if note else "")

        yield advance
