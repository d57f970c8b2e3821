"""The rendered site: every page in every state, written whole, with no text that runs."""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import polars as pl
import pytest
from plotly.offline import get_plotlyjs

from carryover import site
from carryover.errors import UsageError
from carryover.metrics import metrics
from carryover.site import Rendered, Wishes, render
from dashboards import pages as definitions
from dashboards.form import BY_FORMULA, origins_of
from dashboards.glossary import terms
from dashboards.pages import health, home, strength
from dashboards.rates import Rate, rates
from site_fixture import (
    HOSTILE,
    NOW,
    FileReader,
    athlete_rows,
    hostile,
    merged,
    newest_runs,
    published,
    write_warehouse,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

MAX_PAGE_BYTES = 2_000_000
MAX_POINTS = 5_000
N_FEW = 24
"""Runs of the states that are not about a whole year."""


@cache
def state_rows(state: str) -> dict:
    return {
        "full": athlete_rows,
        "empty": dict,
        "no strength": lambda: newest_runs(athlete_rows(strength=False), N_FEW),
        "hostile": lambda: newest_runs(hostile(athlete_rows(name="Anna")), N_FEW),
        "one-sided": lambda: {
            name: rows for name, rows in newest_runs(athlete_rows(samples=False), N_FEW).items()
            if not name.endswith("_symmetry")
        },
        "two": lambda: merged(
            newest_runs(athlete_rows(), N_FEW),
            newest_runs(athlete_rows("bo", "Bo", seed=2, samples=False), N_FEW),
        ),
    }[state]()  # fmt: skip


STATES = ("full", "one-sided", "empty", "no strength", "hostile", "two")


@contextmanager
def reader_of(path: Path) -> Iterator[FileReader]:
    with duckdb.connect(str(path), read_only=True) as connection:
        yield FileReader(connection)


def render_state(state: str, folder: Path) -> Path:
    path = folder / f"{state}.duckdb"
    if not path.exists():
        write_warehouse(path, state_rows(state))
    with reader_of(path) as reader:
        render(reader, folder / state, now=NOW)
    return folder / state


def render_pages(folder: Path, rows: dict, *wanted: Any, now: datetime = NOW) -> Path:
    """Draw no more of a site than these pages; each is the `pages` of its module."""
    folder.mkdir(exist_ok=True)
    path = write_warehouse(folder / "w.duckdb", rows)
    with pytest.MonkeyPatch.context() as patch, reader_of(path) as reader:
        for part in ("PERSONAL", "SHARED"):
            kept = tuple(one for one in getattr(definitions, part) if one in wanted)
            patch.setattr(definitions, part, kept)
        render(reader, folder / "site", now=now)
    return folder / "site"


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One rendered site a state."""
    folder = tmp_path_factory.mktemp("sites")
    return {state: render_state(state, folder) for state in STATES}


class Links(HTMLParser):
    """Collects what a page points at, its ids and its event attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.ids: list[str] = []
        self.handlers: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in {"href", "src"}:
                self.targets.append(value or "")
            if name == "id":
                self.ids.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)


def html_pages(root: Path) -> list[Path]:
    return sorted(root.rglob("*.html"))


@cache
def links_of(page: Path) -> Links:
    """What a page of the rendered states points at, parsed once."""
    return Links(page.read_text("utf-8"))


@pytest.mark.parametrize("state", STATES)
def test_every_page_links_only_to_what_is_there(sites: dict[str, Path], state: str) -> None:
    """Every link and asset of every page is a file of the same site, with its anchor."""
    for page in html_pages(sites[state]):
        for target in links_of(page).targets:
            path, _, anchor = target.partition("#")
            if target == "data:,":
                continue
            there = (page.parent / path).resolve() if path else page
            assert there.is_file(), f"{page.name} → {target}"
            assert there.is_relative_to(sites[state].resolve())
            assert not anchor or anchor in links_of(there).ids, target


@pytest.mark.parametrize("state", STATES)
def test_ids_come_from_us(sites: dict[str, Path], state: str) -> None:
    """An id is a counted figure, a term of the glossary or a part of a page, never data."""
    allowed = re.compile(
        r"^(main|open|care|questions|tables|fig-\d+(-data|-seconds)?|pickers"
        r"|pick-(metric|beside|view|span)|trend(-title|-subtitle)?)$"
    )
    for page in html_pages(sites[state]):
        ids = links_of(page).ids
        assert len(ids) == len(set(ids))
        assert all(allowed.match(i) or i in terms() for i in ids), page.name


def test_hostile_text_is_only_text(sites: dict[str, Path]) -> None:
    """No tag, handler or foreign link of a hostile name gets into any page."""
    seen = 0
    for page in html_pages(sites["hostile"]):
        text, links = page.read_text("utf-8"), links_of(page)
        assert not links.handlers
        assert not {"img", "svg"} & set(links.tags)
        assert not any("evil" in t or "javascript" in t for t in links.targets)
        assert HOSTILE not in text
        seen += "evil.example" in text
    assert seen > 10, "the hostile text should be shown, as text"


