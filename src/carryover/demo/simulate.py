"""One run as a runner and sensors would give it, one value a second.

The order of causes: pace and hills make speed; speed makes cadence, contact time and heart
rate; the run's own state (`latent`) shifts and drifts them; sensors add filtered noise whose
correlation lasts about 30 s, as real one-second records have it. Contact time has noise of its
own (about 4 ms on 2-minute bins), so it is measured, not a function of speed and cadence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover import units
from carryover.demo.diary import PlannedRun, RunKind
from carryover.demo.noise import Flags, Floats, relaxed, wander
from carryover.demo.pacing import Breaks, breaks_of, target_speed
from carryover.demo.route import Loop

if TYPE_CHECKING:
    from carryover.demo.athlete import Runner
    from carryover.demo.latent import LatentRun

DYNAMICS: Final = (
    "stance_time_ms",
    "stance_time_percent",
    "stance_time_balance_pct",
    "vertical_oscillation_mm",
    "vertical_ratio_pct",
    "step_length_mm",
)
"""Channels that only the strap gives, and only while running."""

GAIT_TAU_S: Final = 15.0
"""Decay time of the watch's own smoothing: an integrated autocorrelation time of 30 s."""

HILL_ROUNDS: Final = 3
"""Hills slow the runner, and so move where the hills come: rounds until both agree."""

SLOW_TAU_S: Final = 90.0
HEART_TAU_S: Final = 45.0
COMFORT_C: Final = 12.0
WALK_CADENCE_SPM: Final = 112.0
REST_HEART_RATE_BPM: Final = 96.0
EARLY: Final = (0.10, 0.35)
EARLY_FROM_S: Final = 8 * 60
LATE_FROM: Final = 0.75
LATE_LESS_S: Final = 60


