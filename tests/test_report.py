"""What leaves the house: one small file, no script, no place, no serial number, no file name."""

from __future__ import annotations

import copy
import json
import os
import re
import shutil
import stat
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from typer.testing import CliRunner

from carryover import handout
from carryover.cli import app
from carryover.errors import CarryoverError, ExitCode, UsageError
from carryover.pdf import chromium, is_ours, print_pdf
from carryover.site import people_of
from dashboards.model import Person
from dashboards.report_sheet import MARK
from site_fixture import HOSTILE, NOW, FileReader, athlete_rows, hostile, merged, write_warehouse
from test_site import Links
from test_site_browser import SIZES

if TYPE_CHECKING:
    from collections.abc import Callable


MAX_BYTES = 500 * 1024
EACH_BYTES = 90 * 1024
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
SECRETS = (
    "3474900107", "3472900376", "88112233", "52.516", "13.377", "52.5163", "13.3777",
    "geheim-2026-03-04.fit", "/home/anna/", "privat/laeufe", "Zürichberg", "Dr. Huber",
    "left the gym at", "Prototype X", "Morning ",
)  # fmt: skip
"""Planted: serials, positions, paths, file names, names of runs, notes, names as written."""


@cache
def planted() -> dict:
    """Return a year of an athlete in which every place that may hold a secret holds one."""
    rows = copy.deepcopy(athlete_rows(name="Anna"))
    for k, epoch in enumerate(rows["sensor_epoch"]):
        epoch |= {
            "serial": "3474900107", "manufacturer": "garmin",
            "device": "Prototype X 3474900107" if k else "3474900107",
            "dynamics_source": f"strap or pod 347290037{6 - k}",
        }  # fmt: skip
    names = {f"anna-{end}": f"garmin fr965 3474900107 fw 24 + pod 3472900376 {end}" for end in "ab"}
    for part in rows.values():
        for row in part:
            if row.get("sensor_epoch") in names:
                row["sensor_epoch"] = names[row["sensor_epoch"]]
            if row.get("run_id"):
                row["run_id"] = f"88112233-{row['run_id']}"
    _told(rows)
    return rows


def _told(rows: dict) -> None:
    """Plant what people and files tell in their own words."""
    for run in rows["run"]:
        run["name"] = "Zürichberg with Dr. Huber"
    for file in rows["source_file"]:
        file |= {"path": "/home/anna/privat/laeufe/geheim-2026-03-04.fit"}
    for issue in rows["data_issue"]:
        issue |= {
            "subject": "privat/laeufe/geheim-2026-03-04.fit", "remedy": "see /home/anna/",
            "what": "geheim-2026-03-04.fit is cut off",
        }  # fmt: skip
    for note in rows["wellness"]:
        note["note"] = "left the gym at Zürichberg 52.5163 13.3777"
    for held in rows["strength_set"]:
        held["exercise_raw"] = "Dr. Huber's thing"


STATES = {
    "full": lambda: athlete_rows(samples=False),
    "planted": planted,
    "empty": dict,
    "no strength": lambda: athlete_rows(strength=False, samples=False),
    "hostile": lambda: hostile(athlete_rows(name="Anna", samples=False)),
    "one-sided": lambda: {
        name: rows for name, rows in athlete_rows(samples=False).items()
        if not name.endswith("_symmetry")
    },
    "squad": lambda: merged(
        planted(), athlete_rows("bo", "Bo", seed=2, samples=False),
        hostile(athlete_rows("evil", "Evil", seed=3, samples=False)),
    ),
}  # fmt: skip


def home_of(folder: Path, rows: dict) -> Path:
    """Return a home whose warehouse holds these rows, and nothing else."""
    (folder / "data" / "warehouse").mkdir(parents=True)
    write_warehouse(folder / "data" / "warehouse" / "carryover.duckdb", rows)
    return folder


