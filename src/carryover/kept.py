"""Results kept from one build to the next, group by group, for as long as their inputs stay.

A file of results beside the warehouse, each with a hash of the rows that it was made from. It is
a cache and no more: without it, or after a new version of the program, everything is made anew.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
from polars import selectors
from polars.exceptions import PolarsError

INPUT: Final = "input_hash"
VERSION: Final = "version"
DIGITS: Final = 9

Make = Callable[[pl.DataFrame], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Kept:
    """The results of one estimate at `path`; those of another `version` are not used."""

    path: Path
    version: str

    def made(self, frame: pl.DataFrame, key: Sequence[str], make: Make) -> pl.DataFrame:
        """Return `make(frame)`, called only with the groups that changed since the last time.

        `make` must work on each group of `key` for itself and give rows with those columns. What
        was kept of groups that are gone is dropped. The order of rows within a group plays no part.
        """
        hashes = _hashes(frame, key)
        held = self._held()
        same = hashes.clear() if held is None else hashes.join(held, on=[*key, INPUT], how="semi")
        fresh = make(frame.join(same, on=key, how="anti"))
        if held is None or same.is_empty():
            result = fresh
        else:
            old = held.join(same, on=key, how="semi").select(fresh.columns)
            result = pl.concat([old, fresh]).sort(key)
        self._keep(result.join(hashes, on=key, how="left"))
        return result

    def _held(self) -> pl.DataFrame | None:
        """Return what was kept by this version; None where there is none or it cannot be read."""
        try:
            held = pl.read_parquet(self.path)
        except (OSError, PolarsError):
            return None
        if VERSION not in held.columns or not (held[VERSION] == self.version).all():
            return None
        return held.drop(VERSION)

    def _keep(self, result: pl.DataFrame) -> None:
        """Write all results beside the file, then put them in its place."""
        beside = self.path.with_suffix(".new")
        # What cannot be kept is made again next time: no reason to end a night. On a full disk
        # polars raises an error of its own.
        with contextlib.suppress(OSError, PolarsError):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            result.with_columns(pl.lit(self.version).alias(VERSION)).write_parquet(beside)
            beside.replace(self.path)
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def _hashes(frame: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Return key and a hash of each group's rows, whatever their order.

    Numbers by their first nine digits: sums of several threads differ in their last.
    """
    told = frame.with_columns(selectors.float().round_sig_figs(DIGITS))
    groups = told.select(*key, pl.struct(pl.all().exclude(key)).hash().alias("row")).group_by(key)
    rows = groups.agg(pl.col("row").sort()).sort(key)
    digests = [_digest(row) for row in rows["row"]]
    return rows.select(key).with_columns(pl.Series(INPUT, digests, dtype=pl.String))


def _digest(rows: pl.Series) -> str:
    return hashlib.sha256(rows.to_numpy().tobytes()).hexdigest()
