"""Which runs are laps of a track, and which way round: left turns load the sides differently.

A lap of a standard track ends where it began after 400 m, and all of it lies at one distance from
the line that joins the centres of the two bends. A block of houses or a park does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from carryover import columns
from carryover.estimate import run_frames
from carryover.units import METRES_PER_DEGREE

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Rules = Mapping[str, float]

MIN_PARTS: Final = 60
HALF_TURN: Final = np.arange(0.0, np.pi, np.pi / 60)
"""Directions that the long side of a track may have: every 3°."""
EDGES: Final = (1, 99)
"""Percentiles that the places of laps lie between."""
MAX_STEP_M: Final = 60.0
"""A longer step within 5 s is a fault of GPS, or a pause."""
MAX_POINTS: Final = 2000
"""Enough places to find a track; all are then held against it."""


class _Way(NamedTuple):
    """Places of a run in m east and north, and the way so far."""

    x: Floats
    y: Floats
    run_m: Floats


class _Oval(NamedTuple):
    """A track: its centre, the direction of its straights, its bends' radius, and the spread."""

    x: float
    y: float
    angle: float
    radius_m: float
    off_m: float


def run_track(parts: pl.DataFrame, rules: Rules) -> pl.DataFrame:
    """Return `run_frames.RUN_TRACK`: a row a run with laps of a standard track of 400 m.

    `parts` is `pace_part` (run_id, part, running_s, latitude_deg, longitude_deg); `rules` are
    thresholds by name. Laps are counted by the angle run round the centre, to each side.
    """
    held = parts.filter(
        (pl.col("running_s") > 0) & pl.col("latitude_deg").is_finite()
        & pl.col("longitude_deg").is_finite()
    ).sort("run_id", "part")  # fmt: skip
    rows = [
        {"run_id": key} | found
        for (key,), part in held.partition_by("run_id", as_dict=True, maintain_order=True).items()
        if (found := _laps(_way(part), rules))
    ]
    return columns.shaped(pl.DataFrame(rows, infer_schema_length=None), run_frames.RUN_TRACK)


def _way(part: pl.DataFrame) -> _Way:
    lat, lon = part["latitude_deg"].to_numpy(), part["longitude_deg"].to_numpy()
    squeeze = np.cos(np.radians(np.median(lat)))
    x = (lon - np.median(lon)) * METRES_PER_DEGREE * squeeze
    y = (lat - np.median(lat)) * METRES_PER_DEGREE
    step = np.hypot(np.diff(x), np.diff(y))
    step = np.where(step > MAX_STEP_M, 0.0, step)
    return _Way(x, y, np.concatenate([[0.0], np.cumsum(step)]))


def _laps(way: _Way, rules: Rules) -> dict[str, float] | None:
    if len(way.x) < MIN_PARTS:
        return None
    closing = _closing(way, rules)
    if np.count_nonzero(closing) < MIN_PARTS // 2:
        return None
    oval = _oval(way.x[closing], way.y[closing], rules)
    if not (
        rules["track_radius_min_m"] <= oval.radius_m <= rules["track_radius_max_m"]
        and oval.off_m <= rules["track_off_m"]
    ):
        return None
    along, off = _against(way.x - oval.x, way.y - oval.y, oval.angle, rules)
    on = np.abs(off - oval.radius_m) <= 3 * rules["track_off_m"]
    turn = _turned(along, way, oval, on)
    left, right = float(turn[turn > 0].sum()), float(-turn[turn < 0].sum())
    way_m = float(np.diff(way.run_m)[on[1:]].sum())
    enough = way_m >= rules["track_min_share"] * max(float(way.run_m[-1]), 1.0)
    if left + right < rules["track_min_laps"] or not enough:
        return None
    return {"anticlockwise_laps": left, "clockwise_laps": right, "way_m": way_m}


def _closing(way: _Way, rules: Rules) -> Flags:
    """Return the places that are come back to after about a lap."""
    lap, slack = rules["track_lap_m"], rules["track_lap_slack_m"]
    n = len(way.x)
    first = np.searchsorted(way.run_m, way.run_m + lap - slack / 2)
    last = np.searchsorted(way.run_m, way.run_m + lap + slack)
    closing = np.zeros(n, dtype=np.bool_)
    for ahead in range(int((last - first).max(initial=0))):
        at = first + ahead
        inside = at < np.minimum(last, n)
        here = np.flatnonzero(inside)
        there = at[inside]
        near = np.hypot(way.x[there] - way.x[here], way.y[there] - way.y[here])
        hit = near <= rules["track_close_m"]
        closing[here[hit]] = True
        closing[there[hit]] = True
    return closing


def _oval(x: Floats, y: Floats, rules: Rules) -> _Oval:
    """Return the oval on which places lie best: the straights' direction is tried all round."""
    every = -(-len(x) // MAX_POINTS)
    x, y = x[::every], y[::every]
    # Most of the laps are in one place; another loop elsewhere must not draw the centre away.
    mid_x, mid_y = np.median(x), np.median(y)
    near = np.hypot(x - mid_x, y - mid_y) <= rules["track_lap_m"] / 2
    x, y = x[near], y[near]
    return _best(x, y, rules)


def _best(x: Floats, y: Floats, rules: Rules) -> _Oval:
    """Return the oval of all directions about which the places (n,) spread least."""
    cos, sin = np.cos(HALF_TURN)[:, None], np.sin(HALF_TURN)[:, None]
    along, across = x * cos + y * sin, y * cos - x * sin
    a, b = (np.percentile(v, EDGES, axis=1).mean(axis=0)[:, None] for v in (along, across))
    # Seen from the centre: turning is the same before and after it is moved there.
    off = _off(along - a, across - b, rules)
    radius = np.median(off, axis=1)
    spread = 1.4826 * np.median(np.abs(off - radius[:, None]), axis=1)
    # Half the spread that holds four fifths: a shape that is no track has corners.
    low, high = np.percentile(off, [10, 90], axis=1)
    spread = np.maximum(spread, (high - low) / 2.563)
    i = int(np.argmin(spread))
    centre = (a * cos - b * sin)[i, 0], (a * sin + b * cos)[i, 0]
    return _Oval(
        float(centre[0]), float(centre[1]), float(HALF_TURN[i]), float(radius[i]), float(spread[i])
    )


def _against(x: Floats, y: Floats, angle: float, rules: Rules) -> tuple[Floats, Floats]:
    """Return the angle about the centre, and the distance from the line between the bends."""
    along = x * np.cos(angle) + y * np.sin(angle)
    across = y * np.cos(angle) - x * np.sin(angle)
    return np.arctan2(across, along), _off(along, across, rules)


def _off(along: Floats, across: Floats, rules: Rules) -> Floats:
    """Return the distance from the line between the bends of places seen from the centre."""
    beyond = np.maximum(np.abs(along) - rules["track_straight_m"] / 2, 0.0)
    return np.asarray(np.hypot(beyond, across))


def _turned(about: Floats, way: _Way, oval: _Oval, on: Flags) -> Floats:
    """Return laps run about the centre from place to place, anticlockwise positive."""
    turn = (np.diff(about) + np.pi) % (2 * np.pi) - np.pi
    step = np.hypot(np.diff(way.x), np.diff(way.y))
    counts = on[1:] & on[:-1] & (step <= min(MAX_STEP_M, 2 * oval.radius_m))
    return np.where(counts, turn / (2 * np.pi), 0.0)
