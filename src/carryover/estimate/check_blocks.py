"""Drop one block: an answer must not rest on one stretch of strength work alone.

Each stretch is left out in turn, with its runs from the first session to τ days after the last:
by then 37 % of what it built is left, while most of the time without work stays, which the
other stretches are held against. The check fails where less than half of the effect is left and
the loss is more than leaving runs out explains. The covariance stays the main fit's most likely
one, also for the effect of all runs that the others are held against.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover.catalogue.thresholds import threshold
from carryover.estimate.blocks import Block, on_blocks
from carryover.estimate.check import Check, Status, amount_text, day_text, not_run, size_text
from carryover.estimate.partial import without
from carryover.estimate.posterior import Z95

if TYPE_CHECKING:
    from carryover.estimate.asked import Asked
    from carryover.estimate.partial import Flags
    from carryover.estimate.verdict import Estimate

NAME: Final = "drop_one_block"
FADE_TAUS: Final = threshold("check_fade_ratio")
KEEP_SHARE: Final = threshold("check_keep_share")
MIN_BLOCKS: Final = 2
LOST: Final = "without it, strength work does not vary apart from the rest of the model"


def drop_one_block(asked: Asked) -> list[Check]:
    """Return the check as a whole, then one part a block."""
    fitted, log = asked.question.fitted, asked.question.log
    if fitted is None or log is None:
        return [not_run(NAME, "the question itself could not be answered")]
    held = [(block, _runs_of(asked, block)) for block in on_blocks(log)]
    told = [(block, runs) for block, runs in held if runs.any() and not runs.all()]
    if len(told) < MIN_BLOCKS:
        return [not_run(NAME, "it takes two stretches of strength work with runs to judge")]
    none = np.zeros(fitted.days.size, dtype=bool)
    every, *estimates = without(fitted, np.column_stack([none, *(runs for _, runs in told)]))
    if every is None:
        return [not_run(NAME, LOST)]
    parts = [
        _part(asked, every, number, block, int((~runs).sum()), estimate)
        for number, ((block, runs), estimate) in enumerate(zip(told, estimates, strict=True), 1)
    ]
    return [_whole(asked, every, [block for block, _ in told], parts), *parts]


def _runs_of(asked: Asked, block: Block) -> Flags:
    """Return which runs go with a block: from its first session to the end of its fade."""
    days = asked.question.frame["day"].to_numpy()
    end = block.last + FADE_TAUS * asked.question.tau_d
    held: Flags = (days >= block.first) & (days <= end)
    return held


def _part(
    asked: Asked, every: Estimate, number: int, block: Block, n_runs: int, estimate: Estimate | None
) -> Check:
    part = f"block {number}"
    if estimate is None:
        return not_run(NAME, LOST, part)
    status = Status.INFORMATIVE
    if asked.claims:
        status = Status.FAILED if _lost(every, estimate) else Status.PASSED
    says = f"Without {_span(asked, block)}: {amount_text(asked, estimate)}."
    return Check(NAME, status, says, part, estimate, None, n_runs)


def _lost(every: Estimate, estimate: Estimate) -> bool:
    """Return whether less than half is left, and the loss is more than noise.

    Of two estimates of which one rests on part of the other's runs, the difference has the
    variance of the smaller less that of the larger.
    """
    if estimate.effect / every.effect >= KEEP_SHARE:
        return False
    noise = float(np.sqrt(max(estimate.se**2 - every.se**2, 0.0)))
    return abs(every.effect - estimate.effect) > Z95 * noise


def _whole(asked: Asked, every: Estimate, blocks: list[Block], parts: list[Check]) -> Check:
    """Return the check as a whole, with the part that keeps least of the effect."""
    able = [(b, c, c.estimate) for b, c in zip(blocks, parts, strict=True) if c.estimate]
    if not able:
        return not_run(NAME, LOST)
    side = 1.0 if every.effect >= 0 else -1.0
    failed = [item for item in able if item[1].status is Status.FAILED]
    block, least, estimate = min(failed or able, key=lambda item: side * item[2].effect)
    most = max((e for _, _, e in able), key=lambda e: side * e.effect)
    spread = f"from {size_text(asked, estimate)} to {size_text(asked, most)}"
    status, says = Status.INFORMATIVE, (
        f"No effect stands out that one stretch could have made; without any one of {len(able)} "
        f"the answer goes {spread}."
    )  # fmt: skip
    if asked.claims:
        status = Status.FAILED if failed else Status.PASSED
        says = (
            f"The answer rests on one stretch of strength work: without {_span(asked, block)} "
            f"it is {size_text(asked, estimate)}."
            if failed
            else f"Leave out any one of {len(able)} stretches of strength work and the answer "
            f"stays: {spread}."
        )
    return Check(NAME, status, says, None, estimate, None, least.n_runs)


def _span(asked: Asked, block: Block) -> str:
    log = asked.question.log
    if log is None:
        return f"block {block.number}"
    first, last = (log.first + timedelta(days=day) for day in (block.first, block.last))
    return f"{day_text(first)} to {day_text(last)}"
