"""Three readers of GPX, one answer; and bad files never cost more than their bad part."""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from carryover.decode.gpx import decode_gpx
from carryover.decode.gpx.plain import read_plain
from carryover.decode.gpx.reference import read_with_gpxpy
from carryover.decode.gpx.stream import read_streamed
from carryover.decode.gpx.text import utf8
from carryover.decode.gpx.texts import instants as many_instants
from carryover.decode.gpx.texts import joined
from carryover.decode.gpx.texts import numbers as many_numbers
from carryover.decode.gpx.track import recording
from carryover.decode.gpx.words import instant_us, number
from carryover.errors import CarryoverError, DecodeError, UnsupportedError
from gpx_documents import NUMBERS, PLAIN, START, WILD, documents, encoded, instants

OPEN = '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1">'
NUMBER_LIKE = r"\A[+-]?[0-9]{0,20}\.?[0-9]{0,30}([eE][+-]?[0-9]{1,3})?\Z"
TIME_LIKE = r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}[0-9Z.+:-]{0,16}\Z"
HOSTILE_BYTES = 20_000_000
SECONDS_ALLOWED = 20


def streamed(content):
    return recording(read_streamed(utf8(content)))


def plain(content):
    tracks = read_plain(utf8(content))
    assert tracks is not None, "the quick reader has doubts about a plain file"
    return recording(tracks)


def outcome(read, content):
    """What a reader makes of a content: a recording, or the name of its error."""
    try:
        return read(content)
    except (DecodeError, UnsupportedError) as error:
        return type(error).__name__


def assert_same(one, other, *, problems=True):
    """Same frames to the bit, or the same refusal."""
    if isinstance(one, str) or isinstance(other, str):
        assert one == other
        return
    assert one.messages.keys() == other.messages.keys()
    for name, frame in one.messages.items():
        theirs = other.messages[name]
        if frame.schema != theirs.schema or not frame.equals(theirs):
            assert_frame_equal(frame, theirs, check_exact=True)
    if problems:
        assert (one.problems, one.complete) == (other.problems, other.complete)


def track(*points):
    return f"{OPEN}<trk><trkseg>{''.join(points)}</trkseg></trk></gpx>"


def point(second=0, inside="", place='lat="48.5" lon="8.5"'):
    return f"<trkpt {place}><time>2024-05-04T07:00:{second:02}Z</time>{inside}</trkpt>"


# --- one answer


def test_real_files_are_read_alike(corpus):
    """Every GPX of the corpus gives one frame, whichever reader has it."""
    files = sorted(corpus.rglob("*.gpx"))
    assert len(files) >= 7
    quick = 0
    for path in files:
        content = path.read_bytes()
        ours = outcome(streamed, content)
        assert_same(outcome(decode_gpx, content), ours)
        assert_same(outcome(read_with_gpxpy, content), ours, problems=False)
        quick += read_plain(utf8(content)) is not None
    assert quick >= 5


@given(documents(PLAIN))
@settings(max_examples=100)
def test_plain_files_are_read_quickly_and_alike(text):
    """No plain file is left to the slower reader, and both give the same."""
    content = text.encode()
    assert_same(outcome(plain, content), outcome(streamed, content))


@given(st.data())
@settings(max_examples=100)
def test_wild_files_are_read_alike_by_expat_and_gpxpy(data):
    """Comments, CDATA, entities, prefixes, encodings: gpxpy and we give the same frames."""
    content = data.draw(encoded(data.draw(documents(data.draw(st.sampled_from((PLAIN, WILD)))))))
    ours = outcome(streamed, content)
    assert_same(outcome(decode_gpx, content), ours)
    assert_same(outcome(read_with_gpxpy, content), ours, problems=False)


@given(st.lists(st.one_of(st.sampled_from(NUMBERS), st.floats().map(repr), st.text(max_size=8),
                          st.from_regex(NUMBER_LIKE))))  # fmt: skip
@settings(max_examples=100)
def test_many_numbers_are_each_python_s_own(texts):
    """Read at once or one by one, a number is the same to the bit, and so is a missing one."""
    values, found = many_numbers(joined(texts))
    each = [number(text) for text in texts]
    assert [repr(v) if f else None for v, f in zip(values.tolist(), found, strict=True)] == [
        None if one is None else repr(one) for one in each
    ]


