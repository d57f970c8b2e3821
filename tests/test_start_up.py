"""What a command loads: a word of help or a question need not wait for what they do not use."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from carryover.cli_words import Commands
from carryover.warehouse.connect import open_database
from carryover.warehouse.read import open_published
from test_cli import commands

HEAVY = {
    "annotated_types", "duckdb", "fitparse", "gpxpy", "jinja2", "lxml", "numpy", "pandas", "plotly",
    "polars", "prefect", "pyarrow", "pydantic", "pygments", "rapidfuzz", "rich", "scipy",
    "statsmodels", "tzfpy",
}  # fmt: skip
OF_TYPER = {"annotated_types", "pydantic"}
LOADED = (
    "import json, sys\n"
    "from carryover.cli import main\n"
    "try:\n"
    "    main()\n"
    "except SystemExit as left:\n"
    "    assert not left.code, left.code\n"
    "sys.stderr.write(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))\n"
)


def loaded(*words: str) -> set[str]:
    """Return the heavy libraries that a command has loaded when it ends, in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words],
        capture_output=True, text=True, check=True, timeout=120,
    )  # fmt: skip
    return HEAVY & set(json.loads(done.stderr.splitlines()[-1]))


def test_help_loads_nothing_heavy():
    """`--help` of the program loads Typer alone."""
    assert loaded("--help") == set()


@pytest.mark.parametrize("words", [["--version"], ["log", "--help"], ["sql", "--help"],
                                   ["nightly", "--help"]], ids=" ".join)  # fmt: skip
def test_words_load_nothing_heavy(words):
    """The version and a command's help load Typer, and what Typer reads options with."""
    assert loaded(*words) <= OF_TYPER


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    """A warehouse with nothing in it, where a home has its own."""
    home = tmp_path_factory.mktemp("home")
    path = home / "data" / "warehouse" / "carryover.duckdb"
    path.parent.mkdir(parents=True)
    with open_database(path) as connection:
        connection.execute("create table t as select 1 as a")
    return path


def test_a_question_loads_the_database_alone(published):
    """`carryover sql` loads DuckDB, and what prints a table; polars only where it is needed."""
    found = loaded("sql", "select 1", "--home", str(published.parents[2]))
    assert found - OF_TYPER <= {"duckdb", "rich"}


@pytest.mark.parametrize(
    "value",
    [
        "1", "-1::tinyint", "255::utinyint", "1e18::bigint", "1e30::hugeint", "true", "null",
        "0.1::float", "0.1", "0.1::double", "'nan'::double", "'-inf'::double", "-0.0::double",
        "1e-7::double", "1e22::double", "0::decimal(18,10)", "1.50::decimal(9,2)", "''", "'ä\n'",
        "'a'::enum('a', 'b')", "'6b3e2e1e-1111-4222-8333-123456789abc'::uuid", "date '1969-12-31'",
        "time '01:02:03.5'", "timestamp '2026-01-02 03:04:05.123456'", "'1.1.'::blob",
        "timestamp_s '2026-01-02 03:04:05'", "timestamp_ms '2026-01-02 03:04:05.1'",
        "timestamptz '2026-07-02 03:04:05+02'", "[timestamptz '2026-07-02 03:04:05+02']",
        "[1.5, null]", "{'a': 1, 'b': date '2026-01-02'}", "map {'a': 1}", "array_value(1, 2)",
        "'101'::bit", "timetz '01:02:03+01'", "timestamp_ns '2026-01-02 03:04:05.123456789'",
    ],
)  # fmt: skip
def test_rows_are_those_of_the_frame(published, value):
    """What a table shows is the same whether polars was loaded for it or not."""
    with open_published(published) as reader:
        frame = reader.frame(f"select {value} as x, 1 as n")
        names, rows = reader.rows(f"select {value} as x, 1 as n")
    assert names == frame.columns
    assert repr(rows) == repr(frame.rows()) or str(rows[0][0]) == str(frame.item(0, 0))


def test_the_list_of_commands_is_whole():
    """The program's help tells the first paragraph of every command, at any width."""
    import typer.main

    from carryover.cli import app

    group = typer.main.get_command(app)
    assert isinstance(group, Commands)
    told = " ".join(typer.Context(group).get_help().split())
    for words in commands():
        if len(words) == 1:
            first = " ".join(group.commands[words[0]].help.split("\n\n")[0].split())
            assert f"{words[0]} {first}" in told


def test_a_quiet_night_loads_neither_prefect_nor_statistics():
    """What looks whether there is work loads no server, no drawing and no statistics."""
    code = (
        "import json, sys; import carryover.quiet; "
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    found = HEAVY & set(json.loads(done.stdout))
    assert found.isdisjoint(
        {
            "fitparse",
            "gpxpy",
            "jinja2",
            "pandas",
            "plotly",
            "prefect",
            "rich",
            "scipy",
            "statsmodels",
        }
    )
