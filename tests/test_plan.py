"""The block planner: exact, quick, the same for the same seed, and within what it was told."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from carryover.errors import UsageError
from carryover.estimate.calendars import State, altered, drawn, first_lengths, state_now, usual
from carryover.estimate.outlook import doses_of, halves, soonest
from carryover.estimate.own_noise import own_noise
from carryover.estimate.plan import Wish, propose, sessions_of, weekdays_for
from carryover.estimate.question import ask
from carryover.plan.model import BEFORE_RACE_D, Calendar, Limits, next_monday
from plan_worlds import LIMITS, OUTCOME, START, TAU_D, followed, life, own_blocks, view_of

PAST, AHEAD = 26, 39
DAY = START + timedelta(weeks=PAST)
STATES = st.builds(State, st.booleans(), st.integers(0, 60), st.booleans())
MONDAYS = st.integers(0, 500).map(lambda k: START + timedelta(weeks=k))


def past_view(seed=1, **what):
    return view_of(life(seed, on=own_blocks(seed, PAST)), DAY, **what)


def of(view, *calendars, limits=LIMITS):
    return doses_of(view, [sessions_of(c, limits, view.start, view.n_weeks) for c in calendars])


def realised(made):
    log = made.log()
    fit = ask(log, OUTCOME, made.frame(log), tau_d=TAU_D).fitted
    return fit.se * stats.t.ppf(0.975, fit.fit.df)


def test_what_is_planned_is_what_comes():
    """Of 50 athletes who follow a calendar the mean half-width is the planned one, within 10 %."""
    planned, came = [], []
    for seed in range(50):
        past = own_blocks(seed, PAST)
        calendar = usual(AHEAD, State(past[-1], 3))[0]
        # Every other athlete's outcome brings an error of its own.
        made = life(seed, on=followed(past, calendar, AHEAD), se=0.5 if seed % 2 else None)
        view = view_of(made, DAY, n_weeks=AHEAD)
        planned.append(halves(view, of(view, calendar), [AHEAD])[0, 0])
        came.append(realised(made))
    ratio = np.mean(came) / np.mean(planned)
    assert abs(ratio - 1) < 0.10, f"realised ÷ planned {ratio:.3f}, seeds 0…49"
    assert np.corrcoef(planned, came)[0, 1] > 0.3


def test_today_is_the_estimators_own_interval():
    """With no week ahead the half-width is, to rounding, that of the athlete's fit."""
    made = life(3, on=own_blocks(3, 52))
    log = made.log()
    question = ask(log, OUTCOME, made.frame(log), tau_d=TAU_D)
    last = log.first + timedelta(days=log.doses.size - 1)
    view = view_of(made, next_monday(last), n_weeks=2, noise=own_noise(question))
    assert view.n_at[0] == question.frame.height, "pick a seed whose last week ends with a run"
    assert halves(view, view.as_now[:, None], [0])[0, 0] == pytest.approx(realised(made), rel=1e-6)


def test_past_runs_never_make_it_worse():
    """Where every third past run tells nothing, the interval is wider, now and after the plan.

    Slow time has its knots at quantiles of the runs and moves a little with them: hence 3 %.
    """
    calendar = usual(26, State(is_on=False, weeks=3))[0]
    full, fewer = [], []
    for seed in range(8):
        made = life(seed, on=own_blocks(seed, 52))
        day = START + timedelta(weeks=52)
        for found, keep in ((full, 1), (fewer, 3)):
            view = view_of(made, day, n_weeks=26, leave_out=keep)
            found.append(halves(view, of(view, calendar), [0, 26])[:, 0])
    full, fewer = np.array(full), np.array(fewer)
    assert np.all(full <= 1.03 * fewer), f"{(full / fewer).max():.3f}"
    assert np.all(full.mean(axis=0) < fewer.mean(axis=0))


def test_a_longer_past_shortens_the_way():
    """Who has a year behind them is nearer than who begins today, on the same calendar."""
    calendar = Calendar(first_on=True, lengths=(8, 7, 9, 6, 10))
    found = []
    for weeks in (4, 52):
        made = life(5, on=own_blocks(5, weeks))
        view = view_of(made, START + timedelta(weeks=weeks), n_weeks=40)
        found.append(halves(view, of(view, calendar), [40])[0, 0])
    assert found[1] < found[0]


def test_the_search_is_quicker_than_a_fixed_rhythm_and_than_going_on():
    """The plan found is ready no later than 8 on, 8 off, and well before a habit that goes on."""
    for seed in (1, 2, 3):
        view = past_view(seed)
        told = propose(view, State(own_blocks(seed, PAST)[-1], 4), Wish(0.8, LIMITS, 7))
        assert told.weeks is not None
        assert told.weeks_fixed is None or told.weeks <= told.weeks_fixed, f"seed {seed}"
        assert told.weeks_as_now is None or told.weeks < told.weeks_as_now, f"seed {seed}"
        [half] = halves(view, of(view, told.calendar), [told.weeks])[0]
        assert half <= 0.8


def test_the_same_seed_gives_the_same_plan():
    """Search and lot depend on data and seed alone; another seed draws another calendar."""
    state = State(is_on=True, weeks=4)
    wishes = [Wish(0.9, LIMITS, seed, randomise=True) for seed in (1, 1, 2)]
    told = [propose(past_view(n_weeks=60), state, wish) for wish in wishes]
    assert told[0] == told[1]
    assert told[2].calendar != told[1].calendar
    assert all(t.calendar in t.candidates for t in told)
    assert len(set(told[0].candidates)) == len(told[0].candidates) >= 100


