"""Made homes whose privacy is tried: FIT, GPX and log files of a made athlete, zones at will."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from typer.testing import CliRunner

from benchmarks.trust.privacy_search import (
    Needles,
    Place,
    found_in_files,
    found_in_rows,
    found_in_tables,
    shared_files,
    stored_places,
)
from carryover import app
from carryover.cli import app as commands
from carryover.demo import write_demo
from carryover.home import Home
from carryover.privacy import arc_m, moved
from carryover.settings import Zone

END: Final = dt.date(2026, 6, 28)
NOW: Final = dt.datetime(2026, 6, 29, 9, tzinfo=dt.UTC)
TOML: Final = '[athlete]\nid = "demo"\nmass_kg = 64.0\nheight_m = 1.74\n'
FORMATS: Final = ("csv", "json", "table")
Say = Callable[[Home, list[str]], bytes]
"""Calls a command of a home and returns what it says."""


def made_home(root: Path, *, seed: int, weeks: int, privacy: str) -> Home:
    """Return a home with a made athlete's files, configured with these lines of [privacy]."""
    write_demo(root, weeks=weeks, seed=seed, end_date=END)
    configure(Home(root), privacy)
    return Home(root)


def gpx_home(root: Path, n_runs: int, privacy: str = "") -> Home:
    """Return a small home: runs straight away from one door, a day apart."""
    home = Home(root)
    home.prepare()
    for k in range(n_runs):
        start = dt.datetime(2026, 6, 1 + k, 6, tzinfo=dt.UTC)
        content = gpx_run(start, (47.3769, 8.5417 + 0.01 * k), 0.7 * k)
        (home.raw / f"run{k}.gpx").write_bytes(content)
    configure(home, privacy)
    return home


def configure(home: Home, privacy: str) -> None:
    """Write the configuration, with these lines of [privacy]."""
    (home.root / "carryover.toml").write_text(f"{TOML}\n{privacy}\n", "utf-8")


def read(home: Home) -> None:
    """Read what lies in a home into its store."""
    app.ingest(*app.open_home(home.root))


def gpx_run(start: dt.datetime, door: Place, heading: float, minutes: int = 20) -> bytes:
    """Return a run straight away from a door as GPX: a point every two seconds, 3 m/s."""
    points = []
    for second in range(0, 60 * minutes, 2):
        lat, lon = moved(*door, heading, 3.0 * second)
        when = start + dt.timedelta(seconds=second)
        points.append(
            f'<trkpt lat="{lat:.7f}" lon="{lon:.7f}"><ele>400</ele>'
            f"<time>{when:%Y-%m-%dT%H:%M:%SZ}</time></trkpt>"
        )
    return (
        '<?xml version="1.0"?><gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" '
        f'creator="made"><trk><type>running</type><trkseg>{"".join(points)}</trkseg></trk></gpx>'
    ).encode()


def night(home: Home) -> None:
    """Run a night, without Prefect."""
    _, settings = app.open_home(home.root)
    with home.night_lock():
        app.ingest(home, settings)
        app.build_and_publish(home, settings, now=NOW)
        app.render(home, settings, now=NOW)


def zones_of(home: Home, n: int, seed: int) -> list[Zone]:
    """Return zones drawn around places of the home's runs, by the files themselves."""
    every = [place for places in stored_places(home).values() for place in places]
    rng = np.random.default_rng([seed, 11])
    picked = [every[int(k)] for k in rng.integers(0, len(every), n)]
    return [
        Zone(lat=round(lat, 5), lon=round(lon, 5), radius_m=round(float(rng.uniform(80, 900))))
        for lat, lon in picked
    ]


def as_toml(zones: list[Zone], *, maps: bool = True) -> str:
    """Return zones as lines of carryover.toml."""
    told = [f"[privacy]\nmaps = {'true' if maps else 'false'}"]
    told += [
        f"[[privacy.zones]]\nlat = {z.lat}\nlon = {z.lon}\nradius_m = {z.radius_m}" for z in zones
    ]
    return "\n".join(told)


def within(home: Home, zones: list[Zone]) -> Needles:
    """Return every stored place that lies in a zone, as what must not be found."""
    every = {place for places in stored_places(home).values() for place in places}
    hidden = {p for p in every if any(arc_m((z.lat, z.lon), p) <= z.radius_m for z in zones)}
    return Needles(tuple(sorted(hidden)), (), tuple(sorted(every - hidden)), tuple(zones))


def exports(home: Home, folder: Path, say: Say) -> list[Path]:
    """Write what a person may hand on: answers of `carryover sql` in every format, and a report."""
    folder.mkdir(exist_ok=True)
    query = "select * from sample where run_id = (select min(run_id) from sample)"
    for form in FORMATS:
        command = ["sql", query, "--format", form]
        (folder / f"sample.{form}").write_bytes(say(home, command))
    say(home, ["report", "--out", str(folder / "coach.html"), "--no-pdf"])
    (folder / "doctor.txt").write_bytes(say(home, ["doctor"]))
    return sorted(folder.iterdir())


def carryover(home: Home, command: list[str]) -> bytes:
    """Return what a command says, errors too; raises where it fails."""
    told = subprocess.run(
        [sys.executable, "-m", "carryover", *command, "--home", str(home.root)],
        check=False, capture_output=True,
    )  # fmt: skip
    if told.returncode:
        message = f"carryover {command[0]}: {told.stderr.decode()}"
        raise RuntimeError(message)
    return told.stdout + told.stderr


def said_here(home: Home, command: list[str]) -> bytes:
    """Return what a command says that is called in this very process; raises where it fails."""
    told = CliRunner().invoke(commands, [*command, "--home", str(home.root)])
    if told.exit_code:
        message = f"carryover {command[0]}: {told.output}"
        raise RuntimeError(message)
    return told.output.encode()


def leaks(
    home: Home, needles: Needles, folder: Path | None = None, say: Say = carryover
) -> list[str]:
    """Return where anything that must not be told is: pages, logs, tables, exports."""
    told = found_in_files(shared_files(home), needles)
    told += found_in_tables(home.published, needles)
    return told + (found_in_rows(exports(home, folder, say), needles) if folder else [])


def packed(home: Home, places: list[str]) -> tuple[str, str]:
    """Pack files of data/raw/ into an export, one of them also deeper, as zips do; return both.

    Each member is a copy; names are an export's own.
    """
    raw = home.raw
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as deep:
        for place in places[:2]:
            deep.writestr(f"deep/{Path(place).name}", (raw / place).read_bytes())
    with zipfile.ZipFile(raw / "export.zip", "w", zipfile.ZIP_DEFLATED) as export:
        export.comment = b"made"
        for place in places:
            export.writestr(f"activities/{Path(place).name}", (raw / place).read_bytes())
        export.writestr("older.zip", inner.getvalue())
        export.writestr("readme.txt", "what a person keeps\n")
    (raw / "copy.gz").write_bytes(gzip.compress((raw / places[0]).read_bytes()))
    return "export.zip", "copy.gz"


def asked(home: Home, query: str) -> list[tuple[object, ...]]:
    """Return the rows of a query on the published tables."""
    return app.ask(home, query).rows()


def forgotten(home: Home, name: str) -> dict[str, object]:
    """Run `carryover forget` and return what it says."""
    told = carryover(home, ["forget", name, "--yes", "--json"])
    line = next(line for line in told.decode().splitlines() if line.startswith("{"))
    held: dict[str, object] = json.loads(line)
    return held
