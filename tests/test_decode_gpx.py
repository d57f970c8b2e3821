"""GPX as apps write it, and as nobody should: read in full or refused in words."""

from __future__ import annotations

import contextlib
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.decode import decode_file, sniff
from carryover.errors import CarryoverError, DecodeError, UnsupportedError
from carryover.normalise import normalise
from carryover.rawfile import FileKind, RawFile
from carryover.settings import Athlete

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
OPEN = '<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">'
TPX = 'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"'
START = dt.datetime(2024, 5, 4, 7, 0, tzinfo=dt.UTC)


def point(second: float = 0, inside: str = "", *, lat: object = 48.0, lon: object = 8.0) -> str:
    time = (START + dt.timedelta(seconds=second)).isoformat().replace("+00:00", "Z")
    return f'<trkpt lat="{lat}" lon="{lon}"><ele>100</ele><time>{time}</time>{inside}</trkpt>'


def track(*points: str, kind: str = "running", opening: str = OPEN) -> str:
    told = f"<type>{kind}</type>" if kind else ""
    return f"{opening}<trk>{told}<trkseg>{''.join(points)}</trkseg></trk></gpx>"


def decoded(content: str | bytes):
    whole = content if isinstance(content, bytes) else content.encode()
    return decode_file(RawFile("run.gpx", "sha", FileKind.GPX, whole))


def told(content: str | bytes):
    return normalise(FileKind.GPX, decoded(content).messages, Athlete(), "sha")


def extended(inside: str) -> str:
    return f"<extensions>{inside}</extensions>"


def test_a_plain_track_is_read():
    """Points keep their order, time, place and height."""
    points = decoded(HEAD + track(point(0), point(1, lat=48.1))).message("trackpoint")
    assert points["lat"].to_list() == [48.0, 48.1]
    assert points["time"].to_list() == [START, START + dt.timedelta(seconds=1)]
    assert points["ele"].to_list() == [100.0, 100.0]


@pytest.mark.parametrize(
    "encoded",
    [
        (HEAD + track(point(), point(1))).encode("utf-8-sig"),
        (HEAD.replace("UTF-8", "UTF-16") + track(point(), point(1))).encode("utf-16"),
        (HEAD.replace("UTF-8", "ISO-8859-1") + track(point(), point(1))).encode("latin-1"),
        (HEAD.replace("UTF-8", "no-such-code") + track(point(), point(1))).encode(),
        (HEAD.replace("UTF-8", "undefined") + track(point(), point(1))).encode(),
        (HEAD.replace("UTF-8", "idna") + track(point(), point(1))).encode(),
        track(point(), point(1)).encode() + b"\n\n",
        b"\n\n" + track(point(), point(1)).encode(),
    ],
    ids=["bom", "utf-16", "latin-1", "unknown", "undefined", "idna", "bare", "blank lines"],
)  # fmt: skip
def test_every_encoding_gives_the_same_points(encoded):
    """A byte order mark, two bytes a letter, a wrong declaration: the points are the same."""
    assert sniff(encoded) is FileKind.GPX
    assert decoded(encoded).message("trackpoint").height == 2


@pytest.mark.parametrize(
    "inside",
    [
        "<gpxtpx:Tpx><gpxtpx:hr>150</gpxtpx:hr><gpxtpx:cad>85</gpxtpx:cad></gpxtpx:Tpx>",
        "<ns3:Tpx><ns3:HR>150</ns3:HR><ns3:CAD>85</ns3:CAD></ns3:Tpx>",
        "<gpxdata:hr>150</gpxdata:hr><gpxdata:cadence>85</gpxdata:cadence>",
        "<HeartRate>150</HeartRate><RunCadence>85</RunCadence>",
    ],
)
def test_extensions_are_known_by_local_name(inside):
    """Heart rate and cadence are found in any namespace, declared or not, in any case."""
    points = decoded(track(point(0, extended(inside)), point(1))).message("trackpoint")
    assert points["hr"].to_list() == [150.0, None]
    assert points["cad"].to_list() == [85.0, None]


