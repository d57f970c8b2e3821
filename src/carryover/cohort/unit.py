"""One athlete's night, on whatever machine: from the store into a home of its own, and back."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from carryover import app, tally
from carryover.cohort.order import (
    DONE,
    SITE,
    STATE,
    WAREHOUSE,
    Done,
    Order,
    Outcome,
    Terms,
    part,
)
from carryover.cohort.store import Store, open_store
from carryover.home import Home, private
from carryover.intake import digest
from carryover.mending import aside_notes
from carryover.nights import Night, path_of
from carryover.owned import write_owned
from carryover.privacy import FILE_NAME as SECRET
from carryover.progress import unshown
from carryover.registrations import FILE_NAME as REGISTRATIONS
from carryover.warehouse.export import write_tables

ASIDE: Final = ("partial", "rejected")


@dataclass(frozen=True, slots=True)
class Bench:
    """Where one athlete is worked on: the shared store and a home that is deleted afterwards."""

    order: Order
    store: Store
    terms: Terms
    home: Home
    folder: Path


def work(order: Order) -> Outcome:
    """Make one athlete's tables (and pages) and put them into the store, whole or not at all.

    What is made already from the same files, configuration and program is left as it is. Raises
    CarryoverError where the athlete's night fails; the store then holds what it held before.
    """
    wall, cpu = time.monotonic(), _cpu_s()
    with unshown(), private(), tempfile.TemporaryDirectory(prefix="carryover-") as folder:
        store = open_store(order.store)
        home = Home(Path(folder) / "home")
        bench = Bench(order, store, Terms.read(store, order), home, Path(folder))
        home.prepare()
        contents = _lent(bench)
        held = Done.read(store, order.athlete_id)
        inputs = bench.terms.inputs(contents)
        if held and held.inputs == inputs and is_whole(held, store, order):
            # Its files were written anew, or moved, and hold what they held.
            store.write(order.at(DONE), replace(held, key=order.key).content())
            return Outcome(order.athlete_id, False, len(contents), 0, time.monotonic() - wall, 0)
        _brought(bench, held)
        made = _night(bench)
        tables = write_tables(home.published, bench.folder / "marts", whole=True)
        objects = dict(_objects(bench, [t.name for t in tables]))
        done = Done(
            athlete_id=order.athlete_id, key=order.key, inputs=inputs, day=_day(order, bench.terms),
            forgotten=_forgotten(bench.terms), files=contents,
            tables={t.name: t.digest for t in tables}, rows={t.name: t.rows for t in tables},
            sizes={name: path.stat().st_size for name, path in objects.items()},
            made_at=order.now.isoformat(), wall_s=round(time.monotonic() - wall, 3),
            cpu_s=round(_cpu_s() - cpu, 3), n_aside=made.n_aside, notes=made.notes,
        )  # fmt: skip
        store.put_all(objects, order.at(DONE), done.content())
    return Outcome(
        order.athlete_id, True, len(contents), sum(done.rows.values()), time.monotonic() - wall,
        done.n_aside,
    )  # fmt: skip


def is_whole(done: Done, store: Store, order: Order) -> bool:
    """Return whether all that an athlete's manifest names lies in the store, pages of today too."""
    if order.pages and (order.at(SITE) not in done.sizes or done.day != _today(order, done)):
        return False
    return all(store.size_of(name) == size for name, size in done.sizes.items())


@dataclass(frozen=True, slots=True)
class _Made:
    n_aside: int
    notes: list[str]


def _night(bench: Bench) -> _Made:
    """Run the athlete's night in the home at hand."""
    home, settings, order = bench.home, bench.terms.settings, bench.order
    with home.night_lock(), Night(home) as night:
        with night.step("read"):
            report = app.ingest(home, settings)
        night.found(report.found, report.read, len(report.unreadable))
        with night.step("build"):
            app.build_and_publish(home, settings, now=order.now)
        if order.pages:
            with night.step("render"):
                app.render(home, settings, now=order.now, listed=True)
        statuses = tally.files_on_disk(home)
        night.tell(statuses)
        notes = [*report.unreadable, *aside_notes(home, night.started_at)]
    return _Made(sum(statuses[name] for name in ASIDE) + len(report.unreadable), notes)


def _lent(bench: Bench) -> dict[str, str]:
    """Put the athlete's files into the home; return their contents' hashes by place."""
    raw = open_store(bench.order.raw)
    contents = {}
    for place in bench.terms.places:
        path = bench.home.raw / place
        raw.lend(place, path)
        try:
            with path.open("rb") as stream:
                contents[place] = digest(stream)
        except OSError as error:
            # The night names it; with another reason it is another night.
            contents[place] = f"unreadable: {error.strerror}"
    return contents


def _brought(bench: Bench, held: Done | None) -> None:
    """Put what the home kept since its last night back into it; its questions whatever happens."""
    store, order, home = bench.store, bench.order, bench.home
    store.fetch(order.at(REGISTRATIONS), home.root / REGISTRATIONS)
    if bench.terms.secret:
        write_owned(home.root / SECRET, f"{bench.terms.secret}\n".encode("ascii"))
    if held is None or held.forgotten != _forgotten(bench.terms):
        # What is to be forgotten is read no more, rather than taken out of all that knew it.
        return
    state = bench.folder / STATE
    if store.size_of(order.at(STATE)) == held.sizes.get(order.at(STATE)) and store.fetch(
        order.at(STATE), state
    ):
        with tarfile.open(state) as packed:
            packed.extractall(home.root, filter="data")
        state.unlink()
        # The night builds upon it.
        store.fetch(order.at(WAREHOUSE), home.published)


def _objects(bench: Bench, tables: list[str]) -> Iterator[tuple[str, Path]]:
    """Yield what goes into the store, by its name there: the questions first of all."""
    order, home = bench.order, bench.home
    if (home.root / REGISTRATIONS).exists():
        yield order.at(REGISTRATIONS), home.root / REGISTRATIONS
    for table in tables:
        yield part(table, order.athlete_id), bench.folder / "marts" / table / "part.parquet"
    yield order.at(WAREHOUSE), home.published
    yield order.at(STATE), _packed(bench)
    if order.pages:
        packed = shutil.make_archive(str(bench.folder / "site"), "zip", home.site)
        yield order.at(SITE), Path(packed)


def _packed(bench: Bench) -> Path:
    """Pack what a home keeps from night to night beside its files and what is published."""
    home, path = bench.home, bench.folder / STATE
    with tarfile.open(path, "w") as packed:
        for kept in (home.store, home.kept, path_of(home)):
            if kept.exists():
                packed.add(kept, arcname=str(kept.relative_to(home.root)))
    return path


def _forgotten(terms: Terms) -> str:
    told = json.dumps(sorted(terms.settings.forgotten.items())).encode()
    return hashlib.sha256(told).hexdigest()[:16]


def _day(order: Order, terms: Terms) -> str:
    """Return the zone and the day that pages speak of."""
    zone = terms.settings.schedule_zone()
    return f"{zone.key} {order.now.astimezone(zone).date()}"


def _today(order: Order, done: Done) -> str:
    zone = done.day.partition(" ")[0]
    return f"{zone} {order.now.astimezone(ZoneInfo(zone)).date()}"


def _cpu_s() -> float:
    told = os.times()
    return told.user + told.system + told.children_user + told.children_system
