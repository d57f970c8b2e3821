"""What counts as steady: texts follow the thresholds, and how a watch records changes nothing."""

from __future__ import annotations

import re

import numpy as np
import pytest

from carryover import app
from carryover.catalogue import exclusions as catalogue
from carryover.catalogue.exclusions import exclusions
from carryover.catalogue.thresholds import every_threshold, limits
from carryover.settings import Settings
from homes import home_with
from made_runs import Made, watch
from sql_harness import known

LONG = Made(seconds=4200, seed=5)
KEYED = ("sample_gait", "run_bin", "heart_rate_fault")


def test_every_reason_that_a_model_gives_is_in_the_catalogue():
    """A key that stands in a model is a row of the catalogue, and no row is without a model."""
    texts = "".join(known()[0][name].sql for name in KEYED)
    said = set(re.findall(r"(?:then|\d,)\s+'(\w+)'|'(\w+)' as fault_key", texts))
    named = {a or b for a, b in said}
    assert named == set(exclusions()["exclusion_key"])


def test_every_threshold_that_a_reason_names_is_published():
    """A reason's thresholds are rows of the table threshold, and so is each number it says."""
    published = set(every_threshold()["name"])
    for names in exclusions()["thresholds"]:
        assert set(names) <= published
    assert len(published) == every_threshold().height


def test_texts_follow_the_thresholds(monkeypatch):
    """A reason says the number that is in force, not the one it was written with."""
    moved = limits().with_columns(walking_speed_mps=2.25, warm_up_s=480.0)
    monkeypatch.setattr(catalogue, "limits", lambda: moved)
    exclusions.cache_clear()
    try:
        told = dict(exclusions().select("exclusion_key", "reason").iter_rows())
    finally:
        exclusions.cache_clear()
    assert told["slow"] == "slower than 2.25 m/s"
    assert told["warm_up"] == "first 8 minutes"


@pytest.mark.parametrize("name", ["sample_gait", "sample_value", "run_bin"])
def test_no_number_is_hidden_in_a_model(name):
    """What decides is a threshold by name; only units and formulas hold numbers."""
    code = re.sub(r"--.*", "", known()[0][name].sql)
    numbers = set(re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", code))
    assert numbers <= {"0", "1", "4", "50", "60", "100", "1000", "60000"}


def _thinned(folder, *steps):
    """Return facts of one run recorded at several paces: seconds between its records."""
    files = {}
    for k, step in enumerate(steps):
        body = watch(LONG, since_s=k * 86_400.0, every=step)
        files[f"every{step}.fit"] = body
    home = home_with(folder, files)
    app.ingest(home, Settings())
    app.build_and_publish(home, Settings())
    return app.ask(
        home,
        "select f.stance_time_ms, f.cadence_spm, f.metres_per_beat, d.eligible, "
        "d.hr_decoupling_ratio, d.early_valid_s, d.late_valid_s, b.n, b.clean_s, s.dt_s, "
        "s.covered_s, s.steady_s "
        "from run as r join run_form as f using (run_id) join run_durability as d using (run_id) "
        "join (select run_id, count(*) filter (is_baseline) as n, sum(clean_s) as clean_s "
        "from run_bin group by 1) as b using (run_id) "
        "join (select run_id, max(dt_s) as dt_s, sum(covered_s) as covered_s, "
        "sum(covered_s) filter (is_steady) as steady_s from sample group by 1) as s using (run_id) "
        "order by r.started_at",
    )


def test_a_slow_recorder_loses_no_minutes(tmp_path):
    """Records 9 s apart tell the means and count the minutes of records a second apart."""
    found = _thinned(tmp_path, 1, 4, 9)
    full = found.row(0, named=True)
    assert full["eligible"]
    for row in found.iter_rows(named=True):
        assert row["dt_s"] <= 5
        for name in ("stance_time_ms", "cadence_spm", "metres_per_beat", "hr_decoupling_ratio"):
            assert row[name] == pytest.approx(full[name], rel=0.01), name
        for name in ("early_valid_s", "late_valid_s", "clean_s", "covered_s", "steady_s"):
            assert row[name] == pytest.approx(full[name], rel=0.02), name
        assert row["n"] == full["n"]


def test_drop_outs_of_a_fast_recorder_do_not_count(tmp_path):
    """Records a second apart with holes of 20 s count what they hold and 5 s a hole, no more."""
    kept = [i for i in range(LONG.seconds + 1) if i % 100 < 80]
    home = home_with(tmp_path, {"holes.fit": watch(LONG, only=kept)})
    app.ingest(home, Settings())
    app.build_and_publish(home, Settings())
    row = app.ask(home, "select sum(covered_s) as covered_s, sum(dt_s) as dt_s from sample")
    assert row["covered_s"][0] == row["dt_s"][0]
    assert row["dt_s"][0] == pytest.approx(LONG.seconds * 0.84, rel=0.01)


def test_reasons_add_up(tmp_path):
    """Steady seconds and those of every reason make the whole recording."""
    home = home_with(tmp_path, {"one.fit": watch(LONG)})
    app.ingest(home, Settings())
    app.build_and_publish(home, Settings())
    [(covered, steady)] = app.ask(
        home, "select sum(covered_s), coalesce(sum(covered_s) filter (is_steady), 0) from sample"
    ).rows()
    [(lost,)] = app.ask(
        home, "select sum(excluded_s) from run_exclusion where applies_to = 'second'"
    ).rows()
    assert np.isclose(steady + lost, covered)
