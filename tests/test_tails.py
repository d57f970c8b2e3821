"""Quantiles, tails and q values are those of `scipy.stats`, and a dose fades as a filter would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.signal import lfilter

from carryover.estimate import tails
from carryover.estimate.dose import ewma_load

SHARES = st.floats(0.001, 0.999)
FREE = st.floats(1.0, 1e6)
VALUES = st.floats(-30.0, 30.0)


@given(SHARES, FREE, FREE, VALUES)
def test_quantiles_and_tails_are_the_librarys(
    share: float, free: float, below: float, value: float
) -> None:
    """A quantile is the same number, whichever door of SciPy it comes through."""
    assert tails.t_quantile(share, free) == pytest.approx(stats.t.ppf(share, free))
    assert tails.t_above(value, free) == pytest.approx(stats.t.sf(value, free))
    assert tails.f_quantile(share, free, below) == pytest.approx(stats.f.ppf(share, free, below))
    assert tails.normal_quantile(share) == pytest.approx(stats.norm.ppf(share))
    assert tails.normal_above(value) == pytest.approx(stats.norm.sf(value))
    assert tails.normal_density(value) == pytest.approx(stats.norm.pdf(value))
    many = tails.t_quantiles(share, np.array([free, below]))
    assert many.tolist() == [tails.t_quantile(share, free), tails.t_quantile(share, below)]


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30))
def test_q_values_are_the_librarys(p_values: list[float]) -> None:
    """A false discovery rate is Benjamini and Hochberg's, ties and ones included."""
    told = stats.false_discovery_control(p_values)
    assert tails.q_values(p_values) == pytest.approx(told.tolist())


@given(st.lists(st.floats(0.0, 5.0), min_size=1, max_size=60), st.floats(1.0, 60.0))
def test_a_fading_sum_is_a_filter(loads: list[float], tau_d: float) -> None:
    """What fades day by day is a recursive filter's output."""
    fade = float(np.exp(-1.0 / tau_d))
    told = lfilter([0.0, 1.0 - fade], [1.0, -fade], loads)
    assert ewma_load(np.array(loads), tau_d) == pytest.approx(told)


@pytest.mark.parametrize("free", [1.0, 7.5, 60.0, 1e6])
def test_an_interval_leaves_the_same_out_on_either_side(free):
    """Of Student's t a fortieth lies beyond its reach to each side, for one and for many alike."""
    reach = tails.t_reach(free)
    assert tails.t_above(reach, free) == pytest.approx(0.025)
    assert tails.t_reach(free, 0.9) < reach
    assert tails.t_reaches(np.array([free])).tolist() == [reach]
