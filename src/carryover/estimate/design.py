"""The model's columns: exposure, acute dose, load, heat, length, sensors and slow time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd
import polars as pl
from polars import selectors as cs

from carryover import units
from carryover.estimate import spline
from carryover.estimate.memo import by_content

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from carryover.estimate.slopes import Floats, Ints

INTERCEPT, EXPOSURE = 0, 1
BESIDE: Final = "beside_"
"""Columns of a panel that begin so are covariates: other doses, so that channels stay apart."""
COVARIATES: Final = ("a48", "load_7", "load_42", "temperature_c", "moving_s")
KNOWN_SHARE: Final = 0.8
"""A covariate known for fewer runs is dropped; otherwise its gaps take its mean."""
SPLINE_WEEKS: Final = (26.0, 52.0, 104.0)
SPLINE_DF: Final = (1.0, 3.0, 5.0)
SPLINE_DF_PER_YEAR: Final = 2.0
MAX_SPLINE_DF: Final = 15
WEEKS_PER_YEAR: Final = 52.0
EPOCH: Final = "epoch_"
"""What the names of sensor terms begin with; the sensor's text follows."""
FIRMWARE: Final = r" fw \S+"
"""How the text of a sensor epoch tells a firmware family (`sensor_epoch_text` in macros.sql)."""
DEPENDENT: Final = 1e-6
"""A column of which less than this share is its own adds nothing and is left out."""
MIN_FREE: Final = 8
"""A fit needs this many runs more than columns."""


@dataclass(frozen=True, slots=True)
class Design:
    """Columns (n, k): intercept, exposure, then the covariates named in `names[2:]`.

    `acute` is the column of the acute dose or None; `sd_exposure` the SD of the exposure that no
    other column explains, `sd_without_epochs` the same before sensor terms are taken in.
    """

    columns: Floats
    names: tuple[str, ...]
    acute: int | None
    sd_exposure: float
    sd_without_epochs: float

    @property
    def undosed(self) -> Ints:
        """The columns that no dose has a part in: intercept and covariates."""
        dosed = [EXPOSURE] if self.acute is None else [EXPOSURE, self.acute]
        return np.setdiff1d(np.arange(self.columns.shape[1]), dosed)

    def without_dose(self) -> Floats:
        """Return intercept and covariates (n, k)."""
        columns: Floats = self.columns[:, self.undosed]
        return columns

    @property
    def can_fit(self) -> bool:
        """Whether there are enough runs and any own movement of the exposure."""
        n, k = self.columns.shape
        return n - k >= MIN_FREE and self.sd_exposure > DEPENDENT


def _told(
    panel: pl.DataFrame, days: Floats, *, within_run: bool = False
) -> tuple[NDArray[Any], ...]:  # fmt: skip
    """Return all that a design depends on."""
    held = panel.select("x", cs.starts_with(BESIDE), *COVARIATES, "sensor_epoch")
    names = np.array(held.columns, dtype="S")
    return names, held.hash_rows().to_numpy(), days, np.array(within_run)


@by_content(_told)
def design_of(panel: pl.DataFrame, days: Floats, *, within_run: bool = False) -> Design:
    """Build the design from an athlete's panel, sorted by time; `days` (n,) are instants.

    The panel has x, a48, load_7, load_42, temperature_c, moving_s, sensor_epoch and, if wanted,
    columns that begin with `BESIDE`.
    `within_run`: the outcome compares a run with itself. A new firmware shifts the level of a
    sensor that stays; that cancels there, so such an outcome has a term for each sensor only.
    """
    covariates = pd.concat([_covariates(panel), _slow_time(days)], axis="columns")
    x = panel["x"].to_numpy()
    epochs = _epochs(epoch_names(panel, within_run=within_run))
    full = independent(pd.concat([covariates, epochs], axis="columns"))
    plain = full[[name for name in full if not str(name).startswith(EPOCH)]]
    names = ("intercept", "x", *full.columns)
    columns = np.column_stack([np.ones(x.size), x, full.to_numpy()])
    acute = names.index("a48") if "a48" in names else None
    return Design(columns, names, acute, _own_sd(x, full), _own_sd(x, plain))


