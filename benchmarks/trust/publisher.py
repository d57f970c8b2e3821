"""A warehouse that is published over and over, and its readers; started as light processes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from carryover.errors import CarryoverError
from carryover.home import Home
from carryover.leftovers import sweep
from carryover.warehouse.connect import open_database
from carryover.warehouse.models import published_names
from carryover.warehouse.publish import publish
from carryover.warehouse.read import open_published
from carryover.warehouse.snapshots import Snapshots

KEPT: Final = 3
MARK: Final = "carryover_mark"
"""A table that tells one version from another: its number, and a thousand times as many rows."""


def two_versions(home: Home) -> list[Path]:
    """Make two warehouses with every table, told apart by MARK, and publish the first."""
    home.prepare()
    made = [home.root / f"version-{number}.duckdb" for number in (1, 2)]
    for number, path in enumerate(made, start=1):
        with open_database(path) as connection:
            for name in sorted(published_names()):
                connection.execute(f"create table {name} as select i from range(100) as r(i)")
            connection.execute(
                f"create table {MARK} as select {number} as version from range({number * 1000})"
            )
    shutil.copy(made[0], home.build)
    publish(home.build, home.published)
    return made


def publish_for_ever(root: str, told: str, times: str) -> None:
    """Publish one version after the other, `times` times; tell each that was done."""
    home = Home(Path(root))
    versions = [home.root / f"version-{number}.duckdb" for number in (1, 2)]
    for number in range(int(times)):
        sweep(home)
        shutil.copy(versions[number % 2], home.build)
        publish(home.build, home.published, snapshots=Snapshots(home.snapshots, KEPT))
        with Path(told).open("a") as stream:
            stream.write(f"{number}\n")


def read_for_ever(root: str, told: str, stop: str) -> None:
    """Open, read and close until a file `stop` is there; tell what was seen, or went wrong."""
    home = Home(Path(root))
    with Path(told).open("a") as stream:
        while not Path(stop).exists():
            stream.write(f"{seen(home.published)}\n")
            stream.flush()


def seen(published: Path) -> str:
    """Open the published warehouse and read it: `whole`, or what else was seen."""
    try:
        with open_published(published) as reader:
            rows = reader.frame(f"select version, count(*) from {MARK} group by all").rows()
            rest = reader.frame("select count(*) from metric").item()
    except CarryoverError as error:
        return f"error {error}"
    return "whole" if rows in ([(1, 1000)], [(2, 2000)]) and rest else f"half {rows} {rest}"
