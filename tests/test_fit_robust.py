"""Damaged and hostile FIT files: read or refused in words, within time and memory.

`python tests/test_fit_robust.py [mutants]` makes the full run and prints what it measured.
"""

from __future__ import annotations

import random
import sys
import time
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.trust.judging import limited
from carryover.decode.fit import Decoded, FitError, read_fit
from conftest import CORPUS
from fit_bombs import BOMBS, FIELDS, declarations, definition, tiny_messages, toggled, wide_once
from fit_bytes import (
    DEVICE_INFO,
    LAP,
    RECORD,
    SET,
    FitBytes,
    activity,
    at,
    begin,
    described,
    introduced,
    records,
    run,
    session,
    steady,
    timer,
)

MUTANTS = 400
ALL_MUTANTS = 10_000
SEED = 20240504
ALARM_S = 10
READ_MULTIPLE, READ_FREE = 48, 16 << 20
"""Bytes that `read_fit` may take for each byte of a file, and besides (see its docstring)."""
FRAME_MULTIPLE, FRAME_FREE = 160, 32 << 20
"""The same for all frames of one file, one at a time."""
SMALL_REAL_FILES = (
    "not-activity/dtcooper__python-fitparse/MonitoringFile.fit",
    "not-activity/dtcooper__python-fitparse/Settings2.fit",
    "not-activity/dtcooper__python-fitparse/WorkoutRepeatSteps.fit",
    "odd/dtcooper__python-fitparse/Activity.fit",
    "odd/dtcooper__python-fitparse/antfs-dump.63.fit",
    "odd/dtcooper__python-fitparse/compressed-speed-distance.fit",
    "odd/stadelmanma__fitparse-rs/ZeroHeaderCrc.fba95397.fit",
    "odd/tormoder__fit/unterminated-strings.fit",
    "run/aaron-schroeder__heartandsole/B47I2852.FIT",
    "run/dtcooper__python-fitparse/garmin-fenix-5-run.fit",
    "strength/cyberjunky__python-garminconnect/12129115726_ACTIVITY.9fba182c.fit",
)
ODD_BYTES = (0, 1, 2, 3, 7, 13, 0x0A, 0x83, 0x84, 0x86, 0x88, 0x89, 0x8E, 0x8F, 0x90, 253, 255)


def rich(seconds: int = 8) -> FitBytes:
    """A file with one of everything: times of both kinds, packed fields, applications, texts."""
    made = begin()
    made.define(5, DEVICE_INFO, [(0, "uint8", 1), (3, "uint32z", 1), (27, "string", 8)])
    made.data(5, 0, 99, "HRM")
    introduced(made, bytes(range(16)))
    described(made, 0, "uint16", "Ground Time", "ms")
    timer(made, [(0, "start"), (20, "stop")])
    records(made, steady(seconds))
    made.define(1, RECORD, [(253, "uint32", 1), (8, "byte", 3)], developer=[(0, "uint16", 1, 0)])
    for second in range(9, 14):
        made.data(1, at(second), (second, second, second), 250)
    made.define(2, RECORD, [(3, "uint8", 1), (18, "uint8", 1)])
    for second in range(14, 20):
        made.compressed(2, at(second), 150, second)
    made.define(9, LAP, [(2, "uint32", 1), (7, "uint32", 1), (24, "enum", 1)])
    made.data(9, at(0), 13000, 0)
    made.define(8, 132, [(9, "uint32", 1), (10, "byte", 15)]).data(8, 1024, tuple(range(15)))
    made.define(10, SET, [(254, "uint32", 1), (3, "uint16", 1), (7, "uint16", 2)], big=True)
    made.data(10, at(18), 10, (28, None))
    return activity(session(made, elapsed_s=14), end_s=19, offset_s=7200)


def seeds() -> list[bytes]:
    """The built files, and the small real ones where the corpus is at hand."""
    built = [rich().file(), run(20), rich().file(header_size=12) + run(3)]
    real = [CORPUS / name for name in SMALL_REAL_FILES]
    return built + [path.read_bytes() for path in real if path.exists()]


