"""Read files on all cores: decoding is pure Python, so it takes processes, not threads."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Final

from carryover.errors import CarryoverError
from carryover.intake import Found
from carryover.progress import bar
from carryover.reading import read_batch
from carryover.settings import Settings

WORTH_A_POOL_BYTES: Final = 1 << 20
"""Below it, starting processes takes longer than reading."""
CHUNK_BYTES: Final = 2 << 20


def read_files(
    files: Sequence[Found], settings: Settings, known: frozenset[str], target: Path
) -> list[Path]:
    """Read files into spooled folders named after `target`; return them in order.

    Raises CarryoverError where the machine ended a worker (out of memory).
    """
    chunks = list(_chunks(files))
    folders = [target.with_name(f"{target.name}-{i:03d}") for i in range(len(chunks))]
    total = sum(f.size_bytes for f in files)
    workers = min(settings.machine.workers or os.cpu_count() or 1, len(chunks))
    with bar("reading files", round(total / 1e6, 1), "MB") as advance:
        if workers <= 1 or total < WORTH_A_POOL_BYTES:
            for chunk, folder in zip(chunks, folders, strict=True):
                read_batch(chunk, settings, known, folder)
                advance(_megabytes(chunk))
            return folders
        # A forked child would inherit locks that polars' and DuckDB's threads may hold.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            jobs = {
                pool.submit(read_batch, chunk, settings, known, folder): chunk
                for chunk, folder in zip(chunks, folders, strict=True)
            }
            try:
                for job in as_completed(jobs):
                    job.result()
                    advance(_megabytes(jobs[job]))
            except BrokenProcessPool as error:
                raise CarryoverError(
                    "the machine ended a reading process, most likely out of memory",
                    remedy="Set [machine] workers = 1 in carryover.toml.",
                ) from error
    return folders


def _megabytes(chunk: Sequence[Found]) -> float:
    return sum(f.size_bytes for f in chunk) / 1e6


def _chunks(files: Sequence[Found]) -> Iterator[list[Found]]:
    chunk: list[Found] = []
    size = 0
    for found in files:
        chunk.append(found)
        size += found.size_bytes
        if size >= CHUNK_BYTES:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk
