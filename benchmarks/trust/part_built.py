"""Some tables of a home, built from its store by the product's own models and no others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb
import polars as pl

from carryover.estimates import estimates
from carryover.given import given_frames
from carryover.home import Home
from carryover.privacy import zone_secret
from carryover.settings import Settings
from carryover.warehouse.models import Model, PythonModel, SqlModel, in_order, macros, sql_models


def part_built(home: Home, settings: Settings, *wanted: str) -> dict[str, pl.DataFrame]:
    """Return the wanted tables; what nothing of them is made of is not built."""
    given = given_frames(settings, zone_secret(home, settings.privacy))
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach '{home.store}' as store (read_only)")
        connection.execute(macros())
        for name, frame in given.items():
            _keep(connection, name, frame)
        models = {m.name: m for m in (*sql_models(connection), *estimates(settings))}
        needed = _needed(models, wanted, frozenset(given))
        for model in in_order((models[name] for name in needed), frozenset(given)):
            _make(connection, model)
        return {name: connection.table(name).pl() for name in wanted}


def _needed(models: Mapping[str, Model], wanted: Iterable[str], given: frozenset[str]) -> set[str]:
    held: set[str] = set()
    waiting = [*wanted]
    while waiting:
        name = waiting.pop()
        if name not in held:
            held.add(name)
            waiting += [read for read in models[name].reads if read not in given]
    return held


def _make(connection: duckdb.DuckDBPyConnection, model: Model) -> None:
    if isinstance(model, PythonModel):
        frames = {name: connection.table(name).pl() for name in model.reads}
        _keep(connection, model.name, model.make(frames))
    elif isinstance(model, SqlModel):
        connection.execute(f"create temp table {model.name} as {model.sql}")


def _keep(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    connection.register("incoming", frame)
    connection.execute(f"create temp table {name} as select * from incoming")
    connection.unregister("incoming")
