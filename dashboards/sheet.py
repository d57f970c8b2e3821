"""From a page to its HTML: templates with escaping on, figures with ids that are counted."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from carryover.charts.base import Empty
from carryover.charts.export import export
from carryover.charts.words import day_text, grouped, plural
from carryover.units import duration_text
from dashboards.glossary import terms

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from carryover.charts.base import Drawing
    from dashboards.model import Page, Person

CODE = re.compile(r"`([^`]+)`")
PERSONAL_TABS = (
    ("Home", "index.html"), ("Trends", "trends.html"), ("Late miles", "late-miles.html"),
    ("Symmetry", "symmetry.html"), ("Carry-over", "carry-over.html"), ("Runs", "runs.html"),
    ("Strength", "strength.html"),
)  # fmt: skip
SHARED_TABS = (
    ("Explore", "explore.html"), ("Data health", "health.html"),
    ("About the numbers", "about.html"),
)  # fmt: skip


LIST = "index.html"
"""The page of all athletes."""


@dataclass(frozen=True, slots=True)
class Tab:
    """One entry of the rail; `path` is seen from the root of the site."""

    name: str
    path: str


def coded(text: str) -> Markup:
    """Escape a text and set what stands in backticks as code."""
    return Markup(CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped first


def next_step(text: str) -> Markup:
    """Set a step as it reads after `Next:`: its first word small, unless it is an abbreviation."""
    small = text[:1].lower() + text[1:] if text[1:2].islower() else text
    return coded(small)


@cache
def templates() -> Environment:
    """Return the templates of all pages, escaping on; each is compiled once a process."""
    jinja = Environment(
        loader=PackageLoader("dashboards"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    jinja.filters |= {
        "coded": coded,
        "next": next_step,
        "counted": plural,
        "grouped": grouped,
        "duration": duration_text,
    }
    return jinja


class Sheets:
    """Renders the pages of one site; holds the templates and what all pages share.

    `listed`: the site is one of a cohort's, and lies in a folder below the list of all.
    """

    def __init__(
        self, people: tuple[Person, ...], now: datetime, *, listed: bool = False
    ) -> None:  # fmt: skip
        self._people = people
        self._listed = listed
        self._made = day_text(now.date())
        self._jinja = templates()

    def html(self, page: Page) -> str:
        """Return the whole text of one page."""
        link = linker(page)
        figures = Figures(self._jinja)
        return self._jinja.get_template(page.template).render(
            {**(page.data or {}), "page": page, "made": self._made,
             "several": len(self._people) > 1,
             "tabs": self._tabs(page), "link": link, "term": termer(link),
             "figure": figures.draw, "drawn": figures.any}
        )  # fmt: skip

    def _tabs(self, page: Page) -> list[Tab]:
        """Return the rail: a page that belongs to no one leads to the list of athletes."""
        shared = [Tab(name, path) for name, path in SHARED_TABS]
        if len(self._people) == 1:
            above = [Tab("Athletes", f"../{LIST}")] if self._listed else []
            return [*above, *(Tab(name, path) for name, path in PERSONAL_TABS), *shared]
        own = PERSONAL_TABS if page.person else ()
        folder = page.person.folder if page.person else ""
        return [
            Tab("Athletes", LIST),
            *(Tab(name, folder + path) for name, path in own), *shared,
        ]  # fmt: skip


class Figures:
    """The figures of one page: numbered fig-1, fig-2 … in the order of drawing."""

    def __init__(self, jinja: Environment) -> None:
        self._jinja = jinja
        self._count = 0

    def draw(self, drawing: Drawing, level: int = 3) -> Markup:
        """Return a figure with its words under a heading of that level, or an empty state."""
        if isinstance(drawing, Empty):
            text = self._jinja.get_template("empty.html").render(empty=drawing)
            return Markup(text)  # noqa: S704 - rendered with escaping on
        self._count += 1
        spec = export(drawing)
        text = self._jinja.get_template("figure.html").render(
            id=f"fig-{self._count}", title=spec.title, subtitle=spec.subtitle, level=level,
            height=spec.height_px, spec=Markup(spec.json),  # noqa: S704 - `export` escapes it
            seconds=Markup(spec.seconds),  # noqa: S704 - as above
        )  # fmt: skip
        return Markup(text)  # noqa: S704 - rendered with escaping on

    def any(self) -> bool:
        """Tell whether the page has a figure so far, and so needs the scripts."""
        return self._count > 0


def linker(page: Page) -> Callable[[str], str]:
    """Return a function from a place in the site to its address as seen from this page."""
    here = posixpath.dirname(page.path)
    return lambda path: posixpath.relpath(path, here or ".")


def termer(link: Callable[[str], str]) -> Callable[[str, str], Markup]:
    """Return a function that sets a term: a line on hover, a link to its explanation."""
    known, address = terms(), link("about.html")
    template = Markup('<a class="term" href="{}#{}" title="{}">{}</a>')

    def term(key: str, text: str) -> Markup:
        return template.format(address, key, known[key].line, text)

    return term
