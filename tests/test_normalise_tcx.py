"""TCX activities become the same recordings as the watch's own files, with what TCX can tell."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carryover import columns
from carryover.decode import decode_file, sniff
from carryover.normalise import TABLES, normalise
from carryover.normalise.tcx_laps import chosen_gaps
from carryover.rawfile import RawFile
from carryover.settings import Athlete
from fit_bytes import begin, records, session, steady
from tcx_documents import (
    START,
    activity,
    creator,
    database,
    extended,
    lap,
    of_points,
    point,
    run,
    track,
)

BERLIN = Athlete(home_timezone="Europe/Berlin")


def told(content: str | bytes, athlete: Athlete | None = None):
    whole = content if isinstance(content, bytes) else content.encode()
    kind = sniff(whole)
    recording = decode_file(RawFile("run", "sha", kind, whole))
    developer = recording.developer
    return normalise(
        kind, recording.messages, athlete or Athlete(), "sha", developer=developer
    )  # fmt: skip


def row(content: str | bytes, athlete: Athlete | None = None) -> dict:
    return told(content, athlete).frames["activity"].row(0, named=True)


def samples(content: str | bytes) -> pl.DataFrame:
    return told(content).frames["sample"]


FULL = (
    "<AltitudeMeters>308.5</AltitudeMeters><HeartRateBpm><Value>150</Value></HeartRateBpm>"
    + extended("<Speed>3.1</Speed><RunCadence>85</RunCadence><Watts>240</Watts>")
)


def test_frames_have_exactly_the_canonical_columns():
    """What leaves normalise has the vocabulary's columns and types, in order."""
    frames = told(run(5, FULL, behind=creator())).frames
    assert set(frames) == {"activity", "sample", "lap"}
    for name, frame in frames.items():
        assert frame.schema == pl.Schema(TABLES[name])


def test_every_channel_arrives_in_our_units():
    """Strides become steps; place, height, distance, speed, heart rate and power arrive as told."""
    first = samples(run(5, FULL)).row(0, named=True)
    expected = {
        "distance_m": 0.0, "speed_mps": 3.1, "altitude_m": 308.5, "heart_rate_bpm": 150.0,
        "cadence_spm": 170.0, "power_w": 240.0, "latitude_deg": 48.0, "longitude_deg": 8.5,
    }  # fmt: skip
    channels = {name: first[name] for name in columns.SAMPLE if name in expected}
    assert channels == expected
    absent = ("stance_time_ms", "vertical_oscillation_mm", "temperature_c", "step_length_mm")
    assert [first[name] for name in absent] == [None] * 4


@pytest.mark.parametrize(
    "inside",
    ["<Cadence>85</Cadence>", extended("<RunCadence>85</RunCadence>"), "<Cadence>170</Cadence>"],
)
def test_strides_and_steps_are_one_cadence(inside):
    """Whichever tag holds it and whichever way it counts, the cadence is the same."""
    assert samples(run(20, inside))["cadence_spm"].to_list() == [170.0] * 20


def test_zero_is_no_heart_rate_but_a_true_standstill():
    """A heart rate of 0 is missing; a speed of 0 is a value."""
    inside = "<HeartRateBpm><Value>0</Value></HeartRateBpm>" + extended("<Speed>0</Speed>")
    frame = samples(run(3, inside))
    assert frame["heart_rate_bpm"].to_list() == [None] * 3
    assert frame["speed_mps"].to_list() == [0.0] * 3


# --- pauses


@given(first=st.integers(2, 20), pause=st.integers(2, 900), second=st.integers(2, 20))
def test_a_new_track_inside_a_lap_is_a_pause(first, pause, second):
    """No second between two tracks of a lap is run, however short it is."""
    begins = first + pause
    content = database(activity(lap(
        track(*(point(i) for i in range(first))),
        track(*(point(begins + i) for i in range(second))),
    )))  # fmt: skip
    frame = samples(content)
    assert frame["dt_s"].sum() == first + second - 2
    assert frame["segment"].to_list() == [0] * first + [1] * second


@given(first=st.integers(2, 20), second=st.integers(2, 20), doubled=st.booleans())
def test_a_lap_border_is_no_pause_and_its_doubled_point_is_one_instant(first, second, doubled):
    """Running goes on from lap to lap, whether the point between is written once or twice."""
    begins = first - 1 if doubled else first
    content = database(activity(
        lap(track(*(point(i) for i in range(first)))),
        lap(track(*(point(begins + i) for i in range(second))), start=begins),
    ))  # fmt: skip
    frame = samples(content)
    assert frame.height == begins + second
    assert frame["dt_s"].sum() == begins + second - 1
    assert frame["segment"].unique().to_list() == [0]


