"""Exports as downloaded, to the published tables: the same runs whatever they came in."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from carryover import app, reading, tally
from carryover.cli import app as command_line
from carryover.demo.write import write_demo
from carryover.errors import ExitCode
from carryover.home import Home
from carryover.intake import identify
from carryover.reading import read_files
from carryover.settings import Machine, Settings
from exports import garmin_zip, other_fit, strava_row, strava_zip, watch_folder, zipped
from fit_bytes import begin, records, session, steady
from homes import home_with

SETTINGS = Settings()
DATE = "May 4, 2024, 7:00:00 AM"


def fit(serial: int, seconds: int = 900) -> bytes:
    """A sound run of its own watch, on a day of its own."""
    since_s = 86_400 * serial
    rows = [row | {"timestamp": since_s + (row["timestamp"] or 0)} for row in steady(seconds)]
    made = records(begin(serial=serial), rows)
    return session(made, elapsed_s=seconds, start_s=since_s).file()


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Real files of a made week: FIT and GPX."""
    folder = tmp_path_factory.mktemp("made")
    write_demo(folder / "home", weeks=1, seed=1, end_date=dt.date(2026, 3, 1))
    made = sorted((folder / "home" / "data" / "raw" / "watch").iterdir())
    smallest = sorted(made, key=lambda path: path.stat().st_size)[:3]
    return {f"{n}{path.suffixes[0]}": _plain(path) for n, path in enumerate(smallest)}


def _plain(path: Path) -> bytes:
    content = path.read_bytes()
    return gzip.decompress(content) if path.suffix == ".gz" else content


def packed(files):
    return {f"{name}.gz": content for name, content in files.items()}


WAYS = {
    "plain": lambda files: {f"watch/{name}": content for name, content in files.items()},
    "packed": lambda files: {name: gzip.compress(c) for name, c in packed(files).items()},
    "renamed": lambda files: {f"x{n}": content for n, content in enumerate(files.values())},
    "Strava": lambda files: {"export_1.zip": strava_zip(packed(files))},
    "Strava, unpacked": lambda files: {
        f"export_1/activities/{name}": gzip.compress(c) for name, c in packed(files).items()
    },
    "Garmin": lambda files: {"garmin.zip": garmin_zip(files, macos=True)},
    "a zip each": lambda files: {f"{n}.zip": zipped({n: c}) for n, c in files.items()},
}


def built(home: Home) -> Home:
    app.ingest(home, SETTINGS)
    app.build_and_publish(home, SETTINGS)
    return home


def activities(home: Home):
    return app.ask(home, "select * exclude (name, gear) from activity order by all").rows()


@pytest.fixture(scope="module")
def plain(files, tmp_path_factory):
    """What the plain files give."""
    return activities(built(home_with(tmp_path_factory.mktemp("plain"), WAYS["plain"](files))))


@pytest.mark.parametrize("way", sorted(set(WAYS) - {"plain"}))
def test_the_same_runs_whatever_they_came_in(tmp_path, files, plain, way):
    """Plain, packed, renamed or in an export of any layout, files give the same activities."""
    assert len(plain) == 3
    assert activities(built(home_with(tmp_path, WAYS[way](files)))) == plain


def test_all_ways_at_once_are_one_activity_each(tmp_path, files, plain):
    """A recording in seven wrappings is one activity, with all of its places."""
    home = built(home_with(tmp_path, *(way(files) for way in WAYS.values())))
    assert activities(home) == plain
    places = app.ask(home, "select n_places from source_file where activity_id is not null")
    assert places["n_places"].to_list() == [len(WAYS)] * 3


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A home with both exports: runs named in Strava's list, hundreds of other files."""
    folder = tmp_path_factory.mktemp("exported")
    runs = {f"{n}.fit": fit(n, 900 + 60 * n) for n in range(1, 4)}
    rows = [
        strava_row(1, DATE, name="Hills", gear="Blue", filename="activities/1.fit.gz"),
        strava_row(2, DATE, name="Long one", filename="activities/2.fit.gz"),
        strava_row(8, DATE, filename="activities/8.fit.gz"),
        strava_row(9, "May 5, 2024, 6:00:00 PM", name="Legs", sport="Weight Training"),
    ]
    home = home_with(
        folder,
        {
            "export_1.zip": strava_zip(packed(runs), rows),
            "garmin.zip": garmin_zip({"a.fit": fit(7)}, noise=400, macos=True),
            "broken.zip": zipped(
                {f"{n:02}.fit": b"\x0e\x20 no run" + bytes([n]) for n in range(30)}
            ),
        },
    )
    report = app.ingest(home, SETTINGS)
    app.build_and_publish(home, SETTINGS)
    return home, report


