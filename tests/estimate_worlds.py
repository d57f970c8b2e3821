"""Simulated athletes for the laws of the estimator: bins of runs, and years of runs and sessions.

All in residual SDs or in the metric's unit as named; every draw comes from the seed given.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from carryover import columns
from carryover.estimate import dose

SPEED_SLOPE, UP_SLOPE, DOWN_SLOPE = -28.0, 1.5, -0.8
START = date(2024, 1, 1)
BEFORE_WEEKS = 20
"""Running before the record begins: loads are known to the athlete, not to the estimator."""
RUNS_A_DAY = 0.54
WANDERS = ("AR", "drift", "mix", "outliers")
"""AR(1), φ of .3 to .6 from run to run; the same on a line and a slow bend; half AR(.93), half
white; AR(1) with odd runs."""
DRIFT_LINE_SD, DRIFT_BEND_SD, DRIFT_BEND_D = 0.6, 0.35, 75.0
AR_PHI = (0.3, 0.6)
MIX_PHI = 0.93
ODD_SHARE, ODD_SD = 0.05, 4.0


def bins_of(
    seed: int,
    *,
    n_runs: int = 40,
    drift: float = 6.0,
    minutes: float = 80.0,
    bin_sd: float = 4.0,
    run_sd: float = 6.0,
    speed_noise: float = 0.0,
    correlation: float = 0.1,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return BIN and the runs frame: contact time with known slopes, drift late in each run."""
    rng = np.random.default_rng(seed)
    bins, runs = [], []
    for i in range(n_runs):
        n = round(minutes * rng.uniform(0.8, 1.2)) // 2
        mid, moving = np.arange(n) * 120.0 + 60.0, n * 120.0
        v = rng.normal(3.0, 0.15) + 0.12 * _ar1(rng, n, 0.6)
        g = rng.normal(0.0, 1.2, n)
        noise = rng.normal(0.0, bin_sd, n)
        for t in range(1, n):
            fresh = np.sqrt(1 - correlation**2) * noise[t]
            noise[t] = correlation * noise[t - 1] + fresh
        late = drift * np.clip((mid / moving - 0.35) / 0.40, 0.0, 1.0)
        hills = UP_SLOPE * np.maximum(g, 0.0) + DOWN_SLOPE * np.maximum(-g, 0.0)
        y = 250.0 + rng.normal(0.0, run_sd) + SPEED_SLOPE * (v - 3.0) + hills + noise + late
        frame = pl.DataFrame(
            {
                "run_id": [f"run{i:04d}"] * n,
                "bin_index": np.arange(n),
                "mid_moving_s": mid,
                "value": y,
                "speed_mps": v + rng.normal(0.0, speed_noise, n),
                "grade_pct": g,
                "cadence_spm": 170.0 + 8.0 * (v - 3.0) + rng.normal(0.0, 1.0, n),
                "is_baseline": (np.abs(g) <= 3.0) & (mid > 600.0),
            }
        ).with_columns(
            athlete_id=pl.lit("a"),
            sensor_epoch=pl.lit("strap"),
            metric=pl.lit("stance_time_ms"),
            valid_s=pl.lit(110.0),
            running_s=pl.lit(120.0),
            speed_sd_mps=pl.lit(0.15),
        )
        bins.append(frame)
        runs.append({"run_id": f"run{i:04d}", "moving_s": moving, "distance_m": 3.0 * moving})
    run_frame = pl.DataFrame(runs).with_columns(
        athlete_id=pl.lit("a"), sensor_epoch=pl.lit("strap")
    )
    return columns.shaped(pl.concat(bins), columns.BIN), run_frame


