"""Measured or computed: whether a sensor's metric knows more than pace and cadence.

Some watches derive contact time and oscillation from speed and cadence. On 2-minute bins of
steady running such a value is a smooth function of the two (R² ≥ 0.99, residual below any
sensor's noise); a pod's or strap's is not. A computed metric may be shown but not testify.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from carryover import columns
from carryover.estimate.baseline import KEY, MIN_VALID_S

if TYPE_CHECKING:
    from carryover.estimate.slopes import Floats

MIN_BINS: Final = 60
"""House rule: two hours of steady running, ten bins a regressor."""
COMPUTED_R2: Final = 0.99
STEADY_BIN_SD_MPS: Final = 0.6
"""House rule: a bin with more change of pace inside averages a curved function, so it is out."""
PLAUSIBLE_NOISE: Final[dict[str, float]] = {
    "stance_time_ms": 1.0,
    "stance_time_balance_pct": 0.05,
    "vertical_oscillation_mm": 1.0,
    "vertical_ratio_pct": 0.05,
    "step_length_mm": 10.0,
    "stance_time_left_ms": 1.0,
    "stance_time_right_ms": 1.0,
    "leg_stiffness_knpm": 0.05,
    "vertical_stiffness_knpm": 0.15,
}
"""Residual SD of 2-minute means below which no real sensor goes; house rules, in metric units.

Contact: computed ones leave 0.2–0.4 ms, real sensors 3–7.5 ms. Step length is by definition
speed over cadence, so it is computed unless it strays by more than a centimetre.
"""
FOLLOWS: Final[dict[str, str]] = {
    "duty_factor_pct": "stance_time_ms",
    "flight_time_ms": "stance_time_ms",
    "stance_time_left_ms": "stance_time_ms",
    "stance_time_right_ms": "stance_time_ms",
    "leg_stiffness_knpm": "stance_time_ms",
    "vertical_stiffness_knpm": "stance_time_ms",
    "symmetry_index_pct": "stance_time_balance_pct",
    "vertical_ratio_pct": "vertical_oscillation_mm",
}
"""Metrics that our own formula makes from another: their origin is that one's, where it exists."""
OWN_SENSOR: Final = frozenset({"cadence_spm", "metres_per_beat", "hr_decoupling_ratio"})
"""Cadence and heart rate come from their own sensor on every watch: measured, given bins."""


def sensor_metric(bins: pl.DataFrame) -> pl.DataFrame:
    """Return SENSOR_METRIC from BIN: origin measured, computed, or unknown (fewer than 60 bins).

    The regression is on v, c, v·c, v², c² and 1/c of steady bins at any grade.
    """
    known = bins.filter(pl.col("value").is_not_null())
    rows = [
        dict(zip(KEY, key, strict=True)) | _verdict(str(key[2]), group)
        for key, group in known.sort(*KEY).group_by(*KEY, maintain_order=True)
    ]
    if not rows:
        return columns.empty(columns.SENSOR_METRIC)
    return _following(
        columns.shaped(pl.DataFrame(rows, infer_schema_length=None), columns.SENSOR_METRIC)
    )


def _verdict(metric: str, group: pl.DataFrame) -> dict[str, object]:
    steady = group.filter(
        pl.col("speed_mps").is_not_null(),
        pl.col("cadence_spm") > 0,
        pl.col("valid_s") >= MIN_VALID_S,
        pl.col("speed_sd_mps").fill_null(0.0) <= STEADY_BIN_SD_MPS,
    )
    facts: dict[str, object] = {"r2_speed_cadence": None, "residual_sd": None}
    facts["n_bins"] = steady.height
    if steady.height < MIN_BINS:
        return facts | {"origin": "unknown"}
    if metric == "cadence_spm":
        return facts | {"origin": "measured"}
    r2, residual_sd = _explained(steady)
    facts |= {"r2_speed_cadence": r2, "residual_sd": residual_sd}
    return facts | {"origin": _origin(metric, r2, residual_sd)}


def _origin(metric: str, r2: float | None, residual_sd: float) -> str:
    if metric in OWN_SENSOR:
        return "measured"
    if r2 is None:
        return "unknown"
    noise = PLAUSIBLE_NOISE.get(metric, np.inf)
    return "computed" if r2 >= COMPUTED_R2 and residual_sd < noise else "measured"


def _explained(steady: pl.DataFrame) -> tuple[float | None, float]:
    """Return R² (None for a value that never changes) and residual SD of the regression."""
    value = steady["value"].to_numpy()
    v, c = _standard(steady["speed_mps"].to_numpy()), _standard(steady["cadence_spm"].to_numpy())
    per_step = _standard(1.0 / steady["cadence_spm"].to_numpy())
    design = np.column_stack([np.ones(value.size), v, c, v * c, v**2, c**2, per_step])
    beta, _, rank, _ = np.linalg.lstsq(design, value, rcond=None)
    residual = value - design @ beta
    unexplained = float(residual @ residual)
    total = float(((value - value.mean()) ** 2).sum())
    residual_sd = float(np.sqrt(unexplained / max(value.size - int(rank), 1)))
    flat = total <= value.size * (1e-9 * max(float(np.abs(value).max()), 1.0)) ** 2
    return (None if flat else 1.0 - unexplained / total), residual_sd


def _standard(values: Floats) -> Floats:
    spread = float(values.std())
    scaled: Floats = (values - values.mean()) / (spread if spread > 0 else 1.0)
    return scaled


def _following(rows: pl.DataFrame) -> pl.DataFrame:
    """Give derived metrics the origin of the metric they are made from."""
    sources = rows.select("athlete_id", "sensor_epoch", source="metric", source_origin="origin")
    follows = pl.col("metric").replace_strict(FOLLOWS, default=None, return_dtype=pl.String)
    return (
        rows.with_columns(source=follows)
        .join(sources, on=["athlete_id", "sensor_epoch", "source"], how="left")
        .with_columns(origin=pl.coalesce("source_origin", "origin"))
        .select(columns.SENSOR_METRIC.keys())
    )
