"""Steps of a night over a disk that fails: a damaged database is put right, a full disk is told."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, TypeVar

import polars as pl

from carryover.columns import UTC_TIME
from carryover.errors import DamagedError
from carryover.home import Home
from carryover.room import full_disk_told
from carryover.settings import Settings
from carryover.warehouse.connect import sync, wal_of

P = ParamSpec("P")
R = TypeVar("R")
Step = Callable[Concatenate[Home, Settings, P], R]
Mend = Callable[[Home, Settings, DamagedError], None]

NAME: Final = re.compile(r"store-(\d{8}T\d{6}-\d{6})Z\.duckdb")
FORM: Final = "%Y%m%dT%H%M%S-%f"
ASIDE: Final[dict[str, pl.DataType]] = {"path": pl.String(), "set_aside_at": UTC_TIME}
"""Grain: one store that was set aside and still lies there."""


def careful(mend: Mend) -> Callable[[Step[P, R]], Step[P, R]]:
    """Have a step done once more after `mend`, where a database turns out damaged.

    `mend` raises what it cannot put right. A full disk is told as DiskFullError.
    """

    def decorate(step: Step[P, R]) -> Step[P, R]:
        @wraps(step)
        def run(home: Home, settings: Settings, /, *args: P.args, **kwargs: P.kwargs) -> R:
            with full_disk_told(home.root):
                try:
                    return step(home, settings, *args, **kwargs)
                except DamagedError as fault:
                    mend(home, settings, fault)
                return step(home, settings, *args, **kwargs)

        return run

    return decorate


def set_store_aside(home: Home, _settings: Settings, fault: DamagedError) -> None:
    """Move a damaged store out of the way, never delete it; raises any fault of another file."""
    if fault.subject != str(home.store):
        raise fault
    home.aside.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = home.aside / f"store-{dt.datetime.now(dt.UTC).strftime(FORM)}Z.duckdb"
    # The log goes first: a log without its database is nothing, and would harm the next one.
    for source, place in ((wal_of(home.store), wal_of(target)), (home.store, target)):
        if source.exists():
            source.rename(place)
    sync(home.aside)


def asides(home: Home, since: dt.datetime | None = None) -> pl.DataFrame:
    """Return the stores (ASIDE) that were set aside, `since` an instant where one is given."""
    rows = [
        (path.relative_to(home.root).as_posix(), at)
        for path in sorted(home.aside.glob("store-*.duckdb"))
        for at in _instant(path)
        if since is None or at >= since
    ]
    return pl.DataFrame(rows, schema=ASIDE, orient="row")


def no_asides() -> pl.DataFrame:
    """Return the table (ASIDE) of a home where none was."""
    return pl.DataFrame(schema=ASIDE)


def aside_notes(home: Home, since: dt.datetime) -> list[str]:
    """Return a line for each store that was set aside since an instant."""
    return [
        f"{path}: what was read could not be read any more and was set aside; "
        "every file was read anew, nothing is lost"
        for path in asides(home, since)["path"]
    ]


def _instant(path: Path) -> list[dt.datetime]:
    match = NAME.fullmatch(path.name)
    return [dt.datetime.strptime(match[1], FORM).replace(tzinfo=dt.UTC)] if match else []
