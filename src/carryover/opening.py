"""`carryover open`: which pages are meant, and whether a browser is here to show them."""

from __future__ import annotations

import difflib
import os
import re
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING, Final

from carryover.errors import CarryoverError, UsageError
from dashboards.sheet import PERSONAL_TABS, SHARED_TABS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.model import Person

DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
ATHLETES: Final = "Athletes"
RUNS: Final = "runs"
MOST_OPENED: Final = 4
"""More pages at once, all runs of a squad's Sunday, are only printed."""


def front_page(site: Path) -> Path:
    """Return the first page of a rendered site; raises CarryoverError where there is none."""
    index = site / "index.html"
    if not index.is_file():
        raise CarryoverError(
            "no page has been drawn yet", subject=str(site),
            remedy="Run `carryover nightly` first (or `carryover render`, where a warehouse is).",
        )  # fmt: skip
    return index


def pages_named(site: Path, asked: str, people: Sequence[Person], *, several: bool) -> list[Path]:
    """Return the pages that a tab's name or a run's date means, of these athletes.

    `several`: whether more than one shares the site. Raises UsageError for a name that no page
    has, CarryoverError for a day without the page of a run.
    """
    if DAY.fullmatch(asked):
        return _of_day(site, asked, people)
    tabs = _tabs(people, several=several)
    key = _key(asked)
    if key not in tabs:
        raise UsageError(
            f"no page is called {asked!r}", subject="--page", remedy=_nearest(key, tabs)
        )
    if len(tabs[key][1]) > 1:
        raise UsageError(
            f"whose? {len(people)} athletes have a page {tabs[key][0]!r}", subject="--athlete",
            remedy=f"Name one of {', '.join(sorted(p.athlete_id for p in people))}.",
        )  # fmt: skip
    found = [site / path for path in tabs[key][1]]
    gone = next((path for path in found if not path.is_file()), None)
    if gone is not None:
        raise CarryoverError("this page is not there", subject=str(gone),
                             remedy="Run `carryover render`.")  # fmt: skip
    return found


def _key(name: str) -> str:
    """Return a name as it is compared: `Carry-over`, `carry over` and `carryover` are one."""
    return re.sub(r"[^a-z0-9]+", "", name.casefold().removesuffix(".html"))


def _tabs(people: Sequence[Person], *, several: bool) -> dict[str, tuple[str, list[str]]]:
    """Return name and places of each tab by its key; a page's own file name is a key, too."""
    told = [(name, path, [path]) for name, path in SHARED_TABS]
    told += [(name, path, [f"{p.folder}{path}" for p in people]) for name, path in PERSONAL_TABS]
    if several:
        told.append((ATHLETES, "index.html", ["index.html"]))
    found = {_key(path): (name, places) for name, path, places in told}
    return found | {_key(name): (name, places) for name, _, places in told}


def _nearest(key: str, tabs: dict[str, tuple[str, list[str]]]) -> str:
    near = difflib.get_close_matches(key, tabs, n=1, cutoff=0.5)
    if near:
        return f"Did you mean {tabs[near[0]][0]!r}?"
    names = ", ".join(sorted({name for name, _ in tabs.values()}))
    return f"There are {names}; or a run's date, such as 2026-04-12."


def _of_day(site: Path, day: str, people: Sequence[Person]) -> list[Path]:
    folders = [site / person.folder / RUNS for person in people]
    found = [path for folder in folders for path in sorted(folder.glob(f"{day}-*.html"))]
    if not found:
        days = sorted(path.name[:10] for folder in folders for path in folder.glob("*.html"))
        there = f"Pages are there for runs from {days[0]} to {days[-1]}." if days else ""
        raise CarryoverError(
            f"no run of {day} has a page", subject="--page",
            remedy=there or "Run `carryover nightly` first.",
        )  # fmt: skip
    return found


def show(pages: Sequence[Path]) -> bool:
    """Open pages in the default browser; return whether that was done."""
    if len(pages) > MOST_OPENED or not _has_screen():
        return False
    try:
        browser = webbrowser.get()
    except webbrowser.Error:
        return False
    opened = [browser.open(page.absolute().as_uri()) for page in pages]
    return all(opened)


def _has_screen() -> bool:
    """Tell whether a browser could be seen: one for a terminal would take this one over."""
    if os.environ.get("BROWSER") or not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
