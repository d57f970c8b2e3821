"""Quick entry by hand: one checked row at the end of the athlete's own logs.

What is written is read back first by the decoder that will read it at night: nothing gets into
a log that a night would leave out. A log keeps its order of columns, its delimiter and its line
ends; it is replaced as a whole by one rename, so a reader never sees half of it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from carryover.catalogue import match_name, nearest_names
from carryover.catalogue.exercises import plain_name
from carryover.catalogue.names import NO_NAMES, Own
from carryover.csv_text import Fault, Header
from carryover.decode.logs import log_header, read_row
from carryover.errors import DecodeError, UsageError
from carryover.rawfile import FileKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from carryover.settings import Athlete

COLUMNS: Final[dict[FileKind, str]] = {
    FileKind.STRENGTH_CSV: (
        "date,time,exercise,sets,reps,weight_kg,side,rpe,duration_min,kind,notes"
    ),
    FileKind.WELLNESS_CSV: "date,site,pain_0_10,stiffness_0_10,notes",
    FileKind.SCREENING_CSV: "date,test,side,score,notes",
}
"""The header of a log that is begun here."""

NAMES: Final = {
    FileKind.STRENGTH_CSV: "strength.csv",
    FileKind.WELLNESS_CSV: "wellness.csv",
    FileKind.SCREENING_CSV: "screening.csv",
}

When = dt.date | dt.datetime
Value = str | float | None


def log_strength(
    raw_dir: Path,
    athlete: Athlete,
    *,
    when: When,
    exercise: str | None = None,
    sets: int | None = None,
    reps: int | None = None,
    weight_kg: float | None = None,
    side: str | None = None,
    rpe: float | None = None,
    duration_min: float | None = None,
    kind: str | None = None,
    notes: str | None = None,
    force: bool = False,
    own: Own = NO_NAMES,
) -> Path:
    """Append a row to the athlete's strength.csv and return its path.

    `when` is a date, or a time of day (naive: the athlete's own clock; else converted to it).
    Raises UsageError for a value out of range, for a row that tells nothing, and for an
    exercise that neither the catalogue nor `own` (exercises.csv) knows, unless `force` is given.
    """
    known = not exercise or plain_name(exercise) in own or match_name(exercise)
    if exercise and not known and not force:
        near = nearest_names(exercise)
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        raise UsageError(
            f"the exercise {exercise!r} is not in the catalogue",
            remedy=f"{hint}Use --force to log it as it stands; it then counts as no exercise.",
        )
    day, time = _clock(when, athlete)
    row: dict[str, Value] = {
        "date": day, "time": time, "exercise": exercise, "sets": sets, "reps": reps,
        "weight_kg": weight_kg, "side": side, "rpe": rpe, "duration_min": duration_min,
        "kind": kind, "notes": notes,
    }  # fmt: skip
    return _append(raw_dir / athlete.folder, FileKind.STRENGTH_CSV, row)


def log_pain(
    raw_dir: Path,
    athlete: Athlete,
    *,
    when: When,
    site: str | None = None,
    pain: float | None = None,
    stiffness: float | None = None,
    notes: str | None = None,
) -> Path:
    """Append a row to the athlete's wellness.csv and return its path; 0–10, 0 means none."""
    day, _ = _clock(when, athlete)
    row: dict[str, Value] = {
        "date": day, "site": site, "pain_0_10": pain, "stiffness_0_10": stiffness, "notes": notes,
    }  # fmt: skip
    return _append(raw_dir / athlete.folder, FileKind.WELLNESS_CSV, row)


def log_screening(
    raw_dir: Path,
    athlete: Athlete,
    *,
    when: When,
    test: str,
    score: float,
    side: str | None = None,
    notes: str | None = None,
) -> Path:
    """Append a row to the athlete's screening.csv and return its path."""
    day, _ = _clock(when, athlete)
    row: dict[str, Value] = {
        "date": day, "test": test, "side": side, "score": score, "notes": notes,
    }  # fmt: skip
    return _append(raw_dir / athlete.folder, FileKind.SCREENING_CSV, row)


def _clock(when: When, athlete: Athlete) -> tuple[str, str | None]:
    """Return the athlete's date, and time of day where there is one."""
    if not isinstance(when, dt.datetime):
        return when.isoformat(), None
    local = when.astimezone(ZoneInfo(athlete.home_timezone)) if when.tzinfo else when
    return local.date().isoformat(), local.strftime("%H:%M")


def _append(folder: Path, kind: FileKind, row: Mapping[str, Value]) -> Path:
    path = folder / NAMES[kind]
    texts = {name: text for name, value in row.items() if (text := _text(value))}
    fresh = log_header(COLUMNS[kind], kind)
    _line(fresh, kind, texts)
    held = _held(path)
    if not held.strip("\ufeff \r\n"):
        held = COLUMNS[kind] + "\n"
    header = _own_header(held, kind, path)
    absent = [name for name in texts if name not in header.columns]
    if absent:
        raise UsageError(
            f"there is no column for {', '.join(absent)}", subject=str(path), place="line 1",
            remedy="Add it to the first line, with the same name.",
        )  # fmt: skip
    line = _line(header, kind, texts)
    end = "\r\n" if "\r\n" in held else "\n"
    body = held if held.endswith(("\n", "\r")) else held + end
    _replace(path, body + line + end)
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
