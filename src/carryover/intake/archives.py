"""Open archives: no name of a member used, no size trusted, one content in memory at a time."""

from __future__ import annotations

import hashlib
import io
import lzma
import re
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import IO, BinaryIO, Final, cast

from carryover.errors import DecodeError
from carryover.intake.places import CHUNK, Found, digest, is_systems
from carryover.rawfile import CONTAINERS, FileKind, RawFile
from carryover.room import FULL

MAX_FILE_BYTES: Final = 64 << 20
MAX_RATIO: Final = 200
MAX_ARCHIVE_BYTES: Final = 4 << 30
MAX_MEMBERS: Final = 50_000
MAX_DIRECTORY_BYTES: Final = 16 << 20
"""The list of an archive's members, which is read whole: 300 bytes for each of the most."""
LOCAL_HEADER_BYTES: Final = 30
MAX_DEPTH: Final = 3
HEAD: Final = 1 << 16
GZIP: Final = b"\x1f\x8b\x08"
MEMBER: Final = "!"
"""Between an archive's path and the name inside it."""

# What zipfile lets out for a damaged, encrypted or strangely packed member.
ZIP_FAULTS: Final = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError,
    ValueError, lzma.LZMAError,
)  # fmt: skip

Sniff = Callable[[bytes], FileKind]
Spend = Callable[[float], None]
"""Called with the bytes on disk that are done with."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A content that could not even be opened, with the reason."""

    place: str
    sha256: str
    kind: FileKind
    size_bytes: int
    error: DecodeError


@dataclass(frozen=True, slots=True)
class Foreign:
    """A large content of no kind that is read (a film, a map): looked at, not read.

    Inside an archive its `sha256` is that of its size and checksum: it was not unpacked.
    """

    place: str
    sha256: str
    kind: FileKind
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Container:
    """An archive that was opened, how many contents came out of it, how many were litter."""

    place: str
    sha256: str
    kind: FileKind
    size_bytes: int
    inside: int
    litter: int = 0


Held = RawFile | Refused | Foreign | Container


def unpack(found: Found, sniff: Sniff, spend: Spend = lambda _: None) -> Iterator[Held]:
    """Yield every content in a file, archives opened to a depth of 3; one content at a time.

    A zip is read where it lies, or from an unnamed temporary file where it lies in another; only
    what cannot be opened is `Refused`, a `Container` follows its members. Raises OSError where
    the file itself cannot be read, or there is no room to unpack it.
    """
    budget = _Budget(MAX_ARCHIVE_BYTES, MAX_MEMBERS, spend)
    with found.path.open("rb") as stream:
        content = _Content(found.place, stream, found.size_bytes, found.size_bytes, found.sha256)
        yield from _open(content, sniff, 0, budget)


@dataclass(slots=True)
class _Budget:
    """What one file on disk may still unpack to, and what was passed over in it."""

    size_bytes: int
    members: int
    spend: Spend
    litter: int = 0


@dataclass(frozen=True, slots=True)
class _Content:
    """A content that is read when it is needed; `stream` can seek.

    `share` are the bytes on disk that it stands for.
    """

    place: str
    stream: BinaryIO
    size_bytes: int
    share: float
    named: str = field(default="")

    def sha256(self, kind: FileKind) -> str:
        # A large archive on disk was hashed a moment ago; what is read whole is hashed as read.
        if self.named and kind is FileKind.ZIP:
            return self.named
        self.stream.seek(0)
        return digest(self.stream)

    def head(self) -> bytes:
        self.stream.seek(0)
        return self.stream.read(HEAD)

    def whole(self) -> bytes:
        self.stream.seek(0)
        return self.stream.read()


