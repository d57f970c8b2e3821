"""New columns in a log that a person keeps: the rest of its text stays byte for byte."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from carryover.csv_text import Header

_END: Final = re.compile(r"(\r\n|\n|\r)")
QUOTE: Final = '"'
MARK: Final = "\ufeff"
"""Byte order mark, which some spreadsheets put before the first line."""


def with_columns(text: str, header: Header, names: Sequence[str]) -> str:
    """Return a log's text with more columns behind the last one that has a name.

    Each row gets empty cells in that place. A row that ends before it is left as it is, since a
    short row ends in empty cells; so is one whose quotes do not pair up, which no night reads.
    """
    parts = _END.split(text)
    place, part = len(header.columns), header.delimiter
    parts[0] = _inserted(parts[0], place, part, part + part.join(names))
    parts[2::2] = [_inserted(line, place, part, part * len(names)) for line in parts[2::2]]
    return "".join(parts)


def _inserted(line: str, place: int, delimiter: str, cells: str) -> str:
    """Return the line with cells put in behind its cell number `place`, counted from 1."""
    ends = [*_cell_ends(line, delimiter), len(line)]
    if None in ends or len(ends) < place:
        return line
    at = ends[place - 1] or 0
    return line[:at] + cells + line[at:]


def _cell_ends(line: str, delimiter: str) -> list[int | None]:
    """Return where each cell but the last ends; with a None where the quotes do not pair up.

    A quote opens a cell at its first sign only; within quotes a double one is a sign.
    """
    ends: list[int | None] = []
    quoted, fresh, closed = False, True, False
    for index, sign in enumerate(line):
        if sign == QUOTE and quoted:
            quoted, closed = False, True
        elif sign == QUOTE and (fresh or closed):
            quoted, closed = True, False
        elif sign == delimiter and not quoted:
            ends.append(index)
        fresh = sign == delimiter or (sign == MARK and index == 0)
        closed = closed and sign == QUOTE
    return [*ends, None] if quoted else ends
