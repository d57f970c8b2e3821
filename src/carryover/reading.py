"""Read files on disk to the end: open, decode, normalise, and say what became of each.

FIT contents are decoded together, as many as fit into a batch; what a batch became is a
`Reading`, ready for the store.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

import polars as pl

from carryover import forgotten
from carryover.care import Care
from carryover.decode import (
    DECODER_VERSION,
    FitBatch,
    Recording,
    decode_file,
    decode_fit_batch,
    not_ours,
    sniff,
)
from carryover.errors import CarryoverError, DecodeError, UnsupportedError
from carryover.intake import Container, Foreign, Found, Refused, unpack
from carryover.intake.archives import Held, Spend
from carryover.normalise import TABLES, Normalised, Owner, Told, normalise, normalise_fit
from carryover.normalise.vendor import VENDOR
from carryover.privacy import without_positions
from carryover.rawfile import FileKind, Problem, RawFile, Stage, Status
from carryover.room import FULL
from carryover.settings import Settings
from carryover.warehouse.content import CONTENT, MEMBER, PROBLEM, Reading

UNFORESEEN: Final = (
    pl.exceptions.PolarsError, pl.exceptions.PanicException, TypeError, ValueError, LookupError,
    AttributeError, ArithmeticError, RecursionError,
)  # fmt: skip
"""What a library may raise at a value that no test has met: one odd file must not end a night."""
BYTES_PER_MB: Final = 1_000_000
PACKED: Final = {b"PK": FileKind.ZIP, b"\x1f\x8b": FileKind.GZIP}
READ: Final = {message: frozenset(columns) for message, columns in VENDOR.items()}
"""A message may hold a hundred fields that nobody reads: only those of VENDOR are cut out."""


def decoder_key(settings: Settings) -> str:
    """Return what readings depend on beside the bytes: the reader, who lives where, and own names.

    When it changes, files are read again.
    """
    people = [(a.id, a.folder, a.home_timezone) for a in settings.everyone()]
    told: tuple[object, ...] = (
        people, settings.strength.weight_unit, sorted(settings.exercise_names.items())
    )  # fmt: skip
    if not settings.privacy.positions:
        told = (*told, "without positions")
    who = hashlib.sha256(repr(told).encode()).hexdigest()[:12]
    return f"{DECODER_VERSION}-{who}"


@dataclass(slots=True)
class Batch:
    """What files become, gathered until there is enough for the writer.

    `fits` are contents that wait to be decoded together: their row in the ledger, and the file.
    """

    settings: Settings
    care: Care = field(default_factory=Care)
    content: list[dict[str, object]] = field(default_factory=list)
    member: list[dict[str, object]] = field(default_factory=list)
    problem: list[dict[str, object]] = field(default_factory=list)
    frames: dict[str, list[pl.DataFrame]] = field(default_factory=dict)
    fits: list[tuple[int, RawFile]] = field(default_factory=list)
    size_bytes: int = 0
    disk_bytes: int = 0
    n_files: int = 0

    def enter(
        self, held: Held, status: Status, reason: str | None = None, stage: Stage | None = None
    ) -> int:
        """Enter one content into the ledger, as a file of whose folder it lies in."""
        self.content.append({
            "sha256": held.sha256, "kind": str(held.kind), "size_bytes": held.size_bytes,
            "status": str(status), "reason": reason, "stage": stage and str(stage),
            "athlete_id": self.settings.athlete_of(held.place).id,
            "decoder_key": decoder_key(self.settings),
        })  # fmt: skip
        return len(self.content) - 1

    def settle(self, row: int, stage: Stage, status: Status, reason: str | None) -> None:
        """Say what became of a content that was entered before; `stage`: how far it came."""
        stopped = None if status is Status.LOADED else str(stage)
        self.content[row] |= {"status": str(status), "reason": reason, "stage": stopped}

    def tell(self, row: int, problems: Iterable[Problem]) -> None:
        """Keep what a person should know about a content."""
        self.problem.extend(
            {"content": row, "severity": p.severity, "what": p.what, "remedy": p.remedy or None}
            for p in problems
        )

    def add(self, frames: Mapping[str, pl.DataFrame], rows: pl.Expr) -> None:
        """Keep frames; `rows` says which row of the ledger each of their rows came from."""
        for name, frame in frames.items():
            named = frame.with_columns(content=rows.cast(pl.UInt32)).drop("file", strict=False)
            if not self.settings.privacy.positions:
                named = without_positions(name, named)
            self.frames.setdefault(name, []).append(named)

    def reading(self) -> Reading:
        """Decode what waits, and return everything."""
        _read_fits(self)
        self.care.tell(None, [str(row["sha256"]) for row in self.content], self.size_bytes)
        return Reading(
            content=pl.DataFrame(self.content, schema=dict(CONTENT)),
            member=pl.DataFrame(self.member, schema=dict(MEMBER)),
            problem=pl.DataFrame(self.problem, schema=dict(PROBLEM)),
            frames={n: pl.concat(f, how="diagonal") for n, f in self.frames.items() if n in TABLES},
            disk_bytes=self.disk_bytes,
            n_files=self.n_files,
        )


def read_files(
    files: Iterable[Found], settings: Settings, known: frozenset[str], care: Care | None = None
) -> Iterator[Reading]:
    """Yield what files hold, about `[machine] batch_mb` of contents at a time.

    Nothing that a file holds can raise: what cannot be read is entered as rejected.
    """
    care = care or Care()
    most = care.most_bytes or settings.machine.batch_mb * BYTES_PER_MB
    batch = Batch(settings, care)
    seen = set(known)
    for found in files:
        members: list[dict[str, object]] = []
        spent = _Spent(found.size_bytes)
        for held in _unpacked(found, spent.add, care):
            if held.place != found.place:
                members.append(_member(held, found))
            if held.sha256 in seen:
                continue
            seen.add(held.sha256)
            if batch.size_bytes >= most or (held.sha256 in care.struck and batch.content):
                batch.disk_bytes += spent.taken()
                yield batch.reading()
                batch = Batch(settings, care)
            _read_held(held, batch)
        batch.member += members
        batch.disk_bytes += spent.rest()
        batch.n_files += 1
    yield batch.reading()


def counts(readings: Iterable[Reading]) -> dict[str, int]:
    """Return how many contents of each status readings hold."""
    return dict(Counter(status for r in readings for status in r.content["status"]))


@dataclass(slots=True)
class _Spent:
    """How far a file on disk has been read: an archive's bytes as its members are done with."""

    size_bytes: int
    done: float = 0.0
    told: int = 0

    def add(self, disk_bytes: float) -> None:
        """Note bytes that are done with."""
        self.done += disk_bytes

    def taken(self) -> int:
        """Return the bytes done with since this was asked last."""
        new = min(round(self.done), self.size_bytes) - self.told
        self.told += new
        return new

    def rest(self) -> int:
        """Return what has not been told: the file is done with."""
        return self.size_bytes - self.told