def written(folder: Path, state: str) -> Path:
    home = home_of(folder / state.replace(" ", "-"), STATES[state]())
    path = home / "report.html"
    with duckdb.connect(
        str(home / "data" / "warehouse" / "carryover.duckdb"), read_only=True
    ) as connection:
        reader = FileReader(connection)
        handout.write_report(reader, people_of(reader, NOW), path, now=NOW)
    return path


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One report a state."""
    folder = tmp_path_factory.mktemp("reports")
    return {state: written(folder, state) for state in STATES}


def call(home: Path, *words: str, env: dict[str, str | None] | None = None) -> Any:
    return CliRunner().invoke(app, ["report", "--home", str(home), *words], env=env)


NONE = {"PATH": "/nonexistent", "CARRYOVER_CHROMIUM": None}
"""An environment without any Chromium."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of one athlete."""
    return home_of(tmp_path_factory.mktemp("home"), STATES["planted"]())


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of three."""
    return home_of(tmp_path_factory.mktemp("team"), STATES["squad"]())


@pytest.mark.parametrize("state", STATES)
def test_a_report_is_one_small_file_that_runs_nothing(reports: dict[str, Path], state: str) -> None:
    """No script, no handler, nothing loaded, a strict policy; below 500 KiB, 90 an athlete."""
    text = reports[state].read_text("utf-8")
    links = Links(text)
    assert len(text.encode()) <= MAX_BYTES
    assert len(text.encode()) <= EACH_BYTES * (4 if state == "squad" else 1)
    assert not {"script", "img", "iframe", "object", "embed", "form", "base"} & set(links.tags)
    assert not links.handlers
    targets = {t for t in links.targets if t != "data:,"}
    assert targets == ({f"#athlete-{k}" for k in (1, 2, 3)} if state == "squad" else set())
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert policy[1].startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    style = text.split("<style>")[1].split("</style>")[0]
    assert not re.search(r"url\(|@import|http", style)
    assert MARK in text[: handout.HEAD_BYTES]


@pytest.mark.parametrize("state", ["planted", "squad"])
def test_a_report_tells_no_secret(reports: dict[str, Path], state: str) -> None:
    """No serial, position, path, file name, name of a run, note or name as written gets out."""
    text = reports[state].read_text("utf-8")
    for secret in SECRETS:
        assert secret not in text, secret
    if state == "planted":
        assert not re.search(r"runs/|\.html|\.fit|latitude|/home/|data/raw", text)


def test_hostile_text_is_only_text(reports: dict[str, Path]) -> None:
    """Hostile names, sites, tests and firmware are shown as text, in words and in figures."""
    for state in ("hostile", "squad"):
        text = reports[state].read_text("utf-8")
        assert HOSTILE not in text
        assert "evil.example" in text
        links = Links(text)
        assert not links.handlers
        assert not {"script", "img"} & set(links.tags)


def plain(text: str) -> str:
    body = text.split("</style>")[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_a_report_says_what_a_coach_asks(reports: dict[str, Path]) -> None:
    """Verdict, what would settle it, checks, moved, side, dose, placement, pain, tests, limits."""
    text = plain(reports["full"].read_text("utf-8"))
    for words in (
        "Anna", "188 runs", "Not enough data yet.", "What would settle it: Six more weeks",
        "Moved calendar informative 31 % do as well.", "Not run: Upper-body work (",
        "Late in the run", "Ground contact time", "likely", "within noise",
        "Contact balance:", "Glute dose stands at", "Hold.", "the day after a workout",
        "Barbell hip thrust", "rising", "18 Nov left knee", "Single-leg bridge 21 reps 24 reps",
        "left weaker", "Due again: Single-leg bridge left", "Forerunner 965",
        "computed, not measured, and no evidence: vertical oscillation, vertical ratio",
        "What this cannot say", "Associations, not causes", "Made on Sun 22 Nov 2026",
    ):  # fmt: skip
        assert words in text, words


def test_a_model_that_carries_a_serial_is_not_named(reports: dict[str, Path]) -> None:
    """Where the product's words hold a number of a device, the report says a watch or app."""
    text = plain(reports["planted"].read_text("utf-8"))
    assert text.count("A watch or app") == 2
    assert "form from a strap or pod" in text


