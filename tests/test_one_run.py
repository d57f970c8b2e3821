"""One run, several recordings: the whole way from files to tables."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from carryover import app
from carryover.settings import Athlete, Prefer, Recordings, Settings
from carryover.warehouse.read import open_published
from homes import home_with
from made_runs import DAY_S, WRIST_MS, Made, copy, pod, stretch, track, watch

HOUR = 3600.0
ONE = Made()
TWIN = Made(seed=2, metres=float(ONE.distance_m[-1]))
"""Another run of the same length and distance."""
POD_MS = float(ONE.contact_ms(seed=1).mean())
"""What the pod measured over the whole run."""
HERE = Settings(athlete=Athlete(home_timezone="Europe/Zurich"))

# Each day one story: files by name, and how many runs they are.
STORIES = {
    "a watch and a pod of one second": (
        {"watch.fit": (watch, 0), "pod.fit": (pod, 0)}, 1),
    "a pod one second late": ({"watch.fit": (watch, 0), "pod.fit": (pod, 1)}, 1),
    "a pod 40 s late": ({"watch.fit": (watch, 0), "pod.fit": (pod, 40)}, 1),
    "a pod an hour early by its clock": ({"watch.fit": (watch, 0), "pod.fit": (pod, -HOUR)}, 1),
    "a pod an hour early that was started 12 s late": (
        {"watch.fit": (watch, 0), "pod.fit": (lambda made, since: pod(made, since + 12), -HOUR)},
        1,
    ),
    "a copy that tells local time as UTC": (
        {"watch.fit": (watch, 0), "copy.fit": (copy, 2 * HOUR)}, 1),
    "a watch, a pod, a copy and a track": (
        {"watch.fit": (watch, 0), "pod.fit": (pod, 3), "copy.fit": (copy, 0),
         "track.gpx": (track, 1)}, 1),
    "a copy and a track alone": ({"copy.fit": (copy, 0), "track.gpx": (track, HOUR)}, 1),
    "a run in the morning and one in the evening": (
        {"am.fit": (watch, 0), "pm.fit": (watch, 10 * HOUR, TWIN)}, 2),
    "two like runs an hour apart to the second": (
        {"one.fit": (watch, 0), "two.fit": (watch, HOUR, TWIN)}, 2),
    "two like runs two hours apart, one by phone": (
        {"one.fit": (watch, 0), "two.gpx": (track, 2 * HOUR, TWIN)}, 2),
    "a short run right after a long one": (
        {"one.fit": (watch, 0), "two.fit": (watch, 1510, Made(seconds=600, seed=5))}, 2),
    "a watch saved and begun anew beside a phone": (
        {
            "one.fit": (lambda made, since: stretch(made, since, 0, 700), 0),
            "two.fit": (lambda made, since: stretch(made, since, 760, 1500), 0),
            "phone.gpx": (track, 0),
        },
        1,
    ),
    "a watch whose pod died half way": (
        {"watch.fit": (watch, 0),
         "pod.fit": (lambda made, since: pod(made, since, until_s=750), 0)}, 1),
}  # fmt: skip


def files_of(stories):
    """Return every file of the stories, each story on a day of its own."""
    made = {}
    for day, name in enumerate(STORIES):
        if name in stories:
            for file, (writer, since_s, *run) in STORIES[name][0].items():
                content = writer(run[0] if run else ONE, day * DAY_S + since_s)
                made[f"{day:02d}/{file}"] = content
    return made


def night(home, settings=HERE):
    app.ingest(home, settings)
    app.build_and_publish(home, settings, force=True)
    return home


def ask(home, sql):
    with open_published(home.published) as reader:
        return reader.frame(sql)


def day_of(name):
    return dt.date(2024, 5, 4) + dt.timedelta(days=list(STORIES).index(name))


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """All stories, read and built once."""
    return night(home_with(tmp_path_factory.mktemp("home"), files_of(STORIES)))


@pytest.mark.parametrize("name", STORIES)
def test_files_are_as_many_runs_as_there_were(home, name):
    """Whatever clocks say, files of one run are one run and different runs stay apart."""
    day = day_of(name)
    found = ask(home, f"select run_id from run where local_date = '{day}'")
    assert found.height == STORIES[name][1]
    sources = ask(
        home, f"select count(*) from run_source join run using (run_id) where local_date = '{day}'"
    )
    assert sources.item() == len(STORIES[name][0])


def test_each_channel_comes_from_its_best_source(home):
    """The pod gives contact time, the watch the places; the tables say which gave which."""
    day = day_of("a watch, a pod, a copy and a track")
    rows = ask(
        home,
        "select c.channel_group, s.source_kind from run_channel c join run r using (run_id) "
        f"join run_source s using (run_id, activity_id) where r.local_date = '{day}'",
    )
    told = dict(rows.rows())
    assert told["dynamics"] == "pod"
    assert told["cadence"] == "pod"
    assert told["position"] == "watch"
    assert told["heart_rate"] == "watch"
    run = ask(home, f"select * from run where local_date = '{day}'").row(0, named=True)
    assert run["n_sources"] == 4
    assert run["dynamics_activity_id"] == run["timeline_activity_id"]
    assert run["position_activity_id"] not in {run["dynamics_activity_id"], None}
    assert "stryd" in run["sensor_epoch"].lower()


@pytest.mark.parametrize(
    "name", ["a watch and a pod of one second", "a pod an hour early by its clock",
             "a watch, a pod, a copy and a track"]
)  # fmt: skip
def test_form_is_the_pod_s_and_place_and_heart_are_the_watch_s(home, name):
    """The merged run has the pod's contact time, not the wrist's, beside the watch's pulse."""
    found = ask(
        home,
        "select f.stance_time_ms, f.stance_time_ms_coverage_pct, r.avg_heart_rate_bpm, "
        "(select count(latitude_deg) / count(*) from sample s where s.run_id = r.run_id) as placed "
        f"from run r join run_form f using (run_id) where r.local_date = '{day_of(name)}'",
    ).row(0, named=True)
    assert found["stance_time_ms"] == pytest.approx(POD_MS, abs=0.5)
    assert found["stance_time_ms_coverage_pct"] > 99
    assert found["avg_heart_rate_bpm"] == pytest.approx(ONE.heart_rate_bpm.mean(), abs=0.5)
    assert found["placed"] > 0.99


