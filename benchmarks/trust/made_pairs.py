"""Labelled pairs of recordings: one run exported twice by different ways, or two different runs.

None has a serial number, each tells a wrong `time_created`, and each pair has a day of its own.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tests"))
from fit_bytes import FILE_ID, FitBytes, at, records, session  # noqa: E402 - the tests' builders
from made_runs import DAY_S, Made, rows, track, training_center  # noqa: E402

HOUR_S: Final = 3600.0
MAKERS: Final = (1, 23, 123, 265, 294)
"""Garmin, Suunto, Polar, Strava, Coros."""
WRONG_DAYS: Final = 4000
"""A file was made up to so many days before or after the run that it holds."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two files of one day, what they are, and whether they are one run."""

    kind: str
    is_one: bool
    files: tuple[tuple[str, bytes], tuple[str, bytes]]


@dataclass(slots=True)
class Maker:
    """Makes recordings of one pair: `chance` is the pair's own, `day_s` begins its day."""

    chance: random.Random
    day_s: float

    def run(self, around: tuple[float, float] | None = (47.37, 8.54)) -> Made:
        """Return a run of 10 to 30 minutes that no other is like."""
        return Made(self.chance.randint(600, 1800), self.chance.randrange(10**9), around=around)

    def another(self, made: Made) -> Made:
        """Return a different run, as long and as far to the metre."""
        metres = float(made.distance_m[-1])
        return replace(made, seed=made.seed + 1 + self.chance.randrange(10**6), metres=metres)

    def fit(self, made: Made, since_s: float = 0.0, *, every: int = 1, cut: int = 0) -> bytes:
        """Return an app's FIT: no serial number or 1, a wrong date of making, perhaps thinned."""
        fields = [(0, "enum", 1), (1, "uint16", 1), (2, "uint16", 1), (3, "uint32z", 1),
                  (4, "uint32", 1)]  # fmt: skip
        wrong_s = self.day_s + self.chance.uniform(-1, 1) * WRONG_DAYS * DAY_S
        body = FitBytes().define(0, FILE_ID, fields)
        maker, serial = self.chance.choice(MAKERS), self.chance.choice([None, 1])
        body.data(0, 4, maker, 1, serial, max(at(wrong_s), 0))
        told = rows(made, self.day_s + since_s, every)
        told = told[: len(told) - cut]
        length = told[-1]["timestamp"] - told[0]["timestamp"]
        records(body, told)
        return session(body, elapsed_s=length, start_s=self.day_s + since_s).file()

    def gpx(self, made: Made, since_s: float = 0.0, hours: int | None = None) -> bytes:
        """Return a track; `hours` writes its times with an offset."""
        return bytes(track(made, self.day_s + since_s, self.chance.choice([1, 2, 5]), hours=hours))

    def tcx(self, made: Made, since_s: float = 0.0) -> bytes:
        """Return a TCX whose device tells no number."""
        text = training_center(made, self.day_s + since_s)
        return re.sub(rb"<UnitId>\d+</UnitId>", b"<UnitId>0</UnitId>", text)


Ways = Callable[[Maker], tuple[bytes, bytes]]


def _cut_off(maker: Maker) -> tuple[bytes, bytes]:
    made = maker.run()
    return maker.fit(made), maker.fit(made, cut=made.seconds // 20)


def _of_one(first: str, second: str, since_s: float = 0.0, **told: int) -> Ways:
    def make(maker: Maker) -> tuple[bytes, bytes]:
        made = maker.run()
        return getattr(maker, first)(made), getattr(maker, second)(made, since_s, **told)

    return make


def _of_two(first: str, second: str, *since_s: float) -> Ways:
    """Two runs alike in length and distance, the other later by one of `since_s`."""

    def make(maker: Maker) -> tuple[bytes, bytes]:
        made = maker.run()
        later_s = maker.chance.choice(since_s)
        return getattr(maker, first)(made), getattr(maker, second)(maker.another(made), later_s)

    return make


def _right_after(maker: Maker) -> tuple[bytes, bytes]:
    made = maker.run()
    pause_s = maker.chance.randint(1, 240)
    return maker.fit(made), maker.fit(maker.another(made), made.seconds + pause_s)


def _elsewhere(maker: Maker) -> tuple[bytes, bytes]:
    """Two runs that a clock which was reset puts into one minute, as long and far, far apart."""
    made = maker.run()
    other = replace(maker.another(made), around=(46.2, 6.14))
    return maker.fit(made), maker.fit(other, maker.chance.randint(0, 59))


def _same_minute(maker: Maker) -> tuple[bytes, bytes]:
    """Two runs of one start minute that are not equally far: one clock was wrong."""
    made = maker.run()
    far = float(made.distance_m[-1]) * maker.chance.choice([0.7, 0.85, 1.2, 1.4])
    other = replace(maker.another(made), metres=far)
    return maker.fit(made), maker.fit(other, maker.chance.randint(0, 59))


KINDS: Final[dict[str, tuple[bool, Ways]]] = {
    "FIT and a thinned FIT": (True, _of_one("fit", "fit", every=4)),
    "FIT and GPX": (True, _of_one("fit", "gpx")),
    "FIT and TCX": (True, _of_one("fit", "tcx")),
    "GPX and TCX": (True, _of_one("gpx", "tcx")),
    "FIT and GPX with an offset": (True, _of_one("fit", "gpx", hours=2)),
    "FIT and a FIT cut off": (True, _cut_off),
    "FIT and a thinned FIT an hour off": (True, _of_one("fit", "fit", HOUR_S, every=2)),
    "FIT and GPX some seconds late": (True, _of_one("fit", "gpx", 17.0)),
    "alike, hours apart to the second": (
        False, _of_two("fit", "fit", HOUR_S, -HOUR_S, 2 * HOUR_S, 7 * HOUR_S)),
    "alike, an hour apart, one by phone": (False, _of_two("fit", "gpx", HOUR_S, -HOUR_S)),
    "alike, an hour apart, as TCX": (False, _of_two("tcx", "fit", HOUR_S, -HOUR_S)),
    "one right after the other": (False, _right_after),
    "one minute by a wrong clock, not as far": (False, _same_minute),
    "one minute by a wrong clock, elsewhere": (False, _elsewhere),
}  # fmt: skip


def made_pairs(n: int, seed: int = 1) -> list[Pair]:
    """Return so many pairs, of each kind in turn."""
    names = list(KINDS)
    pairs = []
    for number in range(n):
        kind = names[number % len(names)]
        is_one, make = KINDS[kind]
        maker = Maker(random.Random(seed * 100_000 + number), number * 2 * DAY_S)
        one, other = make(maker)
        names_of = (f"{number:04d}-a", f"{number:04d}-b")
        pairs.append(Pair(kind, is_one, ((names_of[0], one), (names_of[1], other))))
    return pairs
