"""The command line: exit codes, plain words, nothing changed by a question."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from carryover.cli import app
from carryover.errors import ExitCode
from carryover.home import Home

GPX_POINT = (
    '<trkpt lat="{lat:.6f}" lon="8.5"><ele>400</ele>'
    "<time>2026-05-04T06:{m:02d}:{s:02d}Z</time></trkpt>"
)
GPX = (
    '<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" '
    'creator="t"><trk><type>running</type><trkseg>{points}</trkseg></trk></gpx>'
)


def call(*words: str):
    return CliRunner().invoke(app, list(words))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home, made by the command."""
    assert call("init", "--home", str(tmp_path / "h")).exit_code == ExitCode.FINE
    return tmp_path / "h"


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A home with one run, one gym session and a published warehouse."""
    where = tmp_path_factory.mktemp("built")
    raw = where / "data" / "raw"
    raw.mkdir(parents=True)
    points = "".join(
        GPX_POINT.format(lat=47 + t * 2.7e-5, m=t // 60, s=t % 60) for t in range(0, 1200, 2)
    )
    (raw / "run.gpx").write_text(GPX.format(points=points))
    logged = call(
        "log", "strength", "hip thrust", "--sets", "3", "--reps", "8", "--weight-kg", "60",
        "--when", "2026-05-03T18:00", "--home", str(where),
    )  # fmt: skip
    assert logged.exit_code == ExitCode.FINE, logged.stderr
    for step in ("ingest", "build"):
        done = call(step, "--home", str(where))
        assert done.exit_code == ExitCode.FINE, done.stderr
    return where


def commands() -> list[list[str]]:
    def below(group, words):
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                yield from below(command, [*words, name])
            else:
                yield [*words, name]

    import typer.main

    return list(below(typer.main.get_command(app), []))


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_explains_itself_with_an_example(words):
    """`--help` of every command says what it does and shows an example."""
    shown = call(*words, "--help")
    assert shown.exit_code == ExitCode.FINE
    assert "Example" in shown.stdout


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("[athlet]\nname = 'A'", "did you mean 'athlete'"),
        ("[athlete]\nmass = 62", "did you mean 'mass_kg'"),
        ("[athlete]\nhome_timezone = 'Europe/Berln'", "did you mean Europe/Berlin"),
        ("[analysis]\nprimary_metric = 'stance_time'", "did you mean stance_time_ms"),
        ("[schedule]\ncron = 'nightly'", "is no cron line"),
        ("[athlete]\nmass_kg = 6200", "less than 250"),
        ("[athlete\nname = 1", "this is not TOML"),
        ("[[athletes]]\nid = 'a'", "each of [[athletes]] needs a folder"),
    ],
)
def test_a_wrong_configuration_names_the_nearest_right_key(home, text, hint):
    """A wrong configuration ends with 2 and says which key, and the nearest right one."""
    (home / "carryover.toml").write_text(text)
    done = call("nightly", "--home", str(home))
    assert done.exit_code == ExitCode.WRONG_CALL
    assert hint in done.stderr
    assert "carryover.toml" in done.stderr


def test_the_example_configuration_is_right_line_by_line(tmp_path):
    """Every commented line of the example, once uncommented, is a right configuration."""
    from importlib.resources import files

    from carryover.settings import load_settings

    text = files("carryover").joinpath("carryover.example.toml").read_text("utf-8")
    lines = [line.removeprefix("# ") if _is_setting(line) else line for line in text.splitlines()]
    (tmp_path / "carryover.toml").write_text("\n".join(lines))
    settings = load_settings(tmp_path)
    assert settings.everyone()[0].mass_kg == 62.0
    assert settings.privacy.zones[0].radius_m == 300


def _is_setting(line: str) -> bool:
    return line.startswith("# ") and (" = " in line or line.startswith("# [["))


def test_init_never_overwrites(home):
    """`init` on a home that has a configuration leaves it as it is."""
    (home / "carryover.toml").write_text("[athlete]\nname = 'Anna'\n")
    assert "left as it is" in call("init", "--home", str(home)).stdout
    assert "Anna" in (home / "carryover.toml").read_text()


def test_sql_answers_in_every_format(built):
    """One query gives the same rows as table, CSV, JSON and Parquet."""
    query = "select exercise_id, reps, weight_kg from strength_set order by set_index"
    csv = call("sql", query, "--format", "csv", "--home", str(built))
    rows = pl.read_csv(io.StringIO(csv.stdout)).rows()
    assert rows == [("hip_thrust", 8.0, 60.0)] * 3
    told = call("sql", query, "--format", "json", "--home", str(built))
    assert [tuple(row.values()) for row in json.loads(told.stdout)] == rows
    parquet = call("sql", query, "--format", "parquet", "--home", str(built))
    assert pl.read_parquet(io.BytesIO(parquet.stdout_bytes)).rows() == rows
    assert "hip_thrust" in call("sql", query, "--home", str(built)).stdout


@pytest.mark.parametrize(
    "query",
    [
        "drop table run",
        "delete from run",
        "attach '/tmp/other.duckdb'",
        "copy run to '/tmp/leak.csv'",
        "select * from read_csv('/etc/passwd')",
        "install httpfs",
        "set enable_external_access = true",
        "select * from nowhere",
    ],
)
def test_sql_can_change_and_reach_nothing(built, query):
    """`carryover sql` is locked down: no change, no other file, no network, one plain message."""
    before = Home(built).published.read_bytes()
    done = call("sql", query, "--home", str(built))
    assert done.exit_code == ExitCode.WRONG_CALL
    assert "the query failed" in done.stderr
    assert Home(built).published.read_bytes() == before


def test_questions_before_the_first_night_say_what_to_do(home):
    """Without a warehouse, `sql` and `render` name the next step; `doctor` is no failure."""
    for words in (["sql", "select 1"], ["render"]):
        done = call(*words, "--home", str(home))
        assert done.exit_code == ExitCode.WRONG_CALL
        assert "carryover nightly" in done.stderr
    assert call("doctor", "--home", str(home)).exit_code == ExitCode.FINE


def test_doctor_says_what_a_verdict_lacks(built):
    """`doctor` tells files by status and what is missing for a verdict, also for a machine."""
    shown = call("doctor", "--home", str(built))
    assert shown.exit_code == ExitCode.FINE
    assert "Not enough data yet" in shown.stdout
    told = json.loads(call("doctor", "--json", "--home", str(built)).stdout)
    assert {finding["mood"] for finding in told} <= {"fine", "note"}


def test_doctor_fails_on_a_wrong_configuration(home):
    """`doctor` ends with 1 where something is broken, and says what."""
    (home / "carryover.toml").write_text("[athlet]")
    done = call("doctor", "--home", str(home))
    assert done.exit_code == ExitCode.FAILED
    assert "did you mean 'athlete'" in done.stdout


def test_log_refuses_what_the_catalogue_does_not_know(home):
    """A mistyped exercise is not logged; the nearest names are told."""
    done = call("log", "strength", "hip trust", "--sets", "3", "--reps", "8", "--home", str(home))
    assert done.exit_code == ExitCode.WRONG_CALL
    assert "hip thrust" in done.stderr.lower()
    assert not list((home / "data" / "raw").iterdir())


LOGGED = [
    (["activation", "--minutes", "12", "--when", "2026-05-04T05:40"],
     "strength.csv: 2026-05-04 05:40, activation 12 min"),
    (["activation", "--exercise", "clams", "--exercise", "monster walk", "--when", "2026-05-04"],
     "strength.csv: 2026-05-04, activation 10 min, clams, monster walk"),
    (["pain", "knee", "2", "--side", "left", "--when", "2026-11-27"],
     "wellness.csv: 2026-11-27, knee left, pain 2"),
    (["pain", "L knee", "0", "--stiffness", "3", "--when", "2026-11-27T08:00"],
     "wellness.csv: 2026-11-27, knee left, pain 0, stiffness 3"),
    (["stiffness", "Achillessehne", "4", "--side", "right", "--when", "2026-11-27"],
     "wellness.csv: 2026-11-27, achilles right, stiffness 4"),
    (["screening", "single-leg bridge", "23", "--side", "left", "--when", "2026-11-27"],
     "screening.csv: 2026-11-27, single-leg bridge left 23 reps"),
    (["screening", "wobble", "3", "--when", "2026-11-27"],
     "screening.csv: 2026-11-27, wobble 3, a test that the catalogue does not know"),
    (["single-leg", "hip abduction", "--left", "23", "--right", "21.5", "--unit", "kg",
      "--when", "2026-11-27"],
     "screening.csv: 2026-11-27, hip abduction, left 23 kg, right 21.5 kg"),
    (["strength", "hip thrust", "--sets", "3", "--reps", "8", "--when", "2026-11-27"],
     "strength.csv: 2026-11-27, hip thrust, 3 sets, 8 reps"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "line"), LOGGED, ids=lambda v: v if isinstance(v, str) else "")
def test_what_is_logged_is_said_again(home, words, line):
    """A log command ends with one plain line: the file, the day and what was understood."""
    done = call("log", *words, "--home", str(home))
    assert done.exit_code == ExitCode.FINE, done.stderr
    assert done.stdout.startswith("logged in ")
    assert done.stdout.endswith(line + "\n")


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["activation", "--minutes", "900"], "outside 0.1 to 600"),
        (["activation", "--exercise", "clamz"], "Clam"),
        (["activation", "--when", "tomorrow"], "today or yesterday"),
        (["pain", "left knee", "2", "--side", "right"], "Keep one of the two sides"),
        (["pain", "knee", "12"], "10"),
        (["pain", "knee", "2", "--side", "middle"], "left"),
        (["stiffness", "knee", "11"], "10"),
        (["screening", "hop", "140", "--unit", "kg"], "Write cm, m"),
        (["screening", "hop", "140", "--unit", "ells"], "is not known"),
        (["single-leg", "hop", "--left", "9000", "--right", "140", "--unit", "cm"], "0 to 350 cm"),
        (["single-leg", "hop", "--left", "90"], "right"),
    ],
    ids=lambda v: " ".join(v) if isinstance(v, list) else "",
)
def test_a_log_entry_that_cannot_be_is_refused(home, words, hint):
    """A value out of range ends with 2 and the remedy, and writes nothing."""
    done = call("log", *words, "--home", str(home))
    assert done.exit_code == ExitCode.WRONG_CALL
    assert hint in done.stderr
    assert "Traceback" not in done.stderr
    assert not list((home / "data" / "raw").iterdir())


def test_logs_reach_the_warehouse(tmp_path):
    """Drills, pain and both legs go from the command line to the tables, linked and told apart."""
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    points = "".join(
        GPX_POINT.format(lat=47 + t * 2.7e-5, m=t // 60, s=t % 60) for t in range(0, 1200, 2)
    )
    (raw / "run.gpx").write_text(GPX.format(points=points))
    for words in (
        ["activation", "--minutes", "12", "--when", "2026-05-04T05:40"],
        ["pain", "knee", "2", "--side", "left", "--when", "2026-05-04"],
        ["single-leg", "hip abduction", "--left", "20", "--right", "25", "--when", "2026-05-04"],
        ["screening", "wobble", "3", "--when", "2026-05-04"],
    ):
        assert call("log", *words, "--home", str(tmp_path)).exit_code == ExitCode.FINE
    for step in ("ingest", "build"):
        assert call(step, "--home", str(tmp_path)).exit_code == ExitCode.FINE

    def asked(query):
        told = call("sql", query, "--format", "json", "--home", str(tmp_path))
        return [tuple(row.values()) for row in json.loads(told.stdout)]

    assert asked(
        "select s.kind, duration_s, before_run_id = run_id, activation_s "
        "from strength_session as s, run"
    ) == [("activation", 720.0, True, 720.0)]
    assert asked("select site, side, pain_0_10 from wellness") == [("knee", "left", 2.0)]
    assert asked(
        "select test, left_score, right_score, limb_symmetry_pct, weaker_side, unit "
        "from screening_symmetry"
    ) == [("Hip abduction strength", 20.0, 25.0, 80.0, "left", None)]
    assert "'wobble' is not in the catalogue" in call("doctor", "--home", str(tmp_path)).stdout


def test_ingest_copies_from_anywhere_once(built, tmp_path):
    """A file named on the command line is copied in; a content that is there is not."""
    outside = tmp_path / "elsewhere.gpx"
    outside.write_bytes((built / "data" / "raw" / "run.gpx").read_bytes())
    done = call("ingest", str(outside), "--home", str(built), "--json")
    assert json.loads(done.stdout)["statuses"] == {}
    assert not (built / "data" / "raw" / "elsewhere.gpx").exists()
    outside.write_bytes(b"no run")
    for n_new in (1, 0):
        done = call("ingest", str(outside), "--home", str(built), "--json")
        assert sum(json.loads(done.stdout)["statuses"].values()) == n_new
    assert (built / "data" / "raw" / "elsewhere.gpx").exists()
    missing = call("ingest", str(tmp_path / "nowhere"), "--home", str(built))
    assert missing.exit_code == ExitCode.WRONG_CALL


def test_a_second_night_leaves_within_two_seconds_of_work(built):
    """While a night runs, another one leaves with its own exit code, without starting Prefect."""
    begun = time.monotonic()
    with Home(built).night_lock():
        done = subprocess.run(
            [sys.executable, "-m", "carryover", "nightly", "--home", str(built)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
    assert done.returncode == ExitCode.NIGHT_RUNNING
    assert "another night is running" in done.stderr
    assert "Prefect" not in done.stderr
    assert time.monotonic() - begun < 20


def test_a_users_mistake_is_never_a_stack_trace(tmp_path):
    """Wrong options, a file as home and a home that cannot be made end with 2 and plain words."""
    (tmp_path / "file").write_text("")
    for words in (
        ["nightly", "--home", str(tmp_path / "file")],
        ["serve", "--cron", "soon", "--home", str(tmp_path)],
        ["serve", "--timezone", "Mars/Base", "--home", str(tmp_path)],
        ["demo", "--weeks", "3"],
        ["sql"],
        ["log", "pain", "knee", "12"],
    ):
        done = call(*words)
        assert done.exit_code == ExitCode.WRONG_CALL, words
        assert "Traceback" not in done.stderr
