"""`exercises.csv`: a person's own names, checked line by line, at work in the next night."""

from __future__ import annotations

import pytest

from carryover import app
from carryover.catalogue.own_names import read_own_names
from carryover.doctor import examine
from carryover.errors import SettingsError
from carryover.home import Home
from carryover.settings import load_settings
from strength_cases import HEVY, H

HEAD = "name,exercise_id\n"


def read(text):
    return read_own_names(text.encode() if isinstance(text, str) else text, "exercises.csv")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (HEAD, {}),
        (HEAD + "My  Bridge,glute_bridge\n", {"my bridge": "glute_bridge"}),
        (HEAD + "Sauna,ignore\nYoga,IGNORE\n", {"sauna": None, "yoga": None}),
        ("Name,Exercise_ID,Note\nA,squat,why\n", {"a": "squat"}),
        ("name;exercise_id\n\n# mine\nA;squat\n", {"a": "squat"}),
        (HEAD + '"Press, leg",leg_press\n', {"press leg": "leg_press"}),
        (HEAD + "A,squat\na,squat\n", {"a": "squat"}),
        ("\ufeffname,exercise_id\r\nÜbung Ä,squat\r\n", {"ubung a": "squat"}),
        ((HEAD + "Übung,squat\n").encode("cp1252"), {"ubung": "squat"}),
        ((HEAD + "Übung,squat\n").encode("utf-16"), {"ubung": "squat"}),
    ],
)
def test_names_are_read(text, names):
    """Case and accents of a name do not matter, a note is the person's own, `ignore` is none."""
    assert read(text) == names


@pytest.mark.parametrize(
    ("text", "what", "place", "remedy"),
    [
        ("", "names no columns", "line 1", "Begin"),
        ("A,squat\n", "not name,exercise_id", "line 1", "Begin with that line"),
        ("exercise_id,name\n", "not name,exercise_id", "line 1", "Begin with that line"),
        (HEAD + "A,squat\nB,sqat\n", "no exercise 'sqat'", "line 3", "squat"),
        (HEAD + "B,hip thrusts\n", "no exercise 'hip thrusts'", "line 2", "hip_thrust"),
        (HEAD + "hipp thrust,\n", "'hipp thrust' has no exercise", "line 2", "hip_thrust"),
        (HEAD + "B,zzzzqqq\n", "no exercise 'zzzzqqq'", "line 2", "table exercise"),
        (HEAD + "A,squat\nA,lunge\n", "name of line 2", "line 3", "Keep one"),
        (HEAD + "A,squat\nA,ignore\n", "name of line 2", "line 3", "Keep one"),
        (HEAD + ",squat\n", "names nothing", "line 2", "as the app says it"),
        (HEAD + "Press, leg,leg_press,x\n", "too many cells", "line 2", "double quotes"),
        (HEAD + '"A,squat\n', "quotes do not pair up", "line 2", "one line"),
    ],
)
def test_a_wrong_line_is_named(text, what, place, remedy):
    """What is wrong is told with the file, the line and the nearest exercise."""
    with pytest.raises(SettingsError) as caught:
        read(text)
    told = str(caught.value)
    assert caught.value.subject == "exercises.csv"
    assert (what in told, place in told, remedy in told) == (True, True, True), told


@pytest.fixture
def home(tmp_path):
    """A home with one export: a name that nobody knows, one with a slip, one that is known."""
    home = Home(tmp_path)
    home.prepare()
    rows = [H.replace("Squat (Barbell)", name) for name in ("Glutinator", "Hipp Thrust")]
    (home.raw / "hevy.csv").write_text("\n".join([HEVY, H, *rows]), "utf-8")
    return home


def night(home):
    settings = load_settings(home.root)
    report = app.ingest(home, settings)
    app.build_and_publish(home, settings)
    rows = app.ask(
        home, "select exercise_raw, exercise_id, matched_by from strength_set order by set_index"
    )
    return report.read, rows.rows()


def test_editing_the_list_changes_the_next_night(home):
    """A new, changed or deleted exercises.csv re-maps what is there; the same does nothing."""
    plain = [
        ("Squat (Barbell)", "squat", "name"), ("Glutinator", None, None),
        ("Hipp Thrust", "hip_thrust", "fuzzy"),
    ]  # fmt: skip
    assert night(home) == (1, plain)
    own = home.root / "exercises.csv"
    own.write_text(HEAD + "Glutinator,glute_bridge\n")
    assert night(home) == (1, [plain[0], ("Glutinator", "glute_bridge", "override"), plain[2]])
    assert night(home)[0] == 0
    own.write_text(HEAD + "Glutinator,ignore\nhipp thrust,single_leg_hip_thrust\n")
    read_again, rows = night(home)
    assert read_again == 1
    assert [row[1:] for row in rows[1:]] == [
        (None, "override"), ("single_leg_hip_thrust", "override"),
    ]  # fmt: skip
    issues = app.ask(home, "select count(*) from data_issue where subject = 'Glutinator'")
    assert issues.item() == 0
    own.unlink()
    assert night(home) == (1, plain)


def test_the_doctor_lists_what_is_unmapped(home):
    """The doctor names each unknown name with its sets, a guess and the line that settles it."""
    night(home)
    told = [finding.text() for finding in examine(home.root)]
    (unknown,) = [line for line in told if "Glutinator" in line]
    assert "counts no glute work (sets: 1)" in unknown
    assert "exercises.csv" in unknown
    assert "name,exercise_id" in unknown
    (fuzzy,) = [line for line in told if "Hipp Thrust" in line]
    assert "taken as Hip thrust" in fuzzy
    line = fuzzy.splitlines()[-1].rpartition(": ")[2]
    assert read(HEAD + line) == {"hipp thrust": "hip_thrust"}


def test_the_doctor_fails_on_a_wrong_list(home):
    """A line that is none stops the night with the file's name, and the doctor says the same."""
    (home.root / "exercises.csv").write_text(HEAD + "Glutinator,glute_brige\n")
    with pytest.raises(SettingsError, match="glute_bridge"):
        load_settings(home.root)
    assert any(f.is_failure and "glute_bridge" in f.what for f in examine(home.root))


def test_a_new_home_is_told_of_the_list(tmp_path):
    """The commented configuration of a new home says where own names go."""
    _, home = app.init_home(tmp_path)
    assert "exercises.csv" in (home.root / "carryover.toml").read_text("utf-8")
    assert load_settings(home.root).exercise_names == {}


def test_the_list_is_no_key_of_the_configuration(tmp_path):
    """Own names stand in their file alone: in carryover.toml they are an unknown key."""
    (tmp_path / "carryover.toml").write_text('[exercise_names]\na = "squat"\n')
    with pytest.raises(SettingsError, match="unknown key"):
        load_settings(tmp_path)
