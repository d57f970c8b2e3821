"""How a metric moves over a run, tenth by tenth, and how it usually does.

A tenth is a tenth of moving time. Its change is the mean residual at equal pace and grade, by valid
seconds, less that of the early window (the one of late-run drift); a bin that lies in two tenths
counts in each by its share. A tenth of an hour holds one or two 4-minute blocks, too few for a
spread of its own, so its standard error comes from the run's noise as a whole: the size is that of
all settled bins about a line with one bend, how they hang together is the athlete's (`wander`), and
the error of the early mean, which all tenths share, is in it.

The usual pattern is the random-effects mean over eligible runs: weights 1/(se² + τ²), τ² after
DerSimonian and Laird 1986, standard error after Hartung and Knapp 2001; its usual range is where
the measured change of one more run lies, with the noise of a typical run (median se²) in it: the
sum of both spreads is well told by a dozen runs, τ² alone is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from carryover import columns
from carryover.catalogue.thresholds import threshold
from carryover.estimate import run_frames
from carryover.estimate.baseline import BIN_S, KEY
from carryover.estimate.decoupling import decoupled
from carryover.estimate.distance import distance_at
from carryover.estimate.ratio import ratio
from carryover.estimate.residual import Part, each_part
from carryover.estimate.tails import t_reach, t_reaches
from carryover.estimate.wander import MIN_BINS, N_TERMS, correlation, own_terms, pairs
from carryover.estimate.windows import RUN_METRIC

if TYPE_CHECKING:
    from carryover.estimate.slopes import Floats, Ints

TENTHS: Final = 10
MIN_SHARE: Final = threshold("pattern_min_share")
USUAL_RUNS: Final = int(threshold("pattern_usual_runs"))


def form_pattern(
    residual: pl.DataFrame,
    wander: pl.DataFrame,
    bins: pl.DataFrame,
    runs: pl.DataFrame,
    decay: pl.DataFrame,
) -> pl.DataFrame:
    """Return FORM_PATTERN: ten rows for each run × metric that has any value in the run.

    `residual` RESIDUAL, `wander` WANDER, `bins` BIN, `runs` (run_id, moving_s, distance_m), `decay`
    FORM_DECAY. Numbers are null where less than half of a tenth is valid; those of the change also
    where the run is not eligible. `hr_decoupling_ratio` follows from `metres_per_beat`.
    """
    raw = _raw(bins, runs)
    full = raw.join(
        _changes(residual, wander), on=(*RUN_METRIC, "tenth"), how="left", maintain_order="left"
    )
    thin = pl.col("valid_s") < ratio(MIN_SHARE * pl.col("moving_s"), TENTHS)
    told = full.with_columns(
        pl.when(~thin).then(name).alias(name)
        for name in ("value", "change_adj", "se", "ci_low", "ci_high")
    )
    placed = columns.shaped(distance_at(told, "centre", bins, runs), run_frames.FORM_PATTERN)
    return pl.concat([placed, decoupled(placed, decay)]).sort(*RUN_METRIC, "tenth")


def _raw(bins: pl.DataFrame, runs: pl.DataFrame) -> pl.DataFrame:
    """Return run × metric × tenth with the mean as recorded, its centre and its valid seconds."""
    lengths = runs.select("run_id", "moving_s").filter(pl.col("moving_s") > 0)
    start, tenth_s = pl.col("bin_index") * BIN_S, ratio(pl.col("moving_s"), TENTHS)
    end = pl.min_horizontal(start + BIN_S, "moving_s")
    first, last = ratio(start, tenth_s).floor(), ratio(end, tenth_s).ceil()
    pieces = (
        bins.filter(pl.col("value").is_not_null(), pl.col("valid_s") > 0)
        .join(lengths, on="run_id", how="inner", maintain_order="left")
        .filter(start < pl.col("moving_s"))
        .with_columns(tenth=pl.int_ranges(first.cast(pl.Int32) + 1, last.cast(pl.Int32) + 1))
        .explode("tenth")
        .with_columns(
            from_s=pl.max_horizontal(start, (pl.col("tenth") - 1) * tenth_s),
            to_s=pl.min_horizontal(end, pl.col("tenth") * tenth_s),
            length=end - start,
        )
        .with_columns(
            w=ratio(pl.col("valid_s") * (pl.col("to_s") - pl.col("from_s")), pl.col("length"))
        )
        .filter(pl.col("w") > 0)
    )
    means = pieces.group_by(*RUN_METRIC, "tenth", maintain_order=True).agg(
        value=ratio((pl.col("value") * pl.col("w")).sum(), pl.col("w").sum()),
        valid_s=pl.col("w").sum(),
    )
    grid = (
        pieces.select(*RUN_METRIC, "moving_s")
        .unique(maintain_order=True)
        .join(pl.DataFrame({"tenth": range(1, TENTHS + 1)}), how="cross")
        .with_columns(centre_moving_s=(pl.col("tenth") - 0.5) * tenth_s)
    )
    return grid.join(
        means, on=(*RUN_METRIC, "tenth"), how="left", maintain_order="left"
    ).with_columns(pl.col("valid_s").fill_null(0.0))


@dataclass(frozen=True, slots=True)
class Noise:
    """How bins hang together: their correlation (n, n), and what whitens the settled ones."""

    correlation: Floats
    whitening: Floats
    terms: Floats


def _changes(residual: pl.DataFrame, wander: pl.DataFrame) -> pl.DataFrame:
    """Return change_adj, se and interval of every tenth of every eligible run × metric."""
    known = pairs(wander)
    held: dict[tuple[bytes, bytes, float, float], Noise] = {}
    made: dict[tuple[object, ...], tuple[Floats, Floats]] = {}
    found: list[Floats] = []
    keys: list[tuple[str, str]] = []
    for part in each_part(residual):
        pair = known.get(part.epoch)
        if pair is None or part.settled.sum() < MIN_BINS or not part.early.any():
            continue
        place = ((part.index - part.index[0]).tobytes(), part.settled.tobytes(), *pair)
        if place not in held:
            held[place] = _noise(part, *pair)
        # Metrics of one sensor are mostly valid in the same seconds: contrasts are made once a run.
        if keys and keys[-1][0] != part.run_id:
            made.clear()
        asked = (*place, part.valid_s.tobytes(), part.early.tobytes())
        if asked not in made:
            made[asked] = _contrast(part, held[place])
        keys.append((part.run_id, part.epoch[-1]))
        found.append(_tenths(part, held[place], made[asked]))
    table = np.concatenate(found) if found else np.empty((0, 4))
    names = ("change_adj", "se", "ci_low", "ci_high")
    return pl.DataFrame(
        {name: [key[k] for key in keys for _ in range(TENTHS)] for k, name in enumerate(RUN_METRIC)}
        | {"tenth": list(range(1, TENTHS + 1)) * len(keys)}
        | {name: table[:, k] for k, name in enumerate(names)},
        schema_overrides={"run_id": pl.String(), "metric": pl.String(), "tenth": pl.Int64()},
    ).with_columns(pl.col(names).fill_nan(None))


def _noise(part: Part, carried: float, white: float) -> Noise:
    whole = correlation(part.index, np.array([carried]), np.array([white]))[0]
    root = np.linalg.cholesky(whole[np.ix_(part.settled, part.settled)])
    # Correlations of at most .9 a bin leave the root far from singular.
    whitening = np.asarray(np.linalg.inv(root), dtype=np.float64)
    terms = whitening @ own_terms(part.index[part.settled])
    return Noise(whole, whitening, np.linalg.qr(terms)[0])


def tenth_weights(index: Ints, valid_s: Floats, moving_s: float) -> Floats:
    """Return the weights (10, n) of bins in each tenth, rows summing to 1; NaN for an empty tenth.

    `index` (n,) bin numbers, `valid_s` (n,), `moving_s` of the run.
    """
    edges = np.arange(TENTHS + 1) * moving_s / TENTHS
    start = index * BIN_S
    end = np.minimum(start + BIN_S, moving_s)
    shared = np.minimum(end, edges[1:, None]) - np.maximum(start, edges[:-1, None])
    weight = np.maximum(shared, 0.0) * valid_s / np.maximum(end - start, 1.0)
    total = weight.sum(axis=1, keepdims=True)
    made: Floats = np.divide(weight, total, out=np.full_like(weight, np.nan), where=total > 0)
    return made


def _contrast(part: Part, noise: Noise) -> tuple[Floats, Floats]:
    """Return the weights (10, n) of a run's bins in its changes, and their variance (10,).

    The variance is that of noise of size 1.
    """
    early = part.early * part.valid_s
    contrast = tenth_weights(part.index, part.valid_s, part.moving_s) - early / early.sum()
    return contrast, ((contrast @ noise.correlation) * contrast).sum(axis=1)


def _tenths(part: Part, noise: Noise, made: tuple[Floats, Floats]) -> Floats:
    """Return change, se, low and high (10, 4) of one run's tenths; `made` by `_contrast`."""
    contrast, spread = made
    white = noise.whitening @ part.residual[part.settled]
    left = white - noise.terms @ (noise.terms.T @ white)
    free = white.size - N_TERMS
    se = np.sqrt(float(left @ left) / free * np.maximum(spread, 0.0))
    change = contrast @ part.residual
    half = student(free) * se
    return np.array([change, se, change - half, change + half]).T


