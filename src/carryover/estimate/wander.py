"""How the bins of a run wander without any drift: the yardstick of a pattern's noise.

Records are filtered and runners wander, so neighbouring 2-minute bins hang together. The model is
one of

    corr(bin i, bin j) = (1 − white)·carried^|i − j|  (1 where i = j)

with one pair (carried, white) for an athlete × sensor epoch × metric, because one run is too short
to tell its own; the size of the noise is the run's own. The pair is the most likely of a grid by
restricted likelihood over the athlete's runs, each with a level, a slope and a bend of its own, so
that real drift does not pass for noise. Of pairs that are nearly as likely the one that wanders
most is taken: with few runs the test of a drift must err on the quiet side.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from carryover import columns
from carryover.estimate import markov, run_frames
from carryover.estimate.baseline import KEY
from carryover.estimate.residual import Part, each_part

if TYPE_CHECKING:
    from carryover.estimate.slopes import Floats, Ints

CARRIED: Final = (0.2, 0.4, 0.6, 0.8, 0.9)
"""None above .9: what hangs together for longer than 20 minutes is the drift that is looked for."""
WHITE: Final = (0.0, 0.25, 0.5, 0.75, 0.9)
NEVER: Final = 1e-300
"""Of `carried`: what is 0 fades within a bin."""
NEARLY: Final = 2.0
"""House rule: this much less log likelihood is nearly as likely (about two standard errors)."""
MOST_RUNS: Final = 100
"""House rule: so many runs tell the pair well enough. Those of the least `run_id`, a hash: spread
over the epoch, and a new run is seldom one of them, so that the bands of all others stand."""
N_TERMS: Final = 3
MIN_BINS: Final = 8
"""House rule: five more than the terms of a run."""


def grid() -> tuple[Floats, Floats]:
    """Return `carried` and `white` (G,) of every pair: white noise alone, then all others."""
    pairs = [(0.0, 0.0), *((c, w) for c in CARRIED for w in WHITE)]
    carried, white = np.array(pairs).T
    return carried, white


def correlation(index: Ints, carried: Floats, white: Floats) -> Floats:
    """Return the correlation matrices (G, n, n) of bins `index` (n,) for pairs (G,)."""
    apart = np.abs(index[:, None] - index[None, :]).astype(np.float64)
    kept = (1.0 - white)[:, None, None] * carried[:, None, None] ** apart
    made: Floats = kept + white[:, None, None] * np.eye(index.size)
    return made


def own_terms(index: Ints) -> Floats:
    """Return level, slope and bend at half time (n, 3) that a run may have of its own."""
    share = (index - index[0]) / max(int(index[-1] - index[0]), 1)
    return np.column_stack([np.ones(index.size), share, np.maximum(share - 0.5, 0.0)])


def fit_wander(residual: pl.DataFrame) -> pl.DataFrame:
    """Return WANDER from RESIDUAL; a group without a run of 8 settled bins is not in it."""
    groups: dict[tuple[str, str, str], list[Part]] = {}
    for part in each_part(residual):
        if part.settled.sum() >= MIN_BINS:
            groups.setdefault(part.epoch, []).append(part)
    rows = [dict(zip(KEY, key, strict=True)) | _fitted(groups[key]) for key in sorted(groups)]
    if not rows:
        return columns.empty(run_frames.WANDER)
    return columns.shaped(pl.DataFrame(rows), run_frames.WANDER)


def _fitted(parts: list[Part]) -> dict[str, float]:
    by_hash = sorted(range(len(parts)), key=lambda k: parts[k].run_id)
    picked = sorted(by_hash[:MOST_RUNS])
    carried, white = grid()
    score = np.zeros(carried.size)
    n_bins = 0
    for part in (parts[k] for k in picked):
        index = part.index[part.settled]
        score += loglik(index, part.residual[part.settled], carried, white)
        n_bins += index.size
    best = cautious(score, carried, white)
    return {
        "carried_share": float(carried[best]), "white_share": float(white[best]),
        "n_runs": len(picked), "n_bins": n_bins,
    }  # fmt: skip


def pairs(wander: pl.DataFrame) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Return carried and white of each athlete, sensor epoch, metric of WANDER."""
    asked = wander.select(*KEY, "carried_share", "white_share")
    return {(a, e, m): (carried, white) for a, e, m, carried, white in asked.iter_rows()}


def cautious(score: Floats, carried: Floats, white: Floats) -> int:
    """Return the pair that wanders most among those nearly as likely as the best."""
    slow = (1.0 - white) * (1.0 + carried) / (1.0 - carried) + white
    return int(np.argmax(np.where(score >= score.max() - NEARLY, slow, -np.inf)))


def loglik(index: Ints, values: Floats, carried: Floats, white: Floats) -> Floats:
    """Return the restricted log likelihood (G,) of one run, its own variance profiled out."""
    # The same as an Ornstein–Uhlenbeck process with noise: nothing of size (n, n) is needed.
    length = -1.0 / np.log(np.maximum(carried, NEVER))
    noise = np.repeat(white[:, None], index.size, axis=1)
    root = markov.root(np.diff(index).astype(np.float64), length, 1.0 - white, noise)
    gram = root.grams(np.column_stack([own_terms(index), values]))
    terms, right = gram[:, :N_TERMS, :N_TERMS], gram[:, :N_TERMS, N_TERMS]
    beta = np.linalg.solve(terms, right[:, :, None])[:, :, 0]
    squares = np.maximum(gram[:, N_TERMS, N_TERMS] - (right * beta).sum(axis=1), 1e-300)
    free = index.size - N_TERMS
    score: Floats = (
        -0.5 * root.log_det
        - 0.5 * np.linalg.slogdet(terms)[1]
        - 0.5 * free * np.log(squares / free)
    )
    return score
