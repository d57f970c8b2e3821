"""Form over the run: laws of tenths, of the usual pattern, of onsets; calibration with seeds."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover import columns
from carryover.estimate import run_frames, windows
from carryover.estimate.baseline import BIN_S, fit_baseline
from carryover.estimate.broken_stick import MIN_BINS, bend, knots, stick
from carryover.estimate.decay import form_decay
from carryover.estimate.decoupling import BEATS, RATIO
from carryover.estimate.distance import distance_at
from carryover.estimate.effect import bin_effect
from carryover.estimate.onset import ALPHA, CANNOT, NONE_SEEN, SOMEWHERE, STEADY
from carryover.estimate.pattern import tenth_weights
from carryover.estimate.wander import correlation, fit_wander, grid, loglik
from drift_worlds import REFERENCE, drifting, told, true_effects

NUMBERS = ("change_adj", "se", "ci_low", "ci_high")


@pytest.fixture(scope="module")
def usual():
    return drifting(31, wander="AR .3", rise=8.0, n_runs=12)


@pytest.fixture(scope="module")
def plain(usual):
    return told(*usual)


def same(one, other, names, *, sign=1.0):
    for name in names:
        got, want = one[name].to_numpy(), sign * other[name].to_numpy()
        assert got == pytest.approx(want, abs=1e-6, nan_ok=True), name


def effects_of(bins):
    return bin_effect(bins, fit_baseline(bins), REFERENCE)


def in_run(run_id):
    return pl.col("run_id") == run_id


def test_a_constant_more_changes_nothing(usual, plain):
    """Adding a constant to all values leaves tenths, usual pattern, onsets and their p as are."""
    bins, runs = usual
    moved = told(bins.with_columns(value=pl.col("value") + 37.0), runs)
    same(moved.pattern, plain.pattern, NUMBERS)
    same(moved.usual, plain.usual, (*NUMBERS, "usual_low", "usual_high"))
    same(moved.onset, plain.onset, ("onset_moving_s", "onset_p", "after_per_hour"))
    assert moved.onset["pattern"].to_list() == plain.onset["pattern"].to_list()


def test_mirrored_values_mirror(usual, plain):
    """Negated values negate changes and swap the ends; where a change begins stays."""
    bins, runs = usual
    turned = told(bins.with_columns(value=-pl.col("value")), runs)
    same(turned.pattern, plain.pattern, ("value", "change_adj"), sign=-1.0)
    same(turned.pattern, plain.pattern.rename({"ci_low": "x", "ci_high": "ci_low"}), ("ci_low",),
         sign=-1.0)  # fmt: skip
    same(turned.onset, plain.onset, ("onset_moving_s", "onset_ci_low_s", "onset_p"))
    same(turned.onset, plain.onset, ("after_per_hour",), sign=-1.0)


def test_the_unit_changes_nothing_but_the_unit(usual, plain):
    """Values in another unit give changes in that unit and the same p."""
    bins, runs = usual
    scaled = told(bins.with_columns(value=pl.col("value") / 1000.0), runs)
    same(scaled.pattern, plain.pattern, NUMBERS, sign=0.001)
    same(scaled.onset, plain.onset, ("onset_p", "onset_moving_s"))


def test_early_residuals_average_to_zero(usual, plain):
    """The changes of the bins of the early window, by valid seconds, average to 0 in every run."""
    early = plain.residual.filter("early")
    level = early.group_by("run_id").agg(
        m=(pl.col("residual") * pl.col("valid_s")).sum() / pl.col("valid_s").sum()
    )
    whole = plain.residual.join(level, on="run_id").with_columns(c=pl.col("residual") - pl.col("m"))
    for part in whole.partition_by("run_id"):
        weights = tenth_weights(
            part["bin_index"].to_numpy(), part["valid_s"].to_numpy(), part["run_moving_s"][0]
        )
        found = plain.pattern.filter(in_run(part["run_id"][0]))["change_adj"].to_numpy()
        known = ~np.isnan(found)
        assert found[known] == pytest.approx((weights @ part["c"].to_numpy())[known], abs=1e-6)


def test_tenths_agree_with_late_run_drift():
    """A step between the windows is the same number as late-run drift and as each late tenth."""
    bins, runs = drifting(32, n_runs=12, sd=0.0)
    middle = pl.col("mid_moving_s") > 0.5 * pl.col("mid_moving_s").max().over("run_id")
    stepped = bins.with_columns(value=pl.col("value") + 5.0 * middle.cast(pl.Float64))
    found = told(stepped, runs, effects=true_effects(bins))
    late = found.pattern.filter(pl.col("tenth") >= 8)["change_adj"].drop_nulls().to_numpy()
    assert late == pytest.approx(np.full(late.size, 5.0), abs=1e-6)
    assert found.decay["change_adj"].mean() == pytest.approx(5.0, abs=1.0)


def test_a_planted_ramp_comes_back():
    """Without noise a ramp from 60 % on is found at 60 % in every run, with its slope."""
    bins, runs = drifting(33, n_runs=12, rise=0.0, sd=0.0)
    share = pl.col("mid_moving_s") / pl.col("moving_s")
    ramped = bins.join(runs.select("run_id", "moving_s"), on="run_id").with_columns(
        value=pl.col("value") + 10.0 * ((share - 0.6) / 0.4).clip(lower_bound=0.0)
    )
    rng = np.random.default_rng(33)
    shaken = ramped.with_columns(value=pl.col("value") + rng.normal(0.0, 0.05, ramped.height))
    found = told(columns.shaped(shaken, columns.BIN), runs, effects=true_effects(bins)).onset
    rows = found.join(runs, on="run_id").filter(pl.col("pattern") != CANNOT)
    assert rows.height >= 10
    off = (rows["onset_moving_s"] - 0.6 * rows["moving_s"]).abs()
    assert off.max() <= BIN_S, "seed 33"
    assert rows["pattern"].str.starts_with("from about").all()
    slope = 10.0 / (0.4 * rows["moving_s"] / 3600.0)
    assert (rows["after_per_hour"] / slope).to_numpy() == pytest.approx(1.0, abs=0.1)
    metres = rows["onset_moving_s"] * 3.0
    assert (rows["onset_distance_m"] / metres).to_numpy() == pytest.approx(1.0, abs=0.06)


def test_a_straight_line_is_steady_from_the_start():
    """A strong drift that began with the run is never given a place late in it."""
    bins, runs = drifting(34, n_runs=20, rise=60.0, onset=0.0)
    words = told(bins, runs).onset.filter(pl.col("pattern") != CANNOT)["pattern"]
    assert (words == STEADY).mean() > 0.7, words.value_counts().rows()
    assert NONE_SEEN not in words.to_list()


def test_no_drift_shows_none_in_95_of_100():
    """Of 520 unchanged runs at most 7 % show a change (.04 planned, 3 standard errors of it)."""
    seen, n = 0, 0
    for seed in range(13):
        rows = told(*drifting(400 + seed, wander="AR .3")).onset.filter(pl.col("pattern") != CANNOT)
        seen, n = seen + (rows["onset_p"] < ALPHA).sum(), n + rows.height
    assert n > 450
    assert seen / n <= 0.04 + 3 * np.sqrt(0.04 * 0.96 / n), f"{seen} of {n}, seeds 400 to 412"


def test_bands_and_intervals_hold_the_truth():
    """Tenths' bands hold the planted ramp, onset intervals its start, in about 95 %."""
    inside, placed = [], []
    for seed in range(8):
        bins, runs = drifting(430 + seed, wander="AR .3", rise=12.0, onset=0.6)
        found = told(bins, runs)
        rows = found.pattern.drop_nulls("se")
        share = (rows["tenth"] - 0.5) / 10
        truth = 12.0 * ((share - 0.6) / 0.4).clip(lower_bound=0.0)
        inside += ((rows["ci_low"] <= truth) & (rows["ci_high"] >= truth)).to_list()
        hit = found.onset.drop_nulls("onset_p").filter(pl.col("onset_p") < ALPHA)
        at = 0.6 * hit.join(runs, on="run_id", maintain_order="left")["moving_s"]
        placed += (
            (hit["onset_ci_low_s"] <= at + 60.0) & (hit["onset_ci_high_s"] >= at - 60.0)
        ).to_list()
    assert 0.92 <= np.mean(inside) <= 0.98, f"{np.mean(inside):.3f} of {len(inside)}, seeds 430–437"
    assert 0.91 <= np.mean(placed) <= 0.995, f"{np.mean(placed):.3f} of {len(placed)}"


