"""The logs kept by hand: every line is either read or named, and no unit is guessed."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.catalogue.body_sites import body_sites, place_of
from carryover.catalogue.screening_tests import (
    match_test,
    nearest_tests,
    ranges_of,
    screening_tests,
    screening_units,
)
from carryover.decode.logs import decode_log, sniff
from carryover.errors import DecodeError
from carryover.normalise.wellness import from_screening, from_wellness
from carryover.rawfile import FileKind
from carryover.settings import Athlete

UNHURRIED = settings(deadline=None, max_examples=40)
STRENGTH = "date,time,exercise,sets,reps,weight_kg,side,rpe,duration_min,kind,notes"
GOOD = "2024-06-05,18:30,clams,3,15,,left,6,,,"


def strength(*lines: str, header: str = STRENGTH, end: str = "\n"):
    return decode_log(end.join([header, *lines]).encode(), FileKind.STRENGTH_CSV, "strength.csv")


def rows(recording):
    return recording.message("row").to_dicts()


MALFORMED = [
    ("05/06/2024,,clams,3,15,,,,,,", "year-month-day", "2024-06-05"),
    ("5.6.2024,,clams,3,15,,,,,,", "year-month-day", "2024-06-05"),
    ("13/06/2024,,clams,3,15,,,,,,", "year-month-day", "2024-06-13"),
    ("yesterday,,clams,3,15,,,,,,", "year-month-day", "2024-06-05"),
    ("20240605,,clams,3,15,,,,,,", "year-month-day", "2024-06-05"),
    ("2024-02-30,,clams,3,15,,,,,,", "no day of the calendar", "Mend"),
    ("0204-06-05,,clams,3,15,,,,,,", "1990", "year"),
    (",,clams,3,15,,,,,,", "date is empty", "Fill in date"),
    ("2024-06-05,25:00,clams,3,15,,,,,,", "no time of day", "18:30"),
    ("2024-06-05,half past six,clams,3,15,,,,,,", "no time of day", "18:30"),
    ("2024-06-05,,clams,3.5,15,,,,,,", "no whole number", "such as 8"),
    ("2024-06-05,,clams,0,15,,,,,,", "outside 1 to 50", "sets"),
    ("2024-06-05,,clams,3,8-10,,,,,,", "no whole number", "such as 8"),
    ("2026-13-01,,clams,3,8,,,,,,", "no day of the calendar", "Mend"),
    ("2024-06-05,,clams,3,-8,,,,,,", "outside 1 to 1000", "reps"),
    ("2024-06-05,,clams,3,8,-5,,,,,", "outside 0 to 1000", "weight_kg"),
    ('2024-06-05,,clams,3,8,"12,5",,,,,', "no number", "12.5"),
    ("2024-06-05,,clams,3,8,12,5,,,,,", "12 cells under 11 columns", "12.5 for 12,5"),
    ("2024-06-05,,clams,3,8,12 kg,,,,,", "no number", "12.5"),
    ("2024-06-05,,clams,3,8,nan,,,,,", "no number", "12.5"),
    ("2024-06-05,,clams,3,8,1e2,,,,,", "no number", "12.5"),
    ("2024-06-05,,clams,3,8,,lefft,,,,", "side 'lefft'", "Did you mean left?"),
    ("2024-06-05,,clams,3,8,,,0,,,", "outside 1 to 10", "rpe"),
    ("2024-06-05,,clams,3,8,,,11,,,", "outside 1 to 10", "rpe"),
    ("2024-06-05,,,,,,,7,2000,,", "outside 0.1 to 600", "duration_min"),
    ("2024-06-05,,clams,3,8,,,,,strenth,", "kind 'strenth'", "Did you mean strength?"),
    ('2024-06-05,,clams,3,8,,,,,,"open', "quotes", "one line"),
    ("2024-06-05,,,,,,,,,,good day", "tells nothing", "rpe and duration_min"),
]


@pytest.mark.parametrize(("line", "what", "remedy"), MALFORMED, ids=[m[0] for m in MALFORMED])
def test_a_malformed_line_is_named_and_the_rest_is_read(line, what, remedy):
    """A bad line gives its number, its text and a remedy; the lines around it are read."""
    recording = strength(GOOD, line, GOOD)
    assert [row["line"] for row in rows(recording)] == [2, 4]
    (problem,) = recording.problems
    assert problem.what.startswith("line 3 ")
    assert what in problem.what
    assert line[:12] in problem.what
    assert remedy in problem.remedy
    assert not recording.complete


@UNHURRIED
@given(st.lists(st.sampled_from([GOOD, "", ",,,,,,,,,,", *[m[0] for m in MALFORMED]]), max_size=9))
def test_nothing_is_lost_in_silence(lines):
    """Every line that is not blank is either a row or a problem, each once."""
    recording = strength(*lines)
    full = [number for number, line in enumerate(lines, start=2) if line.strip(",")]
    named = [int(problem.what.split()[1]) for problem in recording.problems]
    assert sorted([row["line"] for row in rows(recording)] + named) == full


@UNHURRIED
@given(
    st.binary(max_size=200),
    st.sampled_from([STRENGTH.encode() + b"\n", b""]),
    st.sampled_from([FileKind.STRENGTH_CSV, FileKind.WELLNESS_CSV, FileKind.SCREENING_CSV]),
)
def test_no_bytes_break_the_reader(noise, head, kind):
    """Whatever the bytes, the answer is rows and problems, or one error with a remedy."""
    remedies = []
    try:
        remedies = [problem.remedy for problem in decode_log(head + noise, kind, "x.csv").problems]
    except DecodeError as error:
        remedies = [error.remedy]
    assert all(remedies)
    assert sniff(head + noise) in {None, "strength_csv", "wellness_csv", "screening_csv"}


def test_empty_columns_of_a_spreadsheet_do_not_matter():
    """A spreadsheet that hangs empty cells on every line, the first too, is read."""
    recording = strength(GOOD + ",,", header=STRENGTH + ",,")
    assert rows(recording) == rows(strength(GOOD))


@UNHURRIED
@given(st.permutations(STRENGTH.split(",")))
def test_columns_come_in_any_order(columns):
    """A header may be in any order: the same row comes out."""
    cells = dict(zip(STRENGTH.split(","), GOOD.split(","), strict=True))
    shuffled = strength(",".join(cells[name] for name in columns), header=",".join(columns))
    assert rows(shuffled) == rows(strength(GOOD))


@UNHURRIED
@given(st.decimals(0, 1000, places=2))
def test_decimal_comma_is_the_same_number(weight):
    """In a file parted by semicolons 12,5 and 12.5 are one weight."""
    header = STRENGTH.replace(",", ";")
    texts = [f"{weight}", f"{weight}".replace(".", ",")]
    recording = strength(*[f"2024-06-05;;squat;1;5;{t};;;;;" for t in texts], header=header)
    assert [row["weight_kg"] for row in rows(recording)] == [float(weight)] * 2


def test_notes_keep_their_commas():
    """Only numbers know a decimal comma: a note is left as it is written."""
    recording = strength(
        "2024-06-05;;squat;1;5;;;7,5;;;felt good, light", header=STRENGTH.replace(",", ";")
    )
    assert rows(recording)[0]["notes"] == "felt good, light"
    assert rows(recording)[0]["rpe"] == 7.5


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_byte_order_mark_do_not_matter(end):
    """Logs of every editor and spreadsheet are read alike."""
    text = end.join([STRENGTH, GOOD, GOOD])
    plain = decode_log(text.encode(), FileKind.STRENGTH_CSV)
    marked = decode_log(b"\xef\xbb\xbf" + text.encode(), FileKind.STRENGTH_CSV)
    assert [row["line"] for row in rows(plain)] == [2, 3]
    assert rows(marked) == rows(plain)


def test_empty_cells_are_null_and_zero_is_zero():
    """An empty cell is missing; a weight of 0 that a person wrote is a weight of 0."""
    recording = strength("2024-06-05,,squat,3,8,0,,,,,", "2024-06-05,,squat,3,8")
    assert [row["weight_kg"] for row in rows(recording)] == [0.0, None]
    assert rows(recording)[0]["time"] is None
    assert rows(recording)[0]["notes"] is None


@pytest.mark.parametrize(
    ("header", "what", "remedy"),
    [
        ("date,excercise,sets", "'excercise'", "'exercise'"),
        ("date,exercise,weight_kgs", "'weight_kgs'", "'weight_kg'"),
        ("date,exercise,zzzzzz", "'zzzzzz'", "Known are: date"),
        ("exercise,sets,reps", "'date' is missing", "Add it"),
        ("date,exercise,date", "twice", "Keep one"),
        ("", "no columns", "date,exercise"),
    ],
)
def test_a_wrong_header_is_told_the_right_one(header, what, remedy):
    """A column that is not ours stops the file and names the nearest one that is."""
    with pytest.raises(DecodeError) as caught:
        strength(GOOD, header=header)
    assert what in str(caught.value)
    assert remedy in str(caught.value)
    assert caught.value.subject == "strength.csv"


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", 0),
        ("utf-8-sig", 0),
        ("utf-16", 0),
        ("utf-16-le", 0),
        ("utf-16-be", 0),
        ("cp1252", 1),
    ],
)
def test_texts_of_every_spreadsheet_are_read(encoding, told):
    """UTF-16 of Excel and Windows-1252 are the same log; of a guessed encoding one is told."""
    text = f"{STRENGTH}\n2024-06-05,,clams,3,8,,,,,,müde\n".encode(encoding)
    assert sniff(text) == "strength_csv"
    recording = decode_log(text, FileKind.STRENGTH_CSV, "strength.csv")
    assert [row["notes"] for row in rows(recording)] == ["müde"]
    assert [problem.severity for problem in recording.problems] == ["info"] * told
    assert recording.complete


def test_damaged_text_is_named():
    """A text that begins as UTF-8 and goes wrong is not read as another one."""
    text = f"{STRENGTH}\n2024-06-05,,clams,3,8,,,,,,müde\n".encode() + b"2024-06-06,,cl\xffams\n"
    with pytest.raises(DecodeError, match="not UTF-8"):
        decode_log(text, FileKind.STRENGTH_CSV, "strength.csv")


@pytest.mark.parametrize(
    "header", ["Date,Exercise,Sets,Reps", "DATE,EXERCISE,SETS,REPS", "Date, Exercise , Sets,reps"]
)
def test_case_and_spaces_of_a_header_do_not_matter(header):
    """A header in another case names the same columns."""
    text = f"{header}\n2024-06-05,clams,3,8\n".encode()
    assert sniff(text) == "strength_csv"
    (row,) = rows(decode_log(text, FileKind.STRENGTH_CSV))
    assert (row["exercise"], row["sets"], row["reps"]) == ("clams", 3, 8)


@pytest.mark.parametrize("first", ["sep=;", '"sep=;"', "SEP=;", "sep=;;;;;"])
def test_excels_first_line_is_no_header(first):
    """A line `sep=;` tells what parts the cells, and lines keep their numbers."""
    text = f"{first}\ndate;exercise;reps;weight_kg\n2024-06-05;squat;5;12,5\n2024-06-06;squat;x;\n"
    assert sniff(text.encode()) == "strength_csv"
    recording = decode_log(text.encode(), FileKind.STRENGTH_CSV)
    assert [(row["line"], row["weight_kg"]) for row in rows(recording)] == [(3, 12.5)]
    assert recording.problems[0].what.startswith("line 4 ")


def test_tabs_part_cells_too():
    """What is pasted from a spreadsheet has tabs, decimal commas and spaces that do not break."""
    text = "date\texercise\treps\tweight_kg\n2024-06-05\thip\u00a0thrust\t8\t\u00a0102,5\n"
    assert sniff(text.encode()) == "strength_csv"
    (row,) = rows(decode_log(text.encode(), FileKind.STRENGTH_CSV))
    assert (row["exercise"], row["weight_kg"]) == ("hip thrust", 102.5)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (STRENGTH, "strength_csv"),
        ("date,exercise,sets,reps,weight_lb", "strength_csv"),
        ("date;rpe;duration_min", "strength_csv"),
        ("date,excercise,sets,reps,weight_kg", "strength_csv"),
        ("date,site,pain_0_10,stiffness_0_10,notes", "wellness_csv"),
        ("notes;stiffness_0_10;date", "wellness_csv"),
        ("date,test,side,score,notes", "screening_csv"),
        ("date,notes", None),
        ("date,side,notes", None),
        ("", None),
        ("Activity ID,Activity Date,Activity Name,Activity Type", None),
        ("Date,Workout Name,Duration,Exercise Name,Set Order,Weight,Reps,RPE", None),
        ("Date,Exercise,Category,Weight,Weight Unit,Reps,Distance,Distance Unit,Time", None),
        ('"title","start_time","exercise_title","set_index","weight_kg","reps","rpe"', None),
    ],
)
def test_a_log_is_known_by_its_header(head, kind):
    """Our three logs are told from one another and from other makers' tables."""
    assert sniff(head.encode()) == kind
    assert sniff(b"\xef\xbb\xbf" + head.encode() + b"\r\n2024-06-05") == kind


