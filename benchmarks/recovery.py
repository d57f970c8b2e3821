"""Is planted truth found again? Decay, level and slopes against what the runs were made from.

`python benchmarks/recovery.py --bins` works on frames of 2-minute bins, in seconds; without
`--bins` the runs go as files through the whole program.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from carryover.estimate.baseline import fit_baseline
from carryover.estimate.decay import form_decay

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from benchmarks.tables import table  # noqa: E402
from truth_runs import World, bin_frames, second_sd  # noqa: E402

METRIC: Final = "stance_time_ms"
ERRORS_MPS: Final = (0.0, 0.05, 0.12, 0.20)
TAUS_S: Final = (5.0, 15.0, 30.0)
DECAY_HEADER: Final = (
    "speed error: bin, m/s", "second, m/s", "τ, s", "judged", "raw bias", "raw RMSE",
    "bias ± se", "RMSE", "mean SE", "coverage", "level bias", "level RMSE",
)  # fmt: skip


def estimated(bins: pl.DataFrame, runs: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return FORM_DECAY and run_id, adjusted: the only place that knows the estimator's doors."""
    baseline = fit_baseline(bins)
    decay = form_decay(bins, runs, baseline)
    held = bins.filter("is_baseline").join(
        baseline.filter("usable"), on=("athlete_id", "sensor_epoch", "metric")
    )
    reference, grade = bins.filter("is_baseline")["speed_mps"].median(), pl.col("grade_pct")
    adjusted = (
        pl.col("value")
        - pl.col("speed_slope") * (pl.col("speed_mps") - reference)
        - pl.col("up_slope") * grade.clip(lower_bound=0.0)
        - pl.col("down_slope") * (-grade).clip(lower_bound=0.0)
    )
    level = held.group_by("run_id").agg(
        (adjusted * pl.col("valid_s")).sum() / pl.col("valid_s").sum()
    )
    return decay, level.rename({"value": "adjusted"}).with_columns(reference_mps=reference)


def bins_row(worlds: list[World]) -> tuple[list[str], pl.DataFrame]:
    """Return one line of the table over some worlds that differ by seed, and their decays."""
    frames = []
    for world in worlds:
        decay, level = estimated(*bin_frames(world))
        reference = level["reference_mps"][0]
        truth = pl.DataFrame(
            [(f"run{t.number:04d}", t.decay_ms, t.adjusted_ms(reference)) for t in world.runs()],
            schema=["run_id", "true_decay", "true_level"], orient="row",
        )  # fmt: skip
        joined = truth.join(decay, on="run_id", how="left").join(level, on="run_id", how="left")
        frames.append(joined.with_columns(seed=pl.lit(world.seed)))
    found = pl.concat(frames)
    world = worlds[0]
    second = second_sd(world.speed_error_mps, world.error_tau_s)
    head = [f"{world.speed_error_mps:.2f}", f"{second:.2f}", f"{world.error_tau_s:.0f}"]
    return head + decay_cells(found) + level_cells(found), found


def decay_cells(found: pl.DataFrame) -> list[str]:
    """Return cells on decay; `found` holds true_decay beside FORM_DECAY's columns."""
    fair = found.filter("eligible")
    if fair.height < 2:
        return [f"{fair.height} of {found.height}", *["–"] * 6]
    true = fair["true_decay"].to_numpy()
    raw = fair["change"].to_numpy() - true
    off = fair["change_adj"].to_numpy() - true
    held = (fair["ci_low"] <= fair["true_decay"]) & (fair["true_decay"] <= fair["ci_high"])
    own = off.std(ddof=1) / np.sqrt(off.size)
    return [
        f"{off.size} of {found.height}", f"{raw.mean():+.2f}", f"{rms(raw):.2f}",
        f"{off.mean():+.2f} ± {own:.2f}", f"{rms(off):.2f}", f"{fair['se'].mean():.2f}",
        f"{100 * held.mean():.1f} %",
    ]  # fmt: skip


def level_cells(found: pl.DataFrame) -> list[str]:
    """Return bias and RMSE of the adjusted level."""
    known = found.filter(pl.col("adjusted").is_not_null())
    off = (known["adjusted"] - known["true_level"]).to_numpy()
    return [f"{off.mean():+.2f}", f"{rms(off):.2f}"]


def rms(off: NDArray[np.float64]) -> float:
    """Return the root of the mean square."""
    return float(np.sqrt((off**2).mean()))


def bins_table(args: argparse.Namespace) -> str:
    """Return the table of bins: every speed error, and every correlation time of it."""
    rows, reasons = [], []
    for error in ERRORS_MPS:
        for tau in TAUS_S if error else TAUS_S[1:2]:
            worlds = [
                World(args.runs, args.seed + i, error, tau, fade_mps=args.fade)
                for i in range(args.worlds)
            ]
            row, found = bins_row(worlds)
            rows.append(row)
            told = found.filter(~pl.col("eligible"))["reason"].value_counts(sort=True)
            reasons += [f"{error:.2f}, τ {tau:.0f} s: {n} × {why}" for why, n in told.iter_rows()]
    why = "\n".join(f"- {line}" for line in reasons) or "- none"
    return f"{table(DECAY_HEADER, rows)}\n\nNot judged:\n\n{why}\n"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=320)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worlds", type=int, default=1, help="years by seeds seed, seed + 1 …")
    parser.add_argument("--fade", type=float, default=World.fade_mps, help="loss of speed, m/s")
    parser.add_argument("--bins", action="store_true", help="frames of bins, no files")
    args = parser.parse_args()
    since = time.perf_counter()
    print(f"{args.worlds} × {args.runs} runs, seed {args.seed}, contact time in ms\n")
    print(bins_table(args))
    print(f"{time.perf_counter() - since:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
