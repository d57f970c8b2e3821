"""The checks beside an answer: each can fail, says so, and leaves the sound answer alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from carryover.estimate import check_frames, covariance, panel
from carryover.estimate.blocks import on_blocks
from carryover.estimate.carry_over import Spec
from carryover.estimate.check import Status
from carryover.estimate.checks import carry_over_checks, checks_of
from carryover.estimate.design import EXPOSURE
from carryover.estimate.partial import Beside, without
from check_worlds import (
    ATHLETE,
    answers,
    asked,
    days_of,
    given,
    moved,
    one_block_world,
    with_second_sensor,
    with_upper,
)
from estimate_worlds import START, world

PLANNED = {"weeks": 104, "blocks": (8, 8)}
NAMES = {
    "shift", "leads", "negative_control", "drop_one_block", "sensor_terms", "placebo_date",
    "first_half_second_half",
}  # fmt: skip


def checked(made, spec=None):
    estimates = answers(made, spec) if spec else answers(made)
    return carry_over_checks(estimates, given(made))


def rows_of(made, name):
    """Return the rows of one check about the athlete's first outcome."""
    question = asked(made)
    return [check.row(question) for check in checks_of(question) if check.name == name]


def whole(made, name):
    """Return the row of a check as a whole."""
    [row] = [row for row in rows_of(made, name) if row["part"] is None]
    return row


def drift_world(seed, **what):
    usual = {"metric": "stance_time_ms", "outcome": "decay", "level": 8.0, "sd": 4.0, "share": 0.6}
    return world(seed, **usual | what)


def with_own_errors(made):
    se = pl.Series(np.random.default_rng(5).uniform(0.2, 2.0, made.outcomes.height))
    return replace(made, outcomes=made.outcomes.with_columns(se=se))


MADE = {"level": world(3, **PLANNED), "drift": with_own_errors(drift_world(3, **PLANNED))}


@pytest.mark.parametrize("kind", MADE)
def test_leaving_runs_out_is_a_fit_of_the_rest(kind):
    """The effect without some runs is that of generalised least squares on the others."""
    fitted = asked(MADE[kind]).question.fitted
    out = np.random.default_rng(1).random((fitted.days.size, 3)) < 0.25
    for found, gone in zip(without(fitted, out), out.T, strict=True):
        part = covariance.Series(*(v[~gone] for v in (
            fitted.series.days, fitted.series.value, fitted.series.own_var)))  # fmt: skip
        fit = covariance.fit_at(part, fitted.design.columns[~gone], fitted.fit.point)
        assert found.effect == pytest.approx(fit.beta[EXPOSURE], rel=1e-6)
        assert found.se == pytest.approx(fit.se(EXPOSURE), rel=1e-6)
        assert found.df == pytest.approx(fit.df)


@pytest.mark.parametrize("kind", MADE)
def test_a_column_beside_is_a_fit_with_it(kind):
    """The coefficient of an added column is that of the model with this column."""
    fitted = asked(MADE[kind]).question.fitted
    extra = np.random.default_rng(2).normal(size=(fitted.days.size, 1))
    columns = np.column_stack([fitted.design.columns, extra])
    model = Beside(fitted, extra)
    fit = covariance.fit_at(fitted.series, columns, fitted.fit.point)
    rest = list(range(model.first_extra))
    found = model.estimate(model.added(0), rest)
    assert (found.effect, found.se) == pytest.approx((fit.beta[-1], fit.se(-1)), rel=1e-6)
    own = extra[:, 0] - columns[:, :-1] @ np.linalg.lstsq(columns[:, :-1], extra[:, 0])[0]
    assert model.own_sd(model.added(0), rest) == pytest.approx(own.std())
    assert model.estimate(model.added(0), [*rest, model.added(0)]) is None


def test_blocks_are_the_weeks_with_work():
    """Planned stretches come back with their first and last session; single sessions are none."""
    made = world(7, **PLANNED)
    log = panel.log_of(made.runs, made.sessions, past_is_empty=True)
    blocks = on_blocks(log)
    starts = [START + timedelta(weeks=16 * i) for i in range(7)]
    assert len(blocks) == len(starts)
    for block, start in zip(blocks, starts, strict=True):
        held = made.sessions.filter(
            pl.col("local_date").is_between(start, start + timedelta(weeks=8))
        )
        days = [log.first + timedelta(days=day) for day in (block.first, block.last)]
        assert days[0] == held["local_date"].min()
        assert days[1] == held["local_date"].max() or not block.end_known
    lonely = made.sessions.filter(
        pl.col("local_date").is_in([log.first + timedelta(days=b.first) for b in blocks])
    )
    assert on_blocks(panel.log_of(made.runs, lonely, past_is_empty=True)) == []
    assert on_blocks(panel.log_of(made.runs, lonely.clear(), past_is_empty=True)) == []


