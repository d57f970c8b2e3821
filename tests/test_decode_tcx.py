"""TCX as watches and apps write it, and as nobody should: read in full or refused in words."""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carryover.decode import decode_file, sniff
from carryover.errors import CarryoverError, DecodeError, UnsupportedError
from carryover.normalise import normalise
from carryover.rawfile import FileKind, RawFile
from carryover.settings import Athlete
from tcx_documents import (
    HEAD,
    OPEN,
    START,
    activity,
    creator,
    database,
    extended,
    lap,
    of_points,
    point,
    run,
    spoilt,
    track,
    when,
)

MUTANTS = 150
LONG = 12_000_000


def decoded(content: str | bytes):
    whole = content if isinstance(content, bytes) else content.encode()
    return decode_file(RawFile("run.tcx", "sha", FileKind.TCX, whole))


def points(content: str | bytes):
    return decoded(content).message("trackpoint")


FULL = point(
    0,
    "<AltitudeMeters>308.5</AltitudeMeters><HeartRateBpm><Value>150</Value></HeartRateBpm>"
    "<Cadence>84</Cadence>"
    + extended(
        "<ns3:Speed>3.1</ns3:Speed><ns3:RunCadence>85</ns3:RunCadence><ns3:Watts>240</ns3:Watts>"
    ),
)


def test_every_value_of_a_point_is_read():
    """All that TCX can say of an instant reaches its own column, in the vendor's units."""
    row = points(of_points(FULL)).row(0, named=True)
    assert row == {
        "activity_index": 0, "lap_index": 0, "track_index": 0, "Time": START,
        "LatitudeDegrees": 48.0, "LongitudeDegrees": 8.5, "AltitudeMeters": 308.5,
        "DistanceMeters": 0.0, "HeartRateBpm": 150.0, "Cadence": 84.0, "RunCadence": 85.0,
        "Speed": 3.1, "Watts": 240.0,
    }  # fmt: skip


def test_laps_and_activities_are_read_beside_points():
    """Sums of a lap, the watch and the notes are their own, never a point's or an author's."""
    told = (
        "<DistanceMeters>800.5</DistanceMeters><Calories>53</Calories>"
        "<AverageHeartRateBpm><Value>132</Value></AverageHeartRateBpm>"
        "<TriggerMethod>Distance</TriggerMethod>"
    )
    behind = (
        "<Extensions><ns3:LX><ns3:AvgSpeed>2.9</ns3:AvgSpeed>"
        "<ns3:AvgRunCadence>88</ns3:AvgRunCadence></ns3:LX></Extensions>"
    )
    content = database(
        activity(
            lap(track(point(0)), behind, start=0, seconds=263.5, told=told),
            lap(track(point(9)), start=9),
            behind="<Notes>windy &amp; wet</Notes>"
            "<Training><Plan><Name>10 km</Name></Plan></Training>" + creator(),
        )
    ).replace("</Activities>", "</Activities><Author><Name>Connect</Name></Author>")
    recording = decoded(content)
    first, second = recording.message("lap").rows(named=True)
    assert first == {
        "activity_index": 0, "lap_index": 0, "StartTime": START, "TriggerMethod": "Distance",
        "Intensity": None, "TotalTimeSeconds": 263.5, "DistanceMeters": 800.5, "Calories": 53.0,
        "AverageHeartRateBpm": 132.0, "AvgSpeed": 2.9, "AvgRunCadence": 88.0,
    }  # fmt: skip
    assert (second["lap_index"], second["TotalTimeSeconds"], second["AvgSpeed"]) == (1, None, None)
    (held,) = recording.message("activity").rows(named=True)
    assert held["Sport"] == "Running"
    assert held["Notes"] == "windy & wet"
    assert (held["Name"], held["UnitId"], held["VersionMajor"]) == (
        "Forerunner 935", "3952083700", "7"
    )  # fmt: skip
    assert recording.complete
    assert recording.problems == []


