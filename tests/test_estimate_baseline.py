"""Slopes of pace and grade: recovered, robust, exact without a run, honest when thin."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from carryover import columns
from carryover.estimate import slopes
from carryover.estimate.baseline import baseline_rows, fit_baseline
from carryover.estimate.effect import bin_effect
from estimate_worlds import DOWN_SLOPE, SPEED_SLOPE, UP_SLOPE, bins_of, steady_bins

REFERENCE = pl.DataFrame({"athlete_id": ["a"], "reference_speed_mps": [3.0]})


def only_row(bins):
    return fit_baseline(bins).row(0, named=True)


def only_fit(bins):
    [(_, run_ids, rows)] = baseline_rows(bins)
    return run_ids, slopes.fit_slopes(rows)


def test_planted_slopes_come_back():
    """Over simulated runners without drift the mean slope is within its Monte-Carlo error."""
    seeds = range(20)
    rows = [only_row(bins_of(seed, drift=0.0, n_runs=25)[0]) for seed in seeds]
    for name, planted in (
        ("speed_slope", SPEED_SLOPE), ("up_slope", UP_SLOPE), ("down_slope", DOWN_SLOPE),
        ("hours_slope", 0.0),
    ):  # fmt: skip
        found = np.array([row[name] for row in rows])
        error = abs(found.mean() - planted)
        bound = 3.5 * found.std(ddof=1) / np.sqrt(len(found))
        assert error < bound, f"{name}: off by {error:.3f}, bound {bound:.3f}, seeds {seeds}"


def test_spreads_come_back():
    """residual_sd is the bins' SD about their run, run_sd the SD of the runs' levels."""
    row = only_row(bins_of(3, drift=0.0, n_runs=120, bin_sd=4.0, run_sd=6.0, correlation=0.0)[0])
    assert row["residual_sd"] == pytest.approx(4.0, rel=0.1), "seed 3"
    assert row["run_sd"] == pytest.approx(6.0, rel=0.25), "seed 3"


def test_outliers_hardly_move_the_slope():
    """One bin in twenty off by 80 ms moves the pace slope by less than 2 ms per m/s."""
    bins = bins_of(4, drift=0.0)[0]
    wild = pl.Series(np.random.default_rng(4).random(bins.height) < 0.05)
    spoilt = bins.with_columns(value=pl.col("value") + 80.0 * wild.cast(pl.Float64))
    moved = only_row(spoilt)["speed_slope"] - only_row(bins)["speed_slope"]
    assert abs(moved) < 2.0, f"moved by {moved:.2f}, seed 4"


def test_leaving_a_run_out_equals_fitting_without_it():
    """The downdated effects are those of weighted least squares on all other runs' rows."""
    _, fit = only_fit(bins_of(5, n_runs=12)[0])
    without, reasons = slopes.effects_without_each_run(replace(fit, split=None))
    assert not any(reasons)
    for run in range(fit.rows.n_runs):
        rest = fit.rows.run != run
        root = np.sqrt(fit.weights[rest])
        beta = np.linalg.lstsq(root[:, None] * fit.design[rest], root * fit.target[rest])[0]
        by_hand = (fit.folds @ beta)[: fit.effects.size]
        assert without[run] == pytest.approx(by_hand, rel=1e-8, abs=1e-8), f"run {run}"


def test_huber_weights_are_used():
    """Weights fall below 1 for far bins, and an ordinary bin has the weight 1."""
    _, fit = only_fit(bins_of(6)[0])
    assert fit.weights.min() < 1.0 == fit.weights.max()


def test_a_run_that_alone_carries_the_hills_has_a_reason():
    """Where the rest cannot tell the effect of hills, the full fit does not stand in."""
    bins = bins_of(7, n_runs=10)[0].with_columns(
        grade_pct=pl.when(pl.col("run_id") == "run0003").then(pl.col("grade_pct")).otherwise(0.0)
    )
    run_ids, fit = only_fit(bins)
    without, reasons = slopes.effects_without_each_run(fit)
    at = run_ids.index("run0003")
    assert "hills" in reasons[at]
    assert np.isnan(without[at]).all()
    assert sum(bool(r) for r in reasons) == 1
    effects = bin_effect(bins, fit_baseline(bins), REFERENCE)
    own = effects.filter(pl.col("run_id") == "run0003")
    assert own["effect"].null_count() == 0
    assert own["effect_without"].null_count() == own.height
    assert set(own["reason_without"]) == {reasons[at]}


