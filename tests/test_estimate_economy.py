"""Temperature's effect on metres a heartbeat: found where planted, never made of the season."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.catalogue.thresholds import threshold
from carryover.estimate import run_frames
from carryover.estimate.economy import temperature_effect

FIRST = dt.date(2025, 1, 6)


def world(
    seed,
    *,
    n_runs=120,
    slope=-0.004,
    noise=0.02,
    season_c=10.0,
    season=0.0,
    wrist_sd_c=0.0,
    weather_sd_c=4.0,
):
    """Return adjusted values and runs of a year; `season` is what the year itself adds."""
    rng = np.random.default_rng(seed)
    day = np.sort(rng.choice(364, n_runs, replace=n_runs > 364))
    year = -np.cos(2 * np.pi * day / 364)
    true_c = 12 + season_c * year + rng.normal(0, weather_sd_c, n_runs)
    value = 1.25 + slope * (true_c - 12) + season * year + rng.normal(0, noise, n_runs)
    told_c = true_c + rng.normal(0, wrist_sd_c, n_runs)
    runs = pl.DataFrame({
        "run_id": [f"r{i}" for i in range(n_runs)], "athlete_id": ["me"] * n_runs,
        "sensor_epoch": ["e"] * n_runs, "temperature_c": told_c,
        "local_date": [FIRST + dt.timedelta(days=int(d)) for d in day],
    })  # fmt: skip
    adjusted = runs.select("run_id").with_columns(
        metric=pl.lit("metres_per_beat"), value_adj=pl.Series(value)
    )
    return adjusted, runs


def fitted(*frames):
    return temperature_effect(*frames).row(0, named=True)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), slope=st.floats(-0.01, 0.01))
def test_without_noise_the_slope_is_the_planted_one(seed, slope):
    """Weather alone, without noise, gives the slope back exactly."""
    row = fitted(*world(seed, slope=slope, noise=0.0, season_c=0.0))
    assert row["usable"]
    assert row["slope_per_c"] == pytest.approx(slope, abs=1e-9), seed


def test_the_season_is_no_temperature():
    """A form that follows the year is not taken for heat, though a plain fit would take it so."""
    found, plain = [], []
    for seed in range(40):
        adjusted, runs = world(seed, slope=0.0, season=0.05)
        found.append(fitted(adjusted, runs)["slope_per_c"])
        plain.append(np.polyfit(runs["temperature_c"], adjusted["value_adj"], 1)[0])
    assert abs(np.mean(found)) < 0.0008
    assert np.mean(plain) > 0.003


def test_the_planted_slope_is_met_and_its_error_is_honest():
    """Over many years the slope is unbiased and two standard errors hold it 19 times of 20."""
    rows = [fitted(*world(seed)) for seed in range(120)]
    slopes = np.array([row["slope_per_c"] for row in rows])
    errors = np.array([row["slope_se_per_c"] for row in rows])
    assert slopes.mean() == pytest.approx(-0.004, abs=0.0003)
    assert np.mean(np.abs(slopes + 0.004) < 1.96 * errors) >= 0.88


def test_noise_of_a_wrist_never_adjusts_too_much():
    """A sensor that errs by 4 °C halves the slope at most; it never makes it larger."""
    slopes = [fitted(*world(seed, wrist_sd_c=4.0))["slope_per_c"] for seed in range(60)]
    assert -0.0035 < np.mean(slopes) < -0.0012


def test_a_few_odd_runs_move_it_little():
    """Runs with a faulty value weigh little."""
    adjusted, runs = world(7)
    odd = adjusted.with_columns(
        value_adj=pl.when(pl.int_range(pl.len()) % 20 == 3).then(2.5).otherwise("value_adj")
    )
    clean, rough = fitted(adjusted, runs), fitted(odd, runs)
    assert abs(clean["slope_per_c"] - rough["slope_per_c"]) < 0.0025


def test_what_cannot_be_told_has_a_reason():
    """Too few runs, no temperature or hardly any weather: a reason and no slope."""
    few, even, blank = world(1, n_runs=19), world(1, weather_sd_c=0.5, season_c=0.0), world(1)
    bare = (blank[0], blank[1].with_columns(temperature_c=pl.lit(None, pl.Float64)))
    for frames, word in ((few, "19 runs"), (even, "hardly varies"), (bare, "no temperature")):
        row = fitted(*frames)
        assert not row["usable"]
        assert row["slope_per_c"] is None
        assert word in row["reason"]
    assert fitted(*world(1, n_runs=int(threshold("temperature_min_runs"))))["usable"]


def test_the_reference_is_the_athletes_usual_temperature():
    """All values are brought to one temperature: the median of all the athlete's runs."""
    adjusted, runs = world(3)
    halves = runs.with_columns(
        sensor_epoch=pl.when(pl.int_range(pl.len()) < 60).then(pl.lit("a")).otherwise(pl.lit("b"))
    )
    found = temperature_effect(adjusted, halves)
    assert found.schema == pl.Schema(run_frames.TEMPERATURE_EFFECT)
    assert set(found["reference_temperature_c"]) == {runs["temperature_c"].median()}
    assert temperature_effect(adjusted.clear(), runs).is_empty()
