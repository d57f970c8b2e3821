"""Is planted truth found again? Means, late-run change, level and slopes of made runs.

`python benchmarks/recovery.py` takes the runs as files through the whole program;
`--bins` works on frames of 2-minute bins in seconds; `--write` does both for docs/recovery.md.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from benchmarks.recovery_bins import bins_tables  # noqa: E402
from benchmarks.recovery_files import files_tables  # noqa: E402
from truth_runs import World  # noqa: E402

PAGE: Final = ROOT / "docs" / "recovery.md"


def page(n_runs: int, seeds: list[int], fade_mps: float) -> str:
    """Return the page: text, then both tables."""
    told = f"{n_runs} runs a year, loss of speed {fade_mps} m/s on average"
    return "\n".join([
        *TEXT, "## Through the whole program", "", f"{told}, seed {seeds[0]}.", "",
        files_tables(n_runs, seeds[:1], fade_mps), "",
        "## The estimator alone, on 2-minute bins", "", f"{told}, seeds {seeds}.", "",
        bins_tables(n_runs, seeds, fade_mps),
    ])  # fmt: skip


TEXT: Final = (
    "# Planted truth, found again",
    "",
    "Runs of 60 to 100 minutes are made second by second with known truth and given to the",
    "program as FIT files; the published tables are compared with what was planted. One athlete,",
    "one year, a new watch in the middle of it. A third of the runs is recorded every 1 to 9 s. In",
    "them are walks, stands with the timer on, pauses, and (one run of five) a strap lost for",
    "minutes; heights have a barometer's noise, every value is rounded as its FIT field is. Walks",
    "and stands begin and end within a second, which is kinder than life.",
    "",
    "Contact time = the run's own level + a slightly curved function of speed + hills + fatigue",
    "(4 ± 4 ms by the end of a run) + a wander of its own (4 ms of 15 s and 3 ms of 90 s). Pace",
    "truly falls late in a run; that is why the raw difference, late less early as recorded, is",
    "wrong.",
    "",
    "*Speed error* is the SD of the error of a **2-minute bin's mean speed**; the SD of one",
    "second's error stands beside it. The error is smooth, with correlation time τ, as a GPS",
    "receiver's own filter leaves it. *Coverage* is how often the 95 % interval holds the planted",
    "change. The bias's SE is of the runs alone: runs share a baseline, so one year's bias is less",
    "certain than it says. Wanted are a bias of at most 0.5 ms at 0.05 m/s and 1.0 ms at 0.12, and",
    "a coverage of 92 to 97 %. Made by `python benchmarks/recovery.py --write --worlds 3`.",
    "",
)


def main() -> None:
    """Print the tables, or write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=320)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worlds", type=int, default=1, help="years by seeds seed, seed + 1 …")
    parser.add_argument("--fade", type=float, default=World.fade_mps, help="loss of speed, m/s")
    parser.add_argument("--bins", action="store_true", help="frames of bins, no files")
    parser.add_argument("--write", action="store_true", help="write docs/recovery.md")
    args = parser.parse_args()
    since = time.perf_counter()
    seeds = list(range(args.seed, args.seed + args.worlds))
    if args.write:
        PAGE.write_text(page(args.runs, seeds, args.fade), "utf-8")
        print(PAGE)
    else:
        print(f"{args.runs} runs a year, seeds {seeds}, loss of speed {args.fade} m/s\n")
        made = bins_tables if args.bins else files_tables
        print(made(args.runs, seeds, args.fade))
    print(f"{time.perf_counter() - since:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
