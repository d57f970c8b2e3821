"""FIT files that no sound writer would write: each gives what can be read, or says why not."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carryover.decode import Recording, decode_file, sniff
from carryover.decode.fit.framing import MAX_PARTS, parts
from carryover.errors import CarryoverError, DecodeError, UnsupportedError
from carryover.normalise import normalise
from carryover.rawfile import FileKind, RawFile
from carryover.settings import Athlete
from fit_bytes import (
    DEVELOPER_DATA_ID,
    DEVICE_INFO,
    EVENT,
    FIELD_DESCRIPTION,
    LAP,
    RECORD,
    SESSION,
    SET,
    FitBytes,
    activity,
    at,
    begin,
    records,
    run,
    session,
    steady,
    timer,
)

MUTANTS = 800


def raw(content: bytes) -> RawFile:
    return RawFile("run.fit", "sha", sniff(content), content)


def decoded(content: bytes) -> Recording:
    return decode_file(raw(content))


def read(content: bytes):
    """Decode and normalise without any guard."""
    recording = decoded(content)
    return recording, normalise(
        FileKind.FIT, recording.messages, Athlete(), "sha", developer=recording.developer
    )


def complaints(recording: Recording) -> str:
    return "; ".join(problem.what for problem in recording.problems)


def rich() -> bytes:
    """A file with one of everything that is read: devices, apps, marks, laps, gym, clock."""
    made = begin()
    made.define(
        5, DEVICE_INFO, [(0, "uint8", 1), (1, "uint8", 1), (3, "uint32z", 1), (27, "string", 8)]
    )
    made.data(5, 0, 120, 99, "HRM")
    described(made, "Ground Time", "ms")
    timer(made, [(0, "start"), (20, "stop")])
    records(made, steady(8))
    made.define(8, RECORD, [(253, "uint32", 1)], developer=[(0, "uint16", 1, 0)])
    for second in range(9, 14):
        made.data(8, at(second), 250)
    made.define(9, LAP, [(2, "uint32", 1), (7, "uint32", 1), (24, "enum", 1)])
    made.data(9, at(0), 13000, 0)
    session(made, elapsed_s=14)
    session(made, elapsed_s=5, start_s=14, sport=10, sub_sport=20)
    gym = [
        (254, "uint32", 1),
        (0, "uint32", 1),
        (3, "uint16", 1),
        (5, "uint8", 1),
        (6, "uint32", 1),
    ]
    made.define(10, SET, [*gym, (7, "uint16", 2), (8, "uint16", 2)])
    made.data(10, at(18), 3000, 10, 1, at(15), (28, None), (5, None))
    return activity(made, end_s=19, offset_s=7200).file()


def described(made: FitBytes, name: str, units: str, *, app: int = 1, base: int = 0x84) -> None:
    """Declare application `app` at index 0 with its field 0."""
    made.define(6, DEVELOPER_DATA_ID, [(1, "byte", 16), (3, "uint8", 1)])
    made.data(6, (app,) * 16, 0)
    fields = [
        (0, "uint8", 1),
        (1, "uint8", 1),
        (2, "uint8", 1),
        (3, "string", 14),
        (8, "string", 4),
    ]
    made.define(7, FIELD_DESCRIPTION, fields).data(7, 0, 0, base, name, units)


def test_a_sound_file_has_no_complaints():
    """What a sound writer writes is read whole, without a word."""
    recording = decoded(run(30))
    assert recording.complete
    assert not recording.problems
    assert recording.message("record").height == 31
    recording, told = read(rich())
    assert recording.complete
    assert told.rows("strength_set") == 1
    assert told.rows("sample") == 14


def test_a_file_cut_at_any_byte_gives_records_or_a_reason():
    """At every length there is a recording or an error in words; records only ever grow."""
    whole = rich()
    counts = []
    for end in range(len(whole)):
        try:
            recording, _ = read(whole[:end])
        except CarryoverError:
            continue
        assert not recording.complete
        assert recording.problems
        counts.append(recording.message("record").height)
    assert len(counts) > 0.9 * len(whole)
    assert all(a <= b for a, b in pairwise(counts))
    assert counts[-1] == 14


def mutant(whole: bytes, rng: random.Random) -> bytes:
    """Change, drop or insert a few bytes, with a taste for sizes and type numbers."""
    content = bytearray(whole)
    for _ in range(rng.randint(1, 6)):
        place, way = rng.randrange(14, len(content)), rng.random()
        if way < 0.6:
            content[place] = rng.choice(
                [0, 1, 2, 7, 13, 0x84, 0x86, 0x88, 0x8E, 255, rng.randrange(256)]
            )
        elif way < 0.75:
            del content[place : place + rng.randint(1, 4)]
        elif way < 0.9:
            content[place:place] = rng.randbytes(rng.randint(1, 4))
        else:
            content = content[: max(place, 20)]
    return bytes(content)


def test_mutants_never_let_a_foreign_exception_out():
    """Hundreds of damaged files: each is read or refused in words, without the last guard."""
    whole = rich()
    rng = random.Random(20240504)
    refused = 0
    for number in range(MUTANTS):
        content = mutant(whole, rng)
        try:
            read(content)
        except CarryoverError:
            refused += 1
        except Exception as error:  # noqa: BLE001 - the point of the test
            pytest.fail(f"mutant {number}: {type(error).__name__}: {error}; {content.hex()}")
    assert refused < MUTANTS / 2


@pytest.mark.parametrize("header_size", [12, 14, 20])
def test_every_length_of_header_is_read(header_size):
    """Headers of 12, 14 and more bytes are legal; records are the same."""
    made = session(records(begin(), steady(5)), elapsed_s=5)
    recording = decoded(made.file(header_size=header_size))
    assert recording.complete
    assert recording.message("record").height == 6


def test_a_header_checksum_of_zero_is_no_fault():
    """A header without a checksum is legal and common."""
    made = session(records(begin(), steady(5)), elapsed_s=5)
    assert decoded(made.file(header_crc=0)).complete


def test_a_wrong_checksum_is_told_and_the_records_used():
    """A changed file is read and called partial."""
    made = session(records(begin(), steady(5)), elapsed_s=5)
    recording = decoded(made.file(crc=1))
    assert not recording.complete
    assert "checksum" in complaints(recording)
    assert recording.message("record").height == 6


def test_a_size_of_zero_means_a_watch_that_died():
    """A header whose size was never written is read to the end of the file."""
    made = session(records(begin(), steady(5)), elapsed_s=5)
    recording = decoded(made.file(data_size=0))
    assert "never finished" in complaints(recording)
    assert recording.message("record").height == 6


@given(extra=st.binary(min_size=1, max_size=60))
def test_bytes_after_the_end_do_no_harm(extra):
    """Whatever follows a whole file, its records stand; zeros are not even worth a word."""
    recording = decoded(run(5) + extra)
    assert recording.message("record").height == 6
    assert recording.complete == (not extra.strip(b"\0"))


def test_chained_files_are_read_to_the_last():
    """A chain of activities gives the records of each."""
    recording, told = read(
        run(5) + session(records(begin(serial=390_078), steady(9)), elapsed_s=9).file()
    )
    assert recording.complete
    assert recording.message("record").height == 16
    assert told.frames["activity"]["n_records"].to_list() == [6, 10]


def test_a_chain_without_end_is_cut():
    """Thousands of empty files in one are an attack, not a run."""
    problems = []
    found = parts(FitBytes().file() * (MAX_PARTS + 5), lambda *fault: problems.append(fault))
    assert len(found) == MAX_PARTS
    assert problems


def test_big_endian_reads_like_little_endian():
    """The order of bytes is the writer's choice, message by message."""
    little = session(records(begin(), steady(5)), elapsed_s=5).file()
    big = session(records(begin(), steady(5), big=True), elapsed_s=5).file()
    assert decoded(big).message("record").equals(decoded(little).message("record"))


