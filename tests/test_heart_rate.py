"""Faults of heart rate on made runs: what is planted is found, what is true is left alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from carryover.demo.noise import relaxed, wander
from made_hearts import LAG_S, judged, made, steps_read, thinned

SEED = 20_260_104
RUNS = 10
HOUR_S = 3600


def easy(rng):
    return made(rng)


def as_often_as_steps(rng):
    """A heart that truly beats about as often as its runner steps."""
    return made(rng, at_bpm=rng.uniform(167, 173), at_spm=rng.uniform(167, 173), drift=2.0)


def constant(rng):
    """A treadmill at one speed, and a heart rate that never moves."""
    run = made(rng, speed=np.full(HOUR_S, 3.0), grade=np.zeros(HOUR_S))
    return replace(run, heart_rate_bpm=np.full(HOUR_S, float(rng.integers(140, 175))))


def intervals(rng):
    speed = np.full(HOUR_S, 2.7)
    for since in range(900, 2700, 300):
        speed[since : since + int(rng.integers(120, 180))] = rng.uniform(3.7, 4.4)
    return made(rng, speed=speed + wander(HOUR_S, 20.0, 0.05, rng), at_bpm=145.0)


def tempo(rng):
    """A faster half that brings heart rate to the number of steps."""
    speed = np.full(HOUR_S, 2.8)
    speed[1200:2700] = 3.6
    return made(rng, speed=speed + wander(HOUR_S, 60.0, 0.05, rng), at_bpm=153.0)


def progression(rng):
    speed = np.linspace(2.5, 3.8, 5400) + wander(5400, 60.0, 0.05, rng)
    return made(rng, 90, speed=speed, at_bpm=145.0)


def hills(rng):
    grade = 6 * np.sin(np.arange(5400) / rng.uniform(90, 200))
    return made(rng, 90, speed=2.9 - 0.08 * grade + wander(5400, 60.0, 0.05, rng), grade=grade)


def walking_breaks(rng):
    run = made(rng)
    speed, steps = run.speed_mps.copy(), run.cadence_spm.copy()
    for since in range(600, 3400, 600):
        speed[since : since + 90], steps[since : since + 90] = 1.5, 112
    wanted = np.where(speed < 1.8, 110.0, 150 + 22 * (speed - 2.9))
    heart = relaxed(wanted, LAG_S, 100.0) + wander(HOUR_S, 20.0, 1.2, rng)
    return replace(run, speed_mps=speed, cadence_spm=steps, heart_rate_bpm=np.round(heart))


CLEAN = [easy, as_often_as_steps, constant, intervals, tempo, progression, hills, walking_breaks]


def locked(rng):
    run = made(rng, at_bpm=rng.uniform(138, 150))
    since = int(rng.integers(700, 2400))
    until = since + int(rng.integers(240, 900))
    return run.read(since, until, steps_read(run, since, until, rng))


def locked_from_the_start(rng):
    run = made(rng, at_bpm=rng.uniform(138, 150))
    until = int(rng.integers(200, 540))
    return run.read(0, until, steps_read(run, 0, until, rng))


def locked_throughout(rng):
    speed = 2.9 + wander(HOUR_S, 90.0, 0.12, rng)
    for since in (900, 1800, 2700):
        speed[since : since + 90] = rng.uniform(3.4, 3.9)
    run = made(rng, speed=speed)
    return run.read(0, HOUR_S, steps_read(run, 0, HOUR_S, rng))


def lost_contact(rng):
    since = int(rng.integers(400, 3000))
    n = int(rng.integers(40, 400))
    return made(rng).read(since, since + n, rng.uniform(70, 115) + wander(n, 20.0, 2.0, rng))


def slid_away(rng):
    """Lost contact that the watch smooths over ten seconds."""
    run = made(rng)
    since, n, low = int(rng.integers(700, 3000)), int(rng.integers(60, 400)), rng.uniform(85, 110)
    way = np.linspace(run.heart_rate_bpm[since], low, 10)
    values = np.concatenate([way, np.full(n, low), way[::-1]])
    return run.read(since, since + n + 20, values + wander(n + 20, 20.0, 1.0, rng))


def spike(rng):
    since = int(rng.integers(400, 3000))
    return made(rng).read(since, since + int(rng.integers(2, 20)), rng.uniform(195, 220))


def frozen(rng):
    rolling = 0.25 * np.sign(np.sin(np.arange(HOUR_S) / 150))
    run = made(rng, speed=2.9 + wander(HOUR_S, 90.0, 0.2, rng) + rolling)
    since = int(rng.integers(700, 2400))
    until = since + int(rng.integers(300, 700))
    return run.read(since, until, run.heart_rate_bpm[since])


def ran_away(rng):
    """A dry strap: far too high at first, settling within minutes."""
    run, n = made(rng), int(rng.integers(240, 560))
    fading = (1 - np.arange(n) / n) ** 0.5
    high = run.heart_rate_bpm[30 : 30 + n] + rng.uniform(30, 45) * fading
    return run.read(30, 30 + n, high + wander(n, 15.0, 2.0, rng))


PLANTED = {
    locked: ("cadence_lock", 0.85), locked_from_the_start: ("cadence_lock", 0.85),
    locked_throughout: ("cadence_lock", 0.85), lost_contact: ("heart_rate_jump", 0.95),
    slid_away: ("heart_rate_jump", 0.9), spike: ("heart_rate_jump", 0.95),
    frozen: ("heart_rate_flat", 0.8), ran_away: ("heart_rate_unsettled", 0.5),
}  # fmt: skip
"""What is planted → what it is called most, and the least share of its seconds that is found.

A cold sensor's last minutes before it settles lie within what a heart does: half is fair.
"""


@pytest.mark.parametrize("kind", CLEAN, ids=lambda kind: kind.__name__)
def test_a_true_heart_is_no_fault(kind):
    """What a heart truly does is never called a fault, at one record a second or one in five."""
    rng = np.random.default_rng(SEED)
    runs = [kind(rng) for _ in range(RUNS)]
    called = judged([*runs, *(thinned(run, 5) for run in runs[:4])]).drop_nulls("fault_key")
    assert called.is_empty(), (SEED, called["fault_key"].value_counts().rows())


@pytest.mark.parametrize("kind", PLANTED, ids=lambda kind: kind.__name__)
def test_a_planted_fault_is_found(kind):
    """A planted fault is found and named, and takes hardly a true second with it."""
    rng = np.random.default_rng(SEED)
    name, least = PLANTED[kind]
    seconds = judged([kind(rng) for _ in range(RUNS)])
    planted, true = seconds.filter("planted"), seconds.filter(~pl.col("planted"))
    share = float(planted["fault_key"].is_not_null().mean())
    names = planted["fault_key"].drop_nulls().value_counts(sort=True)["fault_key"]
    assert share >= least, (SEED, share)
    assert names[0] == name, (SEED, names.to_list())
    if true.height:
        assert true["fault_key"].is_not_null().mean() < 0.01, SEED
