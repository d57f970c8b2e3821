"""What a build does in which order: whole tables, and stages that go run by run."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carryover.errors import CarryoverError
from carryover.estimates import estimates
from carryover.given import given_frames
from carryover.settings import Settings
from carryover.warehouse.models import (
    PUBLISHED,
    AuditModel,
    Model,
    Parser,
    PythonModel,
    SqlModel,
    audits,
    in_order,
    macros,
    sql_models,
)
from carryover.warehouse.stages import KEYS, Stage, stays, steps

GIVEN = frozenset(given_frames(Settings()))
SQL = Path(__file__).parents[1] / "src" / "carryover" / "sql"


def every_model():
    with duckdb.connect() as connection:
        audit = AuditModel("audit_result", tuple(audits(connection)))
        models: list[Model] = [*sql_models(connection), *estimates(Settings()), audit]
    return in_order(models, GIVEN)


def made_by(step):
    return {m.name for m in step.lasting} if isinstance(step, Stage) else {step.name}


def check(ordered, given_names):
    """Each model is made once, after all that it reads; what outlasts no stage is made in it."""
    there = set(given_names)
    own: list[str] = []
    for step in steps(ordered, given_names):
        assert set(step.reads) <= there, f"{step.name} reads what is not there"
        if isinstance(step, Stage):
            own += sorted(step.own)
            inside = {m.name for m in step.models}
            assert {m.name for m in ordered if m.name in step.own and stays(m)} <= inside
            read = {name for m in step.models for name in m.reads}
            assert inside <= made_by(step) | read or not step.lasting
            for i, model in enumerate(step.models):
                before = {m.name for m in step.models[:i]}
                assert set(model.reads) <= before | set(step.reads)
            assert all(not stays(m) for m in step.models if m.name not in step.own)
        else:
            own.append(step.name)
        there |= made_by(step)
    assert sorted(own) == sorted(m.name for m in ordered)


def test_every_model_is_made_once_after_what_it_reads():
    """Of the real models each has one place, and finds there what it reads."""
    check(every_model(), GIVEN)


def test_every_second_of_a_run_is_in_one_stage():
    """What holds all instants is made and dropped within one stage, but for what is published."""
    [stage] = [s for s in steps(every_model(), GIVEN)
               if isinstance(s, Stage) and "sample_gait" in s.own]  # fmt: skip
    lasting = {m.name for m in stage.lasting}
    assert {"sample", "run_bin", "bin_metric"} <= lasting
    assert not {"sample_channel", "sample_gait", "sample_value"} & lasting
    assert "run_borrowed" in {m.name for m in stage.models} - stage.own


def test_a_stage_says_its_unit_and_order():
    """A unit is a known one; an order names columns of the model, so that the whole can be read."""
    with duckdb.connect() as connection:
        for model in sql_models(connection):
            assert model.unit is None or model.unit in KEYS
            told = set(model.comments) if model.is_published else None
            assert told is None or set(model.order) <= told, model.name


ORDER_BOUND = re.compile(
    r"\b(sum|avg|stddev_samp|stddev|var_samp|regr_slope|corr|covar_samp)\s*\((?!exact|fine|x_mm|y_mm)"
    r"(?!case when \w+ (is not|then) 0)",
)
WHOLE_NUMBERS = re.compile(
    r"sum\(\(?(\w+\.)?(begins|jumps|opens|not goes_on|g?\.?[xy]_mm|coalesce\(s\.period_s)"
    r"|avg\(b\.near_steps::int\)|sum\(case when is_hard then 0 else exact\(|sum\(g\.[xy]_mm"
)  # fmt: skip


def test_sums_of_a_run_do_not_depend_on_their_order():
    """Whatever adds up numbers of a run does so exactly: by `exact`, `fine` or in whole numbers."""
    with duckdb.connect() as connection:
        units = [m for m in sql_models(connection) if m.unit == "run"]
    assert len(units) > 30
    for model in units:
        for match in ORDER_BOUND.finditer(model.sql):
            tail = model.sql[match.start() : match.start() + 60]
            assert WHOLE_NUMBERS.match(tail), f"{model.name}: {tail!r} depends on the order of rows"


@given(st.permutations([0.1, 0.7, 1e-7, 33.3, 2.5e3, 123.456, -0.3]))
def test_exact_sums_are_equal_in_any_order(values):
    """A mean, a spread, a slope come out alike to the last bit, whatever the order of rows."""
    told = []
    for order in (sorted(values), values):
        with duckdb.connect() as connection:
            connection.execute("set threads = 1")
            connection.execute(macros())
            frame = pl.DataFrame({"x": order, "y": [v * 0.3 + 1 for v in order]})
            connection.register("t", frame)
            told.append(connection.execute(
                "select time_mean(x, y), plain_mean(x), spread_of(x), slope_of(y, x), "
                "likeness(x, y), ground_slope(y, x) from t"
            ).fetchall())  # fmt: skip
    assert told[0] == told[1]


def test_slopes_and_spreads_are_those_of_the_textbook():
    """Exact sums give what DuckDB's own aggregates give, within the grid of what is added up."""
    frame = pl.DataFrame({"x": [1.25, 2.5, 3.75, 7.0, 11.5], "y": [2.0, 2.25, 4.5, 6.0, 9.75]})
    with duckdb.connect() as connection:
        connection.execute(macros())
        connection.register("t", frame)
        [(spread, slope, ground, like)] = connection.execute(
            "select spread_of(x) - stddev_samp(x), slope_of(y, x) - regr_slope(y, x), "
            "ground_slope(y, x) - regr_slope(y, x), likeness(x, y) - corr(x, y) from t"
        ).fetchall()
    assert (spread, slope, ground, like) == pytest.approx((0, 0, 0, 0), abs=1e-12)


