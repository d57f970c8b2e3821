"""Runs whose truth is planted second by second: what the runner did, and what the sensors told.

One rule makes the contact time of a running second:

    contact = level of the run + f(speed) + hills + fatigue drift + the runner's own wander

with f slightly curved, as real runners' is. Pace truly falls late in the run, so the raw late
minus early difference holds the slower pace as well as the drift. The *recorded* speed is the
true one plus a smooth error: two first-order lags of half a correlation time each, whose
autocorrelation is (1 + 2t/τ)·e^(−2t/τ), as a GPS receiver's own filter leaves it.

The size of that error is told as the SD of a *2-minute bin's mean speed*, the number that
shrinks slopes; `second_sd` gives the SD of one second that this comes to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import polars as pl
from scipy.signal import lfilter

from carryover import columns
from carryover.catalogue.thresholds import threshold

BIN_S = 120
REFERENCE_MPS = 3.0
EPOCHS = ("watch A", "watch B")
SLOPES = {"watch A": -28.0, "watch B": -25.0}
"""Contact time a m/s at the reference speed, ms: each sensor has its own."""
CURVE = 4.0
"""… and its curvature, ms a (m/s)²."""
OFFSET_MS = {"watch A": 0.0, "watch B": 9.0}
UP_MS, DOWN_MS = 1.5, -0.8
"""Contact time a % of grade up and down, ms."""
DRIFT_FROM, DRIFT_TO = 0.35, 0.85
"""Fatigue begins at the one share of the run and is whole at the other."""
CONTACT_MS, RUN_SD_MS = 250.0, 6.0
WANDER = ((15.0, 4.0), (90.0, 3.0))
"""The runner's own wander of contact time: correlation time s, SD ms."""


def impulse(tau_s):
    """Return the response of two first-order lags of tau_s / 2, scaled to a noise of SD 1."""
    lag = np.exp(-2.0 / tau_s)
    t = np.arange(int(12 * tau_s) + 2)
    shape = (t + 1) * lag**t
    return shape / np.sqrt((shape**2).sum())


def bin_sd(tau_s, seconds=BIN_S):
    """Return the SD of the mean over so many seconds of a noise whose SD of one second is 1."""
    return float(np.sqrt((np.convolve(impulse(tau_s), np.ones(seconds) / seconds) ** 2).sum()))


def second_sd(bin_error, tau_s):
    """Return the SD of one second's error where a bin's mean has `bin_error`."""
    return bin_error / bin_sd(tau_s)


def smooth_noise(n, tau_s, rng):
    """Return n seconds of stationary smooth noise with SD 1."""
    lag, ahead = np.exp(-2.0 / tau_s), int(12 * tau_s)
    drive = rng.normal(0.0, impulse(tau_s)[0], n + ahead)
    return lfilter([1.0], [1.0, -2.0 * lag, lag**2], drive)[ahead:]


def wander(n, tau_s, sd, rng):
    """Return n seconds of stationary noise of one first-order lag."""
    lag = np.exp(-1.0 / tau_s)
    drive = rng.normal(0.0, sd * np.sqrt(1.0 - lag**2), n)
    drive[0] = rng.normal(0.0, sd)
    return lfilter([1.0], [1.0, -lag], drive)


