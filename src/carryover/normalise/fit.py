"""A decoded FIT file → its recordings: one a session, runs with samples, gym visits with sets."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, Final

import numpy as np
import polars as pl

from carryover.normalise import strength
from carryover.normalise.channels import CHANNELS, Channels, fit_channels
from carryover.normalise.fit_sessions import RUNNING, Session, parts, sessions, shares
from carryover.normalise.recordings import Owner, activity_row, believable, finish_run
from carryover.normalise.result import Normalised
from carryover.normalise.samples import Marks, in_order
from carryover.normalise.sensors import Sensors, device_rows, sensors
from carryover.normalise.times import offset_between
from carryover.normalise.vendor import cleaned
from carryover.rawfile import Problem
from carryover.units import STEPS_PER_STRIDE

VIRTUAL: Final = "virtual_activity"
MAX_SESSIONS: Final = 1000
"""More than any file holds: keeps the sessions of chained activities apart."""
RPE_SCALE: Final = 10.0
"""Session field 193 (workout_rpe), which the decoder's profile does not know yet, counts to 100."""


def normalise_fit(messages: dict[str, pl.DataFrame], owner: Owner) -> Normalised:
    """Return every recording of a FIT file in canonical units; raises nothing for odd values."""
    result = Normalised()
    for number, part in enumerate(parts(cleaned(messages))):
        channels = _channels(part.get("record", pl.DataFrame()), part, result)
        found = sessions(part, channels.frame, result)
        for session, inside in shares(found, channels.frame, result):
            if fault := believable(session.started_at):
                result.problems.append(fault)
                result.partial = True
                continue
            # Without a serial number a recording is named by its place in the file.
            placed = replace(session, index=session.index + number * MAX_SESSIONS)
            _recording(placed, replace(channels, frame=inside), part, owner, result)
    return result


def _channels(
    records: pl.DataFrame, messages: dict[str, pl.DataFrame], result: Normalised
) -> Channels:
    if "timestamp" not in records.columns or records["timestamp"].is_null().all():
        if records.height:
            result.partial = True
            result.problems.append(
                Problem("warning", "no instant has a date: the watch's clock was never set")
            )
        empty = pl.DataFrame(schema={"recorded_at": pl.Datetime("us", "UTC")})
        return Channels(empty.with_columns(pl.lit(None, pl.Float64).alias(c) for c in CHANNELS), [])
    fields = messages.get("field_description", pl.DataFrame())
    channels = fit_channels(records, fields)
    result.problems.extend(channels.problems)
    return replace(channels, frame=in_order(channels.frame))


def _recording(
    session: Session,
    channels: Channels,
    messages: dict[str, pl.DataFrame],
    owner: Owner,
    result: Normalised,
) -> None:
    inside = channels.frame
    first = inside["recorded_at"][0] if inside.height else session.started_at
    devices = messages.get("device_info", pl.DataFrame())
    worn = sensors(messages.get("file_id", pl.DataFrame()), devices, inside, channels.makers)
    identity = _identity(worn, session, first, owner)
    row = activity_row(owner, identity, session.started_at, session.ended_at, inside)
    row |= _told_by_session(session) | _told_by_sensors(worn)
    told = {name: row[name] for name in ("serial", "started_at", "sport")}
    if result.holds("activity", told):
        result.problems.append(Problem("info", "the file holds the same recording twice"))
        return
    # Virtual rides and runs lie on invented islands.
    seen = inside.clear() if session.sub_sport == VIRTUAL else inside
    row |= owner.zone(session.started_at, _offset(messages, session), seen)
    _strength(session, messages, owner, row, result)
    if session.sport == RUNNING:
        finish_run(row, inside, _marks(messages), result)
        _laps(messages, session, row["activity_id"], result)
        _developer_fields(channels, messages, row["activity_id"], result)
    if devices.height:
        listed = device_rows(devices).with_columns(activity_id=pl.lit(row["activity_id"]))
        result.add("device", listed)
    result.add("activity", pl.DataFrame([row]))


def _identity(worn: Sensors, session: Session, first: dt.datetime, owner: Owner) -> str:
    """Serial and first record's time name a recording; without a serial its content does."""
    if worn.serial:
        watch = f"{worn.manufacturer}:{worn.device}:{worn.serial}"
        return f"{watch}@{first:%Y%m%dT%H%M%S}/{session.sport}"
    return f"{owner.sha256}#{session.index}"


