"""What is still owed to somebody who wished to be forgotten: a list on disk, worked off to its end.

The list is written before anything goes. Every night begins with it, so that a forgetting that was
cut off is completed, and it is deleted when the pages no longer show what it names.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Final

from carryover import forgotten
from carryover.decode import sniff
from carryover.errors import CarryoverError
from carryover.intake import LEFTOVER, strip
from carryover.nights import path_of as nights_path
from carryover.owned import write_owned
from carryover.registrations import FILE_NAME as REGISTRATIONS
from carryover.registrations import without
from carryover.warehouse.connect import sync

if TYPE_CHECKING:
    from pathlib import Path

    from carryover.home import Home

FILE_NAME: Final = "forgetting.json"
LEFT_OUT: Final = "left out: it spoke of what was forgotten"
REPORT: Final = re.compile(r"report(-.*)?\.(html|pdf)")


@dataclass(frozen=True, slots=True)
class Owed:
    """What is to go: contents by hash out of files, whole files and folders, rows of an athlete.

    Places are below data/raw/, `files` below the home. `names` may stand in no record of nights.
    """

    contents: Sequence[str] = ()
    places: Sequence[str] = ()
    """Files on disk that hold one of `contents`, or are one."""
    whole: Sequence[str] = ()
    """Files and folders that go whatever they hold."""
    files: Sequence[str] = ()
    athlete: str | None = None
    names: Sequence[str] = ()
    day: str = ""
    """Under which date `contents` are listed as forgotten."""
    built: bool = False
    """Whether the published tables are made without it already."""


def owe(home: Home, owed: Owed) -> None:
    """Write down what is to go; from here on it goes, whatever happens."""
    path = _path(home)
    write_owned(path, json.dumps(asdict(owed)).encode())
    sync(path.parent)


def is_owed(home: Home) -> bool:
    """Return whether something is still to go."""
    return _path(home).exists()


def resume(home: Home) -> frozenset[str]:
    """Take what is owed out of the files of a home; return places that are no longer on disk.

    Done again it does the rest. Raises CarryoverError where a file cannot be changed.
    """
    owed = _owed(home)
    if owed is None:
        return frozenset()
    try:
        if owed.contents:
            forgotten.add(home.root, owed.contents, owed.day)
        _from_raw(home.raw, owed)
        for name in owed.files:
            (home.root / name).unlink(missing_ok=True)
        if owed.athlete is not None:
            _from_registrations(home.root / REGISTRATIONS, owed.athlete)
        _from_nights(nights_path(home), owed.names)
    except OSError as error:
        raise CarryoverError(
            f"what is to be forgotten cannot be changed: {error.strerror}",
            subject=str(error.filename or home.raw),
            remedy="Check its rights; the next night, or the same command, goes on from here.",
        ) from error
    told = (*owed.places, *owed.whole)
    return frozenset(place for place in told if not os.path.lexists(home.raw / place))


def drop_made(home: Home) -> None:
    """Delete what was made from the files and is made anew: baselines, reports, spilled rows."""
    made = [home.kept, *home.warehouse_dir.glob("*.spill"), *home.warehouse_dir.glob("*.tmp")]
    for folder in made:
        shutil.rmtree(folder, ignore_errors=True)
    for path in home.site.parent.glob("*"):
        if REPORT.fullmatch(path.name):
            path.unlink()


def built(home: Home) -> None:
    """Note that the published tables no longer hold what is owed: the pages are left."""
    owed = _owed(home)
    if owed is not None:
        owe(home, replace(owed, built=True))


def drawn(home: Home) -> None:
    """Strike the list out where the pages were drawn from tables without what it names."""
    owed = _owed(home)
    if owed is not None and owed.built:
        _path(home).unlink()


def _path(home: Home) -> Path:
    return home.warehouse_dir / FILE_NAME


def _owed(home: Home) -> Owed | None:
    try:
        return Owed(**json.loads(_path(home).read_text("utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise CarryoverError(
            "this list of what is to be forgotten cannot be read", subject=str(_path(home)),
            remedy="Delete it and run `carryover forget` again.",
        ) from error  # fmt: skip


def _from_raw(raw: Path, owed: Owed) -> None:
    for left in raw.rglob(f".*{LEFTOVER}"):
        left.unlink()
    contents = frozenset(owed.contents)
    for place in owed.places:
        path = raw / place
        if path.is_file() and strip(path, contents, sniff):
            sync(path.parent)
    for place in owed.whole:
        path = raw / place
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for place in (*owed.places, *owed.whole):
        _prune(raw, (raw / place).parent)


def _prune(raw: Path, folder: Path) -> None:
    """Remove folders that have become empty, never data/raw/ itself."""
    while folder != raw and raw in folder.parents:
        with contextlib.suppress(FileNotFoundError):
            if folder.is_symlink() or any(folder.iterdir()):
                return
            folder.rmdir()
        folder = folder.parent


def _from_registrations(path: Path, athlete: str) -> None:
    if not path.exists():
        return
    write_owned(path, without(path.read_bytes(), athlete))


def _from_nights(path: Path, names: Sequence[str]) -> None:
    """Take reasons out of the record of nights that name what is forgotten."""
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return
    told = [_without_reason(line) if any(n in line for n in names) else line for line in lines]
    if told == lines:
        return
    write_owned(path, "".join(f"{line}\n" for line in told).encode())


def _without_reason(line: str) -> str:
    try:
        event = json.loads(line)
    except ValueError:
        return ""
    return json.dumps(event | {"reason": LEFT_OUT}) if isinstance(event, dict) else ""
