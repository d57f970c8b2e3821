"""The form metrics as data: one vocabulary for tables, charts, verdicts and docs."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any


class Grain(StrEnum):
    """Where a metric is born: at an instant (averaged by time) or once a run."""

    SAMPLE = "sample"
    RUN = "run"


class Better(StrEnum):
    """The good side of a metric's level, where there is one."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Metric:
    """One form metric; `name` is its column in `run_form`, units as in `unit`.

    `valid_min` to `valid_max` is what a sensor may say, `plausible_low` to `plausible_high` where
    easy running lies. What every field means stands at the head of `metrics.toml`.
    """

    name: str
    label: str
    unit: str
    decimals: int
    grain: Grain
    valid_min: float
    valid_max: float
    better: Better
    better_reason: str
    meaning: str
    source: str
    formula: str
    measured_by: str
    plausible_low: float
    plausible_high: float
    plausible_source: str
    moves: tuple[str, ...]
    cannot_say: tuple[str, ...]
    one_run: str
    how: str
    swc: float | None = None
    swc_pct: float | None = None
    decay_swc_pct_per_h: float | None = None

    def smallest_change(self, mean: float) -> float:
        """Return the smallest worthwhile change of the level in `unit`, for an athlete's mean."""
        return self.swc if self.swc is not None else abs(mean) * (self.swc_pct or 0.0) / 100.0

    def smallest_text(self) -> str:
        """Return the smallest worthwhile change of the level, and of drift where it has its own."""
        if self.swc is not None:
            level = f"{self.swc:g}" if self.unit == "ratio" else f"{self.swc:g} {self.unit}"
        else:
            level = f"{self.swc_pct:g} % of your mean"
        drift = self.decay_swc_pct_per_h
        return level if drift is None else f"{level}; late-run drift {drift:g} % an hour"

    def plausible_text(self) -> str:
        """Return where easy running lies, with its unit."""
        return self._span(self.plausible_low, self.plausible_high)

    def valid_text(self) -> str:
        """Return what a sensor may say, with its unit."""
        return self._span(self.valid_min, self.valid_max)

    def _span(self, low: float, high: float) -> str:
        span = f"{low:g} to {high:g}".replace("-", "−")
        return span if self.unit == "ratio" else f"{span} {self.unit}"

    def text(self, value: float | None, *, signed: bool = False) -> str:
        """Format a value with its unit at the sensor's precision; `–` where there is none."""
        if value is None:
            return "–"
        sign = "+" if signed else ""
        number = f"{value:{sign}.{self.decimals}f}".replace("-", "−")
        return number if self.unit == "ratio" else f"{number} {self.unit}"


def _metric(name: str, fields: dict[str, Any]) -> Metric:
    known: dict[str, Any] = {"grain": Grain(fields["grain"]), "better": Better(fields["better"])}
    for listed in ("moves", "cannot_say"):
        known[listed] = tuple(fields[listed])
    return Metric(name=name, **{**fields, **known})


@cache
def metrics() -> dict[str, Metric]:
    """Return every metric by name, in the order of `metrics.toml`."""
    text = files("carryover").joinpath("metrics.toml").read_text("utf-8")
    return {name: _metric(name, fields) for name, fields in tomllib.loads(text).items()}


def metric(name: str) -> Metric:
    """Return one metric; raises KeyError for a name that is none."""
    return metrics()[name]


def sample_metrics() -> list[Metric]:
    """Return the metrics that are averaged from instants."""
    return [m for m in metrics().values() if m.grain is Grain.SAMPLE]