def mutant(whole: bytes, rng: random.Random) -> bytes:
    """Change, drop, insert, double or swap bytes; now and then in the header, too."""
    content = bytearray(whole)
    for _ in range(rng.choice([1, 1, 2, 3, 6, 20])):
        first = 0 if rng.random() < 0.1 else min(14, len(content) - 1)
        place, other = (rng.randrange(first, len(content)) for _ in range(2))
        way = rng.random()
        if way < 0.4:
            content[place] = rng.choice([*ODD_BYTES, *rng.randbytes(8)])
        elif way < 0.55:
            content[place] ^= 1 << rng.randrange(8)
        elif way < 0.65:
            del content[place : place + rng.randint(1, 8)]
        elif way < 0.75:
            content[place:place] = rng.randbytes(rng.randint(1, 8))
        elif way < 0.85:
            content[place:place] = content[place : place + rng.randint(1, 200)]
        elif way < 0.9:
            content[place], content[other] = content[other], content[place]
        else:
            content = content[: max(place, 13)]
        if len(content) < 16:
            break
    return bytes(content)


def read_all(content: bytes) -> Decoded:
    """Read a file and make every frame of it."""
    decoded = read_fit([content])
    for name in decoded.names():
        decoded.frame(name)
    return decoded


def trial(number: int, corpora: list[bytes]) -> tuple[bytes, float, str]:
    """Read one mutant; return it, how long that took, and what came out that must not."""
    rng = random.Random(SEED + number)
    content = mutant(rng.choice(corpora), rng)
    started = time.process_time()
    try:
        with limited(ALARM_S):
            decoded = read_all(content)
    except BaseException as error:  # noqa: BLE001 - panics of polars are no Exceptions
        return content, time.process_time() - started, f"{type(error).__name__}: {error}"
    if any(not isinstance(error, FitError) for error in decoded.refused.values()):
        return content, 0.0, "refused with a foreign error"
    return content, time.process_time() - started, ""


def test_mutants_raise_nothing():
    """Damaged files by the hundred: nothing that they hold raises, none takes long."""
    corpora = seeds()
    for number in range(MUTANTS):
        content, _, wrong = trial(number, corpora)
        assert not wrong, f"mutant {number}: {wrong}; {content[:2000].hex()}"


def test_a_file_cut_at_any_byte_has_all_messages_before_the_cut():
    """What was whole before the cut is there, value by value, and the fault names the cut."""
    whole, ends = rich(50).file(), message_ends(rich(50))
    alone = read_fit([whole])
    frames = {name: alone.frame(name).drop("file") for name in alone.names()}
    contents = [whole[:end] for end in range(14, len(whole))]
    assert len(contents) > 1400
    decoded = read_fit(contents)
    assert not decoded.refused
    found: Counter[int] = Counter()
    for name, frame in frames.items():
        kept = decoded.frame(name).select("file", *frame.columns)
        for (file,), held in kept.partition_by("file", as_dict=True, include_key=False).items():
            assert held.equals(frame.head(held.height))
            found[file] += held.height
    for fault in decoded.faults:
        there = len(contents[fault.file]) - 14
        assert f"cut off: {there} of {len(whole) - 14} bytes" in fault.what
    assert [fault.file for fault in decoded.faults] == list(range(len(contents)))
    for file, content in enumerate(contents):
        assert found[file] == sum(end <= len(content) for end in ends)


def message_ends(made: FitBytes) -> list[int]:
    """The byte after each data message of a file that was built, from its definitions alone."""
    body, place, sizes, ends = bytes(made.body), 0, {}, []
    while place < len(body):
        header = body[place]
        if header & 0xC0 == 0x40:
            fields = place + 6 + 3 * body[place + 5]
            size = sum(body[place + 7 : fields : 3])
            place = fields
            if header & 0x20:
                place = fields + 1 + 3 * body[fields]
                size += sum(body[fields + 2 : place : 3])
            sizes[header & 15] = size
        else:
            place += 1 + sizes[header >> 5 & 3 if header & 0x80 else header & 15]
            ends.append(14 + place)
    return ends


def peak(content: bytes) -> tuple[int, int, Decoded]:
    """Return the bytes taken by reading a file, and by making its frames one by one."""
    tracemalloc.start()
    try:
        decoded = read_fit([content])
        _, reading = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        for name in decoded.names():
            decoded.frame(name)
        _, framing = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return reading, framing, decoded


