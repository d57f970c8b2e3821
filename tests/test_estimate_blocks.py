"""Blocks of strength work: the log cut up, and form around the starts of blocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover import columns
from carryover.estimate import covariance, habit, panel
from carryover.estimate.block_event import MIN_REST_D, WEEKS, block_event, events_of
from carryover.estimate.blocks import blocks_of, strength_block
from carryover.estimate.carry_over import Spec, by_outcome
from carryover.estimate.contrast import Sums
from carryover.estimate.question import ask
from carryover.estimate.run_frames import BLOCK_EVENT, STRENGTH_BLOCK
from estimate_worlds import START, world

COMPLETE = Spec(complete_logs=frozenset({"a"}))
GYM_DAYS = (1, 4)
LENGTHS = st.lists(st.integers(4, 12), min_size=2, max_size=6)


def calendar(lengths):
    """Return daily doses of weeks off and on by turns, two sessions a week in those that are on."""
    on = [i % 2 for i, n in enumerate(lengths) for _ in range(n)]
    return np.array([1.0 * (w and d in GYM_DAYS) for w in on for d in range(7)])


def events(made, spec=COMPLETE):
    return block_event(made.outcomes, made.runs, made.sessions, made.sensors, spec)


def together(frame):
    """Return the weeks of all blocks together, by offset."""
    return {r["week_offset"]: r for r in frame.filter(pl.col("block_number").is_null()).to_dicts()}


def with_y(made, change):
    return replace(made, outcomes=made.outcomes.with_columns(y=change))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(LENGTHS)
def test_a_block_begins_with_its_first_session(lengths):
    """Blocks of four weeks and more: on with the first session, off the day after the last one."""
    doses = calendar(lengths)
    found = habit.stretches(doses, 0, doses.size - 1)
    weeks = np.cumsum([0, *lengths])
    assert [s.is_on for s in found] == [i % 2 == 1 for i in range(len(lengths))]
    for i, stretch in list(enumerate(found))[1:]:
        turn = 7 * int(weeks[i])
        assert stretch.first == (
            turn + GYM_DAYS[0] if stretch.is_on else turn - 7 + GYM_DAYS[1] + 1
        )


@settings(deadline=None, derandomize=True, max_examples=80)
@given(
    st.lists(st.floats(0.0, 3.0).map(lambda d: d if d > 2.0 else 0.0), min_size=30, max_size=200)
)
def test_blocks_tile_the_log_by_turns(doses):
    """Any calendar: stretches follow each other without a gap, on and off by turns, as counted."""
    told = np.array(doses)
    found = habit.stretches(told, 0, told.size - 1)
    if not found:
        assert not habit.states(told, 0, told.size - 1).any()
        return
    assert (found[0].first, found[-1].last) == (0, told.size - 1)
    assert all(b.first == a.last + 1 for a, b in pairwise(found))
    assert all(a.is_on != b.is_on for a, b in pairwise(found))
    turns = habit.n_switches(told, 0, told.size - 1)
    first_is_empty = len(found) == turns
    assert len(found) in {turns + 1, turns}
    assert not first_is_empty or found[0].is_on


def test_a_missed_week_ends_no_block():
    """One week without sessions within a habit is no block, nor is a single session in a rest."""
    doses = calendar([8, 16])
    doses[7 * 14 : 7 * 15] = 0.0
    doses[7 * 3 + 2] = 1.0
    found = habit.stretches(doses, 0, doses.size - 1)
    assert [s.is_on for s in found] == [False, True]
    assert found[1].first == 7 * 8 + GYM_DAYS[0]


def test_what_came_before_the_log_is_no_rest():
    """Where the past is unknown the blocks begin with the first session, their start unknown."""
    made = world(3, weeks=60, blocks=(8, 8))
    late = made.sessions.filter(pl.col("local_date") >= START + timedelta(weeks=16))
    for complete, is_on in ((True, [False, True, False, True]), (False, [True, False, True])):
        log = panel.log_of(made.runs, late, past_is_empty=complete)
        found = blocks_of(log)
        assert [b.is_on for b in found][: len(is_on)] == is_on
        assert [b.start_known for b in found] == [False] + [True] * (len(found) - 1)
        assert [b.end_known for b in found] == [True] * (len(found) - 1) + [False]
        assert log.first + timedelta(days=found[0].first) == (
            log.first if complete else late["local_date"].min()
        )


def test_a_block_has_its_sessions():
    """Sessions and dose are those of its days; together they are all of the log."""
    made = world(4, weeks=60, blocks=(6, 6))
    frame = strength_block(made.runs, made.sessions, {"a"})
    assert frame.schema == pl.Schema(STRENGTH_BLOCK)
    assert frame["n_sessions"].sum() == made.sessions.height
    assert frame["dose"].sum() == pytest.approx(made.sessions["dose"].sum())
    on = frame.filter("is_on")
    assert on["sessions_per_week"].min() > 1.4
    assert frame.filter(~pl.col("is_on"))["n_sessions"].max() <= 1
    firsts = on.filter("start_known").select("from_date").to_series()
    assert set(firsts) <= set(made.sessions["local_date"])


def test_nobody_without_sessions_has_blocks():
    """No session, no block, no event; no runs, none either."""
    made = world(5)
    bare = replace(made, sessions=made.sessions.clear())
    empty = replace(bare, runs=made.runs.clear(), outcomes=made.outcomes.clear())
    for one in (bare, empty):
        assert strength_block(one.runs, one.sessions, {"a"}).equals(columns.empty(STRENGTH_BLOCK))
        assert events(one).equals(columns.empty(BLOCK_EVENT))


def test_a_weighted_sum_knows_its_variance():
    """Value and standard error are those of the dense algebra: weights on all runs, and V."""
    made = world(6, blocks=(8, 8))
    log = panel.log_of(made.runs, made.sessions, past_is_empty=True)
    ((outcome, frame),) = by_outcome(made.outcomes, panel.exposed(log, 28.0)).items()
    fitted = ask(log, outcome, frame, tau_d=28.0).fitted
    n = fitted.design.columns.shape[0]
    rng = np.random.default_rng(6)
    contrasts = rng.normal(size=(n, 3))
    contrasts -= contrasts.mean(axis=0)
    point = fitted.fit.point
    gaps = np.abs(fitted.days[:, None] - fitted.days[None, :])
    share = 1 - point.nugget[0]
    dense = point.variance[0] * (
        share * np.exp(-gaps / point.length_d[0]) + point.nugget[0] * np.eye(n)
    )
    assert covariance.variance_of(fitted.series, point, contrasts) == pytest.approx(
        np.diag(contrasts.T @ dense @ contrasts)
    )
    x = fitted.design.columns
    inverse = np.linalg.inv(dense)
    ols = np.linalg.solve(x.T @ inverse @ x, x.T @ inverse)
    weights = contrasts - ols[2:].T @ (x[:, 2:].T @ contrasts)
    sums = Sums(fitted.series, x, fitted.fit)
    value, se = sums.estimated(contrasts)
    assert value == pytest.approx(weights.T @ fitted.series.value, abs=1e-8)
    assert se**2 == pytest.approx(np.diag(weights.T @ dense @ weights))
    # Of runs that have no weight nothing has to be known.
    contrasts[:9] = contrasts[n - 5 :] = 0.0
    part = sums.estimated(contrasts[9 : n - 5], slice(9, n - 5))
    for told, expected in zip(part, sums.estimated(contrasts), strict=True):
        assert told == pytest.approx(expected, rel=1e-9)


def test_the_mirror_a_constant_and_a_unit():
    """−y turns value and band over; 3·y + 7 scales them; the order of rows changes nothing."""
    made = world(7, weeks=60, blocks=(8, 8), beta=1.0)
    plain = events(made)
    told = plain.drop_nulls("value")
    mirror, scaled = (
        events(with_y(made, y)).drop_nulls("value") for y in (-pl.col("y"), 3 * pl.col("y") + 7)
    )
    assert mirror["value"].to_list() == pytest.approx((-told["value"]).to_list())
    assert mirror["ci_low"].to_list() == pytest.approx((-told["ci_high"]).to_list())
    for name in ("value", "ci_low", "ci_high"):
        assert scaled[name].to_list() == pytest.approx((3 * told[name]).to_list())
    shuffled = replace(
        made,
        outcomes=made.outcomes.sample(fraction=1, shuffle=True, seed=1),
        runs=made.runs.sample(fraction=1, shuffle=True, seed=2),
        sessions=made.sessions.sample(fraction=1, shuffle=True, seed=3),
    )
    assert events(shuffled).equals(plain)


def test_the_weeks_before_are_what_weeks_are_held_against():
    """The values of the six weeks before, each by its time, come to nothing."""
    made = world(8, weeks=60, blocks=(8, 8))
    frame = events(made)
    log = panel.log_of(made.runs, made.sessions, past_is_empty=True)
    for block in blocks_of(log):
        own = frame.filter(pl.col("block_number") == block.number, pl.col("week_offset") < 0)
        if own["value"].null_count() == own.height:
            continue
        week = (made.runs["local_date"] - log.first).dt.total_days() - block.first
        time = {w: made.runs.filter(week // 7 == w)["moving_s"].sum() for w in own["week_offset"]}
        parts = [r["value"] * time[r["week_offset"]] for r in own.drop_nulls("value").to_dicts()]
        assert sum(parts) == pytest.approx(0.0, abs=1e-6 * sum(map(abs, parts)))


def test_a_week_without_runs_is_null():
    """A week of which no run is told has no number and no block; its neighbours keep theirs."""
    made = world(9, weeks=40, blocks=(12, 12))
    log = panel.log_of(made.runs, made.sessions, past_is_empty=True)
    block = [b for b in blocks_of(log) if b.is_on][-1]
    assert block.first > 7 * 20
    week = ((pl.col("local_date") - log.first).dt.total_days() - block.first) // 7
    gone = made.runs.filter(week == 3)["run_id"]
    assert gone.len() > 0
    ill = replace(made, outcomes=made.outcomes.filter(~pl.col("run_id").is_in(gone.implode())))
    rows = together(events(ill))
    assert (rows[3]["value"], rows[3]["ci_low"], rows[3]["n_runs"], rows[3]["n_blocks"]) == (
        None, None, 0, 0,
    )  # fmt: skip
    assert all(rows[w]["value"] is not None for w in (2, 4))


def test_the_next_block_ends_an_event():
    """No week before the rest or after the block itself has a value; all rows are there."""
    made = world(10, weeks=60, blocks=(5, 7))
    frame = events(made)
    assert frame.schema == pl.Schema(BLOCK_EVENT)
    log = panel.log_of(made.runs, made.sessions, past_is_empty=True)
    for before, block in pairwise(blocks_of(log)):
        own = frame.filter(pl.col("block_number") == block.number).drop_nulls("value")
        if own.is_empty():
            continue
        assert block.is_on
        assert before.last - before.first + 1 >= MIN_REST_D
        assert own["week_offset"].max() <= (block.last - block.first) // 7
        assert own["week_offset"].min() >= (before.first - block.first) // 7
    sizes = frame.group_by("block_number").len()["len"]
    assert set(sizes) == {len(WEEKS)}


@pytest.mark.parametrize("jump", [0.0, 500.0])
def test_no_event_crosses_a_sensor(jump):
    """Weeks of another sensor have no value, however far its level lies from the first one's."""
    made = world(11, weeks=40, blocks=(12, 12))
    log = panel.log_of(made.runs, made.sessions, past_is_empty=True)
    block = [b for b in blocks_of(log) if b.is_on][-1]
    assert block.first > 7 * 20
    turn = log.first + timedelta(days=block.first + 7 * 4)
    late = made.runs.filter(pl.col("local_date") >= turn)["run_id"].implode()
    other = pl.col("run_id").is_in(late)
    changed = replace(
        made,
        runs=made.runs.with_columns(
            sensor_epoch=pl.when(other).then(pl.lit("new")).otherwise("sensor_epoch")
        ),
        outcomes=made.outcomes.with_columns(y=pl.col("y") + jump * other.cast(pl.Float64)),
    )
    rows = together(events(changed))
    plain = together(events(replace(changed, outcomes=made.outcomes)))
    assert all(rows[w]["value"] is None for w in range(4, 13))
    for week in range(4):
        assert rows[week]["value"] == pytest.approx(plain[week]["value"], abs=1e-6)


