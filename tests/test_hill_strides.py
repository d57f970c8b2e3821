"""Hill strides in made runs: found where they were run, and next to never where they were not."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl
import pytest

from carryover import columns
from carryover.catalogue import exercises
from carryover.catalogue.thresholds import limits as limits_of_data
from carryover.estimate.ground import ground
from carryover.estimate.spell import spell
from carryover.warehouse.models import macros
from sql_harness import known
from stride_runs import KINDS, made_run, minetti

ESTIMATES = {
    "ground": ("ground_point", ground),
    "spell": ("spell_point", lambda points, _: spell(points)),
}
CHAIN = (
    "run_indoors", "sample_told", "ground_point", "ground", "spell_point", "spell",
    "sample_channel", "run_step", "sample_gait", "easy_speed", "uphill_run",
    "uphill_effort", "uphill_stretch", "stride_set", "hill_stride",
)  # fmt: skip
PER_KIND = 24
FIRST_SEED = 4000
LATE_S = 6.0
"""Speed and height reach a watch this late."""


@dataclass
class Found:
    """Made runs by their names, and the strides that were found in each."""

    made: dict
    strides: dict


def recognised(made, sub_sport=None):
    """Return the strides of made runs: name of the run → (start, end, row) of each."""
    frames = [
        pl.DataFrame(run.samples).with_columns(activity_id=pl.lit(name))
        for name, run in made.items()
    ]
    given = columns.shaped(pl.concat(frames), columns.SAMPLE).with_columns(content_id=pl.lit(1))
    runs = pl.DataFrame({"run_id": list(made)}).with_columns(
        activity_id="run_id",
        content_id=1,
        sub_sport=pl.lit(sub_sport, pl.String),
        borrowed=pl.lit([], pl.List(pl.String)),
        clock_shift_s=0.0,
    )
    limits = limits_of_data()
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as store")
        connection.execute(macros())
        for name, frame in (("incoming", given), ("runs", runs), ("bounds", limits)):
            connection.register(name, frame)
        connection.execute("create table store.sample as select * from incoming")
        connection.execute("create temp table run_recording as select * from runs")
        connection.execute(
            "create temp table run_borrowed as select null::varchar as run_id, "
            "* exclude (content_id, activity_id) from store.sample limit 0"
        )
        connection.execute("create temp table run_base as select * from runs")
        connection.execute(
            "create temp table declared_run as select null::varchar as run_id, "
            "null as kind, null as n_meant, null as nth_of_run limit 0"
        )
        connection.execute("create temp table limits as select * from bounds")
        for name in CHAIN:
            if name in ESTIMATES:
                source, make = ESTIMATES[name]
                points = connection.sql(f"from {source}").pl()
                connection.register("made", make(points, limits.row(0, named=True)))
                connection.execute(f"create temp table {name} as from made")
            else:
                connection.execute(f"create temp table {name} as {known()[0][name].sql}")
        rows = connection.execute(
            "select run_id, started_elapsed_s, started_elapsed_s + duration_s, climb_m, grade_pct "
            "from hill_stride"
        ).fetchall()
    strides = {name: [] for name in made}
    for name, *stride in rows:
        strides[name].append(stride)
    return strides


@pytest.fixture(scope="module")
def found():
    """Runs of every kind, seen by watches with every second and with smart recording."""
    made = {
        f"{kind} {seed}": made_run(kind, FIRST_SEED + seed)
        for kind in KINDS
        for seed in range(PER_KIND)
    }
    assert {run.smart for run in made.values()} == {True, False}
    return Found(made, recognised(made))


def is_hit(stride, truth):
    start, end = stride[0], stride[1]
    return any(min(end, b + LATE_S) - max(start, a) > (end - start) / 2 for a, b in truth)


def test_a_set_is_called_where_one_was_run(found):
    """Of ten runs that are said to hold hill strides at least 9.5 do, and of ten that do 8 are."""
    said = {name for name, strides in found.strides.items() if strides}
    true = {name for name, run in found.made.items() if run.strides}
    assert len(said & true) >= 0.95 * len(said)
    assert len(said & true) >= 0.8 * len(true)


def test_strides_are_those_that_were_run(found):
    """Of ten strides told 9 were run, at the place told; of ten that were run 7.5 are told."""
    hits = [
        is_hit(stride, found.made[name].strides)
        for name, strides in found.strides.items()
        for stride in strides
    ]
    run = sum(len(made.strides) for made in found.made.values())
    assert sum(hits) >= 0.9 * len(hits)
    assert sum(hits) >= 0.75 * run


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "strides"])
def test_other_hills_and_other_efforts_are_no_strides(found, kind):
    """Rolling hills, intervals, walked climbs, long hills: at most one run in twelve misleads."""
    said = [name for name, strides in found.strides.items() if name.startswith(kind) and strides]
    assert len(said) <= PER_KIND / 12


def test_what_is_told_of_a_stride_is_near_the_truth(found):
    """Grade and climb of what is found are those that were run: 6 to 10 %, and at least 2 m."""
    grades = [s[3] for name, strides in found.strides.items() for s in strides if "strides" in name]
    climbs = [s[2] for strides in found.strides.values() for s in strides]
    assert 6.0 <= pl.Series(grades).median() <= 10.0
    assert min(climbs) >= 2.0


@pytest.mark.parametrize("without", ["altitude_m", "distance_m", "speed_mps"])
def test_without_its_channels_nothing_is_guessed(without):
    """A run without altitude, distance or speed has no hill strides, whatever was run."""
    made = {str(seed): made_run("strides", seed) for seed in range(3)}
    for run in made.values():
        run.samples[without] = [None] * len(run.samples[without])
    assert not any(recognised(made).values())


def test_a_treadmill_has_no_hills():
    """Indoors the altitude is the room's: nothing is recognised."""
    made = {str(seed): made_run("strides", seed) for seed in range(6)}
    assert any(recognised(made).values())
    assert not any(recognised(made, "treadmill").values())


def test_the_cost_of_a_grade_is_the_studys():
    """C(0) is 3.6 J/kg/m, and speed on the flat is speed × C(grade) / C(0)."""
    with duckdb.connect() as connection:
        connection.execute(macros())
        for grade in (-45, -20, -10, 0, 5, 10, 20, 45):
            told = connection.execute(f"select flat_speed_mps(3, {grade})").fetchone()[0]
            assert told == pytest.approx(3 * float(minetti(grade / 100)))
        assert connection.execute("select running_cost(0)").fetchone()[0] == 3.6
        beyond = connection.execute("select flat_speed_mps(3, 90), flat_speed_mps(3, 45)")
        assert len(set(beyond.fetchone())) == 1


def test_the_catalogue_has_the_exercise_that_strides_are():
    """A recognised stride is a set of an exercise that the catalogue knows."""
    assert "hill_strides" in exercises()["exercise_id"].to_list()
