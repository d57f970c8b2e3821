"""Take contents out of archives: what stays is copied as it lies there, not packed anew."""

from __future__ import annotations

import copy
import gzip
import os
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path
from typing import BinaryIO, Final, cast

from carryover.errors import DecodeError
from carryover.intake.archives import (
    HEAD,
    MAX_DEPTH,
    MAX_FILE_BYTES,
    ZIP_FAULTS,
    Sniff,
    inflated,
)
from carryover.intake.places import CHUNK, digest
from carryover.rawfile import FileKind

LEFTOVER: Final = ".forgetting"
"""Ending of a new archive that is not yet in its place; its name is hidden."""
LOCAL_HEADER: Final = struct.Struct("<26xHH")
SIGNATURE: Final = b"PK\x07\x08"
DESCRIPTOR_FLAG: Final = 0x08
ZIP64_FIELD: Final = 1

Contents = Collection[str]


def strip(path: Path, contents: Contents, sniff: Sniff) -> int:
    """Take contents, by hash, out of a file on disk; return how many went.

    A file that holds nothing else goes whole; an archive is replaced by one rename, its other
    members bit for bit the same. Raises OSError where that cannot be read or written.
    """
    with path.open("rb") as stream:
        fresh = _fresh(stream, contents, sniff, 0)
        if fresh is None:
            return 0
        gone, new = fresh
        if new is None:
            path.unlink()
        else:
            with new:
                _replace(path, new)
    return gone


def _replace(path: Path, new: BinaryIO) -> None:
    beside = path.with_name(f".{path.name[:200]}{LEFTOVER}")
    try:
        with beside.open("wb") as target:
            new.seek(0)
            shutil.copyfileobj(new, target, CHUNK)
            target.flush()
            os.fsync(target.fileno())
        shutil.copystat(path, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _fresh(
    stream: BinaryIO, contents: Contents, sniff: Sniff, depth: int
) -> tuple[int, BinaryIO | None] | None:
    """Return how many contents go, and what is left (None: nothing); None where none goes."""
    stream.seek(0)
    if digest(stream) in contents:
        return 1, None
    stream.seek(0)
    kind = sniff(stream.read(HEAD))
    if depth >= MAX_DEPTH:
        return None
    if kind is FileKind.GZIP:
        return _of_gzip(stream, contents, sniff, depth)
    return _of_zip(stream, contents, sniff, depth) if kind is FileKind.ZIP else None


def _of_gzip(
    stream: BinaryIO, contents: Contents, sniff: Sniff, depth: int
) -> tuple[int, BinaryIO | None] | None:
    stream.seek(0)
    try:
        held = inflated(stream.read(), MAX_FILE_BYTES, "")
    except (DecodeError, zlib.error):
        # What cannot be read was not read before either: it stays as it is.
        return None
    with _spool() as inner:
        inner.write(held)
        fresh = _fresh(inner, contents, sniff, depth + 1)
    if fresh is None or fresh[1] is None:
        return fresh
    packed = _spool()
    with fresh[1] as left:
        left.seek(0)
        packed.write(gzip.compress(left.read(), mtime=0))
    return fresh[0], packed


def _of_zip(
    stream: BinaryIO, contents: Contents, sniff: Sniff, depth: int
) -> tuple[int, BinaryIO | None] | None:
    gone, kept = 0, 0
    target = _spool()
    try:
        stream.seek(0)
        with zipfile.ZipFile(stream) as old, zipfile.ZipFile(target, "w") as new:
            new.comment = old.comment
            for info in old.infolist():
                fresh = _of_member(old, info, contents, sniff, depth)
                gone += fresh[0] if fresh else 0
                if fresh is None:
                    _copy(stream, info, target, new)
                elif fresh[1] is not None:
                    _write(new, info, fresh[1])
                kept += fresh is None or fresh[1] is not None
    except ZIP_FAULTS:
        # What is no zip holds nothing that was read.
        gone = 0
    if gone and kept:
        return gone, target
    target.close()
    return (gone, None) if gone else None


def _of_member(
    old: zipfile.ZipFile, info: zipfile.ZipInfo, contents: Contents, sniff: Sniff, depth: int
) -> tuple[int, BinaryIO | None] | None:
    if info.filename.endswith("/"):
        return None
    with _spool() as spool:
        try:
            with old.open(info) as stream:
                shutil.copyfileobj(stream, spool, CHUNK)
        except ZIP_FAULTS:
            # A member that cannot be read was not read before either: it stays as it is.
            return None
        return _fresh(spool, contents, sniff, depth + 1)


def _write(new: zipfile.ZipFile, info: zipfile.ZipInfo, content: BinaryIO) -> None:
    """Write a member whose own members have changed, under its name and date."""
    told = copy.copy(info)
    told.flag_bits &= ~DESCRIPTOR_FLAG
    told.extra = b""
    with content, new.open(told, "w", force_zip64=True) as target:
        content.seek(0)
        shutil.copyfileobj(content, target, CHUNK)


def _copy(stream: BinaryIO, info: zipfile.ZipInfo, target: BinaryIO, new: zipfile.ZipFile) -> None:
    """Copy a member as it is packed: the bytes between its own header and the next."""
    stream.seek(info.header_offset)
    name, extra = LOCAL_HEADER.unpack(stream.read(LOCAL_HEADER.size))
    stream.seek(info.header_offset + LOCAL_HEADER.size + name + extra)
    told = copy.copy(info)
    told.extra = _without_zip64(info.extra)
    target.seek(new.start_dir)
    told.header_offset = new.start_dir
    large = max(info.file_size, info.compress_size) > zipfile.ZIP64_LIMIT
    target.write(told.FileHeader(zip64=large))
    left = info.compress_size
    while left and (chunk := stream.read(min(left, CHUNK))):
        target.write(chunk)
        left -= len(chunk)
    if told.flag_bits & DESCRIPTOR_FLAG:
        sizes = "<LQQ" if large else "<LLL"
        target.write(SIGNATURE + struct.pack(sizes, info.CRC, info.compress_size, info.file_size))
    new.filelist.append(told)
    new.NameToInfo[told.filename] = told
    new.start_dir = target.tell()
    # The list of members is written at the end only where something was added through zipfile.
    new._didModify = True  # type: ignore[attr-defined] # noqa: SLF001


def _without_zip64(extra: bytes) -> bytes:
    kept, place = b"", 0
    while place + 4 <= len(extra):
        number, size = struct.unpack_from("<HH", extra, place)
        if number != ZIP64_FIELD:
            kept += extra[place : place + 4 + size]
        place += 4 + size
    return kept


def _spool() -> BinaryIO:
    return cast("BinaryIO", tempfile.SpooledTemporaryFile(MAX_FILE_BYTES))