@given(st.lists(st.one_of(instants(), st.datetimes().map(lambda d: d.isoformat()),
                          st.from_regex(TIME_LIKE),
                          st.text(max_size=25))))  # fmt: skip
@settings(max_examples=100)
def test_many_times_are_each_the_same_instant(texts):
    """Read at once or one by one, a time is the same microsecond, and so is one that is none."""
    values, found = many_instants(joined(texts))
    assert [v if f else None for v, f in zip(values.tolist(), found, strict=True)] == [
        instant_us(text) for text in texts
    ]


GPXPY_LACKS = {
    "time with blanks": (point(1).replace("2024", "\n 2024"), "takes a padded time for none"),
    "small letters": (point(1).replace("T07:00:01Z", "t07:00:01z"), "takes it for no time"),
    "sixteen decimals": (point(1).replace("01Z", f"01.{'5' * 16}Z"), "takes it for no time"),
    "bare values": (point(1, "<speed>3</speed>"), "drops values outside <extensions>"),
    "two extensions": (
        point(1, "<extensions/><extensions><hr>150</hr></extensions>"), "reads the first only"),
    "blank height": (point(1, "<ele> </ele>"), "refuses the file"),
    "height in words": (point(1, "<ele>high</ele>"), "refuses the file"),
    "place in words": (point(1, place='lat="north" lon="8"'), "refuses the file"),
    "place with a bar": (point(1, place='lat="4_8" lon="8"'), "reads Python's own 4_8 as 48"),
    "no place": (point(1, place='lon="8"'), "refuses the file"),
    "offset of days": (point(1).replace("01Z", "01+99:00"), "refuses the file"),
    "before year 1": (point(1).replace("2024-05-04T07:00:01Z", "0001-01-01T00:00:00+14:00"),
                      "refuses the file"),
    "unreadable first": (point(1).replace("<time>", "<time>?</time><time>"), "sees the first only"),
    "odd satellites": (point(1, "<sat>many</sat><fix>best</fix>"), "refuses the file"),
    "instruction": (point(1).replace("07:00", "07<?x y?>:00"), "reads up to it"),
    "DTD in a comment": (point(1, "<!-- <!DOCTYPE a> -->"), "is not asked: our check refuses"),
    "namespace again": (
        f"</trkseg></trk><trk xmlns='http://www.topografix.com/GPX/1/1'><trkseg>{point(1)}",
        "drops the track"),
}  # fmt: skip
"""Our reader's choice differs from gpxpy's: what a file holds → what gpxpy does with it."""


@pytest.mark.parametrize("what", GPXPY_LACKS)
def test_what_gpxpy_drops_or_refuses_is_read(what):
    """Each known difference is there, and costs our reader no other point."""
    inside, _ = GPXPY_LACKS[what]
    content = track(point(0), inside, point(2)).encode()
    ours, theirs = decode_gpx(content), outcome(read_with_gpxpy, content)
    assert ours.complete
    assert ours.message("trackpoint").height == 3
    assert ours.message("trackpoint")["time"].to_list()[::2] == [START, START.replace(second=2)]
    if not isinstance(theirs, str):
        assert not theirs.message("trackpoint").equals(ours.message("trackpoint"))


def test_a_prefixed_gpx_is_one():
    """`gpx:trkpt` is a track point where the root is `gpx:gpx`; gpxpy finds no track in it."""
    names = "gpx|trk|trkseg|trkpt|time|extensions"
    content = re.sub(rf"<(/?)({names})\b", r"<\1gpx:\2", track(point(0), point(1))).encode()
    assert decode_gpx(content).message("trackpoint").height == 2
    assert_same(outcome(plain, content), streamed(content))
    assert outcome(read_with_gpxpy, content) == "UnsupportedError"


def test_points_outside_a_segment_are_counted():
    """A point in no segment belongs to no track; it is left out and told, not lost silently."""
    stray = point(5)
    content = f"{OPEN}{stray}<trk>{stray}<trkseg>{point(0)}</trkseg></trk></gpx>".encode()
    ours = decode_gpx(content)
    assert ours.message("trackpoint").height == 1
    assert ours.problems[0].what.startswith("2 points stand outside")


