"""Channels + clock → the samples of one run, and what the whole run sums up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl

from carryover.normalise.times import MAX_GAP_S, Floats, clock, seconds

EARTH_RADIUS_M: Final = 6_371_008.8
SPEED_HALF_WINDOW_S: Final = 5.0
"""Positions of one second are too noisy for a speed; ten seconds are not."""
MAX_RUN_SPEED_MPS: Final = 12.0
ASCENT_SMOOTH: Final = 15
ASCENT_STEP_M: Final = 3.0


@dataclass(frozen=True, slots=True)
class Marks:
    """Timer stop and start marks, seconds since 1970."""

    stops_s: Floats
    starts_s: Floats


NO_MARKS: Final = Marks(np.array([]), np.array([]))


def in_order(channels: pl.DataFrame) -> pl.DataFrame:
    """Return channels by rising time, one row an instant.

    Rows of one instant are joined channel by channel, the first value standing: some apps
    write distance, speed and heart rate of a second in three records.
    """
    dated = channels.drop_nulls("recorded_at")
    if dated["recorded_at"].is_duplicated().any():
        dated = dated.group_by("recorded_at", maintain_order=True).agg(
            pl.all().drop_nulls().first()
        )
    return dated.sort("recorded_at")


def samples(channels: pl.DataFrame, marks: Marks) -> pl.DataFrame:
    """Return the samples of one recording from channels in order; not empty."""
    times_s = seconds(channels["recorded_at"])
    distance_m = _distance(channels, times_s)
    speed_mps = _speed(channels, times_s, distance_m)
    held = clock(times_s, marks.stops_s, marks.starts_s, speed_mps)
    return channels.with_columns(
        distance_m=_nullable(distance_m),
        speed_mps=_nullable(speed_mps),
        elapsed_s=pl.Series(held.elapsed_s),
        moving_s=pl.Series(held.moving_s),
        dt_s=pl.Series(held.dt_s),
        segment=pl.Series(held.segment),
    )


def totals(frame: pl.DataFrame) -> dict[str, Any]:
    """Return the sums of a recording that its samples alone can tell."""
    weight = frame["dt_s"]
    return {
        "elapsed_s": frame["elapsed_s"][-1],
        "moving_s": frame["moving_s"][-1],
        "distance_m": _span(frame["distance_m"]),
        "avg_heart_rate_bpm": _mean(frame["heart_rate_bpm"], weight),
        "avg_temperature_c": _mean(frame["temperature_c"], weight),
        "n_records": frame.height,
        "has_position": frame["latitude_deg"].null_count() < frame.height,
    }


def ascent(altitude_m: pl.Series) -> float | None:
    """Return metres climbed from an altitude trace: smoothed, counted in steps of 3 m."""
    smooth = altitude_m.drop_nulls().rolling_mean(ASCENT_SMOOTH, min_samples=1, center=True)
    if smooth.is_empty():
        return None
    total, base = 0.0, smooth[0]
    for height in smooth:
        if abs(height - base) >= ASCENT_STEP_M:
            total, base = total + max(height - base, 0.0), height
    return total


def _distance(channels: pl.DataFrame, times_s: Floats) -> Floats:
    """The file's own distance, else along the positions, else from speed; NaN where unknown."""
    own = channels["distance_m"].to_numpy().astype(np.float64)
    if np.isfinite(own).any():
        return own
    lat = np.radians(channels["latitude_deg"].to_numpy().astype(np.float64))
    lon = np.radians(channels["longitude_deg"].to_numpy().astype(np.float64))
    sound = np.isfinite(lat) & np.isfinite(lon)
    if sound.sum() > 1:
        return _along(lat, lon, sound)
    speed = channels["speed_mps"].to_numpy().astype(np.float64)
    if np.isfinite(speed).any():
        steps = np.nan_to_num(speed[:-1]) * np.minimum(np.diff(times_s), MAX_GAP_S)
        return np.concatenate([[0.0], np.cumsum(steps)])
    return own


def _along(lat: Floats, lon: Floats, sound: np.ndarray[Any, np.dtype[np.bool_]]) -> Floats:
    la, lo = lat[sound], lon[sound]
    half = (
        np.sin(np.diff(la) / 2) ** 2
        + np.cos(la[:-1]) * np.cos(la[1:]) * np.sin(np.diff(lo) / 2) ** 2
    )
    steps = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    distance = np.full(len(lat), np.nan)
    distance[sound] = np.concatenate([[0.0], np.cumsum(steps)])
    return distance


def _speed(channels: pl.DataFrame, times_s: Floats, distance_m: Floats) -> Floats:
    """The file's own speed, else distance over a centred ten-second window."""
    own = channels["speed_mps"].to_numpy().astype(np.float64)
    if np.isfinite(own).any() or not np.isfinite(distance_m).any():
        return own
    sound = np.isfinite(distance_m)
    known_t, known_d = times_s[sound], distance_m[sound]
    before = np.maximum(times_s - SPEED_HALF_WINDOW_S, known_t[0])
    after = np.minimum(times_s + SPEED_HALF_WINDOW_S, known_t[-1])
    span = after - before
    run = np.interp(after, known_t, known_d) - np.interp(before, known_t, known_d)
    with np.errstate(invalid="ignore", divide="ignore"):
        speed = np.where(span > 0, run / span, np.nan)
    return np.where(speed <= MAX_RUN_SPEED_MPS, speed, np.nan)


def _nullable(values: Floats) -> pl.Series:
    return pl.Series(values, nan_to_null=True)


def _span(values: pl.Series) -> float | None:
    known = values.drop_nulls()
    return None if known.is_empty() else float(known.max()) - float(known.min())  # type: ignore[arg-type] # a float column


def _mean(values: pl.Series, weight: pl.Series) -> float | None:
    known = values.is_not_null()
    total = float(weight.filter(known).sum())
    if total <= 0:
        return None
    return float((values.filter(known) * weight.filter(known)).sum()) / total
