"""What others would do with the same runs: four usual ways to find an effect, each at p < .05."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import statsmodels.api as sm
from scipy import stats

from carryover.estimate.design import EXPOSURE

if TYPE_CHECKING:
    from carryover.estimate.slopes import Floats

PEERS: Final = {
    "pearson": "Pearson r of form and dose",
    "ols": "OLS",
    "hac": "OLS, Newey–West errors",
    "glsar": "GLSAR(1)",
}
GLSAR_ROUNDS: Final = 10


def p_values(value: Floats, columns: Floats) -> dict[str, float]:
    """Return p of each peer for values (n,) and columns (n, k), the product's own.

    Pearson sees dose and form alone; the others have all covariates, slow time included, so that
    nothing but their idea of the noise tells them from the product.
    """
    ols = sm.OLS(value, columns)
    lags = int(4.0 * (value.size / 100.0) ** (2.0 / 9.0))
    fits = {
        "ols": ols.fit(),
        "hac": ols.fit(cov_type="HAC", cov_kwds={"maxlags": lags}, use_t=True),
        "glsar": sm.GLSAR(value, columns, rho=1).iterative_fit(maxiter=GLSAR_ROUNDS),
    }
    pearson = float(stats.pearsonr(columns[:, EXPOSURE], value).pvalue)
    told = {name: float(np.asarray(fit.pvalues)[EXPOSURE]) for name, fit in fits.items()}
    return {"pearson": pearson} | told
