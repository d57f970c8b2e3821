"""The posterior for display: between prior and estimate, and surer than either."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carryover.estimate.posterior import PRIOR_SHARE, Z95, posterior
from carryover.estimate.verdict import Estimate

EFFECTS = st.floats(-20, 20).filter(lambda x: abs(x) > 1e-3)
SIZES = st.floats(0.01, 10)
SIDES = st.sampled_from(["up", "down"])


@given(EFFECTS, SIZES, SIZES, st.floats(8, 500), SIDES)
def test_it_lies_between_prior_and_estimate_and_is_narrower_than_both(effect, se, sd, df, side):
    """The mean is pulled towards 0, never past it; its interval is shorter than either's."""
    estimate = Estimate(effect, se, df)
    told = posterior(estimate, sd, side)
    assert 0 < told.mean / effect < 1
    half = (told.high - told.low) / 2
    assert half < estimate.half()
    assert half < Z95 * told.prior_sd
    assert told.low < told.mean < told.high
    assert told.prior_sd == pytest.approx(PRIOR_SHARE * sd)


@given(EFFECTS, SIZES, SIZES, SIDES)
def test_the_chance_is_that_of_the_good_side(effect, se, sd, side):
    """It passes one half with the sign of the effect, and turns with the side; none has none."""
    estimate = Estimate(effect, se, 50.0)
    other = {"up": "down", "down": "up"}[side]
    chance = posterior(estimate, sd, side).chance_good
    assert (chance >= 0.5) is ((effect > 0) is (side == "up"))
    assert chance + posterior(estimate, sd, other).chance_good == pytest.approx(1.0)
    assert posterior(estimate, sd, "none").chance_good is None


def test_equal_errors_meet_halfway():
    """An estimate as sure as the prior is halved."""
    sd = 2.0
    told = posterior(Estimate(3.0, PRIOR_SHARE * sd, 1e9), sd, "up")
    assert told.mean == pytest.approx(1.5)
    assert (told.high - told.low) / 2 == pytest.approx(Z95 * PRIOR_SHARE * sd / 2**0.5)


def test_nothing_that_varies_has_no_posterior():
    """Without noise there is no prior to weigh."""
    assert posterior(Estimate(1.0, 0.0, 50.0), 0.0, "up") is None


@given(EFFECTS, SIZES, SIZES, SIDES, st.floats(0.01, 5))
def test_the_chances_beyond_the_smallest_change_share_out_what_there_is(effect, se, sd, side, swc):
    """Above, below and in between make one; without a smallest change there are none."""
    told = posterior(Estimate(effect, se, 50.0), sd, side, swc)
    assert 0 <= told.chance_above + told.chance_below <= 1 + 1e-12
    larger, smaller = (told.chance_above, told.chance_below)[:: 1 if effect > 0 else -1]
    assert larger >= smaller
    good = told.chance_above if side == "up" else told.chance_below
    assert good <= told.chance_good
    assert posterior(Estimate(effect, se, 50.0), sd, side).chance_above is None
