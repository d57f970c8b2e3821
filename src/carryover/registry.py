"""The questions of a home between its nights: handed to the build, kept once they are published."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from carryover.errors import CarryoverError
from carryover.home import Home
from carryover.mending import asides
from carryover.nights import nights
from carryover.registrations import (
    FILE_NAME,
    NIGHT,
    REGISTRATION,
    SHOWN,
    Registered,
    read_registrations,
    with_added,
)
from carryover.warehouse.connect import sync
from carryover.warehouse.read import open_published

SHOWN_BY: Final = (
    "select distinct athlete_id from carry_over where effect is not null order by athlete_id"
)


def digest(home: Home) -> str:
    """Return a hash of the file, empty where there is none: the tables depend on it."""
    content = _content(home)
    return hashlib.sha256(content).hexdigest()[:16] if content else ""


@dataclass(frozen=True, slots=True)
class Told:
    """What a built warehouse says: its questions (REGISTRATION), and whose answer it shows."""

    questions: pl.DataFrame
    answered: str


def told_by(built: Path) -> Told:
    """Read a built file before it is published: somebody may be reading the published one."""
    with open_published(built) as reader:
        questions = reader.frame(f"select {', '.join(REGISTRATION)} from registration")  # noqa: S608
        shown = reader.frame(SHOWN_BY)["athlete_id"].to_list()
    return Told(questions.cast(dict(REGISTRATION)), json.dumps(shown))  # type: ignore[arg-type]


def night_frames(home: Home, now: dt.datetime, answered: str | None) -> dict[str, pl.DataFrame]:
    """Return the tables that a build takes from the file, and from the night that it is in.

    `answered` is what `told_by` said of the last build; where it is not known, the published
    warehouse is asked.
    """
    held = read_registrations(_content(home))
    moment = now.astimezone(dt.UTC).replace(microsecond=0)
    return {
        "registration_held": held.rows,
        "registration_fault": held.faults,
        "this_night": pl.DataFrame({"now": [moment]}, schema=NIGHT),
        "answer_shown": _shown(home, held, answered),
        "night_held": nights(home),
        "aside_held": asides(home),
    }


def keep(home: Home, published: pl.DataFrame) -> None:
    """Add the published versions (REGISTRATION) that the file does not hold, in one step.

    Raises CarryoverError where the file cannot be written: a question that is not kept is none.
    """
    content = _content(home)
    held = read_registrations(content).rows
    new = published.join(held, on=["athlete_id", "version"], how="anti")
    if new.is_empty():
        return
    path = home.root / FILE_NAME
    beside = path.with_suffix(".new")
    try:
        beside.write_bytes(with_added(content, new.sort("athlete_id", "version")))
        sync(beside)
        beside.replace(path)
    except OSError as error:
        raise CarryoverError(
            f"the question cannot be kept: {error.strerror}", subject=str(path),
            remedy="Make room, or give the right to write there; then run the night again.",
        ) from error  # fmt: skip


def _content(home: Home) -> bytes:
    path = home.root / FILE_NAME
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise CarryoverError(
            f"it cannot be read: {error.strerror}", subject=str(path), remedy="Check its rights."
        ) from error


def _shown(home: Home, held: Registered, answered: str | None) -> pl.DataFrame:
    """Return of whom an estimate is published; without a warehouse, all who were registered."""
    if answered is not None and home.published.exists():
        return pl.DataFrame({"athlete_id": json.loads(answered)}, schema=SHOWN)
    try:
        with open_published(home.published) as reader:
            return reader.frame(SHOWN_BY).select(pl.col("athlete_id").cast(pl.String))
    except CarryoverError:
        known = pl.concat([held.rows["athlete_id"], held.faults["athlete_id"].drop_nulls()])
        return pl.DataFrame({"athlete_id": known.unique().sort()}, schema=SHOWN)
