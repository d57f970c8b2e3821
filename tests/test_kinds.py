"""What runs are called: made runs of known kinds, and laws of the efforts and of the track."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover import app
from carryover.catalogue.thresholds import limits
from carryover.errors import SettingsError
from carryover.estimate.efforts import run_effort
from carryover.estimate.track import run_track
from carryover.settings import load_settings
from homes import home_with
from made_kinds import METRES_PER_DEGREE, Plan, _block, _park, _track, season

RULES = limits().row(0, named=True)
SEED = 41
LEAST = {"easy": 0.9, "workout": 0.9, "long": 1.0, "race": 0.85, "treadmill": 1.0, "hilly": 0.7,
         "track": 1.0}  # fmt: skip
"""Share of each kind that must be found in one athlete's season (benchmarks/kinds.py has six)."""


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    """One season, read and built like any home: (run, row of `run`)."""
    runs = list(season(SEED, 3.0))
    home = home_with(
        tmp_path_factory.mktemp("kinds"),
        {f"{number:03d}.fit": run.content for number, run in enumerate(runs)},
    )
    opened, told = app.open_home(home.root)
    app.ingest(opened, told)
    app.build_and_publish(opened, told)
    rows = app.ask(opened, "select * from run order by started_at").to_dicts()
    assert len(rows) == len(runs)
    return list(zip(runs, rows, strict=True))


@pytest.mark.parametrize("kind", LEAST)
def test_made_runs_are_called_what_they_are(found, kind):
    """Of a season with lights, hills and noise nearly every run is called by its right kind."""
    called = [row["kind"] for run, row in found if run.kind == kind]
    share = called.count(kind) / len(called)
    assert share >= LEAST[kind], f"seed {SEED}: {kind} is called {sorted(called)}"


def test_the_way_round_a_track_is_told(found):
    """Every run on the track tells its direction, and no other run has one."""
    for run, row in found:
        assert row["track_direction"] == run.direction, f"seed {SEED}: {run.what}"
        assert bool(row["is_track"]) == (run.direction is not None), f"seed {SEED}: {run.what}"


def test_every_kind_has_its_reason(found):
    """No run is called something without saying why and by whom."""
    for _, row in found:
        assert row["kind_reason"]
        assert row["kind_by"] in {"person", "file", "data"}


def parts_of(effort, lat=None, lon=None):
    n = len(effort)
    return pl.DataFrame({
        "run_id": ["r"] * n, "part": np.arange(n), "running_s": [5.0] * n,
        "speed_mps": effort, "effort_mps": effort,
        "latitude_deg": lat if lat is not None else np.zeros(n),
        "longitude_deg": lon if lon is not None else np.zeros(n),
    })  # fmt: skip


def structure_of(effort, usual_mps=3.0):
    usual = pl.DataFrame({"run_id": ["r"], "usual_mps": [usual_mps]})
    return run_effort(parts_of(np.asarray(effort)), usual, RULES).to_dicts()


@settings(deadline=None, max_examples=40)
@given(
    n=st.integers(6, 12), hard=st.integers(12, 48), easy=st.integers(9, 30),
    level=st.floats(1.25, 1.6), jog=st.floats(0.6, 0.9),
)  # fmt: skip
def test_intervals_are_counted(n, hard, easy, level, jog):
    """Efforts that stand out are intervals, as many as were run and about as long."""
    effort = [2.9] * 120 + ([3.0 * level] * hard + [3.0 * jog] * easy) * n + [2.8] * 60
    (row,) = structure_of(effort)
    assert (row["structure"], row["n_efforts"]) == ("intervals", n)
    assert abs(row["longest_s"] - 5 * hard) <= 10
    assert row["effort_speed_mps"] == pytest.approx(3.0 * level, rel=0.12)


@settings(deadline=None, max_examples=40)
@given(
    seed=st.integers(0, 999), stops=st.integers(0, 12), shift=st.floats(0.9, 1.06),
    spread=st.floats(0, 0.035),
)  # fmt: skip
def test_easy_running_with_stops_has_no_efforts(seed, stops, shift, spread):
    """An even run at the usual effort is no workout, however often it stands at a light."""
    rng = np.random.default_rng(seed)
    effort = 3.0 * shift * (1 + rng.normal(0, spread, 540))
    for at in rng.integers(30, 500, stops):
        effort[at : at + 6] = 0.0
    assert structure_of(effort) == [], f"seed {seed}"


