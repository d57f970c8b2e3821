"""What every recording shares, whatever file it came in: owner, key, clock, totals."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any, Final

import polars as pl

from carryover.normalise.result import Normalised
from carryover.normalise.samples import Marks, ascent, samples, totals
from carryover.normalise.times import zone_of
from carryover.rawfile import Problem
from carryover.settings import Athlete

FIRST_YEAR: Final = 2000
"""Before it a clock was never set; after tomorrow it runs ahead."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose file it is and which content."""

    athlete: Athlete
    sha256: str

    def zone(
        self, started_at: dt.datetime, offset: dt.timedelta | None, channels: pl.DataFrame
    ) -> dict[str, Any]:
        """Return `local_date`, `tz`, `tz_source` of a start."""
        known = channels.drop_nulls(["latitude_deg", "longitude_deg"])
        position = known.select("latitude_deg", "longitude_deg").row(0) if known.height else None
        zone = zone_of(started_at, offset, position, self.athlete.home_timezone)
        return {"local_date": zone.local_date, "tz": zone.name, "tz_source": zone.source}


def believable(started_at: dt.datetime) -> Problem | None:
    """Return what is wrong with a start time, if anything."""
    tomorrow = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    if started_at.year >= FIRST_YEAR and started_at <= tomorrow:
        return None
    return Problem(
        "warning",
        f"the watch's clock was wrong: this recording says {started_at:%Y-%m-%d}",
        "It is kept in data/raw/ and left out of everything else.",
    )


def activity_row(
    owner: Owner,
    identity: str,
    started_at: dt.datetime,
    ended_at: dt.datetime,
    channels: pl.DataFrame,
) -> dict[str, Any]:
    """Return the columns of `activity` that every recording has."""
    key = hashlib.sha256(f"{owner.athlete.id}|{identity}".encode()).hexdigest()[:16]
    return {
        "activity_id": key,
        "athlete_id": owner.athlete.id,
        "source_sha256": owner.sha256,
        "identity": identity,
        "started_at": started_at,
        "ended_at": ended_at,
        "n_records": channels.height,
    }


def finish_run(
    row: dict[str, Any], channels: pl.DataFrame, marks: Marks, result: Normalised
) -> None:
    """Add the samples of a run and fill its row with what they sum up to.

    Distance and moving time are those of the instants that are there, so that they also hold
    for a file that was cut off; the file's own ascent stands.
    """
    if channels.is_empty():
        result.problems.append(
            Problem("info", "a run without a single record: only its summary counts")
        )
        return
    frame = samples(channels, marks).with_columns(activity_id=pl.lit(row["activity_id"]))
    own = {name: value for name, value in totals(frame).items() if value is not None}
    row |= own
    if row.get("ascent_m") is None:
        row["ascent_m"] = ascent(frame["altitude_m"])
    result.add("sample", frame)
