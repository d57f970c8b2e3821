"""The demo home: what it promises about bytes, refusals, and the truth it keeps."""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from garmin_fit_sdk import Decoder, Stream
from hypothesis import given
from hypothesis import strategies as st

from carryover.demo import dose, write_demo
from carryover.demo.athlete import ACUTE_SHARE, RESIDUAL_SD_MS, TAU_D, Runner
from carryover.demo.diary import RunKind, plan
from carryover.demo.latent import EFFECT_FROM_S, latent_runs
from carryover.demo.truth import load_truth
from carryover.errors import UsageError
from carryover.settings import load_settings

END = date(2026, 3, 29)  # a Sunday, the night clocks go forward
ZONE = ZoneInfo(Runner().home_timezone)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A demo of nine weeks: long enough for glute work, phone runs and dirt."""
    folder = tmp_path_factory.mktemp("demo") / "home"
    write_demo(folder, weeks=9, seed=11, end_date=END)
    return folder


def _digests(folder):
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def _year(seed, weeks=52):
    return plan(date(2025, 1, 6), weeks, ZONE, np.random.default_rng([seed, 0]))


def test_equal_parameters_give_equal_bytes(tmp_path):
    """Whoever runs the demo with the same parameters gets the same files, byte for byte."""
    for name in ("one", "two"):
        write_demo(tmp_path / name, weeks=1, seed=3, end_date=END)
    write_demo(tmp_path / "other", weeks=1, seed=5, end_date=END)
    one, two, other = (_digests(tmp_path / name) for name in ("one", "two", "other"))
    assert len(one) >= 8
    assert one == two
    assert not set(one.values()) & {v for k, v in other.items() if k.endswith(".fit")}


def test_a_home_that_is_this_demo_is_left_alone(home):
    """Asking again for the same demo, with or without its date, changes no file."""
    before = {p: p.stat().st_mtime_ns for p in home.rglob("*")}
    truth = write_demo(home, weeks=9, seed=11, end_date=END)
    assert write_demo(home, weeks=9, seed=11) == truth == load_truth(home)
    assert {p: p.stat().st_mtime_ns for p in home.rglob("*")} == before


@pytest.mark.parametrize(
    "other", [{"weeks": 8}, {"seed": 5}, {"effect_sd": 0.0}, {"end_date": date(2026, 1, 4)}]
)
def test_a_demo_of_other_parameters_is_never_overwritten(home, other):
    """A home that holds another demo is refused, and the words name a way out."""
    asked = {"weeks": 9, "seed": 11, "end_date": END} | other
    with pytest.raises(UsageError, match=r"other parameters.*--weeks 9 --seed 11.*--home"):
        write_demo(home, **asked)


@pytest.mark.parametrize("place", ["data/raw/mine.fit", "data/raw/watch/a.fit", "carryover.toml"])
def test_a_runner_s_own_home_is_refused_and_untouched(tmp_path, place):
    """The demo never writes beside a person's own files or configuration."""
    own = tmp_path / place
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_bytes(b"mine")
    with pytest.raises(UsageError, match="--home another-demo"):
        write_demo(tmp_path, weeks=1, end_date=END)
    assert list(_digests(tmp_path)) == [place]
    assert own.read_bytes() == b"mine"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"generator": "carryover demo 0"}'])
def test_a_truth_of_another_hand_is_refused(tmp_path, text):
    """A demo_truth.json that this version did not write is an error with a remedy, no crash."""
    (tmp_path / "demo_truth.json").write_text(text)
    with pytest.raises(UsageError, match=r"demo_truth\.json.*--home"):
        write_demo(tmp_path, weeks=1, end_date=END)


@pytest.mark.parametrize(
    "wrong",
    [
        {"weeks": 0},
        {"weeks": 521},
        {"seed": -1},
        {"effect_sd": math.nan},
        {"effect_sd": 6.0},
        {"on_off_weeks": (0, 8)},
    ],
)
def test_parameters_out_of_range_are_refused_before_anything_is_written(tmp_path, wrong):
    """A wrong number is told with its range, and the folder stays as it was."""
    with pytest.raises(UsageError, match="Use "):
        write_demo(tmp_path / "home", **({"end_date": END} | wrong))
    assert not (tmp_path / "home").exists()


def test_without_the_extra_the_remedy_is_named(tmp_path, monkeypatch):
    """Where Garmin's encoder is missing, the words say what to install."""
    monkeypatch.setitem(sys.modules, "garmin_fit_sdk", None)
    with pytest.raises(UsageError, match=r"pip install 'carryover\[demo\]'"):
        write_demo(tmp_path / "home", weeks=1, end_date=END)
    assert not (tmp_path / "home").exists()