@pytest.mark.parametrize("bomb", BOMBS, ids=lambda bomb: bomb.__name__)
def test_no_file_costs_many_times_its_size(bomb):
    """Files built to fill the memory take a stated multiple of their size, or are refused."""
    content = bomb(60_000)
    with limited(60):
        reading, framing, _ = peak(content)
    assert reading < READ_MULTIPLE * len(content) + READ_FREE
    assert framing < FRAME_MULTIPLE * len(content) + FRAME_FREE


def test_a_file_built_to_overflow_memory_harms_no_other():
    """It is refused with the reason; the files around it are read as ever."""
    contents = [run(5), wide_once(200_000), run(7)]
    decoded = read_fit(contents)
    assert set(decoded.refused) == {1}
    assert "built to overflow memory" in str(decoded.refused[1])
    assert decoded.frame("record")["file"].value_counts(sort=True).rows() == [(2, 8), (0, 6)]


def test_a_wide_file_that_is_no_bomb_is_read():
    """Many fields once are no reason to refuse a file."""
    wide = definition(0, RECORD, [(n, 1, 2) for n in range(FIELDS)]) + bytes(1 + FIELDS)
    made = FitBytes().raw(wide).raw(definition(0, RECORD, [(3, 1, 2)]) + bytes(2000))
    decoded = read_fit([made.file()])
    assert not decoded.refused
    assert decoded.frame("record").height == 1001


def test_more_fields_than_any_watch_defines_end_the_reading_there():
    """Definitions without end stop the walk, in words; what came before is read."""
    pieces = [rich().body]
    for number in range(400):
        fields = [(n, 1 + (number >> n % 9) % 2, 13) for n in range(FIELDS)]
        pieces.append(definition(1, 0xFF10, fields))
    made = FitBytes().raw(b"".join(pieces))
    decoded = read_fit([made.file()])
    assert "fields are defined" in decoded.faults[0].what
    assert decoded.names()["record"] == read_fit([rich().file()]).names()["record"]


def test_declarations_without_end_stop_the_reading_there():
    """Each of them takes long, and no watch writes thousands; what came before is read."""
    decoded = read_fit([declarations(200_000)])
    assert "declarations of fields" in decoded.faults[0].what
    # Where the walk stops, the last message is suspect.
    assert decoded.names() == {"field_description": (1 << 14) - 1}


def seconds(content: bytes) -> float:
    """The least processor time of five readings: who else is at work plays no part."""
    times = []
    for _ in range(5):
        started = time.process_time()
        read_fit([content])
        times.append(time.process_time() - started)
    return min(times)


@pytest.mark.parametrize("bomb", [tiny_messages, toggled], ids=lambda bomb: bomb.__name__)
def test_time_grows_with_size(bomb):
    """Four times the bytes take nowhere near sixteen times as long."""
    assert seconds(bomb(160_000)) < 9 * seconds(bomb(40_000))


def main() -> None:
    """The full run: mutants, then bombs of a megabyte."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else ALL_MUTANTS
    corpora, wrong, times = seeds(), Counter(), []
    for number in range(wanted):
        content, took, what = trial(number, corpora)
        times.append(took)
        if what:
            wrong[what] += 1
            Path(f"/tmp/mutant-{number}.fit").write_bytes(content)
    say = sys.stdout.write
    say(f"{wanted} mutants of {len(corpora)} files: {wrong.total()} raised, ")
    slowest, median = max(times), sorted(times)[wanted // 2]
    say(f"slowest {slowest:.2f} s of CPU (mutant {times.index(slowest)}), ")
    say(f"median {median * 1e3:.1f} ms\n")
    for what, count in wrong.most_common():
        say(f"  {count} × {what}\n")
    for bomb in BOMBS:
        content = bomb(1_000_000)
        started = time.perf_counter()
        read_fit([content])
        took = time.perf_counter() - started
        reading, framing, decoded = peak(content)
        refused = "refused" if decoded.refused else "read"
        size = len(content)
        say(f"{bomb.__name__:22}{size / 1e6:5.1f} MB {refused:8}{took / size * 1e6:6.2f} s/MB, ")
        say(f"memory {reading / size:6.1f} × reading, {framing / size:6.1f} × frames\n")


if __name__ == "__main__":
    main()
