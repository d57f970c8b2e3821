"""Left and right, and the leg as a spring: formulas as laws, worked figures, an honest error."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from carryover.estimate import run_frames
from carryover.estimate.symmetry import BEFORE, EARLIEST, MIN_RUNS, baseline_side, side_of
from carryover.warehouse.models import macros
from sql_harness import known, world

START = date(2026, 1, 5)
BALANCE = st.floats(35.0, 65.0)
CONTACT_MS = st.floats(120.0, 450.0)
G = 9.81
"""Gravity of the worked figures; the product uses standard gravity, 0.03 % less."""


@cache
def connection():
    held = duckdb.connect()
    held.execute(macros())
    return held


def macro(text, *values):
    """Return what an expression over the models' own macros gives for some values."""
    [(found,)] = connection().execute(f"select {text}", list(values)).fetchall()
    return found


# Left and right --------------------------------------------------------------------------------


@given(balance=BALANCE, contact_ms=CONTACT_MS)
def test_left_and_right_are_contact_and_balance_in_other_words(balance, contact_ms):
    """Two sides give back the contact time as their mean and the balance as the left share."""
    left = macro("left_contact_ms(?, ?)", contact_ms, balance)
    right = macro("right_contact_ms(?, ?)", contact_ms, balance)
    assert (left + right) / 2 == pytest.approx(contact_ms)
    assert 100 * left / (left + right) == pytest.approx(balance)
    if abs(balance - 50) > 1e-9:
        assert (left > right) == (balance > 50)


@given(balance=BALANCE, contact_ms=CONTACT_MS)
def test_indices_follow_their_definitions(balance, contact_ms):
    """Robinson's index, normalised asymmetry and Zifchock's angle, from left and right alone."""
    left, right = 2 * contact_ms * balance / 100, 2 * contact_ms * (1 - balance / 100)
    robinson = 100 * (left - right) / (0.5 * (left + right))
    assert macro("symmetry_index_pct(?::double)", balance) == pytest.approx(robinson, abs=1e-9)
    plain = 100 * (left - right) / (left + right)
    assert macro("normalised_asymmetry_pct(?::double)", balance) == pytest.approx(plain, abs=1e-9)
    angle = 100 * (45 - np.degrees(np.arctan2(left, right))) / 90
    assert macro("symmetry_angle_pct(?::double)", balance) == pytest.approx(angle, abs=1e-9)


@given(balance=BALANCE)
def test_mirrored_runners_have_mirrored_indices(balance):
    """Left and right exchanged turn every sign and no size."""
    for name in ("symmetry_index_pct", "normalised_asymmetry_pct", "symmetry_angle_pct"):
        one, other = (macro(f"{name}(?::double)", b) for b in (balance, 100 - balance))
        assert one == pytest.approx(-other, abs=1e-9), name


@given(balance=st.floats(48.0, 52.0))
def test_near_even_the_angle_is_a_third_of_the_index(balance):
    """Within two points of even the angle is −0.318 of the index, to a thousandth of a point."""
    index, angle = (
        macro(f"{name}(?::double)", balance)
        for name in ("symmetry_index_pct", "symmetry_angle_pct")
    )
    assert angle == pytest.approx(-index / np.pi, abs=2e-3)


@pytest.mark.parametrize("sign", [1, -1])
def test_the_published_bound_of_the_angle_is_a_balance_off_by_0_94(sign):
    """A symmetry angle of 1.2 % is a balance 0.94 points off even, on either side."""
    angle = macro("symmetry_angle_pct(?::double)", 50 + sign * 0.9425)
    assert angle == pytest.approx(-sign * 1.2, abs=5e-4)


# The spring ------------------------------------------------------------------------------------


def spring(contact_s=0.25, flight_s=0.1, speed_mps=3.33, mass_kg=70.0, height_m=1.75):
    """Return force (N), sinking and compression (m), vertical and leg stiffness (kN/m)."""
    leg_m = 0.53 * height_m
    force = macro("landing_force_n(?, ?, ?, ?)", mass_kg, contact_s, flight_s, G)
    drop = macro("mass_drop_m(?, ?, ?, ?)", force, mass_kg, contact_s, G)
    bend = macro("leg_bend_m(?, ?, ?)", leg_m, speed_mps, contact_s)
    vertical = macro("vertical_stiffness_knpm(?, ?, ?, ?)", mass_kg, contact_s, flight_s, G)
    leg = macro(
        "leg_stiffness_knpm(?, ?, ?, ?, ?, ?)", mass_kg, leg_m, speed_mps, contact_s, flight_s, G
    )
    return force, drop, bend + drop, vertical, leg


