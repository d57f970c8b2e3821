"""Which recordings are one run: laws of agreement and of grouping."""

from __future__ import annotations

import random

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carryover import columns
from carryover.matching import pair_agreement, run_group

LINK = {"one": pl.String, "other": pl.String, "clock_shift_s": pl.Float64,
        "matched_by": pl.String, "overlap_share": pl.Float64}  # fmt: skip
DECLARED = {"rule": pl.String, "entry": pl.Int32, "activity_id": pl.String}


def trace(key, at_s, seed=0, noise=0.0, every=1, **channels):
    """Return a recording of a run whose effort rises and falls by the same law for each seed."""
    at = np.asarray(at_s, float)[::every]
    rng = np.random.default_rng(seed)
    waves = rng.uniform(0, 6.28, 5)
    t = at - at[0]
    effort = sum(np.sin(t / period + w) for period, w in zip((40, 70, 150, 300, 900), waves,
                                                            strict=True))  # fmt: skip
    own = np.random.default_rng(sum(map(ord, key))).normal(0, 1, len(at))
    speed = 3.0 + 0.2 * effort + noise * own
    frame = {"activity_id": [key] * len(at), "at_s": at, "speed_mps": speed,
             "distance_m": np.cumsum(np.gradient(at) * speed),
             "cadence_spm": np.full(len(at), np.nan),
             "heart_rate_bpm": np.full(len(at), np.nan),
             "latitude_deg": np.full(len(at), np.nan),
             "longitude_deg": np.full(len(at), np.nan)}  # fmt: skip
    return pl.DataFrame(frame | channels).fill_nan(None)


def agreed(one, other, shift_s=0.0):
    """Return the only row of how two traces agree."""
    ours, theirs = one["at_s"], other["at_s"] + shift_s
    pair = {"one": "a", "other": "b", "shift_s": shift_s, "from_s": max(ours[0], theirs[0]),
            "to_s": min(ours[-1], theirs[-1])}  # fmt: skip
    found = pair_agreement(pl.DataFrame([pair]), pl.concat([one, other]))
    return found.row(0, named=True)


SECONDS = np.arange(3600) + 1_700_000_000


@pytest.mark.parametrize("every", [1, 4, 9])
def test_a_copy_agrees_wholly_and_needs_no_lag(every):
    """A copy of a recording, thinned or not, agrees without any search for a lag."""
    found = agreed(trace("a", SECONDS), trace("b", SECONDS, every=every))
    assert found["agreement"] > 0.95
    assert found["lag_s"] == 0
    assert found["one_m"] == pytest.approx(found["other_m"], rel=0.005)


@pytest.mark.parametrize("shift_s", [3600.0, -3600.0, 7200.0])
def test_a_copy_whose_clock_is_hours_off_agrees_at_that_shift(shift_s):
    """Once the clock is set a shifted copy agrees; a different run does not, however alike."""
    copy = trace("b", SECONDS).with_columns(pl.col("at_s") - shift_s)
    assert agreed(trace("a", SECONDS), copy, shift_s)["agreement"] > 0.95
    another = trace("b", SECONDS, seed=7).with_columns(pl.col("at_s") - shift_s)
    assert agreed(trace("a", SECONDS), another, shift_s)["agreement"] < 0.6


def test_different_runs_never_agree_as_closely_as_a_match_asks():
    """Of 300 pairs of different runs with equal length and distance none reaches 0.8."""
    first = trace("a", SECONDS, noise=0.1)
    found = [agreed(first, trace("b", SECONDS, seed=n, noise=0.1)) for n in range(1, 301)]
    assert max(row["agreement"] for row in found) < 0.8


@given(st.integers(2, 50), st.sampled_from([-1, 1]))
def test_a_pod_s_clock_is_found(lag, sign):
    """A second device of its own noise, its clock some seconds off, is set right to 2 s."""
    off = sign * lag
    one, other = trace("a", SECONDS, noise=0.05), trace("b", SECONDS, noise=0.05)
    found = agreed(one, other.with_columns(pl.col("at_s") - off))
    if lag >= 40:
        assert found["lag_s"] == pytest.approx(off, abs=2)
    assert found["lag_s"] == 0 or found["lag_s"] == pytest.approx(off, abs=2)


def test_a_flat_or_silent_trace_tells_nothing():
    """Without anything that rises and falls there is no agreement, and no lag is made up."""
    flat = trace("a", SECONDS).with_columns(speed_mps=pl.lit(3.0))
    found = agreed(flat, trace("b", SECONDS))
    assert found["agreement"] is None
    assert found["lag_s"] == 0
    silent = agreed(flat.with_columns(distance_m=pl.lit(None, pl.Float64)), trace("b", SECONDS))
    assert silent["one_m"] is None


