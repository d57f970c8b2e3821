"""`exercises.csv`: what a person's own names of exercises mean.

A header `name,exercise_id` (a column `note` may follow), then a line a name: as the app or the
watch says it, and the catalogue's key, or `ignore` for what is no exercise.
"""

from __future__ import annotations

import csv
import io
from typing import Final

from carryover.catalogue.exercises import labels
from carryover.catalogue.names import nearest
from carryover.catalogue.spelling import plain_name
from carryover.csv_text import Fault, Header, Record, lines_of, read_header, records, text_of
from carryover.errors import DecodeError, SettingsError

IGNORE: Final = "ignore"
COLUMNS: Final = ["name", "exercise_id"]
NOTE: Final = "note"


def read_own_names(content: bytes, path: str) -> dict[str, str | None]:
    """Return what an `exercises.csv` says: names as `plain_name` writes them → exercise.

    None is a name to be ignored. Raises SettingsError naming the line that is none.
    """
    try:
        text, _ = text_of(content)
        lines = lines_of(text)
        header = _header(text)
    except DecodeError as error:
        place = error.place or "line 1"
        raise SettingsError(error.what, subject=path, place=place, remedy=error.remedy) from error
    names: dict[str, str | None] = {}
    told: dict[str, int] = {}
    for record in records(lines, header):
        try:
            found = _entry(record)
        except Fault as fault:
            where = f"line {record.number}"
            raise SettingsError(
                fault.what, subject=path, place=where, remedy=fault.remedy
            ) from fault
        if not found:
            continue
        name, exercise_id = found
        if names.get(name, exercise_id) != exercise_id:
            raise SettingsError(
                f"the name of line {told[name]} stands here again with another exercise",
                subject=path, place=f"line {record.number}", remedy="Keep one of them.",
            )  # fmt: skip
        names[name] = exercise_id
        told[name] = record.number
    return names


def own_line(raw: str, exercise_id: str) -> str:
    """Return the line of `exercises.csv` that says what a name means."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow([raw, exercise_id])
    return buffer.getvalue()


def _header(text: str) -> Header:
    header = read_header(text)
    columns = [column.casefold() for column in header.columns]
    if columns[:2] != COLUMNS or columns[2:] not in ([], [NOTE]):
        raise DecodeError(
            "the first line is not name,exercise_id", place=f"line {header.n_lines}",
            remedy="Begin with that line; a column note may follow.",
        )  # fmt: skip
    return header


def _entry(record: Record) -> tuple[str, str | None] | None:
    """Return a name and its exercise; None for a blank line or a comment."""
    if isinstance(record.cells, Fault):
        raise record.cells
    cells = [cell.strip() for cell in record.cells]
    if not any(cells) or cells[0].startswith("#"):
        return None
    name, exercise_id, *rest = [*cells, "", ""]
    if any(rest[1:]):
        raise Fault("it has too many cells", "Put a name with a comma in double quotes.")
    if not plain_name(name):
        raise Fault("it names nothing", "Write the name as the app says it.")
    if exercise_id.casefold() == IGNORE:
        return plain_name(name), None
    if exercise_id in labels():
        return plain_name(name), exercise_id
    if not exercise_id:
        raise Fault(f"{name!r} has no exercise", f"Write {_hint(name)}, or {IGNORE}.")
    raise Fault(
        f"there is no exercise {exercise_id!r}",
        f"Did you mean {_hint(exercise_id.replace('_', ' '))}? Or write {IGNORE}.",
    )


def _hint(name: str) -> str:
    near = nearest(name, 2)
    return " or ".join(n.exercise_id for n in near) or "a key of the table exercise"
