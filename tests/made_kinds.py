"""A labelled set: athletes whose runs are of known kinds, as FIT files with the dirt of real ones.

Lights, walks, auto-pause, hills that slow down, noisy pace and places, heights of GPS: what makes
kinds look alike. `season` gives one athlete's runs; equal seeds give equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from carryover.demo.noise import relaxed, wander
from fit_bytes import activity, begin, records, session

DAY_S = 86_400.0
METRES_PER_DEGREE = 111_195.0
STRAIGHT_M, RADIUS_M = 84.39, 36.8
SUB_SPORT = {"generic": 0, "treadmill": 1, "trail": 3, "track": 4}
COST = np.poly1d([155.4, -30.4, -43.3, 46.3, 19.5, 3.6])
"""Cost of running on a grade, Minetti et al. 2002."""


@dataclass(frozen=True)
class Labelled:
    """One made run: what it is, on which day, and its file."""

    kind: str
    what: str
    day: int
    content: bytes
    direction: str | None = None


@dataclass
class Plan:
    """What a run is meant to be: pieces of (seconds, speed over the easy one; 0 stands)."""

    kind: str
    what: str
    pieces: list[tuple[float, float]]
    place: str = "streets"
    metres: float | None = None
    """Where it ends, if it ends by distance."""
    stops: int = 0
    auto_pause: bool = False
    climb_mpkm: float = 4.0
    """Metres climbed a kilometre."""
    turns: int = 1
    """Which way round a track: 1 anticlockwise, −1 clockwise, 0 changes half way."""
    sub_sport: str = "generic"
    even: float = 0.03
    direction: str | None = field(default=None)


def season(seed: int, easy_mps: float, scale: int = 1) -> Iterator[Labelled]:
    """Yield an athlete's labelled runs, in an order that mixes kinds through the year."""
    rng = np.random.default_rng(seed)
    plans = [plan for _ in range(scale) for plan in _plans(rng, easy_mps)]
    form = 1.0
    for day, number in enumerate(rng.permutation(len(plans))):
        form += rng.normal(0.0004, 0.001)
        plan = plans[number]
        content = _file(plan, easy_mps * form, 2 * day, rng, serial=390_000 + seed)
        yield Labelled(plan.kind, plan.what, 2 * day, content, plan.direction)


def _plans(rng: np.random.Generator, easy_mps: float) -> list[Plan]:
    return [*_easy(rng), *_workouts(rng), *_long(rng), *_races(rng, easy_mps), *_elsewhere(rng)]


def _minutes(rng: np.random.Generator, low: float, high: float) -> float:
    return 60 * float(rng.uniform(low, high))


def _easy(rng: np.random.Generator) -> Iterator[Plan]:
    for _ in range(9):
        yield Plan("easy", "with lights", [(_minutes(rng, 28, 58), 1.0)], stops=int(rng.integers(1, 9)),  # noqa: E501
                   auto_pause=bool(rng.random() < 0.5))  # fmt: skip
    for _ in range(5):
        yield Plan("easy", "rolling", [(_minutes(rng, 30, 55), 1.0)], climb_mpkm=12.0)
    for _ in range(4):
        strides = [(20.0, 1.55), (70.0, 0.9)] * 5
        yield Plan("easy", "with strides", [(_minutes(rng, 25, 40), 1.0), *strides])
    for _ in range(3):
        yield Plan("easy", "a quicker day", [(_minutes(rng, 30, 50), 1.05)])
    for _ in range(2):
        walks = [(240.0, 1.0), (60.0, 0.5)] * 8
        yield Plan("easy", "run and walk", walks)
    for _ in range(2):
        yield Plan("easy", "loops of a park", [(_minutes(rng, 30, 50), 1.0)], place="park")
    yield Plan("easy", "round the block", [(_minutes(rng, 25, 35), 1.0)], place="block")
    yield Plan("easy", "slow start", [(480.0, 0.85), (_minutes(rng, 25, 40), 1.0)])


