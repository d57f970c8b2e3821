"""Kill it: the store's writer, the publisher, whole nights; damage its files; read meanwhile."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks.trust.damaged_homes import damaged_stores
from benchmarks.trust.killed_flows import killed_flows
from benchmarks.trust.killed_nights import killed_nights, rebuilt_from_raw, undisturbed
from benchmarks.trust.killed_publishers import (
    killed_publishers,
    publishing_takes,
    readers_while_publishing,
)
from benchmarks.trust.killed_stores import cut_and_flipped_logs, killed_upgrades, killed_writers
from benchmarks.trust.nights_run import night_told
from benchmarks.trust.processes import starter
from benchmarks.trust.side_by_side import (
    older_client,
    strange_logs,
    two_nights,
    watched_beside_a_reader,
)
from benchmarks.trust.trial import Trial


def trials(full: bool) -> list[Trial]:  # noqa: FBT001 - the door of every part
    """Run all trials; the short form tries each a few times."""
    done: list[Trial] = []
    with tempfile.TemporaryDirectory() as told, starter() as begin:
        folder = Path(told)

        def place(name: str) -> Path:
            path = folder / name
            path.mkdir()
            return path

        steps: list[Callable[[], Trial]] = [
            lambda: killed_writers(place("writers"), 200 if full else 5),
            lambda: cut_and_flipped_logs(place("logs"), 200 if full else 10),
            lambda: killed_upgrades(place("upgrades"), 20 if full else 3),
            lambda: killed_publishers(place("publishers"), 60 if full else 3),
            lambda: readers_while_publishing(place("readers"), 100 if full else 5),
            lambda: publishing_takes(place("big"), 5 if full else 1),
        ]
        done += [step() for step in steps]
        calm = undisturbed(place("calm"), lambda root: begin.run(night_told, root))
        steps = [
            lambda: killed_nights(place("nights"), begin, calm, 50 if full else 2),
            lambda: rebuilt_from_raw(place("raw"), begin, calm),
            lambda: damaged_stores(place("damaged"), begin, calm, 12 if full else 1),
            lambda: two_nights(place("two"), 5 if full else 1),
            lambda: strange_logs(place("log"), begin, calm),
        ]
        if full:
            steps += [
                lambda: older_client(place("client"), calm),
                lambda: killed_flows(place("flows"), calm, 5),
            ]
        done += [step() for step in steps]
        done += watched_beside_a_reader(place("reader"), begin, calm)
    return done