def test_the_worked_figures_of_the_spring():
    """70 kg, 1.75 m, 3.33 m/s, 250 ms on the ground and 100 in the air: four digits each."""
    force, drop, compression, vertical, leg = spring()
    assert f"{force:.2f} N" == "1510.13 N"
    assert f"{drop:.5f} m" == "0.05997 m"
    assert f"{compression:.5f} m" == "0.15862 m"
    assert f"{vertical:.3f} kN/m" == "25.180 kN/m"
    assert f"{leg:.3f} kN/m" == "9.520 kN/m"


@pytest.mark.parametrize(
    ("held", "flight_s", "more_vertical", "more_leg"),
    [("flight time", 0.1, 18.8, 24.8), ("step rate", 0.125, 9.5, 26.0)],
)
def test_a_tenth_less_contact_is_a_quarter_more_leg_stiffness(
    held, flight_s, more_vertical, more_leg
):
    """At 3.33 m/s a tenth less contact time is a quarter more k_leg; k_vert asks what is held."""
    *_, vertical, leg = spring()
    *_, vertical_short, leg_short = spring(contact_s=0.225, flight_s=flight_s)
    assert 100 * (vertical_short / vertical - 1) == pytest.approx(more_vertical, abs=0.05), held
    assert 100 * (leg_short / leg - 1) == pytest.approx(more_leg, abs=0.05), held


@given(
    contact_s=st.floats(0.15, 0.35),
    flight_s=st.floats(0.02, 0.2),
    speed_mps=st.floats(2.0, 5.5),
    mass_kg=st.floats(40, 110),
)
def test_a_spring_is_softer_along_the_leg_and_grows_with_mass(
    contact_s, flight_s, speed_mps, mass_kg
):
    """The leg bends more than the body sinks, so k_leg < k_vert; both are proportional to mass."""
    *_, vertical, leg = spring(contact_s, flight_s, speed_mps, mass_kg)
    *_, vertical_2, leg_2 = spring(contact_s, flight_s, speed_mps, 2 * mass_kg)
    assert 0 < leg < vertical
    assert vertical_2 == pytest.approx(2 * vertical)
    assert leg_2 == pytest.approx(2 * leg)


# The error of one run --------------------------------------------------------------------------


def filtered_seconds(seed, seconds=3600, tau_s=15.0, sd=0.8):
    """Return one-second balance as a watch's filter leaves it: correlated over some 30 s."""
    rng = np.random.default_rng(seed)
    keep = np.exp(-1.0 / tau_s)
    noise = rng.normal(0.0, sd * np.sqrt(1 - keep**2), seconds + 600)
    return 50.8 + lfilter([1.0], [1.0, -keep], noise)[600:]


def block_error(values):
    """Return the standard error that `run_balance` gives for one-second values."""
    bins = values.reshape(-1, 120).mean(axis=1)
    rows = [
        {"run_id": "r", "metric": "stance_time_balance_pct", "bin_index": 6 + i,
         "is_baseline": True, "value": float(value), "valid_s": 120.0}
        for i, value in enumerate(bins)
    ]  # fmt: skip
    model = known()[0]["run_balance"]
    with world({"bin_metric": rows}, model.reads) as held:
        return held.execute(f"select se_pct from ({model.sql})").fetchone()[0]


def test_blocks_tell_the_error_that_rows_hide():
    """Over 200 made runs blocks tell the mean's true spread; rows tell a fifth of it."""
    runs = [filtered_seconds(seed) for seed in range(200)]
    true = np.std([run.mean() for run in runs], ddof=1)
    by_rows = np.mean([run.std(ddof=1) / np.sqrt(run.size) for run in runs])
    by_blocks = np.sqrt(np.mean([block_error(run) ** 2 for run in runs[:60]]))
    told = f"true {true:.4f}, rows {by_rows:.4f}, blocks {by_blocks:.4f}; seeds 0…199"
    assert by_blocks == pytest.approx(true, rel=0.2), told
    assert true > 4.5 * by_rows, told


def test_folding_finds_an_imbalance_in_an_even_runner():
    """The mean of |balance − 50| of an even runner is far from 0; a fixed side's score is not."""
    rng = np.random.default_rng(8)
    runs = 50.0 + rng.normal(0.0, 0.4, 400)
    folded, scored = np.abs(runs - 50).mean(), (runs - 50).mean()
    assert folded == pytest.approx(0.4 * np.sqrt(2 / np.pi), rel=0.1), "seed 8"
    assert abs(scored) < 3 * 0.4 / np.sqrt(400), "seed 8"


# The athlete's side ----------------------------------------------------------------------------


def levels(mean, n=40, *, sd=0.4, seed=1, every_d=2, lag_1=0.0):
    rng = np.random.default_rng(seed)
    noise = rng.normal(0.0, sd, n)
    for i in range(1, n):
        noise[i] = lag_1 * noise[i - 1] + np.sqrt(1 - lag_1**2) * noise[i]
    days = [START + timedelta(days=every_d * i) for i in range(n)]
    return pl.DataFrame({"local_date": days, "y": mean + noise})