@pytest.mark.parametrize("state", STATES)
def test_pages_carry_no_coordinates(sites: dict[str, Path], state: str) -> None:
    """No page names a place: the positions of the samples appear nowhere."""
    for page in html_pages(sites[state]):
        text = page.read_text("utf-8")
        assert "52.516" not in text
        assert "13.377" not in text
        assert "latitude" not in text or page.name == "explore.html"  # names of columns alone


@pytest.mark.parametrize("state", STATES)
def test_pages_are_small_and_traces_short(sites: dict[str, Path], state: str) -> None:
    """A page stays below 2 MB and a trace below 5,000 points, so that a phone can draw it."""
    for page in html_pages(sites[state]):
        text = page.read_text("utf-8")
        assert len(text.encode()) <= MAX_PAGE_BYTES
        lists = re.findall(r'"[xy]":\[([^\[\]]*)\]', text)
        assert all(part.count(",") < MAX_POINTS for part in lists)


def test_the_same_night_gives_the_same_bytes(tmp_path: Path) -> None:
    """Pages tell nothing of the order that rows lie in, even where two athletes are alike."""
    twins = merged(*(newest_runs(athlete_rows(who), N_FEW) for who in ("anna", "bo")))
    first = drawn(twins, tmp_path / "one")
    again = drawn({name: rows[::-1] for name, rows in twins.items()}, tmp_path / "two")
    assert [name for name in first | again if first.get(name) != again.get(name)] == []


def drawn(rows: dict, folder: Path) -> dict[str, bytes]:
    folder.mkdir()
    with reader_of(write_warehouse(folder / "w.duckdb", rows)) as reader:
        render(reader, folder / "site", now=NOW)
    root = folder / "site"
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_stale_pages_vanish(tmp_path: Path) -> None:
    """A page of a run that is no more does not outlive the next render."""
    root = render_state("empty", tmp_path)
    (root / "runs").mkdir()
    (root / "runs" / "2020-01-01-00000000.html").write_text("old")
    render_state("empty", tmp_path)
    assert not (root / "runs").exists()


def test_a_failed_render_leaves_the_old_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a render fails half-way the old site stands untouched and nothing is left beside it."""
    root = render_state("empty", tmp_path)
    before = sorted(p.name for p in tmp_path.iterdir())
    index = (root / "index.html").read_bytes()

    class Broken:
        def frame(self, *_: Any) -> Any:
            raise UsageError("the warehouse went away")

    with pytest.raises(UsageError, match="went away"):
        render(Broken(), root, now=NOW)
    assert (root / "index.html").read_bytes() == index
    assert sorted(p.name for p in tmp_path.iterdir()) == before


def test_a_swap_that_fails_brings_the_old_site_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the new folder cannot be put in place, the old one is back where it was."""
    root = render_state("empty", tmp_path)
    index = (root / "index.html").read_bytes()
    rename = site.Path.rename

    def stubborn(self: Path, target: Path) -> Path:
        if ".new-" in self.name:
            raise OSError("no")
        return rename(self, target)

    monkeypatch.setattr(site.Path, "rename", stubborn)
    with pytest.raises(OSError, match="no"):
        render_state("empty", tmp_path)
    assert (root / "index.html").read_bytes() == index


