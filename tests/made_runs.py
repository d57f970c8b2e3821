"""One made run as the files of several devices: a watch, a pod, an app's copy, a track."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fit_bytes import (
    BASES,
    RECORD,
    RECORD_FIELDS,
    START,
    FitBytes,
    activity,
    at,
    begin,
    described,
    introduced,
    records,
    session,
)

STRYD = bytes.fromhex("18fb2cf01a4b430dad66988c847421f4")
STRYD_MAKER = 95
STRAVA_MAKER = 265
DAY_S = 86_400.0
ZONE_S = 7200
"""Runs are made in Switzerland in May: two hours ahead of UTC."""
CONTACT_MS = 246.0
"""Contact time at 3 m/s."""
WRIST_MS = 20.0
"""What a wrist adds to it."""


@dataclass(frozen=True)
class Made:
    """One run, second by second, as it truly was; `seed` tells runs apart."""

    seconds: int = 1500
    seed: int = 1
    metres: float | None = None
    """Its distance, where two different runs are to agree in it."""
    around: tuple[float, float] | None = (47.37, 8.54)
    """Latitude and longitude of its loop in degrees; None is a treadmill."""

    @cached_property
    def t(self):
        return np.arange(self.seconds + 1)

    @cached_property
    def speed_mps(self):
        rng = np.random.default_rng(self.seed)
        waves = [(20, 0.05), (45, 0.08), (110, 0.15), (400, 0.2)]
        effort = sum(a * np.sin(self.t / p + rng.uniform(0, 6.28)) for p, a in waves)
        speed = 3.0 + effort
        return speed if self.metres is None else speed * self.metres / speed[1:].sum()

    @cached_property
    def distance_m(self):
        return np.concatenate([[0.0], np.cumsum(self.speed_mps[1:])])

    @cached_property
    def heart_rate_bpm(self):
        rng = np.random.default_rng([self.seed, 9])
        paces, phases = rng.uniform(5, 14, 4), rng.uniform(0, 6.28, 4)
        # No heart holds one beat for minutes on end.
        breath = sum(0.75 * np.sin(self.t / p + w) for p, w in zip(paces, phases, strict=True))
        return np.round(140 + 10 * (self.speed_mps - 3.0) + self.t / 300 + breath)

    @cached_property
    def cadence_spm(self):
        return 170 + 6 * (self.speed_mps - 3.0)

    @cached_property
    def place(self):
        angle = self.distance_m / 500.0
        lat, lon = self.around or (np.nan, np.nan)
        return lat + 0.0045 * np.sin(angle), lon + 0.0066 * np.cos(angle)

    def contact_ms(self, seed=0):
        own = np.random.default_rng([self.seed, seed]).normal(0, 3, len(self.t))
        return CONTACT_MS - 28 * (self.speed_mps - 3.0) + own


def rows(made, since_s=0.0, every=1, only=None, **channels):
    """Return records in FIT's names; `channels` add or, as None, take away.

    `only` names the seconds that have a record, else one in `every` has.
    """
    lat, lon = made.place if made.around else (None, None)
    told = {
        "distance": made.distance_m, "speed": made.speed_mps, "heart_rate": made.heart_rate_bpm,
        "cadence": np.floor(made.cadence_spm / 2), "position_lat": lat, "position_long": lon,
        "altitude": 400 + 10 * np.sin(made.distance_m / 200),
    } | channels  # fmt: skip
    held = {name: values for name, values in told.items() if values is not None}
    return [
        {"timestamp": since_s + i, **{name: float(values[i]) for name, values in held.items()}}
        for i in (only or range(0, made.seconds + 1, every))
    ]


def watch(
    made, since_s=0.0, serial=3_912_345, *, dynamics=True, offset_s=ZONE_S, every=1, only=None
):
    """Return a watch's file: places, heart rate, and dynamics computed at the wrist.

    Without an `offset_s` the file does not tell its zone.
    """
    wrist = {"stance_time": made.contact_ms() + WRIST_MS} if dynamics else {}
    body = records(begin(serial=serial), rows(made, since_s, every, only, **wrist))
    session(body, elapsed_s=made.seconds, start_s=since_s)
    if offset_s is None:
        return body.file()
    return activity(body, end_s=since_s + made.seconds, offset_s=offset_s).file()


def stretch(made, since_s, first, last, serial=3_912_345):
    """Return a watch's file of a part of a run: one that was saved, and begun anew."""
    body = records(begin(serial=serial), rows(made, since_s)[first : last + 1])
    session(body, elapsed_s=last - first, start_s=since_s + first)
    return activity(body, end_s=since_s + last, offset_s=ZONE_S).file()


