"""Measured or computed: told apart on made epochs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks import origin as benchmark
from benchmarks.made_epochs import FORMULAS, SPREADS, Recipe, made_epoch
from carryover import columns
from carryover.estimate.origin import FOLLOWS, MIN_BINS, OWN_SENSOR, QUIET, sensor_metric
from carryover.metrics import metrics
from estimate_worlds import bins_of

CASES = benchmark.cases()
CONTACT = "stance_time_ms"


def origin_of(bins, metric=CONTACT):
    found = sensor_metric(bins)
    return found.filter(pl.col("metric") == metric).row(0, named=True)


def computed(bins, noise_ms, seed):
    v, c = pl.col("speed_mps"), pl.col("cadence_spm")
    noise = pl.Series(np.random.default_rng(seed).normal(0.0, noise_ms, bins.height))
    return bins.with_columns(value=60_000.0 / c * (0.95 - 0.09 * v + 0.004 * v * v) + noise)


@pytest.mark.parametrize("label", CASES)
def test_no_made_epoch_gets_the_wrong_origin(label):
    """Whatever formula, pace and fault of a watch: never the other origin, nearly always its own.

    A quarter of the epochs of docs/origin.md, the same seeds.
    """
    told = [benchmark.judged(recipe) for recipe in CASES[label][::4]]
    for found in told:
        assert found.origin in (found.truth, "unknown"), f"{label}: {found}"
    unknown = sum(found.origin == "unknown" for found in told)
    assert unknown <= len(told) // 3, f"{label}: {told}"


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    formula=st.sampled_from(list(FORMULAS)),
    spread=st.sampled_from(list(SPREADS)),
    resolution=st.sampled_from([0.1, 1.0]),
    n_bins=st.integers(MIN_BINS, 100),
)
def test_a_formula_is_never_taken_for_a_sensor(seed, formula, spread, resolution, n_bins):
    """Values that any smooth formula of pace and cadence gives are computed, whoever runs."""
    recipe = Recipe(seed, spread, n_bins, formula, resolution)
    assert benchmark.judged(recipe).origin == "computed", recipe


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 2**31),
    spread=st.sampled_from(list(SPREADS)),
    noise=st.floats(3.0, 8.0),
    run_level=st.floats(0.0, 8.0),
    n_bins=st.integers(MIN_BINS, 100),
)
def test_a_sensor_is_never_taken_for_a_formula(seed, spread, noise, run_level, n_bins):
    """Noise of 3 to 8 ms of its own is measured, for a runner of one pace or of every pace."""
    recipe = Recipe(seed, spread, n_bins, None, noise=noise, run_level=run_level)
    assert benchmark.judged(recipe).origin == "measured", recipe


def test_a_good_fit_with_real_noise_is_still_measured():
    """R² above .99 is not enough: the residual must be below what a sensor can have."""
    recipe = Recipe(7, "huge", 100, None, noise=3.0, run_level=0.0, feels_grade=False)
    epochs = [benchmark.judged(replace(recipe, seed=seed)) for seed in range(30)]
    steep = [told for told in epochs if told.r2 >= 0.99]
    assert len(steep) >= 5, "seeds 0…29 make no such epoch"
    assert {told.origin for told in steep} == {"measured"}, steep


def test_a_runner_of_one_pace_does_not_hide_a_formula():
    """R² far below .99 is no proof of a sensor where less is left than any sensor leaves."""
    row = origin_of(computed(made_epoch(Recipe(3, "one pace", 80)), 0.7, 3))
    assert row["r2_speed_cadence"] < 0.99
    assert row["origin"] == "computed", row


@pytest.mark.parametrize("seed", range(5))
def test_the_numbers_are_those_of_the_regression(seed):
    """Residual SD is the noise that was put on, R² what it leaves of the variance."""
    bins = computed(bins_of(seed)[0], 0.4, seed)
    row = origin_of(bins)
    assert row["residual_sd"] == pytest.approx(0.4, rel=0.1), f"seed {seed}"
    total = bins["value"].std()
    assert 1 - row["r2_speed_cadence"] == pytest.approx((0.4 / total) ** 2, rel=0.5)
    assert row["n_bins"] == bins.height


@pytest.mark.parametrize("share", [0.5, 0.6, 0.75])
def test_two_sensors_under_one_name_are_not_one(share):
    """Where a strap was forgotten on half of the days, the epoch is hardly called measured."""
    told = [origin_of(benchmark.mixed(seed, share))["origin"] for seed in range(50, 62)]
    assert told.count("measured") <= (3 if share <= 0.5 else 1), f"{share}: {told}, seeds 50…61"


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**31), order=st.randoms(use_true_random=False))
def test_the_order_of_bins_does_not_matter(seed, order):
    """The same bins in any order have the same origin and numbers."""
    bins = made_epoch(Recipe(seed, "usual", 70, "linear"))
    places = list(range(bins.height))
    order.shuffle(places)
    assert sensor_metric(bins[places]).equals(sensor_metric(bins))


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**31), shift=st.floats(-50.0, 50.0))
def test_a_constant_offset_changes_no_origin(seed, shift):
    """A sensor that reads so many ms more has the same residual and the same R²."""
    bins = made_epoch(Recipe(seed, "usual", 70, None))
    first, moved = origin_of(bins), origin_of(bins.with_columns(pl.col("value") + shift))
    assert moved["origin"] == first["origin"]
    assert moved["residual_sd"] == pytest.approx(first["residual_sd"], rel=1e-6)
    assert moved["r2_speed_cadence"] == pytest.approx(first["r2_speed_cadence"], rel=1e-6)


def test_few_bins_say_unknown():
    """With fewer than 60 steady bins nothing is claimed."""
    row = origin_of(bins_of(2)[0].head(59))
    assert (row["origin"], row["r2_speed_cadence"], row["n_bins"]) == ("unknown", None, 59)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"speed_sd_mps": 0.9}, {"valid_s": 40.0}, {"cadence_spm": 0.0}, {"cadence_spm": None},
        {"speed_mps": None},
    ],
)  # fmt: skip
def test_bins_that_cannot_tell_do_not_count(spoilt):
    """Bins with a change of pace inside, hardly valid, or without pace or cadence are left out."""
    bins = bins_of(2)[0].with_columns(**{k: pl.lit(v, pl.Float64) for k, v in spoilt.items()})
    row = origin_of(bins)
    assert (row["n_bins"], row["origin"]) == (0, "unknown")


def test_a_frozen_value_is_unknown():
    """A value that never changes is neither measured nor computed."""
    row = origin_of(bins_of(3)[0].with_columns(value=pl.lit(250.0)))
    assert (row["origin"], row["r2_speed_cadence"]) == ("unknown", None)


def test_one_speed_of_a_treadmill_is_no_obstacle():
    """Where speed never changes, cadence alone explains a computed value."""
    bins = bins_of(4)[0].with_columns(speed_mps=pl.lit(3.0), speed_sd_mps=pl.lit(0.0))
    assert origin_of(computed(bins, 0.2, 4))["origin"] == "computed"
    assert origin_of(bins)["origin"] == "measured"


@pytest.mark.parametrize("name", sorted(OWN_SENSOR))
def test_cadence_and_heart_are_their_own_sensors(name):
    """Cadence and heart rate are measured, however many bins there are and however they fit."""
    bins = bins_of(4)[0].with_columns(metric=pl.lit(name), value=pl.col("cadence_spm"))
    for n_bins in (bins.height, 5):
        assert origin_of(bins.head(n_bins), name)["origin"] == "measured"


def test_decoupling_is_measured_where_the_heart_is():
    """Heart-rate decoupling has no bins of its own; it is as measured as metres a heartbeat."""
    bins = bins_of(4)[0].with_columns(metric=pl.lit("metres_per_beat"))
    assert origin_of(bins, "hr_decoupling_ratio")["origin"] == "measured"
    assert "hr_decoupling_ratio" not in sensor_metric(bins_of(4)[0])["metric"]


def test_every_metric_has_a_way_to_its_origin():
    """Each metric has a sensor of its own or a least noise; what follows, follows a known one."""
    assert set(metrics()) == OWN_SENSOR | set(QUIET)
    assert set(FOLLOWS) <= set(metrics())
    assert set(FOLLOWS.values()) <= set(QUIET) - set(FOLLOWS)


@pytest.mark.parametrize(("derived", "source"), FOLLOWS.items())
@pytest.mark.parametrize("truth", ["computed", "measured"])
def test_derived_metrics_follow_their_source(derived, source, truth):
    """What our own formula makes is no more measured than what it is made from."""
    recipe = Recipe(5, formula="linear" if truth == "computed" else None, unit=QUIET[source])
    other = replace(recipe, formula=None if truth == "computed" else "linear", metric=derived)
    found = sensor_metric(pl.concat([made_epoch(replace(recipe, metric=source)),
                                     made_epoch(other)]))  # fmt: skip
    assert dict(found.select("metric", "origin").iter_rows()) == {derived: truth, source: truth}


def test_epochs_are_judged_apart():
    """A strap and a wrist of one athlete have their own origins."""
    strap = bins_of(6)[0]
    wrist = computed(strap, 0.3, 6).with_columns(sensor_epoch=pl.lit("wrist"))
    found = sensor_metric(pl.concat([strap, wrist]))
    assert dict(found.select("sensor_epoch", "origin").iter_rows()) == {
        "strap": "measured", "wrist": "computed",
    }  # fmt: skip
    assert sensor_metric(columns.empty(columns.BIN)).is_empty()


def test_many_sensors_without_enough_bins_come_before_one_that_has_them():
    """A squad of a hundred new sensors does not spoil the answer for a well-known one."""
    few = bins_of(6)[0].head(3)
    new = [few.with_columns(sensor_epoch=pl.lit(f"new {i:03d}")) for i in range(120)]
    known = bins_of(6)[0].with_columns(sensor_epoch=pl.lit("strap"))
    origins = sensor_metric(pl.concat([*new, known]))["origin"].value_counts()
    assert dict(origins.iter_rows()) == {"unknown": 120, "measured": 1}


def test_the_page_of_made_epochs_says_what_the_cases_are():
    """docs/origin.md has a row for each case that the benchmark makes, and none is wrong."""
    text = benchmark.TARGET.read_text("utf-8")
    rows = [line.split("|")[1:-1] for line in text.splitlines() if line.startswith("| ")]
    told = {row[0].strip(): row[4].strip() for row in rows if len(row) == 7 and "–" in row[1]}
    assert told == dict.fromkeys(CASES, "0")
