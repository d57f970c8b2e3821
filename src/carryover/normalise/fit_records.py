"""The `record` messages of a batch → channels in order, with what each unit told on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from carryover.normalise.channels import CHANNELS, Channels, fit_channels
from carryover.normalise.developer import Filled, filled
from carryover.normalise.developer_parts import Developer
from carryover.normalise.order import in_order
from carryover.normalise.plausible import out_of_order, plausible
from carryover.normalise.traces import UNIT, Ints, Traces, epoch_us
from carryover.normalise.vendor import typed
from carryover.rawfile import Problem

NEVER_SET: Final = Problem("warning", "no instant has a date: the watch's clock was never set")


@dataclass(frozen=True, slots=True)
class Records:
    """Channels of a batch and, by unit, problems and developer fields.

    `undated` are the units of which no record has a date, so that none is in `traces`;
    `times_us` says when each row of the developer fields was recorded.
    """

    traces: Traces
    undated: frozenset[int]
    problems: Mapping[int, list[Problem]]
    developed: Filled
    times_us: Ints

    def told(self, unit: int) -> list[Problem]:
        """Return what a person should know about a unit's records."""
        if unit in self.undated:
            return [NEVER_SET]
        return [*self.problems.get(unit, []), *self.developed.problems.get(unit, [])]


def fit_records(records: pl.DataFrame, fields: Developer, n_units: int) -> Records:
    """Read `record` messages with a column `unit` (rising)."""
    if UNIT not in records.columns:
        records = pl.DataFrame(schema={UNIT: pl.UInt32})
    undated = _undated(records)
    dated = records.filter(pl.col(UNIT).is_in(list(undated)).not_()) if undated else records
    channels = fit_channels(dated, n_units) if dated.height else Channels(_no_channels())
    developed = filled(channels.frame, dated, fields, n_units)
    sound, odd = plausible(in_order(developed.frame), n_units)
    times_us = epoch_us(channels.frame["recorded_at"])
    found = out_of_order(developed.frame, n_units), channels.problems, odd
    problems = {unit: [p for held in found for p in held.get(unit, [])] for unit in range(n_units)}
    return Records(Traces(sound, n_units), undated, problems, developed, times_us)


def _undated(records: pl.DataFrame) -> frozenset[int]:
    told = typed("record", records.schema).get("timestamp", pl.lit(None))
    known = records.select(UNIT, known=told.is_not_null())["known"]
    if known.all():
        return frozenset()
    units = records[UNIT].to_numpy()
    return frozenset(np.setdiff1d(units, units[known.to_numpy()]).tolist())


def _no_channels() -> pl.DataFrame:
    shape = {UNIT: pl.UInt32(), "recorded_at": pl.Datetime("us", "UTC")}
    return pl.DataFrame(schema=shape | dict.fromkeys(CHANNELS, pl.Float64()))
