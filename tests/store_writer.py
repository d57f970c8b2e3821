"""A writer that loads batch after batch into a store, to be killed at any moment."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl

from carryover import columns
from carryover.normalise import TABLES
from carryover.warehouse.store import CONTENT, Store, open_store, spool

N_SAMPLES = 400
KEY = "reader-1"


def hash_of(number):
    return f"{number:064x}"


def batch(folder, number, *, status="loaded", samples=N_SAMPLES):
    """Spool one made recording and return its folder."""
    sha256 = hash_of(number)
    target = Path(folder) / f"{number:05d}"
    content = pl.DataFrame(
        [{"sha256": sha256, "kind": "fit", "size_bytes": number, "status": status,
          "reason": None, "athlete_id": "me", "decoder_key": KEY}],
        schema=dict(CONTENT),
    )  # fmt: skip
    own = pl.DataFrame({"activity_id": [f"a{number}"], "content_sha256": [sha256]})
    rows = pl.DataFrame({"elapsed_s": range(samples)}).with_columns(
        activity_id=pl.lit(f"a{number}"), content_sha256=pl.lit(sha256)
    )
    frames = {
        "activity": _shaped(own, columns.ACTIVITY),
        "sample": _shaped(rows, columns.SAMPLE),
    }
    spool(target, {"content": content}, frames)
    return target


def _shaped(frame, schema):
    return columns.shaped(frame, schema).with_columns(frame["content_sha256"])


def opened(path) -> Store:
    return open_store(Path(path), TABLES, memory_limit="1GB")


def write_for_ever(path, folder, told):
    """Load batches from the first unknown on; tell each one that was committed."""
    with opened(path) as store:
        number = len(store.known(KEY))
        while True:
            store.load(batch(folder, number))
            with Path(told).open("a") as stream:
                stream.write(f"{number}\n")
                stream.flush()
            number += 1
            if number > 100_000:
                os._exit(1)
