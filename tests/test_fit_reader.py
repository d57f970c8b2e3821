"""What the FIT reader owes to odd files: laws that once were broken, and the reader's own words."""

from __future__ import annotations

import random
import struct

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from carryover.decode.fit import Decoded, FitError, Severity, Strictness, read_fit
from fit_bytes import (
    DEVICE_INFO,
    EVENT,
    FIELD_DESCRIPTION,
    RECORD,
    SESSION,
    FitBytes,
    at,
    begin,
    described,
    introduced,
    records,
    run,
    steady,
)

TIME = (253, "uint32", 1)
HR, MESG_CAPABILITIES, UNKNOWN = 132, 38, 0xFF77
APPLICATION = bytes(range(16))


def frame(made: FitBytes, name: str = "record", **chosen) -> pl.DataFrame:
    return read_fit([made.file()]).frame(name, **chosen)


# Types that a field never has


@pytest.mark.parametrize(("base", "count"), [("byte", 4), ("uint16", 2), ("string", 4)])
def test_a_time_of_an_odd_type_is_no_anchor_of_packed_times(base, count):
    """Five bits of time need a whole time before them; four bytes of another type are none."""
    made = begin().define(1, RECORD, [(253, base, count), (3, "uint8", 1)])
    made.data(1, b"abcd" if base == "string" else (1,) * count, 150)
    made.define(2, RECORD, [(3, "uint8", 1)]).compressed(2, 7, 151)
    held = frame(made)
    assert held["heart_rate"].to_list() == [150, 151]


@pytest.mark.parametrize("count", [1, 2])
def test_a_packed_field_may_be_of_wide_numbers(count):
    """Components are bits, whatever numbers they are declared to lie in."""
    made = begin().define(1, RECORD, [(8, "uint32", count)])
    values = (0x0FA_0C8, *(0,) * (count - 1))
    held = frame(made.data(1, values))
    assert held["speed"].to_list() == [0x0C8 / 100]
    assert held["distance"].to_list() == [0x0FA / 16]


@pytest.mark.parametrize("odd", ["float32", "float64", "sint64", "uint64"])
def test_one_odd_file_does_not_change_the_types_of_the_others(odd):
    """A time or a name of a type that it never has is kept apart, not made common to all."""
    strange = begin().define(1, RECORD, [(253, odd, 1), (3, odd, 1), (5, odd, 1)])
    strange = strange.data(1, 1, 2, 3)
    strange = strange.define(2, SESSION, [(5, odd, 1)]).data(2, 1).file()
    for contents in ([run(5), strange], [strange, run(5)]):
        together, alone = read_fit(contents), read_fit([run(5)])
        place = contents.index(run(5))
        for name in ("record", "session"):
            expected = alone.frame(name).drop("file")
            whole = together.frame(name).filter(file=place).select(expected.columns)
            assert whole.equals(expected)
            assert whole.schema == expected.schema
        other = together.frame("record").filter(file=1 - place)
        assert other["timestamp_number"].to_list() == [1]
        assert other["heart_rate_number"].to_list() == [2]
        assert other["distance_number"].to_list() == [3]


def test_odd_times_do_not_take_away_those_of_others():
    """Where packed times are filled in, whole ones of any width stay."""
    packed = begin().define(1, RECORD, [TIME]).data(1, at(0))
    packed = packed.define(2, RECORD, [(3, "uint8", 1)]).compressed(2, (at(0) + 3) & 31, 150).file()
    signed = begin().define(1, RECORD, [(253, "sint32", 1)]).data(1, at(9)).file()
    held = read_fit([packed, signed]).frame("record", raw=True)
    assert held["timestamp"].to_list() == [at(0), at(0) + 3, at(9)]


def test_a_field_that_is_called_file_has_another_column():
    """`file` is the index in the batch, so the profile's field of that name gives way."""
    made = begin().define(1, MESG_CAPABILITIES, [(0, "enum", 1)]).data(1, 4)
    held = frame(made, "mesg_capabilities")
    assert held["file"].to_list() == [0]
    assert held["file_field"].to_list() == ["activity"]
    assert frame(made, "mesg_capabilities", columns=["file_field"]).equals(held)


# Packed fields


def test_a_counter_goes_on_from_a_whole_value_in_its_own_unit():
    """A distance of 100 m is 1,600 sixteenths: the counter of 12 bits goes on from there."""
    made = begin().define(1, RECORD, [(5, "uint32", 1)]).data(1, 100_00)
    made.define(2, RECORD, [(8, "byte", 3)])
    for metres in (101, 300, 500):
        bits = (metres * 16 & 0xFFF) << 12
        made.data(2, tuple(bits.to_bytes(3, "little")))
    assert frame(made)["distance"].to_list() == [100.0, 101.0, 300.0, 500.0]