@given(steps=st.lists(st.integers(0, 31), min_size=1, max_size=60))
def test_compressed_times_count_on_from_the_last_whole_one(steps):
    """Five bits of time are enough while records come at least every 31 seconds."""
    made = begin()
    made.define(1, RECORD, [(253, "uint32", 1), (4, "uint8", 1)]).data(1, at(0), 85)
    made.define(2, RECORD, [(4, "uint8", 1)])
    second, expected = 0, [0]
    for step in steps:
        second += step
        made.compressed(2, at(second) & 0x1F, 85)
        expected.append(second)
    times = decoded(made.file()).message("record")["timestamp"]
    assert [(t - times[0]).total_seconds() for t in times] == expected


def test_a_developer_field_of_size_zero_takes_no_record_away():
    """A field declared with no bytes is skipped; fitparse alone would read nothing."""
    made = begin()
    described(made, "Ground Time", "ms")
    made.define(1, RECORD, [(253, "uint32", 1)], developer=[(0, "uint16", 0, 0), (1, "byte", 0, 3)])
    for second in range(5):
        made.data(1, at(second), None, None)
    recording = decoded(made.file())
    assert recording.complete
    assert recording.message("record").height == 5


def test_an_undeclared_developer_field_is_kept_as_bytes():
    """A field of an application that nobody declared is bytes under a name of its own."""
    made = begin()
    made.define(1, RECORD, [(253, "uint32", 1)], developer=[(7, "uint16", 1, 3)])
    made.data(1, at(0), 258).data(1, at(1), 258)
    held = decoded(made.file()).message("record")
    assert held["dev/3/undeclared_3_7 (array)"].to_list() == [[2, 1]] * 2