def test_wellness_rows_reach_their_table():
    """A pain of 0 is an entry; the last row of a date and site stands, and says so."""
    text = "date,site,pain_0_10,stiffness_0_10,notes\n2024-06-05,knee,2,,\n2024-06-05,knee,0,1,\n"
    recording = decode_log(text.encode(), FileKind.WELLNESS_CSV)
    frame, problems = from_wellness(recording.message("row"), Athlete(id="anna"), "sha")
    (row,) = frame.to_dicts()
    assert row == {
        "athlete_id": "anna", "source_sha256": "sha", "local_date": dt.date(2024, 6, 5),
        "site": "knee", "side": None, "pain_0_10": 0.0, "stiffness_0_10": 1.0, "note": None,
    }  # fmt: skip
    assert [problem.what.split(" is ")[0] for problem in problems] == ["line 2"]


def test_screening_rows_reach_their_table():
    """Left and right of one test are two results; a row without a score is named."""
    text = (
        "date,test,side,score\n2024-06-05,hop,left,1.42\n2024-06-05,hop,R,1.5\n2024-06-05,hop,,\n"
    )
    recording = decode_log(text.encode(), FileKind.SCREENING_CSV)
    frame, problems = from_screening(recording.message("row"), Athlete(), "sha")
    assert frame.select("side", "score").rows() == [("left", 1.42), ("right", 1.5)]
    assert not problems
    assert "score is empty" in recording.problems[0].what


