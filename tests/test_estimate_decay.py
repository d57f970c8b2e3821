"""Late-run drift: the laws of the estimator, and each reason not to judge a run."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from carryover import columns
from carryover.estimate import effect, windows
from carryover.estimate.baseline import fit_baseline
from carryover.estimate.decay import form_decay
from carryover.estimate.memory import block_memory, run_blocks
from estimate_worlds import SPEED_SLOPE, bins_of


def decays(bins, runs, learnt_from=None):
    baseline = fit_baseline(bins if learnt_from is None else learnt_from)
    effects = effect.bin_effect(bins, baseline, REFERENCE)
    return form_decay(bins, runs, baseline, effects)


REFERENCE = pl.DataFrame({"athlete_id": ["a"], "reference_speed_mps": [3.0]})


def in_run(run_id):
    return pl.col("run_id") == run_id


def late():
    return pl.col("mid_moving_s") > 0.70 * pl.col("mid_moving_s").max().over("run_id")


@pytest.fixture(scope="module")
def usual():
    return bins_of(20, n_runs=12)


def test_planted_drift_comes_back():
    """Over 240 runs the mean drift is the planted one and 95 % intervals hold it in 92–98 %."""
    seeds = range(6)
    found = pl.concat([decays(*bins_of(seed, drift=0.0, correlation=0.0)) for seed in seeds])
    error = found["change_adj"].mean()
    bound = 3.5 * found["change_adj"].std() / np.sqrt(found.height)
    held = ((found["ci_low"] <= 0.0) & (found["ci_high"] >= 0.0)).mean()
    assert abs(error) < bound, f"bias {error:.2f} ms, bound {bound:.2f}, seeds {seeds}"
    assert 0.92 <= held <= 0.98, f"coverage {held:.3f}, seeds {seeds}"


def test_drift_of_six_is_seen_as_about_six():
    """Of a drift of 6 ms at most 1 ms is lost or made by pace, hills and the fit."""
    found = decays(*bins_of(21, drift=6.0))
    assert found["change_adj"].mean() == pytest.approx(6.0, abs=1.0), "seed 21"


def test_a_slower_late_part_is_not_decay():
    """A runner who slows by 0.25 m/s late shows a raw change of 7 ms, and no adjusted one."""
    bins, runs = bins_of(22, drift=0.0, n_runs=30)
    slowed = bins.with_columns(
        speed_mps=pl.when(late()).then(pl.col("speed_mps") - 0.25).otherwise("speed_mps"),
        value=pl.when(late()).then(pl.col("value") + 7.0).otherwise("value"),
    )
    found = decays(slowed, runs).filter("eligible")
    assert found["change"].mean() > 5.0, "seed 22"
    assert abs(found["change_adj"].mean()) < 1.5, "seed 22"


def test_a_constant_more_changes_nothing(usual):
    """Adding a constant to all values leaves the change, its error and its interval as they are."""
    bins, runs = usual
    moved = decays(bins.with_columns(value=pl.col("value") + 37.0), runs)
    plain = decays(bins, runs)
    for name in ("change", "change_adj", "change_adj_huber", "se", "ci_low", "ci_high"):
        assert moved[name].to_numpy() == pytest.approx(plain[name].to_numpy(), abs=1e-6), name


def test_mirrored_values_mirror_the_change(usual):
    """Negated values negate the change and swap the interval's ends."""
    bins, runs = usual
    mirrored = decays(bins.with_columns(value=-pl.col("value")), runs)
    plain = decays(bins, runs)
    assert mirrored["change_adj"].to_numpy() == pytest.approx(-plain["change_adj"].to_numpy())
    assert mirrored["ci_low"].to_numpy() == pytest.approx(-plain["ci_high"].to_numpy())


