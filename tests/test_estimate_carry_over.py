"""From runs and sessions to verdicts: calibrated, invariant, and only on what may testify."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from scipy import stats

from carryover import columns
from carryover.estimate import panel
from carryover.estimate.carry_over import Spec, carry_over
from carryover.estimate.design import design_of, natural_spline, spline_df
from carryover.estimate.origin import QUIET, REPEATS
from estimate_worlds import START, world

COMPLETE = Spec(complete_logs=frozenset({"a"}))
PLANNED = {"weeks": 104, "blocks": (8, 8)}


def judged(made, spec=COMPLETE):
    return carry_over(made.outcomes, made.runs, made.sessions, made.sensors, spec)


def primary(made, spec=COMPLETE):
    return judged(made, spec).filter(pl.col("role") == "primary").row(0, named=True)


def drift_world(seed, **what):
    usual = {"metric": "stance_time_ms", "outcome": "decay", "level": 8.0, "sd": 4.0, "share": 0.5}
    return world(seed, **usual | what)


def with_y(made, change):
    return replace(made, outcomes=made.outcomes.with_columns(y=change))


def test_a_planted_effect_comes_back_past_an_acute_one():
    """With −0.5 SD in the 48 hours after a session, the chronic effect is unbiased all the same."""
    seeds = range(24)
    rows = [primary(world(s, beta=1.0, acute=-0.5, **PLANNED)) for s in seeds]
    effects = np.array([row["effect"] for row in rows])
    bound = 3.5 * effects.std(ddof=1) / np.sqrt(effects.size)
    held = np.mean([row["ci_low"] <= 1.0 <= row["ci_high"] for row in rows])
    acute = np.mean([row["acute_effect"] for row in rows])
    assert abs(effects.mean() - 1.0) < bound, f"mean {effects.mean():.2f} ± {bound:.2f}, {seeds}"
    assert held >= 0.83, f"coverage {held:.2f}, {seeds}"
    assert acute == pytest.approx(-0.5, abs=0.15), f"{seeds}"
    assert np.mean([row["acute_low"] <= -0.5 <= row["acute_high"] for row in rows]) >= 0.83


def test_repaired_drift_is_carrying_over():
    """A drift of 8 ms that two weekly sessions take down by 6 ms is mostly found, never turned."""
    rows = [primary(drift_world(seed, beta=-1.5, **PLANNED)) for seed in range(10)]
    verdicts = [row["verdict"] for row in rows]
    assert verdicts.count("carrying over") >= 6, f"seeds 0…9: {verdicts}"
    assert "getting worse" not in verdicts
    row = rows[verdicts.index("carrying over")]
    assert (row["metric"], row["outcome"], row["good_side"]) == ("stance_time_ms", "decay", "down")
    assert "less late-run drift of ground contact time" in row["sentence"]
    assert row["p_shift"] < 0.10
    assert row["lead_p"] is not None


def test_the_good_side_turns_with_the_drift():
    """Mirrored drifts have the mirrored effect, the other good side and the same verdict."""
    made = drift_world(2, beta=-1.5, **PLANNED)
    row, mirror = primary(made), primary(with_y(made, -pl.col("y")))
    assert (row["good_side"], mirror["good_side"]) == ("down", "up")
    assert mirror["effect"] == pytest.approx(-row["effect"])
    assert mirror["verdict"] == row["verdict"]


def test_no_drift_is_no_decay_to_repair():
    """Where the usual drift is about 0, there is nothing to repair."""
    made = drift_world(3, level=0.0, **PLANNED)
    spec = replace(COMPLETE, primary_metric="stance_time_ms", primary_outcome="decay")
    row = primary(made, spec)
    assert row["verdict"] == "no decay to repair", row["sentence"]
    assert row["good_side"] == "none"


def test_a_constant_and_a_unit_change_nothing_but_themselves():
    """Levels moved by a constant keep the effect; levels in another unit scale it."""
    made = world(4, blocks=(8, 8))
    row = primary(made)
    moved = primary(with_y(made, pl.col("y") + 7.0))
    scaled = primary(with_y(made, pl.col("y") * 3.0))
    for name in ("effect", "ci_low", "ci_high", "effect_raw", "acute_effect"):
        assert moved[name] == pytest.approx(row[name], rel=1e-6), name
        assert scaled[name] == pytest.approx(3 * row[name], rel=1e-6), name


def test_own_errors_weigh_values_down():
    """Values with a large error of their own pull less than those with a small one."""
    made = drift_world(5, **PLANNED)
    bad = pl.int_range(pl.len()) % 4 == 0
    noise = pl.Series(np.random.default_rng(5).normal(0.0, 40.0, made.outcomes.height))
    spoilt = made.outcomes.with_columns(
        y=pl.when(bad).then(pl.col("y") + noise).otherwise("y"),
        se=pl.when(bad).then(40.0).otherwise(1.0),
    )
    clean, told, untold = (
        primary(replace(made, outcomes=frame))
        for frame in (made.outcomes, spoilt, spoilt.with_columns(se=pl.lit(None, pl.Float64)))
    )
    assert told["se"] < 0.7 * untold["se"], "seed 5"
    assert told["se"] < 2.0 * clean["se"], "seed 5"


SILENT = [(name, origin) for name in QUIET for origin in ("computed", "unknown")]
"""Metrics that a watch could compute, with an origin that may not testify."""


@pytest.mark.parametrize("outcome", ["level", "decay"])
@pytest.mark.parametrize(("name", "origin"), SILENT)
def test_what_is_not_known_to_be_measured_never_testifies(name, origin, outcome):
    """A computed metric, and one that may be, has no row; asked for, it says why it has none."""
    made = world(6, metric=name, outcome=outcome, level=50.0, origin=origin)
    assert name not in judged(made).filter(pl.col("role") != "primary")["metric"]
    row = primary(made, replace(COMPLETE, primary_metric=name))
    assert row["verdict"] == "not enough data"
    assert "known to be measured by a sensor, not computed" in row["missing"]
    assert row["effect"] is None


@pytest.mark.parametrize("origin", ["computed", "unknown"])
def test_what_does_not_testify_changes_nothing_for_what_does(origin):
    """Beside a computed metric, cadence has the same estimate, p and q as without it."""
    cadence = world(9, blocks=(8, 8))
    spent = world(9, blocks=(8, 8), beta=3.0, metric="vertical_oscillation_mm", origin=origin)
    both = replace(
        cadence,
        outcomes=pl.concat([cadence.outcomes, spent.outcomes]),
        sensors=pl.concat([cadence.sensors, spent.sensors]),
    )
    assert judged(both).equals(judged(cadence)), "seed 9"


@pytest.mark.parametrize("name", sorted(REPEATS))
def test_a_formula_of_other_metrics_testifies_only_when_asked(name):
    """What is made from other metrics counts no evidence twice; asked for by name, it is judged."""
    made = world(6, metric=name, level=40.0, origin="measured")
    assert name not in judged(made)["metric"].to_list()
    row = primary(made, replace(COMPLETE, primary_metric=name))
    assert row["metric"] == name
    assert row["effect"] is not None


def test_a_metric_of_no_known_sensor_is_no_witness():
    """Where nothing is told of a sensor's metric, it does not testify; cadence does."""
    made = world(6, metric="stance_time_ms", level=250.0)
    assert primary(replace(made, sensors=made.sensors.clear()))["effect"] is None
    cadence = world(6)
    assert primary(replace(cadence, sensors=cadence.sensors.clear()))["effect"] is not None


