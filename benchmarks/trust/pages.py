"""Hostile text in every field that files and settings can fill, the real way to the pages."""

# ruff: noqa: E501 - texts of files stand as they are written

from __future__ import annotations

import datetime as dt
import io
import json
import re
import shutil
import sys
import tempfile
import time
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from benchmarks.trust.trial import Trial
from carryover import app
from carryover.handout import people_asked, write_report
from carryover.home import Home
from carryover.warehouse.read import open_published

ROOT: Final = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tests"))
from fit_bytes import (  # noqa: E402 - the builder of files is the tests'
    DEVICE_INFO,
    RECORD,
    SESSION,
    SET,
    at,
    begin,
    introduced,
    records,
    session,
)

NOW: Final = dt.datetime(2024, 5, 12, 8, tzinfo=dt.UTC)
HOST: Final = "evil.example"
EVIL: Final = (
    "</script></textarea><script>window.hacked=1</script>"
    f"<img src=//{HOST}/x onerror=window.hacked=1>"
)
IN_NAMES: Final = "'\"><img src=x onerror=window.hacked=1>\x1b]0;own\x07"
FIELDS: Final = (
    "athlete name", "own name of an exercise", "file name", "member name", "device",
    "sport profile", "developer field", "developer unit", "developer text", "exercise title",
    "gpx name", "gpx type", "gpx creator", "tcx sport", "tcx device", "log exercise", "log note",
    "site", "wellness note", "screening test", "screening note", "hevy title",
    "hevy exercise", "hevy note", "hevy description", "strong workout", "strong exercise",
    "strong note", "strava name", "strava type", "strava description", "strava gear",
    "unknown column", "unreadable line",
)  # fmt: skip
HEVY: Final = (
    "title", "start_time", "end_time", "description", "exercise_title", "superset_id",
    "exercise_notes", "set_index", "set_type", "weight_kg", "reps", "distance_km",
    "duration_seconds", "rpe",
)  # fmt: skip


def evil(field: str) -> str:
    """Return the hostile text of a field; it says which field it is."""
    return f"{field.replace(' ', '-')}{EVIL}"


def _cells(*cells: str) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in cells) + "\n"


def _runs() -> dict[str, bytes]:
    held = {}
    for day in range(4):
        made = begin(serial=390_100 + day)
        made.define(5, DEVICE_INFO, [(0, "uint8", 1), (27, "string", 150)])
        made.data(5, 0, evil("device"))
        introduced(made, bytes(range(16)))
        fields = [(0, "uint8", 1), (1, "uint8", 1), (2, "uint8", 1), (3, "string", 150),
                  (8, "string", 150)]  # fmt: skip
        made.define(15, 206, fields)
        made.data(15, 0, 0, 0x84, evil("developer field"), evil("developer unit"))
        made.data(15, 0, 1, 7, "text", "")
        rows = [
            {"timestamp": day * 86_400 + second, "distance": 3.0 * second, "speed": 3.0,
             "heart_rate": 150, "cadence": 85, "stance_time": 250.0 + second % 7,
             "stance_time_balance": 50.5, "vertical_oscillation": 90.0}
            for second in range(1500)
        ]  # fmt: skip
        records(made, rows)
        made.define(1, RECORD, [(253, "uint32", 1)],
                    developer=[(0, "uint16", 1, 0), (1, "string", 150, 0)])  # fmt: skip
        made.data(1, at(day * 86_400 + 1500), 250, evil("developer text"))
        made.define(2, SESSION, [(253, "uint32", 1), (2, "uint32", 1), (7, "uint32", 1),
                                 (8, "uint32", 1), (5, "enum", 1), (110, "string", 150)])  # fmt: skip
        start = day * 86_400
        made.data(2, at(start + 1500), at(start), 1_500_000, 1_500_000, 1, evil("sport profile"))
        held[f"{day}-file-name{IN_NAMES}.fit"] = made.file()
    return held


def _gym() -> bytes:
    made = session(begin(serial=77_000), elapsed_s=3000, sport=10, sub_sport=20, start_s=40_000)
    made.define(
        6, 264, [(254, "uint16", 1), (0, "uint16", 1), (1, "uint16", 1), (2, "string", 150)]
    )
    made.data(6, 0, 65_534, 7, evil("exercise title"))
    made.define(6, SET, [(254, "uint32", 1), (3, "uint16", 1), (5, "uint8", 1), (6, "uint32", 1),
                         (7, "uint16", 1), (8, "uint16", 1)])  # fmt: skip
    return made.data(6, at(40_100), 10, 1, at(40_100), 65_534, 7).file()


