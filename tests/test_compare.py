"""Readers side by side: each kind of difference is recognised, and told in plain words."""

from __future__ import annotations

import gzip
import json
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from carryover.cli import app
from carryover.compare.comparison import compare
from carryover.compare.door import compare_file
from carryover.compare.fitparse_witness import read_with_fitparse
from carryover.compare.garmin_witness import read_with_garmin
from carryover.compare.kinds import INTO_CHECKSUM, RULES, STOPS, UNEXPLAINED, kind_of_stop
from carryover.compare.our_witness import read_with_ours
from carryover.compare.readings import Reading, same, scaled, tidy
from carryover.compare.words import lines
from carryover.errors import DecodeError
from fit_bytes import RECORD, SESSION, at, begin, records, run, steady
from fitdecode_witness import read_with_fitdecode

READERS = {
    "fitparse": read_with_fitparse,
    "fitdecode": read_with_fitdecode,
    "Garmin's SDK": read_with_garmin,
}
TIME = (253, "uint32", 1)
EVENT, DEVICE_INFO, HR, MONITORING, TIME_IN_ZONE = 21, 23, 132, 55, 216
FIELD_DESCRIPTION, DEVELOPER_DATA_ID = 206, 207


def messages(number, fields, *rows):
    """A file with messages of one kind, a timestamp first in each."""
    made = begin().define(1, number, [TIME, *fields])
    for second, row in enumerate(rows):
        made.data(1, at(second), *row)
    return made


def app_field(base, *, declared_base, size_values=1, value=None):
    """Records with a field of an app that declares a base type of its own."""
    made = begin()
    made.define(1, DEVELOPER_DATA_ID, [(1, "byte", 16), (3, "uint8", 1)])
    made.data(1, tuple(range(16)), 0)
    description = [(0, "uint8", 1), (1, "uint8", 1), (2, "uint8", 1), (3, "string", 8)]
    made.define(1, FIELD_DESCRIPTION, description).data(1, 0, 0, declared_base, "Thing")
    made.define(1, RECORD, [TIME], developer=[(0, base, size_values, 0)])
    return made.data(1, at(0), *([()] if not size_values else [value]))


UNDECLARED = begin().define(1, RECORD, [TIME], developer=[(0, "uint8", 1, 0)]).data(1, at(0), 7)
HEARTS = (
    begin().define(1, HR, [TIME, (9, "uint32", 1)]).data(1, at(0), 1_000_000)
    .define(2, HR, [(6, "uint8", 8), (10, "byte", 12)])
    .data(2, tuple(range(60, 68)), tuple(range(12)))
)  # fmt: skip
PACKED_TIMES = (
    messages(RECORD, [], ()).define(2, RECORD, [(3, "uint8", 1)])
    .compressed(2, at(1) & 31, 100).compressed(2, at(2) & 31, 101)
)  # fmt: skip
ODD_SIZE = messages(RECORD, [], ()).raw(bytes([0x42, 0, 0, EVENT, 0, 1, 3, 1, 0x86, 2, 9]))
NO_TYPE = messages(RECORD, [], ()).raw(bytes([0x42, 0, 0, EVENT, 0, 1, 3, 1, 0x77, 2, 9]))
OWN_AND_PACKED = messages(RECORD, [(73, "uint32", 1), (6, "uint16", 1)], (3001, 3000))
OWN_AND_EMPTY = messages(RECORD, [(73, "uint32", 1), (6, "uint16", 1)], (3001, None))
PACKED_TWICE = messages(RECORD, [(8, "byte", 3)], ((0x10, 0x20, 0x30),))
EMPTY_FLOAT = messages(RECORD, [(200, "float32", 1)], (float("nan"),))
TEXTS = messages(SESSION, [(110, "string", 8)], (b"ab\0cd\0",))
NO_LETTERS = messages(SESSION, [(110, "string", 8)], (b"ab\xffc",))
ZONES = messages(TIME_IN_ZONE, [(2, "uint32", 2)], ((1500, 2500),))
GEARS = messages(
    EVENT, [(3, "uint32", 1), (0, "enum", 1), (1, "enum", 1)], (42 << 24 | 1 << 16, 42, 3)
)
BREATHS = messages(RECORD, [(99, "uint8", 1)], (17,))
CLIMB = messages(312, [(80, "uint8", 1)], (48,))
SWIM = messages(SESSION, [(5, "enum", 1), (18, "uint8", 1)], (5, 34))
NO_BYTES = app_field("uint8", declared_base=2, size_values=0)
PLAIN = messages(RECORD, [], ())
STEPS = messages(MONITORING, [(24, "byte", 1), (3, "uint32", 1)], (6, 50))
RADIO = messages(DEVICE_INFO, [(1, "uint8", 1), (25, "enum", 1)], (4, 5))

INTO_THE_CHECKSUM = PLAIN.file(data_size=len(PLAIN.body) - 2)[:-2]

DAMAGED = begin()
records(DAMAGED, steady(30)).raw(b"\x0b" * 40)
for _row in range(31, 61):
    DAMAGED.data(1, at(_row), 300 * _row, 3000, 150, 85, 2500, 5100, 900)

