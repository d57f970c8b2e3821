"""SQL models as files: what each reads, in which order they run, what their columns mean."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

import duckdb
import polars as pl

from carryover.errors import CarryoverError

LAYERS: Final = ("staging", "intermediate", "marts")
PUBLISHED: Final = "marts"
STORE: Final = "store"
GRAIN: Final = re.compile(r"^-- grain: (.+)")
COMMENT: Final = re.compile(r"\bas (\w+),? -- (.+)$", re.MULTILINE)
UNIT: Final = re.compile(r"^-- unit: (\w+)(?:; order: ([\w, ]+))?$", re.MULTILINE)
"""Whose rows depend on nobody else's, and how such a table is read where the whole is asked for."""
PASSING: Final = re.compile(r"^-- passing$", re.MULTILINE)
"""A table that is made when one that reads it is, and of which nothing stays."""
AUDIT: Final = re.compile(r"^-- audit (error|warning): (.+)")

Frames = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class SqlModel:
    """One SELECT in a file; `reads` are the tables it names beside the store's (`stored`)."""

    name: str
    layer: str
    grain: str
    sql: str
    reads: frozenset[str]
    stored: frozenset[str] = frozenset()
    unit: str | None = None
    """Each run (recording) is worked out by itself: its rows need those of no other."""
    order: tuple[str, ...] = ()
    """How the whole of such a table is read; empty where only its own unit reads it."""
    passes: bool = False
    """Made whenever a table that reads it is; nothing of it stays."""

    @property
    def is_published(self) -> bool:
        """Whether everybody may read its table."""
        return self.layer == PUBLISHED

    @property
    def comments(self) -> dict[str, str]:
        """What each column means, as its line in the file says."""
        return dict(COMMENT.findall(self.sql))


@dataclass(frozen=True, slots=True)
class PythonModel:
    """One estimate: frames of the tables it reads → the frame of its own table."""

    name: str
    reads: tuple[str, ...]
    make: Callable[[Frames], pl.DataFrame]
    unit: str | None = None
    """Each run (athlete) is estimated by itself."""
    order: tuple[str, ...] = ()
    made_of: str = ""
    """What decides its result beside what it reads: program and configuration, as a hash."""
    is_published: bool = False
    stored: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Audit:
    """One query that returns offenders (`subject`, `what`); an error stops publication."""

    name: str
    severity: str
    law: str
    sql: str
    reads: frozenset[str]


@dataclass(frozen=True, slots=True)
class AuditModel:
    """All audits as one table, which comes after every table that they look at."""

    name: str
    checks: tuple[Audit, ...]

    @property
    def reads(self) -> frozenset[str]:
        """Every table that any audit looks at."""
        return frozenset().union(*(check.reads for check in self.checks))


Model = SqlModel | PythonModel | AuditModel


