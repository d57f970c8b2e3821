"""Made GPX files for the tests: whatever apps were seen to write, and some that they may."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from hypothesis import strategies as st

START = dt.datetime(2024, 5, 4, 7, 0, tzinfo=dt.UTC)
NUMBERS = (
    "48", "48.1234567", "-8.25", "+1.5", "-0.0", "0", "007.50", ".5", "7.", "1e1", "4.8E+01",
    "48.03811557777225971221923828125", "0.1", "123456789012345678", " 48.5 ", "\n9.75\t", "NaN",
)  # fmt: skip
"""What gpxpy and we read as the same number."""
NO_NUMBERS = ("-", "", "n/a", "12,5", "1 2", "0x10", "--1", "½")
ZONES = ("Z", "Z", "Z", "", "+01:00", "-0330", "+05", "−02:00", "+00:00", "-12:59")
NO_TIMES = ("", "yesterday", "2024-02-30T07:00:00Z", "2024-05-04", "2024-05-04T24:00:01Z",
            "2024-05-04T07:00:60Z", "0000-05-04T07:00:00Z", "2024-13-04T07:00:00Z",
            "2024-05-04T07:00:00+1:00", "2024-05-04T07:00:00.Z")  # fmt: skip
TAGS = (
    "gpxtpx:hr", "ns3:HR", "hr", "HeartRate", "gpxtpx:cad", "RunCadence", "gpxdata:cadence",
    "gpxtpx:atemp", "Temp", "power", "pwr:PowerInWatts", "speed", "gpxtpx:speed", "distance",
    "bearing", "x:note",
)  # fmt: skip
PREFIXES = ("gpxtpx", "ns3", "gpxdata", "pwr", "x")


@dataclass(frozen=True)
class Style:
    """How one app writes."""

    comments: bool = False
    cdata: bool = False
    entities: bool = False
    blanks: tuple[str, ...] = ("", "\n", "\n    ", "\r\n\t")
    quotes: tuple[str, ...] = ('"',)


PLAIN = Style()
WILD = Style(comments=True, cdata=True, entities=True, quotes=('"', "'"))


@st.composite
def instants(draw, second=None):
    """One time as apps write it; some that are none."""
    if draw(st.integers(0, 9)) == 0:
        return draw(st.sampled_from(NO_TIMES))
    when = START + dt.timedelta(seconds=draw(st.integers(0, 10**8)))
    decimals = draw(st.text("0123456789", max_size=9))
    zone = draw(st.sampled_from(ZONES))
    if draw(st.integers(0, 9)) == 0:
        return f"{when.year}-{when.month}-{when.day} {when:%H:%M:%S}{zone}"
    return f"{when:%Y-%m-%dT%H:%M:%S}{'.' + decimals if decimals else ''}{zone}"


@st.composite
def texts(draw, text, style):
    """A value as XML may write it."""
    if style.cdata and draw(st.integers(0, 5)) == 0 and text:
        return f"<![CDATA[{text}]]>"
    if style.entities and draw(st.integers(0, 5)) == 0 and text:
        return f"&#{ord(text[0])};{text[1:]}"
    if style.comments and draw(st.integers(0, 5)) == 0:
        return f"<!-- {draw(st.sampled_from(('7', '<hr>1</hr>')))} -->{text}"
    return text


@st.composite
def elements(draw, name, text, style):
    """One tag with a value: whole, with attributes, or closed in itself where it is empty."""
    told = draw(texts(text, style))
    attribute = draw(st.sampled_from(("", "", "", " unit='m'", ' a="1"\n b="2"')))
    if not told and draw(st.booleans()):
        return f"<{name}{attribute}/>"
    return f"<{name}{attribute}>{told}</{name}{draw(st.sampled_from(('', ' ')))}>"


@st.composite
def extensions(draw, style):
    """What stands in <extensions>: flat, wrapped, and values in values."""
    parts = []
    for _ in range(draw(st.integers(0, 4))):
        name = draw(st.sampled_from(TAGS))
        text = draw(st.sampled_from(NUMBERS + NO_NUMBERS))
        part = draw(elements(name, text, style))
        if part.endswith(f"</{name}>") and draw(st.integers(0, 9)) == 0:
            part = part.replace(f"</{name}>", f"<hr>77</hr>9</{name}>")
        parts.append(draw(st.sampled_from(style.blanks)) + part)
    inside = "".join(parts)
    wrapped = draw(st.sampled_from(("", "gpxtpx:TrackPointExtension", "ns3:Tpx")))
    return f"<{wrapped}>{inside}</{wrapped}>" if wrapped else inside


@st.composite
def points(draw, style):
    """One track point."""
    quote = draw(st.sampled_from(style.quotes))
    place = [(name, draw(st.sampled_from(NUMBERS))) for name in ("lat", "lon")]
    if draw(st.booleans()):
        place.reverse()
    blank = draw(st.sampled_from((" ", " ", "\n ", "  ")))
    head = "".join(f"{blank}{name}={quote}{value}{quote}" for name, value in place)
    if draw(st.integers(0, 9)) == 0:
        return f"<trkpt{head}{draw(st.sampled_from(('', ' ')))}/>"
    parts = []
    if draw(st.booleans()):
        height = draw(st.sampled_from(("", *NUMBERS)))
        parts.append(draw(elements("ele", height, style)))
    if draw(st.integers(0, 9)):
        parts.append(draw(elements("time", draw(instants()), style)))
    if draw(st.booleans()):
        parts.append("<sat>7</sat>")
    if draw(st.booleans()):
        parts.append(f"<extensions>{draw(extensions(style))}</extensions>")
    if draw(st.booleans()):
        parts.reverse()
    blank = draw(st.sampled_from(style.blanks))
    return f"<trkpt{head}>{blank}{blank.join(parts)}{blank}</trkpt>"


@st.composite
def documents(draw, style):
    """A whole GPX text with waypoints, a route, and tracks of segments of points."""
    blank = draw(st.sampled_from(style.blanks))
    note = "<!-- a > b -->" if style.comments else ""
    parts = ["<metadata><name>all</name><time>2024-05-04T07:00:00Z</time></metadata>"]
    if draw(st.booleans()):
        parts.append('<wpt lat="1" lon="2"><ele>3</ele><name>home</name><type>Flag</type></wpt>')
    if draw(st.booleans()):
        parts.append('<rte><rtept lat="1" lon="2"><ele>3</ele></rtept></rte>')
    for _ in range(draw(st.integers(1, 3))):
        inside = []
        if draw(st.booleans()):
            name = draw(st.sampled_from(("", "Läufe", "Tom &amp; &lt;Ann&gt;", " two\r\nlines ")))
            inside.append(draw(elements("name", name, Style())))
        if draw(st.booleans()):
            inside.append(
                draw(elements("type", draw(st.sampled_from(("running", "9", ""))), style))
            )
        if draw(st.booleans()):
            inside.append("<extensions><Distance>9</Distance><time>x</time></extensions>")
        for _ in range(draw(st.integers(0, 3))):
            held = draw(st.lists(points(style), max_size=4))
            empty = draw(st.sampled_from(("<trkseg/>", "<trkseg> </trkseg>")))
            full = f"<trkseg>{blank}{note}{blank.join(held)}</trkseg>"
            inside.append(full if held else empty)
        parts.append(f"<trk>{blank}{blank.join(inside)}</trk>")
    return f"{draw(openings())}{blank}{note}{blank.join(parts)}{blank}</gpx>{blank}"


@st.composite
def openings(draw):
    """The root: with or without version, namespaces and their prefixes."""
    version = draw(st.sampled_from((' version="1.1"', ' version="1.0"', "")))
    spaces = [' xmlns="http://www.topografix.com/GPX/1/1"'] if draw(st.booleans()) else []
    declared = draw(st.lists(st.sampled_from(PREFIXES), unique=True))
    spaces += [f' xmlns:{p}="urn:{p}"' for p in declared]
    schema = draw(st.sampled_from(("", ' xsi:schemaLocation="a b"')))
    return f'<gpx creator="t"{version}{"".join(draw(st.permutations(spaces)))}{schema}>'


@st.composite
def encoded(draw, text):
    """The text in one of the ways in which files are saved."""
    declared = draw(st.sampled_from(("", "UTF-8", "utf-16", "ISO-8859-1", "no-such-code")))
    head = f'<?xml version="1.0" encoding="{declared}"?>\n' if declared else ""
    whole = draw(st.sampled_from(("", "\n "))) + head + text
    return whole.encode(draw(st.sampled_from(("utf-8", "utf-8", "utf-8-sig", "utf-16"))))