@pytest.mark.parametrize("origin", ["computed", "unknown"])
def test_only_measured_epochs_are_used(origin):
    """Runs of a computed or unknown epoch are left out beside a measured one."""
    made = world(7, metric="stance_time_ms", level=250.0)
    half = START + timedelta(days=182)
    runs = made.runs.with_columns(
        sensor_epoch=pl.when(pl.col("local_date") < half)
        .then(pl.lit("strap"))
        .otherwise(pl.lit("wrist"))
    )
    wrist = made.sensors.with_columns(sensor_epoch=pl.lit("wrist"), origin=pl.lit(origin))
    told = replace(made, runs=runs, sensors=pl.concat([made.sensors, wrist]))
    row = primary(told, replace(COMPLETE, primary_metric="stance_time_ms"))
    assert row["outcome"] == "level"
    assert row["n_runs"] == (runs["sensor_epoch"] == "strap").sum()


def test_the_primary_does_not_look_at_effects():
    """Planting a large effect in cadence does not make it the primary."""
    level = world(8, level=172.0)
    drift = drift_world(8)
    sensors = pl.concat([level.sensors, drift.sensors])
    for beta in (0.0, 5.0):
        strong = world(8, level=172.0, beta=beta)
        both = replace(
            drift, outcomes=pl.concat([strong.outcomes, drift.outcomes]), sensors=sensors
        )
        assert primary(both)["metric"] == "stance_time_ms"