def test_swapping_the_windows_flips_the_sign(usual):
    """A step up at half time and the same step down have opposite changes about the plain one."""
    bins, runs = usual
    step = 10.0 * late().cast(pl.Float64)
    plain, up, down = (
        decays(bins.with_columns(value=pl.col("value") + sign * step), runs)["change"].to_numpy()
        for sign in (0.0, 1.0, -1.0)
    )
    assert up - plain == pytest.approx(np.full(plain.size, 10.0))
    assert down - plain == pytest.approx(np.full(plain.size, -10.0))


def test_a_run_does_not_judge_itself(usual):
    """What one run does outside its windows cannot reach its own slopes, only those of others."""
    bins, runs = usual
    middle = in_run("run0002") & pl.col("mid_moving_s").is_between(0.4 * 4800, 0.6 * 4800)
    spoilt = bins.with_columns(
        value=pl.when(middle).then(pl.col("value") - 9.0 * pl.col("speed_mps")).otherwise("value")
    )
    before, after = (decays(frame, runs).sort("run_id")["change_adj"] for frame in (bins, spoilt))
    moved = np.abs((after - before).to_numpy())
    own = moved[2]
    assert own < 0.25, f"own change moved by {own:.3f}"


def test_huber_version_withstands_a_wild_bin(usual):
    """One late bin off by 60 ms moves the plain change several times more than Huber's."""
    bins, runs = usual
    target = bins.filter(in_run("run0001"), late())["bin_index"].to_list()[2]
    wild = bins.with_columns(
        value=pl.when(in_run("run0001") & (pl.col("bin_index") == target))
        .then(pl.col("value") + 60.0)
        .otherwise("value")
    )
    before, after = (
        decays(f, runs).filter(in_run("run0001")).row(0, named=True) for f in (bins, wild)
    )
    plain = after["change_adj"] - before["change_adj"]
    robust = after["change_adj_huber"] - before["change_adj_huber"]
    assert plain > 4.0
    assert abs(robust) < plain / 3


def test_windows_are_by_midpoint():
    """Early 10–35 % and after minute 8, late 75–100 % less the last minute, both ends counted."""
    bins, runs = bins_of(25, n_runs=1, minutes=130.0)
    cases = (100, (11, 35), (75, 99)), (60, (9, 21), (45, 59)), (99.5, (11, 33), (75, 97))
    for minutes, early, late_ in cases:
        made = windows.placed(bins, runs.with_columns(moving_s=pl.lit(60.0 * minutes)))
        for window, expected in (("early", early), ("late", late_)):
            mids = made.filter(pl.col("window") == window)["mid_moving_s"] / 60
            assert (mids.min(), mids.max()) == expected, f"{minutes} min, {window}"


def test_change_is_what_a_hand_would_compute(usual):
    """Means of value − slopes·(pace, up, down), the run left out, weighted by valid seconds."""
    bins, runs = usual
    rng = np.random.default_rng(26)
    bins = bins.with_columns(valid_s=pl.Series(rng.uniform(90.0, 120.0, bins.height)))
    found = decays(bins, runs)
    fit = fit_baseline(bins).row(0, named=True)
    for entry in fit["without"]:
        run_id = entry["run_id"]
        own = bins.filter(in_run(run_id))
        value, g, mid, w = (
            own[name].to_numpy() for name in ("value", "grade_pct", "mid_moving_s", "valid_s")
        )
        terms = effect.terms_of(own, np.array(fit["knots"]))
        assert terms[:, -2:] == pytest.approx(np.c_[np.maximum(g, 0.0), np.maximum(-g, 0.0)])
        r = value - terms @ np.array(entry["effects"])
        moving = runs.filter(in_run(run_id))["moving_s"][0]
        early = (mid >= max(0.10 * moving, 480.0)) & (mid <= 0.35 * moving)
        last = (mid >= 0.75 * moving) & (mid <= moving - 60.0)
        by_hand = np.average(r[last], weights=w[last]) - np.average(r[early], weights=w[early])
        row = found.filter(in_run(run_id)).row(0, named=True)
        assert row["change_adj"] == pytest.approx(by_hand), run_id
        assert row["early"] == pytest.approx(np.average(value[early], weights=w[early])), run_id


