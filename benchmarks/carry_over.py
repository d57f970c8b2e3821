"""Is the verdict calibrated? Made athletes through the product, and through the usual ways.

    python benchmarks/carry_over.py [--athletes 400] [--scenario NAME …] [--seed 0] [--write]

Prints the tables; `--write` puts them into docs/carry-over.md. What is made is kept in `--keep`,
so that a run goes on where it stopped; a changed program starts anew.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

if __name__ == "__main__":  # before numpy and polars: each process keeps to one core
    threads = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "POLARS_MAX_THREADS")
    os.environ.update(dict.fromkeys(threads, "1"))

ROOT: Final = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from benchmarks import carry_tables as tables  # noqa: E402
from benchmarks.carry_judged import judged  # noqa: E402
from benchmarks.carry_kept import Record, Wanted, program_hash, records, workers  # noqa: E402
from benchmarks.carry_worlds import SCENARIOS  # noqa: E402

PAGE: Final = ROOT / "docs" / "carry-over.md"
MARKS: Final = ("<!-- calibration -->", "<!-- end of calibration -->")
KEPT: Final = Path(tempfile.gettempdir()) / "carry-over-calibration"


def page(found: dict[str, list[Record]], command: str) -> str:
    """Return what stands between the marks."""
    parts = [
        f"Made by `{command}`; ± is the Monte-Carlo error.",
        tables.target_table(found), tables.null_table(found), tables.effect_table(found),
        tables.acute_table(found), tables.family_table(found),
    ]  # fmt: skip
    return "\n\n".join(parts)


def put(text: str, made: str) -> str:
    """Return a page with what is between its marks replaced; ValueError where they are missing."""
    before, after = text.index(MARKS[0]) + len(MARKS[0]), text.index(MARKS[1])
    return f"{text[:before]}\n\n{made}\n\n{text[after:]}"


def main() -> None:
    """Print the tables, or write them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--athletes", type=int, default=400, help="past the gate, each scenario")
    parser.add_argument("--scenario", action="append", choices=list(SCENARIOS), default=None)
    parser.add_argument("--seed", type=int, default=0, help="the first one")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--keep", type=Path, default=KEPT, help="where records are kept")
    parser.add_argument("--write", action="store_true", help="put the tables into the docs")
    told = parser.parse_args()
    told.keep.mkdir(parents=True, exist_ok=True)
    since = time.perf_counter()
    print(f"seeds from {told.seed} on, program {program_hash()}", file=sys.stderr)
    with workers(told.jobs) as pool:
        found = {
            name: records(Wanted(name, told.athletes, told.seed), judged, pool, told.keep)
            for name in told.scenario or SCENARIOS
        }
    command = f"python benchmarks/carry_over.py --athletes {told.athletes} --write"
    text = page(found, command)
    if told.write:
        PAGE.write_text(put(PAGE.read_text("utf-8"), text), "utf-8")
        print(PAGE)
    else:
        print(text)
    print(f"{time.perf_counter() - since:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
