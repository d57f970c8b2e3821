"""What the page of each run shows: one hash of all told exactly, and the numbers that drift.

A new run moves the baseline of its sensor by a hair, and with it values at reference speed, drifts,
patterns and noise of every run before. These are numbers; all other columns of the queries, and
any that joins them, are told exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import polars.selectors as cs

from carryover.charts.over_the_run import SHOWN, digits_of
from carryover.charts.roughly import FEW, steps_of
from carryover.metrics import metrics
from carryover.units import S_PER_MIN
from dashboards.left_right import BALANCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboards.model import View

PARTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "run_drift": {}, "run_pattern": {"metrics": list(SHOWN)}, "run_onset": {"metrics": list(SHOWN)},
    "run_steady": {}, "run_exclusions": {}, "run_symmetry": {}, "run_sources": {}, "run_laps": {},
    "run_changes": {},
}  # fmt: skip
"""Queries that tell of an athlete's runs, with their parameters."""
DIGITS_OF_SIDES: Final = {
    "signed_score_pct": 1, "balance_se_pct": 2, "drift_pct": 2, "drift_se_pct": 2,
    "drift_outward_pct": 2, "drift_outward_low_pct": 2, "drift_outward_high_pct": 2, "mdc95": 1,
}  # fmt: skip
"""Decimals that `left_right` shows, of what moves with the baseline."""


@dataclass(frozen=True, slots=True)
class Told:
    """What an athlete's runs are told from: one row a run, and `parts` with several."""

    runs: pl.DataFrame
    noise: pl.DataFrame
    origins: pl.DataFrame
    parts: dict[str, pl.DataFrame]


def told_of(view: View) -> Told:
    """Ask for all of an athlete's runs at once."""
    return Told(
        view.mine("runs"), view.mine("noise"), view.mine("origins"),
        {name: view.mine(name, **params) for name, params in PARTS.items()},
    )  # fmt: skip


def shown(told: Told, hrefs: pl.DataFrame, seed: str) -> pl.DataFrame:
    """Return path, key and numbers of each run's page as `Ledger.settle` takes them.

    `hrefs`: run_id, path, newer and older of each run. `seed`: what all of the pages tell.
    """
    parts = told.parts
    frames = [
        _hashed(*_runs(told.runs.join(hrefs, on="run_id", maintain_order="left"), seed)),
        _hashed(*_origins(told)),
        _hashed(*_drift(parts["run_drift"])),
        _hashed(*_changes(parts["run_changes"])),
        _hashed(*_pattern(parts["run_pattern"])),
        _hashed(*_onset(parts["run_onset"])),
        _hashed(*_sides(parts["run_symmetry"], told.noise)),
        *(_hashed(parts[n], {}) for n in ("run_steady", "run_exclusions", "run_laps")),
        _hashed(parts["run_sources"].with_columns(pl.col("gives").list.join(",")), {}),
    ]
    every = hrefs.select("run_id", "path")
    for k, frame in enumerate(frames):
        named = frame.rename({"key": f"key_{k}", "numbers": f"numbers_{k}"})
        every = every.join(named, on="run_id", how="left", maintain_order="left")
    keys = every.select(cs.starts_with("key_")).hash_rows()
    numbers = pl.concat_list(cs.starts_with("numbers_").fill_null([]))
    return every.select("path", key=keys, numbers=numbers.cast(pl.List(pl.Float32)))