def test_a_report_counts_what_came_in(exported):
    """One line an archive, in words."""
    _, report = exported
    assert report.lines() == [
        "3 files found, 3 new: 3 loaded",
        "broken.zip: 30 files that cannot be read",
        "export_1.zip: 3 activities, 1 list of activities, 4 other files, 1 empty file",
        "garmin.zip: 1 activity, 400 other FIT files, 6 other files, 4 empty files",
    ]
    told = json.loads(json.dumps(report.as_dict()))
    assert told["archives"]["garmin.zip"] == {
        "activities": 1, "other_fit": 400, "other": 6, "empty": 4,
    }  # fmt: skip


def test_what_is_no_activity_is_counted_once(exported):
    """Hundreds of other files are one line a sort; broken ones are named, twenty at most."""
    home, report = exported
    issues = app.ask(home, "select subject, what from data_issue").rows()
    assert len([row for row in issues if row[0] == "garmin.zip"]) == 3
    assert any("400 of 401 FIT files are no activities: 2" in what for _, what in issues)
    broken = [row for row in issues if row[0].startswith("broken.zip")]
    assert len(broken) == 21
    assert ("broken.zip!…", "set aside: 10 more files, for such reasons") in broken
    assert len(tally.artifact(home.root, report).splitlines()) < 45
    named = app.ask(home, "select count(*) from source_file where path like 'garmin.zip!%'").item()
    assert named > 400


def test_a_list_names_runs_and_shoes(exported):
    """A run has its name and shoes from the list, and still what the watch called it."""
    home, _ = exported
    rows = app.ask(
        home,
        "select a.name, a.gear, e.is_found, a.run_id = e.run_id from export_entry as e "
        "join activity as a using (activity_id) order by a.name",
    ).rows()
    assert rows == [("Hills", "Blue", True, True), ("Long one", None, True, True)]
    named = app.ask(home, "select name, recorded_name from run where gear = 'Blue'").rows()
    assert named == [("Hills", None)]


def test_gym_work_of_a_list_is_a_session(exported):
    """A row of gym work without a file is a strength session with its time and length."""
    home, _ = exported
    (row,) = app.ask(home, "select kind, duration_s, time_known, note from strength_session").rows()
    assert row == ("strength", 1800.0, True, "Legs")


def test_a_list_and_its_files_are_compared(exported):
    """Rows without a file, and files without a row, are counted."""
    home, _ = exported
    told = app.ask(
        home, "select what from data_issue where subject like '%activities.csv' order by what"
    )
    assert told["what"].to_list() == [
        "1 file beside it, named in no row", "1 of 4 rows name a file that is not there",
    ]  # fmt: skip


def test_an_unpacked_export_finds_its_files(tmp_path):
    """The list finds its files in a folder as it does in a zip."""
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        pass
    (tmp_path / "x.zip").write_bytes(
        strava_zip({"1.fit.gz": fit(1)}, [strava_row(1, DATE, filename="activities/1.fit.gz")])
    )
    home = home_with(tmp_path / "home", {})
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        archive.extractall(home.raw / "strava")
    built(home)
    assert app.ask(home, "select is_found, activity_id is not null from export_entry").rows() == [
        (True, True)
    ]


def call(*words: str):
    return CliRunner().invoke(command_line, list(words))


def test_an_export_is_taken_from_anywhere(tmp_path, monkeypatch):
    """`ingest` of a zip from another folder copies it, reads it and says what is in it."""
    (tmp_path / "Downloads").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "Downloads" / "export.zip").write_bytes(
        strava_zip({"1.fit.gz": fit(1)}, [strava_row(1, DATE, filename="activities/1.fit.gz")])
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path / "elsewhere")
    words = ("ingest", "~/Downloads/export.zip", "--home", str(tmp_path / "home"))
    done = call(*words)
    assert done.exit_code == ExitCode.FINE, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("1 file copied, ")
    assert "export.zip: 1 activity, 1 list of activities, 4 other files, 1 empty file" in lines
    assert (tmp_path / "home" / "data" / "raw" / "export.zip").exists()
    again = json.loads(call(*words, "--json").stdout)
    assert (again["brought"]["copied"], again["brought"]["there"], again["read"]) == (0, 1, 0)
    assert call("ingest", "~/Downloads/typo.zip", *words[2:]).exit_code == ExitCode.WRONG_CALL


