"""Runs that cannot tell everything: each tells what it can and why not the rest; no inventions."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from carryover import app
from carryover.catalogue.exclusions import exclusions
from carryover.warehouse.read import open_published
from homes import home_with
from made_runs import Made, track
from truth_files import Habit, Recorded
from truth_gait import CHANNELS
from truth_home import DAY_S, HERE
from truth_runs import World

SEED = 7
WORLD = World(60, SEED, speed_error_mps=0.0)
"""The first half of its numbers is one watch."""
PLAIN = Habit(stops=False, smart_share=0.0, dropout_share=0.0)
ORDINARY = range(10)
STRAP = ("stance_time", "stance_time_balance", "vertical_oscillation", "vertical_ratio",
         "step_length", "stance_time_percent")  # fmt: skip
FORM = (
    "stance_time_ms",
    "stance_time_balance_pct",
    "symmetry_index_pct",
    "duty_factor_pct",
    "flight_time_ms",
    "vertical_oscillation_mm",
    "vertical_ratio_pct",
    "leg_stiffness_knpm",
)
"""What only a sensor of contact and bounce can tell."""
LOST_AFTER = 0.45


def lost(told):
    """The strap is lost for good at 45 % of the run."""
    known = np.arange(told["speed"].size) < LOST_AFTER * told["speed"].size
    return told | {name: np.where(known, told[name], np.nan) for name in STRAP}


def frozen(told):
    """The strap repeats its last value from 45 % of the run on."""
    last = int(LOST_AFTER * told["speed"].size)
    stuck = {}
    for name in STRAP:
        stuck[name] = told[name].copy()
        stuck[name][last:] = told[name][last]
    return told | stuck


def indoors(told):
    """No height; the pace of the belt."""
    return {name: values for name, values in told.items() if name != "altitude"}


def at_speed(told, speed_mps):
    """The same run at another speed: contact time, distance and steps follow."""
    step = 60_000.0 * speed_mps / (2.0 * (told["cadence"] + told["fractional_cadence"]))
    return told | {
        "speed": speed_mps,
        "distance": np.concatenate([[0.0], np.cumsum(speed_mps)[:-1]]),
        "stance_time": told["stance_time"] - 28.0 * (speed_mps - told["speed"]),
        "step_length": step,
        "vertical_ratio": 100.0 * told["vertical_oscillation"] / step,
    }


def intervals(told):
    """Three minutes fast, two minutes slow, from minute 10 to the end."""
    clock = np.arange(told["speed"].size)
    fast = (clock - 600) % 300 < 180
    return at_speed(told, np.where(clock < 600, 2.8, np.where(fast, 4.4, 2.4)))


def trail(told):
    """Up and down at up to 14 %, with hardly a level stretch."""
    return told | {"altitude": 900.0 + 40.0 * np.sin(told["distance"] / 280.0)}


def unlike(told):
    """No strap at all: neither contact nor bounce."""
    return {name: values for name, values in told.items() if name not in STRAP}


CASES = {
    "treadmill": Recorded(WORLD.run(20), PLAIN, sub_sport=1, change=indoors),
    "virtual": Recorded(WORLD.run(26), PLAIN, sub_sport=58, change=trail),
    "trail": Recorded(WORLD.run(21), PLAIN, change=trail),
    "intervals": Recorded(WORLD.run(22), PLAIN, change=intervals),
    "lost strap": Recorded(WORLD.run(23), PLAIN, change=lost),
    "frozen strap": Recorded(WORLD.run(24), PLAIN, change=frozen),
    "no strap": Recorded(WORLD.run(25), PLAIN, change=unlike),
}
GPX_DAY = 200
TRACK = Made(seconds=4200, seed=SEED)


class Told:
    """What the program publishes of every case."""

    def __init__(self, reader):
        self.runs = reader.frame(
            "select r.*, f.* exclude (run_id, athlete_id, local_date) "
            "from run r join run_form f using (run_id)"
        )
        self.changes = reader.frame("select * from form_decay")
        self.samples = reader.frame("select * from sample order by run_id, elapsed_s")
        self.issues = reader.frame("select * from data_issue")
        self.epochs = reader.frame("select * from sensor_epoch")
        self.day = {name: made.true.number for name, made in CASES.items()} | {"gpx": GPX_DAY}

    def run(self, case):
        """Return the one run of a case, with its form."""
        day = self.day[case]
        first = self.runs["local_date"].min()
        found = self.runs.filter((pl.col("local_date") - first).dt.total_days() == day)
        return found.row(0, named=True)

    def change(self, case, metric):
        """Return the late-run change of a metric, None where there is no row."""
        found = self.changes.filter(
            pl.col("run_id") == self.run(case)["run_id"], pl.col("metric") == metric
        )
        return found.row(0, named=True) if found.height else None

    def sample(self, case):
        """Return the instants of a case."""
        return self.samples.filter(pl.col("run_id") == self.run(case)["run_id"])


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Ten ordinary runs and the cases of the same watch, and a track, through the program."""
    ordinary = {f"ordinary {n}": Recorded(WORLD.run(n), PLAIN) for n in ORDINARY}
    files = {
        f"{name}.fit": made.file(DAY_S * made.true.number)
        for name, made in (ordinary | CASES).items()
    }
    files["gpx.gpx"] = track(TRACK, DAY_S * GPX_DAY)
    home = home_with(tmp_path_factory.mktemp("cases"), files)
    app.ingest(home, HERE)
    app.build_and_publish(home, HERE)
    with open_published(home.published) as reader:
        return Told(reader)