def _unpacked(found: Found, spend: Spend, care: Care) -> Iterator[Held]:
    """Yield what a file holds; one that must not be opened further is refused there."""
    last, why = care.shut.get(found.sha256, (None, ""))
    opened = unpack(found, sniff, spend)
    for step in count():
        care.tell(Stage.OPEN, [found.sha256], found.size_bytes, step)
        try:
            held = _shut(found, why) if step == last else next(opened, None)
        except OSError as error:
            if error.errno in FULL:
                raise
            held = _refused(found, f"the file cannot be read: {error.strerror}")
        if held is None:
            return
        yield held
        if step == last:
            return


def _shut(found: Found, why: str) -> Refused:
    """Refuse a file without opening it; of what kind it is, its first bytes tell."""
    with found.path.open("rb") as stream:
        kind = PACKED.get(stream.read(2), FileKind.UNKNOWN)
    return _refused(found, why, kind)


def _refused(found: Found, why: str, kind: FileKind = FileKind.UNKNOWN) -> Refused:
    fault = DecodeError(why, subject=found.place)
    return Refused(found.place, found.sha256, kind, found.size_bytes, fault)


def _member(held: Held, outer: Found) -> dict[str, object]:
    """A place inside an archive, told from the archive on: that may be moved or copied."""
    inner = held.place.removeprefix(outer.place)
    return {"inner_place": inner, "sha256": held.sha256, "outer_sha256": outer.sha256}


def _read_held(held: Held, batch: Batch) -> None:
    day = batch.settings.forgotten.get(held.sha256)
    if day is not None:
        batch.enter(held, Status.UNSUPPORTED, forgotten.reason(day))
    elif isinstance(held, Refused):
        batch.enter(held, Status.REJECTED, _reason(held.error), Stage.OPEN)
    elif isinstance(held, Container):
        batch.enter(held, Status.LOADED, _contained(held))
    elif isinstance(held, Foreign):
        batch.enter(held, *_set_aside(not_ours(held.place)), Stage.OPEN)
    elif held.sha256 in batch.care.condemned:
        stage, why = batch.care.condemned[held.sha256]
        batch.enter(held, Status.REJECTED, why, stage)
    else:
        batch.size_bytes += held.size_bytes
        row = batch.enter(held, Status.REJECTED)
        if held.kind is not FileKind.FIT:
            _read_content(row, held, batch)
        elif held.sha256 in batch.care.alone:
            waiting, batch.fits = batch.fits, [(row, held)]
            _read_fits(batch)
            batch.fits = waiting
        else:
            batch.fits.append((row, held))


def _contained(held: Container) -> str:
    files = f"archive of {held.inside} file{'s' * (held.inside != 1)}"
    return f"{files}, {held.litter} of the system's own passed over" if held.litter else files


