"""The own wellness and screening logs: rows a person wrote → canonical frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from carryover import columns
from carryover.catalogue.body_sites import place_of
from carryover.catalogue.screening_tests import match_test, unit_of
from carryover.rawfile import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carryover.settings import Athlete

Frame = tuple[pl.DataFrame, list[Problem]]

TEXT = pl.String()


def from_wellness(rows: pl.DataFrame, athlete: Athlete, sha256: str) -> Frame:
    """Return decoded wellness rows shaped as `columns.WELLNESS`.

    Sites go by the catalogue's names; a side told with the site (`left knee`) is the row's side.
    Of several rows with one date, site and side the last one stands.
    """
    places = {raw: place_of(raw) for raw in rows["site"].drop_nulls().unique()}
    placed = rows.with_columns(
        site=_told("site", {raw: place.site for raw, place in places.items()}),
        side=pl.coalesce("side", _told("site", {raw: place.side for raw, place in places.items()})),
    )
    kept, problems = _last(placed, ["date", "site", "side"])
    return _owned(kept, athlete, sha256, columns.WELLNESS), problems


def from_screening(rows: pl.DataFrame, athlete: Athlete, sha256: str) -> Frame:
    """Return decoded screening rows shaped as `columns.SCREENING`.

    Of several rows with one date, test and side the last one stands, whatever name of the test
    they use.
    """
    ids = {raw: match_test(raw) for raw in rows["test"].drop_nulls().unique()}
    implied = {test_id: unit_of(test_id, None) for test_id in ids.values() if test_id}
    known = rows.with_columns(test_id=_told("test", ids)).with_columns(
        unit=pl.coalesce("unit", _told("test_id", implied)),
        named=pl.coalesce("test_id", pl.col("test").str.to_lowercase()),
    )
    kept, problems = _last(known, ["date", "named", "side"], ["date", "test", "side"])
    return _owned(kept, athlete, sha256, columns.SCREENING), problems


def _told(column: str, answers: Mapping[str, str | None]) -> pl.Expr:
    """Return what a column's texts stand for; null where there is no answer."""
    return pl.col(column).replace_strict(answers, default=None, return_dtype=TEXT)


def _last(rows: pl.DataFrame, keys: list[str], words: list[str] | None = None) -> Frame:
    kept = rows.unique(keys, keep="last", maintain_order=True)
    dropped = rows.join(kept, on="line", how="anti")
    problems = [
        Problem(
            "info",
            f"line {row['line']} is replaced by a later one with the same "
            f"{', '.join(words or keys)}",
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