@pytest.mark.parametrize(
    ("structure", "effort"),
    [
        ("tempo", [2.9] * 150 + [3.5] * 290 + [2.8] * 90),
        ("progression", np.linspace(2.7, 3.7, 480)),
        (None, [2.9] * 480 + ([4.6] * 4 + [2.7] * 14) * 6),
        (None, [3.0] * 50),
    ],
)
def test_sustained_efforts_have_their_names(structure, effort):
    """A tempo run and a progression are workouts; strides at the end leave a run easy."""
    assert [row["structure"] for row in structure_of(effort)] == ([structure] if structure else [])


def laps_of(path, plan, seed, noise_m=2.0, turned=False):
    rng = np.random.default_rng(seed)
    metres = np.arange(0, 6000, 15.0)
    x, y = path(metres, plan, rng)
    x, y = x + rng.normal(0, noise_m, len(x)), y + rng.normal(0, noise_m, len(y))
    if turned:
        x, y = x[::-1], y[::-1]
    lat = 47.0 + y / METRES_PER_DEGREE
    lon = 8.0 + x / METRES_PER_DEGREE / np.cos(np.radians(47.0))
    return run_track(parts_of(np.full(len(x), 3.0), lat, lon), RULES).to_dicts()


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 9999), turns=st.sampled_from([1, -1]), noise_m=st.floats(0, 3))
def test_laps_are_counted_and_turn_over_with_the_way(seed, turns, noise_m):
    """A track's laps are counted on their side; run backwards they count on the other."""
    plan = Plan("track", "", [], place="track", turns=turns)
    (there,) = laps_of(_track, plan, seed, noise_m)
    (back,) = laps_of(_track, plan, seed, noise_m, turned=True)
    counted = there["anticlockwise_laps"] if turns > 0 else there["clockwise_laps"]
    assert counted == pytest.approx(5700 / 405, abs=1.0), f"seed {seed}"
    assert back["clockwise_laps"] == pytest.approx(there["anticlockwise_laps"], abs=0.5)
    assert back["anticlockwise_laps"] == pytest.approx(there["clockwise_laps"], abs=0.5)


@pytest.mark.parametrize("path", [_block, _park])
@pytest.mark.parametrize("seed", range(5))
def test_other_loops_are_no_track(path, seed):
    """Neither a block of 400 m nor a park of 900 m is a track, however often it is rounded."""
    assert laps_of(path, Plan("easy", "", []), seed) == []


def told(tmp_path, text):
    (tmp_path / "carryover.toml").write_text(text, "utf-8")
    return load_settings(tmp_path)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ('"2026-04-12"', "2026-04-12"),
        ("2026-04-12", "2026-04-12"),
        ('"2026-04-12 07:30"', "2026-04-12 07:30"),
        ("2026-04-12T07:30:00", "2026-04-12 07:30"),
        ('"0123456789abcdef"', "0123456789abcdef"),
    ],
)
def test_a_run_is_named_by_day_time_or_key(tmp_path, written, read):
    """A run's name may be text or a date of TOML's own."""
    held = told(tmp_path, f'[[kind]]\nrun = {written}\nkind = "race"\n')
    assert [(entry.run, entry.kind) for entry in held.kind] == [(read, "race")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('run = "2026-04-12"\nkind = "raec"', "did you mean 'race'"),
        ('run = "2026-04-12"\nkind = "swim"', "known here: easy, workout"),
        ('run = "12.4.2026"\nkind = "race"', "names no run; write a date such as"),
        ('run = "2026-04-12"\nkind = "race"\nathlet = "me"', "did you mean 'athlete'"),
        ('run = "2026-04-12"\nkind = "race"\nathlete = "mee"', "did you mean 'me'"),
    ],
)
def test_a_wrong_entry_names_the_nearest_right_word(tmp_path, text, words):
    """An unknown kind, run or athlete is told what would be right."""
    with pytest.raises(SettingsError, match=words):
        told(tmp_path, f"[[kind]]\n{text}\n")


def test_a_person_overrules_the_data(found, tmp_path):
    """What a person calls a run holds, and an entry without its run is told."""
    run, row = next(pair for pair in found if pair[0].kind == "long")
    home = home_with(tmp_path, {"run.fit": run.content})
    day = row["local_date"].isoformat()
    (home.root / "carryover.toml").write_text(
        f'[[kind]]\nrun = "{day}"\nkind = "race"\n[[kind]]\nrun = "2020-01-01"\nkind = "easy"\n',
        "utf-8",
    )
    opened, configured = app.open_home(home.root)
    app.ingest(opened, configured)
    app.build_and_publish(opened, configured)
    (called,) = app.ask(opened, "select kind, kind_by from run").rows()
    assert called == ("race", "person")
    (what,) = app.ask(opened, "select what from data_issue where what like '[[kind]]%'").rows()
    assert "2020-01-01" in what[0]
