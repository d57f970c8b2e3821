"""What is held is what would be worked out: by content, and no more than so much of it."""

from __future__ import annotations

import numpy as np
import polars as pl

from carryover.estimate import covariance, memo
from carryover.estimate.design import COVARIATES, design_of
from carryover.estimate.memo import by_content


def test_equal_arrays_are_worked_out_once_and_others_by_themselves():
    """A result is held by the values, shape and kind of its arrays, not by who holds them."""
    seen = []

    @by_content(lambda values: (values,))
    def total(values):
        seen.append(values)
        return float(values.sum())

    ones = np.ones(6)
    for asked in (ones, ones.copy(), ones.reshape(2, 3), ones.astype(np.int64), ones * 2):
        assert total(asked) == asked.sum()
    assert len(seen) == 4


def test_the_oldest_are_let_go():
    """However many questions come, only the latest are held."""
    seen = []

    @by_content(lambda values: (values,))
    def first(values):
        seen.append(values)
        return values[0]

    for number in [*range(memo.MOST + 1), memo.MOST, 0]:
        assert first(np.array([number])) == number
    assert len(seen) == memo.MOST + 2


def test_a_fit_asked_twice_is_the_same_fit():
    """The second look at the same runs has the first one's numbers."""
    rng = np.random.default_rng(8)
    days = np.sort(rng.uniform(0.0, 200.0, 60))
    series = covariance.Series(days, rng.normal(size=60), np.zeros(60))
    design = np.column_stack([np.ones(60), rng.normal(size=60)])
    first = covariance.fit_reml(series, design)
    assert covariance.fit_reml(series, design.copy()) is first
    moved = covariance.Series(days, series.value + 1.0, series.own_var)
    assert covariance.fit_reml(moved, design) is not first


def test_a_design_depends_on_every_column_that_goes_into_it():
    """A panel with any other number, sensor or beside dose has another design; an equal one not."""
    rng = np.random.default_rng(3)
    names = ("x", *COVARIATES, "beside_drills")
    panel = pl.DataFrame({name: rng.normal(size=60) for name in names}).with_columns(
        sensor_epoch=pl.Series(["pod"] * 40 + ["watch"] * 20)
    )
    days = np.arange(60.0)
    first = design_of(panel, days)
    assert design_of(panel.clone(), days.copy()) is first
    others = [panel.with_columns(pl.col(name) + 0.5 * pl.col(name).abs()) for name in names]
    others.append(panel.with_columns(sensor_epoch=pl.Series(["pod"] * 30 + ["watch"] * 30)))
    others.append(panel.rename({"beside_drills": "beside_strides"}))
    assert all(design_of(other, days) is not first for other in others)
    assert design_of(panel, days + days**2) is not first
    assert design_of(panel, days, within_run=True) is not first