def test_a_render_cut_off_between_two_renames_is_healed(tmp_path: Path) -> None:
    """A site set aside by a render that died is swept up by the next one."""
    root = render_state("empty", tmp_path)
    root.rename(tmp_path / ".empty.old-dead")
    render_state("empty", tmp_path)
    assert (root / "index.html").exists()
    assert not list(tmp_path.glob(".empty.*"))


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    """Rendering never replaces a folder that is not a rendered site."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_text("meow")
    path = write_warehouse(tmp_path / "w.duckdb", {})
    with reader_of(path) as reader, pytest.raises(UsageError, match="other files"):
        render(reader, tmp_path / "photos", now=NOW)
    assert (tmp_path / "photos" / "cat.jpg").read_text() == "meow"


def test_several_athletes_have_folders_and_a_front_page(sites: dict[str, Path]) -> None:
    """Each of several athletes has the whole set of pages; a lone one has no extra level."""
    assert (sites["two"] / "anna" / "trends.html").exists()
    assert (sites["two"] / "bo" / "trends.html").exists()
    assert "Bo" in (sites["two"] / "index.html").read_text("utf-8")
    assert (sites["full"] / "trends.html").exists()
    assert not (sites["full"] / "anna").exists()


def test_folders_never_collide(tmp_path: Path) -> None:
    """Ids that would make the same folder, or one of ours, still get folders of their own."""
    ids = ["assets", "Anna", "anna", "..", "runs"]
    path = write_warehouse(
        tmp_path / "w.duckdb", {"athlete": [{"athlete_id": i, "name": "x"} for i in ids]}
    )
    with reader_of(path) as reader:
        folders = [p.folder for p in site.people_of(reader, NOW)]
    assert len(set(folders)) == len(ids)
    assert not {"assets/", "runs/", "../"} & set(folders)


def test_progress_counts_every_page(tmp_path: Path) -> None:
    """Progress runs from 1 to the number of pages, one step a page."""
    path = write_warehouse(tmp_path / "w.duckdb", {})
    steps: list[tuple[int, int]] = []
    with reader_of(path) as reader:
        drawn = render(reader, tmp_path / "s", now=NOW, progress=lambda d, n: steps.append((d, n)))
    n_pages = len(html_pages(tmp_path / "s"))
    assert drawn.pages == drawn.made == n_pages
    assert [done for done, _ in steps] == [*range(1, n_pages + 1), n_pages]
    assert all(done <= total for done, total in steps)
    assert steps[-1] == (n_pages, n_pages)


def text_of(page: Path) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.read_text("utf-8")))


def test_home_tells_the_verdict_the_week_and_the_newest_run(sites: dict[str, Path]) -> None:
    """The home page opens with the verdict and says what would settle it, once."""
    text = text_of(sites["full"] / "index.html")
    assert "Not enough data yet. Two sessions a week go with 0.8 ms less late-run drift" in text
    assert text.count("Six more weeks with one break of two weeks.") == 1
    assert "7 files in, 2 set aside" in text
    assert "knee : pain 2/10" in text or "knee: pain 2/10" in text
    assert "strength 2 of 2 sessions" in text
    assert "Thu session the day after a workout" in text
    assert "pain 2/10 after stairs → review" in text
    assert (
        "By when: about 7 February 2027 going on as now, or about 3 January 2027 with planned "
        "blocks ( carryover plan )." in text
    )
    assert re.search(r"dose 2\.0 of 2 placed Thu session", text)
    assert "outside your usual range" in text or "Within your usual range" in text


QUESTION = [
    ({}, ("Question fixed on 3 May 2026: late-run drift of ground contact time, the first that "
          "your sensors measure.")),
    ({"chosen_by": "configuration", "metric": "cadence_spm", "outcome": "level", "version": 2},
     "Question fixed on 3 May 2026: cadence, as carryover.toml asks."),
    ({"chosen_by": "configuration", "version": 2, "saw_answer": True},
     ("Question changed on 3 May 2026, after 26 weeks had been seen: late-run drift of ground "
      "contact time, as carryover.toml asks.")),
    ({"is_current": False}, None),
]  # fmt: skip


@pytest.mark.parametrize(("change", "line"), QUESTION)
def test_home_says_since_when_the_question_stands(
    tmp_path: Path, change: dict[str, Any], line: str | None
) -> None:
    """Below the verdict stands since when its question is fixed and who chose it, once it is."""
    rows = athlete_rows(samples=False)
    rows["registration"][0] |= change
    with reader_of(write_warehouse(tmp_path / "w.duckdb", rows)) as reader:
        render(reader, tmp_path / "s", now=NOW)
    text = text_of(tmp_path / "s" / "index.html")
    assert (line in text) if line else ("Question" not in text)


LABEL = "computed by the watch from pace and cadence"
CONTACT = "Ground contact time"


@pytest.fixture(scope="module")
def wrist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages of an athlete whose watches compute contact time and oscillation."""
    rows = athlete_rows()
    for row in rows["sensor_metric"]:
        made = row["metric"] in {"stance_time_ms", "vertical_oscillation_mm"}
        row["origin"] = "computed" if made else "measured"
    folder = tmp_path_factory.mktemp("wrist")
    path = write_warehouse(folder / "wrist.duckdb", newest_runs(rows, N_FEW))
    with reader_of(path) as reader:
        render(reader, folder / "site", now=NOW)
    return folder / "site"


def rows_of(html: str, heading: str) -> dict[str, str]:
    """Return a table's rows by the first cell's text, and what stands before it under ``."""
    part = html.split(heading, 1)[1].split("</table>", 1)[0]
    before, table = part.split("<tbody>", 1)
    rows = re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
    first = [re.findall(r">([^<]+)</a>", row)[0] for row in rows]
    return dict(zip(first, rows, strict=True)) | {"": before}


@pytest.mark.parametrize("heading", ["Form of the whole run", ">Late-run drift</a></h2>"])
def test_the_run_page_says_what_was_computed(wrist: Path, heading: str) -> None:
    """What the watch computes is labelled in every table of a run, and nothing else is."""
    newest = max((wrist / "runs").glob("*.html"))
    rows = rows_of(newest.read_text("utf-8"), heading)
    told = {name for name, row in rows.items() if name and "†" in row}
    assert told == {CONTACT, "Vertical oscillation"}
    assert f">{LABEL}</a>" in rows[""]