def test_lent_channels_stand_at_their_own_second(home):
    """After a clock was set by an hour, heart rate and speed of one second are of that second."""
    day = day_of("a pod an hour early by its clock")
    rows = ask(
        home,
        "select s.elapsed_s, s.heart_rate_bpm, s.recorded_at from sample s "
        f"join run r using (run_id) where r.local_date = '{day}' order by 1",
    )
    assert rows["heart_rate_bpm"].to_list() == ONE.heart_rate_bpm.tolist()
    assert rows["recorded_at"][0] == dt.datetime.combine(day, dt.time(7), dt.UTC)


def test_a_pod_that_covers_half_of_the_run_lends_what_it_has(home):
    """The watch keeps the time; nothing of the wrist's is mixed into the pod's channel."""
    day = day_of("a watch whose pod died half way")
    run = ask(home, f"select moving_s from run where local_date = '{day}'").item()
    assert run == pytest.approx(1500, abs=1)
    found = ask(
        home,
        "select stance_time_ms, stance_time_ms_coverage_pct from run_form "
        f"where local_date = '{day}'",
    ).row(0)
    assert found[0] == pytest.approx(ONE.contact_ms(seed=1)[:751].mean(), abs=0.5)
    assert found[1] == pytest.approx(50, abs=1)


def test_parts_of_a_run_take_nothing_from_the_whole(home):
    """Two halves by watch beside a whole by phone: the run is as long and far as it was."""
    day = day_of("a watch saved and begun anew beside a phone")
    found = ask(home, f"select distance_m, moving_s from run where local_date = '{day}'").row(0)
    assert found[0] == pytest.approx(ONE.distance_m[-1], rel=0.01)
    assert found[1] == pytest.approx(1500, abs=2)


def test_every_recording_stays_queryable(home):
    """Each instant of each recording of a joined run is there, by its own clock."""
    day = day_of("a watch, a pod, a copy and a track")
    rows = ask(
        home,
        "select s.source_kind, count(*) from recording_sample join run_source s "
        "using (run_id, activity_id) join run using (run_id) "
        f"where local_date = '{day}' group by 1 order by 1",
    ).rows()
    assert rows == [("copy", 376), ("pod", 1501), ("track", 1501), ("watch", 1501)]


KEPT = ("run", "run_source", "run_channel", "activity", "sample")
FULL = "a watch, a pod, a copy and a track"


