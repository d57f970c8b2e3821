"""From an estimate to a verdict: the fixed order of rules, as a pure function.

0 the gate, and no decay to repair; 1 the good side; 2 the bad side (or a shift, where there is
no good side); 3 smaller than what matters; 4 not enough data, with what would settle it.
A p of the circular shift or of the leads test that is null has not been run and decides nothing;
the sentence says so. Exploratory answers claim a direction only when Benjamini–Hochberg lets
them (q below .05): one look in twenty would otherwise "find" something.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from carryover.estimate.channels import channel
from carryover.estimate.dose import STRENGTH
from carryover.estimate.orientation import Drift, Orientation
from carryover.estimate.tails import CONFIDENCE, t_above, t_reach

EQUIVALENCE: Final = 0.90
MAX_SHIFT_P: Final = 0.10
MIN_LEAD_P: Final = 0.10
MAX_FAMILY_Q: Final = 0.05
MDE_PER_HALF: Final = 1.43
"""Effect found with 80 % power ÷ 95 % half-width: (1.96 + 0.84) / 1.96."""
MAX_WEEKS_AHEAD: Final = 260
TOO_FEW_TO_FIT: Final = "more runs, or more movement of the {work}, than the model has terms"
MUCH_BETTER: Final = 0.75
"""A plan is named where it takes at most this share of the weeks."""


class Verdict(StrEnum):
    """The words of `carry_over.verdict`."""

    CARRYING_OVER = "carrying over"
    GETTING_WORSE = "getting worse"
    RULED_OUT = "ruled out"
    NO_WORTHWHILE_BENEFIT = "no worthwhile benefit"
    NO_DECAY = "no decay to repair"
    SHIFTED_UP = "shifted up"
    SHIFTED_DOWN = "shifted down"
    NOT_ENOUGH_DATA = "not enough data"


@dataclass(frozen=True, slots=True)
class Estimate:
    """An effect per X = 1 in the metric's unit, its standard error and degrees of freedom."""

    effect: float
    se: float
    df: float

    def half(self, confidence: float = CONFIDENCE) -> float:
        """Return the half-width of the interval."""
        return t_reach(self.df, confidence) * self.se

    def interval(self, confidence: float = CONFIDENCE) -> tuple[float, float]:
        """Return the interval's ends."""
        half = self.half(confidence)
        return self.effect - half, self.effect + half

    @property
    def p(self) -> float:
        """Two-sided p of no effect."""
        if self.se == 0:
            return float(self.effect == 0)
        return 2.0 * t_above(abs(self.effect) / self.se, self.df)


@dataclass(frozen=True, slots=True)
class Ahead:
    """Weeks until the interval is narrow enough: going on as now, and with planned blocks.

    Null where five years do not suffice.
    """

    as_now: int | None
    planned: int | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a verdict rests on; null where it is not known or has not been run."""

    estimate: Estimate | None
    orientation: Orientation
    swc: float | None
    n_weeks: float
    gate: list[str] = field(default_factory=list)
    p_shift: float | None = None
    lead_p: float | None = None
    q: float | None = None
    exposure: str = STRENGTH
    ahead: Ahead | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict, and what is missing in plain words (empty when nothing is)."""

    verdict: Verdict
    missing: str = ""


def judge(evidence: Evidence) -> Judgement:
    """Return the first verdict of the order whose rule holds."""
    estimate, side = evidence.estimate, evidence.orientation.good_side
    barred = _barred(evidence)
    if barred is not None or estimate is None:
        work = channel(evidence.exposure).work
        return barred or Judgement(Verdict.NOT_ENOUGH_DATA, TOO_FEW_TO_FIT.format(work=work))
    doubts = _doubts(evidence)
    found = _direction(estimate, side, doubts) or _small(estimate, side, evidence.swc)
    if found is not None:
        return Judgement(found)
    return Judgement(Verdict.NOT_ENOUGH_DATA, _what_settles(evidence, estimate, doubts))


def _barred(evidence: Evidence) -> Judgement | None:
    """Return the verdict that needs no estimate: the gate, then a drift that is not there."""
    orientation = evidence.orientation
    if evidence.gate:
        return Judgement(Verdict.NOT_ENOUGH_DATA, "; ".join(evidence.gate))
    if orientation.drift is Drift.UNKNOWN:
        return Judgement(Verdict.NOT_ENOUGH_DATA, orientation.telling)
    if orientation.drift is Drift.ABSENT:
        return Judgement(Verdict.NO_DECAY, orientation.telling)
    return None


