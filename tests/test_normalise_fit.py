"""From a watch's values to ours: units, missing values, sensors, sessions, sports."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover import columns
from carryover.decode import decode_file
from carryover.normalise import normalise
from carryover.normalise.channels import Channels, fit_channels
from carryover.rawfile import FileKind, RawFile
from carryover.settings import Athlete
from fit_bytes import (
    RECORD,
    SESSION,
    START,
    FitBytes,
    activity,
    at,
    begin,
    instant,
    records,
    run,
    session,
    steady,
    timer,
)

DYNAMICS = (
    "stance_time_ms", "stance_time_balance_pct", "stance_time_percent", "vertical_oscillation_mm",
    "vertical_ratio_pct", "step_length_mm",
)  # fmt: skip


def told(content: bytes, **athlete):
    recording = decode_file(RawFile("run.fit", "sha", FileKind.FIT, content))
    return normalise(
        FileKind.FIT, recording.messages, Athlete(**athlete), "sha", developer=recording.developer
    )


def samples(content: bytes) -> pl.DataFrame:
    return told(content).frames["sample"]


def activity_row(content: bytes, **athlete) -> dict:
    return told(content, **athlete).frames["activity"].row(0, named=True)


def of_rows(rows) -> bytes:
    return session(records(begin(), rows), elapsed_s=len(rows)).file()


def fit_frame(**held) -> pl.DataFrame:
    n = len(next(iter(held.values())))
    times = [START + dt.timedelta(seconds=i) for i in range(n)]
    unit = pl.lit(0, pl.UInt32).alias("unit")
    return pl.DataFrame({"timestamp": times, **held}).with_columns(unit)


def channels(frame: pl.DataFrame) -> Channels:
    return fit_channels(frame, 1)


def test_frames_have_exactly_the_canonical_columns():
    """What leaves normalise has the vocabulary's columns and types, in order."""
    frames = told(run(10)).frames
    assert frames["sample"].schema == pl.Schema(columns.SAMPLE)
    assert frames["activity"].schema == pl.Schema(columns.ACTIVITY)


def test_values_arrive_in_our_units():
    """Semicircles, strides, tenths of milliseconds: each becomes the unit in its name."""
    row = {
        "position_lat": 48.0, "position_long": 8.0, "altitude": 312.0, "vertical_ratio": 8.25,
        "step_length": 1150.0, "stance_time_percent": 35.5, "fractional_cadence": 0.5,
    }  # fmt: skip
    first = samples(of_rows(steady(20, **row))).row(0, named=True)
    assert first["latitude_deg"] == pytest.approx(48.0, abs=1e-6)
    assert first["cadence_spm"] == pytest.approx(171.0)
    assert first["stance_time_ms"] == 250.0
    assert first["stance_time_percent"] == 35.5
    assert first["step_length_mm"] == 1150.0
    assert first["altitude_m"] == 312.0


def test_a_published_cadence_is_159_steps():
    """79 strides and half a stride a minute are 159 steps a minute, both feet."""
    row = {"cadence": 79.0, "fractional_cadence": 0.5}
    assert set(samples(of_rows(steady(20, **row)))["cadence_spm"]) == {159.0}


def test_a_channel_that_the_file_lacks_is_null():
    """A watch without dynamics gives no contact time, and certainly not 0."""
    frame = samples(of_rows([{"timestamp": i, "speed": 3.0} for i in range(20)]))
    for name in (*DYNAMICS, "heart_rate_bpm", "cadence_spm", "power_w", "latitude_deg"):
        assert frame[name].null_count() == frame.height


