"""Exposures beside strength: told apart, only where they are done, and judged by the right side."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from scipy import stats

from carryover.estimate import panel
from carryover.estimate.beside import one_sided
from carryover.estimate.carry_over import Spec, carry_over
from carryover.estimate.dose import chronic
from estimate_worlds import START, world

COMPLETE = Spec(complete_logs=frozenset({"a"}))
PLANNED = {"weeks": 104, "blocks": (8, 8)}
BALANCE = {"metric": "stance_time_balance_pct", "level": 51.5, "sd": 0.4}


def judged(made, spec=COMPLETE):
    if set(made.outcomes["metric"]) == {BALANCE["metric"]}:
        # Balance is no outcome that is asked by itself.
        spec = replace(spec, primary_metric=BALANCE["metric"], primary_outcome="level")
    return carry_over(made.outcomes, made.runs, made.sessions, made.sensors, spec)


def rows_of(made, exposure):
    return judged(made).filter(pl.col("exposure") == exposure)


def sessions_on(made, days, doses, exposure):
    """Return sessions of an exposure on days of the world, an hour after noon."""
    like = made.sessions.head(1).select(pl.all().repeat_by(len(days)).explode())
    when = [START + timedelta(days=int(day)) for day in days]
    return like.with_columns(
        local_date=pl.Series(when), exposure=pl.lit(exposure),
        dose=pl.Series(doses, dtype=pl.Float64),
        started_at=pl.Series(when).cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        + timedelta(hours=13),
    )  # fmt: skip


def in_blocks(made, on, exposure, *, seed, size=1.0, weeks=7):
    """Return a world in which two sessions a week of an exposure come and go, sized by `on`."""
    rng = np.random.default_rng(seed)
    n_weeks = (made.runs["local_date"].max() - START).days // 7
    days, doses = [], []
    for week in range(n_weeks):
        for weekday in (2, 5):
            dose = on(week // weeks) * size
            if dose and rng.random() < 0.9:
                days.append(7 * week + weekday)
                doses.append(dose * rng.uniform(0.8, 1.2))
    extra = sessions_on(made, days, doses, exposure)
    return replace(made, sessions=pl.concat([made.sessions, extra.select(made.sessions.columns)]))


def with_effect(made, exposure, effect):
    """Return the world with an effect on its outcome for X = 1 of an exposure."""
    taken = made.sessions.filter(pl.col("exposure") == exposure)
    log = panel.log_of(made.runs, made.sessions, past_is_empty=True, exposure=exposure)
    assert log.sessions.height == taken.height
    x = panel.exposed(log, 28.0).select("run_id", "x")
    moved = made.outcomes.join(x, on="run_id", maintain_order="left")
    return replace(made, outcomes=moved.with_columns(pl.col("y") + effect * pl.col("x")).drop("x"))


def odd(block):
    return float(block % 2 == 1)


def test_what_is_not_done_has_no_row():
    """Without drills, strides and work of one side there are rows of strength alone."""
    made = world(1, blocks=(8, 8))
    assert set(judged(made)["exposure"]) == {"strength"}
    even = sessions_on(made, [3, 10, 17], [0.0, 0.0, 0.04], "left_minus_right")
    none = sessions_on(made, [3, 10], [0.0, 0.0], "activation")
    noted = pl.concat([made.sessions, *(f.select(made.sessions.columns) for f in (even, none))])
    assert judged(replace(made, sessions=noted)).equals(judged(made))


def test_other_exposures_join_the_family_and_leave_strength_alone():
    """Drills are exploratory rows in the same correction; strength's estimates stay the same."""
    made = world(2, blocks=(8, 8))
    both = in_blocks(made, odd, "activation", seed=2, weeks=5)
    found = judged(both)
    assert found["exposure"].to_list() == ["strength"] * 3 + ["activation"]
    assert found["role"].to_list() == ["primary"] + ["exploratory"] * 3
    strength = found.filter(pl.col("exposure") == "strength")
    assert strength.drop("q", "verdict", "missing", "sentence").equals(
        judged(made).drop("q", "verdict", "missing", "sentence")
    )
    # What the gate stops is told without a q.
    others = found.filter(pl.col("role") == "exploratory", pl.col("q").is_not_null())
    assert set(others["exposure"]) == {"strength", "activation"}
    assert others["q"].to_list() == pytest.approx(stats.false_discovery_control(others["p"]))


def test_drills_are_not_credited_with_what_strength_does():
    """Where drills come with strength in most blocks, strength's effect is not found in drills."""
    effects = []
    for seed in range(6):
        made = world(seed, beta=2.0, **PLANNED)
        drilled = in_blocks(made, lambda b: float(b % 3 > 0), "activation", seed=seed, weeks=8)
        effects.append(rows_of(drilled, "activation")["effect"][0])
    bound = 3.5 * np.std(effects, ddof=1) / np.sqrt(len(effects))
    assert abs(np.mean(effects)) < bound < 1.0, f"mean {np.mean(effects):.2f} ± {bound:.2f}"


def test_an_effect_of_drills_comes_back_beside_strength():
    """A planted effect of drills is found in their own channel, unbiased, with its own words."""
    rows = []
    for seed in range(6):
        made = in_blocks(world(seed, **PLANNED), odd, "activation", seed=seed, weeks=5)
        rows.append(rows_of(with_effect(made, "activation", 1.5), "activation").row(0, named=True))
    effects = np.array([row["effect"] for row in rows])
    bound = 3.5 * effects.std(ddof=1) / np.sqrt(effects.size)
    assert abs(effects.mean() - 1.5) < bound, f"mean {effects.mean():.2f} ± {bound:.2f}"
    held = np.mean([row["ci_low"] <= 1.5 <= row["ci_high"] for row in rows])
    assert held >= 0.75, f"coverage {held:.2f}"
    assert all("wo activation sessions a week" in row["sentence"] for row in rows)


