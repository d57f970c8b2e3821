"""The doors for decoded files: FIT files many at once, every other file by itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import polars as pl

from carryover.catalogue.names import NO_NAMES, Own
from carryover.normalise.developer_parts import Developer
from carryover.normalise.fit import normalise_fit
from carryover.normalise.gpx import normalise_gpx
from carryover.normalise.recordings import Owner
from carryover.normalise.result import Normalised
from carryover.normalise.strava import from_strava
from carryover.normalise.strength import from_app, from_log
from carryover.normalise.tcx import normalise_tcx
from carryover.normalise.wellness import from_screening, from_wellness
from carryover.rawfile import STRENGTH_APPS, FileKind
from carryover.settings import Athlete

ROW = "row"
"""The message that a log's lines are."""


def normalise(
    kind: FileKind,
    messages: Mapping[str, pl.DataFrame],
    athlete: Athlete,
    sha256: str,
    weight_unit: Literal["kg", "lb"] | None = None,
    developer: Developer | None = None,
    names: Own = NO_NAMES,
) -> Normalised:
    """Return the canonical frames of one decoded file; `names` are own ones of exercises."""
    owner = Owner(athlete, sha256, names)
    if kind is FileKind.FIT:
        return normalise_fit(messages, [owner], developer or {}).alone()
    if kind is FileKind.GPX:
        return normalise_gpx(messages, owner).alone()
    if kind is FileKind.TCX:
        return normalise_tcx(messages, owner).alone()
    return _log(kind, messages[ROW], owner, weight_unit)


def _log(
    kind: FileKind, rows: pl.DataFrame, owner: Owner, weight_unit: Literal["kg", "lb"] | None
) -> Normalised:
    result = Normalised()
    if kind is FileKind.STRAVA_CSV:
        listed, sessions, problems = from_strava(rows, owner.athlete, owner.sha256)
        result.add("strava_activity", listed)
        result.add("strength_session", sessions)
        result.problems.extend(problems)
        return result
    told = rows, owner.athlete, owner.sha256, weight_unit, owner.names
    if kind is FileKind.STRENGTH_CSV or kind in STRENGTH_APPS:
        log = kind is FileKind.STRENGTH_CSV
        frames = from_log(*told) if log else from_app(kind, *told)
        result.add("strength_session", frames.sessions)
        result.add("strength_set", frames.sets)
        result.add_issues(frames.issues)
        return result
    wellness = kind is FileKind.WELLNESS_CSV
    maker = from_wellness if wellness else from_screening
    frame, problems = maker(rows, owner.athlete, owner.sha256)
    result.add("wellness" if wellness else "screening", frame)
    result.problems.extend(problems)
    return result
