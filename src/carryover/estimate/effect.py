"""What pace and grade do to each bin: the part that is taken off to compare like with like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from carryover import columns
from carryover.estimate import slopes
from carryover.estimate.baseline import KEY

if TYPE_CHECKING:
    from typing import Any

    from carryover.estimate.slopes import Floats


def bin_effect(bins: pl.DataFrame, baseline: pl.DataFrame, reference: pl.DataFrame) -> pl.DataFrame:
    """Return BIN_EFFECT of all bins whose speed is known and whose baseline is usable.

    `bins` BIN, `baseline` BASELINE, `reference`: athlete_id, reference_speed_mps. Adjusted value
    = value − effect. A run that took no part in the fit has the same effect twice; where it
    cannot be left out `effect_without` is null and `reason_without` says why. An unknown grade
    counts as level.
    """
    asked = bins["run_id"].unique().implode()
    own = pl.element().filter(pl.element().struct.field("run_id").is_in(asked))
    fits = (
        baseline.filter("usable")
        .with_columns(pl.col("without").list.eval(own))
        .join(reference, on="athlete_id", how="inner", maintain_order="left")
    )
    held = bins.filter(pl.col("value").is_not_null(), pl.col("speed_mps").is_not_null())
    groups = held.partition_by(KEY, as_dict=True)
    frames = [
        _of_one_fit(groups[key], fit)
        for fit in fits.sort(*KEY).iter_rows(named=True)
        if (key := tuple(fit[name] for name in KEY)) in groups
    ]
    if not frames:
        return columns.empty(columns.BIN_EFFECT)
    return columns.shaped(pl.concat(frames), columns.BIN_EFFECT)


def with_residual(bins: pl.DataFrame, effects: pl.DataFrame) -> pl.DataFrame:
    """Return BIN with BIN_EFFECT and `r`, the value at equal pace and grade by all other runs.

    `r` is null where there is no effect.
    """
    return bins.join(
        effects, on=["run_id", "metric", "bin_index"], how="left", maintain_order="left"
    ).with_columns(r=pl.col("value") - pl.col("effect_without"))


def terms_of(bins: pl.DataFrame, knots: Floats) -> Floats:
    """Return the (n, m) effect terms of bins; an unknown grade counts as level."""
    speed, grade = bins["speed_mps"].to_numpy(), bins["grade_pct"].fill_null(0.0).to_numpy()
    return slopes.effect_terms(speed, grade, knots)


def _of_one_fit(bins: pl.DataFrame, fit: dict[str, Any]) -> pl.DataFrame:
    knots, effects = np.array(fit["knots"]), np.array(fit["effects"])
    here = np.array([fit["reference_speed_mps"]])
    over = terms_of(bins, knots) - slopes.effect_terms(here, np.zeros(1), knots)
    own = {entry["run_id"]: entry for entry in fit["without"]}
    none = np.full(effects.size, np.nan)
    run_ids = bins["run_id"].unique(maintain_order=True).to_list()
    table = np.vstack([_effects(own.get(run_id), effects, none) for run_id in run_ids])
    reasons = {run_id: entry["reason"] for run_id, entry in own.items()}
    at = bins["run_id"].replace_strict(run_ids, range(len(run_ids)), return_dtype=pl.Int64)
    without = row_products(over, table[at.to_numpy()])
    return bins.select(
        "run_id",
        "bin_index",
        "metric",
        effect=pl.Series(row_products(over, effects)),
        effect_without=pl.Series(without).fill_nan(None),
        reason_without=pl.col("run_id").replace_strict(
            reasons, default=None, return_dtype=pl.String
        ),
    )


def row_products(left: Floats, right: Floats) -> Floats:
    """Return Σⱼ left·right of each row, (n, m) and (n, m) or (m,) → (n,).

    Column by column: a matrix product's last digits would depend on how many rows there are.
    """
    total = np.zeros(left.shape[0])
    for j in range(left.shape[1]):
        total += left[:, j] * right[..., j]
    return total


def turned(rows: Floats, matrix: Floats) -> Floats:
    """Return rows @ matrix, (n, m) and (m, k) → (n, k), each row by itself."""
    return np.column_stack([row_products(rows, column) for column in matrix.T])


def _effects(entry: dict[str, Any] | None, everyone: Floats, none: Floats) -> Floats:
    """Return a run's effects: without itself where it is in the fit, NaN where that cannot be."""
    if entry is None:
        return everyone
    return none if entry["effects"] is None else np.array(entry["effects"])
