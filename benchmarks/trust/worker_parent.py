"""A program that reads one file apart, to be killed meanwhile; it first tells the reader's pid."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.trust.worker import PLANTED
from carryover.apart.reader import Apart
from carryover.apart.start import Started
from carryover.intake import identify
from carryover.settings import Machine, Settings

if __name__ == "__main__":
    path = Path(sys.argv[1])
    started = Started(PLANTED)
    print(started.process.pid, flush=True)
    with Apart(Settings(machine=Machine(read_timeout_s=600)), started, PLANTED) as reader:
        readings = reader.read([identify(path.parent, path)], frozenset())
        print("reading", flush=True)
        print(len(list(readings)), flush=True)
