"""The negative control: upper-body work must not go with form where glute work is held.

Both stand in one model, each with its own last 48 hours. An effect of upper-body work says that
something which goes with any gym visit (free time, a training phase, a rested week) moves form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.estimate import panel
from carryover.estimate.check import ALPHA, MIN_OWN_SD, Check, Status, amount_text, not_run
from carryover.estimate.partial import Beside

if TYPE_CHECKING:
    import polars as pl

    from carryover.estimate.asked import Asked
    from carryover.estimate.question import Fitted

NAME: Final = "negative_control"
UPPER_BODY: Final = "upper_body"
ACUTE, CHRONIC = 0, 1
NO_WORK: Final = "no upper-body work is logged to compare with"
NO_FIT: Final = "there are too few runs to hold both kinds of work beside each other"


def negative_control(asked: Asked) -> Check:
    """Return the check of upper-body work beside the strength work of the question."""
    question, fitted = asked.question, asked.question.fitted
    log = asked.given.log(asked.athlete, UPPER_BODY)
    if fitted is None or log is None:
        return not_run(NAME, "the question itself could not be answered")
    if not log.doses.any():
        return not_run(NAME, NO_WORK)
    return _beside(asked, fitted, _exposed(question.frame, log, question.tau_d))


def _exposed(frame: pl.DataFrame, log: panel.Log, tau_d: float) -> pl.DataFrame:
    """Return for each run of the frame acute and chronic upper-body work, null where not known."""
    exposed = panel.exposed(log, tau_d)
    known = exposed.filter(panel.exposure_known(log, tau_d)).select(
        "run_id", upper_acute="a48", upper="x"
    )
    return frame.select("run_id").join(known, on="run_id", how="left", maintain_order="left")


def _beside(asked: Asked, fitted: Fitted, upper: pl.DataFrame) -> Check:
    extra = upper.select("upper_acute", "upper").to_numpy()
    kept = ~np.isnan(extra[:, CHRONIC])
    rest = list(range(fitted.design.columns.shape[1] + 1))
    if kept.sum() <= len(rest):
        return not_run(NAME, NO_FIT)
    model = Beside(fitted, extra, kept)
    column = model.added(CHRONIC)
    estimate = model.estimate(column, rest)
    own_sd = model.own_sd(column, rest)
    n_runs = int(kept.sum())
    if own_sd < MIN_OWN_SD:
        says = (
            f"Your upper-body work comes and goes with your glute work (SD {own_sd:.2f} of its "
            "own), so neither can be told from the other."
        )
        return Check(NAME, Status.INFORMATIVE, says, None, estimate, None, n_runs)
    if estimate is None:
        return not_run(NAME, NO_FIT)
    status = Status.FAILED if estimate.p < ALPHA else Status.PASSED
    said = f"two upper-body sessions a week go with {amount_text(asked, estimate)}"
    says = {
        Status.PASSED: f"As it should be, upper-body work shows no effect of its own: {said}.",
        Status.FAILED: f"Upper-body work shows an effect where none is expected: {said}. "
        "Something that goes with any gym work may move this, not the glute work.",
    }[status]
    return Check(NAME, status, says, None, estimate, None, n_runs)
