"""The record of a home's nights: one line an event in `nights.jsonl`, only ever added to.

A line is written as soon as it is known, so that a night that is killed has told its start and the
steps it came through. A record that cannot be written never costs the night itself.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import polars as pl

from carryover.home import Home

FILE_NAME: Final = "nights.jsonl"
KEPT: Final = 400
"""So many nights are kept."""
STEPS: Final = ("find", "read", "ledger", "build", "render")
STATUSES: Final = ("loaded", "duplicate", "partial", "rejected", "unsupported")
COUNTS: Final = ("n_found", "n_new", "n_unreadable", *(f"n_{status}" for status in STATUSES))
NIGHTS: Final[dict[str, Any]] = {
    "started_at": pl.Datetime("us", "UTC"), "ended_at": pl.Datetime("us", "UTC"),
    "state": pl.String, "reason": pl.String, "wall_s": pl.Float64,
    **dict.fromkeys((f"{step}_s" for step in STEPS), pl.Float64),
    **dict.fromkeys(COUNTS, pl.Int32),
}  # fmt: skip
"""Grain: one night."""
OK: Final = "ok"
QUIET: Final = "nothing new"
FAILED: Final = "failed"
CUT_OFF: Final = "cut off"
RUNNING: Final = "running"
LONGEST_REASON: Final = 300
LATE: Final = dt.timedelta(hours=26)
"""A home that runs every night and has not for so long is not looked after."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the nights stand: rows of NIGHTS, newest first among them."""

    newest: Mapping[str, Any]
    last_good: Mapping[str, Any] | None
    is_late: bool
    """No night ended well within LATE, and none runs now."""


class Night:
    """Writes down one night; as a context it tells its start, its end, and why it failed.

    With `unsure` nothing is written unless `tell` or a fault says that this was a night.
    """

    def __init__(self, home: Home, *, unsure: bool = False) -> None:
        self._path = path_of(home)
        self._start = _clock()
        self._begun = time.monotonic()
        self._told: dict[str, Any] = {}
        self._held: list[dict[str, Any]] | None = [] if unsure else None

    @property
    def started_at(self) -> dt.datetime:
        """The instant at which it began."""
        return self._start

    def __enter__(self) -> Self:
        self._write({"event": "begun", "pid": os.getpid()})
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if error is None and not self._told:
            return
        end = {"event": "ended", "at": _clock().isoformat(), **self._told,
               "wall_s": round(time.monotonic() - self._begun, 3)}  # fmt: skip
        if error is not None:
            end |= {"state": FAILED, "reason": _reason(error)}
        self._settle()
        self._write(end)

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Tell how long a step (one of STEPS) took, whether or not it came to its end."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self._write(
                {"event": "step", "name": name, "seconds": round(time.monotonic() - begun, 3)}
            )

    def found(self, n_found: int, n_new: int, n_unreadable: int) -> None:
        """Tell what lay on disk, as soon as it is known: a night may fail later."""
        counts = {"n_found": n_found, "n_new": n_new, "n_unreadable": n_unreadable}
        self._write({"event": "found", **counts})

    def tell(self, statuses: Mapping[str, int], *, changed: bool = True) -> None:
        """Say that the night is done, and how many files of each status there are."""
        held = {f"n_{status}": statuses.get(status, 0) for status in STATUSES}
        self._told = {"state": OK if changed else QUIET, **held}

    def _settle(self) -> None:
        """Write what was held back, for now it is known to be a night."""
        held, self._held = self._held or [], None
        for event in held:
            self._write(event)

    def _write(self, event: dict[str, Any]) -> None:
        if self._held is not None:
            self._held.append(event)
            return
        line = {"night": self._start.isoformat(), **event}
        with contextlib.suppress(OSError):
            if event["event"] == "begun":
                _make_room(self._path)
            _append(self._path, json.dumps(line, ensure_ascii=False))


def path_of(home: Home) -> Path:
    """Return where a home's nights are written down."""
    return home.warehouse_dir / FILE_NAME


def no_nights() -> pl.DataFrame:
    """Return the table of a home that never had a night."""
    return pl.DataFrame(schema=NIGHTS)


