"""What files looked like when they were hashed: one that looks the same is not read again.

Size, inode and the times of the last change to content and inode, as git's index has them; the
last one cannot be set by hand. What was touched within seconds of being hashed could change and
look the same, so it is hashed again.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from carryover.intake.places import Found, identify, place_of
from carryover.owned import write_owned

SETTLED_NS: Final = 3_000_000_000
"""No file system tells times coarser than by two seconds."""

Look = tuple[int, int, int, int]


class Glances:
    """Looks and hashes of files by place, in a private file; without it all files are hashed."""

    def __init__(self, path: Path, now_ns: Callable[[], int] = time.time_ns) -> None:
        self._path, self._now_ns = path, now_ns
        self._before = _read(path)
        self._told: dict[str, list[object]] = {}

    def identify(self, raw_dir: Path, path: Path) -> Found:
        """Return a file's place and content hash, as `intake.identify`; raises what it raises."""
        place, look = place_of(raw_dir, path), _look(path)
        known = self._before.get(place)
        if look is not None and known is not None and known[:-1] == list(look):
            self._told[place] = known
            return Found(place, path, str(known[-1]), look[0])
        begun_ns = self._now_ns()
        found = identify(raw_dir, path)
        if look is not None and max(look[1:3]) < begun_ns - SETTLED_NS:
            self._told[place] = [*look, found.sha256]
        return found

    def keep(self) -> None:
        """Write down what was told since, and nothing of files that are no more; raises OSError."""
        if self._told == self._before:
            return
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_owned(self._path, json.dumps(self._told).encode())


def _look(path: Path) -> Look | None:
    """Return size, times of change to content and inode, and inode; None where there is no file."""
    try:
        held = path.stat()
    except OSError:
        return None
    return held.st_size, held.st_mtime_ns, held.st_ctime_ns, held.st_ino


def _read(path: Path) -> dict[str, list[object]]:
    try:
        held = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    if not isinstance(held, dict):
        return {}
    return {place: look for place, look in held.items() if isinstance(look, list) and look}
