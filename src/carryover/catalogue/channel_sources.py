"""From which source each group of channels of a run is taken, as data with reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import polars as pl

CHANNEL_SOURCE: Final[dict[str, pl.DataType]] = {
    "channel_group": pl.String(),
    "word": pl.String(),
    "place": pl.Int64(),
    "reason": pl.String(),
}
"""Grain: channel group × word; a word is a kind of source or a part of a device's name.

The lowest place that fits a recording is its rank.
"""
DECLARED: Final = "as configured under [prefer]"


@cache
def _house() -> pl.DataFrame:
    content = files("carryover.catalogue").joinpath("channel_source.csv").read_bytes()
    return pl.read_csv(content).rename({"source_kind": "word"})


def channel_sources(preferred: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """Return `CHANNEL_SOURCE`: a person's own words first, then the order of the house."""
    own = [
        (group, word.strip().casefold(), place - len(words), DECLARED)
        for group, words in preferred.items()
        for place, word in enumerate(words)
    ]
    declared = pl.DataFrame(own, schema=CHANNEL_SOURCE, orient="row")
    return pl.concat([declared, _house().select(*CHANNEL_SOURCE)])
