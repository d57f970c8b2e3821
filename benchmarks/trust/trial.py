"""What a trial of trust comes to: how often something was tried, and what was lost by it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Trial:
    """One kind of trial, done `tried` times; `failures` says of each that went wrong what it was.

    `lost`: acknowledged or readable things that were gone afterwards; `partial`: things that were
    half there; `hung`: tries that took longer than they may. `slowest_s`: of one try or of the
    recovery from it, as `what` says.
    """

    checks: tuple[str, ...]
    what: str
    tried: int
    lost: int = 0
    partial: int = 0
    hung: int = 0
    failures: tuple[str, ...] = ()
    slowest_s: float | None = None
    took_s: float = 0.0
    note: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether all went as it must."""
        return self.tried > 0 and not (self.lost or self.partial or self.hung or self.failures)

    def as_dict(self) -> dict[str, object]:
        """Return it for a file."""
        return asdict(self)


Trials = Callable[[bool], list[Trial]]
"""A part's door, `trials(full)`: all tries where `full`, a short form of each otherwise."""
