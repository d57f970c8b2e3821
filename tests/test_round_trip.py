"""A made year, exported by every way that a runner has: the same runs, the same form."""

from __future__ import annotations

import datetime as dt
import gzip
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from carryover import app
from carryover.settings import Athlete, Settings
from carryover.warehouse.read import open_published
from exports import garmin_zip, strava_row, strava_zip
from fit_bytes import START
from homes import home_with
from made_runs import DAY_S, Made, copy, track, training_center, watch

HERE = Settings(athlete=Athlete(home_timezone="Europe/Zurich", mass_kg=62, height_m=1.7))
ZURICH = ZoneInfo("Europe/Zurich")
WEEKS = 52
RUNS = [
    (Made(seconds=900 + 60 * (number % 7), seed=number), (3.5 * number) // 1 * DAY_S)
    for number in range(2 * WEEKS)
]
"""Two runs a week for a year, summer and winter, none like another."""
FORM = ("cadence_spm", "stance_time_ms", "step_length_mm", "metres_per_beat", "duty_factor_pct")


def offset_s(since_s):
    there = (START + dt.timedelta(seconds=since_s)).astimezone(ZURICH)
    return there.utcoffset().total_seconds()


@cache
def watched():
    return {
        f"{number:03d}.fit": watch(made, since_s, offset_s=int(offset_s(since_s)))
        for number, (made, since_s) in enumerate(RUNS)
    }


def strava(files):
    rows = [
        strava_row(number, f"{START + dt.timedelta(seconds=since_s):%b %d, %Y, %I:%M:%S %p}",
                   filename=f"activities/{name}", name=f"Run {number}")
        for (number, (_, since_s)), name in zip(enumerate(RUNS), files, strict=True)
    ]  # fmt: skip
    return {"export_77.zip": strava_zip(files, rows)}


def written(writer, ending):
    return {f"{n:03d}.{ending}": writer(made, since_s) for n, (made, since_s) in enumerate(RUNS)}


WAYS = {
    "plain FIT": lambda: {f"watch/{name}": held for name, held in watched().items()},
    "packed FIT": lambda: {f"{n}.gz": gzip.compress(held) for n, held in watched().items()},
    "Strava's zip of originals": lambda: strava({f"{n}.gz": c for n, c in watched().items()}),
    "Garmin's zip": lambda: {"garmin.zip": garmin_zip(watched(), noise=200, macos=True)},
    "Strava's zip of reduced copies": lambda: strava(
        {f"{n}.gz": c for n, c in written(copy, "fit").items()}
    ),
    "GPX": lambda: written(track, "gpx"),
    "TCX": lambda: written(training_center, "tcx"),
}
WHOLE = ("packed FIT", "Strava's zip of originals", "Garmin's zip")
"""Ways that lose nothing."""
TOLERANCE = {"distance_m": 0.01, "moving_s": 0.003, "cadence_spm": 0.01, "metres_per_beat": 0.01}
"""What a thinned or poorer file may differ by, as a share: positions instead of distance, every
fourth second, whole strides."""


def runs_of(folder, files):
    home = home_with(folder, files)
    app.ingest(home, HERE)
    app.build_and_publish(home, HERE)
    named = ", ".join(f"f.{name}" for name in FORM)
    with open_published(home.published) as reader:
        return reader.frame(
            f"select r.run_id, r.local_date, r.started_at, r.distance_m, r.moving_s, {named} "
            "from run r join run_form f using (run_id) order by r.started_at"
        )


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The year as the watch's own files tell it."""
    return runs_of(tmp_path_factory.mktemp("plain"), WAYS["plain FIT"]())


def test_the_year_is_whole(plain):
    """Every run of the year is there, with the form that was made."""
    assert plain.height == len(RUNS)
    for row, (made, _) in zip(plain.iter_rows(named=True), RUNS, strict=True):
        assert row["distance_m"] == pytest.approx(made.distance_m[-1], rel=1e-4)
        assert row["stance_time_ms"] == pytest.approx(made.contact_ms().mean() + 20, abs=0.1)


@pytest.mark.parametrize("way", sorted(set(WAYS) - {"plain FIT"}))
def test_the_same_year_from_every_export(tmp_path, plain, way):
    """Whatever the files came in, each run has the same key, the same day and the same form."""
    found = runs_of(tmp_path, WAYS[way]())
    same = ["run_id", "local_date"]
    assert found.select(same).equals(plain.select(same))
    compared = [n for n in found.columns if n not in {*same, "started_at"}]
    for name in compared if way in WHOLE else TOLERANCE:
        share = 1e-9 if way in WHOLE else TOLERANCE[name]
        told = zip(found[name].to_list(), plain[name].to_list(), strict=True)
        off = [(ours, theirs) for ours, theirs in told if ours != pytest.approx(theirs, rel=share)]
        assert not off, f"{name}: {off[:5]}"
