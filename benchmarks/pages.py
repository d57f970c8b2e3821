"""How big the pages are and how soon they can be used, in headless Chromium, from disk.

    python benchmarks/pages.py HOME… [--write]

Each home has been built (`carryover nightly`, or `carryover demo --weeks 520`). Its pages are drawn
twice into a folder that is removed: all of them, then those that changed since, which is none of
the runs'. `--write` puts the tables into docs/pages.md. Wants playwright and Chromium.
"""

from __future__ import annotations

import argparse
import datetime as dt
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import sync_playwright

from benchmarks.tables import ROOT, machine, measured, number, table
from carryover.app import open_home
from carryover.site import Wishes, render
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
    told = parser.parse_args()
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
    home, settings = open_home(root)
    now = dt.datetime.now(dt.UTC).astimezone(settings.schedule_zone())
    folder = Path(tempfile.mkdtemp(prefix="carryover-pages-"))
    try:
        with open_published(home.published) as reader:
            runs = reader.frame("select count(*) as n from run")["n"][0]
            wishes = Wishes(program="measured")
            spent = []
            for _ in range(2):
                took, drawn = measured(lambda: render(reader, folder / "s", now=now, wishes=wishes))
                spent.append((took, drawn))
        return _told(folder / "s", runs, spent)
    finally:
        shutil.rmtree(folder)


def _told(site: Path, runs: int, spent: list[Any]) -> str:
    (first, every), (again, few) = spent
    mib = sum(p.stat().st_size for p in site.rglob("*") if p.is_file()) / 2**20
    opened = [_opened(site, name) for name in PAGES]
    rows = [
        (o.name, number(o.kib), number(o.read_s), number(o.first_s), number(o.all_s))
        for o in opened
    ]
    return (
        f"## {runs:,} runs\n\n{every.pages:,} pages, {number(mib)} MiB with plotly.js. All drawn: "
        f"{number(first.wall_s)} s ({number(first.cpu_s)} s CPU, "
        f"{number(1000 * first.cpu_s / every.pages)} ms a page); once more with nothing new, "
        f"{few.made} made anew: {number(again.wall_s)} s. Medians of {TURNS} visits, each of a "
        "browser that has seen nothing before.\n\n"
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
