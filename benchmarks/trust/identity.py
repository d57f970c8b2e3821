"""Who is who: the same files again, one run in many wrappings, look-alikes, orders of arrival."""

from __future__ import annotations

import gzip
import hashlib
import io
import random
import tempfile
import time
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb
import polars as pl

from benchmarks.trust.made_pairs import KINDS, Maker, Pair, made_pairs
from benchmarks.trust.part_built import part_built
from benchmarks.trust.small_home import NOW, differences, hashes, home_of
from benchmarks.trust.trial import Trial
from carryover import app
from carryover.home import Home
from carryover.settings import Athlete, Settings

SETTINGS: Final = Settings(athlete=Athlete(home_timezone="Europe/Zurich"))
TWO: Final = (Athlete(id="anna", folder="anna"), Athlete(id="ben", folder="ben"))
LOG: Final = b"date,time,exercise,sets,reps,weight_kg\n2024-05-05,18:30,hip thrust,3,8,60\n"
HEVY: Final = (
    b'"title","start_time","end_time","description","exercise_title","superset_id",'
    b'"exercise_notes","set_index","set_type","weight_kg","reps","distance_km",'
    b'"duration_seconds","rpe"\n"Legs","6 May 2024, 08:00","6 May 2024, 08:37","",'
    b'"Squat (Barbell)",,"",0,"normal",60,8,,,\n'
)
DEEPEST: Final = 3


def trials(full: bool) -> list[Trial]:  # noqa: FBT001 - the door of every part
    """Run all trials; the short form tries each a few times."""
    with tempfile.TemporaryDirectory() as told:
        folder = Path(told)
        return [
            thrice(folder / "thrice"),
            wrapped(folder / "wrapped", 200 if full else 25),
            look_alikes(folder / "alike"),
            labelled(folder / "labelled", 420 if full else 42),
            arrivals(folder / "arrivals", 8 if full else 2),
        ]


def small_files() -> dict[str, bytes]:
    """Return a few runs of several kinds and logs, by place."""
    maker = Maker(random.Random(5), 0.0)
    run, later = maker.run(), Maker(random.Random(6), 3 * 86_400.0)
    return {
        "watch/one.fit": maker.fit(run), "export/one.gpx": maker.gpx(run),
        "watch/two.fit": later.fit(run), "export/two.tcx": later.tcx(run),
        "strength.csv": LOG, "hevy.csv": HEVY,
        "watch/broken.fit": maker.fit(run)[:900],
    }  # fmt: skip


def thrice(folder: Path, n: int = 3) -> Trial:
    """Bring the same files in so many times, each with a build: nothing new, the same tables."""
    begun, failures = time.monotonic(), []
    source, home = folder / "source", Home(folder / "home")
    for name, content in small_files().items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(content)
    held: list[tuple[dict[str, int], dict[str, str]]] = []
    for number in range(n):
        app.bring_in(home, [source])
        report = app.ingest(home, SETTINGS)
        app.build_and_publish(home, SETTINGS, force=True, now=NOW)
        held.append((stored(home), hashes(home.published)))
        if bool(report.read) != (number == 0):
            failures.append(f"time {number + 1}: {report.read} files were read")
    for rows, tables in held[1:]:
        failures += [f"rows of {name}" for name in rows if rows[name] != held[0][0][name]]
        failures += [f"table {name} differs" for name in differences(tables, held[0][1])]
    return Trial(
        ("I1",), "the same files brought in and built three times", n, failures=tuple(failures),
        took_s=time.monotonic() - begun,
        note=f"{len(held[0][1])} tables, {held[0][0]['sample']} samples",
    )  # fmt: skip


def stored(home: Home) -> dict[str, int]:
    """Return how many rows each table of a store has."""
    with duckdb.connect(str(home.store), read_only=True) as connection:
        rows = connection.execute("select table_name from duckdb_tables()").fetchall()
        return {
            name: connection.execute(f"select count(*) from {name}").fetchall()[0][0]
            for (name,) in rows
        }


def wrap(content: bytes, ending: str, chance: random.Random) -> tuple[str, bytes]:
    """Return one content under a new name: as it is, packed, or in archives in archives."""
    name, depth = f"{chance.getrandbits(40):x}.{ending}", chance.randint(0, DEEPEST)
    for _ in range(depth):
        if chance.random() < 0.3 and not name.endswith(".gz"):
            name, content = f"{name}.gz", gzip.compress(content, mtime=chance.getrandbits(30))
            continue
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", chance.choice([0, 8])) as archive:
            archive.writestr(f"{chance.choice(['', 'activities/', 'a/b/'])}{name}", content)
            if chance.random() < 0.5:
                archive.writestr("readme.txt", chance.randbytes(20))
        name, content = f"{chance.getrandbits(40):x}.zip", packed.getvalue()
    return f"{chance.choice(['', 'x/', 'y/z/'])}{name}", content


def wrapped(folder: Path, n: int) -> Trial:
    """Put one activity into a home in so many wrappings: it is one run, all places told."""
    begun = time.monotonic()
    maker = Maker(random.Random(7), 0.0)
    content = maker.fit(maker.run())
    files = {"plain.fit": content} | dict(
        wrap(content, "fit", random.Random(number)) for number in range(n - 1)
    )
    failures = places_lost(home_of(folder, files), files, content)
    return Trial(
        ("I2",), "one activity in many wrappings in one home", len(files),
        failures=tuple(failures), took_s=time.monotonic() - begun,
    )  # fmt: skip


