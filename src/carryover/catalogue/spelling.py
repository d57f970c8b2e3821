"""Names as people write them, and the tables that they lead to."""

from __future__ import annotations

import io
import re
import unicodedata
from importlib.resources import files
from typing import Final

import polars as pl

DIGRAPHS: Final = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue",
})  # fmt: skip
"""How German is typed without its letters."""

APART: Final = "|"
"""What parts the aliases in one cell."""


def table(name: str, schema: dict[str, pl.DataType]) -> pl.DataFrame:
    """Return a CSV of the catalogue, shaped as `schema`."""
    content = files("carryover.catalogue").joinpath(name).read_bytes()
    return pl.read_csv(io.BytesIO(content), schema=schema, comment_prefix="#", encoding="utf8")


def plain_name(raw: str) -> str:
    """Reduce a name to what counts: lower case, no accents, words with one space between."""
    spread = unicodedata.normalize("NFKD", raw.casefold())
    bare = "".join(c for c in spread if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"['’]", "", bare)))


def spellings(key: str, name: str, aliases: str | None) -> set[str]:
    """Return every plain form of a row's key, name and aliases (`a|b|c`)."""
    names = [key, name, *(aliases or "").split(APART)]
    return {plain_name(form) for own in names for form in (own, own.translate(DIGRAPHS))} - {""}
