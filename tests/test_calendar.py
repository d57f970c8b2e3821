"""The day that a person would name, for runs and gym sessions of every kind of file."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from carryover import app
from carryover.home import Home
from carryover.settings import Athlete, Settings
from carryover.warehouse.read import open_published
from fit_bytes import START
from made_runs import Made, copy, track, watch

BERLIN = Settings(athlete=Athlete(home_timezone="Europe/Berlin"))
TOKYO, ANGELES, ZURICH = (35.68, 139.77), (34.05, -118.25), (47.37, 8.54)
HOUR = 3600


def since(zone, *clock):
    """Return seconds from START to a wall clock somewhere (fold=1: the second time it strikes)."""
    *moment, fold = clock if len(clock) == 6 else (*clock, 0)
    local = dt.datetime(*moment, tzinfo=ZoneInfo(zone), fold=fold)
    return (local - START).total_seconds()


def run(writer, around, begun, seconds=1500, **more):
    return writer(Made(seconds=seconds, around=around), begun, **more)


# What a person did → the file, the day they would name, and who told.
STORIES = {
    "an evening run at home, by the watch": (
        run(watch, ZURICH, since("Europe/Zurich", 2024, 5, 4, 20, 0)), "2024-05-04", "file"),
    "a run begun at 23:50 that ends tomorrow": (
        run(watch, ZURICH, since("Europe/Zurich", 2024, 5, 4, 23, 50)), "2024-05-04", "file"),
    "a run at 00:30, still yesterday in UTC": (
        run(watch, ZURICH, since("Europe/Zurich", 2024, 5, 5, 0, 30)), "2024-05-05", "file"),
    "a run at 00:30 by phone, without any offset": (
        run(track, ZURICH, since("Europe/Zurich", 2024, 5, 6, 0, 30)), "2024-05-06", "position"),
    "half past one, the night the clocks go forward": (
        run(copy, ZURICH, since("Europe/Zurich", 2024, 3, 31, 1, 30)), "2024-03-31", "position"),
    "across the hour that spring skips, from a late Saturday": (
        run(watch, ZURICH, since("Europe/Zurich", 2023, 3, 25, 23, 40), 3 * HOUR, offset_s=HOUR),
        "2023-03-25", "file"),
    "half past two, the first time, the night the clocks go back": (
        run(copy, ZURICH, since("Europe/Zurich", 2024, 10, 27, 2, 30, 0)), "2024-10-27",
        "position"),
    "half past two, the second time": (
        run(track, ZURICH, since("Europe/Zurich", 2024, 10, 27, 2, 30, 1)), "2024-10-27",
        "position"),
    "before breakfast in Tokyo, before the flight": (
        run(watch, TOKYO, since("Asia/Tokyo", 2024, 6, 5, 6, 0), offset_s=9 * HOUR),
        "2024-06-05", "file"),
    "the same evening in Los Angeles, after it": (
        run(watch, ANGELES, since("America/Los_Angeles", 2024, 6, 5, 18, 0), offset_s=-7 * HOUR),
        "2024-06-05", "file"),
    "in Los Angeles with a phone alone": (
        run(track, ANGELES, since("America/Los_Angeles", 2024, 6, 6, 20, 0)), "2024-06-06",
        "position"),
    "on a ferry, the phone on the clock of the harbour": (
        run(track, (59.4, 22.0), since("Europe/Stockholm", 2024, 6, 9, 23, 30), hours=2),
        "2024-06-09", "file"),
    "in Los Angeles with a watch that writes UTC as its local time": (
        run(watch, ANGELES, since("America/Los_Angeles", 2024, 6, 7, 20, 0), offset_s=0),
        "2024-06-07", "position"),
    "a hotel's treadmill, the watch on local time": (
        run(watch, None, since("America/Los_Angeles", 2024, 6, 8, 20, 0), offset_s=-7 * HOUR),
        "2024-06-08", "file"),
    "a treadmill at home at 00:15, the file tells no zone": (
        run(copy, None, since("Europe/Berlin", 2024, 7, 1, 0, 15)), "2024-07-01", "home"),
    "New Year's Eve at 23:45 in Auckland, noon in Europe": (
        run(track, (-36.85, 174.76), since("Pacific/Auckland", 2023, 12, 31, 23, 45)),
        "2023-12-31", "position"),
    "a leap day's run in Nepal, whose clock is a quarter off": (
        run(watch, (27.7, 85.3), since("Asia/Kathmandu", 2024, 2, 29, 23, 0), offset_s=20_700),
        "2024-02-29", "file"),
}  # fmt: skip


@pytest.fixture(scope="module")
def days(tmp_path_factory):
    """Every story's file, read and built: local date and who told it, by story."""
    home = Home(tmp_path_factory.mktemp("home"))
    home.prepare()
    for number, (content, *_) in enumerate(STORIES.values()):
        (home.raw / f"{number:02d}").write_bytes(content)
    app.ingest(home, BERLIN)
    app.build_and_publish(home, BERLIN)
    with open_published(home.published) as reader:
        rows = reader.frame(
            "select f.path, r.local_date::varchar, a.tz_source, f.status from source_file f "
            "join activity a on a.source_sha256 = f.sha256 join run r using (run_id)"
        ).rows()
    found = {path: told for path, *told in rows}
    return {name: found[f"{number:02d}"] for number, name in enumerate(STORIES)}


@pytest.mark.parametrize("name", STORIES)
def test_a_run_has_the_day_that_a_person_would_name(days, name):
    """The date is the runner's own at the start, told by the file, else the place, else home."""
    _, day, source = STORIES[name]
    assert days[name] == [day, source, "loaded"]


LOG = "date,time,exercise,sets,reps,weight_kg\n"
SESSIONS = {
    "2024-05-04,23:50,hip thrust,3,8,60": ("2024-05-04", "2024-05-04 21:50:00+00:00"),
    "2024-05-05,00:10,hip thrust,3,8,60": ("2024-05-05", "2024-05-04 22:10:00+00:00"),
    "2024-10-27,02:30,hip thrust,3,8,60": ("2024-10-27", "2024-10-27 00:30:00+00:00"),
    "2024-03-31,01:30,hip thrust,3,8,60": ("2024-03-31", "2024-03-31 00:30:00+00:00"),
    "2024-03-31,02:30,hip thrust,3,8,60": ("2024-03-31", "2024-03-31 01:30:00+00:00"),
    "2024-07-01,,hip thrust,3,8,60": ("2024-07-01", "2024-07-01 10:00:00+00:00"),
}
"""A line of the own log at home → its day and instant; an hour that spring skips is moved."""


def test_a_gym_session_has_the_day_that_its_line_says(tmp_path):
    """A log is kept by the clock at home, also in nights when that clock jumps."""
    home = Home(tmp_path)
    home.prepare()
    (home.raw / "strength.csv").write_text(LOG + "\n".join(SESSIONS) + "\n")
    app.ingest(home, BERLIN)
    app.build_and_publish(home, BERLIN)
    with open_published(home.published) as reader:
        rows = reader.frame("select local_date, started_at from strength_session").rows()
    assert sorted((str(day), str(at)) for day, at in rows) == sorted(SESSIONS.values())
