"""The coach's rules on a whole home: weeks add up, sessions are placed, the page's queries run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from carryover import app
from carryover.catalogue.thresholds import every_threshold, threshold
from carryover.home import Home

PAGE = Path(__file__).parents[1] / "docs" / "coach.md"
QUERIES = re.findall(r"```sql\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("query", QUERIES, ids=lambda q: re.search(r"from (\w+)", q)[1])
def test_the_queries_of_the_page_answer(twelve_weeks: Home, query: str):
    """What the page shows to copy runs as it stands on a warehouse and finds rows."""
    assert len(app.ask(twelve_weeks, query)) > 0


def test_every_rule_has_its_query():
    """Each of the coach's tables is asked on the page but the weekly one, which is named."""
    asked = {re.search(r"from (\w+)", query)[1] for query in QUERIES}
    assert asked == {
        "training_week", "session_placement", "microcycle_review", "dose_share", "exercise_best",
        "pain_review", "dose_advice", "screening_due",
    }  # fmt: skip
    assert "exercise_progress" in PAGE.read_text("utf-8")


def test_thresholds_that_the_page_names_exist():
    """A limit named on the page is a row of the table threshold."""
    named = set(re.findall(r"\(`([a-z_]+)`", PAGE.read_text("utf-8")))
    assert {"sessions_per_week", "placement_long_s", "pain_scale_back"} <= named
    assert named <= set(every_threshold()["name"])


def test_weeks_are_unbroken_and_add_up(twelve_weeks: Home):
    """No week is missing, and the weeks hold every run, session and dose exactly once."""
    weeks = app.ask(twelve_weeks, "select * from training_week order by week_start")
    steps = weeks["week_start"].diff().drop_nulls().dt.total_days()
    assert len(weeks) in {12, 13}
    assert set(steps) == {7}
    whole = app.ask(
        twelve_weeks,
        "select (select count(*) from run) as runs, "
        "(select sum(distance_m) from run) as distance_m, count(*) as sessions, sum(dose) as dose "
        "from strength_session where kind = 'strength'",
    ).row(0, named=True)
    assert whole["sessions"] > 5
    assert weeks["n_runs"].sum() == whole["runs"]
    assert weeks["distance_m"].sum() == pytest.approx(whole["distance_m"])
    assert weeks["strength_sessions"].sum() == whole["sessions"]
    assert weeks["dose"].sum() == pytest.approx(whole["dose"])


def test_a_week_is_judged_where_it_can_be(twelve_weeks: Home):
    """Two sessions are kept or missed in every full week since the first one, and in no other."""
    weeks = app.ask(
        twelve_weeks,
        "select kept_two, glute_sessions >= 2 as has_two, is_over and not is_silent and "
        "week_start + 6 >= (select min(local_date) from strength_session where kind = 'strength') "
        "as is_judged from training_week",
    )
    assert weeks["kept_two"].is_not_null().to_list() == weeks["is_judged"].to_list()
    judged = weeks.filter("is_judged")
    assert judged["kept_two"].to_list() == judged["has_two"].to_list()
    assert 0 < len(judged) < len(weeks)


def test_microcycles_hold_the_dose_of_their_weeks(twelve_weeks: Home):
    """The microcycles' dose is that of the days they span, and none overlaps another."""
    found = app.ask(
        twelve_weeks,
        "select from_date, to_date, dose, (select sum(d.dose) from dose_day as d "
        "where d.local_date between from_date and to_date) as of_days "
        "from microcycle_review where review = 'microcycle' order by from_date",
    )
    assert len(found) >= 2
    assert (found["from_date"][1:] > found["to_date"][:-1]).all()
    known = found.drop_nulls("dose")
    assert known["dose"].to_list() == pytest.approx(known["of_days"].to_list())


def test_every_strength_session_is_placed(twelve_weeks: Home):
    """Each session has one row, and a flag if and only if it is not well placed."""
    found = app.ask(
        twelve_weeks,
        "select p.flag, p.is_well_placed from session_placement as p "
        "full join (from strength_session where kind = 'strength') as s using (session_id)",
    )
    assert found["is_well_placed"].null_count() == 0
    assert (found["flag"].is_null() == found["is_well_placed"]).all()


def test_the_maximum_follows_the_sets(twelve_weeks: Home):
    """The best of an exercise is the largest that Epley's formula makes of its weighted sets."""
    found = app.ask(
        twelve_weeks,
        "select b.best, max(s.weight_kg * (1 + s.reps / 30)) as own from exercise_best as b "
        "join strength_set as s using (exercise_id) "
        "where b.exercise_id = 'hip_thrust' and s.reps <= 12 and s.is_warmup is not true "
        "group by b.best",
    )
    assert len(found) == 1
    assert found["best"][0] == pytest.approx(found["own"][0])


@pytest.mark.parametrize(
    ("low", "high"),
    [("pain_hold", "pain_scale_back"), ("screening_block_d", "screening_rest_d")],
)
def test_limits_stand_in_their_order(low: str, high: str):
    """A limit that opens a graver answer lies beyond the milder one's."""
    assert threshold(low) < threshold(high)


def test_nothing_is_promised_and_nobody_is_shamed(twelve_weeks: Home):
    """No sentence speaks of causes, of healing or of failing."""
    said = app.ask(
        twelve_weeks,
        "select says from training_week union all select says from microcycle_review "
        "union all select reason from pain_review union all select reason from dose_advice",
    )
    text = " ".join(said.to_series().to_list()).lower()
    for word in ("cause", "heal", "prevent", "fail", "only 0", "!", "injur", "skipped", "should"):
        assert word not in text, word
