"""Exposures beside strength: drills, hill strides, and one-sided work against contact balance.

Each is asked in the same model with the strength habit and the strength dose of the last 48 hours
as further covariates, so that no channel is taken for another. All of it is exploratory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from carryover.catalogue.thresholds import threshold
from carryover.estimate import panel
from carryover.estimate.channels import (
    ACTIVATION,
    HILL_STRIDES,
    LEFT_MINUS_RIGHT,
    RIGHT_MINUS_LEFT,
)
from carryover.estimate.design import BESIDE
from carryover.estimate.finding import Finding, find
from carryover.estimate.symmetry import BALANCE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from carryover.estimate.panel import Log

CHANNELS: Final = (ACTIVATION, HILL_STRIDES)
MIN_APART: Final = threshold("one_sided_min_dose")
STRENGTH_BESIDE: Final = {"x": f"{BESIDE}strength", "a48": f"{BESIDE}strength_48"}


def beside_strength(
    log: Log, sessions: pl.DataFrame, found: Iterable[Finding], tau_d: float
) -> list[Finding]:
    """Return what other exposures go with; nothing of one that the athlete does not do.

    `log`: the athlete's strength; `sessions` SESSION_DOSE of the athlete; `found`: the findings of
    strength. Those at `tau_d` give each outcome, its runs, its good side and its smallest change:
    all that was settled once stays as it was.
    """
    asked = [f for f in found if f.tau_d == tau_d and f.question.frame.width]
    sided = [f for f in asked if f.outcome[0] == BALANCE]
    every = [(dosed(sessions, exposure), asked) for exposure in CHANNELS]
    return [
        _find(own, finding)
        for doses, findings in [*every, (one_sided(sessions), sided)]
        if doses is not None
        # One log for all findings: they share what is made of it.
        for own in (panel.another(log, doses, doses["exposure"][0]),)
        for finding in findings
    ]


def dosed(sessions: pl.DataFrame, exposure: str) -> pl.DataFrame | None:
    """Return the sessions of an exposure; None where none holds any of it."""
    taken = sessions.filter(pl.col("exposure") == exposure)
    return taken if (taken["dose"] != 0).any() else None


def one_sided(sessions: pl.DataFrame) -> pl.DataFrame | None:
    """Return the sessions' difference between sides, 1 where it is the athlete's usual one.

    Positive is the side that the athlete does more of in all, which names the exposure. None
    where no session differs by more than a miscount.
    """
    told = sessions.filter(pl.col("exposure") == LEFT_MINUS_RIGHT)
    apart = told.filter(pl.col("dose").abs() >= MIN_APART)["dose"]
    if apart.is_empty():
        return None
    right = apart.sum() < 0
    unit = float(np.median(np.abs(apart.to_numpy()))) * (-1.0 if right else 1.0)
    return told.with_columns(
        pl.col("dose") / unit, exposure=pl.lit(RIGHT_MINUS_LEFT if right else LEFT_MINUS_RIGHT)
    )


def _find(own: Log, told: Finding) -> Finding:
    """Ask of one exposure, with a log of its own, what was asked of strength."""
    exposed = panel.exposed(own, told.tau_d).select("run_id", "day", "x", "a48")
    frame = (
        told.question.frame.drop("day")
        .rename(STRENGTH_BESIDE)
        .join(exposed, on="run_id", how="inner", maintain_order="left")
    )
    # The same values beside one dose more: how they wander by themselves is not sought again.
    like = told.question.fitted
    return find(own, told.outcome, frame, told.orientation, told.swc, tau_d=told.tau_d, like=like)