def test_a_prefix_used_in_attributes_only_may_be_undeclared():
    """A schema location without its namespace is no reason to refuse a run."""
    opening = OPEN.replace("<gpx ", '<gpx xsi:schemaLocation="a b" ')
    assert decoded(track(point(), opening=opening)).message("trackpoint").height == 1


@pytest.mark.parametrize("value", ["nan", "inf", "-", "", "1e999"])
def test_a_number_that_is_none_is_missing(value):
    """An extension without a finite number is no value, never 0."""
    frame = told(track(*(point(i, extended(f"<hr>{value}</hr>")) for i in range(3)))).frames[
        "sample"
    ]
    assert frame["heart_rate_bpm"].to_list() == [None] * 3


@pytest.mark.parametrize(("lat", "lon"), [(999, 8), (48, -181), (0, 0), ("nan", 8), ("inf", "inf")])
def test_an_impossible_place_is_no_place(lat, lon):
    """Positions outside the globe, and the empty 0/0, are missing; the instant stands."""
    frame = told(track(*(point(i, lat=lat, lon=lon) for i in range(3)))).frames["sample"]
    assert frame["latitude_deg"].to_list() == [None] * 3
    assert frame.height == 3


def test_points_without_a_time_are_left_out_and_counted():
    """A point that says no time is no instant; the file says how many there were."""
    bare = '<trkpt lat="48" lon="8"></trkpt>'
    recording = decoded(track(point(0), bare, point(2)))
    assert [p.what for p in recording.problems] == ["1 of 3 points have no time: left out"]
    assert told(track(point(0), bare, point(2))).frames["sample"].height == 2


def test_a_pause_between_segments_weighs_nothing():
    """A new segment begins after a pause: no second of it is run."""
    first = "".join(point(i, lat=48 + i * 3e-5) for i in range(10))
    second = "".join(point(100 + i, lat=48.01 + i * 3e-5) for i in range(10))
    segments = "".join(f"<trkseg>{part}</trkseg>" for part in (first, "", second))
    content = f"{OPEN}<trk><type>running</type>{segments}</trk></gpx>"
    frame = told(content).frames["sample"]
    assert frame["dt_s"].sum() == 18
    assert frame["segment"].to_list() == [0] * 10 + [1] * 10


@pytest.mark.parametrize(
    "content",
    [
        f"{OPEN}<wpt lat='1' lon='1'><name>home</name></wpt></gpx>",
        f"{OPEN}<trk><trkseg></trkseg></trk></gpx>",
        f"{OPEN}</gpx>",
        track('<trkpt lat="48" lon="8"></trkpt>'),
    ],
    ids=["waypoint", "empty segment", "nothing", "no times"],
)
def test_a_gpx_without_an_instant_is_unsupported(content):
    """Places and planned routes are sound files with nothing to measure, not damaged ones."""
    with pytest.raises(UnsupportedError, match="nothing to measure"):
        decoded(content)


@pytest.mark.parametrize(
    "content",
    [
        f'<!DOCTYPE gpx [<!ENTITY a "b">]>{track(point())}',
        f'<!DOCTYPE gpx SYSTEM "file:///etc/passwd">{track(point())}',
        f"{OPEN}{'<a>' * 100}{'</a>' * 100}</gpx>",
        track(point()).replace("</trkpt></trkseg></trk></gpx>", ""),
        track(point()).replace("07:00:00Z", "half past seven"),
        track(point(lat="north")),
        track('<trkpt lon="8"><time>2024-05-04T07:00:00Z</time></trkpt>'),
        track(point()).replace("2024-05-04T07:00:00Z", "0001-01-01T00:00:00+14:00"),
        "<html><gpx ></html>",
    ],
    ids=["entity", "external", "deep", "cut", "bad time", "bad place", "no lat", "year 1", "html"],
)
def test_hostile_and_broken_files_are_refused_in_words(content):
    """A DTD, endless nesting, a time that is none, a cut before any whole point: an error."""
    with pytest.raises(CarryoverError) as caught:
        told(content)
    assert caught.value.what


