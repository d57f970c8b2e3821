"""Find files below a folder, and name them by their content."""

from __future__ import annotations

import hashlib
import heapq
import os
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final

from carryover.errors import DecodeError

CHUNK: Final = 1 << 20
SYSTEM: Final = frozenset({
    "__MACOSX", "Thumbs.db", "desktop.ini", "Icon\r", "$RECYCLE.BIN", "System Volume Information",
})  # fmt: skip
"""What Windows and macOS leave in folders and archives: never a person's file."""
UNFINISHED: Final = (".part", ".partial", ".crdownload", ".download", ".icloud", ".tmp")
"""Endings of what a browser or a synced folder is still fetching."""


@dataclass(frozen=True, slots=True)
class Found:
    """One file on disk: `place` is its path under `data/raw/`, with forward slashes."""

    place: str
    path: Path
    sha256: str
    size_bytes: int


def is_systems(name: str) -> bool:
    """Return whether a name is of a system's own files, also inside archives."""
    return name in SYSTEM or name == ".DS_Store" or name.startswith("._")


def is_passed_over(name: str) -> bool:
    """Return whether a name on disk is hidden, unfinished, or of a system's own files."""
    return name.startswith((".", "~$")) or name.lower().endswith(UNFINISHED) or is_systems(name)


def walk(raw_dir: Path) -> Iterator[Path]:
    """Yield every file below a folder in a stable order.

    Links to folders are followed, each folder once, so that links in a circle end. A folder
    that cannot be listed and a link that leads nowhere are yielded too: `identify` names them.
    """
    yield from sorted(_Walk(raw_dir).files())


@dataclass(slots=True)
class _Walk:
    """Folders of the tree itself first, then what links lead to, in the order of their names."""

    root: Path
    found: list[Path] = field(default_factory=list)
    links: list[Path] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def files(self) -> list[Path]:
        self._folder(self.root)
        while self.links:
            link = heapq.heappop(self.links)
            if link.is_dir():
                self._folder(link)
            elif link.is_file() or not link.exists():
                self.found.append(link)
        return self.found

    def _folder(self, folder: Path) -> None:
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            real = os.path.realpath(here)
            if real in self.seen:
                continue
            self.seen.add(real)
            try:
                with os.scandir(here) as listed:
                    waiting += [Path(entry) for entry in listed if self._is_folder(entry)]
            except OSError:
                self.found.append(here)

    def _is_folder(self, entry: os.DirEntry[str]) -> bool:
        """Sort one entry in; return whether it is a folder to go into."""
        if is_passed_over(entry.name):
            return False
        if entry.is_symlink():
            heapq.heappush(self.links, Path(entry))
        elif entry.is_file():
            self.found.append(Path(entry))
        return entry.is_dir(follow_symlinks=False)


def place_of(raw_dir: Path, path: Path) -> str:
    """Return a file's path under a folder; a name need not be text on disk, a place is."""
    return os.fsencode(path.relative_to(raw_dir).as_posix()).decode("utf-8", "replace")


def identify(raw_dir: Path, path: Path) -> Found:
    """Return a file's place and content hash, reading it once.

    Raises DecodeError where the file cannot be read (rights, a disk fault, a dead link).
    """
    place = place_of(raw_dir, path)
    try:
        with path.open("rb") as stream:
            sha256 = digest(stream)
            size = os.fstat(stream.fileno()).st_size
    except OSError as error:
        raise DecodeError(
            f"the file cannot be read: {error.strerror}", subject=place, remedy="Check its rights."
        ) from error
    return Found(place, path, sha256, size)


def digest(stream: BinaryIO) -> str:
    """Return the hash of what a stream still holds, in bounded memory."""
    told = hashlib.sha256()
    while chunk := stream.read(CHUNK):
        told.update(chunk)
    return told.hexdigest()


def lies_in(place: str, among: Container[str]) -> bool:
    """Return whether a place, or a folder above it, is among some."""
    parts = place.split("/")
    return any("/".join(parts[:n]) in among for n in range(1, len(parts) + 1))
