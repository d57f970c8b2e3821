"""First half against second half: an association that holds should hold in both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.estimate.check import ALPHA, MIN_OWN_SD, Check, Status, amount_text, not_run
from carryover.estimate.design import EXPOSURE
from carryover.estimate.partial import Beside

if TYPE_CHECKING:
    from carryover.estimate.asked import Asked

NAME: Final = "first_half_second_half"
HALVES: Final = ("first half", "second half")
NO_CHANGE: Final = "strength work does not vary enough in each half of the time"


def first_and_second_half(asked: Asked) -> list[Check]:
    """Return whether the effect differs between the halves of the time, then each half's own.

    Both have a term of their own in one model; the effect of the check is second less first.
    """
    fitted = asked.question.fitted
    if fitted is None:
        return [not_run(NAME, "the question itself could not be answered")]
    days = fitted.days
    late = days > (days[0] + days[-1]) / 2
    x = fitted.design.columns[:, EXPOSURE]
    model = Beside(fitted, np.column_stack([x * ~late, x * late]))
    others = [c for c in range(model.first_extra) if c != EXPOSURE]
    first, second = model.added(0), model.added(1)
    pairs = ((first, [*others, second]), (second, [*others, first]))
    spread = min(model.own_sd(column, rest) for column, rest in pairs)
    found = [model.estimate(column, rest) for column, rest in pairs]
    differs = model.estimate(second, [*others, EXPOSURE])
    if spread < MIN_OWN_SD or differs is None or None in found:
        return [not_run(NAME, NO_CHANGE)]
    counts = (int((~late).sum()), int(late.sum()))
    parts = [
        Check(NAME, Status.INFORMATIVE, f"In the {part}: {amount_text(asked, estimate)}.",
              part, estimate, None, count)
        for part, estimate, count in zip(HALVES, found, counts, strict=True)
        if estimate is not None
    ]  # fmt: skip
    status = Status.FAILED if differs.p < ALPHA else Status.PASSED
    if not asked.claims and status is Status.PASSED:
        status = Status.INFORMATIVE
    said = "differ by more than chance allows" if differs.p < ALPHA else "agree within their noise"
    says = f"The first and the second half of the time {said} (p = {differs.p:.2f})."
    return [Check(NAME, status, says, None, differs, None, days.size), *parts]
