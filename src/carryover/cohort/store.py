"""What a cohort's workers share: a folder, or an object store behind a URL."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

import fsspec
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from carryover.errors import SettingsError
from carryover.intake import is_passed_over, walk

WHOLE_BY_ITSELF: Final = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "az", "adl", "memory"})
"""Kinds of stores whose objects appear whole or not at all, and cannot be renamed."""
MARKS: Final = ("ETag", "etag", "md5Hash", "mtime", "LastModified", "last_modified", "created")
"""What a store may tell of an object that is another one once the object is changed."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One object: its name below where was looked, its bytes, and a text that tells its version."""

    name: str
    size_bytes: int
    mark: str


class Store:
    """Objects by name below one place. Whatever is put there is there whole or not at all."""

    def __init__(self, filesystem: fsspec.AbstractFileSystem, root: str) -> None:
        self._fs = filesystem
        self._root = root.rstrip("/")
        kinds = filesystem.protocol
        self._kinds = {kinds} if isinstance(kinds, str) else set(kinds)

    @property
    def folder(self) -> Path | None:
        """The folder that this is, where it is one of this machine."""
        return Path(self._root) if isinstance(self._fs, LocalFileSystem) else None

    def listed(self) -> list[Listed]:
        """Return every object that is a person's file, by name; links are followed."""
        if self.folder is not None:
            return [_of_disk(self.folder, path) for path in walk(self.folder)]
        found = [self._of_object(info) for info in self._found()]
        parts = ((one, PurePosixPath(one.name).parts) for one in found)
        return sorted(
            (one for one, names in parts if not any(is_passed_over(n) for n in names)),
            key=lambda one: one.name,
        )

    def read(self, name: str) -> bytes | None:
        """Return an object's bytes; None where there is none."""
        try:
            return bytes(self._fs.cat_file(self._at(name)))
        except FileNotFoundError:
            return None

    def size_of(self, name: str) -> int:
        """Return an object's bytes; −1 where there is none."""
        try:
            return int(self._fs.info(self._at(name))["size"])
        except FileNotFoundError:
            return -1

    def fetch(self, name: str, path: Path) -> bool:
        """Bring an object to `path`; return whether there was one."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._fs.get_file(self._at(name), str(path))
        except FileNotFoundError:
            return False
        return True

    def lend(self, name: str, path: Path) -> None:
        """Show an object at `path`, to be read alone: a link where it lies on this machine."""
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.folder is not None:
            path.symlink_to(self.folder / name)
        else:
            self._fs.get_file(self._at(name), str(path))

    def write(self, name: str, content: bytes) -> None:
        """Put bytes under a name, in one step."""
        if not self._is_moved():
            self._fs.pipe_file(self._at(name), content)
            return
        beside = self._beside(name)
        self._fs.pipe_file(beside, content)
        self._fs.mv(beside, self._at(name))

    def put_all(self, files: Mapping[str, Path], last: str, content: bytes) -> None:
        """Put files under their names, in their order, and then `content` under `last`.

        While the names are changing there is no `last`: who sees it sees all of one time. What
        takes long, the bytes, comes before.
        """
        staged = dict(self._staged(files))
        self.drop(last)
        for name, path in files.items():
            if name in staged:
                self._fs.mv(staged[name], self._at(name))
            else:
                self.put(name, path)
        self.write(last, content)

    def put(self, name: str, path: Path) -> None:
        """Put one file under a name, in one step."""
        staged = dict(self._staged({name: path}))
        if staged:
            self._fs.mv(staged[name], self._at(name))
        else:
            self._fs.put_file(str(path), self._at(name))

    def drop(self, name: str) -> None:
        """Delete an object, or a folder with all that is in it, if it is there."""
        try:
            self._fs.rm(self._at(name), recursive=True)
        except FileNotFoundError:
            return

    def names(self, under: str) -> list[str]:
        """Return the names directly below a place."""
        try:
            found = self._fs.ls(self._at(under), detail=False, refresh=True)
        except FileNotFoundError:
            return []
        return sorted(PurePosixPath(str(name)).name for name in found)

    def _staged(self, files: Mapping[str, Path]) -> Iterator[tuple[str, str]]:
        if self._is_moved():
            for name, path in files.items():
                beside = self._beside(name)
                self._fs.put_file(str(path), beside)
                yield name, beside

    def _beside(self, name: str) -> str:
        """Return a name that no other worker takes; its folder is there."""
        at = PurePosixPath(self._at(name))
        self._fs.makedirs(str(at.parent), exist_ok=True)
        return str(at.with_name(f".{at.name}.{uuid.uuid4().hex[:16]}.part"))

    def _is_moved(self) -> bool:
        return not self._kinds & WHOLE_BY_ITSELF

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}".rstrip("/")

    def _found(self) -> list[dict[str, Any]]:
        self._fs.invalidate_cache()
        return list(self._fs.find(self._root, detail=True).values())

    def _of_object(self, info: Mapping[str, Any]) -> Listed:
        name = str(info["name"]).removeprefix(self._root).lstrip("/")
        mark = next((str(info[key]) for key in MARKS if info.get(key)), "")
        return Listed(name, int(info["size"]), mark)


def open_store(url: str) -> Store:
    """Return the store at a folder or URL; raises SettingsError for one that cannot be opened."""
    try:
        filesystem, root = url_to_fs(url)
    except ImportError as error:
        raise SettingsError(
            f"its driver is not installed: {error}", subject=url,
            remedy="Install it beside carryover, here and on all workers.",
        ) from error  # fmt: skip
    except ValueError as error:
        raise SettingsError(
            f"this is no store: {error}", subject=url,
            remedy="Write a folder, or a URL such as s3://lab/cohort, into [scale] store.",
        ) from error  # fmt: skip
    return Store(filesystem, str(root))


def _of_disk(folder: Path, path: Path) -> Listed:
    name = path.relative_to(folder).as_posix()
    try:
        told = path.stat()
    except OSError:
        return Listed(name, 0, "unreadable")
    return Listed(name, told.st_size, str(told.st_mtime_ns))


def copy_in(files: Path, store: Store) -> int:
    """Copy a folder of files into a store, those that it lacks or has at another size.

    Returns how many; files that are there are never deleted.
    """
    held = {one.name: one.size_bytes for one in store.listed()}
    count = 0
    for path in walk(files):
        name = path.relative_to(files).as_posix()
        if held.get(name) != path.stat().st_size:
            store.put(name, path)
            count += 1
    return count
