"""Developer fields: what apps and pods wrote beside the watch's own fields.

A name alone proves nothing: a field is used where application, name and unit are known and the
runner's median is possible; where the unit and the values contradict, the values decide. A watch
that only computes its dynamics gives way to a pod; otherwise the watch's own field stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import polars as pl

from carryover.normalise.channels import RUNNING_MPS
from carryover.normalise.developer_dynamics import CONTACT, SIDES, Natives, both_sides, owners
from carryover.normalise.developer_names import Known, Way, known, plain
from carryover.normalise.developer_parts import RECORD, Developer, Part, parts
from carryover.normalise.traces import Flags, Floats, Ints, edges, middle_of
from carryover.rawfile import Problem

UNKNOWN: Final = "unknown field"
OTHER_UNIT: Final = "unknown unit for this name"
NOTHING: Final = "all zero: nothing was measured"
NO_NUMBER: Final = "no single number"
KEPT: Final = "known, but no column of ours: kept as a series"
NATIVE: Final = "the watch's own field is used"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a field in one unit: the channel that it fills, or why it fills none."""

    channel: str | None
    words: str


@dataclass(slots=True)
class Filled:
    """Channels with developer fields in them, and by unit what was done.

    `makers` names who measured a channel that came from a developer field; `verdicts` say what
    became of each column; `parts` are all values, also the watch's own that gave way.
    """

    frame: pl.DataFrame
    parts: dict[int, list[Part]] = field(default_factory=dict)
    makers: dict[int, dict[str, str]] = field(default_factory=dict)
    verdicts: dict[int, dict[str, Verdict]] = field(default_factory=dict)
    problems: dict[int, list[Problem]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to fill a channel of a unit: `rows` and their possible `values` in its unit."""

    part: Part
    way: Way
    channel: str
    rows: Ints
    values: Floats

    @property
    def n(self) -> int:
        """How many values are possible."""
        return len(self.rows)

    @property
    def rank(self) -> tuple[int, int, str]:
        """Pods before apps, then the fuller, then by the column's name."""
        return self.way.priority, -self.n, self.part.column

    def is_of(self, other: Candidate) -> bool:
        """Whether both are one application's field, declared anew in the file."""
        mine, its = self.part.told, other.part.told
        return (mine.application, plain(mine.name)) == (its.application, plain(its.name))


def filled(frame: pl.DataFrame, records: pl.DataFrame, fields: Developer, n_units: int) -> Filled:
    """Fill channels from developer fields; `frame` holds the channels of `records`, row by row.

    Dynamics come from one source (`developer_dynamics.owners`). Any other channel is filled where
    the native field holds nothing in the unit, by the candidate of the first rank; fields that
    one application declared twice are joined, the fuller first.
    """
    held = parts(records, fields, RECORD)
    result = Filled(frame, held)
    if not held:
        return result
    bounds = edges(frame, n_units)
    canvas = _Canvas(frame)
    speeds = frame["speed_mps"].to_numpy()
    for unit, found in held.items():
        natives = Natives(frame, bounds[unit], bounds[unit + 1])
        verdicts, problems, candidates = _read(found, speeds)
        owned = owners(candidates, natives)
        for channel in owned.cleared:
            if (part := natives.part(channel, owned.maker)) is not None:
                found.append(part)
                words = f"{owned.maker}'s own {channel} is used"
                verdicts[part.column] = Verdict(None, words)
            canvas.clear(channel, bounds[unit], bounds[unit + 1])
        makers = _fill(candidates, owned.allowed, canvas, verdicts)
        both_sides(canvas, makers, bounds[unit], bounds[unit + 1])
        result.makers[unit] = makers
        result.verdicts[unit] = verdicts
        result.problems[unit] = problems
    result.frame = canvas.frame()
    return result


class _Canvas:
    """Channels as arrays that may be written to, copied when first touched."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame
        self._held: dict[str, Floats] = {}

    def of(self, channel: str) -> Floats:
        """Return a channel, NaN where it has no value."""
        if channel not in self._held:
            self._held[channel] = self._frame[channel].to_numpy().astype(np.float64, copy=True)
        return self._held[channel]

    def clear(self, channel: str, begin: int, end: int) -> None:
        """Take a channel's values away from some rows."""
        self.of(channel)[begin:end] = np.nan

    def frame(self) -> pl.DataFrame:
        """Return the channels as a frame again."""
        return self._frame.with_columns(
            pl.Series(name, held, nan_to_null=True) for name, held in self._held.items()
        )


def _read(
    found: Sequence[Part], speeds: Floats
) -> tuple[dict[str, Verdict], list[Problem], list[Candidate]]:
    """Return what a unit's fields are: verdicts so far, contradictions, and ways to fill."""
    verdicts: dict[str, Verdict] = {}
    problems: list[Problem] = []
    candidates: list[Candidate] = []
    for part in found:
        ways, words, problem = _ways(part, speeds)
        verdicts[part.column] = Verdict(None, words)
        problems += [problem] if problem else []
        candidates += [_candidate(part, way, way.channel) for way in ways if way.channel]
    return verdicts, problems, candidates


def _candidate(part: Part, way: Way, channel: str) -> Candidate:
    numbers = part.numbers()
    possible = (numbers >= way.valid_min) & (numbers <= way.valid_max)
    return Candidate(part, way, channel, part.rows[possible], numbers[possible] * way.factor)


def _ways(part: Part, speeds: Floats) -> tuple[list[Way], str, Problem | None]:
    """Return how a part can be read; none with a reason."""
    told = known(part.told)
    if told is None or not part.is_numeric or not told.declared:
        return [], _unread(part, told), None
    if not (turning := part.numbers() != 0).any():
        return [], NOTHING, None
    if all(way.channel is None for way in told.declared):
        return [], KEPT, None
    middle = _median(part, turning, speeds)
    if sound := [way for way in told.declared if way.holds(middle)]:
        return sound, NATIVE, None
    others = [o for way in told.declared for o in told.alternatives(way) if o.holds(middle)]
    name, unit = part.told.name.strip(), part.told.units
    if not others:
        return [], f"implausible: median {middle:.4g} {unit or ''}".rstrip(), None
    what = (
        f"the field {name!r} says {unit}, but its values (median {middle:.4g}) are "
        f"{others[0].units}: read as that"
    )
    return others, NATIVE, Problem("warning", what, "Nothing to do; compare it with the app once.")


def _unread(part: Part, told: Known | None) -> str:
    """Return why a field cannot be read at all."""
    if not part.is_numeric:
        return NO_NUMBER
    return UNKNOWN if told is None else OTHER_UNIT


def _median(part: Part, turning: Flags, speeds: Floats) -> float:
    """Return the median while running of what is not 0 (`turning`, some), else of all of that."""
    running = turning & ~(speeds[part.rows] < RUNNING_MPS)
    return middle_of(part.numbers()[running if running.any() else turning])


def _fill(
    candidates: Sequence[Candidate],
    allowed: Mapping[str, str | None],
    canvas: _Canvas,
    verdicts: dict[str, Verdict],
) -> dict[str, str]:
    """Write candidates into channels that are free; return who measured each of them.

    `allowed` says of each channel whose fields may fill it: a maker, "" anybody, None nobody.
    """
    by_channel: dict[str, list[Candidate]] = defaultdict(list)
    for one in candidates:
        by_channel[one.channel].append(one)
    makers: dict[str, str] = {}
    for channel, ways in by_channel.items():
        who = allowed[channel]
        mine = [one for one in ways if who is not None and who in ("", one.way.maker)]
        ranked = sorted((one for one in mine if one.n), key=lambda one: one.rank)
        for one in ranked:
            if not one.is_of(ranked[0]) or one.way.maker != ranked[0].way.maker:
                continue
            target = canvas.of(channel)
            free = np.isnan(target[one.rows])
            target[one.rows[free]] = one.values[free]
            verdicts[one.part.column] = Verdict(channel, f"fills {channel}")
            makers[channel] = one.way.maker
        _explain(ways, channel, makers, verdicts)
    return makers


def _explain(
    ways: Sequence[Candidate],
    channel: str,
    makers: Mapping[str, str],
    verdicts: dict[str, Verdict],
) -> None:
    """Say of fields that another one kept out which that is."""
    taken = makers.get(channel) or (makers.get("stance_time_ms") if channel in CONTACT else None)
    for one in ways:
        if verdicts[one.part.column].channel is None and (channel in makers or taken):
            words = f"another field of {taken} is used"
            if channel in SIDES and channel not in makers:
                words = f"{channel} is left to the source of the contact time"
            verdicts[one.part.column] = Verdict(None, words)