class Parser:
    """DuckDB's own parser, asked which tables a SELECT reads; what it said before is `known`."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        known: Mapping[str, list[list[str]]] | None = None,
    ) -> None:
        self._connection = connection
        self._known = _said_before()
        self._known |= known or {}
        self.told: dict[str, list[list[str]]] = {}
        """Hash of each SELECT that was asked about → the tables of models, those of the store."""

    def tables(self, sql: str) -> tuple[frozenset[str], frozenset[str]]:
        """Return the tables that models make and those of the store."""
        key = hashlib.sha256(sql.encode()).hexdigest()[:16]
        if key not in self._known:
            self._known[key] = [sorted(names) for names in _tables_named(self._connection, sql)]
        self.told[key] = self._known[key]
        own, stored = self._known[key]
        return frozenset(own), frozenset(stored)


@lru_cache(maxsize=1)
def _said_before() -> dict[str, list[list[str]]]:
    """Return what the parser has said in this process: one text names the same tables always."""
    return {}


def sql_models(
    connection: duckdb.DuckDBPyConnection, parser: Parser | None = None
) -> list[SqlModel]:
    """Return every model under `sql/`, by name."""
    asked = parser or Parser(connection)
    return [
        _sql_model(asked, layer, name, text) for layer in LAYERS for name, text in _texts(layer)
    ]


def _sql_model(parser: Parser, layer: str, name: str, text: str) -> SqlModel:
    reads, stored = parser.tables(text)
    unit = UNIT.search(text)
    told = unit.group(2) if unit else None
    order = tuple(told.split(", ")) if told else ()
    grain = _first(GRAIN, name, text)[0]
    of = unit.group(1) if unit else None
    passes = PASSING.search(text) is not None
    return SqlModel(name, layer, grain, text, reads, stored, of, order, passes)


def published_names() -> frozenset[str]:
    """Return the names of all published tables."""
    return frozenset(name for name, _ in _texts(PUBLISHED))


def audits(connection: duckdb.DuckDBPyConnection, parser: Parser | None = None) -> list[Audit]:
    """Return every audit under `sql/audits/`, by name."""
    asked = parser or Parser(connection)
    return [
        Audit(name, severity, law, text, asked.tables(text)[0])
        for name, text in _texts("audits")
        for severity, law in [_first(AUDIT, name, text)]
    ]


def macros() -> str:
    """Return the statements that define the words models share."""
    return files("carryover.sql").joinpath("macros.sql").read_text("utf-8")


def in_order(models: Iterable[Model], given: frozenset[str]) -> list[Model]:
    """Return models so that each comes after all it reads; `given` tables are there already.

    Raises CarryoverError for a table that nobody makes, or a circle.
    """
    by_name = {model.name: model for model in models}
    graph: dict[str, set[str]] = {}
    for model in by_name.values():
        missing = set(model.reads) - by_name.keys() - given
        if missing:
            raise CarryoverError(f"model {model.name} reads {sorted(missing)}, which nobody makes")
        graph[model.name] = set(model.reads) - given
    try:
        return [by_name[name] for name in TopologicalSorter(graph).static_order()]
    except CycleError as error:
        raise CarryoverError(f"models read each other in a circle: {error.args[1]}") from error


def tables_read(connection: duckdb.DuckDBPyConnection, sql: str) -> frozenset[str]:
    """Return the tables a SELECT reads, as DuckDB's own parser sees them; not the store's."""
    return _tables_named(connection, sql)[0]


def _tables_named(
    connection: duckdb.DuckDBPyConnection, sql: str
) -> tuple[frozenset[str], frozenset[str]]:
    """Return the tables a SELECT names: those that models make, and those of the store."""
    asked = connection.execute("select json_serialize_sql($sql::varchar)", {"sql": sql})
    [(tree,)] = asked.fetchall()
    return _named_in(str(tree))


@lru_cache(maxsize=1024)
def _named_in(serialised: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the tables named in what DuckDB's parser makes of a SELECT: own ones, the store's."""
    tree = json.loads(serialised)
    if tree.get("error"):
        raise CarryoverError(f"this model is not one SELECT: {tree.get('error_message')}")
    own: set[str] = set()
    stored: set[str] = set()
    ctes: set[str] = set()
    for node in _nodes(tree):
        if node.get("type") == "BASE_TABLE":
            schema = node.get("schema_name")
            if not schema:
                own.add(node["table_name"])
            elif schema == STORE:
                stored.add(node["table_name"])
        elif isinstance(node.get("cte_map"), dict):
            ctes |= {entry["key"] for entry in node["cte_map"]["map"]}
    return frozenset(own - ctes), frozenset(stored)


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - JSON
    left = [tree]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            yield node
            left += node.values()
        elif isinstance(node, list):
            left += node


def _texts(layer: str) -> list[tuple[str, str]]:
    folder: Traversable = files("carryover.sql").joinpath(layer)
    found = [f for f in folder.iterdir() if f.name.endswith(".sql")]
    return sorted((f.name.removesuffix(".sql"), f.read_text("utf-8")) for f in found)


def _first(pattern: re.Pattern[str], name: str, text: str) -> tuple[str, ...]:
    match = pattern.match(text)
    if match is None:
        raise CarryoverError(f"sql file {name} does not begin with {pattern.pattern!r}")
    return match.groups()