def test_unreadable_values_are_told_without_being_shown():
    """What cannot be read is counted with its place, but never quoted: it may be a home."""
    content = track(point(0), point(1, place='lat="48,137" lon="8"')).encode()
    told = [problem.what for problem in decode_gpx(content).problems]
    assert told == ["1 of 2 points have no place",
                    "1 × lat cannot be read (first in point 2): missing"]  # fmt: skip


# --- damage

WHOLE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="ä">\n<trk><name>a &amp; b'
    "</name><type>running</type><trkseg>"
    + point(0, "<ele>7.5</ele><extensions><x:T><x:hr>150</x:hr></x:T></extensions>")
    + "\n" + point(1) + "</trkseg><trkseg/><trkseg>" + point(2, "<extensions><power>0</power>"
    "</extensions>") + "</trkseg></trk>\n</gpx>\n"
).encode()  # fmt: skip
COMMENTED = WHOLE.replace(b"<trk>", b"<!-- made --><trk>").replace(b">150<", b"><![CDATA[150]]><")


@pytest.mark.parametrize(
    ("whole", "encoding"),
    [(WHOLE, "utf-8"), (COMMENTED, "utf-8"), (WHOLE.decode().encode("utf-16"), "utf-16")],
    ids=["plain", "wild", "utf-16"],
)
def test_a_cut_at_any_byte_keeps_the_whole_points_before_it(whole, encoding):
    """What a cut file gives is the beginning of what the whole one gives."""
    full = decode_gpx(whole).message("trackpoint")
    kept = []
    for end in range(len(whole)):
        got = outcome(decode_gpx, whole[:end])
        if isinstance(got, str):
            kept.append(0)
            continue
        points = got.message("trackpoint")
        kept.append(points.height)
        columns = [c for c in full.columns if c in points.columns]
        assert_frame_equal(points, full.head(points.height).select(columns), check_exact=True)
        half_letter = "\ufffd" in whole[:end].decode(encoding, "replace")
        assert half_letter or got.complete == ("</gpx>" in whole[:end].decode(encoding))
    assert kept == sorted(kept)
    assert set(kept) == {0, 1, 2, 3}


PIECES = (
    b"<", b">", b"&", b'"', b"'", b"/", b"\0", b"\xff", b"]]>", b"<!--", b"<?", b"\xef\xbf\xbf",
    b" ", b"9", b"=", b"&lt;", b"&#48;", b":", b"-", b".", b"e5", b"",
)  # fmt: skip
TAGS = (
    b"<trk>", b"</trk>", b"<trkseg>", b"</trkseg>", b"<trkseg/>", b"<hr>1</hr>", b"x",
    b"<ele>3</ele>", b"<time/>", b"<trkpt/>", b'<trkpt lat="1" lon="2"/>', b"<extensions/>", b"",
    b'<trkpt lon="1" lat="2"><hr>3<hr>4</hr></hr></trkpt>', b"<name>late</name>", b"<wpt lat='1'/>",
    b'<trkpt a="1" lat="1" lon="2"/>', b"<trkpt lat='1' lon='2'/>",
    b"<trkpt lat='\"\"' lon='\"\"'/>", b"<a><ele>3</ele></a>",
)  # fmt: skip


def torn(rng):
    """A file with bytes changed, dropped, doubled or reversed."""
    text = bytearray(rng.choice((WHOLE, COMMENTED)))
    for _ in range(rng.randint(1, 3)):
        at, size = rng.randrange(len(text)), rng.choice((0, 1, 1, 1, 5, 40))
        again = bytes(text[at : at + size])
        text[at : at + size] = rng.choice([*PIECES, again * 2, again[::-1]])
    return bytes(text)


def rebuilt(rng):
    """A file with whole tags and texts changed, dropped, doubled or moved."""
    parts = re.split(rb"(<[^>]*>)", WHOLE)
    for _ in range(rng.randint(1, 2)):
        at = rng.randrange(len(parts))
        moved = parts.pop(at) if rng.random() < 0.4 else rng.choice((parts[at], *TAGS))
        parts.insert(rng.randrange(len(parts)), moved)
    return b"".join(parts)