def _open(content: _Content, sniff: Sniff, depth: int, budget: _Budget) -> Iterator[Held]:
    kind, place, size = sniff(content.head()), content.place, content.size_bytes
    sha256 = content.sha256(kind)
    if kind in CONTAINERS and (kind is FileKind.ZIP or size <= MAX_FILE_BYTES):
        yield from _open_container(content, kind, sha256, sniff, depth, budget)
        return
    if size <= MAX_FILE_BYTES:
        yield RawFile(place, sha256, kind, content.whole())
    elif kind is FileKind.UNKNOWN:
        yield Foreign(place, sha256, kind, size)
    else:
        fault = DecodeError("it holds more than a run can", subject=place)
        yield Refused(place, sha256, kind, size, fault)
    budget.spend(content.share)


def _open_container(
    content: _Content, kind: FileKind, sha256: str, sniff: Sniff, depth: int, budget: _Budget
) -> Iterator[Held]:
    inside, litter = 0, budget.litter
    try:
        _limit_depth(content.place, depth)
        members = _members if kind is FileKind.ZIP else _gunzipped
        for member in members(content, sniff, budget):
            if not isinstance(member, _Content):
                inside += isinstance(member, Foreign)
                yield member
                continue
            for held in _open(member, sniff, depth + 1, budget):
                inside += isinstance(held, RawFile | Foreign)
                yield held
    except DecodeError as error:
        yield Refused(content.place, sha256, kind, content.size_bytes, error)
    else:
        passed = budget.litter - litter
        yield Container(content.place, sha256, kind, content.size_bytes, inside, passed)


def _limit_depth(place: str, depth: int) -> None:
    if depth >= MAX_DEPTH:
        raise DecodeError(f"archives nest deeper than {MAX_DEPTH}", subject=place)


def _gunzipped(content: _Content, _: Sniff, budget: _Budget) -> Iterator[_Content]:
    """Inflate a gzip in bounded memory."""
    place = content.place
    limit = min(
        MAX_FILE_BYTES, max(content.size_bytes * MAX_RATIO, CHUNK), max(budget.size_bytes, 1)
    )
    try:
        held = inflated(content.whole(), limit, place)
    except zlib.error as error:
        raise DecodeError(
            f"this .gz is damaged: {error}", subject=place, remedy="Export it again."
        ) from error
    budget.size_bytes -= len(held)
    name = re.sub(r"\.gz$", "", re.split(r"[/!]", place)[-1], flags=re.IGNORECASE) or "content"
    yield _Content(f"{place}{MEMBER}{name}", io.BytesIO(held), len(held), content.share)


def inflated(packed: bytes, limit: int, place: str) -> bytes:
    """Return what a gzip holds: all its parts, one behind the other; what is none is passed over.

    Raises DecodeError beyond `limit` bytes and for a part that is cut off, else zlib.error.
    """
    whole = bytearray()
    while not whole or packed[: len(GZIP)] == GZIP:
        inflate = zlib.decompressobj(wbits=31)
        whole += inflate.decompress(packed, limit - len(whole) + 1)
        if inflate.unconsumed_tail or len(whole) > limit:
            raise DecodeError("this .gz unpacks to more than a run can hold", subject=place)
        if not inflate.eof:
            raise DecodeError("this .gz is cut off", subject=place, remedy="Export it again.")
        packed = inflate.unused_data
        if not whole and packed[: len(GZIP)] != GZIP:
            break
    return bytes(whole)


def _members(
    content: _Content, sniff: Sniff, budget: _Budget
) -> Iterator[_Content | Refused | Foreign]:
    place = content.place
    try:
        content.stream.seek(0)
        with zipfile.ZipFile(cast("IO[bytes]", _Bounded(content.stream))) as archive:
            _check_apart(archive)
            infos = _listed(archive, budget)
            budget.members -= len(infos)
            if budget.members < 0:
                raise DecodeError(f"more than {MAX_MEMBERS} members", subject=place)
            packed = sum(info.compress_size for info in infos)
            for info in sorted(infos, key=lambda i: i.filename):
                share = content.share * info.compress_size / packed if packed else 0.0
                yield from _member(place, archive, info, sniff, budget, share)
    except ZIP_FAULTS as error:
        _let_out_a_full_disk(error)
        raise DecodeError(
            _what_is_wrong(error), subject=place, remedy="Download it again."
        ) from error