@pytest.mark.parametrize(
    "inside",
    [
        "<ns3:TPX><ns3:RunCadence>85</ns3:RunCadence><ns3:Speed>3</ns3:Speed></ns3:TPX>",
        '<TPX xmlns="urn:x"><RunCadence>85</RunCadence><Speed>3</Speed></TPX>',
        '<x:TPX xmlns:x="urn:x"><x:RunCadence>85</x:RunCadence><x:Speed>3</x:Speed></x:TPX>',
        "<no:TPX><no:RunCadence>85</no:RunCadence><no:Speed>3</no:Speed></no:TPX>",
        "<tpx><runcadence>85</runcadence><SPEED> 3 </SPEED></tpx>",
        "<a:b c='d'><RunCadence><Value>85</Value></RunCadence></a:b><Speed>3</Speed>",
        "<Speed>3<!-- m/s --></Speed><RunCadence> <![CDATA[85]]> </RunCadence>",
        "<RunCadence>85</RunCadence></Extensions><Extensions><Speed>3</Speed>",
    ],
)
def test_extensions_are_known_by_local_name(inside):
    """Whatever prefix, namespace, case or wrapping an app chose, the values are found."""
    frame = points(of_points(point(0, f"<Extensions>{inside}</Extensions>"), point(1)))
    assert frame["RunCadence"].to_list() == [85.0, None]
    assert frame["Speed"].to_list() == [3.0, None]


def test_prefixes_and_case_of_the_structure_do_not_matter():
    """A document with a prefix on every tag, or in small letters, gives the same frames."""
    plain = run(3, "<HeartRateBpm><Value>150</Value></HeartRateBpm>", behind=creator())
    prefixed = re.sub(r"<(/?)(?=[A-Z])", r"<\1tcx:", plain)
    small = re.sub(r"</?[\w:]+", lambda tag: tag.group().lower(), plain)
    expected = decoded(plain).messages
    assert expected["trackpoint"].height == 3
    assert sniff(prefixed.encode()) is FileKind.TCX
    for other in (prefixed, small):
        told = decoded(other).messages
        assert all(told[name].equals(frame) for name, frame in expected.items())


def test_a_heart_rate_without_a_value_tag_counts():
    """Some apps write the number into the tag itself."""
    bare = "<HeartRateBpm> 150 </HeartRateBpm>"
    assert points(of_points(point(0, bare)))["HeartRateBpm"].to_list() == [150.0]


@pytest.mark.parametrize("before", ["", "<HeartRateBpm/>", "<HeartRateBpm> </HeartRateBpm>"])
def test_a_value_belongs_to_the_tag_around_it(before):
    """A strange tag's number is nobody's heart rate, whatever stood before it."""
    inside = f"{before}<Oxygen><Value>97</Value></Oxygen><Value>7</Value>"
    told = points(
        of_points(point(0, inside), point(1, "<HeartRateBpm><Value>150</Value></HeartRateBpm>"))
    )
    assert told["HeartRateBpm"].to_list() == [None, 150.0]
    assert "97" not in str(told.rows())


def test_of_each_name_the_first_readable_value_stands():
    """A dash before a number, or a second number, changes nothing."""
    inside = "<Cadence>-</Cadence><Cadence>84</Cadence><Cadence>99</Cadence>"
    assert points(of_points(point(0, inside)))["Cadence"].to_list() == [84.0]


@pytest.mark.parametrize(
    "encoded",
    [
        run(2).encode("utf-8-sig"),
        run(2).replace("UTF-8", "UTF-16").encode("utf-16"),
        run(2).replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        run(2).replace("UTF-8", "no-such-code").encode(),
        run(2).removeprefix(HEAD).encode() + b"\n\n",
        b"          " + run(2).encode(),
        b"\n\n" + run(2).encode(),
    ],
    ids=["bom", "utf-16", "latin-1", "unknown", "bare", "blanks", "blank lines"],
)
def test_every_encoding_gives_the_same_points(encoded):
    """Blanks before the head (Strava), a byte order mark, two bytes a letter: the same points."""
    assert sniff(encoded) is FileKind.TCX
    assert points(encoded).equals(points(run(2)))


@pytest.mark.parametrize(
    ("text", "expected", "offset_s"),
    [
        ("2024-05-04T07:00:00Z", START, None),
        ("2024-05-04T07:00:00.500Z", START + dt.timedelta(milliseconds=500), None),
        ("2024-05-04T07:00:00", START, None),
        ("2024-05-04T09:00:00.000+02:00", START, 7200.0),
        ("2024-05-04T03:30:00-0330", START, -12600.0),
        (" 2024-05-04T07:00:00+00:00\n", START, 0.0),
    ],
)
def test_times_are_instants_and_their_offset_is_kept(text, expected, offset_s):
    """With Z, an offset, decimals or nothing the instant is right; only an offset is told."""
    recording = decoded(of_points(point(time=text)))
    assert recording.message("trackpoint")["Time"].to_list() == [expected]
    assert recording.message("activity")["utc_offset_s"].to_list() == [offset_s]


