"""What `carryover` does, step by step: each step takes a home and stands on its own."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from importlib.resources import files
from inspect import unwrap
from pathlib import Path
from typing import Final

import polars as pl

from carryover import forgotten, privacy, purge, registry
from carryover.apart.reader import Apart
from carryover.apart.start import Started
from carryover.bring import Brought, bring
from carryover.errors import CarryoverError, DamagedError, DecodeError
from carryover.finds import Plan
from carryover.given import given_frames
from carryover.home import Home
from carryover.intake import Found, Glances, lies_in, walk
from carryover.kept import Kept
from carryover.leftovers import sweep
from carryover.mending import careful, set_store_aside
from carryover.nights import nights
from carryover.normalise import TABLES
from carryover.progress import Advance, bar
from carryover.reading import decoder_key
from carryover.report import Report, archives
from carryover.room import full_disk_told, room_for_building, room_for_reading
from carryover.settings import FILE_NAME, Settings, check_schedule, load_settings
from carryover.stamp import program, stamp
from carryover.warehouse.book import drop
from carryover.warehouse.build import build
from carryover.warehouse.compact import compact
from carryover.warehouse.content import Reading
from carryover.warehouse.publish import publish, stands
from carryover.warehouse.read import open_own, open_published
from carryover.warehouse.snapshots import Snapshots
from carryover.warehouse.store import Store, open_store

TABLES_KEPT: Final = "tables.duckdb"
"""Working tables of the last build, private: the next one makes only what has changed."""
GLANCES: Final = "glances.json"
"""What files looked like when they were hashed, private."""
NOTED: Final = ("published", "rendered", "answered", "hidden")
"""What the store is told of tables and pages."""
BATCH_BYTES: Final = 64 << 20
"""Files are read in batches of about this size; one transaction each."""


def _read_anew(home: Home, settings: Settings, fault: DamagedError) -> None:
    """Put a damaged store out of the way and read everything again, in the same night."""
    set_store_aside(home, settings, fault)
    plan = unwrap(find)(home, settings)
    for batch in plan.batches:
        unwrap(read_in)(home, settings, batch)
    unwrap(finish_ingest)(home, settings, plan)


def _make_anew(home: Home, settings: Settings, fault: DamagedError) -> None:
    """Put right what pages are drawn from: the store, or the published warehouse itself."""
    if fault.subject == str(home.published):
        unwrap(build_and_publish)(home, settings, force=True)
    else:
        _read_anew(home, settings, fault)


@careful(set_store_aside)
def find(home: Home, settings: Settings) -> Plan:
    """Hash every file under `data/raw/` that looks new, and batch those that were not read yet.

    What a killed night has left is cleared first. Raises CarryoverError where a home that had
    files has none: a disk that is not mounted must not empty the warehouse.
    """
    home.prepare()
    sweep(home)
    gone = purge.resume(home)
    found: list[Found] = []
    unreadable: dict[str, str] = {}
    paths = list(walk(home.raw))
    glances = Glances(home.kept / GLANCES)
    with bar("looking at files", len(paths), "files") as advance:
        for path in paths:
            try:
                found.append(glances.identify(home.raw, path))
            except DecodeError as fault:
                unreadable[fault.subject] = str(fault)
            advance(1)
    with contextlib.suppress(OSError):
        # Without it files are hashed again; a full disk is told by whoever cannot go on.
        glances.keep()
    with _store(home, settings) as store:
        if gone:
            store.replace_disk([row for row in store.disk() if not lies_in(row[0], gone)])
        store.unlearn(settings.forgotten, forgotten.REASON)
        known = store.known(decoder_key(settings))
        held = store.size()
    if held and not paths:
        raise CarryoverError(
            f"it is empty, but {held} files were here before", subject=str(home.raw),
            remedy="Is the disk mounted? To start anew, delete data/warehouse/ as well.",
        )  # fmt: skip
    # Copies under other names are one content: the first place is read, all are recorded.
    new = {f.sha256: f for f in reversed(found) if f.sha256 not in known}
    room_for_reading(home, sum(f.size_bytes for f in new.values()))
    return Plan(found, _batches([f for f in found if new.get(f.sha256) is f]), unreadable)


@careful(_read_anew)
def read_in(
    home: Home, settings: Settings, batch: Sequence[Found], reader: Apart | None = None
) -> None:
    """Read one batch into the store, in one transaction; decoding runs ahead, in a process."""
    total_mb = sum(found.size_bytes for found in batch) / 1e6
    with (
        # First of all: it starts while the store is opened.
        contextlib.nullcontext(reader) if reader else Apart(settings) as apart,
        _store(home, settings) as store,
        bar(
            "reading files",
            round(total_mb, 1),
            "MB",
            f"of {len(batch)} file{'s' * (len(batch) != 1)}",
        ) as advance,
    ):
        known = store.known(decoder_key(settings))
        store.load(_counted(apart.read(batch, known), advance))


def _counted(readings: Iterator[Reading], advance: Advance) -> Iterator[Reading]:
    """Yield readings; each is counted once it has been used."""
    done = contents = 0
    for reading in readings:
        yield reading
        done += reading.n_files
        contents += reading.content.height
        advance(reading.disk_bytes / 1e6, f"{contents:,} contents, {done}")


@careful(_read_anew)
def finish_ingest(home: Home, settings: Settings, plan: Plan) -> Report:
    """Record what lies on disk, forget what no longer does, and count what the batches became."""
    with _store(home, settings) as store:
        forgotten = store.replace_disk(plan.on_disk(store.disk()))
        new = [f.sha256 for batch in plan.batches for f in batch]
        statuses = store.statuses(new)
        inside = store.statuses(new, inside=True)
        held = archives(store.members(new))
    return Report(
        found=len(plan.found), read=len(set(new)), statuses=Counter(statuses),
        inside=Counter(inside), archives=held,
        forgotten=forgotten, unreadable=list(plan.unreadable.values()),
    )  # fmt: skip


def ingest(home: Home, settings: Settings, started: Started | None = None) -> Report:
    """Read everything new under `data/raw/` into the store, without Prefect.

    `started` is a process that reads, started before this module was there.
    """
    with Apart(settings, started) as reader:
        plan = find(home, settings)
        for batch in plan.batches:
            read_in(home, settings, batch, reader)
    return finish_ingest(home, settings, plan)


@careful(set_store_aside)
def nothing_new(home: Home, settings: Settings, *, now: dt.datetime) -> Report | None:
    """Return a night's report where it would change nothing: same files, tables, day; else None.

    Saves the half minute that a temporary Prefect server takes to start.
    """
    if purge.is_owed(home) or not (stands(home.published) and home.site.exists()):
        return None
    plan = find(home, settings)
    with _store(home, settings) as store:
        before, held = store.disk(), store.state()
        noted = store.note("published"), store.note("rendered")
    key = _state_of(home, settings, held)
    current = (
        not plan.batches
        and before == plan.on_disk(before)
        and noted == (key, _day_key(key, settings, now))
    )
    told = list(plan.unreadable.values())
    return Report(found=len(plan.found), unreadable=told) if current else None


@careful(_read_anew)
def build_and_publish(
    home: Home, settings: Settings, *, force: bool = False, now: dt.datetime | None = None
) -> bool:
    """Build, audit, estimate and publish; return False where nothing has changed since.

    A question that is fixed tonight bears the instant `now`, by default the clock's, and is kept
    in the home once it is published.
    """
    if owed := purge.is_owed(home):
        ingest(home, settings)
    key, noted = _noted(home, settings)
    same = noted["published"] == key
    if same and stands(home.published) and not (force or owed):
        return False
    room_for_building(home)
    night = registry.night_frames(home, now or _clock(), noted["answered"])
    stricter = privacy.is_stricter(settings.privacy, noted["hidden"])
    if owed or (stricter and not settings.privacy.positions):
        # What was deleted from the store lies in its free blocks still.
        compact(home.store, memory_limit=settings.machine.memory_limit)
    if owed:
        purge.drop_made(home)
    if stricter:
        drop(home.kept / TABLES_KEPT)
    # Statistics take two seconds to import: only a night that builds pays for them.
    from carryover.estimates import estimates  # noqa: PLC0415

    with bar("building tables", 1, "warehouse") as advance:
        built = build(
            home.store,
            home.build,
            given=given_frames(settings, privacy.zone_secret(home, settings.privacy)) | night,
            estimates=estimates(settings, _kept(home)),
            kept=home.kept / TABLES_KEPT,
            # What hides or forgets must not be found in blocks that a copy has left free.
            basis=None if owed or stricter else home.published,
            memory_limit=settings.machine.memory_limit,
            progress=lambda _, total, __: advance(1 / total),
        )
    sys.stderr.write(f"{built.sentence()}\n")
    told = registry.told_by(home.build)
    # A build over the same files, made by hand or to replace a damaged one, is no new version.
    snapshots = None if same else Snapshots(home.snapshots, settings.machine.snapshots)
    publish(home.build, home.published, rows=built.rows, snapshots=snapshots)
    with _store(home, settings) as store:
        held = store.state()
        as_built = _state_of(home, settings, held) == key
        registry.keep(home, told.questions)
        # The file may have grown by that; what a person wrote into it meanwhile is for the next
        # night.
        key = _state_of(home, settings, held) if as_built else key
        if owed or stricter:
            why = "what was forgotten is gone" if owed else "[privacy] hides more than before"
            privacy.drop_older(home, why)
            purge.built(home)
        store.remember("hidden", privacy.told(settings.privacy))
        store.remember("published", key)
        store.remember("answered", told.answered)
    return True


@careful(_make_anew)
def render(
    home: Home,
    settings: Settings,
    *,
    now: dt.datetime,
    force: bool = False,
    source: Path | None = None,
    listed: bool = False,
) -> int:
    """Render the pages from the published warehouse; return how many were written (0: as they are).

    Pages speak of "this week", on the clock of the home, so they are made anew each day.
    `source`: another warehouse, which is to be published next; `listed`: the pages are for a site
    of many athletes.
    """
    now = now.astimezone(settings.schedule_zone())
    state, noted = _noted(home, settings)
    key, owed = _day_key(state, settings, now), purge.is_owed(home)
    if not (force or owed) and home.site.exists() and noted["rendered"] == key:
        return 0
    from carryover.site import Wishes  # noqa: PLC0415 - plotly, as above
    from carryover.site import render as render_site  # noqa: PLC0415

    made_by = "" if owed else _made_by(home, settings)  # no page is kept that showed it
    wishes = Wishes(privacy.has_maps(settings.privacy), made_by, listed=listed)
    lent = {"night": nights(home)}  # nights that build nothing are told by the pages, too
    shown = source or home.published
    with open_own(shown, lent) as reader, bar("drawing pages", 1, "site") as advance:
        drawn = render_site(
            reader, home.site, now=now, wishes=wishes, progress=lambda _, total: advance(1 / total)
        )
    with _store(home, settings) as store:
        store.remember("rendered", key)
    if owed:
        purge.drawn(home)
    return drawn.pages


def _kept(home: Home) -> Kept:
    """Return the baselines of the last build; hashes of rows are polars' own."""
    return Kept(home.kept / "baseline.parquet", f"{program()} {pl.__version__}")


