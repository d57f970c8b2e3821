"""The record of nights: only added to, true after a crash, never in the way of the night itself."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from carryover import app, nights, tally
from carryover.doctor import examine
from carryover.errors import CarryoverError, SettingsError
from carryover.home import Home
from carryover.nights import CUT_OFF, FAILED, KEPT, LATE, OK, QUIET, RUNNING, Night, standing
from carryover.quiet import quiet_night
from homes import home_with

NOW = datetime(2026, 5, 4, 6, 0, tzinfo=UTC)
STATUSES = {"loaded": 2, "rejected": 1}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    where = Home(tmp_path / "home")
    where.prepare()
    return where


def one(home: Home) -> dict:
    [row] = nights.nights(home).to_dicts()
    return row


def test_a_night_tells_start_steps_counts_and_end(home):
    """A night that ends well has its steps, its files and its wall time."""
    with Night(home) as night:
        for step in nights.STEPS:
            with night.step(step):
                pass
        night.found(3, 2, 0)
        night.tell(STATUSES)
    row = one(home)
    assert (row["state"], row["n_found"], row["n_new"], row["n_loaded"]) == (OK, 3, 2, 2)
    assert row["n_found"] == sum(row[f"n_{status}"] for status in nights.STATUSES)
    assert row["ended_at"] >= row["started_at"]
    assert all(row[f"{step}_s"] is not None for step in nights.STEPS)


def test_a_night_that_fails_says_why_in_one_line(home):
    """The first line of a fault stands in the record, and the fault goes on."""
    with pytest.raises(CarryoverError), Night(home) as night, night.step("build"):
        raise CarryoverError("the tables contradict themselves\nat length")
    row = one(home)
    assert (row["state"], row["reason"]) == (FAILED, "the tables contradict themselves")
    assert row["build_s"] is not None
    assert row["n_loaded"] is None


def test_a_fault_of_ours_tells_its_kind(home):
    """A bug and a hand on Ctrl-C are told apart from what went wrong with the data."""
    with pytest.raises(KeyError), Night(home):
        raise KeyError("run_id")
    assert one(home)["reason"] == "KeyError: 'run_id'"
    with pytest.raises(KeyboardInterrupt), Night(home):
        raise KeyboardInterrupt
    assert nights.nights(home)["reason"][-1] == "stopped by hand"


def test_a_night_that_was_killed_is_cut_off(home):
    """A night without an end is cut off, unless its process lives and holds the home."""
    with home.night_lock():
        Night(home).__enter__()
        assert one(home)["state"] == RUNNING
    assert one(home)["state"] == CUT_OFF


def test_a_torn_line_costs_itself_alone(home):
    """What a crash left half written is passed over, and the next night is whole."""
    with Night(home) as night:
        night.tell(STATUSES)
    path = nights.path_of(home)
    with path.open("a") as file:
        file.write('{"night": "2026-05-04T03:00:00+00:00", "event": "beg')
    for odd in (
        "[]", '{"night": 3}', '{"night": "now", "event": "begun"}', "\x00", "null",
        '{"night": "2026-05-04T03:00:00+00:00", "event": "step", "name": "build"}',
    ):  # fmt: skip
        with path.open("a") as file:
            file.write(f"\n{odd}")
    with Night(home) as night:
        night.tell(STATUSES)
    assert nights.nights(home)["state"].to_list() == [OK, OK]


def test_a_number_that_is_none_is_not_known(home):
    """A line that a hand has changed cannot stop a night."""
    with Night(home) as night:
        night.tell({"loaded": "many", "rejected": 10**12})  # type: ignore[dict-item]
    assert (one(home)["n_loaded"], one(home)["n_rejected"]) == (None, None)


def test_the_newest_are_kept(home):
    """Of many nights the newest 400 stay."""
    line = '{{"night": "{}", "event": "begun", "pid": 1}}\n'
    path = nights.path_of(home)
    days = [NOW - timedelta(days=k) for k in range(500, 0, -1)]
    path.write_text("".join(line.format(day.isoformat()) for day in days))
    with Night(home) as night:
        night.tell(STATUSES)
    kept = nights.nights(home)
    assert len(kept) == KEPT
    assert kept["started_at"][0] == days[-(KEPT - 1)]
    assert kept["state"][-1] == OK


def test_a_record_that_cannot_be_written_costs_nothing(home):
    """Where the file cannot be written the night goes on."""
    nights.path_of(home).mkdir()
    with Night(home) as night:
        night.tell(STATUSES)
    assert nights.nights(home).is_empty()


def test_what_was_no_night_leaves_nothing(home):
    """A look that finds work is no night: the flow writes its own record."""
    assert quiet_night(home, now=NOW) is None
    assert not nights.path_of(home).exists()


def test_a_wrong_configuration_is_a_night_that_failed(home):
    """The commonest fault of a schedule at night is told the next morning."""
    (home.root / "carryover.toml").write_text("[atlete]\n")
    with pytest.raises(SettingsError):
        quiet_night(home, now=NOW)
    assert one(home)["state"] == FAILED


def test_a_quiet_night_is_told_without_building(tmp_path):
    """Nothing new: the tables stay as they are, the night is written down and the page knows it."""
    home = home_with(tmp_path / "home", {"a.csv": b"date,site\n", "copy.csv": b"date,site\n"})
    home, settings = app.open_home(home.root)
    app.ingest(home, settings)
    app.build_and_publish(home, settings, now=NOW)
    app.render(home, settings, now=NOW)
    built = home.published.stat().st_mtime_ns
    report = quiet_night(home, now=NOW)
    assert report is not None
    row = one(home)
    assert (row["state"], row["n_found"], row["n_new"]) == (QUIET, 2, 0)
    assert row["n_found"] == sum(row[f"n_{status}"] for status in nights.STATUSES)
    assert home.published.stat().st_mtime_ns == built
    assert app.ask(home, "select count(*) from night").item() == 0
    app.render(home, settings, now=NOW, force=True)
    assert "found nothing new" in (home.site / "health.html").read_text("utf-8")
    assert app.ask(home, "select count(*) from night").item() == 0
    told = [finding.what for finding in examine(home.root)]
    assert any("nothing new" in what for what in told)
    assert f"files: {tally.as_sum(tally.files_on_disk(home))}" in told


def test_a_home_without_nights_for_a_day_is_late(home):
    """After 26 hours without a good night it is said, but not while one runs."""
    with Night(home) as night:
        night.tell(STATUSES)
    frame = nights.nights(home)
    ended = frame["ended_at"][0]
    assert not standing(frame, ended + LATE).is_late
    assert standing(frame, ended + LATE + timedelta(seconds=1)).is_late
    assert standing(nights.no_nights(), ended) is None
    with home.night_lock():
        Night(home).__enter__()
        assert not standing(nights.nights(home), ended + 2 * LATE).is_late
    assert standing(nights.nights(home), ended + 2 * LATE).newest["state"] == CUT_OFF


def test_the_process_of_a_line_may_be_any_number(home):
    """A number that is no process of ours is not alive, whatever it is."""
    line = {"night": NOW.isoformat(), "event": "begun"}
    for pid in (2**22 + 1, 10**30, -5, "x", None):
        nights.path_of(home).write_text(json.dumps(line | {"pid": pid}) + "\n")
        with home.night_lock():
            assert one(home)["state"] == CUT_OFF
    nights.path_of(home).write_text(json.dumps(line | {"pid": os.getpid()}) + "\n")
    with home.night_lock():
        assert one(home)["state"] == RUNNING
