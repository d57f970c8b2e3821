"""The store: what was read from files, one transaction a batch, and nothing twice.

A private database beside the published one. Its ledger (`content`, `disk`, `member`) is
compared with the files under `data/raw/` every night, so that a batch lost in a crash is
found missing and read again.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from carryover import columns
from carryover.rawfile import CONTAINERS
from carryover.warehouse.connect import open_database
from carryover.warehouse.content import CONTENT, MEMBER, PROBLEM, Reading

Tables = Mapping[str, Mapping[str, pl.DataType]]
LAYOUT: Final = "layout"
BORN: Final = "born"
"""A mark of this very store: in another one the same number of a content means another content."""


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
        # The note is written last: where it stands, everything stands.
        if "meta" in held and self.note(LAYOUT) == layout:
            if self.note(BORN) is None:
                self.remember(BORN, secrets.token_hex(8))
            return
        if held:
            self._connection.execute("begin")
            for name in sorted(held - {"disk"}):
                self._connection.execute(f"drop table {name}")
            self._connection.execute("commit")
        self._connection.execute(raw)
        for name, schema in self._tables.items():
            blank = columns.empty(dict(schema))
            self._connection.register("blank", blank)
            self._connection.execute(
                f"create table if not exists {name} as "
                "select 0::integer as content_id, * from blank limit 0"
            )
            self._connection.unregister("blank")
        self.remember(BORN, secrets.token_hex(8))
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

    def load(self, readings: Iterable[Reading]) -> None:
        """Load readings in one transaction, replacing what their contents held before."""
        with self._transaction():
            for reading in readings:
                self._add(reading)

    def _add(self, reading: Reading) -> None:
        first_read = self._replaced(reading)
        numbers = self._numbers(reading.content.height)
        now = dt.datetime.now(dt.UTC)
        told = [first_read.get(sha256, now) for sha256 in reading.content["sha256"]]
        ingested_at = pl.Series(told, dtype=pl.Datetime("us", "UTC"))
        content = reading.content.with_columns(content_id=numbers, ingested_at=ingested_at)
        self._insert("content", content, ["content_id", *CONTENT, "ingested_at"])
        self._insert("member", reading.member.unique(maintain_order=True), list(MEMBER))
        tables = {"problem": PROBLEM, **self._tables}
        for name, frame in {"problem": reading.problem, **reading.frames}.items():
            held = frame.with_columns(content_id=pl.lit(numbers).gather(pl.col("content")))
            listed = [column for column in tables[name] if column != "content"]
            self._insert(name, held, ["content_id", *listed])

    def _insert(self, name: str, frame: pl.DataFrame, listed: Sequence[str]) -> None:
        if frame.is_empty():
            return
        self._connection.register("incoming", frame)
        self._connection.execute(f"insert into {name} select {', '.join(listed)} from incoming")
        self._connection.unregister("incoming")

    def _replaced(self, reading: Reading) -> dict[str, dt.datetime]:
        """Forget what a reading's contents held before; return when each was first read."""
        told = reading.content.select("sha256"), reading.member.select("outer_sha256").unique()
        for name, frame in zip(("read", "outer_read"), told, strict=True):
            self._connection.register(name, frame)
        rows = self._connection.execute(
            "select sha256, min(ingested_at) from content join read using (sha256) group by 1"
        ).fetchall()
        if rows:
            self._forget("select sha256 from read")
        if rows or reading.member.height:
            self._connection.execute(
                "delete from member where outer_sha256 in "
                "(select outer_sha256 from outer_read union select sha256 from read)"
            )
        for name in ("read", "outer_read"):
            self._connection.unregister(name)
        return dict(rows)

    def _numbers(self, n: int) -> pl.Series:
        told = self._connection.execute(
            "select nextval('content_number') from range($n)", {"n": n}
        ).fetchall()
        return pl.Series([number for (number,) in told], dtype=pl.Int32)

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

    def unlearn(self, forgotten: Iterable[str], reason: str) -> None:
        """Let contents be read again that are forgotten now, or no longer; `reason`: how it begins.

        The ledger knows a content that was set aside as forgotten by the reason that it bears.
        """
        wished = pl.DataFrame({"sha256": list(forgotten)}, schema={"sha256": pl.String})
        self._connection.register("wished", wished)
        with self._transaction():
            self._connection.execute(
                """
                update content set decoder_key = ''
                where coalesce(starts_with(reason, $reason), false)
                  <> (sha256 in (select sha256 from wished))
                """,
                {"reason": reason},
            )
        self._connection.unregister("wished")

    def size(self) -> int:
        """Return how many files on disk the ledger knew after the last night."""
        return self._count("select sha256 from disk")

    def disk(self) -> list[tuple[str, str]]:
        """Return place and hash of every file that was on disk last night, in order."""
        return self._connection.execute("select place, sha256 from disk order by all").fetchall()

    def statuses(self, hashes: Iterable[str], *, inside: bool = False) -> dict[str, int]:
        """Return how many of these contents have each status; `inside`: of what they hold."""
        frame = pl.DataFrame({"sha256": list(hashes)}, schema={"sha256": pl.String})
        self._connection.register("asked", frame)
        containers = ", ".join(f"'{kind}'" for kind in sorted(CONTAINERS))
        held = f"""
            select distinct member.sha256 from member join asked on outer_sha256 = asked.sha256
            join content on content.sha256 = member.sha256 where kind not in ({containers})
        """
        rows = self._connection.execute(
            f"with chosen as ({held if inside else 'from asked'}) "
            "select status, count(*) from content join chosen using (sha256) group by all"
        ).fetchall()
        self._connection.unregister("asked")
        return dict(rows)

    def members(self, hashes: Iterable[str]) -> list[tuple[str, str, str, bool, int]]:
        """Return what these contents hold where they are zips: place, kind, status, empty, n."""
        frame = pl.DataFrame({"sha256": list(hashes)}, schema={"sha256": pl.String})
        self._connection.register("asked", frame)
        containers = ", ".join(f"'{kind}'" for kind in sorted(CONTAINERS))
        rows = self._connection.execute(
            f"""
            with place as (select sha256, min(place) as place from disk group by all)
            select place.place, held.kind, held.status, held.size_bytes = 0, count(*)
            from asked
            join place using (sha256)
            join content as outside using (sha256)
            join member on member.outer_sha256 = asked.sha256
            join content as held on held.sha256 = member.sha256
            where outside.kind = 'zip' and held.kind not in ({containers})
            group by all
            order by all
            """
        ).fetchall()
        self._connection.unregister("asked")
        return rows

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
        # All rows are fetched: a result that is not at its end holds the connection.
        rows = self._connection.execute(
            "select value from meta where name = $name", {"name": name}
        ).fetchall()
        return str(rows[0][0]) if rows else None

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

    def _forget(self, hashes: str) -> None:
        """Delete contents, and all that came from them, by a query of hashes."""
        self._connection.execute(
            f"create or replace temp table leaving as "
            f"select content_id from content where sha256 in ({hashes})"
        )
        for name in [*self._tables, "problem", "content"]:
            self._connection.execute(
                f"delete from {name} where content_id in (select content_id from leaving)"
            )

    def _tables_held(self) -> frozenset[str]:
        rows = self._connection.execute(
            "select table_name from duckdb_tables() where not temporary and not internal"
        ).fetchall()
        return frozenset(name for (name,) in rows)

    def _count(self, query: str) -> int:
        row = self._connection.execute(f"select count(*) from ({query})").fetchone()
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
