"""Readers of GPX on one made run of two hours, a point a second.

    python -m benchmarks.gpx_readers

Every reader turns the bytes into columns of track points: time, place, height, heart rate and
cadence. They must agree before they are timed; then all take turns, round by round.
"""

from __future__ import annotations

import datetime as dt
import io
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, Final
from zoneinfo import ZoneInfo

import gpxpy
import numpy as np
from lxml import etree

from benchmarks.tables import measured, median_wall_s, number, table
from carryover.decode.gpx import decode_gpx
from carryover.decode.gpx.stream import read_streamed
from carryover.decode.gpx.track import recording
from carryover.demo.athlete import Runner
from carryover.demo.diary import PlannedRun, RunKind, plan
from carryover.demo.gpx_writer import CadenceUnit, run_gpx
from carryover.demo.latent import latent_runs
from carryover.demo.simulate import simulate

HEADER: Final = ("reader", "ms", "MB/s", "× gpxpy")
DURATION_S: Final = 7200
ROUNDS: Final = 7
START: Final = dt.datetime(2025, 7, 6, 7, 12, 9, tzinfo=dt.UTC)
SPACE: Final = "{http://www.topografix.com/GPX/1/1}"
GARMIN: Final = "{http://www.garmin.com/xmlschemas/TrackPointExtension/v1}"
REFERENCE: Final = "gpxpy (on lxml)"

Columns = dict[str, Any]


def two_hours() -> bytes:
    """Return a made phone's file: two hours of running without a pause, a point a second."""
    run = PlannedRun(0, RunKind.LONG, START, START.date(), DURATION_S, DURATION_S, 3, 18.0)
    rng = np.random.default_rng(0)
    diary = plan(dt.date(2025, 1, 6), 1, ZoneInfo("Europe/Berlin"), rng)
    only = latent_runs(replace(diary, runs=(run,)), Runner(), 0.0, rng)[0]
    return run_gpx(run, simulate(run, only, Runner(), rng), CadenceUnit.STRIDES, "Long run")


def rows() -> list[tuple[str, ...]]:
    """Return one row of HEADER a reader, quickest first; raises ValueError where they differ."""
    content = two_hours()
    _check(content)
    laps: dict[str, list[Any]] = {name: [] for name in READERS}
    for _ in range(ROUNDS):
        for name, read in READERS.items():
            laps[name].append(measured(lambda read=read: read(content))[0])
    wall = {name: median_wall_s(told) for name, told in laps.items()}
    slowest = wall[REFERENCE]
    return [
        (name, number(s * 1e3), number(len(content) / s / 1e6), number(slowest / s))
        for name, s in sorted(wall.items(), key=lambda item: item[1])
    ]


def _check(content: bytes) -> None:
    """Every reader gives the same heights, rates and places."""
    expected = READERS[REFERENCE](content)
    for name, read in READERS.items():
        columns = read(content)
        for column, values in expected.items():
            if list(columns[column]) != list(values):
                raise ValueError(f"{name} reads another {column} than gpxpy")


def _ours(content: bytes) -> Columns:
    return _named(decode_gpx(content))


def _ours_streamed(content: bytes) -> Columns:
    return _named(recording(read_streamed(content)))


def _named(told: Any) -> Columns:  # noqa: ANN401
    return told.message("trackpoint").to_dict()


def _gpxpy(content: bytes) -> Columns:
    points = [
        (p.time, p.latitude, p.longitude, p.elevation, *(float(e.text) for e in p.extensions[0]))
        for t in gpxpy.parse(content).tracks for s in t.segments for p in s.points
    ]  # fmt: skip
    return _columns(points)


def _lxml(content: bytes) -> Columns:
    return _columns(_points(etree.iterparse(io.BytesIO(content), tag=f"{SPACE}trkpt")))


def _element_tree(content: bytes) -> Columns:
    found = ET.iterparse(io.BytesIO(content))
    return _columns(_points(item for item in found if item[1].tag == f"{SPACE}trkpt"))


def _points(found: Iterable[tuple[str, Any]]) -> Iterable[tuple[Any, ...]]:
    for _, point in found:
        yield (
            dt.datetime.fromisoformat(point.findtext(f"{SPACE}time")),
            float(point.get("lat")),
            float(point.get("lon")),
            float(point.findtext(f"{SPACE}ele")),
            float(point.findtext(f".//{GARMIN}hr")),
            float(point.findtext(f".//{GARMIN}cad")),
        )
        point.clear()


def _columns(points: Iterable[tuple[Any, ...]]) -> Columns:
    names = ("time", "lat", "lon", "ele", "hr", "cad")
    return dict(zip(names, zip(*points, strict=True), strict=True))


READERS: Final[dict[str, Callable[[bytes], Columns]]] = {
    "carryover, plain text": _ours,
    "carryover, through expat": _ours_streamed,
    "lxml, iterparse": _lxml,
    "ElementTree, iterparse": _element_tree,
    REFERENCE: _gpxpy,
}

if __name__ == "__main__":
    print(table(HEADER, rows()))