def steady_bins(
    seed: int,
    *,
    speed_error_mps: float,
    n_runs: int = 40,
    run_pace_mps: float = 0.15,
    bend: float = 0.0,
) -> pl.DataFrame:
    """Return BIN of level runs whose pace goes on from bin to bin, recorded with an error."""
    rng = np.random.default_rng(seed)
    frames = []
    for i in range(n_runs):
        n = 30
        v = rng.normal(3.0, run_pace_mps) + 0.10 * _ar1(rng, n, 0.6)
        faster = v - 3.0
        y = 250.0 + rng.normal(0.0, 6.0) + SPEED_SLOPE * faster + bend * faster**2
        frames.append(
            pl.DataFrame(
                {
                    "run_id": [f"run{i:04d}"] * n,
                    "bin_index": np.arange(n),
                    "mid_moving_s": np.arange(n) * 120.0 + 60.0,
                    "value": y + rng.normal(0.0, 4.0, n),
                    "speed_mps": v + rng.normal(0.0, speed_error_mps, n),
                }
            )
        )
    bins = pl.concat(frames).with_columns(
        athlete_id=pl.lit("a"),
        sensor_epoch=pl.lit("strap"),
        metric=pl.lit("stance_time_ms"),
        grade_pct=pl.lit(0.0),
        valid_s=pl.lit(110.0),
        running_s=pl.lit(120.0),
        is_baseline=pl.col("mid_moving_s") > 600.0,
    )
    return columns.shaped(bins, columns.BIN)


@dataclass(frozen=True)
class World:
    """What `carry_over` takes, and the exposure that was planted."""

    outcomes: pl.DataFrame
    runs: pl.DataFrame
    sessions: pl.DataFrame
    sensors: pl.DataFrame
    noise: np.ndarray
    """Of each run, in SD."""


def world(
    seed: int,
    *,
    weeks: int = 52,
    beta: float = 0.0,
    acute: float = 0.0,
    confounded: bool = False,
    blocks: tuple[int, int] | None = None,
    metric: str = "cadence_spm",
    outcome: str = "level",
    level: float = 172.0,
    sd: float = 1.0,
    share: float = 1.0,
    origin: str = "measured",
    wander: str = "AR",
) -> World:
    """Return a year of runs: serially correlated outcome, load, heat, self-chosen glute blocks.

    y = level + sd·(.30·EWMA7 + .25·EWMA42 + .25·temperature (standardised) + beta·X + acute·A48
    + noise of SD 1). Blocks switch at random, more readily in weeks of little load when
    `confounded`, or are planned as (weeks on, weeks off). `wander` is the kind of noise (WANDERS).
    """
    rng = np.random.default_rng(seed)
    days = weeks * 7
    turns = np.arange(-BEFORE_WEEKS, weeks) / rng.uniform(14, 22)
    wave = np.sin(2 * np.pi * turns + rng.uniform(0, 6))
    every_week = np.clip(1.0 + 0.4 * wave + rng.normal(0.0, 0.25, wave.size), 0.2, None)
    every_load = np.repeat(every_week, 7) * rng.gamma(4.0, 0.25, every_week.size * 7)
    every_load[rng.random(every_load.size) > RUNS_A_DAY] = 0.0
    past = BEFORE_WEEKS * 7
    weekly, load = every_week[BEFORE_WEEKS:], every_load[past:]
    is_run = load > 0
    on = _blocks(rng, weekly, confounded=confounded, planned=blocks)
    doses = np.zeros(days)
    for week in np.flatnonzero(on):
        for weekday in (1, 4):
            if rng.random() < 0.9:
                doses[week * 7 + weekday] = rng.uniform(0.8, 1.2)
    run_days = np.flatnonzero(is_run)
    heat = 12 + 9 * np.sin((run_days - 100) * 2 * np.pi / 365) + rng.normal(0, 4, run_days.size)
    started = [
        _instant(day, hour)
        for day, hour in zip(run_days, rng.choice([7, 18], run_days.size), strict=True)
    ]
    sessions = _sessions(doses)
    x = dose.chronic(doses, 28.0)[run_days]
    a48 = dose.acute_48(
        sessions["started_at"].dt.replace_time_zone(None).to_numpy(),
        sessions["dose"].to_numpy(),
        pl.Series(started).dt.replace_time_zone(None).to_numpy(),
    )
    noise = wandering(rng, run_days, None, "AR")
    if wander != "AR":
        noise = wandering(np.random.default_rng([seed, 1]), run_days, noise, wander)
    short, long = (_z(dose.ewma_load(every_load, tau)[past:][run_days]) for tau in (7.0, 42.0))
    known = 0.30 * short + 0.25 * long
    y = level + sd * (known + 0.25 * _z(heat) + beta * x + acute * a48 + noise)
    runs = pl.DataFrame(
        {
            "run_id": [f"run{d:05d}" for d in run_days],
            "started_at": started,
            "local_date": [START + timedelta(days=int(d)) for d in run_days],
            "distance_m": load[run_days] * 9_000.0,
            "moving_s": load[run_days] * 3_000.0,
            "load": load[run_days],
            "temperature_c": heat,
        }
    ).with_columns(athlete_id=pl.lit("a"), sensor_epoch=pl.lit("strap"))
    taken = rng.random(run_days.size) < share
    outcomes = (
        runs.select("athlete_id", "run_id")
        .with_columns(
            pl.Series("y", y),
            metric=pl.lit(metric),
            outcome=pl.lit(outcome),
            se=pl.lit(None, pl.Float64),
        )
        .filter(pl.Series(taken))
    )
    sensors = columns.shaped(
        pl.DataFrame(
            {"athlete_id": ["a"], "sensor_epoch": ["strap"], "metric": [metric], "origin": [origin]}
        ),
        columns.SENSOR_METRIC,
    )
    return World(outcomes, runs, sessions, sensors, noise)


