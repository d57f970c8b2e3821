"""What is said of plans: the weeks that they would take, and the stronger words of a drawn one."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from carryover.estimate.carry_over import Spec, carry_over
from carryover.estimate.orientation import Orientation
from carryover.estimate.sentence import Answer, sentence
from carryover.estimate.verdict import (
    Ahead,
    Estimate,
    Evidence,
    Verdict,
    judge,
    wanted_half,
)  # fmt: skip
from carryover.plan.model import Calendar, Limits, Plan
from estimate_worlds import START, world

YEARS, LIKE = "more than five years", "weeks like these"
OPEN = Evidence(Estimate(0.4, 1.0, 100.0), Orientation("down"), 1.0, 52.0)
ANSWER = Answer(
    "stance_time_ms", "decay", Verdict.CARRYING_OVER, "down", "", -2.4, -3.7, -1.1, 1.5, 60, 52.0,
    p_shift=0.01, lead_p=0.5,
)  # fmt: skip
NULLS = {"weeks_as_now", "plan_weeks", "p_random"}


@pytest.mark.parametrize(
    ("as_now", "planned", "words"),
    [
        (71, 34, "about 71 more weeks like these, or 34 with planned blocks (carryover plan)"),
        (40, 38, "about 40 more weeks like these"),
        (1, None, "about 1 more week like these"),
        (None, 60, f"about 60 weeks with planned blocks (carryover plan), {YEARS} of {LIKE}"),
        (None, None, "more than five years, with planned blocks as well"),
    ],
)  # fmt: skip
def test_a_plan_is_named_where_it_saves_a_good_part(as_now, planned, words):
    """What would settle it: the weeks like these, and a plan's where they are much fewer."""
    judged = judge(replace(OPEN, ahead=Ahead(as_now, planned)))
    assert judged.verdict is Verdict.NOT_ENOUGH_DATA
    assert judged.missing == words
    assert "about" in judge(OPEN).missing, "without a look ahead the rough rule stands"


def test_the_wanted_half_width_is_what_matters():
    """It is the smallest worthwhile change; below it, what would take zero or the bounds out."""
    assert wanted_half(Estimate(0.4, 1.0, 100.0), 1.0) == 1.0
    assert wanted_half(Estimate(0.1, 0.4, 100.0), 1.0) == pytest.approx(0.9)


def test_only_a_borne_out_draw_earns_the_stronger_words():
    """With the p of its lot two sessions take ms off; without it they go with less, and no more."""
    plain, drawn = (sentence(replace(ANSWER, p_random=p)) for p in (None, 0.005))
    assert "Two sessions a week go with 2.4 ms less late-run drift" in plain
    assert "by lot" not in plain
    said = "Two sessions a week take 2.4 ms off your late-run drift of ground contact time"
    assert f"Carrying over. {said} (95 %: 1.1 to 3.7 less)" in drawn
    assert "drawn by lot" in drawn
    assert "p = 0.005" in drawn
    assert "go with" not in drawn
    assert "cause" not in drawn + plain
    up = replace(
        ANSWER, metric="cadence_spm", outcome="level", verdict=Verdict.SHIFTED_UP,
        good_side="none", effect=2.0, ci_low=1.0, ci_high=3.0, p_random=0.01,
    )  # fmt: skip
    assert "Two sessions a week add 2.0 spm to your cadence" in sentence(up)
    side = replace(
        up, metric="stance_time_balance_pct", good_side="down", effect=-0.4, ci_low=-0.6,
        ci_high=-0.2, verdict=Verdict.CARRYING_OVER,
    )  # fmt: skip
    assert "move your contact balance 0.40 points closer to the middle" in sentence(side)
    open_answer = replace(ANSWER, verdict=Verdict.NOT_ENOUGH_DATA, p_random=0.01, missing="about 3")
    assert "go with" in sentence(open_answer)


def primary(made, **spec):
    told = carry_over(
        made.outcomes, made.runs, made.sessions, made.sensors,
        Spec(complete_logs=frozenset({"a"}), **spec),
    )  # fmt: skip
    first = told.filter(pl.col("role") == "primary").row(0, named=True)
    return first, told.filter(pl.col("role") != "primary")


def test_an_open_answer_publishes_noise_and_weeks():
    """The primary has its noise, the weeks as now and a plan's; others only their noise."""
    row, rest = primary(world(3, weeks=52, metric="cadence_spm"), swc={"cadence_spm": 0.8})
    assert row["verdict"] == "not enough data"
    assert row["residual_sd"] == pytest.approx(1.0, rel=0.3)
    assert row["memory_d"] > 0
    assert 0 <= row["nugget_share"] <= 0.9
    assert 0 < row["plan_weeks"] <= 130
    assert row["weeks_as_now"] is None or row["plan_weeks"] <= row["weeks_as_now"]
    assert row["p_random"] is None
    assert row["is_randomised"] is False
    assert str(row["plan_weeks"]) in row["sentence"] or "like these" in row["sentence"]
    assert rest.select(pl.col(NULLS).is_null().all()).row(0) == (True,) * len(NULLS)
    assert rest["residual_sd"].null_count() == 0


def test_a_drawn_plan_is_tested_on_the_primary():
    """A plan of the athlete's own past calendar, drawn beforehand, gets a p of its lot's size."""
    made = world(5, weeks=104, beta=2.0, blocks=(8, 8))
    rng = np.random.default_rng(0)
    lot = [Calendar(bool(k % 2), tuple(int(n) for n in rng.integers(6, 11, 13))) for k in range(39)]
    own = Calendar(first_on=True, lengths=(8,) * 13)
    plan = Plan(
        "a", START - dt.timedelta(days=1), START, own, Limits(2, (1, 4)), "cadence_spm", "level",
        28.0, 1.0, None, None, 1, randomised=True, candidates=(own, *lot),
    )  # fmt: skip
    row, rest = primary(made, plans={"a": plan})
    assert row["is_randomised"] is True
    assert row["p_random"] == pytest.approx(round(row["p_random"] * 40) / 40)
    assert row["p_random"] < 0.05
    assert "add" in row["sentence"]
    assert "drawn by lot" in row["sentence"]
    assert rest["p_random"].null_count() == rest.height
    broken, _ = primary(made, plans={"a": replace(plan, intact=False)})
    assert broken["is_randomised"] is False
    assert broken["p_random"] is None
    assert "go with" in broken["sentence"]
    assert (broken["effect"], broken["ci_low"]) == (row["effect"], row["ci_low"])
    stranger, _ = primary(made, plans={"b": plan})
    assert stranger["p_random"] is None
