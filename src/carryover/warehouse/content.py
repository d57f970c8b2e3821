"""What contents became: the rows that the store takes, known without opening a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

CONTENT: Mapping[str, pl.DataType] = {
    "sha256": pl.String(),
    "kind": pl.String(),
    "size_bytes": pl.Int64(),
    "status": pl.String(),
    "reason": pl.String(),
    "stage": pl.String(),
    "athlete_id": pl.String(),
    "decoder_key": pl.String(),
}
"""Grain: one content of a batch and what became of it; `stage` (of Stage): where it stopped."""

MEMBER: Mapping[str, pl.DataType] = {
    "inner_place": pl.String(),
    "sha256": pl.String(),
    "outer_sha256": pl.String(),
}
"""Grain: one place inside an archive, as it follows the archive's own place (`!run.fit`)."""

PROBLEM: Mapping[str, pl.DataType] = {
    "content": pl.UInt32(),
    "severity": pl.String(),
    "what": pl.String(),
    "remedy": pl.String(),
}
"""Grain: one thing a person should know about a content, told by its row in the ledger."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What some contents became: ledger rows, and frames by table.

    Each row of a frame says in `content` which row of the ledger it came from. `n_files` files
    of `disk_bytes` on disk were finished with it.
    """

    content: pl.DataFrame
    member: pl.DataFrame
    problem: pl.DataFrame
    frames: Mapping[str, pl.DataFrame]
    disk_bytes: int = 0
    n_files: int = 0
