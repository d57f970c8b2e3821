"""`carryover forget`: what a name means, what would go with it, and seeing to it that it goes."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover import app, purge
from carryover.errors import UsageError
from carryover.plan.place import plan_path
from carryover.registrations import FILE_NAME as REGISTRATIONS
from carryover.registrations import read_registrations
from carryover.settings import FILE_NAME as SETTINGS
from carryover.warehouse import holdings
from carryover.warehouse.read import Reader, open_published

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from carryover.home import Home
    from carryover.settings import Settings

DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2})?")
ASIDE: Final = re.compile(r"-\d{4}-\d{2}-\d{2}(-\d+)?")
RUNS: Final = """
    select r.run_id, r.athlete_id,
      strftime(r.started_at::timestamp + to_seconds(coalesce(a.utc_offset_s, 0)), '%Y-%m-%d %H:%M')
        as local_start
    from run as r left join activity as a on a.activity_id = r.timeline_activity_id
    where (r.run_id = $name or $day = r.local_date::varchar or $day = local_start)
      and r.athlete_id = coalesce($athlete, r.athlete_id)
    order by local_start, r.run_id
"""
OF_RUN: Final = "select activity_id from activity where run_id = $name or activity_id = $name"
LISTED: Final = """
    select distinct list_path, strava_id from export_entry
    where list_contains($names, activity_id) and list_path is not null order by all
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """What would go, in words, and the list that sees to it."""

    what: str
    """What the name means: "the run of 2026-04-12 07:30 with its 2 recordings"."""
    recordings: list[str]
    """Each recording that goes: its key, sport and start."""
    files: list[str]
    """Files under data/raw/ that are deleted."""
    members: list[str]
    """Places inside archives that are taken out; the archive is written anew without them."""
    counts: dict[str, int]
    others: list[str]
    """Files of the home beside data/: plans and their calendars."""
    n_registrations: int
    stays: list[str]
    """What names it still and is a person's own to change."""
    owed: purge.Owed

    def lines(self) -> list[str]:
        """Return it as plain lines."""
        told = [f"this is {self.what}"]
        told += [f"recording  {line}" for line in self.recordings]
        told += [f"delete     {place}" for place in self.files]
        told += [f"take out   {place}" for place in self.members]
        told += [f"delete     {name}" for name in self.others]
        held = ", ".join(f"{n:,} {name}" for name, n in self.counts.items() if n)
        told += [f"with it    {held}"] if held else []
        told += [f"with it    {self.n_registrations} rows of {REGISTRATIONS}"] * bool(
            self.n_registrations
        )
        told.append("with it    its rows in both databases, its pages, earlier published files, "
                    "reports in dashboards/")  # fmt: skip
        return told + [f"stays      {line}" for line in self.stays]

    def as_dict(self) -> dict[str, Any]:
        """Return it for a machine."""
        told = asdict(self)
        del told["owed"]
        return told


def wish_of(home: Home, settings: Settings, name: str, athlete: str | None = None) -> Wish:
    """Return what a name means: an athlete's id, a run, a recording, a file's place or a date.

    Reads and builds first what is new, so that nothing of it is missed. Raises UsageError for a
    name that means nothing here, or several runs.
    """
    app.ingest(home, settings)
    if name in {person.id for person in settings.everyone()} and athlete is None:
        return _of_athlete(home, settings, name)
    named = holdings.asked(home.store, holdings.NAMED, {name.removeprefix("data/raw/")})
    if named.height:
        contents = _with_inside(home, named["sha256"])
        return _of_contents(home, contents, f"what lies at {name}")
    app.build_and_publish(home, settings)
    with open_published(home.published) as reader:
        what, activities = _recordings(reader, name, athlete)
    contents = holdings.asked(home.store, holdings.CONTENTS, activities)["sha256"].to_list()
    return _of_contents(home, contents, what)


def carry_out(home: Home, wish: Wish, *, now: dt.datetime) -> None:
    """Let go what a wish names, and make tables and pages anew without it.

    Cut off at any point, the next night does the rest.
    """
    purge.owe(home, replace(wish.owed, day=now.date().isoformat()))
    purge.resume(home)
    _, settings = app.open_home(home.root)
    app.build_and_publish(home, settings, now=now)
    app.render(home, settings, now=now)


def _recordings(reader: Reader, name: str, athlete: str | None) -> tuple[str, list[str]]:
    """Return what a name of a run or a recording means, and the recordings."""
    found = reader.frame(OF_RUN, {"name": name})["activity_id"].to_list()
    if name in found:
        return "one recording; others of the same run stay", [name]
    day = name.replace("T", " ") if DAY.fullmatch(name) else ""
    runs = reader.frame(RUNS, {"name": name, "day": day, "athlete": athlete}).to_dicts()
    if not runs:
        raise UsageError(
            f"nothing here is called {name!r}", subject="forget",
            remedy="Name an athlete's id, an activity_id, a run_id, a run's date or date and time, "
            "or a file's place under data/raw/.",
        )  # fmt: skip
    if len(runs) > 1:
        told = ", ".join(f"{r['local_start']} of {r['athlete_id']} ({r['run_id']})" for r in runs)
        raise UsageError(
            f"{name!r} means {len(runs)} runs: {told}", subject="forget",
            remedy="Name one by its run_id, its date and time, or with --athlete.",
        )  # fmt: skip
    [run] = runs
    held = reader.frame(OF_RUN, {"name": run["run_id"]})["activity_id"].to_list()
    n = f"{len(held)} recording{'s' * (len(held) != 1)}"
    return f"the run of {run['local_start']} of {run['athlete_id']}, with its {n}", held


