"""One visit, told by many: the answer hangs on what the sources say, never on who came first."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sql_cases_gym import source, told
from sql_harness import known, world

UNHURRIED = settings(deadline=None, max_examples=25)
ORIGINS = ["fit", "hevy", "strong", "log", "strava"]
VISIT = st.tuples(
    st.sampled_from(ORIGINS), st.integers(12, 40).map(lambda n: n / 2),
    st.sampled_from([None, 10, 40, 90]), st.sampled_from(["strength", "activation"]),
    st.booleans(),
)  # fmt: skip


def sessions(drawn):
    """Return drawn visits as gym_source tells them; a log may know no time."""
    rows = []
    for number, (origin, hour, minutes, kind, timeless) in enumerate(drawn):
        told_hour = None if timeless and origin == "log" else hour
        rows += told((f"{origin}{number}", origin, told_hour, minutes), kind=kind)
    return [source(row) for row in rows]


def visits(rows):
    """Return each session's visit."""
    model = known()[0]["gym_visit"]
    with world({"gym_source": rows}, model.reads) as connection:
        found = connection.execute(f"select session_id, visit_id from ({model.sql})").fetchall()
    assert len(found) == len(rows)
    return dict(found)


@UNHURRIED
@given(st.lists(VISIT, max_size=7), st.randoms(use_true_random=False))
def test_visits_do_not_hang_on_the_order_of_arrival(drawn, random):
    """The same sessions in any order are the same visits under the same keys."""
    rows = sessions(drawn)
    assert visits(rows) == visits(random.sample(rows, len(rows)))


@UNHURRIED
@given(st.lists(VISIT, max_size=7))
def test_a_visit_has_one_session_of_a_source_and_the_first_ones_key(drawn):
    """No visit holds two sessions of one source; its key is that of the source believed first."""
    rows = {row["session_id"]: row for row in sessions(drawn)}
    members = {}
    for session, visit in visits(list(rows.values())).items():
        members.setdefault(visit, []).append(rows[session])
    for visit, held in members.items():
        assert len({row["origin"] for row in held}) == len(held)
        first = min(held, key=lambda row: row["origin_rank"])
        assert first["session_id"] == visit


def test_a_source_more_changes_no_other_visit():
    """An export that comes later joins the visits that are there and leaves their keys alone."""
    watch = [source(row) for row in told(("w", "fit", 18, 40), ("x", "fit", 7, 30))]
    app = [source(row) for row in told(("h", "hevy", 18, 40), ("i", "hevy", 12, 30))]
    before, after = visits(watch), visits(watch + app)
    assert {s: after[s] for s in before} == before
    assert (after["h"], after["i"]) == ("w", "i")
