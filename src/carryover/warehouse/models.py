"""SQL models as files: what each reads, in which order they run, what their columns mean."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final

import duckdb
import polars as pl

from carryover.errors import CarryoverError

LAYERS: Final = ("staging", "intermediate", "marts")
PUBLISHED: Final = "marts"
GRAIN: Final = re.compile(r"^-- grain: (.+)")
COMMENT: Final = re.compile(r"\bas (\w+),? -- (.+)$", re.MULTILINE)
AUDIT: Final = re.compile(r"^-- audit (error|warning): (.+)")

Frames = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class SqlModel:
    """One SELECT in a file; `reads` are the tables it names beside the store's."""

    name: str
    layer: str
    grain: str
    sql: str
    reads: frozenset[str]

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


def sql_models(connection: duckdb.DuckDBPyConnection) -> list[SqlModel]:
    """Return every model under `sql/`, by name."""
    return [
        SqlModel(name, layer, _first(GRAIN, name, text)[0], text, tables_read(connection, text))
        for layer in LAYERS
        for name, text in _texts(layer)
    ]


def published_names() -> frozenset[str]:
    """Return the names of all published tables."""
    return frozenset(name for name, _ in _texts(PUBLISHED))


def audits(connection: duckdb.DuckDBPyConnection) -> list[Audit]:
    """Return every audit under `sql/audits/`, by name."""
    return [
        Audit(name, severity, law, text, tables_read(connection, text))
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


def spent(ordered: Sequence[Model]) -> list[list[str]]:
    """Return for each model, in their order, which working tables nothing reads after it.

    Published tables and the audits' own stay.
    """
    last = {name: place for place, model in enumerate(ordered) for name in model.reads}
    done: list[list[str]] = [[] for _ in ordered]
    for place, model in enumerate(ordered):
        published = isinstance(model, SqlModel) and model.layer == PUBLISHED
        if not published and not isinstance(model, AuditModel):
            done[last.get(model.name, place)].append(model.name)
    return done


def tables_read(connection: duckdb.DuckDBPyConnection, sql: str) -> frozenset[str]:
    """Return the tables a SELECT reads, as DuckDB's own parser sees them; not the store's."""
    asked = connection.execute("select json_serialize_sql($sql::varchar)", {"sql": sql})
    [(text,)] = asked.fetchall()
    tree = json.loads(text)
    if tree.get("error"):
        raise CarryoverError(f"this model is not one SELECT: {tree.get('error_message')}")
    named: set[str] = set()
    ctes: set[str] = set()
    for node in _nodes(tree):
        if node.get("type") == "BASE_TABLE" and not node.get("schema_name"):
            named.add(node["table_name"])
        elif isinstance(node.get("cte_map"), dict):
            ctes |= {entry["key"] for entry in node["cte_map"]["map"]}
    return frozenset(named - ctes)


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