@cache
def student(free: int) -> float:
    """Return the 97.5 % point of Student's t."""
    return t_reach(free)


def usual_pattern(pattern: pl.DataFrame) -> pl.DataFrame:
    """Return FORM_PATTERN_USUAL: random-effects means of the changes over an epoch's runs.

    `pattern` FORM_PATTERN with athlete_id and sensor_epoch. Tenths that fewer than 5 runs tell have
    their count and null numbers.
    """
    cell = (*KEY, "tenth")
    told = pattern.filter(pl.col("change_adj").is_not_null(), pl.col("se") > 0)
    y, se2, n = pl.col("change_adj"), pl.col("se") ** 2, pl.len()
    plain = 1.0 / se2
    sum_w = plain.sum()
    excess = (plain * y**2).sum() - (plain * y).sum() ** 2 / sum_w - (n - 1)
    tau2 = (excess / (sum_w - (plain**2).sum() / sum_w)).clip(lower_bound=0.0).fill_nan(0.0)
    w = 1.0 / (se2 + pl.col("tau2"))
    mean = (w * y).sum() / w.sum()
    spread = (w * (y - mean) ** 2).sum() / ((n - 1) * w.sum())
    rows = (
        told.with_columns(tau2=tau2.over(cell))
        .group_by(cell, maintain_order=True)
        .agg(
            change_adj=mean,
            se=spread.sqrt(),
            run_sd=pl.col("tau2").first().sqrt(),
            noise_var=se2.median(),
            n_runs=n,
        )
        .sort(cell)
    )
    return columns.shaped(_with_ranges(rows), run_frames.FORM_PATTERN_USUAL)


def _with_ranges(rows: pl.DataFrame) -> pl.DataFrame:
    free = np.maximum(rows["n_runs"].cast(pl.Float64).to_numpy() - 1.0, 1.0)
    times = pl.Series(t_reaches(free))
    half = times * rows["se"]
    wide = times * (rows["se"] ** 2 + rows["run_sd"] ** 2 + rows["noise_var"]).sqrt()
    made = rows.with_columns(
        ci_low=rows["change_adj"] - half, ci_high=rows["change_adj"] + half,
        usual_low=rows["change_adj"] - wide, usual_high=rows["change_adj"] + wide,
    )  # fmt: skip
    numbers = ("change_adj", "se", "run_sd", "ci_low", "ci_high", "usual_low", "usual_high")
    enough = pl.col("n_runs") >= USUAL_RUNS
    return made.with_columns(pl.when(enough).then(name).alias(name) for name in numbers)
