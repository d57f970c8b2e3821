"""What every recording shares, whatever file it came in: owner, key, clock, totals."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl

from carryover import columns
from carryover.catalogue.names import Own
from carryover.normalise.result import FILE, Row, Told
from carryover.normalise.samples import Marks, Sampler, measure
from carryover.normalise.times import zone_of
from carryover.normalise.traces import Span, Traces
from carryover.rawfile import Problem
from carryover.settings import Athlete

SERIAL_DIGITS: Final = 4
"""Apps that write a serial number at all write 1 or the like."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose file it is and which content; `names` are the person's own ones of exercises."""

    athlete: Athlete
    sha256: str
    names: Own = field(default_factory=dict, repr=False, compare=False)

    def zone(
        self,
        started_at: dt.datetime,
        offset: dt.timedelta | None,
        position: tuple[float, float] | None,
    ) -> dict[str, Any]:
        """Return date, zone, who told it and its offset for a start at a place (degrees)."""
        zone = zone_of(started_at, offset, position, self.athlete.home_timezone)
        return {
            "local_date": zone.local_date, "tz": zone.name, "tz_source": zone.source,
            "utc_offset_s": zone.offset.total_seconds(),
        }  # fmt: skip


def identity(serial: str | None, first: dt.datetime, sport: str, owner: Owner, place: int) -> str:
    """Return a recording's name: serial number and first record's time, else its content.

    `place` is its place in the file. A watch's FIT and its TCX are one recording by this.
    """
    # Names of makers and products are no part of it: each new profile knows more of them.
    if serial and len(serial) >= SERIAL_DIGITS:
        return f"{serial}@{first:%Y%m%dT%H%M%S}/{sport}"
    return f"{owner.sha256}#{place}"


def activity_row(
    owner: Owner, identity: str, started_at: dt.datetime, ended_at: dt.datetime, n_records: int
) -> Row:
    """Return the columns of `activity` that every recording has."""
    key = hashlib.sha256(f"{owner.athlete.id}|{identity}".encode()).hexdigest()[:16]
    return {
        "activity_id": key,
        "athlete_id": owner.athlete.id,
        "source_sha256": owner.sha256,
        "identity": identity,
        "started_at": started_at,
        "ended_at": ended_at,
        "n_records": n_records,
    }


class Runs:
    """The samples of a batch's runs."""

    def __init__(self, traces: Traces) -> None:
        self._traces = traces
        self._sampler = Sampler(traces)
        self._kept: list[tuple[int, str, int]] = []

    def finish(self, row: Row, file: int, span: Span, marks: Marks, told: Told) -> None:
        """Add the samples of a run and fill its row with what they sum up to.

        Distance and moving time are those of the instants that are there, so that they also
        hold for a file that was cut off; the file's own ascent stands.
        """
        if not span.n:
            told.problems.append(
                Problem("info", "a run without a single record: only its summary counts")
            )
            return
        measured = measure(self._traces, span, marks)
        told.problems += measured.problems
        totals = self._sampler.keep(span, measured)
        row |= {name: value for name, value in totals.items() if value is not None}
        if row.get("ascent_m") is None:
            row["ascent_m"] = self._sampler.ascent(span)
        self._kept.append((file, row["activity_id"], span.n))
        told.count("sample", span.n)

    def frame(self) -> pl.DataFrame:
        """Return every run's samples: `file`, then the columns of `sample`."""
        if not self._kept:
            return pl.DataFrame()
        sizes = [n for _, _, n in self._kept]
        files = np.array([file for file, _, _ in self._kept], dtype=np.uint32)
        keys = pl.Series([key for _, key, _ in self._kept], dtype=pl.String)
        return self._sampler.frame().select(
            pl.Series(FILE, np.repeat(files, sizes)),
            keys.gather(np.repeat(np.arange(len(sizes), dtype=np.uint32), sizes))
            .alias("activity_id"),
            *[name for name in columns.SAMPLE if name != "activity_id"],
        )  # fmt: skip
