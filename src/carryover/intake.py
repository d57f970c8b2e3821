"""Find files, name them by content, open archives: no name of a member used, no size trusted."""

from __future__ import annotations

import hashlib
import io
import lzma
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

from carryover.errors import DecodeError, UsageError
from carryover.rawfile import CONTAINERS, FileKind, RawFile

CHUNK: Final = 1 << 20
MAX_FILE_BYTES: Final = 64 << 20
MAX_RATIO: Final = 200
MAX_ARCHIVE_BYTES: Final = 4 << 30
MAX_MEMBERS: Final = 50_000
MAX_DEPTH: Final = 3
HEAD: Final = 1 << 16
MEMBER: Final = "!"
"""Between an archive's path and the name inside it."""

# What zipfile lets out for a damaged, encrypted or strangely packed member.
ZIP_FAULTS: Final = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError,
    ValueError, lzma.LZMAError,
)  # fmt: skip

Sniff = Callable[[bytes], FileKind]


@dataclass(frozen=True, slots=True)
class Found:
    """One file on disk: `place` is its path under `data/raw/`, with forward slashes."""

    place: str
    path: Path
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A content that could not even be opened, with the reason."""

    place: str
    sha256: str
    kind: FileKind
    size_bytes: int
    error: DecodeError


@dataclass(frozen=True, slots=True)
class Container:
    """An archive that was opened, and how many contents came out of it."""

    place: str
    sha256: str
    kind: FileKind
    size_bytes: int
    inside: int


def walk(raw_dir: Path) -> Iterator[Path]:
    """Yield every file below a folder in a stable order; dot files are the system's, not ours."""
    for path in sorted(raw_dir.rglob("*")):
        relative = path.relative_to(raw_dir)
        if path.is_file() and not any(part.startswith(".") for part in relative.parts):
            yield path


def identify(raw_dir: Path, path: Path) -> Found:
    """Return a file's place and content hash, reading it once.

    Raises DecodeError where the file cannot be read (rights, a disk fault).
    """
    place = path.relative_to(raw_dir).as_posix()
    try:
        with path.open("rb") as stream:
            sha256 = _hash(stream)
        size = path.stat().st_size
    except OSError as error:
        raise DecodeError(
            f"the file cannot be read: {error.strerror}", subject=place, remedy="Check its rights."
        ) from error
    return Found(place, path, sha256, size)


def _hash(stream: BinaryIO) -> str:
    digest = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def bring(paths: Iterable[Path], raw_dir: Path) -> list[Path]:
    """Copy files and folders from anywhere into `data/raw/`, unless they lie there already.

    A name that is taken by another content gets the first letters of its hash; a content that
    is there under its name is not copied again. Raises UsageError for a path that is not there.
    """
    brought: list[Path] = []
    for given in paths:
        source = given.expanduser()
        if not source.exists():
            raise UsageError("there is no such file or folder", subject=str(given))
        if source.resolve().is_relative_to(raw_dir.resolve()):
            brought += [source] if source.is_file() else list(walk(source))
            continue
        files = [source] if source.is_file() else list(walk(source))
        base = source.parent
        brought += [_copy(path, raw_dir / path.relative_to(base)) for path in files]
    return brought


def _copy(source: Path, target: Path) -> Path:
    content = source.read_bytes()
    if target.exists() and target.read_bytes() != content:
        mark = hashlib.sha256(content).hexdigest()[:8]
        target = target.with_name(f"{target.stem}-{mark}{target.suffix}")
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name}.part")
        partial.write_bytes(content)
        partial.rename(target)
    return target


def unpack(found: Found, sniff: Sniff) -> Iterator[RawFile | Refused | Container]:
    """Yield every content in a file, archives opened to a depth of 3; one content at a time.

    A zip is read where it lies, or from an unnamed temporary file where it lies in another; only
    what cannot be opened is `Refused`, a `Container` follows its members. Raises OSError where
    the file itself cannot be read.
    """
    budget = _Budget(MAX_ARCHIVE_BYTES, MAX_MEMBERS)
    with found.path.open("rb") as stream:
        yield from _open(_Content(found.place, stream, found.size_bytes), sniff, 0, budget)


@dataclass(slots=True)
class _Budget:
    """What one file on disk may still unpack to."""

    size_bytes: int
    members: int


@dataclass(frozen=True, slots=True)
class _Content:
    """A content that is read when it is needed; `stream` can seek."""

    place: str
    stream: BinaryIO
    size_bytes: int

    def sha256(self) -> str:
        self.stream.seek(0)
        return _hash(self.stream)

    def head(self) -> bytes:
        self.stream.seek(0)
        return self.stream.read(HEAD)

    def whole(self) -> bytes:
        self.stream.seek(0)
        return self.stream.read()