def excludes_zero(estimate: Estimate) -> bool:
    """Return whether the 95 % interval is on one side of 0."""
    low, high = estimate.interval()
    return low > 0 or high < 0


def weeks_ahead(half: float, wanted: float, n_weeks: float) -> int | None:
    """Return roughly how many more weeks like these bring the half-width to the wanted one.

    The half-width goes with 1/√n; null where that is more than five years away.
    """
    if wanted <= 0:
        return None
    more = math.ceil(n_weeks * ((half / wanted) ** 2 - 1.0))
    return max(more, 1) if more <= MAX_WEEKS_AHEAD else None


def _direction(estimate: Estimate, good_side: str, doubts: _Doubts) -> Verdict | None:
    if not excludes_zero(estimate) or doubts.any_side:
        return None
    up = estimate.effect > 0
    if good_side == "none":
        return Verdict.SHIFTED_UP if up else Verdict.SHIFTED_DOWN
    if up is (good_side == "up"):
        return None if doubts.good_side else Verdict.CARRYING_OVER
    return Verdict.GETTING_WORSE


def _small(estimate: Estimate, good_side: str, swc: float | None) -> Verdict | None:
    if swc is None:
        return None
    low, high = estimate.interval(EQUIVALENCE)
    if -swc < low and high < swc:
        return Verdict.RULED_OUT
    best = {"up": high, "down": -low}.get(good_side)
    return Verdict.NO_WORTHWHILE_BENEFIT if best is not None and best < swc else None


@dataclass(frozen=True, slots=True)
class _Doubts:
    """Why a direction may not be claimed: on any side, and on the good side alone."""

    any_side: str
    good_side: str


def _doubts(evidence: Evidence) -> _Doubts:
    shift, lead, q = evidence.p_shift, evidence.lead_p, evidence.q
    asked = channel(evidence.exposure)
    found = []
    if shift is not None and shift >= MAX_SHIFT_P:
        found.append(f"moving the {asked.kind} calendar about does as well (p = {shift:.2f})")
    if q is not None and q >= MAX_FAMILY_Q:
        found.append(f"among all the answers looked at this one may be chance (q = {q:.2f})")
    led = lead is not None and lead < MIN_LEAD_P
    ahead = f"{asked.work} to come predicts form as well (p = {lead:.2f})" if led else ""
    return _Doubts("; ".join(found), ahead)


def _what_settles(evidence: Evidence, estimate: Estimate, doubts: _Doubts) -> str:
    swc = evidence.swc
    said = [text for text in (doubts.any_side, doubts.good_side) if text]
    if said and excludes_zero(estimate):
        return "; ".join(said)
    if swc is None:
        return "a smallest change that matters to you: set it in [analysis] swc"
    if evidence.ahead is not None:
        return _ahead_words(evidence.ahead)
    weeks = weeks_ahead(estimate.half(), wanted_half(estimate, swc), evidence.n_weeks)
    if weeks is None:
        return "more than five years of weeks like these, or far fewer with planned breaks"
    return f"about {weeks} more week{'s' if weeks > 1 else ''} like these"


def wanted_half(estimate: Estimate, swc: float) -> float:
    """Return the half-width that would settle an open answer.

    The smallest worthwhile change; where the interval is narrower already, what would take it off
    zero or inside the bounds, were the effect to stay where it is.
    """
    effect = abs(estimate.effect)
    return swc if estimate.half() > swc else max(effect, swc - effect)


def _ahead_words(ahead: Ahead) -> str:
    """Return the weeks that are missing; a plan is named where it saves a good part of them."""
    weeks, planned = ahead.as_now, ahead.planned
    if weeks is None and planned is None:
        return "more than five years, with planned blocks as well"
    if weeks is None:
        return (
            f"about {planned} weeks with planned blocks (carryover plan), more than five years "
            "of weeks like these"
        )
    like = f"about {weeks} more week{'s' if weeks > 1 else ''} like these"
    if planned is None or planned > MUCH_BETTER * weeks:
        return like
    return f"{like}, or {max(planned, 1)} with planned blocks (carryover plan)"
