"""Copy files and folders from anywhere into `data/raw/`: what is read here, and only once.

A watch's folder holds maps and firmware, a synced folder holds anything: of a folder only what
is of a kind that is read comes along. A file that somebody names comes whatever it is.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Final

from carryover.decode import other_fit, sniff
from carryover.errors import CarryoverError, DecodeError, UsageError
from carryover.forgotten import reason
from carryover.intake import digest, walk
from carryover.progress import bar
from carryover.rawfile import FileKind

CHUNK: Final = 1 << 20
HEAD: Final = 1 << 16
MAX_FIT_BYTES: Final = 64 << 20
KEPT: Final = "still being written: left for the next time"


@dataclass(slots=True)
class Brought:
    """What became of files that were to be copied."""

    copied: int = 0
    copied_bytes: int = 0
    there: int = 0
    """Lie in `data/raw/` already, under whatever name."""
    passed: Counter[str] = field(default_factory=Counter)
    """What was not taken, by kind."""
    passed_bytes: Counter[str] = field(default_factory=Counter)
    left: list[str] = field(default_factory=list)
    """Files that could not be read, each with the reason."""

    def lines(self) -> list[str]:
        """Return it as plain lines."""
        lines = [f"{_files(self.copied)} copied, {self.copied_bytes / 1e6:,.1f} MB"]
        if self.there:
            lines[0] += f"; {_files(self.there)} already there"
        if self.passed:
            told = ", ".join(
                f"{n:,} {what} ({self.passed_bytes[what] / 1e6:,.1f} MB)"
                for what, n in sorted(self.passed.items(), key=lambda item: (-item[1], item[0]))
            )
            lines.append(f"passed over: {told}")
        return lines + self.left

    def pass_over(self, what: str, size_bytes: int) -> None:
        """Count a file that is not taken."""
        self.passed[what] += 1
        self.passed_bytes[what] += size_bytes


def _files(n: int) -> str:
    return f"{n:,} file{'s' * (n != 1)}"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """One file to copy, and where it would go."""

    source: Path
    target: Path
    size_bytes: int


def bring(
    paths: Iterable[Path], raw_dir: Path, forgotten: Mapping[str, str] | None = None
) -> Brought:
    """Copy files and folders into `data/raw/`, unless their content lies there under any name.

    A folder comes under its own name. A name that another content has taken gets the first
    letters of the hash. What cannot be read, or changes while it is copied, is told and left; so
    is what is `forgotten` (hash → date).
    Raises UsageError for a path that is not there, CarryoverError where nothing can be written.
    """
    brought = Brought()
    wanted: list[_Wanted] = []
    for given in paths:
        source = Path(os.path.abspath(given.expanduser()))  # noqa: PTH100 - links keep their names
        if not source.exists():
            raise UsageError("there is no such file or folder", subject=str(given))
        if source.resolve().is_relative_to(raw_dir.resolve()):
            brought.there += 1 if source.is_file() else sum(1 for _ in walk(source))
            continue
        wanted += _wanted(source, raw_dir, brought)
    if not wanted:
        return brought
    held = _Held(raw_dir, forgotten or {})
    total = sum(one.size_bytes for one in wanted)
    with bar("copying files", round(total / 1e6, 1), "MB", f"of {_files(len(wanted))}") as advance:
        for number, one in enumerate(wanted, start=1):
            _bring_one(one, held, brought)
            advance(one.size_bytes / 1e6, str(number))
    return brought


def _wanted(source: Path, raw_dir: Path, brought: Brought) -> list[_Wanted]:
    """Return the files of one path that are to come, telling what is passed over."""
    if source.is_file():
        return [_Wanted(source, raw_dir / source.name, source.stat().st_size)]
    wanted: list[_Wanted] = []
    for path in walk(source):
        try:
            size = path.stat().st_size
            what = _not_ours(path, size)
        except OSError as error:
            brought.left.append(str(_unreadable(path, error)))
            continue
        if what:
            brought.pass_over(what, size)
        else:
            wanted.append(_Wanted(path, raw_dir / path.relative_to(source.parent), size))
    return wanted


def _not_ours(path: Path, size_bytes: int) -> str | None:
    """Return what a file is that is not read here; None for one that is."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
        kind = sniff(head)
        if kind is FileKind.FIT and size_bytes <= MAX_FIT_BYTES:
            what = other_fit(head + stream.read())
            return f"FIT files with {what}" if what else None
    if kind is not FileKind.UNKNOWN:
        return None
    if not size_bytes:
        return "empty files"
    return f"{path.suffix.lower()} files" if path.suffix else "files without an ending"