def _open(
    content: _Content, sniff: Sniff, depth: int, budget: _Budget
) -> Iterator[RawFile | Refused | Container]:
    kind, sha256, place = sniff(content.head()), content.sha256(), content.place
    if kind is not FileKind.ZIP and content.size_bytes > MAX_FILE_BYTES:
        yield Refused(place, sha256, kind, content.size_bytes, _too_large(place))
        return
    if kind not in CONTAINERS:
        yield RawFile(place, sha256, kind, content.whole())
        return
    inside = 0
    try:
        _limit_depth(place, depth)
        members = _members if kind is FileKind.ZIP else _gunzipped
        for member in members(content, sniff, budget):
            if isinstance(member, Refused):
                yield member
                continue
            for held in _open(member, sniff, depth + 1, budget):
                inside += isinstance(held, RawFile)
                yield held
    except DecodeError as error:
        yield Refused(place, sha256, kind, content.size_bytes, error)
    else:
        yield Container(place, sha256, kind, content.size_bytes, inside)


def _limit_depth(place: str, depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise DecodeError(f"archives nest deeper than {MAX_DEPTH}", subject=place)


def _too_large(place: str) -> DecodeError:
    return DecodeError("it holds more than a run can", subject=place)


def _gunzipped(content: _Content, _: Sniff, budget: _Budget) -> Iterator[_Content]:
    """Inflate a gzip in bounded memory."""
    place = content.place
    inflate = zlib.decompressobj(wbits=31)
    limit = min(
        MAX_FILE_BYTES, max(content.size_bytes * MAX_RATIO, CHUNK), max(budget.size_bytes, 1)
    )
    try:
        inflated = inflate.decompress(content.whole(), limit)
    except zlib.error as error:
        raise DecodeError(
            f"this .gz is damaged: {error}", subject=place, remedy="Export it again."
        ) from error
    if inflate.unconsumed_tail:
        raise DecodeError("this .gz unpacks to more than a run can hold", subject=place)
    if not inflate.eof:
        raise DecodeError("this .gz is cut off", subject=place, remedy="Export it again.")
    budget.size_bytes -= len(inflated)
    name = re.split(r"[/!]", place)[-1].removesuffix(".gz") or "content"
    yield _Content(f"{place}{MEMBER}{name}", io.BytesIO(inflated), len(inflated))


def _members(content: _Content, sniff: Sniff, budget: _Budget) -> Iterator[_Content | Refused]:
    place = content.place
    try:
        content.stream.seek(0)
        with zipfile.ZipFile(content.stream) as archive:
            infos = [i for i in archive.infolist() if not i.is_dir() and not _is_litter(i.filename)]
            budget.members -= len(infos)
            if budget.members < 0:
                raise DecodeError(f"more than {MAX_MEMBERS} members", subject=place)
            for info in sorted(infos, key=lambda i: i.filename):
                yield from _member(place, archive, info, sniff, budget)
    except ZIP_FAULTS as error:
        raise DecodeError(
            f"this archive is damaged: {error}", subject=place, remedy="Download it again."
        ) from error


def _member(
    place: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, sniff: Sniff, budget: _Budget
) -> Iterator[_Content | Refused]:
    """Read one member within the limits; a member that breaks them is refused alone."""
    where = f"{place}{MEMBER}{info.filename}"
    with tempfile.SpooledTemporaryFile(MAX_FILE_BYTES) as spool:
        try:
            with archive.open(info) as stream:
                size = _copy_within(stream, cast("BinaryIO", spool), info, sniff, budget)
        except ZIP_FAULTS as error:
            yield _refused(where, info, f"this member cannot be read: {error}")
            return
        if size is None:
            yield _refused(where, info, "this member unpacks to more than a run can hold")
            return
        budget.size_bytes -= size
        yield _Content(where, cast("BinaryIO", spool), size)


def _copy_within(
    stream: IO[bytes], spool: BinaryIO, info: zipfile.ZipInfo, sniff: Sniff, budget: _Budget
) -> int | None:
    """Copy a member, an archive as long as the budget allows; None where it is too long."""
    chunk = stream.read(CHUNK)
    top = MAX_ARCHIVE_BYTES if sniff(chunk) is FileKind.ZIP else MAX_FILE_BYTES
    limit = min(top, max(info.compress_size * MAX_RATIO, CHUNK), budget.size_bytes)
    size = 0
    while chunk:
        size += len(chunk)
        if size > limit:
            return None
        spool.write(chunk)
        chunk = stream.read(CHUNK)
    return size


def _refused(where: str, info: zipfile.ZipInfo, what: str) -> Refused:
    named = hashlib.sha256(f"{where}|{info.CRC}|{info.file_size}".encode()).hexdigest()
    fault = DecodeError(what, subject=where)
    return Refused(where, named, FileKind.UNKNOWN, info.file_size, fault)


def _is_litter(name: str) -> bool:
    """What macOS and Windows add to archives: never a person's file."""
    parts = name.split("/")
    return (
        "__MACOSX" in parts or parts[-1].startswith("._") or parts[-1] in (".DS_Store", "Thumbs.db")
    )