def test_the_trace_of_a_run_says_what_was_computed(wrist: Path, sites: dict[str, Path]) -> None:
    """Under the lines of a run stands which of them is no measurement; under measured ones none."""
    newest = max((wrist / "runs").glob("*.html"))
    assert f"{CONTACT}: {LABEL}." in text_of(newest)
    measured = max((sites["full"] / "runs").glob("*.html"))
    assert f"{CONTACT}: {LABEL}." not in text_of(measured)


def test_home_says_what_was_computed(wrist: Path, sites: dict[str, Path]) -> None:
    """The newest run and the strip of drifts carry the label; a strap's do not."""
    rows = rows_of((wrist / "index.html").read_text("utf-8"), "Newest run")
    assert {name for name, row in rows.items() if name and LABEL in row} == {CONTACT}
    assert f"{CONTACT}</a>: {LABEL}." in rows[""]
    strip = text_of(wrist / "index.html").split("Twelve weeks")[1]
    assert f"{CONTACT}: {LABEL}." in strip
    assert LABEL not in text_of(sites["full"] / "index.html")


def test_the_list_of_runs_says_what_was_computed(wrist: Path, sites: dict[str, Path]) -> None:
    """Each computed value of the list has its mark, explained above; measured ones have none."""
    html = (wrist / "runs.html").read_text("utf-8")
    assert html.count("†") == html.count('class="dagger"') + 1 > N_FEW
    assert "† <a" in html
    assert "†" not in (sites["full"] / "runs.html").read_text("utf-8")


def test_trends_say_what_was_computed(wrist: Path) -> None:
    """Under each trend stands how its values came about, whatever the metric."""
    told = text_of(wrist / "trends.html")
    told = told.lower()
    assert told.count("computed by the watch from pace and cadence") == 2
    assert told.count("measured by the sensor") == len(metrics()) - 2
    assert told.count("by formula; ") == len(BY_FORMULA)


def test_trends_tell_what_pace_and_hills_do(sites: dict[str, Path]) -> None:
    """Under each trend stands the fit that its values rest on, or why there is none."""
    told = text_of(sites["full"] / "trends.html")
    assert "a m/s faster is" in told
    assert "from 2 400 two-minute stretches of 90 runs; 71 % of what changes within a run" in told
    assert "Not adjusted for pace and hills with the newest sensor: 2 runs so far" in told


def test_a_change_of_sensor_tells_both_origins() -> None:
    """Where older runs came from a sensor of another origin, a trend says so."""
    origins = pl.DataFrame(
        {"sensor_epoch": ["wrist", "strap"], "metric": ["m", "m"],
         "origin": ["computed", "measured"]}
    )  # fmt: skip
    told = origins_of(origins, pl.Series(["strap", "strap", "wrist"]), "m")
    assert told == f"measured by the sensor; with other sensors {LABEL}"
    assert origins_of(origins, pl.Series(["wrist"]), "m") == LABEL
    assert origins_of(origins, pl.Series([None], dtype=pl.String), "m") == ""


WORDS = ("within noise", "likely", "beyond MDC")


def test_every_change_has_a_word(sites: dict[str, Path]) -> None:
    """A change on a page stands with its noise, a word and the number of runs behind it."""
    newest = max((sites["full"] / "runs").glob("*.html"))
    form, _, drift = newest.read_text("utf-8").partition("Late-run drift</a></h2>")
    for change, word in re.findall(
        r'data-label="change">(.*?)</td><td class="[\w ]+">(.*?)<', form
    ):
        assert re.fullmatch(r"[+−]?[\d.]+ ± [\d.]+( \S+)?", change), change
        assert word in WORDS
    assert form.count(">n 14<") == len(metrics())
    drifts = re.findall(r'data-label="drift".*?</tr>', drift)
    assert drifts
    assert all(len(re.findall("|".join(WORDS), row)) == 2 for row in drifts)


def test_a_workout_says_why_it_has_no_word(sites: dict[str, Path]) -> None:
    """A run that cannot be held against the usual says so once, not metric by metric."""
    workout = text_of(sorted((sites["full"] / "runs").glob("*.html"))[-3])
    assert workout.count("workout: only easy and long runs are held against each other") == 1


def test_trends_open_with_what_moved(sites: dict[str, Path]) -> None:
    """The loudest word comes first, with both counts of runs, and the titles say the same."""
    text = text_of(sites["full"] / "trends.html")
    table = text.partition("What moved")[2]
    contact = "Ground contact time 249 ms 256 −6.6 ± 6.0 ms beyond MDC 12 and 11"
    cadence = "Cadence 178 spm 176 +2.2 ± 2.5 spm likely 12 and 11"
    assert 0 < table.index(contact) < table.index(cadence) < table.index("within noise 12 and 11")
    assert "ground contact time −6.6 ± 6.0 ms (beyond MDC); cadence +2.2 ± 2.5 spm (likely)" in text
    values = (sites["full"] / "trends" / "stance_time_ms.js").read_text("utf-8")
    assert "last four weeks 6.6 ms lower than the four before, beyond MDC" in values


