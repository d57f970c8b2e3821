"""What a build leaves for the next one: working tables, and what each was made from.

A private database beside the published one. It is a cache and no more: without it, or where it
does not fit, everything is made anew. Of each table, and of each run's part of a table, it holds a
hash of all that the rows follow from; two places are told apart, since each is kept by itself:
`kept` (this database) and `shown` (the published file). What a build has made for a file that is
not published yet is `next`: the mark of the published file tells the next build whether it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from carryover.errors import CarryoverError
from carryover.warehouse.connect import drop_database, open_database

KEPT: Final = "kept"
SHOWN: Final = "shown"
NEXT: Final = "next"

PARSED: Final = "parsed"
MADE: Final = {"name": pl.String, "place": pl.String, "told": pl.String, "version": pl.String}

LAYOUT: Final = """
create schema if not exists kept.book;
create table if not exists kept.book.part (
  stage varchar not null, place varchar not null, key varchar not null, told varchar not null
);
create table if not exists kept.book.made (
  name varchar not null, place varchar not null, told varchar not null, version varchar not null
);
create table if not exists kept.book.note (name varchar not null, value varchar not null);
"""


class Book:
    """The tables of hashes in the database that is attached as `kept`."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, basis: str | None) -> None:
        """`basis`: the mark of the published file that the target is a copy of, if it is one."""
        self._connection = connection
        connection.execute(LAYOUT)
        self._entries: list[tuple[str, str, str, str]] = []
        self._shown = SHOWN if basis else "nowhere"
        connection.execute("begin")
        if basis and basis == self.note(NEXT):
            # What the last build made was published.
            for table in ("part", "made"):
                connection.execute(f"delete from kept.book.{table} where place = '{SHOWN}'")
                connection.execute(
                    f"update kept.book.{table} set place = '{SHOWN}' where place = '{NEXT}'"
                )
            self.remember(SHOWN, basis)
        for table in ("part", "made"):
            connection.execute(f"delete from kept.book.{table} where place = '{NEXT}'")
        connection.execute("commit")
        rows = connection.execute(
            "select name, place, told, version from kept.book.made"
        ).fetchall()
        self._made = {(name, place): (told, version) for name, place, told, version in rows}

    def place(self, *, published: bool) -> str:
        """Return under which place the rows of such tables are told that stand already."""
        return self._shown if published else KEPT

    def made(self, name: str, place: str) -> tuple[str, str] | None:
        """Return from what a table was made, and its version; None where it was not."""
        return self._made.get((name, place))

    def forget(self, name: str) -> None:
        """Strike a kept table out before it is made anew."""
        if (name, KEPT) not in self._made:
            return
        self._connection.execute(
            "delete from kept.book.made where name = $name and place = $place",
            {"name": name, "place": KEPT},
        )

    def enter(self, name: str, told: str, version: str, *, published: bool) -> None:
        """Have it written down from what a table was made, once the build is whole."""
        self._entries.append((name, NEXT if published else KEPT, told, version))

    def close(self, mark: str) -> None:
        """Write all entries in one transaction; `mark`: what the file that was built bears."""
        frame = pl.DataFrame(self._entries, schema=MADE, orient="row")
        self._connection.register("entries", frame)
        self._connection.execute("begin")
        self._connection.execute(
            "delete from kept.book.made where place = $place "
            "and name in (select name from entries where place = $place)", {"place": KEPT},
        )  # fmt: skip
        self._connection.execute("insert into kept.book.made select * from entries")
        self.remember(NEXT, mark)
        self._connection.execute("commit")
        self._connection.unregister("entries")

    def parsed(self) -> dict[str, list[list[str]]]:
        """Return what the parser said of models, as `Parser.told`."""
        told: dict[str, list[list[str]]] = json.loads(self.note(PARSED) or "{}")
        return told

    def keep_parsed(self, told: Mapping[str, list[list[str]]]) -> None:
        """Keep what the parser said of models."""
        if told != self.parsed():
            self.remember(PARSED, json.dumps(told))

    def note(self, name: str) -> str | None:
        """Return a remembered text; None where there is none."""
        rows = self._connection.execute(
            "select value from kept.book.note where name = $name", {"name": name}
        ).fetchall()
        return str(rows[0][0]) if rows else None

    def remember(self, name: str, value: str) -> None:
        """Keep a text for the next build."""
        self._connection.execute("delete from kept.book.note where name = $name", {"name": name})
        self._connection.execute(
            "insert into kept.book.note values ($name, $value)", {"name": name, "value": value}
        )


def mark_of(published: Path, kept: Path) -> str | None:
    """Return the mark of the published file where what is kept knows it: one may build upon it."""
    if not (kept.exists() and published.exists()):
        return None
    try:
        known = _values(kept, f"select value from book.note where name in ('{SHOWN}', '{NEXT}')")
        [mark] = _values(published, "select made_from from provenance")
    except (duckdb.Error, CarryoverError):
        # Whatever is wrong with either, all can be made anew.
        return None
    return mark if mark in known else None


def _values(path: Path, query: str) -> list[str]:
    with open_database(path, read_only=True) as connection:
        return [str(value) for (value,) in connection.execute(query).fetchall()]


def drop(path: Path) -> None:
    """Delete what is kept: the next build makes all tables anew."""
    drop_database(path)
