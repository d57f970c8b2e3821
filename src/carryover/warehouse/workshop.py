"""The tables of a build under way: where each stands, what it holds, and what is put into it.

Published tables stand in the target, working tables that the next build can use in `kept`, all
others are temporary. A name without a place means them in the order temporary, target, kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

import duckdb
import polars as pl

from carryover.warehouse.comments import comment
from carryover.warehouse.connect import frame_of
from carryover.warehouse.hashes import columns_of, digest, frame_digest, table_digest
from carryover.warehouse.models import PythonModel, SqlModel

KEPT: Final = "kept.main"
TEMP: Final = "temp.main"
LEDGER: Final = "content"
"""The store's own list of contents: what it says of one may change."""
OWNER: Final = "run_recording"
"""Where it is told whose a run is."""


class Workshop:
    """An open target with the store and what is kept attached."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, orders: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.connection = connection
        [(name,)] = connection.execute("select current_database()").fetchall()
        self.target = f'"{name}".main'
        connection.execute(f"set search_path = '{self.target},{KEPT}'")
        self._version: dict[str, str] = {}
        self._place: dict[str, str] = {}
        self._columns: dict[str, tuple[str, ...]] = {}
        self._order = dict(orders)
        self._sorted: set[str] = set()
        self._standing = {place: self._found(place) for place in (self.target, KEPT)}

    def give(self, frames: Mapping[str, pl.DataFrame]) -> None:
        """Make temporary tables of frames that models start from."""
        for name, frame in frames.items():
            self.put_frame(name, frame)
            self._place[name] = TEMP
            self._version[name] = frame_digest(frame)

    def put_frame(self, name: str, frame: pl.DataFrame) -> None:
        """Make a temporary table of a frame."""
        self.connection.register("incoming", frame)
        self.connection.execute(f"create or replace temp table {name} as from incoming")
        self.connection.unregister("incoming")

    def forget(self, name: str) -> None:
        """Drop a temporary table."""
        self.connection.execute(f"drop table if exists temp.main.{name}")

    def place_of(self, model: SqlModel | PythonModel) -> str:
        """Return where the table of a model stands."""
        if isinstance(model, SqlModel) and model.passes:
            return TEMP
        return self.target if model.is_published else KEPT

    def lasting(self, model: SqlModel | PythonModel) -> str:
        """Return the full name of a model's lasting table."""
        return f"{self.place_of(model)}.{model.name}"

    def stands(self, model: SqlModel | PythonModel) -> bool:
        """Return whether a model's lasting table is there."""
        return model.name in self._standing[self.place_of(model)]

    def known(self, model: SqlModel | PythonModel, version: str) -> None:
        """Note that a model's lasting table is there and holds what `version` tells."""
        self._place[model.name] = self.place_of(model)
        self._version[model.name] = version
        self._columns.pop(model.name, None)

    def at(self, name: str) -> str:
        """Return a table's full name."""
        return f"{self._place[name]}.{name}"

    def is_there(self, name: str) -> bool:
        """Return whether a table has been made or given."""
        return name in self._place

    def is_temporary(self, name: str) -> bool:
        """Return whether a table is gone after this build."""
        return self._place[name] == TEMP

    def version(self, name: str) -> str:
        """Return a hash of what a table holds."""
        return self._version[name]

    def stored_version(self, name: str) -> str:
        """Return a hash of a table of the store."""
        full = f"store.{name}"
        if full not in self._version:
            rows = full
            if name != LEDGER and "content_id" in columns_of(self.connection, full):
                # What a content was read as never changes under its number.
                rows = f"(select distinct content_id from {full})"
            self._version[full] = table_digest(self.connection, rows)
        return self._version[full]

    def columns(self, name: str) -> tuple[str, ...]:
        """Return the names of a table's columns."""
        if name not in self._columns:
            self._columns[name] = columns_of(self.connection, self.at(name))
        return self._columns[name]

    def whole(self, names: Iterable[str]) -> None:
        """Lay out tables of units in their own order, for models that ask for the whole."""
        for name in names:
            order = self._order.get(name)
            if order and name not in self._sorted:
                told = f"select * from {self.at(name)} order by {', '.join(order)}"
                self.connection.execute(f"create temp table {name} as {told}")
                self._sorted.add(name)

    def put_away(self, names: Collection[str]) -> None:
        """Drop what was laid out of these tables."""
        for name in self._sorted & set(names):
            self.forget(name)
            self._sorted.remove(name)

    def frame(self, name: str) -> pl.DataFrame:
        """Return a table's rows in its own order: what is laid out under that name, else all."""
        order = self._order.get(name)
        by = f" order by {', '.join(order)}" if order and name not in self._sorted else ""
        return frame_of(self.connection, f"select * from {name}{by}")

    def make(self, model: SqlModel | PythonModel, sql: str) -> None:
        """Make a lasting table of a query, in the place of the one that stands."""
        place = self.place_of(model)
        self.connection.execute("begin")
        self.connection.execute(f"create or replace table {self.lasting(model)} as {sql}")
        if isinstance(model, SqlModel) and model.is_published:
            comment(self.connection, model, place=place)
        self.connection.execute("commit")
        self._standing[place].add(model.name)

    def extend(self, model: SqlModel | PythonModel, query: str) -> None:
        """Put what a query gives to the rows of a model's lasting table."""
        if self.stands(model):
            self.connection.execute(f"insert into {self.lasting(model)} by name {query}")
        else:
            self.make(model, query)

    def append(self, model: SqlModel | PythonModel) -> None:
        """Move the rows of a temporary table to those of the lasting one."""
        self.extend(model, f"from temp.main.{model.name}")
        self.forget(model.name)

    def drop(self, model: SqlModel | PythonModel) -> None:
        """Drop a lasting table."""
        self.connection.execute(f"drop table {self.lasting(model)}")
        self._standing[self.place_of(model)].remove(model.name)

    def drop_others(self, models: Sequence[SqlModel | PythonModel]) -> None:
        """Drop lasting tables that no model makes any more."""
        for place, standing in self._standing.items():
            wanted = {m.name for m in models if self.place_of(m) == place}
            for name in sorted(standing - wanted):
                self.connection.execute(f'drop table {place}."{name}"')
            standing.intersection_update(wanted)

    def all_published(self, models: Iterable[SqlModel | PythonModel]) -> str:
        """Return a hash of all published tables."""
        names = sorted(m.name for m in models if m.is_published and self.is_there(m.name))
        return digest(*(f"{name} {self.version(name)}" for name in names))

    def _found(self, place: str) -> set[str]:
        database, schema = place.replace('"', "").rsplit(".", 1)
        rows = self.connection.execute(
            "select table_name from duckdb_tables() where database_name = $database "
            "and schema_name = $schema",
            {"database": database, "schema": schema},
        ).fetchall()
        return {name for (name,) in rows}
