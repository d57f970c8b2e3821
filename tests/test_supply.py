"""What is installed and what was there before: pins by hash, a whole wheel, an older warehouse."""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from typer.testing import CliRunner

from carryover import app
from carryover.cli import app as cli
from carryover.errors import CarryoverError, ExitCode
from carryover.home import Home
from carryover.intake import archives
from carryover.normalise import TABLES
from carryover.registrations import FILE_NAME
from carryover.warehouse.read import open_own, open_published
from carryover.warehouse.store import open_store
from homes import home_with

ROOT = Path(__file__).parents[1]
OLDER = Path(__file__).parent / "older"
PACKAGES = {"src/carryover": "carryover", "pipelines": "pipelines", "dashboards": "dashboards"}
NOW = dt.datetime(2026, 5, 9, 3, tzinfo=dt.UTC)
POINT = (
    '<trkpt lat="{lat:.6f}" lon="8.5"><ele>400</ele>'
    "<time>2026-05-04T06:{m:02d}:{s:02d}Z</time></trkpt>"
)
POINTS = "".join(
    POINT.format(lat=47 + t * 2.7e-5, m=t // 60, s=t % 60) for t in range(0, 20 * 60, 2)
)
RUN = (
    '<?xml version="1.0"?>\n<gpx xmlns="http://www.topografix.com/GPX/1/1" version="1.1" '
    f'creator="test"><trk><type>running</type><trkseg>{POINTS}</trkseg></trk></gpx>\n'
)
STRENGTH = (
    "date,time,exercise,sets,reps,weight_kg,side,rpe,duration_min,kind,notes\n"
    "2026-05-02,18:00,hip thrust,3,8,60,,,,,\n"
)
READER = """import duckdb, sys
reader = duckdb.connect(sys.argv[1], read_only=True)
for _ in "ab":
    print(reader.execute("select count(distinct run_id) from run").fetchone()[0], flush=True)
    sys.stdin.readline()
"""
FILES = {"run.gpx": RUN.encode(), "strength.csv": STRENGTH.encode()}


def lock() -> list[tuple[str, str, list[str]]]:
    """Return each pin of the lock: package, version, hashes; a package may have one a Python."""
    text = (ROOT / "requirements.lock").read_text("utf-8")
    held = []
    for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
        head = re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", block)
        assert head, block[:80]
        hashes = re.findall(r"--hash=sha256:([0-9a-f]+)", block)
        held.append((canonicalize_name(head[1]), head[2], hashes))
    return held


def test_every_pin_has_a_hash_and_no_host():
    """What is installed is what was pinned: a version and its hashes, from wherever it comes."""
    text = (ROOT / "requirements.lock").read_text("utf-8")
    assert not re.search(r"://|^\s*-(?!-hash)|@\s|--(?:extra-)?index", text, re.MULTILINE)
    pins = lock()
    assert len(pins) > 100
    assert len({(name, version) for name, version, _ in pins}) == len(pins)
    for name, _, hashes in pins:
        assert hashes, name
        assert all(len(told) == 64 for told in hashes), name
        assert len(set(hashes)) == len(hashes), name


@pytest.mark.parametrize("extra", [None, "demo", "dev", "build-system"])
def test_what_the_project_asks_for_is_pinned_within_its_ranges(extra):
    """Every direct dependency is in the lock, at versions that pyproject.toml allows."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    if extra is None:
        asked = told["project"]["dependencies"]
    elif extra == "build-system":
        asked = told["build-system"]["requires"]
    else:
        asked = told["project"]["optional-dependencies"][extra]
    for line in asked:
        wanted = Requirement(line)
        pins = [v for name, v, _ in lock() if name == canonicalize_name(wanted.name)]
        assert pins, line
        assert all(wanted.specifier.contains(version) for version in pins), f"{line}: {pins}"


def test_make_env_installs_by_hash():
    """The Makefile installs nothing whose hash is not asked for, but the project itself."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    installs = re.findall(r"pip (?:install|download|wheel)\b.*", makefile)
    assert len(installs) >= 4
    for line in installs:
        own = re.search(r"--no-deps --no-build-isolation (-e )?.*\.", line)
        assert "--require-hashes" in line or own or "--no-index" in line, line


def test_the_limits_that_are_told_are_those_that_hold():
    """SECURITY.md gives the figures of the program: what it promises is what is done."""
    told = (ROOT / "SECURITY.md").read_text("utf-8")
    assert f"at most {archives.MAX_FILE_BYTES >> 20} MB a file" in told
    assert f"a ratio of {archives.MAX_RATIO}, {archives.MAX_ARCHIVE_BYTES >> 30} GB" in told
    assert f"{archives.MAX_MEMBERS:,} members an archive" in told
    assert archives.MAX_DEPTH == 3
    assert "three archives deep" in told


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The project's wheel, built from the tree without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check",
         "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(ROOT)],
        check=True, capture_output=True,
    )  # fmt: skip
    [made] = folder.glob("carryover-*.whl")
    return made


