"""Made runs second by second with a true heart, faults to plant in it, and the models that judge.

A heart follows effort with a lag of 45 s, drifts, and wavers on its own; steps follow speed and
waver on their own: what a fault must be told from.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import duckdb
import numpy as np
import polars as pl

from carryover.catalogue.exclusions import exclusions
from carryover.catalogue.thresholds import limits
from carryover.demo.noise import relaxed, wander
from carryover.warehouse.connect import frame_of
from carryover.warehouse.models import macros
from sql_harness import known

MODELS = (
    "run_step", "sample_gait", "heart_rate_part", "heart_rate_usual", "heart_rate_odds",
    "heart_rate_lock", "heart_rate_stray", "heart_rate_flat", "heart_rate_unsettled",
    "heart_rate_fault",
)  # fmt: skip
ANSWER = """
    select g.run_id::int as run, g.elapsed_s, g.planted, f.fault_key
    from sample_gait as g
    cross join limits as l
    left join heart_rate_fault as f
      on f.run_id = g.run_id and f.part = floor(g.elapsed_s / l.heart_rate_part_s)::int
    where g.dt_s > 0
    order by 1, 2
"""
LAG_S = 45.0


@dataclass(frozen=True)
class Heart:
    """One run: true heart rate, steps and speed a second, and which seconds are faulty."""

    speed_mps: np.ndarray
    cadence_spm: np.ndarray
    heart_rate_bpm: np.ndarray
    grade_pct: np.ndarray
    planted: np.ndarray
    every_s: int = 1

    @property
    def n(self):
        return len(self.speed_mps)

    def read(self, since, until, values):
        """Return the run with other readings from one second until before another."""
        heart, planted = self.heart_rate_bpm.copy(), self.planted.copy()
        heart[since:until] = values
        planted[since:until] = True
        return replace(self, heart_rate_bpm=np.round(heart), planted=planted)


def made(
    rng, minutes=60, *, speed=None, grade=None, at_bpm=150.0, at_spm=168.0, drift=6.0, waver=1.5
):
    """Return a clean run; `speed` and `grade` are arrays a second or none for an easy road run."""
    n = int(60 * minutes)
    if speed is None:
        speed = 2.9 + wander(n, 90.0, 0.12, rng) + wander(n, 600.0, 0.1, rng)
    if grade is None:
        grade = wander(n, 120.0, 1.2, rng)
    flat = speed * (1 + 0.033 * grade)
    cadence = at_spm + 6 * (speed - 2.9) + wander(n, 15.0, 1.3, rng)
    wanted = at_bpm + 22 * (flat - 2.9) + drift * np.arange(n) / n
    heart = relaxed(wanted, LAG_S, at_bpm - 50) + wander(n, 20.0, waver, rng)
    return Heart(speed, np.round(cadence), np.round(heart), grade, np.zeros(n, dtype=bool))


def steps_read(run, since, until, rng, lag_s=5.0):
    """Return a cadence lock: the sensor's own smoothing of the steps, to a beat."""
    steps = relaxed(run.cadence_spm, lag_s, run.cadence_spm[0])
    return steps[since:until] + rng.normal(0, 0.7, until - since)


def thinned(run, every):
    """Return the run as a watch keeps it that writes one record in `every` seconds."""
    kept = slice(None, None, every)
    names = ("speed_mps", "cadence_spm", "heart_rate_bpm", "grade_pct", "planted")
    return replace(run, every_s=every, **{name: getattr(run, name)[kept] for name in names})


def judged(runs):
    """Return run (its number), elapsed_s, planted and fault of every second with a heart rate."""
    with duckdb.connect() as connection:
        connection.execute(macros())
        for name, frame in (("limits", limits()), ("exclusion_data", exclusions())):
            connection.register("incoming", frame)
            connection.execute(f"create temp table {name} as select * from incoming")
            connection.unregister("incoming")
        connection.register("made", pl.concat([_frame(k, run) for k, run in enumerate(runs)]))
        connection.execute("create temp table sample_channel as select * from made")
        for name in MODELS:
            connection.execute(f"create temp table {name} as {known()[0][name].sql}")
        return frame_of(connection, ANSWER)


def _frame(number, run):
    t = run.every_s * np.arange(run.n, dtype=float)
    step, beats = np.full(run.n - 1, float(run.every_s)), run.heart_rate_bpm
    return pl.DataFrame({
        "run_id": [str(number)] * run.n, "elapsed_s": t, "moving_s": t,
        "dt_s": np.append(step, 0.0), "gap_s": np.append(step, np.nan),
        "since_s": np.append(np.nan, step), "segment": np.zeros(run.n, dtype=int),
        "segment_start_s": np.zeros(run.n), "speed_mps": run.speed_mps,
        "cadence_spm": run.cadence_spm, "heart_rate_bpm": beats,
        "heart_rate_step_bpm": np.append(np.nan, np.diff(beats)), "grade_pct": run.grade_pct,
        "stance_time_ms": np.full(run.n, np.nan), "contact_still_s": np.zeros(run.n),
        "planted": run.planted,
    }, nan_to_null=True)  # fmt: skip
