"""Names of months as apps and services write them, in fourteen languages."""

from __future__ import annotations

import csv
import unicodedata
from functools import cache
from importlib.resources import files
from typing import Final

NO_LETTERS: Final = str.maketrans({"ł": "l", "ı": "i", "ø": "o", "ß": "ss"})
"""Letters that Unicode does not take apart into a plain one and its mark."""


def plain(text: str) -> str:
    """Reduce a text to lower case without accents, so that writers' habits do not matter."""
    spread = unicodedata.normalize("NFKD", text.casefold().translate(NO_LETTERS))
    return "".join(c for c in spread if not unicodedata.combining(c))


@cache
def months() -> dict[str, int]:
    """Return the number of every month's name, in full and short, as `plain` writes it."""
    table = files("carryover.catalogue").joinpath("month_name.csv").read_text("utf-8")
    lines = [line for line in table.splitlines() if not line.startswith("#")]
    return {plain(row["name"]): int(row["month"]) for row in csv.DictReader(lines)}


def month_number(word: str) -> int | None:
    """Return 1–12 for a month's name or its short form, with or without a full stop."""
    return months().get(plain(word).strip().removesuffix("."))
