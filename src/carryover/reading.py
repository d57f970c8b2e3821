"""Read one file on disk to the end: open, decode, normalise, and say what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from carryover.decode import DECODER_VERSION, Recording, decode_file, sniff
from carryover.errors import CarryoverError, DecodeError, UnsupportedError
from carryover.intake import Container, Found, Refused, unpack
from carryover.normalise import TABLES, Normalised, normalise
from carryover.rawfile import FileKind, Problem, RawFile, Status
from carryover.settings import Settings
from carryover.warehouse.store import CONTENT, MEMBER, PROBLEM, spool

UNFORESEEN: Final = (
    pl.exceptions.PolarsError, pl.exceptions.PanicException, TypeError, ValueError, LookupError,
    AttributeError, ArithmeticError, RecursionError,
)  # fmt: skip
"""What a library may raise at a value that no test has met: one odd file must not end a night."""


def decoder_key(settings: Settings) -> str:
    """Return what readings depend on beside the bytes: the reader, and who lives where.

    When it changes, files are read again.
    """
    told = [(a.id, a.folder, a.home_timezone) for a in settings.everyone()]
    who = hashlib.sha256(repr((told, settings.strength.weight_unit)).encode()).hexdigest()[:12]
    return f"{DECODER_VERSION}-{who}"


@dataclass(slots=True)
class Batch:
    """What a batch of files became: ledger rows and frames, to be spooled for the writer."""

    settings: Settings
    content: list[dict[str, object]] = field(default_factory=list)
    member: list[dict[str, object]] = field(default_factory=list)
    problem: list[dict[str, object]] = field(default_factory=list)
    frames: dict[str, list[pl.DataFrame]] = field(default_factory=dict)

    def enter(
        self,
        held: RawFile | Refused | Container,
        status: Status,
        reason: str | None,
    ) -> None:
        """Enter one content into the ledger, as a file of whose folder it lies in."""
        self.content.append({
            "sha256": held.sha256, "kind": str(held.kind), "size_bytes": held.size_bytes,
            "status": str(status), "reason": reason,
            "athlete_id": self.settings.athlete_of(held.place).id,
            "decoder_key": decoder_key(self.settings),
        })  # fmt: skip

    def tell(self, sha256: str, problem: Problem) -> None:
        """Keep something a person should know about a content."""
        self.problem.append({
            "sha256": sha256, "severity": problem.severity, "what": problem.what,
            "remedy": problem.remedy or None,
        })  # fmt: skip

    def add(self, sha256: str, frames: Mapping[str, pl.DataFrame]) -> None:
        """Keep the frames of one content."""
        for name, frame in frames.items():
            named = frame.with_columns(content_sha256=pl.lit(sha256))
            self.frames.setdefault(name, []).append(named)


def read_batch(
    files: Iterable[Found], settings: Settings, known: frozenset[str], target: Path
) -> dict[str, int]:
    """Read files and spool what they hold at `target`; return how many contents of each status.

    Nothing that a file holds can raise: what cannot be read is entered as rejected.
    """
    batch = Batch(settings)
    seen: set[str] = set()
    for found in files:
        _read_file(found, known, batch, seen)
    ledger = {
        "content": pl.DataFrame(batch.content, schema=dict(CONTENT)),
        "member": pl.DataFrame(batch.member, schema=dict(MEMBER)),
        "problem": pl.DataFrame(batch.problem, schema=dict(PROBLEM)),
    }
    spool(target, ledger, {n: pl.concat(f) for n, f in batch.frames.items() if n in TABLES})
    counts: dict[str, int] = {}
    for row in batch.content:
        counts[str(row["status"])] = counts.get(str(row["status"]), 0) + 1
    return counts


def _read_file(found: Found, known: frozenset[str], batch: Batch, seen: set[str]) -> None:
    try:
        for held in unpack(found, sniff):
            if held.place != found.place:
                _place(batch, held.place, held.sha256, found)
            if held.sha256 not in known | seen:
                seen.add(held.sha256)
                _read_held(held, batch)
    except OSError as error:
        fault = DecodeError(f"the file cannot be read: {error.strerror}", subject=found.place)
        unread = Refused(found.place, found.sha256, FileKind.UNKNOWN, found.size_bytes, fault)
        batch.enter(unread, Status.REJECTED, _reason(fault))


def _read_held(held: RawFile | Refused | Container, batch: Batch) -> None:
    if isinstance(held, RawFile):
        _read_content(held, batch)
    elif isinstance(held, Refused):
        batch.enter(held, Status.REJECTED, _reason(held.error))
    else:
        batch.enter(held, Status.LOADED, f"archive of {held.inside} files")


def read_content(leaf: RawFile, settings: Settings) -> tuple[Recording, Normalised]:
    """Decode and normalise one content; raises DecodeError or UnsupportedError."""
    recording = decode_file(leaf)
    athlete = settings.athlete_of(leaf.place)
    unit = settings.strength.weight_unit
    return recording, normalise(leaf.kind, recording.messages, athlete, leaf.sha256, unit)


def _read_content(leaf: RawFile, batch: Batch) -> None:
    try:
        recording, told = read_content(leaf, batch.settings)
    except UNFORESEEN as odd:
        what = f"nobody has met a file like this one ({type(odd).__name__}: {odd})"
        batch.enter(leaf, Status.REJECTED, what)
        return
    except UnsupportedError as fault:
        batch.enter(leaf, Status.UNSUPPORTED, _reason(fault))
        return
    except DecodeError as fault:
        batch.enter(leaf, Status.REJECTED, _reason(fault))
        return
    problems = recording.problems + told.problems
    status, reason = _verdict(told, problems, complete=recording.complete)
    batch.enter(leaf, status, reason)
    batch.add(leaf.sha256, told.frames)
    for problem in problems:
        batch.tell(leaf.sha256, problem)


def _verdict(
    told: Normalised, problems: list[Problem], *, complete: bool
) -> tuple[Status, str | None]:
    """Loaded, partial, or rejected since nothing of it could be used."""
    useful = any(told.rows(name) for name in TABLES)
    reason = "; ".join(p.what for p in problems if p.severity != "info") or None
    if not useful:
        return Status.REJECTED, reason or _told(problems) or "nothing recorded in it"
    if complete and not told.partial:
        return Status.LOADED, None
    return Status.PARTIAL, reason or _told(problems)


def _told(problems: list[Problem]) -> str | None:
    return "; ".join(p.what for p in problems) or None


def _place(batch: Batch, place: str, sha256: str, outer: Found) -> None:
    """Keep a place inside an archive, told from the archive on: that may be moved or copied."""
    inner = place.removeprefix(outer.place)
    batch.member.append({"inner_place": inner, "sha256": sha256, "outer_sha256": outer.sha256})


def _reason(fault: CarryoverError) -> str:
    place = f" ({fault.place})" if fault.place else ""
    return f"{fault.what}{place}"