def test_rows_have_their_grain_and_family():
    """One row a metric, outcome and τ; τ 14 and 42 for the primary; q is Benjamini–Hochberg's."""
    level, drift = world(9, blocks=(8, 8)), drift_world(9, blocks=(8, 8))
    both = replace(
        drift,
        outcomes=pl.concat([level.outcomes, drift.outcomes]),
        sensors=pl.concat([level.sensors, drift.sensors]),
    )
    found = judged(both)
    assert found.schema == pl.Schema(columns.CARRY_OVER)
    assert found["role"].to_list() == ["primary"] + ["exploratory"] * 3
    assert found.select("metric", "outcome", "exposure", "tau_d").is_duplicated().sum() == 0
    assert sorted(found.filter(pl.col("metric") == "stance_time_ms")["tau_d"]) == [14.0, 28.0, 42.0]
    others = found.filter(pl.col("role") == "exploratory")
    assert others["q"].to_list() == pytest.approx(stats.false_discovery_control(others["p"]))
    assert found["q"][0] is None


def test_an_unknown_past_costs_two_taus():
    """Unless the log is said to be complete, runs in its first 2τ days are left out."""
    made = world(10, blocks=(8, 8))
    first = made.sessions["local_date"].min()
    later = (made.runs["local_date"] >= first + timedelta(days=56)).sum()
    assert primary(made)["n_runs"] == made.runs.height
    assert primary(made, Spec())["n_runs"] == later


def test_smallest_change_comes_from_the_table_or_the_person():
    """Level: 1 % of mean cadence; drift of contact: 1 % an hour; the configuration's own wins."""
    level, drift = world(11), drift_world(11)
    mean = level.outcomes["y"].mean()
    assert primary(level)["swc"] == pytest.approx(0.01 * mean)
    assert primary(level, replace(COMPLETE, swc={"cadence_spm": 0.7}))["swc"] == 0.7
    assert primary(drift)["swc"] is None
    contact = level.outcomes.with_columns(metric=pl.lit("stance_time_ms"), y=pl.lit(250.0))
    known = replace(drift, outcomes=pl.concat([drift.outcomes, contact]))
    ran = drift.outcomes.join(drift.runs, on="run_id")["moving_s"].median()
    assert primary(known)["swc"] == pytest.approx(0.01 * 250.0 * 0.65 * ran / 3600.0)


def test_nothing_is_an_answer_too():
    """An athlete without runs, without sessions or only in the settings gets one plain row."""
    made = world(12)
    no_runs = replace(made, runs=made.runs.clear(), outcomes=made.outcomes.clear())
    no_sessions = replace(made, sessions=made.sessions.clear())
    nobody = replace(no_runs, sessions=made.sessions.clear())
    for frame, missing in (
        (judged(no_runs), "runs (none yet)"),
        (judged(nobody, Spec(athletes=("zoe",))), "runs (none yet)"),
        (judged(no_sessions).head(1), "none are logged"),
    ):
        assert frame.height == 1
        assert frame["verdict"].to_list() == ["not enough data"]
        assert missing in frame["missing"][0]
    assert judged(nobody).schema == pl.Schema(columns.CARRY_OVER)
    levels_only = world(12, metric="stance_time_ms", level=250.0)
    assert "long runs that can be judged (none yet)" in judged(levels_only)["missing"][0]
    runs_only = replace(made, outcomes=made.outcomes.clear())
    assert primary(runs_only)["effect"] is None