def test_a_cut_file_keeps_its_whole_points():
    """An export that ends too early costs the point it ends in, not the run, and says so."""
    whole = track(*(point(i) for i in range(9)))
    recording = decoded(whole[: whole.index("07:00:08Z")])
    assert recording.message("trackpoint").height == 8
    assert not recording.complete
    assert "cut off" in recording.problems[0].what
    assert recording.problems[0].remedy


def test_no_entity_is_ever_expanded():
    """A file cannot make the reader open another."""
    with pytest.raises(DecodeError, match="DTD"):
        decoded(
            f'<!DOCTYPE gpx [<!ENTITY x SYSTEM "file:///etc/hostname">]>{track(point(0, "&x;"))}'
        )


@given(data=st.data())
@settings(max_examples=200)
def test_a_damaged_gpx_never_crashes(data):
    """Characters changed, dropped or doubled anywhere: read or refused in words."""
    whole = HEAD + track(
        *(point(i, extended("<gpxtpx:hr>150</gpxtpx:hr>")) for i in range(3)),
        opening=OPEN.replace("<gpx ", f"<gpx {TPX} "),
    )
    text = list(whole)
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(text) - 1))
        text[place] = data.draw(
            st.sampled_from(["", "<", ">", "&", "\0", "9", '"', text[place] * 2])
        )
    with contextlib.suppress(CarryoverError):
        told("".join(text))


def test_a_name_in_another_alphabet_is_kept():
    """The letters of a Latin-1 file come out as they went in."""
    content = HEAD.replace("UTF-8", "ISO-8859-1") + track(point(), kind="Läufe")
    assert decoded(content.encode("latin-1")).message("track")["type"].to_list() == ["Läufe"]


@pytest.mark.parametrize("content", ["<html><body>log in</body></html>", "<kml></kml>", "nothing"])
def test_another_content_named_gpx_is_said_to_be_none(content):
    """A login page saved as a run is called what it is: no GPX."""
    raw = RawFile("run.GPX", "sha", sniff(content.encode()), content.encode())
    with pytest.raises(DecodeError, match="not a GPX file"):
        decode_file(raw)


@given(shift=st.integers(-12 * 60, 14 * 60))
def test_a_time_without_a_zone_is_utc_and_one_with_a_zone_is_the_same_instant(shift):
    """The schema says UTC; an offset in the file names the same instant another way."""
    zone = dt.timezone(dt.timedelta(minutes=shift))
    local = START.astimezone(zone).isoformat()
    naive = START.replace(tzinfo=None).isoformat()
    plain = track(point())
    for text in (local, naive):
        times = decoded(plain.replace("2024-05-04T07:00:00Z", text)).message("trackpoint")["time"]
        assert times.to_list() == [START]


@pytest.mark.parametrize("told_cadence", [85, 170])
def test_strava_writes_steps_and_garmin_strides(told_cadence):
    """Either way of counting gives the same cadence."""
    points = (
        point(i, extended(f"<cad>{told_cadence}</cad>"), lat=48 + i * 3e-5) for i in range(20)
    )
    assert told(track(*points)).frames["sample"]["cadence_spm"].to_list() == [170.0] * 20


@pytest.mark.parametrize(("kind", "sport"), [("9", "running"), ("Trail_Running", "running"),
                                             ("cycling", "cycling"), ("", "running")])  # fmt: skip
def test_the_sport_is_what_the_file_says_or_its_speed(kind, sport):
    """A named sport stands; without one, a runner's speed makes a run."""
    points = (point(i, lat=48 + i * 2.7e-5) for i in range(60))
    frame = told(track(*points, kind=kind)).frames["activity"]
    assert frame["sport"].to_list() == [sport]