def _workouts(rng: np.random.Generator) -> Iterator[Plan]:
    warm, cool = (_minutes(rng, 10, 15), 0.97), (_minutes(rng, 5, 12), 0.93)
    for _ in range(4):
        surges = [
            piece
            for _ in range(int(rng.integers(5, 10)))
            for piece in (
                (_minutes(rng, 0.7, 3), rng.uniform(1.18, 1.35)),
                (_minutes(rng, 1, 3), 0.95),
            )
        ]
        yield Plan("workout", "fartlek", [warm, *surges, cool], climb_mpkm=5.0)
    for turns, rest in ((1, 0.75), (1, 0.0), (-1, 0.75)):
        laps = [(400 / (1.42 * 3.0), 1.42), (80.0, rest)] * 12
        yield Plan("workout", "12 × 400 m", [warm, *laps, cool], place="track", turns=turns,
                   direction="anticlockwise" if turns > 0 else "clockwise")  # fmt: skip
    for _ in range(3):
        yield Plan("workout", "6 × 1000 m", [warm, *[(250.0, 1.3), (120.0, 0.75)] * 6, cool])
    for _ in range(2):
        yield Plan("workout", "15 × 30/30 s", [warm, *[(30.0, 1.5), (30.0, 0.8)] * 15, cool])
    for stops in (0, 0, 0, 3):
        yield Plan("workout", "tempo", [warm, (_minutes(rng, 18, 30), rng.uniform(1.15, 1.22)), cool],  # noqa: E501
                   stops=stops)  # fmt: skip
    for _ in range(2):
        yield Plan(
            "workout", "2 × 12 min", [warm, (720.0, 1.19), (180.0, 0.8), (720.0, 1.19), cool]
        )
    for _ in range(3):
        rise = [(600.0, level) for level in (0.95, 1.02, 1.09, 1.17)]
        yield Plan("workout", "progression", rise)
    for _ in range(2):
        yield Plan("workout", "8 hill repeats", [warm, *[(60.0, 1.6), (90.0, 0.8)] * 8, cool],
                   place="hill")  # fmt: skip


def _long(rng: np.random.Generator) -> Iterator[Plan]:
    for _ in range(5):
        yield Plan("long", "with stops", [(_minutes(rng, 95, 140), 0.97)], stops=int(rng.integers(2, 10)),  # noqa: E501
                   auto_pause=bool(rng.random() < 0.5), climb_mpkm=9.0)  # fmt: skip
    for _ in range(2):
        yield Plan("long", "trail", [(_minutes(rng, 100, 150), 0.85)], place="trail", climb_mpkm=35.0,  # noqa: E501
                   sub_sport="trail")  # fmt: skip


def _races(rng: np.random.Generator, easy_mps: float) -> Iterator[Plan]:
    fitness = rng.uniform(1.23, 1.36)
    raced = [("parkrun", 5000.0)] * 4 + [("10 km", 10_000.0)] * 2
    raced += [("half marathon", 21_097.5)] + ([("marathon", 42_195.0)] if easy_mps > 2.6 else [])
    for what, metres in raced:
        level = fitness * (metres / 5000) ** -0.06 * rng.normal(1.0, 0.015)
        end = 0.92 if what == "marathon" else 1.02
        pieces = [(metres / easy_mps / level * 0.7, level), (metres / easy_mps, level * end)]
        yield Plan("race", what, pieces, metres=metres * rng.uniform(1.0, 1.012), climb_mpkm=5.0)