CASES = {
    "fitparse": {
        "damaged stretch": DAMAGED.file(),
        "field that its profile does not have": ZONES.file(),
        "packed field that its profile does not have": BREATHS.file(),
        "second name that its profile does not have": RADIO.file(),
        "second name chosen by a packed field": STEPS.file(),
        "value lost to an empty one": OWN_AND_EMPTY.file(),
        "value lost to a packed one": OWN_AND_PACKED.file(),
        "value packed twice": PACKED_TWICE.file(),
        "times of heart beats": HEARTS.file(),
        "packed 0 that means empty": GEARS.file(),
        "field of an odd size": ODD_SIZE.file(),
        "file that the watch never finished": PLAIN.file(data_size=0),
        "wrong checksum": PLAIN.file(header_crc=77),
        "app field without bytes": NO_BYTES.file(),
        "app field that was not declared": UNDECLARED.file(),
        "message that runs into the checksum": INTO_THE_CHECKSUM,
    },
    "fitdecode": {
        "damaged stretch": DAMAGED.file(),
        "field that its profile does not have": CLIMB.file(),
        "second name that its profile does not have": SWIM.file(),
        "second name chosen by a packed field": STEPS.file(),
        "value lost to an empty one": OWN_AND_EMPTY.file(),
        "value lost to a packed one": OWN_AND_PACKED.file(),
        "value packed twice": PACKED_TWICE.file(),
        "times of heart beats": HEARTS.file(),
        "packed 0 that means empty": GEARS.file(),
        "file that the watch never finished": PLAIN.file(data_size=0),
        "header longer than 14 bytes": PLAIN.file(header_size=16),
        "app field without bytes": NO_BYTES.file(),
    },
    "Garmin's SDK": {
        "damaged stretch": DAMAGED.file(),
        "second name chosen by a packed field": STEPS.file(),
        "value lost to a packed one": OWN_AND_PACKED.file(),
        "text beyond its end": TEXTS.file(),
        "letters that are none": NO_LETTERS.file(),
        "empty shown as “not a number”": EMPTY_FLOAT.file(),
        "empty app field shown as a number": app_field("uint8", declared_base=2).file(),
        "app field that was not declared": UNDECLARED.file(),
        "message that runs into the checksum": INTO_THE_CHECKSUM,
        "times packed into headers": PACKED_TIMES.file(),
        "file that the watch never finished": PLAIN.file(data_size=0),
        "wrong checksum": PLAIN.file(crc=77) + PLAIN.file(),
        "app field without bytes": NO_BYTES.file(),
        "type that does not exist": NO_TYPE.file(),
        "header longer than 14 bytes": PLAIN.file(header_size=16),
    },
}
"""Reader → kind of difference → the smallest file that shows it."""

PAIRS = [(reader, kind) for reader, kinds in CASES.items() for kind in kinds]


@pytest.mark.parametrize(("reader", "kind"), PAIRS)
def test_a_kind_is_recognised(reader, kind):
    """Each kind of difference is shown by a file built for it, and nothing there is unexplained."""
    content = CASES[reader][kind]
    found = compare(read_with_ours(content), READERS[reader](content))
    assert kind in {told.name for told in found.tallies}
    assert found.unexplained == []


def test_every_kind_is_shown():
    """No kind is only claimed: each rule, for each reader that it speaks of, has a file."""
    ruled = {(reader, rule.kind.name) for rule in RULES for reader in rule.readers}
    stopped = {(stop.reader, stop.kind.name) for stop in STOPS}
    beyond = {(reader, INTO_CHECKSUM.name) for reader in ("fitparse", "Garmin's SDK")}
    assert ruled | stopped | beyond == set(PAIRS)


@pytest.mark.parametrize("reader", READERS)
def test_a_sound_run_needs_no_explanation(reader):
    """An ordinary run is the same to every reader, value by value."""
    content = run(20)
    found = compare(read_with_ours(content), READERS[reader](content))
    assert found.tallies == {}
    assert found.n_equal == found.n_compared == found.ours.n_values > 150


@given(reader=st.sampled_from(sorted(READERS)), data=st.data())
def test_what_no_rule_explains_is_named(reader, data):
    """Any value of any message, changed or taken away, is found and named as unexplained."""
    content = run(5)
    ours, theirs = read_with_ours(content), READERS[reader](content)
    number = data.draw(st.sampled_from(sorted(theirs.messages)))
    values = data.draw(st.sampled_from(theirs.messages[number]))
    key = data.draw(st.sampled_from(sorted(values, key=str)))
    if data.draw(st.booleans()):
        del values[key]
    else:
        values[key] += data.draw(st.integers(1, 1000))
    found = compare(ours, theirs)
    assert len(found.unexplained) == 1
    assert list(found.tallies) == [UNEXPLAINED]


