"""A folder that is made anew: beside the old one, then put in its place, whole or not at all."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from carryover.errors import UsageError


@contextlib.contextmanager
def replaced(out_dir: Path, mark: str, what: str) -> Iterator[Path]:
    """Give an empty folder; once the work in it ends well it takes `out_dir`'s place.

    A folder that holds the file `mark` is `what` from before and may be replaced. Raises
    UsageError where `out_dir` holds anything else.
    """
    _refuse_foreign(out_dir, mark, what)
    out_dir.parent.mkdir(parents=True, exist_ok=True)
    _sweep(out_dir)
    fresh = Path(tempfile.mkdtemp(prefix=f".{out_dir.name}.new-", dir=out_dir.parent))
    try:
        yield fresh
        _swap(fresh, out_dir)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _refuse_foreign(out_dir: Path, mark: str, what: str) -> None:
    if not out_dir.exists():
        return
    if not out_dir.is_dir():
        raise UsageError(
            f"this is a file, {what} needs a folder", subject=str(out_dir),
            remedy="Name another folder.",
        )  # fmt: skip
    if any(out_dir.iterdir()) and not (out_dir / mark).exists():
        raise UsageError(
            f"this folder holds other files; {what} would replace them", subject=str(out_dir),
            remedy=f"Name an empty folder, or one that holds {what} from before.",
        )  # fmt: skip


def _sweep(out_dir: Path) -> None:
    """Clear what was cut off has left; bring the old folder back if it must."""
    left = sorted(out_dir.parent.glob(f".{out_dir.name}.old-*"))
    if left and not out_dir.exists():
        left.pop().rename(out_dir)
    for path in [*left, *out_dir.parent.glob(f".{out_dir.name}.new-*")]:
        shutil.rmtree(path, ignore_errors=True)


def _swap(fresh: Path, out_dir: Path) -> None:
    if not out_dir.exists():
        fresh.rename(out_dir)
        return
    old = fresh.with_name(fresh.name.replace(".new-", ".old-"))
    out_dir.rename(old)
    try:
        fresh.rename(out_dir)
    except OSError:
        old.rename(out_dir)
        raise
    shutil.rmtree(old, ignore_errors=True)