@pytest.mark.parametrize("state", ["empty", "no strength", "one-sided"])
def test_what_is_missing_is_said(reports: dict[str, Path], state: str) -> None:
    """Without runs, strength or sides a report stands and says what there is not."""
    text = plain(reports[state].read_text("utf-8"))
    said = {
        "empty": ("no run yet", "No run of these weeks tells left from right", "No sensor"),
        "no strength": ("There is no glute dose yet", "No screening test is known"),
        "one-sided": ("Contact balance",),
    }[state]
    for words in said:
        assert words in text, words
    assert "None" not in text


def test_a_squad_opens_with_its_table(reports: dict[str, Path]) -> None:
    """Several athletes: a table first, then each one's part in the order of the table."""
    text = reports["squad"].read_text("utf-8")
    assert text.index('class="squad"') < text.index("<article")
    names = re.findall(r'<a href="#athlete-(\d)">', text)
    assert names == ["1", "2", "3"]
    first = re.findall(r"<h1>([^<]*)</h1>", text)
    rows = re.findall(r'<a href="#athlete-\d">([^<]*)</a>', text)
    assert first[0] == "Squad"
    assert first[1:] == rows


def test_the_same_night_gives_the_same_bytes(tmp_path: Path, reports: dict[str, Path]) -> None:
    """The same warehouse and day give the same report."""
    assert written(tmp_path, "full").read_bytes() == reports["full"].read_bytes()


def test_the_command_writes_and_says_where(home: Path) -> None:
    """The report stands beside the site under the athlete's id; again over its own; as JSON."""
    done = call(home, env=NONE)
    assert done.exit_code == ExitCode.FINE, done.stderr
    path = home / "dashboards" / "report-anna.html"
    assert str(path) in done.stdout
    assert "No Chromium is here" in done.stderr
    again = call(home, "--no-pdf", "--json")
    assert json.loads(again.stdout) == {
        "files": [{"path": str(path), "bytes": path.stat().st_size}]
    }
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0


def test_without_chromium_a_wanted_pdf_fails(home: Path) -> None:
    """`--pdf` without a Chromium leaves with 1 and a plain word; the page is written."""
    done = call(home, "--pdf", env=NONE)
    assert done.exit_code == ExitCode.FAILED
    assert "No Chromium is here" in done.stderr
    assert "report-anna.html" in done.stdout


def test_a_chromium_that_is_none_is_a_wrong_call(home: Path) -> None:
    """CARRYOVER_CHROMIUM must be a program; nothing is written before that is known."""
    done = call(home, env={"CARRYOVER_CHROMIUM": "/nonexistent/chromium"})
    assert done.exit_code == ExitCode.WRONG_CALL
    assert "no program that can be run" in done.stderr


@pytest.mark.parametrize(
    ("asked", "words"),
    [("bob", "Did you mean bo?"), ("qqqq", "Name one of anna, bo, evil."), ("BO", ""), ("bo", "")],
)
def test_a_stranger_is_told_the_nearest(team: Path, asked: str, words: str) -> None:
    """An athlete is found by id or name; an unknown one is told who is near."""
    done = call(team, "--athlete", asked, "--no-pdf")
    assert (done.exit_code == ExitCode.WRONG_CALL) == bool(words)
    assert words in done.stderr
    if not words:
        assert (team / "dashboards" / "report-bo.html").exists()


def test_without_a_name_several_share_one_file(team: Path) -> None:
    """All athletes of a home go into dashboards/report.html."""
    done = call(team, "--no-pdf")
    assert done.exit_code == ExitCode.FINE, done.stderr
    assert (team / "dashboards" / "report.html").read_text("utf-8").count("<article") == 3


