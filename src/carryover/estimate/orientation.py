"""Which side of an effect is the good one: decided from outcomes alone, before any exposure.

- Late-run drift: towards the athlete's own early form. The sign of the mean drift says which way
  that is; where the mean cannot be told from 0 there is no decay to repair.
- Contact balance and symmetry, as a level: towards the middle from the athlete's own side in the
  first weeks of a sensor; none where sensors disagree on it.
- Other levels: as `metrics.toml` says with its reason; "none" has no good side.

The mean drift is that of all runs there are. Taking the runs with the least strength work, or
those before the first session, looks at the exposure: they also carry the estimate of its effect,
so that a mean which is too high by chance comes with an effect that seems to bring it down. The
mean of all runs goes with no effect in a model that has an intercept.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from carryover.catalogue.thresholds import threshold
from carryover.estimate.symmetry import MIDDLE, mean_of_runs, shared_side
from carryover.metrics import metric

if TYPE_CHECKING:
    import polars as pl

    from carryover.estimate.slopes import Floats

TO_MIDDLE: Final = {"left": "down", "right": "up"}
"""The way to the middle from a side: balance and symmetry index rise to the left."""
MIN_RUNS: Final = round(threshold("registration_min_values"))
"""Fewer runs cannot show a drift."""


class Drift(StrEnum):
    """What an athlete's runs say of a drift."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of n runs and its 95 % interval, in the metric's unit."""

    value: float
    low: float
    high: float
    n: int

    @property
    def differs(self) -> bool:
        """Whether 0 is outside the interval."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Orientation:
    """`good_side` of the effect: up, down or none; `drift` and its `mean` for a decay, in words."""

    good_side: str
    drift: Drift | None = None
    telling: str = ""
    mean: Mean | None = None


def orient(name: str, outcome: str, runs: pl.DataFrame) -> Orientation:
    """Return the orientation of a metric's outcome; `runs` has y, local_date, sensor_epoch."""
    if outcome == "decay":
        return drift_of(name, _mean(runs["y"].to_numpy()))
    if name in MIDDLE:
        side = shared_side(runs, MIDDLE[name], None)
        return Orientation(TO_MIDDLE[side] if side else "none")
    return Orientation(metric(name).better.value)


def drift_of(name: str, mean: Mean | None) -> Orientation:
    """Return the orientation of a drift with this mean; None where there are too few runs."""
    if mean is None:
        telling = f"{MIN_RUNS} long runs that can be judged, to see the usual drift"
        return Orientation("none", Drift.UNKNOWN, telling)
    what = metric(name)
    value, low, high = (_signed(v, what.decimals + 1) for v in (mean.value, mean.low, mean.high))
    telling = (
        f"{what.label.lower()} moves by {value} {what.unit} late in a run "
        f"(95 %: {low} to {high}; {mean.n} runs)"
    )
    if not mean.differs:
        return Orientation("none", Drift.ABSENT, telling, mean)
    return Orientation("down" if mean.value > 0 else "up", Drift.PRESENT, telling, mean)


def _mean(values: Floats) -> Mean | None:
    if values.size < MIN_RUNS:
        return None
    value, _, half = mean_of_runs(values)
    return Mean(value, value - half, value + half, values.size)


def _signed(value: float, decimals: int) -> str:
    return f"{value:+.{decimals}f}".replace("-", "−")
