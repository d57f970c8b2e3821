"""Sensor changes: what they did to the numbers, and whether they could pass for an effect.

`sensor_terms` holds the answer with a term for each sensor against the one without, and tells how
far the metric jumps at each change. `placebo_date` lets eight made-up weeks of two sessions each
begin on the day of the change: beside the sensor's own term they must not look like an effect.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.catalogue.thresholds import threshold
from carryover.estimate import covariance, dose, gate
from carryover.estimate.check import ALPHA, Check, Status, amount_text, not_run
from carryover.estimate.check_blocks import KEEP_SHARE
from carryover.estimate.design import EPOCH, EXPOSURE, epoch_names
from carryover.estimate.partial import Beside
from carryover.estimate.verdict import Estimate, excludes_zero

if TYPE_CHECKING:
    from carryover.estimate.asked import Asked
    from carryover.estimate.question import Fitted, Question
    from carryover.estimate.slopes import Floats

TERMS: Final = "sensor_terms"
PLACEBO: Final = "placebo_date"
MIN_RUNS: Final = int(threshold("check_sensor_runs"))
ONE_SENSOR: Final = "one sensor all along"
FEW_RUNS: Final = f"fewer than {MIN_RUNS} runs before or with it"
NO_TERM: Final = "its change cannot be told from the rest of the model"
MADE_UP_D: Final = threshold("check_placebo_weeks") * dose.DAYS_PER_WEEK
MIN_PLACEBO_SD: Final = threshold("check_placebo_min_sd")
STEADY: Final = dose.SESSIONS_PER_WEEK / dose.DAYS_PER_WEEK


@dataclass(frozen=True, slots=True)
class Change:
    """The first day of a sensor; `before` is the one that came before it, by first day."""

    sensor: str
    before: str
    day: int
    enough: bool


def sensor_changes(asked: Asked) -> list[Check]:
    """Return both checks: of the sensor terms as a whole, of each jump and of each date."""
    fitted = asked.question.fitted
    if fitted is None:
        reason = "the question itself could not be answered"
        return [not_run(name, reason) for name in (TERMS, PLACEBO)]
    changes = _changes(asked.question)
    if not changes:
        return [not_run(name, ONE_SENSOR) for name in (TERMS, PLACEBO)]
    model = Beside(fitted, np.column_stack([_made_up(asked.question, c.day) for c in changes]))
    jumps = [_jump(asked, fitted, change) for change in changes]
    dates = [_placebo(asked, model, number, change) for number, change in enumerate(changes)]
    return [_terms(asked, fitted), *jumps, *dates]


def _changes(question: Question) -> list[Change]:
    names = epoch_names(question.frame, within_run=gate.within_run(*question.outcome))
    first: dict[str, int] = {}
    days = question.frame["day"].to_list()
    for place, name in enumerate(names):
        first.setdefault(name, place)
    order = list(first)
    return [
        Change(
            sensor,
            before,
            days[first[sensor]],
            min(first[sensor], names.count(sensor)) >= MIN_RUNS,
        )
        for before, sensor in pairwise(order)
    ]


def _made_up(question: Question, day: int) -> Floats:
    """Return the exposure of each run to eight weeks of two sessions each from one day on."""
    log = question.log
    size = question.frame["day"].to_numpy().max() + 1 if log is None else log.doses.size
    since = np.arange(size) - day
    made_up = np.where((since >= 0) & (since < MADE_UP_D), STEADY, 0.0)
    x = dose.chronic(made_up, question.tau_d)
    exposed: Floats = x[question.frame["day"].to_numpy()]
    return exposed


def _jump(asked: Asked, fitted: Fitted, change: Change) -> Check:
    """Return how far the metric jumps from the sensor before to this one."""
    contrast = np.zeros(fitted.design.columns.shape[1])
    for sensor, sign in ((change.sensor, 1.0), (change.before, -1.0)):
        column = _column(fitted, sensor)
        if column is None and sensor != _first_sensor(asked.question):
            return not_run(TERMS, NO_TERM, change.sensor)
        if column is not None:
            # A term is centred and scaled; its range is what one whole change is worth.
            contrast[column] = sign * float(np.ptp(fitted.design.columns[:, column]))
    effect = float(contrast @ fitted.fit.beta)
    se = float(np.sqrt(contrast @ fitted.fit.covariance @ contrast))
    estimate = Estimate(effect, se, fitted.fit.df)
    says = f"With {change.sensor} the numbers are moved: {amount_text(asked, estimate)}."
    n_runs = asked.question.frame.height
    return Check(TERMS, Status.INFORMATIVE, says, change.sensor, estimate, None, n_runs)


def _first_sensor(question: Question) -> str:
    """Return the sensor that the others' terms are held against."""
    return epoch_names(question.frame, within_run=gate.within_run(*question.outcome))[0]


def _column(fitted: Fitted, sensor: str) -> int | None:
    name = EPOCH + sensor
    return fitted.design.names.index(name) if name in fitted.design.names else None


def _terms(asked: Asked, fitted: Fitted) -> Check:
    """Return whether the answer depends on the sensor terms; the effect is that without them."""
    kept = [i for i, name in enumerate(fitted.design.names) if not name.startswith(EPOCH)]
    fit = covariance.fit_reml(fitted.series, fitted.design.columns[:, kept])
    plain = Estimate(float(fit.beta[EXPOSURE]), fit.se(EXPOSURE), fit.df)
    own = Estimate(fitted.effect, fitted.se, fitted.fit.df)
    n_runs = asked.question.frame.height
    said = (
        f"without terms for the sensors two sessions a week go with {amount_text(asked, plain)}, "
        f"with them {amount_text(asked, own)}"
    )
    if excludes_zero(own):
        stays = plain.effect / own.effect >= KEEP_SHARE
        status = Status.PASSED if stays else Status.FAILED
        lead = "The answer does not hang on" if stays else "The answer hangs on"
        return Check(TERMS, status, f"{lead} how sensors are told apart: {said}.", None, plain,
                     None, n_runs)  # fmt: skip
    if excludes_zero(plain):
        lead = "Only a change of sensor makes it look like an effect"
        return Check(TERMS, Status.INFORMATIVE, f"{lead}: {said}.", None, plain, None, n_runs)
    lead = "With or without terms for the sensors nothing stands out"
    return Check(TERMS, Status.PASSED, f"{lead}: {said}.", None, plain, None, n_runs)


def _placebo(asked: Asked, model: Beside, number: int, change: Change) -> Check:
    """Return whether a block that never was, begun on the day of the change, has an effect."""
    if not change.enough:
        return not_run(PLACEBO, FEW_RUNS, change.sensor)
    column, rest = model.added(number), list(range(model.first_extra))
    own_sd, estimate = model.own_sd(column, rest), model.estimate(column, rest)
    n_runs = asked.question.frame.height
    block = f"A made-up block of strength work that begins with {change.sensor}"
    if estimate is None or own_sd < MIN_PLACEBO_SD:
        says = f"{block} is too much like the other terms to say anything (SD {own_sd:.2f})."
        return Check(PLACEBO, Status.INFORMATIVE, says, change.sensor, estimate, None, n_runs)
    failed = estimate.p < ALPHA
    lead = "looks like an effect" if failed else "shows no effect, as it should"
    says = f"{block} {lead}: it goes with {amount_text(asked, estimate)}."
    status = Status.FAILED if failed else Status.PASSED
    return Check(PLACEBO, status, says, change.sensor, estimate, None, n_runs)