def left_heavy(seed, sign):
    """A runner who stands longer on the left and trains one side more, in blocks."""
    made = world(seed, **PLANNED, **BALANCE)
    return in_blocks(made, lambda b: sign * odd(b), "left_minus_right", seed=seed, size=0.3)


@pytest.mark.parametrize("sign", [-1.0, 1.0], ids=["right", "left"])
@pytest.mark.parametrize("moves", [-0.6, 0.6], ids=["to the middle", "away"])
def test_one_sided_work_is_judged_by_the_side_that_is_trained(sign, moves):
    """Whichever side is trained: what brings a left-heavy runner to the middle is the good side."""
    name = "left_minus_right" if sign > 0 else "right_minus_left"
    side = "left" if sign > 0 else "right"
    rows = []
    for seed in range(6):
        made = with_effect(left_heavy(seed, sign), "left_minus_right", moves * sign / 0.3)
        rows.append(rows_of(made, name).row(0, named=True))
    assert {row["good_side"] for row in rows} == {"down"}
    assert np.mean([row["effect"] for row in rows]) == pytest.approx(moves, abs=0.15)
    wrong = "getting worse" if moves < 0 else "carrying over"
    assert wrong not in [row["verdict"] for row in rows]
    told = "carrying over" if moves < 0 else "getting worse"
    right = [row for row in rows if row["verdict"] == told]
    assert right, [row["sentence"] for row in rows]
    words = "closer to the middle" if moves < 0 else "further from the middle"
    for row in right:
        assert f"your usual extra work on the {side} go with" in row["sentence"]
        assert words in row["sentence"]


def test_one_sided_work_is_asked_of_balance_alone():
    """Cadence has no side: work of one side has rows of contact balance and of nothing else."""
    cadence, balance = world(3, blocks=(8, 8)), world(3, blocks=(8, 8), **BALANCE)
    both = replace(
        in_blocks(balance, odd, "left_minus_right", seed=3, size=0.3),
        outcomes=pl.concat([cadence.outcomes, balance.outcomes]),
        sensors=pl.concat([cadence.sensors, balance.sensors]),
    )
    assert set(rows_of(both, "left_minus_right")["metric"]) == {"stance_time_balance_pct"}


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_one_sided_work_is_in_its_own_usual_unit(sign):
    """The usual difference is 1, positive on the side that is done more; a miscount is no unit."""
    made = world(4)
    told = sessions_on(
        made, range(6), [0.2 * sign, 0.4 * sign, 0.0, 0.01, 0.3 * sign, -0.1 * sign],
        "left_minus_right",
    )  # fmt: skip
    found = one_sided(told)
    unit = np.median([0.2, 0.4, 0.3, 0.1])
    assert found["dose"].to_numpy() == pytest.approx(sign * told["dose"].to_numpy() / unit)
    assert set(found["exposure"]) == {"left_minus_right" if sign > 0 else "right_minus_left"}


def test_sides_that_take_turns_are_changes():
    """Of blocks left, even, right, left each start and end counts, also where sides take turns."""
    made = world(5, weeks=40)
    states = [0, 1, 0, -1, 1]
    turns = in_blocks(made, lambda b: states[b % 5], "left_minus_right", seed=5, weeks=8)
    log = panel.log_of(
        turns.runs, one_sided(turns.sessions), past_is_empty=True, exposure="left_minus_right"
    )
    assert panel.n_switches(log, pl.Series(range(log.doses.size))) == 5


def test_runs_before_either_past_is_known_are_left_out():
    """Where logs may start late, a run needs 2τ of strength and 2τ of the drills behind it."""
    made = world(6, blocks=(8, 8))
    drilled = in_blocks(made, lambda b: float(b > 1), "activation", seed=6)
    row = carry_over(drilled.outcomes, drilled.runs, drilled.sessions, drilled.sensors, Spec())
    starts = drilled.sessions.group_by("exposure").agg(pl.col("local_date").min())
    known = starts["local_date"].max() + timedelta(days=56)
    late = (made.runs["local_date"] >= known).sum()
    assert row.filter(pl.col("exposure") == "activation")["n_runs"].to_list() == [late]


def test_an_unknown_hour_is_no_certain_acute_dose():
    """A log without times keeps its slow exposure, and spreads its acute one over the day."""
    made = world(7, blocks=(8, 8))
    vague = made.sessions.with_columns(
        pl.col("local_date").cast(pl.Datetime("us")).dt.replace_time_zone("UTC").alias("started_at")
        + timedelta(hours=12),
        time_known=pl.lit(value=False),
    )
    logs = [panel.log_of(made.runs, s, past_is_empty=True) for s in (made.sessions, vague)]
    sharp, spread = (panel.exposed(log, 28.0) for log in logs)
    assert spread["x"].equals(sharp["x"])
    doses = np.zeros(int(made.runs["local_date"].max().toordinal() - START.toordinal()) + 1)
    for day, dose in made.sessions.select("local_date", "dose").iter_rows():
        if day.toordinal() - START.toordinal() < doses.size:
            doses[day.toordinal() - START.toordinal()] += dose
    index = [(day - START).days for day in spread["local_date"]]
    assert spread["x"].to_numpy() == pytest.approx(chronic(doses, 28.0)[index])
    hour = spread["started_at"].dt.hour().to_numpy() / 24.0
    before = np.r_[0.0, 0.0, doses]
    expected = [
        h * before[i + 2] + before[i + 1] + (1 - h) * before[i]
        for h, i in zip(hour, index, strict=True)
    ]
    assert spread["a48"].to_numpy() == pytest.approx(expected, abs=1e-9)
