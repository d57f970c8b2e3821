"""Form around the start of each strength block: weeks from its first session, with their band.

A week's value is the mean outcome of its runs less that of the six weeks before the block, once
acute dose, load, heat, run length and slow time are taken out as the fitted question has them;
the chronic dose stays in, for it is what is looked at. Such a value is a weighted sum of the
runs, so its variance under the fitted covariance is exact, serial correlation, shared baseline
and the uncertainty of the covariates included.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import polars as pl

from carryover import columns
from carryover.estimate import dose, gate, panel
from carryover.estimate.blocks import Block, blocks_of
from carryover.estimate.candidates import testifying
from carryover.estimate.carry_over import by_outcome
from carryover.estimate.contrast import Sums
from carryover.estimate.design import epoch_names
from carryover.estimate.question import ask
from carryover.estimate.run_frames import BLOCK_EVENT
from carryover.estimate.sentence import difference_unit
from carryover.estimate.tails import t_reach

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from carryover.estimate.finding import Spec
    from carryover.estimate.question import Fitted, Question
    from carryover.estimate.slopes import Floats

FIRST_WEEK: Final = -6
LAST_WEEK: Final = 12
WEEKS: Final = range(FIRST_WEEK, LAST_WEEK + 1)
MIN_REST_D: Final = 28
"""A block that follows fewer days without the habit has nothing to be held against."""
MIN_RUNS_BEFORE: Final = 4
"""House rule: one run a week of the least rest."""


@dataclass(frozen=True, slots=True)
class Event:
    """One on-block: the rows of its runs, their weeks from its start, and their shares of a mean.

    Each field (m,); `share` weighs a run within its week or within the weeks before.
    """

    number: int
    rows: NDArray[np.int64]
    week: NDArray[np.int64]
    share: Floats


def block_event(
    outcomes: pl.DataFrame,
    runs: pl.DataFrame,
    sessions: pl.DataFrame,
    sensors: pl.DataFrame,
    spec: Spec,
) -> pl.DataFrame:
    """Return BLOCK_EVENT of all outcomes that may testify; arguments as `carry_over` has them.

    Weeks −6 … 12 from the first session of each on-block, and of all of them together
    (block_number null), each block counting once. Null where a week has no run that can be told.
    """
    allowed = testifying(outcomes, runs, sensors, spec.primary_metric)
    rows = []
    for athlete in sorted(runs["athlete_id"].drop_nulls().unique()):
        own, gym, held = (
            f.filter(pl.col("athlete_id") == athlete) for f in (runs, sessions, allowed)
        )
        log = panel.log_of(own, gym, past_is_empty=athlete in spec.complete_logs)
        if log is not None:
            rows += [{"athlete_id": athlete} | row for row in _of_athlete(log, held, spec.tau_d)]
    if not rows:
        return columns.empty(BLOCK_EVENT)
    return columns.shaped(pl.DataFrame(rows, infer_schema_length=None), BLOCK_EVENT)


def _of_athlete(
    log: panel.Log, outcomes: pl.DataFrame, tau_d: float
) -> Iterator[dict[str, object]]:
    blocks = blocks_of(log)
    for outcome, frame in by_outcome(outcomes, panel.exposed(log, tau_d)).items():
        question = ask(log, outcome, frame, tau_d=tau_d)
        if question.fitted is not None:
            for row in _weeks(question, question.fitted, events_of(question, blocks)):
                yield {"metric": outcome[0], "outcome": outcome[1]} | row


def events_of(question: Question, blocks: list[Block]) -> list[Event]:
    """Return the on-blocks of a question that have a known start and enough runs before it."""
    frame, fitted = question.frame, question.fitted
    if fitted is None or not blocks:
        return []
    within = gate.within_run(*question.outcome)
    share = _shares(frame, fitted, within_run=within)
    sensor = np.array(epoch_names(frame, within_run=within))
    found = []
    for before, block in pairwise(blocks):
        if block.is_on and before.last - before.first + 1 >= MIN_REST_D:
            event = _event(frame["day"].to_numpy(), share, sensor, before, block)
            if event is not None:
                found.append(event)
    return found


def _event(
    day: NDArray[np.int64], share: Floats, sensor: NDArray[Any], before: Block, block: Block
) -> Event | None:
    """Return one event: its own block and the one before, seen by one sensor."""
    week = (day - block.first) // dose.DAYS_PER_WEEK
    inside = (day >= before.first) & (day <= block.last)
    near = np.flatnonzero(inside & (week >= FIRST_WEEK) & (week <= LAST_WEEK))
    rows = near[sensor[near] == _one_sensor(sensor[near], week[near])]
    if np.count_nonzero(week[rows] < 0) < MIN_RUNS_BEFORE or not (week[rows] >= 0).any():
        return None
    return Event(block.number, rows, week[rows], share[rows])


def _one_sensor(sensor: NDArray[Any], week: NDArray[np.int64]) -> object:
    """Return the sensor with the most runs on its thinner side of the start; null for none."""
    best, most = None, 0
    for name in dict.fromkeys(sensor.tolist()):
        own = week[sensor == name]
        thinner = int(min(np.count_nonzero(own < 0), np.count_nonzero(own >= 0)))
        if thinner > most:
            best, most = name, thinner
    return best


def _shares(frame: pl.DataFrame, fitted: Fitted, *, within_run: bool) -> Floats:
    """Return how much each run weighs in a mean: its time, or the precision of its own change."""
    if within_run:
        precision: Floats = 1.0 / (fitted.fit.point.variance[0] + fitted.series.own_var)
        return precision
    moved: Floats = frame["moving_s"].cast(pl.Float64).fill_null(0.0).to_numpy()
    return moved


class _Part(NamedTuple):
    """What one block, or all together, is: runs (m,) in `rows`, their weights (m, weeks).

    `having` (blocks, weeks): which weeks have a value; `runs` (blocks, weeks): of how many runs.
    """

    number: int | None
    rows: slice
    weights: Floats
    having: NDArray[np.bool_]
    runs: NDArray[np.int64]


def _weeks(question: Question, fitted: Fitted, events: list[Event]) -> Iterator[dict[str, object]]:
    """Return the rows of all events together and of each one."""
    sums = Sums(fitted.series, fitted.design.columns, fitted.fit)
    reach = t_reach(fitted.fit.df)
    unit = difference_unit(question.outcome[0])
    for part in _parts(events, question.frame.height):
        value, se = sums.estimated(part.weights, part.rows)
        ends = value + np.array([[0.0], [-reach], [reach]]) * se
        n_runs, n_blocks = (part.having * part.runs).sum(axis=0), part.having.sum(axis=0)
        for column, week in enumerate(WEEKS):
            shown = ends[:, column].tolist() if n_blocks[column] else [None, None, None]
            yield {
                "block_number": part.number, "week_offset": week, "effect_unit": unit,
                "n_runs": int(n_runs[column]), "n_blocks": int(n_blocks[column]),
                "value": shown[0], "ci_low": shown[1], "ci_high": shown[2],
            }  # fmt: skip


def _parts(events: list[Event], n: int) -> Iterator[_Part]:
    """Yield all events together, each counting once, and each one; `n` runs in all."""
    if not events:
        return
    each = [(event, *_contrasts(event)) for event in events]
    having = np.array([known for _, _, known in each])
    runs = np.array([_runs(event) for event in events])
    together = np.zeros((n, len(WEEKS)))
    for event, contrast, _ in each:
        together[event.rows] += contrast
    together /= np.maximum(having.sum(axis=0), 1)
    yield _Part(None, slice(0, n), together, having, runs)
    for place, (event, contrast, _) in enumerate(each):
        rows = slice(int(event.rows[0]), int(event.rows[-1]) + 1)
        weights = np.zeros((rows.stop - rows.start, len(WEEKS)))
        weights[event.rows - rows.start] = contrast
        yield _Part(event.number, rows, weights, having[[place]], runs[[place]])


def _runs(event: Event) -> NDArray[np.int64]:
    """Return how many runs of an event each week has."""
    return np.bincount(event.week - FIRST_WEEK, minlength=len(WEEKS))


def _contrasts(event: Event) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the weights (m, weeks) of the event's runs in each week's value, and where it has one.

    A week's mean less that of all weeks before the block; zeros for a week without either.
    """
    before = event.share * (event.week < 0)
    own = event.share[:, None] * (event.week[:, None] == np.array(WEEKS))
    total = own.sum(axis=0)
    known = (total > 0) & (before.sum() > 0)
    if not known.any():
        return np.zeros(own.shape), known
    contrast = own / np.where(known, total, 1.0) - (before / before.sum())[:, None]
    return np.where(known, contrast, 0.0), known