@dataclass(frozen=True, slots=True)
class Signal:
    """One run by instants; `elapsed_s` leaps across pauses, a missing value is NaN.

    Channels carry the names of `columns.SAMPLE`; `pauses` are (stop, restart) in elapsed s.
    """

    elapsed_s: Floats
    channels: dict[str, Floats]
    pauses: tuple[tuple[int, int], ...]

    def taken(self, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Signal:
        """Return only those instants."""
        channels = {name: values[rows] for name, values in self.channels.items()}
        return replace(self, elapsed_s=self.elapsed_s[rows], channels=channels)


@dataclass(frozen=True, slots=True)
class _Way:
    """What gait and heart answer to, by second."""

    speed: Floats
    grade: Floats
    running: Flags


def simulate(
    run: PlannedRun, latent: LatentRun, runner: Runner, rng: np.random.Generator
) -> Signal:
    """Return the one-second signal of a run; the same generator state gives the same run."""
    n = run.duration_s
    stops = breaks_of(run, rng)
    loop = Loop(run.route, runner)
    indoors = run.kind is RunKind.TREADMILL
    pace = target_speed(run, latent, runner, rng)
    grade = np.zeros(n)
    speed = _moved(pace, stops)
    for _ in range(0 if indoors else HILL_ROUNDS):
        grade = loop.grade_pct(np.cumsum(speed))
        speed = _moved(pace + runner.speed_per_grade_mps * grade, stops)
    distance = np.cumsum(speed)
    way = _Way(speed, grade, stops.running())
    channels = _gait(latent, runner, way, rng)
    channels["heart_rate_bpm"] = _heart(latent, runner, way, run.temperature_c, rng)
    channels["distance_m"] = distance
    channels["speed_mps"] = np.maximum(speed + wander(n, 10.0, 0.05, rng) * (speed > 0), 0.0)
    channels["temperature_c"] = np.round(run.temperature_c + 3.0 * np.exp(-np.arange(n) / 400.0))
    if not indoors:
        channels |= _place(loop, distance, n, rng)
    _drop_out(channels, n, rng)
    return Signal(stops.elapsed_s(), channels, stops.pauses())


def drift_shape(n: int) -> Floats:
    """Return how a drift unfolds over n moving seconds: 0 on average early, 1 late.

    Early is 10–35 % of moving time and after minute 8, late 75–100 % less the last minute.
    """
    clock = np.arange(n, dtype=np.float64)
    rise = (clock / n) ** 1.5
    early, late = windows(n)
    low, high = rise[early].mean(), rise[late].mean()
    return np.asarray((rise - low) / (high - low))


def windows(n: int) -> tuple[Flags, Flags]:
    """Return which of n moving seconds are early, and which are late."""
    clock = np.arange(n)
    since = max(EARLY[0] * n, min(EARLY_FROM_S, 0.25 * n))
    early = (clock >= since) & (clock < EARLY[1] * n)
    late = (clock >= LATE_FROM * n) & (clock < n - LATE_LESS_S)
    return early, late


def _moved(pace: Floats, stops: Breaks) -> Floats:
    wanted = np.where(stops.walking, 1.5, np.where(stops.standing, 0.0, pace))
    speed = relaxed(wanted, 2.0, 0.0)
    return np.where(stops.standing, 0.0, np.maximum(speed, 0.0))


def _gait(
    latent: LatentRun, runner: Runner, way: _Way, rng: np.random.Generator
) -> dict[str, Floats]:
    """Return cadence and the strap's channels, the latter NaN where nobody runs."""
    n = len(way.speed)
    faster = way.speed - runner.ref_speed_mps
    spm = (
        latent.cadence_spm
        + runner.cadence_per_mps * faster
        + wander(n, GAIT_TAU_S, runner.cadence_fast_sd_spm, rng)
    )
    contact = _contact(latent, runner, way, rng)
    balance = (
        latent.balance_pct
        + latent.balance_drift_pct * drift_shape(n)
        + wander(n, GAIT_TAU_S, runner.balance_fast_sd_pct, rng)
    )
    oscillation = (
        latent.oscillation_mm
        + runner.oscillation_per_mps * faster
        + runner.oscillation_per_spm * (spm - runner.cadence_spm)
        + wander(n, GAIT_TAU_S, runner.oscillation_fast_sd_mm, rng)
    )
    steps_ps = spm / units.S_PER_MIN
    step = units.MM_PER_M * way.speed / steps_ps * (1.0 + wander(n, GAIT_TAU_S, 0.01, rng))
    duty = 100.0 * (contact / units.MS_PER_S) * steps_ps / units.STEPS_PER_STRIDE
    gait = {
        "stance_time_ms": contact,
        "stance_time_percent": duty + rng.normal(0.0, 0.1, n),
        "stance_time_balance_pct": balance,
        "vertical_oscillation_mm": oscillation,
        "vertical_ratio_pct": 100.0 * oscillation / np.maximum(step, 1.0),
        "step_length_mm": step,
    }
    gait = {name: np.where(way.running, values, np.nan) for name, values in gait.items()}
    walked = np.where(way.speed > 0, WALK_CADENCE_SPM + wander(n, GAIT_TAU_S, 2.0, rng), 0.0)
    gait["cadence_spm"] = np.where(way.running, spm, walked)
    return gait


def _contact(latent: LatentRun, runner: Runner, way: _Way, rng: np.random.Generator) -> Floats:
    n = len(way.speed)
    return np.asarray(
        latent.contact_ms
        + runner.contact_per_mps * (way.speed - runner.ref_speed_mps)
        + runner.contact_per_up_pct * np.maximum(way.grade, 0.0)
        + runner.contact_per_down_pct * np.maximum(-way.grade, 0.0)
        + latent.contact_drift_ms * drift_shape(n)
        + wander(n, GAIT_TAU_S, runner.contact_fast_sd_ms, rng)
        + wander(n, SLOW_TAU_S, runner.contact_slow_sd_ms, rng)
    )


def _heart(
    latent: LatentRun, runner: Runner, way: _Way, warmth_c: float, rng: np.random.Generator
) -> Floats:
    effort = (
        latent.heart_rate_bpm
        + runner.heart_rate_per_mps * (way.speed - runner.ref_speed_mps)
        + runner.heart_rate_per_grade * way.grade
        + runner.heart_rate_per_c * (warmth_c - COMFORT_C)
        + latent.heart_rate_drift_bpm * drift_shape(len(way.speed))
    )
    beats = relaxed(np.maximum(effort, REST_HEART_RATE_BPM), HEART_TAU_S, REST_HEART_RATE_BPM)
    return np.round(beats + wander(len(way.speed), 20.0, 1.2, rng))


def _place(loop: Loop, distance: Floats, n: int, rng: np.random.Generator) -> dict[str, Floats]:
    latitude, longitude = loop.position_deg(distance)
    metre = 1.0 / units.METRES_PER_DEGREE
    return {
        "altitude_m": loop.altitude_m(distance) + wander(n, 60.0, 0.3, rng),
        "latitude_deg": latitude + metre * wander(n, 60.0, 1.5, rng),
        "longitude_deg": longitude + metre * wander(n, 60.0, 2.5, rng),
    }


def _drop_out(channels: dict[str, Floats], n: int, rng: np.random.Generator) -> None:
    """Take the strap's channels out for some minutes in one run of eight."""
    chance, where, minutes = rng.random(), rng.random(), rng.uniform(2.0, 6.0)
    if chance < 1.0 / 8.0:
        since = int(where * n)
        for name in DYNAMICS:
            channels[name][since : since + int(60 * minutes)] = np.nan
