# ruff: noqa: E402
"""How the cost of each estimate grows with an athlete's history: one, three and ten years of one.

    python benchmarks/estimates.py HOME FRAMES [--write]

HOME holds ten years of files; its tables are built once, and what the estimates read is kept in
the folder FRAMES (where that is there already, nothing is built). The years are the last ones
before the newest run. Times are CPU seconds of one thread, imports not counted: other work on the
machine moves them by a third or so.
"""

from __future__ import annotations

import os

# Before numpy comes in: a night runs on one thread, too.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "POLARS_MAX_THREADS")
os.environ.update(dict.fromkeys(ONE_THREAD, "1"))

import argparse
import datetime as dt
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final
from unittest import mock

import polars as pl

ROOT: Final = Path(__file__).parents[1]
sys.path.append(str(ROOT))

from benchmarks.tables import Spent, machine, measured, table
from carryover import app
from carryover import estimates as made
from carryover.home import Home
from carryover.settings import Settings, load_settings
from carryover.warehouse import unitwise
from carryover.warehouse.models import PythonModel

TARGET: Final = ROOT / "docs" / "estimates.md"
LINE: Final = "## Measured"
YEARS: Final = (1, 3, 10)
NOT_HERE: Final = frozenset({"pair_agreement", "run_group", "gym_group"})
"""Which recordings are one run: matching, no estimate."""
Frames = dict[str, pl.DataFrame]


def gather(home: Path, folder: Path, settings: Settings) -> None:
    """Build the tables of a home, all runs at once, and keep every frame that an estimate reads."""
    folder.mkdir(parents=True, exist_ok=True)

    def kept(model: PythonModel) -> PythonModel:
        def make(frames: Frames) -> pl.DataFrame:
            for name in model.reads:
                frames[name].write_parquet(folder / f"{name}.parquet")
            return model.make(frames)

        return replace(model, make=make)

    models = [kept(model) for model in made.estimates(settings)]
    at_once = mock.patch.object(unitwise, "AT_ONCE", 1_000_000)
    with at_once, mock.patch.object(made, "estimates", return_value=models):
        app.build_and_publish(Home(home), settings, force=True)


def last_years(frames: Frames, years: int) -> Frames:
    """Return the frames of the last years: of runs and of what was done on their days."""
    since = frames["run"]["local_date"].max() - dt.timedelta(days=round(365.25 * years))
    runs = frames["run"].filter(pl.col("local_date") > since)

    def cut(frame: pl.DataFrame) -> pl.DataFrame:
        if "run_id" in frame.columns:
            return frame.join(runs.select("run_id"), on="run_id", how="semi")
        if "local_date" in frame.columns:
            return frame.filter(pl.col("local_date") > since)
        return frame

    return {name: cut(frame) for name, frame in frames.items()}


def spent(settings: Settings, frames: Frames) -> dict[str, Spent]:
    """Return what each estimate takes; it reads what those before it have made."""
    told = dict(frames)
    took = {}
    for model in made.estimates(settings):
        if model.name in NOT_HERE or not set(model.reads) <= told.keys():
            continue
        took[model.name], told[model.name] = measured(lambda model=model: model.make(told))
    return took


def page(settings: Settings, frames: Frames) -> str:
    """Return the measured half of the page."""
    parts = {years: last_years(frames, years) for years in YEARS}
    spent(settings, parts[YEARS[0]])  # imports and what is made once
    took = {years: spent(settings, part) for years, part in parts.items()}
    names = sorted(took[YEARS[-1]], key=lambda name: -took[YEARS[-1]][name].cpu_s)
    rows = [
        [f"`{name}`", *(f"{took[y][name].cpu_s:.2f}" if name in took[y] else "" for y in YEARS)]
        for name in names
    ]
    sums = [sum(one.cpu_s for one in took[years].values()) for years in YEARS]
    rows.append(["together", *(f"{total:.1f}" for total in sums)])
    counts = ", ".join(f"{part['run'].height:,} in {years}" for years, part in parts.items())
    return f"""{LINE}

{machine(["numpy", "scipy", "polars"])}
Runs: {counts} years; one sensor. CPU seconds:

{table(("estimate", *(f"{years} y" for years in YEARS)), rows)}

Ten years cost {sums[-1] / sums[0]:.1f} times one.
"""


def main() -> None:
    """Print the measured half, and with --write put it into docs/estimates.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("frames", type=Path)
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    settings = load_settings(given.home)
    if not given.frames.exists():
        gather(given.home, given.frames, settings)
    frames = {path.stem: pl.read_parquet(path) for path in sorted(given.frames.glob("*.parquet"))}
    text = page(settings, frames)
    print(text)
    if given.write:
        TARGET.write_text(TARGET.read_text("utf-8").split(LINE)[0] + text, "utf-8")


if __name__ == "__main__":
    main()
