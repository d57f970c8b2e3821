"""A family's summary: one p for all its members, one mean of those with a good side, no votes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import polars as pl
import pytest

from carryover.catalogue.outcome_families import outcome_families
from carryover.estimate import check_frames
from carryover.estimate.carry_over import Spec
from carryover.estimate.family import carry_over_families, p_family
from carryover.metrics import metrics
from check_worlds import ATHLETE, COMPLETE, answers, given, with_members
from estimate_worlds import world

ECONOMY = "economy and durability"


def summed(made, spec=COMPLETE):
    """Return the family rows by name."""
    rows = carry_over_families(answers(made, spec), given(made), spec.primary_metric)
    assert dict(rows.schema) == check_frames.FAMILY
    return {row["family"]: row for row in rows.to_dicts()}


@cache
def many():
    """Return an athlete with every member, who moves by more than chance does."""
    return with_members(world(2, weeks=60, beta=2.5, blocks=(8, 8)), 2)


@cache
def many_summed():
    return summed(many())


def with_only(made, *names):
    return replace(made, outcomes=made.outcomes.filter(pl.col("metric").is_in(names)))


def changed(made, metric, how):
    y = pl.when(pl.col("metric") == metric).then(how).otherwise("y")
    return replace(made, outcomes=made.outcomes.with_columns(y=y))


def test_the_catalogue_is_whole():
    """Four families; every member is a metric's level or decay and belongs to one family alone."""
    families = outcome_families()
    assert list(families) == ["late-run drift", "level", "symmetry", ECONOMY]
    members = [outcome for listed in families.values() for outcome in listed]
    assert len(set(members)) == len(members)
    assert {name for name, _ in members} <= metrics().keys()
    assert {kind for _, kind in members} == {"level", "decay"}
    assert {kind for _, kind in families["late-run drift"]} == {"decay"}


def test_members_are_those_that_testify():
    """All members that are measured count once; a computed one is none, nor is one without runs."""
    told = many_summed()
    assert told["level"]["metrics"] == "cadence_spm, stance_time_ms, vertical_oscillation_mm"
    assert told["late-run drift"]["metrics"] == "stance_time_ms, cadence_spm"
    assert (told["symmetry"]["n_metrics"], told["symmetry"]["p_family"]) == (0, None)
    assert "not enough data yet" in told["symmetry"]["sentence"]
    made = many()
    is_contact = pl.col("metric") == "stance_time_ms"
    sensors = made.sensors.with_columns(
        origin=pl.when(is_contact).then(pl.lit("computed")).otherwise("origin")
    )
    silent = summed(replace(made, sensors=sensors))
    assert silent["level"]["metrics"] == "cadence_spm, vertical_oscillation_mm"
    assert silent["late-run drift"]["metrics"] == "cadence_spm"


def test_a_family_of_one_has_the_p_of_its_member():
    """With one member the family's p is its p of the circular shift, and its mean is its effect."""
    made = with_only(many(), "metres_per_beat", "cadence_spm")
    row = answers(made).filter(pl.col("metric") == "metres_per_beat", pl.col("tau_d") == 28.0)
    family = summed(made)[ECONOMY]
    assert family["p_family"] == row["p_shift"][0]
    assert family["largest_metric"] == "metres_per_beat"
    sd = row["mdc95"][0] / (1.96 * 2**0.5)
    found = [family[name] * sd for name in ("effect_sd", "ci_low_sd", "ci_high_sd")]
    assert found == pytest.approx(row.select("effect", "ci_low", "ci_high").row(0), rel=1e-6)