def test_a_watch_is_told_in_few_words(tmp_path):
    """Ingesting a mounted watch says in one line what was passed over."""
    root = watch_folder(tmp_path / "media", {"A.FIT": fit(1)})
    done = call("ingest", str(root), "--home", str(tmp_path / "home"))
    assert done.exit_code == ExitCode.FINE, done.stderr
    passed = [line for line in done.stdout.splitlines() if line.startswith("passed over: ")]
    assert len(passed) == 1
    assert "2 FIT files with all-day monitoring" in passed[0]
    assert "1 file found, 1 new: 1 loaded" in done.stdout


def test_a_linked_folder_is_read_and_stays_while_it_is_away(tmp_path):
    """A synced folder linked into data/raw/ is read; unmounted, it is told and nothing is lost."""
    synced = watch_folder(tmp_path / "synced", {"A.FIT": fit(1)})
    home = home_with(tmp_path / "home", {"own.fit": fit(2)})
    (home.raw / "watch").symlink_to(synced)
    built(home)
    before = activities(home)
    assert len(before) == 2
    shutil.move(synced, tmp_path / "away")
    report = app.ingest(home, SETTINGS)
    assert report.forgotten == 0
    assert [line.partition(":")[0] for line in report.unreadable] == ["watch"]
    app.build_and_publish(home, SETTINGS, force=True)
    assert activities(home) == before
    (home.raw / "watch").unlink()
    assert app.ingest(home, SETTINGS).forgotten > 0


def test_the_bar_moves_inside_an_archive(tmp_path, monkeypatch):
    """One archive is many steps, each with its share of the bytes on disk."""
    path = tmp_path / "garmin.zip"
    monkeypatch.setattr(reading, "BYTES_PER_MB", 40_000)
    path.write_bytes(garmin_zip({f"{n}.fit": fit(n) for n in range(1, 9)}, parts=3))
    found = identify(tmp_path, path)
    settings = Settings(machine=Machine(batch_mb=1))
    steps = [r.disk_bytes for r in read_files([found], settings, frozenset())]
    assert len(steps) > 2
    assert min(steps[:-1]) > 0
    assert sum(steps) == found.size_bytes


MEMORY = """
import resource, sys
from pathlib import Path
from carryover.intake import identify
from carryover.reading import read_files
from carryover.settings import Settings
path = Path(sys.argv[1])
found = identify(path.parent, path)
n = sum(r.content.height for r in read_files([found], Settings(), frozenset()))
print(n, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""
MB = 1 << 20


def _large(path: Path, n_mb: int) -> Path:
    """A zip of a zip that holds days of monitoring, and one film several times."""
    film = os.urandom(MB)
    inner = path.with_suffix(".inner")
    with zipfile.ZipFile(inner, "w") as archive:
        for number in range(max(n_mb // 60, 1)):
            archive.writestr(f"{number}.fit", other_fit("monitoring", number))
            with archive.open(f"{number}.mp4", "w") as member:
                for _ in range(min(n_mb, 60)):
                    member.write(film)
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inner, "UploadedFiles_0-_Part1.zip")
    inner.unlink()
    return path


def _peak_mb(path: Path, temporary: Path) -> tuple[int, int]:
    temporary.mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(path)], capture_output=True, text=True, check=True,
        env=os.environ | {"TMPDIR": str(temporary)},
    )  # fmt: skip
    n, peak = map(int, done.stdout.split())
    return n, peak


def test_a_large_archive_is_read_where_it_lies(tmp_path):
    """An archive of 300 MB in another costs no more memory than a small one, and leaves nothing."""
    temporary = tmp_path / "tmp"
    _, small = _peak_mb(_large(tmp_path / "small.zip", 1), temporary)
    n, large = _peak_mb(_large(tmp_path / "large.zip", 300), temporary)
    assert n == 8
    assert large - small < 100
    assert not list(temporary.iterdir())
