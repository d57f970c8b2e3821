"""An estimate beside what trials lead one to expect: for display, it decides nothing.

Prior: β ~ N(0, 0.4 SD), SD being the model's residual SD of one run. The estimate's t with few
degrees of freedom is told as the normal with the same 95 % interval, so both add up in closed form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from carryover.catalogue.thresholds import threshold
from carryover.estimate.tails import normal_above, normal_quantile

if TYPE_CHECKING:
    from carryover.estimate.verdict import Estimate

PRIOR_SHARE: Final = threshold("posterior_prior_share")
"""SD of the prior as a share of the residual SD of one run."""
Z95: Final = normal_quantile(0.975)


@dataclass(frozen=True, slots=True)
class Posterior:
    """Mean and 95 % interval in the effect's unit; `chance_good` None without a good side.

    `chance_above` and `chance_below`: beyond the smallest worthwhile change, upwards and downwards;
    None without one.
    """

    mean: float
    low: float
    high: float
    prior_sd: float
    chance_good: float | None
    chance_above: float | None = None
    chance_below: float | None = None


def posterior(
    estimate: Estimate, run_sd: float, good_side: str, swc: float | None = None
) -> Posterior | None:
    """Return the posterior of an effect; `run_sd` residual SD of one run, in the effect's unit.

    None where nothing varies: no prior and no error to weigh.
    """
    prior_sd = PRIOR_SHARE * run_sd
    se = estimate.half() / Z95
    total = prior_sd**2 + se**2
    if total <= 0:
        return None
    mean = estimate.effect * prior_sd**2 / total
    sd = prior_sd * se / total**0.5
    low, high = mean - Z95 * sd, mean + Z95 * sd
    above, below = (
        (None, None) if swc is None else (_beyond(mean, sd, swc), _beyond(-mean, sd, swc))
    )
    return Posterior(mean, low, high, prior_sd, _chance(mean, sd, good_side), above, below)


def _chance(mean: float, sd: float, good_side: str) -> float | None:
    """Return the probability that the effect is on the good side of 0."""
    if good_side == "none":
        return None
    towards = mean if good_side == "up" else -mean
    return _beyond(towards, sd, 0.0)


def _beyond(mean: float, sd: float, bound: float) -> float:
    """Return the probability that the effect is above a bound."""
    return normal_above((bound - mean) / sd) if sd > 0 else float(mean > bound)