def test_strength_that_comes_with_the_sensor_is_not_judged():
    """When each block wears its own strap, no model can tell the two apart, and it says so."""
    made = world(13, blocks=(8, 8))
    block = (pl.col("local_date") - START).dt.total_days() // 28
    coupled = made.runs.with_columns(sensor_epoch=pl.format("strap {}", block))
    sensors = columns.shaped(
        pl.DataFrame({"sensor_epoch": coupled["sensor_epoch"].unique()}).with_columns(
            athlete_id=pl.lit("a"), metric=pl.lit("cadence_spm"), origin=pl.lit("measured")
        ),
        columns.SENSOR_METRIC,
    )
    row = primary(replace(made, runs=coupled, sensors=sensors))
    assert "do not change together with the sensor" in row["missing"], row["sd_exposure"]
    assert row["verdict"] == "not enough data"


def test_a_new_firmware_takes_nothing_from_late_run_drift():
    """A run's difference with itself needs no term for a firmware, also where blocks follow it."""
    made = world(13, blocks=(8, 8))
    log = panel.log_of(made.runs, made.sessions, past_is_empty=True)
    block = (pl.col("local_date") - START).dt.total_days() // 28
    frame = made.outcomes.join(panel.exposed(log, 28.0), on="run_id").sort("started_at")
    days = np.arange(frame.height, dtype=float)
    one = design_of(frame.with_columns(sensor_epoch=pl.lit("garmin fr965 fw 20 + watch")), days)
    renewed = frame.with_columns(sensor_epoch=pl.format("garmin fr965 fw {} + watch", block))
    drift = design_of(renewed, days, within_run=True)
    assert drift.names == one.names
    assert drift.sd_exposure == one.sd_exposure
    assert design_of(renewed, days).sd_exposure < one.sd_exposure
    straps = frame.with_columns(sensor_epoch=pl.format("garmin fw 20 + strap {}", block))
    assert design_of(straps, days, within_run=True).sd_exposure < one.sd_exposure


def test_a_frozen_outcome_has_no_effect():
    """Values that never change give no estimate and no warning."""
    made = world(18, blocks=(8, 8))
    row = primary(with_y(made, pl.lit(172.0)))
    assert row["effect"] is None
    assert row["verdict"] == "not enough data"


def test_unknown_heat_and_load_are_left_out():
    """Null temperature or load is no obstacle; a tenth missing takes the mean."""
    made = world(14, blocks=(8, 8))
    nothing = pl.lit(None, pl.Float64)
    bare = made.runs.with_columns(temperature_c=nothing, load=nothing)
    some = made.runs.with_columns(
        temperature_c=pl.when(pl.int_range(pl.len()) % 10 > 0).then("temperature_c")
    )
    full = primary(made)
    assert np.isfinite(primary(replace(made, runs=bare))["effect"])
    assert primary(replace(made, runs=some))["effect"] == pytest.approx(full["effect"], abs=0.3)


def test_balance_is_judged_towards_the_middle():
    """A left-heavy runner's good side is down, a right-heavy one's up, an even one's none."""
    for level, good in ((51.5, "down"), (48.5, "up"), (50.0, "none")):
        made = world(15, metric="stance_time_balance_pct", level=level, sd=0.4)
        spec = replace(COMPLETE, primary_metric="stance_time_balance_pct")
        assert primary(made, spec)["good_side"] == good, level


