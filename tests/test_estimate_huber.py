"""Huber's M-estimator: the same as statsmodels' own, whatever the rows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.robust.norms import HuberT
from statsmodels.robust.robust_linear_model import RLM

from carryover.estimate.huber import huber_slope, huber_weights


def rows_of(seed: int, n: int, columns: int, wild: float):
    rng = np.random.default_rng(seed)
    design = np.column_stack([np.ones(n), rng.normal(3.0, 0.4, (n, columns))])
    noise = rng.normal(0.0, 2.0, n) + 60.0 * (rng.random(n) < wild)
    return design @ rng.normal(0.0, 10.0, columns + 1) + noise, design


@given(
    seed=st.integers(0, 10_000),
    n=st.integers(30, 400),
    columns=st.integers(1, 8),
    wild=st.sampled_from([0.0, 0.05, 0.3]),
)
def test_weights_are_those_of_statsmodels(seed, n, columns, wild):
    """The weights are those of RLM with Huber's T, fit by fit."""
    target, design = rows_of(seed, n, columns, wild)
    expected = RLM(target, design, M=HuberT()).fit().weights
    assert huber_weights(target, design) == pytest.approx(expected, abs=1e-7), f"seed {seed}"


def test_a_repeated_column_plays_no_part():
    """A column that repeats another leaves the weights as they are, and nothing is raised."""
    target, design = rows_of(1, 200, 3, 0.1)
    twice = np.column_stack([design, design[:, 1] + design[:, 2]])
    assert huber_weights(target, twice) == pytest.approx(huber_weights(target, design), abs=1e-5)


@given(st.integers(0, 10_000), st.integers(8, 200), st.floats(0.0, 8.0))
def test_a_slope_and_its_error_are_those_of_statsmodels(seed, n, wild):
    """A line through nought has RLM's slope and standard error, odd rows or not."""
    rng = np.random.default_rng(seed)
    by = rng.normal(size=n)
    target = 0.3 * by + rng.normal(size=n) + wild * (rng.random(n) < 0.1)
    told = RLM(target, by[:, None], M=HuberT()).fit()
    assert huber_slope(target, by) == pytest.approx((told.params[0], told.bse[0]), rel=1e-6)
