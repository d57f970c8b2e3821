"""Planted truth is found again: means, late-run change, level, slopes, each sensor by itself."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.stats import binom

from truth_files import STAND, WALK
from truth_home import part_published, published, recordings
from truth_runs import BIN_S, EPOCHS, World, second_sd

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.recovery_bins import found_again, slope_rows

SEED = 11
N_RUNS = 36
"""Through the whole program: two watches with 18 long runs each."""
MEAN_PCT = {False: 0.5, True: 1.0}
"""How far a run's mean may be from the truth: a record a second, or one every 1 to 9 s."""
CONTACT = "stance_time_ms"


@pytest.fixture(scope="module")
def exact(tmp_path_factory):
    """A year of files whose speed has no error."""
    world = World(N_RUNS, SEED, speed_error_mps=0.0)
    return part_published(tmp_path_factory.mktemp("exact"), recordings(world))


@pytest.fixture(scope="module")
def noisy(tmp_path_factory):
    """The same year with a speed error of 0.05 m/s on 2-minute bins."""
    world = World(N_RUNS, SEED, speed_error_mps=0.05)
    return published(tmp_path_factory.mktemp("noisy"), recordings(world))


@pytest.mark.parametrize("tau_s", [5.0, 15.0, 30.0])
def test_the_speed_error_is_what_its_number_says(tau_s):
    """The planted error has the stated SD on 2-minute bins, and the SD of a second beside it."""
    world = World(60, SEED, 0.12, tau_s)
    errors = [true.speed_error_mps for true in world.runs()]
    means = [e[: e.size // BIN_S * BIN_S].reshape(-1, BIN_S).mean(axis=1) for e in errors]
    assert np.concatenate(means).std() == pytest.approx(0.12, rel=0.06), f"seed {SEED}"
    assert np.concatenate(errors).std() == pytest.approx(second_sd(0.12, tau_s), rel=0.06)


def test_the_year_has_what_it_should_try(exact):
    """The made year holds walks, stands, pauses, lost straps and both ways of recording."""
    made = exact.recorded
    assert {bool(one.is_smart) for one in made} == {True, False}
    assert {stop.kind for one in made for stop in one.stops} == {"pause", "walk", "stand"}
    assert any(one.lost.any() for one in made)
    assert {code for one in made for code in np.unique(one.second[one.second < 0])} == {
        WALK, STAND
    }  # fmt: skip


def test_the_mean_of_every_run_is_the_planted_one(exact):
    """Ten metrics: within 0.5 % of the truth of all running seconds, 1 % where seconds lack."""
    found = exact.means()
    assert found["found"].null_count() == 0
    for smart, most in MEAN_PCT.items():
        wrong = found.filter(pl.col("is_smart") == smart, pl.col("off_pct").abs() > most)
        assert wrong.rows() == [], f"seed {SEED}, smart recording: {smart}"


@pytest.mark.parametrize("metric", ["stance_time_ms", "cadence_spm", "stance_time_balance_pct"])
def test_late_run_change_through_files(noisy, metric):
    """Published late-run change: no bias beyond four of its SE, and intervals hold the truth."""
    found = noisy.decays(metric)
    assert found.height == N_RUNS
    fair = found.filter("eligible")
    assert fair.height >= 0.8 * N_RUNS, found["reason"].value_counts().rows()
    off = (fair["change_adj"] - fair["true_decay"]).to_numpy()
    own = off.std(ddof=1) / np.sqrt(off.size)
    assert abs(off.mean()) < 4 * own, f"seed {SEED}: {off.mean():+.2f} ± {own:.2f}"
    held = fair["true_decay"].is_between(fair["ci_low"], fair["ci_high"])
    rare = binom.ppf(0.001, fair.height, 0.95)
    assert held.sum() >= rare, f"seed {SEED}: {held.sum()} of {fair.height}"


def test_level_at_reference_speed_through_files(exact):
    """A run's adjusted contact time is the planted one at reference speed on the level."""
    found = exact.decays(CONTACT)
    off = (found["adjusted"] - found["true_level"]).to_numpy()
    assert np.sqrt((off**2).mean()) < 1.5, f"seed {SEED}"
    raw = np.array([row[CONTACT] for row in exact.runs.iter_rows(named=True)])
    assert np.std(raw - found["true_level"].to_numpy()) > 2 * np.std(off)


def test_no_baseline_crosses_from_one_sensor_to_the_other(noisy, tmp_path):
    """Two epochs are told, and the first watch's changes are the same if the second never was."""
    told = noisy.sensor_epoch
    assert told["n_runs"].to_list() == [N_RUNS // 2, N_RUNS // 2]
    assert told["opened_by"].to_list() == ["first", "watch"]
    assert told["to_date"][0] < told["from_date"][1]
    first = [made for made in noisy.recorded if made.true.epoch == EPOCHS[0]]
    alone = part_published(tmp_path, first).form_decay
    both = noisy.form_decay.join(alone.select("run_id", "metric"), on=["run_id", "metric"])
    assert alone.height == both.height > 0
    for name in ("change_adj", "se", "ci_low", "early", "late"):
        assert both[name].is_null().equals(alone[name].is_null()), name
        gap = (both[name] - alone[name]).abs().max()
        assert gap < 1e-9, f"seed {SEED}: {name}"


@cache
def on_bins(error_mps):
    """Return the judged runs of two years, and all their bins with what pace and grade add."""
    found, effects = found_again([World(320, SEED + i, error_mps) for i in range(2)])
    return found.filter("eligible"), effects


@pytest.mark.parametrize(("error_mps", "most_ms"), [(0.0, 0.3), (0.05, 0.5), (0.12, 1.0)])
def test_late_run_change_has_little_bias(error_mps, most_ms):
    """Over 640 runs the adjusted change is right on average, where the raw one is wrong."""
    fair, _ = on_bins(error_mps)
    off = (fair["change_adj"] - fair["true_decay"]).to_numpy()
    own = off.std(ddof=1) / np.sqrt(off.size)
    assert abs(off.mean()) < most_ms + 2 * own, f"seed {SEED}: {off.mean():+.2f} ± {own:.2f}"
    assert (fair["change"] - fair["true_decay"]).mean() > 2.0


@pytest.mark.parametrize("error_mps", [0.0, 0.05, 0.12])
def test_intervals_of_late_run_change_hold_the_truth(error_mps):
    """Over 640 runs 95 % intervals hold the planted change in 92 to 98 % of them."""
    fair, _ = on_bins(error_mps)
    held = fair["true_decay"].is_between(fair["ci_low"], fair["ci_high"]).mean()
    assert 0.92 <= held <= 0.98, f"seed {SEED}: coverage {held:.3f}"


def test_slopes_are_the_planted_ones():
    """With an exact speed, what a m/s and a % of grade add is what was planted, by sensor.

    3 ms a m/s are 0.3 ms for the 0.1 m/s that runs slow down by.
    """
    _, effects = on_bins(0.0)
    for _, epoch, *cells in slope_rows(World(), effects):
        planted, told = (np.array([float(cell) for cell in cells[i::2]]) for i in (0, 1))
        speed, *hills = np.abs(told - planted)
        assert speed < 3.0, f"seed {SEED}, {epoch}: {cells}"
        assert max(hills) < 0.3, f"seed {SEED}, {epoch}: {cells}"
