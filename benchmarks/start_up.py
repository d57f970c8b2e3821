"""How long a command takes before it does anything: help, a question, a night without news.

Each turn starts every command once in a fresh process, so that a busy minute slows all alike.
Python itself, told to do nothing, is the peer. `python -m benchmarks.start_up --write`.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from benchmarks.tables import (
    Spent,
    StepError,
    machine,
    measured,
    median_cpu_s,
    median_wall_s,
    number,
    put_between,
    table,
    usual_env,
)
from benchmarks.trust.privacy_homes import gpx_home
from carryover import app

DOCS: Final = Path(__file__).parents[1] / "docs" / "incremental.md"
PACKAGES: Final = ("duckdb", "polars", "carryover")
HEADER: Final = ("command", "wall s", "CPU s", "× Python alone (CPU)")
ROUNDS: Final = 9
ALONE: Final = "python -c pass"


def start_up(rounds: int = ROUNDS) -> str:
    """Return the table of start-up times: medians of so many turns, files of Python compiled.

    Raises StepError where a command fails, or a night that should be quiet is none.
    """
    with tempfile.TemporaryDirectory(prefix="carryover-start-") as folder:
        home = Path(folder) / "home"
        _night(home)
        ours, where = [sys.executable, "-m", "carryover"], ["--home", str(home)]
        commands = {
            ALONE: [sys.executable, "-c", "pass"],
            "carryover --help": [*ours, "--help"],
            'carryover sql "select 1"': [*ours, "sql", "select 1", *where],
            "carryover nightly, nothing new": [*ours, "nightly", *where],
        }
        for name, words in commands.items():
            _run(name, words)
        laps: dict[str, list[Spent]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, words in commands.items():
                laps[name].append(measured(lambda name=name, words=words: _run(name, words))[0])  # type: ignore[misc]
    alone_s = median_cpu_s(laps[ALONE])
    rows = [
        [f"`{name}`", number(median_wall_s(told)), number(median_cpu_s(told)),
         number(median_cpu_s(told) / alone_s)]
        for name, told in laps.items()
    ]  # fmt: skip
    return f"Medians of {rounds} turns, each a fresh process.\n\n{table(HEADER, rows)}"


def _night(root: Path) -> None:
    """Make a home of three runs and run its night today, so that the next one is quiet."""
    home = gpx_home(root, 3)
    _, settings = app.open_home(root)
    app.ingest(home, settings)
    now = dt.datetime.now(dt.UTC)
    app.build_and_publish(home, settings, now=now)
    app.render(home, settings, now=now)


def _run(name: str, words: list[str]) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=usual_env())
    if done.returncode or "Prefect" in done.stderr:
        raise StepError(f"{name} left with {done.returncode}: {done.stderr[-200:]}")


def main() -> None:
    """Measure, and tell or write the table."""
    text = f"{machine(PACKAGES)}\n\n{start_up()}"
    if "--write" in sys.argv:
        put_between(DOCS, "start-up", text)
    else:
        print(text)


if __name__ == "__main__":
    main()
