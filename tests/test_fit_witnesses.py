"""Other readers as witnesses: over real files, every difference from them is explained."""

from __future__ import annotations

import pytest

from carryover import intake
from carryover.compare.comparison import compare
from carryover.compare.fitparse_witness import read_with_fitparse
from carryover.compare.garmin_witness import read_with_garmin
from carryover.compare.our_witness import read_with_ours
from carryover.decode import sniff
from carryover.rawfile import FileKind, RawFile
from conftest import CORPUS
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