def test_errors_of_speed_do_not_flatten_the_slope():
    """Half the variance of a bin's speed may be error: of −28 ms per m/s at most 5 are lost.

    The slope of quick changes shows what a regression on the recorded speed would find.
    """
    rows = [only_row(steady_bins(seed, speed_error_mps=0.10)) for seed in range(8)]
    slope = np.mean([row["speed_slope"] for row in rows])
    quick = np.mean([row["quick_slope"] for row in rows])
    assert abs(slope - SPEED_SLOPE) < 5.0, f"{slope:.1f}, seeds 0–7"
    assert abs(quick) < 0.75 * abs(SPEED_SLOPE), f"{quick:.1f}, seeds 0–7"
    assert all(row["reliability"] < 0.85 for row in rows)


def test_a_speed_without_error_is_used_as_it_is():
    """Without errors of speed the slope is as sure as that of plain regression."""
    found = [only_row(steady_bins(seed, speed_error_mps=0.0))["speed_slope"] for seed in range(8)]
    assert np.mean(found) == pytest.approx(SPEED_SLOPE, abs=2.0), "seeds 0–7"
    assert np.std(found) < 2.5, "seeds 0–7"


def test_a_bent_pace_effect_is_found():
    """A planted bend of 8 ms per (m/s)² is seen at slow and at fast paces within 1.5 ms."""
    bins = steady_bins(31, speed_error_mps=0.0, n_runs=120, run_pace_mps=0.3, bend=8.0)
    fit = only_row(bins)
    assert len(fit["knots"]) == 4
    paces = np.array([2.6, 3.0, 3.4])
    terms = slopes.effect_terms(paces, np.zeros(3), np.array(fit["knots"]))
    effect = terms @ np.array(fit["effects"])
    planted = SPEED_SLOPE * (paces - 3.0) + 8.0 * (paces - 3.0) ** 2
    assert effect - effect[1] == pytest.approx(planted, abs=1.5), "seed 31"


def test_the_effect_is_nothing_at_reference_speed_on_the_level():
    """A level bin at reference speed is not moved; a null grade counts as level."""
    bins = bins_of(32)[0]
    at = bins.with_columns(speed_mps=pl.lit(3.0), grade_pct=pl.lit(None, pl.Float64))
    effects = bin_effect(at, fit_baseline(bins), REFERENCE)
    assert effects["effect"].abs().max() < 1e-9


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            (pl.col("bin_index") < 10) & (pl.col("run_id") <= "run0004"),
            "steady two-minute stretches",
        ),
        (pl.col("run_id") <= "run0001", "2 runs"),
    ],
)
def test_too_little_is_said_in_plain_words(change, said):
    """Few bins or few runs: unusable, null slopes and the count in the reason."""
    row = only_row(bins_of(8, minutes=80.0)[0].filter(change))
    assert row["usable"] is False
    assert row["speed_slope"] is None
    assert said in row["reason"]


def test_one_pace_gives_no_slope():
    """A runner who only knows one pace gets a reason, not a slope of 0."""
    row = only_row(bins_of(9)[0].with_columns(speed_mps=pl.lit(3.0)))
    assert not row["usable"]
    assert "pace hardly varies" in row["reason"]


@pytest.mark.parametrize(
    "spoil",
    [
        pl.lit(None, pl.Float64).alias("grade_pct"),
        pl.lit(0.0).alias("grade_pct"),
        pl.lit(250.0).alias("value"),
        (300.0 - 20.0 * pl.col("speed_mps")).alias("value"),
        pl.lit(700.0).alias("mid_moving_s"),
    ],
    ids=["no grade", "level", "constant value", "exact line", "one moment"],
)
def test_degenerate_designs_do_not_raise(spoil):
    """Flat ground, a frozen value or a perfect line still give finite numbers."""
    row = only_row(bins_of(10)[0].with_columns(spoil))
    assert row["usable"]
    assert np.isfinite([row["speed_slope"], row["up_slope"], row["residual_sd"]]).all()


def test_unknown_grade_counts_as_level():
    """A treadmill's null grade is taken as 0: no term, slope 0."""
    row = only_row(bins_of(11)[0].with_columns(grade_pct=pl.lit(None, pl.Float64)))
    assert row["up_slope"] == row["down_slope"] == 0.0


def test_groups_do_not_mix():
    """Athlete, sensor epoch and metric each get a baseline of their own bins."""
    bins = bins_of(12)[0]
    other = bins.with_columns(sensor_epoch=pl.lit("wrist"), value=500.0 - pl.col("value"))
    both = fit_baseline(pl.concat([bins, other]))
    assert both.height == 2
    assert both["speed_slope"].to_list() == pytest.approx(
        [only_row(bins)["speed_slope"], -only_row(bins)["speed_slope"]]
    )


def test_nothing_in_nothing_out():
    """No bins give an empty frame of the right shape."""
    assert fit_baseline(columns.empty(columns.BIN)).schema == pl.Schema(columns.BASELINE)
    assert list(baseline_rows(columns.empty(columns.BIN))) == []
