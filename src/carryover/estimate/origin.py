"""Measured or computed: whether a sensor's metric knows more than pace and cadence.

Some watches derive contact time and oscillation from speed and cadence. On 2-minute bins of
steady running such a value is a smooth function of the two and leaves less noise than any sensor
has; a pod's or strap's does not. What leaves something between the two stays unknown. A computed
metric may be shown but not testify.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from carryover import columns
from carryover.catalogue.thresholds import threshold, thresholds
from carryover.estimate.baseline import KEY, MIN_VALID_S
from carryover.estimate.explained import Explained, explained, half_sd, unclipped

MIN_BINS: Final = int(threshold("origin_min_bins"))
MIN_RUNS: Final = int(threshold("origin_min_runs"))
STEADY_BIN_SD_MPS: Final = threshold("origin_steady_sd_mps")
COMPUTED_R2: Final = threshold("origin_r2")
QUIET_R2: Final = threshold("origin_r2_quiet")
LOUD: Final = threshold("origin_loud_ratio")
MIXED: Final = threshold("origin_mixed_ratio")
CLIP_MARGIN: Final = threshold("origin_clip_ratio")
QUIET_PREFIX: Final = "origin_quiet_"
QUIET: Final[dict[str, float]] = {
    name.removeprefix(QUIET_PREFIX): value
    for name, value in thresholds().select("name", "value").iter_rows()
    if name.startswith(QUIET_PREFIX)
}
"""Metric → SD of 2-minute means, in its unit, below which no sensor of its own goes."""
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
"""Metrics that a formula makes from another: their origin is that one's, where it exists."""
REPEATS: Final = frozenset({*FOLLOWS, "step_length_mm"})
"""Metrics that repeat another's evidence; a step is speed over cadence, so at equal speed its
length is the cadence once more, whoever measured it."""
OWN_SENSOR: Final = frozenset({"cadence_spm", "metres_per_beat", "hr_decoupling_ratio"})
"""Cadence and heart rate come from a sensor of their own on every watch: always measured."""
HEART: Final = "metres_per_beat"
"""Where it is known, so is the heart rate that decoupling (a value of runs, not bins) rests on."""


def sensor_metric(bins: pl.DataFrame) -> pl.DataFrame:
    """Return SENSOR_METRIC from BIN: origin measured, computed, or unknown (fewer than 60 bins).

    The regression is on v, c, v·c, v², c² and 1/c of steady bins at any grade, and on how v and c
    differ from the bin before (watches smooth their inputs); see `explained`.
    """
    known = _with_before(bins).filter(pl.col("value").is_not_null())
    rows: list[dict[str, object]] = [
        dict(zip(KEY, key, strict=True)) | _facts(str(key[2]), group)
        for key, group in known.group_by(*KEY, maintain_order=True)
    ]
    rows += [row | {"metric": "hr_decoupling_ratio"} for row in rows if row["metric"] == HEART]
    if not rows:
        return columns.empty(columns.SENSOR_METRIC)
    return _following(
        columns.shaped(pl.DataFrame(rows, infer_schema_length=None), columns.SENSOR_METRIC)
    )


def _with_before(bins: pl.DataFrame) -> pl.DataFrame:
    """Add pace and cadence of the bin before, else the bin's own; sorted by KEY, run and bin."""
    same = [*KEY, "run_id"]

    def before(name: str) -> pl.Expr:
        is_next = pl.col("bin_index").diff().over(same) == 1
        return pl.when(is_next).then(pl.col(name).shift(1).over(same)).fill_null(pl.col(name))

    return bins.sort(*same, "bin_index").with_columns(
        before_mps=before("speed_mps"), before_spm=before("cadence_spm")
    )


def _facts(metric: str, group: pl.DataFrame) -> dict[str, object]:
    steady = group.filter(
        pl.col("speed_mps").is_not_null(),
        pl.col("cadence_spm") > 0,
        pl.col("valid_s") >= MIN_VALID_S,
        pl.col("speed_sd_mps").fill_null(0.0) <= STEADY_BIN_SD_MPS,
    )
    facts: dict[str, object] = {"r2_speed_cadence": None, "residual_sd": None}
    facts["n_bins"] = steady.height
    if metric in OWN_SENSOR:
        return facts | {"origin": "measured"}
    quiet = QUIET.get(metric)
    if steady.height < MIN_BINS or quiet is None:
        return facts | {"origin": "unknown"}
    free = unclipped(steady, CLIP_MARGIN * quiet)
    enough = free.height >= MIN_BINS
    judged = free if enough else steady
    told = explained(judged)
    origin = _origin(told, quiet, steady["run_id"].n_unique())
    # The kinks of a clipped formula look like noise. Half of the bins without noise: a strap that
    # was forgotten on some days, or the like.
    if origin == "measured" and not (enough and half_sd(judged) >= MIXED * quiet):
        origin = "unknown"
    numbers = {"r2_speed_cadence": told.r2, "residual_sd": told.residual_sd}
    return facts | numbers | {"origin": origin}


def _origin(told: Explained, quiet: float, n_runs: int) -> str:
    """Return the origin of a value, given the least noise that a sensor of its own has."""
    if told.r2 is None:
        return "unknown"
    if told.residual_sd >= LOUD * quiet:
        return "measured"
    is_quiet = told.residual_sd < quiet and told.r2 >= QUIET_R2
    is_function = told.r2 >= COMPUTED_R2 and n_runs >= MIN_RUNS
    return "computed" if is_quiet or is_function else "unknown"


def _following(rows: pl.DataFrame) -> pl.DataFrame:
    """Give derived metrics the origin of the metric they are made from."""
    sources = rows.select("athlete_id", "sensor_epoch", source="metric", source_origin="origin")
    follows = pl.col("metric").replace_strict(FOLLOWS, default=None, return_dtype=pl.String)
    return (
        rows.with_columns(source=follows)
        .join(
            sources, on=["athlete_id", "sensor_epoch", "source"], how="left", maintain_order="left"
        )
        .with_columns(origin=pl.coalesce("source_origin", "origin"))
        .select(columns.SENSOR_METRIC.keys())
    )
