"""What is left of each 2-minute bin at equal pace and grade: the stuff of a run's pattern."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from carryover import columns
from carryover.estimate import effect, run_frames, windows
from carryover.estimate.baseline import KEY, MIN_VALID_S
from carryover.estimate.windows import RUN_METRIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from carryover.estimate.slopes import Floats, Ints


@dataclass(frozen=True, slots=True)
class Part:
    """The bins of one run × metric as arrays (n,), by `index`; `epoch` is athlete, sensor, metric.

    `residual` in the metric's unit; `early` and `settled` as in RESIDUAL.
    """

    run_id: str
    epoch: tuple[str, str, str]
    moving_s: float
    index: Ints
    residual: Floats
    valid_s: Floats
    early: NDArray[np.bool_]
    settled: NDArray[np.bool_]


def each_part(residual: pl.DataFrame) -> Iterator[Part]:
    """Yield the run × metric parts of RESIDUAL in its order, of which all rows stand together."""
    codes = residual.select(pl.struct(RUN_METRIC).rle_id()).to_series().to_numpy()
    starts = np.flatnonzero(np.diff(codes.astype(np.int64), prepend=-1)).tolist()
    ends = [*starts[1:], residual.height][: len(starts)]
    told = residual.select("run_id", *KEY, "run_moving_s")[starts].rows()
    index = residual["bin_index"].to_numpy().astype(np.int64)
    value, valid = residual["residual"].to_numpy(), residual["valid_s"].to_numpy()
    early, settled = residual["early"].to_numpy(), residual["settled"].to_numpy()
    for (run_id, *epoch, moving_s), start, end in zip(told, starts, ends, strict=True):
        own = slice(start, end)
        yield Part(
            run_id, (epoch[0], epoch[1], epoch[2]), moving_s, index[own], value[own], valid[own],
            early[own], settled[own],
        )  # fmt: skip


def residuals(
    bins: pl.DataFrame, runs: pl.DataFrame, effects: pl.DataFrame, decay: pl.DataFrame
) -> pl.DataFrame:
    """Return RESIDUAL, sorted: the bins of every run × metric that is eligible for late-run drift.

    `bins` BIN, `runs` (run_id, moving_s), `effects` BIN_EFFECT, `decay` FORM_DECAY. `early`
    marks the early window of late-run drift, `settled` what comes after its start and before the
    last minute, valid for half of the bin or more: a change of form is looked for in there.
    """
    eligible = decay.filter("eligible").select(*RUN_METRIC)
    lengths = runs.select("run_id", pl.col("moving_s").alias("run_moving_s"))
    mid, moving = pl.col("mid_moving_s"), pl.col("run_moving_s")
    level = (pl.col("grade_pct").abs() <= windows.MAX_GRADE_PCT).fill_null(value=True)
    warm = (mid >= windows.EARLY_FROM * moving) & (mid >= windows.EARLY_AFTER_S)
    made = (
        effect.with_residual(bins.join(eligible, on=RUN_METRIC, how="semi"), effects)
        .rename({"r": "residual"})
        .join(lengths, on="run_id", how="inner", maintain_order="left")
        .filter(level, pl.col("valid_s") > 0, pl.col("residual").is_finite())
        .with_columns(
            early=warm & (mid <= windows.EARLY_TO * moving),
            settled=warm
            & (mid <= moving - windows.LATE_SPARE_S)
            & (pl.col("valid_s") >= MIN_VALID_S),
        )
        .sort(*RUN_METRIC, "bin_index")
    )
    return columns.shaped(made, run_frames.RESIDUAL)
