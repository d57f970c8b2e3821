"""A home: the folder that holds one user's files, warehouse and pages."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from carryover.errors import NightRunningError, UsageError


@contextlib.contextmanager
def private() -> Iterator[None]:
    """Make new files and folders the owner's alone, whoever began this process."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


@dataclass(frozen=True, slots=True)
class Home:
    """Where things are in a home; nothing is made until it is asked for."""

    root: Path

    @property
    def raw(self) -> Path:
        """Files as they came: the only thing that cannot be made again."""
        return self.root / "data" / "raw"

    @property
    def warehouse_dir(self) -> Path:
        """Databases: private ones and the published one."""
        return self.root / "data" / "warehouse"

    @property
    def published(self) -> Path:
        """The warehouse that everybody may read."""
        return self.warehouse_dir / "carryover.duckdb"

    @property
    def store(self) -> Path:
        """What was read from files; private to the night."""
        return self.warehouse_dir / "store.duckdb"

    @property
    def build(self) -> Path:
        """The next warehouse while it is being made."""
        return self.warehouse_dir / "build.duckdb"

    @property
    def restored(self) -> Path:
        """A warehouse of before while it is being brought back."""
        return self.warehouse_dir / "restored.duckdb"

    @property
    def snapshots(self) -> Path:
        """Warehouses that were published before this one."""
        return self.warehouse_dir / "snapshots"

    @property
    def aside(self) -> Path:
        """Stores that could not be read any more; what they held was read anew."""
        return self.warehouse_dir / "aside"

    @property
    def kept(self) -> Path:
        """Results that the next build need not make again; deleting them costs time only."""
        return self.warehouse_dir / "kept"

    @property
    def site(self) -> Path:
        """Rendered pages."""
        return self.root / "dashboards" / "site"

    def prepare(self) -> None:
        """Make the folders, the owner's alone; raises UsageError where that is not allowed."""
        with private(), self._told():
            for folder in (self.raw, self.warehouse_dir, self.site.parent):
                folder.mkdir(parents=True, exist_ok=True)

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise UsageError(
                f"no home can be made here: {error.strerror}", subject=str(self.root)
            ) from error

    @contextlib.contextmanager
    def night_lock(self) -> Iterator[None]:
        """Hold this home for one night; raises NightRunningError where another one runs.

        The lock is the operating system's and ends with the process, however it ends. What is
        made meanwhile is the owner's alone.
        """
        with self._only("night.lock", "another night is running in this home", "Wait for it."):
            yield

    @contextlib.contextmanager
    def serve_lock(self) -> Iterator[None]:
        """Be this home's only schedule; raises NightRunningError where another one is at it."""
        with self._only("serve.lock", "another `carryover serve` has this home", "Stop it first."):
            yield

    @contextlib.contextmanager
    def _only(self, name: str, taken: str, remedy: str) -> Iterator[None]:
        self.prepare()
        descriptor = os.open(self.warehouse_dir / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise NightRunningError(taken, subject=str(self.root), remedy=remedy) from error
            with private():
                yield
        finally:
            os.close(descriptor)

    def is_locked(self) -> bool:
        """Return whether somebody, this process too, holds the home for a night or a step."""
        try:
            descriptor = os.open(self.warehouse_dir / "night.lock", os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False