def test_a_run_of_several_recordings_names_them(sites: dict[str, Path]) -> None:
    """The newest run says which device gave what, and how a clock was set."""
    text = text_of(max((sites["full"] / "runs").glob("*.html")))
    assert "Where it comes from" in text
    assert "stryd 771" in text
    assert "a clock off by whole hours, clock behind by 1:00:00" in text


def test_left_and_right_are_told_or_said_to_be_unknown(sites: dict[str, Path]) -> None:
    """A run with balance tells each side; one whose sensor knows no sides says so."""
    oldest = text_of(min((sites["full"] / "runs").glob("*.html")))
    assert "ms left, " in oldest
    assert "This sensor does not tell left from right." not in oldest
    bare = text_of(max((sites["one-sided"] / "runs").glob("*.html")))
    assert "This sensor does not tell left from right." in bare
    assert "ms left, " not in bare


def test_trends_name_the_side_of_balance(sites: dict[str, Path]) -> None:
    """Balance and symmetry index stand over the athlete's side, or over why there is none."""
    text = text_of(sites["full"] / "trends.html")
    assert text.count("with the newest sensor is none: 5 runs with balance at reference") == 2


def test_runs_that_are_not_judged_say_why(sites: dict[str, Path]) -> None:
    """A run without a drift shows the reason in place of a number."""
    workout = sorted((sites["full"] / "runs").glob("*.html"))[-2]
    assert "not judged: shorter than 50 min of moving time" in text_of(workout)


def test_the_glossary_tells_every_metric(sites: dict[str, Path]) -> None:
    """Every metric and every term of the pages is explained under its own anchor."""
    ids = set(Links((sites["full"] / "about.html").read_text("utf-8")).ids)
    assert set(metrics()) <= ids
    assert set(terms()) <= ids


def test_the_page_about_the_numbers_says_what_moves_them_and_what_they_hide(
    sites: dict[str, Path],
) -> None:
    """Without a network a runner reads of each metric what moves it and what it cannot say."""
    text = unescape(text_of(sites["full"] / "about.html"))
    for metric in metrics().values():
        for line in (metric.meaning, metric.formula, *metric.moves, *metric.cannot_say):
            assert line in text, metric.name


@pytest.mark.parametrize(
    "page", ["index", "trends", "late-miles", "symmetry", "runs", "strength", "health"]
)
def test_empty_pages_name_the_next_step(sites: dict[str, Path], page: str) -> None:
    """With nothing known every page says what is missing and the next step."""
    assert "Next:" in text_of(sites["empty"] / f"{page}.html")


def test_carry_over_tells_how_the_answer_was_tested(sites: dict[str, Path]) -> None:
    """Checks with their parts, other ways to ask, families, all answers and the days after."""
    text = text_of(sites["full"] / "carry-over.html")
    for words in (
        "Not enough data yet.", "Moved calendar decides ○ informative 31 % do as well.",
        "block 1: Without 5 Jan to 1 Mar", "not run there is no upper-body work",
        "Late-run drift", "3 runs after drills; 8 are needed", "Around the starts of blocks",
        "The two that decide: moved calendar informative.", "Form over dose, run by run",
        "A failure would mean: the same sessions on other days fit as well",
        "worthwhile benefit 9 %, worthwhile harm 1 %, too small to matter 90 %",
        "1 other way to ask", "All answers in numbers (2)", "fixed beforehand",
    ):  # fmt: skip
        assert words in text, words
    assert text.index("as registered") < text.index("without acute term")
    assert "There is no answer to test yet." in text_of(sites["empty"] / "carry-over.html")


def test_the_answer_comes_before_its_details(sites: dict[str, Path]) -> None:
    """The sentence, its interval and whether it holds open the page; long tables are folded."""
    page = (sites["full"] / "carry-over.html").read_text("utf-8")
    heads = ("<h1>", "<b>Does it hold?</b>", "Form over dose", "Weighed with what",
             "Asked otherwise", "All answers", "How it is reached",
             "How often it errs")  # fmt: skip
    places = [page.index(head) for head in heads]
    assert places == sorted(places)
    folded = re.sub(r"<details>.*?</details>", "", page, flags=re.DOTALL)
    assert folded.count("<table") == 1, "the checks alone are open"


def test_a_dot_of_the_answer_leads_to_its_run(sites: dict[str, Path]) -> None:
    """Runs that have a page can be followed from the figure of form over dose."""
    page = (sites["full"] / "carry-over.html").read_text("utf-8")
    assert re.search(r'"customdata":\[[^]]*"runs/[0-9-]{10}-[0-9a-f]{8}\.html"', page)