def test_activities_laps_and_tracks_are_counted_each_in_its_own():
    """Several activities of several laps of several tracks: each point knows its three places."""
    content = database(
        activity(lap(track(point(0)), track(), track(point(1), point(2))), lap(track(point(3)))),
        activity(lap(), lap(track(point(4))), sport="Biking"),
    )
    recording = decoded(content)
    keys = recording.message("trackpoint").select("activity_index", "lap_index", "track_index")
    assert keys.rows() == [(0, 0, 0), (0, 0, 2), (0, 0, 2), (0, 1, 0), (1, 1, 0)]
    assert recording.message("activity")["Sport"].to_list() == ["Running", "Biking"]
    assert recording.message("lap").select("activity_index", "lap_index").rows() == [
        (0, 0), (0, 1), (1, 0), (1, 1)
    ]  # fmt: skip


def test_a_multisport_session_is_its_activities():
    """Swim, ride and run in one session are three; what lies between them is counted, not kept."""
    between = f"<Transition>{track(point(50))}</Transition>"
    content = database(
        f"<MultiSportSession><Id>{when(0)}</Id>"
        f"<FirstSport>{activity(lap(track(point(0))), sport='Other')}</FirstSport>"
        f"<NextSport>{between}{activity(lap(track(point(60))), sport='Biking')}</NextSport>"
        f"<NextSport>{activity(lap(track(point(90))))}</NextSport></MultiSportSession>"
    )
    recording = decoded(content)
    assert recording.message("activity")["Sport"].to_list() == ["Other", "Biking", "Running"]
    assert recording.message("trackpoint").height == 3
    assert [p.what for p in recording.problems] == [
        "1 points stand outside an activity's laps: left out"
    ]


def test_points_without_a_time_or_place_stand_and_the_former_are_counted():
    """A treadmill has no places; an instant without a time is none, and the file says how many."""
    content = of_points(point(0, place=False), "<Trackpoint/>", point(2), point(3, time="noon"))
    recording = decoded(content)
    assert recording.message("trackpoint")["LatitudeDegrees"].null_count() == 2
    assert [p.what for p in recording.problems] == [
        "2 of 4 points have no time: left out",
        "1 × Time cannot be read (first in point 4): missing",
    ]


@given(cut=st.integers(0, 10_000), blank=st.integers(0, 3))
@settings(max_examples=60)
def test_a_cut_file_keeps_its_whole_points_and_names_the_line(cut, blank):
    """Cut anywhere behind its first point, a file gives the points before the cut, no other."""
    whole = "\n" * blank + run(9, "<HeartRateBpm><Value>150</Value></HeartRateBpm>")
    first = whole.index("</Trackpoint>") + len("</Trackpoint>")
    last = whole.rindex("</TrainingCenterDatabase>") - 1
    held = whole[: first + cut % (last - first)]
    recording = decoded(held)
    expected = points(whole).head(held.count("</Trackpoint>"))
    assert recording.message("trackpoint").equals(expected)
    assert not recording.complete
    assert "cut off" in recording.problems[0].what
    lines = held.count("\n") + 1
    # An unfinished tag is seen where it begins, which may be the line before.
    assert int(re.search(r" in line (\d+);", recording.problems[0].what)[1]) in {lines - 1, lines}
    assert recording.problems[0].remedy


def test_a_damaged_file_keeps_its_whole_points_before_the_damage():
    """Nonsense in the middle costs what stands behind it, and the line is named."""
    content = of_points(*(point(i) for i in range(4)), "</oops>\n", *(point(i) for i in (5, 6)))
    recording = decoded(content)
    assert recording.message("trackpoint").height == 4
    assert not recording.complete
    line = content[: content.index("</oops>")].count("\n") + 1
    assert re.search(rf"damaged: .* in line {line};", recording.problems[0].what)


def test_a_summary_without_points_is_read():
    """A lap that says when it began and how long it took is something to keep."""
    recording = decoded(database(activity(lap(seconds=1800))))
    assert recording.message("trackpoint").height == 0
    assert recording.message("lap")["TotalTimeSeconds"].to_list() == [1800.0]


