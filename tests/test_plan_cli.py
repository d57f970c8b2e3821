"""`carryover plan`: from a home to its two files, in words a runner understands."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from carryover import planning
from carryover.cli import app
from carryover.columns import CARRY_OVER, SENSOR_METRIC, SESSION_DOSE, shaped
from carryover.errors import CarryoverError, ExitCode, UsageError
from carryover.plan.place import plan_of
from carryover.planning import Wanted, make, sentences
from carryover.settings import Athlete, Settings
from carryover.warehouse.read import Reader
from plan_worlds import START, life, own_blocks

WEEKS = 30
TODAY = START + dt.timedelta(weeks=WEEKS)
PEOPLE = Settings(athlete=Athlete(id="a", no_sessions_before_log=True))


def warehouse(connection, *, metric="cadence_spm", outcome="level", swc=0.8, runs=True):
    """Write an athlete's published tables: half a year of runs, blocks, and an open question."""
    made = life(2, on=own_blocks(2, WEEKS))
    held = made.runs if runs else made.runs.clear()
    tables = {
        "run": held.drop("y", "se"),
        "session_dose": shaped(made.sessions, SESSION_DOSE),
        "run_form": held.select("run_id", "athlete_id", "local_date", cadence_spm_adj="y"),
        "form_decay": pl.DataFrame(
            schema={"run_id": pl.String, "metric": pl.String, "change_adj": pl.Float64,
                    "se": pl.Float64, "eligible": pl.Boolean}
        ),
        "sensor_metric": pl.DataFrame(schema=SENSOR_METRIC),
        "carry_over": shaped(
            pl.DataFrame({"athlete_id": ["a"], "role": ["primary"], "metric": [metric],
                          "outcome": [outcome], "tau_d": [28.0], "swc": [swc]}),
            CARRY_OVER,
        ),
    }  # fmt: skip
    for name, frame in tables.items():
        connection.register("incoming", frame)
        connection.execute(f"create table {name} as select * from incoming")
        connection.unregister("incoming")
    return Reader(connection, Path("memory"))


@pytest.fixture
def reader():
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        yield warehouse(connection)


@pytest.fixture
def home(tmp_path):
    """A home with a published warehouse of those tables."""
    (tmp_path / "carryover.toml").write_text(
        '[athlete]\nid = "a"\nname = "Anna"\nno_sessions_before_log = true\n'
    )
    (tmp_path / "data" / "warehouse").mkdir(parents=True)
    path = tmp_path / "data" / "warehouse" / "carryover.duckdb"
    with duckdb.connect(str(path)) as connection:
        warehouse(connection)
    return tmp_path


def call(home, *words):
    return CliRunner().invoke(app, ["plan", "--home", str(home), *words])