def wellness(*lines, header="date,site,side,pain_0_10,stiffness_0_10,notes"):
    """Return what wellness lines become: frame, problems of the lines, problems of the rows."""
    text = "\n".join([header, *lines])
    recording = decode_log(text.encode(), FileKind.WELLNESS_CSV, "wellness.csv")
    frame, problems = from_wellness(recording.message("row"), Athlete(id="anna"), "sha")
    return frame, recording.problems, problems


def screened(*lines, header="date,test,side,score,unit,notes"):
    """Return what screening lines become, as `wellness` does."""
    text = "\n".join([header, *lines])
    recording = decode_log(text.encode(), FileKind.SCREENING_CSV, "screening.csv")
    frame, problems = from_screening(recording.message("row"), Athlete(id="anna"), "sha")
    return frame, recording.problems, problems


@pytest.mark.parametrize(
    ("raw", "site", "side"),
    [
        ("knee", "knee", None),
        ("left knee", "knee", "left"),
        ("Knee Left", "knee", "left"),
        ("L knee", "knee", "left"),
        ("knee (R)", "knee", "right"),
        ("both knees", "knee", "both"),
        ("Right Achilles tendon", "achilles", "right"),
        ("Achillessehne links", "achilles", "left"),
        ("shin splints", "shin", None),
        ("ITB", "it band", None),
        ("lower back", "low back", None),
        ("plantar fasciitis, left", "plantar fascia", "left"),
        ("genou gauche", "knee", "left"),
        ("Hüfte", "hip", None),
        ("Huefte rechts", "hip", "right"),
        ("Left little  finger", "little finger", "left"),
        ("Spleen", "spleen", None),
        ("left", "left", None),
        ("lumbar", "low back", None),
        ("rib", "rib", None),
        ("leftover", "leftover", None),
    ],
)
def test_a_site_is_known_by_its_names_and_side(raw, site, side):
    """A site is one, whoever names it; a side before or behind it is told apart."""
    assert place_of(raw) == (site, side)


