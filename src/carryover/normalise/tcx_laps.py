"""The laps of a TCX, and the pauses that its tracks and laps tell."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np
import polars as pl

from carryover.normalise.channels import NOTHING
from carryover.normalise.fit_sessions import MAX_SESSION_S
from carryover.normalise.result import Row
from carryover.normalise.samples import Marks
from carryover.normalise.traces import UNIT, Floats

LAP: Final = "lap_index"
TRACK: Final = "track_index"
MAX_DISTANCE_M: Final = 1e7
"""No lap is longer; nobody's feet carry that far."""
LAST: Final = dt.datetime(9999, 12, 31, tzinfo=dt.UTC)
MIN_PAUSE_S: Final = 10.0
"""Smart recording leaves gaps of 1 to 9 s."""
SLACK_S: Final = 2.0
"""A lap's time has decimals, its points have none; each pause may be so much longer or shorter."""
GAP: Final = {UNIT: pl.UInt32, LAP: pl.Int64, "stop_us": pl.Int64, "start_us": pl.Int64}


def lap_rows(laps: pl.DataFrame, timed: pl.DataFrame) -> pl.DataFrame:
    """Return laps in the file's order: `unit`, the columns of `lap`, and `last` (point).

    `laps` and `timed` (points with a time) have both keys. `TotalTimeSeconds` is timer time
    (`moving_s`), as Garmin's FIT files show beside their TCX. A lap lasts (`elapsed_s`) until the
    next begins, the last one until its last point, and never shorter than its timer. A lap that
    says no start begins with its first point; without one it is left out.
    """
    ends = timed.group_by(UNIT, LAP).agg(first=pl.col("Time").min(), last=pl.col("Time").max())
    held = laps.join(ends, on=[UNIT, LAP], how="left", maintain_order="left")
    started = held.with_columns(started_at=pl.coalesce("StartTime", "first")).drop_nulls(
        "started_at"
    )
    until = pl.coalesce(pl.col("started_at").shift(-1).over(UNIT), "last")
    lasted_s = (until - pl.col("started_at")).dt.total_microseconds() / 1e6
    moving_s = _within(held, "TotalTimeSeconds", MAX_SESSION_S)
    return started.select(
        UNIT,
        LAP,
        "started_at",
        "last",
        elapsed_s=pl.max_horizontal(
            pl.when(lasted_s.is_between(0, MAX_SESSION_S)).then(lasted_s), moving_s
        ),
        moving_s=moving_s,
        distance_m=_within(held, "DistanceMeters", MAX_DISTANCE_M),
        trigger=pl.col("TriggerMethod").str.to_lowercase(),
        intensity=pl.col("Intensity").str.to_lowercase(),
    )


def sums(rows: pl.DataFrame) -> dict[int, Row]:
    """Return what each unit's laps sum up to: first start, last end, timer time, distance."""
    end = pl.col("started_at") + pl.duration(microseconds=pl.col("elapsed_s") * 1e6)
    found = rows.group_by(UNIT).agg(
        started_at=pl.col("started_at").filter(pl.col("elapsed_s").is_not_null()).min(),
        ended_at=end.clip(upper_bound=LAST).max(),
        moving_s=_total("moving_s"),
        distance_m=_total("distance_m"),
    )
    return {row.pop(UNIT): row for row in found.iter_rows(named=True)}


def pauses(rows: pl.DataFrame, timed: pl.DataFrame) -> dict[int, Marks]:
    """Return when the timer stopped and started again, by unit.

    A new track inside a lap is a pause. Garmin's own exports have one track a lap whatever
    happens in it; there the lap's timer is shorter than the lap by the pause, which is a gap
    between two points.
    """
    told = _between_tracks(timed)
    found = pl.concat([told, _unexplained(rows, timed, told)]).sort(UNIT, "stop_us")
    return {
        unit: Marks(held["stop_us"].to_numpy() / 1e6, held["start_us"].to_numpy() / 1e6)
        for (unit,), held in found.partition_by(UNIT, as_dict=True).items()
    }


def _total(name: str) -> pl.Expr:
    """The sum of what is known, null where nothing is."""
    return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum())


def _within(frame: pl.DataFrame, name: str, most: float) -> pl.Expr:
    """A number from 0 to `most`; others are damaged."""
    value = pl.col(name) if name in frame.columns else NOTHING
    return pl.when(value.is_between(0, most)).then(value)


def _between_tracks(timed: pl.DataFrame) -> pl.DataFrame:
    """From the last point of a track to the first of the next, within one lap."""
    parts = timed.group_by(UNIT, LAP, TRACK, maintain_order=True).agg(
        start_us=pl.col("Time").min().cast(pl.Int64), last=pl.col("Time").max().cast(pl.Int64)
    )
    before = parts.with_columns(stop_us=pl.col("last").shift().over(UNIT, LAP))
    return before.filter(pl.col("start_us") > pl.col("stop_us")).select(list(GAP))


def _unexplained(rows: pl.DataFrame, timed: pl.DataFrame, told: pl.DataFrame) -> pl.DataFrame:
    """Gaps between points that make up for what a lap's timer lacks."""
    paused = told.group_by(UNIT, LAP).agg(
        told_s=(pl.col("start_us") - pl.col("stop_us")).sum() / 1e6
    )
    spanned_s = (pl.col("last") - pl.col("started_at")).dt.total_microseconds() / 1e6
    lacking_s = spanned_s - pl.col("moving_s") - pl.col("told_s").fill_null(0.0)
    wanted = (
        rows.join(paused, on=[UNIT, LAP], how="left", maintain_order="left")
        .with_columns(lacking_s=lacking_s)
        .filter((pl.col("moving_s") > 0) & (pl.col("lacking_s") >= MIN_PAUSE_S))
    )
    found: list[tuple[int, int, int, int]] = []
    for unit, lap, lacking_s, stops, starts in (
        wanted.join(_long_gaps(timed), on=[UNIT, LAP])
        .select(UNIT, LAP, "lacking_s", "stop_us", "start_us")
        .iter_rows()
    ):
        gaps_s = (np.array(starts) - np.array(stops)) / 1e6
        found += [(unit, lap, stops[i], starts[i]) for i in chosen_gaps(gaps_s, lacking_s)]
    return pl.DataFrame(found, schema=GAP, orient="row")


def _long_gaps(timed: pl.DataFrame) -> pl.DataFrame:
    """Each lap's gaps inside its tracks that are longer than those of smart recording."""
    keys = [UNIT, LAP, TRACK]
    times = timed.select(*keys, stop_us=pl.col("Time").cast(pl.Int64)).unique().sort(pl.all())
    gaps = times.with_columns(start_us=pl.col("stop_us").shift(-1).over(keys))
    long = (pl.col("start_us") - pl.col("stop_us")) >= MIN_PAUSE_S * 1e6
    return gaps.filter(long).group_by(UNIT, LAP, maintain_order=True).agg("stop_us", "start_us")


def chosen_gaps(gaps_s: Floats, lacking_s: float) -> list[int]:
    """Return which gaps add up to the time that is lacking, longest first; none if they do not."""
    chosen: list[int] = []
    left = lacking_s
    for i in np.argsort(-gaps_s, kind="stable").tolist():
        if left < MIN_PAUSE_S:
            break
        if gaps_s[i] <= left + SLACK_S:
            chosen.append(i)
            left -= gaps_s[i]
    return sorted(chosen) if abs(left) <= SLACK_S * len(chosen) else []
