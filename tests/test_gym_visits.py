"""One visit, told by many: the answer hangs on what the sources say, never on who came first."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from carryover import app
from carryover.home import Home
from carryover.settings import Settings
from exports import strava_row, strava_zip
from fit_bytes import SET, at, begin, session
from sql_cases_gym import grouped, source, told
from strength_cases import HEVY, STRONG_ANDROID, A, H

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
    found = {row["session_id"]: row["visit_id"] for row in grouped(rows)}
    assert len(found) == len(rows)
    return found


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
    for name, visit in visits(list(rows.values())).items():
        members.setdefault(visit, []).append(rows[name])
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


def watch():
    """A watch's gym session: four sets without a weight, 10 minutes from 07:00 UTC."""
    made = begin(serial=5_001).define(5, SET, [(6, "uint32", 1), (5, "enum", 1), (7, "uint16", 1)])
    for number in range(4):
        made.data(5, at(60 * number), 1, 28)
    return session(made, elapsed_s=600, sport=10, sub_sport=20).file()


def export(header, row):
    return f"{header}\n{row}\n{row}\n".encode()


def test_one_visit_of_watch_apps_log_and_strava_is_one_session(tmp_path):
    """Files of five sources, night after night in any order, are one session with one's sets."""
    files = {
        "watch.fit": watch(),
        "hevy.csv": export(HEVY, H.replace("22 Dec 2025, 08:0", "4 May 2024, 07:0")
                           .replace("22 Dec 2025, 08:3", "4 May 2024, 07:3")),
        "strong.csv": export(STRONG_ANDROID, A.replace("2024-05-06 18:30", "2024-05-04 07:10")),
        "strength.csv": b"date,exercise,sets,reps\n2024-05-04,squat,2,8\n",
        "export_9.zip": strava_zip({}, [
            strava_row(9, "May 4, 2024, 7:02:00 AM", name="Legs", sport="Weight Training",
                       elapsed_s=1500)
        ]),
    }  # fmt: skip
    query = """
        select s.session_id, s.n_sources, s.n_sets, list(t.weight_kg) from strength_session as s
        join strength_set as t using (session_id) group by all
    """
    answers = set()
    for number, order in enumerate(itertools.permutations(files)):
        if number % 40:
            continue
        home = Home(tmp_path / str(number))
        home.prepare()
        for name in order:
            (home.raw / name).write_bytes(files[name])
            app.ingest(home, Settings())
        app.build_and_publish(home, Settings())
        ((key, n_sources, n_sets, weights),) = app.ask(home, query).rows()
        answers.add((key, n_sources, n_sets, tuple(weights)))
    ((_, n_sources, n_sets, weights),) = answers
    assert (n_sources, n_sets, weights) == (5, 2, (60, 60))
