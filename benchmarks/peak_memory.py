"""How much memory each reader takes for one large file, each in a process of its own.

Counted is the process's peak less what it held after the imports: the file's own bytes are in it.
"""

from __future__ import annotations

import json
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from benchmarks.readers import READERS, REFUSALS, Reader, Totals
from benchmarks.runs import Run
from benchmarks.tables import in_fresh_process, number, table

STATUS: Final = Path("/proc/self/status")
"""Where Linux tells a process of itself; `ru_maxrss` begins with the parent's own."""
HEADER: Final = ("reader", "gives", "MB above the imports", "× the file", "imports, MB", "records")


def peaks(run: Run, *, readers: Sequence[Reader] = READERS) -> str:
    """Return the table of peak memory on one file."""
    head = (
        f"`{run.name}`, {len(run.content) / 1e6:.1f} MB: peak memory of a fresh process less what "
        f"it held after its imports; the file's own bytes are counted."
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.fit"
        path.write_bytes(run.content)
        rows = [_row(reader, path) for reader in readers]
    return f"{head}\n\n{table(HEADER, rows, texts=2)}"


def _row(reader: Reader, path: Path) -> list[str]:
    if reader.version is None:
        return [reader.name, "not installed", "", "", "", ""]
    name = f"{reader.name} {reader.version}"
    told = in_fresh_process("benchmarks.peak_memory", reader.name, str(path))
    if "fault" in told:
        return [name, f"refused: {told['fault']}", "", "", "", ""]
    above = told["peak_mb"] - told["imports_mb"]
    times = above * 1e6 / path.stat().st_size
    return [name, reader.gives, number(above), number(times), number(told["imports_mb"]),
            f"{told['records']:,.0f}"]  # fmt: skip


def _measure(name: str, path: Path) -> dict[str, float | str]:
    """Read one file and return what this process held, in MB."""
    reader = next(r for r in READERS if r.name == name)
    decode = reader.open_it()
    forget_peak()
    imports = held_mb("VmRSS")
    try:
        columns = decode(path.read_bytes())
    except REFUSALS as error:
        return {"fault": str(error) or type(error).__name__}
    peak = held_mb("VmHWM")
    return {"imports_mb": imports, "peak_mb": peak, "records": Totals.of([columns]).n_records}


def forget_peak() -> None:
    """Let `VmHWM` begin anew, so that the peak of what came before does not count."""
    Path("/proc/self/clear_refs").write_text("5", "utf-8")


def held_mb(what: str) -> float:
    """Return what Linux tells of this process' memory: `VmRSS` now, `VmHWM` at most."""
    told = re.search(rf"^{what}:\s+(\d+) kB$", STATUS.read_text("utf-8"), re.MULTILINE)
    if told is None:
        raise ValueError(f"{STATUS} does not tell {what}")
    return int(told[1]) * 1024 / 1e6


if __name__ == "__main__":
    print(json.dumps(_measure(sys.argv[1], Path(sys.argv[2]))))
