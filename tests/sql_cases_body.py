"""Given → expected for the coach's rules on the body: exercises, pain, advice, screening."""

from __future__ import annotations

from sql_cases_coach import APRIL, DAY, DAYS, MAY, ME, SPLIT, THRUST, log, run, session, weeks
from sql_harness import Case, table


def lifts(*rows, exercise=THRUST, **more):
    """Return sets as set_work has them: reps, weight, side."""
    return table("reps weight_kg side", *rows, visit_id=f"s{DAY}",
                 exercise_id=exercise["exercise_id"], **more)  # fmt: skip


def single(law, rows, *expected, exercise=THRUST, **more):
    given = {
        "set_work": lifts(*rows, exercise=exercise, **more),
        "strength_session": [session(DAY)],
        "exercise": [exercise],
    }
    return Case("exercise_set", law, given, [*expected])


EXERCISE = [
    single(
        "a maximum is weight × (1 + repetitions / 30), up to twelve repetitions and with a weight",
        [(12, 60, None), (13, 60, None), (1, 60, None), (8, None, None), (8, 0, None)],
        *table(
            "reps weight_kg one_rep_max_kg tonnage_kg free_reps",
            (12, 60, 84, 720, None),
            (13, 60, None, 780, None),
            (1, 60, 62, 60, None),
            (8, None, None, None, 8),
            (8, None, None, None, 8),
        ),
    ),
    single(
        "a one-sided set without its side may be of both legs: it has a tonnage and no maximum",
        [(8, 15, "left"), (8, 15, None), (8, 15, "both")],
        *table(
            "side one_rep_max_kg tonnage_kg is_clear",
            ("left", 19, 120, True),
            (None, None, 120, False),
            (None, None, 120, False),
        ),
        exercise=SPLIT,
    ),
    single(
        "a hold counts for its tonnage and stands as a hold where it has no weight",
        [(None, 10, None), (None, None, None), (8, None, None)],
        *table(
            "tonnage_kg hold_s one_rep_max_kg free_reps",
            (100, None, None, None),
            (None, 40, None, None),
            (None, None, None, 8),
        ),
        duration_s=40,
    ),
    single("warm-ups are no progress", [(8, 60, None)], is_warmup=True),
    Case(
        "exercise_progress",
        "a week has its sets, tonnage by side and best maximum",
        {
            "exercise_set": table(
                "local_date side reps weight_kg tonnage_kg one_rep_max_kg",
                ("2026-05-04", "left", 8, 15, 120, 19),
                ("2026-05-10", "right", 8, 17.5, 140, 22),
                ("2026-05-11", None, 16, 15, 240, None),
                exercise_id="split",
                is_clear=True,
                **ME,
            )
        },
        table(
            "week_start n_sets reps tonnage_kg left_tonnage_kg right_tonnage_kg top_weight_kg "
            "one_rep_max_kg left_one_rep_max_kg right_one_rep_max_kg reason",
            ("2026-05-04", 2, 16, 260, 120, 140, 17.5, 22, 19, 22, None),
            ("2026-05-11", 1, 16, 240, None, None, 15, None, None, None,
             "more than 12 repetitions with weight, or none told"),
        ),
    ),
    Case(
        "exercise_progress",
        "why there is no maximum is said: no weight, no repetitions, no side",
        {
            "exercise_set": table(
                "exercise_id reps weight_kg is_clear free_reps hold_s",
                ("bodyweight", 8, None, True, 8, None),
                ("hold", None, 10, True, None, None),
                ("split", 16, 15, False, None, None),
                local_date=DAY,
                **ME,
            )
        },
        table(
            "exercise_id top_reps reason",
            ("bodyweight", 8, "no weight is told"),
            ("hold", None, "no repetitions are told"),
            ("split", None, "the side is not told: repetitions may be of both legs together"),
        ),
    ),
]  # fmt: skip


def best(law, rows, *expected):
    """Return a case of progress as of 31 May: rows of day, side, maximum, weight, repetitions."""
    names = "local_date side one_rep_max_kg weight_kg free_reps"
    sets = table(names, *rows, exercise_id="lift", is_one_sided=False, **ME)
    return Case("exercise_best", law, {"exercise_set": sets, "coach_day": DAYS}, [*expected])