def _elsewhere(rng: np.random.Generator) -> Iterator[Plan]:
    for sub_sport in ("treadmill", "treadmill", "generic", "generic"):
        yield Plan("treadmill", f"indoors, {sub_sport}", [(_minutes(rng, 25, 50), 0.97)], place="belt",  # noqa: E501
                   sub_sport=sub_sport, even=0.005)  # fmt: skip
    yield Plan("treadmill", "indoors, intervals", [(600.0, 0.95), *[(120.0, 1.3), (60.0, 0.8)] * 8],
               place="belt", even=0.005)  # fmt: skip
    for turns, direction in ((1, "anticlockwise"), (-1, "clockwise"), (0, "both")):
        yield Plan("track", direction, [(_minutes(rng, 28, 45), 1.0)], place="track", turns=turns,
                   direction=direction)  # fmt: skip
    for _ in range(5):
        yield Plan("hilly", "trail", [(_minutes(rng, 35, 58), 0.85)], place="trail",
                   climb_mpkm=float(rng.uniform(27, 60)), sub_sport="trail")  # fmt: skip
    for _ in range(2):
        yield Plan("hilly", "road", [(_minutes(rng, 35, 58), 0.93)], climb_mpkm=27.0)


def _file(plan: Plan, easy_mps: float, day: int, rng: np.random.Generator, serial: int) -> bytes:
    wanted = np.concatenate([np.full(round(s), level * easy_mps) for s, level in plan.pieces])
    wanted *= rng.normal(1.0, 0.025) if plan.kind != "race" else 1.0
    halted = _halted(wanted, plan, rng)
    meant = relaxed(np.where(halted, 0.0, wanted), 4.0, 1.0)
    n = len(meant)
    height, grade, speed = _hills(meant, plan, easy_mps, rng)
    speed = np.where(meant < 0.4, 0.0, np.maximum(speed * (1 + wander(n, 60.0, plan.even, rng)), 0))
    metres = np.cumsum(speed)
    if plan.metres:
        n = int(np.searchsorted(metres, plan.metres)) + 1
    beats = relaxed(145 + 95 * (meant * (1 + 4 * grade / 100) / easy_mps - 1), 45.0, 100.0)
    seen = {
        "timestamp": day * DAY_S + np.arange(len(speed)), "distance": metres,
        "speed": np.maximum(speed + (speed > 0) * wander(len(speed), 8.0, 0.09, rng), 0),
        "heart_rate": np.clip(beats + rng.normal(0, 4), 60, 200),
        "cadence": np.where(speed > 0.7 * easy_mps, 84 + 3 * (speed - easy_mps), 0.0 + 55 * (speed > 0)),  # noqa: E501
    }  # fmt: skip
    if plan.place != "belt":
        lat, lon = _path(metres, plan, rng)
        rough = rng.random() < 0.3
        seen |= {
            "altitude": 400 + height + wander(len(speed), 60.0, 2.0 if rough else 0.3, rng),
            "position_lat": lat,
            "position_long": lon,
        }
    kept = [i for i in range(0, n, 1 if n < 6000 else 3) if not (plan.auto_pause and speed[i] == 0)]
    rows = [{name: float(values[i]) for name, values in seen.items()} for i in kept]
    made = records(begin(serial=serial), rows)
    start = day * DAY_S
    session(made, elapsed_s=n, start_s=start, sub_sport=SUB_SPORT[plan.sub_sport])
    return activity(made, end_s=start + n, offset_s=0).file()


def _halted(wanted: np.ndarray, plan: Plan, rng: np.random.Generator) -> np.ndarray:
    """Return the seconds spent at red lights."""
    halted = np.zeros(len(wanted), dtype=bool)
    for at in rng.uniform(0.08, 0.92, plan.stops):
        since = int(at * len(wanted))
        halted[since : since + int(rng.uniform(15, 70))] = True
    return halted


def _hills(meant, plan: Plan, easy_mps: float, rng: np.random.Generator):
    """Return height, grade and speed: a hill slows, by part of what it costs."""
    up, down = rng.uniform(0.45, 0.95), rng.uniform(0.2, 0.6)
    waves = [(float(rng.uniform(250, 900)), float(rng.uniform(0, 6.28))) for _ in range(3)]
    speed = meant
    for _ in range(3):
        metres = np.cumsum(speed)
        if plan.place == "hill":
            # The way to the hill is flat; efforts go up and the jogs between go down.
            grade = np.where(
                meant > 1.3 * easy_mps, 7.0, np.where(meant < 0.87 * easy_mps, -7.0, 0.0)
            )
            speed = np.where(grade > 0, meant * 0.72, meant)
        elif plan.place in {"belt", "track"}:
            grade = np.zeros(len(meant))
        else:
            slopes = [np.sin(2 * np.pi * metres / length + phase) for length, phase in waves]
            wave = np.sum(slopes, axis=0)
            grade = plan.climb_mpkm / 10 * wave / np.average(np.maximum(wave, 0), weights=speed)
            cost = COST(np.clip(grade, -30, 30) / 100) / COST(0)
            speed = meant * cost ** -np.where(grade > 0, up, down)
    return np.cumsum(grade / 100 * speed), grade, speed


