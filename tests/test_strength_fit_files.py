"""Sets of whole FIT files: each is a row, a rest or told, and weights are kilograms."""

from __future__ import annotations

import pytest

from carryover.decode.door import sniff
from carryover.normalise.strength_fit import REST
from carryover.rawfile import FileKind, RawFile
from carryover.reading import read_content
from carryover.settings import Settings
from fit_bytes import SET, at, begin, session

FIELDS = [
    (254, "uint16", 1), (6, "uint32", 1), (3, "uint16", 1), (5, "enum", 1), (4, "uint16", 1),
    (9, "uint16", 1), (7, "uint16", 1), (8, "uint16", 1),
]  # fmt: skip
GYM, YOGA = 20, 43


def gym(*weights, unit=1, sub_sport=GYM, starts=None):
    """A session of ten minutes with a squat a minute; weights are 16ths of a kilogram."""
    made = begin(serial=77_001).define(5, SET, FIELDS)
    for number, weight in enumerate(weights):
        start = at(starts[number] if starts else 60 * number)
        made.data(5, number, start, 8, 1, weight, unit, 28, None)
    return session(made, elapsed_s=600, sport=10, sub_sport=sub_sport).file()


def read(content, place="gym.fit"):
    return read_content(RawFile(place, "sha", sniff(content), content), Settings())


def told(content):
    return read(content)[1].frames["strength_set"]


@pytest.mark.parametrize("unit", [None, 0, 1, 2, 7])
def test_a_weight_is_kilograms_in_every_display_unit(unit):
    """The watch shows pounds and stores 16ths of a kilogram: 100 lb is 45.375 kg, never 100."""
    assert told(gym(726, 968, 16, unit=unit))["weight_kg"].to_list() == [45.375, 60.5, 1.0]


@pytest.mark.parametrize("unit", [None, 1, 2])
def test_no_weight_is_no_number(unit):
    """65535 is FIT's word for nothing and 0 the watch's; what nobody lifts is no weight either."""
    sets = told(gym(0xFFFF, 0, 0xFFFE, 3200, unit=unit))
    assert sets["weight_kg"].to_list() == [None, None, None, 200.0]
    assert sets["exercise_id"].to_list() == ["squat"] * 4
    assert sets["matched_by"].to_list() == ["fit"] * 4


def test_sets_outside_every_session_are_told():
    """A set before the session or after it is no row, but it is counted for the person."""
    recording, normalised = read(gym(16, 16, 16, 16, starts=[-30, 0, 599, 600]))
    assert normalised.rows("strength_set") == 2
    (problem,) = [p for p in normalised.problems if "no strength session" in p.what]
    assert problem.what.startswith("2 sets lie")
    assert problem.severity == "info"
    assert recording.complete


def test_sets_of_yoga_are_told():
    """A watch counts sets of yoga, too: they are no gym work, and not lost in silence."""
    _, normalised = read(gym(16, 16, sub_sport=YOGA))
    assert normalised.rows("strength_session") == 0
    assert [p.what for p in normalised.problems] == [
        "2 sets lie in no strength session and count nowhere"
    ]


def test_the_athletes_own_list_names_what_a_watch_guesses():
    """What exercises.csv says of the watch's words goes before the watch's number."""
    content = gym(16)
    own = Settings(exercise_names={"squat": "goblet_squat"})
    _, normalised = read_content(RawFile("gym.fit", "sha", FileKind.FIT, content), own)
    assert normalised.frames["strength_set"].select("exercise_id", "matched_by").rows() == [
        ("goblet_squat", "override")
    ]


def test_every_set_of_the_corpus_is_accounted_for(corpus):
    """Each `set` message of every real gym file is a row, a rest, or in what a person is told."""
    seen = 0
    for path in sorted((corpus / "strength").rglob("*.fit")):
        recording, normalised = read(path.read_bytes(), path.name)
        sets = recording.message("set")
        if sets.is_empty():
            continue
        kinds = sets["set_type"].cast(str).to_list()
        rests = sum(kind in REST for kind in kinds)
        out = [p.what for p in normalised.problems if "no strength session" in p.what]
        told_of = sum(int(what.split()[0]) for what in out)
        assert normalised.rows("strength_set") + rests + told_of == sets.height, path.name
        seen += sets.height
    assert seen > 100