def test_each_night_draws_the_same(usual, plain):
    """The simulated null has a fixed seed: twice the same night gives the same p."""
    assert told(*usual).onset.equals(plain.onset)


def test_a_run_that_cannot_be_judged_says_why():
    """A short run has its reason, no change in any tenth, but its values as recorded."""
    bins, runs = drifting(35, n_runs=12)
    runs = runs.with_columns(moving_s=pl.when(in_run("run0003")).then(2400.0).otherwise("moving_s"))
    found = told(bins, runs)
    [row] = found.onset.filter(in_run("run0003")).rows(named=True)
    assert (row["pattern"], row["reason"]) == (CANNOT, "40 min moving; 50 are needed")
    assert row["onset_moving_s"] is None
    tenths = found.pattern.filter(in_run("run0003"))
    assert tenths["change_adj"].null_count() == tenths.height == 10
    assert tenths["value"].null_count() == 0


def test_a_tenth_with_little_is_null(usual):
    """A tenth that is valid for less than half has no numbers, and its seconds say so."""
    bins, runs = usual
    moving = runs.filter(in_run("run0002"))["moving_s"][0]
    gone = in_run("run0002") & pl.col("mid_moving_s").is_between(0.5 * moving, 0.6 * moving)
    found = told(bins.filter(~gone), runs).pattern.filter(in_run("run0002"))
    row = found.filter(pl.col("tenth") == 6).row(0, named=True)
    assert row["valid_s"] < 0.05 * moving
    assert [row[name] for name in ("value", *NUMBERS)] == [None] * 5
    rest = found.filter(~pl.col("tenth").is_in([6]))
    assert rest["change_adj"].null_count() == 0