BEST = [
    best(
        "four weeks against the four before and the first four of twelve, by the best of each",
        [
            ("2026-05-31", None, 84, 60, None),
            ("2026-05-04", None, 80, 60, None),
            ("2026-05-03", None, 81.5, 60, None),
            ("2026-04-05", None, 70, 50, None),
            ("2026-03-09", None, 60, 50, None),
            ("2026-03-08", None, 99, 80, None),
        ],
        {
            "first_date": "2026-03-08", "last_date": "2026-05-31", "n_weeks": 6,
            "measure": "estimated maximum", "unit": "kg", "best": 99, "best_date": "2026-03-08",
            "now_value": 84, "four_weeks_value": 81.5, "twelve_weeks_value": 70,
            "change_four": 2.5, "word_four": "rising", "change_twelve": 14,
            "word_twelve": "rising", "reason": None,
        },
    ),
    best(
        "at 200 kg a plate is less than a step",
        [("2026-05-31", None, 204, 1, None), ("2026-05-01", None, 200, 1, None),
         ("2026-04-01", None, 209, 1, None)],
        {"change_four": 4, "word_four": "held", "change_twelve": -5, "word_twelve": "held"},
    ),
    best(
        "a step is a plate even where it is much of the weight",
        [("2026-05-31", None, 12.4, 1, None), ("2026-05-01", None, 10, 1, None)],
        {"change_four": 2.4, "word_four": "held"},
    ),
    best(
        "a step down is falling",
        [("2026-05-31", None, 47.5, 1, None), ("2026-05-01", None, 50, 1, None)],
        {"word_four": "falling", "word_twelve": None, "reason": None},
    ),
    best(
        "without a weight repetitions tell, two of them a step",
        [("2026-05-31", None, None, None, 17), ("2026-05-01", None, None, None, 15),
         ("2026-04-01", None, None, None, 16)],
        {"measure": "repetitions", "unit": "reps", "word_four": "rising", "word_twelve": "held"},
    ),
    best(
        "a measure that is not known now is not the one: weight stands in for the maximum",
        [("2026-05-31", None, None, 60, None), ("2026-05-01", None, 80, 55, None)],
        {"measure": "weight", "now_value": 60, "four_weeks_value": 55, "word_four": "rising"},
    ),
    best(
        "what was not done lately has a best and a reason, no word",
        [("2026-05-01", None, 80, 60, None)],
        {"best": 80, "now_value": None, "change_four": None, "word_four": None,
         "reason": "not done in the last four weeks"},
    ),
    best(
        "done for the first time it has nothing to be held against",
        [("2026-05-31", None, 80, 60, None)],
        {"now_value": 80, "word_four": None, "word_twelve": None,
         "reason": "nothing comparable before"},
    ),
    best(
        "left stands against right over twelve weeks, the smaller as a share of the larger",
        [("2026-05-31", "left", 18, 15, None), ("2026-05-30", "right", 20, 15, None),
         ("2026-03-01", "left", 30, 25, None)],
        {"left_value": 18, "right_value": 20, "side_symmetry_pct": 90, "weaker_side": "left"},
    ),
    best(
        "even sides have no weaker one, and the first day of a best is told",
        [("2026-05-31", "left", 20, 15, None), ("2026-05-30", "right", 20, 15, None)],
        {"side_symmetry_pct": 100, "weaker_side": None, "best_date": "2026-05-30"},
    ),
    best(
        "sets that can be compared with nothing say so",
        [("2026-05-31", None, None, None, None)],
        {"measure": None, "best": None, "n_weeks": 1,
         "reason": "neither weight nor repetitions of a told side are known"},
    ),
    best(
        "one side alone has no symmetry",
        [("2026-05-31", "left", 20, 15, None)],
        {"left_value": 20, "right_value": None, "side_symmetry_pct": None, "weaker_side": None},
    ),
    best("a set after the newest known day does not count", [("2062-05-31", None, 80, 60, None)]),
]  # fmt: skip


