"""A cohort's night around its units: who needs one, and what their results come to together."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from carryover import privacy
from carryover.cohort.order import (
    ATHLETES,
    DONE,
    MARTS,
    ORDER,
    SITE,
    Done,
    Order,
    Outcome,
    Terms,
    own_settings,
    place,
)
from carryover.cohort.store import Listed, Store, copy_in, open_store
from carryover.cohort.unit import is_whole
from carryover.errors import SettingsError, UsageError
from carryover.home import Home
from carryover.leftovers import sweep
from carryover.nights import nights
from carryover.owned import write_owned
from carryover.privacy import zone_secret
from carryover.settings import Athlete, Settings
from carryover.site import Wishes
from carryover.site import render as render_site
from carryover.stamp import stamp
from carryover.warehouse.gather import BIG, gather
from carryover.warehouse.publish import publish, stands
from carryover.warehouse.read import open_own
from carryover.warehouse.snapshots import Snapshots

NOTE: Final = "cohort.json"
"""What the cohort's published warehouse was gathered from."""
OWN_FOLDER: Final = "cohort"
"""Where results lie under `data/` of a home without a store."""
RAW: Final = "raw"


@dataclass(frozen=True, slots=True)
class Cohort:
    """A home with its configuration, the place of its results, and that of its files."""

    home: Home
    settings: Settings
    store: str
    raw: str

    @classmethod
    def of(cls, home: Home, settings: Settings) -> Cohort:
        """Return a home's cohort; raises SettingsError for an engine that would not see it."""
        scale = settings.scale
        if scale.store:
            base = scale.store.rstrip("/")
            return cls(home, settings, base, f"{base}/{RAW}")
        if scale.engine == "dask" and scale.address:
            raise SettingsError(
                "workers elsewhere do not see this home", subject="[scale] store",
                remedy="Name a folder or URL that all of them see.",
            )  # fmt: skip
        return cls(home, settings, str(home.root / "data" / OWN_FOLDER), str(home.raw))

    @property
    def people(self) -> list[Athlete]:
        """The athletes, by id."""
        return sorted(self.settings.everyone(), key=lambda athlete: athlete.id)


@dataclass(slots=True)
class Report:
    """What a cohort's night came to; `failed` and `notes` are lines for a person."""

    n_athletes: int
    outcomes: list[Outcome] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    published: bool = False

    def lines(self) -> list[str]:
        """Return the report as plain lines."""
        made = [one for one in self.outcomes if one.changed]
        as_were = self.n_athletes - len(made) - len(self.failed)
        counts = f"{len(made)} made anew, {as_were} as they were, {len(self.failed)} failed"
        lines = [f"{_many(self.n_athletes, 'athlete')}: {counts}"]
        if made:
            rows, seconds = sum(m.n_rows for m in made), sum(m.wall_s for m in made)
            lines.append(f"{rows:,} rows; {seconds / len(made):.1f} s an athlete")
        lines += [f"{one.athlete_id}: {_many(one.n_aside, 'file')} set aside or read in part"
                  for one in made if one.n_aside]  # fmt: skip
        lines += [f"{athlete}: failed: {why}" for athlete, why in sorted(self.failed.items())]
        return lines + self.notes

    def as_dict(self) -> dict[str, Any]:
        """Return the report for a machine."""
        made = [one.athlete_id for one in self.outcomes if one.changed]
        return {"athletes": self.n_athletes, "made": sorted(made), "failed": self.failed,
                "notes": self.notes, "published": self.published}  # fmt: skip


def orders(cohort: Cohort, now: dt.datetime, *, again: bool = False) -> list[Order]:
    """Return an order for each athlete whose files, configuration or program changed.

    What workers are to know of them is put into the store. Raises UsageError where no file of
    anybody is there.
    """
    listed = open_store(cohort.raw).listed()
    if not listed:
        raise UsageError(
            "no athlete's file is there", subject=cohort.raw,
            remedy="Put files into the folders of [[athletes]] there: see docs/cohort.md.",
        )  # fmt: skip
    store = open_store(cohort.store)
    owners: dict[str, list[Listed]] = {athlete.id: [] for athlete in cohort.people}
    for one in listed:
        owners[cohort.settings.athlete_of(one.name).id].append(one)
    secret = zone_secret(cohort.home, cohort.settings.privacy).hex()
    found = (
        _order(cohort, store, athlete, owners, secret, now, again=again)
        for athlete in cohort.people
    )
    return [order for order in found if order is not None]


def _order(
    cohort: Cohort, store: Store, athlete: Athlete, owners: Mapping[str, Sequence[Listed]],
    secret: str, now: dt.datetime, *, again: bool,
) -> Order | None:  # fmt: skip
    mine = owners[athlete.id]
    others = frozenset(
        one.name for owner, files in owners.items() if owner != athlete.id for one in files
    )
    settings = own_settings(cohort.settings, athlete, others)
    terms = Terms(settings, tuple(one.name for one in mine), secret)
    key = terms.key(mine)
    order = Order(cohort.store, cohort.raw, athlete.id, key, now, cohort.settings.scale.pages)
    done = Done.read(store, athlete.id)
    if not again and done and done.key == key and is_whole(done, store, order):
        return None
    if again:
        store.drop(order.at(DONE))
    if store.read(order.at(ORDER)) != terms.content():
        store.write(order.at(ORDER), terms.content())
    return order


