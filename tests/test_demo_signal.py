"""The synthetic run itself: noise, drift, exchange of causes, and what a watch keeps of it."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.demo.athlete import Runner
from carryover.demo.diary import PlannedRun, RunKind
from carryover.demo.latent import LatentRun
from carryover.demo.noise import filtered, relaxed, wander
from carryover.demo.recording import Recording, average, recorded, timer_s, weights_s
from carryover.demo.route import LOOPS_M, METRES_PER_DEGREE, Loop
from carryover.demo.simulate import DYNAMICS, drift_shape, simulate, windows

START = datetime(2025, 7, 6, 7, 12, 9, tzinfo=UTC)
LONG = PlannedRun(0, RunKind.LONG, START, START.date(), 7200, 5400, 0, 12.0)
STATE = LatentRun(
    chronic=0.0, acute_48=0.0, contact_ms=252.0, contact_drift_ms=8.0, cadence_spm=169.0,
    balance_pct=50.8, balance_drift_pct=0.0, oscillation_mm=86.0, heart_rate_bpm=143.0,
    heart_rate_drift_bpm=6.0, speed_offset_mps=0.0,
)  # fmt: skip


def _run(seed, run=LONG, state=STATE):
    return simulate(run, state, Runner(), np.random.default_rng(seed))


def _bins(values, seconds=120):
    """Return means of whole bins of moving seconds; NaN where a value is missing."""
    n = len(values) // seconds * seconds
    return values[:n].reshape(-1, seconds).mean(axis=1)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=300), st.floats(0.5, 200), st.floats(-9, 9))
def test_the_block_filter_is_the_plain_loop(drive, tau_s, start):
    """Working in blocks changes nothing against one step after another."""
    rate, value, wanted = math.exp(-1 / tau_s), start, []
    for push in drive:
        value = rate * value + push
        wanted.append(value)
    np.testing.assert_allclose(filtered(np.array(drive), tau_s, start), wanted, atol=1e-9)


@given(st.floats(-50, 50), st.floats(1, 60))
def test_what_follows_a_constant_reaches_it(target, tau_s):
    """A lagged follower of a constant ends there, and stays when it starts there."""
    n = int(40 * tau_s) + 10
    assert relaxed(np.full(n, target), tau_s, 0.0)[-1] == pytest.approx(target, abs=1e-9)
    np.testing.assert_allclose(relaxed(np.full(9, target), tau_s, target), target, atol=1e-9)


@pytest.mark.parametrize("tau_s", [5.0, 15.0, 90.0])
def test_noise_has_the_asked_size_and_memory(tau_s):
    """SD and lag-tau correlation of the noise are those of the process it claims to be."""
    noise = wander(400_000, tau_s, 3.0, np.random.default_rng(1))
    lag = int(tau_s)
    assert noise.std() == pytest.approx(3.0, rel=0.04)
    assert np.corrcoef(noise[lag:], noise[:-lag])[0, 1] == pytest.approx(math.exp(-1), abs=0.04)


@given(st.integers(1800, 9000))
@settings(max_examples=30, deadline=None)
def test_a_drift_is_nought_early_and_whole_late(n):
    """A drift of 1 is exactly the late mean less the early mean, and grows throughout."""
    early, late = windows(n)
    shape = drift_shape(n)
    assert shape[early].mean() == pytest.approx(0, abs=1e-9)
    assert shape[late].mean() == pytest.approx(1, abs=1e-9)
    assert (np.diff(shape) > 0).all()
    assert not (early & late).any()


def test_the_same_generator_gives_the_same_run():
    """A run depends on its plan, its state and its generator, on nothing else."""
    one, two = _run(5), _run(5)
    for name, values in one.channels.items():
        np.testing.assert_array_equal(values, two.channels[name], err_msg=name)


def test_contact_time_is_measured_not_computed():
    """On 2-minute bins contact time keeps 4–6 ms of its own beside speed and cadence."""
    rows = []
    for seed in range(12):
        signal = _run(seed, state=replace(STATE, contact_drift_ms=4.0))
        names = ("stance_time_ms", "speed_mps", "cadence_spm")
        contact, speed, steps = (_bins(signal.channels[n])[5:] for n in names)
        rows.append(np.column_stack([contact, speed, steps]))
    contact, v, c = (column for column in np.concatenate(rows).T)
    design = np.column_stack([np.ones_like(v), v, c, v * c, v**2, c**2, 1 / c])
    there = ~np.isnan(contact)
    fitted = design[there] @ np.linalg.lstsq(design[there], contact[there], rcond=None)[0]
    residual = contact[there] - fitted
    assert 3.5 < residual.std() < 6.0
    assert 1 - residual.var() / contact[there].var() < 0.95


@pytest.mark.parametrize("seed", range(6))
def test_speed_shortens_contact_by_28_ms_a_metre_a_second(seed):
    """The same run done 0.5 m/s faster has 14 ms less contact on average."""
    slow, fast = (
        _run(seed, state=replace(STATE, speed_offset_mps=offset)) for offset in (0.0, 0.5)
    )
    change = np.nanmean(fast.channels["stance_time_ms"] - slow.channels["stance_time_ms"])
    assert change == pytest.approx(-14.0, abs=1.0)


@pytest.mark.parametrize("seed", range(8))
def test_channels_agree_with_one_another(seed):
    """Duty factor, step length and vertical ratio follow from contact, cadence, speed and lift."""
    c = _run(seed).channels
    np.testing.assert_allclose(
        c["stance_time_percent"], c["stance_time_ms"] * c["cadence_spm"] / 1200, atol=0.6
    )
    ratio = 100 * c["vertical_oscillation_mm"] / c["step_length_mm"]
    np.testing.assert_allclose(c["vertical_ratio_pct"], ratio, rtol=1e-6)
    settled = ~np.isnan(c["step_length_mm"])
    step = 60_000 * c["speed_mps"][settled] / c["cadence_spm"][settled]
    assert np.median(c["step_length_mm"][settled] / step) == pytest.approx(1.0, abs=0.01)


@pytest.mark.parametrize("seed", range(20))
def test_the_strap_is_silent_where_nobody_runs(seed):
    """Walking and standing have no contact time, and running values are plausible."""
    c = _run(seed).channels
    slow = c["speed_mps"] < 1.7
    for name in DYNAMICS:
        assert np.isnan(c[name][slow]).all(), name
    contact = c["stance_time_ms"][~np.isnan(c["stance_time_ms"])]
    assert 150 < contact.min() < contact.max() < 400
    assert len(contact) > 0.85 * len(slow)


@pytest.mark.parametrize("number", range(len(LOOPS_M)))
def test_positions_move_at_the_speed_told(number):
    """A metre along the loop is a metre on the map, the loop closes, and grade is rise over run."""
    loop = Loop(number, Runner())
    way = np.arange(0.0, LOOPS_M[number] + 1.0)
    latitude, longitude = loop.position_deg(way)
    east = np.diff(longitude) * METRES_PER_DEGREE * math.cos(math.radians(latitude[0]))
    north = np.diff(latitude) * METRES_PER_DEGREE
    assert np.hypot(east, north).mean() == pytest.approx(1.0, abs=0.01)
    assert latitude[0] == pytest.approx(latitude[-1], abs=1e-5)
    rise = np.gradient(loop.altitude_m(way))
    np.testing.assert_allclose(100 * rise[1:-1], loop.grade_pct(way)[1:-1], atol=0.01)
    assert np.abs(loop.grade_pct(way)).max() < 6


@pytest.mark.parametrize("seed", range(12))
def test_smart_recording_keeps_a_subset_without_holes(seed):
    """Kept instants are instants of the run: ends and pauses kept, else at most 7 s apart."""
    signal = _run(seed)
    kept = recorded(signal, Recording.SMART, np.random.default_rng(seed))
    assert set(kept.elapsed_s) <= set(signal.elapsed_s)
    assert (kept.elapsed_s[0], kept.elapsed_s[-1]) == (signal.elapsed_s[0], signal.elapsed_s[-1])
    gaps = np.diff(kept.elapsed_s)
    assert sorted(g for g in gaps if g > 7) == sorted(b - a + 1 for a, b in signal.pauses)
    assert timer_s(kept) == timer_s(signal) == LONG.duration_s - 1
    assert weights_s(kept).sum() <= timer_s(kept)
    assert weights_s(signal).sum() == pytest.approx(timer_s(signal), abs=len(signal.pauses))


def test_averages_do_not_depend_on_how_often_records_are_kept():
    """Time-weighted means of smart recording agree with the second-by-second ones."""
    for seed in range(8):
        signal = _run(seed)
        kept = recorded(signal, Recording.SMART, np.random.default_rng(seed))
        for name, close in (("stance_time_ms", 0.7), ("cadence_spm", 0.4)):
            assert average(kept, name) == pytest.approx(average(signal, name), abs=close)


def test_a_channel_that_never_speaks_has_no_average():
    """The mean of nothing is nothing, never 0."""
    signal = _run(0)
    silent = replace(signal, channels={"stance_time_ms": np.full(LONG.duration_s, np.nan)})
    assert average(silent, "stance_time_ms") is None
    assert average(silent, "power_w") is None
