"""The falsification checks of each athlete's primary question: what could have made the answer.

Shift and leads are the two that the verdict rests on; their p is the one it saw. The others
decide nothing: they are shown beside the answer, failed ones too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from carryover import columns
from carryover.estimate import check_frames
from carryover.estimate.asked import Asked, Given, asked_again
from carryover.estimate.check import Check, Status, in_100, not_run
from carryover.estimate.check_blocks import drop_one_block
from carryover.estimate.check_control import negative_control
from carryover.estimate.check_halves import first_and_second_half
from carryover.estimate.check_sensors import sensor_changes
from carryover.estimate.leads import that_know
from carryover.estimate.verdict import MAX_SHIFT_P, MIN_LEAD_P

if TYPE_CHECKING:
    from collections.abc import Iterator


def carry_over_checks(estimates: pl.DataFrame, given: Given) -> pl.DataFrame:
    """Return CHECK for the primary rows of CARRY_OVER."""
    rows = [
        check.row(asked) for asked in asked_again(estimates, given) for check in checks_of(asked)
    ]
    if not rows:
        return columns.empty(check_frames.CHECK)
    return columns.shaped(pl.DataFrame(rows, infer_schema_length=None), check_frames.CHECK)


def checks_of(asked: Asked) -> Iterator[Check]:
    """Yield every check of one question, run or not."""
    yield _shift(asked)
    yield _leads(asked)
    yield negative_control(asked)
    yield from drop_one_block(asked)
    yield from sensor_changes(asked)
    yield from first_and_second_half(asked)


def _shift(asked: Asked) -> Check:
    p = asked.row["p_shift"]
    if p is None:
        return not_run("shift", "the strength log is too short to be moved about in time")
    status = Status.PASSED if p < MAX_SHIFT_P else Status.FAILED
    tail = {Status.PASSED: "", Status.FAILED: ": what is seen may be chance"}[status]
    if not asked.claims:
        status, tail = Status.INFORMATIVE, "; no effect stands out that this could question"
    says = f"Moved about in time, your strength calendar fits as well in {in_100(p)} cases{tail}."
    return Check("shift", status, says, p=p, n_runs=asked.question.frame.height)


def _leads(asked: Asked) -> Check:
    p = asked.row["lead_p"]
    if p is None:
        return not_run("leads", "too few runs know the strength work that came after them")
    status = Status.FAILED if p < MIN_LEAD_P else Status.PASSED
    says = {
        Status.PASSED: "Strength work still to come does not predict your form, as it should be "
        f"(p = {p:.2f}); that proves nothing by itself.",
        Status.FAILED: f"Strength work still to come predicts your form as well (p = {p:.2f}): "
        "something else may move both, such as the plan of a season.",
    }[status]
    n_runs = that_know(asked.question).height
    return Check("leads", status, says, p=p, n_runs=n_runs)