@given(zeros=st.lists(st.booleans(), min_size=10, max_size=30))
def test_a_zero_of_a_dynamics_field_is_no_value(zeros):
    """COROS writes 0 for missing; a balance of 0 never becomes 50, nor 0."""
    balance = [0.0 if zero else 51.2 for zero in zeros]
    contact = [0.0 if zero else 250.0 for zero in zeros]
    records_ = fit_frame(
        stance_time_balance=balance, stance_time=contact, heart_rate=[0.0] * len(zeros)
    )
    frame = channels(records_).frame
    expected = [None if zero else 51.2 for zero in zeros]
    assert frame["stance_time_balance_pct"].to_list() == expected
    assert frame["stance_time_ms"].to_list() == [None if zero else 250.0 for zero in zeros]
    assert frame["heart_rate_bpm"].null_count() == len(zeros)


def test_a_balance_of_all_or_nothing_is_no_balance():
    """One foot never has all of the contact; such values are a sensor's noise."""
    frame = channels(fit_frame(stance_time_balance=[100.0, 255.0, 51.0])).frame
    assert frame["stance_time_balance_pct"].to_list() == [None, None, 51.0]


@given(odd=st.sampled_from([float("nan"), float("inf"), float("-inf")]))
def test_a_number_that_is_not_finite_is_no_value(odd):
    """A float that a damaged file makes infinite or no number at all has no value."""
    held = fit_frame(distance=[odd, 5.0], power=[odd, 200.0], stance_time=[odd, 250.0])
    frame = channels(held).frame
    assert frame["distance_m"].to_list() == [None, 5.0]
    assert frame["power_w"].to_list() == [None, 200.0]
    assert frame["stance_time_ms"].to_list() == [None, 250.0]


def test_a_true_zero_speed_stays():
    """Standing is data: a speed of 0 is kept, the distance beside it too."""
    frame = samples(of_rows([{"timestamp": i, "speed": 0.0, "distance": 0.0} for i in range(5)]))
    assert frame["speed_mps"].to_list() == [0.0] * 5
    assert frame["distance_m"].to_list() == [0.0] * 5


@given(strides=st.floats(64, 106), running=st.lists(st.floats(-3, 3), min_size=9, max_size=40))
def test_strides_become_steps_and_steps_stay(strides, running):
    """The running median decides the unit, once a file: 60–110 are strides, 120–220 steps."""
    cadence = [strides + wobble for wobble in running]
    speed = [3.0] * len(cadence)
    middle = pl.Series(cadence).median()
    as_strides = channels(fit_frame(cadence=cadence, speed=speed)).frame
    assert as_strides["cadence_spm"].median() == pytest.approx(2 * middle)
    doubled = channels(fit_frame(cadence=[2 * c for c in cadence], speed=speed)).frame
    assert doubled["cadence_spm"].to_list() == pytest.approx(as_strides["cadence_spm"].to_list())


def test_centimetres_in_a_field_of_millimetres_are_seen():
    """An oscillation of 9 can only be centimetres, and the file's owner is told; 90 stays."""
    cm, mm = of_rows(steady(60, vertical_oscillation=9.0)), of_rows(steady(60))
    assert set(samples(cm)["vertical_oscillation_mm"]) == {90.0}
    assert set(samples(mm)["vertical_oscillation_mm"]) == {90.0}
    assert any("centimetres" in problem.what for problem in told(cm).problems)
    assert not any("centimetres" in problem.what for problem in told(mm).problems)


def test_walking_breaks_do_not_decide_the_unit_of_cadence():
    """A file of mostly walking is judged by its running seconds."""
    cadence, speed = [55.0] * 60 + [85.0] * 20, [1.2] * 60 + [3.0] * 20
    frame = channels(fit_frame(cadence=cadence, speed=speed)).frame
    assert frame["cadence_spm"].to_list() == [110.0] * 60 + [170.0] * 20


@pytest.mark.parametrize("middle", [115.0, 250.0])
def test_a_cadence_that_is_neither_is_left_out_and_told(middle):
    """A median between or above the two units is not guessed at."""
    held = channels(fit_frame(cadence=[middle] * 9, speed=[3.0] * 9))
    assert held.frame["cadence_spm"].null_count() == 9
    assert "neither strides nor steps" in held.problems[0][0].what


