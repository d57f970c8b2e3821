"""Nights of arrivals, deletions and edits, each sequence held against a build from nothing.

A sequence begins at a small home of two athletes, goes through one to four nights of changes drawn
by lot, and ends with all tables compared to the last bit with those made anew from the same store.
`python -m benchmarks.incremental [n] [--write]`; docs/incremental.md holds the table.
"""

from __future__ import annotations

import datetime as dt
import multiprocessing
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from gzip import compress
from pathlib import Path
from typing import Final

import duckdb

from benchmarks.tables import number, put_between, table
from carryover import app
from carryover.demo.write import write_demo
from carryover.home import Home
from carryover.progress import unshown
from carryover.settings import load_settings
from carryover.warehouse.hashes import table_digest

DOCS: Final = Path(__file__).parents[1] / "docs" / "incremental.md"
NOW: Final = dt.datetime(2026, 5, 30, 3, tzinfo=dt.UTC)
ATHLETES: Final = {"anna": 3, "ben": 7}
"""Name → seed of the made athlete."""
WEEKS: Final = 8
N_RUNS: Final = 5
"""So many of an athlete's runs may be there; half of them are at the start."""
LOGS: Final = ("strength.csv", "wellness.csv", "screening.csv")
PEOPLE: Final = "".join(
    f'[[athletes]]\nid = "{name}"\nfolder = "{name}"\nhome_timezone = "Europe/Berlin"\n{{{name}}}'
    for name in ATHLETES
)

Files = dict[str, bytes]


@dataclass(slots=True)
class World:
    """A home under way: the files that may come, and what its configuration says."""

    home: Home
    pool: Files
    lot: random.Random
    said: dict[str, str] = field(default_factory=dict)

    def write_settings(self) -> None:
        """Write the configuration as it is now."""
        text = self.said.get("analysis", "") + PEOPLE.format(
            **{name: self.said.get(name, "") for name in ATHLETES}
        )
        (self.home.root / "carryover.toml").write_text(text + self.said.get("privacy", ""))

    def held(self, ending: str = "") -> list[Path]:
        """Return the files that lie there now."""
        return sorted(p for p in self.home.raw.rglob(f"*{ending}") if p.is_file())

    def put(self, name: str, content: bytes) -> None:
        """Write a file of that place."""
        path = self.home.raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def made_pool(folder: Path) -> Files:
    """Return the files of all athletes by their place below data/raw/."""
    pool: Files = {}
    for name, seed in ATHLETES.items():
        root = folder / name
        write_demo(root, weeks=WEEKS, seed=seed, end_date=dt.date(2026, 5, 29))
        raw = root / "data" / "raw"
        runs = sorted(raw.glob("watch/2026*"), key=lambda p: p.stat().st_size)
        # The shortest of all, and two that are long enough for a drift of their own.
        few = [*runs[: N_RUNS - 2], *runs[-2:], *raw.glob("phone/*"), *(raw / n for n in LOGS)]
        pool |= {f"{name}/{p.relative_to(raw)}": p.read_bytes() for p in few if p.exists()}
        shutil.rmtree(root)
    return pool


def arrive(world: World) -> None:
    """A file that was not there comes."""
    absent = sorted(set(world.pool) - {str(p.relative_to(world.home.raw)) for p in world.held()})
    if absent:
        name = world.lot.choice(absent)
        world.put(name, world.pool[name])


def leave(world: World) -> None:
    """A file goes."""
    if held := world.held():
        world.lot.choice(held).unlink()


def move(world: World) -> None:
    """A file gets another name."""
    if held := world.held():
        path = world.lot.choice(held)
        path.rename(path.with_name(f"moved-{world.lot.randrange(100)}-{path.name}"))


def doubled(world: World) -> None:
    """A file comes once more, packed."""
    if held := world.held(".fit"):
        path = world.lot.choice(held)
        path.with_name(path.name + ".gz").write_bytes(compress(path.read_bytes(), mtime=0))


def cut(world: World) -> None:
    """A file is cut off: another content of the same recording."""
    if held := world.held(".fit"):
        path = world.lot.choice(held)
        content = path.read_bytes()
        path.with_name(f"cut-{path.name}").write_bytes(content[: world.lot.randrange(len(content))])


def log(world: World) -> None:
    """A line of a log goes, or one comes twice."""
    if held := world.held(".csv"):
        path = world.lot.choice(held)
        head, *lines = path.read_text().splitlines()
        if lines:
            line = world.lot.choice(lines)
            lines = [*lines, line] if world.lot.random() < 0.3 else [x for x in lines if x != line]
        path.write_text("\n".join([head, *lines]) + "\n")


def weigh(world: World) -> None:
    """An athlete's mass is told, or another one."""
    mass = world.lot.choice((58.0, 61.5, 70.25))
    world.said[world.lot.choice(sorted(ATHLETES))] = f"mass_kg = {mass}\nheight_m = 1.72\n"


