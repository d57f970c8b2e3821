"""Schedules: one night a local day in every zone, units and cron lines that mean what they say."""

from __future__ import annotations

import asyncio
import configparser
import datetime as dt
import itertools
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from carryover import app
from carryover.clock import WEEKDAYS, clock_of
from carryover.errors import SettingsError, UsageError
from carryover.nights import nights
from carryover.recipes import Kind, Place, recipe, units
from carryover.settings import Settings
from homes import home_with

ROOT = Path(__file__).parents[1]
DAY = dt.timedelta(days=1)
ZONES = ["Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Europe/Helsinki",
         "America/St_Johns", "Africa/Casablanca", "Asia/Kathmandu", "UTC"]  # fmt: skip
TODAY = dt.date(2026, 11, 1)
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
ODD = Path("/home/anna/my run's 50%/$HOME")
systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


def place(home: Path = Path("/home/anna/running"), cron="0 3 * * *", timezone="Europe/Zurich"):
    held = "/home/anna/carryover/.venv/bin/"
    return Place((f"{held}carryover",), (f"{held}prefect",), home, cron, timezone)


def dates(cron: str, zone: str, years: int = 10) -> list[dt.datetime]:
    """Return when Prefect's server runs a schedule, in that zone's clock."""
    from prefect.server.schemas.schedules import CronSchedule

    where = ZoneInfo(zone)
    schedule = CronSchedule(cron=cron, timezone=zone)
    at, end = (dt.datetime(year, 1, 1, tzinfo=where) for year in (2026, 2026 + years))
    found: list[dt.datetime] = []
    while got := asyncio.run(schedule.get_dates(n=1000, start=at, end=end)):
        found += got
        at = got[-1] + dt.timedelta(seconds=1)
    return [one.astimezone(where) for one in found]


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("cron", ["30 2 * * *", "0 3 * * *"])
def test_prefect_runs_one_night_a_local_day(zone, cron):
    """For ten years each local date has exactly one night, also where the clocks change."""
    days = Counter(one.date() for one in dates(cron, zone))
    whole = (dt.date(2036, 1, 1) - dt.date(2026, 1, 1)).days
    assert len(days) == whole
    assert set(days.values()) == {1}


@pytest.mark.parametrize("zone", ["America/Havana", "Africa/Cairo"])
def test_where_midnight_is_left_out_nights_stay_a_day_apart(zone):
    """Where the clocks leave out the night's own hour at midnight, no two nights are 25 h apart."""
    found = dates("30 0 * * *", zone)
    utc = [one.astimezone(dt.UTC) for one in found]
    apart = {later - earlier for earlier, later in itertools.pairwise(utc)}
    assert min(apart) >= dt.timedelta(hours=23)
    assert max(apart) <= dt.timedelta(hours=25)


@pytest.mark.parametrize("zone", ["Europe/Zurich", "America/New_York", "Australia/Lord_Howe"])
def test_pages_are_made_anew_once_a_local_day(zone):
    """Two nights of one local date share the pages' day, nights of two never: also at 02:30."""
    settings = Settings.model_validate({"schedule": {"timezone": zone}})
    where = ZoneInfo(zone)
    for one in dates("30 2 * * *", zone):
        again = one.replace(fold=1)
        for moment in {one.astimezone(dt.UTC), again.astimezone(dt.UTC)}:
            assert app._day_key("state", settings, moment) == f"state@{one.date()}"
        tomorrow = dt.datetime.combine(one.date() + DAY, dt.time(2, 30), where)
        key = app._day_key("state", settings, tomorrow.astimezone(dt.UTC))
        assert key == f"state@{one.date() + DAY}"


FIELD = st.sampled_from(["*", "0", "*/7", "3,5", "1-4", "2-5/2", "5"])
NAMED = st.sampled_from(["*", "1", "jan", "feb-apr", "*/3"])
WEEKDAY = st.sampled_from(["*", "0", "7", "mon-fri", "sun", "6,0", "*/2"])


@given(
    st.tuples(FIELD, FIELD, FIELD.map(lambda t: "1" if t == "0" else t), NAMED, WEEKDAY),
    st.integers(0, 4 * 366 * 24 * 60),
)
def test_a_cron_line_means_what_it_means_to_cron(words, minute):
    """A line taken apart holds exactly the minutes that a cron parser of others gives."""
    from cronsim import CronSim

    cron = " ".join(words)
    assume("*" in words[2::2] or "*" not in {words[2][0], words[4][0]})
    clock = clock_of(cron)
    begun = START + dt.timedelta(minutes=minute)
    following = next(CronSim(cron, begun))
    assert holds(clock, following)
    probe = begun + dt.timedelta(minutes=1)
    while probe < following and probe < begun + dt.timedelta(hours=5):
        assert not holds(clock, probe)
        probe += dt.timedelta(minutes=1)


