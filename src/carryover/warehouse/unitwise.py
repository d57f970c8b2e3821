"""Stages: of all runs (recordings, athletes) only those are worked out whose inputs have changed.

Of each unit a hash is kept of everything that its rows follow from: its own rows of the tables
that the stage reads, what is read whole, and the models themselves.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from carryover.warehouse.book import KEPT, NEXT, Book
from carryover.warehouse.hashes import ROWS, columns_of, digest, table_digest
from carryover.warehouse.models import PythonModel, SqlModel
from carryover.warehouse.stages import ALONE, Stage
from carryover.warehouse.workshop import OWNER, Workshop

AT_ONCE: Final = 200
"""So many runs are worked out together: enough to be quick, few enough to stay in memory."""
PERSON: Final = "person"
SECONDS: Final = "sample"
"""A run is worked out where its seconds are; what follows from others' bins is counted by table."""

Make = Callable[[SqlModel | PythonModel], None]


@dataclass(slots=True)
class Told:
    """What a build did of its stages: runs, those worked out anew, and why where it was all."""

    n_runs: int = 0
    n_anew: int = 0
    why: list[str] = field(default_factory=list)


class Unitwise:
    """Makes stages in a workshop, with the help of the book of the last build."""

    def __init__(self, shop: Workshop, book: Book, common: str, told: Told) -> None:
        self._shop = shop
        self._book = book
        self._common = common
        self._told = told
        self._now: dict[str, str] = {}
        """Table of a run's stage → the temporary table of hashes of its runs."""
        self._hashed: set[str] = set()
        """Temporary tables of hashes of units' rows: what many stages read is hashed once."""

    def make(self, stage: Stage, one: Make) -> None:
        """Bring the lasting tables of a stage up to date; `one` makes one model's table."""
        parts, shared = self._inputs(stage)
        now = self._hashes(stage, parts, shared)
        [(n_units,)] = self._shop.connection.execute(f"select count(*) from {now}").fetchall()
        stale, gone = self._stale(stage, now)
        self._tell(stage, n_units, stale, shared)
        self._leave(stage, now, n_units, stale, gone)
        fresh = [m for m in stage.lasting if not self._shop.stands(m)]
        if n_units == 1:
            # All rows there are, are those of the one: nobody else's have to be kept away.
            parts = {}
        straight = stage.straight
        for batch in _batches(stale, stage) or ([[]] if fresh else []):
            self._work_out(stage, parts, batch, one)
            for model in stage.lasting:
                if model not in straight:
                    self._shop.append(model)
            for model in stage.models:
                self._shop.forget(model.name)
        if stage.unit in ALONE and stale:
            for model in set(stage.lasting) - set(fresh):
                self._in_line(stage, model)
        self._enter(stage, now)
        for model in stage.lasting:
            self._shop.known(model, self._version(stage, now, model))
            if stage.unit not in ALONE:
                self._now[model.name] = now

    def _inputs(self, stage: Stage) -> tuple[dict[str, str], dict[str, str]]:
        """Return inputs by unit (name → SQL of key and hash), and versions of those read whole."""
        parts: dict[str, str] = {}
        shared = {m.name: _text(m) for m in stage.models}
        for name in [*stage.reads, *([PERSON] if stage.unit in ALONE else [])]:
            sql = self._part(stage, name)
            if sql is None:
                shared[name] = self._shop.version(name)
            else:
                parts[name] = sql
        return parts, shared

    def _part(self, stage: Stage, name: str) -> str | None:
        """Return SQL for the hash of each unit's rows in a table, made once; None without units."""
        now = self._now.get(name)
        if now and stage.unit == "run":
            return f"select key, told from {now}"
        hashed = f"hashed_{stage.unit}_{name}"
        if hashed not in self._hashed:
            sql = self._rows_hashed(stage, name, now)
            if sql is None:
                return None
            self._shop.connection.execute(f"create or replace temp table {hashed} as {sql}")
            self._hashed.add(hashed)
        return f"select key, told from {hashed}"

    def _rows_hashed(self, stage: Stage, name: str, now: str | None) -> str | None:
        """Return SQL that hashes the rows themselves; `now`: hashes of runs, if there are any."""
        columns, source = self._shop.columns(name), self._shop.at(name)
        owner = self._shop.at(OWNER) if self._shop.is_there(OWNER) else None
        if now and owner and stage.unit == "athlete":
            # Of runs that have rows there: who has none may change as it likes.
            there = f" where n.key in (select run_id from {source})" if "run_id" in columns else ""
            return (
                "select o.athlete_id as key, md5(string_agg(n.key || n.told, ',' order by n.key)) "
                f"as told from {now} as n join {owner} as o on o.run_id = n.key{there} group by all"
            )
        if stage.key in columns:
            return f"select {stage.key} as key, {ROWS} as told from {source} as t group by all"
        if owner and stage.unit == "athlete" and "run_id" in columns:
            return (
                f"select o.athlete_id as key, {ROWS} as told from {source} as t "
                f"join {owner} as o using (run_id) group by all"
            )
        if owner and stage.unit == "run" and "athlete_id" in columns:
            whose = ", ".join(_owners(columns))
            return (
                f"select o.run_id as key, h.told from {owner} as o join (select {whose}, {ROWS} "
                f"as told from {source} as t group by all) as h using ({whose})"
            )
        return None

    def _hashes(self, stage: Stage, parts: dict[str, str], shared: dict[str, str]) -> str:
        """Make a temporary table (key, told) of all units as they are now; return its name."""
        now = f"now_{stage.name.replace(' ', '_')}"
        each = " union all ".join(
            f"select '{name}' as name, key, told from ({sql})" for name, sql in parts.items()
        )
        run = self._shop.connection.execute
        run(f"create or replace temp table told_parts as {each}")
        nobody = run(
            "select string_agg(name || told, ',' order by name) from told_parts where key is null"
        ).fetchall()
        whole = digest(self._common, str(nobody), json.dumps(shared, sort_keys=True))
        run(
            f"create or replace temp table {now} as select key, "
            f"md5('{whole}' || string_agg(name || '=' || told, ',' order by name)) as told "
            "from told_parts where key is not null group by key order by key"
        )
        run("drop table told_parts")
        return now

    def _stale(self, stage: Stage, now: str) -> tuple[list[str], list[str]]:
        """Return the units to be worked out, and those that are there and no longer should be."""
        places = {self._book.place(published=m.is_published) for m in stage.lasting}
        missing = [m for m in stage.lasting if not self._shop.stands(m)]
        run = self._shop.connection.execute
        same = "true" if not missing else "false"
        for place in sorted(places):
            same += (
                " and exists (select 1 from kept.book.part as p where p.key = n.key "
                f"and p.told = n.told and p.stage = '{stage.name}' and p.place = '{place}')"
            )
        stale = run(f"select key from {now} as n where not ({same}) order by key").fetchall()
        gone = run(
            "select distinct key from kept.book.part where stage = $stage "
            f"and place in ({', '.join(repr(p) for p in sorted(places))}) "
            f"and key not in (select key from {now}) order by key",
            {"stage": stage.name},
        ).fetchall()
        return [key for (key,) in stale], [key for (key,) in gone]

    def _leave(
        self, stage: Stage, now: str, n_units: int, stale: list[str], gone: list[str]
    ) -> None:
        """Take the rows of changed and vanished units out of all lasting tables.

        The book is struck out first: a build that is cut off works them out again.
        """
        if not (stale or gone):
            return
        run = self._shop.connection.execute
        run("create or replace temp table leaving as select unnest($keys::varchar[]) as key",
            {"keys": [*stale, *gone]})  # fmt: skip
        run(
            "delete from kept.book.part where stage = $stage and place = $place "
            "and key in (select key from leaving)", {"stage": stage.name, "place": KEPT},
        )  # fmt: skip
        for model in stage.lasting:
            if not self._shop.stands(model):
                continue
            if len(stale) == n_units:
                self._shop.drop(model)
            else:
                self._take_out(stage, self._shop.lasting(model), now)

    def _take_out(self, stage: Stage, full: str, now: str) -> None:
        run = self._shop.connection.execute
        if stage.unit not in ALONE:
            run(f"delete from {full} where {stage.key} in (select key from leaving)")
            return
        # Written anew, so that the rows of one athlete stand together, however they came.
        staying = f"select key from {now} where key not in (select key from leaving)"
        owned = (
            f"{stage.key} in ({staying})"
            if stage.key in columns_of(self._shop.connection, full)
            else f"run_id in (select run_id from {self._shop.at(OWNER)} "
            f"where athlete_id in ({staying}))"
        )
        run(f"create or replace table {full} as select * from {full} where {owned}")

    def _in_line(self, stage: Stage, model: SqlModel | PythonModel) -> None:
        """Have the rows of athletes stand by athlete, whoever was worked out last."""
        full = self._shop.lasting(model)
        whose, joined = f"t.{stage.key}", ""
        if stage.key not in columns_of(self._shop.connection, full):
            whose = f"o.{stage.key}"
            joined = f" join {self._shop.at(OWNER)} as o using (run_id)"
        self._shop.connection.execute(
            f"create or replace table {full} as "
            f"select t.* from {full} as t{joined} order by {whose}, t.rowid"
        )

    def _work_out(
        self, stage: Stage, parts: dict[str, str], batch: Sequence[str], one: Make
    ) -> None:
        """Make every table of a stage for some units, as temporary ones."""
        run = self._shop.connection.execute
        keys = {"keys": list(batch)}
        run("create or replace temp table batch as select unnest($keys::varchar[]) as key", keys)
        # What is given stands whole: it is small, and nobody's rows are mistaken for another's.
        laid = [n for n in parts if n in stage.reads and not self._shop.is_temporary(n)]
        for name in laid:
            run(
                f"create or replace temp table {name} as select * from {self._shop.at(name)} as t "
                f"where {self._is_in_batch(stage, self._shop.columns(name))}"
            )
        straight = stage.straight
        for model in stage.models:
            if isinstance(model, SqlModel) and model in straight:
                self._shop.extend(model, model.sql)
                continue
            one(model)
            if stage.unit in ALONE:
                held = columns_of(self._shop.connection, model.name)
                run(f"delete from {model.name} as t where not ({self._is_in_batch(stage, held)})")
        for name in laid:
            self._shop.forget(name)

    def _is_in_batch(self, stage: Stage, columns: Sequence[str]) -> str:
        """Return a condition: whether a row `t` of such columns is of a unit of the batch."""
        if stage.key in columns:
            return f"t.{stage.key} in (select key from batch) or t.{stage.key} is null"
        owner = self._shop.at(OWNER)
        by_run = stage.unit == "run"
        whose, asked = (_owners(columns), "run_id") if by_run else (("run_id",), "athlete_id")
        same = " and ".join(f"o.{name} = t.{name}" for name in whose)
        return (
            f"exists (select 1 from {owner} as o "
            f"where {same} and o.{asked} in (select key from batch))"
        )

    def _enter(self, stage: Stage, now: str) -> None:
        """Write down what every unit's rows follow from."""
        run = self._shop.connection.execute
        at = f"stage = '{stage.name}' and place = '{KEPT}'"
        if any(not m.is_published for m in stage.lasting):
            known = f"select key from kept.book.part where {at}"
            run(
                f"insert into kept.book.part select '{stage.name}', '{KEPT}', key, told "
                f"from {now} where key not in ({known})"
            )
            run(f"delete from kept.book.part where {at} and key not in (select key from {now})")
        if stage.is_published:
            run(f"insert into kept.book.part select '{stage.name}', '{NEXT}', key, told from {now}")

    def _version(self, stage: Stage, now: str, model: SqlModel | PythonModel) -> str:
        """Return what a lasting table holds: by its units' hashes, of small ones by its rows."""
        if stage.unit in ALONE:
            return table_digest(self._shop.connection, self._shop.lasting(model))
        rows = self._shop.connection.execute(
            f"select md5(string_agg(key || told, ',' order by key)) from {now}"
        ).fetchall()
        return digest(model.name, str(rows[0][0]))

    def _tell(
        self, stage: Stage, n_units: int, stale: list[str], shared: dict[str, str]
    ) -> None:  # fmt: skip
        """Count what is made anew, and why, where that is all."""
        if stage.unit != "run":
            return
        has_seconds = SECONDS in stage.own
        if has_seconds:
            self._told.n_runs, self._told.n_anew = n_units, len(stale)
        note = f"shared {stage.name}"
        before = json.loads(self._book.note(note) or "{}")
        changed = sorted(n for n in shared if n in before and before[n] != shared[n])
        if stale:
            models = {m.name for m in stage.models}
            self._told.why.extend(n for n in changed if has_seconds or n in models)
        self._book.remember(note, json.dumps(shared))


def _owners(columns: Sequence[str]) -> tuple[str, ...]:
    """Return by which columns rows of an athlete are a run's: of tables by sensor its sensor's."""
    return tuple(name for name in ("athlete_id", "sensor_epoch") if name in columns)


def _batches(stale: Sequence[str], stage: Stage) -> list[list[str]]:
    # An athlete by oneself: who else there is may not show in the last digits of a sum.
    size = 1 if stage.unit in ALONE else AT_ONCE
    return list(_pieces(stale, size))


def _pieces(keys: Sequence[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(keys), size):
        yield list(keys[start : start + size])


def _text(model: SqlModel | PythonModel) -> str:
    return digest(model.sql) if isinstance(model, SqlModel) else digest(model.made_of)