def test_the_hearts_of_different_runs_are_not_alike_for_rising():
    """Two hearts that rise in the same way agree in nothing; one heart told twice agrees wholly."""
    rise = 120 + 30 * (1 - np.exp(-np.arange(3600) / 400))
    beats = [rise + np.random.default_rng(n).normal(0, 1.5, 3600) for n in (1, 2)]
    flat = np.full(3600, np.nan)
    one, other = (trace("ab"[n], SECONDS, speed_mps=flat, heart_rate_bpm=b)
                  for n, b in enumerate(beats))  # fmt: skip
    assert agreed(one, other)["agreement"] < 0.3
    again = other.with_columns(heart_rate_bpm=pl.Series(beats[0]))
    assert agreed(one, again)["agreement"] > 0.99


@given(st.floats(-80, 80), st.floats(10, 20_000))
def test_places_at_one_time_tell_how_far_apart_they_are(north, metres):
    """What lies between two recordings is the distance of their places, wherever on Earth."""
    east = np.degrees(metres / 6_371_000 / np.cos(np.radians(north)))
    lat, ones = np.full(1200, north), np.ones(1200)
    held = [
        trace(key, SECONDS, every=3, latitude_deg=lat, longitude_deg=lon * ones)
        for key, lon in (("a", 8.0), ("b", 8 + east))
    ]
    assert agreed(*held)["apart_m"] == pytest.approx(metres, rel=0.01)
    assert agreed(held[0], trace("b", SECONDS))["apart_m"] is None


def test_an_empty_world_has_the_shape():
    """Without pairs or runs the frames stand, empty."""
    pairs = pl.DataFrame(schema={"one": pl.String, "other": pl.String})
    held = trace("a", SECONDS).clear()
    assert pair_agreement(pairs, held).schema == pl.Schema(columns.PAIR_AGREEMENT)
    running = pl.DataFrame(schema={"activity_id": pl.String, "clock_rank": pl.Int64})
    empty = run_group(running, pl.DataFrame(schema=LINK), pl.DataFrame(schema=DECLARED))
    assert empty.schema == pl.Schema(columns.RUN_GROUP)


KEYS = [f"k{n}" for n in range(8)]
links = st.lists(
    st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS), st.sampled_from([0.0, 3600.0]),
              st.floats(0.8, 1.0)).filter(lambda p: p[0] < p[1]),
    max_size=12, unique_by=lambda p: (p[0], p[1]),
)  # fmt: skip


def grouped(pairs, never=()):
    running = pl.DataFrame({"activity_id": KEYS, "clock_rank": range(len(KEYS))})
    rows = [(one, other, shift, "time and distance", share) for one, other, shift, share in pairs]
    apart = [("never_same", n, key) for n, pair in enumerate(never) for key in pair]
    return run_group(
        running,
        pl.DataFrame(rows, schema=LINK, orient="row"),
        pl.DataFrame(apart, schema=DECLARED, orient="row"),
    )


@given(links, st.randoms(use_true_random=False))
def test_the_order_of_links_does_not_matter(pairs, chance: random.Random):
    """Whatever order recordings arrive in, the same ones are one run under the same keeper."""
    mixed = chance.sample(pairs, len(pairs))
    key = ["activity_id"]
    assert grouped(mixed).sort(key).equals(grouped(pairs).sort(key))


@given(links)
def test_each_recording_stands_once_and_its_keeper_keeps_time(pairs):
    """Every recording has one keeper: the one of the lowest rank among those it is joined with."""
    found = grouped(pairs)
    assert sorted(found["activity_id"]) == KEYS
    for one, other, *_ in pairs:
        keepers = found.filter(pl.col("activity_id").is_in([one, other]))["keeper_id"]
        assert keepers.n_unique() == 1
    assert (found["keeper_id"] <= found["activity_id"]).all()
    own = found.filter(pl.col("keeper_id") == pl.col("activity_id"))
    assert own["matched_by"].null_count() == own.height
    assert own["clock_shift_s"].sum() == 0


@given(
    links, st.tuples(st.sampled_from(KEYS), st.sampled_from(KEYS)).filter(lambda p: p[0] != p[1])
)
def test_what_must_be_apart_is_apart(pairs, never):
    """Two recordings that a person has parted are never one run, not even by way of a third."""
    found = grouped(pairs, [never])
    keepers = found.filter(pl.col("activity_id").is_in(list(never)))["keeper_id"]
    assert keepers.n_unique() == 2


def test_a_late_arrival_changes_nothing_about_others():
    """A recording that joins later leaves every run's keeper, and so its key, as it was."""
    before = grouped([("k1", "k2", 0.0, 1.0)])
    after = grouped([("k1", "k2", 0.0, 1.0), ("k2", "k5", 0.0, 1.0)])
    held = before.join(after, on="activity_id").filter(pl.col("activity_id") != "k5")
    assert held["keeper_id"].equals(held["keeper_id_right"])


def test_shifts_add_up_along_a_chain():
    """A copy of a copy is brought to the keeper's clock by both shifts."""
    found = grouped([("k0", "k1", 3600.0, 1.0), ("k1", "k2", 12.0, 1.0)])
    assert dict(found.select("activity_id", "clock_shift_s").iter_rows())["k2"] == 3612.0
