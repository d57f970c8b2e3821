"""Noise of a typical athlete, for plans of those who have no fit of their own yet."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class TypicalNoise:
    """SD of runs about their slow course (metric's unit), days of memory, white share, source."""

    residual_sd: float
    memory_d: float
    nugget_share: float
    source: str


@cache
def typical_noise() -> dict[tuple[str, str], TypicalNoise]:
    """Return typical noise by metric and outcome (level, decay), for those that have been seen."""
    text = files("carryover.catalogue").joinpath("typical_noise.csv").read_text("utf-8")
    return {
        (row["metric"], row["outcome"]): TypicalNoise(
            float(row["residual_sd"]), float(row["memory_d"]), float(row["nugget_share"]),
            row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    }  # fmt: skip