def _hashed(rows: pl.DataFrame, numbers: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Return run_id with the hash of all rows of a run, and `numbers` in the order of the rows.

    Of each number the hash has only whether it is there. The last digits of other decimals are left
    off: sums of parallel threads differ in them from night to night.
    """
    exact = rows.select(
        pl.col(name).is_null() if name in numbers
        else pl.col(name).cast(pl.Float32) if kind.is_float() else pl.col(name)
        for name, kind in rows.schema.items()
    )  # fmt: skip
    units = [expr.cast(pl.Float32).alias(name) for name, expr in numbers.items()]
    hashed = rows.select("run_id", *units, key=exact.hash_rows())
    by_run = hashed.group_by("run_id", maintain_order=True)
    lists = by_run.agg(pl.col("key").sum(), *(pl.col(name) for name in numbers))
    return lists.select(
        "run_id", "key",
        numbers=pl.concat_list(list(numbers)) if numbers else pl.lit([], pl.List(pl.Float32)),
    )  # fmt: skip


def _in(digits: Mapping[str, float], column: str) -> pl.Expr:
    """Return a column in units of the last digit that its row's metric is shown with."""
    steps = {name: 10.0**more for name, more in digits.items()}
    return pl.col(column) * pl.col("metric").replace_strict(steps, return_dtype=pl.Float64)


def _decimals(more: int = 0) -> dict[str, float]:
    return {m.name: m.decimals + more for m in metrics().values()}


def _runs(rows: pl.DataFrame, seed: str) -> tuple[pl.DataFrame, dict[str, pl.Expr]]:
    adjusted = {f"{name}_adj": decimals for name, decimals in _decimals().items()}
    numbers = {
        name: pl.col(name).cast(pl.Float64) * 10.0**decimals
        for name, decimals in adjusted.items() if name in rows.columns
    }  # fmt: skip
    told = rows.select(~cs.by_name("metres_per_beat_temp_adj", require_all=False))
    return told.with_columns(seed=pl.lit(seed)), numbers


def _origins(told: Told) -> tuple[pl.DataFrame, dict[str, pl.Expr]]:
    """Return each run with the origins of its sensor's metrics."""
    origins = told.origins.select("sensor_epoch", "metric", "origin")
    runs = told.runs.select("run_id", "sensor_epoch")
    return runs.join(origins, on="sensor_epoch", nulls_equal=True, maintain_order="left"), {}


def _drift(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, pl.Expr]]:
    judged = rows.drop("change").with_columns(
        pl.when("eligible").then(pl.col(n)).alias(n) for n in ("change_adj", "ci_low", "ci_high",
                                                               "per_hour")
    )  # fmt: skip
    fine = ("change_adj", "ci_low", "ci_high", "per_hour")
    return judged, {
        **{name: _in(_decimals(), name) for name in ("early", "late")},
        **{name: _in(_decimals(1), name) for name in fine},
    }


def _changes(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, pl.Expr]]:
    """Return the changes that a page tells; a drift's own noise is told by its word alone."""
    level, worded = pl.col("outcome") == "level", pl.col("word").is_not_null()
    told = rows.with_columns(
        pl.when(level & worded).then("change").alias("change"),
        pl.when(level & worded).then("noise").alias("noise"),
        pl.when(level | (worded & (pl.col("compared") == "usual before")))
        .then("reference").alias("reference"),
    )  # fmt: skip
    coarse, fine = _in(_decimals(), "reference"), _in(_decimals(1), "reference")
    return told, {
        "reference": pl.when(level).then(coarse).otherwise(fine),
        "change": _in(_decimals(1), "change"), "noise": _in(_decimals(1), "noise"),
    }  # fmt: skip


def _pattern(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, pl.Expr]]:
    digits = {name: digits_of(name) for name in SHOWN}
    names = ("change_adj", "ci_low", "ci_high", "usual", "usual_low", "usual_high")
    count = pl.col("n_runs")
    told = rows.with_columns(
        clear=(pl.col("ci_low") > 0) | (pl.col("ci_high") < 0),
        are_few=count < FEW, is_one=count == 1,
    )  # fmt: skip
    return told, {**{name: _in(digits, name) for name in names}, "n_runs": steps_of(count)}


def _onset(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, pl.Expr]]:
    """Return the onsets, the ends of their intervals in whole minutes; words name the place."""
    told = rows.with_columns(pl.col("onset_moving_s").is_not_null())
    return told, {name: pl.col(name) / S_PER_MIN for name in ("onset_ci_low_s", "onset_ci_high_s")}


def _sides(rows: pl.DataFrame, noise: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, pl.Expr]]:
    """Return left and right of the runs; words hang on signs, so these are told exactly."""
    mine = noise.filter(metric=BALANCE).select("sensor_epoch", "mdc95")
    told = rows.join(mine, on="sensor_epoch", how="left", maintain_order="left").with_columns(
        own_side=pl.col("signed_score_pct") >= 0,
        outward=pl.col("drift_outward_pct") >= 0,
        crosses=(pl.col("drift_outward_low_pct") < 0) & (pl.col("drift_outward_high_pct") > 0),
    )
    of_side = dict.fromkeys(("mean_pct", "ci_low_pct", "ci_high_pct"), metrics()[BALANCE].decimals)
    digits = DIGITS_OF_SIDES | of_side
    return told, {name: pl.col(name) * 10.0**n for name, n in digits.items()}
