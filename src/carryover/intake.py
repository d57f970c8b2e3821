"""Find files, name them by content, open archives: nothing unpacked to disk, no size trusted."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from carryover.errors import DecodeError, UsageError
from carryover.rawfile import FileKind, RawFile

CHUNK: Final = 1 << 20
MAX_FILE_BYTES: Final = 64 << 20
MAX_RATIO: Final = 200
MAX_ARCHIVE_BYTES: Final = 4 << 30
MAX_MEMBERS: Final = 50_000
MAX_DEPTH: Final = 3
MEMBER: Final = "!"
"""Between an archive's path and the name inside it."""

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
class Opened:
    """What one file on disk holds: itself, or an archive's members."""

    leaves: list[RawFile] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    containers: list[tuple[str, str, FileKind, int, str]] = field(default_factory=list)
    """place, sha256, kind, size in bytes and outer place of every archive that was opened."""


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
    digest = hashlib.sha256()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                digest.update(chunk)
        size = path.stat().st_size
    except OSError as error:
        raise DecodeError(
            f"the file cannot be read: {error.strerror}", subject=place, remedy="Check its rights."
        ) from error
    return Found(place, path, digest.hexdigest(), size)


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


def unpack(place: str, content: bytes, sniff: Sniff, known: frozenset[str] = frozenset()) -> Opened:
    """Return every content in a file, archives opened to a depth of 3.

    Members that are `known` by hash are listed as leaves without content. Nothing escapes:
    what cannot be opened is in `refused`.
    """
    opened = Opened()
    budget = [MAX_ARCHIVE_BYTES, MAX_MEMBERS]
    _open(place, content, sniff, opened, 0, budget)
    if known:
        opened.leaves[:] = [
            RawFile(leaf.place, leaf.sha256, leaf.kind, b"") if leaf.sha256 in known else leaf
            for leaf in opened.leaves
        ]
    return opened


def _open(
    place: str, content: bytes, sniff: Sniff, opened: Opened, depth: int, budget: list[int]
) -> None:
    kind = sniff(content)
    sha256 = hashlib.sha256(content).hexdigest()
    if kind not in (FileKind.GZIP, FileKind.ZIP):
        opened.leaves.append(RawFile(place, sha256, kind, content))
        return
    try:
        _limit_depth(place, depth)
        if kind is FileKind.GZIP:
            inner = place.rsplit("/", 1)[-1].removesuffix(".gz") or "content"
            members = iter([(inner, _gunzip(place, content))])
        else:
            members = _members(place, content, budget, opened)
        outer = place.split(MEMBER, 1)[0]
        opened.containers.append((place, sha256, kind, len(content), outer))
        for name, member in members:
            _open(f"{place}{MEMBER}{name}", member, sniff, opened, depth + 1, budget)
    except DecodeError as error:
        opened.refused.append(Refused(place, sha256, kind, len(content), error))


def _limit_depth(place: str, depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise DecodeError(f"archives nest deeper than {MAX_DEPTH}", subject=place)


def _gunzip(place: str, content: bytes) -> bytes:
    """Inflate a gzip in bounded memory."""
    inflate = zlib.decompressobj(wbits=31)
    limit = min(MAX_FILE_BYTES, max(len(content) * MAX_RATIO, CHUNK))
    try:
        inflated = inflate.decompress(content, limit)
    except zlib.error as error:
        raise DecodeError(
            f"this .gz is damaged: {error}", subject=place, remedy="Export it again."
        ) from error
    if inflate.unconsumed_tail:
        raise DecodeError("this .gz unpacks to more than a run can hold", subject=place)
    if not inflate.eof:
        raise DecodeError("this .gz is cut off", subject=place, remedy="Export it again.")
    return inflated


def _members(
    place: str, content: bytes, budget: list[int], opened: Opened
) -> Iterator[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = [i for i in archive.infolist() if not i.is_dir() and not _is_litter(i.filename)]
            budget[1] -= len(infos)
            if budget[1] < 0:
                raise DecodeError(f"more than {MAX_MEMBERS} members", subject=place)
            for info in sorted(infos, key=lambda i: i.filename):
                inner = _member(place, archive, info, budget, opened)
                if inner is not None:
                    yield info.filename, inner
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise DecodeError(
            f"this archive is damaged: {error}", subject=place, remedy="Download it again."
        ) from error


def _member(
    place: str,
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    budget: list[int],
    opened: Opened,
) -> bytes | None:
    """Read one member within the limits; a member that breaks them is refused alone."""
    where = f"{place}{MEMBER}{info.filename}"
    limit = min(MAX_FILE_BYTES, max(info.compress_size * MAX_RATIO, CHUNK), budget[0])
    try:
        with archive.open(info) as stream:
            content = stream.read(limit + 1)
    except (RuntimeError, zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        fault = DecodeError(f"this member cannot be read: {error}", subject=where)
        opened.refused.append(_refused(where, info, fault))
        return None
    if len(content) > limit:
        fault = DecodeError("this member unpacks to more than a run can hold", subject=where)
        opened.refused.append(_refused(where, info, fault))
        return None
    budget[0] -= len(content)
    return content


def _refused(where: str, info: zipfile.ZipInfo, fault: DecodeError) -> Refused:
    named = hashlib.sha256(f"{where}|{info.CRC}|{info.file_size}".encode()).hexdigest()
    return Refused(where, named, FileKind.UNKNOWN, info.file_size, fault)


def _is_litter(name: str) -> bool:
    """What macOS and Windows add to archives: never a person's file."""
    parts = name.split("/")
    return (
        "__MACOSX" in parts or parts[-1].startswith("._") or parts[-1] in (".DS_Store", "Thumbs.db")
    )
