"""What lies in a home, counted once for all who tell it: night, doctor, artifact."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from carryover.home import Home
from carryover.nights import STATUSES
from carryover.report import Report
from carryover.warehouse.read import Reader, open_published

MOST_COPIES: Final = 20
"""Files in several places that a night names one by one."""
BY_STATUS: Final = (
    "select status, count(*) from source_place "
    "where is_file and (outer_sha256 is not null) = $inside and status is not null group by status"
)


def files_by_status(reader: Reader, *, inside: bool = False) -> dict[str, int]:
    """Return how many files on disk (`inside`: in zips) have each status, in a fixed order."""
    counts = dict(reader.frame(BY_STATUS, {"inside": inside}).rows())
    return {status: counts.get(status, 0) for status in STATUSES}


def files_on_disk(home: Home) -> dict[str, int]:
    """Return how many files of each status the published warehouse knows."""
    with open_published(home.published) as reader:
        return files_by_status(reader)


def as_sum(counts: Mapping[str, int]) -> str:
    """Return counts as a sum that can be checked: `257 found = 254 loaded + …`."""
    parts = " + ".join(f"{n:,} {status}" for status, n in counts.items())
    return f"{sum(counts.values()):,} found = {parts}"


def artifact(root: Path, report: Report) -> str:
    """Return a night's report as Markdown: counts by status, and every file that is not loaded.

    What archives hold beside activities is counted, and so is what would be more than a screen.
    Duplicates are of two kinds: another content of a recording (a row of its own) and the very
    same bytes in several places (the last column).
    """
    with open_published(Home(root).published) as reader:
        counts, inside = files_by_status(reader), files_by_status(reader, inside=True)
        listed = reader.frame(
            "select path, status, coalesce(reason, ''), n_files from set_aside "
            "order by status, path, reason"
        )
        copies = reader.frame(
            "select path, status, '', n_places from source_file "
            "where status = 'loaded' and n_places > 1 order by path"
        )
    rows = [
        f"| {_cell(path)} | {status} | {_cell(reason)} | {places} |"
        for path, status, reason, places in [*copies.rows()[:MOST_COPIES], *listed.rows()]
    ]
    head = ["", "| file | status | reason | places |", "| --- | --- | --- | --- |"]
    lines = [*report.lines(), f"files: {as_sum(counts)}"]
    lines += [f"in archives: {as_sum(inside)}"] if any(inside.values()) else []
    if copies.height > MOST_COPIES:
        lines.append(f"{copies.height:,} files lie in several places")
    return "\n".join([*(f"- {line}" for line in lines), *(head + rows if rows else [])])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
