"""What is missing for a verdict is told as a date, never as one that is past."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.answers import both_since
from dashboards.by_when import NO_DATE, by_when

TODAY = date(2026, 11, 22)
ROW = {
    "verdict": "not enough data", "registered_version": 1, "weeks_as_now": None,
    "plan_weeks": None, "n_weeks": 60.0, "n_runs": 100, "n_switches": 6,
    "metric": "stance_time_ms", "outcome": "decay",
}  # fmt: skip
CASES = {
    "settled": (ROW | {"verdict": "carrying over"}, None, ""),
    "as now": (ROW | {"weeks_as_now": 2}, None, "about 6 December 2026 going on as now"),
    "planned alone": (
        ROW | {"plan_weeks": 1}, None,
        "about 29 November 2026 with planned blocks (`carryover plan`)",
    ),
    "doubt, not data": (ROW, None, NO_DATE),
    "too few weeks": (
        ROW | {"n_weeks": 24.0}, None,
        "not before 6 December 2026, with as many runs a week as so far",
    ),
    "too few long runs": (
        ROW | {"n_weeks": 30.0, "n_runs": 15}, None,
        "not before 11 April 2027, with as many runs a week as so far",
    ),
    "too few changes": (
        ROW | {"n_switches": 3}, None,
        "not before 3 January 2027, with as many runs a week as so far and blocks of 6 weeks",
    ),
    "no question": (
        ROW | {"registered_version": None}, date(2026, 11, 1),
        "not before 2 May 2027: any verdict takes 26 weeks of runs with a strength log",
    ),
    "nothing at all": (
        None, None, "not before 23 May 2027: any verdict takes 26 weeks of runs with a strength log"
    ),
    "an old record without a question": (
        ROW | {"registered_version": None}, date(2020, 1, 1), NO_DATE
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_each_lack_has_its_date(case: str) -> None:
    """By weeks to come, by the gate's least amounts, or none where no date can be named."""
    row, since, told = CASES[case]
    assert by_when(row, TODAY, since=since) == told


@given(
    st.floats(0, 300), st.integers(0, 500), st.integers(0, 12),
    st.none() | st.integers(1, 260), st.none() | st.integers(1, 260),
)  # fmt: skip
def test_no_date_is_past(
    weeks: float, runs: int, switches: int, now: int | None, plan: int | None
) -> None:
    """Whatever is missing, the words are there and name no year before this one."""
    row = ROW | {
        "n_weeks": weeks, "n_runs": runs, "n_switches": switches, "weeks_as_now": now,
        "plan_weeks": plan,
    }  # fmt: skip
    told = by_when(row, TODAY, since=None)
    assert told
    years = [int(word.strip(",:")) for word in told.split() if word.strip(",:").isdigit()]
    assert all(year >= TODAY.year for year in years if year > 1000)


def test_a_record_begins_where_runs_and_log_are_both_there() -> None:
    """The later of the two days counts; where one is missing there is none."""
    early, late = TODAY - timedelta(days=9), TODAY
    assert both_since({"first_run": early, "first_session": late}) == late
    assert both_since({"first_run": early, "first_session": None}) is None
