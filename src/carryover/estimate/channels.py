"""The words of each exposure: what it is called, and the habit that X = 1 stands for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from carryover.estimate.dose import STRENGTH

ACTIVATION: Final = "activation"
HILL_STRIDES: Final = "hill_strides"
UPPER_BODY: Final = "upper_body"
LEFT_MINUS_RIGHT: Final = "left_minus_right"
RIGHT_MINUS_LEFT: Final = "right_minus_left"
"""The same difference the other way round: of an athlete who does more on the right."""


@dataclass(frozen=True, slots=True)
class Channel:
    """`kind` stands before work, sessions, blocks and calendar; `habit` is X = 1, in the plural."""

    kind: str
    habit: str

    @property
    def work(self) -> str:
        """The work that the channel counts."""
        return f"{self.kind} work"


_CHANNELS: Final = {
    STRENGTH: Channel("strength", "two sessions a week"),
    ACTIVATION: Channel("activation", "two activation sessions a week"),
    HILL_STRIDES: Channel("hill-stride", "two sessions of hill strides a week"),
    UPPER_BODY: Channel("upper-body", "two upper-body sessions a week"),
    LEFT_MINUS_RIGHT: Channel(
        "one-sided", "two sessions a week with your usual extra work on the left"
    ),
    RIGHT_MINUS_LEFT: Channel(
        "one-sided", "two sessions a week with your usual extra work on the right"
    ),
}


def channel(exposure: str) -> Channel:
    """Return the words of an exposure; one without words of its own goes by its name."""
    plain = exposure.replace("_", " ")
    return _CHANNELS.get(exposure, Channel(plain, f"two sessions a week of {plain}"))
