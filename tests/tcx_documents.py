"""Made TCX files for the tests: activities of laps of tracks of points, and ways to spoil them."""

from __future__ import annotations

import datetime as dt
import random

START = dt.datetime(2024, 5, 4, 7, 0, tzinfo=dt.UTC)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
OPEN = (
    '<TrainingCenterDatabase xmlns="http://www.garmin.com/xmlschemas/TrainingCenterDatabase/v2" '
    'xmlns:ns3="http://www.garmin.com/xmlschemas/ActivityExtension/v2">'
)
STEP_M = 3.0
DEGREE_M = 111_195.0


def when(second: float) -> str:
    return (START + dt.timedelta(seconds=second)).isoformat().replace("+00:00", "Z")


def extended(inside: str) -> str:
    return f"<Extensions><ns3:TPX>{inside}</ns3:TPX></Extensions>"


def point(second=0, inside="", *, time=None, place=True, far=True) -> str:
    """A point of a run at 3 m/s; `time` stands for the second's own."""
    lat = 48 + second * STEP_M / DEGREE_M
    position = (
        f"<Position><LatitudeDegrees>{lat:.8f}</LatitudeDegrees>"
        "<LongitudeDegrees>8.5</LongitudeDegrees></Position>"
    )
    distance = f"<DistanceMeters>{second * STEP_M}</DistanceMeters>"
    return (
        f"<Trackpoint><Time>{when(second) if time is None else time}</Time>"
        f"{position if place else ''}{distance if far else ''}{inside}</Trackpoint>\n"
    )


def track(*points: str) -> str:
    return f"<Track>{''.join(points)}</Track>"


def lap(*tracks: str, start=0, seconds=None, told="") -> str:
    total = "" if seconds is None else f"<TotalTimeSeconds>{seconds}</TotalTimeSeconds>"
    return f'<Lap StartTime="{when(start)}">{total}{told}{"".join(tracks)}</Lap>'


def creator(unit="3952083700", name="Forerunner 935") -> str:
    version = "<Version><VersionMajor>7</VersionMajor><VersionMinor>10</VersionMinor></Version>"
    return f"<Creator><Name>{name}</Name><UnitId>{unit}</UnitId>{version}</Creator>"


def activity(*laps: str, sport="Running", behind="") -> str:
    told = "" if sport is None else f' Sport="{sport}"'
    return f"<Activity{told}><Id>{when(0)}</Id>{''.join(laps)}{behind}</Activity>"


def database(*activities: str, opening=OPEN) -> str:
    inside = "".join(activities)
    return f"{HEAD}{opening}<Activities>{inside}</Activities></TrainingCenterDatabase>"


def of_points(*points: str, sport="Running", behind="") -> str:
    """One activity of one lap of one track."""
    return database(activity(lap(track(*points)), sport=sport, behind=behind))


def run(n=20, inside="", sport="Running", behind="") -> str:
    return of_points(*(point(i, inside) for i in range(n)), sport=sport, behind=behind)


TOKENS = (
    "<", ">", "&", "\0", '"', "</", "/>", "<!--", "-->", "<![CDATA[", "]]>", "&amp;", "&x;", "-1",
    "9999", "1e308", "nan", "inf", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "<Value>",
    "<Trackpoint>", "</Trackpoint>", "<Track>", "</Track>", "</Lap>", "<Activity>", "</Activity>",
    '<Lap StartTime="9999-12-31T23:59:59Z">', '<Activity Sport="Other">', "<Creator>", "<x:y>",
    "<?xml?>", "<!DOCTYPE a>", ' xmlns:a="b"', "99999999999999999999999",
)  # fmt: skip


def spoilt(content: bytes, chance: random.Random) -> bytes:
    """A content with some bytes changed, put in, taken out, doubled, or cut off."""
    held = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 3, 6, 12))):
        at = chance.randrange(len(held) + 1)
        way = chance.randrange(6)
        if way == 0 and at < len(held):
            held[at] = chance.randrange(256)
        elif way == 1:
            held[at:at] = chance.choice(TOKENS).encode()
        elif way == 2:
            del held[at : at + chance.randrange(1, 60)]
        elif way == 3:
            begin = held.find(b">", at)
            end = held.find(b"<", begin)
            if 0 <= begin < end:
                held[begin + 1 : end] = chance.choice(TOKENS).encode()
        elif way == 4:
            held[at:at] = held[at : at + chance.randrange(1, 900)]
        else:
            del held[max(at, len(held) // 2) :]
    return bytes(held)