def test_no_file_of_others_is_overwritten(home: Path, tmp_path: Path) -> None:
    """A file that is no report of ours stays, page or PDF, unless --force says otherwise."""
    page, pdf = tmp_path / "mine.html", tmp_path / "other.pdf"
    page.write_text("<p>mine</p>")
    pdf.write_bytes(b"%PDF-1.4 mine")
    for out in (page, tmp_path / "other.html"):
        done = call(home, "--out", str(out), "--no-pdf")
        assert done.exit_code == ExitCode.WRONG_CALL
        assert "not made by carryover" in done.stderr
    assert page.read_text() == "<p>mine</p>"
    assert call(home, "--out", str(page), "--no-pdf", "--force").exit_code == ExitCode.FINE
    assert call(home, "--out", str(page), "--no-pdf").exit_code == ExitCode.FINE
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("name", "words"),
    [("a.pdf", "Name it a.html"), ("b", "Name it b.html"), ("no/c.html", "no such folder"),
     ("d.html", "this is a folder")],
)  # fmt: skip
def test_a_place_that_is_none_is_refused(home: Path, tmp_path: Path, name: str, words: str) -> None:
    """A report is an HTML file in a folder that is there."""
    (tmp_path / "d.html").mkdir()
    done = call(home, "--out", str(tmp_path / name), "--no-pdf")
    assert done.exit_code == ExitCode.WRONG_CALL
    assert words in done.stderr


def test_places_come_from_ids(tmp_path: Path) -> None:
    """A file's name is made of the athlete's id; no name and no path gets into it."""
    lone = (Person("../../Etc Passwd", "x"),)
    assert handout.place_for(tmp_path, lone, None) == tmp_path / "report-etc-passwd.html"
    two = (Person("Anna", "A", "anna/"), Person("anna", "B", "anna-2/"))
    assert handout.place_for(tmp_path, two[1:], "anna").name == "report-anna-2.html"
    assert handout.place_for(tmp_path, two, None).name == "report.html"
    assert handout.place_for(tmp_path, (Person("", ""),), None).name == "report-athlete.html"


def made_up(folder: Path, body: str) -> Path:
    """Return a program that stands in for Chromium."""
    path = folder / "chromium"
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "report.html"
    path.write_text("<p>a</p>")
    return path


def test_chromium_is_called_alone_and_offline(page: Path, tmp_path: Path) -> None:
    """A profile of its own, no network, no header of addresses; the PDF bears our mark."""
    program = made_up(
        tmp_path,
        'printf "%s\\n" "$@" > "$(dirname "$0")/told"; '
        'for a in "$@"; do case "$a" in --print-to-pdf=*) '
        'printf "%%PDF-1.4 x" > "${a#--print-to-pdf=}";; esac; done',
    )
    print_pdf(program, page, tmp_path / "report.pdf")
    told = (tmp_path / "told").read_text().splitlines()
    assert {"--headless", "--no-pdf-header-footer", "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND"} <= set(told)  # fmt: skip
    profile = next(a for a in told if a.startswith("--user-data-dir=")).partition("=")[2]
    assert not Path(profile).exists(), "the profile is gone again"
    assert ("--no-sandbox" in told) == (os.geteuid() == 0)
    assert told[-1] == page.as_uri()
    assert is_ours(tmp_path / "report.pdf")
    assert not is_ours(page)


@pytest.mark.parametrize(
    ("body", "words"),
    [("echo broken glass >&2; exit 3", "wrote no PDF (broken glass)"),
     ("exit 0", "wrote no PDF"), ("sleep 60", "longer than 1 s")],
)  # fmt: skip
def test_a_chromium_that_fails_is_told_and_leaves_nothing(
    page: Path, tmp_path: Path, body: str, words: str
) -> None:
    """What failed is said; the old PDF stands; no half file and no child is left."""
    pdf = tmp_path / "report.pdf"
    pdf.write_bytes(b"old")
    with pytest.raises(CarryoverError) as caught:
        print_pdf(made_up(tmp_path, body), page, pdf, timeout_s=1.0)
    assert words in str(caught.value)
    assert pdf.read_bytes() == b"old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["chromium", "report.html", "report.pdf"]


