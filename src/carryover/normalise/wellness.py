"""The own wellness and screening logs: rows a person wrote → canonical frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from carryover import columns
from carryover.rawfile import Problem

if TYPE_CHECKING:
    from carryover.settings import Athlete

Frame = tuple[pl.DataFrame, list[Problem]]


def from_wellness(rows: pl.DataFrame, athlete: Athlete, sha256: str) -> Frame:
    """Return decoded wellness rows shaped as `columns.WELLNESS`; the last of a date and site."""
    kept, problems = _last(rows, ["date", "site"])
    return _owned(kept, athlete, sha256, columns.WELLNESS), problems


def from_screening(rows: pl.DataFrame, athlete: Athlete, sha256: str) -> Frame:
    """Return decoded screening rows shaped as `columns.SCREENING`.

    Of several rows with one date, test and side the last one stands.
    """
    kept, problems = _last(rows, ["date", "test", "side"])
    return _owned(kept, athlete, sha256, columns.SCREENING), problems


def _last(rows: pl.DataFrame, keys: list[str]) -> Frame:
    kept = rows.unique(keys, keep="last", maintain_order=True)
    dropped = rows.join(kept, on="line", how="anti")
    problems = [
        Problem(
            "info",
            f"line {row['line']} is replaced by a later one with the same {', '.join(keys)}",
            "Keep one of the two.",
        )
        for row in dropped.sort("line").iter_rows(named=True)
    ]
    return kept, problems


def _owned(
    rows: pl.DataFrame, athlete: Athlete, sha256: str, schema: dict[str, pl.DataType]
) -> pl.DataFrame:
    named = rows.rename({"date": "local_date", "notes": "note"}).with_columns(
        athlete_id=pl.lit(athlete.id), source_sha256=pl.lit(sha256)
    )
    return columns.shaped(named, schema)
