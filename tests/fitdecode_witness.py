"""fitdecode's reading of a file, for the tests alone: a fourth opinion."""

from __future__ import annotations

import io
import struct
import warnings
from importlib.metadata import version

import fitdecode
from fitdecode.profile import MESSAGE_TYPES

from carryover.compare.fitparse_witness import Applications, known_of, values_of
from carryover.compare.readings import Collector, Enough, Reading

NAME = "fitdecode"
FOREIGN = (
    fitdecode.FitError, struct.error, TypeError, ValueError, KeyError, IndexError, AttributeError,
    OverflowError, AssertionError,
)  # fmt: skip


class _Applications(Applications):
    """fitdecode keeps developer types in the reader itself."""

    def __init__(self, reader):
        super().__init__()
        self._reader = reader

    def told(self, index):
        return self._reader.local_dev_types.get(index, {}).get("application_id")


def read_with_fitdecode(content, limit=None, advance=None):
    """Return fitdecode's reading of a file, at most `limit` messages of it."""
    told = Reading(NAME, version("fitdecode"), knows=known)
    collector = Collector(told, limit, advance)
    with told.clock(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            reader = fitdecode.FitReader(io.BytesIO(content), processor=None)
            applications = _Applications(reader)
            for frame in reader:
                if frame.frame_type == fitdecode.FIT_FRAME_DATA:
                    collector.add(frame.global_mesg_num, *values_of(frame.fields, applications))
        except Enough:
            pass
        except FOREIGN as error:
            told.stopped = str(error) or type(error).__name__
    return told


def known(message, field):
    return known_of(MESSAGE_TYPES.get(message), field)
