"""How fast, and when not at all: target pace by kind of run; walking, standing and pauses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.demo.diary import PlannedRun, RunKind
from carryover.demo.noise import Flags, Floats, relaxed, wander

if TYPE_CHECKING:
    from carryover.demo.athlete import Runner
    from carryover.demo.latent import LatentRun

OFFSET_MPS: Final = {
    RunKind.EASY: 0.0,
    RunKind.MEDIUM: 0.05,
    RunKind.LONG: -0.05,
    RunKind.TREADMILL: -0.1,
    RunKind.WORKOUT: 0.0,
    RunKind.RACE: 1.05,
}
"""Against the athlete's easy speed."""

WARM_UP_S: Final = 12 * 60
INTERVALS: Final = ((6, 180, 120, 3.95), (4, 360, 150, 3.75), (8, 90, 90, 4.15))
"""Workouts: repeats, seconds hard, seconds easy, speed in m/s."""

JOG_MPS: Final = 2.5
WALK_CHANCE: Final = 0.15
LIGHT_CHANCE: Final = 0.35
PAUSE_CHANCE: Final = 0.25
SETTLING_S: Final = 6
"""After walking or standing the strap needs this long to give values again."""


@dataclass(frozen=True, slots=True)
class Breaks:
    """Where a run is not run; flags by moving second, the pause by moving second and length."""

    walking: Flags
    standing: Flags
    pause_at_s: int
    pause_s: int

    def running(self) -> Flags:
        """Return the seconds in which a strap can see running steps."""
        still = self.walking | self.standing
        late = still.copy()
        for lag in range(1, SETTLING_S):
            late[lag:] |= still[:-lag]
        late[:SETTLING_S] = True
        return ~late

    def elapsed_s(self) -> Floats:
        """Return the clock of each moving second: it leaps across the pause."""
        clock = np.arange(len(self.walking), dtype=np.float64)
        return clock + np.where(clock > self.pause_at_s, float(self.pause_s), 0.0)

    def pauses(self) -> tuple[tuple[int, int], ...]:
        """Return stop and restart of the watch in elapsed seconds, if there was a pause."""
        stop = self.pause_at_s
        return ((stop, stop + self.pause_s),) if self.pause_s else ()


def breaks_of(run: PlannedRun, rng: np.random.Generator) -> Breaks:
    """Draw a run's interruptions: a walk, a red light, a pause of the watch."""
    n = run.duration_s
    walking, standing = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
    chances, places = rng.random(3), rng.uniform(0.36, 0.74, 3)
    spans = (int(rng.uniform(60, 150)), int(rng.uniform(15, 40)), int(rng.uniform(30, 300)))
    starts = [int(place * n) for place in places]
    if run.kind in {RunKind.EASY, RunKind.MEDIUM, RunKind.LONG}:
        if chances[0] < WALK_CHANCE:
            walking[starts[0] : starts[0] + spans[0]] = True
        if chances[1] < LIGHT_CHANCE:
            standing[starts[1] : starts[1] + spans[1]] = True
            walking &= ~standing
    paused = run.kind is not RunKind.RACE and chances[2] < PAUSE_CHANCE
    return Breaks(walking, standing, starts[2] if paused else n, spans[2] if paused else 0)


def target_speed(
    run: PlannedRun, latent: LatentRun, runner: Runner, rng: np.random.Generator
) -> Floats:
    """Return the speed the runner means to hold on the flat, m/s by moving second."""
    n = run.duration_s
    base = runner.easy_speed_mps + latent.speed_offset_mps + OFFSET_MPS[run.kind]
    speed = np.full(n, base)
    if run.kind is RunKind.WORKOUT:
        _add_intervals(speed, INTERVALS[int(rng.integers(0, len(INTERVALS)))])
    wobble = 0.02 if run.kind is RunKind.TREADMILL else 0.10
    eased = relaxed(speed, 4.0, 2.0) - 0.2 * np.exp(-np.arange(n) / 150.0)
    return eased + wander(n, 120.0, wobble, rng)


def _add_intervals(speed: Floats, workout: tuple[int, int, int, float]) -> None:
    repeats, hard_s, easy_s, mps = workout
    at = WARM_UP_S
    for _ in range(repeats):
        speed[at : at + hard_s] = mps
        speed[at + hard_s : at + hard_s + easy_s] = JOG_MPS
        at += hard_s + easy_s