@given(mean=st.floats(48.0, 52.0), seed=st.integers(0, 50))
@settings(max_examples=40)
def test_a_mirrored_athlete_has_the_other_side(mean, seed):
    """Left and right exchanged exchange the side and keep the interval's width."""
    one = levels(mean, seed=seed)
    mine, other = (
        side_of(one, 50.0, None),
        side_of(one.with_columns(y=100 - pl.col("y")), 50.0, None),
    )
    assert mine.side == {"left": "right", "right": "left", None: None}[other.side]
    assert mine.mean == pytest.approx(100 - other.mean)
    assert mine.se == pytest.approx(other.se)


def test_the_side_stays_as_later_runs_come():
    """A side is fixed: runs after its period, whatever they say, change nothing of it."""
    early = levels(51.0, n=30)
    later = pl.DataFrame(
        {"local_date": [START + timedelta(days=100 + i) for i in range(200)], "y": [48.0] * 200}
    )
    both = pl.concat([early, later])
    for started_on in (None, START + timedelta(days=60)):
        first = side_of(
            early.filter(pl.col("local_date") < START + timedelta(days=60)), 50.0, started_on
        )
        assert side_of(both, 50.0, started_on) == first
        assert first.side == "left"


def test_the_period_lies_before_strength_work_where_it_can():
    """Runs before the first session if there are eight, else the first six weeks, said so."""
    held = levels(51.0, n=40)
    before = side_of(held, 50.0, START + timedelta(days=30))
    assert (before.period, before.before_exposure, before.n_runs) == (BEFORE, True, 15)
    assert before.to_date < START + timedelta(days=30)
    first = side_of(held, 50.0, START + timedelta(days=6))
    assert (first.period, first.before_exposure, first.n_runs) == (EARLIEST, False, 21)
    never = side_of(held, 50.0, None)
    assert (never.period, never.before_exposure, never.n_runs) == (EARLIEST, True, 21)


def test_few_runs_or_an_even_mean_are_no_side():
    """Fewer than eight runs, or a mean that may be 50, give no side but a reason with numbers."""
    few = side_of(levels(52.0, n=MIN_RUNS - 1), 50.0, None)
    assert (few.side, few.mean) == (None, None)
    assert few.reason == "7 runs with balance at reference speed so far; 8 are needed"
    even = side_of(levels(50.0, seed=2), 50.0, None)
    assert even.side is None
    assert "cannot be told from 50" in even.reason
    sparse = side_of(levels(52.0, n=MIN_RUNS, every_d=30), 50.0, None)
    assert (sparse.side, sparse.n_runs) == ("left", MIN_RUNS), "rare runs are still eight"


def test_an_even_athlete_is_rarely_given_a_side():
    """Of 400 even athletes whose runs resemble their neighbours (φ = .3), few get a side."""
    sides = [side_of(levels(50.0, seed=s, lag_1=0.3), 50.0, None).side for s in range(400)]
    share = sum(side is not None for side in sides) / len(sides)
    assert share <= 0.09, f"{share:.3f} of even athletes have a side, seeds 0…399"


def test_each_sensor_has_its_own_side():
    """Two sensors of one athlete may disagree, and another metric or a drift tells no side."""
    left, right = levels(51.5, seed=3), levels(48.5, seed=4)
    parts = []
    for name, frame in (("a", left), ("b", right)):
        parts.append(
            frame.with_columns(
                run_id=pl.format("{}{}", pl.lit(name), pl.int_range(pl.len())),
                sensor_epoch=pl.lit(name), athlete_id=pl.lit("me"),
                metric=pl.lit("stance_time_balance_pct"), outcome=pl.lit("level"),
            )
        )  # fmt: skip
    told = pl.concat(parts)
    drift = told.with_columns(outcome=pl.lit("decay"), y=pl.lit(3.0))
    other = told.with_columns(metric=pl.lit("cadence_spm"), y=pl.lit(170.0))
    outcomes = pl.concat([told, drift, other]).select("run_id", "metric", "outcome", "y")
    runs = told.select("run_id", "athlete_id", "sensor_epoch", "local_date")
    sessions = pl.DataFrame(
        schema={
            "athlete_id": pl.String,
            "local_date": pl.Date,
            "dose": pl.Float64,
            "exposure": pl.String,
        }
    )
    found = baseline_side(outcomes, runs, sessions)
    assert dict(found.select("sensor_epoch", "baseline_side").iter_rows()) == {
        "a": "left", "b": "right",
    }  # fmt: skip
    assert found.schema == pl.Schema(run_frames.BASELINE_SIDE)
    assert baseline_side(outcomes.clear(), runs, sessions).is_empty()