def test_every_case_is_a_run_and_the_ordinary_ones_are_judged(told):
    """Every file becomes a run; an ordinary long run has a late-run change."""
    assert told.runs.height == len(ORDINARY) + len(CASES) + 1
    first = told.runs["local_date"].min()
    young = told.runs.filter((pl.col("local_date") - first).dt.total_days() < len(ORDINARY))
    judged = told.changes.filter(
        pl.col("metric") == "stance_time_ms", pl.col("run_id").is_in(young["run_id"].to_list())
    )
    assert judged["eligible"].all(), judged["reason"].to_list()


def test_a_track_alone_has_its_pages(tmp_path):
    """A home with one GPX run and no form sensor is drawn; its page says what is missing."""
    home = home_with(tmp_path, {"gpx.gpx": track(TRACK, 0)})
    app.ingest(home, HERE)
    app.build_and_publish(home, HERE)
    app.render(home, HERE, now=datetime(2026, 1, 1, tzinfo=UTC))
    [page] = (home.site / "runs").glob("*.html")
    text = page.read_text("utf-8")
    assert "Form of the whole run" in text
    assert "†" not in text


def test_a_treadmill_has_no_grade_and_all_the_form(told):
    """Indoors grade and climb are null, not level; form and late-run change are told."""
    run, samples = told.run("treadmill"), told.sample("treadmill")
    assert run["kind"] == "treadmill"
    assert run["ascent_m"] is None
    assert samples["grade_pct"].null_count() == samples.height
    truth = CASES["treadmill"].means()
    for name in set(CHANNELS) - {"leg_stiffness_knpm"}:
        assert run[name] == pytest.approx(truth[name], rel=0.005), name
    change = told.change("treadmill", "stance_time_ms")
    assert change["eligible"], change["reason"]


def test_the_hills_of_a_game_are_no_hills(told):
    """A virtual run keeps its altitude and ascent, and is judged as running on the level."""
    run, samples = told.run("virtual"), told.sample("virtual")
    assert run["kind"] == "treadmill"
    assert run["is_hilly"] is None
    assert run["ascent_m"] > 100
    assert samples["altitude_m"].null_count() == 0
    assert samples["grade_pct"].null_count() == samples.height
    assert "steep" not in samples["excluded_by"]
    assert run["leg_stiffness_knpm_coverage_pct"] > 95
    change = told.change("virtual", "stance_time_ms")
    assert change["eligible"], change["reason"]


def test_a_hilly_trail_is_not_judged_at_equal_grade(told):
    """Most of it is steeper than 6 %: means stand, late-run change has a reason, no number."""
    run = told.run("trail")
    assert run["stance_time_ms"] == pytest.approx(CASES["trail"].means()["stance_time_ms"], 0.005)
    assert run["leg_stiffness_knpm_coverage_pct"] < 35.0
    for metric in ("stance_time_ms", "cadence_spm"):
        change = told.change("trail", metric)
        assert change["eligible"] is False
        assert "valid" in change["reason"], change["reason"]
        assert unjudged(change)


def test_intervals_are_no_late_run_change(told):
    """A session of fast and slow has means, is called a workout, and is not judged for drift."""
    run, change = told.run("intervals"), told.change("intervals", "stance_time_ms")
    assert run["kind"] == "workout"
    assert run["stance_time_ms"] > 120
    assert change["reason"] == "interval work early in the run"
    assert unjudged(change)
    assert change["change"] == pytest.approx(change["late"] - change["early"])


