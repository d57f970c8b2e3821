"""A comparison of readers in words for a runner, and as data for a machine."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any, Final

from carryover.compare.comparison import Comparison, Tally, tallies
from carryover.compare.door import Report
from carryover.compare.kinds import UNEXPLAINED
from carryover.compare.readings import Reading

WIDTH: Final = 92
INDENT: Final = 12
MAX_STOP: Final = 80
HEAD: Final = ("reader", "messages", "samples", "values", "seconds", "came to")


def lines(report: Report) -> Iterator[str]:
    """Yield the report line by line."""
    yield f"{report.place}: {report.size_bytes:,} bytes"
    for remark in report.ours.remarks:
        yield f"  {remark}"
    yield ""
    yield "Independent programs have read the file; each value is held against carryover's."
    yield "A sample is what the watch wrote of one moment, mostly once a second."
    yield ""
    yield from _table([report.ours, *(found.theirs for found in report.comparisons)])
    for reader in report.absent:
        yield f"{reader} is not installed; `pip install garmin-fit-sdk` adds it as a witness."
    for found in report.comparisons:
        yield ""
        yield from _compared(found)
    yield ""
    yield from _conclusion(report)


def _table(told: list[Reading]) -> Iterator[str]:
    rows = [HEAD, *(_row(reading) for reading in told)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD) - 1)]
    for name, *numbers, end in rows:
        cells = [f"{n:>{width}}" for n, width in zip(numbers, widths[1:], strict=True)]
        yield "  ".join([f"{name:<{widths[0]}}", *cells, end])


def _row(told: Reading) -> tuple[str, ...]:
    words = textwrap.shorten(told.stopped, MAX_STOP, placeholder=" …")
    end = f"a stop: “{words}”" if told.stopped else "the end"
    return (
        f"{told.reader} {told.version}", f"{told.n_messages:,}", f"{told.n_records:,}",
        f"{told.n_values:,}", f"{told.seconds:.3f}", end,
    )  # fmt: skip


def _compared(found: Comparison) -> Iterator[str]:
    name, other = found.theirs.reader, found.n_compared - found.n_equal
    if not found.n_equal:
        yield f"{name}: nothing could be compared."
    elif not other:
        yield f"{name}: all {found.n_equal:,} values are the same."
    else:
        yield f"{name}: {found.n_equal:,} values are the same, {other:,} are not:"
    for tally in tallies(found):
        yield from _tally(tally, name)


def _tally(tally: Tally, reader: str) -> Iterator[str]:
    kind = tally.kind
    right = "nobody knows yet" if kind is UNEXPLAINED else f"right: {kind.right}"
    yield f"{tally.n_values:>{INDENT - 2},}  {kind.name} ({right})"
    for text in (kind.reason(reader), f"For example {tally.example}."):
        yield from textwrap.wrap(
            text, WIDTH, initial_indent=" " * INDENT, subsequent_indent=" " * INDENT
        )


def _conclusion(report: Report) -> Iterator[str]:
    unexplained = sum(len(found.unexplained) for found in report.comparisons)
    if unexplained:
        yield f"{unexplained:,} differences have no explanation: one of the readers has a fault."
        yield "Please report them with the file; until then doubt these values."
    elif any(found.tallies for found in report.comparisons):
        yield "Every difference is explained; carryover goes by its own reading."
    elif report.ours.n_values:
        yield "The readers agree on every value."


def as_dict(report: Report) -> dict[str, Any]:
    """Return the report for a machine."""
    return {
        "file": report.place,
        "size_bytes": report.size_bytes,
        "remarks": list(report.ours.remarks),
        "not_installed": list(report.absent),
        "readers": [_reader(report.ours), *(_reader(c.theirs) for c in report.comparisons)],
        "comparisons": [_comparison(found) for found in report.comparisons],
    }


def _reader(told: Reading) -> dict[str, Any]:
    return {
        "reader": told.reader, "version": told.version, "messages": told.n_messages,
        "samples": told.n_records, "values": told.n_values,
        "seconds": round(told.seconds, 4), "stopped": told.stopped or None,
    }  # fmt: skip


def _comparison(found: Comparison) -> dict[str, Any]:
    kinds = [
        {
            "kind": t.kind.name, "values": t.n_values, "right": t.kind.right,
            "why": t.kind.reason(found.theirs.reader), "example": t.example,
        }
        for t in tallies(found)
    ]  # fmt: skip
    return {
        "reader": found.theirs.reader, "equal": found.n_equal, "compared": found.n_compared,
        "unexplained": len(found.unexplained), "kinds": kinds,
    }  # fmt: skip