def init_home(root: Path) -> tuple[bool, Home]:
    """Make a home's folders and its commented configuration; return whether that was made."""
    home = Home(root.resolve())
    home.prepare()
    path = home.root / FILE_NAME
    if path.exists():
        return False, home
    path.write_text(files("carryover").joinpath("carryover.example.toml").read_text("utf-8"))
    return True, home


def bring_in(home: Home, paths: Sequence[Path]) -> Brought:
    """Copy files and folders into `data/raw/`; return what became of them."""
    home.prepare()
    with full_disk_told(home.root):
        return bring(paths, home.raw, forgotten.forgotten_of(home.root))


def ask(home: Home, query: str) -> pl.DataFrame:
    """Return what the published warehouse answers; raises UsageError for a wrong query."""
    with open_published(home.published) as reader:
        return reader.frame(query)


def schedule_of(root: Path, cron: str | None, timezone: str | None) -> tuple[Home, str, str]:
    """Return a home and its clock; raises SettingsError for a cron or zone that is none."""
    home, settings = open_home(root)
    given = {k: v for k, v in (("cron", cron), ("timezone", timezone)) if v is not None}
    held = settings.schedule.model_dump(exclude_none=True) | given
    clock = check_schedule(held)
    return home, clock.cron, clock.timezone or settings.schedule_zone().key


