"""Dose: X = 1 is two a week, the past only, and 48 hours by the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from carryover import columns
from carryover.estimate.dose import acute_48, acute_within, chronic, dose_day, ewma_load

DOSES = arrays(np.float64, st.integers(1, 80), elements=st.floats(0.0, 5.0))
TAUS = st.sampled_from([7.0, 14.0, 28.0, 42.0])


@pytest.mark.parametrize("tau_d", [14.0, 28.0, 42.0])
def test_two_a_week_is_one(tau_d):
    """Two sessions of dose 1 a week settle at X = 1, averaged over the week."""
    days = np.zeros(7 * 120)
    days[1::7] = days[4::7] = 1.0
    assert chronic(days, tau_d)[-7:].mean() == pytest.approx(1.0, abs=1e-4)


@settings(deadline=None, derandomize=True)
@given(DOSES, TAUS)
def test_chronic_is_its_definition(doses, tau_d):
    """The recursion equals the sum over strictly earlier days."""
    n = doses.size
    lag = np.arange(n)[:, None] - np.arange(n)[None, :]
    kernel = np.where(lag > 0, np.exp(-np.maximum(lag, 1) / tau_d), 0.0)
    steady = 2 / 7 * np.exp(-1 / tau_d) / (1 - np.exp(-1 / tau_d))
    assert chronic(doses, tau_d) == pytest.approx(kernel @ doses / steady, abs=1e-9)


@settings(deadline=None, derandomize=True)
@given(DOSES, TAUS, st.data())
def test_only_the_past_counts(doses, tau_d, data):
    """Changing today's and later doses and loads leaves today's values alone."""
    today = data.draw(st.integers(0, doses.size - 1))
    other = doses.copy()
    other[today:] += 3.0
    for made in (lambda d: chronic(d, tau_d), lambda d: ewma_load(d, tau_d, 1.0)):
        assert made(other)[: today + 1] == pytest.approx(made(doses)[: today + 1])


@settings(deadline=None, derandomize=True)
@given(st.floats(0.0, 50.0), TAUS)
def test_a_steady_load_is_its_own_mean(load, tau_d):
    """A load that never changes, started from itself, stays itself."""
    assert ewma_load(np.full(60, load), tau_d, load) == pytest.approx(np.full(60, load))


HOURS = st.lists(st.integers(0, 300), min_size=0, max_size=12)


@settings(deadline=None, derandomize=True)
@given(HOURS, HOURS)
def test_acute_is_a_plain_sum_over_48_hours(sessions, runs):
    """Whatever the order, it is the sum of doses strictly before and at most 48 h back."""
    zero = np.datetime64("2024-03-01T00:00:00", "us")
    times = zero + np.array(sessions, dtype="timedelta64[h]")
    at = zero + np.array(runs, dtype="timedelta64[h]")
    doses = 1.0 + np.arange(times.size) / 4
    expected = [
        sum(d for s, d in zip(sessions, doses, strict=True) if run - 48 <= s < run) for run in runs
    ]
    assert acute_48(times, doses, at) == pytest.approx(np.array(expected, dtype=float), abs=1e-9)


DAY = np.timedelta64(24, "h")
NOON = np.datetime64("2024-03-01T12:00:00", "us")


@settings(deadline=None, derandomize=True)
@given(st.lists(st.integers(0, 12), min_size=1, max_size=8), HOURS)
def test_an_unknown_hour_counts_as_its_mean_over_the_day(days, runs):
    """Sessions without a time dose what they would on average, were each hour as likely."""
    noons = NOON + np.array(days) * DAY
    at = NOON + np.array(runs, dtype="timedelta64[h]")
    doses = np.arange(noons.size) - 1.5
    steps = np.arange(-12 * 60 + 5, 12 * 60, 10).astype("timedelta64[m]")
    mean = np.mean([acute_48(noons + step, doses, at) for step in steps], axis=0)
    spread = acute_48(noons, doses, at, np.zeros(noons.size, dtype=bool))
    assert spread == pytest.approx(mean, abs=1e-9)


@settings(deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(0, 300), st.booleans()), min_size=1, max_size=8), HOURS)
def test_days_and_instants_tell_the_same(sessions, runs):
    """Times as instants and as days after any zero give one acute dose, timed or not."""
    hours, timed = np.array([h for h, _ in sessions]), np.array([known for _, known in sessions])
    doses = 1.0 + np.arange(hours.size) / 4
    instants = (NOON + at.astype("timedelta64[h]") for at in (hours, np.array(runs, dtype=int)))
    session_times, run_times = instants
    days = acute_within(hours / 24.0, doses, np.array(runs) / 24.0, timed)
    assert acute_48(session_times, doses, run_times, timed) == pytest.approx(days, abs=1e-9)


@pytest.mark.parametrize(
    ("hours", "share"),
    [(-12, 0), (6 - 12, 0.25), (12, 1), (24, 1), (36, 1), (36 + 6, 0.75), (60, 0), (90, 0)],
)
def test_a_day_without_an_hour_is_whole_for_the_next_day(hours, share):
    """Of a session at an unknown hour a run of that day has a part, of the next all, then less."""
    run = np.array([NOON + np.timedelta64(hours, "h")])
    found = acute_48(np.array([NOON]), np.array([2.0]), run, np.array([False]))
    assert found == pytest.approx([2.0 * share])
    assert share or found[0] == 0.0


def sessions_of(*rows):
    return pl.DataFrame(
        [
            {
                "athlete_id": athlete,
                "started_at": datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=18),
                "local_date": day,
                "dose": dose,
                "exposure": kind,
            }
            for athlete, day, dose, kind in rows
        ],
        schema_overrides={"dose": pl.Float64()},
    )


def test_dose_day_is_an_unbroken_calendar_for_each_athlete():
    """One row a day from the first run or session to the last; only known strength counts."""
    sessions = sessions_of(
        ("a", date(2024, 1, 3), 1.5, "strength"),
        ("a", date(2024, 1, 5), 9.0, "activation"),
        ("b", date(2024, 2, 1), 1.0, "strength"),
    )  # fmt: skip
    runs = pl.DataFrame(
        {"athlete_id": ["a", "a"], "local_date": [date(2024, 1, 1), date(2024, 1, 8)]}
    )
    found = dose_day(sessions, runs)
    own = found.filter(pl.col("athlete_id") == "a")
    assert own["local_date"].to_list() == [date(2024, 1, d) for d in range(1, 9)]
    assert own["acute_48"].to_list() == [0.0, 0.0, 1.5, 1.5, 0.0, 0.0, 0.0, 0.0]
    assert own["chronic_28"][2] == 0.0
    assert own["chronic_28"][3] == pytest.approx(1.5 * chronic(np.array([1.0, 0.0]), 28.0)[1])
    assert found.filter(pl.col("athlete_id") == "b").height == 1


def test_dose_day_keeps_its_channels_apart():
    """Each fading column is the fading sum of its own exposure; one that nobody tells is null."""
    days = [date(2024, 1, d) for d in range(1, 10)]
    sessions = sessions_of(
        *[("a", day, 1.0, "strength") for day in days[::3]],
        *[("a", day, 0.5, "activation") for day in days[1::2]],
        *[("a", day, 0.25, "left") for day in days[::3]],
    )
    runs = pl.DataFrame({"athlete_id": ["a"], "local_date": [days[-1]]})
    found = dose_day(sessions, runs)
    put = {"strength": np.zeros(9), "activation": np.zeros(9), "left": np.zeros(9)}
    put["strength"][::3], put["activation"][1::2], put["left"][::3] = 1.0, 0.5, 0.25
    expected = {
        "chronic_14": chronic(put["strength"], 14.0), "chronic_28": chronic(put["strength"], 28.0),
        "chronic_42": chronic(put["strength"], 42.0), "left_28": chronic(put["left"], 28.0),
        "activation_28": chronic(put["activation"], 28.0),
    }  # fmt: skip
    for name, values in expected.items():
        assert found[name].to_numpy() == pytest.approx(values), name
    assert found["strides_28"].null_count() == found["right_28"].null_count() == 9


def test_no_sessions_and_no_runs_give_no_days():
    """Empty frames give an empty frame; runs alone give a calendar of zeros."""
    nobody = sessions_of(("a", date(2024, 1, 3), 1.0, "strength")).clear()
    runs = pl.DataFrame({"athlete_id": ["a"], "local_date": [date(2024, 1, 1)]})
    assert dose_day(nobody, runs.clear()).schema == pl.Schema(columns.DOSE_DAY)
    assert dose_day(nobody, runs)["chronic_28"].to_list() == [0.0]
