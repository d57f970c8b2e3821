"""Exports as people download them: Strava's zip, Garmin's zip of zips, a watch's folder."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from fit_bytes import FitBytes, at, begin

STRAVA_HEADER: Final = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,"
    "Distance,Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear,Filename,"
    "Athlete Weight,Bike Weight,Elapsed Time,Moving Time,Distance,Max Speed,Average Speed,"
    "Elevation Gain,Elevation Loss,Calories,Media"
)
"""The columns of an English list, the tail shortened."""
GERMAN_HEADER: Final = (
    "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Aktivitätsbeschreibung,"
    "Verstrichene Zeit,Distanz,Max. Herzfrequenz,Relative Leistung,Pendeln,Hinweis zur "
    "Privatsphäre für Aktivitäten,Aktivitätsausrüstung,Dateiname,Sportlergewicht,Fahrradgewicht,"
    "Verstrichene Zeit,Bewegungszeit,Distanz,Höchstgeschw.,Durchschnittliche Geschwindigkeit,"
    "Höhenzunahme,Höhenunterschied,Kalorien,Medien"
)
MONITORING: Final = 103
NAMED: Final = {"monitoring": 32, "settings": 2, "sport": 3, "workout": 5, "course": 6, "goals": 11}
"""Kinds of FIT files that are no activities, by file_id.type."""


def strava_row(
    strava_id: int, date: str, *, name: str = "Morning Run", sport: str = "Run", text: str = "",
    gear: str = "", filename: str = "", elapsed_s: float = 1800, moving_s: float | None = None,
    distance_m: float = 5000, km: str | None = None,
) -> list[str]:  # fmt: skip
    """Return one row of a list, in the columns of STRAVA_HEADER."""
    moving = elapsed_s if moving_s is None else moving_s
    shown = f"{distance_m / 1000:.2f}" if km is None else km
    return [
        str(strava_id), date, name, sport, text, f"{elapsed_s:.0f}", shown, "171.0", "38.0",
        "false", "", gear, filename, "60.0", "", f"{elapsed_s:.1f}", f"{moving:.1f}",
        f"{distance_m:.6f}", "5.1", "2.8", "21.0", "20.0", "310.0", "",
    ]  # fmt: skip


def strava_list(
    rows: Iterable[Sequence[str]], *, header: str = STRAVA_HEADER, end: str = "\n"
) -> bytes:
    """Return an activities.csv: a bare header, cells quoted where they must be."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=end)
    writer.writerows(rows)
    return f"{header}{end}{text.getvalue()}".encode()


def strava_zip(
    files: Mapping[str, bytes], rows: Iterable[Sequence[str]] = (), *,
    header: str = STRAVA_HEADER, litter: bool = True,
) -> bytes:  # fmt: skip
    """Return Strava's bulk export: a list, `activities/`, and what else a person has there.

    `files` are contents by their name below `activities/`; a name that ends in .gz is packed.
    """
    members = {"activities.csv": strava_list(rows, header=header)}
    for name, content in files.items():
        held = gzip.compress(content, mtime=0) if name.endswith(".gz") else content
        members[f"activities/{name}"] = held
    if litter:
        members |= {
            "profile.csv": b"Athlete ID,Email Address\n1,a@example.org\n",
            "shoes.csv": b"Shoe Brand,Shoe Model,Shoe Name\nBrand,Model,Blue\n",
            "media/1F2A.jpg": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 20,
            "clubs.csv": b"Club Name\n", "routes/": b"", "contacts.csv": b"",
        }  # fmt: skip
    return zipped(members)


def garmin_zip(
    files: Mapping[str, bytes], *, noise: int = 40, parts: int = 2, macos: bool = False
) -> bytes:
    """Return Garmin's account export: a zip with JSON beside zips of FIT files.

    `noise` FIT files that are no activities lie among `files`, beside empty ones.
    """
    person = "runner@example.org"
    outer: dict[str, bytes] = {
        f"DI_CONNECT/DI-Connect-Fitness/{person}_{n}_summarizedActivities.json": json.dumps(
            [{"summarizedActivitiesExport": [{"activityId": n, "name": "Zürich Running"}]}]
        ).encode()
        for n in range(3)
    }
    outer |= {
        "DI_CONNECT/DI-Connect-User/user_profile.json": b'{"userName": "runner"}',
        f"DI_CONNECT/DI-Connect-Wellness/{person}_sleepData.json": b"[]",
        "IT_GLOBAL/account.json": b'{"country": "CH"}',
        "customer_data/empty.json": b"",
    }
    held = [(f"{person}_{1000 + n}.fit", content) for n, content in enumerate(files.values())]
    kinds = [*["monitoring"] * 8, *NAMED]
    held += [
        (f"{person}_{5000 + n}.fit", other_fit(kinds[n % len(kinds)], n)) for n in range(noise)
    ]
    held += [(f"{person}_{9000 + n}.fit", b"") for n in range(3)]
    for part in range(parts):
        some = dict(held[part::parts])
        if macos:
            some |= {f"__MACOSX/._{name}": b"\0" * 178 for name in list(some)}
        name = f"DI_CONNECT/DI-Connect-Uploaded-Files/UploadedFiles_0-_Part{part + 1}.zip"
        outer[name] = zipped(some)
    return zipped(outer)


def watch_folder(root: Path, files: Mapping[str, bytes], *, map_mb: float = 0.5) -> Path:
    """Write a watch as it is mounted: activities beside maps, settings and all-day monitoring."""
    members = {f"GARMIN/Activity/{name}": content for name, content in files.items()}
    members |= {
        "GARMIN/GarminDevice.xml": b'<?xml version="1.0"?><Device><Id>390077</Id></Device>',
        "GARMIN/gmapprom.img": random.Random(1).randbytes(round(map_mb * 1e6)),
        "GARMIN/RemoteSW/GUPDATE.GCD": b"GARMIN\0" + bytes(5000),
        "GARMIN/Settings/SETTINGS.FIT": other_fit("settings", 1),
        "GARMIN/Sports/RUN.FIT": other_fit("sport", 2),
        "GARMIN/Monitor/M1A.FIT": other_fit("monitoring", 3),
        "GARMIN/Monitor/M1B.FIT": other_fit("monitoring", 4),
        "GARMIN/Courses/HOME.FIT": other_fit("course", 5),
        "GARMIN/Text/ENGLISH.LNG": b"<?xml version='1.0'?><lang/>",
        ".Trash-1000/files/old.fit": b"",
        "desktop.ini": b"[.ShellClassInfo]",
    }
    for name, content in members.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root / "GARMIN"


def other_fit(kind: str, number: int, minutes: int = 180) -> bytes:
    """Return a sound FIT file of another kind; monitoring has about 4 kB, as a day has."""
    made = begin(serial=390_077 + number, kind=NAMED[kind])
    if kind != "monitoring":
        return made.file()
    fields = [(253, "uint32", 1), (3, "uint32", 1), (4, "uint32", 1), (26, "uint16", 1),
              (5, "enum", 1), (24, "byte", 1), (27, "uint8", 1)]  # fmt: skip
    return monitored(made, number, fields, minutes).file()


def monitored(
    made: FitBytes, number: int, fields: Sequence[tuple[int, str, int]], minutes: int
) -> FitBytes:
    """Add a stretch of all-day monitoring: steps, distance, intensity, heart rate."""
    made.define(1, MONITORING, fields)
    for minute in range(minutes):
        made.data(1, at(86_400 * number + 60 * minute), 100 * minute, 40 * minute, minute, 6, 3, 60)
    return made


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip of members; a name that ends in / is a folder."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()
