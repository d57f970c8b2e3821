"""A decoded TCX file → its recordings: one an activity."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

import numpy as np
import polars as pl

from carryover.normalise.channels import tcx_channels
from carryover.normalise.fit_tables import Listing
from carryover.normalise.order import in_order
from carryover.normalise.plausible import believable, check_recordings, plausible, summed, unbroken
from carryover.normalise.recordings import Owner, Runs, activity_row, identity
from carryover.normalise.result import Batched, Ledger, Row, Told
from carryover.normalise.samples import NO_MARKS, Marks
from carryover.normalise.sensors import NO_VALUE
from carryover.normalise.sports import RUNNING, guessed_sport, told_sport
from carryover.normalise.tcx_laps import LAP, TRACK, lap_rows, pauses, sums
from carryover.normalise.times import offset_of
from carryover.normalise.traces import UNIT, Span, Traces, edges
from carryover.normalise.vendor import cleaned
from carryover.rawfile import Problem

ACTIVITY: Final = "activity_index"
OTHER: Final = "other"
SPORTS: Final = {"biking": "cycling"}
"""TCX's word → ours; its third word, Other, is none."""
LONGEST_SERIAL: Final = 20
TWICE: Final = Problem("info", "the file holds the same recording twice")
NO_TIMES: Final = Problem("warning", "an activity without times: nothing to measure in it")


def normalise_tcx(messages: Mapping[str, pl.DataFrame], owner: Owner) -> Batched:
    """Return every activity of a TCX file as a recording; without points it is its laps' sums."""
    check_recordings(messages["activity"].height)
    activities = _Activities(messages, owner)
    for number in range(activities.count):
        activities.read(number)
    return activities.done()


class _Activities:
    """A file on its way: its activities, and what has been made of them so far."""

    def __init__(self, messages: Mapping[str, pl.DataFrame], owner: Owner) -> None:
        told = cleaned("tcx_activity", messages["activity"], (ACTIVITY,))
        self._told = told.rows(named=True)
        self.count = n = len(self._told)
        timed = _counted("tcx_trackpoint", messages["trackpoint"], LAP, TRACK).drop_nulls("Time")
        laps = lap_rows(_counted("tcx_lap", messages["lap"], LAP), timed)
        channels = tcx_channels(timed, n)
        sound, self._odd = plausible(in_order(channels.frame), n)
        self._problems = channels.problems
        self._traces = Traces(sound, n)
        self._marks = pauses(laps, timed)
        self._sums = sums(laps)
        self._lap_edges = edges(laps, n)
        self._listing = Listing("lap", laps)
        self._owner = owner
        self._ledger = Ledger(1)
        self._runs = Runs(self._traces)
        self._keys: set[str] = set()

    def read(self, number: int) -> None:
        """Read one activity."""
        (told,) = self._ledger.files
        told.problems += self._odd.get(number, [])
        span, jumps = unbroken(self._traces, self._traces.unit(number))
        told.problems += jumps
        told.partial |= bool(jumps)
        lasted = self._lasted(number, span)
        if lasted is None:
            told.problems += [] if number in self._odd else [NO_TIMES]
            told.partial |= number in self._odd
            return
        if fault := believable(lasted[0]):
            told.problems.append(fault)
            told.partial = True
            return
        told.problems += self._problems.get(number, [])
        row = self._row(number, span, lasted, told)
        if row["activity_id"] in self._keys:
            told.problems.append(TWICE)
            return
        self._keys.add(row["activity_id"])
        if row["sport"] == RUNNING:
            self._runs.finish(row, 0, span, self._marks.get(number, NO_MARKS), told)
            rows = np.arange(self._lap_edges[number], self._lap_edges[number + 1])
            told.count("lap", self._listing.choose(rows, 0, row["activity_id"]))
        self._ledger.add("activity", 0, [row])

    def done(self) -> Batched:
        """Return what the activities became."""
        return self._ledger.batched({"sample": self._runs.frame(), "lap": self._listing.frame()})

    def _lasted(self, number: int, span: Span) -> tuple[dt.datetime, dt.datetime] | None:
        """First and last point, without any the laps' first start and last end."""
        if span.n:
            return self._traces.instant(span.begin), self._traces.instant(span.end - 1)
        laps = self._sums.get(number, {})
        if laps.get("ended_at") is None:
            return None
        return laps["started_at"], laps["ended_at"]

    def _row(
        self, number: int, span: Span, lasted: tuple[dt.datetime, dt.datetime], told: Told
    ) -> Row:
        """Return a recording's row with what the file itself sums up; runs are summed up again."""
        held, laps = self._told[number], self._sums.get(number, {})
        started_at, ended_at = lasted
        serial = _serial(held["UnitId"])
        sport = self._sport(number, span, told)
        name = identity(serial, started_at, sport, self._owner, number)
        row = activity_row(self._owner, name, started_at, ended_at, span.n)
        row |= summed({
            "sport": sport,
            "elapsed_s": (ended_at - started_at).total_seconds(),
            "moving_s": laps.get("moving_s"),
            "distance_m": laps.get("distance_m"),
            "has_position": self._traces.has("latitude_deg", span),
            "manufacturer": "TCX",
            "device": held["Name"],
            "serial": serial,
            "firmware": _firmware(held["VersionMajor"], held["VersionMinor"]),
            "dynamics_source": "none",
        })  # fmt: skip
        offset = offset_of(held["utc_offset_s"])
        return row | self._owner.zone(started_at, offset, self._traces.position(span))

    def _sport(self, number: int, span: Span, told: Told) -> str:
        word = told_sport(self._told[number]["Sport"])
        if word not in (None, OTHER):
            return SPORTS.get(word, word)
        if not span.n:
            return word or "unknown"
        marks: Marks = self._marks.get(number, NO_MARKS)
        # A watch that says Other knew of running: speed alone is no proof against it.
        if word == OTHER:
            return guessed_sport(
                self._traces, span, marks, told, otherwise=OTHER, needs_cadence=True
            )
        return guessed_sport(self._traces, span, marks, told)


def _counted(message: str, frame: pl.DataFrame, *keys: str) -> pl.DataFrame:
    """Return a message's keys and known columns, its activities counted as `unit` (rising)."""
    held = cleaned(message, frame, (ACTIVITY, *keys))
    return held.with_columns(pl.col(ACTIVITY).cast(pl.UInt32).alias(UNIT)).drop(ACTIVITY)


def _serial(told: str | None) -> str | None:
    """Return a serial number without zeros before it; apps write 0 where they have none."""
    text = (told or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST_SERIAL):
        return None
    serial = str(int(text))
    return None if serial in NO_VALUE else serial


def _firmware(major: str | None, minor: str | None) -> str | None:
    found = [part for part in (major, minor) if part is not None]
    return ".".join(found) if major is not None else None