def holds(clock, moment: dt.datetime) -> bool:
    """Return whether systemd, told `on_calendar`, would run at that minute."""
    return any(_elapses(line, moment) for line in clock.on_calendar("UTC"))


def _elapses(line: str, moment: dt.datetime) -> bool:
    *weekday, date, time, zone = line.split()
    year, month, day = date.split("-")
    hour, minute, second = time.split(":")
    assert (year, second, zone) == ("*", "00", "UTC")
    named = [name.capitalize() for name in WEEKDAYS][(moment.weekday() + 1) % 7]
    pairs = ((month, moment.month), (day, moment.day), (hour, moment.hour), (minute, moment.minute))
    return all(held == "*" or value in map(int, held.split(",")) for held, value in pairs) and (
        not weekday or named in weekday[0].split(",")
    )


@pytest.mark.parametrize(
    "cron", ["0 3 * *", "0 3 ? * *", "0 3 * * 1#2", "0 24 * * *", "5-1 3 * * *", "*/0 3 * * *",
             "0 3 L * *", "0 3 */2 * mon", "0 3 1 * */2", "/ 3 * * *", "0 3 * * mo", "- 3 * * *"],
)  # fmt: skip
def test_a_line_that_only_some_clocks_know_is_refused(cron):
    """What systemd and every cron cannot be told alike is an error that says so."""
    with pytest.raises(SettingsError):
        clock_of(cron)


@systemd
@pytest.mark.parametrize(
    "cron", ["0 3 * * *", "*/15 1-5 1,15 jan-jun mon", "30 4 * * 0", "7 */6 */10 2 *"]
)
def test_systemd_understands_the_calendar(cron):
    """Each OnCalendar line is one that systemd takes, and its next time is the cron line's."""
    from cronsim import CronSim

    base = START + dt.timedelta(days=300, hours=12)
    told = []
    for line in clock_of(cron).on_calendar("UTC"):
        done = subprocess.run(
            ["systemd-analyze", "calendar", f"--base-time={base:%Y-%m-%d %H:%M:%S} UTC", line],
            capture_output=True, text=True, check=False,
            env=os.environ | {"TZ": "UTC", "LC_ALL": "C"},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        told += re.findall(r"Next elapse: \w+ ([\d-]+ [\d:]+) UTC", done.stdout)
    assert min(told) == f"{next(CronSim(cron, base)):%Y-%m-%d %H:%M:%S}"


@systemd
@pytest.mark.parametrize("kind", [Kind.SYSTEMD, Kind.PREFECT])
@pytest.mark.parametrize("home", [Path("/home/anna/running"), ODD], ids=["plain", "odd"])
def test_systemd_takes_the_units(tmp_path, kind, home):
    """`systemd-analyze verify` has nothing to say about what is printed."""
    program = tmp_path / "bin" / "run it"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    where = Place((str(program),), (str(program),), home, "0 3 1 * mon", "Europe/Zurich")
    for name, text in units(kind, where).items():
        (tmp_path / name).write_text(text)
    files = [str(tmp_path / name) for name in units(kind, where)]
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files],
        capture_output=True, text=True, check=False,
        env=os.environ | {"SYSTEMD_UNIT_PATH": f"{tmp_path}:/usr/lib/systemd/system"},
    )  # fmt: skip
    ours = [line for line in done.stderr.splitlines() if "carryover" in line]
    assert ours == []


@pytest.mark.parametrize("kind", [Kind.SYSTEMD, Kind.PREFECT])
def test_units_are_private_gentle_and_found_again(kind):
    """Each service keeps its files to itself and knows its home; the timer catches up."""
    for name, text in units(kind, place()).items():
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        parser.optionxform = str
        parser.read_string(text)
        if name.endswith(".timer"):
            assert parser["Timer"]["OnCalendar"] == "*-*-* 03:00:00 Europe/Zurich"
            assert parser["Timer"]["Persistent"] == "true"
            continue
        service = parser["Service"]
        assert service["UMask"] == "0077"
        assert service["NoNewPrivileges"] == "yes"
        assert "/home/anna/running" in text
        assert service["ExecStart"].startswith("/home/anna/carryover/.venv/bin/")
    if kind is Kind.SYSTEMD:
        assert "SuccessExitStatus=3" in units(kind, place())["carryover-nightly.service"]
    else:
        assert "--host 127.0.0.1" in units(kind, place())["carryover-prefect.service"]