@pytest.mark.parametrize("damaged", [torn, rebuilt])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_damaged_file_is_read_or_refused_in_words(damaged, seed):
    """Of 3,200 damaged files each is read or refused in words; quick and slow reader agree."""
    rng, quick = random.Random(seed), 0
    for _ in range(800):
        content = damaged(rng)
        slow = outcome(streamed, content)
        if (tracks := read_plain(utf8(content))) is not None:
            quick += 1
            assert_same(outcome(recording, tracks), slow)
    assert quick > (100 if damaged is rebuilt else 10)


HOSTILE = {
    "only brackets": lambda: b"<gpx " + b"<" * HOSTILE_BYTES,
    "bracket pairs": lambda: b"<gpx>" + b"<>" * (HOSTILE_BYTES // 2),
    "one long attribute": lambda: b'<gpx a="' + b"x" * HOSTILE_BYTES + b'"></gpx>',
    "one long tag": lambda: b"<gpx " + b"a" * HOSTILE_BYTES,
    "one long comment": lambda: b"<gpx><!--" + b"-x" * (HOSTILE_BYTES // 2),
    "only blanks": lambda: b"<?xml" + b" " * HOSTILE_BYTES + b"<gpx>",
    "only entities": lambda: b"<gpx>" + b"&amp;" * (HOSTILE_BYTES // 5),
    "nested": lambda: b"<gpx>" + b"<a>" * 100_000 + b"</a>" * 100_000 + b"</gpx>",
    "many attributes": lambda: b"<gpx " + b"".join(b'a%d="" ' % i for i in range(200_000)) + b">",
    "many names": lambda: b"<gpx>" + b"".join(b"<a%d/>" % i for i in range(200_000)) + b"</gpx>",
    "long number": lambda: track(point(0, f"<ele>{'1' * HOSTILE_BYTES}</ele>")).encode(),
    "long time": lambda: track(point(0), point(1).replace("01Z", "1" * HOSTILE_BYTES)).encode(),
    "many bad times": lambda: track(*[point(0).replace("2024", "MMXX")] * 100_000).encode(),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_no_file_takes_for_ever(what):
    """Time grows with the size, not with its square: 20 MB of anything end within seconds."""
    content = HOSTILE[what]()
    begun = time.process_time()
    outcome(decode_gpx, content)
    assert time.process_time() - begun < SECONDS_ALLOWED


MEMORY = """
import resource, sys
from carryover.decode.gpx import decode_gpx
from carryover.decode.gpx.stream import read_streamed
point = ('<trkpt lat="48.1234567" lon="8.1234567"><ele>37.6</ele><time>2024-05-04T07:00:00Z</time>'
    '<extensions><gpxtpx:TrackPointExtension><gpxtpx:hr>150</gpxtpx:hr><gpxtpx:cad>85</gpxtpx:cad>'
    '</gpxtpx:TrackPointExtension></extensions></trkpt>')
def run(n):
    return f"<gpx>{sys.argv[1]}<trk><trkseg>{point * n}</trkseg></trk></gpx>".encode()
decode_gpx(run(1000))
content = run(100_000)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
decode_gpx(content)
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print((after - before) * 1024 / len(content))
"""


@pytest.mark.parametrize(
    ("note", "most"), [("", 10), ("<!-- slow -->", 10)], ids=["plain", "streamed"]
)
def test_memory_is_a_small_multiple_of_the_file(note, most):
    """A 24 MB file takes less than ten times its size to read."""
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, note], capture_output=True, text=True, check=True
    )
    assert float(done.stdout) < most, done.stdout


def test_errors_name_the_place():
    """Whoever wrote a bad file learns what is wrong and where."""
    deep = f"{OPEN}\n{'<a>' * 100}"
    with pytest.raises(CarryoverError, match="line 2"):
        decode_gpx(deep.encode())
    with pytest.raises(DecodeError, match="no GPX"):
        decode_gpx(b"<html></html>")
