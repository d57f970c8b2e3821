"""A writer that loads batch after batch into a store, to be killed at any moment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Final

import polars as pl

from carryover import columns
from carryover.normalise import TABLES
from carryover.warehouse.content import CONTENT, MEMBER, PROBLEM, Reading
from carryover.warehouse.store import Store, open_store

N_SAMPLES: Final = 400
KEY: Final = "reader-1"


def hash_of(number: int) -> str:
    """Return the hash that stands for a made recording."""
    return f"{number:064x}"


def batch(number: int, *, status: str = "loaded", samples: int = N_SAMPLES) -> Reading:
    """Return one made recording as read."""
    content = pl.DataFrame(
        [{"sha256": hash_of(number), "kind": "fit", "size_bytes": number, "status": status,
          "reason": None, "stage": None, "athlete_id": "me", "decoder_key": KEY}],
        schema=dict(CONTENT),
    )  # fmt: skip
    own = pl.DataFrame({"activity_id": [f"a{number}"]})
    rows = pl.DataFrame({"elapsed_s": range(samples)}).with_columns(
        activity_id=pl.lit(f"a{number}")
    )
    frames = {
        "activity": columns.shaped(own, columns.ACTIVITY),
        "sample": columns.shaped(rows, columns.SAMPLE),
    }
    first = pl.lit(0, pl.UInt32)
    return reading(content, {n: f.with_columns(content=first) for n, f in frames.items()})


def reading(
    content: pl.DataFrame | None,
    frames: Mapping[str, pl.DataFrame],
    member: pl.DataFrame | None = None,
) -> Reading:
    """Return ledger rows and frames as the store takes them."""
    return Reading(
        content=columns.empty(dict(CONTENT)) if content is None else content,
        member=columns.empty(dict(MEMBER)) if member is None else member,
        problem=columns.empty(dict(PROBLEM)),
        frames=frames,
    )


def opened(path: str | Path) -> AbstractContextManager[Store]:
    """Open a store as a night does."""
    return open_store(Path(path), TABLES, memory_limit="1GB")


def write_for_ever(path: str | Path, told: str | Path) -> None:
    """Load batches from the first unknown on; tell each one that was committed."""
    with opened(path) as store:
        number = len(store.known(KEY))
        while True:
            store.load([batch(number)])
            with Path(told).open("a") as stream:
                stream.write(f"{number}\n")
                stream.flush()
            number += 1
            if number > 100_000:
                os._exit(1)
