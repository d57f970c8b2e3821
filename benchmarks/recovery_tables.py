"""What estimates are judged by: bias, spread, and how often the interval holds the truth."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

DECAY_HEADER: Final = (
    "judged", "raw bias", "raw RMSE", "bias ± its SE", "RMSE", "mean SE", "coverage",
)  # fmt: skip
LEVEL_HEADER: Final = ("level bias", "level RMSE")


def decay_cells(found: pl.DataFrame) -> list[str]:
    """Return DECAY_HEADER's cells; `found` holds true_decay beside FORM_DECAY's columns."""
    fair = found.filter("eligible")
    if fair.height < 2:
        return [f"{fair.height} of {found.height}", *["–"] * (len(DECAY_HEADER) - 1)]
    true = fair["true_decay"].to_numpy()
    raw = fair["change"].to_numpy() - true
    off = fair["change_adj"].to_numpy() - true
    held = fair["true_decay"].is_between(fair["ci_low"], fair["ci_high"])
    own = off.std(ddof=1) / np.sqrt(off.size)
    return [
        f"{off.size} of {found.height}", f"{raw.mean():+.2f}", f"{rms(raw):.2f}",
        f"{off.mean():+.2f} ± {own:.2f}", f"{rms(off):.2f}", f"{fair['se'].mean():.2f}",
        f"{100 * held.sum() / held.len():.1f} %",
    ]  # fmt: skip


def level_cells(found: pl.DataFrame) -> list[str]:
    """Return LEVEL_HEADER's cells; `found` holds adjusted and true_level."""
    known = found.filter(pl.col("adjusted").is_not_null())
    off = (known["adjusted"] - known["true_level"]).to_numpy()
    return [f"{off.mean():+.2f}", f"{rms(off):.2f}"]


def refusals(found: pl.DataFrame) -> list[str]:
    """Return how many runs were not judged, by reason."""
    counted = found.filter(~pl.col("eligible"))["reason"].value_counts()
    return [f"{n} × {why}" for why, n in counted.sort("count", descending=True).iter_rows()]


def bullets(lines: list[str]) -> str:
    """Return lines as a list, or that there is none."""
    return "\n".join(f"- {line}" for line in lines) or "- none"


def rms(off: NDArray[np.float64]) -> float:
    """Return the root of the mean square."""
    return float(np.sqrt((off**2).mean()))