ADVICE_DAY = [
    Case(
        "advice_day",
        "each day with a word on pain, and the newest, has the four weeks to it and those before",
        {
            "coach_day": DAYS,
            "wellness": [log("2026-05-20", 3), log("2062-01-01", 3), log("2026-05-01", None)],
            "strength_session": [
                session("2026-05-20", dose=1.5),
                session("2026-05-10", dose=0),
                session("2026-05-03", dose=0.25),
                session("2026-04-23", dose=None),
                session("2026-04-22", dose=0.5),
                session("2026-03-26", dose=2),
                session("2026-03-25", dose=9),
                session("2026-05-20", kind="activation", key="drills", dose=None),
            ],
            "run": [run("2026-05-20"), run("2026-04-22", hours=2), run("2026-03-26")],
            "form_week": table(
                "week_start sensor_epoch value value_adj n_runs",
                ("2026-05-18", "old", 180, 179, 1),
                ("2026-05-18", "new", 172, 171, 3),
                metric="cadence_spm",
                **ME,
            ),
            "told_change": table(
                "local_date run_id started_at change noise word reason compared",
                ("2026-05-20", "a", "2026-05-20 07:00+00", 1, 2, "within noise", None, "weeks"),
                ("2026-05-19", "b", "2026-05-19 07:00+00", 9, 2, "beyond MDC", None, "weeks"),
                ("2026-05-20", "z", "2026-05-20 07:00+00", 8, 2, "beyond MDC", None, "usual"),
                metric="cadence_spm",
                outcome="level",
                **ME,
            ),
        },
        table(
            "local_date dose dose_before sessions sessions_before sessions_lately runs distance_m "
            "distance_before_m cadence_spm cadence_change_spm cadence_word cadence_reason",
            ("2026-05-20", None, 2.5, 3, 2, 1, 1, 10000, 30000, 171, 1, "within noise", None),
            ("2026-05-31", 1.5, None, 1, 3, 1, 1, 10000, 20000, None, 1, "within noise", None),
        ),
    ),
    Case(
        "advice_day",
        "before the first logged session its dose is not known; without runs there is no cadence",
        {
            "coach_day": table(
                "first_date as_of first_strength", ("2026-05-20", "2026-05-20", None), **ME
            )
        },
        table(
            "dose dose_before sessions sessions_before sessions_lately distance_m "
            "distance_before_m cadence_reason",
            (None, None, None, None, 0, 0, None, "no run in these four weeks"),
        ),
    ),
    Case(
        "advice_day",
        "a stretch within the log without a session is known to hold none",
        {"coach_day": DAYS},
        table("local_date dose dose_before sessions", ("2026-05-31", 0, 0, 0)),
    ),
]


def pained(law, entries, answer, rule, reason, lately=4, **more):
    """Return a case of the answer to the last of several words; only its day is looked at."""
    last = entries[-1]
    given = {
        "coach_day": DAYS,
        "wellness": entries,
        "advice_day": [ME | {"local_date": last["local_date"], "sessions_lately": lately}],
    }
    rows = table(
        "local_date pain_0_10 answer rule reason",
        (last["local_date"], last["pain_0_10"], answer, rule, reason),
        **more,
    )
    return Case("pain_review", law, given, rows)