@dataclass(frozen=True, slots=True)
class _Bounded:
    """A stream that gives no more at once than the list of an archive's members may be long."""

    stream: BinaryIO

    def read(self, size: int = -1) -> bytes:
        if size > MAX_DIRECTORY_BYTES:
            raise zipfile.BadZipFile("the list of its contents is longer than any")
        return self.stream.read(MAX_DIRECTORY_BYTES if size < 0 else size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self.stream.seek(offset, whence)

    def tell(self) -> int:
        return self.stream.tell()

    def seekable(self) -> bool:
        return True


def _check_apart(archive: zipfile.ZipFile) -> None:
    """Raise BadZipFile where members lie one over the other, so that few bytes unpack to many."""
    free = 0
    for info in sorted(archive.infolist(), key=lambda i: i.header_offset):
        if info.header_offset < free:
            raise zipfile.BadZipFile("members lie one over the other")
        free = info.header_offset + LOCAL_HEADER_BYTES + info.compress_size


def _let_out_a_full_disk(error: Exception) -> None:
    """Raise an error again that no archive can help: there was no room to unpack it."""
    if isinstance(error, OSError) and error.errno in FULL:
        raise error


def _what_is_wrong(error: Exception) -> str:
    if str(error) == "File is not a zip file":
        return "this archive is cut off: the list of its contents, at its end, is missing"
    return f"this archive is damaged: {error}"


def _listed(archive: zipfile.ZipFile, budget: _Budget) -> list[zipfile.ZipInfo]:
    """Return the members that are files, counting what macOS and Windows add to archives."""
    # `is_dir` raises for an empty name, which a damaged archive may have.
    files = [info for info in archive.infolist() if not info.filename.endswith("/")]
    own = [info for info in files if not _is_litter(info.filename)]
    budget.litter += len(files) - len(own)
    return own


def _member(
    place: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, sniff: Sniff, budget: _Budget,
    share: float,
) -> Iterator[_Content | Refused | Foreign]:  # fmt: skip
    """Read one member within the limits; a member that breaks them is refused alone."""
    where = f"{place}{MEMBER}{info.filename}"
    with tempfile.SpooledTemporaryFile(MAX_FILE_BYTES) as spool:
        try:
            with archive.open(info) as stream:
                held = _copy_within(stream, cast("BinaryIO", spool), info, sniff, budget)
        except ZIP_FAULTS as error:
            _let_out_a_full_disk(error)
            held = f"this member cannot be read: {error}"
        if isinstance(held, int):
            yield _Content(where, cast("BinaryIO", spool), held, share)
            return
        kind, size = FileKind.UNKNOWN, info.file_size
        if held is None:
            yield Foreign(where, _named(f"{info.CRC}|{size}"), kind, size)
        else:
            fault = DecodeError(held, subject=where)
            yield Refused(where, _named(f"{where}|{info.CRC}|{size}"), kind, size, fault)
        budget.spend(share)


def _copy_within(
    stream: IO[bytes], spool: BinaryIO, info: zipfile.ZipInfo, sniff: Sniff, budget: _Budget
) -> int | str | None:
    """Copy a member, an archive as long as the budget allows, and return its size.

    Else why it is refused; None for a large one of no kind that is read: it is not unpacked.
    """
    chunk = stream.read(HEAD)
    kind = sniff(chunk)
    if kind is FileKind.UNKNOWN:
        spool.write(chunk)
        return None if stream.read(1) else len(chunk)
    top = MAX_ARCHIVE_BYTES if kind is FileKind.ZIP else MAX_FILE_BYTES
    limit = min(top, max(info.compress_size * MAX_RATIO, CHUNK), budget.size_bytes)
    size = 0
    while chunk:
        size += len(chunk)
        if size > limit:
            return "this member unpacks to more than a run can hold"
        spool.write(chunk)
        chunk = stream.read(CHUNK)
    budget.size_bytes -= size
    return size


def _named(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _is_litter(name: str) -> bool:
    parts = name.split("/")
    return "__MACOSX" in parts or is_systems(parts[-1])
