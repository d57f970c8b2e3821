"""The filter against plain dense algebra: same likelihood, same fit, same degrees of freedom."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.estimate import covariance
from carryover.estimate.covariance import Candidates, Series


def problem(seed, n=40, k=4, *, own=True):
    rng = np.random.default_rng(seed)
    days = np.cumsum(rng.uniform(0.05, 6.0, n))
    design = np.column_stack([np.ones(n), rng.normal(size=(n, k - 1))])
    own_var = rng.uniform(0.05, 0.6, n) ** 2 if own else np.zeros(n)
    return Series(days, rng.normal(size=n), own_var), design


def fit_anew(series, design):
    """Fit, whatever is held of earlier fits."""
    return covariance.fit_reml.__wrapped__(series, design)


def dense(series, length, nugget, variance):
    gap = np.abs(series.days[:, None] - series.days[None, :])
    smooth = (1.0 - nugget) * np.exp(-gap / length)
    return variance * (smooth + nugget * np.eye(gap.shape[0])) + np.diag(series.own_var)


def dense_gls(series, design, cov):
    inverse = np.linalg.inv(cov)
    gram = design.T @ inverse @ design
    beta = np.linalg.solve(gram, design.T @ inverse @ series.value)
    rest = series.value - design @ beta
    dets = np.linalg.slogdet(cov)[1] + np.linalg.slogdet(gram)[1]
    return beta, np.linalg.inv(gram), dets, float(rest @ inverse @ rest)


POINTS = st.tuples(
    st.sampled_from(list(covariance.LENGTHS_D)),
    st.sampled_from(list(covariance.NUGGETS)),
    st.floats(0.1, 5.0),
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), POINTS, st.booleans())
def test_likelihood_equals_the_dense_one(seed, point, own):
    """The O(n) restricted likelihood is the textbook one, up to nothing."""
    series, design = problem(seed, own=own)
    one = Candidates(*(np.array([value]) for value in point))
    found = covariance.restricted_loglik(series, design, one, profiled=False)[0]
    _, _, dets, squares = dense_gls(series, design, dense(series, *point))
    assert found == pytest.approx(-0.5 * (dets + squares), rel=1e-9, abs=1e-8), f"seed {seed}"


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), POINTS)
def test_profiled_likelihood_is_the_best_over_variance(seed, point):
    """With σ² profiled out, no explicit σ² does better, and the best one does as well."""
    series, design = problem(seed, own=False)
    n_free = design.shape[0] - design.shape[1]
    one = Candidates(*(np.array([value]) for value in point))
    profiled = covariance.restricted_loglik(series, design, one, profiled=True)[0]
    best = covariance.fit_at(series, design, one).point.variance[0]
    around = best * np.array([0.3, 0.9, 0.99, 1.0, 1.01, 1.1, 3.0])
    points = Candidates(np.full(7, point[0]), np.full(7, point[1]), around)
    explicit = covariance.restricted_loglik(series, design, points, profiled=False)
    assert np.argmax(explicit) == 3, f"seed {seed}"
    assert explicit[3] == pytest.approx(profiled - n_free / 2, rel=1e-9), f"seed {seed}"


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), POINTS)
def test_fit_equals_dense_generalised_least_squares(seed, point):
    """Coefficients and their covariance are those of dense GLS with the same matrix."""
    series, design = problem(seed)
    fit = covariance.fit_at(series, design, Candidates(*(np.array([v]) for v in point)))
    beta, cov, _, _ = dense_gls(series, design, dense(series, *point))
    assert fit.beta == pytest.approx(beta, rel=1e-8, abs=1e-9), f"seed {seed}"
    assert fit.covariance == pytest.approx(cov, rel=1e-8, abs=1e-10), f"seed {seed}"


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), POINTS, st.booleans())
def test_degrees_of_freedom_equal_their_formula(seed, point, own):
    """df = max(8, min(n − k, n²/1ᵀS1)) with S the dense correlation matrix."""
    series, _ = problem(seed, own=own)
    cov = dense(series, *point)
    spread = np.sqrt(np.diag(cov))
    total = (cov / spread / spread[:, None]).sum()
    expected = max(8.0, min(36.0, 40**2 / total))
    one = Candidates(*(np.array([value]) for value in point))
    assert covariance.degrees_of_freedom(series, one, 4) == pytest.approx(expected, rel=1e-6)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(st.integers(0, 10_000), st.booleans())
def test_degrees_of_freedom_of_many_points_are_those_of_their_mean(seed, own):
    """With weights, S is the weighted mean of the points' dense correlation matrices."""
    series, _ = problem(seed, own=own)
    points = Candidates(np.array([2.0, 64.0]), np.array([0.25, 0.5]), np.array([0.3, 2.0]))
    weight = np.array([0.7, 0.3])
    total = 0.0
    for index, share in enumerate(weight):
        one = points.at(index)
        cov = dense(series, *(float(v[0]) for v in (one.length_d, one.nugget, one.variance)))
        spread = np.sqrt(np.diag(cov))
        total += share * (cov / spread / spread[:, None]).sum()
    found = covariance.degrees_of_freedom(series, points, 4, weight)
    assert found == pytest.approx(max(8.0, min(36.0, 40**2 / total)), rel=1e-6)