def test_few_stretches_are_no_pattern():
    """With fewer than 16 bins there is no place to look at; with 16 there is."""
    assert knots(np.arange(MIN_BINS - 1)).size == 0
    assert knots(np.arange(MIN_BINS)).tolist() == [0.0, *range(4, 13)]


def test_a_metric_made_by_formula_has_no_onset_of_its_own(usual):
    """Duty factor follows contact time: its drift is shown, its onset would count that twice."""
    bins, runs = usual
    found = told(bins.with_columns(metric=pl.lit("duty_factor_pct")), runs)
    assert found.onset.is_empty()
    assert found.pattern["change_adj"].count() > 0


@pytest.fixture(scope="module")
def beating():
    """Metres a heartbeat that fall by 8 % from half-way on."""
    bins, runs = drifting(36, n_runs=12, metric=BEATS)
    share = pl.col("mid_moving_s") / pl.col("moving_s")
    fall = 0.1 * ((share - 0.5) / 0.5).clip(lower_bound=0.0)
    shake = pl.Series(np.random.default_rng(36).normal(0.0, 0.004, bins.height))
    made = bins.join(runs.select("run_id", "moving_s"), on="run_id", maintain_order="left")
    made = made.with_columns(value=1.25 - fall + shake)
    return columns.shaped(made, columns.BIN), runs


