"""Correlated noise, one value a second, without a loop over seconds."""

from __future__ import annotations

import math
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

BLOCK: Final = 64


def filtered(drive: Floats, tau_s: float, start: float) -> Floats:
    """Return y with y[t] = a·y[t−1] + drive[t], a = e^(−1/tau_s), y[−1] = start.

    Worked in blocks: inside a block one matrix product, between blocks the carried last value.
    """
    kernel, fading = _kernel(tau_s)
    n_blocks = -(-len(drive) // BLOCK)
    padded = np.zeros(n_blocks * BLOCK)
    padded[: len(drive)] = drive
    blocks: Floats = padded.reshape(n_blocks, BLOCK) @ kernel.T
    carried = start
    for block in blocks:
        block += carried * fading  # noqa: PLW2901  (in place: a row of the matrix)
        carried = float(block[-1])
    return blocks.reshape(-1)[: len(drive)]


@cache
def _kernel(tau_s: float) -> tuple[Floats, Floats]:
    """Return what a block's drives add to its values, and how a carried value fades in it."""
    rate = math.exp(-1.0 / tau_s)
    lag = np.subtract.outer(np.arange(BLOCK), np.arange(BLOCK))
    kernel = np.where(lag >= 0, rate ** np.maximum(lag, 0), 0.0)
    return np.asarray(kernel), np.asarray(rate ** np.arange(1.0, BLOCK + 1.0))


def wander(n: int, tau_s: float, sd: float, rng: np.random.Generator) -> Floats:
    """Return stationary Ornstein–Uhlenbeck noise; its integrated autocorrelation time is 2·tau."""
    fresh = sd * math.sqrt(1.0 - math.exp(-2.0 / tau_s))
    return filtered(rng.normal(0.0, fresh, n), tau_s, float(rng.normal(0.0, sd)))


def relaxed(target: Floats, tau_s: float, start: float) -> Floats:
    """Return what follows a target with a first-order lag, as heart rate follows effort."""
    return filtered(target * (1.0 - math.exp(-1.0 / tau_s)), tau_s, start)
