"""Strava's list of activities: known in any language, read whole, nothing guessed."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carryover.catalogue.months import month_number
from carryover.catalogue.strava import header_field, is_gym_work
from carryover.decode import decode_file, sniff
from carryover.decode.strava import FIELDS, decode_strava
from carryover.errors import DecodeError, UnsupportedError
from carryover.normalise.strava import from_strava, read_instant
from carryover.rawfile import FileKind, RawFile
from carryover.settings import Athlete
from exports import GERMAN_HEADER, STRAVA_HEADER, strava_list, strava_row

DATE = "May 29, 2022, 3:53:35 PM"
INSTANT = dt.datetime(2022, 5, 29, 15, 53, 35, tzinfo=dt.UTC)
UNKNOWN_HEADER = ",".join(
    f"ряд {STRAVA_HEADER.split(',').index(title)}" for title in STRAVA_HEADER.split(",")
)
"""A language that we do not know: its repeated titles are repeated, too."""
ROW = strava_row(
    123, DATE, name="Long one", text='two\nlines, and a "quote"', gear="Blue",
    filename="activities/456.fit.gz", elapsed_s=5400, moving_s=5300.5, distance_m=15250.25,
)  # fmt: skip


def rows(content: bytes) -> list[dict]:
    return decode_strava(content).messages["row"].to_dicts()


def listed(*some, **words):
    recording = decode_strava(strava_list(some, **words))
    return from_strava(recording.messages["row"], Athlete(id="me"), "sha")


@pytest.mark.parametrize(
    "header", [STRAVA_HEADER, GERMAN_HEADER, UNKNOWN_HEADER], ids=["English", "German", "unknown"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["bare", "BOM"])
def test_a_list_says_the_same_in_every_language(header, end, mark):
    """Whatever the language, line ends or byte order mark, each field has its value."""
    content = mark + strava_list([ROW, strava_row(2, DATE)], header=header, end=end)
    assert sniff(content) is FileKind.STRAVA_CSV
    first, second = rows(content)
    assert first == {
        "line": 2, "strava_id": "123", "date": DATE, "name": "Long one", "sport": "Run",
        "description": 'two\nlines, and a "quote"', "gear": "Blue",
        "filename": "activities/456.fit.gz", "elapsed": "5400.0", "moving": "5300.5",
        "distance": "15250.250000", "race": None, "long_run": None,
    }  # fmt: skip
    assert second["filename"] is None
    assert second["line"] == 4


def test_the_precise_column_of_two_is_read():
    """Distance comes in metres, whatever unit the first column has; time in seconds."""
    miles = strava_row(1, DATE, km="9,48", distance_m=15250.25)
    table, _, problems = listed(miles)
    (row,) = table.to_dicts()
    assert row["distance_m"] == 15250.25
    assert row["elapsed_s"] == 1800
    assert not problems


def test_a_marked_race_is_read():
    """A race and a long run are what the athlete marked; a list without the column says nothing."""
    header = "Activity ID,Activity Date,Activity Name,Activity Type,Filename"
    marked = [["1", DATE, "a", "Run", "", "1.0", ""], ["2", DATE, "b", "Run", "", "0.0", "1.0"]]
    table, _, _ = listed(*marked, header=f"{header},Competition,Long Run")
    assert table.select("is_race", "is_long").rows() == [(True, None), (False, True)]
    table, _, _ = listed(["1", DATE, "a", "Run", ""], header=header)
    assert table.select("is_race", "is_long").rows() == [(None, None)]


def test_a_distance_without_its_unit_is_not_read():
    """Where only the account's own unit is there, the distance is null, not guessed."""
    header = "Activity ID,Activity Date,Activity Name,Activity Type,Distance,Filename"
    (row,) = rows(strava_list([["1", DATE, "a", "Run", "9.48", ""]], header=header))
    assert row["distance"] is None
    old = "id,date,name,type,description,elapsed_time,distance,commute,gear,filename"
    cells = ["1", DATE, "a", "Run", "", "60", "9480.1", "false", "", ""]
    (row,) = rows(strava_list([cells], header=old))
    assert row["distance"] == "9480.1"


