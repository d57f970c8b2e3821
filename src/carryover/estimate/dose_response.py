"""The primary answer run by run: what each run says of the dose once all else is taken out.

A partial residual is what the fitted dose leaves over, put back on its line: y − Zγ̂, with Z all
covariates at their mean and no session in the last 48 hours. It comes from the fit that the answer
itself is read from. The means of groups of runs by dose stand beside the straight line that the
model assumes; whether the line bends is asked by one more column, the dose squared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from carryover.estimate.contrast import Sums
from carryover.estimate.design import EXPOSURE, INTERCEPT
from carryover.estimate.partial import Beside
from carryover.estimate.tails import t_reach

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from carryover.estimate.question import Fitted, Question
    from carryover.estimate.slopes import Floats

MOST_GROUPS: Final = 5
RUNS_A_GROUP: Final = 8
LEAST_GROUPS: Final = 3
"""Two means always lie on a line."""
LINE: Final = [INTERCEPT, EXPOSURE]


def dose_response(question: Question) -> dict[str, Any]:
    """Return the columns p_curve, points and dose_groups of CARRY_OVER; none without a fit."""
    fitted = question.fitted
    if fitted is None:
        return {}
    return {
        "p_curve": curve_p(fitted), "points": _points(question, fitted),
        "dose_groups": _groups(fitted),
    }  # fmt: skip


def curve_p(fitted: Fitted) -> float | None:
    """Return the p of the dose squared beside all else; None where it says nothing of its own."""
    x = fitted.design.columns[:, EXPOSURE]
    beside = Beside(fitted, ((x - x.mean()) ** 2)[:, None])
    others = list(range(fitted.design.columns.shape[1]))
    found = beside.estimate(beside.added(0), others)
    return None if found is None else found.p


def weights(fitted: Fitted) -> Floats:
    """Return how much each run (n,) weighs in the fit; 1 is the surest one."""
    spread, own = float(fitted.fit.point.variance[0]), fitted.series.own_var
    total = spread + own
    least = float(total.min())
    share: Floats = least / total if least > 0 else np.ones_like(total)
    return share


def _points(question: Question, fitted: Fitted) -> list[dict[str, Any]]:
    x, line = fitted.design.columns[:, EXPOSURE], _line(fitted)
    half = _quantile(fitted) * _line_se(fitted)
    told = {
        "dose": x, "value": fitted.series.value, "partial_residual": line + fitted.fit.residual,
        "fitted": line, "fitted_low": line - half, "fitted_high": line + half,
        "weight": weights(fitted),
    }  # fmt: skip
    rows = zip(question.frame["run_id"], *(v.tolist() for v in told.values()), strict=True)
    return [dict(zip(("run_id", *told), row, strict=True)) for row in rows]


def _line(fitted: Fitted) -> Floats:
    line: Floats = fitted.design.columns[:, LINE] @ fitted.fit.beta[LINE]
    return line


def _line_se(fitted: Fitted) -> Floats:
    ends = fitted.design.columns[:, LINE]
    inner = fitted.fit.covariance[np.ix_(LINE, LINE)]
    se: Floats = np.sqrt(np.maximum(np.einsum("ni,ij,nj->n", ends, inner, ends), 0.0))
    return se


def _quantile(fitted: Fitted) -> float:
    return t_reach(fitted.fit.df)


def _groups(fitted: Fitted) -> list[dict[str, Any]]:
    """Return the means of runs of like dose, each with about as many runs; empty for too few."""
    x, weight = fitted.design.columns[:, EXPOSURE], weights(fitted)
    belongs = _grouping(x)
    if belongs is None:
        return []
    shares = belongs * weight[:, None]
    shares /= shares.sum(axis=0)
    design = fitted.design.columns
    _, se = Sums(fitted.series, design, fitted.fit).estimated(shares)
    part = _line(fitted) + fitted.fit.residual
    value, half = shares.T @ part, _quantile(fitted) * se
    return [
        {
            "group_number": k + 1, "n_runs": int(own.sum()), "dose": float(shares[:, k] @ x),
            "dose_low": float(x[own].min()), "dose_high": float(x[own].max()),
            "value": float(value[k]), "ci_low": float(value[k] - half[k]),
            "ci_high": float(value[k] + half[k]),
        }
        for k, own in enumerate(belongs.T)
    ]  # fmt: skip


def _grouping(x: Floats) -> NDArray[np.bool_] | None:
    """Return which runs (n,) belong to which group by dose; None for fewer than three groups."""
    wanted = min(MOST_GROUPS, x.size // RUNS_A_GROUP)
    if wanted < LEAST_GROUPS:
        return None
    edges = np.unique(np.quantile(x, np.linspace(0.0, 1.0, wanted + 1)[1:-1]))
    place = np.searchsorted(edges, x, side="left")
    kept = [k for k in range(edges.size + 1) if np.count_nonzero(place == k) >= RUNS_A_GROUP // 2]
    if len(kept) < LEAST_GROUPS:
        return None
    return np.column_stack([place == k for k in kept])
