"""The noise floor on athletes whose noise is known, and how often chance gets a word."""

from __future__ import annotations

import datetime as dt

import numpy as np
import polars as pl
import pytest

from noise_worlds import Rhythm, drifts, judged, levels

SEEDS = (11, 12)
SLOW = {"slow_sd": 0.7, "slow_d": 75.0}
"""A level that wanders as the histories of the methods page do: .7 of the noise of one run."""


def shares(connection, compared, outcome="level"):
    """Return in % how often a comparison got each word."""
    rows = connection.execute(
        "select word, count(*) from told_change where compared = $c and outcome = $o "
        "and word is not null group by word",
        {"c": compared, "o": outcome},
    ).fetchall()
    total = sum(n for _, n in rows)
    return {word: 100 * n / total for word, n in rows}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("per_week", [1, 2, 4, 7])
@pytest.mark.parametrize("slow", [{}, SLOW], ids=["white", "slow"])
def test_the_floor_is_the_noise_that_was_put_in(per_week, slow, seed):
    """The mean floor of many athletes is within 6 % of their noise, however often they run."""
    rng = np.random.default_rng(seed)
    with judged(levels(Rhythm(per_week, 52, **slow), 40, rng)) as connection:
        sems = [row[0] for row in connection.execute("select sem from metric_noise").fetchall()]
    assert len(sems) == 40
    assert np.mean(sems) == pytest.approx(1.0, abs=0.06), f"seed {seed}"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("weeks", "rise"), [(6, 1.6), (52, 1.1)])
def test_one_odd_run_does_not_double_the_floor(weeks, rise, seed):
    """A run ten noises away raises the floor of 12 runs by half, that of a year by a tenth."""
    rng = np.random.default_rng(seed)
    runs = levels(Rhythm(2, weeks), 40, rng)
    odd = pl.col("run_id").str.ends_with("0005")
    spoilt = runs.with_columns(pl.when(odd).then(pl.col("value") + 10).otherwise("value"))
    floors = []
    for frame in (runs, spoilt):
        with judged(frame) as connection:
            rows = connection.execute("select athlete_id, sem from metric_noise").fetchall()
            floors.append(dict(rows))
    ratio = np.array([floors[1][a] / floors[0][a] for a in floors[0]])
    assert ratio.mean() < rise, f"seed {seed}"
    assert np.quantile(ratio, 0.9) < 2, f"seed {seed}"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "rhythm",
    [Rhythm(2, 104), Rhythm(4, 20), Rhythm(4, 52), Rhythm(7, 52)],
    ids=lambda r: f"{r.per_week} a week, {r.weeks} weeks",
)
def test_pure_noise_is_beyond_mdc_one_time_in_twenty_or_less(rhythm, seed):
    """Where nothing changed, a run is beyond MDC in about 5 %, likely in about 5 % more."""
    with judged(levels(rhythm, 50, np.random.default_rng(seed))) as connection:
        run, weeks = shares(connection, "usual"), shares(connection, "weeks")
    assert 3.0 < run["beyond MDC"] < 6.0, f"seed {seed}"
    assert 3.0 < run["likely"] < 7.0, f"seed {seed}"
    assert weeks.get("beyond MDC", 0.0) < 5.5, f"seed {seed}"


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("slow", [SLOW, {"slow_sd": 1.0, "slow_d": 30.0}], ids=["usual", "fast"])
def test_a_level_that_wanders_by_itself_is_no_news(slow, seed):
    """Four weeks are not beyond MDC more often because the level always wanders; white noise is."""
    rhythm = Rhythm(4, 78, **slow)
    with judged(levels(rhythm, 50, np.random.default_rng(seed))) as connection:
        words = shares(connection, "weeks")
        [(naive,)] = connection.execute(
            "select 100 * avg((abs(s.change) > 1.96 * n.sem * s.spread)::int) from form_step as s "
            "join metric_noise as n using (athlete_id, metric) "
            "where s.compared = 'weeks' and s.is_enough"
        ).fetchall()
    assert words["beyond MDC"] < 6.0, f"seed {seed}"
    assert naive > 15.0, f"seed {seed}: the runs' own noise alone would cry wolf"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_real_step_is_seen(seed):
    """A lasting step of two noises gets likely or beyond MDC from the last four weeks."""
    rhythm = Rhythm(4, 60)
    runs = levels(rhythm, 40, np.random.default_rng(seed))
    late = pl.col("local_date") > runs["local_date"].max() - dt.timedelta(days=28)
    moved = runs.with_columns(pl.when(late).then(pl.col("value") + 2.0).otherwise("value"))
    with judged(moved) as connection:
        words = connection.execute(
            "select word from form_change where compared = 'last weeks'"
        ).fetchall()
    seen = np.mean([word in ("likely", "beyond MDC") for (word,) in words])
    assert seen > 0.9, f"seed {seed}"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_short_history_is_never_beyond_mdc_over_weeks(seed):
    """Before half a year of comparisons is known, four weeks are likely at most."""
    rhythm = Rhythm(4, 16, slow_sd=2.0, slow_d=20.0)
    with judged(levels(rhythm, 20, np.random.default_rng(seed))) as connection:
        words = shares(connection, "weeks")
        flags = connection.execute(
            "select distinct knows_wander from form_change where compared = 'last weeks'"
        ).fetchall()
    assert "beyond MDC" not in words, f"seed {seed}"
    assert words["likely"] > 5, f"seed {seed}"
    assert flags == [(False,)]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_drift_has_two_floors(seed):
    """Against its usual a drift is judged by what varies from run to run, not by its own error."""
    rng = np.random.default_rng(seed)
    runs = levels(Rhythm(1, 1), 40, rng)
    with judged(runs, drifts(40, 30, rng)) as connection:
        rows = connection.execute("select decay_sem, decay_se from metric_noise").fetchall()
        usual = shares(connection, "usual", "decay")
        early = shares(connection, "early", "decay")
    assert np.mean([sem for sem, _ in rows]) == pytest.approx(5**0.5, rel=0.06), f"seed {seed}"
    assert {se for _, se in rows} == {1.0}
    assert usual["beyond MDC"] < 6.5, f"seed {seed}"
    assert early["beyond MDC"] > 30, f"seed {seed}"


def test_sensors_are_never_compared():
    """A new sensor that reads 30 higher starts afresh: no word, and no wider noise."""
    runs = levels(Rhythm(4, 12), 1, np.random.default_rng(SEEDS[0]))
    newest = pl.col("local_date") == runs["local_date"].max()
    changed = runs.with_columns(
        pl.when(newest).then(pl.col("value") + 30).otherwise("value"),
        pl.when(newest).then(pl.lit("new")).otherwise("sensor_epoch").alias("sensor_epoch"),
    )
    with judged(changed) as connection:
        rows = connection.execute(
            "select sensor_epoch, word, reason from form_change where compared = 'latest run' "
            "and outcome = 'level' order by sensor_epoch"
        ).fetchall()
        [(worst,)] = connection.execute("select max(sem) from metric_noise").fetchall()
    assert rows[0][:2] == ("new", None)
    assert "0 easy runs with this sensor" in rows[0][2]
    assert rows[1][1] is not None
    assert worst < 2
