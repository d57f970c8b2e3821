"""What temperature does to metres a heartbeat, so that a hot summer is no loss of economy.

Per athlete × sensor epoch, on one value a run (at reference speed, level):

    value − slow value = slope · (temperature − slow temperature) + error

where "slow" is the mean of the epoch's runs in the six weeks around a run. Season and training
move both sides slowly and would otherwise be taken for temperature; what is left is the weather
of the day. Both sides go through the same linear smoother (Robinson 1988), Huber's M-estimator
bears the odd run. Noise in a watch's temperature shrinks the slope, so the adjustment is never
too large on average.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from carryover import columns
from carryover.catalogue.thresholds import threshold
from carryover.estimate import run_frames
from carryover.estimate.huber import huber_slope
from carryover.estimate.slopes import robust_sd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

METRIC: Final = "metres_per_beat"
MIN_RUNS: Final = threshold("temperature_min_runs")
MIN_SD_C: Final = threshold("temperature_min_sd_c")
WINDOW_D: Final = threshold("temperature_window_d")
EPOCH: Final = ("athlete_id", "sensor_epoch")


def temperature_effect(adjusted: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Return TEMPERATURE_EFFECT, one row an athlete × sensor epoch with any adjusted value.

    `adjusted`: run_id, metric, value_adj; `runs`: run_id, athlete_id, sensor_epoch, local_date,
    temperature_c (°C, null where unknown). An epoch whose runs cannot tell has a reason.
    """
    known = (
        adjusted.filter(pl.col("metric") == METRIC, pl.col("value_adj").is_not_null())
        .join(
            runs.select("run_id", *EPOCH, "local_date", "temperature_c"),
            on="run_id",
            maintain_order="left",
        )
        .sort(*EPOCH, "local_date", "run_id")
    )
    usual = dict(
        runs.group_by("athlete_id", maintain_order=True)
        .agg(pl.col("temperature_c").median())
        .iter_rows()
    )
    rows = [
        {
            "athlete_id": key[0], "sensor_epoch": key[1], "metric": METRIC,
            "reference_temperature_c": usual[key[0]],
            **_row(epoch.drop_nulls("temperature_c")),
        }
        for key, epoch in known.group_by(*EPOCH, maintain_order=True)
    ]  # fmt: skip
    if not rows:
        return columns.empty(run_frames.TEMPERATURE_EFFECT)
    return columns.shaped(
        pl.DataFrame(rows, infer_schema_length=None), run_frames.TEMPERATURE_EFFECT
    )


def _row(epoch: pl.DataFrame) -> dict[str, object]:
    """Return one epoch's slope, or why it cannot be had; `epoch` has a temperature in each row."""
    days = epoch["local_date"].cast(pl.Int32).to_numpy().astype(np.float64)
    warmth = _about_season(epoch["temperature_c"].to_numpy().astype(np.float64), days)
    spread = float(warmth.std(ddof=1)) if warmth.size > 1 else 0.0
    reason = _reason(epoch.height, spread)
    counted: dict[str, object] = {
        "n_runs": epoch.height, "temperature_sd_c": spread, "usable": not reason,
        "reason": reason or None,
    }  # fmt: skip
    if reason:
        return counted | {"slope_per_c": None, "slope_se_per_c": None}
    slope, se = _slope(_about_season(epoch["value_adj"].to_numpy(), days), warmth)
    return counted | {"slope_per_c": slope, "slope_se_per_c": se}


def _reason(n_runs: int, spread_c: float) -> str:
    if n_runs == 0:
        return "no temperature is told"
    if n_runs < MIN_RUNS:
        plural = "s" * (n_runs != 1)
        return f"{n_runs} run{plural} with a temperature so far; {MIN_RUNS:g} are needed"
    if spread_c < MIN_SD_C:
        return (
            f"temperature hardly varies about its season (SD {spread_c:.1f} °C, "
            f"{MIN_SD_C:g} is needed)"
        )
    return ""


def _about_season(values: Floats, days: Floats) -> Floats:
    """Return values less the mean of those within three weeks of each, itself among them."""
    first = np.searchsorted(days, days - WINDOW_D, side="left")
    last = np.searchsorted(days, days + WINDOW_D, side="right")
    total = np.concatenate([[0.0], np.cumsum(values)])
    slow: Floats = (total[last] - total[first]) / (last - first)
    return values - slow


def _slope(value: Floats, warmth: Floats) -> tuple[float, float]:
    """Return slope and its standard error, Huber-weighted; exact data have no spread to weigh."""
    exact = float(value @ warmth) / float(warmth @ warmth)
    if robust_sd(value - exact * warmth) <= 1e-9 * max(float(np.abs(value).max()), 1e-12):
        return exact, 0.0
    return huber_slope(value, warmth)
