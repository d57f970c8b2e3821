"""Published tables as Parquet, with their meanings, and a hash of what each table holds."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from carryover.errors import UsageError
from carryover.warehouse.connect import open_database, quoted

INSTANTS: Final = frozenset({"ingested_at"})
"""Columns that tell when a night was, not what files hold: no part of a table's hash."""
OF_NIGHTS: Final = frozenset({"night", "provenance"})
"""Tables that tell of nights and of their home alone: without a hash."""
OWNERS: Final = (("run_id", "run"), ("activity_id", "activity"), ("session_id", "strength_session"))
"""Keys that lead from a row to whose it is and to its day, and the tables that know both."""
DAYS: Final = ("local_date", "week_start")
DIGEST: Final = """
    select count(*), coalesce(sum(h), 0)::varchar, coalesce(bit_xor(h), 0)::varchar
    from (select hash({columns}) as h from main.{table})
"""
PARTS: Final = "format parquet, compression zstd, filename_pattern 'part-{i}', overwrite_or_ignore"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a published table."""

    name: str
    type: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one table: `digest` is the same wherever the same rows are."""

    name: str
    grain: str
    rows: int
    digest: str
    columns: tuple[Column, ...]
    partitions: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it for a machine."""
        columns = {c.name: {"type": c.type, "meaning": c.meaning} for c in self.columns}
        return {
            "grain": self.grain, "rows": self.rows, "hash": self.digest,
            "partitions": list(self.partitions), "columns": columns,
        }  # fmt: skip


def write_tables(
    published: Path, folder: Path, names: Collection[str] = (), *, whole: bool = False
) -> list[Written]:
    """Write published tables below `folder`, each into a folder of its name, as Parquet.

    A table is parted by whose its rows are and by the year of their day, as far as they tell
    (`sample/athlete_id=me/year=2026/part-0.parquet`), or with `whole` is one file
    (`sample/part.parquet`). `names`: only these. Raises UsageError for one that is none.
    """
    with open_database(published, read_only=True) as connection:
        # One thread keeps rows in their order, and the same rows in the same bytes.
        connection.execute("set threads = 1")
        tables = _tables(connection)
        unknown = sorted(set(names) - tables.keys())
        if unknown:
            raise UsageError(
                f"there is no table {unknown[0]!r}", subject=str(published),
                remedy=f"There are {', '.join(sorted(tables))}.",
            )  # fmt: skip
        chosen = [name for name in sorted(tables) if not names or name in names]
        return [_write(connection, folder, name, tables, whole=whole) for name in chosen]


def digests(published: Path) -> dict[str, str]:
    """Return a hash of what each table holds, whatever the order of its rows."""
    with open_database(published, read_only=True) as connection:
        return {name: _digest(connection, name, columns)
                for name, (_, columns) in _tables(connection).items()}  # fmt: skip


def _write(
    connection: duckdb.DuckDBPyConnection, folder: Path, name: str,
    tables: Mapping[str, tuple[str, tuple[Column, ...]]], *, whole: bool,
) -> Written:  # fmt: skip
    grain, columns = tables[name]
    meanings = json.dumps({c.name: c.meaning for c in columns}, ensure_ascii=False)
    told = f"kv_metadata {{grain: '{quoted(grain)}', columns: '{quoted(meanings)}'}}"
    folder.joinpath(name).mkdir(parents=True, exist_ok=True)
    [(rows,)] = connection.execute(f"select count(*) from main.{name}").fetchall()
    # A table without rows has no parts, and still its columns.
    parts = {} if whole or not rows else dict(_parts(columns, tables))
    if parts:
        more, owner = _computed(parts), _joined(columns, parts)
        source = f"select t.*{more} from main.{name} as t{owner}"
        target = f"'{quoted(folder / name)}' ({PARTS}, partition_by ({', '.join(parts)}), {told})"
    else:
        source = f"from main.{name}"
        file = folder / name / "part.parquet"
        target = f"'{quoted(file)}' (format parquet, compression zstd, {told})"
    connection.execute(f"copy ({source}) to {target}")
    digest = _digest(connection, name, columns)
    return Written(name, grain, int(rows), digest, columns, tuple(parts))


def _parts(
    columns: tuple[Column, ...], tables: Mapping[str, tuple[str, tuple[Column, ...]]]
) -> Iterator[tuple[str, str]]:
    """Yield what a table is parted by, and the words that compute it; nothing where it is nobody's.

    A column that the table has itself needs none.
    """
    own = {c.name for c in columns}
    led = any(key in own and owner in tables for key, owner in OWNERS)
    if "athlete_id" in own or led:
        yield "athlete_id", "" if "athlete_id" in own else "o.athlete_id"
        day = next((f"t.{d}" for d in DAYS if d in own), "o.local_date" if led else "")
        if day:
            yield "year", f"year({day})"


def _computed(parts: Mapping[str, str]) -> str:
    return "".join(f", {words} as {name}" for name, words in parts.items() if words)


def _joined(columns: tuple[Column, ...], parts: Mapping[str, str]) -> str:
    if not any("o." in words for words in parts.values()):
        return ""
    own = {c.name for c in columns}
    key, owner = next((key, owner) for key, owner in OWNERS if key in own)
    return f" left join main.{owner} as o using ({key})"


def _tables(
    connection: duckdb.DuckDBPyConnection,
) -> dict[str, tuple[str, tuple[Column, ...]]]:
    """Return each table's grain and columns."""
    grains = connection.execute(
        "select table_name, coalesce(comment, '') from duckdb_tables() "
        "where not internal and not temporary and database_name = current_database()"
    ).fetchall()
    held: dict[str, list[Column]] = {name: [] for name, _ in grains}
    for table, *column in connection.execute(
        "select table_name, column_name, data_type, coalesce(comment, '') from duckdb_columns() "
        "where not internal and database_name = current_database() "
        "order by table_name, column_index"
    ).fetchall():
        if table in held:
            held[table].append(Column(*column))
    return {name: (grain.removeprefix("Grain: "), tuple(held[name])) for name, grain in grains}


def _digest(connection: duckdb.DuckDBPyConnection, name: str, columns: tuple[Column, ...]) -> str:
    if name in OF_NIGHTS:
        return ""
    told = ", ".join(_unsigned(c) for c in columns if c.name not in INSTANTS)
    [row] = connection.execute(DIGEST.format(columns=told, table=name)).fetchall()
    return "-".join(f"{int(number):x}" for number in row)


def _unsigned(column: Column) -> str:
    """Return a column as the hash looks at it: to the last bit, but −0 is 0."""
    if column.type == "DOUBLE":
        return f'"{column.name}" + 0.0'
    if column.type == "DOUBLE[]":
        return f'list_transform("{column.name}", lambda v: v + 0.0)'
    return f'"{column.name}"'