def test_what_is_unpacked_is_passed_on():
    """A packed speed is the speed, and the enhanced speed as well."""
    made = begin().define(1, RECORD, [(8, "byte", 3)]).data(1, (0xC8, 0, 0))
    made.define(2, RECORD, [(6, "uint16", 1)]).data(2, 3000)
    made.define(3, RECORD, [(73, "uint32", 1), (8, "byte", 3)]).data(3, 5000, (0xC8, 0, 0))
    held = frame(made)
    assert held["speed"].to_list() == [2.0, 3.0, 2.0]
    assert held["enhanced_speed"].to_list() == [2.0, 3.0, 5.0]


def test_arrays_of_times_stand_beside_unpacked_ones():
    """Ten times in bits stay ten where other messages have ten of their own."""
    made = begin().define(1, HR, [(9, "uint32", 10)]).data(1, tuple(1024 * k for k in range(10)))
    made.define(2, HR, [(10, "byte", 15)])
    told = [(9 + k) * 1024 & 0xFFF for k in range(1, 11)]
    bits = sum(value << 12 * k for k, value in enumerate(told))
    held = frame(made.data(2, tuple(bits.to_bytes(15, "little"))), "hr")["event_timestamp"]
    assert held.to_list() == [[float(k) for k in range(10)], [float(k) for k in range(10, 20)]]


# Columns chosen


def strange() -> FitBytes:
    """Records with fields that are unknown, wide, misaligned, or of another kind."""
    made = introduced(begin(), APPLICATION)
    described(made, 0, "uint16", "Power", "W")
    fields = [TIME, (3, "uint8", 2), (4, "string", 3), (6, "uint16", 1), (41, "float32", 1),
              (200, "uint16", 1), (201, "uint8", 3), (202, "string", 4)]  # fmt: skip
    made.define(1, RECORD, fields, developer=[(0, "uint16", 1, 0)])
    made.data(1, at(0), (150, 151), "abc", 3000, 2.5, 7, (1, 2, 3), "text", 250)
    made.define(2, UNKNOWN, [(1, "uint8", 1), (2, "uint8", 2), (3, "string", 3)])
    made.data(2, 1, (2, 3), "abc")
    made.raw(bytes([0x43, 0, 0, EVENT, 0, 2, 0, 1, 0, 3, 6, 0x86, 3, 0, 1, 2, 3, 4, 5, 6]))
    return made


@pytest.mark.parametrize("message", ["record", f"unknown_{UNKNOWN}", "event"])
def test_any_one_column_can_be_chosen(message):
    """Each column of the whole frame can be asked for by its name, alone."""
    whole = frame(strange(), message)
    for name in whole.columns:
        kept = {"file", "segment_index", name, *(c for c in whole.columns if c.startswith("dev/"))}
        expected = whole.select(c for c in whole.columns if c in kept)
        assert frame(strange(), message, columns=[name]).equals(expected), name


def test_a_frame_that_no_file_has_is_empty():
    """Asking for what is not there is no mistake, whatever the name."""
    decoded = read_fit([run(3)])
    for name in ("hrv", "unknown_4711", "unknown_", "unknown_x", "no such message", ""):
        assert decoded.frame(name).is_empty()
        assert decoded.cells(name) == 0


def test_cells_count_every_field_at_its_widest():
    """What a frame may cost is known before it is made: rows × values of all its fields."""
    made = begin().define(1, RECORD, [(201, "uint8", 9)]).data(1, (0,) * 9)
    made.define(1, RECORD, [(201, "uint8", 2), (3, "uint8", 1)]).data(1, (0, 0), 1)
    made.define(1, RECORD, [(202, "string", 20), (5, "uint32", 1)]).data(1, "", 1)
    assert read_fit([made.file()]).cells("record") == 3 * (9 + 1 + 20 + 1)


@pytest.mark.parametrize("message", ["record", "session", "device_info"])
def test_raw_numbers_are_those_of_the_file(message):
    """`raw` leaves names and times as numbers; all other columns are the same."""
    made = begin().define(1, RECORD, [TIME, (42, "enum", 1), (5, "uint32", 1)])
    made.data(1, at(0), 1, 500).data(1, 5, 200, None)
    made.define(2, SESSION, [(2, "uint32", 1), (5, "enum", 1), (7, "uint32", 1)])
    made.data(2, at(1), 11, 1500)
    made.define(3, DEVICE_INFO, [(0, "uint8", 1), (27, "string", 4)]).data(3, 0, "HRM")
    raw, whole = frame(made, message, raw=True), frame(made, message)
    expected = {
        "record": {"timestamp": [at(0), 5], "activity_type": [1, 200]},
        "session": {"start_time": [at(1)], "sport": [11]},
        "device_info": {"device_index": [0]},
    }[message]
    assert {name: raw[name].to_list() for name in expected} == expected
    others = [name for name in whole.columns if name not in expected]
    assert raw.select(others).equals(whole.select(others))
    assert raw.columns == whole.columns


