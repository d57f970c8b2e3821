"""What the primary says of plans: the weeks that one would take, and the lot of a drawn one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.estimate.calendars import state_now, usual
from carryover.estimate.outlook import doses_of, outlook, soonest
from carryover.estimate.own_noise import own_noise
from carryover.estimate.plan import HORIZON_WEEKS, sessions_of
from carryover.estimate.randomisation import lot_of
from carryover.estimate.verdict import Ahead, Verdict, judge, wanted_half
from carryover.plan.model import Limits, next_monday

if TYPE_CHECKING:
    from carryover.estimate.finding import Finding
    from carryover.plan.model import Plan

USUAL: Final = Limits()
"""Two sessions a week; which days they fall on matters little."""


def with_prospect(finding: Finding, plan: Plan | None) -> Finding:
    """Return a finding with its lot and, where the data do not suffice yet, what would.

    Only the primary is asked; others are returned as they are.
    """
    if finding.role != "primary":
        return finding
    finding = replace(finding, lot=lot_of(finding.question, plan))
    return replace(finding, ahead=weeks_to_come(finding))


def weeks_to_come(finding: Finding) -> Ahead | None:
    """Return the weeks that going on as now would take, and a usual calendar of blocks.

    None where the gate, not the interval, stands in the way, or the answer is known. The calendar
    is not searched for (`carryover plan` does that), so that a night stays short.
    """
    log, noise = finding.question.log, own_noise(finding.question)
    if finding.swc is None or finding.lacking or finding.adjusted is None:
        return None
    if (
        log is None
        or noise is None
        or judge(finding.evidence()).verdict is not Verdict.NOT_ENOUGH_DATA
    ):
        return None
    last = log.first + dt.timedelta(days=log.doses.size - 1)
    view = outlook(
        log, finding.question, finding.question.frame, noise,
        start=next_monday(last), made_on=last, n_weeks=HORIZON_WEEKS,
    )  # fmt: skip
    if view is None:
        return None
    state = state_now(view.past, view.first_day - 1, may_rest=True)
    days = [
        sessions_of(calendar, USUAL, view.start, HORIZON_WEEKS)
        for calendar in usual(HORIZON_WEEKS, state)
    ]
    wanted = wanted_half(finding.adjusted, finding.swc)
    planned, _ = soonest(view, doses_of(view, days), wanted, limit=HORIZON_WEEKS)
    as_now, _ = soonest(view, view.as_now[:, None], wanted, limit=HORIZON_WEEKS)
    return Ahead(None if as_now is None else int(np.maximum(as_now, 1)), planned)
