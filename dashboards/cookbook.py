"""The cookbook: questions of a runner with their queries, one file each under `cookbook/`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

GROUPS: Final = {
    "runs": "Runs", "form": "Form", "drift": "Late-run drift", "symmetry": "Symmetry",
    "strength": "Strength and dose", "carry_over": "Carry-over", "health": "Data health",
    "seconds": "Samples, second by second",
}  # fmt: skip
"""Folders under `cookbook/`, in the order of the page."""
UNANSWERED: Final = frozenset({"seconds"})
"""Groups that read every second of every run: too slow to be asked for a page."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One question, what comes back, and the query, which begins with both as comments."""

    group: str
    slug: str
    question: str
    returns: str
    text: str

    @property
    def is_cheap(self) -> bool:
        """Whether a page may ask it."""
        return self.group not in UNANSWERED

    @property
    def bare(self) -> str:
        """The query without the semicolon that a terminal needs at its end."""
        return self.text.rstrip().removesuffix(";")


@cache
def recipes() -> tuple[Recipe, ...]:
    """Return every recipe, by group, then by question."""
    root = files("dashboards").joinpath("cookbook")
    return tuple(
        recipe
        for group in GROUPS
        for recipe in sorted(
            (_recipe(group, file) for file in root.joinpath(group).iterdir()),
            key=lambda r: r.question,
        )
    )


def _recipe(group: str, file: Traversable) -> Recipe:
    text = file.read_text("utf-8")
    told = []
    for line in text.splitlines():
        if not line.startswith("-- "):
            break
        told.append(line.removeprefix("-- "))
    return Recipe(group, file.name.removesuffix(".sql"), told[0], " ".join(told[1:]), text)
