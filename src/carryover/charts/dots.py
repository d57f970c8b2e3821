"""How dots look by their number: a year is read run by run, ten years by their line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MANY: Final = 150
"""From so many runs on dots are small and intervals faint."""
CROWD: Final = 400
"""From so many on dots are a cloud, and intervals are told on hover alone."""
NEWEST: Final = 600
"""So many newest runs are drawn where two values of a run are held against each other."""


@dataclass(frozen=True, slots=True)
class Look:
    """Size in px and opacity of a dot; whether there is room for intervals."""

    size: int
    opacity: float
    has_bars: bool


def look(n: int, size: int = 8) -> Look:
    """Return how so many dots look that are `size` px large where they are few."""
    if n > CROWD:
        return Look(4, 0.35, has_bars=False)
    return Look(5, 0.6, has_bars=True) if n > MANY else Look(size, 1.0, has_bars=True)