@given(data=st.data())
@settings(max_examples=25)
def test_the_order_of_records_does_not_matter(data):
    """A file whose records come out of order is the same run."""
    rows = steady(15)
    shuffled = data.draw(st.permutations(rows))
    first, second = told(of_rows(rows)), told(of_rows(shuffled))
    assert first.frames["sample"].equals(second.frames["sample"])
    assert first.frames["activity"].equals(second.frames["activity"])


def test_time_written_twice_or_backwards_is_put_right():
    """A second that occurs twice is one sample, and time rises strictly."""
    rows = [*steady(10), *steady(6)]
    frame = samples(session(records(begin(), rows), elapsed_s=10).file())
    assert frame["elapsed_s"].to_list() == [float(i) for i in range(11)]


@pytest.mark.parametrize("year", [1990, 1999, 2060])
def test_a_clock_that_was_never_set_is_told(year):
    """A run before 2000 or after tomorrow is set aside with its date in words."""
    shift = instant(dt.datetime(year, 6, 1, tzinfo=dt.UTC)) - at(0)
    made = begin().define(1, RECORD, [(253, "uint32", 1), (6, "uint16", 1)])
    for second in range(5):
        made.data(1, at(second + shift), 3000)
    result = told(session(made, elapsed_s=5, start_s=shift).file())
    assert result.rows("activity") == 0
    assert result.partial
    assert any(str(year) in p.what or "never set" in p.what for p in result.problems)


def test_the_timers_stops_are_pauses():
    """Nothing between a stop and the next start is run."""
    rows = [*steady(20), *({**row, "timestamp": row["timestamp"] + 100} for row in steady(20))]
    made = timer(
        records(begin(), rows), [(0, "start"), (20, "stop"), (100, "start"), (120, "stop")]
    )
    frame = samples(session(made, elapsed_s=120).file())
    assert frame["dt_s"].sum() == 40
    assert frame["segment"].max() == 1


def test_sessions_share_no_instant():
    """In a triathlon every record belongs to one leg, also at the border."""
    made = records(begin(), steady(60))
    session(made, elapsed_s=30, sport=2)
    session(made, elapsed_s=30, start_s=30, sport=1)
    frames = told(made.file()).frames
    assert frames["activity"]["n_records"].sum() == 61
    assert frames["activity"]["sport"].to_list() == ["cycling", "running"]
    assert frames["sample"]["recorded_at"].min() == START + dt.timedelta(seconds=30)


def test_a_summary_that_ends_too_soon_does_not_cut_the_run():
    """A lone session of no length takes every record after its start."""
    row = activity_row(session(records(begin(), steady(60)), elapsed_s=0).file())
    assert row["n_records"] == 61
    assert row["ended_at"] == START + dt.timedelta(seconds=60)


def test_a_leg_that_ends_before_it_begins_has_no_records():
    """A summary whose end lies before its start takes no instant, and no negative number."""
    made = session(records(begin(), steady(60)), elapsed_s=20, sport=2)
    made.define(2, SESSION, [(253, "uint32", 1), (2, "uint32", 1), (5, "enum", 1)])
    rows = told(made.data(2, at(30), at(50), 1).file()).frames["activity"]
    assert rows.select("sport", "n_records").rows() == [("cycling", 23), ("running", 0)]


def test_one_recording_twice_in_a_chain_counts_once():
    """Two chained copies of a run are one recording and its samples once."""
    for serial in (77, 0):
        copy = session(records(begin(serial=serial), steady(10)), elapsed_s=10).file()
        result = told(copy * 2)
        assert result.rows("activity") == 1
        assert result.rows("sample") == 11


def test_chained_activities_keep_their_own_records():
    """Two activities that overlap in time do not take one another's seconds."""
    other = session(records(begin(serial=9), steady(20, speed=5.0)), elapsed_s=20, sport=2).file()
    frames = told(run(30) + other).frames
    assert sorted(frames["activity"]["n_records"].to_list()) == [21, 31]
    assert frames["sample"]["speed_mps"].to_list() == [3.0] * 31