@pytest.mark.parametrize("state", ["empty", "no strength"])
def test_without_a_question_the_page_of_carry_over_says_so(
    sites: dict[str, Path], state: str
) -> None:
    """Before a question is fixed nothing is estimated, and a date stands where there is none."""
    text = text_of(sites[state] / "carry-over.html")
    assert "No question is fixed yet." in text
    assert "By when: not before" in text
    assert "Weighed with what" not in text


MEASURED = re.search(
    r"<!-- calibration -->(.*?)<!-- end of calibration -->",
    (Path(__file__).parents[1] / "docs" / "carry-over.md").read_text("utf-8"),
    re.DOTALL,
)


@pytest.mark.parametrize("rate", rates(), ids=lambda rate: rate.row)
def test_quoted_error_rates_are_the_measured_ones(rate: Rate) -> None:
    """What the page quotes stands in the docs' table under the same name."""
    assert MEASURED is not None
    rows = [line.split("|") for line in MEASURED[1].splitlines() if line.startswith("|")]
    cells = {row[1].strip(): row[3].strip() for row in rows if len(row) > 3}
    assert cells[rate.row] == rate.value


def test_nothing_is_loaded_from_elsewhere(sites: dict[str, Path]) -> None:
    """Neither our script nor our style names an address."""
    for name in ("site.js", "site.css", "theme.js"):
        assert "//" not in re.sub(r"/\*.*?\*/", "", (sites["full"] / "assets" / name).read_text())


def strength_text(root: Path) -> str:
    text = re.sub(r"<[^>]+>", " ", (root / "strength.html").read_text("utf-8"))
    return re.sub(r"\s+", " ", text)


def test_strength_tells_drills_hills_soreness_and_screening(sites: dict[str, Path]) -> None:
    """Drills stand with their run, hills with where they were found, a test with both sides."""
    text = strength_text(sites["full"])
    assert re.search(r"40:00 3 sets long, [\d.]+ km", text)
    assert "none within 90 minutes" in text
    assert re.search(r"6 12 s 3.4 m 8 % 3:20 /km in the run ", text)
    assert re.search(r"8 – – – – in a log ", text)
    assert "left knee 2 – 4 1 2 Wed 18 Nov 2026" in text
    assert "achilles, both 0 7 – – 0 Mon 2 Mar 2026" in text
    assert "Single-leg bridge 21 reps 24 reps – 88 % left weaker Sat 5 Sep 2026" in text
    assert "wobble – – 3.5 – Sat 5 Sep 2026" in text
    assert "18 reps" not in text, "only the newest day of a test is shown"


def test_strength_tells_the_plan_and_where_one_stands(sites: dict[str, Path]) -> None:
    """Blocks stand with what was kept; the present week with its sessions; a draw as one."""
    text = strength_text(sites["full"])
    assert "Now: on-block, week 3 of 8, 2 of 2 sessions." in text
    assert re.search(r"off-block 1 .* 6 1 83 % ", text)
    assert re.search(r"on-block 2 now .* 8 6 of 16 100 % ", text)
    assert re.search(r"off-block 3 .* 7 – – ", text)
    assert "drawn by lot and sealed." in text


def test_sections_without_data_say_the_next_step(sites: dict[str, Path]) -> None:
    """Where nothing was logged each section names the one command that begins it."""
    text = strength_text(sites["empty"])
    for command in ("plan", "log activation", "log strength", "log pain", "log single-leg"):
        assert f"carryover {command}" in text


def test_home_tells_the_side_of_a_pain(sites: dict[str, Path]) -> None:
    """A pain of this week is told with its side."""
    assert "left knee: pain 2/10" in (sites["full"] / "index.html").read_text("utf-8")


def test_a_run_page_tells_form_over_the_run(sites: dict[str, Path]) -> None:
    """A long run shows its tenths with an onset in words, a short one the reason for none."""
    texts = [page.read_text("utf-8") for page in (sites["full"] / "runs").glob("*.html")]
    told = [text for text in texts if "from about" in text]
    refused = [text for text in texts if "cannot be told: shorter than 50 min" in text]
    assert len(told) > 5
    assert len(refused) > 5
    assert len(told) + len(refused) == len(texts)
    assert all("Over the run" in text for text in texts)


def test_strength_opens_with_what_to_do(sites: dict[str, Path]) -> None:
    """The answer comes first with its reason and the day it is of, then the week, the review."""
    text = strength_text(sites["full"])
    order = [
        "Hold. Pain 2/10, left knee: low, but not told of for two weeks yet.",
        "As of Sun 22 Nov 2026.",
        "16 Nov to 22 Nov 4 runs, 43 km; 2 of 2 strength sessions, dose 2.",
        "Last 4 weeks 4 weeks: 8 of 8 strength sessions kept, dose 8.",
        "26 Oct to 22 Nov 2026 8 of 8 8.0 +1.5 4 62 % 31 % 2 beyond MDC Ground contact time",
    ]
    found = [text.find(part) for part in order]
    assert -1 not in found
    assert found == sorted(found)


