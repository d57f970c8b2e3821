"""The randomisation test: exact without an effect, telling with one, deaf to what was not drawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from carryover.estimate.calendars import State, drawn
from carryover.estimate.question import Question
from carryover.estimate.randomisation import Lot, lot_of
from carryover.plan.model import Plan
from plan_worlds import LIMITS, OUTCOME, START, TAU_D, followed, life, own_blocks

PAST = 13
DAY = START + timedelta(weeks=PAST)


def drawn_life(seed, *, weeks, n, beta=0.0, drift=0.0):
    """Return a question and the plan that its athlete followed, drawn from about n calendars."""
    rng = np.random.default_rng(seed)
    past = own_blocks(seed, PAST)
    pool = drawn(rng, weeks, n, State(past[-1], 3), LIMITS, DAY)
    candidates = tuple(dict.fromkeys(c.cut(weeks) for c in pool))
    calendar = candidates[int(rng.integers(len(candidates)))]
    made = life(seed, on=followed(past, calendar, weeks), beta=beta, drift=drift)
    log = made.log()
    plan = Plan(
        "a", DAY - timedelta(days=1), DAY, calendar, LIMITS, *OUTCOME, TAU_D, 1.0, None, None, 1,
        randomised=True, candidates=candidates,
    )  # fmt: skip
    return Question(log, OUTCOME, TAU_D, made.frame(log), None, None), plan


def test_without_an_effect_p_is_uniform():
    """Of 200 athletes with drifting form and no effect, p is below a bound as often as it says."""
    ps = np.array(
        [lot_of(*drawn_life(s, weeks=26, n=20, drift=1.0)).p for s in range(200)]
    )  # fmt: skip
    for bound in (0.05, 0.10, 0.25, 0.50, 0.75):
        share, sd = np.mean(ps <= bound + 1e-9), np.sqrt(bound * (1 - bound) / ps.size)
        assert abs(share - bound) <= 3.5 * sd + 1 / 20, f"{share:.3f} ≤ {bound}, seeds 0…199"
    assert np.mean(ps <= 0.05) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / ps.size)


def test_an_effect_of_one_is_often_borne_out_and_never_turned():
    """At β = 1 SD and two years at least a third have p < .05, and none on the wrong side."""
    lots = [lot_of(*drawn_life(s, weeks=104, n=100, beta=1.0)) for s in range(24)]
    assert np.mean([lot.confirms(1.0) for lot in lots]) >= 1 / 3
    assert not any(lot.confirms(-1.0) for lot in lots)
    assert np.median([lot.p for lot in lots]) < 0.15


def test_only_a_true_draw_is_tested():
    """No draw, a broken seal, a late one, another outcome or a foreign calendar: no test."""
    question, plan = drawn_life(1, weeks=40, n=20, beta=1.0)
    assert lot_of(question, plan) is not None
    other = replace(plan.calendar, lengths=(3, *plan.calendar.lengths[1:]))
    for spoilt in (
        None,
        replace(plan, randomised=False),
        replace(plan, intact=False),
        replace(plan, made_on=plan.start),
        replace(plan, outcome="decay"),
        replace(plan, tau_d=14.0),
        replace(plan, calendar=other),
        replace(plan, start=plan.start + timedelta(weeks=60)),
    ):
        assert lot_of(question, spoilt) is None


def test_missed_sessions_do_not_bend_the_lot():
    """The assigned calendar counts: what was done within the plan does not enter."""
    question, plan = drawn_life(2, weeks=40, n=20, beta=1.0)
    log = question.log
    kept = log.sessions.filter(log.sessions["local_date"] < plan.start)
    doses = log.doses.copy()
    doses[(plan.start - log.first).days :] = 0.0
    skipped = replace(question, log=replace(log, sessions=kept, doses=doses))
    assert lot_of(skipped, plan).p == pytest.approx(lot_of(question, plan).p)


def test_p_counts_the_draw_itself():
    """The best of K has p = 1/K, never 0; the worst has 1."""
    every = np.array([-3.0, 1.0, 2.0, 0.5])
    assert Lot(-3.0, every).p == 0.25
    assert Lot(0.5, every).p == 1.0
    assert Lot(-3.0, np.r_[every, np.zeros(16)]).confirms(-1.0) is False
    assert Lot(-3.0, np.r_[every, np.zeros(17)]).confirms(-1.0)
    assert not Lot(-3.0, np.r_[every, np.zeros(17)]).confirms(1.0)