def test_every_check_has_its_word():
    """Each check has a row as a whole or a part; its word is of the declared set."""
    made = with_upper(with_second_sensor(drift_world(1, **PLANNED), jump=3.0), 1)
    empty = replace(made, outcomes=made.outcomes.clear())
    nobody = replace(empty, runs=made.runs.clear(), sessions=made.sessions.clear())
    for athlete in (made, empty, nobody):
        rows = checked(athlete, Spec(complete_logs=ATHLETE, athletes=("a",)))
        assert dict(rows.schema) == check_frames.CHECK
        assert set(rows["check_name"]) == NAMES
        assert set(rows["status"]) <= {status.value for status in Status}
        assert rows.filter(pl.col("says").str.ends_with(".").not_()).is_empty()
        silent = rows["status"] == "not run"
        assert (rows["reason"].is_not_null() == silent).all()
        assert rows.filter(silent)["effect"].null_count() == silent.sum()
        assert not rows.select("athlete_id", "check_name", "part").is_duplicated().any()
    assert set(checked(nobody, Spec(athletes=("a",)))["status"]) == {"not run"}


def test_shift_and_leads_are_those_of_the_verdict():
    """Both stand with the p that the verdict saw; beyond their bounds a claim has failed."""
    made = world(2, beta=1.5, **PLANNED)
    estimates = answers(made)
    row = estimates.filter(pl.col("role") == "primary").row(0, named=True)
    assert row["ci_low"] > 0
    for p_shift, lead_p, words in ((0.04, 0.3, "passed"), (0.10, 0.09, "failed")):
        told = estimates.with_columns(p_shift=pl.lit(p_shift), lead_p=pl.lit(lead_p))
        rows = carry_over_checks(told, given(made))
        for name, p in (("shift", p_shift), ("leads", lead_p)):
            found = rows.filter(pl.col("check_name") == name).row(0, named=True)
            assert (found["status"], found["p"]) == (words, p)
            assert found["n_runs"] <= row["n_runs"]


def test_upper_body_work_that_moves_form_fails_the_control():
    """Work that no glute does and that form follows is told, and that it may be any gym work."""
    row = whole(with_upper(world(1, **PLANNED), 1, beta=2.0), "negative_control")
    assert row["status"] == "failed", row["says"]
    assert row["ci_low"] < 2.0 < row["ci_high"]
    assert "not the glute work" in row["says"]


def test_upper_body_work_that_does_nothing_passes_the_control():
    """Upper-body weeks of their own, beside glute work that moves form, mostly show nothing."""
    seeds = range(8)
    rows = [
        whole(with_upper(world(s, beta=1.5, **PLANNED), s), "negative_control") for s in seeds
    ]  # fmt: skip
    words = [row["status"] for row in rows]
    assert words.count("passed") >= 6, f"{seeds}: {words}"


def test_upper_body_work_in_the_same_weeks_cannot_be_told_apart():
    """Work that always goes with glute work is informative; without any the check is not run."""
    made = world(1, beta=1.5, **PLANNED)
    row = whole(with_upper(made, 1, follows=True), "negative_control")
    assert row["status"] == "informative", row["says"]
    assert (
        whole(made, "negative_control")["reason"] == "no upper-body work is logged to compare with"
    )


def test_an_effect_of_all_blocks_outlives_each_of_them():
    """With a true effect every block can be left out, and the answer stays on its side."""
    made = world(2, beta=1.5, **PLANNED)
    rows = pl.DataFrame(rows_of(made, "drop_one_block"), infer_schema_length=None)
    parts = rows.filter(pl.col("part").is_not_null())
    assert parts["part"].to_list() == [f"block {i}" for i in range(1, 8)]
    assert set(rows["status"]) == {"passed"}
    assert (parts["effect"] > 0).all()
    assert rows.filter(pl.col("part").is_null())["effect"][0] == parts["effect"].min()
    assert (parts["n_runs"] < made.runs.height).all()