def test_tracks_that_touch_are_no_pause():
    """Where a track begins at the very instant at which the last one ended, nobody paused."""
    tracks = (track(*(point(i) for i in range(5))), track(*(point(4 + i) for i in range(5))))
    assert samples(database(activity(lap(*tracks))))["dt_s"].sum() == 8


def paused_in_one_track(timer_s: float, *, told_pause: bool = False) -> str:
    """A lap of 49 s with a gap of 20 s, and one second of a point around it."""
    early, late = [point(i) for i in range(20)], [point(39 + i) for i in range(11)]
    tracks = (track(*early), track(*late)) if told_pause else (track(*early, *late),)
    return database(activity(lap(*tracks, seconds=timer_s)))


@pytest.mark.parametrize(
    ("timer_s", "moving_s"), [(29.0, 29.0), (30.4, 29.0), (49.0, 49.0), (38.0, 49.0), (0, 49.0)]
)
def test_a_gap_that_the_laps_timer_lacks_is_a_pause(timer_s, moving_s):
    """Garmin writes one track a lap: the timer tells whether a silence was a pause."""
    assert row(paused_in_one_track(timer_s))["moving_s"] == moving_s
    both = row(paused_in_one_track(timer_s, told_pause=True))
    assert both["moving_s"] == 29.0


def test_a_pause_that_a_track_tells_is_not_taken_for_the_one_that_lacks():
    """A lap with a told pause of 21 s and a silent one of 20 s loses both from its moving time."""
    early = track(*(point(i) for i in range(10)))
    late = track(*(point(i) for i in (*range(30, 40), *range(59, 70))))
    assert row(database(activity(lap(early, late, seconds=28.4))))["moving_s"] == 28.0


@pytest.mark.parametrize("timer_s", [171, 150])
def test_smart_recording_is_no_pause(timer_s):
    """Nobody can say which of many steps of 9 s the timer was off in: none is made a pause."""
    points = (point(i * 9) for i in range(20))
    assert row(database(activity(lap(track(*points), seconds=timer_s))))["moving_s"] == 171.0


@given(gaps=st.lists(st.integers(1, 60), max_size=12), lacking=st.integers(10, 200))
def test_gaps_are_taken_only_where_they_explain_what_lacks(gaps, lacking):
    """What is chosen adds up to the missing time, to 2 s a pause; else nothing is chosen."""
    chosen = chosen_gaps(pl.Series(gaps, dtype=pl.Float64).to_numpy(), lacking)
    assert abs(sum(gaps[i] for i in chosen) - lacking) <= 2 * len(chosen) or not chosen
    if lacking in gaps and max(gaps) == lacking:
        assert [gaps[i] for i in chosen] == [lacking]


# --- laps and totals


def test_laps_say_when_they_began_and_how_long_they_lasted():
    """A lap lasts until the next or the last point, moves by its timer, and says what ended it."""
    content = database(activity(
        lap(track(point(0), point(60)), seconds=55.5,
            told="<DistanceMeters>180</DistanceMeters><Intensity>Active</Intensity><TriggerMethod>Distance</TriggerMethod>"),
        lap(track(point(60), point(90)), start=60, seconds=30.6),
        f"<Lap>{track(point(90), point(95))}</Lap>",
    ))  # fmt: skip
    rows = told(content).frames["lap"].drop("activity_id").rows()
    second = dt.timedelta(seconds=1)
    assert rows == [
        (0, START, 60.0, 55.5, 180.0, "distance", "active"),
        (1, START + 60 * second, 30.6, 30.6, None, None, None),
        (2, START + 90 * second, 5.0, None, None, None, None),
    ]


def test_what_is_no_run_has_its_laps_sums():
    """A ride keeps no instants: its timer and distance are those that its laps tell."""
    km = "<DistanceMeters>10000.5</DistanceMeters>"
    content = database(activity(
        lap(track(point(0), point(1800)), seconds=1500, told=km),
        lap(track(point(1800), point(3600)), start=1800, seconds=1400.5, told=km),
        sport="Biking",
    ))  # fmt: skip
    result = told(content)
    (held,) = result.frames["activity"].rows(named=True)
    assert set(result.frames) == {"activity"}
    assert (held["sport"], held["moving_s"], held["distance_m"], held["elapsed_s"]) == (
        "cycling", 2900.5, 20001.0, 3600.0
    )  # fmt: skip


