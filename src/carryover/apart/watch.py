"""One process that reads, watched: how long it takes, how much memory, and how it ends."""

from __future__ import annotations

import contextlib
import os
import pickle
import queue
import resource
import select
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from carryover.apart import child
from carryover.apart.child import Order
from carryover.apart.parcel import Label, memory, unpack
from carryover.apart.start import Started
from carryover.apart.wire import Wire
from carryover.errors import CarryoverError
from carryover.rawfile import Stage
from carryover.warehouse.content import Reading

LOOK_S: Final = 0.05
"""So often the memory of the process is looked at."""
HEAR_S: Final = 0.3
"""So soon a key at the terminal is heard."""
START_S: Final = 120.0
END_S: Final = 10.0
PAGE_BYTES: Final = resource.getpagesize()
BYTES_PER_MB: Final = 1_000_000
S_PER_MB: Final = {Stage.OPEN: 0.5, Stage.DECODE: 10.0, Stage.NORMALISE: 10.0, None: 10.0}
"""What a step may take for each MB beside `read_timeout_s`: 20 times what real files take."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading may take: seconds without a word beside S_PER_MB, and MB of memory."""

    timeout_s: float
    memory_mb: float


@dataclass(frozen=True, slots=True)
class At:
    """What the process is at; no stage is the putting together of what contents became."""

    stage: Stage | None
    hashes: tuple[str, ...]
    size_bytes: int
    step: int

    @property
    def allowed_s(self) -> float:
        """Seconds that it may take beside `read_timeout_s`."""
        return S_PER_MB[self.stage] * self.size_bytes / BYTES_PER_MB


@dataclass(frozen=True, slots=True)
class Ended:
    """The process ended before its work did: why, in words of the file's, and at what."""

    why: str
    at: At | None


class Watched:
    """A process that reads, watched from each order until it is done with that.

    Raises CarryoverError where it does not start, and OSError for a fault of the disk's that it
    met; neither is a content's.
    """

    def __init__(self, started: Started) -> None:
        self._started = started
        self._wire = Wire(started.line)
        self._limits = Limits(0.0, float("inf"))
        self._at: At | None = None
        self._since = time.monotonic()
        self._is_ready = False
        self._broke: str | None = None
        self._came: queue.SimpleQueue[Reading | Ended | BaseException | None] = queue.SimpleQueue()
        self._watcher: threading.Thread | None = None

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._started.process.pid

    def order(self, order: Order, limits: Limits) -> None:
        """Say what is to be read; the first Reading is made at once."""
        self._limits = limits
        descriptor = memory()
        with os.fdopen(descriptor, "wb", closefd=False) as stream:
            pickle.dump(order, stream)
        # A process that is gone already is told of by its watcher.
        with contextlib.suppress(OSError):
            self._wire.say("order", descriptor=descriptor)
        os.close(descriptor)
        self._since = time.monotonic()
        self._watcher = threading.Thread(target=self._watch, name="watch reader", daemon=True)
        self._watcher.start()

    def take(self) -> Reading | Ended | None:
        """Wait for what comes next; None at the end. Once it is taken, the next one is made."""
        came = self._next()
        if isinstance(came, BaseException):
            raise came
        if isinstance(came, Reading):
            with contextlib.suppress(OSError):
                self._wire.say("go")
        return came

    def _next(self) -> Reading | Ended | BaseException | None:
        # A library may let waits go on after a signal: Ctrl-C is heard only between two of them.
        while True:
            with contextlib.suppress(queue.Empty):
                return self._came.get(timeout=HEAR_S)

    def close(self) -> None:
        """End the process, whatever it does, and what watches it."""
        self._started.kill()
        if self._watcher:
            self._watcher.join()
        self._wire.close()
        self._started.close()

    def _watch(self) -> None:
        """Hear what the process says until it ends, or end it where it takes too much."""
        waits = select.poll()
        waits.register(self._wire, select.POLLIN)
        looked = 0.0
        while True:
            has_word = bool(waits.poll(LOOK_S * 1000))
            if has_word and self._hear():
                return
            now = time.monotonic()
            over = "" if has_word else self._over_time(now)
            if now - looked >= LOOK_S:
                over, looked = over or self._over_memory(), now
            if over:
                self._came.put(self._stopped(over))
                return

    def _hear(self) -> bool:
        """Take what the process says; return whether that was the last of it."""
        try:
            lines = self._wire.hear()
        except OSError:
            lines = None
        if lines is None:
            self._came.put(self._gone())
            return True
        told = [self._is_last(*line) for line in lines]
        return any(told)

    def _is_last(self, what: str, *told: Any) -> bool:  # noqa: ANN401 - JSON
        self._since = time.monotonic()
        if what == child.READY:
            self._is_ready = True
        elif what == child.AT:
            stage, hashes, size_bytes, step = told
            self._at = At(stage and Stage(stage), tuple(hashes), size_bytes, step)
        elif what == child.READING:
            self._at = None
            self._came.put(unpack(self._wire.descriptor(), Label.of(told[0])))
        elif what == child.BROKE:
            self._broke = str(told[0])
        elif what == child.FAULT:
            self._came.put(OSError(*told))
        else:
            self._at = None
            self._came.put(None)
        return what in {child.FAULT, child.DONE}

    def _over_time(self, now: float) -> str:
        """Say that what the process is at takes too long; empty where it does not."""
        if not self._is_ready:
            return "it is too slow" if now - self._since > START_S else ""
        if self._at is None:
            return ""
        allowed_s = self._limits.timeout_s + self._at.allowed_s
        if now - self._since <= allowed_s:
            return ""
        return f"reading it took longer than {allowed_s:,.0f} s and was stopped"

    def _over_memory(self) -> str:
        """Say that the process holds too much; empty where it does not, or none can tell."""
        try:
            told = Path(f"/proc/{self._started.process.pid}/statm").read_text("ascii").split()
        except OSError:
            return ""
        # Of a process that has just ended nothing is told.
        held_bytes = int(told[1]) * PAGE_BYTES if told else 0
        return self._too_much() if held_bytes > self._limits.memory_mb * BYTES_PER_MB else ""

    def _too_much(self) -> str:
        return (
            f"reading it took more than {self._limits.memory_mb:,.0f} MB of memory and was stopped"
        )

    def _stopped(self, why: str) -> Ended | BaseException:
        self._started.kill()
        return Ended(why, self._at) if self._is_ready else _unstarted(why)

    def _gone(self) -> Ended | BaseException:
        """Say how a process ended that said nothing more."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._started.process.wait(END_S)
        code = self._started.process.returncode
        if not self._is_ready:
            return _unstarted(self._started.last_word())
        if code == child.NO_MEMORY:
            return Ended(self._too_much(), self._at)
        how = f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"
        return Ended(f"the reader broke down at it ({self._broke or how})", self._at)


def _unstarted(why: str) -> CarryoverError:
    return CarryoverError(f"the process that reads files does not start: {why}")