def test_units_and_signs_of_members_play_no_part():
    """Members in other units, or told the other way round, leave a family's p as it is."""
    told = many_summed()
    other = changed(many(), "stance_time_ms", -pl.col("y") / 50.0)
    other = changed(other, "metres_per_beat", pl.col("y") * 1000.0)
    again = summed(other)
    for family, row in told.items():
        assert again[family]["p_family"] == row["p_family"], family
        assert again[family]["largest_metric"] == row["largest_metric"], family
    for name in ("effect_sd", "ci_low_sd", "ci_high_sd"):
        assert again[ECONOMY][name] == pytest.approx(told[ECONOMY][name], rel=1e-6), name
        # A drift that goes the other way is repaired the other way: its good side turns along.
        drift = "late-run drift"
        assert again[drift][name] == pytest.approx(told[drift][name], rel=1e-6), name


def test_a_member_told_twice_adds_nothing():
    """A second metric that is the first in other units leaves p and mean as they are."""
    made = with_only(many(), "cadence_spm")
    level = made.outcomes.filter(pl.col("outcome") == "level")
    twin = level.with_columns(metric=pl.lit("stance_time_ms"), y=400.0 - pl.col("y"))
    sensors = made.sensors.filter(pl.col("metric").is_in(["cadence_spm", "stance_time_ms"]))
    alone = summed(replace(made, outcomes=level))["level"]
    both = summed(replace(made, outcomes=pl.concat([level, twin]), sensors=sensors))["level"]
    assert (alone["n_metrics"], both["n_metrics"]) == (1, 2)
    assert both["p_family"] == alone["p_family"]


def test_the_mean_is_towards_the_good_side():
    """Better economy and less decoupling are one side; a family without a good side has no mean."""
    made = with_only(many(), "metres_per_beat", "hr_decoupling_ratio", "cadence_spm")
    # Decoupling is better when down: turned about, both members improve with the same dose.
    better = changed(made, "hr_decoupling_ratio", 2.1 - pl.col("y"))
    told, against = summed(better)[ECONOMY], summed(made)[ECONOMY]
    assert told["n_oriented"] == 2
    assert told["ci_low_sd"] > 0, told["sentence"]
    assert "towards the good side" in told["sentence"]
    assert against["effect_sd"] < told["effect_sd"]
    level = summed(made)["level"]
    assert (level["n_oriented"], level["effect_sd"]) == (0, None)
    assert "no good side" in level["sentence"]


def test_a_run_that_lacks_a_member_is_not_moved():
    """Whatever the mean of a member, runs that have it and runs that lack it stay comparable."""
    told = many_summed()[ECONOMY]
    again = summed(changed(many(), "hr_decoupling_ratio", pl.col("y") + 0.1))[ECONOMY]
    assert again["effect_sd"] == pytest.approx(told["effect_sd"], rel=1e-6)
    assert again["n_runs"] == told["n_runs"]


def test_too_little_data_has_no_family():
    """Members that do not pass the gate say nothing; an athlete without runs has four rows too."""
    for made in (world(1, weeks=20), world(1, blocks=(60, 0))):
        told = summed(with_members(made, 1))
        assert {row["n_metrics"] for row in told.values()} == {0}
        assert {row["p_family"] for row in told.values()} == {None}
    nobody = replace(
        many(), runs=many().runs.clear(), sessions=many().sessions.clear(),
        outcomes=many().outcomes.clear(),
    )  # fmt: skip
    rows = summed(nobody, Spec(complete_logs=ATHLETE, athletes=("a",)))
    assert [row["effect_sd"] for row in rows.values()] == [None] * 4


def test_members_that_go_together_are_not_counted_twice():
    """Where calendars are alike, p is below .05 in one family of twenty, related members or not."""
    rng = np.random.default_rng(1)
    for shared in (0.0, 0.9):
        draws = shared * rng.normal(size=(1, 2000, 100)) + rng.normal(size=(3, 2000, 100))
        found = [
            p_family([{"shift_t": member.tolist()} for member in draws[:, family]])
            for family in range(2000)
        ]
        below = np.mean(np.array(found) <= 0.05)
        assert below == pytest.approx(0.05, abs=0.015), f"shared {shared}, seed 1"
    assert p_family([]) is None
