# ruff: noqa: E402
"""How long the carry-over estimate takes, beside dense algebra in one run.

One *look* is the restricted likelihood of one covariance; the peers make the same look with a
dense matrix: a Cholesky factor through numpy, and statsmodels' GLS. REML takes 35 looks, several
hundred where each value has its own error. A *question* is one outcome beside one exposure with
all its checks. Times are CPU seconds of one thread, the least of a few turns: other work on the
machine hardly matters.
"""

from __future__ import annotations

import os

# Before numpy comes in: the peers' matrices would take all cores.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS")
os.environ.update(dict.fromkeys(ONE_THREAD, "1"))

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
import statsmodels.api as sm
from scipy.linalg import solve_triangular

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

import estimate_worlds
from benchmarks.tables import machine, number, table
from carryover.estimate import covariance, panel, question
from carryover.estimate.carry_over import Spec, carry_over
from carryover.estimate.finding import find
from carryover.estimate.orientation import Orientation

SIZES: Final = (200, 2_000, 4_000)
RUNS_A_WEEK: Final = 3.8
LEVEL: Final = ("cadence_spm", "level")
POINT: Final = covariance.Candidates(np.array([8.0]), np.array([0.5]), np.array([1.0]))
HEADER: Final = (
    "runs", "own errors", "one look, ms", "numpy, dense, ms", "×", "statsmodels GLS, ms", "×",
    "REML, s", "question, s",
)  # fmt: skip
TEN_YEARS_WEEKS: Final = 520
LEVELS: Final = (
    "cadence_spm", "stance_time_ms", "stance_time_balance_pct", "vertical_oscillation_mm",
    "hr_decoupling_ratio", "metres_per_beat",
)  # fmt: skip
DECAYS: Final = LEVELS[:4]
LONG_RUNS: Final = 0.45


def fastest(work: Callable[[], object], turns: int) -> float:
    """Return the CPU seconds of the fastest turn."""
    laps = []
    for _ in range(turns):
        since = time.process_time()
        work()
        laps.append(time.process_time() - since)
    return min(laps)


def dense(series: covariance.Series) -> np.ndarray:
    """Return the covariance of `POINT` as a matrix (n, n)."""
    gap = np.abs(series.days[:, None] - series.days[None, :])
    smooth = 0.5 * np.exp(-gap / POINT.length_d[0])
    return smooth + np.diag(0.5 + series.own_var)


def numpy_look(series: covariance.Series, design: np.ndarray) -> float:
    """Return the restricted log likelihood by dense Cholesky."""
    root = np.linalg.cholesky(dense(series))
    white = solve_triangular(root, np.column_stack([series.value, design]), lower=True)
    gram = white[:, 1:].T @ white[:, 1:]
    rest = white[:, 0] - white[:, 1:] @ np.linalg.solve(gram, white[:, 1:].T @ white[:, 0])
    log_det = 2.0 * np.log(np.diag(root)).sum() + np.linalg.slogdet(gram)[1]
    return float(-0.5 * (log_det + rest @ rest))


def asked(n_runs: int, *, own: bool) -> tuple[panel.Log, pl.DataFrame]:
    """Return a log and the panel of one outcome with about so many runs."""
    world = estimate_worlds.world(3, weeks=round(n_runs / RUNS_A_WEEK) + 1)
    log = panel.log_of(world.runs, world.sessions, past_is_empty=True)
    if log is None:
        raise ValueError("a made log has runs")
    frame = world.outcomes.join(panel.exposed(log, 28.0), on="run_id").sort("started_at")
    if own:
        frame = frame.with_columns(se=pl.Series(_errors(frame.height)))
    return log, frame.head(n_runs)


def row(n_runs: int, *, own: bool, turns: int) -> list[str]:
    """Return one row of the table; both ways must find the same likelihood."""
    log, frame = asked(n_runs, own=own)
    fitted = question.ask(log, LEVEL, frame, tau_d=28.0).fitted
    if fitted is None:
        raise ValueError("a made year can be fitted")
    series, design = fitted.series, fitted.design.columns

    def look() -> float:
        return float(covariance.restricted_loglik(series, design, POINT, profiled=False)[0])

    if not np.isclose(look(), numpy_look(series, design), rtol=1e-8):
        raise ValueError("the two ways differ")
    ours = fastest(look, 5 * turns)
    plain = fastest(lambda: numpy_look(series, design), turns)
    peer = fastest(lambda: sm.GLS(series.value, design, sigma=dense(series)).fit(), turns)
    reml = fastest(lambda: covariance.fit_reml(series, design), turns)
    whole = fastest(
        lambda: find(_fresh(log), LEVEL, frame, Orientation("none"), None, tau_d=28.0), turns
    )
    return [
        f"{frame.height:,}", "yes" if own else "no", number(1e3 * ours),
        number(1e3 * plain), number(plain / ours), number(1e3 * peer), number(peer / ours),
        number(reml), number(whole),
    ]  # fmt: skip


def _fresh(log: panel.Log) -> panel.Log:
    """Return the log without what former questions left in it."""
    log.made.clear()
    return log


def athlete(turns: int) -> str:
    """Return how long all questions of one athlete's ten years take."""
    world = estimate_worlds.world(3, weeks=TEN_YEARS_WEEKS)
    rng = np.random.default_rng(3)
    parts = [_another(world.outcomes, name, "level", rng) for name in LEVELS]
    for name in DECAYS:
        long = world.outcomes.filter(pl.Series(rng.random(world.outcomes.height) < LONG_RUNS))
        errors = pl.Series(_errors(long.height))
        parts.append(_another(long, name, "decay", rng).with_columns(se=errors))
    outcomes = pl.concat(parts)
    sensors = pl.concat([world.sensors.with_columns(metric=pl.lit(name)) for name in LEVELS])
    spec = Spec(complete_logs=frozenset({"a"}))
    found = carry_over(outcomes, world.runs, world.sessions, sensors, spec)
    took = fastest(
        lambda: carry_over(outcomes, world.runs, world.sessions, sensors, spec), turns
    )  # fmt: skip
    return (
        f"One athlete, ten years, {world.runs.height:,} runs: {found.height} questions "
        f"({len(LEVELS)} levels, {len(DECAYS)} drifts with own errors, the primary also at two "
        f"other τ) in {number(took)} s, {number(took / found.height)} s each."
    )


def _another(
    frame: pl.DataFrame, name: str, outcome: str, rng: np.random.Generator
) -> pl.DataFrame:
    noise = pl.Series(rng.normal(0.0, 1.0, frame.height))
    return frame.with_columns(y=pl.col("y") + noise, metric=pl.lit(name), outcome=pl.lit(outcome))


def _errors(size: int) -> np.ndarray:
    return np.random.default_rng(1).uniform(0.3, 0.8, size)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    args = parser.parse_args()
    print(machine(["numpy", "scipy", "statsmodels"]), "\n")
    rows = [row(n, own=own, turns=args.turns) for n in args.sizes for own in (False, True)]
    print(table(HEADER, rows, texts=2), "\n")
    print(athlete(args.turns))


if __name__ == "__main__":
    main()
