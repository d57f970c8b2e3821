"""The store: what was read from files, one transaction a batch, and nothing twice.

A private database beside the published one. Its ledger (`content`, `disk`, `member`) is
compared with the files under `data/raw/` every night, so that a batch lost in a crash is
found missing and read again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import shutil
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from carryover import columns
from carryover.warehouse.connect import open_database

CONTENT: Mapping[str, pl.DataType] = {
    "sha256": pl.String(),
    "kind": pl.String(),
    "size_bytes": pl.Int64(),
    "status": pl.String(),
    "reason": pl.String(),
    "athlete_id": pl.String(),
    "decoder_key": pl.String(),
}
"""Grain: one content of a batch and what became of it."""

MEMBER: Mapping[str, pl.DataType] = {
    "inner_place": pl.String(),
    "sha256": pl.String(),
    "outer_sha256": pl.String(),
}
"""Grain: one place inside an archive, as it follows the archive's own place (`!run.fit`)."""

PROBLEM: Mapping[str, pl.DataType] = {
    "sha256": pl.String(),
    "severity": pl.String(),
    "what": pl.String(),
    "remedy": pl.String(),
}
"""Grain: one thing a person should know about a content."""

Tables = Mapping[str, Mapping[str, pl.DataType]]
LAYOUT: Final = "layout"


