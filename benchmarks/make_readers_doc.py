"""Hold our reading of FIT files against three other readers, and write docs/readers.md.

    python benchmarks/make_readers_doc.py CORPUS

Every FIT file of a folder, also inside archives, is read whole by every reader.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from carryover import intake
from carryover.compare import fitparse_witness, garmin_witness
from carryover.compare.comparison import Comparison, compare
from carryover.compare.kinds import UNEXPLAINED, Kind
from carryover.compare.our_witness import read_with_ours
from carryover.decode import sniff
from carryover.rawfile import FileKind, RawFile

ROOT: Final = Path(__file__).parents[1]
TARGET: Final = ROOT / "docs" / "readers.md"
sys.path.append(str(ROOT / "tests"))  # fitdecode is a witness of the tests alone

from fitdecode_witness import read_with_fitdecode  # noqa: E402

READERS: Final = (
    fitparse_witness.read_with_fitparse, read_with_fitdecode, garmin_witness.read_with_garmin,
)  # fmt: skip
HEAD: Final = (
    "# Readers of FIT files",
    "",
    "The reader in `src/carryover/decode/fit/` is checked against three others: fitparse,",
    "fitdecode and Garmin's own package. Each value of each message is compared, and each",
    "difference must be of a kind that is known, with a rule that recognises it and says who is",
    "right (`src/carryover/compare/kinds.py`). A difference that no rule explains fails the tests.",
    "One file's readers can be seen with `carryover doctor --compare FILE`.",
    "",
    "Values are physical ones: scaled, and numbers instead of the profile's words. What is empty",
    "is not counted. Values of messages behind a reader's stop count as its difference.",
    "Made by `python benchmarks/make_readers_doc.py CORPUS` over the FIT files of a folder, each",
    "read whole. The tests compare the first messages of large files only.",
    "",
)


@dataclass(slots=True)
class Row:
    """One kind of difference over all files."""

    example: str
    n_files: int = 0
    n_values: int = 0


@dataclass(slots=True)
class Total:
    """One reader over all files."""

    version: str
    n_files: int = 0
    n_stopped: int = 0
    n_compared: int = 0
    n_equal: int = 0
    rows: dict[Kind, Row] = field(default_factory=dict)
    unexplained: list[str] = field(default_factory=list)

    def add(self, name: str, found: Comparison) -> None:
        """Count one file."""
        self.n_files += 1
        behind = found.theirs.n_messages < found.ours.n_messages
        self.n_stopped += bool(found.theirs.stopped) and behind
        self.n_compared += found.n_compared
        self.n_equal += found.n_equal
        self.unexplained += [f"{name}: {told}" for told in found.unexplained]
        for tally in found.tallies.values():
            # Nobody's place on earth stands in a page.
            place, _, _ = tally.example.partition(":")
            shown = place if "position_" in place else tally.example
            row = self.rows.setdefault(tally.kind, Row(shown))
            row.n_files += 1
            row.n_values += tally.n_values


def fit_files(folder: Path) -> Iterator[RawFile]:
    """Yield every FIT content below a folder, once, also those inside archives."""
    seen: set[str] = set()
    for path in intake.walk(folder):
        for found in intake.unpack(intake.identify(folder, path), sniff):
            if isinstance(found, RawFile) and found.kind is FileKind.FIT:
                if found.sha256 not in seen:
                    yield found
                seen.add(found.sha256)


def totals(folder: Path) -> dict[str, Total]:
    """Compare every file and return what each reader came to."""
    held: dict[str, Total] = {}
    for raw in fit_files(folder):
        ours = read_with_ours(raw.content)
        for read in READERS:
            theirs = read(raw.content)
            held.setdefault(theirs.reader, Total(theirs.version)).add(
                Path(raw.place).name, compare(ours, theirs)
            )
    return held


def page(held: dict[str, Total]) -> str:
    """Return the page."""
    lines = [
        *HEAD,
        "| reader | files | stops where we go on | compared | equal | explained | unexplained |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, total in held.items():
        unknown = total.rows[UNEXPLAINED].n_values if UNEXPLAINED in total.rows else 0
        told = total.n_compared - total.n_equal - unknown
        lines.append(
            f"| {name} {total.version} | {total.n_files} | {total.n_stopped} | "
            f"{total.n_compared:,} | {total.n_equal:,} | {told:,} | {unknown:,} |"
        )
    for name, total in held.items():
        lines += ["", f"## {name}", "", *_table(name, total)]
    return "\n".join([*lines, ""])


def _table(reader: str, total: Total) -> Iterator[str]:
    yield "| kind | example | files | values | who is right | why |"
    yield "| --- | --- | --- | --- | --- | --- |"
    for kind, row in sorted(total.rows.items(), key=lambda item: -item[1].n_values):
        example = row.example.replace("|", "\\|")
        yield (
            f"| {kind.name} | {example} | {row.n_files} | {row.n_values:,} | {kind.right} | "
            f"{kind.reason(reader)} |"
        )


def main() -> int:
    """Write the page; the exit code is 1 where something is unexplained."""
    held = totals(Path(sys.argv[1]))
    TARGET.write_text(page(held), "utf-8")
    by_reader = defaultdict(list, {name: total.unexplained for name, total in held.items()})
    for name, told in by_reader.items():
        for line in told:
            print(f"{UNEXPLAINED.name}: {name}: {line}")
    return int(any(by_reader.values()))


if __name__ == "__main__":
    sys.exit(main())
