"""Whether the data can answer at all, before the answer is looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from carryover.estimate.channels import channel
from carryover.estimate.dose import STRENGTH
from carryover.metrics import Grain, metric

MIN_WEEKS: Final = 26.0
MIN_RUNS: Final = 80
MIN_LONG_RUNS: Final = 25
"""For outcomes that only long runs have: late-run drift, and metrics born once a run."""
MIN_SWITCHES: Final = 4
MIN_SD_EXPOSURE: Final = 0.12


@dataclass(frozen=True, slots=True)
class Amount:
    """How much there is to go on; the exposure's SDs are null where no design could be built."""

    n_runs: int
    n_weeks: float
    n_sessions: int
    n_switches: int
    sd_exposure: float | None
    sd_without_epochs: float | None


def within_run(name: str, outcome: str) -> bool:
    """Return whether an outcome compares a run with itself, which takes a long run."""
    return outcome == "decay" or metric(name).grain is Grain.RUN


def min_runs(name: str, outcome: str) -> int:
    """Return how many runs an outcome needs."""
    return MIN_LONG_RUNS if within_run(name, outcome) else MIN_RUNS


def missing(name: str, outcome: str, amount: Amount, exposure: str = STRENGTH) -> list[str]:
    """Return what is missing, in plain words, in the order of the gate; empty when nothing is.

    A sensor change is unmodelled when its term takes the exposure's own movement below the
    bound: the strength blocks then follow the sensors, and no model can tell the two apart.
    """
    asked = channel(exposure)
    if amount.n_sessions == 0:
        return [f"{asked.kind} sessions with a known dose (none are logged)"]
    needed = min_runs(name, outcome)
    kind = "long runs that can be judged" if needed == MIN_LONG_RUNS else "runs with this metric"
    found = []
    if amount.n_weeks < MIN_WEEKS:
        found.append(
            f"{MIN_WEEKS:.0f} weeks of runs with a log of {asked.work} "
            f"({amount.n_weeks:.0f} so far)"
        )
    if amount.n_runs < needed:
        found.append(f"{needed} {kind} ({amount.n_runs} so far)")
    if amount.n_switches < MIN_SWITCHES:
        found.append(
            f"{MIN_SWITCHES} changes between weeks with and weeks without {asked.work} "
            f"({amount.n_switches} so far)"
        )
    return found + _exposure(amount, asked.kind)


def _exposure(amount: Amount, kind: str) -> list[str]:
    sd, without = amount.sd_exposure, amount.sd_without_epochs
    if sd is None or without is None or sd >= MIN_SD_EXPOSURE:
        return []
    if without >= MIN_SD_EXPOSURE:
        return [f"{kind} blocks that do not change together with the sensor"]
    moved = f"SD {sd:.2f} of the habit, {MIN_SD_EXPOSURE:.2f} is needed"
    return [f"{kind} work that varies apart from season, load and heat ({moved})"]