def test_decoupling_is_beats_a_metre_over_those_early(beating):
    """Where metres a beat fall from 1.25 to 1.15 the ratio rises to 1.25 ÷ 1.15; bands follow."""
    found = told(*beating)
    last = found.pattern.filter(pl.col("metric") == RATIO, pl.col("tenth") == 10)
    truth = 1.25 / (1.25 - 0.1 * 0.9) - 1.0
    assert last["change_adj"].to_numpy() == pytest.approx(np.full(last.height, truth), abs=0.012)
    assert (last["ci_low"] < last["change_adj"]).all()
    assert (last["ci_high"] > last["change_adj"]).all()
    assert (last["value"] - 1.0).to_numpy() == pytest.approx(
        last["change_adj"].to_numpy(), abs=0.01
    )


def test_decoupling_begins_where_it_stays_above_the_threshold(beating):
    """1.025 is passed at 65 % of this run, so the first tenth that stays above is the seventh."""
    found = told(*beating)
    rows = found.onset.filter(pl.col("metric") == RATIO).join(beating[1], on="run_id")
    rows = rows.filter(pl.col("pattern") != CANNOT)
    share = (rows["onset_moving_s"] / rows["moving_s"]).to_numpy()
    assert set(np.round(share, 2)) <= {0.65, 0.75}, share
    assert rows["onset_p"].null_count() == rows.height


def test_per_hour_and_per_10km_are_those_of_a_line():
    """A drift of x an hour gives per_hour = x, and per_10km = x ÷ (km an hour ÷ 10)."""
    bins, runs = drifting(37, n_runs=12, sd=0.0)
    drifted = bins.with_columns(value=pl.col("value") + 6.0 * pl.col("mid_moving_s") / 3600.0)
    found = form_decay(drifted, runs, fit_baseline(drifted), effects_of(drifted)).filter("eligible")
    assert found["per_hour"].to_numpy() == pytest.approx(np.full(found.height, 6.0), abs=0.25)
    ratio = (found["per_hour"] / found["per_10km"]).to_numpy()
    assert ratio == pytest.approx(np.full(found.height, 1.08), rel=0.02), "3 m/s and its wander"


def test_distance_follows_the_runner_and_not_the_clock():
    """Half the time at 2 m/s and half at 4 m/s: half-way in time is a third of the way."""
    bins, runs = drifting(41, n_runs=1, minutes=(60.0, 60.0))
    slow = pl.col("mid_moving_s") < 1800
    paced = bins.with_columns(speed_mps=pl.when(slow).then(2.0).otherwise(4.0))
    asked = pl.DataFrame({"run_id": ["run0000"] * 4, "x_moving_s": [0.0, 1800.0, 3600.0, None]})
    metres = distance_at(asked, "x", paced, runs.with_columns(distance_m=pl.lit(12_000.0)))
    assert metres["x_distance_m"].to_list() == pytest.approx([0.0, 4000.0, 12_000.0, None])
    unknown = distance_at(asked, "x", paced, runs.with_columns(distance_m=pl.lit(None, pl.Float64)))
    assert unknown["x_distance_m"].null_count() == 4


@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 60).flatmap(lambda n: st.tuples(
        st.just(n), st.lists(st.floats(1.0, 120.0), min_size=n, max_size=n),
        st.floats(n * 120.0 - 119.0, n * 120.0),
    ))
)  # fmt: skip
def test_tenths_share_out_every_second(case):
    """Each tenth's weights add up to 1, and no bin reaches a tenth that it does not touch."""
    n, valid, moving = case
    index = np.arange(n)
    weights = tenth_weights(index, np.array(valid), moving)
    assert np.nansum(weights, axis=1) == pytest.approx(np.ones(10))
    edges = np.arange(11) * moving / 10
    for tenth in range(10):
        touched = (index * BIN_S < edges[tenth + 1]) & ((index + 1) * BIN_S > edges[tenth])
        assert not weights[tenth, ~touched].any()


