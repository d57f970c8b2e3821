"""What cannot be: instants of no calendar, values of no body, places and distances out of reach.

Each is left out, counted and told; what is left stands as the file has it.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import numpy as np
import polars as pl

from carryover.errors import DecodeError
from carryover.normalise.traces import UNIT, Flags, Floats, Ints, Span, Traces, epoch_us
from carryover.rawfile import Problem
from carryover.units import EARTH_RADIUS_M

FIRST: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Before it a clock was never set; after tomorrow it runs ahead."""
MAX_JUMP_S: Final = 6 * 3600.0
"""Nobody's watch is silent for longer within one recording."""
MAX_LENGTH_S: Final = 30 * 86_400.0
"""A longer recording is a damaged number."""
MAX_RECORDINGS: Final = 5000
MAX_DISTANCE_M: Final = 2e6
MAX_ASCENT_M: Final = 100_000.0
MAX_REPS: Final = 1000.0
MAX_WEIGHT_KG: Final = 1000.0
MAX_SET_S: Final = 86_400.0
FASTEST_MPS: Final = 50.0
"""Faster than any ride: a place that far from the one before is none."""
SLACK_M: Final = 100.0
"""A receiver that finds its satellites again may be wrong by so much."""
MAX_RUN_SPEED_MPS: Final = 12.0
"""Faster than any runner over a second."""
BODY: Final[Mapping[str, tuple[float, float]]] = {
    "altitude_m": (-500, 9000), "heart_rate_bpm": (1, 250), "cadence_spm": (0, 400),
    "stance_time_ms": (0, 2000), "stance_time_percent": (0, 100),
    "stance_time_left_ms": (0, 2000), "stance_time_right_ms": (0, 2000),
    "vertical_oscillation_mm": (0, 500), "vertical_ratio_pct": (0, 100),
    "step_length_mm": (0, 5000), "power_w": (0, 5000), "temperature_c": (-90, 90),
    "leg_spring_stiffness_knpm": (0, 200),
}  # fmt: skip
"""Channel → what nature allows, both included; metrics have closer limits of their own."""
SUMMED: Final[Mapping[str, float]] = {
    "elapsed_s": MAX_LENGTH_S, "moving_s": MAX_LENGTH_S, "distance_m": MAX_DISTANCE_M,
    "ascent_m": MAX_ASCENT_M, "session_stance_time_ms": 2000,
    "session_stance_time_balance_pct": 100, "session_vertical_oscillation_mm": 500,
    "session_vertical_ratio_pct": 100, "session_step_length_mm": 5000, "session_cadence_spm": 400,
}  # fmt: skip
"""Column of a summary → the most that it can be."""
Problems = dict[int, list[Problem]]


def tomorrow() -> dt.datetime:
    """Return the last instant that a clock may tell: somewhere it is a day later already."""
    return dt.datetime.now(dt.UTC) + dt.timedelta(days=1)


def believable(started_at: dt.datetime) -> Problem | None:
    """Return what is wrong with a start time, if anything."""
    if FIRST <= started_at <= tomorrow():
        return None
    return Problem(
        "warning",
        f"the watch's clock was wrong: this recording says {started_at:%Y-%m-%d}",
        "It is kept in data/raw/ and left out of everything else.",
    )


def check_recordings(n: int) -> None:
    """Raise DecodeError for a file of more recordings than anybody has."""
    if n > MAX_RECORDINGS:
        what = f"{n:,} recordings in one file; at most {MAX_RECORDINGS:,} are read"
        raise DecodeError(what, remedy="Export them apart.")


def plausible(channels: pl.DataFrame, n_units: int) -> tuple[pl.DataFrame, Problems]:
    """Return channels (by unit and rising time) without what cannot be, and problems by unit.

    Rows of an instant before 2000 or after tomorrow go, and whole units that have no other.
    """
    problems: Problems = defaultdict(list)
    dated = _dated(channels, n_units, problems)
    return _placed(_bodily(dated, n_units, problems), problems), problems


def out_of_order(channels: pl.DataFrame, n_units: int) -> Problems:
    """Return what to tell of units whose records, as written, lack, go back in or repeat time."""
    found: Problems = defaultdict(list)
    if channels["recorded_at"].null_count():
        for number, n in _counts(channels, channels["recorded_at"].is_null(), n_units):
            found[number].append(Problem("info", f"{_many(n, 'record')} without a date: left out"))
        channels = channels.drop_nulls("recorded_at")
    unit, times = channels[UNIT].to_numpy(), epoch_us(channels["recorded_at"])
    same = unit[1:] == unit[:-1]
    step = np.diff(times)
    for fault, what in (
        (step < 0, "stand{s} after a later one: put in order of time"),
        (step == 0, "repeat{s} the instant before: joined with it"),
    ):
        counts = np.bincount(unit[1:][fault & same], minlength=n_units)
        for number in np.flatnonzero(counts).tolist():
            n = int(counts[number])
            s = "s" if n == 1 else ""
            found[number].append(Problem("info", f"{_many(n, 'record')} {what.format(s=s)}"))
    return found


