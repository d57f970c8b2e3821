"""One file through every reader that is there: what `carryover doctor --compare` shows."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from carryover import intake
from carryover.compare import fitparse_witness, garmin_witness
from carryover.compare.comparison import Comparison, compare
from carryover.compare.our_witness import read_with_ours
from carryover.compare.readings import Reading
from carryover.decode import sniff
from carryover.errors import DecodeError
from carryover.progress import bar
from carryover.rawfile import FileKind, RawFile

QUICK_MESSAGES: Final = 8_000
"""So many messages take the other readers about two seconds; more deserve a bar."""


@dataclass(frozen=True, slots=True)
class Report:
    """What the readers made of one file; `absent` are readers that are not installed."""

    place: str
    size_bytes: int
    ours: Reading
    comparisons: tuple[Comparison, ...]
    absent: tuple[str, ...] = ()


def compare_file(path: Path) -> Report:
    """Read one FIT file (also in a .gz, or alone in a .zip) with every reader.

    Raises DecodeError where there is no such file, or no FIT file in it.
    """
    raw = _fit_in(path)
    ours = read_with_ours(raw.content)
    readers = [fitparse_witness.read_with_fitparse]
    absent: tuple[str, ...] = ()
    if garmin_witness.is_installed():
        readers.append(garmin_witness.read_with_garmin)
    else:
        absent = (garmin_witness.NAME,)
    if ours.n_messages <= QUICK_MESSAGES:
        others = [read(raw.content) for read in readers]
    else:
        total = ours.n_messages * len(readers)
        with bar("reading with the others", total, "messages") as advance:
            others = [read(raw.content, advance=advance) for read in readers]
    found = tuple(compare(ours, theirs) for theirs in others)
    return Report(raw.place, raw.size_bytes, ours, found, absent)


def _fit_in(path: Path) -> RawFile:
    if not path.is_file():
        raise DecodeError("there is no such file", subject=str(path), remedy="Check the path.")
    contents = list(intake.unpack(intake.identify(path.parent, path), sniff))
    held = [c for c in contents if isinstance(c, RawFile) and c.kind is FileKind.FIT]
    if len(held) == 1:
        return held[0]
    if held:
        raise DecodeError(
            f"this archive holds {len(held)} FIT files", subject=str(path),
            remedy="Unpack it and name one of them.",
        )  # fmt: skip
    for found in contents:
        if isinstance(found, intake.Refused):
            raise found.error
    raise DecodeError(
        "this is not a FIT file", subject=str(path), place="byte 0",
        remedy="Name a .fit file, as the watch wrote it.",
    )  # fmt: skip
