"""Other readers as witnesses: over real files, every difference from them is explained."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover import intake
from carryover.compare.comparison import compare
from carryover.compare.fitparse_witness import read_with_fitparse
from carryover.compare.garmin_witness import read_with_garmin
from carryover.compare.our_witness import read_with_ours
from carryover.decode import sniff
from carryover.decode.fit.profile import profile
from carryover.rawfile import FileKind, RawFile
from conftest import CORPUS
from fit_bytes import BASES, begin
from fitdecode_witness import read_with_fitdecode

READERS = (read_with_fitparse, read_with_fitdecode, read_with_garmin)
WHOLE_BYTES = 400_000
FIRST_MESSAGES = 4_000
"""Of files above that size the others read only so many messages: they are slow."""

FILES = sorted(p for p in CORPUS.rglob("*") if p.suffix.lower() in {".fit", ".gz", ".zip"})


def fit_contents(path):
    """Yield the FIT contents of a file on disk: itself, or what an archive holds."""
    for found in intake.unpack(intake.identify(path.parent, path), sniff):
        if isinstance(found, RawFile) and found.kind is FileKind.FIT:
            yield found


def test_there_are_files_to_compare(corpus):
    """The differential test compares dozens of files of many makers, not none."""
    assert len(FILES) > 50
    assert all(path.is_relative_to(corpus) for path in FILES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name[-40:])
def test_every_difference_is_explained(path):
    """Each message and value is the same in every reader, or a rule says who is right and why."""
    for raw in fit_contents(path):
        ours = read_with_ours(raw.content)
        limit = FIRST_MESSAGES if raw.size_bytes > WHOLE_BYTES else None
        found = [compare(ours, read(raw.content, limit)) for read in READERS]
        told = [f"{raw.place}: {line}" for one in found for line in one.unexplained]
        assert told == []
        assert ours.n_values == 0 or any(one.n_equal for one in found)


RUN_MESSAGES = (0, 18, 19, 20, 21, 23, 34, 49, 101, 225, 312, 313)
"""file_id, session, lap, record, event, device_info … : what the files of runs hold."""
COUNTERS = {(20, 18), (20, 28), (20, 59)}
"""Packed counters of `record`: beside the counter itself, Garmin's SDK adds both up."""


def values(base):
    """Return values of a base type, extremes and "no value" among them."""
    if base == "string":
        return st.text("abc ä", max_size=6)
    if base.startswith("float"):
        return st.sampled_from([0.0, 1.5, -2.25, float("nan")])
    letter = BASES[base][1]
    bits = struct.calcsize(letter) * 8
    low, high = (-(1 << bits - 1), (1 << bits - 1) - 1) if letter.islower() else (0, 2**bits - 1)
    return st.none() | st.sampled_from([0, 1, low, high - 1]) | st.integers(low, high)


@st.composite
def files(draw):
    """Draw a file: some definitions of run messages in any byte order, each with some data."""
    made = begin()
    for local in range(1, draw(st.integers(2, 4))):
        number = draw(st.sampled_from(RUN_MESSAGES))
        held = profile().message(number).fields.values()
        usable = [f for f in held if f.base_type in BASES and (number, f.number) not in COUNTERS]
        fields = draw(st.lists(st.sampled_from(usable), min_size=1, max_size=8, unique=True))
        widths = [8 if f.base_type == "string" else 3 if f.components else 1 for f in fields]
        told = [(f.number, f.base_type, w if f.base_type in {"string", "byte"} else 1)
                for f, w in zip(fields, widths, strict=True)]  # fmt: skip
        made.define(local, number, told, big=draw(st.booleans()))
        for _ in range(draw(st.integers(1, 3))):
            row = [draw(values(base)) if base == "string" or count == 1
                   else tuple(draw(st.integers(0, 254)) for _ in range(count))
                   for _, base, count in told]  # fmt: skip
            made.data(local, *row)
    return made.file()


@settings(max_examples=60)
@given(content=files())
def test_every_difference_of_a_made_file_is_explained(content):
    """Files that no watch wrote, too, are read alike, or a rule says who is right and why."""
    ours = read_with_ours(content)
    for read in READERS:
        assert compare(ours, read(content)).unexplained == []
