"""The demo's files read back: by Garmin's decoder, by fitparse and by gpxpy, what went in."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import fitparse
import gpxpy
import numpy as np
import pytest
from garmin_fit_sdk import Decoder, Profile, Stream

from carryover.demo import strength_writer
from carryover.demo.athlete import ACTIVATION, PROGRAMMES, STRAP, WATCH, Runner
from carryover.demo.diary import GymSession, PlannedRun, RunKind, plan
from carryover.demo.fit_writer import run_fit
from carryover.demo.gpx_writer import CadenceUnit, run_gpx, seen_by_phone
from carryover.demo.latent import latent_runs
from carryover.demo.recording import Recording, recorded, timer_s
from carryover.demo.simulate import DYNAMICS, simulate, windows

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2025, 7, 6, 7, 12, 9, tzinfo=UTC)
LONG = PlannedRun(0, RunKind.LONG, START, START.date(), 7200, 5400, 3, 18.0)

RESOLUTION = {
    "distance_m": ("distance", 0.01),
    "speed_mps": ("enhanced_speed", 0.001),
    "altitude_m": ("enhanced_altitude", 0.2),
    "latitude_deg": ("position_lat", 1e-7),
    "longitude_deg": ("position_long", 1e-7),
    "heart_rate_bpm": ("heart_rate", 1),
    "temperature_c": ("temperature", 1),
    "cadence_spm": ("cadence", 1),
    "stance_time_ms": ("stance_time", 0.1),
    "stance_time_percent": ("stance_time_percent", 0.01),
    "stance_time_balance_pct": ("stance_time_balance", 0.01),
    "vertical_oscillation_mm": ("vertical_oscillation", 0.1),
    "vertical_ratio_pct": ("vertical_ratio", 0.01),
    "step_length_mm": ("step_length", 0.1),
}
"""What a channel is called in a record, and the smallest step of that field (FIT profile)."""


def _state(run, effect_sd=0.0):
    year = plan(date(2025, 1, 6), 1, ZONE, np.random.default_rng(0))
    year = replace(year, runs=(run,))
    return latent_runs(year, Runner(), effect_sd, np.random.default_rng(1))[0]


def _signal(run=LONG, seed=0, recording=Recording.SMART, **state):
    rng = np.random.default_rng(seed)
    latent = replace(_state(run), **state)
    return recorded(simulate(run, latent, Runner(), rng), recording, rng)


def _paused_seed():
    return next(s for s in range(50) if _signal(seed=s).pauses)


def _garmin(content):
    stream = Stream.from_byte_array(bytearray(content))
    messages, errors = Decoder(stream).read(convert_datetimes_to_dates=False)
    assert not errors
    return messages


def _columns(records):
    """Return each record field as floats, in our units, NaN where it is missing."""

    def column(name):
        return np.array([np.nan if r.get(name) is None else float(r[name]) for r in records])

    found = {ours: column(theirs) for ours, (theirs, _) in RESOLUTION.items()}
    found["cadence_spm"] = 2 * (column("cadence") + column("fractional_cadence"))
    for name in ("latitude_deg", "longitude_deg"):
        found[name] = found[name] * 180 / 2**31
    return found


def _records_of_garmin(content):
    return _garmin(content)["record_mesgs"]


def _records_of_fitparse(content):
    return [m.get_values() for m in fitparse.FitFile(content).get_messages("record")]


@pytest.mark.parametrize("read", [_records_of_garmin, _records_of_fitparse])
@pytest.mark.parametrize("kind", [RunKind.LONG, RunKind.WORKOUT, RunKind.TREADMILL])
def test_records_come_back_within_resolution(read, kind):
    """Two decoders give every value back to half a step of its field, and nothing where nothing."""
    run = replace(LONG, kind=kind, duration_s=2400)
    signal = _signal(run, seed=3)
    found = _columns(read(run_fit(run, signal)))
    for name, (_, step) in RESOLUTION.items():
        wrote = signal.channels.get(name, np.full(len(signal.elapsed_s), np.nan))
        np.testing.assert_array_equal(np.isnan(found[name]), np.isnan(wrote), err_msg=name)
        np.testing.assert_allclose(found[name], wrote, atol=0.51 * step, rtol=0, err_msg=name)


def test_a_treadmill_run_has_no_place():
    """Indoors there is neither position nor height, and the sub-sport says treadmill."""
    run = replace(LONG, kind=RunKind.TREADMILL, duration_s=1800)
    messages = _garmin(run_fit(run, _signal(run)))
    assert messages["session_mesgs"][0]["sub_sport"] == "treadmill"
    assert not {"position_lat", "enhanced_altitude"} & set().union(*messages["record_mesgs"])


def test_the_session_s_averages_are_those_of_its_records():
    """The averages a watch shows are time-weighted means over the written records, pauses out."""
    content = run_fit(LONG, _signal(seed=_paused_seed()))
    messages = _garmin(content)
    records, session = messages["record_mesgs"], messages["session_mesgs"][0]
    clock = np.array([r["timestamp"] for r in records], dtype=float)
    weight = np.append(np.diff(clock), 0.0)
    weight = np.where(weight > 20, 0.0, np.minimum(weight, 5.0))
    found = _columns(records)
    for name in DYNAMICS:
        there = ~np.isnan(found[name])
        mean = np.average(found[name][there], weights=weight[there])
        field, step = RESOLUTION[name]
        assert session[f"avg_{field}"] == pytest.approx(mean, abs=step), name


def test_pauses_are_told_and_empty():
    """Timer events bracket each pause, no record lies in one, and timer time leaves them out."""
    signal = _signal(seed=_paused_seed())
    messages = _garmin(run_fit(LONG, signal))
    events = [(e["event_type"], e["timestamp"]) for e in messages["event_mesgs"]]
    assert [kind for kind, _ in events] == ["start", "stop_all", "start", "stop_all"]
    stop, restart = events[1][1], events[2][1]
    clock = [r["timestamp"] for r in messages["record_mesgs"]]
    assert not [t for t in clock if stop < t < restart]
    session = messages["session_mesgs"][0]
    assert session["total_elapsed_time"] - session["total_timer_time"] == restart - stop
    assert session["total_timer_time"] == timer_s(signal)


def test_laps_make_up_the_session():
    """Laps of a kilometre follow one another and add up to the session."""
    messages = _garmin(run_fit(LONG, _signal(seed=_paused_seed())))
    laps, session = messages["lap_mesgs"], messages["session_mesgs"][0]
    assert session["num_laps"] == len(laps)
    for field in ("total_timer_time", "total_elapsed_time", "total_distance"):
        assert sum(lap[field] for lap in laps) == pytest.approx(session[field], rel=5e-3), field
    assert all(abs(lap["total_distance"] - 1000) < 40 for lap in laps[:-1])


def test_the_file_names_watch_and_strap_and_zone():
    """The watch is the creator, the strap a dynamics sensor; local time tells the offset."""
    messages = _garmin(run_fit(LONG, _signal()))
    devices = messages["device_info_mesgs"]
    assert (
        devices[0]["serial_number"] == WATCH.serial == messages["file_id_mesgs"][0]["serial_number"]
    )
    strap = [d for d in devices if d["serial_number"] == STRAP.serial]
    assert {d["device_type"] for d in strap} == {30, 120}
    assert all(d["software_version"] == STRAP.software_version for d in strap)
    activity = messages["activity_mesgs"][0]
    assert activity["local_timestamp"] - activity["timestamp"] == LONG.offset_s


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_drift_stands_in_the_written_records(seed):
    """Two files that differ only in drift differ by it between the early and the late window."""
    flat, drifting = (
        _columns(_records_of_garmin(run_fit(LONG, _signal(seed=seed, contact_drift_ms=drift))))
        for drift in (0.0, 6.5)
    )
    moving = _signal(seed=seed, recording=Recording.EVERY_SECOND)
    early, late = windows(len(moving.elapsed_s))
    clock = _signal(seed=seed).elapsed_s
    extra = drifting["stance_time_ms"] - flat["stance_time_ms"]
    rows = np.searchsorted(moving.elapsed_s, clock)
    gained = np.nanmean(extra[late[rows]]) - np.nanmean(extra[early[rows]])
    assert gained == pytest.approx(6.5, abs=0.25)


@pytest.mark.parametrize("unit", list(CadenceUnit))
def test_a_phone_s_file_reads_back(unit):
    """GPX gives places, instants in UTC and cadence in the app's unit; a pause splits segments."""
    signal = _signal(seed=_paused_seed())
    track = gpxpy.parse(run_gpx(LONG, signal, unit, "Long run").decode()).tracks[0]
    points = [p for segment in track.segments for p in segment.points]
    assert len(track.segments) == len(signal.pauses) + 1
    assert [p.time for p in points] == [START + timedelta(seconds=s) for s in signal.elapsed_s]
    np.testing.assert_allclose(
        [p.latitude for p in points], signal.channels["latitude_deg"], atol=1e-7
    )
    cadence = [float(p.extensions[0][1].text) for p in points]
    factor = 1 if unit is CadenceUnit.STEPS else 2
    np.testing.assert_allclose(
        np.array(cadence) * factor, signal.channels["cadence_spm"], atol=0.51 * factor
    )


