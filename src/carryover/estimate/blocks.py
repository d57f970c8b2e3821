"""The strength log as blocks: stretches with the habit and stretches without it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import polars as pl

from carryover import columns
from carryover.estimate import dose, habit, panel
from carryover.estimate.run_frames import STRENGTH_BLOCK

if TYPE_CHECKING:
    from collections.abc import Container


@dataclass(frozen=True, slots=True)
class Block:
    """One stretch of the habit; days are counted from the log's first, `last` is in it.

    The first block has no known start and the last no known end: the log began and ends in them.
    """

    number: int
    is_on: bool
    first: int
    last: int
    start_known: bool
    end_known: bool


def blocks_of(log: panel.Log) -> list[Block]:
    """Return the blocks of a log, by time; from its first session on where the past is unknown."""
    if log.started_on is None:
        return []
    first = 0 if log.past_is_empty else (log.started_on - log.first).days
    found = habit.stretches(log.doses, first, log.doses.size - 1)
    return [
        Block(n, s.is_on, s.first, s.last, start_known=n > 1, end_known=n < len(found))
        for n, s in enumerate(found, start=1)
    ]


def on_blocks(log: panel.Log) -> list[Block]:
    """Return the stretches with the habit: from their first session to their last."""
    return [block for block in blocks_of(log) if block.is_on]


def strength_block(
    runs: pl.DataFrame, sessions: pl.DataFrame, complete_logs: Container[str]
) -> pl.DataFrame:
    """Return STRENGTH_BLOCK of all athletes with runs; `sessions` SESSION_DOSE.

    `runs`: athlete_id, started_at, local_date, load; `complete_logs`: athletes without sessions
    before their log.
    """
    rows = []
    for athlete in sorted(runs["athlete_id"].drop_nulls().unique()):
        own, gym = (f.filter(pl.col("athlete_id") == athlete) for f in (runs, sessions))
        log = panel.log_of(own, gym, past_is_empty=athlete in complete_logs)
        rows += [{"athlete_id": athlete} | _row(log, b) for b in blocks_of(log)] if log else []
    if not rows:
        return columns.empty(STRENGTH_BLOCK)
    return columns.shaped(pl.DataFrame(rows), STRENGTH_BLOCK)


def _row(log: panel.Log, block: Block) -> dict[str, object]:
    dates = [log.first + timedelta(days=day) for day in (block.first, block.last)]
    inside = log.sessions.filter(
        pl.col("dose") > 0, pl.col("local_date").is_between(dates[0], dates[1])
    )
    weeks = (block.last - block.first + 1) / dose.DAYS_PER_WEEK
    return {
        "block_number": block.number, "is_on": block.is_on,
        "from_date": dates[0], "to_date": dates[1], "n_weeks": weeks,
        "n_sessions": inside.height, "sessions_per_week": inside.height / weeks,
        "dose": float(log.doses[block.first : block.last + 1].sum()),
        "start_known": block.start_known, "end_known": block.end_known,
    }  # fmt: skip
