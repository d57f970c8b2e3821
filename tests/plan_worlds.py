"""Athletes who run on beyond the day of planning: the planner sees the past, the test the rest.

Noise is what the covariance of the estimator says: an Ornstein–Uhlenbeck process and a white part.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from carryover import columns
from carryover.estimate import dose, panel
from carryover.estimate.outlook import outlook
from carryover.estimate.own_noise import Noise
from carryover.estimate.question import nothing
from carryover.plan.model import Calendar, Limits

START = date(2024, 1, 1)
OUTCOME = ("cadence_spm", "level")
TAU_D = 28.0
LIMITS = Limits(2, (1, 3))
NOISE = Noise(1.0, 4.0, 0.5)


@dataclass(frozen=True)
class Life:
    """Runs (with y) and sessions of many weeks; week 0 begins on a Monday."""

    runs: pl.DataFrame
    sessions: pl.DataFrame

    def until(self, day):
        return Life(*(f.filter(pl.col("local_date") < day) for f in (self.runs, self.sessions)))

    def log(self, *, complete=True):
        return panel.log_of(self.runs, self.sessions, past_is_empty=complete)

    def frame(self, log):
        """Return the exposed panel of every run."""
        own = self.runs.select("run_id", "y", "se")
        return panel.exposed(log, TAU_D).drop("y", "se", strict=False).join(own, on="run_id")


def life(seed, *, on, beta=0.0, drift=0.0, noise=NOISE, rate=0.54, se=None):
    """Return a life; `on` (weeks,) says which weeks hold two evening sessions."""
    rng = np.random.default_rng(seed)
    days = np.flatnonzero(rng.random(7 * len(on)) < rate)
    doses = np.zeros(7 * len(on))
    for week in np.flatnonzero(on):
        doses[7 * week + np.array(LIMITS.weekdays)] = rng.uniform(0.8, 1.2, 2)
    times = days + 7 / 24
    wander = np.zeros(days.size)
    for i in range(days.size):
        fade = np.exp(-(times[i] - times[i - 1]) / noise.memory_d) if i else 0.0
        wander[i] = fade * wander[i - 1] + np.sqrt(1 - fade**2) * rng.normal()
    white = rng.normal(size=days.size)
    u = np.sqrt(1 - noise.nugget_share) * wander + np.sqrt(noise.nugget_share) * white
    load = rng.gamma(4.0, 0.25, days.size)
    heat = 12 + 9 * np.sin((days - 100) * 2 * np.pi / 365) + rng.normal(0, 4, days.size)
    x = dose.chronic(doses, TAU_D)[days]
    own = np.zeros(days.size) if se is None else rng.normal(0, se, days.size)
    slow = drift * np.sin(days / rng.uniform(40, 80) + rng.uniform(0, 6))
    y = 172 + noise.residual_sd * u + own + beta * x + 0.2 * load + 0.03 * heat + slow
    runs = pl.DataFrame(
        {
            "run_id": [f"run{d:05d}" for d in days],
            "started_at": [instant(d, 7) for d in days],
            "local_date": [START + timedelta(days=int(d)) for d in days],
            "distance_m": load * 9_000.0,
            "moving_s": load * 3_000.0,
            "load": load,
            "temperature_c": heat,
            "y": y,
        }
    ).with_columns(
        athlete_id=pl.lit("a"), sensor_epoch=pl.lit("strap"), kind=pl.lit("easy"),
        se=pl.lit(se, pl.Float64),
    )  # fmt: skip
    held = np.flatnonzero(doses)
    sessions = pl.DataFrame(
        {
            "session_id": [f"s{d}" for d in held],
            "athlete_id": ["a"] * held.size,
            "exposure": ["strength"] * held.size,
            "started_at": [instant(d, 18) for d in held],
            "local_date": [START + timedelta(days=int(d)) for d in held],
            "dose": doses[held],
        },
        schema_overrides=columns.SESSION_DOSE,
    )
    return Life(runs, sessions)


def own_blocks(seed, weeks):
    """Return weeks of self-chosen blocks."""
    rng = np.random.default_rng(1000 + seed)
    on, state = [], bool(rng.integers(2))
    for _ in range(weeks):
        state = state ^ (rng.random() < 0.15)
        on.append(state)
    return on


def followed(past, calendar: Calendar, weeks):
    """Return which weeks are on: the past, then a calendar."""
    return [*past, *calendar.weekly(weeks)]


def view_of(made, day, *, n_weeks=104, noise=NOISE, complete=True, leave_out=1):
    """Return the outlook from a Monday on, of what came before it.

    Of every `leave_out` past runs the last yields no outcome; 1 leaves none out.
    """
    log = made.until(day).log(complete=complete)
    asked = nothing(log, OUTCOME, TAU_D)
    frame = made.until(day).frame(log).with_row_index()
    frame = frame.filter((pl.col("index") % leave_out < leave_out - 1) | (leave_out == 1))
    return outlook(
        log, asked, frame, noise, start=day, made_on=day - timedelta(days=1), n_weeks=n_weeks
    )


def instant(day, hour):
    start = datetime(START.year, START.month, START.day, hour, tzinfo=UTC)
    return start + timedelta(days=int(day))