def test_the_phone_beside_the_watch_saw_the_same_run():
    """A second recording starts seconds later, covers the same metres and errs by a few metres."""
    watch = _signal(seed=1)
    phone = seen_by_phone(watch, np.random.default_rng(0))
    assert 0 < phone.elapsed_s[0] - watch.elapsed_s[0] < 15
    assert phone.channels["distance_m"][-1] == watch.channels["distance_m"][-1]
    wrong_m = 111_195 * np.abs(
        phone.channels["latitude_deg"] - watch.channels["latitude_deg"][-len(phone.elapsed_s) :]
    )
    assert 0.1 < wrong_m.mean() < 3


def _session(kind="strength", dose=1.0, programme=0):
    return GymSession(START, START.date(), kind, dose, programme, 1.0)


@pytest.mark.parametrize("programme", [0, 1])
def test_sets_come_back_from_the_watch(programme):
    """fitparse reads each active set: reps of both sides, weight in kg, the right exercise."""
    session = _session(programme=programme)
    content = strength_writer.strength_fit(session, ZONE, np.random.default_rng(0))
    sets = [m.get_values() for m in fitparse.FitFile(content).get_messages("set")]
    active = [s for s in sets if s["set_type"] in {"active", 1}]
    wanted = [e for e in PROGRAMMES[programme] for _ in range(e.sets)]
    assert len(sets) == 2 * len(active) == 2 * len(wanted)
    for found, exercise in zip(active, wanted, strict=True):
        assert found["repetitions"] == exercise.reps * (2 if exercise.one_sided else 1)
        assert found.get("weight") == strength_writer.load_kg(exercise, session)
    whole = _garmin(content)
    assert whole["session_mesgs"][0]["sub_sport"] == "strength_training"
    numbers = [(s["category"], s["category_subtype"]) for s in _active(whole)]
    names = [_profile_name(category, subtype) for category, subtype in numbers]
    assert len(set(names)) == len(set(wanted))