def test_the_key_is_the_watch_and_the_first_record():
    """A re-saved copy of a recording has its key; another watch or athlete has not."""
    original = activity_row(run(30))["activity_id"]
    resaved = session(records(begin(), steady(30)), elapsed_s=31)
    assert activity_row(resaved.file())["activity_id"] == original
    other = session(records(begin(serial=390_078), steady(30)), elapsed_s=30).file()
    assert activity_row(other)["activity_id"] != original
    assert activity_row(run(30), id="ben")["activity_id"] != original


@pytest.mark.parametrize("serial", [390_077, 1, None])
@pytest.mark.parametrize("created_s", [-400_000_000, -7200, 3600, 500_000_000, None])
def test_when_a_file_was_made_says_nothing_of_its_run(serial, created_s):
    """A wrong or missing `time_created` moves no start, date or key: the records tell the time."""
    fields = [(0, "enum", 1), (1, "uint16", 1), (3, "uint32z", 1), (4, "uint32", 1)]

    def made(created):
        head = FitBytes().define(0, 0, fields).data(0, 4, 1, serial, created)
        return activity_row(session(records(head, steady(30)), elapsed_s=30).file())

    assert made(None if created_s is None else at(created_s)) == made(at(0))
    assert made(at(0))["started_at"] == START


def test_a_serial_number_that_is_none_names_nothing():
    """Apps write 1 for a serial number: two such files of one second are two recordings."""
    files = [session(records(begin(serial=1), steady(n)), elapsed_s=n).file() for n in (30, 40)]
    first, second = (activity_row(content)["identity"] for content in files)
    assert first.startswith("sha#")
    assert second.startswith("sha#")


def test_a_file_without_a_summary_is_a_run_if_it_has_contact_times():
    """A file cut off before its session is taken as what its records say, and is partial."""
    result = told(records(begin(), steady(30)).file())
    assert result.partial
    assert result.frames["activity"]["sport"].to_list() == ["running"]


def test_a_ride_has_no_samples():
    """Only runs have form; a ride is one row, its balance is no contact balance."""
    result = told(session(records(begin(), steady(30)), elapsed_s=30, sport=2).file())
    assert result.rows("sample") == 0
    assert result.rows("activity") == 1


def test_a_virtual_run_is_not_on_an_island():
    """The place of a virtual run is invented: the runner is at home."""
    rows = steady(20, position_lat=-11.63, position_long=166.95)
    made = session(records(begin(), rows), elapsed_s=20, sub_sport=58).file()
    row = activity_row(made, home_timezone="Europe/Berlin")
    assert (row["tz"], row["tz_source"]) == ("Europe/Berlin", "home")


def test_the_watchs_clock_gives_the_local_date():
    """The activity message's local time decides the day, to its offset."""
    made = session(records(begin(), steady(20)), elapsed_s=20)
    row = activity_row(activity(made, end_s=20, offset_s=-8 * 3600).file())
    assert (row["tz"], row["tz_source"]) == ("UTC-08:00", "file")
    assert row["local_date"] == dt.date(2024, 5, 3)


@pytest.mark.parametrize(("told_rpe", "expected"), [(70, 7.0), (10, 1.0), (0, None), (None, None)])
def test_the_effort_told_to_the_watch_is_the_sessions(told_rpe, expected):
    """Session field 193 counts to 100; a gym session gets its tenth, 0 is no answer."""
    fields = [
        (253, "uint32", 1),
        (2, "uint32", 1),
        (7, "uint32", 1),
        (5, "enum", 1),
        (6, "enum", 1),
    ]
    made = begin().define(2, SESSION, [*fields, (193, "uint8", 1)])
    made.data(2, at(1800), at(0), 1_800_000, 10, 20, told_rpe)
    assert told(made.file()).frames["strength_session"]["rpe"].to_list() == [expected]
