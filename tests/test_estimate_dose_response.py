"""The dose and the form run by run: the same fit as the answer, and a bend where there is one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from carryover.estimate.design import EXPOSURE
from carryover.estimate.dose_response import curve_p, dose_response
from check_worlds import answers, asked
from estimate_worlds import world

PLANNED = {"weeks": 104, "blocks": (8, 8)}


def told(made):
    """Return the primary row of a made athlete with its points and groups as frames."""
    row = answers(made).filter(pl.col("role") == "primary").row(0, named=True)
    return row, pl.DataFrame(row["points"]), pl.DataFrame(row["dose_groups"])


def test_points_come_from_the_published_answer():
    """Every run once; the line has the published slope; it goes through the middle of its runs."""
    row, points, _ = told(world(1, beta=1.0, **PLANNED))
    assert points.height == row["n_runs"] == points["run_id"].n_unique()
    x, line = points["dose"].to_numpy(), points["fitted"].to_numpy()
    assert np.polyfit(x, line, 1)[0] == pytest.approx(row["effect"])
    assert (points["fitted_low"] < points["fitted"]).all()
    assert (points["fitted"] < points["fitted_high"]).all()
    residual = (points["partial_residual"] - points["fitted"]).to_numpy()
    assert abs(residual.mean()) < 0.2 * residual.std()


def test_without_covariates_to_take_out_nothing_is_taken_out():
    """What the model leaves over a run is the same, whether its value or its partial residual."""
    question = asked(world(2, beta=0.5, **PLANNED)).question
    fitted = question.fitted
    points = pl.DataFrame(dose_response(question)["points"])
    own = fitted.design.columns[:, EXPOSURE + 1 :] @ fitted.fit.beta[EXPOSURE + 1 :]
    taken = (points["value"] - points["partial_residual"]).to_numpy()
    assert taken == pytest.approx(own)


def test_groups_are_means_of_their_runs_in_order_of_dose():
    """Five groups of about as many runs each, in rising dose, each mean inside its interval."""
    row, points, groups = told(world(3, beta=1.0, **PLANNED))
    assert groups.height == 5
    assert groups["n_runs"].sum() == row["n_runs"]
    assert groups["dose"].is_sorted()
    assert (groups["dose_low"] <= groups["dose"]).all()
    assert (groups["dose"] <= groups["dose_high"]).all()
    first = groups.row(0, named=True)
    mine = points.filter(pl.col("dose") <= first["dose_high"])
    assert mine["partial_residual"].mean() == pytest.approx(first["value"])
    assert (groups["ci_low"] < groups["value"]).all()
    assert (groups["value"] < groups["ci_high"]).all()


def test_a_run_with_a_large_error_of_its_own_weighs_less():
    """Of two drifts the one with the larger standard error weighs less; 1 is the most."""
    made = world(
        4, metric="stance_time_ms", outcome="decay", level=8.0, sd=4.0, share=0.6, **PLANNED
    )
    own = made.outcomes.with_columns(se=pl.Series(np.linspace(0.5, 4.0, made.outcomes.height)))
    question = asked(replace(made, outcomes=own)).question
    weight = pl.DataFrame(dose_response(question)["points"])["weight"].to_numpy()
    order = np.argsort(question.frame["se"].to_numpy())
    assert weight.max() == pytest.approx(1.0)
    assert (np.diff(weight[order]) < 0).all()


def test_a_bend_is_seen_where_there_is_one_and_seldom_else():
    """A steep bend is found in most athletes; a straight line is called bent about 1 in 20."""
    bent, straight = [], []
    for seed in range(24):
        made = world(seed, beta=1.0, **PLANNED)
        straight.append(curve_p(asked(made).question.fitted))
        question = asked(made).question
        x = question.fitted.design.columns[:, EXPOSURE]
        moved = pl.DataFrame({"run_id": question.frame["run_id"], "by": 8.0 * (x - x.mean()) ** 2})
        outcomes = made.outcomes.join(moved, on="run_id", how="left", maintain_order="left")
        y = pl.col("y") + pl.col("by").fill_null(0.0)
        curved = replace(made, outcomes=outcomes.with_columns(y=y).drop("by"))
        bent.append(curve_p(asked(curved).question.fitted))
    assert np.mean(np.array(straight) < 0.05) <= 0.17
    assert np.mean(np.array(bent) < 0.05) >= 0.8


def test_too_little_to_fit_has_no_points():
    """Without a fit there is nothing to draw, and nothing is made up."""
    made = world(5, weeks=3)
    row = answers(made).filter(pl.col("role") == "primary").row(0, named=True)
    assert row["points"] is None
    assert row["dose_groups"] is None
    assert row["p_curve"] is None
