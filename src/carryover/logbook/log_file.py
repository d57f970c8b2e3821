"""A log as a file: rows are added at its end, columns in its first line, all by one rename.

What is written is read back first by the decoder that will read it at night: nothing gets into
a log that a night would leave out. A log keeps its order of columns, its delimiter and its line
ends; it is replaced as a whole, so a reader never sees half of it.
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from carryover.csv_text import Fault, Header
from carryover.decode.log_cells import LOGS
from carryover.decode.logs import log_header, read_row
from carryover.errors import DecodeError, UsageError
from carryover.logbook.columns import with_columns
from carryover.rawfile import FileKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

COLUMNS: Final[dict[FileKind, str]] = {
    FileKind.STRENGTH_CSV: (
        "date,time,exercise,sets,reps,weight_kg,side,rpe,duration_min,kind,notes"
    ),
    FileKind.WELLNESS_CSV: "date,site,side,pain_0_10,stiffness_0_10,notes",
    FileKind.SCREENING_CSV: "date,test,side,score,unit,notes",
}
"""The header of a log that is begun here."""

NAMES: Final = {
    FileKind.STRENGTH_CSV: "strength.csv",
    FileKind.WELLNESS_CSV: "wellness.csv",
    FileKind.SCREENING_CSV: "screening.csv",
}

Value = str | float | None


def append(folder: Path, kind: FileKind, rows: Sequence[Mapping[str, Value]]) -> Path:
    """Add rows to a folder's log of that kind, all or none, and return the log's path.

    A log that lacks a column gets it behind its last one. Raises UsageError for a row that the
    decoder would leave out, and for a log that is none.
    """
    path = folder / NAMES[kind]
    texts = [{name: text for name, value in row.items() if (text := _text(value))} for row in rows]
    fresh = log_header(COLUMNS[kind], kind)
    for row in texts:
        _line(fresh, kind, row)
    held = _held(path)
    if not held.strip("\ufeff \r\n"):
        held = COLUMNS[kind] + "\n"
    header = _own_header(held, kind, path)
    told = {name for row in texts for name in row}
    absent = [name for name in LOGS[kind].cells if name in told - set(header.columns)]
    if absent:
        held = with_columns(held, header, absent)
        header = _own_header(held, kind, path)
    end = "\r\n" if "\r\n" in held else "\n"
    body = held if held.endswith(("\n", "\r")) else held + end
    _replace(path, body + "".join(_line(header, kind, row) + end for row in texts))
    return path


def _text(value: Value) -> str:
    """Write a value as a cell: no line breaks, no exponents."""
    if isinstance(value, float):
        number = f"{value:f}"
        return number.rstrip("0").rstrip(".") if "." in number else number
    return " ".join(str(value).split()) if value is not None else ""


def _held(path: Path) -> str:
    """Return the text of a log, empty where there is none yet."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError as error:
        raise UsageError(
            "the text is not UTF-8", subject=str(path), place=f"byte {error.start}",
            remedy="Save it as CSV in UTF-8.",
        ) from error  # fmt: skip
    except OSError as error:
        raise _unusable(path, error) from error


def _own_header(held: str, kind: FileKind, path: Path) -> Header:
    """Return the header of a log that is there; raises UsageError for one that is none."""
    try:
        return log_header(held, kind, str(path))
    except DecodeError as error:
        raise UsageError(
            error.what, subject=error.subject, place=error.place, remedy=error.remedy
        ) from error


def _line(header: Header, kind: FileKind, texts: Mapping[str, str]) -> str:
    """Return the row as a line under this header, once the decoder reads it without a fault."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=header.delimiter, lineterminator="")
    writer.writerow([texts.get(name, "") for name in header.columns])
    line = buffer.getvalue()
    try:
        read_row(line, header, kind)
    except Fault as fault:
        raise UsageError(fault.what, remedy=fault.remedy) from fault
    return line


def _replace(path: Path, text: str) -> None:
    """Write the whole file beside its place and rename it there."""
    beside: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o644
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        beside = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(mode)
        beside.replace(path)
    except OSError as error:
        if beside:
            beside.unlink(missing_ok=True)
        raise _unusable(path, error) from error


def _unusable(path: Path, error: OSError) -> UsageError:
    return UsageError(
        f"the log cannot be written: {error.strerror}", subject=str(path),
        remedy="Check the folder's rights and the free space.",
    )  # fmt: skip
