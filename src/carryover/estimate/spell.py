"""How long each channel's value has stood still at an instant, and what lies to both sides of it.

A watch repeats a value until it has a new one. Such a spell lasts from the instant that brings it
to the last one that repeats it; a pause ends it, since nothing is known of the time between.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from carryover import columns
from carryover.estimate import run_frames

STILL: Final[Mapping[str, str]] = {
    "contact_still_s": "stance_time_ms",
    "balance_still_s": "stance_time_balance_pct",
    "oscillation_still_s": "vertical_oscillation_mm",
}
"""How long a spell lasts → the channel that it is one of."""


def spell(points: pl.DataFrame) -> pl.DataFrame:
    """Return SPELL, a row an instant: steps to its neighbours, its segment's start, its spells.

    `points`: run_id, elapsed_s, segment, heart_rate_bpm and the channels of STILL (nullable).
    """
    held = points.sort("run_id", "elapsed_s", maintain_order=True)
    # Instants of one time are one: a row tells it for all.
    held = held.unique(["run_id", "elapsed_s"], keep="first", maintain_order=True)
    at, beats, goes_on = pl.col("elapsed_s"), pl.col("heart_rate_bpm"), pl.col("goes_on")
    same_run = pl.col("run_id") == pl.col("run_id").shift()
    told = held.with_columns(
        goes_on=(same_run & (pl.col("segment") == pl.col("segment").shift())).fill_null(False),
        since_s=pl.when(same_run).then(at - at.shift()),
    ).with_columns(stays=goes_on.shift(-1, fill_value=False))
    return columns.shaped(
        told.select(
            "run_id",
            "elapsed_s",
            "since_s",
            pl.when(same_run.shift(-1)).then(at.shift(-1) - at).alias("gap_s"),
            pl.when(goes_on).then(beats - beats.shift()).alias("heart_rate_step_bpm"),
            pl.when(~goes_on).then(at).forward_fill().alias("segment_start_s"),
            *(_lasts(channel).alias(name) for name, channel in STILL.items()),
        ),
        run_frames.SPELL,
    )


def _lasts(channel: str) -> pl.Expr:
    """Return the time from the instant that brings a value to the last one that repeats it."""
    at, value = pl.col("elapsed_s"), pl.col(channel)
    repeats = pl.col("goes_on") & value.eq_missing(value.shift())
    repeated = pl.col("stays") & value.eq_missing(value.shift(-1))
    return pl.when(~repeated).then(at).backward_fill() - pl.when(~repeats).then(at).forward_fill()
