"""Made runs for the recognition of hill strides: what was run, and what a watch keeps of it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

SMART_GAPS_S = (2, 3, 4, 5, 6)
MAX_WEIGHT_S = 5.0


@dataclass
class MadeRun:
    """One run: the samples a store would hold, and when its strides truly begin."""

    kind: str
    smart: bool
    samples: dict[str, np.ndarray]
    strides: list[tuple[float, float]] = field(default_factory=list)


def minetti(grade):
    """Return the energy cost of running on a grade over that on the flat (Minetti 2002)."""
    i = np.clip(np.asarray(grade, dtype=float), -0.45, 0.45)
    return (155.4 * i**5 - 30.4 * i**4 - 43.3 * i**3 + 46.3 * i**2 + 19.5 * i + 3.6) / 3.6


class Course:
    """A run as it is put together, stretch by stretch: seconds, m/s, grade as a share."""

    def __init__(self, easy):
        self.easy, self.speed, self.grade, self.strides = easy, [], [], []

    def add(self, seconds, speed, grade):
        self.speed += [speed] * int(seconds)
        self.grade += [grade] * int(seconds)

    def easy_running(self, seconds, rng, wave=0.01):
        t = np.arange(int(seconds))
        grade = wave * np.sin(2 * np.pi * t / rng.uniform(90, 240) + rng.uniform(0, 6))
        self.speed += list(self.easy / minetti(grade) ** 0.8)
        self.grade += list(grade)

    def stride(self, seconds, effort, grade):
        begun = len(self.speed)
        self.add(seconds, self.easy * effort / minetti(grade), grade)
        self.strides.append((float(begun), float(begun + seconds)))

    def back(self, climbed_m, speed, grade):
        """Go back down what was climbed."""
        self.add(round(climbed_m / (grade * speed)), speed, -grade)


def _strides(c, rng):
    c.easy_running(rng.uniform(600, 1500), rng)
    n, grade = rng.integers(6, 9), rng.uniform(0.06, 0.10)
    seconds, effort = rng.uniform(10, 20), rng.uniform(1.5, 2.1)
    way = rng.choice(["jog", "walk", "stand then jog"])
    for _ in range(n):
        own = round(seconds + rng.normal(0, 1))
        c.stride(own, effort * (1 + rng.normal(0, 0.04)), grade)
        climbed = own * c.easy * effort / minetti(grade) * grade
        if way == "stand then jog":
            c.add(rng.uniform(10, 25), 0.0, 0.0)
        slow = rng.uniform(1.2, 1.5) if way == "walk" else c.easy * rng.uniform(0.65, 0.9)
        c.back(climbed, slow, grade)
        c.add(rng.uniform(5, 20), slow, 0.0)
    c.easy_running(rng.uniform(300, 900), rng)


def _rolling(c, rng, power):
    """Hills one after the other; power 1 holds the effort even, 0 the pace."""
    top, long_s = rng.uniform(0.03, 0.10), rng.uniform(30, 140)
    t = np.arange(int(rng.uniform(1800, 3600)))
    grade = top * np.sin(2 * np.pi * t / long_s) + 0.3 * top * np.sin(
        2 * np.pi * t / (2.7 * long_s)
    )
    slow = np.repeat(rng.normal(0, 0.03, len(t) // 60 + 1), 60)[: len(t)]
    c.speed += list(c.easy * (1 + slow) / minetti(grade) ** power)
    c.grade += list(grade)


def _flat_intervals(c, rng):
    c.easy_running(rng.uniform(600, 1200), rng)
    hard, soft, n = [(30, 30, 12), (90, 90, 8), (180, 120, 5), (15, 60, 8)][rng.integers(0, 4)]
    wave = rng.uniform(0, 0.02)
    for k in range(n):
        c.add(hard, c.easy * rng.uniform(1.3, 1.7), wave * (-1) ** k)
        c.add(soft, c.easy * 0.75, -wave * (-1) ** k)
    c.easy_running(rng.uniform(300, 900), rng)


def _walked_climbs(c, rng):
    for _ in range(rng.integers(5, 10)):
        c.easy_running(rng.uniform(120, 300), rng, wave=0.02)
        steep, speed = rng.uniform(0.12, 0.25), rng.uniform(1.0, 1.5)
        seconds = rng.uniform(15, 60)
        c.add(seconds, speed, steep)
        c.back(seconds * speed * steep, c.easy * 1.05, rng.uniform(0.05, 0.1))


def _one_long_hill(c, rng):
    c.easy_running(rng.uniform(600, 1200), rng)
    grade, seconds = rng.uniform(0.05, 0.09), rng.uniform(240, 700)
    speed = c.easy * rng.uniform(1.2, 1.5) / minetti(grade)
    c.add(seconds, speed, grade)
    c.back(seconds * speed * grade, c.easy * 1.05, grade)
    c.easy_running(300, rng)


def _long_repeats(c, rng):
    c.easy_running(rng.uniform(600, 1200), rng)
    grade, seconds = rng.uniform(0.05, 0.09), rng.uniform(45, 120)
    for _ in range(rng.integers(5, 9)):
        speed = c.easy * rng.uniform(1.4, 1.7) / minetti(grade)
        c.add(seconds, speed, grade)
        c.back(seconds * speed * grade, c.easy * 0.85, grade)
    c.easy_running(300, rng)


def _stop_and_go(c, rng):
    """A hilly town: lights, and easy running on."""
    for _ in range(rng.integers(12, 25)):
        grade = rng.uniform(-0.06, 0.06)
        c.add(rng.uniform(40, 150), c.easy / minetti(grade) ** 0.7, grade)
        c.add(rng.uniform(10, 50), 0.0, 0.0)


def _downhill_strides(c, rng):
    c.easy_running(rng.uniform(600, 1200), rng)
    for _ in range(rng.integers(6, 9)):
        grade, seconds = rng.uniform(0.04, 0.08), rng.uniform(12, 20)
        speed = c.easy * rng.uniform(1.5, 1.9)
        c.add(seconds, speed, -grade)
        c.add(seconds * speed / (c.easy * 0.7), c.easy * 0.7, grade)
    c.easy_running(300, rng)


def _easy(c, rng):
    c.easy_running(rng.uniform(1800, 4000), rng, wave=rng.uniform(0, 0.03))


KINDS = {
    "strides": _strides,
    "rolling, even effort": lambda c, rng: _rolling(c, rng, rng.uniform(0.8, 1.0)),
    "rolling, even pace": lambda c, rng: _rolling(c, rng, rng.uniform(0.0, 0.4)),
    "flat intervals": _flat_intervals,
    "walked climbs": _walked_climbs,
    "one long hill": _one_long_hill,
    "long repeats": _long_repeats,
    "stop and go": _stop_and_go,
    "downhill strides": _downhill_strides,
    "easy": _easy,
}


def made_run(kind, seed):
    """Return one run of a kind; the same seed gives the same run."""
    rng = np.random.default_rng([seed, list(KINDS).index(kind)])
    course = Course(rng.uniform(2.6, 3.5))
    KINDS[kind](course, rng)
    smart = bool(rng.random() < 0.4)
    return MadeRun(kind, smart, _watched(course, rng, smart=smart), course.strides)


def _watched(course, rng, *, smart):
    speed, grade = np.array(course.speed), np.array(course.grade)
    moved = _eased(speed, 1.5)
    distance = np.cumsum(moved)
    height = 100.0 + np.cumsum(moved * _eased(grade, 1.0))
    seen = np.maximum(_eased(moved, rng.uniform(0.5, 2.5)) + _wander(len(speed), 4, rng, 0.12), 0.0)
    sd = rng.uniform(0.3, 1.0)
    noise = _wander(len(speed), 8, rng, 0.8 * sd) + rng.normal(0, 0.6 * sd, len(speed))
    altitude = np.round((_eased(height, rng.uniform(0.0, 2.0)) + noise) / 0.2) * 0.2
    keep = _kept(len(speed), rng) if smart else np.arange(len(speed))
    elapsed = keep.astype(float)
    dt = np.minimum(np.diff(elapsed, append=elapsed[-1]), MAX_WEIGHT_S)
    cadence = np.where(moved < 0.5, 0.0, np.where(moved < 2.0, 112.0, 170.0))
    return {
        "elapsed_s": elapsed, "moving_s": elapsed, "dt_s": dt, "segment": np.zeros(len(keep), int),
        "distance_m": (distance * (1 + rng.normal(0, 0.01)))[keep], "speed_mps": seen[keep],
        "altitude_m": altitude[keep], "cadence_spm": cadence[keep],
    }  # fmt: skip


def _kept(n, rng):
    steps = rng.choice(SMART_GAPS_S, size=n)
    at = np.concatenate([[0], np.cumsum(steps)])
    return at[at < n]


def _eased(values, tau_s):
    """Smooth with a lag, as bodies and filters do."""
    if tau_s <= 0:
        return values
    keep, out, held = np.exp(-1.0 / tau_s), np.empty(len(values)), values[0]
    for k, value in enumerate(values):
        held = keep * held + (1 - keep) * value
        out[k] = held
    return out


def _wander(n, tau_s, rng, sd):
    keep = np.exp(-1.0 / tau_s)
    out, held = np.empty(n), 0.0
    for k, push in enumerate(rng.normal(0, np.sqrt(1 - keep**2), n)):
        held = keep * held + push
        out[k] = held
    return sd * out
