"""Files of strength apps and logs: every row is a set or is named, and nothing is guessed."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.catalogue.months import months, plain
from carryover.csv_text import Fault
from carryover.decode.app_times import read_clock, read_length
from carryover.decode.door import sniff
from carryover.errors import CarryoverError, DecodeError
from carryover.rawfile import STRENGTH_APPS, FileKind, RawFile
from carryover.reading import read_content
from carryover.settings import Athlete, Settings, Strength
from strength_cases import CASES, HEVY, LB, STRONG_ANDROID, STRONG_IOS, A, H, I

UNHURRIED = settings(deadline=None, max_examples=30)
BERLIN = Athlete(id="anna", home_timezone="Europe/Berlin")


def read(content, unit=None, place="export.csv", names=None):
    told = Settings(athlete=BERLIN, strength=Strength(weight_unit=unit), exercise_names=names or {})
    return read_content(RawFile(place, "sha", sniff(content), content), told)


def frames(content, **options):
    """Return sessions and sets of a file, sets in the order of their sessions."""
    _, told = read(content, **options)
    sessions = told.frames["strength_session"].sort("started_at", "session_id")
    return sessions, told.frames["strength_set"]


def same(found, wanted):
    return found == [pytest.approx(value, abs=1e-6) if value else value for value in wanted]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_file_gives_its_sets_or_says_why_not(case):
    """Each sloppy or hostile file becomes exactly these sets, and a person is told the rest."""
    if case.fault:
        with pytest.raises(CarryoverError) as caught:
            read(case.content, case.unit)
        assert case.fault in caught.value.what
        assert caught.value.subject == "export.csv"
        return
    recording, told = read(case.content, case.unit)
    sets = told.frames["strength_set"]
    assert [reps for reps, _ in case.sets] == sets["reps"].to_list()
    assert same(sets["weight_kg"].to_list(), [kg for _, kg in case.sets])
    for column, wanted in [
        ("exercise_id", case.exercises), ("is_warmup", case.warmups),
        ("duration_s", case.durations),
    ]:  # fmt: skip
        assert wanted is None or sets[column].to_list() == wanted
    sessions = told.frames["strength_session"].sort("started_at")
    starts = [f"{start:%Y-%m-%dT%H:%M}" for start in sessions["started_at"]]
    assert case.starts in (None, starts)
    assert case.seconds in (None, sessions["duration_s"].to_list())
    assert case.notes in (None, sessions["note"].to_list())
    said = [f"{p.what} {p.remedy}" for p in [*recording.problems, *told.problems]]
    for part in case.said:
        assert any(part in line for line in said), said
    assert len(said) <= max(len(case.said), 1) if case.said else not said


def test_there_are_enough_bad_files():
    """The table of sloppy and hostile files is long enough to mean something."""
    assert len(CASES) >= 40
    assert len({case.law for case in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("content", "kind"),
    [(f"{HEVY}\n{H}\n", "hevy_csv"), (f"{STRONG_IOS}\n{I}\n", "strong_csv"),
     (f"{STRONG_ANDROID}\n{A}\n", "strong_csv")],
)  # fmt: skip
def test_an_app_is_known_by_its_header(content, kind):
    """An export is recognised whatever its file is called, and never as another one."""
    assert sniff(content.encode()) == FileKind(kind)
    assert FileKind(kind) in STRENGTH_APPS
    for place in ("export.csv", "strength.csv", "activities.csv", "x.fit.csv", "noname"):
        _, told = read(content.encode(), unit="kg", place=place)
        assert told.rows("strength_set") == 1


def test_the_unit_is_asked_for_once_a_file():
    """However many weights lack a unit, one line names their number and the setting."""
    _, told = read("\n".join([STRONG_IOS, *[I] * 30]).encode())
    (asked,) = [p for p in told.problems if "unit" in p.what]
    assert "30 weights" in asked.what
    assert "weight_unit" in asked.remedy
    assert "[strength]" in asked.remedy


def test_the_athletes_own_names_go_before_the_catalogue():
    """What exercises.csv says of a name stands, in any app, and ignoring it is no gap."""
    names = {"squat barbell": "hip_thrust", "sauna": None}
    content = "\n".join([HEVY, H, H.replace("Squat (Barbell)", "Sauna")]).encode()
    recording, told = read(content, names=names)
    assert told.frames["strength_set"].select("exercise_id", "matched_by").rows() == [
        ("hip_thrust", "override"), (None, "override"),
    ]  # fmt: skip
    assert not recording.problems
    assert not told.problems


# --- months and lengths

LANGUAGES = {
    "en": ("22 December 2025", "22 Dec 2025"), "de": ("22. Dezember 2025", "22. Dez. 2025"),
    "fr": ("22 décembre 2025", "22 déc. 2025"), "es": ("22 de diciembre de 2025", "22 dic 2025"),
    "it": ("22 dicembre 2025", "22 dic 2025"), "nl": ("22 december 2025", "22 dec. 2025"),
    "pt": ("22 de dezembro de 2025", "22 de dez. de 2025"),
    "sv": ("22 december 2025", "22 dec. 2025"),
    "no": ("22. desember 2025", "22. des. 2025"), "da": ("22. december 2025", "22. dec. 2025"),
    "pl": ("22 grudnia 2025", "22 gru 2025"), "cs": ("22. prosince 2025", "22. pro 2025"),
    "tr": ("22 Aralık 2025", "22 Ara 2025"), "ru": ("22 декабря 2025 г.", "22 дек. 2025 г."),
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_localised_export_is_the_english_one(language):
    """The same workout exported in any language is the same session, set for set."""
    plain_file = frames(f"{HEVY}\n{H}\n".encode())
    for date in LANGUAGES[language]:
        content = f"{HEVY}\n{H}\n".replace("22 Dec 2025", date).encode()
        sessions, sets = frames(content)
        assert sessions.equals(plain_file[0])
        assert sets.equals(plain_file[1])


def test_every_language_has_every_month():
    """Each of fourteen languages names all twelve months, and no name means two of them."""
    from importlib.resources import files

    table = files("carryover.catalogue").joinpath("month_name.csv").read_text("utf-8")
    rows = list(csv.DictReader(line for line in table.splitlines() if line[0] != "#"))
    held = {(row["language"], int(row["month"])) for row in rows}
    assert held == {(language, month) for language in LANGUAGES for month in range(1, 13)}
    for row in rows:
        assert months()[plain(row["name"])] == int(row["month"]), row


@UNHURRIED
@given(
    st.sampled_from(sorted(months())), st.integers(1, 28), st.sampled_from(["", "."]),
    st.sampled_from([str.upper, str.lower, str.title]),
)  # fmt: skip
def test_case_dots_and_accents_of_a_month_do_not_matter(name, day, dot, change):
    """A month is read in any case, with a dot or without, composed or not."""
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, f"{day} {change(name)}{dot} 2025, 08:00")
        assert read_clock("start", text) == (dt.date(2025, months()[name], day), dt.time(8))


@given(st.integers(0, 9), st.integers(0, 59), st.integers(0, 59))
def test_lengths_are_read_in_every_form(hours, minutes, seconds):
    """Hours, minutes and seconds are the same length however they are written."""
    total = hours * 3600 + minutes * 60 + seconds
    texts = [f"{hours}h {minutes}m {seconds}s", f"{hours}:{minutes:02d}:{seconds:02d}", f"{total}"]
    assert {read_length("duration", text) for text in texts} == {float(total)}


@given(st.text(max_size=30))
def test_no_text_breaks_a_date_or_a_length(noise):
    """Whatever stands in a cell, it is a value or a fault with a remedy."""
    remedies = []
    for reader in (read_clock, read_length):
        try:
            reader("cell", noise)
        except Fault as fault:
            remedies.append(fault.remedy)
    assert all(remedies)


# --- laws of whole exports

SET = st.fixed_dictionaries({
    "day": st.integers(1, 28), "exercise": st.sampled_from(["Squat (Barbell)", "Clamshell", "Odd"]),
    "kg": st.none() | st.decimals(0, 300, places=2), "reps": st.none() | st.integers(1, 30),
})  # fmt: skip


def written(header, rows, delimiter=","):
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue().encode()


def hevy_file(sets, unit="kg"):
    header = [cell.strip('"') for cell in HEVY.split(",")]
    factor = 1 if unit == "kg" else 1 / LB
    rows = [
        ["Legs", f"{s['day']} Dec 2025, 08:00", f"{s['day']} Dec 2025, 08:40", "", s["exercise"],
         "", "", 0, "normal", "" if s["kg"] is None else round(float(s["kg"]) * factor, 2),
         s["reps"], "", "", ""]
        for s in sets
    ]  # fmt: skip
    header = [name.replace("weight_kg", "weight_lbs") if unit == "lb" else name for name in header]
    return written(header, rows)


def strong_file(sets):
    rows = [
        [f"2025-12-{s['day']:02d} 08:00:00", "Legs", s["exercise"], 1, s["kg"], "kg", s["reps"],
         "", "", "", "", "", "", "40m"]
        for s in sets
    ]  # fmt: skip
    return written(STRONG_ANDROID.split(";"), rows, ";")


def told(content):
    """Return what a file tells, whatever its order: sessions by key, sets by all they hold."""
    sessions, sets = frames(content)
    bare = sets.drop("set_index")
    return sessions.sort("session_id").rows(), sorted(bare.rows(), key=repr)


@UNHURRIED
@given(st.lists(SET, min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(sets, random):
    """An export sorted anew has the same sessions under the same keys, and the same sets."""
    shuffled = random.sample(sets, len(sets))
    for file in (hevy_file, strong_file):
        assert told(file(sets)) == told(file(shuffled))


@UNHURRIED
@given(st.lists(SET, min_size=1, max_size=8))
def test_pounds_and_kilograms_are_one_weight(sets):
    """One workout exported in either unit weighs the same within 10 g."""
    _, kilograms = frames(hevy_file(sets))
    _, pounds = frames(hevy_file(sets, "lb"))
    assert kilograms.drop("weight_kg").equals(pounds.drop("weight_kg"))
    for kg, lb in zip(kilograms["weight_kg"], pounds["weight_kg"], strict=True):
        assert lb == (None if kg is None else pytest.approx(kg, abs=0.01))


@UNHURRIED
@given(st.lists(SET, min_size=1, max_size=8))
def test_two_apps_tell_the_same_workout(sets):
    """The same sets typed into both apps are the same but for origin, key and a weight of 0."""
    sessions, done = frames(hevy_file(sets))
    others, also = frames(strong_file(sets))
    shared = ["started_at", "local_date", "time_known", "kind", "duration_s"]
    assert sessions.select(shared).rows() == others.select(shared).rows()
    assert (set(sessions["origin"]), set(others["origin"])) == ({"hevy"}, {"strong"})
    assert not set(sessions["session_id"]) & set(others["session_id"])
    held = ["exercise_id", "exercise_raw", "reps", "matched_by"]
    assert sorted(done.select(held).rows(), key=repr) == sorted(also.select(held).rows(), key=repr)
    assert sum(done["weight_kg"].fill_null(0)) == pytest.approx(sum(also["weight_kg"].fill_null(0)))


@UNHURRIED
@given(st.binary(max_size=150), st.sampled_from([HEVY, STRONG_IOS, STRONG_ANDROID]))
def test_no_bytes_break_an_export(noise, header):
    """Whatever follows a header, each line of it is a row, blank, or named with a remedy."""
    problems, refused = [], ""
    try:
        problems = read(f"{header}\n".encode() + noise)[0].problems
    except DecodeError as error:
        refused = error.what
    assert refused in {"", "the text is not UTF-8"}
    for problem in problems:
        assert problem.severity in {"info", "warning"}
        assert problem.remedy or "not known are left out" in problem.what


@UNHURRIED
@given(st.lists(st.sampled_from([H, H.replace("60", "x"), '"open', "", H + ",1,2"]), max_size=8))
def test_no_line_is_lost_in_silence(lines):
    """Every line that is not blank is a set or is named, each once."""
    recording, _ = read("\n".join([HEVY, *lines, H]).encode())
    read_lines = recording.message("row")["line"].to_list()
    named = [int(re.search(r"line (\d+)", p.what)[1]) for p in recording.problems]
    full = [number for number, line in enumerate([*lines, H], start=2) if line]
    assert sorted(read_lines + named) == full