def ask(world: World) -> None:
    """The analysis is told another smallest change, or days over which a session fades."""
    tau, swc = world.lot.choice((14.0, 28.0)), world.lot.choice((2.0, 3.0))
    world.said["analysis"] = f"[analysis]\ntau_d = {tau}\nswc = {{ stance_time_ms = {swc} }}\n"


def hide(world: World) -> None:
    """Positions are hidden, or shown again."""
    world.said["privacy"] = world.lot.choice(("", "[privacy]\npositions = false\n"))


CHANGES: Final[dict[str, tuple[Callable[[World], None], int]]] = {
    "a file comes": (arrive, 6),
    "a file goes": (leave, 3),
    "a file is moved": (move, 1),
    "a file comes twice": (doubled, 1),
    "a recording comes cut off": (cut, 1),
    "a log is edited": (log, 3),
    "a mass is told": (weigh, 1),
    "the question is told": (ask, 1),
    "places are hidden or shown": (hide, 1),
}
"""What happens between nights, and how often it is drawn."""


def night(world: World, number_of: int) -> None:
    """Read what has come and build upon what stands."""
    world.write_settings()
    settings = load_settings(world.home.root)
    app.ingest(world.home, settings)
    now = NOW + dt.timedelta(days=number_of)
    app.build_and_publish(world.home, settings, force=True, now=now)


def contents(published: Path) -> dict[str, str]:
    """Return a hash of each table's rows, to the last bit."""
    with duckdb.connect(str(published), read_only=True) as connection:
        names = connection.execute("select table_name from duckdb_tables()").fetchall()
        return {name: table_digest(connection, name) for (name,) in names}


@dataclass(slots=True)
class Told:
    """What sequences came to."""

    tried: int = 0
    nights: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    differing: list[str] = field(default_factory=list)

    def add(self, other: Told) -> None:
        """Take in what another process came to."""
        self.tried += other.tried
        self.nights += other.nights
        self.changes += other.changes
        self.differing += other.differing


def sequence(start: Path, pool: Files, seed: int) -> Told:
    """Go through one sequence from a copy of the home at `start`; compare at its end."""
    lot = random.Random(seed)
    told = Told(tried=1)
    with unshown(), tempfile.TemporaryDirectory(prefix="carryover-") as folder:
        root = Path(folder) / "home"
        shutil.copytree(start, root)
        world = World(Home(root), pool, lot)
        names, weights = list(CHANGES), [weight for _, weight in CHANGES.values()]
        for number_of in range(1, lot.randint(1, 4) + 1):
            for name in lot.choices(names, weights, k=lot.randint(1, 3)):
                CHANGES[name][0](world)
                told.changes[name] += 1
            night(world, number_of)
            told.nights += 1
        found = contents(world.home.published)
        shutil.rmtree(world.home.kept)
        night(world, told.nights)
        wanted = contents(world.home.published)
    differ = sorted(n for n in found | wanted if found.get(n) != wanted.get(n))
    told.differing += [f"seed {seed}: {', '.join(differ)}"] if differ else []
    return told


def begun(folder: Path, pool: Files) -> Path:
    """Return a home with half of the files, after its first night."""
    home = Home(folder / "start")
    home.prepare()
    world = World(home, pool, random.Random(0))
    for name in sorted(pool)[::2]:
        world.put(name, pool[name])
    with unshown():
        night(world, 0)
    return home.root


def sequences(n: int, first: int = 0, processes: int = 1) -> Told:
    """Go through n sequences, of seeds from `first` on."""
    told = Told()
    with tempfile.TemporaryDirectory(prefix="carryover-") as folder:
        pool = made_pool(Path(folder))
        start = begun(Path(folder), pool)
        seeds = range(first, first + n)
        for one in _each(start, pool, seeds, processes):
            told.add(one)
            sys.stderr.write("".join(f"{line}\n" for line in one.differing) or ".")
            sys.stderr.flush()
    return told


def _each(start: Path, pool: Files, seeds: range, processes: int) -> Iterator[Told]:
    if processes == 1:
        yield from (sequence(start, pool, seed) for seed in seeds)
        return
    # Begun anew, not forked: threads of DuckDB and polars do not come along, their locks do.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context) as workers:
        yield from workers.map(sequence, *zip(*((start, pool, s) for s in seeds), strict=True))


def main() -> None:
    """Go through the sequences and tell, or write, what they came to."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 and sys.argv[1].isdigit() else 200
    begun_s = time.monotonic()
    told = sequences(n, processes=2)
    rows = [[name, f"{told.changes[name]:,}"] for name in CHANGES]
    text = (
        f"{told.tried} sequences of {told.nights} nights, {number(time.monotonic() - begun_s)} s: "
        f"{len(told.differing)} with a table that differs from a build from nothing.\n\n"
        + table(("between the nights", "times"), rows)
    )
    if "--write" in sys.argv:
        put_between(DOCS, "sequences", text)
    else:
        print(text)
    sys.exit(1 if told.differing else 0)


if __name__ == "__main__":
    main()
