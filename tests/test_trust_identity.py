"""Who is who: what came twice is one, what differs stays apart, whatever it is called or packed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import random
import re
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from benchmarks.trust.identity import (
    SETTINGS,
    arrivals,
    labelled,
    look_alikes,
    thrice,
    wrap,
    wrapped,
)
from benchmarks.trust.judging import found
from benchmarks.trust.made_pairs import made_pairs
from benchmarks.trust.part_built import part_built
from carryover import app
from carryover.catalogue.thresholds import threshold
from carryover.cli import app as command
from carryover.decode.door import sniff
from carryover.errors import DecodeError
from carryover.rawfile import RawFile
from carryover.reading import read_content, read_files
from carryover.settings import Athlete, Settings
from fit_bytes import RECORD, SET, START, at, begin, instant, run, session
from homes import home_with
from strength_cases import HEVY, STRONG_ANDROID, STRONG_IOS, A, H, I

OWN = "date,time,exercise,sets,reps\n"


def clean(trial):
    assert trial.is_clean, trial.failures
    return trial


def test_the_same_files_again_are_nothing_new(tmp_path):
    """Files brought in and built again add no row, and leave every table as it was."""
    assert clean(thrice(tmp_path, 2)).tried == 2


def test_one_activity_in_many_wrappings_is_one_run(tmp_path):
    """Plain, packed, renamed or in archives in archives: one run, and every place is told."""
    assert clean(wrapped(tmp_path, 25)).tried >= 20


@given(st.randoms(use_true_random=False), st.integers(1, 5))
@hypothesis_settings(max_examples=15)
def test_any_wrapping_is_the_content_itself(tmp_path_factory, chance, n):
    """Whatever a run is wrapped in, the same bytes come out, by their one hash."""
    content = run(20)
    chance = random.Random(chance.getrandbits(32))
    files = dict(wrap(content, "fit", chance) for _ in range(n))
    sha = hashlib.sha256(content).hexdigest()
    readings = list(read_files(found(tmp_path_factory.mktemp("raw"), files), Settings(), set()))
    held = pl.concat([reading.content for reading in readings])
    runs = held.filter(pl.col("kind") == "fit")
    assert set(runs["sha256"]) == {sha}
    assert set(runs["status"]) == {"loaded"}
    members = pl.concat([reading.member for reading in readings])
    plain = sum(name.endswith(".fit") for name in files)
    assert plain + len(set(members.filter(sha256=sha)["outer_sha256"])) >= 1
    assert members.filter(sha256=sha).height >= len(files) - plain


def test_look_alikes_stay_apart(tmp_path):
    """Different runs of one file name, minute and sport are both kept, of one person or two."""
    assert clean(look_alikes(tmp_path)).tried >= 7


def test_labelled_pairs_are_told_apart(tmp_path):
    """Of pairs without serial number and with a wrong time of making none is matched wrongly."""
    trial = clean(labelled(tmp_path, 42, seed=2))
    assert trial.note.startswith("24 pairs of one run, 0 not matched; 18 of two, 0 matched")


def test_a_wrong_match_would_be_counted(tmp_path):
    """The judge can fail: two runs under one key, a lost file and a missed match are each told."""
    from benchmarks.trust.identity import judged

    two = next(pair for pair in made_pairs(14) if not pair.is_one)
    one = next(pair for pair in made_pairs(14) if pair.is_one)
    a, b = (name for name, _ in two.files)
    assert judged([two], {a: "r", b: "r"}, set()) == ([f"{two.kind}, {a}: two runs became one"], [])
    assert judged([two], {a: "r"}, set())[0] == [f"{two.kind}, {a}: a file brought no run"]
    c, d = (name for name, _ in one.files)
    assert "nobody is asked" in judged([one], {c: "r", d: "s"}, set())[1][0]
    assert "a person is asked" in judged([one], {c: "r", d: "s"}, {d})[1][0]


def test_the_order_of_arrival_does_not_matter(tmp_path):
    """Files that come one by one in any order end in the tables of one night."""
    assert clean(arrivals(tmp_path, 1)).tried == 1


# --- gym visits


def gym(day, start):
    """A watch's gym session of ten minutes from a UTC instant."""
    since = (start - START).total_seconds()
    made = begin(serial=5_000_000 + day)
    made.define(5, SET, [(6, "uint32", 1), (5, "enum", 1), (7, "uint16", 1)])
    for number in range(4):
        made.data(5, at(since + 60 * number), 1, 28)
    return session(made, elapsed_s=600, sport=10, sub_sport=20, start_s=since).file()


