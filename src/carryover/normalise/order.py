"""Records by rising time, one row an instant, whatever order a watch wrote them in."""

from __future__ import annotations

import numpy as np
import polars as pl

from carryover.normalise.traces import UNIT, Ints, edges, epoch_us


def in_order(channels: pl.DataFrame) -> pl.DataFrame:
    """Return channels by rising time within each unit, one row an instant.

    `channels` have `unit` (rising) and `recorded_at`; rows without an instant are left out.
    Rows of one instant are joined channel by channel, the first value standing: some apps
    write distance, speed and heart rate of a second in three records.
    """
    dated = channels.drop_nulls("recorded_at") if channels["recorded_at"].null_count() else channels
    odd = _odd_units(dated)
    return _mended(dated, odd) if len(odd) else dated


def _odd_units(dated: pl.DataFrame) -> Ints:
    """Return the units whose time repeats or falls."""
    unit = dated[UNIT].to_numpy()
    falls = np.diff(epoch_us(dated["recorded_at"])) <= 0
    return np.unique(unit[1:][falls & (unit[1:] == unit[:-1])])


def _mended(dated: pl.DataFrame, odd: Ints) -> pl.DataFrame:
    is_odd = pl.col(UNIT).is_in(odd)
    keys = [UNIT, "recorded_at"]
    joined = (
        dated.filter(is_odd)
        .group_by(keys, maintain_order=True)
        .agg(pl.all().first(ignore_nulls=True))
        .sort(keys)
        .select(dated.columns)
    )
    # Only the odd units are sorted; the others keep their rows, in whole slices.
    last = int(odd[-1]) + 1
    old, new = edges(dated, last), edges(joined, last)
    parts, place = [], 0
    for number in odd.tolist():
        parts += [
            dated.slice(place, old[number] - place),
            joined.slice(new[number], new[number + 1] - new[number]),
        ]
        place = old[number + 1]
    return pl.concat([*parts, dated.slice(place)], rechunk=True)
