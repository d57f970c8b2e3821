"""One estimate: an outcome against one exposure, with all that its verdict rests on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from carryover import units
from carryover.estimate import gate
from carryover.estimate.design import EXPOSURE
from carryover.estimate.leads import lead_p
from carryover.estimate.question import Fitted, Question, ask
from carryover.estimate.shift import shifted
from carryover.estimate.verdict import Ahead, Estimate, Evidence
from carryover.metrics import metric

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from carryover.estimate import panel
    from carryover.estimate.candidates import Outcome
    from carryover.estimate.orientation import Orientation
    from carryover.estimate.randomisation import Lot
    from carryover.estimate.registration import Asked
    from carryover.plan.model import Plan

WINDOW_GAP: Final = 0.65
"""Late window's centre (87.5 %) minus the early one's (22.5 %), as a share of moving time."""
MDC_PER_SEM: Final = 1.96 * 2.0**0.5


@dataclass(frozen=True, slots=True)
class Spec:
    """What is fixed before a look: settings' [analysis] and what athletes say of their logs.

    `swc` overrides the smallest worthwhile change by metric, in its unit; `plans` by athlete;
    `complete_logs` are the athletes without sessions before their log; `athletes` get a row even
    without any data.
    """

    primary_metric: str | None = None
    primary_outcome: str | None = None
    swc: Mapping[str, float] = field(default_factory=dict)
    plans: Mapping[str, Plan] = field(default_factory=dict)
    tau_d: float = 28.0
    complete_logs: frozenset[str] = frozenset()
    athletes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One estimate; numbers are null where none can be had.

    `lacking`: what the gate misses; `shift_t`: t of the calendar as it was, then of each rotation;
    `acute`: effect of one median session within 48 h;
    `mdc95`: change of a single run beyond noise, from the SD of the model's residuals; `asked`:
    of the primary, how its question was fixed.
    """

    question: Question
    role: str
    orientation: Orientation
    lacking: list[str]
    adjusted: Estimate | None = None
    raw: Estimate | None = None
    acute: Estimate | None = None
    swc: float | None = None
    mdc95: float | None = None
    p_shift: float | None = None
    shift_t: list[float] | None = None
    lead_p: float | None = None
    q: float | None = None
    asked: Asked | None = None
    lot: Lot | None = None
    ahead: Ahead | None = None

    @property
    def outcome(self) -> Outcome:
        """The outcome asked about."""
        return self.question.outcome

    @property
    def run_sd(self) -> float | None:
        """Residual SD of one run, in the metric's unit."""
        return None if self.mdc95 is None else self.mdc95 / MDC_PER_SEM

    @property
    def tau_d(self) -> float:
        """Days over which a session fades to 37 %."""
        return self.question.tau_d

    @property
    def p_confirmed(self) -> float | None:
        """The p of the lot where a drawn calendar bears the effect out, else None."""
        lot, estimate = self.lot, self.adjusted
        borne_out = lot is not None and estimate is not None and lot.confirms(estimate.effect)
        return lot.p if lot is not None and borne_out else None

    def evidence(self) -> Evidence:
        """Return what its verdict rests on."""
        return Evidence(
            self.adjusted, self.orientation, self.swc, self.question.amount.n_weeks, self.lacking,
            p_shift=self.p_shift, lead_p=self.lead_p, q=self.q, ahead=self.ahead,
            exposure=self.question.exposure,
        )  # fmt: skip


def find(
    log: panel.Log,
    outcome: Outcome,
    frame: pl.DataFrame,
    orientation: Orientation,
    swc: float | None,
    *,
    tau_d: float,
    like: Fitted | None = None,
) -> Finding:
    """Estimate one outcome; `frame` is its exposed panel, by time, also where X is not known.

    `like` as `question.ask` has it.
    """
    question = ask(log, outcome, frame, tau_d=tau_d, like=like)
    amount, fitted = question.amount, question.fitted
    lacking = gate.missing(*outcome, amount, question.exposure)
    finding = Finding(question, "exploratory", orientation, lacking, swc=swc)
    return finding if fitted is None else _estimated(finding, fitted)


def smallest_change(
    outcome: Outcome, frame: pl.DataFrame, spec: Spec, level: float | None
) -> float | None:
    """Return the smallest worthwhile change in the metric's unit; None without a mean level.

    The configuration's own wins. For a drift that the metric's table states by the hour: its
    share of the level × the typical hours between the windows.
    """
    name, kind = outcome
    what = metric(name)
    if name in spec.swc:
        return spec.swc[name]
    if kind == "decay" and what.decay_swc_pct_per_h is not None and level is not None:
        hours = WINDOW_GAP * float(np.nanmedian(frame["moving_s"].to_numpy())) / units.S_PER_HOUR
        return what.decay_swc_pct_per_h / 100.0 * level * hours
    if what.swc is not None:
        return what.swc
    return what.smallest_change(level) if level is not None else None


def _estimated(finding: Finding, fitted: Fitted) -> Finding:
    fit, raw, design = fitted.fit, fitted.raw, fitted.design
    turned = shifted(finding.question)
    return replace(
        finding,
        adjusted=Estimate(fitted.effect, fitted.se, fit.df),
        raw=Estimate(float(raw.beta[EXPOSURE]), raw.se(EXPOSURE), raw.df),
        acute=None
        if design.acute is None
        else Estimate(float(fit.beta[design.acute]), fit.se(design.acute), fit.df),
        mdc95=float(MDC_PER_SEM * fit.residual.std(ddof=design.columns.shape[1])),
        p_shift=turned.p if turned else None,
        shift_t=[turned.own, *turned.moved.tolist()] if turned else None,
        lead_p=lead_p(finding.question),
    )
