"""Planted runs through the whole program, and what it publishes of them beside the truth."""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

from benchmarks.trust.part_built import part_built
from carryover import app
from carryover.settings import Athlete, Settings
from carryover.warehouse.read import open_published
from homes import home_with
from truth_files import Habit, Recorded
from truth_gait import HEIGHT_M, MASS_KG

HERE = Settings(athlete=Athlete(home_timezone="UTC", mass_kg=MASS_KG, height_m=HEIGHT_M))
DAY_S = 86_400
YEAR_D = 364
TRUTH_SCHEMA = {"metric": pl.String, "planted": pl.Float64, "found": pl.Float64}
RUNS = """
select r.*, f.* exclude (run_id, athlete_id, local_date)
from run r join run_form f using (run_id) order by r.started_at
"""
REFERENCE = "select median(speed_mps) as v from run_bin where is_baseline"


@dataclass(frozen=True)
class Published:
    """A world's runs as planted and, in the same order, as published."""

    recorded: list[Recorded]
    runs: pl.DataFrame
    form_decay: pl.DataFrame
    sensor_epoch: pl.DataFrame
    reference_mps: float

    def means(self):
        """Return run × metric: planted and found mean, and whether the recording was smart."""
        rows = [
            (row["run_id"], made.is_smart, name, mean, row[name])
            for made, row in zip(self.recorded, self.runs.iter_rows(named=True), strict=True)
            for name, mean in made.means().items()
        ]
        schema = {"run_id": pl.String, "is_smart": pl.Boolean, **TRUTH_SCHEMA}
        found = pl.DataFrame(rows, schema=schema, orient="row")
        return found.with_columns(off_pct=100.0 * (pl.col("found") / pl.col("planted") - 1.0))

    def decays(self, metric):
        """Return runs: planted `true_decay` and level, and FORM_DECAY of a metric beside them."""
        rows = [
            (row["run_id"], made.true.epoch, made.decays()[metric],
             made.adjusted_ms(self.reference_mps), row["stance_time_ms_adj"])
            for made, row in zip(self.recorded, self.runs.iter_rows(named=True), strict=True)
        ]  # fmt: skip
        names = ["run_id", "epoch", "true_decay", "true_level", "adjusted"]
        truth = pl.DataFrame(rows, schema=names, orient="row")
        found = self.form_decay.filter(pl.col("metric") == metric)
        return truth.join(found, on="run_id", how="left")


def published(folder, recorded, settings=HERE):
    """Write planted runs as files over a year, take them through the program, and read it back."""
    home = _read(folder, recorded, settings)
    app.build_and_publish(home, settings)
    with open_published(home.published) as reader:
        return _found(recorded, reader.frame)


def part_published(folder, recorded, settings=HERE):
    """Do the same, but make no table that is not asked for, and publish nothing."""
    home = _read(folder, recorded, settings)
    told = part_built(home, settings, "run", "run_form", "form_decay", "sensor_epoch", "run_bin")
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for name, frame in told.items():
            connection.register(name, frame)
        return _found(recorded, lambda query: connection.sql(query).pl())


def _read(folder, recorded, settings):
    files = {
        f"{made.true.number:04d}.fit": made.file(float(begun_s(made))) for made in recorded
    }  # fmt: skip
    home = home_with(folder, files)
    app.ingest(home, settings)
    return home


def _found(recorded, ask):
    runs = ask(RUNS)
    if runs.height != len(recorded):
        raise AssertionError(f"{len(recorded)} runs were written, {runs.height} came back")
    return Published(
        recorded,
        runs,
        ask("select * from form_decay order by run_id, metric"),
        ask("select * from sensor_epoch order by from_date"),
        ask(REFERENCE)["v"][0],
    )


def begun_s(made):
    """Return when a run begins, s after START: runs are spread over a year, one a day at most."""
    return DAY_S * (made.true.number * YEAR_D // made.true.world.n_runs)


def recordings(world, habit=None):
    """Return every run of a world with how it was recorded."""
    return [Recorded(true, habit or Habit()) for true in world.runs()]
