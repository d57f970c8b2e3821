"""What a page is, and what it may ask: queries by name, for one athlete, as of one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    import polars as pl


class Reader(Protocol):
    """The published warehouse, read-only."""

    def frame(self, sql: str, params: dict[str, Any] | None = None) -> pl.DataFrame:
        """Return the rows of a query with `$name` parameters."""
        ...  # pragma: no cover


@dataclass(frozen=True, slots=True)
class Person:
    """One athlete and the folder of their pages: empty for a lone athlete, else `anna/`."""

    athlete_id: str
    name: str
    folder: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its place in the site, its template, its title, what the template reads."""

    path: str
    template: str
    title: str
    data: Mapping[str, object] = field(default_factory=dict)
    person: Person | None = None
    tab: str = ""


@cache
def query(name: str) -> str:
    """Return the SQL of `queries/<name>.sql`."""
    return files("dashboards").joinpath("queries", f"{name}.sql").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class View:
    """The warehouse as of `now`; `people` in order, one of them the `person` of the page."""

    reader: Reader
    now: datetime
    people: tuple[Person, ...]
    person: Person

    @property
    def today(self) -> date:
        """The date of `now` in its own zone."""
        return self.now.date()

    def ask(self, name: str, **params: object) -> pl.DataFrame:
        """Return the rows of a query about everyone."""
        return self.reader.frame(query(name), params or None)

    def mine(self, name: str, **params: object) -> pl.DataFrame:
        """Return the rows of a query about this page's athlete."""
        return self.ask(name, athlete_id=self.person.athlete_id, **params)

    def page(self, path: str, template: str, title: str, tab: str, **data: object) -> Page:
        """Return a page of this athlete; `path` is seen from the athlete's folder."""
        return Page(self.person.folder + path, template, title, data, self.person, tab)
