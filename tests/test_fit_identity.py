"""What goes into a FIT file comes out of it: every type, in whatever order and however packed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from garmin_fit_sdk import Encoder
from garmin_fit_sdk.profile import Profile as Garmin
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.decode.fit import Decoded, read_fit
from fit_bytes import BASES, EVENT, RECORD, FitBytes, begin
from fit_ledger import Ledger, files

FILES = 100
HR, FILE_ID = 132, 0


def rows(decoded: Decoded, name: str, file: int = 0) -> list[dict[str, Any]]:
    """Return a file's rows of a message, without what is missing."""
    held = decoded.frame(name)
    if held.is_empty():
        return []
    kept = held.filter(pl.col("file") == file).drop("file")
    return [{k: v for k, v in row.items() if v is not None} for row in kept.to_dicts()]


@settings(max_examples=FILES)
@given(written=files())
def test_what_is_written_is_read(written: Ledger):
    """Every message and every value comes back, in order, and nothing else does."""
    decoded = read_fit([b"".join(written.parts)])
    assert not decoded.refused
    assert not decoded.faults
    for name, expected in written.rows.items():
        assert rows(decoded, name) == expected


@settings(max_examples=15)
@given(written=st.lists(files(max_steps=12), min_size=2, max_size=5), hostile=st.binary())
def test_a_batch_is_its_files(written: list[Ledger], hostile: bytes):
    """Files read together say what each says, whatever lies between them."""
    contents = [b"".join(ledger.parts) for ledger in written]
    decoded = read_fit([*contents[:1], hostile, *contents[1:]])
    places = [0, *range(2, len(contents) + 1)]
    assert 1 in decoded.refused
    for place, ledger in zip(places, written, strict=True):
        for name, expected in ledger.rows.items():
            assert rows(decoded, name, place) == expected


# Components and sub-fields

STEPS = st.lists(st.one_of(st.none(), st.integers(0, 4095)), min_size=1, max_size=40)


@given(steps=STEPS, first=st.integers(0, 4095))
def test_a_packed_distance_counts_on(steps, first):
    """Twelve bits of sixteenths of a metre are enough while less than 256 m lie between them."""
    made = begin().define(1, RECORD, [(8, "byte", 3)])
    total, speeds, distances = first, [], []
    for step in (0, *steps):
        if step is None:
            made.data(1, None)
            speeds.append(None)
            distances.append(None)
            continue
        total += step
        speed = step & 0xFF
        made.data(1, tuple(((total & 0xFFF) << 12 | speed).to_bytes(3, "little")))
        speeds.append(speed / 100)
        distances.append(total / 16)
    held = read_fit([made.file()]).frame("record")
    # All bits set is "no value" of the whole array.
    assert held["speed"].to_list() == speeds
    assert held["distance"].to_list() == distances


@given(counts=st.lists(st.integers(0, 255), min_size=1, max_size=40), first=st.integers(0, 254))
def test_cycles_count_on_over_their_eight_bits(counts, first):
    """A counter of eight bits that begins anew at 256 goes on in `total_cycles`."""
    made = begin().define(1, RECORD, [(18, "uint8", 1)])
    total, expected = first, []
    for count in (0, *counts):
        total += count
        missing = total & 0xFF == 0xFF
        made.data(1, None if missing else total & 0xFF)
        expected.append(None if missing else total)
    held = read_fit([made.file()]).frame("record")["total_cycles"].to_list()
    # A row that is missing adds its step to the next: at most 255 in all, or it cannot be known.
    for was, told, before in zip(held[1:], expected[1:], expected[:-1], strict=True):
        assert (was is None) == (told is None)
        assert was is None or before is None or (was - told) % 256 == 0
    if None not in expected:
        assert held == expected


