"""Whitening, the search of σ² and turned calendars, each against plain dense arithmetic."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.estimate import covariance, dose, markov, panel, peaks, question, shift
from carryover.estimate.covariance import Candidates, Series
from estimate_worlds import world

GAPS = st.lists(st.sampled_from([0.0, 0.02, 0.5, 1.0, 2.0, 9.0, 200.0]), min_size=8, max_size=59)
POINTS = st.tuples(
    st.sampled_from(list(covariance.LENGTHS_D)),
    st.sampled_from(list(covariance.NUGGETS)),
    st.floats(0.05, 5.0),
)


def dense(series, point):
    """Return V; values at one instant are a minute apart, as the model has it."""
    at = np.r_[0.0, np.cumsum(np.maximum(np.diff(series.days), covariance.MIN_GAP_D))]
    length, nugget, variance = (float(v[0]) for v in (point.length_d, point.nugget, point.variance))
    smooth = (1.0 - nugget) * np.exp(-np.abs(at[:, None] - at) / length)
    return variance * (smooth + nugget * np.eye(at.size)) + np.diag(series.own_var)


def one(point):
    return Candidates(*(np.array([value]) for value in point))


@settings(max_examples=60)
@given(GAPS, POINTS, st.integers(0, 10_000), st.sampled_from(["none", "some", "all"]))
def test_the_likelihood_and_the_fit_are_the_dense_ones(gaps, point, seed, own):
    """Whatever the gaps, also none, and the own errors: likelihood, β and its errors are exact."""
    rng = np.random.default_rng(seed)
    n, at = len(gaps) + 1, one(point)
    errors = (
        rng.uniform(0.01, 2.0, n) ** 2 * {"none": 0, "some": rng.random(n) < 0.5, "all": 1}[own]
    )
    series = Series(np.r_[0.0, np.cumsum(gaps)], rng.normal(size=n), errors)
    design = np.column_stack([np.ones(n), rng.normal(size=(n, 2))])
    v = dense(series, at)
    white = np.linalg.solve(np.linalg.cholesky(v), np.column_stack([series.value, design]))
    gram = white[:, 1:].T @ white[:, 1:]
    beta = np.linalg.solve(gram, white[:, 1:].T @ white[:, 0])
    rest = white[:, 0] - white[:, 1:] @ beta
    dets = np.linalg.slogdet(v)[1] + np.linalg.slogdet(gram)[1]
    found = covariance.restricted_loglik(series, design, at, profiled=False)[0]
    assert found == pytest.approx(-0.5 * (dets + rest @ rest), rel=1e-8, abs=1e-7)
    fit = covariance.fit_at(series, design, at)
    spread = np.linalg.inv(gram) * (1.0 if series.has_own else rest @ rest / (n - 3))
    assert fit.beta == pytest.approx(beta, rel=1e-7, abs=1e-8)
    assert fit.covariance == pytest.approx(spread, rel=1e-7, abs=1e-10)


@settings(max_examples=30)
@given(GAPS, POINTS, st.integers(0, 10_000))
def test_whitened_unit_columns_square_to_the_inverse(gaps, point, seed):
    """What `whitened` gives is a V^{−½}: of the unit columns, WᵀW is V⁻¹."""
    n = len(gaps) + 1
    own = np.random.default_rng(seed).uniform(0.0, 2.0, n)
    series = Series(np.r_[0.0, np.cumsum(gaps)], np.zeros(n), own)
    white = covariance.whitened(series, np.eye(n), one(point))
    assert white.T @ white @ dense(series, one(point)) == pytest.approx(np.eye(n), abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from([0.0, 0.02, 1.0, 9.0, 200.0]), min_size=2, max_size=160),
    st.lists(POINTS, min_size=1, max_size=4),
    st.integers(0, 10_000),
    st.sampled_from([0.0, 1e-6, 0.5, 1e3]),
    st.sampled_from([1, 300, 6_000]),
)
def test_products_of_whitened_columns_are_the_dense_ones(gaps, points, seed, own, step):
    """XᵀV⁻¹X and log|V| of all points are dense algebra's, whatever the segments: also for runs at
    one instant, without white noise, and with own errors far below or above the rest."""
    rng = np.random.default_rng(seed)
    days = np.cumsum(gaps)
    series = Series(days, rng.normal(size=days.size), (own * rng.uniform(0.1, 1.0, days.size)) ** 2)
    design = np.column_stack([np.ones(days.size), rng.normal(size=days.size)])
    many = Candidates(*(np.array(values) for values in zip(*points, strict=True)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(markov, "STEP", step)
        root = markov.root(
            covariance._gaps(days), many.length_d, many.variance * (1.0 - many.nugget),
            (many.variance * many.nugget)[:, None] + series.own_var,
        )  # fmt: skip
        grams = root.grams(design)
    for place in range(len(points)):
        matrix = dense(series, many.at(place))
        half = np.linalg.solve(np.linalg.cholesky(matrix), design)
        size = np.sqrt(np.diag(half.T @ half))
        assert grams[place] / np.outer(size, size) == pytest.approx(
            half.T @ half / np.outer(size, size), abs=1e-8
        )
        assert root.log_det[place] == pytest.approx(np.linalg.slogdet(matrix)[1], abs=1e-7)


def test_many_points_at_once_are_each_point_alone(monkeypatch):
    """How many points are whitened together changes nothing."""
    rng = np.random.default_rng(1)
    series = Series(np.arange(30.0), rng.normal(size=30), rng.uniform(0.1, 1.0, 30))
    design = np.column_stack([np.ones(30), np.arange(30.0)])
    at_once = covariance.restricted_loglik(series, design, covariance.grid(), profiled=False)
    monkeypatch.setattr(covariance, "CHUNK", 1)
    alone = covariance.restricted_loglik(series, design, covariance.grid(), profiled=False)
    assert at_once == pytest.approx(alone, rel=1e-12)


@settings(max_examples=40)
@given(st.integers(0, 10_000))
def test_the_highest_peak_is_found(seed):
    """Of many skewed curves the highest peak is found as well as by a thousand looks at each."""
    rng = np.random.default_rng(seed)
    centre, size, skew = (rng.uniform(*ends, 12) for ends in ((1.0, 9.0), (3.0, 400.0), (0.1, 0.4)))
    top = rng.normal(0.0, 5.0, 12)
    looks = []

    def curves(index, places):
        looks.extend(places)
        off = skew[index] * (places - centre[index])
        return top[index] - size[index] * (off + np.exp(-off) - 1.0)

    ((places, heights),) = peaks.peaks(
        lambda index, at: curves(index, at)[None], 12, np.linspace(0.0, 10.0, 7), margins=(1.0,)
    )
    best = int(np.argmax(heights))
    assert best == np.argmax(top)
    assert places[best] == pytest.approx(centre[best], abs=0.02)
    near = top > top.max() - 1.0
    assert heights[near] == pytest.approx(top[near], abs=0.01)
    assert len(looks) < 12 * 20


def test_a_peak_at_an_end_is_that_end():
    """A curve that only rises has its peak where the search ends."""
    ((places, heights),) = peaks.peaks(
        lambda _, x: x[None], 1, np.linspace(-3.0, 2.0, 5), margins=(1.0,)
    )
    assert (places, heights) == (2.0, 2.0)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from([7.0, 28.0, 42.0]), st.integers(60, 400))
def test_a_turned_calendar_s_exposure_is_built_anew(seed, tau_d, days):
    """X of a calendar that is turned by k days is X of the calendar with its days moved."""
    rng = np.random.default_rng(seed)
    doses = np.where(rng.random(days) < 0.3, rng.uniform(-1.0, 2.0, days), 0.0)
    shifts, at = np.array([0, 1, 28, days - 28, days - 1]), rng.integers(0, days, 30)
    expected = np.column_stack([dose.chronic(np.roll(doses, k), tau_d)[at] for k in shifts])
    assert dose.chronic_turned(doses, tau_d, at, shifts) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("own", [False, True])
def test_partial_t_of_a_rotation_is_that_of_dense_least_squares(own):
    """The shift check's t of each turned calendar is the t of GLS with the dense matrix."""
    made = world(4, weeks=40)
    log = panel.log_of(made.runs, made.sessions, past_is_empty=True)
    frame = made.outcomes.join(panel.exposed(log, 28.0), on="run_id").sort("started_at")
    if own:
        frame = frame.with_columns(se=0.3 + 0.1 * (frame["y"] - frame["y"].floor()))
    asked = question.ask(log, ("cadence_spm", "level"), frame, tau_d=28.0)
    found, fitted = shift.shifted(asked), asked.fitted
    root = np.linalg.cholesky(dense(fitted.series, fitted.null))
    for turn, k in [(0, 28), (40, 68)]:
        columns = fitted.design.columns.copy()
        columns[:, 1] = dose.chronic(np.roll(log.doses, k), 28.0)[frame["day"].to_numpy()]
        columns[:, fitted.design.acute] = _acute_moved(log, frame, k)
        white = np.linalg.solve(root, np.column_stack([fitted.series.value, columns]))
        y, x = white[:, 0], white[:, 1:]
        beta = np.linalg.lstsq(x, y, rcond=None)[0]
        scale = ((y - x @ beta) ** 2).sum() / (y.size - x.shape[1])
        t = beta[1] / np.sqrt(scale * np.linalg.inv(x.T @ x)[1, 1])
        assert found.moved[turn] == pytest.approx(t, rel=1e-6)