@pytest.mark.parametrize("seed", range(4))
def test_a_fit_is_the_average_over_the_grid(seed, monkeypatch):
    """Coefficients and errors are those of the mixture of dense fits, each weighing its likelihood.

    The density of a point is taken over σ² by plain numerical integration, with odds of 1/σ².
    """
    monkeypatch.setattr(covariance, "LEAST_WEIGHT", 0.0)
    series, design = problem(seed, own=False)
    n, k = design.shape
    base, logs = covariance.grid(), np.linspace(np.log(1e-3), np.log(1e4), 4001)
    log_weight, betas, inner = [], [], []
    for length, nugget in zip(base.length_d, base.nugget, strict=True):
        beta, cov, dets, squares = dense_gls(series, design, dense(series, length, nugget, 1.0))
        scores = -0.5 * (dets + (n - k) * logs + squares * np.exp(-logs))
        log_weight.append(np.log(np.exp(scores - scores.max()).sum()) + scores.max())
        betas.append(beta)
        inner.append(cov * squares / (n - k))
    weight = np.exp(np.array(log_weight) - max(log_weight))
    weight /= weight.sum()
    mean = weight @ np.array(betas)
    spread = sum(
        w * (c + np.outer(b - mean, b - mean))
        for w, b, c in zip(weight, betas, inner, strict=True)
    )  # fmt: skip
    fit = fit_anew(series, design)
    assert fit.beta == pytest.approx(mean, rel=1e-5, abs=1e-7), f"seed {seed}"
    assert fit.covariance == pytest.approx(spread, rel=1e-5, abs=1e-7), f"seed {seed}"


def test_unlikely_points_change_next_to_nothing():
    """What is left out of the average moves no standard error by a hundredth."""
    for seed in range(4):
        series, design = problem(seed, own=False)
        fit = fit_anew(series, design)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(covariance, "LEAST_WEIGHT", 0.0)
            full = fit_anew(series, design)
        assert fit.se(1) == pytest.approx(full.se(1), rel=0.01), f"seed {seed}"


@pytest.mark.parametrize("seed", range(3))
def test_the_points_beat_the_grid(seed):
    """With own errors each point that matters is no less likely than on a fine grid of σ²."""
    series, design = problem(seed, n=60)
    found, height = covariance.likely(series, design)
    base, many = covariance.grid(), np.exp(np.linspace(np.log(0.002), np.log(4.0), 160))
    fine = Candidates(
        np.repeat(base.length_d, 160), np.repeat(base.nugget, 160), np.tile(many, 35)
    )  # fmt: skip
    reference = covariance.restricted_loglik(series, design, fine, profiled=False)
    reference = reference.reshape(35, 160).max(axis=1)
    matters = reference > reference.max() - covariance.MARGIN
    assert matters.sum() > 1
    assert (height[matters] >= reference[matters] - 5e-3).all(), f"seed {seed}"
    again = covariance.restricted_loglik(series, design, found, profiled=False)
    assert again == pytest.approx(height, abs=1e-8)
    best = covariance.choose(series, design)
    assert (best.length_d, best.nugget) == (
        found.length_d[[height.argmax()]], found.nugget[[height.argmax()]],
    )  # fmt: skip


def test_scale_of_the_values_is_the_scale_of_the_answer():
    """Values ten times as large give coefficients and errors ten times as large."""
    series, design = problem(1, own=False)
    large = Series(series.days, 10.0 * series.value, series.own_var)
    small_fit, large_fit = (covariance.fit_reml(s, design) for s in (series, large))
    assert large_fit.beta == pytest.approx(10.0 * small_fit.beta)
    assert large_fit.se(1) == pytest.approx(10.0 * small_fit.se(1))


def test_strong_correlation_is_recognised():
    """A slow process is told from white noise, and its slow covariate gets a wider interval."""
    rng = np.random.default_rng(5)
    days = np.arange(200.0) * 2
    slow = np.zeros(200)
    for t in range(1, 200):
        slow[t] = np.exp(-2 / 16) * slow[t - 1] + rng.normal(0, np.sqrt(1 - np.exp(-4 / 16)))
    design = np.column_stack([np.ones(200), np.sin(days / 40)])
    fits = [
        covariance.fit_reml(Series(days, y, np.zeros(200)), design)
        for y in (slow, rng.normal(size=200))
    ]
    assert fits[0].point.length_d[0] >= 8, "seed 5"
    assert fits[0].se(1) > 2 * fits[1].se(1), "seed 5"
    assert fits[0].df < fits[1].df


def test_two_runs_at_one_instant_are_no_trouble():
    """Values at the same moment keep the fit finite."""
    series, design = problem(6)
    same = Series(np.repeat(series.days[::2], 2), series.value, np.zeros(40))
    assert np.isfinite(covariance.fit_reml(same, design).se(1))


@pytest.mark.parametrize("own", [True, False])
def test_a_fit_near_another_is_the_fit_itself(own):
    """Over the points that a fit has found likely the same model gives the same numbers again."""
    series, design = problem(12, n=120, own=own)
    kept = np.array([0, 2, 3])
    whole, part = covariance.fit_beside.__wrapped__(series, design, kept)
    again, _ = covariance.fit_near(series, design, kept, whole.points)
    assert again.beta == pytest.approx(whole.beta, rel=1e-9)
    assert again.covariance == pytest.approx(whole.covariance, rel=1e-9)
    assert again.df == pytest.approx(whole.df, rel=1e-9)
    assert part.length_d in covariance.LENGTHS_D


@pytest.mark.parametrize("own", [True, False])
def test_one_column_more_is_told_over_the_points_of_the_rest(own):
    """A covariate that tells nothing moves a fit over others' points as it moves a fit anew."""
    series, design = problem(13, n=150, own=own)
    rest = covariance.fit_reml.__wrapped__(series, design[:, :-1])
    near, _ = covariance.fit_near(series, design, np.arange(design.shape[1]), rest.points)
    anew = fit_anew(series, design)
    step = np.abs(near.beta - anew.beta) / np.sqrt(np.diag(anew.covariance))
    assert step.max() < 0.1
    assert near.se(3) == pytest.approx(anew.se(3), rel=0.1)