def test_a_run_without_points_is_its_summary():
    """Typed in by hand or indoors: the laps' sums stand, and it is said that there is no more."""
    km = "<DistanceMeters>5000</DistanceMeters>"
    result = told(database(activity(lap(seconds=1500, told=km), lap(start=1600, seconds=100))))
    (held,) = result.frames["activity"].rows(named=True)
    assert held["started_at"] == START
    assert held["ended_at"] == START + dt.timedelta(seconds=1700)
    assert (held["moving_s"], held["distance_m"], held["n_records"]) == (1600.0, 5000.0, 0)
    assert [p.what for p in result.problems] == [
        "a run without a single record: only its summary counts"
    ]
    assert "sample" not in result.frames


@pytest.mark.parametrize("seconds", ["nan", "-5", "1e300", "9" * 30])
def test_a_damaged_timer_is_no_timer(seconds):
    """A lap's time that nobody can have run is missing."""
    content = database(activity(lap(track(point(0), point(9)), seconds=seconds)))
    assert told(content).frames["lap"]["moving_s"].to_list() == [None]


# --- sports


FAST = extended("<Speed>8</Speed>")
STEPPING = "<Cadence>85</Cadence>"


@pytest.mark.parametrize(
    ("word", "inside", "sport"),
    [
        ("Running", FAST, "running"),
        ("running", "", "running"),
        ("Biking", STEPPING, "cycling"),
        ("Walking", STEPPING, "walking"),
        ("Other", STEPPING, "running"),
        ("Other", "", "other"),
        ("Other", "<Cadence>60</Cadence>", "other"),
        ("Other", STEPPING + FAST, "other"),
        (None, "", "running"),
        ("", FAST, "unknown"),
    ],
)
def test_the_sport_is_what_the_file_says_else_what_speed_and_steps_say(word, inside, sport):
    """Other is a run only by a runner's speed and steps; nothing said at all, by speed alone."""
    result = told(run(60, inside, sport=word))
    assert result.frames["activity"]["sport"].to_list() == [sport]
    guessed = word in ("Other", None) and sport == "running"
    assert [p.what.startswith("no sport is named") for p in result.problems] == [True] * guessed


# --- who and when


def test_a_watch_is_told_by_its_creator():
    """Name, serial number and firmware are the Creator's; nobody guesses a maker."""
    held = row(run(3, behind=creator()))
    assert (held["manufacturer"], held["device"], held["serial"], held["firmware"]) == (
        "TCX", "Forerunner 935", "3952083700", "7.10"
    )  # fmt: skip
    assert held["dynamics_source"] == "none"
    bare = row(run(3))
    assert (bare["device"], bare["serial"], bare["firmware"]) == (None, None, None)


def test_a_watchs_fit_and_its_tcx_are_one_recording():
    """Serial number, first instant and sport name a recording, whatever format it came in."""
    watch = session(records(begin(serial=3952083700), steady(5)), elapsed_s=5).file()
    assert row(watch)["activity_id"] == row(run(5, behind=creator()))["activity_id"]
    other = row(run(5, behind=creator(unit="3952083701")))
    assert row(watch)["activity_id"] != other["activity_id"]


@pytest.mark.parametrize("unit", ["0", "1", "123", "", "n/a", "4294967295", "-3952083700", "٣٩٥٢"])
def test_a_number_that_no_watch_has_names_no_recording(unit):
    """Apps write 0, 1 or nothing: then the content names the recording."""
    assert row(run(3, behind=creator(unit)))["identity"] == "sha#0"


def test_activities_of_one_file_are_recordings_of_their_own():
    """Each has a key of its own; the same one written twice counts once, and it is said."""
    one = activity(lap(track(*(point(i) for i in range(5)))), behind=creator())
    two = activity(lap(track(*(point(90 + i) for i in range(5))), start=90), behind=creator())
    plain = activity(lap(track(*(point(i) for i in range(5)))))
    result = told(database(one, two, one, plain, plain))
    keys = result.frames["activity"]["identity"].to_list()
    assert keys == [
        "3952083700@20240504T070000/running", "3952083700@20240504T070130/running", "sha#3", "sha#4"
    ]  # fmt: skip
    assert [p.what for p in result.problems] == ["the file holds the same recording twice"]
    assert result.frames["sample"]["activity_id"].n_unique() == 4
    assert result.frames["sample"].height == 20


