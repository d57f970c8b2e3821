"""A way back: a warehouse that was published before is published again."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from carryover.app import render
from carryover.errors import CarryoverError, UsageError
from carryover.home import Home
from carryover.room import full_disk_told
from carryover.settings import Settings
from carryover.warehouse.connect import drop_database
from carryover.warehouse.publish import publish, verify
from carryover.warehouse.snapshots import Snapshots, instant_of, second_name


@dataclass(frozen=True, slots=True)
class Earlier:
    """One warehouse that was published before."""

    path: Path
    made_at: dt.datetime
    size_bytes: int
    is_shown: bool
    """It is the published one."""

    @property
    def name(self) -> str:
        """How a person calls it."""
        return self.path.stem.removeprefix("carryover-")


def earlier(home: Home) -> list[Earlier]:
    """Return what can be brought back, newest first."""
    shown = home.published
    return [
        Earlier(path, instant_of(path), path.stat().st_size,
                shown.exists() and path.samefile(shown))
        for path in reversed(_snapshots(home, 0).held())
    ]  # fmt: skip


def is_old(home: Home) -> bool:
    """Return whether the published warehouse is older than one that was published before it."""
    held = earlier(home)
    if not held or not home.published.exists():
        return False
    made_s = home.published.stat().st_mtime
    return made_s + 1 < max(one.made_at for one in held).timestamp()


def restore(home: Home, settings: Settings, asked: str, *, now: dt.datetime) -> Earlier:
    """Publish again what stood at an instant; `asked` is its name or the beginning of it.

    The pages are drawn from it first: one that this version of the program cannot draw is not
    published. What stood until now goes to the snapshots. Raises UsageError for a name that
    none or several have, CarryoverError for a file that is not whole.
    """
    chosen = _chosen(earlier(home), asked)
    if chosen.is_shown:
        return chosen
    keep = _snapshots(home, settings.machine.snapshots)
    with full_disk_told(home.root):
        drop_database(home.restored)
        second_name(chosen.path, home.restored)
        try:
            verify(home.restored)
            render(home, settings, now=now, force=True, source=home.restored)
            publish(home.restored, home.published, snapshots=keep)
        except CarryoverError as fault:
            drop_database(home.restored)
            raise CarryoverError(
                f"it cannot be brought back: {fault.what}", subject=str(chosen.path),
                remedy="The published warehouse is unchanged.",
            ) from fault  # fmt: skip
    return chosen


def _chosen(held: list[Earlier], asked: str) -> Earlier:
    found = [one for one in held if one.name.startswith(asked)]
    if len(found) == 1:
        return found[0]
    if not held:
        raise UsageError("no earlier warehouse is kept here", subject=asked)
    names = ", ".join(one.name for one in (found or held))
    what = "several begin like this" if found else "no earlier warehouse is called this"
    raise UsageError(what, subject=asked, remedy=f"There are: {names}.")


def _snapshots(home: Home, n_kept: int) -> Snapshots:
    return Snapshots(home.snapshots, n_kept)