def test_a_lost_strap_takes_only_its_own_metrics(told):
    """Contact time is the mean of what was told, with its coverage; the late part has none."""
    run, made = told.run("lost strap"), CASES["lost strap"]
    known = made.true.contact_ms[: int(LOST_AFTER * made.true.seconds)]
    assert run["stance_time_ms"] == pytest.approx(known.mean(), rel=0.002)
    assert run["stance_time_ms_coverage_pct"] == pytest.approx(100 * LOST_AFTER, abs=1.0)
    assert run["cadence_spm_coverage_pct"] == pytest.approx(100, abs=0.5)
    change = told.change("lost strap", "stance_time_ms")
    assert change["reason"].startswith("0 valid min late in the run")
    assert unjudged(change)
    assert (change["late"], change["change"]) == (None, None)
    assert told.change("lost strap", "cadence_spm")["eligible"]
    late = told.sample("lost strap").filter(pl.col("moving_s") > 0.5 * pl.col("moving_s").max())
    for name in ("stance_time_ms", "stance_time_balance_pct", "vertical_oscillation_mm"):
        assert late[name].null_count() == late.height, name


def test_a_frozen_strap_is_a_lost_one(told):
    """A value repeated for longer than 30 s is shown as recorded, and excluded with that reason."""
    run, lost_one = told.run("frozen strap"), told.change("frozen strap", "stance_time_ms")
    assert run["stance_time_ms_coverage_pct"] == pytest.approx(100 * LOST_AFTER, abs=1.5)
    assert lost_one["eligible"] is False
    assert unjudged(lost_one)
    late = told.sample("frozen strap").filter(
        pl.col("moving_s") > 0.5 * pl.col("moving_s").max(), pl.col("dt_s") > 0
    )
    assert late["excluded_by"].unique().to_list() == ["contact time frozen"]
    assert late["stance_time_ms"].null_count() == 0


@pytest.mark.parametrize("case", ["no strap", "gpx"])
def test_what_no_sensor_told_is_null(told, case):
    """Without a sensor of contact there is no contact time, balance or stiffness: null, never 0."""
    run, samples = told.run(case), told.sample(case)
    for name in FORM:
        assert run[name] is None, name
        assert run[f"{name}_adj"] is None, name
        assert (run[f"{name}_coverage_pct"] or 0.0) == 0.0, name
        assert told.change(case, name) is None, name
    for name in ("stance_time_ms", "stance_time_balance_pct", "vertical_oscillation_mm"):
        assert samples[name].null_count() == samples.height, name
    assert 160 < run["cadence_spm"] < 180
    assert run["step_length_mm"] > 900


def test_a_gpx_track_counts_steps_and_says_why_nothing_is_adjusted(told):
    """A track alone: cadence and pace are told; one run makes no baseline, and that is said."""
    run = told.run("gpx")
    assert run["distance_m"] == pytest.approx(TRACK.distance_m[-1], rel=0.01)
    assert run["cadence_spm"] == pytest.approx(TRACK.cadence_spm.mean(), rel=0.01)
    assert run["cadence_spm_adj"] is None
    change = told.change("gpx", "cadence_spm")
    assert "3 are needed" in change["reason"]
    assert unjudged(change)
    said = told.issues.filter(pl.col("subject") == run["sensor_epoch"])
    assert said["what"].str.contains("no values at reference speed for Cadence").any()


def test_another_sensor_is_another_epoch(told):
    """The strap's runs, a run without it and the track are told apart; none borrows a baseline."""
    epochs = {case: told.run(case)["sensor_epoch"] for case in ("trail", "gpx", "no strap")}
    assert len(set(epochs.values())) == 3, epochs
    assert told.epochs.height == 3


def test_excluded_seconds_have_a_known_reason(told):
    """Every instant that baselines leave out says why, in words that the page knows."""
    steady = told.samples.filter(pl.col("is_steady"))
    assert steady["excluded_by"].null_count() == steady.height
    out = told.samples.filter(~pl.col("is_steady"))
    assert out["excluded_by"].null_count() == 0
    said = set(out["excluded_by"].unique())
    assert {"first 10 minutes", "paused", "contact time frozen"} <= said <= known_reasons()


def known_reasons():
    return {reason for (reason,) in exclusions().select("reason").iter_rows()}


def unjudged(change):
    """Whether a late-run change has no adjusted number at all."""
    names = ("change_adj", "change_adj_huber", "se", "ci_low", "ci_high", "per_hour", "per_10km")
    return all(change[name] is None for name in names)
