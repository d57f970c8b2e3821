"""Where the page of a run is."""

from __future__ import annotations

import hashlib
from typing import Any

import polars as pl


def run_path(row: dict[str, Any]) -> str:
    """Return the place of a run's page: its date and a hash of its id, never the id itself."""
    digest = hashlib.sha256(str(row["run_id"]).encode()).hexdigest()[:8]
    return f"runs/{row['local_date'].isoformat()}-{digest}.html"


def run_paths(runs: pl.DataFrame) -> pl.DataFrame:
    """Return run_id and href of all runs, in their order."""
    rows = runs.select("run_id", "local_date").iter_rows(named=True)
    return runs.select("run_id").with_columns(
        pl.Series("href", [run_path(row) for row in rows], pl.String)
    )