def test_per_hour_is_the_change_over_the_time_between():
    """A drift of 6 ms an hour is told as 6 ms an hour."""
    bins, runs = bins_of(28, drift=0.0, n_runs=60)
    rising = bins.with_columns(value=pl.col("value") + 6.0 * pl.col("mid_moving_s") / 3600.0)
    found = decays(rising, runs).filter("eligible")["per_hour"]
    assert found.mean() == pytest.approx(6.0, abs=3 * found.std() / np.sqrt(len(found)))


def test_per_10km_is_by_the_way_between_the_windows(usual):
    """A fast middle lengthens the way between the windows, and so lessens the drift a km."""
    bins, runs = usual
    middle = pl.col("mid_moving_s").is_between(1800.0, 3400.0)
    speedy = bins.with_columns(
        speed_mps=pl.when(middle).then(4.5).otherwise(3.0), is_baseline=pl.lit(value=False)
    )
    further = runs.with_columns(distance_m=pl.col("distance_m") * 1.2)
    row = decays(speedy, further, learnt_from=bins).filter("eligible").row(0, named=True)
    gap_m = row["change_adj"] * 10_000.0 / row["per_10km"]
    gap_s = row["change_adj"] * 3_600.0 / row["per_hour"]
    assert gap_m / gap_s > 1.02 * further["distance_m"][0] / further["moving_s"][0]


THIRD = pl.col("bin_index") % 3
SPIKY = pl.when(late() & (THIRD == 0)).then(4.4).when(late() & (THIRD == 1)).then(2.0)
CASES = {
    "min moving; 50": (None, pl.lit(2900.0).alias("moving_s")),
    "valid min early": (pl.when(~late()).then(30.0).otherwise("valid_s").alias("valid_s"), None),
    "valid min late": (pl.when(late()).then(30.0).otherwise("valid_s").alias("valid_s"), None),
    "% of the late": (pl.when(late()).then(80.0).otherwise("valid_s").alias("valid_s"), None),
    "late part was slower": (
        pl.when(late()).then(pl.col("speed_mps") - 1.2).otherwise("speed_mps").alias("speed_mps"),
        None,
    ),
    "late part was faster": (
        pl.when(late()).then(pl.col("speed_mps") + 1.2).otherwise("speed_mps").alias("speed_mps"),
        None,
    ),
    "interval work late": (SPIKY.otherwise("speed_mps").alias("speed_mps"), None),
    "interval work early": (
        pl.when(~late()).then(0.9).otherwise("speed_sd_mps").alias("speed_sd_mps"), None,
    ),
}  # fmt: skip


def test_memory_of_blocks_comes_back():
    """Bins that remember each other make blocks that do; independent ones make none."""
    for correlation, low, high in ((0.0, 0.0, 0.08), (0.6, 0.40, 0.56)):
        bins, _ = bins_of(27, drift=3.0, n_runs=60, correlation=correlation)
        told = bins.with_columns(r=pl.col("value") - SPEED_SLOPE * pl.col("speed_mps"))
        memory = block_memory(run_blocks(told))["memory"][0]
        assert low <= memory <= high, f"{correlation}: {memory:.2f}, seed 27"


def test_intervals_hold_where_bins_remember_each_other():
    """With neighbouring bins correlated by 0.5 the 95 % intervals still hold in 92–98 %."""
    seeds = range(6)
    found = pl.concat([decays(*bins_of(s, drift=0.0, correlation=0.5)) for s in seeds])
    held = ((found["ci_low"] <= 0.0) & (found["ci_high"] >= 0.0)).mean()
    assert 0.92 <= held <= 0.98, f"coverage {held:.3f}, seeds {seeds}"


