"""A home whose night takes seconds: a dozen made files of every kind, and what its tables say."""

from __future__ import annotations

import datetime as dt
import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import duckdb

from carryover.demo.write import write_demo
from carryover.home import Home
from carryover.leftovers import left_in
from carryover.settings import Settings

NOW: Final = dt.datetime(2026, 5, 30, 3, tzinfo=dt.UTC)
SETTINGS: Final = Settings()
N_RUNS: Final = 7
LATER: Final = 2
"""So many of the runs come in later, for a second night."""
OWN: Final = ("strength.csv", "wellness.csv", "screening.csv")
VOLATILE: Final = {"night", "provenance"}
"""Tables that tell of the nights themselves, or bear the mark of their home."""
INSTANTS: Final = {"source_file": "ingested_at", "source_place": "ingested_at"}
MEANT: Final = {"carryover.duckdb", "store.duckdb", "night.lock", "nights.jsonl", "kept",
                "snapshots", "aside"}  # fmt: skip
"""What may lie in data/warehouse/ after a night."""


def made_files(folder: Path) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """Return a dozen files by their place in data/raw/: of the first night, and later ones."""
    home = folder / "demo"
    write_demo(home, weeks=2, seed=3, end_date=dt.date(2026, 5, 29))
    raw = home / "data" / "raw"
    runs = sorted((p for p in raw.glob("watch/2026*")), key=lambda p: p.stat().st_size)[:N_RUNS]
    files = {p.relative_to(raw).as_posix(): p.read_bytes() for p in runs}
    own = {name: (raw / name).read_bytes() for name in OWN if (raw / name).exists()}
    own |= {"watch/empty.fit": b"", "watch/broken.fit": max(files.values(), key=len)[:2000]}
    shutil.rmtree(home)
    names = sorted(files)
    first = {name: files[name] for name in names[:-LATER]} | own
    return first, {name: files[name] for name in names[-LATER:]}


def home_of(folder: Path, files: dict[str, bytes]) -> Home:
    """Return a home with these files; one that is there gets more."""
    home = Home(folder)
    home.prepare()
    for name, content in files.items():
        path = home.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return home


def hashes(published: Path) -> dict[str, str]:
    """Return a hash of each published table's rows, but for the instants of nights and reading.

    Rows of stores that were set aside are no part of it. Numbers count by six digits, so that
    one that several threads have summed seldom falls to either side of a rounding.
    """
    told = {}
    with duckdb.connect(str(published), read_only=True) as connection:
        connection.execute("set TimeZone = 'UTC'")
        names = connection.execute("select table_name from duckdb_tables()").fetchall()
        for (name,) in sorted(names):
            if name in VOLATILE:
                continue
            left_out = f"exclude ({INSTANTS[name]})" if name in INSTANTS else ""
            only = "where subject not like '%/aside/%'" if name == "data_issue" else ""
            rows = connection.execute(f"select * {left_out} from {name} {only}").fetchall()
            told[name] = _digest(rows)
    return told


def differences(found: dict[str, str], wanted: dict[str, str]) -> list[str]:
    """Return the names of tables that differ."""
    return sorted(n for n in found.keys() | wanted.keys() if found.get(n) != wanted.get(n))


def leftovers(home: Home) -> list[str]:
    """Return what lies in a home that no night needs any more."""
    strange = {path.name for path in home.warehouse_dir.iterdir()} - MEANT
    return [path.name for path in left_in(home)] + sorted(strange)


def broken_pages(home: Home, wanted: Iterable[str]) -> list[str]:
    """Return the pages that are missing in a site, or are not whole."""
    missing = sorted(set(wanted) - set(page_names(home)))
    cut = [n for n in page_names(home)
           if not (home.site / n).read_text("utf-8").rstrip().endswith("</html>")]  # fmt: skip
    return missing + cut


def page_names(home: Home) -> list[str]:
    """Return the places of all pages of a site."""
    return sorted(p.relative_to(home.site).as_posix() for p in home.site.rglob("*.html"))


def _digest(rows: list[tuple[object, ...]]) -> str:
    told = hashlib.sha256()
    for row in sorted(repr(tuple(map(_rounded, row))) for row in rows):
        told.update(row.encode())
    return told.hexdigest()[:16]


def _rounded(value: object) -> object:
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return float(f"{value:.6g}") if isinstance(value, float) else value
