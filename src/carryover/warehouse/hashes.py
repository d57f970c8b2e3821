"""Hashes of what tables hold: of a whole one, and of what each unit has in it.

DuckDB's own hash of a row, summed in two ways over the rows: their order plays no part.
"""

from __future__ import annotations

import hashlib
from typing import Final

import duckdb
import polars as pl

ROWS: Final = "concat_ws(':', count(*), bit_xor(hash(t)), sum(hash(t)::hugeint))"
"""Of the rows of an alias `t`."""


def digest(*told: str) -> str:
    """Return one short hash of some texts."""
    return hashlib.sha256("\x1f".join(told).encode()).hexdigest()[:24]


def frame_digest(frame: pl.DataFrame) -> str:
    """Return a hash of a frame's names, types and values in their order."""
    content = frame.write_ipc(None, compression="uncompressed").getvalue()
    return hashlib.sha256(content).hexdigest()[:24]


def table_digest(connection: duckdb.DuckDBPyConnection, name: str) -> str:
    """Return a hash of a table's rows, whatever their order; `name` is an own one."""
    rows = connection.execute(f"select {ROWS} from {name} as t").fetchall()
    return digest(str(rows[0][0]))


def columns_of(connection: duckdb.DuckDBPyConnection, name: str) -> tuple[str, ...]:
    """Return the names of a table's columns."""
    found = connection.execute(f"select * from {name} limit 0").description or []
    connection.fetchall()
    return tuple(column[0] for column in found)
