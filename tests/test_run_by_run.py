"""A run worked out alone has the numbers that it has among others, to the last bit."""

from __future__ import annotations

import polars as pl
import pytest

from carryover.estimate.baseline import fit_baseline
from carryover.estimate.decay import form_decay
from carryover.estimate.effect import bin_effect, with_residual
from carryover.estimate.memory import block_memory, run_blocks
from carryover.estimate.onset import form_onset
from carryover.estimate.pattern import form_pattern
from carryover.estimate.residual import residuals
from carryover.estimate.wander import fit_wander
from drift_worlds import REFERENCE, drifting

METRICS = ("stance_time_ms", "metres_per_beat")


@pytest.fixture(scope="module")
def world():
    """Bins of two metrics over a dozen runs, and the runs."""
    bins, runs = drifting(5, n_runs=12, rise=6.0, wander="AR .6")
    beats = pl.col("value") * 0.005
    both = [bins, bins.with_columns(metric=pl.lit(METRICS[1]), value=beats)]
    return pl.concat(both), runs


def of_runs(bins, runs, learnt):
    """Return every estimate that goes run by run; `learnt` is what all runs told before."""
    effects = bin_effect(bins, learnt["baseline"], REFERENCE)
    blocks = run_blocks(with_residual(bins, effects))
    noise = learnt.setdefault("noise", block_memory(blocks))
    decay = form_decay(bins, runs, learnt["baseline"], effects, noise)
    residual = residuals(bins, runs, effects, decay)
    wander = learnt.setdefault("wander", fit_wander(residual))
    pattern = form_pattern(residual, wander, bins, runs, decay)
    onset = form_onset(residual, wander, bins, runs, decay, pattern)
    return {"effects": effects, "blocks": blocks, "decay": decay, "residual": residual,
            "pattern": pattern, "onset": onset}  # fmt: skip


def test_alone_as_among_others(world):
    """Who else is worked out in the same batch moves no digit of a run's numbers."""
    bins, runs = world
    learnt = {"baseline": fit_baseline(bins)}
    together = of_runs(bins, runs, learnt)
    assert together["decay"]["eligible"].any()
    assert together["pattern"]["change_adj"].is_not_null().any()
    for run_id in runs["run_id"]:
        own = pl.col("run_id") == run_id
        alone = of_runs(bins.filter(own), runs.filter(own), dict(learnt))
        for name, frame in alone.items():
            assert frame.equals(together[name].filter(own)), f"{name} of {run_id}"
