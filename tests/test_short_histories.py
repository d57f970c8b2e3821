"""Young, odd and broken-off histories: everything beside an answer copes with them."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from carryover.estimate.acute import Rules, acute_effect
from carryover.estimate.asked import Given
from carryover.estimate.block_event import block_event
from carryover.estimate.carry_over import Spec, carry_over
from carryover.estimate.checks import carry_over_checks
from carryover.estimate.family import carry_over_families
from carryover.estimate.hours_after import acute_hours
from carryover.estimate.sensitivity import carry_over_sensitivity
from estimate_worlds import world

SPECS = {
    "complete": Spec(complete_logs=frozenset({"a"})),
    "late log": Spec(),
}
AFTER = {
    "has_activation": pl.Boolean,
    "hours_since_strength": pl.Float64,
    "strength_48h_dose": pl.Float64,
}


def everything(made, sessions, spec):
    """Return the verdicts, after all that stands beside them has been made."""
    outcomes, runs, sensors = made.outcomes, made.runs, made.sensors
    runs = runs.with_columns(kind=pl.lit("easy"), avg_speed_mps=pl.lit(3.0))
    found = carry_over(outcomes, runs, sessions, sensors, spec)
    given = Given(outcomes, runs, sessions, sensors, spec.complete_logs)
    carry_over_checks(found, given)
    carry_over_families(found, given, spec.primary_metric)
    carry_over_sensitivity(
        found, given, pl.DataFrame(schema={"run_id": pl.String, "metric": pl.String,
                                           "change_adj_huber": pl.Float64}),
    )  # fmt: skip
    after = runs.select(
        "run_id", *(pl.lit(None, dtype=kind).alias(name) for name, kind in AFTER.items())
    )
    rules = Rules.of(
        {"acute_min_runs": 8, "activation_min_pairs": 8, "activation_match_d": 42.0,
         "activation_match_speed_mps": 0.3}
    )  # fmt: skip
    acute_effect(found, outcomes, runs, sessions, after, sensors, spec, rules)
    acute_hours(outcomes, runs, sessions, after, sensors, spec)
    block_event(outcomes, runs, sessions, sensors, spec)
    return found


@pytest.mark.parametrize("name", SPECS)
@pytest.mark.parametrize("weeks", [3, 9, 16, 30])
@pytest.mark.parametrize("gym_days", [0, 1, 12, 40, 400])
def test_no_history_is_too_short(name, weeks, gym_days):
    """Few weeks, sessions on the last days alone, or none: an answer, never a crash."""
    made = world(weeks + gym_days, weeks=weeks)
    last = made.runs["local_date"].max()
    recent = pl.col("local_date") > last - timedelta(days=gym_days)
    found = everything(made, made.sessions.filter(recent), SPECS[name])
    assert found.filter(pl.col("role") == "primary").height == 1
    if weeks < 26:
        assert set(found["verdict"]) == {"not enough data"}
