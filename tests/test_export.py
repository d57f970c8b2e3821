"""Published tables as Parquet: nothing is lost or half, nobody else's folder is touched."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest
from typer.testing import CliRunner

from carryover.cli import app as cli
from carryover.errors import UsageError
from carryover.exporting import MARK, export
from carryover.home import Home
from carryover.warehouse import export as writer
from carryover.warehouse.export import digests
from carryover.warehouse.models import published_names
from site_fixture import athlete_rows, merged, write_warehouse

HIVE = "hive_partitioning = true, hive_types = {'athlete_id': varchar}"


def made_home(root: Path) -> Home:
    """Return a home with a published warehouse of two athletes, one with a number for a name."""
    home = Home(root)
    home.prepare()
    one, other = athlete_rows(), athlete_rows(samples=False)
    for part in other.values():
        for row in part:
            for key in ("athlete_id", "run_id", "activity_id", "session_id"):
                if row.get(key):
                    row[key] = "007" if key == "athlete_id" else f"7{row[key]}"
    write_warehouse(home.published, merged(one, other))
    return home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return made_home(tmp_path_factory.mktemp("export") / "home")


@pytest.fixture(scope="module")
def out(home: Home) -> Path:
    return export(home, home.root / "export").folder


def rows_of(connection: duckdb.DuckDBPyConnection, source: str, columns: str) -> list:
    return connection.execute(f"select {columns} from {source} order by all").fetchall()


def test_reading_it_back_gives_every_row(home: Home, out: Path) -> None:
    """Every published table is there, and its parts hold its rows, no more and no less."""
    told = json.loads((out / MARK).read_text("utf-8"))["tables"]
    assert told.keys() >= {"run", "sample", "form_week", "exercise"}
    with duckdb.connect(str(home.published), read_only=True) as connection:
        for name, table in told.items():
            columns = ", ".join(f'"{c}"' for c in table["columns"])
            parts = f"read_parquet('{out / name}/**/*.parquet', {HIVE})"
            same = f"read_parquet('{out / name}/*.parquet')"
            back = rows_of(connection, parts if table["partitions"] else same, columns)
            assert back == rows_of(connection, f"main.{name}", columns), name
            assert len(back) == table["rows"]


def test_parts_are_whose_and_when(home: Home, out: Path) -> None:
    """A table is parted by athlete and year of its day, a second of a run by those of the run."""
    places = {p.parent.relative_to(out).as_posix() for p in out.rglob("*.parquet")}
    assert {"run/athlete_id=007/year=2025", "run/athlete_id=007/year=2026"} <= places
    assert any(place.startswith("sample/athlete_id=") for place in places)
    assert "exercise" in places, "nobody's table is one file"
    with duckdb.connect(str(home.published), read_only=True) as connection:
        wrong = connection.execute(
            f"select count(*) from read_parquet('{out}/sample/**/*.parquet', {HIVE}) as s "
            "join run as r using (run_id) "
            "where s.athlete_id <> r.athlete_id or s.year <> year(r.local_date)"
        ).fetchall()
    assert wrong == [(0,)]


def test_plain_readers_understand_it(home: Home, out: Path) -> None:
    """Polars and pandas read a table with all its parts; a file says what its columns mean."""
    schema = {"athlete_id": pl.String, "year": pl.Int64}
    n = pl.scan_parquet(out / "run" / "**" / "*.parquet", hive_schema=schema).collect().height
    assert len(pd.read_parquet(out / "run")) == n > 100
    file = next((out / "run_form").rglob("*.parquet"))
    meanings = json.loads(pl.read_parquet_metadata(file)["columns"])
    assert "ms" in meanings["stance_time_ms"]


def test_an_export_is_replaced_and_nothing_else(home: Home, tmp_path: Path) -> None:
    """A folder with an export gets the new one as a whole; any other folder is left as it is."""
    out = tmp_path / "tables"
    export(home, out)
    export(home, out, ["run"])
    assert {p.name for p in out.iterdir()} == {"run", MARK, "README.txt"}
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.tex").write_text("x")
    with pytest.raises(UsageError, match="other files"):
        export(home, tmp_path / "mine")
    assert [p.name for p in (tmp_path / "mine").iterdir()] == ["thesis.tex"]


def test_a_table_that_is_none_leaves_what_stood(home: Home, tmp_path: Path) -> None:
    """A wrong name costs nothing: the export of before stands, nothing half lies beside it."""
    out = tmp_path / "tables"
    export(home, out, ["run"])
    with pytest.raises(UsageError, match="no table 'runs'"):
        export(home, out, ["runs"])
    assert (out / "run").is_dir()
    assert [p.name for p in tmp_path.iterdir()] == ["tables"]


def test_the_hash_is_of_what_is_held(tmp_path: Path) -> None:
    """A table's hash is the same for the same rows in any order, and another where one differs."""

    def made(name: str, order: str, change: str = "select 1") -> dict[str, str]:
        path = tmp_path / name
        with duckdb.connect(str(path)) as connection:
            connection.execute(
                "create table t as select 't' || i as k, i * 0.1::double as x, [i / 7] as xs, "
                f"now() as ingested_at from range(9) as r (i) order by i {order}"
            )
            connection.execute("create table night as select now() as started_at")
            connection.execute(change)
        return digests(path)

    plain = made("a", "asc")
    assert plain == made("b", "desc")
    assert plain["night"] == ""
    assert plain != made("d", "asc", "update t set x = x * (1 + 1e-14) where k = 't5'")
    assert plain != made("e", "asc", "update t set xs = [0.5] where k = 't5'")
    assert plain != made("f", "asc", "insert into t from t where k = 't5'")


def test_the_command_says_where(home: Home, tmp_path: Path) -> None:
    """`carryover export` tells tables, rows and place; a machine gets rows and hashes."""
    call = ["export", "--home", str(home.root), "--out", str(tmp_path / "t"), "--table", "run"]
    done = CliRunner().invoke(cli, call)
    assert done.exit_code == 0, done.output
    assert "1 tables" in done.stdout
    told = json.loads(CliRunner().invoke(cli, [*call, "--json"]).stdout)
    assert told["tables"]["run"]["hash"] == digests(home.published)["run"]
    bare = CliRunner().invoke(cli, ["export", "--home", str(tmp_path / "none")])
    assert bare.exit_code == 2
    assert "carryover nightly" in bare.output


def test_every_mart_can_be_exported() -> None:
    """Tables that lead to their athlete by a key name one that is published."""
    assert {owner for _, owner in writer.OWNERS} <= published_names()
