"""Which side of an effect is the good one: decided from runs before the exposure, then fixed.

- Late-run drift: towards the athlete's own early form. The sign of the mean drift says which way
  that is; where the mean cannot be told from 0 there is no decay to repair.
- Contact balance and symmetry, as a level: towards the middle from the athlete's own side, as
  `symmetry` fixes it; none where sensors disagree on it.
- Other levels: as `metrics.toml` says with its reason; "none" has no good side.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from scipy import stats

from carryover.estimate.symmetry import MIDDLE, shared_side
from carryover.metrics import metric

if TYPE_CHECKING:
    from carryover.estimate.panel import Log
    from carryover.estimate.slopes import Floats

TO_MIDDLE: Final = {"left": "down", "right": "up"}
"""The way to the middle from a side: balance and symmetry index rise to the left."""
MIN_BEFORE: Final = 8
"""House rule: fewer runs cannot show the drift before the exposure."""
LOWEST_SHARE: Final = 1 / 3
"""Where no runs precede the first session: the third of runs with the least exposure."""
CONFIDENCE: Final = 0.95


class Drift(StrEnum):
    """What the runs before the exposure say of a drift."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Orientation:
    """`good_side` of the effect: up, down or none; `drift` for a decay, `telling` in words."""

    good_side: str
    drift: Drift | None = None
    telling: str = ""


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with its 95 % half-width, of n runs."""

    value: float
    half: float
    n: int

    @property
    def differs(self) -> bool:
        """Whether 0 is outside the interval."""
        return abs(self.value) > self.half


def orient(name: str, outcome: str, panel: pl.DataFrame, log: Log) -> Orientation:
    """Return the orientation of a metric's outcome; `panel` has y, x, local_date, sensor_epoch.

    `panel` holds all runs with an outcome, also those whose exposure is not known.
    """
    if outcome == "decay":
        return _drift(name, panel, log)
    if name in MIDDLE:
        side = shared_side(panel, MIDDLE[name], log.started_on)
        return Orientation(TO_MIDDLE[side] if side else "none")
    return Orientation(metric(name).better.value)


def before(panel: pl.DataFrame, log: Log) -> pl.DataFrame:
    """Return the runs before the first session, else the third with the least exposure.

    Runs before the first session count only where the athlete says that the log is complete.
    """
    if log.past_is_empty and log.started_on is not None:
        early = panel.filter(pl.col("local_date") < log.started_on)
        if early.height >= MIN_BEFORE:
            return early
    return panel.sort("x").head(max(MIN_BEFORE, round(panel.height * LOWEST_SHARE)))


def _drift(name: str, panel: pl.DataFrame, log: Log) -> Orientation:
    mean = _mean(before(panel, log)["y"].to_numpy())
    what = metric(name)
    if mean is None:
        telling = f"{MIN_BEFORE} long runs with little strength work, to see the usual drift"
        return Orientation("none", Drift.UNKNOWN, telling)
    low, high = (_signed(mean.value + side * mean.half, what.decimals + 1) for side in (-1, 1))
    telling = (
        f"{what.label.lower()} moves by {_signed(mean.value, what.decimals + 1)} {what.unit} late "
        f"in a run when strength work is least (95 %: {low} to {high}; {mean.n} runs)"
    )
    if not mean.differs:
        return Orientation("none", Drift.ABSENT, telling)
    return Orientation(_towards_zero(mean), Drift.PRESENT, telling)


def _towards_zero(mean: Mean) -> str:
    return "down" if mean.value > 0 else "up"


def _mean(values: Floats) -> Mean | None:
    if values.size < MIN_BEFORE:
        return None
    quantile = float(stats.t.ppf(0.5 + CONFIDENCE / 2, values.size - 1))
    half = quantile * float(values.std(ddof=1)) / np.sqrt(values.size)
    return Mean(float(values.mean()), float(half), values.size)


def _signed(value: float, decimals: int) -> str:
    return f"{value:+.{decimals}f}".replace("-", "−")
