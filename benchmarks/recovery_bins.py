"""Recovery on frames of 2-minute bins: the estimator alone, without files, in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl

from benchmarks.recovery_tables import (
    DECAY_HEADER,
    LEVEL_HEADER,
    bullets,
    decay_cells,
    level_cells,
    refusals,
)
from benchmarks.tables import table
from carryover.estimate.baseline import fit_baseline
from carryover.estimate.decay import form_decay
from truth_runs import DOWN_MS, EPOCHS, REFERENCE_MPS, SLOPES, UP_MS, World, bin_frames, second_sd

ERRORS_MPS: Final = (0.0, 0.05, 0.12, 0.20)
TAUS_S: Final = (5.0, 15.0, 30.0)
ERROR_HEADER: Final = ("speed error of a bin, m/s", "of one second, m/s", "τ, s")
SLOPE_HEADER: Final = (
    *ERROR_HEADER[:1], "sensor", "a m/s: planted", "found", "a % up: planted", "found",
    "a % down: planted", "found",
)  # fmt: skip


def estimated(bins: pl.DataFrame, runs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return FORM_DECAY, and the bins with `effect`; the only place that knows these doors.

    `effect` is what pace and grade add to the value at the athlete's reference speed on the level.
    """
    baseline = fit_baseline(bins)
    decay = form_decay(bins, runs, baseline)
    held = bins.join(baseline.filter("usable"), on=("athlete_id", "sensor_epoch", "metric"))
    grade = pl.col("grade_pct")
    effect = (
        pl.col("speed_slope") * (pl.col("speed_mps") - reference_mps(bins))
        + pl.col("up_slope") * grade.clip(lower_bound=0.0)
        + pl.col("down_slope") * (-grade).clip(lower_bound=0.0)
    )
    return decay, held.with_columns(effect=effect)


def reference_mps(bins: pl.DataFrame) -> float:
    """Return the median speed of baseline bins: where adjusted values are told."""
    return float(np.median(bins.filter("is_baseline")["speed_mps"].to_numpy()))


def found_again(worlds: Sequence[World]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return runs with planted and found decay and level, and the bins with their effects."""
    found, effects = [], []
    for world in worlds:
        bins, runs = bin_frames(world)
        decay, held = estimated(bins, runs)
        reference = reference_mps(bins)
        truth = pl.DataFrame(
            [(f"run{t.number:04d}", t.decay_ms, t.adjusted_ms(reference)) for t in world.runs()],
            schema=["run_id", "true_decay", "true_level"], orient="row",
        )  # fmt: skip
        told = (pl.col("value") - pl.col("effect")) * pl.col("valid_s")
        level = (
            held.filter("is_baseline")
            .group_by("run_id")
            .agg((told.sum() / pl.col("valid_s").sum()).alias("adjusted"))
        )
        found.append(
            truth.join(decay, on="run_id", how="left").join(level, on="run_id", how="left")
        )
        effects.append(held)
    return pl.concat(found), pl.concat(effects)


def slope_rows(world: World, effects: pl.DataFrame) -> list[list[str]]:
    """Return what a m/s and a % of grade add at 3 m/s, planted and found, by sensor."""
    rows = []
    for epoch in EPOCHS:
        own = effects.filter(pl.col("sensor_epoch") == epoch, "is_baseline")
        faster = own["speed_mps"].to_numpy() - REFERENCE_MPS
        grade = own["grade_pct"].to_numpy()
        terms = np.column_stack(
            [np.ones(faster.size), faster, faster**2, np.maximum(grade, 0), np.maximum(-grade, 0)]
        )
        _, speed, _, up, down = np.linalg.lstsq(terms, own["effect"].to_numpy(), rcond=None)[0]
        planted = zip((SLOPES[epoch], UP_MS, DOWN_MS), (speed, up, down), strict=True)
        cells = [cell for true, told in planted for cell in (f"{true:+.1f}", f"{told:+.2f}")]
        rows.append([f"{world.speed_error_mps:.2f}", epoch, *cells])
    return rows


def bins_tables(n_runs: int, seeds: Sequence[int], fade_mps: float) -> str:
    """Return the tables: decay and level by speed error and its correlation time, and slopes."""
    rows, slopes, left_out = [], [], []
    for error in ERRORS_MPS:
        for tau in TAUS_S if error else TAUS_S[1:2]:
            worlds = [World(n_runs, seed, error, tau, fade_mps=fade_mps) for seed in seeds]
            found, effects = found_again(worlds)
            head = [f"{error:.2f}", f"{second_sd(error, tau):.2f}", f"{tau:.0f}"]
            rows.append([*head, *decay_cells(found), *level_cells(found)])
            left_out += [f"{error:.2f} m/s, τ {tau:.0f} s: {line}" for line in refusals(found)]
            if tau == TAUS_S[1]:
                slopes += slope_rows(worlds[0], effects)
    header = (*ERROR_HEADER, *DECAY_HEADER, *LEVEL_HEADER)
    return (
        f"{table(header, rows)}\n\nNot judged:\n\n{bullets(left_out)}\n\n"
        f"Slopes at {REFERENCE_MPS:.0f} m/s, ms, τ {TAUS_S[1]:.0f} s:\n\n"
        f"{table(SLOPE_HEADER, slopes)}\n"
    )
