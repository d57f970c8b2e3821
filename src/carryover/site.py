"""The dashboards: from a reader of the published warehouse to a folder that opens from disk."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from plotly.offline import get_plotlyjs

from carryover.charts.template import themes
from carryover.errors import UsageError
from dashboards import pages as definitions
from dashboards.model import Page, Person, View
from dashboards.sheet import Sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from dashboards.model import Reader

ASSETS: Final = "assets"
MARK: Final = "site.js"
"""A folder whose assets hold this file is a rendered site and may be replaced."""
ANYONE: Final = Person("", "")
"""Whose pages an empty warehouse shows."""


def render(
    reader: Reader,
    out_dir: Path,
    *,
    now: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> list[Path]:
    """Write the whole site of a published warehouse to `out_dir`; returns its files, sorted.

    The site is built beside `out_dir` and put in its place by renaming: a reader sees the old
    site or the new one, and pages that are no more vanish. The same warehouse and `now`
    (aware; its zone is the reader's) give the same bytes. `progress(done, total)` counts pages.
    Raises UsageError where `out_dir` holds something that is not a rendered site.
    """
    _refuse_foreign(out_dir)
    out_dir.parent.mkdir(parents=True, exist_ok=True)
    _sweep(out_dir)
    fresh = Path(tempfile.mkdtemp(prefix=f".{out_dir.name}.new-", dir=out_dir.parent))
    try:
        _write_assets(fresh / ASSETS)
        _write_pages(reader, fresh, now, progress)
        _swap(fresh, out_dir)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return sorted(path for path in out_dir.rglob("*") if path.is_file())


def people_of(reader: Reader, now: datetime) -> tuple[Person, ...]:
    """Return the athletes of a warehouse, each with the folder of their pages.

    A lone athlete has no folder of their own; folders are made from ids, never names.
    """
    view = View(reader, now, (), ANYONE)
    rows = view.ask("athletes").to_dicts()
    if not rows:
        return (ANYONE,)
    named = [(str(row["athlete_id"]), str(row["name"] or row["athlete_id"])) for row in rows]
    if len(named) == 1:
        return (Person(*named[0]),)
    taken: set[str] = {ASSETS, "runs"}
    people = []
    for athlete_id, name in named:
        folder = _folder(athlete_id, taken)
        taken.add(folder)
        people.append(Person(athlete_id, name, f"{folder}/"))
    return tuple(people)


def _folder(athlete_id: str, taken: set[str]) -> str:
    slug = re.sub(r"[^a-z0-9]+", "-", athlete_id.lower()).strip("-") or "athlete"
    candidates = [slug, *(f"{slug}-{k}" for k in range(2, len(taken) + 3))]
    return next(name for name in candidates if name not in taken)


def _all_pages(reader: Reader, now: datetime, people: tuple[Person, ...]) -> Iterator[Page]:
    for person in people:
        view = View(reader, now, people, person)
        for define in definitions.PERSONAL:
            yield from define(view)
    shared = View(reader, now, people, people[0])
    several = definitions.SEVERAL if len(people) > 1 else ()
    for define in (*several, *definitions.SHARED):
        yield from define(shared)


def _write_pages(
    reader: Reader, root: Path, now: datetime, progress: Callable[[int, int], None] | None
) -> None:
    people = people_of(reader, now)
    sheets = Sheets(people, now)
    pages = list(_all_pages(reader, now, people))
    for done, page in enumerate(pages, start=1):
        path = root / page.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(sheets.html(page), "utf-8")
        if progress:
            progress(done, len(pages))


def _write_assets(folder: Path) -> None:
    folder.mkdir(parents=True)
    static = files("dashboards").joinpath("static")
    for name in (MARK, "site.css", "copy.js"):
        (folder / name).write_text(static.joinpath(name).read_text("utf-8"), "utf-8")
    (folder / "plotly.min.js").write_text(get_plotlyjs(), "utf-8")
    theme: dict[str, Any] = themes()
    script = f"window.carryoverThemes = {json.dumps(theme, sort_keys=True)};\n"
    (folder / "theme.js").write_text(script, "utf-8")


def _refuse_foreign(out_dir: Path) -> None:
    if not out_dir.exists():
        return
    if not out_dir.is_dir():
        raise UsageError(
            "this is a file, the site needs a folder", subject=str(out_dir),
            remedy="Name another folder.",
        )  # fmt: skip
    if any(out_dir.iterdir()) and not (out_dir / ASSETS / MARK).exists():
        raise UsageError(
            "this folder holds other files; the site would replace them", subject=str(out_dir),
            remedy="Name an empty folder, or one that holds a rendered site.",
        )  # fmt: skip


def _sweep(out_dir: Path) -> None:
    """Clear what a render that was cut off has left; bring the old site back if it must."""
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