PAIN = [
    pained(
        "pain from 5 on: scale back, and a promise of nothing",
        [log("2026-05-30", 5)],
        "scale back", "pain level",
        "Pain 5/10, left knee: from 5 on less weight or fewer sets until it is lower.",
    ),
    pained(
        "5 or more in each of two weeks: someone should look at it",
        [log("2026-05-20", 6), log("2026-05-30", 5)],
        "scale back", "pain level",
        "Pain 5/10, left knee: from 5 on less weight or fewer sets until it is lower. It was 5 or "
        "more two weeks running: see someone who can look at it.",
    ),
    pained(
        "5 or more twice within one week is one week",
        [log("2026-05-25", 6), log("2026-05-30", 5)],
        "scale back", "pain level",
        "Pain 5/10, left knee: from 5 on less weight or fewer sets until it is lower.",
    ),
    pained(
        "a rise by 2 in two weeks to 3 or more: scale back",
        [log("2026-05-16", 1), log("2026-05-23", 3), log("2026-05-30", 3)],
        "scale back", "pain rises",
        "Pain, left knee: up from 1 to 3 in two weeks.",
        pain_change=2, n_before=2,
    ),
    pained(
        "without strength work there is only running to scale back",
        [log("2026-05-23", 1), log("2026-05-30", 3)],
        "scale back", "pain rises",
        "Pain, left knee: up from 1 to 3 in two weeks. There was no strength session in two weeks: "
        "what can be scaled back is the running.",
        lately=0,
    ),
    pained(
        "15 days ago is longer than two weeks",
        [log("2026-05-15", 1), log("2026-05-30", 3)],
        "hold", "pain holds",
        "Pain 3/10, left knee: from 3 on nothing is added; below 5 nothing is taken off.",
        pain_change=None, n_before=0,
    ),
    pained(
        "3 to 4 without a rise: hold",
        [log("2026-05-20", 4), log("2026-05-30", 4)],
        "hold", "pain holds",
        "Pain 4/10, left knee: from 3 on nothing is added; below 5 nothing is taken off.",
    ),
    pained(
        "a rise within the low band holds",
        [log("2026-05-20", 0), log("2026-05-30", 2)],
        "hold", "low pain rises", "Pain, left knee: low, but up from 0 to 2 in two weeks.",
    ),
    pained(
        "stiffness never scales back: it holds",
        [log("2026-05-20", 0, 6), log("2026-05-30", 0, 6)],
        "hold", "stiffness level", "Stiffness 6/10, left knee: nothing is added.",
    ),
    pained(
        "stiffness that rises holds",
        [log("2026-05-20", 0, 1), log("2026-05-30", 0, 3)],
        "hold", "stiffness rises", "Stiffness, left knee: up from 1 to 3 in two weeks.",
    ),
    pained(
        "low pain that was higher within two weeks holds",
        [log("2026-05-20", 4), log("2026-05-30", 0)],
        "hold", "pain was higher",
        "Pain, left knee: 0/10, but up to 4 in the two weeks before.",
    ),
    pained(
        "two words within a week are not two weeks",
        [log("2026-05-28", 0), log("2026-05-30", 0)],
        "hold", "not long told", "Pain 0/10, left knee: low, but not told of for two weeks yet.",
    ),
    pained(
        "another side or place says nothing of this one",
        [log("2026-05-20", 0, side="right"), log("2026-05-21", 0, site="hip"),
         log("2026-05-30", 0)],
        "hold", "not long told", "Pain 0/10, left knee: low, but not told of for two weeks yet.",
    ),
    pained(
        "low and stable without the sessions: hold",
        [log("2026-05-20", 1), log("2026-05-30", 2)],
        "hold", "too few sessions",
        "Pain 2/10, left knee, low and stable; 3 strength sessions in two weeks, two a week would "
        "be 4.",
        lately=3,
    ),
    pained(
        "low and stable for two weeks with two sessions a week: advance",
        [log("2026-05-20", 1), log("2026-05-30", 2)],
        "advance", "stable",
        "Pain 2/10, left knee: low and stable for two weeks, with 4 strength sessions.",
    ),
    pained(
        "a word on stiffness alone is judged by it; a place that is not told is one",
        [log("2026-05-20", None, 1, None, None), log("2026-05-30", None, 2, None, None)],
        "advance", "stable",
        "Stiffness 2/10, a site not told: low and stable for two weeks, with 4 strength sessions.",
    ),
    Case(
        "pain_review",
        "what was done stands beside it: dose, sessions, runs and cadence with their changes",
        {
            "coach_day": DAYS,
            "wellness": [log("2026-05-30", 3), log("2026-05-30", None)],
            "advice_day": table(
                "local_date dose dose_before sessions sessions_before sessions_lately runs "
                "distance_m distance_before_m cadence_spm cadence_change_spm cadence_noise_spm "
                "cadence_word",
                ("2026-05-30", 8, 5, 8, 5, 4, 16, 160000, 150000, 172, 3, 2, "beyond MDC"),
                **ME,
            ),
        },
        table(
            "dose dose_change sessions sessions_before n_runs distance_m distance_change_m "
            "cadence_spm cadence_change_spm cadence_noise_spm cadence_word",
            (8, 3, 8, 5, 16, 160000, 10000, 172, 3, 2, "beyond MDC"),
        ),
    ),
]  # fmt: skip