@pytest.mark.parametrize("said", CASES)
def test_each_reason_fires(usual, said):
    """A run that cannot be judged fairly has that reason, no adjusted number, and its raw means."""
    bins, runs = usual
    bin_change, run_change = CASES[said]
    own, rest = bins.filter(in_run("run0004")), bins.filter(~in_run("run0004"))
    if bin_change is not None:
        own = own.with_columns(bin_change)
    runs = runs.with_columns(
        pl.when(in_run("run0004")).then(run_change).otherwise("moving_s").alias("moving_s")
        if run_change is not None else pl.col("moving_s")
    )  # fmt: skip
    found = decays(pl.concat([own, rest]), runs, learnt_from=bins)
    row = found.filter(in_run("run0004")).row(0, named=True)
    assert said in (row["reason"] or ""), row["reason"]
    assert row["eligible"] is False
    numbers = ("change_adj", "change_adj_huber", "se", "ci_low", "ci_high", "per_hour")
    assert [row[name] for name in numbers] == [None] * len(numbers)
    assert row["change"] == pytest.approx(row["late"] - row["early"])
    assert found.filter(~in_run("run0004"))["eligible"].all()


def test_a_finish_sprint_is_not_decay(usual):
    """One late bin far above the late pace makes the run unfit."""
    bins, runs = usual
    last = in_run("run0004") & (pl.col("bin_index") == pl.col("bin_index").max().over("run_id") - 1)
    sprint = bins.with_columns(speed_mps=pl.when(last).then(4.1).otherwise("speed_mps"))
    row = decays(sprint, runs).filter(in_run("run0004")).row(0, named=True)
    assert row["reason"] == "a finish sprint late in the run"


def test_the_first_reason_wins(usual):
    """A short run with little valid data is called short."""
    bins, runs = usual
    short = runs.with_columns(moving_s=pl.lit(2000.0))
    found = decays(bins.with_columns(valid_s=pl.lit(10.0)), short, learnt_from=bins)
    assert found["reason"].str.contains("33 min moving; 50 are needed").all()


def test_a_metric_without_baseline_says_why():
    """With too few runs for slopes, long runs carry the baseline's own reason."""
    found = decays(*bins_of(23, n_runs=2))
    assert (
        found["reason"].to_list() == ["2 runs with steady, level running so far; 3 are needed"] * 2
    )
    assert found["early"].null_count() == 0


def test_leaving_out_the_third_run_needs_another():
    """Three runs make a baseline, but none of the three can be judged without itself."""
    found = decays(*bins_of(24, n_runs=3))
    assert found["reason"].str.starts_with("without this run: 2 runs").all()


def test_steep_ground_and_missing_values_are_left_out(usual):
    """Bins steeper than 6 % or without a value weigh nothing."""
    bins, runs = usual
    own = in_run("run0005") & (pl.col("bin_index") % 3 == 0)
    steep = bins.with_columns(
        grade_pct=pl.when(own).then(9.0).otherwise("grade_pct"),
        value=pl.when(own).then(999.0).otherwise("value"),
    )
    empty = bins.with_columns(value=pl.when(own).then(None).otherwise("value"))
    row, same = (
        decays(f, runs, learnt_from=empty).filter(in_run("run0005")).row(0, named=True)
        for f in (steep.with_columns(is_baseline=pl.col("is_baseline") & ~own), empty)
    )
    assert row["early"] == pytest.approx(same["early"])
    assert row["change_adj"] == pytest.approx(same["change_adj"])


def test_absent_metrics_have_no_row(usual):
    """A metric with no value in a run gets no row; no runs give an empty frame."""
    bins, runs = usual
    bare = bins.with_columns(value=pl.when(in_run("run0000")).then(None).otherwise("value"))
    assert "run0000" not in decays(bare, runs)["run_id"].to_list()
    nothing = decays(columns.empty(columns.BIN), runs)
    assert nothing.is_empty()
    assert nothing.schema == pl.Schema(columns.FORM_DECAY)
