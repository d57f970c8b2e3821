"""What must hold of whatever was read: no exception, no wrong success, no value beyond nature."""

from __future__ import annotations

import datetime as dt
import hashlib
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

import polars as pl

from carryover.intake import Found
from carryover.reading import read_files
from carryover.settings import Settings
from carryover.warehouse.store import Reading

LONGEST_S: Final = 10
"""One try may take no longer."""
FIRST: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
LONGEST_JUMP_S: Final = 6 * 3600 + 1
MOST_DAYS: Final = 31
BETWEEN: Final[Mapping[str, tuple[float, float]]] = {
    "latitude_deg": (-90, 90), "longitude_deg": (-180, 180), "speed_mps": (0, 12),
    "heart_rate_bpm": (1, 250), "cadence_spm": (0, 400), "altitude_m": (-500, 9_000),
    "stance_time_ms": (0, 2_000), "stance_time_balance_pct": (0, 100), "power_w": (0, 5_000),
    "stance_time_left_ms": (0, 2_000), "stance_time_right_ms": (0, 2_000),
    "vertical_oscillation_mm": (0, 500), "vertical_ratio_pct": (0, 100),
    "step_length_mm": (0, 5_000), "temperature_c": (-90, 90), "dt_s": (0, 5),
    "stance_time_percent": (0, 100), "leg_spring_stiffness_knpm": (0, 200),
    "distance_m": (0, 2e6), "elapsed_s": (0, MOST_DAYS * 86_400), "reps": (0, 10_000),
    "moving_s": (0, MOST_DAYS * 86_400), "duration_s": (0, MOST_DAYS * 86_400),
    "weight_kg": (0, 2_000), "pain_0_10": (0, 10), "stiffness_0_10": (0, 10), "rpe": (0, 10),
    "ascent_m": (0, 100_000),
}  # fmt: skip
"""Column of any table → what nature or the calendar allows, both included."""
UNBOUND: Final = frozenset({"developer_field", "developer_series"})
"""Tables of values as their files declare them, of no use to any metric as they stand."""


class TooSlowError(BaseException):
    """A try that took longer than it may; no handler of the product may take it for its own."""


@contextmanager
def limited(seconds: int = LONGEST_S) -> Iterator[None]:
    """Interrupt what takes longer."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TooSlowError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def found(folder: Path, contents: Mapping[str, bytes]) -> list[Found]:
    """Write contents into a folder, as the walk over data/raw/ would find them."""
    told = []
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        told.append(Found(name, path, hashlib.sha256(content).hexdigest(), len(content)))
    return told


def tried(
    files: Sequence[Found], limit_s: int = LONGEST_S
) -> tuple[list[Reading], list[str], float]:
    """Read files through the product's own door; return what came, what was wrong, seconds."""
    begun = time.monotonic()
    try:
        with limited(limit_s):
            readings = list(read_files(files, Settings(), frozenset()))
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        return [], [f"{type(error).__name__}: {error}"], time.monotonic() - begun
    return readings, [], time.monotonic() - begun


def wrong(readings: Sequence[Reading]) -> list[str]:
    """Return what may not be in any reading, whatever was read."""
    told: list[str] = []
    for one in readings:
        told += _statuses(one)
        for name, frame in one.frames.items():
            if name not in UNBOUND:
                told += _values(name, frame)
        if "sample" in one.frames:
            told += _times(one.frames["sample"])
    return told


def rows_of(readings: Sequence[Reading], sha256: str) -> dict[str, pl.DataFrame]:
    """Return every frame's rows of one content, without the number that it has in its batch."""
    held: dict[str, pl.DataFrame] = {}
    for one in readings:
        numbers = one.content.with_row_index("content").filter(sha256=sha256)["content"].to_list()
        for name, frame in {**one.frames, "problem": one.problem}.items():
            mine = frame.filter(pl.col("content").is_in(numbers)).drop("content")
            if mine.height:
                held[name] = mine
        held |= {"content": one.content.filter(sha256=sha256)} if numbers else {}
    return held


def unlike(one: Mapping[str, pl.DataFrame], other: Mapping[str, pl.DataFrame]) -> list[str]:
    """Return the tables in which two readings of one content differ."""
    return [
        name
        for name in sorted(one.keys() | other.keys())
        if name not in one or name not in other or not _equal(one[name], other[name])
    ]


def _equal(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    if set(one.columns) != set(other.columns) or one.height != other.height:
        return False
    return one.equals(other.select(one.columns), null_equal=True)


def _statuses(one: Reading) -> list[str]:
    full = {n for frame in one.frames.values() for n in frame["content"].unique().to_list()}
    told = []
    for number, row in enumerate(one.content.iter_rows(named=True)):
        if row["kind"] in ("zip", "gz"):
            continue
        if row["status"] in ("loaded", "partial") and number not in full:
            told.append(f"{row['status']} without a record")
        if row["status"] != "loaded" and not row["reason"]:
            told.append(f"{row['status']} without a reason")
        if row["reason"] and "nobody has met" in row["reason"]:
            told.append(f"caught by the last guard alone: {row['reason'][:300]}")
    return told


def _values(name: str, frame: pl.DataFrame) -> list[str]:
    told = []
    now = dt.datetime.now(dt.UTC) + dt.timedelta(days=1, hours=1)
    for column, dtype in frame.schema.items():
        values = frame[column].drop_nulls()
        if not len(values):
            continue
        if dtype.is_float() and not values.is_finite().all():
            told.append(f"{name}.{column} is not finite")
            continue
        if column in BETWEEN:
            low, high = BETWEEN[column]
            least, most = float(values.min()), float(values.max())  # type: ignore[arg-type]
            if least < low or most > high:
                told.append(f"{name}.{column} {least:g} to {most:g}")
        if column.startswith("session_") and dtype.is_float() and float(values.max()) > 5_000:  # type: ignore[arg-type]
            told.append(f"{name}.{column} {values.max()}")
        if isinstance(dtype, pl.Datetime) and name != "lap":
            least_at, last_at = values.min(), values.max()
            if least_at < FIRST or last_at > now:  # type: ignore[operator]
                told.append(f"{name}.{column} {least_at} to {last_at}")
    return told


def _times(sample: pl.DataFrame) -> list[str]:
    gaps = sample.select(
        "activity_id",
        gap=pl.col("recorded_at").diff().over("content", "activity_id").dt.total_microseconds(),
    ).drop_nulls()
    told = []
    if (gaps["gap"] <= 0).any():
        told.append("sample: time stands still or falls")
    if (gaps["gap"] > 1e6 * LONGEST_JUMP_S).any():
        told.append("sample: a jump of more than six hours")
    return told