def test_an_effect_of_one_block_alone_fails():
    """Where form differs in one block alone, a claim that is made of it falls with that block."""
    questions = [asked(one_block_world(seed, effect=6.0, fades=False)) for seed in range(16)]
    rows = [
        next(c for c in checks_of(q) if c.name == "drop_one_block") for q in questions if q.claims
    ]
    assert len(rows) >= 4, "too few claims to judge by, seeds 0…15"
    assert {row.status for row in rows} == {Status.FAILED}
    for row in rows:
        assert "rests on one stretch" in row.says
        assert "April 2024 to" in row.says, row.says


def test_one_stretch_cannot_be_left_out():
    """A single stretch of strength work has nothing to be held against."""
    row = whole(world(1, blocks=(20, 40)), "drop_one_block")
    assert (row["status"], row["effect"]) == ("not run", None)


def test_a_sensor_that_follows_the_blocks_is_told():
    """A jump that comes and goes with strength work looks like an effect only without its term."""
    made = world(4, **PLANNED)
    log = panel.log_of(made.runs, made.sessions, past_is_empty=True)
    often = panel.exposed(log, 28.0)["x"].to_numpy() > 0.5
    often ^= np.random.default_rng(4).random(often.size) < 0.15
    name = pl.Series(np.where(often, "other strap", "strap"))
    other = made.sensors.with_columns(sensor_epoch=pl.lit("other strap"))
    read = replace(
        moved(made, 4.0 * often),
        runs=made.runs.with_columns(sensor_epoch=name),
        sensors=pl.concat([made.sensors, other]),
    )
    row = whole(read, "sensor_terms")
    assert row["status"] == "informative"
    assert row["ci_low"] > 0
    assert row["says"].startswith("Only a change of sensor makes it look like an effect"), row[
        "says"
    ]


@pytest.mark.parametrize("seed", [1, 5])
def test_the_jump_of_a_sensor_comes_back(seed):
    """A second sensor that reads 5 higher is seen to, and its date makes no effect of strength."""
    made = world(seed, beta=1.5, **PLANNED)
    [_, jump] = rows_of(with_second_sensor(made, jump=5.0), "sensor_terms")
    [_, back] = rows_of(with_second_sensor(made, jump=-5.0), "sensor_terms")
    assert jump["part"] == "other strap"
    assert 0 < jump["ci_low"] < 5.0 < jump["ci_high"]
    assert jump["effect"] - back["effect"] == pytest.approx(10.0, abs=0.2)
    [placebo] = rows_of(with_second_sensor(made, jump=5.0), "placebo_date")
    assert (placebo["part"], placebo["status"]) == ("other strap", "passed"), placebo["says"]


def test_what_begins_with_a_sensor_fails_the_placebo_date():
    """Form that moves for eight weeks from the change on, then fades, looks like an effect."""
    made = with_second_sensor(world(6, **PLANNED), jump=5.0)
    at = made.runs.filter(pl.col("sensor_epoch") == "other strap")["local_date"].min()
    since = days_of(made) - (at - START).days
    rising, risen = 1 - np.exp(-since / 28.0), 1 - np.exp(-2.0)
    bump = np.where(since < 56, rising, risen * np.exp(-(since - 56) / 28.0))
    [row] = rows_of(moved(made, 6.0 * np.where(since >= 0, bump, 0.0)), "placebo_date")
    assert row["status"] == "failed", row["says"]


def test_one_sensor_and_too_few_runs_are_not_judged():
    """Without a change nothing is run; a sensor of seven runs has no placebo date."""
    made = world(1, **PLANNED)
    assert whole(made, "sensor_terms")["reason"] == "one sensor all along"
    late = with_second_sensor(made, jump=1.0, share=1 - 6.5 / made.runs.height)
    [row] = rows_of(late, "placebo_date")
    assert row["status"] == "not run"
    assert "fewer than 8 runs" in row["reason"]


def test_an_effect_of_one_half_fails():
    """Where strength work goes with form in the second half only, the halves differ."""
    made = world(3, weeks=208, blocks=(8, 8))
    log = panel.log_of(made.runs, made.sessions, past_is_empty=True)
    x = panel.exposed(log, 28.0)["x"].to_numpy()
    days = days_of(made)
    late = days > (days[0] + days[-1]) / 2
    name = "first_half_second_half"
    rows = rows_of(moved(made, 2.5 * x * late), name)
    assert [row["status"] for row in rows] == ["failed", "informative", "informative"]
    differs, first, second = (row["effect"] for row in rows)
    assert differs == pytest.approx(second - first)
    assert rows[0]["n_runs"] == rows[1]["n_runs"] + rows[2]["n_runs"]
    [even, *_] = rows_of(moved(made, 2.5 * x), name)
    assert even["status"] == "passed"
