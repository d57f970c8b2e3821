"""A Reading on its way between two processes: Arrow in memory that has no name.

Nothing lies in a folder, so nothing is left behind however a process ends. The frames are not
copied a second time: they lie in that memory for as long as somebody uses them.
"""

from __future__ import annotations

import json
import mmap
import os
import tempfile
from dataclasses import dataclass
from typing import Final

import polars as pl
import pyarrow as pa

from carryover.warehouse.content import Reading

LEDGER: Final = ("content", "member", "problem")
ROW_GROUP: Final = 122_880
"""Rows that DuckDB stores together. Where what comes is a little longer, it leaves a stub behind
each and writes the table a second time at the checkpoint."""
ALIGNED: Final = 64
"""Arrow's buffers begin at multiples of this."""


@dataclass(frozen=True, slots=True)
class Label:
    """Where the frames of a Reading lie in its memory: name, first byte and length of each."""

    parts: list[tuple[str, int, int]]
    disk_bytes: int
    n_files: int

    def text(self) -> str:
        """Return it as one line."""
        return json.dumps([self.parts, self.disk_bytes, self.n_files])

    @classmethod
    def of(cls, text: str) -> Label:
        """Return what `text` wrote."""
        parts, disk_bytes, n_files = json.loads(text)
        return cls([(name, first, size) for name, first, size in parts], disk_bytes, n_files)


def pack(reading: Reading) -> tuple[int, Label]:
    """Return a descriptor of memory that holds a Reading, to be closed, and where things lie.

    Raises OSError where there is no room.
    """
    descriptor = memory()
    parts: list[tuple[str, int, int]] = []
    named = {name: getattr(reading, name) for name in LEDGER} | dict(reading.frames)
    with os.fdopen(os.dup(descriptor), "r+b", buffering=0) as stream:
        for name, frame in named.items():
            first = -(-stream.seek(0, os.SEEK_END) // ALIGNED) * ALIGNED
            stream.seek(first)
            frame.rechunk().write_ipc(
                stream, compression="uncompressed", compat_level=pl.CompatLevel.newest(),
                record_batch_size=ROW_GROUP,
            )  # fmt: skip
            parts.append((name, first, stream.seek(0, os.SEEK_END) - first))
    return descriptor, Label(parts, reading.disk_bytes, reading.n_files)


def unpack(descriptor: int, label: Label) -> Reading:
    """Return the Reading that lies in memory; closes the descriptor."""
    try:
        whole = pa.py_buffer(mmap.mmap(descriptor, 0, prot=mmap.PROT_READ))
    finally:
        os.close(descriptor)
    frames = {name: _frame(whole.slice(first, size)) for name, first, size in label.parts}
    content, member, problem = (frames.pop(name) for name in LEDGER)
    return Reading(content, member, problem, frames, label.disk_bytes, label.n_files)


def _frame(held: pa.Buffer) -> pl.DataFrame:
    return pl.DataFrame(pl.from_arrow(pa.ipc.open_file(held).read_all()))


def memory() -> int:
    """Return a descriptor of memory without a name; where a system has none, of such a file."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("reading")
    with tempfile.TemporaryFile() as stream:
        return os.dup(stream.fileno())