@given(start=st.integers(0, 2**22), steps=st.lists(st.integers(0, 4095), max_size=30))
def test_heart_beats_in_twelve_bits_go_on_from_the_whole_time(start, steps):
    """Ten times of twelve bits each go on from `event_timestamp`, from message to message."""
    made = begin().define(1, HR, [(9, "uint32", 1)]).data(1, start)
    made.define(2, HR, [(10, "byte", 15)])
    time, expected = start, [[start / 1024]]
    steps = steps[: len(steps) // 10 * 10]
    for first in range(0, len(steps), 10):
        bits, told = 0, []
        for place, step in enumerate(steps[first : first + 10]):
            time += step
            bits |= (time & 0xFFF) << 12 * place
            told.append(time / 1024)
        if bits == (1 << 120) - 1:
            return
        made.data(2, tuple(bits.to_bytes(15, "little")))
        expected.append(told)
    held = read_fit([made.file()]).frame("hr")["event_timestamp"].to_list()
    assert held == expected


@given(speed=st.integers(0, 0xFFFE), own=st.one_of(st.none(), st.integers(0, 2**32 - 2)))
def test_a_value_of_its_own_stands(speed, own):
    """The enhanced speed is the packed one only where a message has none of its own."""
    made = begin().define(1, RECORD, [(6, "uint16", 1), (73, "uint32", 1)]).data(1, speed, own)
    held = read_fit([made.file()]).frame("record")
    assert held["speed"].to_list() == [speed / 1000]
    assert held["enhanced_speed"].to_list() == [(speed if own is None else own) / 1000]


EVENTS = {
    0: ("timer_trigger", {0: "manual", 1: "auto", 2: "fitness_equipment"}.get),
    13: ("hr_high_alert", lambda value: value),
    15: ("speed_high_alert", lambda value: value / 1000),
    24: ("distance_duration_alert", lambda value: value / 100),
    10: ("course_point_index", lambda value: value),
}


@given(told=st.lists(st.tuples(st.sampled_from([*EVENTS, 9]), st.integers(0, 2)), min_size=1))
def test_the_event_says_what_its_data_mean(told):
    """A sub-field stands in its own column, and the main field keeps its number."""
    made = begin().define(1, EVENT, [(0, "enum", 1), (3, "uint32", 1)])
    expected = []
    for event, value in told:
        made.data(1, event, value)
        name, meant = EVENTS.get(event, ("data", lambda value: value))
        expected.append({"data": value, name: meant(value)})
    decoded = rows(read_fit([made.file()]), "event")
    assert [{k: v for k, v in row.items() if k not in OF_EACH} for row in decoded] == expected


OF_EACH = ("event", "segment_index")


@given(gears=st.tuples(*[st.integers(0, 254)] * 4))
def test_gears_lie_in_the_data_of_their_event(gears):
    """A sub-field's bits are fields of their own; zero is no gear."""
    made = begin().define(1, EVENT, [(0, "enum", 1), (3, "uint32", 1)])
    made.data(1, 42, int.from_bytes(bytes(gears), "little"))
    names = ("rear_gear_num", "rear_gear", "front_gear_num", "front_gear")
    held = rows(read_fit([made.file()]), "event")[0]
    # Gears are of a type whose "none" is 0 (uint8z).
    expected = {name: gear for name, gear in zip(names, gears, strict=True) if gear}
    assert {n: held[n] for n in names if n in held} == expected


@pytest.mark.parametrize(
    ("maker", "column", "named"),
    [(1, "garmin_product", "fr945_lte"), (13, "garmin_product", "fr945_lte"),
     (263, "favero_product", "3652"), (23, None, None)],
)  # fmt: skip
def test_the_maker_says_whose_product_it_is(maker, column, named):
    """The same number is a product of whoever made it."""
    made = FitBytes().define(0, FILE_ID, [(1, "uint16", 1), (2, "uint16", 1)]).data(0, maker, 3652)
    held = rows(read_fit([made.file()]), "file_id")[0]
    assert held["product"] == 3652
    products = {name: value for name, value in held.items() if name.endswith("_product")}
    assert products == ({column: named} if column else {})


# Garmin's own encoder

SKIPPED = {"string", "byte", "bool"}
PACKED = {
    (number, target)
    for number, message in Garmin["messages"].items()
    for field in message["fields"].values()
    for target in field["components"]
    if field["has_components"]
}


def plain_fields() -> list[tuple[int, str, int, str]]:
    """Message, its name, field number and name: numbers that nothing is packed in or into."""
    return [
        (number, message["name"], field["num"], field["name"])
        for number, message in Garmin["messages"].items()
        for field in message["fields"].values()
        if field["base_type"] in BASES
        and field["base_type"] not in SKIPPED
        and field["type"] != "mesg_num"  # the encoder knows no unknown ones
        and not field["has_components"]
        and (number, field["num"]) not in PACKED
        and field["num"] not in {250, 253, 254}
    ]


def test_every_number_that_garmin_writes_is_read():
    """Each field of Garmin's profile, written by Garmin's encoder, has that value here."""
    encoder, expected = Encoder(), []
    for place, (message, name, number, field) in enumerate(plain_fields()):
        raw = 1 + place % 100
        told = Garmin["messages"][message]["fields"][number]
        value = raw / told["scale"][0] - told["offset"][0]
        whole = told["scale"][0] == 1 and told["offset"][0] == 0
        encoder.on_mesg(message, {field: raw if whole else value})
        expected.append((name, number, value))
    assert len(expected) > 1000
    decoded = read_fit([encoder.close()])
    assert not decoded.faults
    assert sum(decoded.names().values()) == len(expected)
    found: dict[str, list[list[Any]]] = {}
    for name in decoded.names():
        held = decoded.frame(name, raw=True).drop("file", "segment_index")
        found[name] = [[_bare(v) for v in row if v is not None] for row in held.iter_rows()]
    wrong = []
    for name, number, value in expected:
        held = found[name].pop(0)
        if not any(cell == pytest.approx(value) for cell in held):
            wrong.append((name, number, value, held))
    assert not wrong


def _bare(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


@given(
    seconds=st.lists(st.integers(0, 86400), min_size=1, max_size=20),
    power=st.integers(0, 65534),
    metres=st.integers(0, 10**7),
)
def test_records_of_garmins_encoder_come_back(seconds, power, metres):
    """Times, numbers and names that Garmin writes are the same here."""
    encoder, start = Encoder(), 1_000_000_000
    for second in seconds:
        told = {"timestamp": start + second, "power": power, "distance": metres / 100,
                "activity_type": "running", "position_lat": -second}  # fmt: skip
        encoder.on_mesg(RECORD, told)
    epoch = dt.datetime(1989, 12, 31, tzinfo=dt.UTC)
    assert rows(read_fit([encoder.close()]), "record") == [
        {
            "segment_index": 0, "power": power, "distance": metres / 100,
            "timestamp": epoch + dt.timedelta(seconds=start + second),
            "activity_type": "running", "position_lat": -second,
        }
        for second in seconds
    ]  # fmt: skip