def finish(cohort: Cohort, report: Report, now: dt.datetime) -> None:
    """Gather the results into the cohort's warehouse, publish it, draw the pages of all.

    An athlete whose unit failed is shown as of the last night that went well. Nothing is done
    where nothing changed; `report` is told what was.
    """
    home, settings = cohort.home, cohort.settings
    store = open_store(cohort.store)
    done = {a.id: Done.read(store, a.id) for a in cohort.people}
    held = [one for one in done.values() if one is not None]
    report.notes += _strangers(cohort, store)
    report.notes += [f"{athlete}: no results in the store yet" for athlete in done
                     if done[athlete] is None and athlete not in report.failed]  # fmt: skip
    if not held:
        return
    told = _note(home)
    key = _key(held, settings)
    hidden = privacy.told(settings.privacy)
    if told.get("key") != key or not stands(home.published):
        sweep(home)
        rows = _gathered(cohort, store, held)
        publish(home.build, home.published, rows=rows,
                snapshots=Snapshots(home.snapshots, settings.machine.snapshots))  # fmt: skip
        if privacy.is_stricter(settings.privacy, told.get("hidden")):
            privacy.drop_older(home, "[privacy] hides more than before")
        report.published = True
    day = now.astimezone(settings.schedule_zone()).date().isoformat()
    if report.published or told.get("day") != day or not home.site.exists():
        _draw(cohort, store, held, now)
    content = json.dumps({"key": key, "hidden": hidden, "day": day}).encode()
    write_owned(home.warehouse_dir / NOTE, content)


def put(cohort: Cohort) -> int:
    """Copy the home's own `data/raw/` into the store; return how many files that took."""
    if not cohort.settings.scale.store:
        raise UsageError(
            "there is no store to copy files to", subject="[scale] store",
            remedy="Without one the files are used where they lie.",
        )  # fmt: skip
    return copy_in(cohort.home.raw, open_store(cohort.raw))


def drop(cohort: Cohort, athlete_id: str) -> None:
    """Delete all results of an athlete from the store, their questions too; files stay.

    Raises UsageError for somebody who is configured, or whom the store does not know.
    """
    store = open_store(cohort.store)
    if athlete_id in {athlete.id for athlete in cohort.people}:
        raise UsageError(
            f"{athlete_id} is in carryover.toml, and would be made anew", subject="--drop",
            remedy="Take the athlete out there first.",
        )  # fmt: skip
    if athlete_id not in store.names(ATHLETES):
        raise UsageError(f"the store has no results of {athlete_id!r}", subject="--drop")
    store.drop(place(athlete_id, DONE))
    for table in store.names(MARTS):
        store.drop(f"{MARTS}/{table}/athlete={athlete_id}")
    store.drop(f"{ATHLETES}/{athlete_id}")


def _gathered(cohort: Cohort, store: Store, held: Iterable[Done]) -> dict[str, int]:
    """Make the next warehouse of all parts, those of big tables for their columns alone."""
    home = cohort.home
    fetched = home.warehouse_dir / "parts.tmp"
    parts: dict[str, list[Path]] = {}
    try:
        for done in held:
            for name, table in done.parts().items():
                if table not in BIG or table not in parts:
                    parts.setdefault(table, []).append(_part(store, name, fetched))
        return gather(parts, home.build, {"night": nights(home)},
                      memory_limit=cohort.settings.machine.memory_limit)  # fmt: skip
    finally:
        shutil.rmtree(fetched, ignore_errors=True)


def _part(store: Store, name: str, folder: Path) -> Path:
    if store.folder is not None:
        return store.folder / name
    store.fetch(name, folder / name)
    return folder / name


def _draw(cohort: Cohort, store: Store, held: Iterable[Done], now: dt.datetime) -> None:
    """Draw what belongs to all, and put the athletes' own pages beside it as workers drew them."""
    home = cohort.home
    sites = {done.athlete_id: place(done.athlete_id, SITE) for done in held
             if place(done.athlete_id, SITE) in done.sizes}  # fmt: skip
    packed = home.warehouse_dir / "site.tmp"

    def bring(athlete_id: str, folder: Path) -> bool:
        if athlete_id not in sites or not store.fetch(sites[athlete_id], packed):
            return False
        with zipfile.ZipFile(packed) as archive:
            archive.extractall(folder)
        packed.unlink()
        return True

    lent = {"night": nights(home)}
    local = now.astimezone(cohort.settings.schedule_zone())
    with open_own(home.published, lent) as reader:
        render_site(reader, home.site, now=local, wishes=Wishes(bring=bring))


def _key(held: Iterable[Done], settings: Settings) -> str:
    told = [[one.athlete_id, one.inputs, sorted(one.tables.items())] for one in held]
    return hashlib.sha256(f"{json.dumps(told)}|{stamp(settings)}".encode()).hexdigest()[:32]


def _note(home: Home) -> dict[str, Any]:
    try:
        told = json.loads((home.warehouse_dir / NOTE).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}


def _strangers(cohort: Cohort, store: Store) -> list[str]:
    known = {athlete.id for athlete in cohort.people}
    return [f"{name}: the store has results of somebody who is not in carryover.toml; "
            f"`carryover cohort --drop {name}` deletes them"
            for name in store.names(ATHLETES) if name not in known]  # fmt: skip


def _many(n: int, what: str) -> str:
    return f"{n:,} {what}{'s' * (n != 1)}"
