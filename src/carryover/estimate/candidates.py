"""Which outcomes may testify, and which one is the primary: settled before any effect is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from carryover.estimate import gate
from carryover.estimate.orientation import Drift
from carryover.estimate.origin import OWN_SENSOR, REPEATS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Outcome = tuple[str, str]
"""Metric name and `level` or `decay`."""

DECLARED: Final[tuple[Outcome, ...]] = (
    ("stance_time_ms", "decay"),
    ("hr_decoupling_ratio", "level"),
    ("cadence_spm", "decay"),
    ("cadence_spm", "level"),
)
"""The order in which the primary is looked for."""
NEEDS_DRIFT: Final = ("stance_time_ms", "decay")
"""Passed over where the athlete's own drift, before the exposure, cannot be told from 0."""
MIN_VALUES: Final = 5
REACH_WEEKS: Final = 104.0
"""An outcome is delivered when, at the rate so far, two years would pass the gate's number."""


def testifying(
    outcomes: pl.DataFrame, runs: pl.DataFrame, sensors: pl.DataFrame, asked: str | None
) -> pl.DataFrame:
    """Return the outcome rows that may testify: those of sensor epochs known to measure.

    A computed value only repeats pace and cadence, and one of unknown origin may: neither is the
    primary, an exploratory row or part of a correction for many. Metrics that a formula makes from
    others (duty factor, symmetry index, step length …) would count the same evidence again, so
    they stay out, unless one is the metric `asked` for and what it is made of is measured.
    Cadence and heart-based metrics have a sensor of their own: always measured.
    """
    key = ["athlete_id", "sensor_epoch", "metric"]
    epochs = runs.select("athlete_id", "run_id", "sensor_epoch")
    measured = sensors.filter(pl.col("origin") == "measured").select(
        key, is_measured=pl.lit(value=True)
    )
    own = pl.col("metric").is_in(list(OWN_SENSOR))
    return (
        outcomes.filter(pl.col("y").is_finite())
        .filter(~pl.col("metric").is_in([name for name in REPEATS if name != asked]))
        .join(epochs, on=["athlete_id", "run_id"], how="inner")
        .join(measured, on=key, how="left")
        .filter(own | pl.col("is_measured").fill_null(value=False))
        .drop("sensor_epoch", "is_measured")
    )


def delivers(outcome: Outcome, n_values: int, n_weeks: float) -> bool:
    """Return whether an athlete's sensors and habits deliver an outcome."""
    pace = n_values / max(n_weeks, 1.0) * REACH_WEEKS
    return n_values >= MIN_VALUES and pace >= gate.min_runs(*outcome)


def choose_primary(
    wanted: tuple[str | None, str | None],
    found: Mapping[Outcome, int],
    drifts: Mapping[Outcome, Drift | None],
    n_weeks: float,
) -> Outcome:
    """Return the primary outcome.

    `wanted`: metric and outcome that the configuration names, either may be None; `found`: number
    of values of each outcome that may be primary; `drifts`: what the runs before the exposure say.
    No effect of strength is looked at here. Where nothing is delivered, the first with any value
    stands, else the first of the order.
    """
    order = [o for o in _order(wanted) if _agrees(o, wanted)]
    passed = {o for o in order if o == NEEDS_DRIFT and drifts.get(o) is Drift.ABSENT}
    if wanted[0] is None:
        order = [o for o in order if o not in passed] or order
    full = [o for o in order if delivers(o, found.get(o, 0), n_weeks)]
    some = [o for o in order if found.get(o, 0) > 0]
    return (full or some or order)[0]


def _order(wanted: tuple[str | None, str | None]) -> Iterable[Outcome]:
    name, outcome = wanted
    if name is None:
        return DECLARED
    kinds = (outcome,) if outcome else ("decay", "level")
    return tuple((name, kind) for kind in kinds)


def _agrees(candidate: Outcome, wanted: tuple[str | None, str | None]) -> bool:
    return wanted[1] is None or candidate[1] == wanted[1]
