"""A run as a FIT file, as a Garmin watch with a strap writes it."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from carryover import units
from carryover.demo.diary import PlannedRun, RunKind
from carryover.demo.fit_messages import (
    EVENT,
    LAP,
    RECORD,
    SESSION,
    Encoder,
    fit_time,
    later,
    new_encoder,
    write_activity,
    write_head,
    write_strap,
    write_timer,
)
from carryover.demo.recording import ascent_m, average, timer_s
from carryover.demo.simulate import Signal

if TYPE_CHECKING:
    from carryover.demo.noise import Floats

LAP_M: Final = 1000.0

RECORD_FIELDS: Final = {
    "distance_m": "distance",
    "speed_mps": "enhanced_speed",
    "altitude_m": "enhanced_altitude",
    "stance_time_ms": "stance_time",
    "stance_time_percent": "stance_time_percent",
    "stance_time_balance_pct": "stance_time_balance",
    "vertical_oscillation_mm": "vertical_oscillation",
    "vertical_ratio_pct": "vertical_ratio",
    "step_length_mm": "step_length",
}
"""Channels that go into a record as they are: the encoder applies the profile's scale."""

WHOLE_FIELDS: Final = {"heart_rate_bpm": "heart_rate", "temperature_c": "temperature"}

AVERAGES: Final = {
    "stance_time_ms": "avg_stance_time",
    "stance_time_percent": "avg_stance_time_percent",
    "stance_time_balance_pct": "avg_stance_time_balance",
    "vertical_oscillation_mm": "avg_vertical_oscillation",
    "vertical_ratio_pct": "avg_vertical_ratio",
    "step_length_mm": "avg_step_length",
}


def run_fit(run: PlannedRun, signal: Signal) -> bytes:
    """Return the bytes of one run's file; needs the extra `demo`."""
    encoder = new_encoder()
    started = fit_time(run.started_at)
    write_head(encoder, started)
    write_strap(encoder, started)
    for when, kind, fields in _timeline(run, signal):
        if kind == EVENT:
            write_timer(encoder, when, str(fields["event_type"]))
        else:
            encoder.on_mesg(kind, fields)
    ended = later(run.started_at, float(signal.elapsed_s[-1]))
    write_timer(encoder, ended, "stop_all")
    laps = _write_laps(encoder, run, signal)
    encoder.on_mesg(SESSION, _session(run, signal, laps))
    write_activity(encoder, ended, timer_s(signal), run.offset_s)
    return encoder.close()


def _timeline(run: PlannedRun, signal: Signal) -> list[tuple[int, int, dict[str, Any]]]:
    started = fit_time(run.started_at)
    rows = [(int(r["timestamp"]), RECORD, r) for r in _records(started, signal)]
    for stop, restart in signal.pauses:
        rows.append((started + stop, EVENT, {"event_type": "stop_all"}))
        rows.append((started + restart, EVENT, {"event_type": "start"}))
    return sorted(rows, key=lambda row: (row[0], row[1]))


def _records(started: int, signal: Signal) -> list[dict[str, Any]]:
    columns: dict[str, list[Any]] = {"timestamp": (started + signal.elapsed_s).astype(int).tolist()}
    channels = signal.channels
    for name, semicircles in (("latitude_deg", "position_lat"), ("longitude_deg", "position_long")):
        if name in channels:
            columns[semicircles] = _whole(channels[name] / units.SEMICIRCLE_DEG)
    for name, field in WHOLE_FIELDS.items():
        columns[field] = _whole(channels[name])
    steps = np.round(channels["cadence_spm"])
    columns["cadence"] = _whole(np.floor(steps / units.STEPS_PER_STRIDE))
    columns["fractional_cadence"] = ((steps % units.STEPS_PER_STRIDE) / 2.0).tolist()
    for name, field in RECORD_FIELDS.items():
        if name in channels:
            columns[field] = _or_none(channels[name])
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _whole(values: Floats) -> list[int]:
    return [round(value) for value in values.tolist()]


def _or_none(values: Floats) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]  # noqa: PLR0124  (NaN)


def _write_laps(encoder: Encoder, run: PlannedRun, signal: Signal) -> int:
    """Write a lap a kilometre and the rest; return how many."""
    distance = signal.channels["distance_m"]
    marks = np.arange(LAP_M, distance[-1], LAP_M)
    edges = [0, *np.searchsorted(distance, marks).tolist(), len(distance) - 1]
    edges = sorted(set(edges))
    for index, (since, until) in enumerate(itertools.pairwise(edges)):
        part = signal.taken(np.arange(since, until + 1))
        last = until == edges[-1]
        encoder.on_mesg(LAP, _lap(run, part, index, "session_end" if last else "distance"))
    return len(edges) - 1


def _lap(run: PlannedRun, part: Signal, index: int, trigger: str) -> dict[str, Any]:
    first, last = float(part.elapsed_s[0]), float(part.elapsed_s[-1])
    inside = tuple(p for p in part.pauses if first <= p[0] and p[1] <= last)
    part = Signal(part.elapsed_s, part.channels, inside)
    return {
        "message_index": index,
        "lap_trigger": trigger,
        **_totals(run, part),
        **_means(part),
    }


def _session(run: PlannedRun, signal: Signal, n_laps: int) -> dict[str, Any]:
    indoors = run.kind is RunKind.TREADMILL
    climbed = ascent_m(signal)
    message = {
        "message_index": 0,
        "sport": "running",
        "sub_sport": "treadmill" if indoors else "generic",
        "sport_profile_name": "Treadmill" if indoors else "Run",
        "trigger": "activity_end",
        "first_lap_index": 0,
        "num_laps": n_laps,
        **_totals(run, signal),
        **_means(signal),
    }
    return message if climbed is None else {**message, "total_ascent": round(climbed)}


def _totals(run: PlannedRun, part: Signal) -> dict[str, Any]:
    distance = part.channels["distance_m"]
    covered = float(distance[-1] - distance[0])
    timer = timer_s(part)
    elapsed = float(part.elapsed_s[-1] - part.elapsed_s[0])
    return {
        "timestamp": later(run.started_at, float(part.elapsed_s[-1])),
        "start_time": later(run.started_at, float(part.elapsed_s[0])),
        "event": "lap",
        "event_type": "stop",
        "total_elapsed_time": elapsed,
        "total_timer_time": timer,
        "total_distance": covered,
        "enhanced_avg_speed": covered / timer if timer > 0 else 0.0,
    }


def _means(part: Signal) -> dict[str, Any]:
    """Return time-weighted averages over the records, as the watch shows them."""
    means: dict[str, Any] = {
        field: value
        for name, field in AVERAGES.items()
        if (value := average(part, name)) is not None
    }
    heart = average(part, "heart_rate_bpm")
    if heart is not None:
        means["avg_heart_rate"] = round(heart)
        means["max_heart_rate"] = int(part.channels["heart_rate_bpm"].max())
    steps = average(part, "cadence_spm")
    if steps is not None:
        strides = steps / units.STEPS_PER_STRIDE
        means["avg_cadence"] = int(strides)
        means["avg_fractional_cadence"] = strides % 1.0
    warmth = average(part, "temperature_c")
    if warmth is not None:
        means["avg_temperature"] = round(warmth)
    return means