@UNHURRIED
@given(st.text(min_size=1))
def test_any_site_is_kept(raw):
    """No text breaks the matching, and what nobody knows is kept in lower case."""
    place = place_of(raw)
    assert place.site == place.site.casefold() or place.site in set(body_sites()["site"])
    assert place.side in {None, "left", "right", "both"}


def test_every_site_answers_to_its_names():
    """Each name of a site leads to it, whatever the case, and to no other."""
    rows = body_sites().to_dicts()
    names = [name for row in rows for name in {row["site"], *row["aliases"].split("|")}]
    assert len({name.casefold() for name in names}) == len({n.casefold() for n in set(names)})
    for row in rows:
        assert row["source"]
        for name in (row["site"], *row["aliases"].split("|")):
            assert place_of(name.upper()).site == row["site"], name
            assert place_of(f"left {name}") == (row["site"], "left")


def test_old_wellness_files_are_read_as_before():
    """A file without a column for sides is whole; a side in the site's name is found."""
    frame, faults, _ = wellness(
        "2024-06-05,left knee,2,,", "2024-06-05,hip,1,,", "2024-06-05,,1,,",
        header="date,site,pain_0_10,stiffness_0_10,notes",
    )  # fmt: skip
    assert not faults
    assert frame.select("site", "side").rows() == [("knee", "left"), ("hip", None), (None, None)]


