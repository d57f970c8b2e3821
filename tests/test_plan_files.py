"""`plan.csv` and `plan.ics`: read back as written, sealed, laid aside, a calendar by grammar."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.errors import SettingsError, UsageError
from carryover.given import given_frames
from carryover.plan.calendar_file import calendar_text, folded
from carryover.plan.file import plan_text, read_plan
from carryover.plan.model import Calendar, Limits, Plan, next_monday
from carryover.plan.place import plan_of, plan_path, write_plan
from carryover.settings import Settings, load_settings

MADE = dt.date(2026, 5, 3)
CALENDARS = (Calendar(True, (7, 9, 6, 2)), Calendar(False, (2, 8, 10, 4)))
PLAN = Plan(
    "me", MADE, dt.date(2026, 5, 4), CALENDARS[0],
    Limits(2, (1, 3), ((dt.date(2026, 7, 1), dt.date(2026, 7, 9)),), (dt.date(2026, 10, 11),)),
    "stance_time_ms", "decay", 28.0, 1.5, 22, None, 7,
    randomised=True, candidates=CALENDARS, noise="your own, of 96 runs (SD 4.2 ms)",
)  # fmt: skip
DATES = st.dates(dt.date(2020, 1, 1), dt.date(2032, 1, 1))
LENGTHS = st.lists(st.integers(1, 10), min_size=1, max_size=12).map(tuple)
ANY_CALENDAR = st.builds(Calendar, st.booleans(), LENGTHS)
SPANS = st.tuples(DATES, st.integers(0, 30)).map(lambda s: (s[0], s[0] + dt.timedelta(days=s[1])))
LIMITS = st.builds(
    lambda n, busy, races: Limits(n, tuple(range(n)), tuple(busy), tuple(races)),
    st.integers(1, 4), st.lists(SPANS, max_size=2), st.lists(DATES, max_size=2),
)  # fmt: skip
PLANS = st.builds(
    replace, st.just(PLAN), start=DATES.map(next_monday), made_on=DATES, calendar=ANY_CALENDAR,
    limits=LIMITS, candidates=st.lists(ANY_CALENDAR, max_size=3).map(tuple),
    randomised=st.booleans(), seed=st.integers(0, 2**32), weeks=st.none() | st.integers(0, 260),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(PLANS)
def test_a_plan_is_read_as_it_was_written(plan):
    """Text and back is the same plan, its seal unbroken, with whatever line ends."""
    text = plan_text(plan)
    assert read_plan(text, "plan.csv") == plan
    assert read_plan(text.replace("\n", "\r\n"), "plan.csv") == plan
    assert plan_text(read_plan(text, "plan.csv")) == text


def edits():
    """Yield texts of PLAN that are edited but can be read, one for each kind of line."""
    text = plan_text(PLAN)
    for old, new in (
        ("# made on: 2026-05-03", "# made on: 2026-05-02"),
        ("# seed: 7", "# seed: 8"),
        ("# candidate: off 2 8 10 4\n", ""),
        ("# candidate: off 2 8 10 4", "# candidate: off 3 8 10 3"),
        ("# randomised: yes", "# randomised: no"),
        ("# busy: 2026-07-01..2026-07-09", "# busy:"),
        ("1,2026-05-04,2026-06-21,7,on", "1,2026-05-11,2026-06-21,7,on"),
        ("# seal: ", "# seal: 0"),
        ("# made on", "# a note of mine: hello\n# made on"),
    ):
        assert old in text
        yield text.replace(old, new)


@pytest.mark.parametrize("text", list(edits()))
def test_an_edited_plan_loses_its_seal_and_its_rank(text):
    """Whatever line is touched: it is read as it stands, is not intact and counts as no draw."""
    read = read_plan(text, "plan.csv")
    assert PLAN.is_drawn
    assert not read.intact
    assert not read.is_drawn


def test_a_draw_counts_only_if_it_came_first():
    """A plan made on the day of its first block, or of a calendar not in its lot, is no draw."""
    assert not replace(PLAN, made_on=PLAN.start).is_drawn
    assert not replace(PLAN, candidates=CALENDARS[1:]).is_drawn


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("# made on: 2026-05-03", "# made on: yesterday", "line 2"),
        ("# made on: 2026-05-03\n", "", "made on"),
        ("block,from,to", "from,to,block", "block,from,to,weeks,state,sessions"),
        ("1,2026-05-04", "1,2026-05-05", "Monday"),
        ("7,on", "7,perhaps", "on or off"),
        ("2,2026-06-22", "2,2026-06-29", "the day after"),
        ("# session days: tue thu", "# session days: someday", "line"),
        ("# randomised: yes", "# randomised: maybe", "yes or no"),
    ],
)
def test_a_plan_that_cannot_be_read_names_its_line(old, new, hint):
    """A broken line is told with file, place and remedy; nothing is guessed."""
    text = plan_text(PLAN)
    assert old in text
    with pytest.raises(SettingsError, match=re.escape(hint)) as caught:
        read_plan(text.replace(old, new), "plan.csv")
    assert caught.value.subject == "plan.csv"
    assert "carryover plan" in caught.value.remedy


def test_a_plan_is_never_overwritten(tmp_path):
    """A second plan needs a word; the first is kept under its date, and again under a number."""
    path = plan_path(tmp_path, ["me"], "me")
    write_plan(path, PLAN, replaces=None)
    first = path.read_bytes()
    with pytest.raises(UsageError, match="--replace"):
        write_plan(path, replace(PLAN, seed=8), replaces=None)
    assert path.read_bytes() == first
    write_plan(path, replace(PLAN, seed=8), replaces=PLAN)
    assert (tmp_path / "plan-2026-05-03.csv").read_bytes() == first
    new = plan_of(tmp_path, ["me"], "me")
    assert (new.seed, new.replaces, new.intact) == (8, "plan-2026-05-03.csv", True)
    write_plan(path, replace(PLAN, seed=9), replaces=new)
    assert (tmp_path / "plan-2026-05-03-2.csv").exists()
    assert sorted(p.name for p in tmp_path.glob(".*")) == []


def test_each_athlete_has_a_plan_of_their_own(tmp_path):
    """Of several athletes each has a file; one that holds another's plan is refused."""
    everyone = ["anna", "bo"]
    path = plan_path(tmp_path, everyone, "anna")
    assert path.name == "plan.anna.csv"
    write_plan(path, replace(PLAN, athlete_id="anna"), replaces=None)
    assert plan_of(tmp_path, everyone, "anna").athlete_id == "anna"
    assert plan_of(tmp_path, everyone, "bo") is None
    path.rename(plan_path(tmp_path, everyone, "bo"))
    with pytest.raises(SettingsError, match="anna"):
        plan_of(tmp_path, everyone, "bo")


