"""Bring every published table up to date with the store, and audit it.

The result is that of a build from nothing, to the last bit; the cost is that of what has changed.
A table is left as it is where the rows that it reads and its own model are as they were; of tables
that go run by run only the runs are worked out that have changed ([docs/incremental.md]).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from carryover import columns
from carryover.errors import AuditError, DamagedError
from carryover.warehouse import book as books
from carryover.warehouse.basis import lay_basis
from carryover.warehouse.connect import drop_database, frame_of, open_database, quoted
from carryover.warehouse.hashes import digest, table_digest
from carryover.warehouse.models import (
    Audit,
    AuditModel,
    Parser,
    PythonModel,
    SqlModel,
    audits,
    in_order,
    macros,
    sql_models,
)
from carryover.warehouse.publish import rows_of
from carryover.warehouse.stages import Stage, Step, steps
from carryover.warehouse.unitwise import Told, Unitwise
from carryover.warehouse.workshop import Workshop

AUDIT_TABLE: Final = "audit_result"
AUDIT_SCHEMA: Final[dict[str, pl.DataType]] = {
    "severity": pl.String(),
    "subject": pl.String(),
    "what": pl.String(),
    "remedy": pl.String(),
}
MAX_OFFENDERS: Final = 20
"""One audit never floods the page with more."""
LAST: Final = "provenance"
"""The table that tells what all the others were made from."""
MADE_FROM: Final = {"made_from": pl.String()}

SAID: Final = {
    "person": "the athletes in carryover.toml",
    "privacy": "[privacy]",
    "channel_source": "[prefer]",
    "limits": "thresholds",
    "exclusion_data": "reasons why seconds do not count",
}
"""How tables that runs are worked out from are called."""

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made: rows of each published table, and how much of it was new."""

    rows: Mapping[str, int]
    told: Told = field(default_factory=Told)
    n_tables: int = 0
    n_made: int = 0

    def sentence(self) -> str:
        """Return what was made anew, and why, where that was everything."""
        said = (
            f"{self.told.n_anew:,} of {self.told.n_runs:,} runs worked out, "
            f"{self.n_made} of {self.n_tables} tables made"
        )
        why = dict.fromkeys(_why(name) for name in self.told.why)
        return f"{said}: {', '.join(why)} changed" if why else said


def build(
    store: Path,
    target: Path,
    *,
    given: Mapping[str, pl.DataFrame],
    estimates: Iterable[PythonModel],
    kept: Path,
    basis: Path | None = None,
    memory_limit: str = "4GB",
    progress: Progress | None = None,
) -> Built:
    """Build all tables into `target`, a private file.

    `given` frames are tables to start from, `kept` what earlier builds left for this one, `basis`
    the published file. Raises AuditError where the tables contradict themselves, DamagedError
    where the store cannot be read; `target` is then of no use.
    """
    models = list(estimates)
    spill = target.with_suffix(".spill")
    shutil.rmtree(spill, ignore_errors=True)

    def attempt() -> Built:
        drop_database(target)
        mark = books.mark_of(basis, kept) if basis else None
        if basis and mark:
            lay_basis(basis, target)
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open_database(target, memory_limit=memory_limit, temp_dir=spill) as connection:
            _attach(connection, store, kept)
            work = Build(connection, given, models, mark)
            return work.run(progress)

    try:
        try:
            return attempt()
        except DamagedError:
            # What is kept may be what was damaged: it can be made again, the store cannot.
            books.drop(kept)
        return attempt()
    except DamagedError as fault:
        # All else was made a moment ago: what cannot be read is the store.
        raise DamagedError(fault.what, subject=str(store), remedy=fault.remedy) from fault


def _why(name: str) -> str:
    return SAID.get(name, f"the model {name}")


def _attach(connection: duckdb.DuckDBPyConnection, store: Path, kept: Path) -> None:
    connection.execute(f"attach '{quoted(store)}' as store (read_only)")
    connection.execute(f"attach '{quoted(kept)}' as kept")


