"""Messages of a batch → its units: one a file, or one for each of several chained activities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

import polars as pl

from carryover.normalise.result import FILE
from carryover.normalise.traces import UNIT

SEGMENT: Final = "segment_index"
"""Column: which part of a chained file a message stood in."""

Messages = Mapping[str, pl.DataFrame]


class Unit(NamedTuple):
    """One activity: of which file, and which of that file's activities."""

    file: int
    number: int


def cut(messages: Messages, n_files: int) -> tuple[dict[str, pl.DataFrame], list[Unit]]:
    """Return messages with a column `unit` for `file` and `segment_index`, and the units.

    A chain of several whole activities is cut into them; other chains are one activity, since
    their further segments often only carry messages of the first (heart-rate straps). Messages
    of a cut file that belong to none of its activities are left out.
    """
    chains = _chains(messages)
    units: list[Unit] = []
    places: list[tuple[int, int | None, int]] = []
    for file in range(n_files):
        for number, segment in enumerate(chains.get(file, [None])):
            places.append((file, segment, len(units)))
            units.append(Unit(file, number))
    return {name: _placed(frame, places, chains) for name, frame in messages.items()}, units


def _chains(messages: Messages) -> dict[int, list[int | None]]:
    """Return the segments that hold a whole activity, of files that hold several."""
    held = [messages.get(name, pl.DataFrame()) for name in ("session", "record")]
    if not all({FILE, SEGMENT} <= set(frame.columns) for frame in held):
        return {}
    if not held[0][SEGMENT].max():
        return {}
    summed, recorded = ({*f.select(FILE, SEGMENT).unique().drop_nulls().rows()} for f in held)
    segments: dict[int, list[int | None]] = defaultdict(list)
    for file, segment in sorted(summed & recorded):
        segments[file].append(segment)
    return {file: found for file, found in segments.items() if len(found) > 1}


def _placed(
    frame: pl.DataFrame,
    places: list[tuple[int, int | None, int]],
    chains: Mapping[int, list[int | None]],
) -> pl.DataFrame:
    if not chains:
        placed = frame.clone()
        if SEGMENT in frame.columns:
            placed.drop_in_place(SEGMENT)
        placed.columns = [UNIT if name == FILE else name for name in placed.columns]
        return placed if placed[UNIT].is_sorted() else placed.sort(UNIT, maintain_order=True)
    key = {FILE: pl.UInt32, SEGMENT: pl.UInt32, UNIT: pl.UInt32}
    table = pl.DataFrame(places, schema=key, orient="row")
    whole = pl.col(FILE).is_in(list(chains)).not_()
    typed = frame.with_columns(
        pl.col(FILE).cast(pl.UInt32), pl.when(~whole).then(pl.col(SEGMENT).cast(pl.UInt32))
    )
    placed = typed.join(
        table, on=[FILE, SEGMENT], how="inner", nulls_equal=True, maintain_order="left"
    )
    return placed.drop(FILE, SEGMENT).sort(UNIT, maintain_order=True)
