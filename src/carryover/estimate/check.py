"""What one check of an answer says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from carryover.catalogue.thresholds import threshold
from carryover.estimate.asked import Asked, numbers
from carryover.estimate.sentence import Answer, amount, size
from carryover.estimate.verdict import Verdict

if TYPE_CHECKING:
    from carryover.estimate.verdict import Estimate

ALPHA: Final = threshold("check_alpha")
MIN_OWN_SD: Final = threshold("check_min_own_sd")


class Status(StrEnum):
    """The words of `carry_over_check.status`."""

    PASSED = "passed"
    FAILED = "failed"
    INFORMATIVE = "informative"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Check:
    """One check, or one part of it; `reason` where it was not run."""

    name: str
    status: Status
    says: str
    part: str | None = None
    estimate: Estimate | None = None
    p: float | None = None
    n_runs: int | None = None
    reason: str | None = None

    def row(self, asked: Asked) -> dict[str, Any]:
        """Return the check as a row of CHECK."""
        told: dict[str, Any] = numbers(self.estimate)
        if self.p is not None:
            told["p"] = self.p
        return asked.key | told | {
            "check_name": self.name, "part": self.part, "status": self.status.value,
            "n_runs": self.n_runs, "says": self.says, "reason": self.reason,
        }  # fmt: skip


def not_run(name: str, reason: str, part: str | None = None) -> Check:
    """Return a check that could not be run."""
    return Check(name, Status.NOT_RUN, f"Not run: {reason}.", part, reason=reason)


def amount_text(asked: Asked, estimate: Estimate) -> str:
    """Return an effect on the asked outcome with its interval, in words."""
    return amount(_answer(asked, estimate))


def size_text(asked: Asked, estimate: Estimate) -> str:
    """Return an effect on the asked outcome without its interval, in words."""
    return size(_answer(asked, estimate))


def day_text(day: date) -> str:
    """Return a date as a reader writes it."""
    return f"{day.day} {day:%B %Y}"


def in_100(p: float) -> str:
    """Return a share as so many of 100."""
    count = round(100 * p)
    return f"{count} of 100" if count >= 1 else "fewer than 1 of 100"


def _answer(asked: Asked, estimate: Estimate) -> Answer:
    low, high = estimate.interval()
    row = asked.row
    return Answer(
        row["metric"], row["outcome"], Verdict.NOT_ENOUGH_DATA, row["good_side"], "",
        estimate.effect, low, high, None, 0, 0.0,
    )  # fmt: skip
