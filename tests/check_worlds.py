"""Made athletes for the checks beside an answer: upper-body work, a second sensor, many members."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl

from carryover import columns
from carryover.estimate import dose, panel
from carryover.estimate.asked import Asked, Given, frame_of, numbers
from carryover.estimate.carry_over import Spec, carry_over
from carryover.estimate.question import ask
from carryover.estimate.verdict import Estimate
from estimate_worlds import START, World, _ar1, _instant, world

ATHLETE = frozenset({"a"})
COMPLETE = Spec(complete_logs=ATHLETE)
NO_DRIFTS = pl.DataFrame(
    schema={"run_id": pl.String, "metric": pl.String, "change_adj_huber": pl.Float64}
)
MEMBERS = (
    ("stance_time_ms", "level", 250.0, 5.0),
    ("vertical_oscillation_mm", "level", 90.0, 3.0),
    ("metres_per_beat", "level", 1.2, 0.04),
    ("hr_decoupling_ratio", "level", 1.05, 0.02),
    ("stance_time_ms", "decay", 6.0, 4.0),
    ("cadence_spm", "decay", 1.5, 1.5),
)
"""Members beside the level of cadence: metric, outcome, mean and SD, in the metric's unit."""


def given(made: World) -> Given:
    """Return the frames of a made athlete whose log is complete."""
    return Given(made.outcomes, made.runs, made.sessions, made.sensors, ATHLETE)


def answers(made: World, spec: Spec = COMPLETE) -> pl.DataFrame:
    """Return CARRY_OVER of a made athlete."""
    return carry_over(made.outcomes, made.runs, made.sessions, made.sensors, spec)


def asked(made: World, *, good_side: str = "none") -> Asked:
    """Return the question about the athlete's first outcome, without all the others' answers."""
    name, outcome = made.outcomes.select("metric", "outcome").row(0)
    own = given(made)
    log = own.log("a", dose.STRENGTH)
    frame = frame_of(own.outcomes, (name, outcome), panel.exposed(log, 28.0))
    question = ask(log, (name, outcome), frame, tau_d=28.0)
    estimate = Estimate(question.fitted.effect, question.fitted.se, question.fitted.fit.df)
    row = {
        "athlete_id": "a", "metric": name, "outcome": outcome, "exposure": dose.STRENGTH,
        "tau_d": 28.0, "good_side": good_side, "p_shift": None, "lead_p": None,
        **numbers(estimate),
    }  # fmt: skip
    return Asked(row, own, question)


def with_upper(made: World, seed: int, *, beta: float = 0.0, follows: bool = False) -> World:
    """Return the athlete with upper-body work in weeks of their own, or just when glute work is.

    `beta`: what two such sessions a week do to every outcome, in its unit.
    """
    rng = np.random.default_rng([seed, 1])
    if follows:
        upper = made.sessions.with_columns(exposure=pl.lit("upper_body"))
    else:
        upper = _own_weeks(made, rng)
    x = dose.chronic(_daily(made, upper), 28.0)
    driven = moved(made, beta * x[days_of(made)])
    sessions = pl.concat([made.sessions, upper.select(made.sessions.columns)])
    return replace(driven, sessions=sessions)


def with_second_sensor(made: World, *, jump: float, share: float = 0.5) -> World:
    """Return the athlete with a new sensor after a share of the runs, which reads higher."""
    at = made.runs["local_date"].sort()[int(share * made.runs.height)]
    later = pl.col("local_date") >= at
    runs = made.runs.with_columns(
        sensor_epoch=pl.when(later).then(pl.lit("other strap")).otherwise("sensor_epoch")
    )
    sensors = made.sensors.with_columns(sensor_epoch=pl.lit("other strap"))
    read = moved(made, jump * (made.runs["local_date"] >= at).to_numpy())
    return replace(read, runs=runs, sensors=pl.concat([made.sensors, sensors]))


def with_members(made: World, seed: int, *, shared: float = 0.7, share: float = 1.0) -> World:
    """Return the athlete with MEMBERS beside, each of them correlated with the first outcome.

    A member is mean + SD·(shared·first + √(1 − shared²)·noise of its own); late-run drifts are had
    by every second run.
    """
    rng = np.random.default_rng([seed, 2])
    first = made.outcomes["y"].to_numpy()
    first = (first - first.mean()) / first.std()
    frames, sensors = [made.outcomes], [made.sensors]
    for metric, outcome, mean, sd in MEMBERS:
        own = _ar1(rng, first.size, 0.4)
        y = mean + sd * (shared * first + np.sqrt(1 - shared**2) * own)
        every = made.outcomes.with_columns(
            y=pl.Series(y), metric=pl.lit(metric), outcome=pl.lit(outcome)
        )
        some = 0.5 if outcome == "decay" or metric == "hr_decoupling_ratio" else share
        frames.append(every.filter(pl.Series(rng.random(first.size) < some)))
        sensors.append(made.sensors.with_columns(metric=pl.lit(metric)))
    return replace(made, outcomes=pl.concat(frames), sensors=pl.concat(sensors).unique())


def one_block_world(seed: int, *, effect: float, fades: bool) -> World:
    """Return 64 weeks of planned blocks, of which the second alone goes with the outcome.

    With `fades` the outcome is moved by X · effect of that block's sessions, else by `effect` in
    eight weeks from a week after its start, whatever made them different.
    """
    made = world(seed, weeks=64, blocks=(8, 8))
    if not fades:
        weeks = days_of(made) / 7
        return moved(made, effect * ((weeks >= 17) & (weeks < 25)))
    alone = made.sessions.filter(
        pl.col("local_date").is_between(START + timedelta(weeks=16), START + timedelta(weeks=26))
    )
    x = dose.chronic(_daily(made, alone), 28.0)
    return moved(made, effect * x[days_of(made)])


def moved(made: World, by: np.ndarray) -> World:
    """Return the athlete with every outcome of a run moved by as much, `by` (runs,)."""
    told = made.runs.select("run_id", moved=pl.Series(by))
    outcomes = made.outcomes.join(told, on="run_id", maintain_order="left")
    return replace(
        made, outcomes=outcomes.with_columns(pl.col("y") + pl.col("moved")).drop("moved")
    )


def days_of(made: World) -> np.ndarray:
    return (made.runs["local_date"] - START).dt.total_days().to_numpy()


def _own_weeks(made: World, rng: np.random.Generator) -> pl.DataFrame:
    """Return upper-body sessions on Monday and Thursday of weeks that switch at random."""
    weeks = (made.runs["local_date"].max() - START).days // 7 + 1
    on, days = bool(rng.random() < 0.5), []
    for week in range(weeks):
        on = not on if rng.random() < 0.14 else on
        days += [7 * week + day for day in (0, 3) if on]
    return pl.DataFrame(
        {
            "athlete_id": "a",
            "started_at": [_instant(day, 12) for day in days],
            "local_date": [START + timedelta(days=day) for day in days],
            "dose": 1.0,
            "exposure": "upper_body",
        },
        schema_overrides={"started_at": columns.UTC_TIME, "local_date": pl.Date()},
    )


def _daily(made: World, upper: pl.DataFrame) -> np.ndarray:
    return dose.by_day(upper["local_date"], upper["dose"], START, made.runs["local_date"].max())
