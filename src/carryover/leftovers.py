"""What nights that were killed leave behind: cleared when the next one begins."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from carryover.home import Home

COPYING: Final = re.compile(r"\.[0-9a-f]{16}\.part")
"""A file of which `carryover ingest` was making a copy."""


def sweep(home: Home) -> None:
    """Clear what is left half done in a home; whoever calls it holds the night's lock."""
    for path in left_in(home):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def left_in(home: Home) -> list[Path]:
    """Return the files and folders that no night needs once it has ended."""
    return sorted({path for path in _named(home) if path.exists() or path.is_symlink()})


def _named(home: Home) -> Iterator[Path]:
    for database in (home.build, home.restored):
        yield database
        yield database.with_name(f"{database.name}.wal")
        yield database.with_suffix(".spill")
        yield database.with_name(f"{database.name}.tmp")
    yield home.store.with_name(f"{home.store.name}.tmp")
    yield home.warehouse_dir / "nights.new"
    yield home.root / "registrations.new"
    yield from home.kept.glob("*.new")
    yield from home.snapshots.glob("*.part")
    yield from (path for path in home.raw.rglob(".*.part") if COPYING.fullmatch(path.name))
    yield from home.site.parent.glob(f".{home.site.name}.new-*")
    # An old site is a leftover only where the new one stands: else it is put back.
    if home.site.exists():
        yield from home.site.parent.glob(f".{home.site.name}.old-*")
