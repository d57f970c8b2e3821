"""What is true of each run before a sensor looks at it: levels, drifts, exposure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.demo import dose
from carryover.demo.athlete import ACUTE_SHARE, RESIDUAL_SD_MS, TAU_D, Runner

if TYPE_CHECKING:
    from carryover.demo.diary import Diary, PlannedRun
    from carryover.demo.noise import Floats

WHOLE_DRIFT_S: Final = 90 * 60
"""Mean drifts grow with the root of duration; they are quoted for a run this long."""

EFFECT_FROM_S: Final = 50 * 60
"""The dose acts fully in runs from here on (those that late-run drift is judged by)."""


@dataclass(frozen=True, slots=True)
class LatentRun:
    """The true state of one run: levels at reference speed, drifts late less early."""

    chronic: float
    acute_48: float
    contact_ms: float
    contact_drift_ms: float
    cadence_spm: float
    balance_pct: float
    balance_drift_pct: float
    oscillation_mm: float
    heart_rate_bpm: float
    heart_rate_drift_bpm: float
    speed_offset_mps: float


def latent_runs(
    diary: Diary, runner: Runner, effect_sd: float, rng: np.random.Generator
) -> list[LatentRun]:
    """Return the state of each run of the diary.

    Drift of contact = its mean for the duration + effect·X + acute·A48 + noise, the effect in
    residual SDs per X = 1 (a steady two sessions a week): negative takes drift off.
    """
    days = np.array([run.started_at.timestamp() / 86_400 for run in diary.runs])
    contact = runner.contact_ms + _slow(days, runner.contact_level_sd_ms, runner.level_tau_d, rng)
    cadence = runner.cadence_spm + _slow(days, runner.cadence_level_sd_spm, runner.level_tau_d, rng)
    levels = zip(diary.runs, contact.tolist(), cadence.tolist(), strict=True)
    return [
        _latent(
            run,
            _exposure(run, diary),
            replace(runner, contact_ms=ms, cadence_spm=spm),
            effect_sd,
            rng,
        )
        for run, ms, spm in levels
    ]


def _exposure(run: PlannedRun, diary: Diary) -> tuple[float, float]:
    """Return X on the run's morning and the dose of the 48 hours before it."""
    held = diary.doses()
    x = dose.chronic([(day, amount) for _, day, amount in held], run.local_date, TAU_D)
    return x, dose.acute([(when, amount) for when, _, amount in held], run.started_at)


def _latent(
    run: PlannedRun,
    exposure: tuple[float, float],
    today: Runner,
    effect_sd: float,
    rng: np.random.Generator,
) -> LatentRun:
    """Return the state of a run; `today` is the runner at the levels of that day."""
    share = math.sqrt(run.duration_s / WHOLE_DRIFT_S)
    planted = effect_sd * RESIDUAL_SD_MS * (exposure[0] + ACUTE_SHARE * exposure[1])
    in_full = min(1.0, run.duration_s / EFFECT_FROM_S)
    noise = rng.normal(0.0, 1.0, 8).tolist()
    beats = today.heart_rate_drift_bpm * share
    return LatentRun(
        chronic=exposure[0],
        acute_48=exposure[1],
        contact_ms=today.contact_ms + today.contact_run_sd_ms * noise[0],
        contact_drift_ms=today.drift_ms_per_90min * share
        + planted * in_full
        + today.drift_sd_ms * noise[1],
        cadence_spm=today.cadence_spm + today.cadence_run_sd_spm * noise[2],
        balance_pct=today.balance_pct + today.balance_run_sd_pct * noise[3],
        balance_drift_pct=today.balance_drift_pct + today.balance_drift_sd_pct * noise[4],
        oscillation_mm=today.oscillation_mm + today.oscillation_run_sd_mm * noise[5],
        heart_rate_bpm=today.heart_rate_bpm + today.heart_rate_run_sd_bpm * noise[6],
        heart_rate_drift_bpm=beats + today.heart_rate_drift_sd_bpm * noise[7],
        speed_offset_mps=float(rng.normal(0.0, today.speed_run_sd_mps)),
    )


def _slow(days: Floats, sd: float, tau_d: float, rng: np.random.Generator) -> Floats:
    """Return an Ornstein–Uhlenbeck path at uneven days."""
    level = np.empty(len(days))
    value = float(rng.normal(0.0, sd))
    for i, day in enumerate(days):
        rate = math.exp(-(day - days[i - 1]) / tau_d) if i else 1.0
        value = rate * value + math.sqrt(1.0 - rate**2) * float(rng.normal(0.0, sd))
        level[i] = value
    return level