class Store:
    """An open store; every change is one transaction."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, tables: Tables) -> None:
        self._connection = connection
        self._tables = tables

    def prepare(self) -> None:
        """Create what is missing; harmless on a store that is complete.

        A store of another layout is emptied, so that its files are read again; only the list
        of what lay on disk stays, since it tells a lost disk from an empty home.
        """
        raw = files("carryover.sql").joinpath("raw.sql").read_text("utf-8")
        layout = hashlib.sha256(f"{raw}{_told(self._tables)}".encode()).hexdigest()[:16]
        held = self._tables_held()
        if held and not ("meta" in held and self.note(LAYOUT) == layout):
            self._connection.execute("begin")
            for name in sorted(held - {"disk"}):
                self._connection.execute(f"drop table {name}")
            self._connection.execute("commit")
            held = frozenset()
        self._connection.execute(raw)
        for name, schema in self._tables.items():
            blank = columns.empty(dict(schema))
            self._connection.register("blank", blank)
            self._connection.execute(
                f"create table if not exists {name} as "  # noqa: S608 - own table names
                "select 0::integer as content_id, * from blank limit 0"
            )
            self._connection.unregister("blank")
        if not held:
            self.remember(LAYOUT, layout)

    def known(self, decoder_key: str) -> frozenset[str]:
        """Return the hashes of contents that this reader has dealt with already.

        An archive is known only while all that it holds is.
        """
        rows = self._connection.execute(
            """
            with read as (select sha256 from content where decoder_key = $key)
            select sha256 from read
            where sha256 not in (
              select outer_sha256 from member where sha256 not in (select sha256 from read)
            )
            """,
            {"key": decoder_key},
        ).fetchall()
        return frozenset(sha256 for (sha256,) in rows)

    def load(self, batch: Path) -> None:
        """Load one spooled batch in one transaction, replacing what its contents held before."""
        with self._transaction():
            self._stage(batch, "content", CONTENT)
            self._stage(batch, "member", MEMBER)
            self._stage(batch, "problem", PROBLEM)
            self._enter_contents()
            self._connection.execute("insert into member select distinct * from staged_member")
            self._connection.execute(
                """
                insert into problem
                select content_id, severity, what, remedy
                from staged_problem join content using (sha256)
                """
            )
            for name, schema in self._tables.items():
                self._insert(batch, name, schema)

    def replace_disk(self, places: Iterable[tuple[str, str]]) -> int:
        """Record what lies on disk now; forget contents that no longer do; return how many."""
        frame = pl.DataFrame(
            list(places), schema={"place": pl.String, "sha256": pl.String}, orient="row"
        )
        with self._transaction():
            self._connection.register("found", frame)
            self._connection.execute("delete from disk")
            self._connection.execute("insert into disk select * from found")
            self._connection.unregister("found")
            gone = """
                select sha256 from content
                where sha256 not in (select sha256 from disk)
                  and sha256 not in (
                    select sha256 from member
                    where outer_sha256 in (select sha256 from disk)
                  )
            """
            count = self._count(gone)
            self._forget(gone)
            self._connection.execute(
                "delete from member where outer_sha256 not in (select sha256 from disk)"
            )
        return count

    def size(self) -> int:
        """Return how many files on disk the ledger knew after the last night."""
        return self._count("select sha256 from disk")

    def disk(self) -> list[tuple[str, str]]:
        """Return place and hash of every file that was on disk last night, in order."""
        return self._connection.execute("select place, sha256 from disk order by all").fetchall()

    def statuses(self, hashes: Iterable[str]) -> dict[str, int]:
        """Return how many of these contents have each status."""
        frame = pl.DataFrame({"sha256": list(hashes)}, schema={"sha256": pl.String})
        self._connection.register("asked", frame)
        rows = self._connection.execute(
            "select status, count(*) from content join asked using (sha256) group by all"
        ).fetchall()
        self._connection.unregister("asked")
        return dict(rows)

    def state(self) -> str:
        """Return a short text that changes whenever the store's contents do."""
        row = self._connection.execute(
            """
            select count(*) || ':' || coalesce(max(content_id), 0) || ':' || coalesce(
              md5(string_agg(concat_ws('|', sha256, status, place), chr(10) order by all)), '')
            from content left join disk using (sha256)
            """
        ).fetchone()
        return str(row[0]) if row else ""

    def note(self, name: str) -> str | None:
        """Return a remembered value; None where there is none."""
        row = self._connection.execute(
            "select value from meta where name = $name", {"name": name}
        ).fetchone()
        return None if row is None else str(row[0])

    def remember(self, name: str, value: str) -> None:
        """Keep a value for the next night."""
        with self._transaction():
            self._connection.execute("delete from meta where name = $name", {"name": name})
            self._connection.execute(
                "insert into meta values ($name, $value)", {"name": name, "value": value}
            )

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("begin")
        try:
            yield
        except BaseException:
            # A rollback raises of its own on a full disk; the first fault is the one to tell.
            with contextlib.suppress(duckdb.Error):
                self._connection.execute("rollback")
            raise
        self._connection.execute("commit")

    def _stage(self, batch: Path, name: str, schema: Mapping[str, pl.DataType]) -> None:
        path = batch / f"{name}.parquet"
        frame = pl.read_parquet(path) if path.exists() else columns.empty(dict(schema))
        self._connection.register("incoming", frame)
        self._connection.execute(
            f"create or replace temp table staged_{name} as select * from incoming"  # noqa: S608
        )
        self._connection.unregister("incoming")

    def _forget(self, hashes: str) -> None:
        """Delete contents, and all that came from them, by a query of hashes."""
        self._connection.execute(
            f"create or replace temp table leaving as "  # noqa: S608 - own SQL
            f"select content_id from content where sha256 in ({hashes})"
        )
        for name in [*self._tables, "problem", "content"]:
            self._connection.execute(
                f"delete from {name} where content_id in (select content_id from leaving)"  # noqa: S608
            )

    def _enter_contents(self) -> None:
        """Replace staged contents and all that came from them; `ingested_at` stays the first."""
        self._connection.execute(
            """
            create or replace temp table first_read as
            select sha256, min(ingested_at) as ingested_at
            from content join staged_content using (sha256)
            group by sha256
            """
        )
        self._forget("select sha256 from staged_content")
        self._connection.execute(
            """
            delete from member where outer_sha256 in (
              select outer_sha256 from staged_member union select sha256 from staged_content
            )
            """
        )
        self._connection.execute(
            """
            insert into content
              (sha256, kind, size_bytes, status, reason, athlete_id, decoder_key, ingested_at)
            select s.*, coalesce(f.ingested_at, $now)
            from staged_content as s left join first_read as f using (sha256)
            """,
            {"now": dt.datetime.now(dt.UTC)},
        )

    def _insert(self, batch: Path, name: str, schema: Mapping[str, pl.DataType]) -> None:
        path = batch / f"{name}.parquet"
        if not path.exists():
            return
        self._connection.register("incoming", pl.read_parquet(path))
        listed = ", ".join(f"i.{column}" for column in schema)
        self._connection.execute(
            f"insert into {name} select c.content_id, {listed} "  # noqa: S608 - own names
            "from incoming as i join content as c on c.sha256 = i.content_sha256"
        )
        self._connection.unregister("incoming")

    def _tables_held(self) -> frozenset[str]:
        rows = self._connection.execute(
            "select table_name from duckdb_tables() where not temporary and not internal"
        ).fetchall()
        return frozenset(name for (name,) in rows)

    def _count(self, query: str) -> int:
        row = self._connection.execute(f"select count(*) from ({query})").fetchone()  # noqa: S608
        return int(row[0]) if row else 0


@contextlib.contextmanager
def open_store(path: Path, tables: Tables, *, memory_limit: str) -> Iterator[Store]:
    """Open the store for writing, created where it is missing; closed whatever happens."""
    with open_database(path, memory_limit=memory_limit) as connection:
        store = Store(connection, tables)
        store.prepare()
        yield store


def _told(tables: Tables) -> str:
    return repr([(name, [(n, str(t)) for n, t in held.items()]) for name, held in tables.items()])


def spool(
    batch: Path,
    ledger: Mapping[str, pl.DataFrame],
    frames: Mapping[str, pl.DataFrame],
) -> None:
    """Write a decoded batch where the one writer will find it: a folder that appears whole."""
    partial = batch.with_name(f".{batch.name}.part")
    for leftover in (partial, batch):
        shutil.rmtree(leftover, ignore_errors=True)
    partial.mkdir(parents=True)
    for name, frame in {**ledger, **frames}.items():
        if frame.height:
            frame.write_parquet(partial / f"{name}.parquet", compression="lz4")
    partial.rename(batch)
