"""An attacker who sees where runs from one door become visible, and fits circles to that."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import least_squares

from carryover.privacy import Disc, arc_m, hidden_disc
from carryover.settings import Zone
from carryover.units import EARTH_RADIUS_M

Floats = npt.NDArray[np.float64]
GPS_SD_M = 4.0
STEP_M = 3.0
"""A second's way."""


@dataclass(frozen=True, slots=True)
class Ends:
    """Where runs become visible, metres east and north of the door, and the way run to there."""

    east_m: Floats
    north_m: Floats
    run_m: Floats


def cut_ends(door: tuple[float, float], disc: Disc, n_runs: int, rng: np.random.Generator) -> Ends:
    """Return what is visible first of `n_runs` runs from a door whose surroundings are hidden.

    Streets lead anywhere and bend a little; a receiver is wrong by `GPS_SD_M`.
    """
    squeeze = math.cos(math.radians(door[0]))
    middle_m = (
        math.radians(disc.lon_deg - door[1]) * EARTH_RADIUS_M * squeeze,
        math.radians(disc.lat_deg - door[0]) * EARTH_RADIUS_M,
    )
    ends = []
    for _ in range(n_runs):
        steps = int(4 * disc.radius_m / STEP_M)
        heading = rng.uniform(0, 2 * math.pi) + np.cumsum(rng.normal(0, 0.01, steps))
        wrong = rng.normal(0, GPS_SD_M, (2, steps))
        east = np.cumsum(STEP_M * np.sin(heading)) + wrong[0]
        north = np.cumsum(STEP_M * np.cos(heading)) + wrong[1]
        seen = np.hypot(east - middle_m[0], north - middle_m[1]) > disc.radius_m
        if seen.any():
            k = int(seen.argmax())
            ends.append((east[k], north[k], STEP_M * (k + 1)))
    told = np.array(ends)
    return Ends(told[:, 0], told[:, 1], told[:, 2])


def by_circle(ends: Ends) -> float:
    """Return how far from the door the middle of the best circle through all ends lies, m."""
    a = np.column_stack([ends.east_m, ends.north_m, np.ones(len(ends.east_m))])
    b = ends.east_m**2 + ends.north_m**2
    first = np.linalg.lstsq(a, b, rcond=None)[0]
    start = [first[0] / 2, first[1] / 2, math.sqrt(b.mean())]
    fit = least_squares(lambda p: np.hypot(ends.east_m - p[0], ends.north_m - p[1]) - p[2], start)
    return float(np.hypot(fit.x[0], fit.x[1]))


def by_distance(ends: Ends) -> float:
    """Return how far from the door the place lies that fits the published ways to all ends, m.

    A way is at least as long as the straight line: no place hides from that by being moved.
    """
    fit = least_squares(
        lambda p: np.hypot(ends.east_m - p[0], ends.north_m - p[1]) - p[2] * ends.run_m,
        [float(ends.east_m.mean()), float(ends.north_m.mean()), 0.9],
        loss="soft_l1", f_scale=20.0,
    )  # fmt: skip
    return float(np.hypot(fit.x[0], fit.x[1]))


@dataclass(frozen=True, slots=True)
class Found:
    """How far from the door each attacker ends up, m: the naive disc's, and ours."""

    naive_m: float
    ours_m: float
    by_distance_m: float
    shift_m: float


def attacked(seed: int, radius_m: float, n_runs: int) -> Found:
    """Return how one athlete's door stands up."""
    rng = np.random.default_rng([seed, 7])
    door = (float(rng.uniform(-60, 60)), float(rng.uniform(-180, 180)))
    disc = hidden_disc(Zone(lat=door[0], lon=door[1], radius_m=radius_m), rng.bytes(32))
    naive = cut_ends(door, Disc(*door, radius_m), n_runs, rng)
    ours = cut_ends(door, disc, n_runs, rng)
    off_m = arc_m(door, (disc.lat_deg, disc.lon_deg))
    return Found(by_circle(naive), by_circle(ours), by_distance(ours), off_m)