KEPT = weeks(*MAY)
TODAY = [ME | {"local_date": "2026-05-31", "sessions": 8, "sessions_before": 8, "dose": 8,
               "dose_before": 7, "sessions_lately": 4}]  # fmt: skip


def advised(law, expected, **given):
    """Return a case of the advice of one athlete as of 31 May."""
    usual = {"coach_day": DAYS, "advice_day": TODAY, "training_week": KEPT}
    return Case("dose_advice", law, usual | given, [expected])


def progress(*words):
    return table("exercise_id word_four", *((f"e{n}", w) for n, w in enumerate(words)), **ME)


def word_on(day, answer, pain, site="knee", rule="a rule"):
    return ME | {"local_date": day, "site": site, "side": "left", "pain_0_10": pain,
                 "answer": answer, "rule": rule, "reason": f"because of the {site}"}  # fmt: skip


NO_PAIN = " No pain was told in two weeks."
ADVICE = [
    advised(
        "of the newest word on each place the most careful answer stands",
        {"as_of_date": "2026-05-31", "answer": "scale back", "judged_by": "pain", "rule": "a rule",
         "reason": "because of the hip", "felt_date": "2026-05-29", "site": "hip",
         "pain_0_10": 3, "dose": 8, "dose_change": 1, "sessions_kept": 8, "sessions_planned": 8},
        pain_review=[
            word_on("2026-05-28", "scale back", 6),
            word_on("2026-05-30", "advance", 1),
            word_on("2026-05-29", "scale back", 3, "hip"),
            word_on("2026-05-29", "hold", 4, "foot"),
            word_on("2026-05-30", "scale back", 2, "ankle"),
        ],
    ),
    advised(
        "a word on pain older than two weeks no longer decides",
        {"answer": "advance", "judged_by": "dose", "rule": "flat", "felt_date": None,
         "n_held": 2, "reason": "Two sessions kept in each of four weeks, and none of 2 exercises "
         "has risen in them: add one step of weight, repetitions or sets." + NO_PAIN},
        pain_review=[word_on("2026-05-17", "scale back", 6)],
        exercise_best=progress("held", "held", None),
    ),
    advised(
        "what still rises is left alone",
        {"answer": "hold", "rule": "rising", "reason": "Two sessions kept in each of four weeks, "
         "and 1 of 2 exercises still rise: go on as you do." + NO_PAIN},
        exercise_best=progress("rising", "held"),
    ),
    advised(
        "where most exercises fall nothing is added",
        {"answer": "hold", "rule": "falling", "n_falling": 2, "reason": "Two sessions kept in each "
         "of four weeks, and 2 of 3 exercises fall: nothing is added." + NO_PAIN},
        exercise_best=progress("falling", "falling", "held"),
    ),
    advised(
        "as many fall as hold: nothing has risen",
        {"answer": "advance", "rule": "flat"},
        exercise_best=progress("falling", "held"),
    ),
    advised(
        "sessions without weights or repetitions cannot advance",
        {"answer": "hold", "rule": "nothing comparable", "reason": "Two sessions kept in each of "
         "four weeks, but no exercise can be compared: note weights and repetitions." + NO_PAIN},
    ),
    advised(
        "a week that was not kept: two a week first; older weeks and this one are not asked",
        {"answer": "hold", "rule": "not kept", "sessions_kept": 7, "sessions_planned": 8,
         "reason": "7 of 8 sessions kept in the last four full weeks. Two a week first, then more."
         + NO_PAIN},
        training_week=[
            *weeks(*APRIL, glute_sessions=0, kept_two=False),
            *weeks(*MAY[:3]),
            *weeks(MAY[3], glute_sessions=1, kept_two=False),
            *weeks("2026-06-01", glute_sessions=0, kept_two=None, is_over=False),
        ],
        exercise_best=progress("held"),
    ),
    advised(
        "a log of one week is no four weeks, kept or not",
        {"answer": "hold", "rule": "not kept", "reason": "Of the last four full weeks 1 "
         "count, with 2 of 2 sessions kept. Four weeks of two sessions first, then more."
         + NO_PAIN},
        training_week=weeks(MAY[3]),
    ),
    advised(
        "an empty week is not one of those kept, and none of those missed",
        {"answer": "hold", "rule": "not kept", "sessions_kept": 6, "sessions_planned": 6, "reason":
         "Of the last four full weeks 3 count, with 6 of 6 sessions kept. Four weeks of two "
         "sessions first, then more." + NO_PAIN},
        training_week=[*weeks(*MAY[:3]),
                       *weeks(MAY[3], glute_sessions=0, is_silent=True, kept_two=None)],
    ),
    advised(
        "a log whose first week is not over has kept nothing and missed nothing",
        {"answer": "hold", "rule": "not kept", "sessions_kept": None, "reason": "Of the last "
         "four full weeks 0 count. Four weeks of two sessions first, then more." + NO_PAIN},
        training_week=weeks(MAY[3], is_over=False, kept_two=None),
    ),
    advised(
        "in an off week of the plan no strength work is due",
        {"answer": "hold", "rule": "off week", "reason": "This is an off week of the plan: no "
         "strength work is due." + NO_PAIN},
        training_week=weeks(*MAY, is_off=True, kept_two=None, sessions_target=0),
        advice_day=[TODAY[0] | {"sessions": 0}],
    ),
    advised(
        "four weeks without a session: two a week again first",
        {"answer": "hold", "rule": "no session", "reason": "No strength session in four weeks. Two "
         "a week again first, then more." + NO_PAIN},
        advice_day=[TODAY[0] | {"sessions": 0}],
    ),
    advised(
        "without a strength log there is no answer",
        {"answer": None, "rule": "no strength log",
         "reason": "No strength session is logged yet."},
        coach_day=[DAYS[0] | {"first_strength": None}],
        advice_day=[TODAY[0] | {"sessions": None}],
    ),
]  # fmt: skip