def places_lost(home: Home, files: Mapping[str, bytes], content: bytes) -> list[str]:
    """Return what is wrong where all these files hold nothing but this content."""
    app.ingest(home, SETTINGS)
    told = part_built(home, SETTINGS, "activity", "run_match", "source_place")
    failures = [
        f"{told[name].height} rows of {name}, not one"
        for name in ("activity", "run_match")
        if told[name].height != 1
    ]
    sha = hashlib.sha256(content).hexdigest()
    places = told["source_place"].filter(pl.col("sha256") == sha)["path"].to_list()
    for name in files:
        inside = [place for place in places if place == name or place.startswith(f"{name}!")]
        if len(inside) != 1:
            failures.append(f"{name}: its places are {inside}")
    return failures if len(places) == len(files) else [*failures, f"{len(places)} places"]


def look_alikes(folder: Path) -> Trial:
    """Different runs that share a name, a minute and a sport: of two people, of one person."""
    begun, failures = time.monotonic(), []
    maker = Maker(random.Random(11), 0.0)
    run = maker.run()
    other = maker.another(run)
    files = {"anna/run.fit": maker.fit(run), "ben/run.fit": maker.fit(other),
             "ben/copy/run.fit": maker.fit(other, every=3)}  # fmt: skip
    kinds = [kind for kind, (is_one, _) in KINDS.items() if not is_one]
    # One home, but a person of its own for each pair: nobody else's runs are compared with it.
    pairs = {f"of{n}": p for n, p in enumerate(made_pairs(len(KINDS), seed=3)) if p.kind in kinds}
    for who, pair in pairs.items():
        (_, one), (_, two) = pair.files
        files |= {f"{who}/a/run.fit": one, f"{who}/b/run.fit": two}
    people = [*TWO, *(Athlete(id=who, folder=who, home_timezone="Europe/Zurich") for who in pairs)]
    home, settings = home_of(folder, files), Settings(athletes=people)
    app.ingest(home, settings)
    told = part_built(home, settings, "run_match", "activity")
    matched = told["run_match"].select("activity_id", run="run_id").join(
        told["activity"].select("activity_id", "athlete_id"), on="activity_id"
    )  # fmt: skip
    runs = {str(who): set(held["run"]) for (who,), held in matched.group_by("athlete_id")}
    if len(runs["anna"] | runs["ben"]) != 2:
        failures.append(f"two people have {len(runs['anna'] | runs['ben'])} runs")
    failures += [
        f"{pair.kind}: {len(runs[who])} runs of two"
        for who, pair in pairs.items()
        if len(runs[who]) != 2
    ]
    return Trial(
        ("I4",), "different runs of one name, minute and sport", 1 + len(pairs),
        failures=tuple(failures), took_s=time.monotonic() - begun,
    )  # fmt: skip


def labelled(folder: Path, n: int, seed: int = 1) -> Trial:
    """Read so many labelled pairs and count wrong and missed matches; a missed one is told."""
    begun = time.monotonic()
    pairs = made_pairs(n, seed)
    wrong, missed = judged(pairs, *match(folder, pairs))
    n_one = sum(pair.is_one for pair in pairs)
    note = (
        f"{n_one} pairs of one run, {len(missed)} not matched; "
        f"{n - n_one} of two, {len(wrong)} matched"
    )
    return Trial(
        ("I4", "I5"), "labelled pairs without serial numbers and with wrong times of making", n,
        failures=tuple(wrong), took_s=time.monotonic() - begun, note=note,
    )  # fmt: skip


def match(folder: Path, pairs: Sequence[Pair]) -> tuple[dict[str, str], set[str]]:
    """Return the run of each file of all pairs in one home, and the places that issues name."""
    home = home_of(folder, dict(file for pair in pairs for file in pair.files))
    app.ingest(home, SETTINGS)
    told = part_built(home, SETTINGS, "run_match", "source_file", "run_issue")
    runs = (
        told["source_file"].select("path", "activity_id").join(told["run_match"], on="activity_id")
    )
    return dict(runs.select("path", "run_id").iter_rows()), set(told["run_issue"]["subject"])


def judged(
    pairs: Sequence[Pair], runs: Mapping[str, str], told: set[str]
) -> tuple[list[str], list[str]]:
    """Return the pairs that were matched wrongly, or lost, and those of one run that were not."""
    wrong, missed = [], []
    for pair in pairs:
        names = [name for name, _ in pair.files]
        if not runs.keys() >= set(names):
            wrong.append(f"{pair.kind}, {names[0]}: a file brought no run")
            continue
        is_one = runs[names[0]] == runs[names[1]]
        if is_one and not pair.is_one:
            wrong.append(f"{pair.kind}, {names[0]}: two runs became one")
        if pair.is_one and not is_one:
            asked = "a person is asked" if told & set(names) else "nobody is asked"
            missed.append(f"{pair.kind}, {names[0]}: one run stayed two, {asked}")
    return wrong, missed


def arrivals(folder: Path, n: int) -> Trial:
    """Let files come one a night in so many random orders: the tables are those of one night."""
    begun, failures = time.monotonic(), []
    files = small_files()
    home = home_of(folder / "whole", files)
    app.ingest(home, SETTINGS)
    app.build_and_publish(home, SETTINGS, now=NOW)
    wanted = hashes(home.published)
    for number in range(n):
        order = random.Random(number).sample(sorted(files), len(files))
        home = Home(folder / str(number))
        for name in order:
            home_of(home.root, {name: files[name]})
            app.ingest(home, SETTINGS)
        app.build_and_publish(home, SETTINGS, now=NOW)
        differ = differences(hashes(home.published), wanted)
        failures += [f"{' '.join(order)}: {', '.join(differ)}"] * bool(differ)
    return Trial(
        ("I9",), "files that come one by one in random orders", n, failures=tuple(failures),
        took_s=time.monotonic() - begun, note=f"{len(files)} files, {len(wanted)} tables",
    )  # fmt: skip
