"""Closed loops from the athlete's door, by distance run: position and height."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.units import METRES_PER_DEGREE

if TYPE_CHECKING:
    from carryover.demo.athlete import Runner
    from carryover.demo.noise import Floats

TABLE_POINTS: Final = 721
LOOPS_M: Final = (3_100.0, 4_200.0, 5_000.0, 5_800.0, 6_600.0)
HILLS_M: Final = (
    ((2, 2.0), (5, 0.8)),
    ((1, 5.0), (4, 1.8)),
    ((2, 6.0), (5, 2.0)),
    ((1, 9.0), (3, 7.0)),
    ((2, 4.0), (7, 2.2)),
)
"""For each loop: waves a lap and their height; the fourth is the hilly one (to about 3.5 %)."""


@dataclass(frozen=True, slots=True)
class Loop:
    """One loop: a round shape walked by arc length, so that speed and positions agree."""

    number: int
    runner: Runner

    @property
    def length_m(self) -> float:
        """Length of a lap in m."""
        return LOOPS_M[self.number]

    def altitude_m(self, distance_m: Floats) -> Floats:
        """Return the height above the sea along the way."""
        turn = 2.0 * math.pi * distance_m / self.length_m
        waves = [height * np.sin(k * turn) for k, height in HILLS_M[self.number]]
        return np.asarray(self.runner.home_altitude_m + np.sum(waves, axis=0))

    def grade_pct(self, distance_m: Floats) -> Floats:
        """Return the slope of the way, 100 · rise / run."""
        turn = 2.0 * math.pi * distance_m / self.length_m
        slopes = [
            height * k * 2.0 * math.pi / self.length_m * np.cos(k * turn)
            for k, height in HILLS_M[self.number]
        ]
        return np.asarray(100.0 * np.sum(slopes, axis=0))

    def position_deg(self, distance_m: Floats) -> tuple[Floats, Floats]:
        """Return latitude and longitude in degrees; 0 m is the door."""
        angle = np.linspace(0.0, 2.0 * math.pi, TABLE_POINTS)
        radius = 1.0 + 0.18 * np.cos(2 * angle + self.number) + 0.07 * np.cos(3 * angle)
        east, north = radius * np.cos(angle), radius * np.sin(angle)
        walked = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(east), np.diff(north)))])
        scale = self.length_m / walked[-1]
        here = np.mod(distance_m, self.length_m) / scale
        dx = (np.interp(here, walked, east) - east[0]) * scale
        dy = (np.interp(here, walked, north) - north[0]) * scale
        latitude = self.runner.home_lat_deg + dy / METRES_PER_DEGREE
        squeeze = METRES_PER_DEGREE * math.cos(math.radians(self.runner.home_lat_deg))
        return latitude, self.runner.home_lon_deg + dx / squeeze
