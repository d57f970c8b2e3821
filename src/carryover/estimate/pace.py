"""The part of a bin's speed that its neighbours tell, free of the bin's own error.

Satellite speed wanders about the true one, and regressing a metric on a speed with error pulls
the slope towards 0 (attenuation). The error of one bin is not that of its neighbours, while the
runner's pace goes on from bin to bin and from run to run. So the speed is split in two: what the
rest of the run predicts, and what is left. The slope of the first is the runner's; the slope of
the second shows how much of the quick changes is error (instrumental variables as a control
function; Wooldridge, Econometric Analysis of Cross Section and Panel Data, 2010, 6.2).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

LAGS: Final = (1, 2)
"""Bins before and after whose speeds predict a bin's own."""


def predicted_speed(speed_mps: Floats, others: Floats, run: Ints, bin_index: Ints) -> Floats:
    """Return the speed (n,) in m/s that neighbours, the run's other bins and `others` predict.

    `others` (n, k) are the terms that stand beside speed in the model; `run` (n,) codes 0…R−1,
    sorted, `bin_index` rising within a run. Least squares; a bin alone in its run is given the
    mean of all.
    """
    rest = _mean_of_rest(speed_mps, run)
    told = [rest]
    for lag in LAGS:
        total, count = _beside(speed_mps, run, bin_index, lag)
        near = np.divide(total, count, out=rest.copy(), where=count > 0)
        told.append(near - rest)
    design = np.column_stack([np.ones(speed_mps.size), *told, others])
    beta = np.linalg.lstsq(design, speed_mps, rcond=None)[0]
    predicted: Floats = design @ beta
    return predicted


def _mean_of_rest(values: Floats, run: Ints) -> Floats:
    size = np.bincount(run)[run]
    total = np.bincount(run, values)[run]
    alone = np.full(values.size, values.mean())
    np.divide(total - values, size - 1, out=alone, where=size > 1)
    return alone


def _beside(values: Floats, run: Ints, bin_index: Ints, lag: int) -> tuple[Floats, Floats]:
    """Return sum and number (n,) of the values exactly `lag` bins before and after, in the run."""
    stride = int(bin_index.max(initial=0)) + 2 * lag + 1
    place = run * stride + bin_index
    total, count = np.zeros(values.size), np.zeros(values.size)
    for shift in (-lag, lag):
        at = np.minimum(np.searchsorted(place, place + shift), place.size - 1)
        found = place[at] == place + shift
        total += np.where(found, values[at], 0.0)
        count += found
    return total, count
