"""Where the time of a night goes: CPU seconds of each step of reading and of each model.

Made by `python -m benchmarks.profiled --write`. Reading and writing are taken one after the other
here, in one process, so that each second has one step; the whole is measured beside, as it runs.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from pathlib import Path
from typing import Any, Final

from benchmarks.runs import Run, chosen_runs
from benchmarks.speed import CORPUS
from benchmarks.tables import ROOT, in_fresh_process, machine, measured, number, table
from benchmarks.whole_way import write_runs

MODELS: Final = 20
INSERTS: Final = 3
TARGET: Final = ROOT / "docs" / "profile.md"
PACKAGES: Final = ("polars", "numpy", "pyarrow", "duckdb", "carryover")
HEADER: Final = ("step", "CPU s", "ms a run", "× insert")
HEAD: Final = """# Where the time goes

CPU seconds of each step, all threads counted, beside DuckDB's bare insert of the same rows.
Reading and writing are taken one after the other here; the night does both at once, in two
processes. Made by `python -m benchmarks.profiled --write`."""
WATCHED: Final = (
    ("carryover.app", "find", "find: list, hash, compare with the ledger"),
    ("carryover.reading", "decode_fit_batch", "decode: cut out columns"),
    ("carryover.decode.fit_files", "read_fit", "decode: walk over the messages"),
    ("carryover.reading", "normalise_fit", "normalise: the rest"),
    ("carryover.normalise.fit_records", "fit_channels", "normalise: units and channels"),
    ("carryover.normalise.fit_records", "filled", "normalise: developer fields"),
    ("carryover.normalise.fit_records", "plausible", "normalise: leave out what cannot be"),
    ("carryover.normalise.fit", "_Batch._recording", "normalise: recordings, one by one"),
    ("carryover.normalise.fit", "_Batch.done", "normalise: put together"),
    ("carryover.apart.parcel", "pack", "hand over: into shared memory"),
    ("carryover.apart.parcel", "unpack", "hand over: out of it"),
    ("carryover.warehouse.store", "Store.load", "store: ledger and commit"),
    ("carryover.app", "finish_ingest", "ledger: compare with the disk, count"),
)
"""Module, function and the step whose name its time goes by, without that of steps inside."""


def _of_model(_: object, model: Any, *__: Any) -> str:  # noqa: ANN401 - a model of any kind
    return f"`{model.name}`"


BUILDING: Final[tuple[tuple[str, str | Callable[..., str]], ...]] = (
    ("build:Build.__init__", "read the models, lay what is given"),
    ("build:Build._one", _of_model),
    ("workshop:Workshop.make", _of_model),
    ("workshop:Workshop.extend", _of_model),
    ("workshop:Workshop.append", "runs and athletes: put rows to the others"),
    ("unitwise:Unitwise._work_out", "runs and athletes: lay out what they read"),
    ("unitwise:Unitwise._in_line", "athletes: rows in line"),
    ("unitwise:Unitwise._inputs", "runs and athletes: what may have changed"),
    ("unitwise:Unitwise._hashes", "runs and athletes: what may have changed"),
    ("unitwise:Unitwise._stale", "runs and athletes: what may have changed"),
    ("unitwise:Unitwise._enter", "runs and athletes: write down what was made"),
    ("unitwise:table_digest", "hashes of what tables hold"),
    ("build:table_digest", "hashes of what tables hold"),
    ("workshop:table_digest", "hashes of what tables hold"),
    ("workshop:Workshop.whole", "runs: in order, for whole tables"),
    ("build:Build._close", "checkpoint"),
)
"""Function and the step whose name its time goes by, without that of steps inside."""

GATHERED: Final = "read: open, hash again, gather"


class Steps:
    """CPU seconds by step; of steps inside one another each second counts for the inner one."""

    def __init__(self) -> None:
        self.spent_s: dict[str, float] = defaultdict(float)
        self._inside: list[str] = []
        self._since_s = time.process_time()

    @contextlib.contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count what is done inside for a step."""
        self._turn()
        self._inside.append(name)
        try:
            yield
        finally:
            self._turn()
            self._inside.pop()

    def watch(self, module: str, path: str, name: str | Callable[..., str]) -> None:
        """Count every call of a function; `name` may be told by its arguments."""
        owner: Any = __import__(module, fromlist=["_"])
        *outer, last = path.split(".")
        for part in outer:
            owner = getattr(owner, part)
        whole = getattr(owner, last)

        @wraps(whole)
        def counted(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - any function's
            with self.step(name if isinstance(name, str) else name(*args)):
                return whole(*args, **kwargs)

        setattr(owner, last, counted)

    def _turn(self) -> None:
        now_s = time.process_time()
        if self._inside:
            self.spent_s[self._inside[-1]] += now_s - self._since_s
        self._since_s = now_s


def profile(runs: list[Run], n_runs: int) -> str:
    """Return both tables; temporary files are removed."""
    with tempfile.TemporaryDirectory(prefix="carryover-profile-") as folder:
        size_bytes = write_runs(Path(folder) / "files", runs, n_runs)
        alone, whole = Path(folder) / "alone", Path(folder) / "whole"
        for home in (alone, whole):
            raw = home / "data" / "raw"
            raw.mkdir(parents=True)
            for file in (Path(folder) / "files").iterdir():
                os.link(file, raw / file.name)
        steps = in_fresh_process("benchmarks.profiled", "--step", "read", str(alone))
        told = in_fresh_process("benchmarks.whole_way", "ingest", str(whole))
        store = alone / "data" / "warehouse" / "store.duckdb"
        bare = [
            in_fresh_process("benchmarks.whole_way", "insert", str(store), f"{folder}/bare-{i}")
            for i in range(INSERTS)
        ]
        models = in_fresh_process("benchmarks.profiled", "--step", "build", str(alone))
    insert_s = sorted(lap["cpu_s"] for lap in bare)[INSERTS // 2]
    rows = bare[0]["rows"]
    read = {"start of the process that reads": _start_s(), **steps}
    head = f"{n_runs:,} runs ({number(size_bytes / 1e6)} MB, {rows:,} rows of `sample`)."
    insert = {"DuckDB's bare insert of the same rows": insert_s}
    ingest = {"**all steps**": sum(read.values()), "`ingest`, as it runs": told["ingest"]["cpu_s"]}
    build = {"**all models**": sum(models.values()), "`build`, as it runs": told["build"]["cpu_s"]}
    blocks = [
        head, "## Reading", _table(insert | _ranked(read) | ingest, insert_s, n_runs),
        "## Building", _table(_ranked(models, MODELS) | build, insert_s, n_runs),
    ]  # fmt: skip
    return "\n\n".join(blocks)


def _table(spent_s: Mapping[str, float], insert_s: float, n_runs: int) -> str:
    rows = [
        [name, number(s), number(1000 * s / n_runs), number(s / insert_s)]
        for name, s in spent_s.items()
    ]
    return table(HEADER, rows)


def _ranked(spent_s: Mapping[str, float], most: int | None = None) -> dict[str, float]:
    """Return the greatest first; what lies behind `most` as one."""
    ordered = sorted(spent_s.items(), key=lambda told: -told[1])
    if most is None or len(ordered) <= most:
        return dict(ordered)
    rest = ordered[most:]
    return dict(ordered[:most]) | {f"{len(rest)} others": sum(s for _, s in rest)}


def _start_s() -> float:
    start = [sys.executable, "-c", "import carryover.apart.child"]
    return measured(lambda: subprocess.run(start, check=True))[0].cpu_s


def read_home(root: Path) -> dict[str, float]:
    """Read a home's files into its store, and tell what each step took."""
    from carryover import app, reading  # noqa: PLC0415 - each step pays for its own imports
    from carryover.apart import parcel  # noqa: PLC0415
    from carryover.home import Home  # noqa: PLC0415
    from carryover.normalise import TABLES  # noqa: PLC0415
    from carryover.settings import Settings  # noqa: PLC0415
    from carryover.warehouse.store import open_store  # noqa: PLC0415

    home, settings, steps = Home(root), Settings(), Steps()
    for module, path, name in WATCHED:
        steps.watch(module, path, name)
    steps.watch(
        "carryover.warehouse.store", "Store._insert", lambda _, table, *__: f"store: {table}"
    )
    plan = app.find(home, settings)
    for batch in plan.batches:
        with steps.step("store: open and close"), open_store(
            home.store, TABLES, memory_limit=settings.machine.memory_limit
        ) as store:  # fmt: skip
            with steps.step(GATHERED):
                readings = [
                    parcel.unpack(*parcel.pack(reading))
                    for reading in reading.read_files(batch, settings, frozenset())
                ]
            store.load(readings)
            del readings
    app.finish_ingest(home, settings, plan)
    return steps.spent_s


def build_home(root: Path) -> dict[str, float]:
    """Build a home's tables, and tell what each model and each step around them took."""
    from carryover import privacy, registry  # noqa: PLC0415
    from carryover.estimates import estimates  # noqa: PLC0415
    from carryover.given import given_frames  # noqa: PLC0415
    from carryover.home import Home  # noqa: PLC0415
    from carryover.kept import Kept  # noqa: PLC0415
    from carryover.settings import Settings  # noqa: PLC0415
    from carryover.warehouse.build import build  # noqa: PLC0415

    home, settings, steps = Home(root), Settings(), Steps()
    for path, name in BUILDING:
        module, _, function = path.partition(":")
        steps.watch(f"carryover.warehouse.{module}", function, name)
    with steps.step("all else"):
        given = given_frames(settings, privacy.zone_secret(home, settings.privacy))
        given |= registry.night_frames(home, dt.datetime.now(dt.UTC), None)
        build(
            home.store, home.build, given=given,
            estimates=estimates(settings, Kept(home.kept / "baseline.parquet", "profiled")),
            kept=home.kept / "tables.duckdb", memory_limit=settings.machine.memory_limit,
        )  # fmt: skip
    return steps.spent_s


def main() -> None:
    """Print the tables, and write docs/profile.md where that is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--runs", type=int, default=1000, help="how many runs (1,000)")
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder of real files")
    parser.add_argument("--write", action="store_true", help="write docs/profile.md")
    parser.add_argument("--step", nargs=2, metavar=("NAME", "HOME"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        name, home = given.step
        print(json.dumps((read_home if name == "read" else build_home)(Path(home))))
        return
    told = machine(PACKAGES)
    corpus = given.corpus if (given.corpus / "MANIFEST.csv").exists() else None
    text = "\n\n".join([HEAD, told, profile(chosen_runs(corpus), given.runs)]) + "\n"
    print(text)
    if given.write:
        TARGET.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
