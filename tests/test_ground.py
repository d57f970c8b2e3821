"""The slope of the ground is that of a line through each window, whoever is looked at beside."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carryover.catalogue.thresholds import limits
from carryover.estimate.ground import ground

RULES = limits().row(0, named=True)


def points(at_s, distance_m, altitude_m, run_id="r"):
    """Return the frame of one run's instants."""
    told = {"elapsed_s": at_s, "distance_m": distance_m, "altitude_m": altitude_m}
    kinds = dict.fromkeys(told, pl.Float64)
    return pl.DataFrame(told, schema=kinds).with_columns(run_id=pl.lit(run_id))


def line(window):
    """Return the least-squares slope of whole millimetres, in fractions; None without one."""
    told = [(round(1000 * d), round(1000 * a)) for d, a in window if None not in (d, a)]
    if not told:
        return None
    n = len(told)
    mean_x, mean_y = (Fraction(sum(values), n) for values in zip(*told, strict=True))
    spread = sum((x - mean_x) ** 2 for x, _ in told)
    if n < 2 or not spread:
        return None
    return float(sum((x - mean_x) * (y - mean_y) for x, y in told) / spread)


STEPS = st.tuples(
    st.sampled_from([0.0, 0.25, 1.0, 1.0, 1.0, 5.0, 40.0]),
    st.one_of(st.none(), st.integers(-1, 9).map(lambda m: m + 0.001 * (m % 7))),
    st.one_of(st.none(), st.integers(-200, 200).map(lambda cm: cm / 50)),
)


@given(st.lists(STEPS, min_size=1, max_size=40), st.sampled_from([0.0, 140_000.0]))
def test_a_slope_is_a_line_through_its_window(steps, far_m):
    """Gaps, steps back, missing heights and a long way behind: each window has its own line."""
    at_s, way_m = np.cumsum([s for s, _, _ in steps]).tolist(), far_m
    distance = []
    for _, step, _ in steps:
        way_m += step or 0.0
        distance.append(None if step is None else way_m)
    altitude = [a for _, _, a in steps]
    found = ground(points(at_s, distance, altitude), RULES)
    assert found["elapsed_s"].to_list() == sorted(set(at_s))
    for row in found.iter_rows(named=True):
        for half, slope, covered in (
            ("grade_half_window_s", "slope", "ground_m"),
            ("stride_half_window_s", "near_slope", "near_ground_m"),
        ):
            inside = [(d, a) for t, d, a in zip(at_s, distance, altitude, strict=True)
                      if abs(t - row["elapsed_s"]) <= RULES[half]]  # fmt: skip
            ways = [d for d, _ in inside if d is not None]
            assert row[covered] == (pytest.approx(max(ways) - min(ways)) if ways else None)
            wanted = line(inside)
            assert row[slope] == (wanted if wanted is None else pytest.approx(wanted, abs=1e-12))


def test_a_run_has_its_slopes_alone_and_among_others():
    """Who else is looked at moves no digit of a slope."""
    rng = np.random.default_rng(4)
    runs = [
        points(np.arange(300.0), np.cumsum(rng.uniform(2, 4, 300)), rng.normal(100, 3, 300), name)
        for name in ("a", "b", "c")
    ]
    together = ground(pl.concat(runs), RULES)
    for run in runs:
        alone = ground(run, RULES)
        assert alone.equals(together.filter(pl.col("run_id") == run["run_id"][0]))


def test_a_leap_of_the_recording_has_no_slope():
    """Thousands of kilometres within a window are no ground."""
    found = ground(points([0.0, 1.0, 2.0], [0.0, 3.0, 9e6], [1.0, 2.0, 3.0]), RULES)
    assert found["slope"].null_count() == 3
    assert ground(points([], [], []), RULES).is_empty()
