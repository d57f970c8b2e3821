"""Gym sessions, as a watch's FIT file and as rows of the own strength log."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from carryover.demo.athlete import ACTIVATION, PROGRAMMES, Exercise
from carryover.demo.fit_messages import (
    RECORD,
    SESSION,
    SET,
    fit_time,
    new_encoder,
    write_activity,
    write_head,
    write_timer,
)

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    import numpy as np

    from carryover.demo.diary import GymSession

LOG_HEADER: Final = "date,time,exercise,sets,reps,weight_kg,side,rpe,duration_min,kind,notes"
SECONDS_A_REP: Final = 4
REST_S: Final = 75
RECORD_EVERY_S: Final = 60
PLATE_KG: Final = 2.5
DRILL_MINUTES: Final = 10


def exercises_of(session: GymSession) -> tuple[Exercise, ...]:
    """Return what is done in a session; a short one has about two thirds of the sets."""
    if session.kind == "activation":
        return ACTIVATION
    programme = PROGRAMMES[session.programme]
    return tuple(replace(e, sets=round(e.sets * session.dose)) for e in programme)


def load_kg(exercise: Exercise, session: GymSession) -> float | None:
    """Return the weight used, which grows slowly over the year, in steps of 2.5 kg."""
    if exercise.weight_kg is None:
        return None
    return PLATE_KG * round(exercise.weight_kg * session.progress / PLATE_KG)


def strength_fit(session: GymSession, zone: ZoneInfo, rng: np.random.Generator) -> bytes:
    """Return a watch's file of one session: sets and rests; reps of both sides in one set."""
    encoder = new_encoder()
    started = fit_time(session.started_at)
    write_head(encoder, started)
    sets = _sets(session, started, rng)
    ended = int(sets[-1]["timestamp"]) + REST_S
    beats = rng.normal(104.0, 6.0, size=(ended - started) // RECORD_EVERY_S + 1)
    for i, beat in enumerate(beats.round().astype(int).tolist()):
        encoder.on_mesg(RECORD, {"timestamp": started + RECORD_EVERY_S * i, "heart_rate": beat})
    write_timer(encoder, ended, "stop_all")
    for message in sets:
        encoder.on_mesg(SET, message)
    encoder.on_mesg(SESSION, _session(started, ended, rng))
    offset = session.started_at.astimezone(zone).utcoffset()
    write_activity(encoder, ended, ended - started, int(offset.total_seconds()) if offset else 0)
    return encoder.close()


def _sets(session: GymSession, started: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = []
    now = started + 120
    for exercise in exercises_of(session):
        reps = exercise.reps * (2 if exercise.one_sided else 1)
        for _ in range(exercise.sets):
            work = SECONDS_A_REP * reps + int(rng.integers(0, 8))
            active: dict[str, Any] = {
                "timestamp": now + work,
                "start_time": now,
                "duration": float(work),
                "set_type": "active",
                "repetitions": reps,
                "category": [exercise.category],
                "category_subtype": [exercise.subtype],
                "message_index": len(messages),
            }
            weight = load_kg(exercise, session)
            if weight is not None:
                active |= {"weight": weight, "weight_display_unit": "kilogram"}
            messages.append(active)
            rest = REST_S + int(rng.integers(-10, 20))
            messages.append(_rest(now + work, rest, len(messages)))
            now += work + rest
    return messages


def _rest(since: int, seconds: int, index: int) -> dict[str, Any]:
    return {
        "timestamp": since + seconds,
        "start_time": since,
        "duration": float(seconds),
        "set_type": "rest",
        "message_index": index,
    }


def _session(started: int, ended: int, rng: np.random.Generator) -> dict[str, Any]:
    return {
        "timestamp": ended,
        "start_time": started,
        "message_index": 0,
        "event": "lap",
        "event_type": "stop",
        "sport": "training",
        "sub_sport": "strength_training",
        "sport_profile_name": "Strength",
        "trigger": "activity_end",
        "total_elapsed_time": float(ended - started),
        "total_timer_time": float(ended - started),
        "workout_rpe": 10 * int(rng.integers(6, 9)),
        "avg_heart_rate": 104,
    }


def log_rows(session: GymSession, zone: ZoneInfo, rng: np.random.Generator) -> list[str]:
    """Return a session's lines of the own log: a line an exercise, and a side where it has one."""
    when = session.started_at.astimezone(zone)
    rpe = int(rng.integers(6, 9)) if session.kind == "strength" else 3
    minutes = int(rng.integers(38, 50)) if session.kind == "strength" else DRILL_MINUTES
    rows = []
    for exercise in exercises_of(session):
        weight = load_kg(exercise, session)
        load = "" if weight is None else f"{weight:g}"
        sides = ("left", "right") if exercise.one_sided else ("both",)
        rows += [
            f"{when:%Y-%m-%d,%H:%M},{exercise.name},{exercise.sets},{exercise.reps},"
            f"{load},{side},{rpe},{minutes},{session.kind},"
            for side in sides
        ]
    return rows