def _acute_moved(log, frame, k):
    """Return the dose of the 48 h before each run, every session k days later, run by run."""
    hours = log.doses.size * 24
    zero = np.datetime64(log.first, "us")

    def since(column):
        times = column.dt.epoch("us").to_numpy().astype("datetime64[us]")
        return (times - zero) / np.timedelta64(1, "h")

    held = (since(log.sessions["started_at"]) + 24 * k) % hours
    doses = log.sessions["dose"].to_numpy()
    return [doses[(t - held > 0) & (t - held <= 48)].sum() for t in since(frame["started_at"])]


def test_what_a_log_keeps_serves_every_outcome():
    """The turned acute doses, made once a log, are the same for a part of its runs."""
    made = world(5, weeks=40)
    log = panel.log_of(made.runs, made.sessions, past_is_empty=True)
    frame = made.outcomes.join(panel.exposed(log, 28.0), on="run_id").sort("started_at")
    part = frame.gather_every(3, offset=1)
    after = [shift.shifted(question.ask(log, ("cadence_spm", "level"), f, tau_d=28.0))
             for f in (frame, part)][1]  # fmt: skip
    alone = panel.log_of(made.runs, made.sessions, past_is_empty=True)
    anew = shift.shifted(question.ask(alone, ("cadence_spm", "level"), part, tau_d=28.0))
    assert after.moved == pytest.approx(anew.moved, rel=1e-12)


@pytest.mark.parametrize("weeks", [8, 20, 53, 104, 350, 1000])
def test_calendars_are_turned_by_all_days_of_the_week(weeks):
    """All rotations of a short log, some hundreds of a long one, never whole weeks apart."""
    days = 7 * weeks
    log = panel.Log("strength", pl.DataFrame(), pl.DataFrame(), date(2020, 1, 1),
                    np.zeros(days), None, past_is_empty=True)  # fmt: skip
    found = shift.rotations(log)
    assert found[0] == shift.LEAST_SHIFT_D
    assert days - 2 * shift.LEAST_SHIFT_D - 12 < found[-1] - found[0] <= days - 56 or weeks == 8
    assert found.size <= shift.MOST_SHIFTS + 1
    if found.size > 1:
        assert len(np.unique(found % 7)) == min(7, found.size)
        assert np.diff(found).max() * 7 <= 140