def test_an_edited_plan_is_another_configuration(tmp_path):
    """The night's state follows plan.csv: one letter more, and everything is built anew."""
    path = plan_path(tmp_path, ["me"], "me")
    told = [load_settings(tmp_path)]
    write_plan(path, PLAN, replaces=None)
    told.append(load_settings(tmp_path))
    path.write_text(path.read_text() + "# a note: hello\n")
    told.append(load_settings(tmp_path))
    assert len({s.model_dump_json() for s in told}) == 3
    frames = [given_frames(s) for s in told]
    assert [f["plan_data"].height for f in frames] == [0, 1, 1]
    assert [f["plan_data"]["is_drawn"].to_list() for f in frames[1:]] == [[True], [False]]
    assert frames[1]["plan_week_data"].height == PLAN.calendar.n_weeks
    assert given_frames(Settings())["plan_week_data"].is_empty()


# A strict reader of RFC 5545, as far as these files go.

NAME = re.compile(r"[A-Z-]+(;[A-Z-]+=[A-Z-]+)*")
ONCE = {"UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "TRANSP"}


def parsed(text):
    """Return the properties of the calendar and of its events; fails on any breach."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert "\r" not in text.replace("\r\n", "")
    pieces = text.removesuffix("\r\n").split("\r\n")
    assert all(0 < len(piece.encode()) <= 75 for piece in pieces)
    lines = re.sub(r"\r\n[ \t]", "", text.removesuffix("\r\n")).split("\r\n")
    calendar, events, inside = {}, [], []
    for line in lines:
        name, mark, value = line.partition(":")
        assert mark
        assert NAME.fullmatch(name), name
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", value)
        if name == "BEGIN":
            inside.append(value)
            assert inside in (["VCALENDAR"], ["VCALENDAR", "VEVENT"])
            if value == "VEVENT":
                events.append({})
        elif name == "END":
            assert inside.pop() == value
        else:
            held = events[-1] if inside[-1] == "VEVENT" else calendar
            assert name not in held, f"{name} stands twice"
            held[name] = value
    assert inside == []
    return calendar, events


def unescaped(value):
    assert re.fullmatch(r"(\\[\\;,nN]|[^\\;,])*", value), value
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


@settings(max_examples=40, deadline=None)
@given(PLANS)
def test_the_calendar_keeps_the_grammar(plan):
    """CRLF, folds at 75 octets, each property once, unique keys, days as dates, ends after them."""
    calendar, events = parsed(calendar_text(plan))
    assert calendar["VERSION"] == "2.0"
    assert calendar["PRODID"]
    assert len({event["UID"] for event in events}) == len(events)
    for event in events:
        assert {name.partition(";")[0] for name in event} == ONCE
        assert re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"])
        first, last = (
            dt.datetime.strptime(event[f"{name};VALUE=DATE"], "%Y%m%d").date()  # noqa: DTZ007
            for name in ("DTSTART", "DTEND")
        )
        assert first < last
        assert unescaped(event["SUMMARY"])
        assert unescaped(event["DESCRIPTION"])
    days = [e["DTSTART;VALUE=DATE"] for e in events if "session" in e["SUMMARY"].lower()]
    assert len(events) == len(plan.blocks()) + len(plan.session_dates())
    assert {f"{day:%Y%m%d}" for day in plan.session_dates()} <= set(days)


def test_keys_stay_and_long_lines_fold():
    """The same plan has the same keys and bytes; a letter of several octets is not parted."""
    assert calendar_text(PLAN) == calendar_text(PLAN)
    moved = parsed(calendar_text(replace(PLAN, made_on=MADE - dt.timedelta(days=1))))[1]
    assert [e["UID"] for e in moved] == [e["UID"] for e in parsed(calendar_text(PLAN))[1]]
    line = "SUMMARY:" + "ä€𝄞" * 40
    pieces = list(folded(line))
    assert all(len(piece.encode()) <= 75 for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line
    assert all(piece.startswith(" ") for piece in pieces[1:])
