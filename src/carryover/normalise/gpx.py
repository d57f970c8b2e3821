"""A decoded GPX file → its recordings: one a track."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from carryover.normalise.channels import gpx_channels
from carryover.normalise.order import in_order
from carryover.normalise.plausible import believable, check_recordings, plausible, unbroken
from carryover.normalise.recordings import Owner, Runs, activity_row
from carryover.normalise.result import Batched, Ledger
from carryover.normalise.samples import NO_MARKS, Marks
from carryover.normalise.sports import RUNNING, guessed_sport, told_sport, told_sub_sport
from carryover.normalise.times import offset_of
from carryover.normalise.traces import UNIT, Traces, epoch_us
from carryover.normalise.vendor import cleaned
from carryover.rawfile import Problem

TRACK: Final = "track_index"
SEGMENT: Final = "segment_index"
KEYS: Final = (TRACK, SEGMENT)
NO_TIMES: Final = Problem("warning", "a route without times: nothing to measure in it")


def normalise_gpx(messages: Mapping[str, pl.DataFrame], owner: Owner) -> Batched:
    """Return every track of a GPX file as a recording; tracks without times are only counted."""
    if messages.get("trackpoint", pl.DataFrame()).is_empty():
        return Ledger(1).batched({})
    check_recordings(messages["track"].height)
    tracks = _Tracks(messages, owner)
    for number in range(len(tracks.indices)):
        tracks.read(number)
    return tracks.done()


def _timed(points: pl.DataFrame) -> tuple[pl.DataFrame, list[int]]:
    """Return the points with a time, their tracks counted as `unit`, and the tracks' indices."""
    numbers = points[TRACK].unique(maintain_order=True).to_list()
    units = pl.col(TRACK).replace_strict(numbers, range(len(numbers)), return_dtype=pl.UInt32)
    timed = points.with_columns(units.alias(UNIT)).drop_nulls("time")
    return timed.sort(UNIT, maintain_order=True), numbers


def _segment_marks(timed: pl.DataFrame) -> dict[int, Marks]:
    """A new track segment is a pause: its neighbour ended with a stop, it begins with a start."""
    parts = timed.group_by(UNIT, SEGMENT, maintain_order=True).agg(
        first=pl.col("time").min(), last=pl.col("time").max()
    )
    return {
        number: Marks(epoch_us(held["last"]) / 1e6, epoch_us(held["first"]) / 1e6)
        for (number,), held in parts.partition_by(UNIT, as_dict=True).items()
        if held.height > 1
    }


class _Tracks:
    """A file on its way: its tracks, and what has been made of them so far."""

    def __init__(self, messages: Mapping[str, pl.DataFrame], owner: Owner) -> None:
        timed, self.indices = _timed(cleaned("trackpoint", messages["trackpoint"], KEYS))
        n = len(self.indices)
        channels = gpx_channels(timed, n)
        sound, self._odd = plausible(in_order(channels.frame), n)
        self._problems = channels.problems
        self._traces = Traces(sound, n)
        self._marks = _segment_marks(timed)
        tracks = cleaned("track", messages["track"], KEYS)
        self._rows = {row[TRACK]: row for row in tracks.iter_rows(named=True)}
        self._owner = owner
        self._ledger = Ledger(1)
        self._runs = Runs(self._traces)

    def read(self, number: int) -> None:
        """Read one track."""
        (told,) = self._ledger.files
        span = self._traces.unit(number)
        odd = self._odd.get(number, [])
        told.problems += odd
        if not span.n:
            told.problems += [] if odd else [NO_TIMES]
            told.partial |= bool(odd)
            return
        span, jumps = unbroken(self._traces, span)
        told.problems += jumps
        told.partial |= bool(jumps)
        started_at = self._traces.instant(span.begin)
        if fault := believable(started_at):
            told.problems.append(fault)
            told.partial = True
            return
        told.problems += self._problems.get(number, [])
        track = self._rows[self.indices[number]]
        ended_at = self._traces.instant(span.end - 1)
        identity = f"{self._owner.sha256}#{self.indices[number]}"
        row = activity_row(self._owner, identity, started_at, ended_at, span.n)
        row |= {"name": track["name"], "dynamics_source": "none", "manufacturer": "GPX"}
        offset = offset_of(track["utc_offset_s"])
        row |= self._owner.zone(started_at, offset, self._traces.position(span))
        marks = self._marks.get(number, NO_MARKS)
        row["sport"] = told_sport(track["type"]) or guessed_sport(self._traces, span, marks, told)
        row["sub_sport"] = told_sub_sport(track["type"])
        if row["sport"] == RUNNING:
            self._runs.finish(row, 0, span, marks, told)
        self._ledger.add("activity", 0, [row])

    def done(self) -> Batched:
        """Return what the tracks became."""
        return self._ledger.batched({"sample": self._runs.frame()})