def test_a_plan_is_printed_and_written(home):
    """Table and sentence on the screen, plan.csv and plan.ics beside carryover.toml, sealed."""
    done = call(home, "--seed", "3", "--half", "0.9")
    assert done.exit_code == ExitCode.FINE, done.stderr
    plan = plan_of(home, ["a"], "a")
    assert plan.intact
    assert f"This plan reaches ± 0.9 spm in {plan.weeks} weeks (going on as now: " in done.stdout
    for block in plan.blocks():
        line = f"{block.number} {block.from_date} {block.to_date} {block.n_weeks} {block.state}"
        assert f"{line} {block.sessions}" in " ".join(done.stdout.split())
    assert "your own, of" in done.stdout
    assert (home / "plan.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    again = call(home)
    assert again.exit_code == ExitCode.WRONG_CALL
    assert "--replace" in again.stderr
    assert str(home / "plan.csv") in again.stderr
    assert plan_of(home, ["a"], "a") == plan
    laid = call(home, "--replace", "--randomise", "--seed", "4", "--weeks", "40")
    assert laid.exit_code == ExitCode.FINE, laid.stderr
    assert "drawn by lot" in laid.stdout
    new = plan_of(home, ["a"], "a")
    assert new.is_drawn
    assert new.calendar.n_weeks == 40
    assert (home / f"plan-{plan.made_on}.csv").exists()
    looked = CliRunner().invoke(app, ["doctor", "--home", str(home)])
    assert "block plan of a: drawn by lot" in looked.stdout
    path = home / "plan.csv"
    path.write_text(path.read_text().replace("# seed: 4", "# seed: 5"))
    looked = CliRunner().invoke(app, ["doctor", "--home", str(home)])
    assert "no longer counts as drawn by lot" in " ".join(looked.stdout.split())


def test_a_dry_run_leaves_nothing_and_json_is_json(home):
    """--dry-run writes no file; --json tells all of it for a machine."""
    done = call(home, "--dry-run", "--json", "--seed", "3", "--half", "0.9")
    assert done.exit_code == ExitCode.FINE, done.stderr
    told = json.loads(done.stdout)
    assert told["files"] == []
    assert told["seed"] == 3
    assert told["half_by_week"][0]["week"] == 0
    assert sum(b["weeks"] for b in told["blocks"]) >= told["weeks"]
    assert not list(home.glob("plan*"))


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["--busy", "soon"], "--busy"),
        (["--busy", "2027-01-20..2027-01-10"], "ends before it begins"),
        (["--race", "2027-13-01"], "--race"),
        (["--until", "2001-01-01"], "too near"),
        (["--until", "2099-01-01", "--weeks", "3"], "Name one"),
        (["--athlete", "bo"], "Name one of a"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(home, words, hint):
    """An option that cannot be is told by its name, with a remedy, and exit code 2."""
    done = call(home, "--dry-run", *words)
    assert done.exit_code == ExitCode.WRONG_CALL
    assert hint in done.stderr
    assert "Traceback" not in done.stderr


def test_before_the_first_night_it_says_what_to_do(tmp_path):
    """Without a warehouse nothing can be planned: that is told, with the next step."""
    done = call(tmp_path)
    assert done.exit_code == ExitCode.WRONG_CALL
    assert "carryover nightly" in done.stderr


def test_who_has_no_noise_yet_borrows_a_typical_one():
    """With runs but no value of the primary, a typical runner's noise stands in and is named."""
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        table = warehouse(connection, metric="stance_time_ms", outcome="decay", swc=1.5)
        # Long runs are what such a drift would come from.
        connection.execute("update run set moving_s = 4000 where dayofweek(local_date) = 0")
        made = make(table, PEOPLE, Wanted(), made_on=TODAY, seed=1)
    assert made.noise.startswith("a typical runner's, since yours is not known yet")
    assert "SD 5 ms" in made.noise
    assert (made.plan.metric, made.plan.outcome, made.plan.half) == ("stance_time_ms", "decay", 1.5)


def test_nothing_to_plan_from_is_told():
    """No run, and no smallest change that matters: each is said with its remedy."""
    for what, fault, hint in (
        ({"runs": False}, CarryoverError, "carryover ingest"),
        ({"swc": None}, UsageError, "--half"),
    ):
        with duckdb.connect() as connection:
            connection.execute("set TimeZone = 'UTC'")
            table = warehouse(connection, **what)
            with pytest.raises(fault, match=hint):
                make(table, PEOPLE, Wanted(), made_on=TODAY, seed=1)


def test_a_plan_begins_after_today_and_after_the_data(reader):
    """The first block is on the Monday after both; years without data hold no runs."""
    soon = make(reader, PEOPLE, Wanted(half=1.0), made_on=TODAY, seed=1).plan
    assert soon.start == TODAY + dt.timedelta(days=7 - TODAY.weekday())
    before = make(reader, PEOPLE, Wanted(half=1.0), made_on=START, seed=1).plan
    assert before.start == TODAY
    late_day = TODAY + dt.timedelta(weeks=100)
    late = make(reader, PEOPLE, Wanted(half=1.0), made_on=late_day, seed=1)
    assert late.plan.start > late_day
    assert late.plan.limits.sessions_in(late.plan.start, is_on=True) == 2


def test_what_is_reached_already_or_never_is_said(reader):
    """A wide wish is reached already, a narrow one not even in five years; both in plain words."""
    wide = make(reader, PEOPLE, Wanted(half=50.0, weeks=20), made_on=TODAY, seed=1)
    narrow = make(reader, PEOPLE, Wanted(half=0.01), made_on=TODAY, seed=1)
    assert "± 50.0 spm" in sentences(wide)[0]
    assert "does not reach ± 0.0 spm" in sentences(narrow)[0]
    assert "after five years" in sentences(narrow)[0]
    assert narrow.as_dict()["weeks"] is None
    assert json.dumps(narrow.as_dict(), allow_nan=False)
    assert planning.size(narrow.plan, float("inf")) == "–"
