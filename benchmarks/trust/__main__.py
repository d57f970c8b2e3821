"""Run all trials of trust in full and write docs/trust.md: `python -m benchmarks.trust`.

`python -m benchmarks.trust crash hostile` runs only these parts; the page keeps what the last
full run of each other part has come to. `--short` runs the short form and writes nothing.
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib
import json
import os
import platform
import sys
import time
from pathlib import Path
from typing import Final

from benchmarks.trust.page import write_page

PARTS: Final = ("crash", "disk", "worker", "hostile", "privacy", "schedule", "pages", "identity")
RESULTS: Final = Path(__file__).with_name("results.json")


def main() -> int:
    """Run what is asked for; return 1 where a trial was not clean."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trust", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)}; all where none is named")
    parser.add_argument("--short", action="store_true")
    told = parser.parse_args()
    if wrong := set(told.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(wrong))}; there are {', '.join(PARTS)}")
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    clean = True
    for part in told.parts or PARTS:
        began = time.monotonic()
        trials = importlib.import_module(f"benchmarks.trust.{part}").trials(not told.short)
        took_s = time.monotonic() - began
        for trial in trials:
            clean &= trial.is_clean
            sys.stdout.write(f"{'ok   ' if trial.is_clean else 'WRONG'} {part}: {trial.what}: ")
            sys.stdout.write(f"{trial.tried:,} tried, {trial.took_s:.0f} s\n")
            sys.stdout.writelines(f"      {failure}\n" for failure in trial.failures)
        results[part] = {
            "on": dt.datetime.now(dt.UTC).date().isoformat(), "took_s": round(took_s, 1),
            "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
            "trials": [trial.as_dict() for trial in trials],
        }  # fmt: skip
        if not told.short:
            RESULTS.write_text(json.dumps(results, indent=1, sort_keys=True) + "\n", "utf-8")
    if not told.short:
        write_page(results)
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main())
