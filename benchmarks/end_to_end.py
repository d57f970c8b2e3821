"""From files to a verdict: made athletes with effect 0, +1 and −1 through the whole program.

Each athlete is a year of FIT, GPX and strength files with planned blocks of glute work. They are
read, built and published as a night does it (only Prefect's server is left out); then the
published verdict is held against what was planted.

`python benchmarks/end_to_end.py --keep FOLDER` goes on where it stopped: files and stores stay, a
changed program only builds anew. `--until store` prepares without an estimate. `--write` puts the
table into docs/carry-over.md.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.end_to_end_athlete import Athlete, followed, quiet_worker  # noqa: E402
from benchmarks.end_to_end_tables import page_with, report, target_met  # noqa: E402
from carryover.progress import bar  # noqa: E402

PAGE: Final = ROOT / "docs" / "carry-over.md"
STAGES: Final = ("files", "store", "warehouse")
ROWS: Final = "rows.jsonl"


def athletes(args: argparse.Namespace) -> list[Athlete]:
    """Return the athletes asked for, one seed's three effects after another."""
    return [
        Athlete(effect, seed, args.weeks, args.on, args.off)
        for seed in range(args.seed, args.seed + args.athletes)
        for effect in args.effects
    ]


def taken(wanted: list[Athlete], keep: Path, args: argparse.Namespace) -> list[dict[str, Any]]:
    """Take all athletes to the wanted stage, in processes of their own; rows in order."""
    rows: dict[str, dict[str, Any]] = {}
    spawn = multiprocessing.get_context("spawn")
    with (
        ProcessPoolExecutor(args.jobs, spawn, quiet_worker, (args.nice,)) as pool,
        bar(f"athletes to {args.until}", len(wanted), "athletes") as advance,
    ):
        due = {pool.submit(followed, one, keep, args.until): one for one in wanted}
        for done in as_completed(due):
            rows[due[done].name] = done.result()
            advance(1, due[done].name)
            if not sys.stderr.isatty():
                laps = {k: round(v, 1) for k, v in done.result().items() if k.endswith("_s")}
                print(f"{len(rows)} of {len(wanted)}: {due[done].name} {laps}", file=sys.stderr)
    return [rows[one.name] for one in wanted]


def main() -> None:
    """Take the athletes along, print the table, and say by the exit code if the target is met."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--athletes", type=int, default=20, help="of each effect")
    parser.add_argument("--seed", type=int, default=1, help="the first one's; then + 1 …")
    parser.add_argument("--effects", type=float, nargs="+", default=[0.0, -1.0, 1.0])
    parser.add_argument("--weeks", type=int, default=52)
    parser.add_argument("--on", type=int, default=8, help="weeks of a block with glute work")
    parser.add_argument("--off", type=int, default=8, help="weeks of a block without")
    parser.add_argument("--keep", type=Path, help="folder for homes (about 40 MB an athlete)")
    parser.add_argument("--until", choices=STAGES, default=STAGES[-1])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--nice", type=int, default=5)
    parser.add_argument("--write", action="store_true", help=f"put the table into {PAGE.name}")
    args = parser.parse_args()
    wanted = athletes(args)
    print(f"seeds {args.seed} to {args.seed + args.athletes - 1}, effects {args.effects}")
    since = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="carryover-end-to-end-") as folder:
        keep = (args.keep or Path(folder)).resolve()
        rows = taken(wanted, keep, args)
        lines = [json.dumps(row, default=str) for row in rows]
        if args.until == STAGES[-1]:
            (keep / ROWS).write_text("\n".join([*lines, ""]), "utf-8")
    print(f"{len(rows)} athletes, {time.perf_counter() - since:.0f} s", file=sys.stderr)
    if args.until != STAGES[-1]:
        return
    told = report(rows)
    print(told)
    if args.write:
        PAGE.write_text(page_with(PAGE.read_text("utf-8"), told), "utf-8")
        print(PAGE)
    sys.exit(0 if target_met(rows) else 1)


if __name__ == "__main__":
    main()
