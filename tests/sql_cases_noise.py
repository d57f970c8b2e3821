"""Given → expected for the noise floor and for changes with their word."""

from __future__ import annotations

import datetime as dt
import math

from sql_harness import Case, table

KEY = {"athlete_id": "me", "sensor_epoch": "w", "metric": "cadence_spm"}
FIRST = dt.date(2026, 1, 1)
FOUR = "4 are needed"
BEFORE = "with this sensor in the 182 days before"


def day(number):
    return (FIRST + dt.timedelta(days=number)).isoformat()


def v(n):
    """Variance of the median of n normal values, as the models have it."""
    return math.pi / 2 / (n + (1.27 if n % 2 == 0 else math.pi / 2 - 1))


def t(df, z=1.96):
    return z * (1 + (z**2 + 1) / (4 * df) + (5 * z**4 + 16 * z**2 + 3) / (96 * df**2))


def runs(*values, every=1, **constant):
    """Return usual runs, one every so many days, with these values."""
    return [
        KEY | {"run_id": f"r{i:02d}", "local_date": day(i * every), "y": y, "kind": "easy",
               "started_at": f"{day(i * every)} 07:00", "is_usual": True, "is_settled": True}
        | constant
        for i, y in enumerate(values)
    ]  # fmt: skip


def parts(**held):
    """Return rows of noise_part: part=(size, spread, n, span_d)."""
    rows = [(part.replace("_", " "), *told) for part, told in held.items()]
    return table("part size spread n span_d", *rows, **KEY)


def step(**told):
    """Return one comparison of form_step with defaults that could be judged."""
    return KEY | {
        "run_id": "r", "local_date": day(0), "started_at": f"{day(0)} 07:00", "kind": "easy",
        "is_usual": True, "is_settled": True, "is_enough": True, "compared": "usual",
        "value": 175.0, "reference": 170.0, "change": 5.0, "n1": 1, "n2": 9, "spread": 1.1,
    } | told  # fmt: skip


NOISE = KEY | {"sem": 2.0, "n_runs": 30}
DRIFT = {"run_id": "r", "metric": "cadence_spm", "local_date": day(0)}
MINE = {"run_id": "r", "athlete_id": "me", "sensor_epoch": "w", "started_at": f"{day(0)} 07:00"}


def told(law, change, noise, word, *, knows_slow=True, reason=None):
    given = KEY | {
        "run_id": "r", "outcome": "level", "compared": "usual", "value": 170 + change,
        "reference": 170, "noise": noise, "knows_slow": knows_slow, "reason": reason,
    }  # fmt: skip
    seen = None if reason else change
    known = None if reason else noise
    return Case("told_change", law, {"change_noise": [given]},
                table("change noise word", (seen, known, word)))  # fmt: skip


def changes(*rows):
    names = "run_id started_at sensor_epoch outcome compared value word reason"
    return table(names, *rows, athlete_id="me", metric="cadence_spm", knows_slow=True)


