"""Where the demo may write, and how it does so without leaving a half-written home."""

from __future__ import annotations

import math
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from carryover.demo import truth
from carryover.demo.truth import OTHER_HOME, DemoTruth, Parameters
from carryover.errors import UsageError
from carryover.settings import FILE_NAME as SETTINGS_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAX_WEEKS: Final = 520
MAX_EFFECT_SD: Final = 5.0
IN_PROGRESS: Final = ".demo-in-progress"
KEEP: Final = ".gitkeep"


@dataclass(slots=True)
class Build:
    """A home in the making: files under `raw`, and the two texts that go beside `data`."""

    raw: Path
    settings: str = ""
    truth: str = ""


def check_parameters(
    weeks: int, seed: int, effect_sd: float, on_off_weeks: tuple[int, int] | None = None
) -> None:
    """Raise UsageError for a value that is out of its range."""
    if not 1 <= weeks <= MAX_WEEKS:
        raise UsageError(f"--weeks {weeks} is out of range", remedy=f"Use 1 to {MAX_WEEKS} weeks.")
    if seed < 0:
        raise UsageError(f"--seed {seed} is negative", remedy="Use 0 or a positive whole number.")
    if not (math.isfinite(effect_sd) and abs(effect_sd) <= MAX_EFFECT_SD):
        raise UsageError(
            f"--effect {effect_sd:g} is out of range",
            remedy=f"Use −{MAX_EFFECT_SD:g} to {MAX_EFFECT_SD:g} SD; 0 plants nothing.",
        )
    if on_off_weeks is not None and min(on_off_weeks) < 1:
        raise UsageError(
            f"blocks of {on_off_weeks[0]} weeks on, {on_off_weeks[1]} off cannot be planned",
            remedy="Use at least 1 week each.",
        )


def check_home(home: Path, wanted: Parameters, *, any_end_date: bool) -> DemoTruth | None:
    """Return the truth of a home that already is this demo; None where it can be written.

    Raises UsageError for a home that holds anything else, which is never touched.
    """
    former = truth.load_truth(home)
    if former is not None:
        held = former.parameters
        asked = replace(wanted, end_date=held.end_date) if any_end_date else wanted
        if held == asked:
            return former
        raise UsageError(
            f"it holds a demo of other parameters ({_told(held)})",
            subject=str(home),
            remedy=OTHER_HOME,
        )
    for path in (home / SETTINGS_NAME, *_strangers(home / "data" / "raw")):
        if path.exists():
            raise UsageError(
                "this home is in use, and the demo writes only into a home of its own",
                subject=str(home),
                place=str(path.relative_to(home)),
                remedy=OTHER_HOME,
            )
    return None


def _told(held: Parameters) -> str:
    planned = ", blocks of {}/{} weeks".format(*held.on_off_weeks) if held.on_off_weeks else ""
    return (
        f"--weeks {held.weeks} --seed {held.seed} --effect {held.effect_sd:g}, "
        f"to {held.end_date}{planned}"
    )


def _strangers(raw: Path) -> list[Path]:
    if raw.exists() and not raw.is_dir():
        return [raw]
    return sorted(p for p in raw.glob("*") if p.name != KEEP)


@contextmanager
def publish(home: Path) -> Iterator[Build]:
    """Give a folder to build in; move all of it into the home once it is whole.

    What an interrupted demo left behind is cleared; the truth comes last.
    """
    raw = home / "data" / "raw"
    workshop = home / "data" / IN_PROGRESS
    shutil.rmtree(workshop, ignore_errors=True)
    workshop.mkdir(parents=True)
    build = Build(workshop)
    try:
        yield build
        raw.mkdir(exist_ok=True)
        for entry in sorted(workshop.iterdir()):
            entry.rename(raw / entry.name)
        (home / SETTINGS_NAME).write_text(build.settings, "utf-8")
        (home / truth.FILE_NAME).write_text(build.truth, "utf-8")
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