def test_the_script_writes_the_units(tmp_path):
    """What is printed, given to a shell, writes exactly these units and starts the timer."""
    said = fake_bin(tmp_path)
    where = place(ODD)
    script = recipe(Kind.SYSTEMD, where, TODAY)
    environment = {"HOME": str(tmp_path), "PATH": f"{tmp_path}/bin:/usr/bin:/bin"}
    subprocess.run(["sh"], input=script, text=True, check=True, env=environment)
    for name, text in units(Kind.SYSTEMD, where).items():
        assert (tmp_path / ".config/systemd/user" / name).read_text() == text
    assert "--user enable --now carryover-nightly.timer" in said.read_text()


def fake_bin(folder: Path) -> Path:
    """Put a systemctl and a loginctl into a folder that only write down what they are told."""
    said = folder / "said"
    (folder / "bin").mkdir()
    for name in ("systemctl", "loginctl"):
        program = folder / "bin" / name
        program.write_text(f'#!/bin/sh\necho "$@" >> "{said}"\n')
        program.chmod(0o755)
    return said


def test_an_hour_that_the_clocks_leave_out_is_told():
    """Where systemd would skip a night in spring, the schedule says when, and only there."""
    told = recipe(Kind.SYSTEMD, place(timezone="Europe/Helsinki"), TODAY)
    assert "leave out 03:00 on 2027-03-28" in told
    assert "leave out" not in recipe(Kind.SYSTEMD, place(), TODAY)
    assert clock_of("30 2 * * *").left_out("Australia/Lord_Howe", TODAY) is None
    gap = clock_of("15 2 * * *").left_out("Australia/Lord_Howe", TODAY)
    assert f"{gap:%Y-%m-%d %H:%M}" == "2027-10-03 02:15"


def test_a_path_with_a_line_break_is_refused():
    """No path can add a line to a unit or to a crontab."""
    for kind in Kind:
        with pytest.raises(UsageError):
            recipe(kind, place(Path("/home/anna\nExecStartPre=/bin/false")), TODAY)


@pytest.mark.timeout(900)
def test_the_cron_line_runs_a_night_without_server_and_network(tmp_path):
    """The printed line, run by `sh` in an empty environment and without a network, is a night."""
    from cronsim import CronSim

    home = home_with(tmp_path / "my run's 50% home", {"a.csv": b"date,site\n"})
    told = subprocess.run(
        [sys.executable, "-m", "carryover", "schedule", "cron", "--home", str(home.root)],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "CRON_TZ=UTC\n" in told
    line = told.splitlines()[-1]
    fields, command = line.split(" ", 5)[:5], line.split(" ", 5)[5]
    assert next(CronSim(" ".join(fields), START)) == START + dt.timedelta(hours=3)
    assert not re.search(r"(?<!\\)%", command)
    done = subprocess.run(
        [*no_network(), "env", "-i", f"PYTHONPATH={ROOT / 'src'}:{ROOT}", f"HOME={tmp_path}",
         "PATH=/usr/bin:/bin", "sh", "-c", command.replace(r"\%", "%")],
        check=False, cwd="/",
    )  # fmt: skip
    log = home.warehouse_dir / "cron.log"
    assert done.returncode == 0, log.read_text()
    assert "1 file found" in log.read_text()
    assert nights(home)["state"].to_list() == ["ok"]
    assert not (tmp_path / ".prefect").exists()
    made = [home.published, home.store, log, home.warehouse_dir / "prefect" / "prefect.db"]
    assert [oct(path.stat().st_mode & 0o077) for path in made] == ["0o0"] * len(made)


def no_network() -> list[str]:
    """Return what cuts a command off from every network but its own loopback, where that may be."""
    up = ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    able = shutil.which("unshare") and shutil.which("ip")
    if able and not subprocess.run([*up, "true"], capture_output=True, check=False).returncode:
        return up
    return []


def test_the_docs_show_what_is_printed():
    """The units in docs/schedule.md are those that the command prints."""
    page = (ROOT / "docs" / "schedule.md").read_text("utf-8")
    for kind in (Kind.SYSTEMD, Kind.PREFECT):
        for text in units(kind, place()).values():
            assert text in page
    assert recipe(Kind.CRON, place(), TODAY) in page