def test_a_description_without_its_application_is_still_a_description():
    """Fields of an application that never introduced itself are named as they say."""
    made = begin()
    fields = [(0, "uint8", 1), (1, "uint8", 1), (2, "uint8", 1), (3, "string", 14)]
    made.define(7, FIELD_DESCRIPTION, fields).data(7, 4, 0, 0x84, "Lonely")
    made.define(1, RECORD, [(253, "uint32", 1)], developer=[(0, "uint16", 1, 4)]).data(1, at(0), 9)
    recording = decoded(made.file())
    assert recording.complete
    assert recording.message("record")["dev/4/Lonely"].to_list() == [9]


@pytest.mark.parametrize("base", [0x55, 0xFF])
def test_a_description_of_an_unknown_type_is_passed_over(base):
    """A description that cannot be used does not end the reading."""
    made = begin()
    described(made, "Odd", "x", base=base)
    records(made, steady(5))
    recording = decoded(made.file())
    assert recording.complete
    assert recording.message("record").height == 6


def test_two_applications_on_one_index_stay_apart():
    """An index used again belongs to the new application from there on."""
    made = begin()
    for app, value in ((1, 11), (2, 22)):
        described(made, "Power", "w", app=app)
        made.define(1, RECORD, [(253, "uint32", 1)], developer=[(0, "uint16", 1, 0)])
        made.data(1, at(app), value)
    held = decoded(made.file()).message("record")
    assert held[f"dev/{'01' * 16}/Power [w]"].to_list() == [11, None]
    assert held[f"dev/{'02' * 16}/Power [w]"].to_list() == [None, 22]


def test_developer_fields_do_not_leak_from_file_to_file():
    """What one file declares means nothing in the next."""
    first = begin()
    described(first, "Ground Time", "ms")
    decoded(first.file())
    made = begin().define(1, RECORD, [(253, "uint32", 1)], developer=[(0, "uint16", 1, 0)])
    held = decoded(made.data(1, at(0), 250).file()).message("record")
    assert [c for c in held.columns if "Ground Time" in c] == []


def test_a_field_of_the_wrong_size_costs_only_itself():
    """COROS declares event.data as four bytes with size one; all else is read."""
    made = records(begin(), steady(3))
    made.raw(bytes([0x45, 0, 0, EVENT, 0, 3, 253, 4, 0x86, 0, 1, 0, 3, 1, 0x86]))
    made.raw(bytes([0x05]) + at(1).to_bytes(4, "little") + b"\0\7")
    records(made, [{"timestamp": 4, "cadence": 85}], local=2)
    recording = decoded(made.file())
    assert recording.complete
    assert recording.message("record").height == 5
    assert recording.message("event")["event"].to_list() == ["timer"]


