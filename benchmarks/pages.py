"""How big the pages are and how soon they can be used, in headless Chromium, from disk.

    python benchmarks/pages.py HOME… [--write]

Each home has been built (`carryover nightly`, or `carryover demo --weeks 520`). Its pages are drawn
into a folder that is removed: all of them; once more, when no run's page has changed; and after a
night with one new run, by a process that does nothing else: the pages that stand are then those of
a copy without the newest run, its other runs' values at reference speed moved by a hair.
`--write` puts the tables into docs/pages.md. Wants playwright and Chromium.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
from playwright.sync_api import sync_playwright

from benchmarks.tables import ROOT, machine, measured, number, table
from carryover.app import open_home
from carryover.site import Rendered, Wishes, render
from carryover.warehouse.read import open_published

PAGE: Final = ROOT / "docs" / "pages.md"
MARK: Final = "<!-- measured -->"
PAGES: Final = (
    "index", "trends", "late-miles", "symmetry", "carry-over", "runs", "longest run", "strength",
    "explore", "health", "about",
)  # fmt: skip
TURNS: Final = 3
FIRST: Final = """() => {
  const all = [...document.querySelectorAll('.plot')];
  return !all.length || all.some(p => p.querySelector('.main-svg'));
}"""
EVERY: Final = (
    "() => [...document.querySelectorAll('.plot')].every(p => p.querySelector('.main-svg'))"
)
NOW: Final = "performance.now()"
PROGRAM: Final = "measured"
HAIR: Final = 2e-5
"""By which share a new run moves a value at reference speed of ten years, about."""


@dataclass(frozen=True, slots=True)
class Opened:
    """One page: its own bytes, and when it could be read, its first figure and all were drawn."""

    name: str
    kib: float
    read_s: float
    first_s: float
    all_s: float


def main() -> None:
    """Measure the homes that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("homes", nargs="+", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--draw", nargs=2, type=Path, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.draw:
        drawn = _draw(told.homes[0], *told.draw)
        print(json.dumps([drawn.pages, drawn.made]))
        return
    text = "\n\n".join(
        [
            machine(("plotly", "duckdb", "polars", "carryover")),
            *(_home(home) for home in told.homes),
        ]
    )
    print(text)
    if told.write:
        head = PAGE.read_text("utf-8").partition(MARK)[0]
        PAGE.write_text(f"{head}{MARK}\n\n{text}\n", "utf-8")


def _home(root: Path) -> str:
    home, _ = open_home(root)
    folder = Path(tempfile.mkdtemp(prefix="carryover-pages-"))
    try:
        earlier, site = folder / "earlier.duckdb", folder / "s"
        _take_newest(home.published, earlier)
        _draw(root, earlier, site)
        new, (_, made) = measured(lambda: _drawn_alone(root, home.published, site))
        shutil.rmtree(site)
        first, every = measured(lambda: _draw(root, home.published, site))
        again, few = measured(lambda: _draw(root, home.published, site))
        words = (
            f"All drawn: {number(first.wall_s)} s ({number(first.cpu_s)} s CPU, "
            f"{number(1000 * first.cpu_s / every.pages)} ms a page); once more with nothing new, "
            f"{few.made} made anew: {number(again.wall_s)} s ({number(again.cpu_s)} s CPU). After "
            f"one new run, {made} made anew: {number(new.wall_s)} s ({number(new.cpu_s)} s CPU), "
            "with the start of the program."
        )
        return _told(site, every.pages, words)
    finally:
        shutil.rmtree(folder)


def _draw(root: Path, published: Path, site: Path) -> Rendered:
    """Draw a warehouse with the settings of a home."""
    _, settings = open_home(root)
    now = dt.datetime.now(dt.UTC).astimezone(settings.schedule_zone())
    with open_published(published) as reader:
        return render(reader, site, now=now, wishes=Wishes(program=PROGRAM))


def _drawn_alone(root: Path, published: Path, site: Path) -> tuple[int, int]:
    """Do the same in a fresh process; return how many pages there are and were made."""
    words = [sys.executable, "-m", "benchmarks.pages", str(root)]
    done = subprocess.run(
        [*words, "--draw", str(published), str(site)],
        capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    pages, made = json.loads(done.stdout)
    return pages, made


def _take_newest(published: Path, copy: Path) -> None:
    """Copy a warehouse as it was before its newest run."""
    shutil.copyfile(published, copy)
    copy.chmod(0o600)
    with duckdb.connect(str(copy)) as connection:
        run = connection.execute("select run_id from run order by started_at desc limit 1")
        newest = run.fetchall()[0]
        tables = connection.execute(
            "select table_name from duckdb_columns() where column_name = 'run_id' and not internal"
        ).fetchall()
        for (name,) in tables:
            connection.execute(f'delete from "{name}" where run_id = ?', newest)
        moved = connection.execute(
            "select column_name from duckdb_columns() "
            "where table_name = 'run_form' and column_name like '%\\_adj' escape '\\'"
        ).fetchall()
        values = ", ".join(f'"{name}" = "{name}" * (1 + {HAIR})' for (name,) in moved)
        connection.execute(f"update run_form set {values}")


def _told(site: Path, pages: int, words: str) -> str:
    runs = sum(1 for _ in (site / "runs").glob("*.html"))
    mib = sum(p.stat().st_size for p in site.rglob("*") if p.is_file()) / 2**20
    opened = [_opened(site, name) for name in PAGES]
    rows = [
        (o.name, number(o.kib), number(o.read_s), number(o.first_s), number(o.all_s))
        for o in opened
    ]
    return (
        f"## {runs:,} runs\n\n{pages:,} pages, {number(mib)} MiB with plotly.js. {words} Medians "
        f"of {TURNS} visits, each of a browser that has seen nothing before.\n\n"
        + table(("page", "KiB", "can be read, s", "first figure, s", "all figures, s"), rows)
    )


def _opened(site: Path, name: str) -> Opened:
    page = _file(site, name)
    visits = sorted(_visit(page) for _ in range(TURNS))
    read_s, first_s, all_s = visits[TURNS // 2]
    return Opened(name, _bytes(site, page) / 1024, read_s, first_s, all_s)


def _file(site: Path, name: str) -> Path:
    if name != "longest run":
        return site / f"{name}.html"
    return max((site / "runs").glob("*.html"), key=lambda p: p.stat().st_size)


def _bytes(site: Path, page: Path) -> int:
    """Return what a page brings beside plotly.js: itself, and the values that it opens with."""
    own = page.stat().st_size
    if page.name == "trends.html":
        own += sum(
            (site / "trends" / f"{n}.js").stat().st_size for n in ("shared", "stance_time_ms")
        )
    return own


def _visit(page: Path) -> tuple[float, float, float]:
    with sync_playwright() as tools:
        browser = tools.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        opened = context.new_page()
        opened.goto(page.as_uri(), wait_until="commit")
        times = []
        for ready in ("() => document.readyState !== 'loading'", FIRST, EVERY):
            opened.wait_for_function(ready, polling=10)
            times.append(opened.evaluate(NOW) / 1000)
        browser.close()
    return times[0], times[1], times[2]


if __name__ == "__main__":
    main()
