"""Where it hurts: sites of the body by the names that people give them, and the side in a name."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

import polars as pl

from carryover.catalogue.spelling import plain_name, spellings, table

BODY_SITE: Final[dict[str, pl.DataType]] = {
    "site": pl.String(), "aliases": pl.String(), "source": pl.String(),
}  # fmt: skip
"""Grain: one site of the body; aliases are parted by `|`."""

SIDES: Final = {
    "left": "left", "right": "right", "both": "both", "l": "left", "r": "right",
    "bilateral": "both", "lt": "left", "rt": "right",
    "links": "left", "linke": "left", "linkes": "left", "linker": "left", "rechts": "right",
    "rechte": "right", "rechtes": "right", "rechter": "right", "beide": "both", "beidseits": "both",
    "gauche": "left", "droit": "right", "droite": "right",
}  # fmt: skip
"""Words for a side before or behind a site."""

_SIDE: Final = "|".join(SIDES)
_FIRST: Final = re.compile(rf"({_SIDE})\b[\s.,:-]*(.+)", re.DOTALL)
_LAST: Final = re.compile(rf"(.+?)[\s.,:(\[-]+({_SIDE})[\s.)\]]*", re.DOTALL)


class Place(NamedTuple):
    """A site, and the side that its name tells (left, right, both; None where it tells none)."""

    site: str
    side: str | None


@cache
def body_sites() -> pl.DataFrame:
    """Return every site, shaped as `BODY_SITE`."""
    return table("body_site.csv", BODY_SITE)


def place_of(raw: str) -> Place:
    """Return the site and side of a name such as `left knee`, `knee L` or `Achillessehne`.

    A site that the catalogue does not know is kept as it is told, in lower case.
    """
    told = " ".join(raw.casefold().split())
    if plain_name(told) in _names():
        return Place(_names()[plain_name(told)], None)
    if match := _FIRST.fullmatch(told):
        return Place(_site(match[2]), SIDES[match[1]])
    if match := _LAST.fullmatch(told):
        return Place(_site(match[1]), SIDES[match[2]])
    return Place(told, None)


def _site(told: str) -> str:
    return _names().get(plain_name(told), told)


@cache
def _names() -> dict[str, str]:
    return {
        form: site
        for site, aliases, _ in body_sites().iter_rows()
        for form in spellings(site, site, aliases)
    }
