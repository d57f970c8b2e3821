"""Every form metric of a planted run, by running second, and by formulas of the test's own."""

from __future__ import annotations

import numpy as np

from truth_runs import DRIFT_FROM, DRIFT_TO, REFERENCE_MPS, risen, wander

MASS_KG, HEIGHT_M = 68.0, 1.78
CADENCE_SPM, CADENCE_PER_MPS = 170.0, 8.0
CADENCE_DRIFT_SPM = -1.5
BALANCE_PCT, BALANCE_DRIFT_PCT = 50.8, 0.3
OSCILLATION_MM, HEART_BPM = 88.0, 148.0
CHANNELS = (
    "cadence_spm", "stance_time_ms", "stance_time_balance_pct", "vertical_oscillation_mm",
    "vertical_ratio_pct", "step_length_mm", "duty_factor_pct", "flight_time_ms",
    "leg_stiffness_knpm", "metres_per_beat",
)  # fmt: skip
"""Metrics whose planted mean is known."""


def gait(true):
    """Return true channels by running second: what a sensor without any error would tell."""
    n, rng = true.seconds, true.rng(7)
    faster, drift = true.speed_mps - REFERENCE_MPS, gait_drifts(true)

    def own(level, run_sd, second_sd, tau_s=15.0):
        return level + rng.normal(0.0, run_sd) + wander(n, tau_s, second_sd, rng)

    steps = own(CADENCE_SPM, 2.0, 1.5) + CADENCE_PER_MPS * faster
    effort = 12.0 * faster + 1.5 * true.grade_pct + 6.0 * true.share
    return {
        "cadence_spm": steps + drift["cadence_spm"],
        "stance_time_ms": true.contact_ms,
        "stance_time_balance_pct": own(BALANCE_PCT, 0.3, 0.5) + drift["stance_time_balance_pct"],
        "vertical_oscillation_mm": own(OSCILLATION_MM, 2.0, 2.0) - 3.0 * faster,
        "heart_rate_bpm": own(HEART_BPM, 2.0, 1.2, 20.0) + effort,
        "speed_mps": true.speed_mps,
        "grade_pct": true.grade_pct,
    }


def gait_drifts(true):
    """Return what fatigue has added to a metric by each running second, by metric."""
    tired = risen(true.share, DRIFT_FROM, DRIFT_TO)
    return {
        "stance_time_ms": true.drift_ms,
        "cadence_spm": CADENCE_DRIFT_SPM * tired,
        "stance_time_balance_pct": BALANCE_DRIFT_PCT * tired,
    }


def metrics(channels):
    """Return every metric by running second; stiffness is NaN off the level."""
    spm, contact = channels["cadence_spm"], channels["stance_time_ms"]
    speed, bounce = channels["speed_mps"], channels["vertical_oscillation_mm"]
    step_mm = 1000.0 * speed * 60.0 / spm
    flight = 60_000.0 / spm - contact
    level = np.abs(channels["grade_pct"]) <= 3.0
    stiff = stiffness_knpm(speed, contact / 1000.0, flight / 1000.0)
    return channels | {
        "step_length_mm": step_mm,
        "vertical_ratio_pct": 100.0 * bounce / step_mm,
        "duty_factor_pct": 100.0 * contact / (120_000.0 / spm),
        "flight_time_ms": flight,
        "leg_stiffness_knpm": np.where(level, stiff, np.nan),
        "metres_per_beat": 60.0 * speed / channels["heart_rate_bpm"],
    }


def stiffness_knpm(speed_mps, contact_s, flight_s):
    """Return leg stiffness after Morin et al. 2005, in kN/m."""
    g, leg = 9.80665, 0.53 * HEIGHT_M
    force = MASS_KG * g * np.pi / 2.0 * (flight_s / contact_s + 1.0)
    fall = force * contact_s**2 / (MASS_KG * np.pi**2) - g * contact_s**2 / 8.0
    bend = leg - np.sqrt(leg**2 - (speed_mps * contact_s / 2.0) ** 2) + fall
    return force / bend / 1000.0
