"""Which outcomes may testify, and which one is the primary: settled from outcomes alone.

Nothing here knows an exposure. The declared order is walked: an outcome is delivered, passed over
with its reason, or waited for while a verdict is out of reach anyway.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import polars as pl

from carryover.catalogue.thresholds import threshold
from carryover.estimate import gate
from carryover.estimate.orientation import MIN_RUNS, Drift, Orientation
from carryover.estimate.origin import OWN_SENSOR, REPEATS
from carryover.metrics import metric

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Outcome = tuple[str, str]
"""Metric name and `level` or `decay`."""
Wanted = tuple[str | None, str | None]
"""What the configuration asks for: metric and outcome, either may be left to the order."""

DECLARED: Final[tuple[Outcome, ...]] = (
    ("stance_time_ms", "decay"),
    ("hr_decoupling_ratio", "level"),
    ("cadence_spm", "decay"),
    ("cadence_spm", "level"),
)
"""The order in which the primary is looked for."""
NEEDS_DRIFT: Final = ("stance_time_ms", "decay")
"""Passed over where the athlete's own drift cannot be told from 0."""
MIN_WEEKS: Final = threshold("registration_min_weeks")
MIN_RECORD: Final = round(threshold("registration_min_runs"))
REACH_WEEKS: Final = threshold("registration_reach_weeks")


@dataclass(frozen=True, slots=True)
class Record:
    """How much running there is to choose from."""

    n_runs: int
    n_weeks: float


@dataclass(frozen=True, slots=True)
class Held:
    """What an athlete has of an outcome.

    `n` values in all, `recent` ones in the last two years of the record, which began `weeks`
    before its end.
    """

    n: int
    recent: int
    weeks: float
    orientation: Orientation


class Standing(StrEnum):
    """What becomes of a candidate."""

    DELIVERED = "delivered"
    AWAITED = "awaited"
    PASSED = "passed over"


@dataclass(frozen=True, slots=True)
class Choice:
    """An outcome, the earlier ones of the order with why they were passed over, what is lacking.

    Where `lacking` is not empty the choice is provisional.
    """

    outcome: Outcome
    passed: tuple[str, ...] = ()
    lacking: str = ""


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
        .join(epochs, on=["athlete_id", "run_id"], how="inner", maintain_order="left")
        .join(measured, on=key, how="left", maintain_order="left")
        .filter(own | pl.col("is_measured").fill_null(value=False))
        .drop("sensor_epoch", "is_measured")
    )


def choose(wanted: Wanted, held: Mapping[Outcome, Held], record: Record) -> Choice:
    """Return the primary outcome.

    `wanted`: metric and outcome that the configuration names, either may be None; `held`: what
    there is of each outcome that may testify. Where nothing is delivered at the rate of the last
    two years, the first with as many values as a verdict needs stands.
    """
    order = tuple(_order(wanted))
    passed: list[str] = []
    for outcome in order:
        standing, why = _standing(outcome, held, record, wanted)
        if standing is not Standing.PASSED:
            lacking = why if standing is Standing.AWAITED else _short(record)
            return Choice(outcome, tuple(passed), lacking)
        passed.append(f"{words(outcome)} ({why})")
    n = {outcome: held[outcome].n for outcome in order if outcome in held}
    for at, outcome in enumerate(order):
        absent = _is_absent(outcome, held.get(outcome), wanted)
        if n.get(outcome, 0) >= gate.min_runs(*outcome) and not absent:
            return Choice(outcome, tuple(passed[:at]), _short(record))
    outcome = next((outcome for outcome in order if n.get(outcome)), order[0])
    lacking = undelivered(outcome, n.get(outcome, 0), {name for name, _ in held})
    return Choice(outcome, lacking=_short(record) or lacking)


