"""`carryover report` and `carryover open`: pages that leave the house, and pages to look at."""

from __future__ import annotations

import datetime as dt
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carryover.cli_words import HERE, HomeOption, JsonOption, say, told
from carryover.errors import CarryoverError

if TYPE_CHECKING:
    from dashboards.model import Person

NO_CHROMIUM = (
    "No Chromium is here, so there is no PDF: print the page from any browser, or name one in "
    "CARRYOVER_CHROMIUM."
)

NOT_OPENED = "No browser is here to open it; this is the address:"


@told
def report(
    home: HomeOption = HERE,
    athlete: Annotated[
        str | None, typer.Option(help="Whose; all of them in one file where it is left out.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="File to write.", show_default="dashboards/report-….html"),
    ] = None,
    pdf: Annotated[
        bool | None,
        typer.Option(
            "--pdf/--no-pdf", help="Print it as PDF, too.", show_default="where a Chromium is here"
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file of others.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write one file for a coach or physio: the verdict, what moved, strength, pain, screening.

    It opens anywhere, needs no network and no script, and holds no place, serial number, file
    name or note. Examples:

    `carryover report` yours, or the whole squad's

    `carryover report --athlete ben --pdf`

    `carryover report --out ~/for-the-physio.html --no-pdf`
    """  # fmt: skip
    from carryover.app import open_home
    from carryover.handout import check_place, people_asked, place_for, write_report
    from carryover.pdf import chromium
    from carryover.progress import bar
    from carryover.warehouse.read import open_own

    where, settings = open_home(home)
    now = dt.datetime.now(settings.schedule_zone())
    # Looked for first: a wrong CARRYOVER_CHROMIUM is told before anything is written.
    program = None if pdf is False else chromium()
    with open_own(where.published) as reader:
        people = people_asked(reader, now, athlete)
        path = out.expanduser() if out else place_for(where.site.parent, people, athlete)
        if out is None:
            path.parent.mkdir(parents=True, exist_ok=True)
        check_place(path, force=force)
        with bar("writing the report", len(people), "athletes") as advance:
            size = write_report(reader, people, path, now=now, progress=advance)
    files = [(path, size)]
    trouble = NO_CHROMIUM if pdf is not False and program is None else ""
    if program is not None:
        trouble = _printed(program, path, files, asked=bool(pdf))
    if pdf is None and trouble and not as_json:
        sys.stderr.write(f"{trouble}\n")
    _tell(files, as_json=as_json)
    if pdf and trouble:
        raise CarryoverError(trouble)


def _printed(program: Path, page: Path, files: list[tuple[Path, int]], *, asked: bool) -> str:
    """Print a page and add it to the files; return what went wrong, where nobody asked for it."""
    from carryover.pdf import print_pdf
    from carryover.progress import bar

    target = page.with_suffix(".pdf")
    try:
        with bar("printing it", 1, "file"):
            print_pdf(program, page, target)
    except CarryoverError as error:
        if asked:
            raise
        return f"There is no PDF: {error}"
    files.append((target, target.stat().st_size))
    return ""


def _tell(files: list[tuple[Path, int]], *, as_json: bool) -> None:
    if as_json:
        told_files = [{"path": str(path.absolute()), "bytes": size} for path, size in files]
        say(json.dumps({"files": told_files}, ensure_ascii=False))
        return
    for path, size in files:
        say(f"{path.suffix[1:]:<5} {path.absolute()}  {size / 1024:.0f} KiB")


@told
def open_pages(
    home: HomeOption = HERE,
    page: Annotated[
        str | None,
        typer.Option("--page", help="A tab's name, or a run's date (2026-04-12)."),
    ] = None,
    athlete: Annotated[str | None, typer.Option(help="Whose, where there are several.")] = None,
    only_print: Annotated[
        bool, typer.Option("--print", help="Print the address, open nothing.")
    ] = False,
) -> None:
    """Open the pages in the default browser.

    Without a browser their address is printed. Examples:

    `carryover open`

    `carryover open --page trends`

    `carryover open --page 2026-04-12` the page of that day's run

    `carryover open --print`
    """
    from carryover.app import open_home
    from carryover.opening import front_page, pages_named, show

    where, settings = open_home(home)
    index = front_page(where.site)
    found = [index]
    if page is not None or athlete is not None:
        now = dt.datetime.now(settings.schedule_zone())
        people, several = _people(where.published, now, athlete)
        found = pages_named(where.site, page or "Home", people, several=several)
    shown = False if only_print else show(found)
    if not (shown or only_print):
        say(NOT_OPENED if len(found) == 1 else f"{len(found)} pages, not opened here:")
    for path in found:
        say(path.absolute().as_uri())


def _people(
    published: Path, now: dt.datetime, asked: str | None
) -> tuple[tuple[Person, ...], bool]:
    """Return whose pages are meant, and whether several athletes share the site."""
    from carryover.handout import people_asked
    from carryover.warehouse.read import open_own

    with open_own(published) as reader:
        everyone = people_asked(reader, now, None)
        chosen = everyone if asked is None else people_asked(reader, now, asked)
    return chosen, len(everyone) > 1