@st.composite
def chains(draw):
    models: list[Model] = []
    for i in range(draw(st.integers(1, 12))):
        unit = draw(st.sampled_from([None, "run", "athlete"]))
        order = ("run_id",) if draw(st.booleans()) else ()
        layer = draw(st.sampled_from(["intermediate", PUBLISHED]))
        # Only its own unit may read what is not kept.
        open_to = [m.name for m in models if m.unit == unit or m.unit is None or stays(m)]
        reads = draw(st.sets(st.sampled_from(open_to))) if open_to else set()
        if draw(st.booleans()):
            model = PythonModel(
                f"m{i}", tuple(sorted(reads)), lambda _: pl.DataFrame(), unit, order
            )
        else:
            model = SqlModel(f"m{i}", layer, "", "", frozenset(reads), frozenset(), unit, order)
        models.append(model)
    return models


@given(chains())
def test_any_chain_is_parted_into_stages(ordered):
    """Whatever reads what: everything is made once, after what it reads."""
    check(ordered, frozenset())


def test_what_is_not_kept_is_not_read_from_elsewhere():
    """A table that outlasts no stage and is read as a whole is a fault of the models, and told."""
    passing = SqlModel("passing", "intermediate", "", "", frozenset(), unit="run")
    whole = SqlModel("whole", "intermediate", "", "", frozenset({"passing"}))
    with pytest.raises(CarryoverError, match="give it an order"):
        steps([passing, whole], frozenset())


def test_what_passes_is_read_by_whole_tables_alone():
    """A table of which nothing stays has no units' hashes: a stage that reads it is a fault."""
    passing = SqlModel("passing", "intermediate", "", "", frozenset(), passes=True)
    by_run = SqlModel("by_run", "intermediate", "", "", frozenset({"passing"}), unit="run")
    with pytest.raises(CarryoverError, match="which passes"):
        steps([passing, by_run], frozenset())
    with duckdb.connect() as connection:
        told = {m.name for m in sql_models(connection) if m.passes}
    assert told == {"form_step", "change_noise", "told_change"}


def test_the_parser_is_asked_once():
    """What DuckDB's parser said of a model is not asked again while its text is the same."""
    with duckdb.connect() as connection:
        first = Parser(connection)
        told = first.tables("with a as (select 1) select * from a, b join store.c on true")
        assert told == (frozenset({"b"}), frozenset({"c"}))
    closed = Parser(connection, first.told)
    assert closed.tables("with a as (select 1) select * from a, b join store.c on true") == told
