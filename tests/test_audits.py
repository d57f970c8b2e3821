"""Audits: each fires on broken rows, is silent on good ones, and an error stops publication."""

from __future__ import annotations

import shutil

import pytest

from carryover import app
from carryover.errors import AuditError
from carryover.estimates import estimates
from carryover.given import given_frames
from carryover.home import Home
from carryover.settings import Settings
from carryover.warehouse import build as building
from carryover.warehouse.build import MAX_OFFENDERS, build, offenders
from carryover.warehouse.models import Audit, audits
from carryover.warehouse.publish import publish
from sql_harness import known, table, world


def identity(name, difference, *, holds):
    """Return rows of one run that holds or breaks an identity, and one that cannot tell."""
    row = {"run_id": "r", "identity": name, "difference": difference}
    silent = row | {"run_id": "s", "holds": None}
    return {"run_identity": [row | {"holds": holds}, silent]}


SHOWN = {
    "coverage_range": (
        {"run_metric": table("run_id coverage_pct", ("r", 0), ("r", 100), ("n", None))},
        {"run_metric": [{"run_id": "r", "metric": "cadence_spm", "coverage_pct": 101}]},
    ),
    "heart_rate_reason": (
        {"exclusion_data": [{"reason": "odd", "applies_to": "heart rate"}],
         "sample": table("run_id elapsed_s heart_rate_fault", ("r", 0, "odd"), ("r", 1, None)),
         "sample_value": table("run_id elapsed_s metres_per_beat", ("r", 0, None), ("r", 1, 1.2))},
        {"exclusion_data": [{"reason": "odd", "applies_to": "heart rate"}],
         "sample": [{"run_id": "r", "elapsed_s": 0, "heart_rate_fault": "odd"}],
         "sample_value": [{"run_id": "r", "elapsed_s": 0, "metres_per_beat": 1.2}]},
    ),
    "ledger_complete": (
        {"store.disk": table("place sha256", ("a", "A")),
         "source_file": [{"sha256": "A", "status": "rejected"}]},
        {"store.disk": table("place sha256", ("r", "R"))},
    ),
    "orphan_activity": (
        {"activity": table("activity_id run_id", ("a", "r"), ("b", None)),
         "run": [{"run_id": "r"}]},
        {"activity": [{"activity_id": "r", "run_id": "gone"}]},
    ),
    "run_key": (
        {"run": table("run_id", ("r",), ("s",))},
        {"run": table("run_id", ("r",), ("r",))},
    ),
    "sample_order": (
        {"sample": table("run_id elapsed_s recorded_at", ("r", 0, "2026-03-01 08:00:00+00"),
                         ("r", 1, "2026-03-01 08:00:01+00"), ("s", 0, "2026-03-01 08:00:00+00"))},
        {"sample": table("run_id elapsed_s recorded_at", ("r", 0, "2026-03-01 08:00:00+00"),
                         ("r", 1, "2026-03-01 08:00:00+00"))},
    ),
    "steady_reason": (
        {"exclusion_data": [{"reason": "walking", "applies_to": "second"}],
         "sample": table("run_id is_steady excluded_by", ("r", True, None),
                         ("r", False, "walking"))},
        {"exclusion_data": [{"reason": "walking", "applies_to": "second"}],
         "sample": table("run_id is_steady excluded_by", ("r", False, "tired"))},
    ),
    "symmetry_identity": (
        {"run_symmetry": [{"run_id": "r", "stance_time_balance_pct": 51.0,
                           "symmetry_index_pct": 4.0, "normalised_asymmetry_pct": 2.0,
                           "symmetry_angle_pct": -1.2730697}]},
        {"run_symmetry": [{"run_id": "r", "stance_time_balance_pct": 51.0,
                           "symmetry_index_pct": 4.0, "normalised_asymmetry_pct": 2.0,
                           "symmetry_angle_pct": 1.2730697}]},
    ),
} | {
    name: (identity(name, fair, holds=True), identity(name, broken, holds=False))
    for name, fair, broken in (
        ("duty_factor", 0.25, 20.0), ("step_length", 0.02, -0.5), ("vertical_ratio", -0.2, 9.0),
        ("contact_sides", 0.5, 12.0), ("balance_sides", 0.1, -1.0),
        ("speed_distance", -0.01, -0.08),
    )
}  # fmt: skip
"""Audit → good rows, broken rows of the subject `r`."""


