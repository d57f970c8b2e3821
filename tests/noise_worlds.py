"""Made athletes whose noise is known: runs of white noise upon a slow drift, through the models."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import polars as pl

from sql_harness import known, world

MODELS = (
    "settled_run", "form_value", "form_step", "noise_part", "metric_noise", "change_noise",
    "told_change", "run_change", "form_change",
)  # fmt: skip
FIRST = dt.date(2026, 1, 5)


@dataclass(frozen=True)
class Rhythm:
    """How often an athlete runs, for how long, and how their level wanders.

    `slow_sd` in units of the noise of one run (1), `slow_d`: days over which it is forgotten.
    """

    per_week: float
    weeks: int
    slow_sd: float = 0.0
    slow_d: float = 60.0


def levels(rhythm, n_athletes, rng):
    """Return athlete, run, day and value; the noise of one run is 1 around a level near 170."""
    rows = []
    for athlete in range(n_athletes):
        n = round(rhythm.per_week * rhythm.weeks)
        days = np.sort(rng.choice(rhythm.weeks * 7, n, replace=False))
        values = 170 + rng.normal(size=n) + _slow(days, rhythm, rng)
        rows += [
            (f"a{athlete}", f"a{athlete}-{i:04d}", FIRST + dt.timedelta(days=int(days[i])),
             float(values[i]))
            for i in range(n)
        ]  # fmt: skip
    names = ["athlete_id", "run_id", "local_date", "value"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(sensor_epoch=pl.lit("w"))


def _slow(days, rhythm, rng):
    level = np.zeros(len(days))
    level[0] = rng.normal(0, rhythm.slow_sd)
    for i in range(1, len(days)):
        kept = np.exp(-(days[i] - days[i - 1]) / rhythm.slow_d)
        level[i] = kept * level[i - 1] + rng.normal(0, rhythm.slow_sd * np.sqrt(1 - kept**2))
    return level


def drifts(n_athletes, n, rng):
    """Return decays of runs a week apart, each with an error of 1 within and 2 between runs."""
    size = n_athletes * n
    week = pl.Series(np.tile(np.arange(n) * 7, n_athletes))
    change = rng.normal(0, 5**0.5, size)
    athlete = np.repeat(np.arange(n_athletes), n)
    return pl.DataFrame(
        {"athlete_id": [f"a{a}" for a in athlete],
         "run_id": [f"a{a}-{w:04d}" for a, w in zip(athlete, week, strict=True)],
         "local_date": [FIRST + dt.timedelta(days=int(w)) for w in week],
         "change_adj": change, "ci_low": change - 1.96, "ci_high": change + 1.96,
         "se": np.ones(size), "eligible": [True] * size, "sensor_epoch": ["w"] * size}
    )  # fmt: skip


def judged(runs, decays=None):
    """Return a connection with the models of noise and change over these rows."""
    connection = world({}, {"run_value", "run", "run_base", "form_decay", "origin"})
    _fill(connection, "run_value", runs, "* , local_date::timestamp as started_at")
    _fill(connection, "form_decay", decays, "* exclude (sensor_epoch)")
    for frame in (runs, decays):
        _fill(connection, "run_base", frame, "athlete_id, run_id, sensor_epoch, "
              "local_date::timestamp as started_at")  # fmt: skip
        _fill(connection, "run", frame, "athlete_id, run_id, sensor_epoch, local_date, "
              "'easy' as kind, local_date::timestamp as started_at")  # fmt: skip
    for name in MODELS:
        connection.execute(f"create temp table made as {known()[0][name].sql}")
        connection.execute(f"drop table if exists {name}")
        connection.execute(f"alter table made rename to {name}")
    return connection


def _fill(connection, table, frame, columns):
    if frame is None:
        return
    metric = "" if table in {"run", "run_base"} else ", 'cadence_spm' as metric"
    connection.register("given_rows", frame)
    connection.execute(f"insert into {table} by name select {columns}{metric} from given_rows")
