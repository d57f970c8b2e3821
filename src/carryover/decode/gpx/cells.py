"""Texts of points → values: the same last step for both of our readers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from carryover.decode.gpx.texts import Flags, Ints, Texts, instants, numbers
from carryover.decode.gpx.track import PLACE, Tracks, Unread, Values
from carryover.decode.gpx.words import BLANK, offset_s
from carryover.rawfile import Problem

TOLD: Final = (*PLACE, "time")
"""Names whose unreadable texts are told; extensions write `-` and the like for no value."""


@dataclass(frozen=True, slots=True)
class Cells:
    """Texts of one name in the file's order: text i stands in point `point[i]`, from 0."""

    point: Ints
    texts: Texts


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Names and types of the tracks, and where each point belongs."""

    tracks: list[tuple[str | None, str | None]]
    track_index: Ints
    segment_index: Ints
    outside: int = 0
    damage: Problem | None = None


def tracks_of(skeleton: Skeleton, cells: dict[str, Cells]) -> Tracks:
    """Return the points with their values: of each name a point's first readable text stands.

    `cells` holds time, lat, lon, ele and extensions; extensions are ordered by their first value.
    """
    n_points = len(skeleton.track_index)
    unread: dict[str, Unread] = {}
    time_us, timed = np.zeros(n_points, np.int64), np.zeros(n_points, np.bool_)
    held = cells["time"]
    times, found = instants(held.texts)
    rows = _standing("time", held, found, unread)
    time_us[held.point[rows]] = times[rows]
    timed[held.point[rows]] = True
    offsets = _offsets(skeleton, held, rows)
    values: list[tuple[int, str, Values]] = []
    for name in (*PLACE, *(name for name in cells if name not in TOLD)):
        held = cells[name]
        told, found = numbers(held.texts)
        rows = _standing(name, held, found, unread)
        if name in PLACE or len(rows):
            begin = -1 if name in PLACE else int(held.texts.start[rows[0]])
            values.append((begin, name, Values(held.point[rows], told[rows])))
    values.sort(key=lambda column: column[0])
    return Tracks(
        tracks=skeleton.tracks,
        track_index=skeleton.track_index,
        segment_index=skeleton.segment_index,
        time_us=time_us,
        timed=timed,
        values={name: column for _, name, column in values},
        unread=unread,
        outside=skeleton.outside,
        damage=skeleton.damage,
        offset_s=offsets,
    )


def _offsets(skeleton: Skeleton, times: Cells, rows: Ints) -> dict[int, float]:
    """Return the offset that each track's first time tells; Z and +00:00 tell nothing."""
    owners, firsts = np.unique(skeleton.track_index[times.point[rows]], return_index=True)
    texts = [times.texts.text(int(rows[first])) for first in firsts.tolist()]
    told = {track: offset_s(text) for track, text in zip(owners.tolist(), texts, strict=True)}
    return {track: offset for track, offset in told.items() if offset}


def _standing(name: str, cells: Cells, found: Flags, unread: dict[str, Unread]) -> Ints:
    """The first readable text of each point; counts texts that say something unreadable."""
    if name in TOLD and not found.all():
        odd = [i for i in np.flatnonzero(~found).tolist() if cells.texts.text(i).strip(BLANK)]
        if odd:
            unread[name] = Unread(len(odd), int(cells.point[odd[0]]) + 1)
    rows = np.flatnonzero(found)
    return rows[np.diff(cells.point[rows], prepend=-1) > 0]
