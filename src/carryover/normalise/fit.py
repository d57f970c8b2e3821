"""Decoded FIT files → their recordings: one a session, runs with samples, gym visits with sets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import polars as pl

from carryover.normalise.developer_listing import SERIES, Listed, by_message, developer_frames
from carryover.normalise.developer_parts import Developer
from carryover.normalise.fit_records import fit_records
from carryover.normalise.fit_sessions import RUNNING, Session, sessions, shares
from carryover.normalise.fit_tables import MAX_ROWS, Laps, Listing, TimerMarks, rows_by_unit
from carryover.normalise.parts import SEGMENT, cut
from carryover.normalise.plausible import believable, summed, unbroken
from carryover.normalise.recordings import Owner, Runs, activity_row, identity
from carryover.normalise.result import FILE, Batched, Ledger, Row, Told
from carryover.normalise.sensors import Devices, Sensors
from carryover.normalise.strength_fit import from_fit_sets, strays
from carryover.normalise.times import offset_between
from carryover.normalise.traces import Span, Traces, edges
from carryover.normalise.vendor import VENDOR, cleaned
from carryover.rawfile import Problem
from carryover.units import STEPS_PER_STRIDE

VIRTUAL: Final = "virtual_activity"
STRENGTH: Final = "strength_training"
MAX_SESSIONS: Final = 1000
"""More than any file holds: keeps the sessions of chained activities apart."""
TOO_MANY_SETS: Final = f"{MAX_ROWS} sets or more in one file: only so many are read"
TOO_MANY: Final = f"more than {MAX_SESSIONS} summaries in one file: the others are left out"
RPE_SCALE: Final = 10.0
"""Session field workout_rpe counts to 100."""
DECLARED: Final = "declared_field"
PLAIN: Final = ("session", "sport", "activity", "set", "exercise_title", DECLARED)
"""Messages of few rows, read row by row."""
NONE: Final = pl.DataFrame()

_Twin = tuple[str | None, dt.datetime, str]


def normalise_fit(
    messages: Mapping[str, pl.DataFrame], owners: Sequence[Owner], developer: Developer
) -> Batched:
    """Return every recording of several FIT files in canonical units; raises for no odd value.

    Each frame has the columns `file` (a row of `owners`, rising) and `segment_index`; `developer`
    says what the developer columns of `record` are. No file has a bearing on another.
    """
    batch = _Batch(messages, owners, developer)
    for number in range(len(batch.units)):
        batch.read(number)
    return batch.done()


class _Batch:
    """The batch on its way: what all files tell, and what has been made of them so far."""

    def __init__(
        self, messages: Mapping[str, pl.DataFrame], owners: Sequence[Owner], fields: Developer
    ) -> None:
        held, self.units = cut(_known(messages, fields), len(owners))
        n = len(self.units)
        self._owners = owners
        self._ledger = Ledger(len(owners))
        self._records = fit_records(held.get("record", NONE), fields, n)
        self._rows = {name: rows_by_unit(held.get(name, NONE)) for name in PLAIN}
        self._marks = TimerMarks(held.get("event", NONE), n)
        self._laps = Laps(held.get("lap", NONE), n)
        self._devices = Devices(held.get("file_id", NONE), held.get("device_info", NONE))
        self._listed = Listing("device", self._devices.frame)
        self._device_edges = edges(self._devices.frame, n)
        self._runs = Runs(self._records.traces)
        self._developers = Listed(
            self._records.developed, self._records.times_us, by_message(held), fields,
            self._rows[DECLARED],
        )  # fmt: skip
        self._twins: set[tuple[int, _Twin]] = set()

    def read(self, number: int) -> None:
        """Read one unit."""
        unit = self.units[number]
        told = self._ledger.files[unit.file]
        told.problems += self._records.told(number)
        told.partial |= number in self._records.undated
        traces = self._records.traces
        summaries = self._of("session", number)
        if len(summaries) > MAX_SESSIONS:
            told.partial = True
            told.problems.append(Problem("warning", TOO_MANY))
        if len(self._of("set", number)) == MAX_ROWS:
            told.problems.append(Problem("warning", TOO_MANY_SETS))
        found = sessions(
            summaries[:MAX_SESSIONS],
            self._of("sport", number),
            traces,
            traces.unit(number),
            told,
        )
        gym: list[tuple[dt.datetime, dt.datetime]] = []
        lacking = traces.unit(number).n
        for session, span in _whole(shares(found, traces, traces.unit(number), told), traces, told):
            lacking -= span.n
            if fault := believable(session.started_at):
                told.problems.append(fault)
                told.partial = True
                continue
            # Without a serial number a recording is named by its place in the file.
            place = session.index + unit.number * MAX_SESSIONS
            self._recording(number, replace(session, index=place), span, told)
            if session.sub_sport == STRENGTH:
                gym.append((session.started_at, session.ended_at))
        if found and lacking and not told.partial:
            what = f"{lacking} record{'s' * (lacking != 1)} outside every session: left out"
            told.problems.append(Problem("info", what))
        told.problems += strays(self._of("set", number), gym)

    def done(self) -> Batched:
        """Return what all files became."""
        frames = {
            "sample": self._runs.frame(),
            "lap": self._laps.listing.frame(),
            "device": self._listed.frame(),
            SERIES: self._developers.series(),
        }
        return self._ledger.batched(frames)

    def _of(self, message: str, number: int) -> list[Row]:
        return self._rows[message].get(number, [])

    def _recording(self, number: int, session: Session, span: Span, told: Told) -> None:
        file, owner = self.units[number].file, self._owners[self.units[number].file]
        row, worn = self._activity(number, session, span, owner)
        twin = (file, (worn.serial, session.started_at, session.sport))
        if twin in self._twins:
            told.problems.append(Problem("info", "the file holds the same recording twice"))
            return
        self._twins.add(twin)
        # Virtual rides and runs lie on invented islands.
        real = session.sub_sport != VIRTUAL
        position = self._records.traces.position(span) if real else None
        offset = _offset(self._of("activity", number), session)
        row |= owner.zone(session.started_at, offset, position)
        if session.sub_sport == STRENGTH:
            self._strength(number, session, row, owner, told)
        if session.sport == RUNNING:
            self._run(number, row, span, told)
        first, end = self._device_edges[number], self._device_edges[number + 1]
        key = row["activity_id"]
        told.count("device", self._listed.choose(np.arange(first, end), file, key))
        self._ledger.add("activity", file, [row])

    def _activity(
        self, number: int, session: Session, span: Span, owner: Owner
    ) -> tuple[Row, Sensors]:
        traces = self._records.traces
        makers = self._records.developed.makers.get(number, {})
        worn = self._devices.sensors(number, traces, span, makers)
        first = traces.instant(span.begin) if span.n else session.started_at
        name = identity(worn.serial, first, session.sport, owner, session.index)
        row = activity_row(owner, name, session.started_at, session.ended_at, span.n)
        return row | _told_by_session(session) | worn.row(), worn

    def _run(self, number: int, row: Row, span: Span, told: Told) -> None:
        file, key = self.units[number].file, row["activity_id"]
        began, ended = row["started_at"], row["ended_at"]
        self._runs.finish(row, file, span, self._marks.of(number), told)
        told.count("lap", self._laps.choose(number, began, ended, file, key))
        before = self._developers.count()
        listed = self._developers.rows(number, file, key, self._records.traces, span)
        self._ledger.add("developer_field", file, listed)
        told.count(SERIES, self._developers.count() - before)

    def _strength(self, number: int, session: Session, row: Row, owner: Owner, told: Told) -> None:
        visit = from_fit_sets(
            self._of("set", number),
            started_at=session.started_at,
            ended_at=session.ended_at,
            local_date=row["local_date"],
            duration_s=row["moving_s"],
            athlete=owner.athlete,
            sha256=owner.sha256,
            titles=self._of("exercise_title", number),
            rpe=_effort(session),
            own=owner.names,
        )
        file = self.units[number].file
        self._ledger.add("strength_session", file, [visit.session])
        self._ledger.add("strength_set", file, visit.sets)
        told.problems += [
            replace(problem, what=f"{visit.subject}: {problem.what}") for problem in visit.problems
        ]


def _known(messages: Mapping[str, pl.DataFrame], fields: Developer) -> dict[str, pl.DataFrame]:
    """Return the messages and columns that we read; records as they are, to be read in one pass."""
    held = {
        name: cleaned(name, frame, (FILE, SEGMENT))
        for name, frame in messages.items()
        if name in VENDOR and name != "record" and frame.height
    }
    records = messages.get("record", NONE)
    if records.height:
        wanted = [FILE, SEGMENT, *VENDOR["record"], *fields]
        held["record"] = records.select(name for name in wanted if name in records.columns)
    return held | developer_frames(messages, (FILE, SEGMENT), fields)


def _told_by_session(session: Session) -> dict[str, Any]:
    row = session.row

    def positive(name: str) -> float | None:
        """COROS writes session averages of 0.0 where nothing was measured."""
        value = row.get(name)
        return value if value is not None and value > 0 else None

    strides = positive("avg_running_cadence")
    fraction = positive("avg_fractional_cadence") or 0.0
    return summed({
        "sport": session.sport,
        "sub_sport": session.sub_sport,
        "name": row.get("sport_profile_name"),
        "elapsed_s": positive("total_elapsed_time"),
        "moving_s": positive("total_timer_time"),
        "distance_m": positive("total_distance"),
        "ascent_m": row.get("total_ascent"),
        "session_stance_time_ms": positive("avg_stance_time"),
        "session_stance_time_balance_pct": positive("avg_stance_time_balance"),
        "session_vertical_oscillation_mm": positive("avg_vertical_oscillation"),
        "session_vertical_ratio_pct": positive("avg_vertical_ratio"),
        "session_step_length_mm": positive("avg_step_length"),
        "session_cadence_spm": (strides + fraction) * STEPS_PER_STRIDE if strides else None,
    })  # fmt: skip


def _whole(
    found: Iterable[tuple[Session, Span]], traces: Traces, told: Told
) -> Iterator[tuple[Session, Span]]:
    """Yield each session, runs without what lies on the other side of a jump in time."""
    for session, span in found:
        kept, problems = unbroken(traces, span) if session.sport == RUNNING else (span, [])
        if not problems:
            yield session, span
            continue
        told.problems += problems
        told.partial = True
        first, last = traces.instant(kept.begin), traces.instant(kept.end - 1)
        started_at = session.started_at if kept.begin == span.begin else first
        yield replace(session, started_at=started_at, ended_at=last), kept


def _offset(told: Sequence[Row], session: Session) -> dt.timedelta | None:
    """Return the offset of the `activity` message that ends nearest to the session's end."""
    ended = [row for row in told if row.get("timestamp") is not None]
    if not ended:
        return None
    nearest = min(ended, key=lambda row: abs(row["timestamp"] - session.ended_at))
    return offset_between(nearest.get("local_timestamp"), nearest["timestamp"])


def _effort(session: Session) -> float | None:
    """The effort that the athlete told the watch after the session, 1 to 10."""
    told = session.row.get("workout_rpe")
    return told / RPE_SCALE if told is not None and 0 < told <= 10 * RPE_SCALE else None
