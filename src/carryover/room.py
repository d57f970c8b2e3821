"""Room on the disk: asked for before a step needs it, and told in words where there is none."""

from __future__ import annotations

import contextlib
import errno
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from carryover.errors import DiskFullError
from carryover.home import Home

FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
READING: Final = 4.0
"""Bytes that the store may grow by while it reads one byte of a file."""
BUILDING: Final = 2.0
"""Bytes that a build may take for each of the last warehouse's, or of what it is made from."""
FROM_STORE: Final = 4.0
SMALLEST: Final = 8 << 20
"""Bytes that the smallest step may take: a database begins with some of them."""


def room_for_reading(home: Home, new_bytes: int) -> None:
    """Raise DiskFullError where the store may find no room for new files of so many bytes."""
    if new_bytes:
        require_room(home.warehouse_dir, SMALLEST + READING * new_bytes, "read the new files")


def room_for_building(home: Home) -> None:
    """Raise DiskFullError where the next warehouse may find no room beside the last one."""
    last = size_of(home.published)
    need = BUILDING * last if last else FROM_STORE * size_of(home.store)
    require_room(home.warehouse_dir, SMALLEST + need, "build the tables")


def require_room(folder: Path, need_bytes: float, what: str) -> None:
    """Raise DiskFullError where a folder's disk has less free than a step may need."""
    free = shutil.disk_usage(folder).free
    if free >= need_bytes:
        return
    raise DiskFullError(
        f"too little room to {what}: it may take {_mb(need_bytes)}, {_mb(free)} are free",
        subject=str(folder),
        remedy="Make room and run it again; what stands is unchanged.",
    )


def no_room(folder: Path | None) -> DiskFullError:
    """Return the error for a disk that turned out full; `folder`, where it is known, is on it."""
    return DiskFullError(
        "the disk is full", subject=str(folder or ""),
        remedy="Make room and run it again; what was published is unchanged.",
    )  # fmt: skip


@contextlib.contextmanager
def full_disk_told(folder: Path | None = None) -> Iterator[None]:
    """Turn the system's fault of a full disk into DiskFullError."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise no_room(folder) from error


def size_of(file: Path) -> int:
    """Return a file's bytes; none where it is not there."""
    return file.stat().st_size if file.exists() else 0


def _mb(size_bytes: float) -> str:
    return f"{size_bytes / 1e6:,.0f} MB"