def test_the_wheel_holds_every_file_of_the_packages(wheel):
    """SQL, templates, styles, catalogues and examples are in the wheel, and nothing of a person."""
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("the list of files is git's")
    listed = subprocess.run(
        ["git", "ls-files", *PACKAGES], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\n")
    here = [path for path in listed if path and (ROOT / path).exists()]
    wanted = {
        f"{package}/{Path(path).relative_to(folder).as_posix()}"
        for path in here for folder, package in PACKAGES.items() if path.startswith(f"{folder}/")
    }  # fmt: skip
    with zipfile.ZipFile(wheel) as packed:
        held = {name for name in packed.namelist() if ".dist-info/" not in name}
    assert {Path(path).suffix for path in wanted} > {".sql", ".csv", ".toml", ".html", ".css"}
    assert wanted - held == set()
    assert {name for name in held - wanted if "__pycache__" not in name} == set()


def test_the_wheel_tells_what_it_is(wheel):
    """Name, licence, Python and dependencies stand in the wheel; `carryover` is its command."""
    with zipfile.ZipFile(wheel) as packed:
        [where] = [name for name in packed.namelist() if name.endswith("/METADATA")]
        told = packed.read(where).decode()
        commands = packed.read(where.replace("METADATA", "entry_points.txt")).decode()
    assert "Name: carryover\n" in told
    assert "Requires-Python: <3.14,>=3.11" in told
    assert "carryover = carryover.cli:main" in commands
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    needs = {Requirement(line.split(": ", 1)[1]).name for line in told.splitlines()
             if line.startswith("Requires-Dist") and "extra ==" not in line}  # fmt: skip
    assert needs == {Requirement(line).name for line in asked}


@dataclass(frozen=True)
class Installed:
    """The wheel installed away from the source tree, and a home after its first night there."""

    target: Path
    environment: dict[str, str]
    home: Home
    said: str


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Installed:
    """A night by what is installed from the wheel."""
    folder = tmp_path_factory.mktemp("installed")
    target = folder / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
         "--no-index", "--no-deps", "--target", str(target), str(wheel)],
        check=True, capture_output=True,
    )  # fmt: skip
    home = home_with(folder / "home", FILES)
    night = (
        "import datetime as dt, pathlib, sys, carryover; from carryover import app\n"
        "import dashboards, pipelines\n"
        "for held in (carryover, dashboards, pipelines): print(held.__file__)\n"
        "now = dt.datetime(2026, 5, 9, 3, tzinfo=dt.UTC)\n"
        "home, settings = app.open_home(pathlib.Path(sys.argv[1]))\n"
        "app.ingest(home, settings); app.build_and_publish(home, settings, now=now)\n"
        "print(app.render(home, settings, now=now))\n"
    )
    environment = os.environ | {"PYTHONPATH": str(target)}
    done = subprocess.run(
        [sys.executable, "-c", night, str(home.root)], cwd=folder, env=environment,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    return Installed(target, environment, home, done.stdout)


def test_a_night_runs_from_the_wheel_alone(installed, tmp_path):
    """Installed from the wheel, away from the source tree, it reads, builds, publishes, draws."""
    *places, pages = installed.said.split()
    assert all(Path(place).is_relative_to(installed.target) for place in places)
    assert int(pages) > 5
    assert (installed.home.site / "index.html").exists()
    version = subprocess.run(
        [sys.executable, "-m", "carryover", "--version"], cwd=tmp_path, env=installed.environment,
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert version.strip() == f"carryover {told['project']['version']}"


def older_home(folder: Path) -> Home:
    """Return a home as an earlier version left it: its files, its store, what it published."""
    home = home_with(folder, FILES)
    for path, name in ((home.store, "store.sql"), (home.published, "published.sql")):
        with duckdb.connect(str(path)) as connection:
            connection.execute((OLDER / name).read_text("utf-8"))
    return home


def held(home: Home) -> dict[str, list]:
    """Return what the present program published, table by table, without its clocks."""
    told = {}
    with open_published(home.published) as reader:
        for table in ("source_file", "run", "run_form", "strength_set", "dose_day"):
            frame = reader.frame(f"select * from {table}")
            told[table] = sorted(map(repr, frame.drop("ingested_at", strict=False).rows()))
    return told


def test_the_store_of_an_earlier_version_is_read_anew(installed, tmp_path):
    """An upgrade reads every file again, and comes to what a new home comes to."""
    older = older_home(tmp_path / "older")
    question = "a question of before, kept as it is"
    (older.root / FILE_NAME).write_text(f"# {question}\n")
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(older.published)], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert reader.stdout.readline() == "1\n"
    where, settings = app.open_home(older.root)
    plan = app.find(where, settings)
    assert sorted(f.path.name for batch in plan.batches for f in batch) == sorted(FILES)
    with open_store(where.store, TABLES, memory_limit="1GB") as store:
        assert [place for place, _ in store.disk()] == sorted(FILES)
    app.ingest(where, settings)
    assert app.build_and_publish(where, settings, now=NOW)
    assert app.render(where, settings, now=NOW)
    # Who read the old file reads it still.
    assert reader.communicate("again\n", timeout=60)[0] == "1\n"
    assert question in (older.root / FILE_NAME).read_text()
    assert held(older) == held(installed.home)
    assert held(older)["run_form"]


def test_a_store_of_a_later_version_loses_no_file(tmp_path):
    """What a later version kept is dropped, read again from the files, and the lost are missed."""
    home = older_home(tmp_path / "home")
    with duckdb.connect(str(home.store)) as connection:
        connection.execute("create table from_the_future as select 1 as x")
        connection.execute("update meta set value = 'later' where name = 'layout'")
    where, settings = app.open_home(home.root)
    report = app.ingest(where, settings)
    assert report.statuses == {"loaded": 2}
    for path in home.raw.iterdir():
        path.unlink()
    with duckdb.connect(str(home.store)) as connection:
        connection.execute("update meta set value = 'later' where name = 'layout'")
    with pytest.raises(CarryoverError, match="files were here before"):
        app.find(where, settings)


@pytest.mark.parametrize("words", [["render"], ["report", "--no-pdf"]])
def test_an_older_warehouse_is_named_with_its_remedy(tmp_path, words):
    """Pages asked of an older version's tables say so and name the command; no query is shown."""
    home = older_home(tmp_path / "home")
    done = CliRunner().invoke(cli, [*words, "--home", str(home.root)])
    assert done.exit_code == ExitCode.FAILED
    assert "built by another version of carryover. Run `carryover build`" in done.stderr
    assert "Binder" not in done.stderr


def test_a_query_of_a_person_is_their_own(tmp_path):
    """A wrong word in a query of a person's is told as that; one of ours is a matter of version."""
    home = older_home(tmp_path / "home")
    with open_published(home.published) as reader, pytest.raises(CarryoverError, match="failed"):
        reader.frame("select nothing from run")
    with (
        pytest.raises(CarryoverError, match="another version"),
        open_own(home.published) as reader,
    ):
        reader.frame("select nothing from run")