class _Held:
    """What lies in `data/raw/`: by size first, by hash only where a size is met again."""

    def __init__(self, raw_dir: Path, forgotten: Mapping[str, str]) -> None:
        self.raw_dir = raw_dir
        self.forgotten = forgotten
        self._by_size: dict[int, list[Path]] = defaultdict(list)
        self._hashes: dict[Path, str] = {}
        for path in walk(raw_dir):
            try:
                self._by_size[path.stat().st_size].append(path)
            except OSError:
                continue

    def hashes(self, size_bytes: int) -> set[str]:
        """Return the hashes of the files of one size; what cannot be read has none."""
        for path in self._by_size[size_bytes]:
            if path not in self._hashes:
                try:
                    with path.open("rb") as stream:
                        self._hashes[path] = digest(stream)
                except OSError:
                    self._hashes[path] = ""
        return {self._hashes[path] for path in self._by_size[size_bytes]}

    def add(self, path: Path, size_bytes: int, named: str) -> None:
        """Note a file that has come."""
        self._by_size[size_bytes].append(path)
        self._hashes[path] = named


def _bring_one(one: _Wanted, held: _Held, brought: Brought) -> None:
    """Copy one file, or say why not; raises CarryoverError where nothing can be written."""
    folder = one.target.parent
    partial = folder / f".{sha256(os.fsencode(one.target.name)).hexdigest()[:16]}.part"
    try:
        alike = held.hashes(one.size_bytes)
        # A file is hashed before it is copied only where that may spare the copy.
        known = _hash_of(one.source) if alike or held.forgotten else ""
        if day := held.forgotten.get(known):
            brought.left.append(f"{one.source}: {reason(day)}")
            return
        if known in alike:
            brought.there += 1
            return
        folder.mkdir(parents=True, exist_ok=True)
        named = _copy(one, partial)
        if named is None:
            brought.left.append(f"{one.source}: {KEPT}")
            return
        target = one.target
        if target.exists():
            target = target.with_name(f"{target.stem}-{named[:8]}{target.suffix}")
        partial.rename(target)
    except DecodeError as fault:
        brought.left.append(str(fault))
        return
    except OSError as error:
        raise CarryoverError(
            f"nothing can be written here: {error.strerror}", subject=str(folder),
            remedy="Is there room, and is writing allowed?",
        ) from error  # fmt: skip
    finally:
        _remove(partial)
    held.add(target, one.size_bytes, named)
    brought.copied += 1
    brought.copied_bytes += one.size_bytes


def _remove(partial: Path) -> None:
    with contextlib.suppress(OSError):
        partial.unlink()


def _hash_of(path: Path) -> str:
    told = sha256()
    for chunk in _chunks(path):
        told.update(chunk)
    return told.hexdigest()


def _copy(one: _Wanted, partial: Path) -> str | None:
    """Copy a file in pieces, its time too; return its hash, None where it changed meanwhile.

    Raises DecodeError where the source cannot be read, OSError where nothing can be written.
    """
    before = _stat(one.source)
    told = sha256()
    size = 0
    with partial.open("wb") as target:
        for chunk in _chunks(one.source):
            told.update(chunk)
            size += len(chunk)
            target.write(chunk)
    after = _stat(one.source)
    if before.st_mtime_ns != after.st_mtime_ns or not size == one.size_bytes == after.st_size:
        return None
    os.utime(partial, ns=(before.st_atime_ns, before.st_mtime_ns))
    return told.hexdigest()


def _chunks(path: Path) -> Iterator[bytes]:
    """Yield a file in pieces; raises DecodeError where it cannot be read."""
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK):
                yield chunk
    except OSError as error:
        raise _unreadable(path, error) from error


def _stat(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> DecodeError:
    what = "the folder" if path.is_dir() else "the file"
    return DecodeError(f"{what} cannot be read: {error.strerror}", subject=str(path))
