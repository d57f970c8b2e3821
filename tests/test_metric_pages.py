"""Each metric's page: whole, honest about what it cannot say, and its query answers."""

from __future__ import annotations

import re
import runpy
import tomllib
from dataclasses import fields
from importlib.resources import files
from pathlib import Path

import pytest

from carryover import app
from carryover.home import Home
from carryover.metrics import Metric, _metric, metrics

ROOT = Path(__file__).parents[1]
OPTIONAL = {"swc", "swc_pct", "decay_swc_pct_per_h"}
TOLD = {field.name for field in fields(Metric)} - OPTIONAL - {"name"}
LISTED = ("moves", "cannot_say")


def held():
    text = files("carryover").joinpath("metrics.toml").read_text("utf-8")
    return tomllib.loads(text)


@pytest.mark.parametrize("name", held())
def test_a_metric_tells_everything(name):
    """No field of a metric is missing or empty; what is said is said in sentences."""
    told = held()[name]
    assert TOLD - told.keys() == set()
    assert all(told[field] not in ("", []) for field in TOLD)
    sentences = [*told["moves"], *told["cannot_say"], told["measured_by"], told["one_run"],
                 told["how"], told["meaning"], told["better_reason"]]  # fmt: skip
    assert [s for s in sentences if not s.endswith(".") or s != s.strip()] == []
    assert not told["formula"].endswith(".")
    assert len(told["cannot_say"]) >= 2


@pytest.mark.parametrize("field", sorted(TOLD))
def test_a_missing_field_is_refused(field):
    """A metric that leaves a field out is no metric."""
    told = dict(held()["cadence_spm"])
    del told[field]
    with pytest.raises((TypeError, KeyError), match=field):
        _metric("cadence_spm", told)


@pytest.mark.parametrize("metric", metrics().values(), ids=lambda m: m.name)
def test_easy_running_lies_within_what_a_sensor_may_say(metric):
    """The plausible range is part of the valid one and narrower: a rare value is no fault."""
    assert metric.valid_min < metric.plausible_low < metric.plausible_high < metric.valid_max
    width = metric.plausible_high - metric.plausible_low
    assert width < 0.7 * (metric.valid_max - metric.valid_min)


def test_form_metrics_disown_the_pelvis_and_the_knee():
    """Each metric of form says that it sees no pelvic drop, no knee valgus and no injury."""
    for metric in metrics().values():
        if metric.name in {"hr_decoupling_ratio", "metres_per_beat"}:
            continue
        said = " ".join(metric.cannot_say).lower()
        assert all(word in said for word in ("pelvi", "knee valgus", "injury")), metric.name


def test_nothing_is_promised():
    """No text of a metric speaks of causes, of scores or of preventing anything."""
    for name, told in held().items():
        text = " ".join(str(value) for value in told.values()).lower()
        for word in ("prevent", "optimal", "ideal", "score", "!", "causes"):
            assert word not in text, f"{name}: {word}"


@pytest.mark.parametrize("metric", metrics().values(), ids=lambda m: m.name)
def test_the_query_of_a_page_answers(twelve_weeks: Home, metric):
    """What a page shows to copy runs as it stands on a warehouse and finds the metric's runs."""
    page = (ROOT / "docs" / "metrics" / f"{metric.name}.md").read_text("utf-8")
    [query] = re.findall(r"```sql\n(.*?)```", page, re.DOTALL)
    found = app.ask(twelve_weeks, query)
    assert 0 < len(found) <= 10
    assert found["whole_run"].null_count() == 0
    assert found["whole_run"].is_between(metric.valid_min, metric.valid_max).all()
    told = found["word"].is_not_null() | found["reason"].is_not_null()
    assert told.all(), "a run has a word, or a reason for none"
    assert set(found["word"].drop_nulls()) <= {"within noise", "likely", "beyond MDC"}


@pytest.mark.parametrize("metric", metrics().values(), ids=lambda m: m.name)
def test_the_demo_runs_plausibly(twelve_weeks: Home, metric):
    """The plausible range holds the median of the demo's easy runs."""
    found = app.ask(
        twelve_weeks,
        f"select median({metric.name}) as middle from run_form join run using (run_id) "
        "where kind in ('easy', 'long')",
    )
    assert metric.plausible_low <= found["middle"][0] <= metric.plausible_high


def test_pages_are_made_of_what_the_catalogue_says():
    """A page holds every text of its metric, each once."""
    page_of = runpy.run_path(str(ROOT / "benchmarks" / "make_docs.py"))["metric_page"]
    for metric in metrics().values():
        page = page_of(metric)
        for field in TOLD - {"label", "unit", "decimals", "grain", "better"}:
            value = getattr(metric, field)
            texts = value if field in LISTED else [value]
            for text in texts:
                if isinstance(text, str):
                    assert page.count(text) >= 1, f"{metric.name}: {field}"