def delivered_before(
    outcome: Outcome, held: Mapping[Outcome, Held], record: Record
) -> Outcome | None:
    """Return the first outcome of the declared order before this one that is delivered by now."""
    if outcome not in DECLARED:
        return None
    for other in DECLARED[: DECLARED.index(outcome)]:
        standing, _ = _standing(other, held, record, (None, None))
        if standing is Standing.DELIVERED:
            return other
    return None


def undelivered(outcome: Outcome, n: int, measured: set[str]) -> str:
    """Return what is missing for an outcome that is not delivered; `n` values are there."""
    name, kind = outcome
    if name not in measured | OWN_SENSOR:
        label = metric(name).label.lower()
        return f"{label} known to be measured by a sensor, not computed from pace and cadence"
    if n == 0:
        return f"{_runs(outcome)} (none yet)"
    needed = gate.min_runs(name, kind)
    return f"{needed} {_runs(outcome)} ({n} so far)"


def words(outcome: Outcome) -> str:
    """Return an outcome in words: `late-run drift of ground contact time`."""
    label = metric(outcome[0]).label.lower()
    return f"late-run drift of {label}" if outcome[1] == "decay" else label


def _order(wanted: Wanted) -> Iterator[Outcome]:
    name, kind = wanted
    if name is not None:
        yield from ((name, k) for k in ((kind,) if kind else ("decay", "level")))
    else:
        yield from (o for o in DECLARED if kind in {None, o[1]})


def _standing(
    outcome: Outcome, every: Mapping[Outcome, Held], record: Record, wanted: Wanted
) -> tuple[Standing, str]:
    """Return what becomes of a candidate and why; one that a person names whole is waited for."""
    held = every.get(outcome)
    if held is None or held.n == 0:
        known = outcome[0] in OWN_SENSOR | {name for name, _ in every}
        why = f"no {_runs(outcome)}" if known else "not known to be measured by a sensor"
        return Standing.PASSED, why
    needed = gate.min_runs(*outcome)
    early, named = record.n_weeks < gate.MIN_WEEKS, wanted == outcome
    if not named and held.recent * REACH_WEEKS < needed * max(held.weeks, MIN_WEEKS):
        rate = f"{held.recent} in {held.weeks:.0f} weeks, {needed} in {REACH_WEEKS:.0f} are needed"
        return Standing.PASSED, f"too rare: {rate}"
    if held.n < MIN_RUNS:
        lacking = f"{MIN_RUNS} {_runs(outcome)} before the question is fixed ({held.n} so far)"
        return (Standing.AWAITED if early or named else Standing.PASSED), lacking
    if outcome[1] == "decay" and early and held.n < needed:
        lacking = (
            f"{needed} {_runs(outcome)}, or {gate.MIN_WEEKS:.0f} weeks of runs, before the usual "
            f"drift is told and the question fixed ({held.n} in {record.n_weeks:.0f} weeks so far)"
        )
        return Standing.AWAITED, lacking
    if _is_absent(outcome, held, wanted):
        return Standing.PASSED, f"cannot be told from none: {held.orientation.telling}"
    return Standing.DELIVERED, ""


def _is_absent(outcome: Outcome, held: Held | None, wanted: Wanted) -> bool:
    """Return whether there is no drift where one is needed; not of a metric that was asked for."""
    if outcome != NEEDS_DRIFT or wanted[0] is not None or held is None:
        return False
    return held.orientation.drift is Drift.ABSENT


def _short(record: Record) -> str:
    """Return what a record lacks before anything can be chosen from it; empty when nothing."""
    if record.n_weeks >= MIN_WEEKS and record.n_runs >= MIN_RECORD:
        return ""
    runs = "run" if record.n_runs == 1 else "runs"
    return (
        f"{MIN_WEEKS:.0f} weeks and {MIN_RECORD} runs before the question is fixed "
        f"({record.n_weeks:.0f} weeks and {record.n_runs} {runs} so far)"
    )


def _runs(outcome: Outcome) -> str:
    name, kind = outcome
    long = gate.within_run(name, kind)
    return "long runs that can be judged" if long else f"runs with {metric(name).label.lower()}"