def test_strength_tells_the_coachs_tables(sites: dict[str, Path]) -> None:
    """Misplaced sessions, progress, shares, pain beside the work and tests due are told."""
    text = strength_text(sites["full"])
    assert re.search(r"\d+ sessions in twelve weeks, \d+ not on an easy or rest day", text)
    assert "Thu 19 Nov 2026 the day after a workout" in text
    assert "Barbell hip thrust estimated maximum 106.7 kg 106.7 kg rising +5.3 rising +8.0" in text
    assert "not done in the last four weeks, last on Thu 3 Sep 2026 80 % left weaker" in text
    assert "4 weeks 24 62 % 38 % 31 %" in text
    assert "18 Nov left knee 2 – 8 8.1 +1.5 172 −9 174 +2.2 ± 2.5, likely hold" in text
    assert (
        "Single-leg bridge, left Sat 5 Sep 2026 21 reps 88 % left weaker Sat 17 Oct 2026 now"
        in text
    )


def test_a_page_tells_how_old_its_newest_day_is(tmp_path: Path) -> None:
    """Where the newest day of the files lies days back the page says how many."""
    rows = athlete_rows(samples=False)
    rows["dose_advice"][0]["as_of_date"] = NOW.date() - timedelta(days=5)
    root = render_pages(tmp_path, rows, strength.pages)
    told = "As of Tue 17 Nov 2026, the newest day in your files, 5 days ago."
    assert told in strength_text(root)


def test_home_tells_last_week_where_this_one_says_nothing(tmp_path: Path) -> None:
    """On a Monday morning the newest misplaced session and pain of the week before stand there."""
    rows = athlete_rows(samples=False)
    root = render_pages(tmp_path, rows, home.pages, now=NOW + timedelta(days=1))
    text = text_of(root / "index.html")
    assert "strength 0 of 2 sessions" in text
    assert "19 Nov session the day after a workout" in text
    assert re.search(r"18 Nov left knee: pain 2/10 +→ review", text)


def test_home_says_that_no_session_is_due(tmp_path: Path) -> None:
    """In an off week of the plan nothing is missing."""
    rows = athlete_rows(samples=False)
    rows["training_week"][0] |= {"sessions_target": 0, "glute_sessions": 0}
    root = render_pages(tmp_path, rows, home.pages)
    assert "strength 0 sessions, an off week of the plan" in text_of(root / "index.html")


def test_without_a_strength_log_no_week_is_missed(sites: dict[str, Path]) -> None:
    """Where no session was ever logged the page says that, and gives no answer."""
    text = strength_text(sites["no strength"])
    assert "No answer yet. No strength session is logged yet." in text
    assert "4 runs, 43 km; no strength log yet." in text


