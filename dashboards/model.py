"""What a page is, and what it may ask: queries by name, for one athlete, as of one moment."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Protocol

from dashboards.ledger import Ledger

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
    """One page: its place in the site, its template, its title, what the template reads.

    Without `data` the page stays as it stands. `files`: texts that the page loads, by their place
    in the site.
    """

    path: str
    template: str
    title: str
    data: Mapping[str, object] | None = field(default_factory=dict)
    person: Person | None = None
    tab: str = ""
    files: Mapping[str, str] = field(default_factory=dict)


@cache
def query(name: str) -> str:
    """Return the SQL of `queries/<name>.sql`."""
    return files("dashboards").joinpath("queries", f"{name}.sql").read_text("utf-8")


def by_run(rows: pl.DataFrame, run_ids: list[str]) -> dict[str, pl.DataFrame]:
    """Return the rows of each of several runs."""
    parts = rows.partition_by("run_id", as_dict=True, include_key=False)
    none = rows.drop("run_id").clear()
    return {run_id: parts.get((run_id,), none) for run_id in run_ids}


@dataclass(frozen=True, slots=True)
class View:
    """The warehouse as of `now`; `people` in order, one of them the `person` of the page.

    `ledger`: which pages may stay as they stand. `maps`: whether pages show the shape of a run on
    the ground. `answers`: what was asked for this person, so that no page asks the same again.
    """

    reader: Reader
    now: datetime
    people: tuple[Person, ...]
    person: Person
    ledger: Ledger = field(default_factory=Ledger)
    maps: bool = False
    answers: dict[tuple[object, ...], pl.DataFrame] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The date of `now` in its own zone."""
        return self.now.date()

    def ask(self, name: str, **params: object) -> pl.DataFrame:
        """Return the rows of a query about everyone."""
        return self.reader.frame(query(name), params or None)

    def mine(self, name: str, **params: object) -> pl.DataFrame:
        """Return the rows of a query about this page's athlete."""
        asked = (name, self.person.athlete_id, repr(params))
        if asked not in self.answers:
            self.answers[asked] = self.ask(name, athlete_id=self.person.athlete_id, **params)
        return self.answers[asked]

    def links(self) -> pl.DataFrame:
        """Return run_id and href of this athlete's runs, the newest first."""
        return self.mine("runs").select("run_id", "href")

    def by_run(self, name: str, run_ids: list[str], **params: object) -> dict[str, pl.DataFrame]:
        """Return the rows of a query about several runs, by run."""
        rows = self.ask(name, run_ids=run_ids, **params)
        return by_run(rows, run_ids)

    def page(self, path: str, template: str, title: str, tab: str, **data: object) -> Page:
        """Return a page of this athlete; `path` is seen from the athlete's folder."""
        return Page(self.person.folder + path, template, title, data, self.person, tab)
