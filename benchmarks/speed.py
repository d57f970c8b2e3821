"""How fast files are read: one command, Markdown tables, every ratio within one run.

    python benchmarks/speed.py [--quick] [--only SECTION] [--corpus DIR] [--write]

The readers that ours is held against are the optional extra `bench`; one that is missing is
shown as not installed. Without a corpus of real files, made one-hour runs are read.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from benchmarks import fit_columns, odd_files, peak_memory, runs, side_by_side, start_up, whole_way
from benchmarks.readers import READERS
from benchmarks.tables import ROOT, StepError, machine, table

TARGET: Final = ROOT / "docs" / "speed.md"
CORPUS: Final = Path(os.environ.get("CARRYOVER_CORPUS", ROOT / ".." / "shared" / "corpus"))
PACKAGES: Final = ("polars", "numpy", "pyarrow", "duckdb")
HEAD: Final = """# Speed

Times tell of one machine on one day; ratios within one run tell more, and even they move by a fifth
where the machine is shared. Each reader of FIT first had to give the same number of records and the
same sums of heart rate and distance as the others. Made by `python benchmarks/speed.py --write`;
the other readers come with `pip install 'carryover[bench]'`.
"""


@dataclass(frozen=True)
class Options:
    """What was asked for."""

    corpus: Path | None
    quick: bool
    n_runs: int

    @cached_property
    def runs(self) -> list[runs.Run]:
        """The runs to read."""
        return runs.chosen_runs(self.corpus)


def fit(options: Options) -> str:
    """Return the sections on FIT: one run alone, and many together."""
    alone = fit_columns.one_run(options.runs[0], rounds=4 if options.quick else 15)
    files = len(options.runs) * (2 if options.quick else 8)
    many = fit_columns.batch(options.runs, rounds=1 if options.quick else 7, files=files)
    return (
        f"## FIT → record columns, one run\n\n{alone}\n\n"
        f"## FIT → record columns, {files} runs\n\n{many}"
    )


def gpx(_: Options) -> str:
    """Return the section on GPX."""
    from benchmarks import gpx_readers  # noqa: PLC0415 - the others need none of its libraries

    head = (
        f"A made run of {gpx_readers.DURATION_S / 3600:.0f} h, a point a second. Medians of "
        f"{gpx_readers.ROUNDS} rounds in which the readers take turns; all give equal columns."
    )
    return f"## GPX → points\n\n{head}\n\n{table(gpx_readers.HEADER, gpx_readers.rows())}"


def whole(options: Options) -> str:
    """Return the section on the whole way."""
    told = whole_way.whole_way(
        options.runs,
        n_runs=options.n_runs,
        repeats=1 if options.quick else 2,
        script_files=min(options.n_runs, 6 if options.quick else whole_way.SCRIPT_FILES),
    )
    return f"## The whole way\n\n{told}"


def side(options: Options) -> str:
    """Return the section on decoding beside the writer."""
    told = side_by_side.side_by_side(
        options.runs, min(options.n_runs, 400), rounds=1 if options.quick else side_by_side.ROUNDS
    )
    return f"## Beside the writer\n\n{told}"


def memory(options: Options) -> str:
    """Return the section on memory."""
    title = "## Memory"
    large = runs.large_run(options.corpus)
    if large is None:
        large = runs.made_runs(1, duration_s=12 * 3600)[0]
    return f"{title}\n\n{peak_memory.peaks(large)}"


def start(options: Options) -> str:
    """Return the section on what passes before a command does anything."""
    told = start_up.start_up(rounds=3 if options.quick else start_up.ROUNDS)
    return f"## Starting up\n\n{told}"


def odd(options: Options) -> str:
    """Return the section on what each reader refuses."""
    title = "## What each reads"
    if options.corpus is None:
        return f"{title}\n\nNot measured: it needs the corpus of real files."
    return f"{title}\n\n{odd_files.odd_files(options.corpus)}"


SECTIONS: Final[Mapping[str, Callable[[Options], str]]] = {
    "fit": fit, "gpx": gpx, "whole": whole, "side": side, "memory": memory, "start": start,
    "odd": odd,
}  # fmt: skip


def main() -> None:
    """Print what was asked for, and write docs/speed.md where all of it was."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="few repeats, few files")
    parser.add_argument("--only", choices=SECTIONS, help="one section")
    parser.add_argument("--corpus", type=Path, help="folder of real files")
    parser.add_argument("--runs", type=int, help="how many runs go the whole way (1,000)")
    parser.add_argument("--write", action="store_true", help="write docs/speed.md")
    given = parser.parse_args()
    if given.write and given.only:
        parser.error("docs/speed.md is written whole: leave out --only")
    if given.runs is not None and given.runs < 1:
        parser.error("--runs takes a number from 1 on")
    options = Options(_corpus(parser, given.corpus), given.quick, _n_runs(given))
    blocks = [machine([*PACKAGES, *(reader.package for reader in READERS)])]
    print(blocks[0], flush=True)
    for name in [given.only] if given.only else SECTIONS:
        try:
            blocks.append(SECTIONS[name](options))
        except StepError as error:
            parser.exit(1, f"\n{name}: {error}\n")
        print(f"\n{blocks[-1]}", flush=True)
    if given.write:
        TARGET.write_text("\n\n".join([HEAD.rstrip(), *blocks]) + "\n", "utf-8")


def _n_runs(given: argparse.Namespace) -> int:
    return given.runs or (24 if given.quick else 1000)


def _corpus(parser: argparse.ArgumentParser, given: Path | None) -> Path | None:
    """Return the folder of real files; None where nobody named one and the usual is not there."""
    if given is None:
        return CORPUS if (CORPUS / "MANIFEST.csv").exists() else None
    if not (given / runs.LARGE).exists():
        parser.error(f"{given} is not the corpus: {runs.LARGE} is not in it")
    return given


if __name__ == "__main__":
    main()