def copy(made, since_s=0.0, every=4):
    """Return an app's reduced copy: no serial number, thinned, no dynamics."""
    body = begin(serial=None, manufacturer=STRAVA_MAKER)
    return session(
        records(body, rows(made, since_s, every)), elapsed_s=made.seconds, start_s=since_s
    ).file()


def pod(made, since_s=0.0, serial=771_234, until_s=None):
    """Return a pod's own file: contact time and speed, no place and no heart rate."""
    fields = ("timestamp", "distance", "speed", "cadence")
    body = begin(serial=serial, manufacturer=STRYD_MAKER)
    described(introduced(body, STRYD), 3, "float64", "Ground Time", "ms")
    layout = [(*RECORD_FIELDS[name][:2], 1) for name in fields]
    body.define(1, RECORD, layout, developer=[(3, "float64", 1, 0)])
    last = made.seconds if until_s is None else until_s
    for i in range(last + 1):
        cells = (
            at(since_s + i), round(100 * made.distance_m[i]), round(1000 * made.speed_mps[i]),
            round(made.cadence_spm[i] / 2),
        )  # fmt: skip
        body.data(1, *cells, float(made.contact_ms(seed=1)[i]))
    return session(body, elapsed_s=last, start_s=since_s).file()


def track(made, since_s=0.0, every=1, name="Run", hours=None):
    """Return a GPX track: place, height, heart rate, steps; `hours` writes its times as local."""
    lat, lon = made.place
    points = []
    for i in range(0, made.seconds + 1, every):
        when = START + dt.timedelta(seconds=since_s + i)
        points.append(
            f'<trkpt lat="{lat[i]:.7f}" lon="{lon[i]:.7f}"><ele>400</ele>'
            f"<time>{_time(when, hours)}</time><extensions><gpxtpx:TrackPointExtension>"
            f"<gpxtpx:hr>{made.heart_rate_bpm[i]:.0f}</gpxtpx:hr>"
            f"<gpxtpx:cad>{made.cadence_spm[i] / 2:.0f}</gpxtpx:cad>"
            "</gpxtpx:TrackPointExtension></extensions></trkpt>"
        )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?><gpx version="1.1" creator="phone" '
        'xmlns="http://www.topografix.com/GPX/1/1" '
        'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1">'
    )
    body = f"<trk><name>{name}</name><type>running</type><trkseg>{''.join(points)}</trkseg></trk>"
    return f"{head}{body}</gpx>".encode()


def _time(when, hours):
    if hours is None:
        return f"{when:%Y-%m-%dT%H:%M:%SZ}"
    return when.astimezone(dt.timezone(dt.timedelta(hours=hours))).isoformat()


def training_center(made, since_s=0.0, serial=3_912_345):
    """Return the watch's TCX: one lap, with speed and strides in the running extension."""
    lat, lon = made.place
    points = []
    for i in range(made.seconds + 1):
        when = START + dt.timedelta(seconds=since_s + i)
        points.append(
            f"<Trackpoint><Time>{when:%Y-%m-%dT%H:%M:%SZ}</Time><Position>"
            f"<LatitudeDegrees>{lat[i]:.7f}</LatitudeDegrees>"
            f"<LongitudeDegrees>{lon[i]:.7f}</LongitudeDegrees></Position>"
            f"<AltitudeMeters>400</AltitudeMeters>"
            f"<DistanceMeters>{made.distance_m[i]:.2f}</DistanceMeters>"
            f"<HeartRateBpm><Value>{made.heart_rate_bpm[i]:.0f}</Value></HeartRateBpm>"
            f"<Extensions><ns3:TPX><ns3:Speed>{made.speed_mps[i]:.3f}</ns3:Speed>"
            f"<ns3:RunCadence>{np.floor(made.cadence_spm[i] / 2):.0f}</ns3:RunCadence>"
            "</ns3:TPX></Extensions></Trackpoint>"
        )
    began = f"{START + dt.timedelta(seconds=since_s):%Y-%m-%dT%H:%M:%SZ}"
    lap = (
        f'<Lap StartTime="{began}"><TotalTimeSeconds>{made.seconds}</TotalTimeSeconds>'
        f"<Track>{''.join(points)}</Track></Lap>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><TrainingCenterDatabase '
        'xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" '
        'xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2"><Activities>'
        f'<Activity Sport="Running"><Id>{began}</Id>{lap}<Creator><Name>Forerunner</Name>'
        f"<UnitId>{serial}</UnitId></Creator></Activity></Activities></TrainingCenterDatabase>"
    ).encode()


__all__ = [
    "BASES",
    "DAY_S",
    "FitBytes",
    "Made",
    "copy",
    "pod",
    "stretch",
    "track",
    "training_center",
    "watch",
]
