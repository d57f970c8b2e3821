"""A harness for single SQL models: given rows of the tables a model reads, what does it answer."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from carryover.catalogue.thresholds import limits
from carryover.columns import empty
from carryover.estimates import estimates
from carryover.given import given_frames
from carryover.normalise import TABLES
from carryover.settings import Settings
from carryover.warehouse.build import AUDIT_SCHEMA, AUDIT_TABLE
from carryover.warehouse.connect import frame_of
from carryover.warehouse.models import AuditModel, PythonModel, in_order, macros, sql_models
from carryover.warehouse.store import open_store

DIGITS = 6


@dataclass(frozen=True)
class Case:
    """One model, one law: given rows by table (`store.x` for the store), expected rows."""

    model: str
    law: str
    given: dict
    expected: list = field(default_factory=list)

    def __str__(self):
        return f"{self.model}: {self.law}"


def table(columns, *rows, **constant):
    """Return rows as dicts: names in one string, a tuple a row, the same constants in each."""
    return [constant | dict(zip(columns.split(), row, strict=True)) for row in rows]


@cache
def known():
    """Return every model's SQL and every table's columns, from tables over an empty store."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "store.duckdb"
        with open_store(path, TABLES, memory_limit="1GB"):
            pass
        connection = duckdb.connect()
        connection.execute(f"attach '{path}' as store (read_only)")
        connection.execute(macros())
        given = given_frames(Settings())
        for name, frame in given.items():
            put(connection, name, frame)
        sql = sql_models(connection)
        audit = AuditModel(AUDIT_TABLE, ())
        for model in in_order([*sql, *estimates(Settings()), audit], frozenset(given)):
            make(connection, model)
        columns: dict[str, list[str]] = {}
        for database, name, column, kind in connection.execute(
            "select database_name, table_name, column_name, data_type from duckdb_columns() "
            "where not internal order by database_name, table_name, column_index"
        ).fetchall():
            full = f"store.{name}" if database == "store" else name
            columns.setdefault(full, []).append(f"{column} {kind}")
        connection.close()
    return {model.name: model for model in sql}, columns


def put(connection, name, frame):
    """Make a temporary table of a frame."""
    connection.register("incoming", frame)
    connection.execute(f"create temp table {name} as from incoming")
    connection.unregister("incoming")


def make(connection, model):
    """Make one model's table, as a temporary one."""
    if isinstance(model, PythonModel):
        frames = {name: frame_of(connection, f"from {name}") for name in model.reads}
        put(connection, model.name, model.make(frames))
    elif isinstance(model, AuditModel):
        put(connection, model.name, empty(AUDIT_SCHEMA))
    else:
        connection.execute(f"create temp table {model.name} as {model.sql}")


def world(given, reads=None):
    """Return a connection with all tables there, empty but for limits and what is given.

    `reads` names the only tables that are needed beside the store's.
    """
    wanted_tables = known()[1].keys() if reads is None else {*reads, *given, "limits", "privacy"}
    connection = _empty(wanted_tables)
    fill(connection, given)
    return connection


def _empty(wanted_tables):
    """Return a connection with these tables and all of the store's, and the common rows."""
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("attach ':memory:' as store")
    connection.execute(macros())
    for name, columns in known()[1].items():
        if name not in wanted_tables and not name.startswith("store."):
            continue
        kind = "table" if name.startswith("store.") else "temp table"
        connection.execute(f"create {kind} {name} ({', '.join(columns)})")
    for name, frame in (("limits", limits()), ("privacy", given_frames(Settings())["privacy"])):
        connection.register("incoming", frame)
        connection.execute(f"insert into {name} by name select * from incoming")
        connection.unregister("incoming")
    return connection


def fill(connection, given):
    """Put given rows into tables; a privacy that is given stands for the common one."""
    if "privacy" in given:
        connection.execute("delete from privacy")
    for name, rows in given.items():
        for row in rows:
            marks = ", ".join("?" for _ in row)
            connection.execute(
                f"insert into {name} ({', '.join(row)}) values ({marks})", list(row.values())
            )


@cache
def _shared():
    """Return the one connection of all cases: a case's rows leave it with its transaction."""
    return _empty(known()[1].keys())


@contextmanager
def only(given):
    """Give the shared connection with these rows alone in it, and take them back afterwards."""
    connection = _shared()
    connection.execute("begin")
    try:
        fill(connection, given)
        yield connection
    finally:
        connection.execute("rollback")


def answer(case):
    """Return the model's rows in the expected columns, comparable with `wanted`."""
    model = known()[0][case.model]
    with only(case.given) as connection:
        found = connection.execute(model.sql)
        names = [column[0] for column in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    asked = list(case.expected[0]) if case.expected else names
    return _plain({name: row[name] for name in asked} for row in rows)


def wanted(case):
    """Return the expected rows, comparable with `answer`."""
    return _plain(case.expected)


def _plain(rows):
    return sorted(
        (tuple((name, _rounded(value)) for name, value in row.items()) for row in rows), key=repr
    )


def _rounded(value):
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return round(float(value), DIGITS)
    return str(value)