@given(first=st.integers(1, 8))
def test_messages_that_only_one_has_are_counted(first):
    """Messages behind a stop count with all their values; where nobody stopped, unexplained."""
    content = run(10)
    ours, theirs = read_with_ours(content), read_with_fitparse(content)
    lost = theirs.messages[RECORD][first:]
    theirs.messages[RECORD] = theirs.messages[RECORD][:first]
    found = compare(ours, theirs)
    assert found.tallies[UNEXPLAINED].n_values == sum(map(len, lost))
    back = compare(theirs, ours)
    assert back.tallies[UNEXPLAINED].n_values == sum(map(len, lost))


@pytest.mark.parametrize("reader", READERS)
def test_a_limit_is_no_difference(reader):
    """A reader that was told to stop early is compared on what it read, and nothing is missing."""
    content = run(50)
    theirs = READERS[reader](content, 20)
    found = compare(read_with_ours(content), theirs)
    assert theirs.limited
    assert theirs.n_messages == 20
    assert theirs.stopped == ""
    assert found.tallies == {}


def test_a_stop_is_explained_by_its_own_words_alone():
    """A reader that came to the end cannot have missed messages for a known reason."""
    for reader in READERS:
        assert kind_of_stop(Reading(reader, "1"), Reading("carryover", "1")) is UNEXPLAINED


@given(cells=st.lists(st.none() | st.integers(), max_size=5))
def test_arrays_have_one_form(cells):
    """Tuples and lists are the same, one cell is itself, and only empty cells are nothing."""
    assert tidy(tuple(cells)) == tidy(cells)
    if not [cell for cell in cells if cell is not None]:
        assert tidy(cells) is None
    elif len(cells) == 1:
        assert tidy(cells) == cells[0]
    else:
        assert tidy(cells) == cells


@given(raw=st.integers(0, 65535), scale=st.sampled_from([1, 5, 100, 1000]))
def test_rounding_is_no_difference_and_a_step_is(raw, scale):
    """Values that differ by rounding alone are the same; the next step of the field is not."""
    value = scaled(raw, scale, 500)
    assert same(value, raw * (1 / scale) - 500)
    assert not same(value, scaled(raw + 1, scale, 500))
    assert not same(value, None)
    assert not same(value, [value, value])


def said(*arguments):
    return CliRunner().invoke(app, ["doctor", "--compare", *map(str, arguments)])


def test_the_doctor_says_who_is_right(tmp_path):
    """The report names every reader, each kind with its reason, and ends in a conclusion."""
    path = tmp_path / "run.fit"
    path.write_bytes(OWN_AND_EMPTY.file())
    told = said(path)
    assert told.exit_code == 0
    for words in ("carryover", "fitparse 1.", "Garmin's SDK", "value lost to an empty one",
                  "right: carryover", "enhanced_speed: 3.001 here, nothing in fitparse",
                  "Every difference is explained"):  # fmt: skip
        assert words in told.stdout


def test_the_doctor_speaks_to_machines(tmp_path):
    """With --json the same report is data."""
    path = tmp_path / "run.fit"
    path.write_bytes(OWN_AND_EMPTY.file())
    told = json.loads(said(path, "--json").stdout)
    assert [r["reader"] for r in told["readers"]] == ["carryover", "fitparse", "Garmin's SDK"]
    first = told["comparisons"][0]
    assert first["unexplained"] == 0
    assert first["compared"] == first["equal"] + sum(k["values"] for k in first["kinds"])


def test_a_reader_that_stops_is_quoted(tmp_path):
    """Where a reader stops, the report says so in its own words."""
    path = tmp_path / "run.fit"
    path.write_bytes(PACKED_TIMES.file())
    text = "\n".join(lines(compare_file(path)))
    assert "a stop: “" in text
    assert "Compressed timestamp" in text


def test_archives_with_one_run_are_opened(tmp_path):
    """A run in a .gz or alone in a .zip is read like the file itself."""
    content = run(5)
    (tmp_path / "run.fit").write_bytes(content)
    (tmp_path / "run.fit.gz").write_bytes(gzip.compress(content))
    with zipfile.ZipFile(tmp_path / "run.zip", "w") as archive:
        archive.writestr("run.fit", content)
    counts = {
        compare_file(tmp_path / n).ours.n_values for n in ("run.fit", "run.fit.gz", "run.zip")
    }
    assert counts == {read_with_ours(content).n_values}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gone.fit", None, "no such file"),
        ("empty.fit", b"", "not a FIT file"),
        ("run.fit", b"<gpx></gpx>", "not a FIT file"),
        ("run.fit.gz", gzip.compress(run(5))[:-9], "cut off"),
    ],
)
def test_what_is_no_run_is_told(tmp_path, name, content, words):
    """A file that is not there, empty, of another kind or damaged gets a message and a remedy."""
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DecodeError, match=words) as caught:
        compare_file(path)
    assert caught.value.remedy
    told = said(path)
    assert told.exit_code == 1
    assert words in told.stderr


def test_several_runs_in_an_archive_are_not_guessed(tmp_path):
    """An archive with more than one run asks for one of them."""
    path = tmp_path / "runs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.fit", run(5))
        archive.writestr("b.fit", run(6))
    with pytest.raises(DecodeError, match="2 FIT files"):
        compare_file(path)
