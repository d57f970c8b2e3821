"""Short forms of the trials that starve: the published file stands, and the next night heals."""

from __future__ import annotations

import pytest

from benchmarks.trust.disk import asked_nights, can_mount, disk, room, starved_nights

pytestmark = [
    pytest.mark.skipif(not can_mount(), reason="needs the right to mount a small disk"),
    pytest.mark.timeout(900),  # a machine that is busy takes ten times as long
]


def test_a_night_runs_into_a_full_disk(calm, begin, tmp_path):
    """A night that finds the disk full says so, leaves the published file, and heals with room."""
    trial = starved_nights(tmp_path, begin, calm, [0.5])
    assert trial.is_clean, trial
    assert "stopped" in trial.note


def test_a_night_asks_first(calm, begin, tmp_path):
    """A night that asks for room refuses before it writes, and comes through with enough."""
    trial = asked_nights(tmp_path, begin, calm, 1)
    assert trial.is_clean, trial


def test_the_disk_is_as_small_as_it_says(tmp_path):
    """A starved disk has the room that is asked for, and no more."""
    with disk(tmp_path, 8) as place, room(place, 1 << 20):
        (place / "fits").write_bytes(b"x" * (900 << 10))
        with pytest.raises(OSError, match="No space left"):
            (place / "does not").write_bytes(b"x" * (900 << 10))
