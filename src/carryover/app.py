"""What `carryover` does, step by step: each step takes a home and stands on its own."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import polars as pl

from carryover import forgotten, privacy, purge, registry
from carryover.ahead import ahead
from carryover.bring import Brought, bring
from carryover.catalogue.channel_sources import channel_sources
from carryover.catalogue.exclusions import exclusions
from carryover.catalogue.exercises import exercises
from carryover.catalogue.kinds import kind_words, race_distances
from carryover.catalogue.screening_tests import screening_tests, screening_units
from carryover.catalogue.thresholds import every_threshold, limits, metric_frame
from carryover.errors import CarryoverError, DecodeError
from carryover.home import Home
from carryover.intake import Found, identify, walk
from carryover.kept import Kept
from carryover.nights import nights, no_nights
from carryover.normalise import TABLES
from carryover.plan.frames import plan_frames
from carryover.progress import Advance, bar
from carryover.reading import decoder_key, read_files
from carryover.registrations import nothing_registered
from carryover.report import Report, archives
from carryover.settings import FILE_NAME, Settings, check_schedule, load_settings
from carryover.stamp import program, stamp
from carryover.warehouse.build import build, publish
from carryover.warehouse.compact import compact
from carryover.warehouse.read import open_published
from carryover.warehouse.store import Reading, Store, open_store

BATCH_BYTES: Final = 64 << 20
"""Files are read in batches of about this size; one transaction each."""
PERSON: Final = {
    "athlete_id": pl.String, "name": pl.String, "mass_kg": pl.Float64, "height_m": pl.Float64,
    "home_timezone": pl.String,
}  # fmt: skip
DECLARED: Final = {"rule": pl.String, "entry": pl.Int32, "name": pl.String}
"""Grain: one name under [[same]] or [[never_same]]."""
DECLARED_KIND: Final = {
    "entry": pl.Int32, "run": pl.String, "kind": pl.String, "athlete_id": pl.String,
}  # fmt: skip
"""Grain: one entry of [[kind]]; without an athlete it may mean anybody's run."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a night finds: every file on disk, and batches of those not read yet."""

    found: list[Found]
    batches: list[list[Found]]
    unreadable: dict[str, str]
    """Place of a file that could not be read → why; what the store holds of it stays."""

    def on_disk(self, before: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Return place and hash of every file there is, in order; `before`: as of last night."""
        unread = [(place, sha256) for place, sha256 in before if self._is_unread(place)]
        return sorted([(f.place, f.sha256) for f in self.found] + unread)

    def _is_unread(self, place: str) -> bool:
        """Return whether a place, or a folder above it, could not be read."""
        parts = place.split("/")
        return any("/".join(parts[:n]) in self.unreadable for n in range(1, len(parts) + 1))


def find(home: Home, settings: Settings) -> Plan:
    """Hash every file under `data/raw/` and batch those that were not read yet.

    Raises CarryoverError where a home that had files has none: a disk that is not mounted must
    not empty the warehouse.
    """
    home.prepare()
    gone = purge.resume(home)
    found: list[Found] = []
    unreadable: dict[str, str] = {}
    paths = list(walk(home.raw))
    with bar("looking at files", len(paths), "files") as advance:
        for path in paths:
            try:
                found.append(identify(home.raw, path))
            except DecodeError as fault:
                unreadable[fault.subject] = str(fault)
            advance(1)
    with _store(home, settings) as store:
        if gone:
            store.replace_disk([row for row in store.disk() if not purge.is_in(row[0], gone)])
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
    return Plan(found, _batches([f for f in found if new.get(f.sha256) is f]), unreadable)


def read_in(home: Home, settings: Settings, batch: Sequence[Found]) -> None:
    """Read one batch into the store, in one transaction; decoding runs ahead of the writer."""
    total_mb = sum(found.size_bytes for found in batch) / 1e6
    with (
        _store(home, settings) as store,
        bar(
            "reading files",
            round(total_mb, 1),
            "MB",
            f"of {len(batch)} file{'s' * (len(batch) != 1)}",
        ) as advance,
    ):
        known = store.known(decoder_key(settings))
        readings = ahead(read_files(batch, settings, known))
        store.load(_counted(readings, advance))


def _counted(readings: Iterator[Reading], advance: Advance) -> Iterator[Reading]:
    """Yield readings; each is counted once it has been used."""
    done = contents = 0
    for reading in readings:
        yield reading
        done += reading.n_files
        contents += reading.content.height
        advance(reading.disk_bytes / 1e6, f"{contents:,} contents, {done}")


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


def ingest(home: Home, settings: Settings) -> Report:
    """Read everything new under `data/raw/` into the store, without Prefect."""
    plan = find(home, settings)
    for batch in plan.batches:
        read_in(home, settings, batch)
    return finish_ingest(home, settings, plan)


def nothing_new(home: Home, settings: Settings, *, now: dt.datetime) -> Report | None:
    """Return a night's report where it would change nothing: same files, tables, day; else None.

    Saves the half minute that a temporary Prefect server takes to start.
    """
    if purge.is_owed(home) or not (home.published.exists() and home.site.exists()):
        return None
    plan = find(home, settings)
    with _store(home, settings) as store:
        before = store.disk()
        same = before == plan.on_disk(before)
    key = _state(home, settings)
    current = (
        same
        and not plan.batches
        and _noted(home, settings, "published") == key
        and _noted(home, settings, "rendered") == _day_key(key, settings, now)
    )
    told = list(plan.unreadable.values())
    return Report(found=len(plan.found), unreadable=told) if current else None


def build_and_publish(
    home: Home, settings: Settings, *, force: bool = False, now: dt.datetime | None = None
) -> bool:
    """Build, audit, estimate and publish; return False where nothing has changed since.

    A question that is fixed tonight bears the instant `now`, by default the clock's, and is kept
    in the home once it is published.
    """
    if owed := purge.is_owed(home):
        ingest(home, settings)
    key = _state(home, settings)
    is_new = not home.published.exists() or _noted(home, settings, "published") != key
    if not (force or owed or is_new):
        return False
    night = registry.night_frames(home, now or _clock(), _noted(home, settings, "answered"))
    stricter = privacy.is_stricter(settings.privacy, _noted(home, settings, "hidden"))
    if owed or (stricter and not settings.privacy.positions):
        # What was deleted from the store lies in its free blocks still.
        compact(home.store, memory_limit=settings.machine.memory_limit)
    if owed:
        purge.drop_made(home)
    # Statistics take two seconds to import: only a night that builds pays for them.
    from carryover.estimates import estimates  # noqa: PLC0415

    with bar("building tables", 1, "warehouse") as advance:
        build(
            home.store,
            home.build,
            given=build_frames(settings, privacy.zone_secret(home, settings.privacy)) | night,
            estimates=estimates(settings, _kept(home)),
            memory_limit=settings.machine.memory_limit,
            progress=lambda _, total, __: advance(1 / total),
        )
    told = registry.told_by(home.build)
    publish(home.build, home.published)
    as_built = _state(home, settings) == key
    registry.keep(home, told.questions)
    # The file may have grown by that; what a person wrote into it meanwhile is for the next night.
    key = _state(home, settings) if as_built else key
    if owed or stricter:
        why = "what was forgotten is gone" if owed else "[privacy] hides more than before"
        privacy.drop_older(home, why)
        purge.built(home)
    with _store(home, settings) as store:
        store.remember("hidden", privacy.told(settings.privacy))
        store.remember("published", key)
        store.remember("answered", told.answered)
    return True


def render(home: Home, settings: Settings, *, now: dt.datetime, force: bool = False) -> int:
    """Render the pages from the published warehouse; return how many were written (0: as they are).

    Pages speak of "this week", on the clock of the home, so they are made anew each day.
    """
    now = now.astimezone(settings.schedule_zone())
    key, owed = _day_key(_state(home, settings), settings, now), purge.is_owed(home)
    if not (force or owed) and home.site.exists() and _noted(home, settings, "rendered") == key:
        return 0
    from carryover.site import Wishes  # noqa: PLC0415 - plotly, as above
    from carryover.site import render as render_site  # noqa: PLC0415

    made_by = "" if owed else _made_by(home, settings)  # no page is kept that showed it
    wishes = Wishes(privacy.has_maps(settings.privacy), made_by)
    lent = {"night": nights(home)}  # nights that build nothing are told by the pages, too
    with open_published(home.published, lent) as reader, bar("drawing pages", 1, "site") as advance:
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


def build_frames(settings: Settings, secret: bytes = b"") -> dict[str, pl.DataFrame]:
    """Return the tables that the models start from beside the store; `secret` moves the zones."""
    people = [(a.id, a.name, a.mass_kg, a.height_m, a.home_timezone) for a in settings.everyone()]
    return {
        "limits": limits(),
        "threshold_data": every_threshold(),
        "exclusion_data": exclusions(),
        "exercise_data": exercises(),
        "screening_test_data": screening_tests(),
        "screening_unit_data": screening_units(),
        "metric_data": metric_frame(),
        "person": pl.DataFrame(people, schema=PERSON, orient="row"),
        "declared": _declared(settings),
        "declared_kind": _declared_kinds(settings),
        "race_distance": race_distances(),
        "kind_word": kind_words(),
        "channel_source": channel_sources(settings.prefer.model_dump()),
        "privacy": privacy.hidden(settings.privacy, secret),
        **nothing_registered(),
        "night_held": no_nights(),
        **plan_frames(settings.plans),
    }


def _declared(settings: Settings) -> pl.DataFrame:
    """Return the recordings that a person joins or parts by hand."""
    rules = {"same": settings.same, "never_same": settings.never_same}
    rows = [
        (rule, entry, name)
        for rule, entries in rules.items()
        for entry, held in enumerate(entries)
        for name in held.recordings
    ]
    return pl.DataFrame(rows, schema=DECLARED, orient="row")


def _declared_kinds(settings: Settings) -> pl.DataFrame:
    """Return what a person calls runs by hand."""
    rows = [(entry, k.run, k.kind, k.athlete) for entry, k in enumerate(settings.kind)]
    return pl.DataFrame(rows, schema=DECLARED_KIND, orient="row")


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
    return bring(paths, home.raw, load_settings(home.root).forgotten)


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


def _noted(home: Home, settings: Settings, name: str) -> str | None:
    with _store(home, settings) as store:
        return store.note(name)


def _day_key(state: str, settings: Settings, now: dt.datetime) -> str:
    return f"{state}@{now.astimezone(settings.schedule_zone()).date()}"


def _state(home: Home, settings: Settings) -> str:
    """Return what the published tables depend on: store, questions, configuration, program."""
    with _store(home, settings) as store:
        held = store.state()
    return f"{held}|{_made_by(home, settings)}|{registry.digest(home)}"


def _made_by(home: Home, settings: Settings) -> str:
    return stamp(settings) + privacy.mark(home, settings.privacy)


def _clock() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
