"""Runs with something beside like runs without it: pairs, and their mean difference.

Each run with it takes the nearest run in time without it, of the same kind, the same sensor and
the same nearness to a gym session, at about the same speed. One run may serve for several: then
it counts as often in the mean, and the variance of the mean, taken from the covariance of the
runs, knows that it is one and the same, and that neighbours are alike. What still differs within
a pair (days apart, slow dose, load, heat, length) is taken out by regression.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd
import polars as pl

from carryover.estimate import covariance
from carryover.estimate.contrast import Sums
from carryover.estimate.design import MIN_FREE, independent
from carryover.estimate.question import days_of, series_of
from carryover.estimate.verdict import Estimate

if TYPE_CHECKING:
    from carryover.estimate.slopes import Floats

LIKE: Final = ["kind", "sensor_epoch", "near_gym"]
"""What both runs of a pair share."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How alike two runs must be to be a pair."""

    apart_d: float
    speed_mps: float


def pairs_of(runs: pl.DataFrame, limits: Limits) -> pl.DataFrame:
    """Return the pairs, `row` with and `other` without; runs without a match are absent.

    `runs`: row (its place), run_id, started_at, avg_speed_mps, has_it (nullable), and the columns
    of LIKE. A null in these or in has_it leaves a run out. Nearest in time wins, then the nearer
    speed, then the smaller key: the order of rows does not matter.
    """
    told = runs.drop_nulls([*LIKE, "avg_speed_mps", "has_it"])
    without = told.filter(~pl.col("has_it")).select(
        *LIKE, other="row", other_id="run_id", at="started_at", speed="avg_speed_mps"
    )
    apart = (pl.col("started_at") - pl.col("at")).abs()
    faster = (pl.col("avg_speed_mps") - pl.col("speed")).abs()
    return (
        told.filter("has_it")
        .join(without, on=LIKE, how="inner", maintain_order="left")
        .with_columns(apart=apart, faster=faster)
        .filter(
            pl.col("apart") <= pl.duration(seconds=round(limits.apart_d * 86_400)),
            pl.col("faster") <= limits.speed_mps,
        )
        .sort("row", "apart", "faster", "other_id")
        .unique("row", keep="first", maintain_order=True)
        .select("row", "other")
    )


def difference(frame: pl.DataFrame, pairs: pl.DataFrame, covariates: Floats) -> Estimate | None:
    """Return the mean difference of the pairs; None where the runs cannot tell their noise.

    `frame`: y, se, started_at, has_it, kind, by time; `pairs` names its rows; `covariates` (n, k)
    of the model, in which the two runs of a pair may still differ, are taken out. The covariance
    is REML's, of all runs beside has_it, their kinds and the covariates.
    """
    days = days_of(frame)
    told = pd.concat(
        [
            pd.DataFrame({"has_it": frame["has_it"].cast(pl.Float64).to_numpy()}),
            like_columns(frame, ["kind"]),
            pd.DataFrame(covariates).add_prefix("covariate_"),
        ],
        axis="columns",
    )
    design = np.column_stack([np.ones(days.size), independent(told).to_numpy()])
    if pairs.is_empty() or design.shape[0] - design.shape[1] < MIN_FREE:
        return None
    series = series_of(frame, days)
    fit = covariance.fit_reml(series, design)
    taken = np.zeros((days.size, 1))
    np.add.at(taken[:, 0], pairs["row"].to_numpy(), 1.0 / pairs.height)
    np.add.at(taken[:, 0], pairs["other"].to_numpy(), -1.0 / pairs.height)
    value, se = Sums(series, design, fit).estimated(taken)
    return Estimate(float(value[0]), float(se[0]), fit.df)


def like_columns(frame: pl.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return an indicator of each distinct row of some columns but the first; nulls are one."""
    cell = frame.select(pl.concat_str(pl.col(names).cast(pl.String).fill_null(""), separator="|"))
    held = cell.to_series()
    order = held.unique(maintain_order=True).to_list()
    kinds = pd.Series(pd.Categorical(held.to_list(), categories=order))
    return pd.get_dummies(kinds, prefix="cell", drop_first=True, dtype=float)