def _texts() -> dict[str, bytes]:
    def told(field: str) -> str:
        return evil(field).replace("&", "&amp;").replace("<", "&lt;")

    def points(open_: str, close: str, lat: str) -> str:
        stamp = "2024-05-09T0{}:{:02d}:{:02d}Z"
        return "".join(f"{open_.format(lat.format(i))}<time>{stamp.format(6, i // 60, i % 60)}</time>{close}"
                       for i in range(600))  # fmt: skip

    trackpoints = points('<trkpt lat="{}" lon="8">', "</trkpt>", "48.{:04d}")
    laps = (
        points("<Trackpoint>", "</Trackpoint>", "").replace("time>", "Time>").replace("T06", "T11")
    )
    return {
        "track.gpx": (
            f'<gpx version="1.1" creator="{told("gpx creator")}"><trk><name>{told("gpx name")}</name>'
            f"<type>{told('gpx type')}</type><trkseg>{trackpoints}</trkseg></trk></gpx>"
        ).encode(),
        "run.tcx": (
            f'<TrainingCenterDatabase><Activities><Activity Sport="{told("tcx sport").replace(chr(34), "")}">'
            f'<Id>2024-05-09T11:00:00Z</Id><Lap StartTime="2024-05-09T11:00:00Z"><Track>{laps}</Track></Lap>'
            f"<Creator><Name>{told('tcx device')}</Name><UnitId>3952083700</UnitId></Creator>"
            "</Activity></Activities></TrainingCenterDatabase>"
        ).encode(),
        "strength.csv": (
            "date,exercise,sets,reps,weight_kg,notes\n"
            + _cells("2024-05-05", "hip thrust", "3", "8", "60", evil("log note"))
            + _cells("2024-05-06", evil("log exercise"), "3", "8", "60", "")
            + _cells("2024-05-07", evil("own name of an exercise"), "3", "8", "60", "")
            + _cells(evil("unreadable line"), "hip thrust", "3", "8", "60", "")
        ).encode(),
        "wellness.csv": ("date,site,pain_0_10,notes\n"
                         + _cells("2024-05-05", evil("site"), "4", evil("wellness note"))).encode(),
        "screening.csv": ("date,test,side,score,notes\n"
                          + _cells("2024-05-05", evil("screening test"), "left", "9", "")
                          + _cells("2024-05-05", "single leg bridge", "left", "9",
                                   evil("screening note"))).encode(),
        "hevy.csv": (_cells(*HEVY, evil("unknown column"))
                     + _cells(evil("hevy title"), "8 May 2024, 18:00", "8 May 2024, 19:00",
                              evil("hevy description"), evil("hevy exercise"), "",
                              evil("hevy note"), "0", "normal", "60", "8", "", "", "", "")).encode(),
        "strong.csv": (
            "Date,Workout Name,Duration,Exercise Name,Set Order,Weight (kg),Reps,Distance,Seconds,Notes,"
            "Workout Notes,RPE\n"
            + _cells("2024-05-10 18:00:00", evil("strong workout"), "1h", evil("strong exercise"), "1",
                     "60", "8", "0", "0", evil("strong note"), "", "")
        ).encode(),
        "activities.csv": (
            "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,"
            "Distance,Activity Gear,Filename\n"
            + _cells("1", "May 4, 2024, 9:00:00 AM", evil("strava name"), evil("strava type"),
                     evil("strava description"), "3600", "10.0", evil("strava gear"), "activities/1.fit")
        ).encode(),
    }  # fmt: skip


def hostile_home(folder: Path) -> Home:
    """Return a home whose every text is hostile, after its night: read, built, drawn, reported."""
    (folder / "data" / "raw").mkdir(parents=True)
    name = json.dumps(evil("athlete name"))
    (folder / "carryover.toml").write_text(
        f'[athlete]\nid = "me"\nname = {name}\nmass_kg = 60.0\nheight_m = 1.7\n', "utf-8"
    )
    own = _cells(evil("own name of an exercise"), "hip_thrust")
    (folder / "exercises.csv").write_text(f"name,exercise_id\n{own}", "utf-8")
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(f"member-name{IN_NAMES}.fit", b"not a run")
        archive.writestr(f"note{IN_NAMES}.txt", evil("member name"))
    files = {**_runs(), "gym.fit": _gym(), **_texts(), f"archive{IN_NAMES}.zip": held.getvalue()}
    for place, content in files.items():
        (folder / "data" / "raw" / place).write_bytes(content)
    home, settings = app.open_home(folder)
    app.ingest(home, settings)
    app.build_and_publish(home, settings, now=NOW)
    app.render(home, settings, now=NOW)
    return home