def screened(law, tests, *expected, sessions=0, pairs=()):
    given = {
        "coach_day": DAYS, "screening": tests, "screening_symmetry": list(pairs),
        "advice_day": [TODAY[0] | {"sessions": sessions}],
        "screening_test": [{"test_id": "bridge", "name": "Single-leg bridge"}],
    }  # fmt: skip
    return Case("screening_due", law, given, [*expected])


def done(day, side="left", score=20, test_id="bridge", test="bridge"):
    return ME | {"local_date": day, "test": test, "test_id": test_id, "side": side,
                 "score": score, "unit": "reps"}  # fmt: skip


SCREENING = [
    screened(
        "in a block of strength a test is due after six weeks, on that very day",
        [done("2026-04-19", score=21), done("2026-03-01", score=9)],
        {
            "test": "Single-leg bridge", "side": "left", "last_date": "2026-04-19", "score": 21,
            "unit": "reps", "since_d": 42, "is_block": True, "interval_d": 42,
            "due_date": "2026-05-31", "is_due": True, "limb_symmetry_pct": None,
            "says": "due since 31 May, 6 weeks after 19 April, as a block of strength runs",
        },
        sessions=4,
    ),
    screened(
        "otherwise it is due after twelve",
        [done("2026-04-19")],
        {
            "since_d": 42, "is_block": False, "interval_d": 84, "due_date": "2026-07-12",
            "is_due": False, "says": "due on 12 July, 12 weeks after 19 April",
        },
        sessions=3,
    ),
    screened(
        "each side has its own day; symmetry is of the newest day with both, also where it is even",
        [
            done("2026-05-20"),
            done("2026-04-01", "right"),
            done("2026-05-01", None, test_id=None, test="Wobble"),
            done("2026-05-02", None, test_id=None, test="wobble"),
            done("2062-05-02"),
        ],
        *table(
            "test side last_date limb_symmetry_pct weaker_side symmetry_date",
            ("Single-leg bridge", "left", "2026-05-20", 100, None, "2026-04-01"),
            ("Single-leg bridge", "right", "2026-04-01", 100, None, "2026-04-01"),
            ("wobble", None, "2026-05-02", None, None, None),
        ),
        pairs=table(
            "local_date limb_symmetry_pct weaker_side",
            ("2026-01-01", 80, "left"),
            ("2026-04-01", 100, None),
            test_id="bridge",
            test="Single-leg bridge",
            **ME,
        ),
    ),
]  # fmt: skip

CASES = [*EXERCISE, *BEST, *ADVICE_DAY, *PAIN, *ADVICE, *SCREENING]