def test_planned_blocks_are_kept_and_told(tmp_path):
    """Blocks asked for are the diary's, from a first one without, and part of what was asked."""
    planned = plan(date(2025, 1, 6), 20, ZONE, np.random.default_rng([1, 0]), (6, 4))
    weeks = [((b.until - b.since).days // 7, b.on) for b in planned.blocks]
    assert weeks == [(4, False), (6, True), (4, False), (6, True)]
    write_demo(tmp_path, weeks=1, seed=3, end_date=END, on_off_weeks=(6, 4))
    assert load_truth(tmp_path).parameters.on_off_weeks == (6, 4)
    with pytest.raises(UsageError, match="blocks of 6/4 weeks"):
        write_demo(tmp_path, weeks=1, seed=3, end_date=END)


def test_drawn_blocks_leave_no_word_of_a_plan(home):
    """Without a plan the truth's text is what it always was."""
    assert "on_off_weeks" not in (home / "demo_truth.json").read_text()
    assert load_truth(home).parameters.on_off_weeks is None


def test_an_interrupted_demo_leaves_no_half_home(tmp_path):
    """After an interruption the home is empty, and the next demo is whole."""

    class InterruptionError(Exception):
        pass

    def stop(done, total):
        raise InterruptionError

    with pytest.raises(InterruptionError):
        write_demo(tmp_path, weeks=1, seed=3, end_date=END, progress=stop)
    assert _digests(tmp_path) == {}
    write_demo(tmp_path, weeks=1, seed=3, end_date=END)
    assert load_truth(tmp_path).runs


def test_progress_counts_every_run(tmp_path):
    """Progress ends at the number of runs, and never goes back."""
    heard = []
    truth = write_demo(
        tmp_path, weeks=1, seed=3, end_date=END, progress=lambda *step: heard.append(step)
    )
    assert heard == [(i + 1, len(truth.runs)) for i in range(len(truth.runs))]


def test_every_file_is_told_in_the_truth(home):
    """The truth lists each file of data/raw: runs, copies, gym sessions, dirt, three logs."""
    truth = load_truth(home)
    raw = home / "data" / "raw"
    written = {str(p.relative_to(raw)) for p in raw.rglob("*") if p.is_file()}
    told = {r.file for r in truth.runs} | {r.copy for r in truth.runs if r.copy}
    told |= {s.file for s in truth.sessions} | {d.file for d in truth.dirt}
    assert written == told | {"strength.csv", "wellness.csv", "screening.csv"}
    assert len(truth.dirt) == 3
    assert sum(bool(r.copy) for r in truth.runs) == 1


def test_the_configuration_is_a_right_one(home):
    """The written carryover.toml reads without complaint and knows the athlete."""
    athlete = load_settings(home).everyone()[0]
    assert athlete.id == "demo"
    assert athlete.home_timezone == "Europe/Berlin"
    assert athlete.no_sessions_before_log


def test_every_fit_file_is_sound_but_the_dirt(home):
    """Garmin's own check passes on each FIT file, packed or not, except the ones told as dirt."""
    raw = home / "data" / "raw"
    dirty = {d.file for d in load_truth(home).dirt if "same content" not in d.what}
    for path in sorted(raw.rglob("*.fit*")):
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        sound = (
            bool(content) and Decoder(Stream.from_byte_array(bytearray(content))).check_integrity()
        )
        place = str(path.relative_to(raw))
        assert sound == (place not in dirty), place


def test_a_packed_file_holds_no_clock(home):
    """A gzip header without a time is what makes packed files repeatable."""
    packed = next((home / "data" / "raw").rglob("*.gz"))
    assert packed.read_bytes()[4:8] == bytes(4)


@given(st.floats(3, 120))
def test_a_steady_two_a_week_is_one(tau_d):
    """X averages 1 over a week when two whole sessions a week never end."""
    start = date(2000, 1, 3)
    held = [(start + timedelta(days=7 * w + d), 1.0) for w in range(400) for d in (0, 3)]
    last = start + timedelta(weeks=399)
    week = [dose.chronic(held, last + timedelta(days=d), tau_d) for d in range(7)]
    assert np.mean(week) == pytest.approx(1.0, abs=1e-6)


def test_the_truth_s_sessions_give_the_truth_s_exposure(home):
    """X and the acute dose of each run follow from the sessions listed in the same file."""
    raw = json.loads((home / "demo_truth.json").read_text())
    held = [s for s in raw["sessions"] if s["kind"] == "strength"]
    assert len(held) > 3
    rate = math.exp(-1 / TAU_D)
    for run in raw["runs"]:
        day, x = date.fromisoformat(raw["sessions"][0]["local_date"]), 0.0
        while day < date.fromisoformat(run["local_date"]):
            x = rate * (x + sum(s["dose"] for s in held if s["local_date"] == str(day)))
            day += timedelta(days=1)
        assert run["chronic"] == pytest.approx(x / (2 / 7 * rate / (1 - rate)), rel=1e-9)
        now = datetime.fromisoformat(run["started_at"])
        ages = [(now - datetime.fromisoformat(s["started_at"]), s["dose"]) for s in held]
        acute = sum(d for age, d in ages if timedelta(0) < age <= timedelta(hours=48))
        assert run["acute_48"] == pytest.approx(acute)


@pytest.mark.parametrize("seed", range(1, 9))
def test_a_year_can_pass_the_verdict_s_gate(seed):
    """Each synthetic year has the changes, runs and long runs that a verdict asks for."""
    year = _year(seed)
    minutes = [run.duration_s / 60 for run in year.runs]
    assert len(year.blocks) - 1 >= 4
    assert len(year.runs) >= 150
    assert sum(m >= 55 for m in minutes) >= 70
    assert all(dose_ > 0 for *_, dose_ in year.doses())
    on = [b for b in year.blocks if b.on]
    assert all(any(b.since <= day < b.until for b in on) for _, day, _ in year.doses())
    x = [dose.chronic([(d, a) for _, d, a in year.doses()], r.local_date, TAU_D) for r in year.runs]
    assert np.std(x) > 0.2


def test_the_planted_effect_is_the_stated_one():
    """Against the same year with no effect, each run's drift differs by effect·(X + acute)."""
    year, runner = _year(2), Runner()
    bare = latent_runs(year, runner, 0.0, np.random.default_rng(7))
    planted = latent_runs(year, runner, -1.0, np.random.default_rng(7))
    for run, a, b in zip(year.runs, bare, planted, strict=True):
        share = min(1.0, run.duration_s / EFFECT_FROM_S)
        stated = -RESIDUAL_SD_MS * (a.chronic + ACUTE_SHARE * a.acute_48) * share
        assert b.contact_drift_ms - a.contact_drift_ms == pytest.approx(stated, abs=1e-9)
        assert replace(b, contact_drift_ms=0.0) == replace(a, contact_drift_ms=0.0)


@pytest.mark.parametrize("effect_sd", [0.0, -1.0])
def test_drift_on_and_off_differs_by_the_stated_ms(effect_sd):
    """Over many years, regressing true drift on X and acute dose gives back effect and noise."""
    rows, drifts = [], []
    for seed in range(30):
        year = _year(seed)
        latent = latent_runs(year, Runner(), effect_sd, np.random.default_rng([seed, 1]))
        for run, state in zip(year.runs, latent, strict=True):
            if run.kind in {RunKind.LONG, RunKind.MEDIUM}:
                rows.append((state.chronic, state.acute_48, math.sqrt(run.duration_s / 5400)))
                drifts.append(state.contact_drift_ms)
    design = np.array(rows)
    slopes, residual, *_ = np.linalg.lstsq(design, np.array(drifts), rcond=None)
    effect_ms = effect_sd * RESIDUAL_SD_MS
    assert slopes[0] == pytest.approx(effect_ms, abs=1.2)
    assert slopes[1] == pytest.approx(ACUTE_SHARE * effect_ms, abs=0.8)
    assert slopes[2] == pytest.approx(Runner().drift_ms_per_90min, abs=0.6)
    assert math.sqrt(residual[0] / len(drifts)) == pytest.approx(Runner().drift_sd_ms, rel=0.05)


@pytest.mark.parametrize(
    ("effect_sd", "words"),
    [
        (-1.0, "take 4.5 ms off the late-run drift of ground contact (−1 SD)."),
        (0.5, "add 2.2 ms to the late-run drift of ground contact (+0.5 SD)."),
        (0.0, "Planted: nothing."),
    ],
)
def test_the_truth_says_what_was_planted(home, effect_sd, words):
    """The sentence names the effect in ms and in SDs, with its direction in words."""
    truth = load_truth(home)
    asked = replace(truth, parameters=replace(truth.parameters, effect_sd=effect_sd))
    assert words in asked.text()
