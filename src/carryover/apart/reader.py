"""Read files in a process that may be ended; what ends it twice is set aside, the rest is read."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Final, Self

from carryover.apart.child import Order
from carryover.apart.start import MAIN, Started
from carryover.apart.watch import At, Ended, Limits, Watched
from carryover.care import Care
from carryover.errors import CarryoverError
from carryover.intake import Found
from carryover.rawfile import Stage
from carryover.settings import Settings
from carryover.warehouse.content import Reading

CAREFUL_BYTES: Final = 4_000_000
"""Contents read together once one of them ended a process: so much is read again at the next."""
MOST_UNEXPLAINED: Final = 3
BASE_MB: Final = 300
MB_PER_MB: Final = 30
"""What a batch may take in memory: this beside so much a MB of it; 25 is what the docs promise."""


class Apart:
    """A process that reads, started when this is made; another takes its place where it ends.

    It may have been `started` before; `main` is the module that those behind it run. Raises
    CarryoverError where one cannot be started, or ends again and again at no content.
    """

    def __init__(
        self, settings: Settings, started: Started | None = None, main: str = MAIN
    ) -> None:
        self._settings = settings
        self._main = main
        self._watched: Watched | None = Watched(started or Started(main))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._end()

    def read(self, files: Sequence[Found], known: frozenset[str]) -> Iterator[Reading]:
        """Yield what files hold, as `read_files` does; the next is made while one is in use."""
        work = _Work(files, known)
        try:
            while True:
                watched = self._watched = self._watched or Watched(Started(self._main))
                order = Order(work.left(), self._settings, frozenset(work.known), work.care)
                watched.order(order, _limits(self._settings, work.care))
                ended = yield from _taken(watched, work)
                if ended is None:
                    return
                self._end()
                work.learn(ended)
        except BaseException:
            # Who stops early leaves a process behind that is in the middle of things.
            self._end()
            raise

    @property
    def pid(self) -> int | None:
        """The number of the process that reads now; None where there is none."""
        return self._watched.pid if self._watched else None

    def _end(self) -> None:
        if self._watched:
            self._watched.close()
        self._watched = None


def _taken(watched: Watched, work: _Work) -> Generator[Reading, None, Ended | None]:
    """Yield what a process reads; return how it ended, None where all is read."""
    while isinstance(came := watched.take(), Reading):
        told = work.take(came)
        del came
        yield told
        del told
    return came


def _limits(settings: Settings, care: Care) -> Limits:
    """Return what reading may take: a batch of many contents more than one content does."""
    machine = settings.machine
    together_mb = BASE_MB + MB_PER_MB * machine.batch_mb if care.most_bytes is None else 0
    return Limits(machine.read_timeout_s, max(machine.read_memory_mb, together_mb))


@dataclass(slots=True)
class _Work:
    """What has come back, what is left to read, and with which care."""

    files: Sequence[Found]
    known: set[str] | frozenset[str]
    care: Care = field(default_factory=Care)
    n_done: int = 0
    told_bytes: int = 0
    owed_bytes: int = 0
    n_unexplained: int = 0

    def left(self) -> Sequence[Found]:
        """Return the files that are not done with."""
        done_bytes = sum(found.size_bytes for found in self.files[: self.n_done])
        self.owed_bytes = self.told_bytes - done_bytes
        return self.files[self.n_done :]

    def take(self, reading: Reading) -> Reading:
        """Note what came back; bytes of a file that was begun twice are told once."""
        self.known = self.known | set(reading.content["sha256"])
        self.n_done += reading.n_files
        before = min(self.owed_bytes, reading.disk_bytes)
        self.owed_bytes -= before
        new_bytes = reading.disk_bytes - before
        self.told_bytes += new_bytes
        return replace(reading, disk_bytes=new_bytes)

    def learn(self, ended: Ended) -> None:
        """Take care of what ended a process: contents alone at first, then not at all."""
        at, care = ended.at, self.care
        most_bytes = min(care.most_bytes or CAREFUL_BYTES, CAREFUL_BYTES)
        self.care = care = replace(care, most_bytes=most_bytes)
        if at is None or (at.stage is None and most_bytes == 1 and len(at.hashes) != 1):
            self._count(ended)
        elif len(at.hashes) == 1:
            self._strike(at, ended.why)
        elif at.stage is None:
            self.care = replace(care, most_bytes=1)
        else:
            self.care = replace(care, alone=care.alone | set(at.hashes))

    def _count(self, ended: Ended) -> None:
        self.n_unexplained += 1
        if self.n_unexplained > MOST_UNEXPLAINED:
            raise CarryoverError(
                f"the process that reads files ends again and again: {ended.why}",
                remedy="Try again; where it stays so, give `[machine] read_memory_mb` more.",
            )

    def _strike(self, at: At, why: str) -> None:
        """Condemn a content that ended a process before, by itself; warn of it else."""
        care, (sha256,) = self.care, at.hashes
        if sha256 not in care.struck:
            struck = {sha256}
            self.care = replace(care, alone=care.alone | struck, struck=care.struck | struck)
        elif at.stage is Stage.OPEN:
            self.care = replace(care, shut={**care.shut, sha256: (at.step, why)})
        else:
            told = at.stage or Stage.NORMALISE, why
            self.care = replace(care, condemned={**care.condemned, sha256: told})