def epoch_names(panel: pl.DataFrame, *, within_run: bool) -> list[str]:
    """Return the sensor of each run as the model tells them apart: empty where unknown."""
    epoch = panel["sensor_epoch"].fill_null("")
    return (epoch.str.replace(FIRMWARE, "") if within_run else epoch).to_list()


def spline_df(weeks: float) -> int:
    """Return the degrees of freedom of slow time: 1, 3, 5 at 26, 52, 104 weeks, then 2 a year."""
    beyond = max(weeks - SPLINE_WEEKS[-1], 0.0) / WEEKS_PER_YEAR * SPLINE_DF_PER_YEAR
    return min(round(float(np.interp(weeks, SPLINE_WEEKS, SPLINE_DF)) + beyond), MAX_SPLINE_DF)


def natural_spline(t: Floats, df: int) -> Floats:
    """Return a natural cubic spline basis (n, df), knots at quantiles; the first column is t."""
    scaled: Floats = (t - t.min()) / max(float(np.ptp(t)), 1e-12)
    if df == 1:
        return scaled[:, None]
    knots = np.quantile(scaled, np.linspace(0.0, 1.0, df + 1))
    if knots[-1] - knots[-2] <= DEPENDENT:
        return scaled[:, None]
    return spline.basis(scaled, knots)


def _covariates(panel: pl.DataFrame) -> pd.DataFrame:
    """Return what moves form beside the dose; a covariate that is too rarely known is dropped."""
    told = panel.select("a48", cs.starts_with(BESIDE), *COVARIATES[1:]).to_pandas()
    told = told.astype(float).rename(columns={"moving_s": "hours"})
    told["hours"] /= units.S_PER_HOUR
    known = told.dropna(axis="columns", thresh=max(int(np.ceil(KNOWN_SHARE * len(told))), 1))
    return known.fillna(known.drop(columns="a48", errors="ignore").mean())


def _slow_time(days: Floats) -> pd.DataFrame:
    basis = natural_spline(days, spline_df(float(np.ptp(days)) / 7.0))
    return pd.DataFrame(basis).add_prefix("time_")


def _epochs(names: list[str]) -> pd.DataFrame:
    """Return a column for each sensor but the first; `names` (n,) by time."""
    held = pd.Series(pd.Categorical(names, categories=list(dict.fromkeys(names))))
    return pd.get_dummies(held, prefix=EPOCH, prefix_sep="", drop_first=True, dtype=float)


def independent(columns: pd.DataFrame) -> pd.DataFrame:
    """Return the columns that are no linear mixture of the intercept and those before.

    The acute dose keeps its unit, the others are centred and scaled.
    """
    kept: dict[str, Floats] = {}
    size = len(columns)
    basis = np.full((size, 1), 1.0 / np.sqrt(size))
    for name, column in zip(map(str, columns), columns.to_numpy(np.float64).T, strict=True):
        norm = float(np.linalg.norm(column - column.mean()))
        own = column - basis @ (basis.T @ column)
        own -= basis @ (basis.T @ own)
        length = float(np.linalg.norm(own))
        if norm > 0 and length > DEPENDENT * max(norm, float(np.linalg.norm(column))):
            basis = np.column_stack([basis, own / length])
            centred = (column - column.mean()) / (norm / np.sqrt(size))
            kept[name] = column if name == "a48" else centred
    return pd.DataFrame(kept, index=columns.index)


def _own_sd(x: Floats, others: pd.DataFrame) -> float:
    """Return the SD of what an intercept and the other columns leave of the exposure."""
    columns = np.column_stack([np.ones(x.size), others.to_numpy()])
    own = x - columns @ np.linalg.lstsq(columns, x, rcond=None)[0]
    return float(np.sqrt(own @ own / x.size))