CASES = [
    Case(
        "form_value",
        "adjusted and plain values are never mixed; workouts are told apart from usual runs",
        {
            "run_value": table("run_id value value_adj", ("a", 170, 171), ("b", 150, None),
                               ("c", 180, 179), **KEY),
            "run": table("run_id kind", ("a", "easy"), ("b", "long"), ("c", "workout")),
            "settled_run": table("run_id", ("a",), ("b",)),
        },
        table("run_id y is_usual is_settled", ("a", 171, True, True), ("c", 179, False, False)),
    ),
    Case(
        "form_value",
        "a sensor without any adjusted value is compared by plain ones",
        {
            "run_value": [KEY | {"run_id": "b", "value": 150, "value_adj": None}],
            "run": [{"run_id": "b", "kind": "long"}],
        },
        table("run_id y is_usual", ("b", 150, True)),
    ),
    Case(
        "form_step",
        "a run is held against the median of six weeks before, four weeks against four",
        {
            "form_value": [
                *runs(160, 162, every=10),
                *runs(200, run_id="x", local_date=day(12), is_usual=False),
                *runs(170, run_id="y", local_date=day(43)),
            ]
        },
        table(
            "run_id compared value reference n1 n2 is_enough",
            ("r00", "usual", 160, None, 1, 0, False),
            ("r01", "usual", 162, 160, 1, 1, False),
            ("x", "usual", 200, 161, 1, 2, False),
            ("y", "usual", 170, 162, 1, 1, False),
            ("r00", "weeks", 160, None, 1, 0, False),
            ("r01", "weeks", 161, None, 2, 0, False),
            ("x", "weeks", 161, None, 2, 0, False),
            ("y", "weeks", 170, 161, 1, 2, False),
        ),
    ),
    Case(
        "form_step",
        "a run is not held against another of its own day, nor against another sensor's",
        {
            "form_value": [
                *runs(160, run_id="a"),
                *runs(161, run_id="b"),
                *runs(190, run_id="c", local_date=day(9), sensor_epoch="pod"),
            ]
        },
        table(
            "run_id compared reference n2",
            *((run, compared, None, 0) for run in "abc" for compared in ("usual", "weeks")),
        ),
    ),
    Case(
        "form_step",
        "four runs before are enough; the standard error is that of one run and their median",
        {"form_value": runs(160, 162, 164, 166, 170)},
        table(
            "run_id compared change spread is_enough",
            *(
                (f"r{i:02d}", "usual", change, spread, i == 4)
                for i, (change, spread) in enumerate(
                    [(None, None), (2, 1 + v(1)), (3, 1 + v(2)), (4, 1 + v(3)), (7, 1 + v(4))]
                )
                for spread in [spread and spread**0.5]
            ),
            *((f"r{i:02d}", "weeks", None, None, False) for i in range(5)),
        ),
    ),
    Case(
        "noise_part",
        "a run's own value stays out of the median that it is held against",
        {"form_value": runs(10, 12, 10)},
        table("part size n span_d", ("run", (2 / (1 + v(2))) ** 0.5, 3, 2)),
    ),
    Case(
        "noise_part",
        "a run without neighbours tells no noise, and a workout none",
        {"form_value": [*runs(10, 12, 10, every=30), *runs(9, 9, 9, is_usual=False)]},
    ),
    Case(
        "noise_part",
        "runs that are not settled yet move no noise: neither a run, nor a step, nor a drift",
        {
            "form_value": [*runs(10, 12, 10), *runs(99, run_id="new", is_settled=False)],
            "form_step": [
                step(run_id="a", change=1, spread=2.0, compared="weeks"),
                step(run_id="new", change=99, spread=9.0, compared="weeks", is_settled=False),
            ],
            "form_decay": table(
                "run_id change_adj", ("a", 1), ("b", 3), ("new", 99),
                athlete_id="me", metric="cadence_spm", local_date=day(0), eligible=True,
            ),
            "run": table("run_id", ("a",), ("b",), ("new",), sensor_epoch="w"),
            "settled_run": table("run_id", ("a",), ("b",)),
        },
        table(
            "part size n",
            ("drift", 2 / (1 + v(1)) ** 0.5, 2), ("run", (2 / (1 + v(2))) ** 0.5, 3),
            ("weeks step", 1, 1),
        ),
    ),
    Case(
        "noise_part",
        "an odd change counts as three robust SDs, not as what it is",
        {
            "form_step": [
                step(run_id=f"r{i}", change=change, spread=2.0, compared="weeks")
                for i, change in enumerate((1, -1, 1, -1, 100))
            ]
        },
        table("part size spread n", ("weeks step", ((4 + (3 * 1.4826) ** 2) / 5) ** 0.5, 2, 5)),
    ),
    Case(
        "noise_part",
        "a drift is held against the median of the others; a run that was not judged stays out",
        {
            "form_decay": table(
                "run_id change_adj eligible", ("a", 1, True), ("b", 3, True), ("c", 1, True),
                ("d", 99, False), athlete_id="me", metric="cadence_spm", local_date=day(0),
            ),
            "run": table("run_id", ("a",), ("b",), ("c",), ("d",), sensor_epoch="w"),
            "settled_run": table("run_id", ("a",), ("b",), ("c",), ("d",)),
        },
        table("part size n", ("drift", (2 / (1 + v(2))) ** 0.5, 3)),
    ),
    Case(
        "metric_noise",
        "the floor is the noise of one run; what four weeks change beyond it is the level's wander",
        {
            "form_value": [*runs(168, 170, 172), *runs(99, 999, is_settled=False)],
            "noise_part": parts(
                run=(2, None, 20, 90), usual_step=(9, 1.2, 40, 181), weeks_step=(3, 0.5, 40, 200)
            ),
            "origin": table("origin", ("measured",), athlete_id="me", sensor_epoch="w",
                            metric="cadence_spm"),
        },
        table(
            "origin sem mdc95 usual_low n_runs reason slow_run_sd slow_weeks_sd decay_sem "
            "decay_reason",
            ("measured", 2, 1.96 * 8**0.5, 168.4, 20, None, None, 8**0.5, None,
             "0 runs could be judged for late-run drift; 8 are needed"),
        ),
    ),
    Case(
        "metric_noise",
        "a level that changes no more than its noise wanders by 0",
        {
            "form_value": runs(168, 170),
            "noise_part": parts(run=(2, None, 8, 90), weeks_step=(1, 1, 40, 400)),
        },
        table("sem slow_weeks_sd slow_span_d", (2, 0, 400)),
    ),
    Case(
        "metric_noise",
        "with seven runs there is a reason and no number",
        {"form_value": runs(168, 170), "noise_part": parts(run=(2, None, 7, 90))},
        table(
            "sem mdc95 usual_low n_runs reason",
            (None, None, None, 7,
             "7 easy runs with 2 or more others within 21 days; 8 are needed"),
        ),
    ),
    Case(
        "metric_noise",
        "values that never change show no noise: that is no floor of 0",
        {"form_value": runs(168, 168), "noise_part": parts(run=(0, None, 30, 90))},
        table("sem reason", (None, "the values never change, so they show no noise")),
    ),
    Case(
        "metric_noise",
        "late-run drift has a floor of its own: from run to run, and within a run",
        {
            "form_value": runs(168),
            "noise_part": parts(drift=(5, None, 12, 90)),
            "form_decay": table("run_id se eligible", ("a", 1, True), ("b", 3, True),
                                ("c", 9, False), ("new", 9, True), metric="cadence_spm"),
            "run": table("run_id", ("a",), ("b",), ("c",), ("new",), athlete_id="me",
                         sensor_epoch="w"),
            "settled_run": table("run_id", ("a",), ("b",), ("c",)),
        },
        table("decay_sem decay_mdc95 decay_se n_decays decay_reason",
              (5, 1.96 * 50**0.5, 2, 12, None)),
    ),
    Case(
        "change_noise",
        "the noise of a comparison is that of both sides and of the level's own wander",
        {
            "form_step": [step(), step(run_id="s", compared="weeks", n1=9, spread=0.5)],
            "metric_noise": [NOISE | {"slow_run_sd": 1.0, "slow_weeks_sd": 2.0,
                                      "slow_span_d": 280}],
        },
        table(
            "compared noise knows_slow reason",
            ("usual", t(29) * (2.2**2 + 1) ** 0.5, True, None),
            ("weeks", t(10) * (1 + 4) ** 0.5, True, None),
        ),
    ),
    Case(
        "change_noise",
        "until it is known how far the level wanders, the runs' own noise stands alone",
        {
            "form_step": [step(compared="weeks", n1=9, spread=0.5)],
            "metric_noise": [NOISE | {"slow_span_d": 28}],
        },
        table("noise knows_slow", (t(1) * 1, False)),
    ),
    Case(
        "change_noise",
        "what cannot be told has a reason",
        {
            "form_step": [
                step(run_id="a", kind="race", is_usual=False),
                step(run_id="b", n2=2, is_enough=False),
                step(run_id="c", compared="weeks", n1=3, n2=1, is_enough=False),
                step(run_id="d", sensor_epoch="new"),
            ],
            "metric_noise": [NOISE, NOISE | {"sensor_epoch": "new", "sem": None, "n_runs": 3,
                                             "reason": "too few"}],
        },
        table(
            "run_id reason",
            ("a", "race: only easy and long runs are held against each other"),
            ("b", "2 easy runs with this sensor in the 42 days before; 4 are needed"),
            ("c", f"3 easy runs in these 28 days and 1 easy run in those before; {FOUR} in each"),
            ("d", "too few"),
        ),
    ),
    Case(
        "change_noise",
        "a drift is told against none, by its own interval, and against earlier drifts",
        {
            "form_decay": [
                DRIFT | {"run_id": f"o{i}", "local_date": day(-9 * i - 9), "eligible": True,
                         "change_adj": float(i)} for i in range(4)
            ] + [DRIFT | {"change_adj": 6.0, "ci_low": 2.0, "ci_high": 10.0, "eligible": True}],
            "run": [MINE | {"run_id": run} for run in ("r", "o0", "o1", "o2", "o3")],
            "metric_noise": [NOISE | {"decay_sem": 3.0, "n_decays": 12}],
        },
        [
            *table("run_id compared value reference noise n2 reason",
                   ("r", "early", 6, 0, 4, 1, None),
                   ("r", "usual", 6, 1.5, t(11) * 3 * (1 + v(4)) ** 0.5, 4, None)),
            *(row for i in range(4) for row in table(
                "run_id compared value reference noise n2 reason",
                (f"o{i}", "early", i, 0, None, 1, None),
                (f"o{i}", "usual", i, (i + 1 + 3) / 2 if i < 3 else None,
                 t(11) * 3 * (1 + v(3 - i)) ** 0.5 if i < 3 else None, 3 - i,
                 f"{3 - i} judged drift{'s' * (i != 2)} {BEFORE}; {FOUR}"))),
        ],
    ),
    Case(
        "change_noise",
        "a run that was not judged for drift keeps its reason",
        {
            "form_decay": [DRIFT | {"eligible": False, "reason": "a finish sprint"}],
            "run": [MINE],
        },
        table("compared value reason", ("early", None, "a finish sprint"),
              ("usual", None, "a finish sprint")),
    ),
    told("a change inside nine tenths of chance is within noise", 4.19, 5, "within noise"),
    told("one beyond it is likely", -4.2, 5, "likely"),
    told("up to the minimal detectable change it stays so", 5, 5, "likely"),
    told("beyond it the word says so", -5.01, 5, "beyond MDC"),
    told("no change at all is within no noise at all", 0, 0, "within noise"),
    told("while the wander is not known the word goes no further", 9, 5, "likely",
         knows_slow=False),
    told("a reason stands in place of a word", 9, 5, None, reason="too few"),
    Case(
        "run_change",
        "each run is told against its usual and a drift against none; spans of weeks stay out",
        {
            "told_change": changes(
                ("r", day(0), "w", "level", "usual", 1, "likely", None),
                ("r", day(0), "w", "level", "weeks", 2, "likely", None),
                ("r", day(0), "w", "decay", "early", 3, None, "short"),
            )
        },
        table("outcome compared value word reason",
              ("level", "usual before", 1, "likely", None),
              ("decay", "early part", 3, None, "short")),
    ),
    Case(
        "form_change",
        "the newest comparison of each sensor epoch stands",
        {
            "told_change": changes(
                ("a", day(0), "w", "level", "usual", 1, "likely", None),
                ("b", day(1), "w", "level", "usual", 2, "within noise", None),
                ("b", day(1), "w", "level", "weeks", 3, "beyond MDC", None),
                ("c", day(2), "pod", "level", "usual", 4, None, "too few"),
                ("b", day(1), "w", "decay", "early", 5, "likely", None),
            )
        },
        table("sensor_epoch compared value word run_id",
              ("w", "latest run", 2, "within noise", "b"),
              ("w", "last weeks", 3, "beyond MDC", "b"),
              ("pod", "latest run", 4, None, "c")),
    ),
]  # fmt: skip