# Batches


def told(decoded: Decoded, file: int) -> dict[str, pl.DataFrame]:
    """Return the frames of one file of a batch, without the columns that only others have."""
    found = {}
    for name in decoded.names():
        held = decoded.frame(name).filter(file=file).drop("file")
        if held.height:
            found[name] = held.select(c.name for c in held if c.null_count() < held.height)
    return found


def same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> None:
    assert one.keys() == other.keys()
    for name, held in one.items():
        # Together, a number may stand in a wider type.
        assert_frame_equal(held, other[name], check_dtypes=False, check_exact=True,
                           check_column_order=False)  # fmt: skip


def real(corpus, limit_bytes: int) -> list[bytes]:
    paths = sorted(p for p in corpus.rglob("*") if p.suffix.lower() == ".fit")
    small = [path for path in paths if path.stat().st_size < limit_bytes]
    assert len(small) > 20
    return [path.read_bytes() for path in small]


def test_real_files_together_are_what_each_is_alone(corpus):
    """All small real files in one batch: frame by frame, each is what it is by itself."""
    contents = real(corpus, 60_000)
    together = read_fit(contents)
    frames = {name: together.frame(name).partition_by("file", as_dict=True)
              for name in together.names()}  # fmt: skip
    for file, content in enumerate(contents):
        alone = told(read_fit([content]), 0)
        held = {name: parts[file,] for name, parts in frames.items() if (file,) in parts}
        same(alone, {
            name: part.select(c.name for c in part.drop("file") if c.null_count() < part.height)
            for name, part in held.items()
        })  # fmt: skip


def test_the_order_and_size_of_batches_do_not_matter(corpus):
    """Whatever files are read together, in whatever order, with hostile ones between."""
    contents = real(corpus, 10_000)
    rng = random.Random(7)
    alone = [told(read_fit([content]), 0) for content in contents]
    for _ in range(3):
        chosen = rng.sample(range(len(contents)), 7)
        batch = [contents[place] for place in chosen]
        hostile = rng.sample(batch, 1)[0][: rng.randrange(60)] + rng.randbytes(500)
        decoded = read_fit([*batch[:4], hostile, *batch[4:]])
        for place, file in zip(chosen, [0, 1, 2, 3, 5, 6, 7], strict=True):
            same(alone[place], told(decoded, file))


# Words


def test_text_is_kept_as_it_is():
    """Blanks are part of a text; only its end is cut off, and nothing is no text."""
    made = begin().define(1, UNKNOWN, [(1, "string", 6)])
    for text in (b" a b ", b"\t", b"ab\0cd", b"\0abcde", b"", b"sixsix", "äöü".encode()):
        made.data(1, text)
    held = frame(made, f"unknown_{UNKNOWN}")["unknown_1_text"].to_list()
    assert held == [" a b ", "\t", "ab", None, None, "sixsix", "äöü"]


# Declarations


def test_the_successor_on_an_index_has_no_fields_of_the_application_before():
    """Fields are of the application that described them; one introduced later has its own."""
    made = described(begin(), 0, "uint16", "Power", "W")
    made.define(1, RECORD, [], developer=[(0, "uint16", 1, 0)]).data(1, 1)
    introduced(made, APPLICATION).data(1, 2)
    introduced(made, APPLICATION).data(1, 3)
    introduced(made, APPLICATION[::-1]).data(1, 4)
    held = frame(made)
    assert held["dev/0/Power [W]"].to_list() == [1, None, None, None]
    assert held[f"dev/{APPLICATION.hex()}/Power [W]"].to_list() == [None, 2, 3, None]
    after = held[f"dev/{APPLICATION[::-1].hex()}/undeclared_0_0 (array)"]
    assert after.to_list() == [None, None, None, [4, 0]]


def test_a_declaration_with_a_packed_time_declares():
    """How the header of a message tells the time has nothing to do with what it says."""
    made = begin()
    fields = [(0, "uint8", 1), (1, "uint8", 1), (2, "uint8", 1), (3, "string", 8)]
    made.define(3, FIELD_DESCRIPTION, fields)
    made.compressed(3, 1, 0, 0, 0x84, "first").compressed(3, 1, 0, 1, 0x84, "second")
    made.define(1, RECORD, [], developer=[(0, "uint16", 1, 0), (1, "uint16", 1, 0)])
    held = frame(made.data(1, 11, 22))
    assert held["dev/0/first"].to_list() == [11]
    assert held["dev/0/second"].to_list() == [22]


