"""How far a runner was at an instant of moving time, from two-minute bins."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from carryover.estimate.baseline import BIN_S

APART_S: Final = 1e7
"""Runs stand this far apart on one common axis; none is as long."""


def distance_at(
    rows: pl.DataFrame, what: str, bins: pl.DataFrame, runs: pl.DataFrame
) -> pl.DataFrame:
    """Return the rows with `<what>_distance_m` for their `<what>_moving_s`; null where unknown.

    Bins' speed × running time are added up and stretched to the run's distance; between a bin's
    edges, and in a run without any speed, distance grows with moving time.
    """
    known = runs.filter(pl.col("distance_m") > 0, pl.col("moving_s") > 0)
    path = _paths(bins, known)
    codes = known.select("run_id").unique(maintain_order=True).sort("run_id").with_row_index("code")
    path = path.join(codes, on="run_id", maintain_order="left").sort("code", "at_s")
    axis = path["code"].cast(pl.Float64).to_numpy() * APART_S + path["at_s"].to_numpy()
    asked = rows.select("run_id", f"{what}_moving_s").join(
        codes, on="run_id", how="left", maintain_order="left"
    )
    at = asked["code"].cast(pl.Float64) * APART_S + asked[f"{what}_moving_s"].cast(pl.Float64)
    told = at.is_not_null().to_numpy()
    made = np.full(rows.height, np.nan)
    if path.height:
        made[told] = np.interp(at.drop_nulls().to_numpy(), axis, path["way_m"].to_numpy())
    return rows.with_columns(pl.Series(f"{what}_distance_m", made, dtype=pl.Float64).fill_nan(None))


def _paths(bins: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Return run_id, at_s, way_m: the start, each bin's end and the end of every run."""
    piece = (pl.col("speed_mps") * pl.col("running_s")).fill_null(0.0)
    ends = (
        bins.select("run_id", "bin_index", "speed_mps", "running_s")
        .unique(["run_id", "bin_index"], maintain_order=True)
        .join(runs.select("run_id", "moving_s", "distance_m"), on="run_id", maintain_order="left")
        .sort("run_id", "bin_index")
        .with_columns(at_s=(pl.col("bin_index") + 1) * BIN_S, way=piece.cum_sum().over("run_id"))
        .with_columns(whole=pl.col("way").last().over("run_id"))
        .filter(pl.col("whole") > 0, pl.col("at_s") < pl.col("moving_s"))
        .select("run_id", "at_s", way_m=pl.col("way") / pl.col("whole") * pl.col("distance_m"))
    )
    starts = runs.select("run_id", at_s=pl.lit(0.0), way_m=pl.lit(0.0))
    lasts = runs.select("run_id", at_s="moving_s", way_m="distance_m")
    return pl.concat([starts, ends.select(starts.columns), lasts], how="vertical_relaxed")