def _path(metres, plan: Plan, rng: np.random.Generator):
    """Return latitude and longitude along a way, with the error of a receiver."""
    lanes = {"track": _track, "park": _park, "block": _block}
    x, y = lanes.get(plan.place, _streets)(metres, plan, rng)
    tilt = rng.uniform(0, np.pi)
    x, y = x * np.cos(tilt) - y * np.sin(tilt), x * np.sin(tilt) + y * np.cos(tilt)
    x = x + wander(len(x), 40.0, 2.0, rng) + rng.normal(0, 0.4, len(x))
    y = y + wander(len(y), 40.0, 2.0, rng) + rng.normal(0, 0.4, len(y))
    squeeze = METRES_PER_DEGREE * np.cos(np.radians(47.37))
    return 47.37 + y / METRES_PER_DEGREE, 8.54 + x / squeeze


def _streets(metres, plan: Plan, rng: np.random.Generator):
    """Blocks of a town: straight for some hundred metres, then a turn to either side."""
    corners = np.cumsum(rng.uniform(80, 420, 600))
    heading = np.cumsum(rng.choice([-np.pi / 2, 0.3, np.pi / 2], 601))[
        np.searchsorted(corners, metres)
    ]
    step = np.diff(metres, prepend=0.0)
    return np.cumsum(step * np.cos(heading)), np.cumsum(step * np.sin(heading))


def _track(metres, plan: Plan, rng: np.random.Generator):
    """A standard track in a lane, 300 m from the door."""
    radius = RADIUS_M + float(rng.choice([0.0, 1.2, 2.4]))
    lap = 2 * STRAIGHT_M + 2 * np.pi * radius
    away = 300.0
    s = np.maximum(metres - away, 0.0)
    if plan.turns == 0:
        half = s[-1] / 2
        s = np.where(s > half, 2 * half - s, s)
    s = np.mod(s * (1 if plan.turns >= 0 else -1), lap)
    bend = np.pi * radius
    legs = [STRAIGHT_M, STRAIGHT_M + bend, 2 * STRAIGHT_M + bend]
    first, second = (s - legs[0]) / radius, (s - legs[2]) / radius
    h = STRAIGHT_M / 2
    x = np.select(
        [s < legs[0], s < legs[1], s < legs[2]],
        [s - h, h + radius * np.sin(first), h - (s - legs[1])], -h - radius * np.sin(second),
    )  # fmt: skip
    y = np.select(
        [s < legs[0], s < legs[1], s < legs[2]],
        [np.full(len(s), -radius), -radius * np.cos(first), np.full(len(s), radius)],
        radius * np.cos(second),
    )
    out = np.minimum(metres - away, 0.0)
    return x + out, y


def _park(metres, plan: Plan, rng: np.random.Generator):
    """A round of 900 m, again and again."""
    angle = metres / 143.0
    return 150 * np.cos(angle), 136 * np.sin(angle)


def _block(metres, plan: Plan, rng: np.random.Generator):
    """A block of houses of 130 × 70 m, again and again."""
    s = np.mod(metres, 400.0)
    x = np.select([s < 130, s < 200, s < 330], [s, np.full(len(s), 130.0), 330 - s], 0.0)
    y = np.select(
        [s < 130, s < 200, s < 330], [np.zeros(len(s)), s - 130, np.full(len(s), 70.0)], 400 - s
    )
    return x, y
