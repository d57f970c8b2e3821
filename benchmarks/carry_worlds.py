"""The athletes of the calibration: seven kinds of trouble, effects that are planted, outcomes.

All share the tests' simulator; every athlete comes from one printed seed.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import numpy as np
import polars as pl

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from estimate_worlds import START, World, world  # noqa: E402

LOST_SHARE: Final = 0.15
JUMP_SD: Final = 1.5
CHANGE_WEEKS: Final = (0.25, 0.75)
"""A new sensor comes at a share of the record between these."""
OWN_ERROR_MS: Final = (1.0, 2.5)
"""Standard errors of single drifts of contact time; real ones have a median of 1.5 to 1.8 ms."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """How an athlete is made: what `world` takes, what befalls the runs, what is planted."""

    name: str
    title: str
    made: dict[str, Any] = field(default_factory=dict)
    trouble: str = ""
    beta: float = 0.0
    """Planted effect of two sessions a week, in SD of the noise."""

    @property
    def sd(self) -> float:
        """The noise's SD in the metric's unit."""
        return float(self.made.get("sd", 1.0))


def athlete(scenario: Scenario, seed: int) -> World:
    """Return one athlete of a scenario."""
    made = world(seed, beta=scenario.beta, **scenario.made)
    rng = np.random.default_rng([seed, 2])
    change = {"lost": _lost, "new sensor": _new_sensor, "own errors": _own_errors}
    return change[scenario.trouble](made, rng, scenario.sd) if scenario.trouble else made


def _lost(made: World, rng: np.random.Generator, _sd: float) -> World:
    """Take the files of some runs away: their load is lost as well."""
    held = pl.Series(rng.random(made.runs.height) >= LOST_SHARE)
    runs = made.runs.filter(held)
    outcomes = made.outcomes.join(runs.select("run_id"), on="run_id", how="semi")
    return replace(made, runs=runs, outcomes=outcomes)


def _new_sensor(made: World, rng: np.random.Generator, sd: float) -> World:
    """Give the later runs another strap, which reads higher or lower."""
    span = (made.runs["local_date"][-1] - START).days
    since = START + timedelta(days=int(span * rng.uniform(*CHANGE_WEEKS)))
    runs = made.runs.with_columns(
        sensor_epoch=pl.when(pl.col("local_date") >= since)
        .then(pl.lit("new strap"))
        .otherwise("sensor_epoch")
    )
    jump = sd * JUMP_SD * rng.normal()
    later = runs.filter(pl.col("local_date") >= since)["run_id"].implode()
    moved = pl.when(pl.col("run_id").is_in(later)).then(pl.col("y") + jump).otherwise("y")
    new = made.sensors.with_columns(sensor_epoch=pl.lit("new strap"))
    return replace(
        made, runs=runs, outcomes=made.outcomes.with_columns(y=moved),
        sensors=pl.concat([made.sensors, new]),
    )  # fmt: skip


def _own_errors(made: World, rng: np.random.Generator, _sd: float) -> World:
    """Measure each value with an error of its own, which the product is told the size of."""
    se = rng.uniform(*OWN_ERROR_MS, made.outcomes.height)
    off = se * rng.normal(size=se.size)
    return replace(
        made, outcomes=made.outcomes.with_columns(pl.col("y") + pl.Series(off), se=pl.Series(se))
    )


FREE: Final[dict[str, Any]] = {"confounded": True}
PLANNED: Final[dict[str, Any]] = {"weeks": 104, "blocks": (8, 8)}
DECAY: Final[dict[str, Any]] = {
    "metric": "stance_time_ms", "outcome": "decay", "level": 8.0, "sd": 4.0, "share": 0.5,
}  # fmt: skip

NULLS: Final = (
    Scenario("clean", "clean: blocks at random"),
    Scenario("confounded", "blocks follow training load", FREE),
    Scenario("drift", "slow drift of form", FREE | {"wander": "drift"}),
    Scenario("mix", "half slow noise, half white", FREE | {"wander": "mix"}),
    Scenario("outliers", "one run in twenty odd", FREE | {"wander": "outliers"}),
    Scenario("lost", "15 % of runs missing", FREE, "lost"),
    Scenario("sensor", "a new sensor", FREE, "new sensor"),
    Scenario("decay", "late-run drift, own errors", FREE | DECAY, "own errors"),
    Scenario("planned", "104 weeks, planned 8/8", PLANNED),
)
"""No effect is planted: seven scenarios, then an outcome with a good side, and planned blocks."""