def test_a_failed_print_is_no_failure_unless_asked(home: Path, tmp_path: Path) -> None:
    """Without --pdf a broken Chromium costs a line on standard error; with it the command fails."""
    env = {"CARRYOVER_CHROMIUM": str(made_up(tmp_path, "exit 1"))}
    quiet = call(home, "--out", str(tmp_path / "r.html"), env=env)
    assert quiet.exit_code == ExitCode.FINE
    assert "There is no PDF" in quiet.stderr
    assert call(home, "--out", str(tmp_path / "r.html"), "--pdf", env=env).exit_code == (
        ExitCode.FAILED
    )


def test_the_own_word_goes_before_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CARRYOVER_CHROMIUM is used before what lies on the path; without either there is none."""
    monkeypatch.setenv("CARRYOVER_CHROMIUM", str(made_up(tmp_path, "exit 0")))
    assert chromium() == tmp_path / "chromium"
    monkeypatch.delenv("CARRYOVER_CHROMIUM")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium() == tmp_path / "chromium"
    monkeypatch.setenv("PATH", "/nonexistent")
    assert chromium() is None
    monkeypatch.setenv("CARRYOVER_CHROMIUM", "nothing-like-it")
    with pytest.raises(UsageError):
        chromium()


@pytest.mark.browser
@pytest.mark.parametrize("state", ["planted", "empty", "hostile"])
def test_a_real_chromium_prints_two_to_four_pages(
    reports: dict[str, Path], tmp_path: Path, state: str
) -> None:
    """On A4 a report of a year has two to four pages, and its PDF holds no secret either."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    pdf = tmp_path / "report.pdf"
    print_pdf(Path(CHROMIUM), reports[state], pdf)
    content = pdf.read_bytes()
    pages = max(int(n) for n in re.findall(rb"/Count (\d+)", content))
    assert pages <= 4 if state != "hostile" else pages > 0
    assert pages >= (2 if state == "planted" else 1)
    assert b"595" in content, "A4 is 595 pt wide"
    assert str(tmp_path).encode() not in content
    if shutil.which("pdftotext"):
        done = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, check=True)
        content += done.stdout
    if state == "planted":
        assert not [s for s in SECRETS if s.encode() in content]


@pytest.fixture
def screens(tab: Any) -> Callable[[Path, str], dict[str, Any]]:
    """Return a function that opens a page at a width and says what it showed."""

    def look(path: Path, size: str) -> dict[str, Any]:
        width, height = SIZES[size]
        tab.set_viewport_size({"width": width, "height": height})
        said: list[str] = []
        asked: list[str] = []
        heard = {"console": lambda m: said.append(m.text), "request": lambda r: asked.append(r.url)}
        for event, hear in heard.items():
            tab.on(event, hear)
        tab.goto(path.as_uri())
        found = {
            "width": tab.evaluate("document.documentElement.scrollWidth"),
            "hacked": tab.evaluate("window.hacked !== undefined"),
            "shown": tab.locator("svg[role=img]:visible").count(),
            "said": said, "asked": [u for u in asked if not u.startswith(("file:", "data:"))],
        }  # fmt: skip
        for event, hear in heard.items():
            tab.remove_listener(event, hear)
        tab.goto("about:blank")
        return found

    return look


@pytest.mark.browser
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("state", ["full", "hostile", "squad", "empty"])
def test_a_report_fits_a_screen(
    screens: Any, reports: dict[str, Path], state: str, size: str
) -> None:
    """No sideways scroll, each figure once, nothing asked of any network, nothing run."""
    seen = screens(reports[state], size)
    assert seen["width"] <= SIZES[size][0]
    assert (seen["said"], seen["asked"], seen["hacked"]) == ([], [], False)
    if state == "full":
        assert seen["shown"] == 4