def test_five_years_that_do_not_suffice_are_told():
    """A half-width out of reach has no week, but what can be had; so has one out of time."""
    view = past_view(n_weeks=60)
    state = State(is_on=True, weeks=4)
    told = propose(view, state, Wish(0.05, LIMITS, 1))
    assert told.weeks is None
    assert 0.05 < told.far < told.ladder[-1][3] * (1 + 1e-9) < told.ladder[0][3]
    short = propose(view, state, Wish(0.8, LIMITS, 1, last_week=12))
    assert short.weeks is None
    assert short.calendar.n_weeks == 12


def test_nobody_who_steadily_trains_is_settled_by_going_on():
    """Two sessions every week for ever never tell what they do."""
    view = view_of(life(4, on=[True] * PAST), DAY)
    week, _ = soonest(view, view.as_now[:, None], 0.8, limit=104)
    planned, _ = soonest(view, of(view, *usual(104, State(is_on=True, weeks=26))), 0.8, limit=104)
    assert week is None
    assert planned is not None


def test_a_log_of_unknown_past_begins_with_the_plan():
    """Without sessions, and not told that there were none, runs before the plan say nothing."""
    made = life(4, on=[False] * PAST)
    known = view_of(made, DAY, n_weeks=30)
    unknown = view_of(made, DAY, n_weeks=30, complete=False)
    assert known.n_at[0] > 80
    assert unknown.n_at[0] == 0
    assert unknown.frame["local_date"].min() >= DAY + timedelta(days=2 * TAU_D)


@settings(max_examples=60, deadline=None)
@given(STATES, MONDAYS, st.integers(0, 2**32), st.lists(st.integers(0, 300), max_size=2))
def test_blocks_keep_their_lengths_and_races(state, start, seed, race_days):
    """Every block but the cut last one has 6 to 10 weeks, with what went before the first."""
    races = tuple(start + timedelta(days=d) for d in race_days)
    limits = Limits(races=races)
    rng = np.random.default_rng(seed)
    found = drawn(rng, 60, 4, state, limits, start)
    for calendar in [*found, *(a for c in found for a in altered(rng, c, 3, state, limits, start))]:
        assert all(6 <= n <= 10 for n in calendar.lengths[1:])
        goes_on = calendar.first_on is state.is_on
        before = state.weeks if goes_on else 0
        assert calendar.lengths[0] + before <= 10
        assert calendar.lengths[0] + before >= 6
        assert calendar.first_on or state.may_rest
        assert calendar.lengths[0] in first_lengths(state, first_on=calendar.first_on)
        assert len(set(calendar.lengths[1:4])) > 1, "a fixed rhythm"
        begins = start
        for place, length in enumerate(calendar.lengths):
            is_on = calendar.first_on ^ bool(place % 2)
            if is_on and (place or not goes_on):
                assert not any(0 <= (r - begins).days <= BEFORE_RACE_D for r in races)
            begins += timedelta(weeks=length)


@settings(max_examples=60, deadline=None)
@given(MONDAYS, st.integers(0, 200), st.integers(0, 30), st.integers(0, 200), st.integers(1, 4))
def test_busy_weeks_and_races_hold_no_sessions(start, first, n_days, race, sessions):
    """No session lies in a week that a busy span touches or a race is in, one in that before."""
    busy = (start + timedelta(days=first), start + timedelta(days=first + n_days))
    day = start + timedelta(days=race)
    limits = Limits(sessions, (0, 2, 4, 5)[:sessions], (busy,), (day,))
    calendar = Calendar(first_on=True, lengths=(40,))
    dates = sessions_of(calendar, limits, start, 40)
    weeks = {(d - start).days // 7 for d in dates}
    touched = set(range(first // 7, (first + n_days) // 7 + 1))
    assert not weeks & touched
    assert race // 7 not in weeks
    before = sum((d - start).days // 7 == race // 7 - 1 for d in dates)
    assert before <= 1
    quiet = touched | {race // 7, race // 7 - 1}
    assert all(
        sum((d - start).days // 7 == week for d in dates) == sessions
        for week in set(range(40)) - quiet
    )


def test_dates_that_no_blocks_keep_are_refused():
    """Races every fortnight leave no calendar: that is said, not ignored."""
    races = tuple(DAY + timedelta(days=k) for k in range(0, 700, 12))
    with pytest.raises(UsageError, match="race"):
        propose(past_view(), State(is_on=False, weeks=7), Wish(0.8, Limits(races=races), 1))


def test_the_state_now_is_counted_in_whole_weeks():
    """Four weeks with sessions after a pause are on, for four weeks."""
    doses = np.zeros(70)
    doses[[43, 45, 50, 57, 64]] = 1.0
    assert state_now(doses, 69, may_rest=True) == State(is_on=True, weeks=4)
    assert state_now(np.zeros(70), 69, may_rest=False) == State(
        is_on=False, weeks=10, may_rest=False
    )


def test_sessions_are_put_on_easy_days():
    """With hard Wednesdays and long Sundays, sessions are on neither, nor the day after."""
    made = life(1, on=[True] * 10, rate=1.0)
    day = made.runs["local_date"].dt.weekday() - 1
    runs = made.runs.with_columns(
        kind=day.replace_strict({2: "workout", 6: "long"}, default="easy")
    )
    for n in (1, 2):
        chosen = weekdays_for(runs, n)
        assert len(chosen) == n
        assert not set(chosen) & {2, 3, 6, 0}
