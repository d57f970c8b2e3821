"""What a decoder hands on: vendor names, vendor values, nothing interpreted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from carryover.decode.fit import DeveloperField
from carryover.rawfile import FileKind, Problem


@dataclass(frozen=True, slots=True)
class Recording:
    """One decoded file: a frame a message type, columns in the vendor's names and units.

    `complete` is False where the file ends early or a part of it cannot be read; `problems`
    then says where. `developer` says what the columns are that applications added to a FIT file.
    """

    kind: FileKind
    messages: dict[str, pl.DataFrame]
    problems: list[Problem] = field(default_factory=list)
    complete: bool = True
    developer: Mapping[str, DeveloperField] = field(default_factory=dict)

    def message(self, name: str) -> pl.DataFrame:
        """Return the frame of one message type, empty where the file has none."""
        return self.messages.get(name, pl.DataFrame())
