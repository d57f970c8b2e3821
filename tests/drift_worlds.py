"""Simulated runs whose pattern is known: bins with pace, hills, wandering noise, a planted ramp."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from carryover import columns
from carryover.estimate.baseline import fit_baseline
from carryover.estimate.decay import form_decay
from carryover.estimate.effect import bin_effect
from carryover.estimate.onset import form_onset
from carryover.estimate.pattern import form_pattern, usual_pattern
from carryover.estimate.residual import residuals
from carryover.estimate.wander import fit_wander

SPEED_SLOPE, UP_SLOPE, DOWN_SLOPE = -28.0, 1.5, -0.8
BIN_S = 120.0
REFERENCE = pl.DataFrame({"athlete_id": ["a"], "reference_speed_mps": [3.0]})
BURN_IN = 50
MINUTES = (55.0, 130.0)
WANDERS = ("white", "AR .3", "AR .6", "mix", "differing")
"""White; AR(1) from bin to bin; half AR(.9), half white; AR(1) of 0 to .6, each run its own."""


def noise(rng, n, wander):
    """Return n values of SD 1 that wander as named."""
    if wander == "white":
        return rng.standard_normal(n)
    if wander == "mix":
        return np.sqrt(0.5) * (_ar1(rng, n, 0.9) + rng.standard_normal(n))
    phi = rng.uniform(0.0, 0.6) if wander == "differing" else float(wander.removeprefix("AR "))
    return _ar1(rng, n, phi)


def _ar1(rng, n, phi):
    x = rng.standard_normal(n + BURN_IN)
    for t in range(1, x.size):
        x[t] = phi * x[t - 1] + np.sqrt(1.0 - phi**2) * x[t]
    return x[BURN_IN:]


def drifting(
    seed, *, wander="white", rise=0.0, onset=0.6, n_runs=40, sd=4.0, minutes=MINUTES,
    metric="stance_time_ms", spread=0.0,
):  # fmt: skip
    """Return BIN and the runs frame: long runs at about 3 m/s, contact time about 250 ms.

    From the share `onset` of moving time on the metric rises in a line, by `rise` (± `spread`, run
    by run) at the end.
    """
    rng = np.random.default_rng(seed)
    bins, runs = [], []
    for i in range(n_runs):
        moving = 60.0 * rng.uniform(*minutes)
        n = int(np.ceil(moving / BIN_S))
        start = np.arange(n) * BIN_S
        end = np.minimum(start + BIN_S, moving)
        v = rng.normal(3.0, 0.15) + 0.1 * noise(rng, n, "AR .3")
        g = rng.normal(0.0, 1.2, n)
        hills = UP_SLOPE * np.maximum(g, 0.0) + DOWN_SLOPE * np.maximum(-g, 0.0)
        mid = (start + end) / 2
        ramp = rng.normal(rise, spread) * np.clip((mid / moving - onset) / (1.0 - onset), 0.0, 1.0)
        level = 250.0 + rng.normal(0.0, 6.0) + SPEED_SLOPE * (v - 3.0) + hills
        valid = (end - start) * np.where(rng.random(n) < 0.04, 0.3, rng.uniform(0.85, 1.0, n))
        bins.append(
            pl.DataFrame(
                {
                    "run_id": f"run{i:04d}", "bin_index": np.arange(n), "mid_moving_s": mid,
                    "value": level + ramp + sd * noise(rng, n, wander), "valid_s": valid,
                    "running_s": end - start, "speed_mps": v, "grade_pct": g,
                    "cadence_spm": 170.0 + 8.0 * (v - 3.0), "speed_sd_mps": 0.15,
                    "is_baseline": (np.abs(g) <= 3.0) & (mid > 600.0),
                }
            )
        )  # fmt: skip
        runs.append({"run_id": f"run{i:04d}", "moving_s": moving, "distance_m": 3.0 * moving})
    own = {"athlete_id": pl.lit("a"), "sensor_epoch": pl.lit("pod")}
    frame = pl.concat(bins).with_columns(**own, metric=pl.lit(metric))
    return columns.shaped(frame, columns.BIN), pl.DataFrame(runs).with_columns(**own)


def true_effects(bins):
    """Return BIN_EFFECT as the world has it: no fit, no error."""
    up, down = (pl.col("grade_pct") * sign for sign in (1.0, -1.0))
    effect = (
        SPEED_SLOPE * (pl.col("speed_mps") - 3.0)
        + UP_SLOPE * up.clip(lower_bound=0.0)
        + DOWN_SLOPE * down.clip(lower_bound=0.0)
    )
    return columns.shaped(
        bins.with_columns(effect=effect, effect_without=effect), columns.BIN_EFFECT
    )


@dataclass(frozen=True)
class Told:
    """What the estimates say of a world."""

    decay: pl.DataFrame
    residual: pl.DataFrame
    wander: pl.DataFrame
    pattern: pl.DataFrame
    usual: pl.DataFrame
    onset: pl.DataFrame


def told(bins, runs, effects=None):
    """Return every estimate of a run's pattern, made as a night makes them."""
    baseline = fit_baseline(bins)
    effects = bin_effect(bins, baseline, REFERENCE) if effects is None else effects
    decay = form_decay(bins, runs, baseline, effects)
    residual = residuals(bins, runs, effects, decay)
    wander = fit_wander(residual)
    pattern = form_pattern(residual, wander, bins, runs, decay)
    usual = usual_pattern(owned(pattern, runs))
    onset = form_onset(residual, wander, bins, runs, decay, pattern)
    return Told(decay, residual, wander, pattern, usual, onset)


def owned(pattern, runs):
    """Return a pattern with whose it is, as `settled_pattern` has it."""
    told_of = runs.select("run_id", "athlete_id", "sensor_epoch")
    return pattern.join(told_of, on="run_id", maintain_order="left")