def test_sensors_that_disagree_on_the_side_leave_no_good_side():
    """Left-heavy with one strap and right-heavy with the next: nobody knows which way is better."""
    made = world(15, metric="stance_time_balance_pct", level=51.5, sd=0.4)
    late = made.runs["local_date"] >= START + timedelta(days=182)
    runs = made.runs.with_columns(
        sensor_epoch=pl.when(late).then(pl.lit("b")).otherwise(pl.lit("a"))
    )
    turned = runs.filter(late)["run_id"]
    mirrored = (
        pl.when(pl.col("run_id").is_in(turned.implode())).then(100 - pl.col("y")).otherwise("y")
    )
    spec = replace(COMPLETE, primary_metric="stance_time_balance_pct")
    sensors = pl.concat([made.sensors.with_columns(sensor_epoch=pl.lit(e)) for e in ("a", "b")])
    one = replace(made, runs=runs, sensors=sensors)
    assert primary(one, spec)["good_side"] == "down"
    assert primary(with_y(one, mirrored), spec)["good_side"] == "none"


def log_with(weeks_on):
    """Return a log of a run a day and two sessions in each week that is on."""
    days = [START + timedelta(days=i) for i in range(7 * len(weeks_on))]
    runs = world(0).runs.head(1).select(pl.all().repeat_by(len(days)).explode())
    runs = runs.with_columns(local_date=pl.Series(days))
    gym = [d for i, d in enumerate(days) if weeks_on[i // 7] and i % 7 in (1, 4)]
    sessions = pl.DataFrame(
        {"local_date": gym, "started_at": [None] * len(gym), "dose": [1.0] * len(gym),
         "exposure": ["strength"] * len(gym)},
        schema={"local_date": pl.Date, "started_at": columns.UTC_TIME, "dose": pl.Float64,
                "exposure": pl.String},
    )  # fmt: skip
    return panel.log_of(runs, sessions, past_is_empty=True)


@pytest.mark.parametrize(
    ("weeks_on", "changes"),
    [
        ([0] * 8 + [1] * 8 + [0] * 8 + [1] * 8 + [0] * 8, 4),
        ([1] * 40, 1),
        ([1] * 20 + [0] + [1] * 19, 1),
        ([0] * 40, 0),
    ],
    ids=["two blocks", "one start", "a missed week", "never"],
)
def test_changes_of_habit_are_counted_with_patience(weeks_on, changes):
    """Blocks count twice each, a missed week does not count."""
    log = log_with(weeks_on)
    assert panel.n_switches(log, log.runs["day"]) == changes


def test_slow_time_has_its_degrees_of_freedom():
    """1, 3 and 5 columns at 26, 52 and 104 weeks; the basis is independent and holds the line."""
    assert [spline_df(w) for w in (10, 26, 52, 104, 208, 5000)] == [1, 1, 3, 5, 9, 15]
    t = np.sort(np.random.default_rng(1).uniform(0, 365, 200))
    for df in (1, 3, 5):
        basis = natural_spline(t, df)
        assert basis.shape == (200, df)
        assert np.linalg.matrix_rank(np.column_stack([np.ones(200), basis])) == df + 1
    assert natural_spline(np.zeros(9), 3).shape == (9, 1)


def test_the_design_drops_what_it_already_has():
    """A covariate that repeats another leaves the design of full rank and the exposure's SD."""
    made = world(16)
    frame = made.outcomes.join(
        panel.exposed(panel.log_of(made.runs, made.sessions, past_is_empty=True), 28.0), on="run_id"
    ).sort("started_at")
    days = np.arange(frame.height, dtype=float)
    doubled = frame.with_columns(load_42=2.0 * pl.col("load_7") + 1.0)
    plain = design_of(frame.with_columns(load_42=pl.lit(None, pl.Float64)), days)
    found = design_of(doubled, days)
    assert np.linalg.matrix_rank(found.columns) == found.columns.shape[1]
    assert found.names == plain.names
    assert found.sd_exposure == pytest.approx(plain.sd_exposure)


def test_the_calendar_may_start_with_sessions_or_runs():
    """Sessions long before the first run count; the log's first day is the earlier of both."""
    made = world(17)
    early = made.sessions.head(1).with_columns(local_date=pl.lit(date(2023, 6, 1)))
    log = panel.log_of(made.runs, pl.concat([early, made.sessions]), past_is_empty=False)
    assert log.first == date(2023, 6, 1)
    assert panel.exposed(log, 28.0)["x"].is_not_null().all()
