"""How far a runner was at an instant of moving time, from two-minute bins."""

from __future__ import annotations

import polars as pl

from carryover.estimate.baseline import BIN_S
from carryover.estimate.ratio import ratio


def distance_at(
    rows: pl.DataFrame, what: str, bins: pl.DataFrame, runs: pl.DataFrame
) -> pl.DataFrame:
    """Return the rows with `<what>_distance_m` for their `<what>_moving_s`; null where unknown.

    Bins' speed × running time are added up and stretched to the run's distance; between a bin's
    edges, and in a run without any speed, distance grows with moving time.
    """
    known = runs.filter(pl.col("distance_m") > 0, pl.col("moving_s") > 0)
    path = (
        _paths(bins, known)
        .sort("at_s", "run_id", maintain_order=True)
        .with_columns(pl.col("at_s", "way_m").shift(-1).over("run_id").name.suffix("_next"))
    )
    at = pl.col(f"{what}_moving_s").cast(pl.Float64)
    asked = rows.select("run_id", at_s=at).with_row_index("row").sort("at_s", maintain_order=True)
    share = ratio(pl.col("asked_s") - pl.col("at_s"), pl.col("at_s_next") - pl.col("at_s"))
    gained = share * (pl.col("way_m_next") - pl.col("way_m"))
    # Run by run: on one axis for all, a run's digits would depend on who else there is.
    found = (
        asked.with_columns(asked_s="at_s")
        .join_asof(
            path, on="at_s", by="run_id", coalesce=False, suffix="_path", check_sortedness=False
        )
        .with_columns(at_s="at_s_path")
        .with_columns(way=pl.col("way_m") + gained.fill_null(0.0))
        .sort("row")
    )
    return rows.with_columns(found["way"].alias(f"{what}_distance_m"))


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
        .select(
            "run_id", "at_s", way_m=ratio(pl.col("way"), pl.col("whole")) * pl.col("distance_m")
        )
    )
    starts = runs.select("run_id", at_s=pl.lit(0.0), way_m=pl.lit(0.0))
    lasts = runs.select("run_id", at_s="moving_s", way_m="distance_m")
    return pl.concat([starts, ends.select(starts.columns), lasts], how="vertical_relaxed")
