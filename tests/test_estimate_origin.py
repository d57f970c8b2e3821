"""Measured or computed: told apart on made epochs."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from carryover import columns
from carryover.estimate.origin import sensor_metric
from estimate_worlds import bins_of


def origin_of(bins, metric="stance_time_ms"):
    found = sensor_metric(bins)
    return found.filter(pl.col("metric") == metric).row(0, named=True)


def computed(bins, noise_ms, seed):
    v, c = pl.col("speed_mps"), pl.col("cadence_spm")
    noise = pl.Series(np.random.default_rng(seed).normal(0.0, noise_ms, bins.height))
    return bins.with_columns(value=60_000.0 / c * (0.95 - 0.09 * v + 0.004 * v * v) + noise)


@pytest.mark.parametrize("seed", range(5))
def test_a_function_of_pace_and_cadence_is_computed(seed):
    """A smooth formula of v and c, with 0.4 ms of noise, is found out."""
    row = origin_of(computed(bins_of(seed)[0], 0.4, seed))
    assert row["origin"] == "computed", f"seed {seed}: R² {row['r2_speed_cadence']:.4f}"
    assert row["residual_sd"] == pytest.approx(0.4, rel=0.2)


@pytest.mark.parametrize("seed", range(5))
def test_a_sensor_with_its_own_noise_is_measured(seed):
    """Contact time with 4 ms of noise and its own run levels is measured."""
    assert origin_of(bins_of(seed)[0])["origin"] == "measured", f"seed {seed}"


def test_a_good_fit_with_real_noise_is_still_measured():
    """R² above .99 is not enough: the residual must be below what a sensor can have."""
    bins = bins_of(1)[0].with_columns(speed_mps=pl.col("speed_mps") * 6.0 - 12.0)
    row = origin_of(computed(bins, 1.5, 1))
    assert row["r2_speed_cadence"] >= 0.99
    assert row["origin"] == "measured"


def test_few_bins_say_unknown():
    """With fewer than 60 steady bins nothing is claimed."""
    row = origin_of(bins_of(2)[0].head(59))
    assert (row["origin"], row["r2_speed_cadence"], row["n_bins"]) == ("unknown", None, 59)


def test_intervals_do_not_count_as_steady():
    """Bins with changes of pace inside are left out of the test."""
    row = origin_of(bins_of(2)[0].with_columns(speed_sd_mps=pl.lit(0.9)))
    assert row["n_bins"] == 0


def test_a_frozen_value_is_unknown():
    """A value that never changes is neither measured nor computed."""
    row = origin_of(bins_of(3)[0].with_columns(value=pl.lit(250.0)))
    assert (row["origin"], row["r2_speed_cadence"]) == ("unknown", None)


def test_cadence_and_heart_are_their_own_sensors():
    """Cadence is measured although it is a function of itself; so are metres a heartbeat."""
    for metric in ("cadence_spm", "metres_per_beat"):
        bins = bins_of(4)[0].with_columns(metric=pl.lit(metric), value=pl.col("cadence_spm"))
        assert origin_of(bins, metric)["origin"] == "measured"
        assert origin_of(bins.head(40), metric)["origin"] == "unknown"


@pytest.mark.parametrize(
    ("derived", "source"),
    [
        ("duty_factor_pct", "stance_time_ms"), ("flight_time_ms", "stance_time_ms"),
        ("leg_stiffness_knpm", "stance_time_ms"), ("vertical_stiffness_knpm", "stance_time_ms"),
        ("stance_time_left_ms", "stance_time_ms"), ("stance_time_right_ms", "stance_time_ms"),
        ("symmetry_index_pct", "stance_time_balance_pct"),
        ("vertical_ratio_pct", "vertical_oscillation_mm"),
    ],
)  # fmt: skip
def test_derived_metrics_follow_their_source(derived, source):
    """What our own formula makes is no more measured than what it is made from."""
    bins = bins_of(5)[0]
    source_bins = computed(bins, 0.1, 5).with_columns(metric=pl.lit("stance_time_ms"))
    if source != "stance_time_ms":
        source_bins = source_bins.with_columns(metric=pl.lit(source), value=pl.col("value") / 10.0)
    own = bins.with_columns(metric=pl.lit(derived), value=pl.col("value") / 10.0)
    found = sensor_metric(pl.concat([source_bins, own]))
    origins = dict(found.select("metric", "origin").iter_rows())
    assert origins[derived] == origins[source]


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