def test_an_activity_of_a_clock_never_set_is_left_out_and_the_others_stand():
    """1999 is no year of a watch: that activity is left out, in words."""
    old = activity(lap(track(point(0, time="1999-01-01T00:00:00Z"))))
    result = told(database(old, activity(lap(track(point(0), point(1))))))
    assert result.frames["activity"].height == 1
    assert result.partial
    assert "clock was wrong" in result.problems[0].what


@pytest.mark.parametrize(
    ("time", "place", "tz", "source"),
    [
        ("2024-05-04T22:30:00Z", True, "Europe/Berlin", "position"),
        ("2024-05-04T22:30:00Z", False, "Asia/Tokyo", "home"),
        ("2024-05-05T00:30:00+02:00", True, "Europe/Berlin", "file"),
        ("2024-05-05T01:30:00+03:00", True, "UTC+03:00", "file"),
        ("2024-05-04T22:30:00+00:00", True, "Europe/Berlin", "position"),
    ],
)
def test_the_clock_is_the_files_offset_else_the_place_else_home(time, place, tz, source):
    """Z says nothing of where the runner was; an offset does, the position does, home is last."""
    held = row(of_points(point(time=time, place=place)), Athlete(home_timezone="Asia/Tokyo"))
    assert (held["tz"], held["tz_source"]) == (tz, source)
    assert held["local_date"] == dt.date(2024, 5, 5)


# --- real files


def real(corpus, name):
    (path,) = corpus.rglob(name)
    return told(path.read_bytes(), Athlete()).frames


def test_a_real_tcx_agrees_with_its_fit_instant_by_instant(corpus):
    """One run in two formats: the same instants, key, heart rate, distance, cadence and pauses."""
    watch, export = real(corpus, "testdata.fit"), real(corpus, "testdata.tcx")
    both = watch["sample"].join(export["sample"], on="recorded_at", suffix="_tcx")
    assert watch["sample"].height == export["sample"].height == both.height == 46
    for name, tolerance in {
        "heart_rate_bpm": 0, "dt_s": 0, "moving_s": 0, "segment": 0, "distance_m": 1e-5,
        "speed_mps": 1e-6, "latitude_deg": 1e-9, "longitude_deg": 1e-9,
        # FIT has half strides that TCX leaves out.
        "cadence_spm": 1.0,
    }.items():  # fmt: skip
        assert (both[name] - both[f"{name}_tcx"]).abs().max() <= tolerance, name
    # Heights are Garmin's own correction, 8 m lower here.
    assert both["altitude_m_tcx"].null_count() == 0
    (fit,), (tcx,) = (f["activity"].rows(named=True) for f in (watch, export))
    same = ("activity_id", "sport", "local_date", "tz", "elapsed_s", "moving_s", "serial")
    assert [tcx[name] for name in same] == [fit[name] for name in same]
    assert tcx["avg_heart_rate_bpm"] == pytest.approx(fit["avg_heart_rate_bpm"], abs=1e-9)
    assert tcx["distance_m"] == pytest.approx(fit["distance_m"], abs=1e-4)


def test_a_real_tcx_has_the_laps_of_its_fit(corpus):
    """Timer and distance of every lap are the watch's own; elapsed time is whole seconds in TCX."""
    watch, export = real(corpus, "testdata.fit")["lap"], real(corpus, "testdata.tcx")["lap"]
    exact = ("lap_index", "started_at", "moving_s", "distance_m")
    assert export.select(exact).equals(watch.select(exact))
    assert (export["elapsed_s"] - watch["elapsed_s"]).abs().max() < 1.0
    assert export["trigger"].to_list() == ["manual"] * 4


def test_two_watches_on_one_run_agree(corpus):
    """Two TCX of one run on two wrists: the same minutes, and metres within a hundredth."""
    first, second = (
        real(corpus, f"activity_{n}.tcx")["activity"].row(0, named=True)
        for n in (2422230532, 2422280562)
    )
    assert (second["started_at"] - first["started_at"]).total_seconds() == 2
    assert second["distance_m"] == pytest.approx(first["distance_m"], rel=0.01)
    assert second["elapsed_s"] == pytest.approx(first["elapsed_s"], abs=2)
    assert (first["n_records"], second["n_records"]) == (748, 308)
    assert (first["device"], second["device"]) == ("Forerunner 935", "Garmin Forerunner 620")
    assert second["avg_heart_rate_bpm"] is None
