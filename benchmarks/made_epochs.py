"""Made sensor epochs of 2-minute bins: values that a formula gives, and values that a sensor has.

Each second of each bin is made (pace wanders inside the bin), goes through what a watch may do to
it (smoothed inputs, a clipped or rounded output, another speed in the file than in the formula),
and is averaged as the warehouse averages. Every draw comes from the seed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from scipy.signal import lfilter

from carryover import columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BIN_S: Final = 120
STEP_MS: Final = 60_000.0
"""Milliseconds a minute: over cadence, the time of one step."""

FORMULAS: Final[dict[str, Callable[[Floats, Floats], Floats]]] = {
    "linear": lambda v, c: 560.0 - 32.0 * v - 1.25 * c,
    "share of the step by pace": lambda v, c: STEP_MS / c * (0.95 - 0.09 * v + 0.004 * v**2),
    "constant share of the step": lambda _, c: 0.72 * STEP_MS / c,
    "power of pace": lambda v, c: 0.71 * STEP_MS / c * (v / 3.0) ** -0.35,
    "pace times cadence": lambda v, c: 400.0 - 0.29 * v * c,
    "way on the ground over pace": lambda v, c: (
        1000.0 * (0.30 + 0.15 * v + 0.001 * (170.0 - c)) / v
    ),
    "logarithm of pace": lambda v, c: 480.0 - 95.0 * np.log(v) - 0.75 * c,
}
"""Contact time, ms, from pace, m/s, and cadence, spm, as a maker may compute it."""
SPREADS: Final = {"one pace": 0.03, "few paces": 0.12, "usual": 0.30, "huge": 0.75}
"""SD of the runs' mean pace, m/s."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One made epoch: who runs, and what their watch or sensor does.

    `formula` names one of FORMULAS, None for a sensor of its own with `noise` a 2-minute bin and
    `run_level` a run. `unit` scales contact time in ms to another metric's unit.
    """

    seed: int
    spread: str = "usual"
    n_bins: int = 120
    formula: str | None = None
    resolution: float = 1.0
    lag_s: float = 0.0
    clip: tuple[float, float] | None = None
    speed_noise: float = 0.0
    noise: float = 4.0
    run_level: float = 5.0
    feels_grade: bool = True
    hills: float = 1.2
    odd_share: float = 0.0
    metric: str = "stance_time_ms"
    unit: float = 1.0
    tags: tuple[str, ...] = field(default=())

    @property
    def truth(self) -> str:
        """What the origin test should say."""
        return "measured" if self.formula is None else "computed"


def made_epoch(recipe: Recipe) -> pl.DataFrame:
    """Return BIN of one epoch of one athlete."""
    rng = np.random.default_rng(recipe.seed)
    frames = []
    left, number = recipe.n_bins, 0
    while left:
        n = min(left, int(rng.integers(10, 41)))
        frames.append(_run(rng, recipe, number, n))
        left, number = left - n, number + 1
    bins = pl.concat(frames).with_columns(
        athlete_id=pl.lit("a"), sensor_epoch=pl.lit("e"), metric=pl.lit(recipe.metric),
        valid_s=pl.lit(110.0), running_s=pl.lit(120.0),
    )  # fmt: skip
    return columns.shaped(bins, columns.BIN)


def _run(rng: np.random.Generator, recipe: Recipe, number: int, n: int) -> pl.DataFrame:
    grade = rng.normal(0.0, recipe.hills, n)
    spread = SPREADS[recipe.spread]
    mean = np.clip(rng.normal(3.0, spread), 2.1, 5.6)
    pace = mean + _wander(rng, n, 0.04 + 0.25 * spread, 0.5) - 0.05 * grade
    pace = np.clip(pace, 1.9, 6.2)
    seconds = n * BIN_S
    v = np.repeat(pace, BIN_S) + _wander(rng, seconds, 0.12, 0.95)
    v = np.clip(_smooth(v, 6.0), 1.8, 6.5)
    steps = 168.0 + 7.0 * (v - 3.0) + rng.normal(0.0, 2.5)
    c = steps + np.repeat(_wander(rng, n, 1.0, 0.6), BIN_S) + _wander(rng, seconds, 1.5, 0.8)
    if recipe.formula is None:
        second = _of_sensor(rng, recipe, v, c, grade)
    else:
        second = _of_formula(recipe, v, c)
    value = recipe.unit * second.reshape(n, BIN_S).mean(axis=1)
    odd = rng.random(n) < recipe.odd_share
    value = value + odd * recipe.unit * rng.choice([-1.0, 1.0], n) * rng.uniform(15.0, 60.0, n)
    shown = v + _wander(rng, seconds, recipe.speed_noise, 0.8)
    by_bin = shown.reshape(n, BIN_S)
    return pl.DataFrame(
        {
            "run_id": [f"r{number:04d}"] * n,
            "bin_index": np.arange(n),
            "mid_moving_s": np.arange(n) * 120.0 + 60.0,
            "value": value,
            "speed_mps": by_bin.mean(axis=1),
            "speed_sd_mps": by_bin.std(axis=1, ddof=1),
            "cadence_spm": np.round(c).reshape(n, BIN_S).mean(axis=1),
            "grade_pct": grade,
            "is_baseline": (np.abs(grade) <= 3.0) & (np.arange(n) >= 5),
        }
    )


def _of_formula(recipe: Recipe, v: Floats, c: Floats) -> Floats:
    if recipe.lag_s:
        v, c = _smooth(v, recipe.lag_s), _smooth(c, recipe.lag_s)
    value = FORMULAS[str(recipe.formula)](v, c)
    if recipe.clip:
        value = np.clip(value, *recipe.clip)
    rounded: Floats = np.round(value / recipe.resolution) * recipe.resolution
    return rounded


def _of_sensor(
    rng: np.random.Generator, recipe: Recipe, v: Floats, c: Floats, grade: Floats
) -> Floats:
    body = 560.0 - 32.0 * v - 1.25 * c
    slope = 1.5 * np.maximum(grade, 0.0) - 0.8 * np.maximum(-grade, 0.0)
    own = rng.normal(0.0, recipe.noise, grade.size) + rng.normal(0.0, recipe.run_level)
    value = body + np.repeat(own + recipe.feels_grade * slope, BIN_S)
    rounded: Floats = np.round(value / recipe.resolution) * recipe.resolution
    return rounded


def _wander(rng: np.random.Generator, n: int, sd: float, stays: float) -> Floats:
    """Return an autoregressive walk around 0 with that SD."""
    fresh = rng.normal(0.0, sd * np.sqrt(1.0 - stays**2), n)
    fresh[0] = rng.normal(0.0, sd)
    walk: Floats = lfilter([1.0], [1.0, -stays], fresh)
    return walk


def _smooth(values: Floats, tau_s: float) -> Floats:
    """Return an exponential mean of what came before, as a watch smooths its inputs."""
    keeps = float(np.exp(-1.0 / tau_s))
    start = np.array([keeps * values[0]])
    smooth, _ = lfilter([1.0 - keeps], [1.0, -keeps], values, zi=start)
    out: Floats = smooth
    return out