def unbroken(traces: Traces, span: Span) -> tuple[Span, list[Problem]]:
    """Return the longest stretch of a recording without a silence of more than six hours.

    A night between two parts is no run: what is left out is told.
    """
    times_s = traces.times_s[span.begin : span.end]
    breaks = np.flatnonzero(np.diff(times_s) > MAX_JUMP_S) + 1
    if not len(breaks):
        return span, []
    bounds = np.concatenate([[0], breaks, [span.n]])
    longest = int(np.argmax(np.diff(bounds)))
    begin, end = span.begin + int(bounds[longest]), span.begin + int(bounds[longest + 1])
    lacking = span.n - (end - begin)
    what = (
        f"time jumps by more than six hours: {_many(lacking, 'record')} "
        f"on the other side of it left out"
    )
    return Span(begin, end), [Problem("warning", what, "Look whether the watch's clock was set.")]


def summed(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a summary without numbers that no recording has."""
    return {
        name: None if name in SUMMED and value is not None and value > SUMMED[name] else value
        for name, value in row.items()
    }


def run_speed(speed_mps: Floats) -> tuple[Floats, list[Problem]]:
    """Return a run's speed without what no runner reaches; NaN where unknown."""
    odd = (speed_mps < 0) | (speed_mps > MAX_RUN_SPEED_MPS)
    n = int(np.count_nonzero(odd))
    if not n:
        return speed_mps, []
    what = f"{_many(n, 'record')} faster than any runner: their speed is left out"
    return np.where(odd, np.nan, speed_mps), [Problem("info", what)]


def run_distance(times_s: Floats, distance_m: Floats) -> tuple[Floats, list[Problem]]:
    """Return a run's distance without leaps that no runner makes; NaN where unknown."""
    known = np.flatnonzero(np.isfinite(distance_m))
    if not len(known):
        return distance_m, []
    metres, seconds = distance_m[known], times_s[known]
    lost = (metres < 0) | (metres > MAX_DISTANCE_M)
    metres, seconds, kept = metres[~lost], seconds[~lost], known[~lost]

    def apart(one: Ints, other: Ints) -> Floats:
        return np.abs(metres[other] - metres[one])

    kept = kept[_reachable(seconds, apart, MAX_RUN_SPEED_MPS)]
    if len(kept):
        most = SLACK_M + MAX_RUN_SPEED_MPS * (times_s[kept[-1]] - times_s[kept[0]])
        if np.ptp(distance_m[kept]) > most:
            kept = kept[:0]
    if len(kept) == len(known):
        return distance_m, []
    sound = np.full(len(distance_m), np.nan)
    sound[kept] = distance_m[kept]
    what = (
        f"{_many(len(known) - len(kept), 'record')} further along than anybody runs: "
        "their distance is left out"
    )
    return sound, [Problem("warning", what)]


def _dated(channels: pl.DataFrame, n_units: int, problems: Problems) -> pl.DataFrame:
    if channels.is_empty():
        return channels
    told = pl.col("recorded_at").is_between(FIRST, tomorrow())
    sound = channels.select(told)["recorded_at"]
    if sound.all():
        return channels
    for unit, n in _counts(channels, ~sound, n_units):
        first = channels.filter((pl.col(UNIT) == unit) & ~told)["recorded_at"][0]
        what = (
            f"the watch's clock was wrong: {_many(n, 'record')} dated outside 2000 to tomorrow "
            f"({first:%Y-%m-%d}) left out"
        )
        problems[unit].append(
            Problem("warning", what, "The file stays in data/raw/; nothing need be done.")
        )
    return channels.filter(sound)


def _bodily(channels: pl.DataFrame, n_units: int, problems: Problems) -> pl.DataFrame:
    changed: list[pl.Expr] = []
    odd: dict[int, list[str]] = defaultdict(list)
    for name, (low, high) in BODY.items():
        values = channels[name]
        if values.null_count() == len(values):
            continue
        inside = values.is_between(low, high)
        if inside.all():
            continue
        changed.append(pl.when(pl.col(name).is_between(low, high)).then(pl.col(name)).alias(name))
        for unit, n in _counts(channels, ~inside.fill_null(value=True), n_units):
            odd[unit].append(f"{name.rpartition('_')[0].replace('_', ' ')} ({n})")
    for unit, told in odd.items():
        problems[unit].append(
            Problem("info", f"values that nature does not allow are left out: {', '.join(told)}")
        )
    return channels.with_columns(changed) if changed else channels


def _placed(channels: pl.DataFrame, problems: Problems) -> pl.DataFrame:
    """Leave out places that nobody could have come to from the others of the unit."""
    if channels["latitude_deg"].null_count() == channels.height:
        return channels
    lat, lon = (np.radians(channels[f"{n}_deg"].to_numpy()) for n in ("latitude", "longitude"))
    times_s = epoch_us(channels["recorded_at"]) / 1e6
    there = np.flatnonzero(np.isfinite(lat))
    owners = channels[UNIT].to_numpy()[there]
    lost = np.zeros(channels.height, np.bool_)
    for unit in _in_doubt(owners, lat[there], lon[there], times_s[there]):
        known = there[owners == unit]
        la, lo = lat[known], lon[known]

        def apart(one: Ints, other: Ints, la: Floats = la, lo: Floats = lo) -> Floats:
            return metres_between(la[one], lo[one], la[other], lo[other])

        away = ~_reachable(times_s[known], apart, FASTEST_MPS)
        if n := int(np.count_nonzero(away)):
            lost[known[away]] = True
            what = f"{_many(n, 'place')} out of reach of the others: left out"
            problems[unit].append(Problem("warning", what))
    if not lost.any():
        return channels
    sound = pl.lit(pl.Series(~lost))
    return channels.with_columns(
        pl.when(sound).then(pl.col(name)).alias(name) for name in ("latitude_deg", "longitude_deg")
    )


def _in_doubt(owners: Ints, lat: Floats, lon: Floats, times_s: Floats) -> list[int]:
    """Return the units with a step between places that may be too far; angles in radians.

    No way along the ground is longer than the one around the corner, north first and then east,
    which takes no sine; a thousandth is left to rounding.
    """
    around_m = EARTH_RADIUS_M * (np.abs(np.diff(lat)) + np.abs(np.diff(lon)))
    far = around_m > 0.999 * (SLACK_M + FASTEST_MPS * np.diff(times_s))
    mine = owners[1:]
    doubted: list[int] = np.unique(mine[far & (mine == owners[:-1])]).tolist()
    return doubted


def metres_between(la: Floats, lo: Floats, other_la: Floats, other_lo: Floats) -> Floats:
    """Return the ways between places along the ground in m; all angles in radians."""
    half = (
        np.sin((other_la - la) / 2) ** 2
        + np.cos(la) * np.cos(other_la) * np.sin((other_lo - lo) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def _reachable(times_s: Floats, apart: Callable[[Ints, Ints], Floats], fastest_mps: float) -> Flags:
    """Return which points can be reached, one from the other, at a speed.

    Points fall into pieces at steps that are too far. The piece of most points stands, and every
    other that its nearest standing neighbour in time can reach.
    """
    n = len(times_s)
    every = np.arange(n)
    far = apart(every[:-1], every[1:]) > SLACK_M + fastest_mps * np.diff(times_s)
    if not far.any():
        return np.ones(n, np.bool_)
    bounds = [0, *(np.flatnonzero(far) + 1).tolist(), n]
    pieces = list(itertools.pairwise(bounds))
    longest = max(range(len(pieces)), key=lambda i: pieces[i][1] - pieces[i][0])
    kept = np.zeros(n, np.bool_)
    kept[slice(*pieces[longest])] = True

    def reach(from_: int, to: int) -> bool:
        way = float(apart(np.array([from_]), np.array([to]))[0])
        return way <= SLACK_M + fastest_mps * abs(float(times_s[to] - times_s[from_]))

    last = pieces[longest][1] - 1
    for begin, end in pieces[longest + 1 :]:
        if reach(last, begin):
            kept[begin:end] = True
            last = end - 1
    first = pieces[longest][0]
    for begin, end in reversed(pieces[:longest]):
        if reach(first, end - 1):
            kept[begin:end] = True
            first = begin
    return kept


def _counts(channels: pl.DataFrame, odd: pl.Series, n_units: int) -> Iterable[tuple[int, int]]:
    """Yield the units that have odd rows, and how many."""
    counts = np.bincount(channels[UNIT].to_numpy()[odd.to_numpy()], minlength=n_units)
    for unit in np.flatnonzero(counts).tolist():
        yield unit, int(counts[unit])


def _many(n: int, what: str) -> str:
    return f"{n} {what}{'s' * (n != 1)}"
