"""Every developer field of a run as a row, used or not; what fills no channel keeps its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from carryover.normalise.developer import Filled, Verdict
from carryover.normalise.developer_parts import RECORD, Developer, Part, parts
from carryover.normalise.result import FILE, TABLES, Row
from carryover.normalise.traces import UNIT, Floats, Ints, Span, Traces

SERIES: Final = "developer_series"
OF_DEVELOPERS: Final = " developer"
"""Follows a message's name where a frame holds nothing but its developer columns."""
ELSEWHERE: Final = Verdict(None, "listed only: it stands in another message than the records")
NEVER: Final = Verdict(None, "declared, no value in the messages that are read")
MICROSECONDS: Final = 1e6


@dataclass(frozen=True, slots=True)
class _Kept:
    """The values of one field of one run."""

    file: int
    row: Row
    elapsed_s: Floats
    value: Floats


class Listed:
    """The developer fields of a batch's runs.

    `messages` are frames by message with a column `unit`; `declared` holds, by unit, rows of
    `application`, `name` and `units`.
    """

    def __init__(
        self,
        developed: Filled,
        times_us: Ints,
        messages: Mapping[str, pl.DataFrame],
        fields: Developer,
        declared: Mapping[int, list[Row]],
    ) -> None:
        self._developed = developed
        self._times_us = times_us
        self._declared = declared
        self._kept: list[_Kept] = []
        self._others: dict[int, list[Part]] = {}
        for name, frame in messages.items():
            for unit, found in parts(frame, fields, name).items():
                self._others.setdefault(unit, []).extend(found)

    def rows(self, unit: int, file: int, activity_id: str, traces: Traces, span: Span) -> list[Row]:
        """List the fields of a run that takes the rows of `span`; its series are kept."""
        verdicts = self._developed.verdicts.get(unit, {})
        mine = {"activity_id": activity_id}
        listed: list[Row] = []
        for whole in self._developed.parts.get(unit, []) if span.n else []:
            part, elapsed_s = self._inside(whole, traces, span)
            verdict = verdicts[part.column] if len(part.rows) else NEVER
            row = _row(part, verdict) | mine
            listed.append(row)
            if part.is_numeric and len(part.rows) and verdict.channel is None:
                self._kept.append(_Kept(file, row, elapsed_s, part.numbers()))
        listed += [_row(part, ELSEWHERE) | mine for part in self._others.get(unit, [])]
        seen = {_named(row) for row in listed}
        declared = [_declared(told) | mine for told in self._declared.get(unit, [])]
        listed += [row for row in declared if _named(row) not in seen]
        return sorted(listed, key=lambda row: (*_named(row), row["message"] or ""))

    def count(self) -> int:
        """Return how many series have been kept."""
        return len(self._kept)

    def series(self) -> pl.DataFrame:
        """Return the values that fill no channel: `file`, then the columns of the table."""
        if not self._kept:
            return pl.DataFrame()
        words = [
            pl.Series(name, [kept.row.get(name) for kept in self._kept], dtype=pl.String)
            for name, dtype in TABLES[SERIES].items()
            if dtype == pl.String
        ]
        # A list of series, not of numbers: no value becomes an object of its own.
        lists = [
            pl.Series("elapsed_s", [pl.Series(kept.elapsed_s) for kept in self._kept]),
            pl.Series("value", [pl.Series(kept.value) for kept in self._kept]),
        ]
        files = pl.Series(FILE, [kept.file for kept in self._kept], dtype=pl.UInt32)
        return pl.DataFrame([files, *words, *lists]).select(FILE, *TABLES[SERIES])

    def _inside(self, part: Part, traces: Traces, span: Span) -> tuple[Part, Floats]:
        """Return what of a part lies in a span, by rising time, and when, s since its start."""
        first, last = traces.times_us[span.begin], traces.times_us[span.end - 1]
        times = self._times_us[part.rows]
        inside = (times >= first) & (times <= last)
        if not inside.all():
            part, times = part.among(inside), times[inside]
        if (np.diff(times) < 0).any():
            order = np.argsort(times, kind="stable")
            part, times = part.ordered(order), times[order]
        return part, (times - first) / MICROSECONDS


def developer_frames(
    messages: Mapping[str, pl.DataFrame], keys: Sequence[str], fields: Developer
) -> dict[str, pl.DataFrame]:
    """Return the developer columns of all messages but `record`, under names of their own."""
    found = {}
    for name, frame in messages.items():
        columns = [column for column in frame.columns if column in fields]
        if name != RECORD and columns and frame.height:
            held = [key for key in keys if key in frame.columns]
            found[name + OF_DEVELOPERS] = frame.select(*held, *columns)
    return found


def by_message(held: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return the frames of `developer_frames` by their messages again."""
    return {
        name.removesuffix(OF_DEVELOPERS): frame
        for name, frame in held.items()
        if name.endswith(OF_DEVELOPERS) and UNIT in frame.columns
    }


def _row(part: Part, verdict: Verdict) -> Row:
    told = part.told
    return {
        "message": part.message,
        "application_id": told.application,
        "name": told.name,
        "units": told.units,
        "channel": verdict.channel,
        "used_as": verdict.words,
        **part.summary(),
    }


def _declared(told: Row) -> Row:
    return {
        "message": None,
        "application_id": told.get("application"),
        "name": told.get("name"),
        "units": told.get("units"),
        "channel": NEVER.channel,
        "used_as": NEVER.words,
        "n_values": 0,
    }


def _named(row: Row) -> tuple[str, str, str]:
    return row["application_id"] or "", row["name"] or "", row["units"] or ""