def wandering(rng, days, usual, wander):
    """Return noise of runs on `days` as `wander` names it; `usual` (n,), or made, is AR(1)."""
    n = days.size
    if usual is None:
        usual = _ar1(rng, n, rng.uniform(*AR_PHI))
    if wander == "drift":
        line = rng.normal(0.0, DRIFT_LINE_SD) * _z(days)
        gap = days[:, None] - days[None, :]
        cov = np.exp(-0.5 * (gap / DRIFT_BEND_D) ** 2) + 1e-8 * np.eye(n)
        return usual + line + DRIFT_BEND_SD * (np.linalg.cholesky(cov) @ rng.normal(size=n))
    if wander == "mix":
        return np.sqrt(0.5) * (_ar1(rng, n, MIX_PHI) + rng.normal(size=n))
    if wander == "outliers":
        odd = rng.random(n) < ODD_SHARE
        return usual + np.where(odd, rng.normal(0.0, ODD_SD, n), 0.0)
    return usual


def _blocks(rng, weekly, *, confounded, planned):
    if planned:
        return np.arange(weekly.size) % sum(planned) < planned[0]
    on, state = np.zeros(weekly.size, dtype=bool), bool(rng.random() < 0.5)
    for week, load in enumerate(weekly):
        pull = (1.0 if load < np.median(weekly) else -1.0) * (1 if confounded else 0)
        chance = 0.16 + (0.14 * pull if not state else -0.14 * pull)
        state = not state if rng.random() < max(chance, 0.02) else state
        on[week] = state
    return on


def _ar1(rng, n, phi):
    noise = rng.normal(0.0, 1.0, n)
    for t in range(1, n):
        noise[t] = phi * noise[t - 1] + np.sqrt(1 - phi**2) * noise[t]
    return noise


def _z(values):
    return (values - values.mean()) / values.std()


def _instant(day, hour):
    return datetime(START.year, START.month, START.day, int(hour), 0, tzinfo=UTC) + timedelta(
        days=int(day)
    )


def _sessions(doses):
    days = np.flatnonzero(doses)
    return pl.DataFrame(
        {
            "athlete_id": ["a"] * days.size,
            "started_at": [_instant(d, 19) for d in days],
            "local_date": [START + timedelta(days=int(d)) for d in days],
            "dose": doses[days],
            "exposure": ["strength"] * days.size,
        },
        schema_overrides={
            "started_at": columns.UTC_TIME,
            "local_date": pl.Date(),
            "dose": pl.Float64(),
        },
    )