def read_content(leaf: RawFile, settings: Settings) -> tuple[Recording, Normalised]:
    """Decode and normalise one content; raises DecodeError or UnsupportedError."""
    recording = decode_file(leaf)
    return recording, _normalised(leaf, recording, settings)


def _normalised(leaf: RawFile, recording: Recording, settings: Settings) -> Normalised:
    athlete = settings.athlete_of(leaf.place)
    unit = settings.strength.weight_unit
    names = settings.exercise_names
    told = recording.messages, athlete, leaf.sha256, unit, recording.developer, names
    return normalise(leaf.kind, *told)


def _read_content(row: int, leaf: RawFile, batch: Batch) -> None:
    stage = Stage.DECODE
    batch.care.tell(stage, [leaf.sha256], leaf.size_bytes)
    try:
        recording = decode_file(leaf)
        stage = Stage.NORMALISE
        batch.care.tell(stage, [leaf.sha256], leaf.size_bytes)
        told = _normalised(leaf, recording, batch.settings)
    except (*UNFORESEEN, UnsupportedError, DecodeError) as fault:
        batch.settle(row, stage, *_set_aside(fault))
        return
    batch.add(told.frames, pl.lit(row))
    problems = recording.problems + told.problems
    useful = any(told.rows(name) for name in TABLES)
    whole = recording.complete and not told.partial
    stage = Stage.NORMALISE if recording.complete else Stage.DECODE
    batch.settle(row, stage, *_verdict(problems, useful=useful, whole=whole))
    batch.tell(row, problems)


def _read_fits(batch: Batch) -> None:
    """Decode and normalise all FIT contents that wait, together.

    Should one of them raise what nobody has foreseen, each is read by itself.
    """
    waiting, batch.fits = batch.fits, []
    if not waiting:
        return
    told_by, names = batch.settings.athlete_of, batch.settings.exercise_names
    owners = [Owner(told_by(leaf.place), leaf.sha256, names) for _, leaf in waiting]
    stage = Stage.DECODE
    try:
        _tell_fits(stage, waiting, batch)
        decoded = decode_fit_batch([leaf.content for _, leaf in waiting], READ)
        stage = Stage.NORMALISE
        _tell_fits(stage, waiting, batch)
        told = normalise_fit(decoded.messages, owners, decoded.developer)
    except UNFORESEEN as odd:
        for row, leaf in waiting:
            if len(waiting) == 1:
                batch.settle(row, stage, *_set_aside(odd))
                return
            batch.fits = [(row, leaf)]
            _read_fits(batch)
        return
    rows = pl.Series([row for row, _ in waiting], dtype=pl.UInt32)
    batch.add(told.frames, pl.lit(rows).gather(pl.col("file")))
    for file, (row, _) in enumerate(waiting):
        _settle_fit(batch, row, file, decoded, told.files[file])


def _tell_fits(stage: Stage, waiting: Sequence[tuple[int, RawFile]], batch: Batch) -> None:
    size_bytes = sum(leaf.size_bytes for _, leaf in waiting)
    batch.care.tell(stage, [leaf.sha256 for _, leaf in waiting], size_bytes)


def _settle_fit(batch: Batch, row: int, file: int, decoded: FitBatch, told: Told) -> None:
    if file in decoded.refused:
        batch.settle(row, Stage.DECODE, *_set_aside(decoded.refused[file]))
        return
    problems = [*decoded.problems.get(file, []), *told.problems]
    complete = file not in decoded.partial
    stage = Stage.NORMALISE if complete else Stage.DECODE
    whole = complete and not told.partial
    batch.settle(row, stage, *_verdict(problems, useful=bool(told.rows), whole=whole))
    batch.tell(row, problems)


def _set_aside(fault: BaseException) -> tuple[Status, str]:
    """Return what became of a content that could not be read, and why."""
    if isinstance(fault, UnsupportedError):
        return Status.UNSUPPORTED, _reason(fault)
    if isinstance(fault, CarryoverError):
        return Status.REJECTED, _reason(fault)
    what = f"nobody has met a file like this one ({type(fault).__name__}: {fault})"
    return Status.REJECTED, what


def _verdict(
    problems: Sequence[Problem], *, useful: bool, whole: bool
) -> tuple[Status, str | None]:
    """Loaded, partial, or rejected since nothing of it could be used."""
    reason = "; ".join(p.what for p in problems if p.severity != "info") or None
    if not useful:
        return Status.REJECTED, reason or _told(problems) or "nothing recorded in it"
    if whole:
        return Status.LOADED, None
    return Status.PARTIAL, reason or _told(problems)


def _told(problems: Sequence[Problem]) -> str | None:
    return "; ".join(p.what for p in problems) or None


def _reason(fault: CarryoverError) -> str:
    place = f" ({fault.place})" if fault.place else ""
    return f"{fault.what}{place}"