def test_the_last_of_a_site_and_side_stands():
    """Left and right of one site are two entries; a later name of the same replaces the first."""
    frame, _, problems = wellness(
        "2024-06-05,knee,left,2,,", "2024-06-05,knee,right,3,,", "2024-06-05,L knee,,4,,",
        "2024-06-05,knee,,5,,",
    )  # fmt: skip
    assert frame.select("side", "pain_0_10").rows() == [("right", 3.0), ("left", 4.0), (None, 5.0)]
    assert [problem.what for problem in problems] == [
        "line 2 is replaced by a later one with the same date, site, side"
    ]


MALFORMED_CELLS = [
    (wellness, "2024-06-05,knee,middle,2,,", "side 'middle'", "left, right, both"),
    (wellness, "2024-06-05,knee,lefft,2,,", "side 'lefft'", "Did you mean left?"),
    (wellness, "2024-06-05,left knee,right,2,,", "contradicts side right", "Keep one"),
    (wellness, "2024-06-05,,left,2,,", "side (left) but no site", "Fill in site"),
    (wellness, "2024-06-05,knee,left,12,,", "outside 0 to 10", "pain_0_10"),
    (wellness, "2024-06-05,knee,left,,,sore", "neither pain nor stiffness", "0 means none"),
    (screened, "2024-06-05,hop,left,140,ells,", "unit 'ells' is not known", "Write reps"),
    (screened, "2024-06-05,hop,left,140,kgs,", "unit 'kgs'", "Did you mean kg?"),
    (screened, "2024-06-05,hop,left,140,kg,", "kg does not go with Single-leg hop", "cm, m"),
    (screened, "2024-06-05,hop,left,1400,cm,", "1400 lies outside 0 to 350 cm", "its unit"),
    (screened, "2024-06-05,single-leg bridge,left,-2,,", "-2 lies outside 0 to 150 reps", "Mend"),
    (screened, "2024-06-05,single-leg bridge,L,2,s,", "unit s does not go with", "reps"),
    (screened, "2024-06-05,hop,left,,cm,", "score is empty", "Fill in score"),
]


@pytest.mark.parametrize(("log", "line", "what", "remedy"), MALFORMED_CELLS)
def test_a_malformed_side_unit_or_score_is_named(log, line, what, remedy):
    """A cell that cannot be is told with its line, its text and the remedy; the rest is read."""
    good = {wellness: "2024-06-04,knee,left,2,,", screened: "2024-06-04,hop,left,140,cm,"}[log]
    frame, faults, _ = log(good, line, good.replace("-04,", "-03,"))
    assert frame.height == 2
    (problem,) = faults
    assert problem.what.startswith("line 3 is left out")
    assert what in problem.what
    assert line[:12] in problem.what
    assert remedy in problem.remedy


def test_screening_tests_are_known_by_their_names():
    """A known test has its key, and its unit where it has but one; others keep their name."""
    frame, faults, problems = screened(
        "2024-06-05,Single leg bridge,left,23,,",
        "2024-06-05,SL bridge,left,24,,",
        "2024-06-05,hip abduction,left,21,newton,",
        "2024-06-05,hop,left,1.4,,",
        "2024-06-05,Wobble,left,3,points,",
    )
    assert not faults
    assert frame.select("test", "test_id", "unit", "score").rows() == [
        ("SL bridge", "single_leg_bridge", "reps", 24.0),
        ("hip abduction", "hip_abduction", "N", 21.0),
        ("hop", "single_leg_hop", None, 1.4),
        ("Wobble", None, "points", 3.0),
    ]
    assert [p.what.split(" is ")[0] for p in problems] == ["line 2"]


def test_the_screening_catalogue_is_sound():
    """Tests have one meaning, a kind, a good side, a source and units with ranges that hold 0."""
    tests = screening_tests().to_dicts()
    names = [n for t in tests for n in {t["test_id"], t["name"], *t["aliases"].split("|")}]
    for test in tests:
        assert test["kind"] in {"movement", "strength", "range"}
        assert test["better"] in {"up", "down"}
        assert test["source"]
        for name in (test["test_id"], test["name"], *test["aliases"].split("|")):
            assert match_test(name.upper()) == test["test_id"], name
        assert all(low <= 0 < high for low, high in ranges_of(test["test_id"]).values())
    assert len(names) >= len(tests) * 3
    assert set(screening_units()["test_id"]) == {test["test_id"] for test in tests}
    assert screening_units().select("test_id", "unit").is_unique().all()
    assert nearest_tests("singel leg bridge")[0] == "Single-leg bridge"