class _Links(HTMLParser):
    """Collects what a page would fetch or lead to, and its ids and handlers."""

    def __init__(self) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self.handlers: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for key, value in attrs:
            if key in ("href", "src", "action") and re.match(
                r"\s*(//|javascript:)|.*evil", value or ""
            ):
                self.foreign.append(f"<{tag} {key}={value}>"[:120])
            if key.startswith("on"):
                self.handlers.append(f"<{tag} {key}={value}>"[:120])
            if key == "id" and not re.fullmatch(r"[A-Za-z][\w-]*", value or ""):
                self.ids.append(f"<{tag} id={value}>"[:120])


def judged(path: Path) -> list[str]:
    """Return what a page's text holds that it must not: links, handlers, ids from data."""
    links = _Links()
    text = path.read_text("utf-8")
    links.feed(text)
    told = [*links.foreign, *links.handlers, *links.ids]
    if "<script>window.hacked" in text or "<img src=//" in text:
        told.append("hostile text stands there as it is")
    return [f"{path.name}: {what}" for what in told]


def opened(browser: Any, path: Path) -> list[str]:  # noqa: ANN401 - playwright's
    """Open a page, wait until it has drawn, and return what was run or asked for."""
    page = browser.new_page()
    told: list[str] = []
    page.on("dialog", lambda dialog: (told.append("a dialog"), dialog.dismiss()))
    page.on("request", lambda asked: None if asked.url.startswith(("file:", "data:", "blob:"))
            else told.append(f"asked for {asked.url}"))  # fmt: skip
    page.goto(path.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(it => { it.open = true })")
    page.wait_for_timeout(150)
    if page.evaluate("window.hacked !== undefined"):
        told.append("the text was run")
    page.close()
    return [f"{path.name}: {what}" for what in told]


def shown(home: Home, pages: list[Path]) -> list[str]:
    """Return the fields whose text is in the published tables or on a page, so that it was tried."""
    held = "\n".join(path.read_text("utf-8") for path in pages)
    with open_published(home.published) as reader:
        names = reader.frame(
            "select table_name, column_name from duckdb_columns() where data_type = 'VARCHAR' and not internal and schema_name = 'main'",
        )
        for table, column in names.rows():
            frame = reader.frame(
                f'select distinct "{column}" as t from "{table}" where "{column}" is not null'
            )
            held += "\n".join(frame["t"].to_list())
    held = held.replace(" ", "-").lower()
    return [field for field in FIELDS if field.replace(" ", "-") in held]


def one_of_each(pages: list[Path], site: Path) -> list[Path]:
    """Return the pages of the site itself, and of each folder of alike ones the largest."""
    folders: dict[Path, list[Path]] = {}
    for path in pages:
        folders.setdefault(path.parent, []).append(path)
    return [path for folder, held in folders.items()
            for path in (held if folder in (site, site.parent.parent)
                         else [max(held, key=lambda p: p.stat().st_size)])]  # fmt: skip


def tried(browser: Any, folder: Path, *, all_pages: bool = True) -> Trial:  # noqa: ANN401
    """Make the home, open every page and the report, and say what came of it.

    Without `all_pages` one page of each kind is opened; all are looked through either way.
    """
    began = time.monotonic()
    home = hostile_home(folder)
    report = folder / "report.html"
    with open_published(home.published) as reader:
        write_report(reader, people_asked(reader, NOW, None), report, now=NOW)
    pages = [*sorted(home.site.rglob("*.html")), report]
    tries = pages if all_pages else one_of_each(pages, home.site)
    failures = [what for path in pages for what in judged(path)]
    failures += [what for path in tries for what in opened(browser, path)]
    seen = shown(home, pages)
    return Trial(
        ("D1", "D3"), f"hostile text in {len(FIELDS)} fields, opened in a browser", len(tries),
        failures=tuple(failures[:50]), took_s=round(time.monotonic() - began, 1),
        note=f"{len(seen)} of the fields are published or shown",
    )  # fmt: skip


def trials(full: bool) -> list[Trial]:  # noqa: FBT001 - the door of all parts
    """Return what hostile text came to; the short form is the same."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - tests bring their own

    del full
    browser_path = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        trial = tried(browser, Path(folder) / "home")
        browser.close()
    return [trial]