def test_the_usual_pattern_is_a_weighted_mean(plain):
    """It lies among the runs' changes, its interval inside its range, and few runs give none."""
    joined = plain.pattern.drop_nulls("se").join(plain.usual, on=["metric", "tenth"], suffix="_u")
    spread = joined.group_by("tenth").agg(
        pl.col("change_adj").min().alias("low"), pl.col("change_adj").max().alias("high"),
        pl.col("change_adj_u").first().alias("u"),
    )  # fmt: skip
    assert ((spread["low"] <= spread["u"]) & (spread["u"] <= spread["high"])).all()
    assert (plain.usual["usual_low"] <= plain.usual["ci_low"] + 1e-9).all()
    bins, runs = drifting(38, n_runs=4)
    few = told(bins, runs).usual
    assert few["change_adj"].null_count() == few.height > 0
    assert few["n_runs"].max() == 4


@pytest.mark.parametrize(("wander", "truth"), [("white", 0.0), ("AR .6", 0.6), ("mix", 0.45)])
def test_wander_is_found(wander, truth):
    """The correlation of neighbours that is fitted is near the one that was planted."""
    rows = pl.concat([
        fit_wander(told(*drifting(60 + k, wander=wander)).residual) for k in range(3)
    ])  # fmt: skip
    near = (1.0 - rows["white_share"]) * rows["carried_share"]
    assert abs(near.mean() - truth) <= 0.15, f"seeds 60 to 62: {rows.rows()}"


def test_likelihood_agrees_with_the_textbook():
    """One run's restricted likelihood is that of dense algebra, up to a constant."""
    rng = np.random.default_rng(5)
    index, y = np.array([0, 1, 2, 4, 5, 8, 9, 10, 11, 13]), rng.normal(size=10)
    carried, white = grid()
    found = loglik(index, y, carried, white)
    share = index / 13.0
    x = np.column_stack([np.ones(10), share, np.maximum(share - 0.5, 0.0)])
    for k in (0, 7, 20):
        v = correlation(index, carried[k : k + 1], white[k : k + 1])[0]
        inv = np.linalg.inv(v)
        p = inv - inv @ x @ np.linalg.inv(x.T @ inv @ x) @ x.T @ inv
        want = -0.5 * (
            np.linalg.slogdet(v)[1]
            + np.linalg.slogdet(x.T @ inv @ x)[1]
            + 7 * np.log(y @ p @ y / 7)
        )
        assert found[k] == pytest.approx(want)


def test_the_search_is_paid_for():
    """On white noise the p of the best of all knots is uniform: 4 % lie below .04."""
    made = stick(np.arange(30), 0.0, 0.0)
    rng = np.random.default_rng(8)
    p = np.array([bend(made, rng.normal(size=30)).p for _ in range(2000)])
    assert abs((p < 0.04).mean() - 0.04) < 0.02, "seed 8"
    assert abs((p < 0.5).mean() - 0.5) < 0.04, "seed 8"


def test_empty_gives_empty():
    """No bins give no rows, with the columns that are promised."""
    runs = drifting(39, n_runs=3)[1]
    found = told(columns.empty(columns.BIN), runs)
    assert found.pattern.schema == pl.Schema(run_frames.FORM_PATTERN)
    assert found.usual.schema == pl.Schema(run_frames.FORM_PATTERN_USUAL)
    assert found.onset.schema == pl.Schema(run_frames.FORM_ONSET)
    assert found.onset.is_empty()


def test_a_change_of_unknown_start_is_said_to_be_one():
    """Words follow the interval: with the start in it no place is claimed."""
    bins, runs = drifting(40, wander="AR .3", rise=9.0, n_runs=30)
    rows = told(bins, runs).onset.join(runs, on="run_id").drop_nulls("onset_moving_s")
    first = rows["onset_ci_low_s"] <= pl.Series(
        np.maximum(windows.EARLY_AFTER_S, windows.EARLY_FROM * rows["moving_s"].to_numpy()) + BIN_S
    )
    said = rows["pattern"].str.starts_with("from about")
    assert (said == ~first).all()
    assert set(rows.filter(~said)["pattern"]) <= {STEADY, SOMEWHERE}
