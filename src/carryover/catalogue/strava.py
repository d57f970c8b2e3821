"""Strava's words as data: headers of its lists and sports that are gym work.

Each as its exports write them, in the languages that we have seen.
"""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files

import polars as pl


def header_field(title: str) -> str | None:
    """Return the field that a column of Strava's list holds; None for one that we do not know."""
    return _words("strava_header.csv").get(_plain(title))


def is_gym_work(sport: str | None) -> bool:
    """Return whether a sport is strength work by Strava's name for it."""
    return sport is not None and _plain(sport) in _words("strava_sport.csv")


def _plain(text: str) -> str:
    return " ".join(text.replace("\u2019", "'").split()).casefold()


@cache
def _words(name: str) -> dict[str, str]:
    content = files("carryover.catalogue").joinpath(name).read_bytes()
    table = pl.read_csv(io.BytesIO(content), infer_schema=False)
    return {_plain(word): meaning for word, meaning in table.iter_rows()}
