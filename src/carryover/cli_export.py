"""`carryover export`: the published tables as Parquet files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from carryover.cli_words import HERE, HomeOption, JsonOption, say, told


@told
def export(
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder for it.", show_default="export/ in the home"),
    ] = None,
    table: Annotated[
        list[str] | None, typer.Option("--table", help="Only this one; may be repeated.")
    ] = None,
    home: HomeOption = HERE,
    as_json: JsonOption = False,
) -> None:
    """Write the published tables as Parquet, parted by athlete and year.

    A folder that holds an export from before is replaced as a whole. Places that [privacy] hides
    are not in it. Examples:

    `carryover export --out ~/tables` all tables

    `carryover export --out ~/runs --table run --table run_form` two of them
    """
    from carryover.app import open_home
    from carryover.exporting import export as write

    where, _ = open_home(home)
    done = write(where, (out or where.root / "export").resolve(), table or ())
    if as_json:
        tables = {t.name: {"rows": t.rows, "hash": t.digest} for t in done.tables}
        say(json.dumps({"folder": str(done.folder), "files": done.n_files,
                        "bytes": done.size_bytes, "tables": tables}))  # fmt: skip
        return
    rows = sum(t.rows for t in done.tables)
    say(f"{len(done.tables)} tables, {rows:,} rows in {done.n_files:,} files, "
        f"{done.size_bytes / 1e6:,.0f} MB")  # fmt: skip
    say(f"tables      {done.folder}")
