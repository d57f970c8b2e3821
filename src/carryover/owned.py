"""Small files of the owner's alone, written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def write_owned(path: Path, content: bytes) -> None:
    """Put a file in place by one rename, its bytes on the disk first; mode 0600.

    Killed at any moment it leaves the old file or the new one. Raises OSError.
    """
    beside = path.with_name(f".{path.name}.new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
