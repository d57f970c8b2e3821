"""The primary question of each athlete, built again from its published answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from carryover.estimate import panel
from carryover.estimate.candidates import Outcome, testifying
from carryover.estimate.dose import STRENGTH
from carryover.estimate.question import Question, ask, nothing

if TYPE_CHECKING:
    from carryover.estimate.verdict import Estimate


@dataclass(frozen=True, slots=True)
class Given:
    """The frames that every answer is made of, as `carry_over` takes them.

    `complete_logs`: athletes without sessions before their log.
    """

    outcomes: pl.DataFrame
    runs: pl.DataFrame
    sessions: pl.DataFrame
    sensors: pl.DataFrame
    complete_logs: frozenset[str]

    def of(self, athlete: str, asked: str | None) -> Given:
        """Return what is one athlete's, of the outcomes those that may testify."""
        own = pl.col("athlete_id") == athlete
        frames = (f.filter(own) for f in (self.outcomes, self.runs, self.sessions, self.sensors))
        outcomes, runs, sessions, sensors = frames
        allowed = testifying(outcomes, runs, sensors, asked)
        return Given(allowed, runs, sessions, sensors, self.complete_logs)

    def log(self, athlete: str, exposure: str) -> panel.Log | None:
        """Return one athlete's log of one exposure; None without runs."""
        complete = athlete in self.complete_logs
        return panel.log_of(self.runs, self.sessions, past_is_empty=complete, exposure=exposure)


@dataclass(frozen=True, slots=True)
class Asked:
    """One athlete's primary question: its row of CARRY_OVER, its own frames and its fit."""

    row: dict[str, Any]
    given: Given
    question: Question

    @property
    def athlete(self) -> str:
        """Whose question."""
        return str(self.row["athlete_id"])

    @property
    def key(self) -> dict[str, Any]:
        """The columns that name the question."""
        names = ("athlete_id", "metric", "outcome", "exposure", "tau_d")
        return {name: self.row[name] for name in names}

    @property
    def claims(self) -> bool:
        """Whether the 95 % interval is on one side of 0: something that a check could overturn."""
        low, high = self.row["ci_low"], self.row["ci_high"]
        return low is not None and (low > 0 or high < 0)


def primaries(estimates: pl.DataFrame, exposure: str = STRENGTH) -> list[dict[str, Any]]:
    """Return the primary rows of CARRY_OVER for one exposure, by athlete."""
    kept = (pl.col("role") == "primary") & (pl.col("exposure") == exposure)
    return estimates.filter(kept).sort("athlete_id").to_dicts()


def asked_again(estimates: pl.DataFrame, given: Given) -> Iterator[Asked]:
    """Yield the primary question of each athlete of CARRY_OVER, fitted again."""
    for row in primaries(estimates):
        own = given.of(row["athlete_id"], row["metric"])
        outcome = (row["metric"], row["outcome"])
        log = own.log(row["athlete_id"], row["exposure"])
        tau_d = float(row["tau_d"])
        if log is None:
            yield Asked(row, own, nothing(None, outcome, tau_d))
            continue
        frame = frame_of(own.outcomes, outcome, panel.exposed(log, tau_d))
        yield Asked(row, own, ask(log, outcome, frame, tau_d=tau_d))


def frame_of(outcomes: pl.DataFrame, outcome: Outcome, exposed: pl.DataFrame) -> pl.DataFrame:
    """Return the exposed panel of one outcome, by time."""
    chosen = (pl.col("metric") == outcome[0]) & (pl.col("outcome") == outcome[1])
    joined = outcomes.filter(chosen).join(exposed, on="run_id", how="inner", maintain_order="left")
    return joined.sort("started_at", "run_id")


def numbers(estimate: Estimate | None) -> dict[str, float | None]:
    """Return effect, ci_low, ci_high and p as columns; null without an estimate."""
    if estimate is None:
        return dict.fromkeys(("effect", "ci_low", "ci_high", "p"))
    low, high = estimate.interval()
    return {"effect": estimate.effect, "ci_low": low, "ci_high": high, "p": estimate.p}
