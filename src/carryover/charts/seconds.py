"""Every second of a run in little room: whole steps, only their changes, one byte for most."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

STEPS: Final[dict[str, float]] = {
    "moving_s": 0.5, "speed_mps": 0.01, "altitude_m": 0.2, "heart_rate_bpm": 1.0,
    "cadence_spm": 0.5, "stance_time_ms": 0.5, "stance_time_balance_pct": 0.05,
}  # fmt: skip
"""What one step of a channel is worth: finer than its sensor tells."""
NULL: Final = -127
WIDE: Final = -128
"""The byte before a change that needs four more, lowest first."""
MOST: Final = 126


def packed(rows: pl.DataFrame, steps: Mapping[str, float] = STEPS) -> dict[str, Any]:
    """Return each column as `step` and base64 `bytes`; columns that are null throughout are left.

    A column is rounded to whole steps; a value is told by its change from the last value that was
    not null, first from 0: one signed byte, or WIDE and four bytes (little-endian), or NULL.
    `static/seconds.js` reads it.
    """
    return {
        name: {"step": step, "bytes": base64.b64encode(_bytes(rows[name], step)).decode()}
        for name, step in steps.items()
        if name in rows.columns and rows[name].count()
    }


def _bytes(values: pl.Series, step: float) -> bytes:
    numbers = values.cast(float).fill_nan(None).to_numpy()
    known = np.isfinite(numbers)
    whole = np.round(np.where(known, numbers, 0.0) / step).astype(np.int64)
    changes = np.zeros(len(whole), np.int64)
    changes[known] = np.diff(whole[known], prepend=0)
    wide = known & (np.abs(changes) > MOST)
    lengths = np.where(wide, 5, 1)
    starts = np.cumsum(lengths) - lengths
    out = np.zeros(int(lengths.sum()), np.int8)
    out[starts] = np.where(known, np.where(wide, WIDE, changes), NULL)
    far = changes[wide].astype("<i4").view(np.int8).reshape(-1, 4)
    for offset in range(4):
        out[starts[wide] + 1 + offset] = far[:, offset]
    return out.tobytes()
