"""One estimate: an outcome against one exposure, with all that its verdict rests on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from carryover import units
from carryover.estimate import covariance, gate, panel
from carryover.estimate.design import EXPOSURE, Design, design_of
from carryover.estimate.verdict import Estimate
from carryover.metrics import metric

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carryover.estimate.candidates import Outcome
    from carryover.estimate.orientation import Orientation
    from carryover.estimate.slopes import Floats

WINDOW_GAP: Final = 0.65
"""Late window's centre (87.5 %) minus the early one's (22.5 %), as a share of moving time."""
DAY_US: Final = 86_400_000_000
MDC_PER_SEM: Final = 1.96 * 2.0**0.5
MIN_FOR_DESIGN: Final = 3
FROZEN: Final = 1e-9
"""Residuals below this share of the values are rounding."""


@dataclass(frozen=True, slots=True)
class Spec:
    """What is fixed before a look: settings' [analysis] and what athletes say of their logs.

    `swc` overrides the smallest worthwhile change by metric, in its unit; `complete_logs` are
    the athletes without sessions before their log; `athletes` get a row even without any data.
    """

    primary_metric: str | None = None
    primary_outcome: str | None = None
    swc: Mapping[str, float] = field(default_factory=dict)
    tau_d: float = 28.0
    complete_logs: frozenset[str] = frozenset()
    athletes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One estimate; numbers are null where none can be had.

    `lacking`: what the gate misses; `acute`: effect of one median session within 48 h;
    `mdc95`: change of a single run beyond noise, from the SD of the model's residuals.
    """

    outcome: Outcome
    tau_d: float
    role: str
    orientation: Orientation
    lacking: list[str]
    amount: gate.Amount
    adjusted: Estimate | None = None
    raw: Estimate | None = None
    acute: float | None = None
    swc: float | None = None
    mdc95: float | None = None
    q: float | None = None


def find(
    log: panel.Log,
    outcome: Outcome,
    frame: pl.DataFrame,
    orientation: Orientation,
    swc: float | None,
    *,
    tau_d: float,
) -> Finding:
    """Estimate one outcome; `frame` is its exposed panel, by time, also where X is not known."""
    known = frame.filter(panel.exposure_known(log, tau_d))
    days = known["started_at"].dt.epoch("us").to_numpy() / DAY_US
    within_run = gate.within_run(*outcome)
    enough = known.height >= MIN_FOR_DESIGN
    design = design_of(known, days, within_run=within_run) if enough else None
    amount = _amount(log, known, design)
    finding = Finding(
        outcome, tau_d, "exploratory", orientation, gate.missing(*outcome, amount), amount, swc=swc
    )  # fmt: skip
    if design is None or not design.can_fit or not _moves(known["y"].to_numpy(), design):
        return finding
    return _estimated(finding, known, days, design)


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


def _moves(value: Floats, design: Design) -> bool:
    """Return whether the model leaves anything over: a frozen value has no noise to judge by."""
    rest = value - design.columns @ np.linalg.lstsq(design.columns, value, rcond=None)[0]
    return float(np.abs(rest).max()) > FROZEN * max(float(np.abs(value).max()), 1.0)


def _amount(log: panel.Log, frame: pl.DataFrame, design: Design | None) -> gate.Amount:
    return gate.Amount(
        frame.height,
        panel.weeks(frame["day"]),
        log.sessions.height,
        panel.n_switches(log, frame["day"]) if frame.height else 0,
        design.sd_exposure if design else None,
        design.sd_without_epochs if design else None,
    )


def _estimated(finding: Finding, frame: pl.DataFrame, days: Floats, design: Design) -> Finding:
    series = covariance.Series(days - days[0], frame["y"].to_numpy(), _own_variance(frame["se"]))
    fit = covariance.fit_reml(series, design.columns)
    raw = covariance.fit_at(series, design.columns[:, : EXPOSURE + 1], fit.point)
    return replace(
        finding,
        adjusted=Estimate(float(fit.beta[EXPOSURE]), fit.se(EXPOSURE), fit.df),
        raw=Estimate(float(raw.beta[EXPOSURE]), raw.se(EXPOSURE), raw.df),
        acute=None if design.acute is None else float(fit.beta[design.acute]),
        mdc95=float(MDC_PER_SEM * fit.residual.std(ddof=design.columns.shape[1])),
    )


def _own_variance(se: pl.Series) -> Floats:
    """Return se², a missing one taking the median; zeros where no value has one."""
    known = se.cast(pl.Float64)
    if known.null_count() == known.len():
        return np.zeros(known.len())
    filled: Floats = known.fill_null(known.median()).to_numpy() ** 2
    return filled
