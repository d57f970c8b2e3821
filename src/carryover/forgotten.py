"""`forgotten.csv`: contents that a person wished to be forgotten, by hash and date and no more.

The same export comes again next month: what is listed here is then set aside, not read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from carryover.errors import SettingsError
from carryover.owned import write_owned

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FILE_NAME: Final = "forgotten.csv"
HEADER: Final = "sha256,forgotten_on"
LINE: Final = re.compile(r"([0-9a-f]{64}),(\d{4}-\d{2}-\d{2})")
REASON: Final = "forgotten on your wish on "
"""How the reason of such a content begins, in the ledger."""


def reason(day: str) -> str:
    """Return why a content is set aside."""
    return f"{REASON}{day}; delete its line in {FILE_NAME} to read it again"


def forgotten_of(home: Path) -> dict[str, str]:
    """Return hash → date of every content that is to stay forgotten.

    Raises SettingsError for a line that is none: passed over, it would bring a content back.
    """
    path = home / FILE_NAME
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"it cannot be read: {error}", subject=str(path), remedy="Check its rights."
        ) from error
    told: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.strip() == HEADER:
            continue
        found = LINE.fullmatch(line.strip())
        if found is None:
            raise SettingsError(
                "this is no hash and date", subject=str(path), place=f"line {number}",
                remedy="Mend the line or take it out.",
            )  # fmt: skip
        told[found[1]] = found[2]
    return told


def add(home: Path, contents: Iterable[str], day: str) -> None:
    """List contents as forgotten on a day, in one rename; those that are listed keep theirs."""
    held = forgotten_of(home)
    told = dict.fromkeys(sorted(contents), day) | held
    path = home / FILE_NAME
    lines = [HEADER, *(f"{sha256},{since}" for sha256, since in told.items())]
    write_owned(path, "".join(f"{line}\n" for line in lines).encode())
