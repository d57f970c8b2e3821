"""What each page that may be kept shows, so that only a change that can be seen makes it anew."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA: Final = pl.Schema([
    ("path", pl.String), ("key", pl.UInt64), ("numbers", pl.List(pl.Float32)),
    ("program", pl.String),
])  # fmt: skip
SLACK: Final = 0.9
"""Of one unit of a number's last shown digit: both sides rounded, what is shown differs by one."""


@dataclass(slots=True)
class Ledger:
    """The pages of a site that stands and may be kept, and what the pages of the next one show.

    `standing`: path, key, numbers and program as `settle` takes them. `program`: tells one version
    of models, pages and settings from another; without it nothing is kept.
    """

    program: str = ""
    standing: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=SCHEMA))
    _settled: list[pl.DataFrame] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path, site: Path, program: str) -> Ledger:
        """Return the ledger of a site; empty where another program made it, or it is unreadable."""
        try:
            told = pl.read_parquet(path)
        except (OSError, pl.exceptions.PolarsError):
            return cls(program)
        if not program or told.schema != SCHEMA:
            return cls(program)
        mine = told.filter(program=program)
        there = [(site / page).is_file() for page in mine["path"]]
        return cls(program, mine.filter(pl.Series(there, dtype=pl.Boolean)))

    def settle(self, shown: pl.DataFrame) -> frozenset[str]:
        """Return which pages stay as they stand, and note what each page will show.

        `shown`: path; key, a hash of all that a page tells exactly, the order and the nulls of its
        numbers among it; numbers, in units of their last shown digit. A page stays where its key
        is the same and no number is further than SLACK from that of the page that stands.
        """
        old = self.standing.select("path", "key", "numbers")
        known = shown.join(old, on=["path", "key"], suffix="_old")
        both = known.filter(pl.col("numbers").list.len() == pl.col("numbers_old").list.len())
        apart = (
            both.select("path", "numbers", "numbers_old")
            .explode("numbers", "numbers_old")
            .filter((pl.col("numbers") - pl.col("numbers_old")).abs() > SLACK)
        )
        stays = both.join(apart, on="path", how="anti").select("path")
        self._settled += [
            old.join(stays, on="path", how="semi"), shown.join(stays, on="path", how="anti"),
        ]  # fmt: skip
        return frozenset(stays["path"])

    def write(self, path: Path) -> None:
        """Keep what the pages show beside them."""
        rows = pl.concat([self.standing.drop("program").clear(), *self._settled])
        told = rows.sort("path").with_columns(program=pl.lit(self.program))
        told.write_parquet(path, compression="zstd")