def tables(home):
    return {name: ask(home, f"select * from {name} order by all") for name in KEPT}


def test_the_order_of_arrival_does_not_matter(tmp_path):
    """Files that come one a night end in the tables of all at once; the run keeps its key."""
    files = files_of([FULL])
    whole = tables(night(home_with(tmp_path / "whole", files)))
    first = next(name for name in files if "watch" in name)
    home, keys = home_with(tmp_path / "one by one", {}), set()
    for name in [first, *sorted(files.keys() - {first}, reverse=True)]:
        after = night(home_with(home.root, {name: files[name]}))
        keys.add(ask(after, "select run_id from run").item())
    assert len(keys) == 1
    for name, frame in tables(home).items():
        assert frame.equals(whole[name]), name


@pytest.mark.parametrize("writer", [watch, copy, track, pod])
def test_a_run_has_one_key_from_any_file(tmp_path, writer):
    """A run's key is the same from a watch's file, a copy, a track or a pod."""
    found = ask(night(home_with(tmp_path, {"x": writer(ONE, 0)})), "select run_id from run").item()
    watched = ask(
        night(home_with(tmp_path / "w", {"w": watch(ONE, 0)})), "select run_id from run"
    ).item()
    assert found == watched


def test_a_wrong_match_can_be_undone(tmp_path):
    """[[never_same]] parts two recordings for good; the others stay with one of them."""
    files = files_of([FULL])
    home = home_with(tmp_path, files)
    parted = [name for name in files if "watch" in name or "copy" in name]
    settings = HERE.model_copy(update={"never_same": [Recordings(recordings=parted)]})
    found = ask(night(home, settings), "select run_id, activity_id from run_source")
    assert found["run_id"].n_unique() == 2
    assert found.height == 4


def test_a_missed_match_can_be_made(tmp_path):
    """[[same]] joins recordings whose clocks nobody could have guessed."""
    files = {"w.fit": watch(ONE, 0), "p.fit": pod(ONE, 5 * HOUR + 123)}
    home = home_with(tmp_path, files)
    assert ask(night(home), "select count(*) from run").item() == 2
    settings = HERE.model_copy(update={"same": [Recordings(recordings=["w.fit", "p.fit"])]})
    rows = ask(night(home, settings), "select matched_by, clock_shift_s from run_source order by 2")
    assert rows.rows() == [("configuration", -5 * HOUR - 123), (None, 0.0)]
    form = ask(home, "select stance_time_ms from run_form").item()
    assert form == pytest.approx(POD_MS, abs=0.5)


def test_a_name_that_means_nothing_is_told(tmp_path):
    """A slip in [[same]] is an issue with its remedy, never a silent nothing."""
    home = home_with(tmp_path, {"w.fit": watch(ONE, 0)})
    settings = HERE.model_copy(update={"same": [Recordings(recordings=["w.fit", "q.fit"])]})
    told = ask(
        night(home, settings), "select what, remedy from data_issue where what like '%q.fit%'"
    )
    assert told.height == 1
    assert "data/raw" in told["remedy"][0]


def test_a_person_s_preference_goes_first(tmp_path):
    """[prefer] names a device or a kind of source for a group of channels."""
    files = files_of(["a watch and a pod of one second"])
    home = home_with(tmp_path, files)
    settings = HERE.model_copy(update={"prefer": Prefer(dynamics=["garmin"])})
    form = ask(night(home, settings), "select stance_time_ms from run_form").item()
    assert form == pytest.approx(ONE.contact_ms().mean() + WRIST_MS, abs=0.5)
    told = ask(home, "select reason from run_channel where channel_group = 'dynamics'").item()
    assert "prefer" in told


def test_a_doubt_is_told_with_its_remedy(tmp_path):
    """Two recordings of one time that differ in distance are two runs, and a person is asked."""
    short = Made(metres=0.8 * float(ONE.distance_m[-1]))
    home = night(home_with(tmp_path, {"w.fit": watch(ONE, 0), "t.fit": copy(short, 0)}))
    assert ask(home, "select count(*) from run").item() == 2
    issue = ask(home, "select what, remedy from data_issue where remedy like '%[[same]]%'")
    assert issue.height == 1
    assert "km" in issue["what"][0]
    assert pl.Series(["w.fit" in issue["remedy"][0], "t.fit" in issue["remedy"][0]]).all()
