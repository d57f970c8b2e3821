"""The report as a file: whose, where to, and never over somebody else's file."""

from __future__ import annotations

import difflib
import os
import re
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from carryover import pdf
from carryover.errors import UsageError
from carryover.site import ANYONE, people_of
from dashboards.model import View
from dashboards.report import part
from dashboards.report_sheet import MARK, report_html
from dashboards.squad import squad

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from dashboards.model import Person, Reader

HEAD_BYTES: Final = 2000
"""The mark of a report stands in its head."""
HTML: Final = (".html", ".htm")


def people_asked(reader: Reader, now: datetime, asked: str | None) -> tuple[Person, ...]:
    """Return the one who is asked for by id or name, or all; raises UsageError for a stranger."""
    people = people_of(reader, now)
    if asked is None:
        return people
    found = [p for p in people if asked == p.athlete_id]
    found = found or [p for p in people if asked.casefold() == p.name.casefold()]
    if len(found) == 1:
        return tuple(found)
    what = f"several are called {asked!r}" if found else f"nobody here is {asked!r}"
    raise UsageError(what, subject="--athlete", remedy=_who(people, asked, found))


def _who(people: tuple[Person, ...], asked: str, found: list[Person]) -> str:
    """Name the nearest athlete, else all."""
    known = {p.athlete_id.casefold(): p.athlete_id for p in people if p != ANYONE}
    names = {p.name.casefold(): p.athlete_id for p in people if p != ANYONE}
    near = difflib.get_close_matches(asked.casefold(), [*known, *names], n=1, cutoff=0.5)
    if near and not found:
        return f"Did you mean {(known | names)[near[0]]}?"
    if not known:
        return "No athlete is known yet: put files into data/raw and run `carryover nightly`."
    return f"Name one of {', '.join(sorted(known.values()))}."


def place_for(folder: Path, people: tuple[Person, ...], asked: str | None) -> Path:
    """Return where a report goes unless it is told: by the athlete's id, never by a name."""
    if asked is None and len(people) > 1:
        return folder / "report.html"
    # Folders of several athletes never collide; a lone one has none.
    named = people[0].folder.rstrip("/") or people[0].athlete_id
    slug = re.sub(r"[^a-z0-9]+", "-", named.lower()).strip("-")
    return folder / f"report-{slug or 'athlete'}.html"


def check_place(path: Path, *, force: bool) -> None:
    """Raise UsageError where a report, or its PDF, may not be written to a place."""
    if path.suffix.lower() not in HTML:
        raise UsageError(
            "a report is an HTML file; its PDF goes beside it", subject=str(path),
            remedy=f"Name it {path.with_suffix('.html').name}.",
        )  # fmt: skip
    if not path.parent.is_dir():
        raise UsageError("there is no such folder", subject=str(path.parent))
    for file, ours in ((path, _is_report), (path.with_suffix(".pdf"), pdf.is_ours)):
        if file.is_dir():
            raise UsageError("this is a folder", subject=str(file), remedy="Name a file.")
        if file.exists() and not force and not ours(file):
            raise UsageError(
                "this file was not made by carryover and would be lost", subject=str(file),
                remedy="Name another with --out, or say --force.",
            )  # fmt: skip


def _is_report(path: Path) -> bool:
    with path.open("rb") as file:
        return MARK.encode() in file.read(HEAD_BYTES)


def write_report(
    reader: Reader,
    people: tuple[Person, ...],
    path: Path,
    *,
    now: datetime,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write one file about these athletes; several are opened by the table of the squad.

    Returns its size in bytes. `progress` is called with how many athletes more are told.
    """
    view = View(reader, now, people, people[0])
    opening = squad(view) if len(people) > 1 else None
    order = [row["person"] for row in opening["rows"]] if opening else list(people)
    parts = []
    for person in order:
        parts.append(part(replace(view, person=person)))
        if progress:
            progress(1)
    content = report_html(parts, now, opening).encode()
    _write_whole(path, content)
    return len(content)


def _write_whole(path: Path, content: bytes) -> None:
    """Put a file in place by renaming: the old one or the new one, never a half."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