def hevy_row(local, end):
    began, ended = (f"{moment:%d %b %Y, %H:%M}" for moment in (local, end))
    return H.replace("22 Dec 2025, 08:00", began).replace("22 Dec 2025, 08:37", ended)


ZONES = ("Europe/Zurich", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu")
# Days on which clocks change somewhere, and one whose visit may lie on two dates.
LOCAL = ("2024-03-31 18:00", "2024-03-10 12:00", "2024-10-27 20:00", "2024-11-03 09:00",
         "2024-04-07 12:00", "2024-10-06 12:00", "2024-07-01 23:30")  # fmt: skip


@pytest.mark.parametrize(("beyond_s", "is_one"), [(0, True), (60, False)], ids=["in", "out"])
def test_strength_is_joined_within_one_tolerance(tmp_path, beyond_s, is_one):
    """An app's local time meets a watch's UTC up to gym_match_s, and not a minute beyond it."""
    files = {}
    days = len(LOCAL)
    for place, zone in enumerate(ZONES):
        for number, text in enumerate(LOCAL):
            local = dt.datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
            gap = dt.timedelta(seconds=threshold("gym_match_s") + beyond_s) * (-1) ** number
            session_of = gym(days * place + number, local.astimezone(dt.UTC) - gap)
            files[f"{place}/{number}.fit"] = session_of
            row = hevy_row(local, local + dt.timedelta(minutes=1))
            # Two people's files of the same bytes would be one content.
            files[f"{place}/{number}.csv"] = (f"{HEVY}\n{row}\n" + "\n" * place).encode()
    people = [Athlete(id=f"in{place}", folder=str(place), home_timezone=zone)
              for place, zone in enumerate(ZONES)]  # fmt: skip
    home, settings = home_with(tmp_path, files), Settings(athletes=people)
    app.ingest(home, settings)
    told = part_built(home, settings, "gym_group", "gym_source")
    visits = told["gym_source"].join(told["gym_group"], on="session_id")
    sources = visits.group_by("visit_id").agg(pl.col("origin").sort())["origin"].to_list()
    kinds = [["fit", "hevy"]] if is_one else [["fit"], ["hevy"]]
    assert sorted(sources) == sorted(kinds * days * len(ZONES))


# --- runs of no calendar


def dated(moment, serial):
    """A run of ten minutes that begins at a moment."""
    shift = instant(moment) - at(0)
    made = begin(serial=serial).define(1, RECORD, [(253, "uint32", 1), (6, "uint16", 1)])
    for second in range(600):
        made.data(1, at(second + shift), 3000)
    return session(made, elapsed_s=600, start_s=shift).file()


def test_a_run_of_another_day_than_any_reaches_no_metric(tmp_path):
    """A run of 1999 or of the day after tomorrow is told by file; today's somewhere is kept."""
    now = dt.datetime.now(dt.UTC)
    home = home_with(tmp_path, {
        "ahead.fit": dated(now + dt.timedelta(days=2), 390_001),
        "old.fit": dated(dt.datetime(1999, 12, 30, 12, tzinfo=dt.UTC), 390_002),
        "east.fit": dated(now + dt.timedelta(hours=13), 390_003),
        "today.fit": dated(now - dt.timedelta(hours=2), 390_004),
    })  # fmt: skip
    settings = Settings()
    app.ingest(home, settings)
    app.build_and_publish(home, settings)
    runs = app.ask(home, "select started_at from run")["started_at"].to_list()
    assert len(runs) == 2
    assert all(abs(began - now) < dt.timedelta(hours=14) for began in runs)
    first, last = (now - dt.timedelta(days=9)).date(), (now + dt.timedelta(days=1)).date()
    columns = app.ask(
        home, "select table_name, column_name, data_type from duckdb_columns() "
        "where data_type like 'DATE' or data_type like 'TIMESTAMP%'"
    )  # fmt: skip
    tables = ("run_form", "form_week", "carry_over", "carry_over_point", "run", "sample",
              "activity", "run_bin", "dose_day")  # fmt: skip
    asked = 0
    for table, column, _ in columns.filter(pl.col("table_name").is_in(tables)).rows():
        days = app.ask(home, f'select distinct "{column}"::date as d from {table}')["d"]
        assert days.drop_nulls().is_between(first, last).all(), (table, column)
        asked += 1
    assert asked >= 6
    told = app.ask(home, "select subject, what from data_issue").rows()
    for name in ("ahead.fit", "old.fit"):
        assert any(name in subject and "clock was wrong" in what for subject, what in told), name
    for name in ("east.fit", "today.fit"):
        assert not any(name in subject and "clock" in what for subject, what in told)


# --- rows of tables

CELLS = st.sampled_from(
    ["", "8", "60", "-5", "x", "1e9", "NaN", "٣", '"', '""', "a\nb", ";", ",", "2024-05-06", "\x00"]
)
CSV = {HEVY: H, STRONG_IOS: I, STRONG_ANDROID: A}


@st.composite
def spoilt(draw, good):
    """A good line with a cell changed, a cell more or less, cut, doubled, or as it is."""
    parted = ";" if ";" in good else ","
    cells = good.split(parted)
    way = draw(st.sampled_from(["good", "cell", "more", "less", "cut", "blank"]))
    place = draw(st.integers(0, len(cells) - 1))
    if way == "cell":
        cells[place] = draw(CELLS)
    elif way == "more":
        cells += [draw(CELLS)] * draw(st.integers(1, 3))
    elif way == "less":
        cells = cells[:place]
    line = parted.join(cells)
    return {"cut": line[:place], "blank": ""}.get(way, line)


@pytest.mark.parametrize("header", CSV, ids=["Hevy", "Strong", "Strong with semicolons"])
@given(data=st.data())
@hypothesis_settings(max_examples=60)
def test_rows_in_are_sets_out_and_rows_told(header, data):
    """No row of an app's export is lost: each is a set, a rest that is counted, or told."""
    lines = data.draw(st.lists(spoilt(CSV[header]), max_size=6))
    content = "\n".join([header, *lines, CSV[header], ""]).encode()
    try:
        raw = RawFile("x.csv", "sha", sniff(content), content)
        recording, frames = read_content(raw, SETTINGS)
    except DecodeError:
        return  # told whole
    rows = recording.message("row")
    told = [int(m[1]) for p in recording.problems if (m := re.match(r"line (\d+) is left", p.what))]
    text = content.decode().split("\n")
    # A quoted cell with a line break ties lines together: they are one row.
    starts = sorted([*rows["line"], *told])
    assert len(set(starts)) == len(starts)
    tied = set()
    for line in rows["line"]:
        following = line
        quotes = text[line - 1].count('"')
        while quotes % 2:
            following += 1
            quotes += text[following - 1].count('"')
            tied.add(following)
    parted = ";" if ";" in header else ","
    full = {n for n, line in enumerate(text, 1) if n > 1 and line.replace(parted, "").strip('" ')}
    assert full - tied <= set(starts)
    rests = [re.search(r"(\d+) rows are rest", p.what) for p in frames.problems]
    n_rests = sum(int(m[1]) for m in rests if m)
    assert frames.rows("strength_set") + n_rests == rows.height


# --- terminal

RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
EVIL = "\x1b[2J\x1b]0;own\x07\u202e[/x][bold red]\x9b31m"


def test_nothing_of_a_hostile_home_moves_a_cursor(tmp_path):
    """Doctor and sql show hostile names and notes as text: no escape, no markup, no crash."""
    log = f'date,exercise,sets,reps,notes\n2024-05-03,"{EVIL}",3,8,"{EVIL}"\n{EVIL},x,1,1,\n'
    screening = f'date,test,side,score,notes\n2024-05-05,"{EVIL}",left,9,"{EVIL}"\n'
    names = EVIL.replace("/", "")
    home = home_with(tmp_path, {
        f"run{names}[/x].fit": run(900), f"broken{names}.fit": run(30)[:90],
        f"log{names}.csv": log.encode(), "screening.csv": screening.encode(),
        f"not{names}.fit": b"no run",
    })  # fmt: skip
    (home.root / "carryover.toml").write_text(
        f'[athlete]\nid = "me"\nname = {json.dumps(EVIL)}\n', "utf-8"
    )
    home, settings = app.open_home(home.root)
    app.ingest(home, settings)
    app.build_and_publish(home, settings)
    asked = [
        ["doctor"], ["doctor", "--json"],
        *(["sql", f"select * from {table}"] for table in (
            "source_file", "source_place", "set_aside", "data_issue", "strength_set", "screening",
            "strength_session", "athlete")),
        ["sql", f"select 1 as \"{EVIL}\", 'a' || chr(27) || '[2J' as b"],
        ["sql", f"select {EVIL}"], ["sql", "select 1", "--format", "json"],
    ]  # fmt: skip
    shown = ""
    for words in asked:
        done = CliRunner().invoke(command, [*words, "--home", str(home.root)])
        assert done.exception is None or isinstance(done.exception, SystemExit), words
        assert not RAW.search(done.output), words
        shown += done.output
    assert "[/x]" in shown.replace("\n", "")
    assert "\\u001b" in shown