def _told_by_session(session: Session) -> dict[str, Any]:
    row = session.row

    def positive(*names: str) -> float | None:
        """COROS writes session averages of 0.0 where nothing was measured."""
        values = [row.get(name) for name in names]
        return next((float(v) for v in values if isinstance(v, int | float) and v > 0), None)

    strides = positive("avg_running_cadence")
    fraction = positive("avg_fractional_cadence") or 0.0
    timer, distance = positive("total_timer_time"), positive("total_distance")
    return {
        "sport": session.sport,
        "sub_sport": session.sub_sport,
        "name": row.get("unknown_110") if isinstance(row.get("unknown_110"), str) else None,
        "elapsed_s": positive("total_elapsed_time"),
        "moving_s": timer,
        "distance_m": distance,
        "ascent_m": row.get("total_ascent"),
        "session_stance_time_ms": positive("avg_stance_time"),
        "session_stance_time_balance_pct": positive("avg_stance_time_balance"),
        "session_vertical_oscillation_mm": positive("avg_vertical_oscillation"),
        "session_vertical_ratio_pct": positive("avg_vertical_ratio"),
        "session_step_length_mm": positive("avg_step_length"),
        "session_cadence_spm": (strides + fraction) * STEPS_PER_STRIDE if strides else None,
    }


def _told_by_sensors(worn: Sensors) -> dict[str, Any]:
    return {
        "manufacturer": worn.manufacturer,
        "device": worn.device,
        "serial": worn.serial,
        "firmware": worn.firmware,
        "dynamics_source": worn.dynamics_source,
    }


def _offset(messages: dict[str, pl.DataFrame], session: Session) -> dt.timedelta | None:
    rows = messages.get("activity", pl.DataFrame())
    if not {"timestamp", "local_timestamp"} <= set(rows.columns):
        return None
    ends = [
        (abs((row["timestamp"] - session.ended_at).total_seconds()), row)
        for row in rows.iter_rows(named=True)
        if row["timestamp"] is not None
    ]
    if not ends:
        return None
    nearest = min(ends, key=lambda pair: pair[0])[1]
    return offset_between(nearest["local_timestamp"], nearest["timestamp"])


def _marks(messages: dict[str, pl.DataFrame]) -> Marks:
    events = messages.get("event", pl.DataFrame())
    if not {"event", "event_type", "timestamp"} <= set(events.columns):
        return Marks(np.array([]), np.array([]))
    timer = events.filter(pl.col("event") == "timer").drop_nulls("timestamp")
    kind = timer["event_type"]
    stop = kind.str.starts_with("stop").fill_null(value=False)
    at = timer["timestamp"].dt.epoch("us").cast(pl.Float64) / 1e6
    start = (kind == "start").fill_null(value=False)
    return Marks(at.filter(stop).to_numpy(), at.filter(start).to_numpy())


def _laps(
    messages: dict[str, pl.DataFrame], session: Session, activity_id: str, result: Normalised
) -> None:
    laps = messages.get("lap", pl.DataFrame())
    if "start_time" not in laps.columns:
        return
    inside = laps.filter(pl.col("start_time").is_between(session.started_at, session.ended_at))
    renamed = {
        "start_time": "started_at", "total_elapsed_time": "elapsed_s",
        "total_timer_time": "moving_s", "total_distance": "distance_m", "lap_trigger": "trigger",
    }  # fmt: skip
    known = {old: new for old, new in renamed.items() if old in inside.columns}
    result.add(
        "lap",
        inside.select(list(known)).rename(known).sort("started_at").with_columns(
            activity_id=pl.lit(activity_id), lap_index=pl.int_range(pl.len(), dtype=pl.Int32)
        ),
    )  # fmt: skip


def _developer_fields(
    channels: Channels,
    messages: dict[str, pl.DataFrame],
    activity_id: str,
    result: Normalised,
) -> None:
    """List every developer field, also those that we do not use."""
    records = messages.get("record", pl.DataFrame())
    fields = messages.get("field_description", pl.DataFrame())
    declared = {"field_name", "units"} <= set(fields.columns)
    units = dict(fields.select("field_name", "units").iter_rows()) if declared else {}
    rows = [
        {
            "activity_id": activity_id,
            "application_id": column.split("/", 2)[1],
            "name": (name := column.split("/", 2)[2]),
            "units": None if units.get(name) is None else str(units[name]),
            "channel": channels.used.get(column),
            "n_values": records.height - records[column].null_count(),
        }
        for column in records.columns
        if column.startswith("dev/")
    ]
    if rows:
        result.add("developer_field", pl.DataFrame(rows, infer_schema_length=None))


def _strength(
    session: Session,
    messages: dict[str, pl.DataFrame],
    owner: Owner,
    row: dict[str, Any],
    result: Normalised,
) -> None:
    if session.sub_sport != "strength_training":
        return
    frames = strength.from_fit_sets(
        messages.get("set", pl.DataFrame()),
        started_at=session.started_at,
        ended_at=session.ended_at,
        local_date=row["local_date"],
        duration_s=row["moving_s"],
        athlete=owner.athlete,
        sha256=owner.sha256,
        titles=messages.get("exercise_title", pl.DataFrame()),
        rpe=_effort(session),
    )
    result.add("strength_session", frames.sessions)
    result.add("strength_set", frames.sets)
    result.add_issues(frames.issues)


def _effort(session: Session) -> float | None:
    """The effort that the athlete told the watch after the session, 1 to 10."""
    told = session.row.get("unknown_193")
    return told / RPE_SCALE if told is not None and 0 < told <= 10 * RPE_SCALE else None