def inodes(root: Path) -> dict[str, int]:
    return {p.name: p.stat().st_ino for p in (root / "runs").glob("*.html")}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A warehouse of a few weeks, and where its site goes."""
    folder = tmp_path_factory.mktemp("kept")
    few = newest_runs(athlete_rows(samples=True), 12)
    return write_warehouse(folder / "w.duckdb", few), folder / "site"


def draw_again(kept: tuple[Path, Path], program: str = "one", change: str = "") -> Rendered:
    path, out = kept
    if change:
        with duckdb.connect(str(path)) as connection:
            connection.execute(change)
    with reader_of(path) as reader:
        return render(reader, out, now=NOW, wishes=Wishes(program=program))


def test_run_pages_are_made_anew_only_where_something_changed(kept: tuple[Path, Path]) -> None:
    """A page of a run is kept as it stands until a row that it tells of changes."""
    assert draw_again(kept).made == draw_again(kept, "two").made
    before = inodes(kept[1])
    fixed = draw_again(kept, "two").made
    assert fixed == draw_again(kept, "two").pages - 12
    assert inodes(kept[1]) == before
    last_bits = "UPDATE run_form SET stance_time_ms = stance_time_ms * (1 + 2e-16)"
    assert draw_again(kept, "two", last_bits).made == fixed
    name = "UPDATE run SET name = 'changed' WHERE run_id = (SELECT max(run_id) FROM run)"
    assert draw_again(kept, "two", name).made == fixed + 1
    after = inodes(kept[1])
    assert sum(after[page] != before[page] for page in before) == 1
    assert "changed" in (kept[1] / "runs" / max(after)).read_text("utf-8")


def test_another_program_makes_every_page_anew(kept: tuple[Path, Path]) -> None:
    """Pages of an older version, or of a site that cannot tell, are not kept."""
    draw_again(kept, "three")
    drawn = draw_again(kept, "four")
    assert drawn.made == drawn.pages
    (kept[1] / "assets" / "pages.parquet").write_text("no parquet")
    assert draw_again(kept, "four").made == drawn.pages
    nameless = draw_again(kept, "")
    assert draw_again(kept, "").made == nameless.pages


def test_a_page_that_was_deleted_comes_back(kept: tuple[Path, Path]) -> None:
    """A key without its page keeps nothing."""
    drawn = draw_again(kept, "five")
    lost = min((kept[1] / "runs").glob("*.html"))
    lost.unlink()
    assert draw_again(kept, "five").made == drawn.made - 12 + 1
    assert lost.is_file()


def test_the_way_of_a_run_is_shown_only_where_it_is_wished(kept: tuple[Path, Path]) -> None:
    """No page has a map unless the runner asks; then it holds metres, and no coordinate."""
    path, out = kept
    with reader_of(path) as reader:
        for maps in (False, True):
            render(reader, out, now=NOW, wishes=Wishes(maps=maps, program="six"))
            text = max((out / "runs").glob("*.html")).read_text("utf-8")
            assert ("North is up" in text) == maps
            assert "52.516" not in text


def test_values_of_trends_are_data_alone(sites: dict[str, Path]) -> None:
    """A file of values is one call with JSON in it, whatever a run is called."""
    for path in sorted((sites["hostile"] / "trends").glob("*.js")):
        text = path.read_text("utf-8")
        assert text.startswith("carryoverTrends(")
        name, part = json.loads(f"[{text[len('carryoverTrends(') :].rstrip().rstrip(';)')}]")
        assert name == path.stem
        assert part
        assert "<" not in text
        assert "52.516" not in text


def test_explore_is_small_and_whole(sites: dict[str, Path]) -> None:
    """The page of queries and tables stays below 300 KiB and tells every published column."""
    text = (sites["full"] / "explore.html").read_text("utf-8")
    assert len(text.encode()) <= 300 * 1024
    assert "One row a run, newest first" in text
    for name, model in published().items():
        for column in model.comments:
            assert f'<tr><th scope="row">{column}</th>' in text, f"{name}.{column}"


def test_health_tells_the_nights_and_sums_that_add_up(sites: dict[str, Path]) -> None:
    """The page says what the newest night did, what went wrong before, and a sum of all files."""
    text = text_of(sites["full"] / "health.html")
    assert "drew this page: its steps so far" in text
    assert "the disk is full" in text
    assert "No night has ended well" not in text
    found, *parts = map(int, re.findall(r"\d+", re.search(r"\d+ found = [^.]+", text)[0]))
    assert found == sum(parts) == 203
    assert "No night is written down yet" in text_of(sites["empty"] / "health.html")
    assert "7 files in" in text_of(sites["full"] / "index.html")


def test_a_home_that_is_not_looked_after_says_so(tmp_path: Path) -> None:
    """Without a good night for 26 hours the page of data health opens with an alarm."""
    rows = dict(state_rows("full"))
    rows["night"] = [row for row in rows["night"] if row["state"] in {"ok", "failed"}]
    text = text_of(render_pages(tmp_path, rows, health.pages) / "health.html")
    assert "No night has ended well for 2 days" in text
    assert "failed after 2 min 5 s: the disk is full" in text


def test_health_tells_coverage_and_the_line_that_settles_a_name(sites: dict[str, Path]) -> None:
    """Each device has its share of running seconds; an unknown name has its line to paste."""
    page = sites["full"] / "health.html"
    assert "Wobbly thing," in page.read_text("utf-8")
    table = page.read_text("utf-8").split("by device", 1)[1].split("</table>", 1)[0]
    assert re.findall(r'<th scope="row">(.*?)</th>', table) == ["Forerunner 245", "Forerunner 965"]
    assert len(re.findall(r'href="runs/[^"]+">|href="runs/[^"]+" class', table)) >= 1


def test_strength_is_in_the_order_of_asking(sites: dict[str, Path]) -> None:
    """What is asked each week comes first, what is looked up last; every figure has its place."""
    text = text_of(sites["full"] / "strength.html")
    order = ["What to do with the dose", "Placed among the runs", "Dose of the last weeks",
             "strength sessions in", "Review of the last weeks", "Progress of exercises",
             "of the one-sided work", "Block plan", "Tests due", "All sessions"]  # fmt: skip
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_the_pages_load_the_small_bundle_of_the_installed_plotly(
    sites: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """plotly.js is the cartesian bundle as published; with another plotly, the whole of that.

    Fails after an upgrade of plotly: then the bundle is taken anew from its package
    (plotly.js-cartesian-dist-min) and its hash written here.
    """
    script = (sites["full"] / "assets" / "plotly.min.js").read_text("utf-8")
    told = hashlib.sha256(script.encode()).hexdigest()
    assert told == "79542150855a52c567260e3137095dbe2b744e6d702a5cabe67da246942fba7a"
    assert len(script) < 1_600_000
    monkeypatch.setattr(site, "get_plotlyjs_version", lambda: "99.0.0")
    assert site.plotly_script() == get_plotlyjs()
