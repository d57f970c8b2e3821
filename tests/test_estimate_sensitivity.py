"""The same question asked otherwise: each variant changes one thing, and shows what it does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from carryover.estimate import check_frames
from carryover.estimate.sensitivity import carry_over_sensitivity, variants
from check_worlds import NO_DRIFTS, answers, asked, given
from estimate_worlds import world

PLANNED = {"weeks": 104, "blocks": (8, 8)}
NUMBERS = ("effect", "ci_low", "ci_high", "p")


def shown(made, drifts=NO_DRIFTS):
    """Return the variants' rows by name."""
    rows = carry_over_sensitivity(answers(made), given(made), drifts)
    assert dict(rows.schema) == check_frames.SENSITIVITY
    return {row["variant"]: row for row in rows.to_dicts()}


def quick(made):
    return {v.variant: v.estimate for v in variants(asked(made), NO_DRIFTS)}


def drift_world(seed, **what):
    usual = {"metric": "stance_time_ms", "outcome": "decay", "level": 8.0, "sd": 4.0, "share": 0.6}
    return world(seed, **usual | what)


def test_what_is_published_stands_among_the_variants():
    """As registered, raw, and the other fadings have the numbers of `carry_over` itself."""
    made = world(1, beta=1.0, acute=-0.5, **PLANNED)
    told, estimates = shown(made), answers(made)
    for tau_d, name in ((28.0, "as registered"), (14.0, "tau 14"), (42.0, "tau 42")):
        row = estimates.filter(pl.col("tau_d") == tau_d).row(0, named=True)
        assert [told[name][n] for n in NUMBERS] == pytest.approx([row[n] for n in NUMBERS]), name
        assert told[name]["n_runs"] == row["n_runs"]
    row = estimates.filter(pl.col("role") == "primary").row(0, named=True)
    raw = [told["raw"][n] for n in ("effect", "ci_low", "ci_high")]
    assert raw == pytest.approx([row[n] for n in ("effect_raw", "ci_low_raw", "ci_high_raw")])
    assert all(row["says"].endswith(".") for row in told.values())


def test_blind_to_the_last_48_hours_the_effect_is_wrong():
    """With −0.5 SD in the 48 hours after a session, leaving them out takes most of 1 SD away."""
    seeds = range(8)
    found = [quick(world(s, beta=1.0, acute=-0.5, **PLANNED)) for s in seeds]
    mean = {
        name: np.mean([one[name].effect for one in found])
        for name in ("as registered", "without acute term")
    }
    assert mean["as registered"] == pytest.approx(1.0, abs=0.4), f"{seeds}: {mean}"
    assert mean["without acute term"] < mean["as registered"] - 0.3, f"{seeds}: {mean}"


def test_a_variant_that_changes_nothing_has_no_row():
    """Without heat, load, other doses, hard runs or a drift there is nothing to leave out."""
    made = world(2, **PLANNED)
    every = {
        "as registered", "tau 14", "tau 42", "without acute term", "without heat", "without load",
        "without slow time", "raw", "sessions counted",
    }  # fmt: skip
    assert quick(made).keys() == every
    bare = replace(
        made,
        runs=made.runs.with_columns(
            temperature_c=pl.lit(None, pl.Float64), load=pl.lit(None, pl.Float64)
        ),
        sessions=made.sessions.with_columns(dose=pl.lit(1.0)),
    )
    told = {name for name, estimate in quick(bare).items() if estimate is not None}
    assert every - told == {"without heat", "without load", "sessions counted"}


def test_equal_sessions_are_counted_alike():
    """Counting sessions is the registered answer where all have one dose, whatever its size."""
    made = world(3, beta=1.0, **PLANNED)
    ones = replace(made, sessions=made.sessions.with_columns(dose=pl.lit(1.0)))
    assert quick(made)["sessions counted"].effect == pytest.approx(
        quick(ones)["as registered"].effect
    )


def test_hard_runs_are_left_out_where_there_are_any():
    """Without workouts and races the answer is that of the other runs, and they are fewer."""
    made = world(4, beta=1.0, **PLANNED)
    kinds = np.where(np.arange(made.runs.height) % 5 == 0, "workout", "easy")
    mixed = replace(made, runs=made.runs.with_columns(kind=pl.Series(kinds)))
    easy = mixed.runs.filter(pl.col("kind") == "easy")
    told = shown(mixed)["without workouts and races"]
    assert told["n_runs"] == easy.height
    outcomes = made.outcomes.filter(pl.col("run_id").is_in(easy["run_id"].to_list()))
    alone = shown(replace(made, outcomes=outcomes))["as registered"]
    assert told["effect"] == pytest.approx(alone["effect"])
    plain = made.runs.with_columns(kind=pl.lit("easy"))
    assert "without workouts and races" not in shown(replace(made, runs=plain))


def test_a_robust_drift_answers_a_drift_only():
    """The drift read by Huber's way takes the place of each run's drift; a level has none."""
    made = drift_world(5, beta=-1.0, **PLANNED)
    robust = made.outcomes.select("run_id", "metric", change_adj_huber=pl.col("y") * 2.0)
    told = shown(made, robust)
    assert told["Huber drift"]["effect"] == pytest.approx(2 * told["as registered"]["effect"])
    level = world(5, **PLANNED)
    of_level = level.outcomes.select("run_id", "metric", change_adj_huber=pl.col("y"))
    assert "Huber drift" not in shown(level, of_level)
    assert "Huber drift" not in shown(made, NO_DRIFTS)


def test_no_estimate_has_no_variants():
    """Without an estimate there is nothing to ask otherwise."""
    made = world(1)
    assert shown(replace(made, outcomes=made.outcomes.head(4))) == {}
