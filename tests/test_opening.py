"""`carryover open`: the right page, by name or date, and plain words where there is no browser."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from carryover import opening
from carryover.cli import app
from carryover.errors import ExitCode
from site_fixture import NOW, FileReader, athlete_rows, merged
from test_report import home_of

ANNA = athlete_rows(samples=False)
DARK = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "BROWSER": ""}
"""An environment without a screen."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of one athlete with its pages, two runs on the newest day."""
    rows = {name: list(part) for name, part in ANNA.items()}
    rows["run"].append(rows["run"][-1] | {"run_id": "second"})
    return drawn(home_of(tmp_path_factory.mktemp("home"), rows))


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of two."""
    two = merged(ANNA, athlete_rows("bo", "Bo", seed=2, samples=False))
    return drawn(home_of(tmp_path_factory.mktemp("team"), two))


def drawn(home: Path) -> Path:
    import duckdb

    from carryover.site import render

    path = home / "data" / "warehouse" / "carryover.duckdb"
    with duckdb.connect(str(path), read_only=True) as connection:
        render(FileReader(connection), home / "dashboards" / "site", now=NOW)
    return home


def call(home: Path, *words: str, env: dict[str, str] = DARK) -> Any:
    return CliRunner().invoke(app, ["open", "--home", str(home), *words], env=env)


def address(home: Path, path: str = "index.html") -> str:
    return (home / "dashboards" / "site" / path).as_uri()


def test_without_a_site_it_says_what_to_do(tmp_path: Path) -> None:
    """No page yet: exit 1, and the command that draws them."""
    done = call(tmp_path)
    assert done.exit_code == ExitCode.FAILED
    assert "carryover nightly" in done.stderr


def test_without_a_browser_the_address_is_printed(home: Path) -> None:
    """A machine without a screen prints the address and is content."""
    done = call(home)
    assert done.exit_code == ExitCode.FINE
    assert done.stdout.splitlines() == [
        "No browser is here to open it; this is the address:", address(home),
    ]  # fmt: skip


def test_print_prints_the_address_alone(home: Path) -> None:
    """`--print` is for scripts: one address a line, nothing is opened."""
    assert call(home, "--print").stdout == f"{address(home)}\n"


@pytest.mark.parametrize(
    ("name", "path"),
    [("Trends", "trends.html"), ("carry over", "carry-over.html"), ("home", "index.html"),
     ("data health", "health.html"), ("strength.html", "strength.html"),
     ("about", "about.html")],
)  # fmt: skip
def test_a_tab_is_found_by_its_name(home: Path, name: str, path: str) -> None:
    """Case, spaces and hyphens do not matter; a page's file name will do."""
    assert call(home, "--page", name, "--print").stdout == f"{address(home, path)}\n"


@pytest.mark.parametrize(
    ("name", "words"), [("trnds", "Did you mean 'Trends'?"), ("zzzz", "Carry-over")]
)
def test_a_wrong_name_is_told_the_nearest(home: Path, name: str, words: str) -> None:
    """A name that no page has is a wrong call: the nearest is named, else all."""
    done = call(home, "--page", name)
    assert done.exit_code == ExitCode.WRONG_CALL
    assert words in done.stderr


def test_a_date_is_the_page_of_its_run(home: Path) -> None:
    """A day's run by its date; two of one day are both printed."""
    one = call(home, "--page", "2026-11-20", "--print").stdout.splitlines()
    assert [Path(a).name[:10] for a in one] == ["2026-11-20"]
    two = call(home, "--page", "2026-11-22", "--print").stdout.splitlines()
    assert [Path(a).name[:10] for a in two] == ["2026-11-22"] * 2
    assert len(set(two)) == 2
    assert call(home, "--page", "2026-11-22").stdout.startswith("2 pages, not opened here:\n")


def test_a_day_without_a_page_says_which_there_are(home: Path) -> None:
    """A day without a run: exit 1, and the span that has pages."""
    done = call(home, "--page", "2020-01-01")
    assert done.exit_code == ExitCode.FAILED
    assert "Pages are there for runs from 2025-11-24 to 2026-11-22" in done.stderr


def test_of_several_one_is_named(team: Path) -> None:
    """A tab that everybody has needs a name; the list of athletes and shared pages do not."""
    done = call(team, "--page", "trends")
    assert done.exit_code == ExitCode.WRONG_CALL
    assert "Name one of anna, bo." in done.stderr
    mine = call(team, "--page", "trends", "--athlete", "bo", "--print")
    assert mine.stdout == f"{address(team, 'bo/trends.html')}\n"
    assert call(team, "--athlete", "Bo", "--print").stdout == f"{address(team, 'bo/index.html')}\n"
    assert call(team, "--page", "athletes", "--print").stdout == f"{address(team)}\n"
    both = call(team, "--page", "2026-11-22", "--print").stdout.splitlines()
    assert len(both) == 2


class Browser:
    """A browser that notes what it is asked to open."""

    def __init__(self, *, works: bool = True) -> None:
        self.opened: list[str] = []
        self.works = works

    def open(self, url: str) -> bool:
        self.opened.append(url)
        return self.works


def test_a_browser_is_asked_to_open_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a screen the default browser opens the page; one that fails leaves the address."""
    browser = Browser()
    monkeypatch.setattr(webbrowser, "get", lambda: browser)
    done = call(home, env=DARK | {"DISPLAY": ":0"})
    assert browser.opened == [address(home)]
    assert done.stdout == f"{address(home)}\n"
    broken = Browser(works=False)
    monkeypatch.setattr(webbrowser, "get", lambda: broken)
    assert "No browser" in call(home, env=DARK | {"DISPLAY": ":0"}).stdout


def test_no_browser_at_all_is_no_failure(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A screen without any browser prints the address."""

    def none() -> Browser:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    done = call(home, env=DARK | {"DISPLAY": ":0"})
    assert (done.exit_code, "No browser" in done.stdout) == (ExitCode.FINE, True)


def test_a_squads_sunday_is_only_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    """More pages than a person wants at once are not opened."""
    browser = Browser()
    monkeypatch.setattr(webbrowser, "get", lambda: browser)
    monkeypatch.setenv("BROWSER", "x")
    assert not opening.show([Path(f"{k}.html") for k in range(30)])
    assert browser.opened == []