def test_an_event_follows_the_planted_dose():
    """After a long rest the curve is β·(1 − e^(−t/28)) within Monte Carlo, past an acute effect."""
    seeds = range(30)
    curves = []
    for seed in seeds:
        made = world(seed, weeks=104, blocks=(8, 18), beta=2.0, acute=-0.5)
        rows = together(events(made))
        curves.append([rows[w]["value"] for w in range(8)])
    mean = np.mean(curves, axis=0)
    bound = 3.5 * np.std(curves, axis=0, ddof=1) / np.sqrt(len(curves))
    days = 7 * np.arange(8) + 3.5
    expected = 2.0 * (1 - np.exp(-days / 28.0)) * 0.9
    assert (np.abs(mean - expected) < bound + 0.1).all(), f"{mean.round(2)} {expected.round(2)}"
    assert mean[7] > 1.0


def test_bands_hold_nothing_where_there_is_nothing():
    """Without an effect 95 % bands of the weeks after the start hold 0 in 90 to 99 of 100."""
    held = [
        row["ci_low"] <= 0 <= row["ci_high"]
        for seed in range(40)
        for week, row in together(events(world(seed, weeks=78, blocks=(8, 8)))).items()
        if 0 <= week < 8
    ]
    assert 0.90 <= np.mean(held) <= 0.99, f"{np.mean(held):.3f} of {len(held)}, seeds 0…39"


def test_a_short_rest_starts_no_event():
    """A block that follows a rest of less than four weeks has nothing to be held against."""
    made = world(12, weeks=40, blocks=(12, 12))
    log = panel.log_of(made.runs, made.sessions, past_is_empty=True)
    ((outcome, frame),) = by_outcome(made.outcomes, panel.exposed(log, 28.0)).items()
    question = ask(log, outcome, frame, tau_d=28.0)
    rest, block = next((a, b) for a, b in pairwise(blocks_of(log)) if b.is_on and b.first > 7 * 20)
    enough, short = (replace(rest, first=block.first - n) for n in (MIN_REST_D, MIN_REST_D - 1))
    assert len(events_of(question, [enough, block])) == 1
    assert events_of(question, [short, block]) == []