def open_home(root: Path) -> tuple[Home, Settings]:
    """Return a home and its checked configuration."""
    home = Home(root.resolve())
    return home, load_settings(home.root)


def _batches(files: Sequence[Found]) -> list[list[Found]]:
    batches: list[list[Found]] = []
    size = BATCH_BYTES
    for found in files:
        if size >= BATCH_BYTES:
            batches.append([])
            size = 0
        batches[-1].append(found)
        size += found.size_bytes
    return batches


def _store(home: Home, settings: Settings) -> AbstractContextManager[Store]:
    return open_store(home.store, TABLES, memory_limit=settings.machine.memory_limit)


def _noted(home: Home, settings: Settings) -> tuple[str, dict[str, str | None]]:
    """Return what the published tables depend on, and what was noted of them before."""
    with _store(home, settings) as store:
        held, noted = store.state(), {name: store.note(name) for name in NOTED}
    return _state_of(home, settings, held), noted


def _day_key(state: str, settings: Settings, now: dt.datetime) -> str:
    return f"{state}@{now.astimezone(settings.schedule_zone()).date()}"


def _state_of(home: Home, settings: Settings, held: str) -> str:
    """Return what published tables depend on: store (`held`), questions, settings, program."""
    return f"{held}|{_made_by(home, settings)}|{registry.digest(home)}"


def _made_by(home: Home, settings: Settings) -> str:
    return stamp(settings) + privacy.mark(home, settings.privacy)


def _clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
