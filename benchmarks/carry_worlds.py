"""The athletes of the calibration: seven kinds of trouble, planted effects, families of outcomes.

All come from the tests' simulator, each from one seed.
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

from estimate_worlds import START, World, wandering, world  # noqa: E402

LOST_SHARE: Final = 0.15
JUMP_SD: Final = 1.5
CHANGE_WEEKS: Final = (0.25, 0.75)
"""A new sensor comes at a share of the record between these."""
FAMILY_RHO: Final = 0.3
"""Correlation of any two outcomes of one athlete."""
OWN_ERROR_MS: Final = (1.0, 2.5)
"""Standard errors of single drifts of contact time; real ones have a median of 1.5 to 1.8 ms."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """How an athlete is made: what `world` takes, what befalls the runs, what is planted."""

    name: str
    title: str
    kind: str
    """null, effect, acute or family: the table it belongs to."""
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
    Scenario("clean", "blocks at random", "null"),
    Scenario("confounded", "blocks follow training load", "null", FREE),
    Scenario("drift", "… and form drifts slowly", "null", FREE | {"wander": "drift"}),
    Scenario("mix", "… and noise is half slow, half white", "null", FREE | {"wander": "mix"}),
    Scenario("outliers", "… and one run in twenty is odd", "null", FREE | {"wander": "outliers"}),
    Scenario("lost", "… and 15 % of runs are missing", "null", FREE, "lost"),
    Scenario("sensor", "… and a new sensor comes", "null", FREE, "new sensor"),
    Scenario("decay", "… late-run drift with own errors", "null", FREE | DECAY, "own errors"),
    Scenario("planned", "104 weeks, 8 on, 8 off", "null", PLANNED),
)
"""No effect. Seven scenarios; an outcome with a good side; planned blocks."""
EFFECTS: Final = (
    Scenario("effect", "52 weeks, own blocks", "effect", FREE, beta=1.0),
    Scenario("effect-drift", "… and form drifts slowly", "effect", FREE | {"wander": "drift"},
             beta=1.0),
    Scenario("effect-mix", "… and noise is half slow, half white", "effect",
             FREE | {"wander": "mix"}, beta=1.0),
    Scenario("effect-decay", "… late-run drift with own errors", "effect", FREE | DECAY,
             "own errors", beta=-1.0),
    Scenario("effect-planned", "104 weeks, 8 on, 8 off", "effect", PLANNED, beta=1.0),
    Scenario("effect-planned-decay", "… late-run drift with own errors", "effect",
             PLANNED | DECAY, "own errors", beta=-1.0),
)  # fmt: skip
"""Two sessions a week go with 1 SD, late-run drift with 1 SD less."""
ACUTE: Final = Scenario("acute", "−0.5 SD within 48 h", "acute", FREE | {"acute": -0.5})
FAMILY: Final = Scenario("family", "48 outcomes of one athlete", "family", FREE)
SCENARIOS: Final = {s.name: s for s in (*NULLS, *EFFECTS, ACUTE, FAMILY)}


def family(made: World, seed: int, n_outcomes: int) -> list[np.ndarray]:
    """Return outcomes (n,) of one athlete, by run, about 0, any two of them correlated."""
    days = (made.runs["local_date"] - START).dt.total_days().to_numpy()
    rng = np.random.default_rng([seed, 3])
    own = [wandering(rng, days, None, "AR") for _ in range(n_outcomes)]
    known = made.outcomes["y"].to_numpy() - made.noise
    known -= known.mean()
    shared = np.sqrt(FAMILY_RHO) * made.noise
    return [known + shared + np.sqrt(1.0 - FAMILY_RHO) * noise for noise in own]