def _active(messages):
    return [s for s in messages["set_mesgs"] if s["set_type"] == "active"]


def _first(value):
    return value[0] if isinstance(value, list) else value


def _profile_name(category, subtype):
    name = _first(category)
    return Profile["types"][f"{name}_exercise_name"][_first(subtype)]


@pytest.mark.parametrize("exercise", {e for p in (*PROGRAMMES, ACTIVATION) for e in p})
def test_exercise_numbers_mean_their_names(exercise):
    """Each exercise's FIT numbers stand for that exercise in Garmin's profile."""
    category = Profile["types"]["exercise_category"][exercise.category]
    name = Profile["types"][f"{category}_exercise_name"][exercise.subtype]
    words = set(exercise.name.lower().replace("-", " ").split())
    assert len(words & set(name.replace("clams", "clam").replace("walks", "walk").split("_"))) >= (
        len(words) - 1
    ), name


@pytest.mark.parametrize(("dose", "kind"), [(1.0, "strength"), (2 / 3, "strength")])
@pytest.mark.parametrize("programme", [0, 1])
def test_watch_and_log_tell_the_same_work(dose, kind, programme):
    """One session written either way has equal repetitions and equal kilograms."""
    session = _session(kind, dose, programme)
    content = strength_writer.strength_fit(session, ZONE, np.random.default_rng(0))
    watched = [(s["repetitions"], s.get("weight") or 0.0) for s in _active(_garmin(content))]
    lines = strength_writer.log_rows(session, ZONE, np.random.default_rng(0))
    text = "\n".join([strength_writer.LOG_HEADER, *lines])
    rows = list(csv.DictReader(io.StringIO(text)))
    logged = [(int(r["sets"]) * int(r["reps"]), float(r["weight_kg"] or 0.0)) for r in rows]
    assert sum(n for n, _ in watched) == sum(n for n, _ in logged)
    assert sum(n * kg for n, kg in watched) == sum(n * kg for n, kg in logged)
    assert {(r["date"], r["time"]) for r in rows} == {("2025-07-06", "09:12")}
    assert {r["side"] for r in rows} == {"left", "right", "both"}