def test_a_declaration_after_the_definition_counts_from_there():
    """A field's name is the one that stands when its message comes."""
    made = introduced(begin(), APPLICATION)
    made.define(1, RECORD, [], developer=[(0, "uint16", 1, 0)]).data(1, 1)
    described(made, 0, "uint16", "Power", "W").data(1, 2)
    described(made, 0, "uint16", "Speed", "m/s").data(1, 3)
    held = frame(made)
    name = APPLICATION.hex()
    assert held[f"dev/{name}/undeclared_0_0 (array)"].to_list() == [[1, 0], None, None]
    assert held[f"dev/{name}/Power [W]"].to_list() == [None, 2, None]
    assert held[f"dev/{name}/Speed [m/s]"].to_list() == [None, None, 3]


# Faults and refusals


def test_what_is_no_fit_is_refused_alone():
    """A file without a header is named with its place in the batch; the others are read."""
    decoded = read_fit([b"", run(5), b"no fit" * 20, run(5)])
    assert set(decoded.refused) == {0, 2}
    assert all(isinstance(error, FitError) for error in decoded.refused.values())
    assert decoded.frame("record")["file"].unique().sort().to_list() == [1, 3]


@pytest.mark.parametrize(
    ("strictness", "refused"),
    [(Strictness.TOLERANT, set()), (Strictness.WHOLE, {1}), (Strictness.STRICT, {1, 2})],
)
def test_strictness_refuses_what_it_says(strictness, refused):
    """Cut files are refused where files must be whole, changed ones where nothing may be wrong."""
    made = records(begin(), steady(5))
    contents = [made.file(), made.file()[:-9], made.file(crc=1), made.file(header_crc=1)]
    decoded = read_fit(contents, strictness=strictness)
    assert set(decoded.refused) == refused
    told = {(fault.file, fault.severity) for fault in decoded.faults}
    every = {(1, Severity.LOST), (2, Severity.CHANGED), (3, Severity.INFO)}
    assert told == {(file, severity) for file, severity in every if file not in refused}


def test_an_invalid_float_is_missing():
    """All bits set is FIT's "no value" of floats, as is any other NaN."""
    made = begin().define(1, UNKNOWN, [(1, "float32", 1), (2, "float64", 1)])
    made.raw(b"\1" + b"\xff" * 12).data(1, None, None).data(1, 0.0, -0.0)
    held = frame(made, f"unknown_{UNKNOWN}")
    assert held["unknown_1"].to_list() == [None, None, 0.0]
    assert held["unknown_2"].to_list() == [None, None, 0.0]


@given(serial=st.integers(1, 2**32 - 1), size=st.sampled_from([0, 195, 2**31, 2**32 - 1]))
def test_a_declared_size_is_not_trusted(serial, size):
    """A header that promises too much or nothing costs no record, whatever the checksum is."""
    made = records(begin(serial=serial), steady(5))
    content = made.file()
    assert len(content) == 195
    lie = content[:4] + struct.pack("<I", size) + content[8:]
    decoded = read_fit([lie])
    assert decoded.frame("record").height == 6
    assert len(decoded.faults) == 1
    assert any(word in decoded.faults[0].what for word in ("cut off", "never finished"))


def test_a_packed_number_declared_narrower_is_unpacked():
    """A file may spare a packed number's leading zeros."""
    made = begin().define(1, RECORD, [(253, "uint32", 1), (28, "uint8", 1)])
    made.data(1, at(0), 250)
    assert frame(made, "record")["accumulated_power"].to_list() == [250]


@pytest.mark.parametrize("bits", [0x10, 0x20, 0x30])
def test_reserved_bits_in_a_header_cost_no_record(bits):
    """A sloppy writer sets bits that should be 0 in headers of data: other readers pass over it."""
    made = begin().define(1, RECORD, [(253, "uint32", 1), (3, "uint8", 1)])
    for second in range(5):
        made.raw(bytes([1 | bits]) + struct.pack("<IB", at(second), 100 + second))
    made.define(1, RECORD, [(253, "uint32", 1), (4, "uint8", 1)])
    made.raw(bytes([1 | bits]) + struct.pack("<IB", at(9), 80))
    decoded = read_fit([made.file()])
    assert not decoded.faults
    assert decoded.frame("record")["heart_rate"].to_list() == [100, 101, 102, 103, 104, None]
    assert decoded.frame("record")["cadence"].to_list() == [None] * 5 + [80]