def nights(home: Home) -> pl.DataFrame:
    """Return the nights of a home (NIGHTS), oldest first; a line that is torn tells nothing."""
    told: dict[str, dict[str, Any]] = {}
    for event in _events(_text(path_of(home))):
        night = told.setdefault(str(event["night"]), {"started_at": event["night"]})
        _fold(night, event)
    rows = [night for _, night in sorted(told.items())]
    for night in rows:
        alive = night is rows[-1] and home.is_locked() and _is_alive(night.get("pid"))
        night.setdefault("state", RUNNING if alive else CUT_OFF)
    texts = NIGHTS | {"started_at": pl.String, "ended_at": pl.String}
    columns = [
        pl.Series(name, [night.get(name) for night in rows], dtype=kind, strict=False)
        for name, kind in texts.items()
    ]
    return pl.DataFrame(columns).with_columns(
        pl.col("started_at", "ended_at").str.to_datetime(time_unit="us", time_zone="UTC")
    )


def standing(frame: pl.DataFrame, now: dt.datetime) -> Standing | None:
    """Return how nights (NIGHTS, in any order) stand as of `now`; None before the first."""
    rows = frame.sort("started_at", descending=True).to_dicts()
    if not rows:
        return None
    good = next((row for row in rows if row["state"] in {OK, QUIET}), None)
    runs = rows[0]["state"] == RUNNING
    late = good is None or now - (good["ended_at"] or good["started_at"]) > LATE
    return Standing(rows[0], good, late and not runs)


def _fold(night: dict[str, Any], event: Mapping[str, Any]) -> None:
    """Add what an event says to what is known of its night."""
    if event["event"] == "step":
        name = f"{event['name']}_s"
        night[name] = round(night.get(name, 0.0) + event["seconds"], 3)
        return
    night |= {key: value for key, value in event.items() if key in NIGHTS or key == "pid"}
    if event["event"] == "ended":
        night["ended_at"] = event["at"]


def _events(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and _is_whole(event):
            yield event


def _is_whole(event: Mapping[str, Any]) -> bool:
    """Return whether a line is one of ours: its night is an instant, a step has its seconds."""
    try:
        instants = [dt.datetime.fromisoformat(event[key]) for key in ("night", "at")
                    if key in event or key == "night"]  # fmt: skip
    except (KeyError, TypeError, ValueError):
        return False
    kind = event.get("event")
    is_step = kind == "step" and event.get("name") in STEPS
    is_known = kind in {"begun", "found", "ended"} and ("at" in event) == (kind == "ended")
    timed = isinstance(event.get("seconds"), float | int) if is_step else is_known
    return timed and all(instant.tzinfo is not None for instant in instants)


def _make_room(path: Path) -> None:
    """Drop the oldest nights beyond KEPT, in one step."""
    text = _text(path)
    names = list(dict.fromkeys(event["night"] for event in _events(text)))
    if len(names) < KEPT:
        return
    kept = set(names[-(KEPT - 1) :])
    lines = [json.dumps(e, ensure_ascii=False) for e in _events(text) if e["night"] in kept]
    beside = path.with_suffix(".new")
    beside.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    beside.replace(path)


def _append(path: Path, line: str) -> None:
    """Add a line and flush it; one that a crash has torn before it is ended first."""
    with path.open("ab+") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            torn = file.read(1) != b"\n"
            file.seek(0, os.SEEK_END)
        else:
            torn = False
        file.write(("\n" * torn + line + "\n").encode("utf-8"))
        file.flush()
        os.fsync(file.fileno())


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", errors="replace")
    except OSError:
        return ""


def _is_alive(pid: object) -> bool:
    if not isinstance(pid, int) or pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except PermissionError:
        return True
    except (OSError, OverflowError):
        return False
    return True


def _reason(error: BaseException) -> str:
    """Return a fault in one line."""
    if isinstance(error, KeyboardInterrupt):
        return "stopped by hand"
    told = _first(str(error).splitlines())
    name = type(error).__name__
    is_ours = type(error).__module__.startswith("carryover.")
    return (told if is_ours and told else f"{name}: {told}".rstrip(": "))[:LONGEST_REASON]


def _first(lines: Iterable[str]) -> str:
    return next((line.strip() for line in lines if line.strip()), "")


def _clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
