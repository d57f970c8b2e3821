"""A value stands still from the instant that brings it to the last one that repeats it."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from carryover.estimate.run_frames import SPELL
from carryover.estimate.spell import STILL, spell

KINDS = {
    "elapsed_s": pl.Float64(), "segment": pl.Int32(), "heart_rate_bpm": pl.Float64(),
    **dict.fromkeys(STILL.values(), pl.Float64()),
}  # fmt: skip


def points(rows, run_id="r"):
    """Return the frame of one run's instants."""
    return pl.DataFrame(rows, schema=KINDS).with_columns(run_id=pl.lit(run_id))


def instant(at_s, segment=0, beats=150.0, contact=250.0, balance=50.0, rise=80.0):
    return {
        "elapsed_s": float(at_s), "segment": segment, "heart_rate_bpm": beats,
        "stance_time_ms": contact, "stance_time_balance_pct": balance,
        "vertical_oscillation_mm": rise,
    }  # fmt: skip


def told(rows):
    """Return what is said of each instant, found by walking from it to both sides."""
    found = []
    for k, row in enumerate(rows):
        before = rows[k - 1] if k else None
        goes_on = before is not None and before["segment"] == row["segment"]
        both = goes_on and None not in (before["heart_rate_bpm"], row["heart_rate_bpm"])
        said = {
            "elapsed_s": row["elapsed_s"],
            "since_s": row["elapsed_s"] - before["elapsed_s"] if before else None,
            "gap_s": rows[k + 1]["elapsed_s"] - row["elapsed_s"] if k + 1 < len(rows) else None,
            "heart_rate_step_bpm": row["heart_rate_bpm"] - before["heart_rate_bpm"] if both
            else None,
            "segment_start_s": min(
                r["elapsed_s"] for r in rows if r["segment"] == row["segment"]
            ),
        }  # fmt: skip
        for name, channel in STILL.items():
            first = last = k
            while first and same(rows[first - 1], row, channel):
                first -= 1
            while last + 1 < len(rows) and same(rows[last + 1], row, channel):
                last += 1
            said[name] = rows[last]["elapsed_s"] - rows[first]["elapsed_s"]
        found.append(said)
    return found


def same(one, other, channel):
    return one["segment"] == other["segment"] and one[channel] == other[channel]


STEPS = st.tuples(
    st.sampled_from([0.25, 1.0, 1.0, 5.0, 400.0]),
    st.booleans(),
    st.one_of(st.none(), st.sampled_from([140.0, 150.0])),
    *[st.one_of(st.none(), st.sampled_from([1.0, 2.0]))] * 3,
)


@given(st.lists(STEPS, min_size=1, max_size=25))
def test_a_spell_is_what_a_walk_to_both_sides_finds(steps):
    """Pauses and missing values end a spell or are one: each instant says what a walk finds."""
    rows, at_s, segment = [], 0.0, 0
    for step_s, pauses, *values in steps:
        at_s, segment = at_s + step_s, segment + pauses
        rows.append(instant(at_s, segment, *values))
    assert spell(points(rows)).drop("run_id").select(*told(rows)[0]).to_dicts() == told(rows)


def test_a_run_ends_where_another_begins():
    """Nothing is carried from one run to the next, in whatever order they are told."""
    runs = [points([instant(k) for k in range(4)], name) for name in ("b", "a")]
    together = spell(pl.concat(runs))
    for run in runs:
        assert spell(run).equals(together.filter(pl.col("run_id") == run["run_id"][0]))


def test_instants_of_one_time_have_one_row():
    """Of several instants of one time there is one row, so that none is doubled by it."""
    assert spell(points([instant(0), instant(0, contact=9.0), instant(1)])).height == 2


def test_nothing_says_nothing():
    """No instants, no rows: with the columns that readers ask for."""
    assert spell(points([])).schema == SPELL
