"""The trials of the process that reads, in their short form: nothing lost, nothing misjudged."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.trust import worker
from benchmarks.trust.worker_planted import FAULTS, REASONS


def test_planted_faults_cost_themselves_alone():
    """Contents that hang, swell or break the reader are set aside; all good files are loaded."""
    trial = worker.plantings(2)
    assert trial.is_clean, trial


def test_a_night_of_bad_files_lists_each_and_loads_the_rest():
    """Of many files a few of which are bad, each bad one is listed once and read only once."""
    trial = worker.night_of_bad_files(40)
    assert trial.is_clean, trial


def test_the_reader_does_not_outlive_its_parent():
    """A program killed while its reader hangs in native code leaves no process behind."""
    trial = worker.parents_killed(1)
    assert trial.is_clean, trial


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="reads memory in /proc")
def test_real_files_take_little_memory(corpus, monkeypatch):
    """No real file takes half a gigabyte to be read."""
    monkeypatch.setenv("CARRYOVER_CORPUS", str(corpus))
    [trial] = worker.memory_of_real_files()
    assert trial.is_clean, trial


def test_a_trial_tells_a_lost_file_from_a_found_one(tmp_path):
    """A trial is not clean where a good file is lost or a planted one is told otherwise."""
    what = worker.planted(1, worker.random.Random(1))
    assert worker._misjudged(what, None)
    assert worker._misjudged(what, ("rejected", what.stage, "some other reason"))
    assert FAULTS.keys() == REASONS.keys()