DATES = [
    DATE, "May 29, 2022, 15:53:35", "29.05.2022, 15:53:35", "29 mai 2022 à 15:53:35",
    "29 mei 2022 15:53:35", "29 de mayo de 2022, 15:53:35", "29 may 2022, 15:53:35",
    "29. Mai 2022, 15:53:35", "29 mag 2022, 15:53:35", "2022-05-29 15:53:35",
    "May 29, 2022, 3:53:35\u202fPM", "2022年5月29日 15:53:35", "29 mai 2022, 03:53:35 p.m.",
]  # fmt: skip
NO_DATES = [
    "", "yesterday", "29/05/2022, 15:53", "May 29, 2022", "Foo 29, 2022, 3:53:35 PM",
    "May 32, 2022, 3:53:35 PM", "May 29, 2022, 25:53:35", "29.13.2022, 15:53:35",
]  # fmt: skip


@pytest.mark.parametrize("text", DATES)
def test_a_date_is_utc_in_every_language(text):
    """Half days and whole ones, months in words and numbers: one instant."""
    assert read_instant(text) == INSTANT


@pytest.mark.parametrize("text", NO_DATES)
def test_what_is_no_date_is_none(text):
    """A day that could be a month, or is none, is not guessed at."""
    assert read_instant(text) is None


@pytest.mark.parametrize(
    ("clock", "hour"), [("12:30:00 AM", 0), ("12:30:00 PM", 12), ("1:30:00 PM", 13)]
)
def test_noon_and_midnight(clock, hour):
    """Twelve is the first hour of each half day."""
    assert read_instant(f"Feb 3, 2024, {clock}").hour == hour


@given(st.text(max_size=40))
def test_no_text_is_too_odd_for_a_date(text):
    """Reading a date never raises, and what it gives is UTC."""
    found = read_instant(text)
    assert found is None or found.tzinfo is dt.UTC


def test_a_row_without_a_date_is_told():
    """An activity whose date cannot be read stays in the list without one, and is told."""
    table, sessions, (problem,) = listed(strava_row(1, "??", sport="Workout"), strava_row(2, DATE))
    assert table["started_at"].to_list() == [None, INSTANT]
    assert sessions.is_empty()
    assert "line 2: '??'" in problem.what


@pytest.mark.parametrize(
    ("sport", "n"),
    [("Weight Training", 1), ("Workout", 1), ("Crossfit", 1), ("Krafttraining", 1), ("Run", 0),
     ("Yoga", 0), ("Entraînement aux poids", 1), ("", 0)],
)  # fmt: skip
def test_gym_work_is_a_session(sport, n):
    """A row of gym work is a strength session, with or without a file; others are none."""
    row = strava_row(
        7, "May 29, 2022, 11:53:35 PM", name="Legs", sport=sport, elapsed_s=2700,
        filename="activities/7.fit.gz",
    )  # fmt: skip
    recording = decode_strava(strava_list([row]))
    athlete = Athlete(id="me", home_timezone="Europe/Berlin")
    _, sessions, _ = from_strava(recording.messages["row"], athlete, "sha")
    assert sessions.height == n
    if n:
        (told,) = sessions.to_dicts()
        assert told["origin"] == "strava"
        assert told["local_date"] == dt.date(2022, 5, 30)
        assert (told["kind"], told["duration_s"], told["note"]) == ("strength", 2700, "Legs")
        assert told["time_known"]


def test_a_session_keeps_its_key():
    """A renamed or moved activity of a newer export is the same session."""
    keys = {
        listed(strava_row(7, date, name=name, sport="Workout"))[1]["session_id"][0]
        for date, name in ((DATE, "Legs"), ("May 30, 2022, 3:53:35 PM", "Glutes"))
    }
    assert len(keys) == 1