@dataclass(frozen=True)
class World:
    """A year of runs of one athlete, half of them with each of two watches; all from `seed`."""

    n_runs: int = 320
    seed: int = 1
    speed_error_mps: float = 0.05
    """SD of the error of a 2-minute bin's mean speed."""
    error_tau_s: float = 15.0
    fade_mps: float = 0.12
    """How much slower the end of a run is than its first third, on average."""
    drift_ms: float = 4.0
    drift_sd_ms: float = 4.0
    """Drift of contact time late in a run: mean and SD over runs."""

    def epoch(self, number):
        """Return the sensor of a run: the watch changes in the middle of the year."""
        return EPOCHS[2 * number // self.n_runs]

    def run(self, number):
        """Return one run; the same world and number give the same run."""
        return TrueRun(self, number)

    def runs(self):
        """Return every run of the year."""
        return [self.run(number) for number in range(self.n_runs)]

    def without_error(self):
        """Return the same year with an exact speed."""
        return replace(self, speed_error_mps=0.0)


@dataclass(frozen=True)
class TrueRun:
    """One run by seconds of moving time, as it truly was; arrays are (seconds,)."""

    world: World
    number: int

    def rng(self, part):
        """Return the generator of one part, so that parts do not disturb one another."""
        return np.random.default_rng([self.world.seed, self.number, part])

    @property
    def epoch(self):
        """The sensor that recorded it."""
        return self.world.epoch(self.number)

    @cached_property
    def seconds(self):
        """Moving time, s: 60 to 100 minutes."""
        return int(self.rng(0).uniform(60, 100) * 60)

    @cached_property
    def share(self):
        """How far into the run each second is, 0 to 1."""
        return np.arange(self.seconds) / self.seconds

    @cached_property
    def _way(self):
        """True speed and grade: hills slow the runner, and so move where the hills come."""
        rng, n = self.rng(1), self.seconds
        lengths, phases = rng.uniform(400, 2500, 5), rng.uniform(0, 2 * np.pi, 5)
        heights = rng.normal(0, 0.8, 5)
        own = rng.normal(REFERENCE_MPS, 0.18) + 0.12 * smooth_noise(n, 120.0, rng)
        fade = rng.uniform(0.25, 1.75) * self.world.fade_mps
        pace = own - fade * risen(self.share, 0.40, 1.0)
        grade, speed, metres = np.zeros(n), pace, np.zeros(n)
        for _ in range(3):
            metres = np.cumsum(speed)
            turns = 2 * np.pi * metres[:, None] / lengths + phases
            grade = (heights * np.sqrt(2) * np.cos(turns)).sum(axis=1)
            speed = pace - 0.05 * grade
        climbed = heights * np.sqrt(2) * lengths / (2 * np.pi) / 100.0
        return speed, grade, 400.0 + (climbed * np.sin(turns)).sum(axis=1)

    @property
    def speed_mps(self):
        """True speed."""
        return self._way[0]

    @property
    def grade_pct(self):
        """True grade."""
        return self._way[1]

    @property
    def height_m(self):
        """True height."""
        return self._way[2]

    @cached_property
    def speed_error_mps(self):
        """What the recorded speed is off by."""
        world, rng = self.world, self.rng(2)
        size = second_sd(world.speed_error_mps, world.error_tau_s)
        return size * smooth_noise(self.seconds, world.error_tau_s, rng)

    @cached_property
    def drift_total_ms(self):
        """What fatigue adds to contact time by the end of the run."""
        return self.rng(3).normal(self.world.drift_ms, self.world.drift_sd_ms)

    @cached_property
    def drift_ms(self):
        """What fatigue has added to contact time by each second."""
        return self.drift_total_ms * risen(self.share, DRIFT_FROM, DRIFT_TO)

    @cached_property
    def level_ms(self):
        """The run's own contact time, fresh, at the reference speed on the level."""
        season = 4.0 * np.sin(2 * np.pi * self.number / self.world.n_runs)
        own = self.rng(4).normal(0.0, RUN_SD_MS)
        return CONTACT_MS + OFFSET_MS[self.epoch] + season + own

    def at_speed_ms(self, speed_mps):
        """Return f(v): what a speed other than the reference adds to contact time."""
        faster = speed_mps - REFERENCE_MPS
        return SLOPES[self.epoch] * faster + CURVE * faster**2

    @cached_property
    def contact_ms(self):
        """True contact time."""
        rng, grade = self.rng(5), self.grade_pct
        hills = UP_MS * np.maximum(grade, 0.0) + DOWN_MS * np.maximum(-grade, 0.0)
        own = sum(wander(self.seconds, tau, sd, rng) for tau, sd in WANDER)
        return self.level_ms + self.at_speed_ms(self.speed_mps) + hills + self.drift_ms + own

    @cached_property
    def decay_ms(self):
        """Planted late minus early contact time at equal speed and grade."""
        early, late = windows(self.seconds)
        return float(self.drift_ms[late].mean() - self.drift_ms[early].mean())

    def adjusted_ms(self, reference_mps):
        """Return planted contact time at a speed on the level, over what follows the warm-up."""
        warm = int(threshold("warm_up_s"))
        return self.level_ms + self.at_speed_ms(reference_mps) + float(self.drift_ms[warm:].mean())

    @cached_property
    def barometer_noise(self):
        """Smooth noise of SD 1 for the barometer."""
        return smooth_noise(self.seconds, 60.0, self.rng(6))

    @cached_property
    def told_grade_pct(self):
        """Grade as a barometer tells it: height with a smooth error, over 30 s of ground."""
        height = self.height_m + 0.3 * self.barometer_noise
        half = int(threshold("grade_half_window_s"))
        since = np.maximum(np.arange(self.seconds) - half, 0)
        until = np.minimum(np.arange(self.seconds) + half, self.seconds - 1)
        metres = np.cumsum(self.speed_mps + self.speed_error_mps)
        return 100.0 * (height[until] - height[since]) / (metres[until] - metres[since])


def risen(share, since, until):
    """Return a smooth rise from 0 at `since` to 1 at `until`."""
    x = np.clip((share - since) / (until - since), 0.0, 1.0)
    return x * x * (3.0 - 2.0 * x)


def windows(seconds):
    """Return which moving seconds are early and which late, as the methods define them."""
    clock = np.arange(seconds) + 0.5
    since = max(threshold("early_from_share") * seconds, threshold("early_min_s"))
    early = (clock >= since) & (clock <= threshold("early_to_share") * seconds)
    last = seconds - threshold("late_trim_s")
    return early, (clock >= threshold("late_from_share") * seconds) & (clock <= last)


def bin_frames(world):
    """Return BIN and the runs frame of a world without files: contact time, no stops."""
    rows, runs = [], []
    for true in world.runs():
        name = f"run{true.number:04d}"
        rows.append(_bins(true).with_columns(run_id=pl.lit(name), sensor_epoch=pl.lit(true.epoch)))
        told = float((true.speed_mps + true.speed_error_mps).sum())
        runs.append((name, "a", true.epoch, float(true.seconds), told))
    names = ["run_id", "athlete_id", "sensor_epoch", "moving_s", "distance_m"]
    made = pl.concat(rows).with_columns(
        athlete_id=pl.lit("a"), metric=pl.lit("stance_time_ms"),
        valid_s=pl.lit(float(BIN_S)), running_s=pl.lit(float(BIN_S)), cadence_spm=pl.lit(170.0),
    )  # fmt: skip
    return columns.shaped(made, columns.BIN), pl.DataFrame(runs, schema=names, orient="row")


def _bins(true):
    n = true.seconds // BIN_S
    told = true.speed_mps + true.speed_error_mps
    value, speed, grade = (
        x[: n * BIN_S].reshape(n, BIN_S) for x in (true.contact_ms, told, true.told_grade_pct)
    )
    index = np.arange(n)
    level = np.abs(grade.mean(axis=1)) <= threshold("level_grade_pct")
    return pl.DataFrame(
        {
            "bin_index": index,
            "mid_moving_s": BIN_S * (index + 0.5),
            "value": value.mean(axis=1),
            "speed_mps": speed.mean(axis=1),
            "speed_sd_mps": speed.std(axis=1, ddof=1),
            "grade_pct": grade.mean(axis=1),
            "is_baseline": level & (BIN_S * index >= threshold("warm_up_s")),
        }
    )