class Build:
    """One build under way: the models in their order, over a workshop and the book."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        given: Mapping[str, pl.DataFrame],
        estimates: Sequence[PythonModel],
        basis: str | None,
    ) -> None:
        connection.execute(macros())
        self._connection = connection
        self._book = books.Book(connection, basis)
        parser = Parser(connection, self._book.parsed())
        self._audits = AuditModel(AUDIT_TABLE, tuple(audits(connection, parser)))
        every: list[SqlModel | PythonModel] = [*sql_models(connection, parser), *estimates]
        self._book.keep_parsed(parser.told)
        self._models = every
        self._shop = Workshop(connection, {m.name: m.order for m in every if m.unit and m.order})
        self._shop.give(given)
        self._names = frozenset(given)
        self._passing = {m.name: m for m in every if isinstance(m, SqlModel) and m.passes}
        self._laid: set[str] = set()
        self._told = Told()
        self._n_made = 0
        self._n_threads: int | None = None
        self._common = digest(macros(), duckdb.__version__, self._born())
        self._units = Unitwise(self._shop, self._book, self._common, self._told)

    def run(self, progress: Progress | None) -> Built:
        """Make every table; return how many rows each published one has."""
        self._shop.drop_others(self._models)
        first = [m for m in [*self._models, self._audits] if m.name != LAST]
        last = [m for m in self._models if m.name == LAST]
        todo = [*steps(in_order(first, self._names), self._names), *last]
        for number, step in enumerate(todo, start=1):
            if step in last:
                self._tell_origin()
            self._make(step)
            self._put_away(todo[number:])
            if progress:
                progress(number, len(todo), step.name)
        self._refuse_contradictions()
        [(mark,)] = self._connection.execute(f"select made_from from {LAST}").fetchall()
        self._close(str(mark))
        rows = rows_of(self._connection)
        n_tables = sum(not isinstance(step, Stage) for step in todo)
        return Built(rows, self._told, n_tables, self._n_made)

    def _make(self, step: Step) -> None:
        # Whole tables by one thread: their rows come out in one order, and so do sums of a few.
        self._threads(None if isinstance(step, Stage) else 1)
        if isinstance(step, Stage):
            self._units.make(step, self._one)
        elif isinstance(step, AuditModel):
            self._lay_out(step.reads)
            found = [offenders(self._connection, check) for check in step.checks]
            self._shop.give({step.name: pl.concat([columns.empty(AUDIT_SCHEMA), *found])})
        else:
            self._whole(step)

    def _threads(self, n: int | None) -> None:
        """Let DuckDB use so many threads, by default all."""
        if n != self._n_threads:
            self._connection.execute("reset threads" if n is None else f"set threads = {n}")
            self._n_threads = n

    def _whole(self, model: SqlModel | PythonModel) -> None:
        """Make a table where anything that it follows from has changed, else leave it."""
        text = model.sql if isinstance(model, SqlModel) else model.made_of
        versions = [f"{name} {self._shop.version(name)}" for name in sorted(model.reads)]
        stored = [f"{name} {self._shop.stored_version(name)}" for name in sorted(model.stored)]
        told = digest(self._common, text, *versions, *stored)
        if model.name in self._passing:
            self._shop.known(model, told)
            return
        published = model.is_published
        before = self._book.made(model.name, self._book.place(published=published))
        if before and before[0] == told and self._shop.stands(model):
            version = before[1]
        else:
            version = self._made(model)
        if published or before != (told, version):
            self._book.enter(model.name, told, version, published=published)
        self._shop.known(model, version)

    def _made(self, model: SqlModel | PythonModel) -> str:
        if not model.is_published:
            # Struck out first: a build that is cut off must not take the new for the old.
            self._book.forget(model.name)
        self._lay_out(model.reads)
        if isinstance(model, PythonModel):
            self._one(model)
            self._shop.make(model, f"from temp.main.{model.name}")
            self._shop.forget(model.name)
        else:
            self._shop.make(model, _in_line(model))
        self._n_made += 1
        return table_digest(self._connection, self._shop.lasting(model))

    def _lay_out(self, names: Iterable[str]) -> None:
        """Have tables stand as a whole model reads them, those that pass among them."""
        for name in sorted(self._passing.keys() & set(names) - self._laid):
            self._lay_out(self._passing[name].reads)
            self._one(self._passing[name])
            self._laid.add(name)
            self._n_made += 1
        self._shop.whole(names)

    def _one(self, model: SqlModel | PythonModel) -> None:
        """Make one model's table, as a temporary one."""
        if isinstance(model, PythonModel):
            frames = {name: self._shop.frame(name) for name in model.reads}
            self._shop.put_frame(model.name, model.make(frames))
            return
        self._connection.execute(f"create or replace temp table {model.name} as {model.sql}")

    def _put_away(self, rest: Sequence[Step]) -> None:
        """Drop what was laid out for readers that have all been."""
        wanted = {name for step in rest if not isinstance(step, Stage) for name in step.reads}
        # One that passes is made, or made again, where its readers are.
        waiting = wanted & self._passing.keys()
        while waiting:
            read = self._passing[waiting.pop()].reads
            waiting |= (read & self._passing.keys()) - wanted
            wanted |= read
        self._shop.put_away({m.name for m in self._models} - wanted)
        for name in self._laid - wanted:
            self._shop.forget(name)
        self._laid &= wanted

    def _tell_origin(self) -> None:
        mark = self._shop.all_published(m for m in self._models if m.name != LAST)
        self._shop.give({"built_from": pl.DataFrame({"made_from": [mark]}, schema=MADE_FROM)})

    def _born(self) -> str:
        """Return the mark of this very store: in another the same number means another content."""
        rows = self._connection.execute(
            "select value from store.meta where name = 'born'"
        ).fetchall()
        return str(rows)

    def _refuse_contradictions(self) -> None:
        rows = self._connection.execute(
            f"select subject, what, remedy from {AUDIT_TABLE} where severity = 'error' limit 1"
        ).fetchall()
        for subject, what, remedy in rows:
            raise AuditError(
                f"the tables contradict themselves: {what}", subject=str(subject),
                remedy=f"{remedy} The published warehouse is unchanged.",
            )  # fmt: skip

    def _close(self, mark: str) -> None:
        self._book.close(mark)
        self._connection.execute("detach store")
        self._connection.execute("checkpoint kept")
        self._connection.execute("reset search_path")
        self._connection.execute("detach kept")
        self._connection.execute("checkpoint")


def _in_line(model: SqlModel) -> str:
    """Return a model's query, in an order where it reads the store: rows lie there as they came."""
    if model.stored and not model.is_published:
        return f"select * from ({model.sql}\n) order by all"
    return model.sql


def offenders(connection: duckdb.DuckDBPyConnection, check: Audit) -> pl.DataFrame:
    """Return what breaks a law, at most 20 rows and a count of the rest."""
    found = frame_of(connection, check.sql).select(
        pl.col("subject").cast(pl.String), pl.col("what").cast(pl.String)
    )
    shown = found.head(MAX_OFFENDERS)
    if found.height > shown.height:
        rest = {"subject": check.name, "what": f"and {found.height - shown.height} more"}
        shown = pl.concat([shown, pl.DataFrame([rest])])
    return shown.select(
        pl.lit(check.severity).alias("severity"),
        "subject",
        "what",
        pl.lit(f"Law: {check.law}.").alias("remedy"),
    )