@pytest.mark.parametrize("name", [b"\xff\xfe\xc3", b"eight chars and more", b""])
def test_strings_need_no_end_and_no_alphabet(name):
    """Text that is not UTF-8, not ended or empty is no reason to stop."""
    made = begin()
    made.define(5, DEVICE_INFO, [(3, "uint32z", 1), (27, "string", 8)]).data(5, 9, name)
    records(made, steady(3))
    recording, told = read(session(made, elapsed_s=3).file())
    assert recording.complete
    assert told.rows("device") == 1


@pytest.mark.parametrize("native_first", [True, False])
def test_an_empty_field_does_not_wipe_out_its_better_twin(native_first):
    """A speed without a value expands to an enhanced speed without one; the told one stands."""
    fields = [(73, "uint32", 1), (6, "uint16", 1)]
    values = [3000, None]
    if not native_first:
        fields.reverse()
        values.reverse()
    made = begin().define(1, RECORD, [(253, "uint32", 1), *fields]).data(1, at(0), *values)
    assert decoded(made.file()).message("record")["enhanced_speed"].to_list() == [3.0]


ODD_SESSIONS = [
    [(5, "enum", 3)], [(5, "string", 4)], [(2, "uint32", 2)], [(2, "string", 4)],
    [(2, "float32", 1)], [(7, "uint32", 2)], [(7, "string", 4)], [(7, "float64", 1)],
    [(253, "uint16", 1)], [(22, "uint16", 2)], [(131, "string", 3)], [(193, "string", 2)],
    [(5, "float32", 1), (2, "uint64", 1)], [(110, "uint16", 1)], [(7, "sint64", 1)],
]  # fmt: skip


@pytest.mark.parametrize("fields", ODD_SESSIONS, ids=str)
@pytest.mark.parametrize("value", [0, 1, 1e30, 97])
def test_a_session_of_odd_types_is_read_without_them(fields, value):
    """A sport that is an array, a start that is text: they have no value, the file is read."""
    made = records(begin(), steady(20)).define(2, SESSION, fields)
    cells = []
    for _, base, count in fields:
        whole = int(min(value, 97))
        cells.append(
            "ab" if base == "string" else (whole,) * count if "float" not in base else value
        )
    recording, told = read(made.data(2, *cells).file())
    assert recording.message("session").height == 1
    assert told.rows("activity") <= 1


ODD_RECORDS = [
    [(3, "uint8", 2)], [(4, "string", 3)], [(41, "uint16", 3)], [(0, "float32", 1)],
    [(73, "float64", 1)], [(84, "sint16", 1)], [(5, "uint8", 1)], [(39, "byte", 2)],
]  # fmt: skip


@pytest.mark.parametrize("fields", ODD_RECORDS, ids=str)
def test_records_of_odd_types_keep_their_other_channels(fields):
    """A channel of a type that it never has is missing; the instants are there."""
    made = records(begin(), steady(5))
    made.define(2, RECORD, [(253, "uint32", 1), *fields])
    for second in range(6, 10):
        made.data(2, at(second), *("ab" if base == "string" else 1 for _, base, _ in fields))
    _, told = read(session(made, elapsed_s=10, local=3).file())
    assert told.frames["sample"].height == 10
    assert told.frames["sample"]["speed_mps"][:6].to_list() == [3.0] * 6


@pytest.mark.parametrize(
    ("kind", "what"),
    [(2, "watch settings"), (5, "a planned workout"), (6, "a planned course"), (32, "monitoring"),
     (99, "of type 99")],
)  # fmt: skip
def test_a_file_that_is_no_activity_is_unsupported(kind, what):
    """A sound file of another kind is named as such, never called damaged."""
    with pytest.raises(UnsupportedError, match=what):
        decoded(begin(kind=kind).file())


@pytest.mark.parametrize("content", [b"", b"\x0e", b"FIT", b"\0" * 200, b"<html></html>"])
def test_what_is_no_fit_is_said_to_be_none(content):
    """Empty files and other contents named .fit are refused in words."""
    with pytest.raises(DecodeError, match=r"empty|not a FIT file"):
        decoded(content)


def test_the_same_bytes_give_the_same_frames():
    """Reading is a function of the content alone."""
    (_, first), (_, second) = read(rich()), read(rich())
    assert first.frames.keys() == second.frames.keys()
    assert all(first.frames[name].equals(second.frames[name]) for name in first.frames)