COURSE = f"<Courses><Course><Name>loop</Name>{track(point(0), point(1))}</Course></Courses>"
WORKOUT = '<Workouts><Workout Sport="Running"><Name>6 × 800</Name></Workout></Workouts>'


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        (COURSE, "a planned course"),
        (WORKOUT, "a planned workout"),
        (COURSE + WORKOUT, "a planned course and a planned workout"),
        ("<Activities></Activities>", "holds no activity"),
        (f"<History><Running>{lap(track(point(0)))}</Running></History>", "holds no activity"),
        (f"<Activities>{activity(lap(track('<Trackpoint/>')))}</Activities>", "holds no time"),
        (f"<Activities>{activity()}</Activities>", "holds no time"),
    ],
    ids=["course", "workout", "both", "empty", "2006", "no times", "no laps"],
)
def test_a_tcx_without_anything_recorded_is_unsupported(inside, words):
    """Plans and empty shells are sound files with nothing for us, and are called what they are."""
    with pytest.raises(UnsupportedError, match=words):
        decoded(f"{OPEN}{inside}</TrainingCenterDatabase>")


BOMB = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10 if i else "ha"}">' for i in range(10))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (f"<!DOCTYPE a [{BOMB}]>{run(2)}".replace(HEAD, ""), "DTD"),
        (f'<!DOCTYPE a SYSTEM "file:///etc/passwd">{run(2)}'.replace(HEAD, ""), "DTD"),
        (of_points(point(0), "<a>" * 60 + "</a>" * 60), "deeper than 64"),
        (of_points(point(0), "<a>" * 100_000), "deeper than 64"),
        (f"<gpx>{run(2)}</gpx>".replace(HEAD, ""), "no TCX"),
        (f"<a:gpx>{run(2)}</a:gpx>".replace(HEAD, ""), "root <gpx>"),
        (f"{OPEN}<Activities><Activity>", "before its first timed point"),
        (run(2)[:420] + "<<<", "in line 2, before its first timed point"),
        ("TrainingCenterDatabase", "before its first timed point"),
        (" \n", "before its first timed point"),
    ],
    ids=["bomb", "external", "deep", "deeper", "gpx", "prefix", "cut", "damaged", "text", "blank"],
)
def test_hostile_and_broken_files_are_refused_in_words(content, words):
    """A DTD, endless nesting, another format, a cut before any whole point: a DecodeError."""
    with pytest.raises(DecodeError, match=words):
        decoded(content)


def test_tags_as_deep_as_allowed_are_read():
    """Sixty-four tags within each other are read; the root is the first."""
    content = of_points(point(0), "<a>" * 59 + "</a>" * 59)
    assert points(content).height == 1


@pytest.mark.parametrize("opening", ['<a b="', "<!--", "<![CDATA[", "<?x ", "<"])
def test_a_tag_without_an_end_costs_no_more_than_what_follows(opening):
    """Megabytes inside one tag do not lose the points before it."""
    recording = decoded(of_points(point(0)).replace("</Track>", opening + "x" * LONG))
    assert recording.message("trackpoint").height == 1
    assert not recording.complete


@pytest.mark.parametrize("content", ["<html><body>log in</body></html>", "<kml></kml>", "nothing"])
def test_another_content_named_tcx_is_said_to_be_none(content):
    """A login page saved as a run is called what it is: no TCX."""
    raw = RawFile("run.TCX", "sha", sniff(content.encode()), content.encode())
    with pytest.raises(DecodeError, match="not a TCX file"):
        decode_file(raw)


def read(content: bytes) -> None:
    """Read a content to its end; what carryover refuses, it may."""
    with contextlib.suppress(CarryoverError):
        recording = decoded(content)
        normalise(FileKind.TCX, recording.messages, Athlete(), "sha")


@given(seed=st.integers(0, 2**32))
@settings(max_examples=MUTANTS)
def test_a_spoilt_tcx_never_crashes(seed):
    """Bytes changed, dropped, doubled or cut off anywhere: read or refused in words."""
    chance = random.Random(seed)
    sport = chance.choice(("Running", "Other", "Biking"))
    whole = run(6, "<HeartRateBpm><Value>150</Value></HeartRateBpm>", sport, creator())
    read(spoilt(whole.encode(chance.choice(("utf-8", "utf-8", "utf-16"))), chance))


def test_real_files_spoilt_never_crash(corpus):
    """Mutants of every TCX of the corpus: read or refused in words."""
    files = sorted(corpus.rglob("*.tcx"))
    assert len(files) >= 3
    chance = random.Random(7)
    for path in files:
        whole = path.read_bytes()
        for _ in range(MUTANTS // len(files)):
            begin = chance.randrange(len(whole))
            read(spoilt(whole[:8000] + whole[begin : begin + 8000] + whole[-2500:], chance))
