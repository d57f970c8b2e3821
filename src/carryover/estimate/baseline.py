"""What pace, grade and time on feet do to each form metric of an athlete, a sensor epoch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from carryover import columns, units
from carryover.estimate import slopes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from carryover.estimate.slopes import Rows, SlopeFit

KEY: Final = ("athlete_id", "sensor_epoch", "metric")
BIN_S: Final = 120.0
MIN_VALID_S: Final = BIN_S / 2
"""House rule: a bin testifies when the metric is valid for at least half of it."""

_NUMBERS: Final = (
    "speed_slope", "up_slope", "down_slope", "hours_slope", "residual_sd", "run_sd",
)  # fmt: skip

Key = tuple[str, str, str]


def fit_baseline(bins: pl.DataFrame) -> pl.DataFrame:
    """Return the slopes of every athlete × sensor epoch × metric, from BIN to BASELINE.

    Use: adjusted = value − speed_slope·(v − v_ref) − up_slope·max(g, 0) − down_slope·max(−g, 0),
    v in m/s, g in %. `down_slope` is the coefficient of max(−g, 0): positive means that the
    metric rises downhill. `hours_slope` only keeps fatigue out of the other slopes; it is not
    taken off. `usable` is false, with a `reason`, where the bins cannot carry the fit.
    Pace enters linearly: within the steady range of one runner the curvature is below the noise.
    """
    rows = [_row(key, rows) for key, _, rows in baseline_rows(bins)]
    if not rows:
        return columns.empty(columns.BASELINE)
    return columns.shaped(pl.DataFrame(rows, infer_schema_length=None), columns.BASELINE)


def baseline_fits(bins: pl.DataFrame) -> Iterator[tuple[Key, list[str], SlopeFit]]:
    """Yield key, run ids (in the order of the fit's run codes) and fit of each usable group."""
    for key, run_ids, rows in baseline_rows(bins):
        if not slopes.check(rows):
            yield key, run_ids, slopes.fit_slopes(rows)


def baseline_rows(bins: pl.DataFrame) -> Iterator[tuple[Key, list[str], Rows]]:
    """Yield key, run ids and the baseline rows of each group that has any value at all."""
    known = bins.filter(pl.col("value").is_not_null()).sort(*KEY, "run_id", "bin_index")
    for key, group in known.group_by(*KEY, maintain_order=True):
        steady = group.filter(
            pl.col("is_baseline"),
            pl.col("speed_mps").is_not_null(),
            pl.col("valid_s") >= MIN_VALID_S,
        )
        codes = steady["run_id"].rle_id().to_numpy().astype(np.int64)
        made = slopes.Rows(steady["value"].to_numpy(), _terms(steady), codes)
        yield (
            (str(key[0]), str(key[1]), str(key[2])),
            steady["run_id"].unique(maintain_order=True).to_list(),
            made,
        )


def _terms(steady: pl.DataFrame) -> slopes.Floats:
    grade = steady["grade_pct"].fill_null(0.0).to_numpy()
    hours = steady["mid_moving_s"].to_numpy() / units.S_PER_HOUR
    return slopes.terms(steady["speed_mps"].to_numpy(), grade, hours)


def _row(key: Key, rows: Rows) -> dict[str, object]:
    reason = slopes.check(rows)
    common: dict[str, object] = dict(zip(KEY, key, strict=True)) | {
        "n_bins": rows.value.size, "n_runs": rows.n_runs, "usable": not reason, "reason": reason,
    }  # fmt: skip
    if reason:
        return common | dict.fromkeys(_NUMBERS)
    fit = slopes.fit_slopes(rows)
    numbers = [*(float(s) for s in fit.slopes), fit.residual_sd, fit.run_sd]
    return common | {"reason": None} | dict(zip(_NUMBERS, numbers, strict=True))