def _with_inside(home: Home, contents: Iterable[str]) -> list[str]:
    """Return contents and, of archives, what lies in them."""
    named = list(contents)
    inside = holdings.asked(home.store, holdings.WITHIN, named)["sha256"].to_list()
    return sorted({*named, *inside})


def _of_contents(home: Home, contents: Collection[str], what: str) -> Wish:
    """Return the wish that contents go, wherever they lie."""
    places = holdings.asked(home.store, holdings.PLACES, contents)
    # A packed file that holds nothing else goes, and is known again by its own hash.
    on_disk = dict(holdings.on_disk(home.store))
    outer = places.filter(pl.col("inner_place") != "")["place"].unique().sort().to_list()
    packed = [place for place in outer if place.lower().endswith(".gz")]
    listed = sorted({*contents, *(on_disk[place] for place in packed)})
    files = sorted({*places.filter(pl.col("inner_place") == "")["place"], *packed})
    members = [
        f"{place}{inner}" for place, inner, _ in places.rows() if inner and place not in files
    ]
    rows = holdings.asked(home.store, holdings.ACTIVITIES, contents)
    keys = sorted(set(rows["activity_id"]))
    names = [*keys, *files, *outer, *listed]
    owed = purge.Owed(
        contents=listed, places=places["place"].unique().sort().to_list(), names=sorted(set(names))
    )
    return Wish(
        what, _told(rows), files, members, _counts(home, contents), [], 0,
        [*_in_lists(home, keys), *_in_settings(home, [*keys, *files, *members])], owed,
    )  # fmt: skip


def _of_athlete(home: Home, settings: Settings, athlete: str) -> Wish:
    """Return the wish that all of one athlete goes: whatever lies in their folder."""
    disk = holdings.on_disk(home.store)
    mine = [place for place, _ in disk if settings.athlete_of(place).id == athlete]
    theirs = {sha256 for place, sha256 in disk if place not in set(mine)}
    held = _with_inside(home, {sha256 for place, sha256 in disk if place in set(mine)})
    others = set(_with_inside(home, theirs))
    contents = [sha256 for sha256 in held if sha256 not in others]
    rows = holdings.asked(home.store, holdings.ACTIVITIES, contents)
    ids = [person.id for person in settings.everyone()]
    path = home.root / REGISTRATIONS
    registered = read_registrations(path.read_bytes()).rows if path.exists() else None
    n = 0 if registered is None else registered.filter(pl.col("athlete_id") == athlete).height
    whole = _folder(settings, athlete) or mine
    plans = _plans(home.root, ids, athlete)
    keys = sorted({*rows["activity_id"], athlete})
    owed = purge.Owed(
        contents=contents, whole=whole, files=plans, athlete=athlete,
        names=sorted({*rows["activity_id"], *mine, *contents, athlete}),
    )  # fmt: skip
    counts = _counts(home, contents)
    return Wish(
        f"the athlete {athlete!r}, with everything in their folder", _told(rows), mine, [], counts,
        plans, n, _in_settings(home, keys), owed,
    )  # fmt: skip


def _folder(settings: Settings, athlete: str) -> list[str]:
    """Return an athlete's own folder, to go as one; nothing where others have theirs in it."""
    everyone = settings.everyone()
    [own] = [person.folder for person in everyone if person.id == athlete]
    shared = any(
        person.id != athlete and f"{person.folder}/".startswith(f"{own}/") for person in everyone
    )
    return [own] if own and not shared else []


def _plans(root: Path, ids: list[str], athlete: str) -> list[str]:
    """Return an athlete's plan, its calendar, and those that were laid aside."""
    own = plan_path(root, ids, athlete)
    taken = {plan_path(root, ids, other).stem for other in ids if other != athlete}
    found = [
        path.name
        for path in root.glob(f"{own.stem}*")
        if path.suffix in {".csv", ".ics"} and path.stem not in taken
        and (path.stem == own.stem or ASIDE.fullmatch(path.stem.removeprefix(own.stem)))
    ]  # fmt: skip
    return sorted(found)


def _told(rows: pl.DataFrame) -> list[str]:
    told = rows.unique("activity_id").sort("started_at", "activity_id")
    return [
        f"{row['activity_id']}  {row['sport'] or 'unknown'}, {row['started_at']:%Y-%m-%d %H:%M} UTC"
        for row in told.iter_rows(named=True)
    ]


def _counts(home: Home, contents: Collection[str]) -> dict[str, int]:
    row = holdings.asked(home.store, holdings.COUNTS, contents).row(0, named=True)
    words = {"n_sessions": "strength sessions", "n_sets": "strength sets",
             "n_wellness": "lines of pain and stiffness", "n_screening": "tests"}  # fmt: skip
    return {words[name]: int(n) for name, n in row.items()}


def _in_lists(home: Home, keys: list[str]) -> list[str]:
    """Tell the lists of exports that name a recording: they are of many, and stay."""
    if not home.published.exists():
        return []
    with open_published(home.published) as reader:
        rows = reader.frame(LISTED, {"names": keys}).rows()
    return [f"{place} lists it as number {number}: name and date" for place, number in rows]


def _in_settings(home: Home, names: Collection[str]) -> list[str]:
    """Tell the lines of the configuration that name it: nobody edits them but its owner."""
    path = home.root / SETTINGS
    if not path.exists():
        return []
    lines = path.read_text("utf-8").splitlines()
    found = [
        number for number, line in enumerate(lines, start=1)
        if any(f'"{name}"' in line or f"'{name}'" in line for name in names)
    ]  # fmt: skip
    return [f"{SETTINGS}, line {number}: names it; change it by hand" for number in found]
