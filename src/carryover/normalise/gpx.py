"""A decoded GPX file → its recordings: one a track."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import polars as pl

from carryover.normalise.channels import gpx_channels
from carryover.normalise.recordings import Owner, activity_row, believable, finish_run
from carryover.normalise.result import Normalised
from carryover.normalise.samples import Marks, in_order, samples
from carryover.normalise.times import seconds
from carryover.normalise.vendor import cleaned
from carryover.rawfile import Problem

RUN_TYPES: Final = frozenset({"running", "run", "9", "trail_running", "trailrun", "treadmill"})
"""Words (and Strava's number) for running in <type>."""
RUN_SPEED_MPS: Final = (1.8, 6.5)
RUN_CADENCE_SPM: Final = 140.0


def normalise_gpx(messages: dict[str, pl.DataFrame], owner: Owner) -> Normalised:
    """Return every track of a GPX file as a recording; tracks without times are only counted."""
    result = Normalised()
    messages = cleaned(messages)
    points = messages.get("trackpoint", pl.DataFrame())
    if points.is_empty():
        return result
    tracks = {row["track_index"]: row for row in messages["track"].iter_rows(named=True)}
    for (index,), track in points.group_by("track_index", maintain_order=True):
        timed = track.drop_nulls("time")
        if timed.is_empty():
            result.problems.append(
                Problem("warning", "a route without times: nothing to measure in it")
            )
            continue
        _track(tracks[index], timed, owner, result)
    return result


def _track(told: dict[str, Any], points: pl.DataFrame, owner: Owner, result: Normalised) -> None:
    held = gpx_channels(points)
    channels = in_order(held.frame)
    started_at, ended_at = channels["recorded_at"][0], channels["recorded_at"][-1]
    if fault := believable(started_at):
        result.problems.append(fault)
        result.partial = True
        return
    result.problems.extend(held.problems)
    identity = f"{owner.sha256}#{told['track_index']}"
    row = activity_row(owner, identity, started_at, ended_at, channels)
    row |= {"name": told["name"], "dynamics_source": "none", "manufacturer": "GPX"}
    row |= owner.zone(started_at, None, channels)
    marks = _segment_marks(points)
    row["sport"] = _told_sport(told["type"]) or _guessed_sport(samples(channels, marks), result)
    if row["sport"] == "running":
        finish_run(row, channels, marks, result)
    result.add("activity", pl.DataFrame([row]))


def _segment_marks(points: pl.DataFrame) -> Marks:
    """A new track segment is a pause: its neighbour ended with a stop, it begins with a start."""
    parts = points.group_by("segment_index", maintain_order=True).agg(
        first=pl.col("time").min(), last=pl.col("time").max()
    )
    if parts.height == 1:
        return Marks(np.array([]), np.array([]))
    return Marks(seconds(parts["last"]), seconds(parts["first"]))


def _told_sport(told: str | None) -> str | None:
    word = (told or "").strip().lower()
    return "running" if word in RUN_TYPES else word or None


def _guessed_sport(frame: pl.DataFrame, result: Normalised) -> str:
    moving = frame.filter(pl.col("speed_mps") > RUN_SPEED_MPS[0] / 2)
    speed, cadence = moving["speed_mps"].median(), moving["cadence_spm"].median()
    quick = isinstance(speed, float) and RUN_SPEED_MPS[0] <= speed <= RUN_SPEED_MPS[1]
    steps = isinstance(cadence, float) and cadence >= RUN_CADENCE_SPM
    if quick and (steps or cadence is None):
        result.problems.append(Problem("info", "no sport is named: taken as a run by its speed"))
        return "running"
    return "unknown"
