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
from carryover.estimate.dose import acute_48, chronic, dose_day, ewma_load

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


def test_no_sessions_and_no_runs_give_no_days():
    """Empty frames give an empty frame; runs alone give a calendar of zeros."""
    nobody = sessions_of(("a", date(2024, 1, 3), 1.0, "strength")).clear()
    runs = pl.DataFrame({"athlete_id": ["a"], "local_date": [date(2024, 1, 1)]})
    assert dose_day(nobody, runs.clear()).schema == pl.Schema(columns.DOSE_DAY)
    assert dose_day(nobody, runs)["chronic_28"].to_list() == [0.0]