@pytest.mark.parametrize("keep", range(20, 230, 10))
def test_a_cut_list_keeps_whole_rows(keep):
    """A list cut anywhere gives its whole rows, and says that it lost one."""
    whole = strava_list([strava_row(n, DATE, text="x\ny") for n in range(3)])
    body = len(whole) - len(STRAVA_HEADER) - 1
    content = whole[: -(keep % (body // 3)) or None]
    recording = decode_strava(content)
    read = recording.messages["row"]["strava_id"].to_list()
    assert read in (["0", "1"], ["0", "1", "2"])
    assert recording.complete == (len(read) == 3)
    assert recording.complete or "line 6" in recording.problems[0].what


def test_many_odd_rows_are_counted():
    """Ten odd rows are named, the rest counted."""
    odd = [[f"x{n}", *strava_row(n, DATE)[1:]] for n in range(30)]
    recording = decode_strava(strava_list([*odd, ROW]))
    assert recording.messages["row"].height == 1
    assert len(recording.problems) == 11
    assert recording.problems[-1].what == "20 more rows are left out"


def test_a_quote_that_never_ends_costs_what_it_swallows():
    """Rows before an open quote stay; the person is told from where on nothing was read."""
    content = strava_list([ROW]) + b'9,"' + b"x\n" * 100_000
    recording = decode_strava(content)
    assert recording.messages["row"]["strava_id"].to_list() == ["123"]
    assert "quotes do not pair up" in recording.problems[0].what
    assert not recording.complete


def test_a_list_without_rows_is_no_fault():
    """An account without activities has a list of nothing, which is not broken."""
    with pytest.raises(UnsupportedError, match="names none"):
        decode_strava(strava_list([]))


def test_ten_thousand_rows():
    """A list of many years is read whole."""
    some = [strava_row(n, DATE, sport="Workout" if n % 4 else "Run") for n in range(10_000)]
    table, sessions, problems = listed(*some)
    assert (table.height, sessions.height, problems) == (10_000, 7_500, [])


@pytest.mark.parametrize(
    "content",
    [
        b"date,exercise,sets,reps,weight_kg\n2024-05-03,hip thrust,3,10,60\n",
        b"Activity Type,Date,Favorite,Title,Distance,Calories,Time\nRunning,2024-05-03,x,y,1,2,3\n",
        b"id,name,date\n1,a,2024-05-03\n",
        b"Email,Name\na@b,c\n",
        b"",
        b"\x00\x01,\x02" * 400,
        b",,,,,,\n1,,,,,,activities/x.mp3\n",
    ],
    ids=["strength log", "Garmin's list", "some list", "contacts", "nothing", "bytes", "shape"],
)
def test_other_lists_are_not_strava_s(content):
    """No other table is taken for Strava's list."""
    assert sniff(content) is not FileKind.STRAVA_CSV


@given(st.binary(max_size=300))
def test_no_bytes_are_too_odd(content):
    """Whatever follows the header, a list is read or set aside by name."""
    head = f"{STRAVA_HEADER}\n".encode()
    raw = RawFile("x.csv", "sha", FileKind.STRAVA_CSV, head + content)
    with contextlib.suppress(DecodeError, UnsupportedError):
        recording = decode_file(raw)
        from_strava(recording.messages["row"], Athlete(id="me"), "sha")
        assert recording.complete == (not recording.problems)


def test_a_list_of_another_encoding_names_the_byte():
    """A list that a spreadsheet saved in Latin-1 is set aside with the byte."""
    content = strava_list([ROW]).replace(b"Long one", b"L\xe4ufe")
    with pytest.raises(DecodeError, match=r"not UTF-8 \(byte \d+\)"):
        decode_strava(content)


def test_the_words_are_sound():
    """Each title leads to a field, titles do not depend on case or the form of apostrophes."""
    marks = {"race", "long_run"}
    for header in (
        f"{STRAVA_HEADER},Competition,Long Run",
        f"{GERMAN_HEADER},Competition,Long Run",
    ):
        assert {header_field(t) for t in header.split(",")} - {None} == set(FIELDS)
    assert {header_field(t) for t in STRAVA_HEADER.split(",")} - {None} == set(FIELDS) - marks
    assert header_field("nom de l\u2019activité") == header_field("Nom de l'activité") == "name"
    assert is_gym_work("weight  training")
    assert not is_gym_work(None)
    assert [month_number(w) for w in ("Mrz.", "déc.", "OKT", "moon")] == [3, 12, 10, None]
