"""Where in a run a metric starts to change: a place with its interval, or plain words for none.

The residuals at equal pace and grade of a run's settled bins (from the early window's start to the
last minute) are searched for a bend (`broken_stick`). In words: `none seen`; `from about 62 min`
where a straight line does not fit; `steady from the start` where the change began within the early
window; `changes, from where cannot be told` where it is there and its start is not; `cannot be
told` where the run does not allow the question, with the reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from carryover import columns, units
from carryover.catalogue.thresholds import threshold
from carryover.estimate import run_frames, windows
from carryover.estimate.baseline import BIN_S
from carryover.estimate.broken_stick import MIN_BINS, Bend, Stick, bend, knots, stick
from carryover.estimate.decoupling import apart
from carryover.estimate.distance import distance_at
from carryover.estimate.origin import FOLLOWS
from carryover.estimate.residual import each_part
from carryover.estimate.wander import pairs
from carryover.estimate.windows import RUN_METRIC

if TYPE_CHECKING:
    from carryover.estimate.slopes import Ints

ALPHA: Final = threshold("onset_alpha")
NONE_SEEN: Final = "none seen"
STEADY: Final = "steady from the start"
SOMEWHERE: Final = "changes, from where cannot be told"
CANNOT: Final = "cannot be told"
NO_WANDER: Final = "no run with this sensor has enough valid stretches to tell its noise"


def form_onset(
    residual: pl.DataFrame,
    wander: pl.DataFrame,
    bins: pl.DataFrame,
    runs: pl.DataFrame,
    decay: pl.DataFrame,
    pattern: pl.DataFrame,
) -> pl.DataFrame:
    """Return FORM_ONSET, one row a run × metric of `decay` and one for heart-rate decoupling.

    `residual` RESIDUAL, `wander` WANDER, `bins` BIN, `runs` (run_id, moving_s, distance_m), `decay`
    FORM_DECAY, `pattern` FORM_PATTERN of the same runs. Metrics that a formula makes from others
    have no row: their onset is that of the metric they follow.
    """
    asked = decay.filter(~pl.col("metric").is_in(list(FOLLOWS)))
    refused = asked.filter(~pl.col("eligible")).select(*RUN_METRIC, "reason")
    judged = _judged(asked.filter("eligible"), residual, wander)
    rows = pl.concat([_shaped(judged), _shaped(refused.with_columns(pattern=pl.lit(CANNOT)))])
    every = pl.concat([rows, _shaped(apart(pattern, rows))]).sort(RUN_METRIC)
    return columns.shaped(distance_at(every, "onset", bins, runs), run_frames.FORM_ONSET)


def _shaped(rows: pl.DataFrame) -> pl.DataFrame:
    return columns.shaped(rows, run_frames.FORM_ONSET)


def _judged(asked: pl.DataFrame, residual: pl.DataFrame, wander: pl.DataFrame) -> pl.DataFrame:
    known = pairs(wander)
    made: dict[tuple[bytes, float, float], Stick] = {}
    rows: list[dict[str, Any]] = []
    for part in each_part(residual.join(asked, on=RUN_METRIC, how="semi", maintain_order="left")):
        pair, index = known.get(part.epoch), part.index[part.settled]
        row = {"run_id": part.run_id, "metric": part.epoch[-1], "n_bins": index.size}
        reason = _reason(index, known=pair is not None)
        if reason or pair is None:
            rows.append(row | {"pattern": CANNOT, "reason": reason})
            continue
        start = int(index[0])
        place = ((index - start).tobytes(), *pair)
        if place not in made:
            made[place] = stick(index - start, *pair)
        found = bend(made[place], part.residual[part.settled])
        rows.append(row | _told(found, start, part.moving_s))
    return pl.DataFrame(rows, infer_schema_length=None)


def _reason(index: Ints, *, known: bool) -> str:
    if not knots(index).size:
        return f"{index.size} valid two-minute stretches; {MIN_BINS} are needed"
    return "" if known else NO_WANDER


def _told(found: Bend, start: int, moving_s: float) -> dict[str, Any]:
    if found.p >= ALPHA:
        return {"pattern": NONE_SEEN, "onset_p": found.p}
    onset_s, low_s, high_s = (
        (start + knot) * BIN_S for knot in (found.knot, found.low, found.high)
    )
    if found.low > 0:
        words = from_about(onset_s)
    elif high_s <= windows.EARLY_TO * moving_s:
        words = STEADY
    else:
        words = SOMEWHERE
    return {
        "pattern": words, "onset_p": found.p, "onset_moving_s": onset_s,
        "onset_ci_low_s": low_s, "onset_ci_high_s": high_s,
        "after_per_hour": found.slope * units.S_PER_HOUR / BIN_S,
    }  # fmt: skip


def from_about(onset_s: float) -> str:
    """Return the words for an onset, to the minute of moving time."""
    return f"from about {onset_s / units.S_PER_MIN:.0f} min"