def found(name, given):
    with world(given) as connection:
        check = next(check for check in audits(connection) if check.name == name)
        if "sample_fault" in check.reads:
            sql = known()[0]["sample_fault"].sql
            connection.execute(f"create or replace temp table sample_fault as {sql}")
        return offenders(connection, check)


def test_every_audit_is_shown():
    """No audit goes without rows that it fires on."""
    with world({}) as connection:
        assert {check.name for check in audits(connection)} == set(SHOWN)


@pytest.mark.parametrize("name", SHOWN)
def test_silent_on_good_rows(name):
    """An audit says nothing of sound tables."""
    assert found(name, SHOWN[name][0]).is_empty()


@pytest.mark.parametrize("name", SHOWN)
def test_fires_on_broken_rows(name):
    """An audit names the offender and the law it breaks."""
    rows = found(name, SHOWN[name][1])
    assert rows["subject"].to_list() == ["r"]
    assert rows["remedy"].str.starts_with("Law: ").all()
    assert rows["what"].str.len_chars().min() > 10


def test_no_audit_floods_the_page():
    """A law that everything breaks is told twenty times, with a count of the rest."""
    check = Audit("many", "warning", "a law", "select range as subject, 'x' as what from range(50)",
                  frozenset())  # fmt: skip
    with world({}) as connection:
        rows = offenders(connection, check)
    assert rows.height == MAX_OFFENDERS + 1
    assert rows["what"][-1] == "and 30 more"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A home whose published warehouse is empty but whole; not to be changed."""
    home = Home(tmp_path_factory.mktemp("built"))
    home.prepare()
    app.build_and_publish(home, Settings())
    return home


@pytest.fixture
def published(built, tmp_path):
    """A copy of that home of one's own."""
    shutil.copytree(built.root, tmp_path, dirs_exist_ok=True)
    return Home(tmp_path)


def build_with(home, monkeypatch, severity):
    check = Audit("broken", severity, "one is two", "select 'r' as subject, 'it is not' as what",
                  frozenset())  # fmt: skip
    monkeypatch.setattr(building, "audits", lambda *_: [check])
    app.build_and_publish(home, Settings(), force=True)


def test_an_error_stops_publication(published, monkeypatch):
    """Tables that contradict themselves are never published, and the old ones stay as they were."""
    before = published.published.read_bytes()
    with pytest.raises(AuditError, match=r"it is not.*one is two.*unchanged"):
        build_with(published, monkeypatch, "error")
    assert published.published.read_bytes() == before
    assert app.build_and_publish(published, Settings()) is False


def test_a_warning_is_published_and_told(published, monkeypatch):
    """What may be a fault of the data is told beside the data."""
    build_with(published, monkeypatch, "warning")
    rows = app.ask(published, "select severity, subject, what from data_issue")
    assert rows.rows() == [("warning", "r", "it is not")]


def test_a_failed_build_leaves_the_published_file(published, monkeypatch):
    """Whatever goes wrong on the way, the published file's bytes stay, and the next night heals."""
    before = published.published.read_bytes()

    def fail(*_):
        raise KeyError("an estimate fell over")

    with monkeypatch.context() as patch:
        patch.setattr(building.Workshop, "make", fail)
        with pytest.raises(KeyError):
            app.build_and_publish(published, Settings(), force=True)
    assert published.published.read_bytes() == before
    build(published.store, published.build, given=given_frames(Settings()),
          estimates=estimates(Settings()), kept=published.kept / "tables.duckdb")  # fmt: skip
    publish(published.build, published.published)
    databases = [p for p in published.warehouse_dir.iterdir() if p != published.kept]
    assert sorted(p.suffix for p in databases) == [".duckdb", ".duckdb"]


@pytest.mark.parametrize(("steady", "reason"), [(True, "walking"), (False, None)])
def test_steady_and_a_reason_exclude_each_other(steady, reason):
    """A steady instant has no reason against it, and any other has one."""
    given = {"exclusion_data": [{"reason": "walking", "applies_to": "second"}],
             "sample": [{"run_id": "r", "is_steady": steady, "excluded_by": reason}]}  # fmt: skip
    assert found("steady_reason", given)["subject"].to_list() == ["r"]


def test_a_fault_of_heart_rate_is_known():
    """A fault that the catalogue does not have is told."""
    given = {"sample": [{"run_id": "r", "elapsed_s": 0, "heart_rate_fault": "tired"}]}
    assert found("heart_rate_reason", given)["what"].str.contains("tired").all()
