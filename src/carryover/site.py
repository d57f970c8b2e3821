"""The dashboards: from a reader of the published warehouse to a folder that opens from disk."""

from __future__ import annotations

import json
import os
import re
import shutil
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from plotly.offline import get_plotlyjs, get_plotlyjs_version

from carryover.charts.template import themes
from carryover.replaced import replaced
from dashboards import pages as definitions
from dashboards.ledger import Ledger
from dashboards.model import Page, Person, View
from dashboards.sheet import Sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from dashboards.model import Reader

ASSETS: Final = "assets"
MARK: Final = "site.js"
"""A folder whose assets hold this file is a rendered site and may be replaced."""
STATIC: Final = ("site.css", "copy.js", "pickers.js", "seconds.js")
BUNDLE: Final = "plotly-cartesian.min.js"
HEAD: Final = 200
"""Characters of a bundle that name its version."""
LEDGER: Final = "pages.parquet"
"""What the pages that may be kept show, in the assets."""
ANYONE: Final = Person("", "")
"""Whose pages an empty warehouse shows."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a render came to: pages in the site, and how many of them were made anew."""

    pages: int
    made: int


@dataclass(frozen=True, slots=True)
class Wishes:
    """What pages depend on beside the warehouse.

    `maps`: whether they show the shape of a run on the ground. `program`: tells one version of
    models, pages and settings from another; without it no page is kept. `bring`: puts an
    athlete's own pages, drawn elsewhere, into a folder of the site, and returns whether there are
    any; without it they are drawn here. `listed`: these are such pages, and lead back to the list.
    """

    maps: bool = False
    program: str = ""
    bring: Callable[[str, Path], bool] | None = None
    listed: bool = False


def render(
    reader: Reader,
    out_dir: Path,
    *,
    now: datetime,
    wishes: Wishes | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Rendered:
    """Write the whole site of a published warehouse to `out_dir`.

    The site is built beside `out_dir` and put in its place by renaming: a reader sees the old
    site or the new one, and pages that are no more vanish. Pages of runs on which nothing that can
    be seen has changed are taken over as they are, if the same `program` made them. `now`: aware;
    its zone is the reader's. `progress(done, total)` counts pages.
    Raises UsageError where `out_dir` holds something that is not a rendered site.
    """
    with replaced(out_dir, f"{ASSETS}/{MARK}", "a rendered site") as fresh:
        _write_assets(fresh / ASSETS)
        return _write_pages(reader, fresh, out_dir, now, wishes or Wishes(), progress)


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


def _all_pages(view: View, personal: Sequence[Person]) -> Iterator[Page]:
    for person in personal:
        own = replace(view, person=person, answers={})
        for define in definitions.PERSONAL:
            yield from define(own)
    several = definitions.SEVERAL if len(view.people) > 1 else ()
    for define in (*several, *definitions.SHARED):
        yield from define(view)


def _write_pages(
    reader: Reader, root: Path, standing: Path, now: datetime, wishes: Wishes,
    progress: Callable[[int, int], None] | None,
) -> Rendered:  # fmt: skip
    people = people_of(reader, now)
    personal = people
    if wishes.bring is not None:
        # Who has no pages is a name that leads nowhere.
        brought = {p.athlete_id for p in people if wishes.bring(p.athlete_id, root / p.folder)}
        people = tuple(p if p.athlete_id in brought else replace(p, folder="") for p in people)
        personal = ()
    sheets = Sheets(people, now, listed=wishes.listed)
    ledger = Ledger.read(standing / ASSETS / LEDGER, standing, wishes.program)
    view = View(reader, now, people, people[0], ledger, wishes.maps)
    expected = _expected(view)
    done = made = 0
    for page in _all_pages(view, personal):
        if page.data is None:
            _take(standing / page.path, root / page.path)
        else:
            made += 1
            _write(root / page.path, sheets.html(page))
        for path, text in page.files.items():
            _write(root / path, text)
        done += 1
        if progress:
            progress(done, max(expected, done))
    if progress:
        progress(done, done)
    ledger.write(root / ASSETS / LEDGER)
    return Rendered(pages=done, made=made)


def _expected(view: View) -> int:
    """Return about how many pages there will be."""
    runs = view.ask("n_runs")["n_runs"][0]
    each = len(definitions.PERSONAL) - 1
    return int(runs) + each * len(view.people) + len(definitions.SHARED)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _take(old: Path, new: Path) -> None:
    """Put a page that stands into the new site: as a second name of the file where that works."""
    new.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(old, new)
    except OSError:
        shutil.copyfile(old, new)


def _write_assets(folder: Path) -> None:
    folder.mkdir(parents=True)
    static = files("dashboards").joinpath("static")
    for name in (MARK, *STATIC):
        (folder / name).write_text(static.joinpath(name).read_text("utf-8"), "utf-8")
    (folder / "plotly.min.js").write_text(plotly_script(), "utf-8")
    theme: dict[str, Any] = themes()
    script = f"window.carryoverThemes = {json.dumps(theme, sort_keys=True)};\n"
    (folder / "theme.js").write_text(script, "utf-8")


def plotly_script() -> str:
    """Return plotly.js: its cartesian bundle, or the whole where that is of another version.

    The bundle holds all that our figures draw in a third of the size, which a page takes half as
    long to open. The whole comes with plotly itself and fits whatever version is installed.
    """
    bundle = files("dashboards").joinpath("static", "vendor", BUNDLE).read_text("utf-8")
    told = f"(cartesian - minified) v{get_plotlyjs_version()}\n"
    return bundle if told in bundle[:HEAD] else str(get_plotlyjs())
